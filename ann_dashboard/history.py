"""History: the table of a training and the questions one asks it.

The conventions, which every view and every check relies on:

- Row ℓ is the state after ℓ updates, complete: the parameters, the signals they give, the loss, every derivative. ``epochs=n`` gives the
  rows 0 to n; row 0 is the start; the last row is complete too, and its derivatives are not used for an update.
- One row is one pass: one sample at one state. With one sample the index is ``epoch``; otherwise it is a MultiIndex (``epoch``, ``update``,
  ``sample``) and the derivatives of a row are that sample's own. ``record_every`` thins the rows, never the training.
- Columns: ``I1in I1 ... O6in O6``, ``y_1 ...``, ``L``, ``lambda_i_j ...``, ``b_j ...``, ``dL_dI1in dL_dI1 ... dL_dO6``, ``dL_dlambda_i_j ...``,
  ``dL_db_j ...``, ``eta``.
- Derivatives are true derivatives of L at the row's parameters: never divided by η, never sign-flipped.
"""

from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from ann_dashboard import checks, notation
from ann_dashboard.data import Dataset
from ann_dashboard.network import Network

if TYPE_CHECKING:
    import pandas as pd

    from ann_dashboard.training import Training


@dataclass(frozen=True, eq=False)
class History:
    """What a training recorded.

    ``epochs`` (rows,): the epoch of each row. ``values`` (rows, columns): the record, scaled, no unit. Both are read-only.
    ``seconds``: what the training took.
    """

    network: Network
    data: Dataset
    training: "Training"
    epochs: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    seconds: float

    def __post_init__(self) -> None:
        self.epochs.setflags(write=False)
        self.values.setflags(write=False)

    def __len__(self) -> int:
        return len(self.epochs)

    @cached_property
    def table(self) -> "pd.DataFrame":
        """The record as a pandas DataFrame, one row a pass, indexed and named as this module's docstring says."""
        import pandas as pd

        index: pd.Index
        if len(self.data) == 1:
            index = pd.Index(self.epochs, name="epoch")
        else:
            samples = np.arange(len(self)) % len(self.data)
            index = pd.MultiIndex.from_arrays([self.epochs, np.zeros_like(self.epochs), samples], names=["epoch", "update", "sample"])
        return pd.DataFrame(self.values, index=index, columns=list(self.network.columns))

    @cached_property
    def updates(self) -> "pd.DataFrame":
        """One row an update, indexed by (``epoch``, ``update``).

        Columns: the parameters before it, the batch-mean derivatives that moved them, the ``eta`` used, the batch loss ``L`` and the loss over
        all data ``L_data``. The last recorded state is followed by no update and has no row.
        """
        import pandas as pd

        passes = self.values.reshape(len(self.recorded_epochs), len(self.data), -1)[:-1]
        with np.errstate(over="ignore", invalid="ignore"):
            means = passes.mean(axis=1)
        epochs = self.recorded_epochs[:-1]
        index = pd.MultiIndex.from_arrays([epochs, np.zeros_like(epochs)], names=["epoch", "update"])
        before, batch = (pd.DataFrame(values, index=index, columns=list(self.network.columns)) for values in (passes[:, 0], means))
        parameters = list(self.network.parameters)
        derivatives = [notation.derivative(symbol) for symbol in parameters]
        loss = batch[notation.LOSS]
        return before[parameters].join(batch[derivatives]).assign(**{notation.ETA: before[notation.ETA], notation.LOSS: loss, "L_data": loss})

    @cached_property
    def recorded_epochs(self) -> np.ndarray:
        """The epochs that have rows, ascending (epochs,)."""
        return self.epochs[:: len(self.data)]

    def at(self, epoch: int, sample: int = 0) -> dict[str, float]:
        """The pass of one sample at the state of one epoch: symbol -> value.

        Raises LookupError for an epoch that is not recorded or a sample that does not exist,
        TypeError or ValueError for what is no whole number from 0.
        """
        return dict(zip(self.network.columns, self.values[self._row(epoch, sample)].tolist(), strict=True))

    def curve(self, symbol: str) -> np.ndarray:
        """One column (rows,). Raises KeyError for what is no column."""
        try:
            column = self.network.columns.index(symbol)
        except ValueError:
            raise KeyError(f"{symbol!r} is no column of this history: choose one of {', '.join(self.network.columns)}") from None
        return self.values[:, column]

    def of_sample(self, sample: int = 0) -> np.ndarray:
        """The rows of one sample (recorded epochs, columns)."""
        return self.values[self._row(0, sample) :: len(self.data)]

    def to_csv(self, path: str | PathLike[str] | None = None) -> str | None:
        """Write the table in full precision as CSV to a path, or return the text when there is no path.

        ``pandas.read_csv(path, index_col="epoch")`` gives the same floats back; of several samples, with all three names of the index.
        """
        text: str | None = self.table.to_csv(path, na_rep="NaN", lineterminator="\n")
        return text

    @property
    def diverged_at(self) -> int | None:
        """The first recorded epoch with an inf or NaN in any column, or None."""
        bad = ~np.isfinite(self.values).all(axis=1)
        return int(self.epochs[bad.argmax()]) if bad.any() else None

    def converged_at(self, *, within: float = 1e-3) -> int | None:
        """The first recorded epoch from which every |ŷ − y| stays below ``within`` (scaled units) to the end, or None.

        Raises TypeError or ValueError for a ``within`` that is no finite number above 0.
        """
        within = checks.number("within", within, above=0.0)
        outputs = self.network.widths[-1]
        truths = self.network.columns.index(self.network.truths[0])
        predictions = self.values[:, truths - 2 * outputs + 1 : truths : 2]
        with np.errstate(over="ignore", invalid="ignore"):
            near = (np.abs(predictions - self.values[:, truths : truths + outputs]) < within).all(axis=1)
        far_epochs = self.epochs[~near]
        if not len(far_epochs):
            return int(self.epochs[0])
        later = self.recorded_epochs[self.recorded_epochs > far_epochs[-1]]
        return int(later[0]) if len(later) else None

    def _row(self, epoch: int, sample: int) -> int:
        if checks.whole("sample", sample, least=0) >= len(self.data):
            raise LookupError(f"sample {sample} does not exist: choose 0 to {len(self.data) - 1}")
        position = int(np.searchsorted(self.recorded_epochs, checks.whole("epoch", epoch, least=0)))
        if position == len(self.recorded_epochs) or self.recorded_epochs[position] != epoch:
            every, last = self.training.record_every, self.recorded_epochs[-1]
            choice = f"0 to {last}" if every == 1 else f"a multiple of {every} below {last}, or {last}"
            raise LookupError(f"epoch {epoch} is not recorded: choose {choice}")
        return position * len(self.data) + sample
