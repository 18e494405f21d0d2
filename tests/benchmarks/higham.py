"""Higham & Higham's classifier from many random starts.

``python tests/benchmarks/higham.py 20`` prints how many of the ten points come right, and the cost.
"""

import sys
from dataclasses import replace
from functools import cache

import numpy as np

from ann_dashboard import History, train
from ann_dashboard.lessons.higham import FULL_RUN, HIGHAM

EPOCHS = (10_000, 100_000)
"""The epochs that are looked at: after 10⁵ and 10⁶ updates."""


def full_run(seed: int) -> History:
    """The source's 10⁶ updates from the start of a seed, every 10⁵ recorded."""
    return train(HIGHAM.network, HIGHAM.data, replace(FULL_RUN, seed=seed, record_every=EPOCHS[0]))


def points_right(history: History) -> np.ndarray:
    """How many of the ten points are in their class, the output that is larger, at each recorded epoch
    (recorded epochs,).
    """
    return (history.predictions().argmax(axis=2) == history.data.y.argmax(axis=1)).sum(axis=1)


@cache
def outcomes(seeds: range) -> tuple[np.ndarray, np.ndarray]:
    """Points right and cost C = (1/N) Σ ½‖ŷ − y‖² of each seed at the two epochs, both (seeds, 2)."""
    histories = [full_run(seed) for seed in seeds]
    at = np.searchsorted(histories[0].recorded_epochs, EPOCHS)
    return np.array([points_right(history)[at] for history in histories]), np.array(
        [history.losses[at] for history in histories]
    )


def main(starts: int) -> None:
    """Print the table."""
    right, costs = outcomes(range(starts))
    print(f"seeds 0 to {starts - 1}")
    for place, epochs in enumerate(EPOCHS):
        all_right = (right[:, place] == 10).sum()
        least, median, most = np.quantile(costs[:, place], [0.0, 0.5, 1.0])
        print(
            f"{10 * epochs:9,} updates: all ten right for {all_right} of {starts}, "
            f"fewest {right[:, place].min()}; cost {least:.2g} to {most:.2g}, median {median:.2g}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
