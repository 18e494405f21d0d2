"""Run: `train` carries out a training, stretch by stretch, and returns its history."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from struct import Struct
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np

from ann_dashboard import checks
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine import arrays, kernel
from ann_dashboard.engine.batches import Passes, explicit, sampled
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.record import Layout
from ann_dashboard.engine.training import Training
from ann_dashboard.words import counted

WORTH_COMPILING = 2.5e5
"""Passes × (weights + nodes) above which the engine is compiled.

So many take 0.15 s in plain Python and 0.006 s compiled.
Loading numba and what it has kept takes 0.3 s once, so that the second such training has paid for it.
"""
STRETCH_WORK = MappingProxyType({"plain": 3e5, "compiled": 2e5})
"""Passes × (weights + nodes) between two reports of progress.

They take well below 0.1 s, and for the compiled engine they fit in the cache.
"""
MOST_MEMORY = 500e6
"""Bytes a record may take: a quarter of what a visitor of Binder has."""

By = Literal["auto", "plain", "compiled"]
Progress = Callable[[int, int], object]
Given = dict[int, np.ndarray]


def train(
    network: Network,
    data: Dataset,
    training: Training,
    *,
    test: Dataset | None = None,
    progress: Progress | None = None,
    by: By = "auto",
) -> History:
    """Train a network on data and return the history of every recorded pass.

    ``test``: held-out data whose loss is told beside the training's; left out, it is the data's own ``test``.
    ``progress``: called with (epochs done, epochs) now and then; what it returns ends the training if it is
    true, with what is recorded kept.
    ``by``: "plain" Python, "compiled" by numba, or "auto": compiled where the work is worth it and numba is
    installed. Both give the same numbers.
    Raises TypeError for what is none of these, ValueError when the data do not fit the network or the loss,
    the start names an unknown parameter, or the record would take more than ``MOST_MEMORY``; the message says
    which ``record_every`` fits.
    Source: e-book chapter, "Updating Model Parameters"; all derivatives are taken at the old parameters, then
    every parameter moves.
    """
    checks.choice("by", by, ("auto", "plain", "compiled"))
    _check_kinds(network, data, training)
    test = (
        data.test
        if test is None
        else checks.instance("test", test, Dataset, "give a Dataset of held-out samples, or None")
    )
    if progress is not None and not callable(progress):
        raise TypeError(
            f"progress is {checks.told(progress)}: give a function of the epochs done and all epochs, or None"
        )
    for samples in (data, test) if test else (data,):
        network.check_fits(samples)
        training.check_fits(network, samples)
    start = training.start_of(network)
    _check_batches(training, data)
    check_memory(network, data, training)
    compiled = by == "compiled" or (by == "auto" and _worth_compiling(network, data, training))
    began = time.perf_counter()
    watched = _Watched(network, test or data, training)
    record = _Record(network, data, training)
    epoch, state, stopped = 0, _start_state(network, training, start), ""
    for stretch in _stretches(network, data, training, state, record, compiled=compiled):
        found, stopped = watched.end(stretch)
        epoch, state = (stretch.last, stretch.state) if found is None else (found, stretch.state_at(found))
        record.add(stretch, until=epoch)
        if (
            not stopped
            and progress is not None
            and progress(epoch, training.epochs)
            and epoch < training.epochs
        ):
            stopped = f"stopped by hand at epoch {epoch}"
        if stopped:
            break
    record.finish(_last_state(network, data, training, state, epoch), epoch)
    seconds = time.perf_counter() - began
    return History(network, data, training, *record.filled(), seconds=seconds, test=test, stopped=stopped)


class Stretch(NamedTuple):
    """Some epochs carried out, from ``first`` to before ``last``.

    Their passes, the record (passes, columns) and the state after them.
    """

    first: int
    last: int
    passes: Passes
    values: np.ndarray
    state: np.ndarray
    state_columns: np.ndarray

    def states(self) -> np.ndarray:
        """The state at the start of each epoch, and after the last (epochs + 1, state)."""
        starts = np.searchsorted(self.passes.epochs, np.arange(self.first, self.last))
        return np.vstack([self.values[starts][:, self.state_columns], self.state])

    def state_at(self, epoch: int) -> np.ndarray:
        """The state at the start of one epoch of the stretch, or after its last (state,)."""
        return self.states()[epoch - self.first]


class _Record:
    """The passes that are kept, in memory that is taken once."""

    def __init__(self, network: Network, data: Dataset, training: Training) -> None:
        rows = training.record_rows(len(data))
        self._every = training.record_every
        self._values = np.empty((rows, training.layout(network).columns))
        self._index = np.empty((3, rows), dtype=np.int64)
        self._scratch = self._values[:0]
        self._count = 0

    def room(self, rows: int) -> np.ndarray:
        """Rows for a stretch to be carried out in: of the record itself where all of them are kept."""
        if self._every == 1:
            return self._values[self._count : self._count + rows]
        if len(self._scratch) < rows:
            self._scratch = np.empty((rows, self._values.shape[1]))
        return self._scratch[:rows]

    def add(self, stretch: Stretch, *, until: int) -> None:
        """Keep the passes of those epochs before ``until`` that are recorded."""
        epochs = stretch.passes.epochs
        if self._every == 1:
            kept: slice | np.ndarray = slice(int(np.searchsorted(epochs, until)))
        else:
            kept = (epochs < until) & (epochs % self._every == 0)
        self._append(stretch.values[kept], *(column[kept] for column in stretch.passes[:3]))

    def finish(self, values: np.ndarray, epoch: int) -> None:
        """Keep the passes of all samples at the last state."""
        self._append(values, epoch, 0, np.arange(len(values)))

    def filled(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Epoch, update and sample of each kept pass, and the values of the passes.

        A training that ended early gives the rest of its memory back.
        """
        values = self._values if self._count == len(self._values) else self._values[: self._count].copy()
        epochs, updates, samples = self._index[:, : self._count]
        return epochs, updates, samples, values

    def _append(self, values: np.ndarray, *index: np.ndarray | int) -> None:
        rows = slice(self._count, self._count + len(values))
        if not np.may_share_memory(self._values, values):
            self._values[rows] = values
        for place, column in enumerate(index):
            self._index[place, rows] = column
        self._count += len(values)


