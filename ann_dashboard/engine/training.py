"""Training: all settings of a run, and what its record holds."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ann_dashboard import checks, notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine import kernel
from ann_dashboard.engine.batches import SAMPLINGS, Batches, checked_batches
from ann_dashboard.engine.initialisers import INITIALISERS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import MOST_SETTINGS, Optimiser, checked_optimiser, descent
from ann_dashboard.engine.record import Layout

LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a network is trained.

    ``eta``: learning rate η_0, above 0. ``epochs``: 1 or more. ``seed``: of the random start, of the order of
    the samples and of dropout.
    ``initialiser``: a name of `initialisers.INITIALISERS`. ``start``: parameter symbol -> value, in place of
    the drawn start values.
    ``loss``: a name of `losses.LOSSES`. ``batch_size``: samples an update, None for all (batch gradient
    descent), 1 for stochastic.
    ``sampling``: "ordered", "shuffled" or "with_replacement". ``batches``: explicit batches, for each epoch
    the index lists of its updates; then
    ``epochs`` is their number, and the two before are not used.
    ``optimiser``: "gradient_descent", or one of `optimisers` with its settings, Momentum(0.9). ``decay``: η_ℓ
    = η_0 / (1 + decay·ℓ) at epoch ℓ.
    ``l1``, ``l2``: penalties l1·Σ|λ| + ½·l2·Σλ² on the weights. They move the weights; L and its derivatives
    in the history are without them.
    ``dropout``: probability with which a hidden node is left out of a pass; the others count 1/(1 − dropout)
    times.
    ``stop_below``: end when the loss over the test data, or over all data where there are none, is below
    this. ``patience``: end when that loss has not been smaller than its smallest value for so many epochs.
    ``train_biases``: False holds every bias at its start.
    ``record_every``: k records the epochs 0, k, 2k, ... and the last; the training itself is the same.
    Raises TypeError or ValueError that names the field, the value and the cure.
    Source: lecture deck, "Training"; L1, L2, dropout: Neural Networks II. Erratum: the deck's decay
    compounds; this one does not.
    """

    eta: float = 0.1
    epochs: int = 1000
    seed: int = 3
    initialiser: str = "lecture"
    start: Mapping[str, float] | None = field(default=None, hash=False)
    loss: str = "half_squared_error"
    batch_size: int | None = None
    sampling: str = "ordered"
    batches: Batches | None = None
    optimiser: Optimiser = "gradient_descent"
    decay: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    stop_below: float | None = None
    patience: int | None = None
    train_biases: bool = True
    record_every: int = 1

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {
            "eta": checks.number("eta", self.eta, above=0.0),
            "epochs": checks.whole("epochs", self.epochs, least=1),
            "seed": checks.whole("seed", self.seed, least=0),
            "initialiser": checks.choice("initialiser", self.initialiser, INITIALISERS),
            "loss": checks.choice("loss", self.loss, LOSSES),
            "batch_size": None
            if self.batch_size is None
            else checks.whole("batch_size", self.batch_size, least=1),
            "sampling": checks.choice("sampling", self.sampling, SAMPLINGS),
            "optimiser": checked_optimiser(self.optimiser),
            "decay": checks.number("decay", self.decay, least=0.0),
            "l1": checks.number("l1", self.l1, least=0.0),
            "l2": checks.number("l2", self.l2, least=0.0),
            "dropout": checks.fraction("dropout", self.dropout),
            "stop_below": None if self.stop_below is None else checks.number("stop_below", self.stop_below),
            "patience": None if self.patience is None else checks.whole("patience", self.patience, least=1),
            "record_every": checks.whole("record_every", self.record_every, least=1),
        }
        if self.seed > LARGEST_SEED:
            raise checks.InputError("seed", self.seed, f"give a whole number from 0 to {LARGEST_SEED}")
        if not isinstance(self.train_biases, bool):
            raise checks.InputTypeError("train_biases", self.train_biases, "give True or False")
        if self.start is not None:
            if not isinstance(self.start, Mapping):
                raise TypeError(
                    f"start is {self.start!r}, not a mapping: give values by symbol, e.g. {{'lambda_1_4': "
                    "0.15}"
                )
            start = {
                symbol: checks.number(f"start of {symbol}", value) for symbol, value in self.start.items()
            }
            checked["start"] = MappingProxyType(start) if start else None
        if self.batches is not None:
            checked["batches"] = checked_batches(self.batches)
            checked["epochs"] = len(checked["batches"])
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def __getstate__(self) -> dict[str, Any]:
        """What is copied and pickled: the fields, with the start values as a plain dict.

        The mapping that keeps them from being changed cannot be pickled.
        """
        return self.__dict__ | {"start": None if self.start is None else dict(self.start)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(
            state | {"start": None if state["start"] is None else MappingProxyType(state["start"])}
        )

    def start_of(self, network: Network) -> dict[str, float]:
        """The start value of every parameter of a network, in their order.

        Drawn for the seed, or as given in ``start``.
        Raises ValueError for a given symbol that is not a parameter of the network.
        """
        checks.instance("network", network, Network)
        values = INITIALISERS[self.initialiser](network, self.seed)
        for symbol, value in (self.start or {}).items():
            if symbol not in values:
                near = (
                    difflib.get_close_matches(str(symbol), network.parameters, n=3) or network.parameters[:3]
                )
                raise ValueError(
                    f"start names {symbol!r}, which is not a parameter of the network {network.widths}: "
                    f"write e.g. {', '.join(near)}"
                )
            values[symbol] = value
        return values

    @property
    def method(self) -> kernel.Method:
        """What is minimised and how the parameters move, as the engine reads it."""
        optimiser = descent(self.optimiser)
        settings = (*optimiser.settings.values(), *[0.0] * MOST_SETTINGS)[:MOST_SETTINGS]
        return kernel.Method(LOSSES[self.loss].code, optimiser.code, settings, self.l1, self.l2)

    def columns(self, network: Network) -> tuple[str, ...]:
        """The columns of this training's history.

        The network's, then the dropout masks and the optimiser's running means where there are any.
        """
        checks.instance("network", network, Network)
        masks = (
            [notation.mask(node) for layer in network.layers[1:-1] for node in layer] if self.dropout else []
        )
        means = (
            mean(parameter) for mean in descent(self.optimiser).keeps for parameter in network.parameters
        )
        return (*network.columns, *masks, *means)

    def layout(self, network: Network) -> Layout:
        """Where everything stands in a row of this training's record."""
        checks.instance("network", network, Network)
        return kernel.layout(network, means=len(descent(self.optimiser).keeps), masked=self.dropout > 0)

    def check_fits(self, network: Network, data: Dataset) -> None:
        """Raise ValueError when the loss does not fit the network's output or the truths."""
        checks.instance("network", network, Network)
        checks.instance("data", data, Dataset)
        LOSSES[self.loss].check_fits(self.loss, network.output, data.y)

    def passes_of_epoch(self, samples: int) -> int:
        """Largest number of passes in one epoch over so many samples."""
        samples = checks.whole("samples", samples, least=1)
        return samples if self.batches is None else max(sum(map(len, updates)) for updates in self.batches)

    def record_bytes(self, network: Network, samples: int) -> int:
        """Memory of the record of this training over so many samples: rows × columns × 8 bytes."""
        return 8 * self.record_rows(samples) * self.layout(network).columns

    def record_rows(self, samples: int) -> int:
        """How many passes are recorded.

        Those of the epochs 0, k, 2k, ..., and one of each sample at the last state.
        """
        samples = checks.whole("samples", samples, least=1)
        if self.batches is not None:
            return (
                sum(sum(map(len, self.batches[epoch])) for epoch in range(0, self.epochs, self.record_every))
                + samples
            )
        return (-(-self.epochs // self.record_every) + 1) * samples
