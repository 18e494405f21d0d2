"""Scores: how good predictions are, at many states of a network at once.

Right and wrong classes, accuracy, precision, recall, R², RMSE.
A score that is 0/0 is undefined and NaN: precision where a class is never predicted, recall where it never is
the truth, R² where all truths are equal. A prediction that is not a number is no class: it counts as wrong,
and in no column of a confusion matrix.
"""

import numpy as np

from ann_dashboard import checks
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.network import Network

NO_CLASS = -1
"""The class of a prediction that is not a number."""


def classes(network: Network, data: Dataset, loss: str) -> tuple[str, ...] | None:
    """The names of the classes that a network learns to tell apart, or None where it learns numbers.

    Several outputs: one class an output. One output: a probability, of class 1 against class 0; its truths
    are 0 and 1 only. Truths of several outputs are classes when the data say so, or when each row, of the
    test part too, holds one 1 and otherwise 0, in original units; a squared loss, which learns numbers too,
    must see two of the classes at least. Unless the data say so, the outputs must be made for classes: those
    of a sigmoid, a step or a softmax; an identity, a tanh or a ReLU learns numbers.
    """
    several = network.widths[-1] > 1
    if several and data.classes is not None:
        return data.classes
    parts = [data] if data.test is None else [data, data.test]
    if not is_for_classes(network.output) or not all(
        is_one_hot(part) if several else _is_binary(part.y) for part in parts
    ):
        return None
    if not several:
        return tuple(f"{data.responses[0].name} = {number}" for number in (0, 1))
    seen = int(data.y.any(axis=0).sum())
    return tuple(column.label for column in data.responses) if seen > 1 or LOSSES[loss].settles else None


def is_one_hot(data: Dataset) -> bool:
    """Whether each row of truths of several responses holds one 1 and otherwise 0.

    As they are trained on and in original units.
    """
    return data.y.shape[1] > 1 and all(
        _is_binary(y) and bool(((y == 1.0).sum(axis=1) == 1).all()) for y in (data.y, data.y_original())
    )


def is_for_classes(output: str) -> bool:
    """Whether the outputs of a layer can be taken for the probabilities of classes."""
    return ACTIVATIONS[output].is_probability or ACTIVATIONS[output].couples


def _is_binary(y: np.ndarray) -> bool:
    return bool(np.isin(y, (0.0, 1.0)).all())


def check_threshold(threshold: float) -> None:
    """Raise TypeError or ValueError for what is no number between 0 and 1."""
    if not 0.0 < checks.number("threshold", threshold) < 1.0:
        cure = "give a probability between 0 and 1, e.g. 0.5"
        raise checks.InputError("threshold", threshold, cure, f"is {threshold:g}")


def decided(values: np.ndarray, threshold: float = 0.5) -> np.ndarray:
    """The class (...,) of truths or predictions (..., k).

    Of one output 1 from the threshold on, else 0; of several outputs the number of the largest.
    The first of equally large outputs; ``NO_CLASS`` where an output is not a number.
    Source: data science notes, logistic regression: a higher threshold gives more precision, a lower one more
    recall.
    """
    found = (values[..., 0] >= threshold).astype(int) if values.shape[-1] == 1 else values.argmax(axis=-1)
    return np.where(np.isnan(values).any(axis=-1), NO_CLASS, found)


def confusion(truth: np.ndarray, predicted: np.ndarray, count: int) -> np.ndarray:
    """How many samples of each true class are predicted as each class (states, true class, predicted class).

    ``truth`` (samples,) and ``predicted`` (states, samples) are numbers of classes below ``count``.
    """
    return np.stack(
        [[((truth == of) & (predicted == by)).sum(axis=-1) for by in range(count)] for of in range(count)]
    ).transpose(2, 0, 1)


def accuracy(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """The share of the samples whose class is right (states,).

    ``truth`` (samples,), ``predicted`` (states, samples).
    """
    return (predicted == truth).mean(axis=-1)


def precision(truth: np.ndarray, predicted: np.ndarray, of: int) -> np.ndarray:
    """Of the samples predicted as class ``of``, the share that belongs to it (states,).

    TP / (TP + FP); NaN where none is predicted so.
    """
    named = predicted == of
    return _share((named & (truth == of)).sum(axis=-1), named.sum(axis=-1))


def recall(truth: np.ndarray, predicted: np.ndarray, of: int) -> np.ndarray:
    """Of the samples of class ``of``, the share that is predicted so (states,).

    TP / (TP + FN); NaN where there are none.
    """
    members = truth == of
    return _share((members & (predicted == of)).sum(axis=-1), np.full(len(predicted), members.sum()))


@np.errstate(over="ignore", invalid="ignore")
def r_squared(y: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """R² of each response (states, k).

    R² = 1 − Σ (y − ŷ)² / Σ (y − mean of y)²; ``y`` (samples, k), ``predictions`` (states, samples, k).
    1 for perfect predictions, 0 for the mean of the truths, below 0 for worse than that; NaN where all truths
    are equal.
    """
    equal = (y == y[:1]).all(axis=0)  # a mean that is rounded would tell equal truths apart
    power = np.frexp(np.abs(y).max(axis=0))[
        1
    ]  # all numbers below 1, exactly, so that no square of a large or small one leaves the range
    truths = np.ldexp(y, -power)
    spread = ((truths - truths.mean(axis=0)) ** 2).sum(axis=0)
    return 1.0 - (np.ldexp(predictions - y, -power) ** 2).sum(axis=1) / np.where(equal, np.nan, spread)


@np.errstate(over="ignore", invalid="ignore")
def rmse(y: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """√(mean of (y − ŷ)²) of each response (states, k), in the units of y.

    ``y`` (samples, k), ``predictions`` (states, samples, k).
    """
    return np.sqrt(((predictions - y) ** 2).mean(axis=1))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return part / np.where(whole > 0, whole, np.nan)