class _Watched:
    """The stopping rule: looks at the loss over a data set at the start of every epoch."""

    def __init__(self, network: Network, data: Dataset, training: Training) -> None:
        self._network, self._data, self._training = network, data, training
        self._smallest, self._since = np.inf, 0

    def end(self, stretch: Stretch) -> tuple[int | None, str]:
        """The first epoch of the stretch at which the rule ends the training, and why.

        (None, "") if the training goes on or is at its last epoch.
        """
        below, patience = self._training.stop_below, self._training.patience
        if below is None and patience is None:
            return None, ""
        states = stretch.states()[:, : self._network.parameter_count]
        losses = arrays.mean_losses(self._network, self._training.loss, states, self._data)
        epochs = range(stretch.first, min(stretch.last + 1, self._training.epochs))
        for epoch, loss in zip(epochs, losses.tolist(), strict=False):
            if below is not None and loss < below:
                return epoch, f"stopped at epoch {epoch}: the loss {loss:.3g} is below {below:g}"
            if loss < self._smallest:
                self._smallest, self._since = loss, epoch
            elif patience is not None and epoch - self._since >= patience:
                return (
                    epoch,
                    f"stopped at epoch {epoch}: the loss has not been below {self._smallest:.3g} for "
                    f"{counted(patience, 'epoch')}",
                )
        return None, ""


def _check_kinds(network: Network, data: Dataset, training: Training) -> None:
    checks.instance("network", network, Network)
    checks.instance("data", data, Dataset)
    checks.instance("training", training, Training)


def _check_batches(training: Training, data: Dataset) -> None:
    largest = max((max(batch) for updates in training.batches or () for batch in updates), default=-1)
    if largest >= len(data):
        raise ValueError(
            f"batches name sample {largest}, but the data have {counted(len(data), 'sample')}: "
            f"give indices from 0 to {len(data) - 1}"
        )


def check_memory(network: Network, data: Dataset, training: Training, *, most: float | None = None) -> None:
    """Raise ValueError when the record would take more than ``most`` bytes, ``MOST_MEMORY`` if not given.

    The message says how much it takes, and which ``record_every`` fits.
    """
    _check_kinds(network, data, training)
    most = MOST_MEMORY if most is None else checks.number("most", most, above=0.0)
    needed = training.record_bytes(network, len(data))
    if needed <= most:
        return
    problem = f"the record of this training takes {needed / 1e6:,.0f} MB, more than {most / 1e6:,.0f} MB"
    thinned = (
        replace(training, record_every=digit * 10**power) for power in range(12) for digit in (1, 2, 5)
    )
    fitting = (tried.record_every for tried in thinned if tried.record_bytes(network, len(data)) <= most)
    every = next((every for every in fitting if every <= training.epochs), None)
    raise ValueError(
        f"{problem}: give record_every={every}"
        if every
        else f"{problem}: give fewer samples or a smaller network"
    )


def _worth_compiling(network: Network, data: Dataset, training: Training) -> bool:
    work = (
        (training.epochs + 1)
        * training.passes_of_epoch(len(data))
        * (network.weight_count + len(network.nodes))
    )
    return kernel.is_ready() or (work > WORTH_COMPILING and find_spec("numba") is not None)


def _start_state(network: Network, training: Training, start: Mapping[str, float]) -> np.ndarray:
    """Parameters and running means before the first update (state,)."""
    at = training.layout(network)
    return np.array([*start.values(), *[0.0] * (at.columns - at.means)])


def _state_columns(at: Layout) -> np.ndarray:
    """Where the state, parameters and running means, stands in a row."""
    columns = np.arange(at.columns)
    return np.concatenate([columns[at.weights : at.d_signals], columns[at.means :]])


