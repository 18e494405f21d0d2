"""Batches: which samples pass in which order, and when the parameters move."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ann_dashboard import checks

SAMPLINGS = ("ordered", "shuffled", "with_replacement")
Batches = tuple[tuple[tuple[int, ...], ...], ...]


class Passes(NamedTuple):
    """The passes of a stretch, one entry for each.

    Its epoch, the number of its update within the epoch (from 0), its sample, and whether the parameters move
    after it.
    """

    epochs: np.ndarray
    updates: np.ndarray
    samples: np.ndarray
    last_of_batch: np.ndarray


def sampled(
    first: int, last: int, samples: int, batch_size: int, sampling: str, draw: np.random.Generator
) -> Passes:
    """The passes of all samples in the epochs from ``first`` to before ``last``.

    In batches of ``batch_size``; the last batch of an epoch may be smaller.
    "ordered": as the data stand; "shuffled": every epoch in a new order; "with_replacement": as many samples,
    each drawn from all of them. Taken in stretches from one generator the passes are the same as taken at
    once.
    Source: Neural Networks II (shuffled), Higham & Higham (with replacement), lecture deck (mini-batches).
    """
    count = last - first
    if sampling == "shuffled":
        order = draw.random((count, samples)).argsort(axis=1, kind="stable")
    elif sampling == "with_replacement":
        order = (draw.random((count, samples)) * samples).astype(int)
    else:
        order = np.tile(np.arange(samples), (count, 1))
    place = np.arange(samples)
    ends = (place % batch_size == batch_size - 1) | (place == samples - 1)
    return Passes(
        np.repeat(np.arange(first, last), samples),
        np.tile(place // batch_size, count),
        order.ravel(),
        np.tile(ends, count),
    )


def explicit(first: int, last: int, batches: Batches) -> Passes:
    """The passes of given batches in the epochs from ``first`` to before ``last``.

    ``batches``: for each epoch the index lists of its updates.
    """
    found = [
        (epoch, update, sample, place == len(batch) - 1)
        for epoch in range(first, last)
        for update, batch in enumerate(batches[epoch])
        for place, sample in enumerate(batch)
    ]
    epochs, updates, samples, ends = (np.array(column) for column in zip(*found, strict=True))
    return Passes(epochs, updates, samples, ends)


def checked_batches(batches: Any) -> Batches:
    """Explicit batches as tuples.

    Raises TypeError or ValueError for what is not a list of epochs, each a list of updates of sample indices.
    """
    cure = "give for each epoch the index lists of its updates, e.g. [[[0, 2], [1, 3]], [[0, 1], [2, 3]]]"
    if not _is_list(batches) or not len(batches):
        raise TypeError(f"batches is {checks.told(batches)}: {cure}")
    for epoch, updates in enumerate(batches):
        if not _is_list(updates) or not len(updates):
            raise TypeError(f"batches of epoch {epoch} is {checks.told(updates)}: {cure}")
        for batch in updates:
            if not _is_list(batch) or not len(batch):
                raise TypeError(f"batches of epoch {epoch} has {checks.told(batch)} as an update: {cure}")
    return tuple(
        tuple(
            tuple(checks.whole(f"a sample in batches of epoch {epoch}", sample, least=0) for sample in batch)
            for batch in updates
        )
        for epoch, updates in enumerate(batches)
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes)
