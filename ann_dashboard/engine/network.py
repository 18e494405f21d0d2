"""Network: layer widths and activations, and all names that follow from them.

Every node, connection, parameter and column. Nothing is trained here.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ann_dashboard import notation
from ann_dashboard.checks import choice, instance, told, whole
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.words import counted

MOST_PARAMETERS = 250_000
"""Weights and biases of a network at most: every one has a name, and a column of the history."""


@dataclass(frozen=True)
class Network:
    """A fully connected feed-forward network.

    ``widths``: nodes a layer from input to output, at least two layers, e.g. (3, 2, 1).
    ``hidden``: the activation of the hidden layers, one name for all or one name a layer. ``output``: that of
    the output layer. Nodes have one number each, counted through the network: I1 I2 I3 H4 H5 O6.
    Raises TypeError or ValueError for widths or names that make no network, and for one of more than
    ``MOST_PARAMETERS``.
    """

    widths: tuple[int, ...]
    hidden: str | tuple[str, ...] = "sigmoid"
    output: str = "identity"

    def __post_init__(self) -> None:
        try:
            widths = tuple(self.widths)
        except TypeError:
            raise TypeError(
                f"widths is {told(self.widths)}, not a sequence: give the nodes of each layer, e.g. (3, 2, 1)"
            ) from None
        if len(widths) < 2:
            raise ValueError(
                f"widths is {told(widths)}: a network has an input and an output layer at least, e.g. (3, "
                "2, 1)"
            )
        widths = tuple(
            whole(f"width of layer {layer}", width, least=1) for layer, width in enumerate(widths, start=1)
        )
        count = sum(width * (before + 1) for before, width in pairwise(widths))
        if count > MOST_PARAMETERS:
            raise ValueError(
                f"widths is {told(widths)}, a network of {told(count)} parameters: give layers that make "
                f"{MOST_PARAMETERS} at most"
            )
        object.__setattr__(self, "widths", widths)
        hidden_layers = len(widths) - 2
        try:
            names = (self.hidden,) * hidden_layers if isinstance(self.hidden, str) else tuple(self.hidden)
        except TypeError:
            raise TypeError(
                f"hidden is {told(self.hidden)}, not a name: give one of {', '.join(ACTIVATIONS)}, or one "
                "a hidden layer"
            ) from None
        if len(names) != hidden_layers:
            layers = f"{hidden_layers} hidden layer{'s' if hidden_layers != 1 else ''}"
            raise ValueError(
                f"hidden has {len(names)} activations {told(names)} but the network {told(widths)} has "
                f"{layers}: give one name, or one a hidden layer"
            )
        for name in (self.hidden,) if isinstance(self.hidden, str) else names:
            choice("hidden activation", name, ACTIVATIONS)
            if ACTIVATIONS[name].couples:
                raise ValueError(
                    f"hidden activation is {name!r}, which couples the nodes of an output layer: give it "
                    "as output, or another one here"
                )
        choice("output activation", self.output, ACTIVATIONS)
        if ACTIVATIONS[self.output].couples and widths[-1] == 1:
            cure = "give an output for each class, or sigmoid for the probability of one"
            raise ValueError(f"output activation is {self.output!r} on 1 output, which is always 1: {cure}")
        object.__setattr__(
            self, "hidden", names[0] if len(set(names)) == 1 else names
        )  # so that networks that are the same are equal

    @cached_property
    def layer_activations(self) -> tuple[str, ...]:
        """Activation name of every layer after the input layer."""
        hidden = (self.hidden,) * (len(self.widths) - 2) if isinstance(self.hidden, str) else self.hidden
        return (*hidden, self.output)

    @cached_property
    def layers(self) -> tuple[tuple[str, ...], ...]:
        """Node names layer by layer: (("I1", "I2", "I3"), ("H4", "H5"), ("O6",))."""
        letters = "I" + "H" * (len(self.widths) - 2) + "O"
        layers, number = [], 1
        for letter, width in zip(letters, self.widths, strict=True):
            layers.append(tuple(f"{letter}{n}" for n in range(number, number + width)))
            number += width
        return tuple(layers)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Node names in the order of their numbers."""
        return tuple(node for layer in self.layers for node in layer)

    @cached_property
    def connections(self) -> tuple[tuple[int, int], ...]:
        """Node numbers (from, to) of every connection.

        All connections into the first hidden node, then into the next, to the last output node.
        """
        return tuple(
            (int(source[1:]), int(target[1:]))
            for sources, targets in zip(self.layers, self.layers[1:], strict=False)
            for target in targets
            for source in sources
        )

    @cached_property
    def weights(self) -> tuple[str, ...]:
        """Weight symbols in the order of the connections."""
        return tuple(notation.weight(i, j) for i, j in self.connections)

    @cached_property
    def biases(self) -> tuple[str, ...]:
        """Bias symbols; input nodes have none."""
        return tuple(notation.bias(number) for number in range(self.widths[0] + 1, len(self.nodes) + 1))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """All weights, then all biases: the order in which the start is drawn."""
        return self.weights + self.biases

    @property
    def weight_count(self) -> int:
        """Number of weights, Σ l_i l_{i-1}."""
        return len(self.weights)

    @property
    def bias_count(self) -> int:
        """Number of biases, one for each hidden and output node."""
        return len(self.biases)

    @property
    def parameter_count(self) -> int:
        """|θ| = Σ l_i (l_{i-1} + 1). Source: lecture deck, number of model parameters."""
        return self.weight_count + self.bias_count

    @cached_property
    def truths(self) -> tuple[str, ...]:
        """Symbols of the true responses, one for each output node."""
        return tuple(notation.truth(k) for k in range(1, self.widths[-1] + 1))

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """Pre- and post-activation of every node: I1in I1 ... O6in O6."""
        return tuple(symbol for node in self.nodes for symbol in (notation.pre_activation(node), node))

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Symbols of the terms λ_ij · signal of i of the weighted sums.

        In the order of the connections; they are not columns of the history.
        """
        return tuple(notation.term(self.nodes[i - 1], j) for i, j in self.connections)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of a history of this network, in their order."""
        values = (*self.signals, *self.truths, notation.LOSS, *self.parameters)
        differentiated = (*self.signals, *self.parameters)
        return (*values, *(notation.derivative(symbol) for symbol in differentiated), notation.ETA)

    def check_fits(self, data: Dataset) -> None:
        """Raise ValueError where predictors or responses do not match the inputs or outputs."""
        instance("data", data, Dataset)
        for name, width, layer, end in (
            ("x", data.x.shape[1], self.layers[0], "input"),
            ("y", data.y.shape[1], self.layers[-1], "output"),
        ):
            if width != len(layer):
                widths = list(self.widths)
                widths[0 if end == "input" else -1] = width
                ends = f"{counted(len(layer), end)} ({', '.join(layer)})"
                values = counted(len(layer), "value")
                cure = f"give the network {'-'.join(map(str, widths))}, or {values} a sample"
                raise ValueError(
                    f"{name} has {counted(width, 'value')} a sample but the network has {ends}: {cure}"
                )