def _stretches(
    network: Network,
    data: Dataset,
    training: Training,
    state: np.ndarray,
    record: "_Record",
    *,
    compiled: bool,
) -> Iterator[Stretch]:
    """The training, one stretch of epochs after the other."""
    at = training.layout(network)
    columns = _state_columns(at)
    templates = _templates(network, data, training)
    settings = _Settings(
        at,
        network.widths,
        kernel.activation_codes(network),
        network.parameter_count if training.train_biases else network.weight_count,
        training.method,
        columns,
    )
    order, masks = (np.random.default_rng([training.seed, stream]) for stream in (1, 2))
    work = training.passes_of_epoch(len(data)) * (network.weight_count + len(network.nodes))
    length = max(1, int(STRETCH_WORK["compiled" if compiled else "plain"] // work))
    carry_out = _compiled if compiled else _plain
    updates = 0
    for first in range(0, training.epochs, length):
        last = min(first + length, training.epochs)
        passes = _passes(training, len(data), first, last, order)
        given = _given(training, at, passes, masks)
        room = record.room(len(passes.samples) + 1)
        carry_out(room, templates, passes, given, state, settings, updates)
        state = room[-1, columns]
        updates += int(passes.last_of_batch.sum())
        yield Stretch(first, last, passes, room[:-1], state, columns)


class _Settings(NamedTuple):
    """What the engine needs to know of a network and a training."""

    at: Layout
    widths: tuple[int, ...]
    codes: list[int]
    trained: int
    method: kernel.Method
    state_columns: np.ndarray


def _passes(training: Training, samples: int, first: int, last: int, draw: np.random.Generator) -> Passes:
    if training.batches is not None:
        return explicit(first, last, training.batches)
    return sampled(first, last, samples, training.batch_size or samples, training.sampling, draw)


def _templates(network: Network, data: Dataset, training: Training) -> np.ndarray:
    """A row for each sample, with what is given filled in and zeros elsewhere.

    Inputs, truths, η, and masks that leave nothing out.
    """
    at = training.layout(network)
    rows = np.zeros((len(data), at.columns))
    rows[:, : 2 * network.widths[0]] = np.repeat(data.x, 2, axis=1)
    rows[:, at.truths : at.loss] = data.y
    rows[:, at.eta] = training.eta
    rows[:, at.eta + 1 : at.means] = 1.0
    return rows


def _given(training: Training, at: Layout, passes: Passes, draw: np.random.Generator) -> Given:
    """What differs from pass to pass besides the sample: column -> values (passes,)."""
    given: Given = {}
    if training.decay:
        given[at.eta] = _rates(training, passes.epochs)
    if at.masks >= 0:
        hidden = at.means - at.masks
        stays = 1.0 - training.dropout
        masks = np.where(draw.random((len(passes.epochs), hidden)) < stays, 1.0 / stays, 0.0)
        given |= {at.masks + node: column for node, column in enumerate(masks.T)}
    return given


@np.errstate(over="ignore")
def _rates(training: Training, epochs: np.ndarray) -> np.ndarray:
    """η_ℓ = η_0 / (1 + decay·ℓ) of some epochs ℓ; a decay too large for a number leaves 0."""
    return training.eta / (1.0 + training.decay * epochs)


def _plain(
    room: np.ndarray,
    templates: np.ndarray,
    passes: Passes,
    given: Given,
    state: np.ndarray,
    settings: _Settings,
    updates: int,
) -> None:
    """Carry out one stretch in plain Python and write its record (passes + 1, columns).

    The last row holds the state after the stretch.
    """
    samples = templates.tolist()
    rows = [samples[sample].copy() for sample in passes.samples.tolist()]
    rows.append(samples[0].copy())
    for column, values in given.items():
        for row, value in zip(rows, values.tolist(), strict=False):
            row[column] = value
    for column, value in zip(settings.state_columns.tolist(), state.tolist(), strict=True):
        rows[0][column] = value
    at, widths, codes, trained, method, _ = settings
    kernel.run(rows, at, widths, codes, passes.last_of_batch.tolist(), trained, method, updates, True)
    # Three times as fast as NumPy reads a list of lists.
    write, memory, size = Struct(f"{at.columns}d").pack_into, memoryview(room.data).cast("B"), 8 * at.columns
    for place, row in enumerate(rows):
        write(memory, place * size, *row)


def _compiled(
    room: np.ndarray,
    templates: np.ndarray,
    passes: Passes,
    given: Given,
    state: np.ndarray,
    settings: _Settings,
    updates: int,
) -> None:
    """As `_plain`, by the compiled engine."""
    np.take(templates, passes.samples, axis=0, out=room[:-1], mode="clip")
    room[-1] = templates[0]
    for column, values in given.items():
        room[:-1, column] = values
    room[0, settings.state_columns] = state
    at, widths, codes, trained, method, _ = settings
    kernel.compiled()(
        room, at, np.array(widths), np.array(codes), passes.last_of_batch, trained, method, updates, True
    )


def _last_state(
    network: Network, data: Dataset, training: Training, state: np.ndarray, epoch: int
) -> np.ndarray:
    """The passes (samples, columns) of all samples at the last state.

    No update follows it, and no node is left out.
    """
    at = training.layout(network)
    record = _templates(network, data, training)
    record[:, _state_columns(at)] = state
    record[:, at.eta] = _rates(training, np.array(epoch))
    return kernel.completed(network, record, at, training.method.loss)
