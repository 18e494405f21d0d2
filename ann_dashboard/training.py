"""Training: all settings of a run, and `train`, which carries it out and returns its history."""

import difflib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from struct import Struct
from sys import modules
from types import MappingProxyType
from typing import Literal

import numpy as np

from ann_dashboard import checks, engine, initialisers
from ann_dashboard.data import Dataset
from ann_dashboard.history import History
from ann_dashboard.network import Network

LARGEST_SEED = 2**32 - 1
WORTH_COMPILING = 5e5
"""Passes × (weights + nodes) above which a compiled engine pays for the import of numba."""
CHUNK_PASSES = 20_000
"""Passes run through one buffer; what `record_every` thins away is gone after its chunk."""

By = Literal["auto", "plain", "compiled"]


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a network is trained: batch gradient descent on the half squared error.

    ``eta``: learning rate, above 0. ``epochs``: number of updates, 1 or more. ``seed``: of the random start.
    ``start``: parameter symbol -> value, in place of the drawn start values. ``train_biases``: False holds every bias at its start.
    ``record_every``: k records the epochs 0, k, 2k, ... and the last; the training itself is the same.
    Raises TypeError or ValueError that names the field, the value and the cure.
    """

    eta: float = 0.1
    epochs: int = 1000
    seed: int = 3
    start: Mapping[str, float] | None = field(default=None, hash=False)
    train_biases: bool = True
    record_every: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "eta", checks.number("eta", self.eta, above=0.0))
        object.__setattr__(self, "epochs", checks.whole("epochs", self.epochs, least=1))
        object.__setattr__(self, "seed", checks.whole("seed", self.seed, least=0))
        object.__setattr__(self, "record_every", checks.whole("record_every", self.record_every, least=1))
        if self.seed > LARGEST_SEED:
            raise ValueError(f"seed is {self.seed}: give a whole number from 0 to {LARGEST_SEED}")
        if not isinstance(self.train_biases, bool):
            raise TypeError(f"train_biases is {self.train_biases!r}: give True or False")
        if self.start is not None:
            if not isinstance(self.start, Mapping):
                raise TypeError(f"start is {self.start!r}, not a mapping: give values by symbol, e.g. {{'lambda_1_4': 0.15}}")
            start = {symbol: checks.number(f"start of {symbol}", value) for symbol, value in self.start.items()}
            object.__setattr__(self, "start", MappingProxyType(start))

    def start_of(self, network: Network) -> dict[str, float]:
        """Start value of every parameter of a network, in their order: drawn for the seed, or as given in ``start``.

        Raises ValueError for a given symbol that is no parameter of the network.
        """
        values = initialisers.lecture(network, self.seed)
        for symbol, value in (self.start or {}).items():
            if symbol not in values:
                near = difflib.get_close_matches(str(symbol), network.parameters, n=3) or network.parameters[:3]
                raise ValueError(f"start names {symbol!r}, which is no parameter of the network {network.widths}: write e.g. {', '.join(near)}")
            values[symbol] = value
        return values


def train(network: Network, data: Dataset, training: Training, *, by: By = "auto") -> History:
    """Train a network on data and return the history of every recorded pass.

    ``by``: "plain" Python, "compiled" by numba, or "auto": compiled where the work is worth it and numba is installed. Both give the same numbers.
    Raises ValueError when the data do not fit the network or the start names an unknown parameter.
    Source: e-book chapter, "Updating Model Parameters"; all derivatives are taken at the old parameters, then every parameter moves.
    """
    data.check_fits(network)
    start = training.start_of(network)
    checks.choice("by", by, ("auto", "plain", "compiled"))
    compiled = by == "compiled" or (by == "auto" and _worth_compiling(network, data, training))
    began = time.perf_counter()
    epochs, values = [], []
    for chunk_epochs, chunk in _chunks(network, data, training, start, compiled=compiled):
        kept = (chunk_epochs % training.record_every == 0) | (chunk_epochs == training.epochs)
        epochs.append(chunk_epochs[kept])
        values.append(chunk if kept.all() else chunk[kept])
    return History(network, data, training, _joined(epochs), _joined(values), time.perf_counter() - began)


def _joined(chunks: list[np.ndarray]) -> np.ndarray:
    """The chunks as one array; a single chunk is not copied, which would cost a tenth of a short training."""
    return chunks[0] if len(chunks) == 1 else np.concatenate(chunks)


def _worth_compiling(network: Network, data: Dataset, training: Training) -> bool:
    work = (training.epochs + 1) * len(data) * (network.weight_count + len(network.nodes))
    return modules.get("numba") is not None or (work > WORTH_COMPILING and find_spec("numba") is not None)


def _chunks(
    network: Network, data: Dataset, training: Training, start: Mapping[str, float], *, compiled: bool
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The epoch of each pass (passes,) and the record (passes, columns) of one stretch of the training after the other.

    A chunk's last epoch stays without an update: it is the first epoch of the next chunk, which yields it.
    """
    at = engine.layout(network)
    codes = engine.activation_codes(network)
    trained = network.parameter_count if training.train_biases else network.weight_count
    given = _given(network, data, training)
    pack = Struct(f"{at.columns}d").pack
    length = max(1, CHUNK_PASSES // len(data))
    parameters = list(start.values())
    for first in range(0, training.epochs, length):
        last = min(first + length, training.epochs)
        epochs = np.repeat(np.arange(first, last + 1), len(data))
        last_of_batch = np.arange(len(epochs)) % len(data) == len(data) - 1
        if compiled:
            record = np.tile(given, (last + 1 - first, 1))
            record[0, at.weights : at.d_signals] = parameters
            engine.compiled()(record, at, np.array(network.widths), np.array(codes), last_of_batch, trained)
        else:
            rows = [row.copy() for row in given.tolist() * (last + 1 - first)]
            rows[0][at.weights : at.d_signals] = parameters
            engine.run(rows, at, network.widths, codes, last_of_batch.tolist(), trained)
            # Three times as fast as NumPy reads a list of lists.
            record = np.frombuffer(b"".join([pack(*row) for row in rows])).reshape(len(epochs), at.columns)
        parameters = record[-1, at.weights : at.d_signals].tolist()
        new = slice(None) if last == training.epochs else slice(None, -len(data))
        yield epochs[new], record[new]


def _given(network: Network, data: Dataset, training: Training) -> np.ndarray:
    """The passes of one epoch (samples, columns) with what is given filled in, inputs, truths and learning rate, and zeros elsewhere."""
    at = engine.layout(network)
    passes = np.zeros((len(data), at.columns))
    passes[:, : 2 * network.widths[0]] = np.repeat(data.x, 2, axis=1)
    passes[:, at.truths : at.loss] = data.y
    passes[:, at.eta] = training.eta
    return passes
