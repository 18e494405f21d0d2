"""History: the table of a training and the questions one asks it.

The conventions, which every view and every check relies on:

- A state is what the parameters are after so many updates. One row is one pass: one sample at one state,
  complete: the parameters, the signals they give, the loss, every derivative. The last state is complete too,
  for every sample, and its derivatives are not used for an update.
- With one sample and one update an epoch the index is ``epoch``, and row ℓ is the state after ℓ updates.
  Otherwise it is a MultiIndex (``epoch``, ``update``, ``sample``): the epochs from 0, the updates of an epoch
  from 0, and the derivatives of a row are that sample's own. ``record_every`` thins the epochs that are
  recorded, never the training.
- Columns: ``I1in I1 ... O6in O6``, ``y_1 ...``, ``L``, ``lambda_i_j ...``, ``b_j ...``,
  ``dL_dI1in dL_dI1 ... dL_dO6``, ``dL_dlambda_i_j ...``, ``dL_db_j ...``, ``eta``; after them, where the
  training has them, the dropout masks ``mask_H4 ...`` and the optimiser's running means before the update,
  ``velocity_lambda_1_4 ...``, ``m_lambda_1_4 ... v_lambda_1_4 ...`` or ``s_lambda_1_4 ...``.
- Derivatives are true derivatives of L at the row's parameters: never divided by η, never sign-flipped,
  without penalty.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_dashboard import checks, notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine import arrays, kernel
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.record import Layout
from ann_dashboard.engine.training import Training

if TYPE_CHECKING:
    import pandas as pd


LETTERS_OF_A_NUMBER = 20


@dataclass(frozen=True, eq=False)
class History:
    """What a training recorded.

    ``epochs``, ``update_numbers``, ``samples`` (rows,): epoch, number of the update within it (from 0) and
    sample of each row.
    ``values`` (rows, columns): the record, scaled, no unit. All four are read-only.
    ``seconds``: how long the training took. ``test``: the held-out data, or None. ``stopped``: why it ended
    before its last epoch, or "".
    ``counts``: what ``epochs`` counts: "epoch", or "update" where every update is an epoch.
    """

    network: Network
    data: Dataset
    training: Training
    epochs: np.ndarray = field(repr=False)
    update_numbers: np.ndarray = field(repr=False)
    samples: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    seconds: float
    test: Dataset | None = None
    stopped: str = ""
    counts: str = "epoch"

    def __post_init__(self) -> None:
        checks.instance("network", self.network, Network)
        checks.instance("data", self.data, Dataset)
        checks.instance("training", self.training, Training)
        checks.instance("stopped", self.stopped, str, 'give why it ended, or ""')
        checks.number("seconds", self.seconds, least=0.0)
        checks.choice("counts", self.counts, ("epoch", "update"))
        if self.test is not None:
            checks.instance("test", self.test, Dataset)
        for name in ("epochs", "update_numbers", "samples", "values"):
            checks.instance(name, getattr(self, name), np.ndarray).setflags(write=False)

    def __len__(self) -> int:
        return len(self.epochs)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return self.training.columns(self.network)

    @property
    def table(self) -> "pd.DataFrame":
        """The record as a pandas DataFrame, one row for each pass.

        Its index and columns are named as this module's docstring says.
        It shares the record's memory, which cannot be written to: what is changed in it changes neither the
        history nor the next table.
        """
        return self._table.copy(deep=False)

    @cached_property
    def _table(self) -> "pd.DataFrame":
        import pandas as pd

        names, levels = list(self.index), list(self.index.values())
        index = (
            pd.Index(levels[0], name=names[0])
            if len(names) == 1
            else pd.MultiIndex.from_arrays(levels, names=names)
        )
        return pd.DataFrame(self.values, index=index, columns=list(self.columns), copy=False)

    @property
    def index(self) -> dict[str, np.ndarray]:
        """What tells the rows apart: a name -> its numbers (rows,).

        In the order of the table's index.
        """
        if len(self.data) == 1 and not self.update_numbers.any():
            return {self.counts: self.epochs}
        if self.counts == "update":
            return {"update": self.epochs, "sample": self.samples}
        return {"epoch": self.epochs, "update": self.update_numbers, "sample": self.samples}

    @cached_property
    def updates(self) -> "pd.DataFrame":
        """One row an update, indexed by (``epoch``, ``update``).

        Columns: the parameters before it, the derivatives that moved them (the means over the batch, with
        penalties), the ``eta`` used, the batch loss ``L``; at the first update of an epoch the loss over all
        data ``L_data`` and, where there are test data, ``L_test``, else NaN. The last recorded state is
        followed by no update and has no row.
        """
        import pandas as pd

        starts = self._batch_starts
        passes = self.values
        means = _batch_means(passes, starts, self._state_sizes[:-1])
        epochs, numbers = self.epochs[starts], self.update_numbers[starts]
        index = pd.MultiIndex.from_arrays([epochs, numbers], names=["epoch", "update"])
        before, batch = (
            pd.DataFrame(values, index=index, columns=list(self.columns))
            for values in (passes[starts], means)
        )
        parameters, weights = list(self.network.parameters), list(self.network.weights)
        moved_by = batch[[notation.derivative(symbol) for symbol in parameters]]
        if self.training.l1 or self.training.l2:
            penalty = self.training.l2 * before[weights] + self.training.l1 * np.sign(before[weights])
            moved_by = moved_by.add(penalty.rename(columns=notation.derivative), fill_value=0.0)[
                list(moved_by)
            ]
        recorded = {"L_data": self.losses} | (
            {} if self.test_losses is None else {"L_test": self.test_losses}
        )
        at_first = {name: np.full(len(starts), np.nan) for name in recorded}
        for name, values in at_first.items():
            values[numbers == 0] = recorded[name][:-1]
        return (
            before[parameters]
            .join(moved_by)
            .assign(**{notation.ETA: before[notation.ETA], notation.LOSS: batch[notation.LOSS]}, **at_first)
        )

    @cached_property
    def recorded_epochs(self) -> np.ndarray:
        """The epochs that have rows, ascending (epochs,)."""
        return self.epochs[self._epoch_starts]

    @cached_property
    def states(self) -> np.ndarray:
        """All parameters at the start of each recorded epoch (recorded epochs, parameters).

        In the network's order.
        """
        at = self._layout
        return self.values[self._epoch_starts, at.weights : at.d_signals]

    @cached_property
    def losses(self) -> np.ndarray:
        """Mean loss over all data at the start of each recorded epoch (recorded epochs,).

        Without penalty; no node is left out.
        """
        return arrays.mean_losses(self.network, self.training.loss, self.states, self.data)

    @cached_property
    def test_losses(self) -> np.ndarray | None:
        """Mean loss over the test data at the start of each recorded epoch (recorded epochs,).

        None where there are no test data.
        """
        return (
            None
            if self.test is None
            else arrays.mean_losses(self.network, self.training.loss, self.states, self.test)
        )

    def predictions(self, x: np.ndarray | None = None) -> np.ndarray:
        """ŷ (recorded epochs, samples, outputs) at the start of each recorded epoch.

        Of the data, or of other scaled predictors x (samples, p).
        Raises TypeError or ValueError for another x.
        """
        return arrays.predictions(
            self.network, self.states, self.data.x if x is None else self._predictors(x)
        )

    def at(self, epoch: int, sample: int = 0, *, update: int = 0) -> dict[str, float]:
        """The pass of one sample at the state before one update of an epoch: symbol -> value.

        A sample that was not in that update's batch is evaluated at its state, no node left out.
        Raises LookupError for an epoch that is not recorded, an update or a sample that does not exist,
        TypeError or ValueError for what is no whole number from 0.
        """
        values = self._passes(np.array([self._batch(epoch, update)]), self._sample(sample))[0]
        return dict(zip(self.columns, values.tolist(), strict=True))

    def batch(self, epoch: int, update: int = 0) -> tuple[int, ...]:
        """The samples whose passes one update of an epoch takes, in their order. Raises as `at` does."""
        state = self._state(epoch, update)
        return tuple(self.samples[self._state_starts[state] :][: self._state_sizes[state]].tolist())

    def moves_alone(self, sample: int) -> bool:
        """Whether the first update of every recorded epoch takes the pass of one sample alone."""
        firsts = self.update_numbers[self._state_starts] == 0
        sizes = self._state_sizes[firsts][:-1]
        return bool((sizes == 1).all() and (self.samples[self._epoch_starts[:-1]] == sample).all())

    def mean_derivatives(self, epochs: np.ndarray, updates: np.ndarray) -> np.ndarray:
        """Means of ∂L/∂θ over the batches of recorded updates (updates, parameters).

        Without penalty; they move the parameters.
        ``epochs``, ``updates`` (updates,): as `recorded_states` has them; of the last state, which no update
        follows, the mean over all samples.
        """
        at = self._layout
        states = np.searchsorted(self.epochs[self._state_starts], epochs) + updates
        return _batch_means(
            self.values[:, at.d_weights : at.eta], self._state_starts[states], self._state_sizes[states]
        )

    def state_at(self, epoch: int, update: int = 0) -> dict[str, float]:
        """The parameters and running means before one update of an epoch: symbol -> value.

        Raises as `at` does.
        """
        at = self._layout
        state = [*range(at.weights, at.d_signals), *range(at.means, at.columns)]
        row = self.values[self._state_starts[self._state(epoch, update)]]
        return {self.columns[column]: float(row[column]) for column in state}

    def curve(self, symbol: str) -> np.ndarray:
        """One column (rows,). Raises KeyError for what is not a column."""
        try:
            column = self.columns.index(symbol)
        except ValueError:
            raise KeyError(
                f"{symbol!r} is not a column of this history: choose one of {', '.join(self.columns)}"
            ) from None
        return self.values[:, column]

    def of_sample(self, sample: int = 0) -> np.ndarray:
        """The passes of one sample at the start of each recorded epoch (recorded epochs, columns).

        Evaluated where the sample was not in the first batch.
        """
        return self._passes(self._epoch_starts, self._sample(sample))

    def of_sample_at_updates(self, sample: int = 0) -> np.ndarray:
        """As `of_sample`, before each recorded update and at the last state (updates + 1, columns)."""
        return self._passes(self._state_starts, self._sample(sample))

    @cached_property
    def recorded_states(self) -> tuple[np.ndarray, np.ndarray]:
        """Epoch of each recorded state, and number of the update within it that follows (updates + 1,).

        A state is recorded before each update and after the last; `of_sample_at_updates` has a row for each.
        """
        return self.epochs[self._state_starts], self.update_numbers[self._state_starts]

    def update_count(self, epoch: int) -> int:
        """How many updates an epoch has; the last recorded state is followed by none. Raises as `at` does."""
        first = self._batch(epoch, 0)
        same = self.epochs[self._batch_starts] == self.epochs[first]
        return int(same.sum())

    def with_updates_as_epochs(self) -> "History":
        """The same record with every update as an epoch: row ℓ is the state after ℓ updates.

        Its table is indexed by ``update``, or ``update`` and ``sample``. Its training has the batches that
        were drawn, and the η that was used, as given. Raises ValueError where not every epoch is recorded, or
        no update.
        """
        if self.training.record_every != 1:
            raise ValueError(
                f"only one epoch in {self.training.record_every} is recorded: record every epoch to step "
                "from update to update"
            )
        if not len(self._batch_starts):
            raise ValueError("the training ended at its start values: there is no update to step to")
        ends = np.append(self._state_starts, len(self))
        batches = tuple(
            (tuple(self.samples[first:last].tolist()),) for first, last in pairwise(ends[:-1].tolist())
        )
        training = replace(self.training, batches=batches, decay=0.0, stop_below=None, patience=None)
        numbers = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
        return replace(
            self, training=training, epochs=numbers, update_numbers=np.zeros_like(numbers), counts="update"
        )

    def to_csv(self, path: str | PathLike[str] | None = None) -> str | None:
        """Write the table in full precision as CSV to a path, or return the text when there is no path.

        ``pandas.read_csv(path, index_col="epoch")`` gives the same floats back; of several samples or
        updates, with all three names of the index.
        """
        text: str | None = self._table.to_csv(path, na_rep="NaN", lineterminator="\n")
        return text

    def csv_pieces(self, letters: int) -> Iterator[str]:
        """The text of `to_csv` in pieces of about so many letters, each made when it is asked for."""
        rows = max(1, letters // (LETTERS_OF_A_NUMBER * len(self.columns)))
        for first in range(0, len(self), rows):
            yield self._table.iloc[first : first + rows].to_csv(
                na_rep="NaN", lineterminator="\n", header=first == 0
            )

    def to_parquet(self, path: str | PathLike[str] | None = None) -> bytes | None:
        """Write the table as Parquet to a path, or return its bytes when there is no path.

        Raises ImportError without pyarrow.
        """
        check_parquet()
        content: bytes | None = self._table.to_parquet(path, engine="pyarrow")
        return content

    @property
    def diverged_at(self) -> int | None:
        """The first recorded epoch with an inf or NaN in its losses, signals or parameters, or None.

        A derivative by an output alone may be infinite: that of an entropy is −1/ŷ, and ŷ rounds to 0.
        """
        bad = ~np.isfinite(self.values[:, : self._layout.d_signals]).all(axis=1)
        return int(self.epochs[bad.argmax()]) if bad.any() else None

    def converged_at(self, *, within: float = 1e-3) -> int | None:
        """The first recorded epoch from which |ŷ − y| of every sample stays small, or None.

        Below ``within`` (scaled units) to the end of the training.
        Raises TypeError or ValueError for a ``within`` that is no finite number above 0.
        """
        within = checks.number("within", within, above=0.0)
        with np.errstate(over="ignore", invalid="ignore"):
            near = (np.abs(self.predictions() - self.data.y) < within).all(axis=(1, 2))
        far = np.flatnonzero(~near)
        first = far[-1] + 1 if len(far) else 0
        return int(self.recorded_epochs[first]) if first < len(self.recorded_epochs) else None

    @cached_property
    def _layout(self) -> Layout:
        return self.training.layout(self.network)

    @cached_property
    def _batch_starts(self) -> np.ndarray:
        """The first row of each recorded update."""
        epochs, updates = (
            index[: len(self) - len(self.data)] for index in (self.epochs, self.update_numbers)
        )
        other = (np.diff(epochs, prepend=-1) != 0) | (np.diff(updates, prepend=-1) != 0)
        return np.flatnonzero(other)

    @cached_property
    def _state_starts(self) -> np.ndarray:
        """The first row of each recorded state: before each update, and the last state."""
        return np.append(self._batch_starts, len(self) - len(self.data))

    @cached_property
    def _state_sizes(self) -> np.ndarray:
        """How many passes each recorded state has.

        Those of its batch; the last state has one of each sample.
        """
        return np.diff(np.append(self._state_starts, len(self)))

    @cached_property
    def _epoch_starts(self) -> np.ndarray:
        """The first row of each recorded epoch."""
        return self._state_starts[self.update_numbers[self._state_starts] == 0]

    def _passes(self, starts: np.ndarray, sample: int) -> np.ndarray:
        """The passes of one sample at the states that begin at some rows (states, columns).

        Recorded where the sample is in the batch, else evaluated.
        """
        if len(self.data) == 1:
            return self.values if len(starts) == len(self) else self.values[starts]
        ends = np.append(self._state_starts, len(self))[
            np.searchsorted(self._state_starts, starts, side="right")
        ]
        hits = np.flatnonzero(self.samples == sample)
        place = np.searchsorted(hits, starts)
        rows = np.append(hits, len(self))[place]
        recorded = rows < ends
        if recorded.all():
            return self.values[rows]
        passes = self.values[np.where(recorded, rows, starts)]
        passes[~recorded] = self._evaluated(passes[~recorded], sample)
        return passes

    def _evaluated(self, rows: np.ndarray, sample: int) -> np.ndarray:
        """The passes of one sample at the states of some rows (rows, columns)."""
        at, network = self._layout, self.network
        rows[:, : 2 * network.widths[0]] = np.repeat(self.data.x[sample], 2)
        rows[:, at.truths : at.loss] = self.data.y[sample]
        rows[:, at.d_signals : at.d_weights] = 0.0
        if at.masks >= 0:
            rows[:, at.masks : at.masks + sum(network.widths[1:-1])] = 1.0
        return kernel.completed(network, rows, at, self.training.method.loss)

    def _predictors(self, x: Any) -> np.ndarray:
        """Predictors (samples, p) as a table of numbers."""
        inputs = self.network.widths[0]
        try:
            table = np.asarray(x, dtype=float)
        except (TypeError, ValueError, OverflowError):
            raise TypeError(
                f"x is {checks.told(x)}, not a table of numbers: give an array of shape (samples, {inputs})"
            ) from None
        if table.ndim != 2 or table.shape[1] != inputs or not len(table):
            raise ValueError(
                f"x has shape {table.shape}: give one row a sample and one column for each input, "
                f"(samples, {inputs})"
            )
        return table

    def _sample(self, sample: int) -> int:
        if checks.whole("sample", sample, least=0, most=math.inf) >= len(self.data):
            raise LookupError(
                f"sample {checks.told(sample)} does not exist: choose 0 to {len(self.data) - 1}"
            )
        return sample

    def _batch(self, epoch: int, update: int) -> int:
        """The first row of an update of an epoch, or of the last state."""
        return int(self._state_starts[self._state(epoch, update)])

    def _state(self, epoch: int, update: int) -> int:
        """Which of the recorded states is that before an update of an epoch."""
        wanted = min(checks.whole("epoch", epoch, least=0, most=math.inf), checks.LARGEST_WHOLE)
        position = int(np.searchsorted(self.recorded_epochs, wanted))
        if position == len(self.recorded_epochs) or self.recorded_epochs[position] != epoch:
            raise LookupError(
                f"epoch {checks.told(epoch)} is not recorded: choose {recorded(self.recorded_epochs)}"
            )
        first = int(np.searchsorted(self._state_starts, self._epoch_starts[position]))
        state = first + checks.whole("update", update, least=0, most=math.inf)
        if state >= len(self._state_starts) or self.epochs[self._state_starts[state]] != epoch:
            count = int((self.epochs[self._state_starts] == epoch).sum())
            raise LookupError(
                f"update {checks.told(update)} of epoch {epoch} does not exist: choose 0 to {count - 1}"
            )
        return state


def recorded(epochs: np.ndarray) -> str:
    """The epochs that can be chosen, in words: "0 to 1000", or "a multiple of 10 below 1000, or 1000"."""
    every, last = int(epochs[min(1, len(epochs) - 1)]), int(epochs[-1])
    return f"0 to {last}" if every <= 1 else f"a multiple of {every} below {last}, or {last}"


def check_parquet() -> None:
    """Raise ImportError, with the cure, where what writes Parquet is not installed."""
    if find_spec("pyarrow") is None:
        raise ImportError(
            "Parquet needs pyarrow, which is not installed: python -m pip install pyarrow, or take the CSV"
        )


def _batch_means(values: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Means over batches, each of so many rows from its start (batches, columns).

    Added in the engine's order, so that they are the engine's to the last bit.
    """
    totals = np.zeros((len(starts), values.shape[1]))
    with np.errstate(over="ignore", invalid="ignore"):
        for place in range(sizes.max(initial=0)):
            longer = sizes > place
            totals[longer] += values[starts[longer] + place]
        return totals / sizes[:, np.newaxis]
