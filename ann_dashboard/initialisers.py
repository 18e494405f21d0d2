"""Initialisers: the start values of all weights and biases for a seed."""

import math

import numpy as np

from ann_dashboard.network import Network


def lecture(network: Network, seed: int) -> dict[str, float]:
    """The sources' random start, bit for bit: weights into a node with p inputs from U[−1/√p, 1/√p], biases from U[−0.25, 0.25].

    Returns parameter symbol -> start value, drawn in the order of ``network.parameters`` from numpy's legacy generator.
    Source: e-book chapter, by-hand code, "Xavier Weight Initialization".
    """
    draws = iter(np.random.RandomState(seed).random_sample(network.parameter_count).tolist())
    start: dict[str, float] = {}
    for sources, targets in zip(network.widths, network.widths[1:], strict=False):
        limit = 1.0 / math.sqrt(sources)
        for _ in range(sources * targets):
            start[network.weights[len(start)]] = -limit + next(draws) * (limit - -limit)
    for symbol in network.biases:
        start[symbol] = (next(draws) - 0.5) * 0.5
    return start
