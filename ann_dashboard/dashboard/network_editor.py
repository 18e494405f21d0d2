"""NetworkEditor: hidden layers, their nodes and activations, and the activation of the output layer."""

import ipywidgets as widgets

from ann_dashboard.dashboard.controls import describe, labelled, show
from ann_dashboard.dashboard.editor import Editor
from ann_dashboard.dashboard.number_box import WholeBox
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.network import Network
from ann_dashboard.state import MOST_HIDDEN_LAYERS, MOST_NODES

ADDED_NODES = 2
PLACE = " (Settings, Network)"


class NetworkEditor(Editor):
    """What of a network can be chosen; the numbers of inputs and outputs are those of the data."""

    def __init__(self) -> None:
        self.layers = labelled(
            widgets.Dropdown,
            "Hidden layers",
            "Number of hidden layers",
            180,
            options=list(range(MOST_HIDDEN_LAYERS + 1)),
            value=1,
        )
        hidden = [name for name, activation in ACTIVATIONS.items() if not activation.couples]
        places = range(1, MOST_HIDDEN_LAYERS + 1)
        self.widths = [
            WholeBox(
                f"Layer {n}: nodes",
                f"Nodes of hidden layer {n}, 1 to {MOST_NODES}",
                170,
                value=ADDED_NODES,
                thing=f"Layer {n}: nodes{PLACE}",
            )
            for n in places
        ]
        self.activations = [
            labelled(
                widgets.Dropdown,
                f"Layer {n}: activation",
                f"Activation of hidden layer {n}",
                240,
                options=hidden,
                value=Network.hidden,
            )
            for n in places
        ]
        self.output = labelled(
            widgets.Dropdown,
            "Output activation",
            "Activation of the output layer",
            260,
            options=list(ACTIVATIONS),
            value=Network.output,
        )
        self._slots = [widgets.HBox(pair) for pair in zip(self.widths, self.activations, strict=True)]
        super().__init__((self.layers, *self._slots, self.output))
        self.watch(self.layers, *self.widths, *self.activations, self.output)
        self.layers.observe(self._show_slots, "value")
        self._show_slots()
        for control in (*self.activations, self.output):
            describe(control, ACTIVATIONS)

    def network(self, inputs: int, outputs: int) -> Network:
        """The network that the controls ask for. Raises ValueError for more nodes than a picture can hold."""
        hidden = self.layers.value
        widths = [control.number() for control in self.widths[:hidden]]
        for place, width in enumerate(widths, start=1):
            if not 1 <= width <= MOST_NODES:
                raise ValueError(f"hidden layer {place} has {width} nodes: give 1 to {MOST_NODES}")
        activations = tuple(control.value for control in self.activations[:hidden])
        return Network((inputs, *widths, outputs), hidden=activations, output=self.output.value)

    def show(self, network: Network) -> None:
        """Set the controls to a network that is there; a layer that is added to it begins with two nodes like
        those of the last.
        """
        with self.following():
            hidden = list(zip(network.widths[1:-1], network.layer_activations, strict=False))
            self.layers.value = len(hidden)
            added = (ADDED_NODES, hidden[-1][1] if hidden else Network.hidden)
            for place, (width, activation) in enumerate(
                [*hidden, *[added] * (MOST_HIDDEN_LAYERS - len(hidden))]
            ):
                self.widths[place].value, self.activations[place].value = width, activation
            self.output.value = network.output

    def _show_slots(self, _change: object = None) -> None:
        for place, slot in enumerate(self._slots):
            show(slot, place < self.layers.value)
