"""Manner: how a network is trained, as far as the equations of a pass and its update depend on it."""

from typing import Any, Literal, NamedTuple

import numpy as np

from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.optimisers import Optimiser
from ann_dashboard.engine.training import Training

Mean = Literal["own", "all", "some"]


class Manner(NamedTuple):
    """How a network is trained, as far as the equations depend on it.

    η, seed and epochs change numbers alone.
    ``mean``: whose derivatives move the parameters: the pass's "own", or their mean over "all" samples or
    over "some", those of a batch.
    ``dropout``: whether hidden nodes have masks. ``one_hot``: whether the truths of every sample add up to 1,
    which softmax and cross-entropy use.
    """

    loss: str = Training.loss
    optimiser: Optimiser = Training.optimiser
    mean: Mean = "own"
    l1: float = 0.0
    l2: float = 0.0
    dropout: bool = False
    decay: float = 0.0
    biases_move: bool = True
    one_hot: bool = True


LECTURES = Manner()
"""The lecture's: half the squared error, gradient descent, one sample."""


def manner(training: Training, data: Dataset, *, own: bool = False) -> Manner:
    """The manner of a training over data.

    ``own``: every update that is shown is that of the shown pass alone, as it is with one sample.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        totals = data.y.sum(axis=1)
    return Manner(
        training.loss,
        training.optimiser,
        "own" if own else _mean(training, len(data)),
        training.l1,
        training.l2,
        training.dropout > 0,
        training.decay,
        training.train_biases,
        bool((totals == 1).all()),
    )


def update_number(training: Training, samples: int, epoch: Any, update: Any) -> Any:
    """The number, from 1, of an update in the whole training.

    Of an update of an epoch, over so many samples; of arrays an array.
    """
    if training.batches is None:
        updates_an_epoch = -(-samples // (training.batch_size or samples))
        return epoch * updates_an_epoch + update + 1
    before = np.cumsum([0, *(len(updates) for updates in training.batches)])
    return before[epoch] + update + 1


def _mean(training: Training, samples: int) -> Mean:
    """Whose derivatives move the parameters in a training over so many samples."""
    if training.batches is not None:
        longest = max(len(batch) for updates in training.batches for batch in updates)
        return "own" if samples == 1 and longest == 1 else "some"
    if samples == 1:
        return "own"
    return (
        "some"
        if training.sampling == "with_replacement" or (training.batch_size or samples) < samples
        else "all"
    )
