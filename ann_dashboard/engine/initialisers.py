"""Initialisers: the start values of all weights and biases for a seed.

Each is drawn from NumPy's legacy generator, which never changes.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from ann_dashboard.engine.network import Network


def lecture(network: Network, seed: int) -> dict[str, float]:
    """The sources' random start, bit for bit.

    Weights into a node with p inputs from U[−1/√p, 1/√p], biases from U[−0.25, 0.25].
    Returns parameter symbol -> start value, drawn in the order of ``network.parameters``.
    Source: e-book chapter, by-hand code, "Xavier Weight Initialization".
    """
    draws = iter(np.random.RandomState(seed).random_sample(network.parameter_count).tolist())
    values = []
    for inputs, _, count in _blocks(network):
        upper = 1.0 / math.sqrt(inputs)
        lower = -upper
        values += [lower + next(draws) * (upper - lower) for _ in range(count)]
    values += [(next(draws) - 0.5) * 0.5 for _ in network.biases]
    return dict(zip(network.parameters, values, strict=True))


def glorot(network: Network, seed: int) -> dict[str, float]:
    """Normalised Xavier; biases 0.

    Weights from U[−√6/√(n_in + n_out), √6/√(n_in + n_out)], where n_out is the width of the node's own layer.
    Source: Glorot & Bengio 2010, equation 16. Erratum: the deck prints ±1/√(p + k), the e-book ±1/(√p + k).
    """
    draws = np.random.RandomState(seed).random_sample(network.weight_count)
    return _with_biases_of_zero(
        network,
        (2.0 * draws - 1.0)
        * _by_weight(network, lambda inputs, width: math.sqrt(6.0) / math.sqrt(inputs + width)),
    )


def he(network: Network, seed: int) -> dict[str, float]:
    """Weights normal with standard deviation √(2/n_in), made for ReLU; biases 0.

    Source: He et al. 2015, named by Neural Networks II.
    """
    draws = np.random.RandomState(seed).standard_normal(network.weight_count)
    return _with_biases_of_zero(
        network, draws * _by_weight(network, lambda inputs, _: math.sqrt(2.0 / inputs))
    )


def normal(network: Network, seed: int) -> dict[str, float]:
    """0.5 · normal for every weight and bias. Source: Higham & Higham 2019, netbp.m."""
    draws = np.random.RandomState(seed).standard_normal(network.parameter_count)
    return dict(zip(network.parameters, (0.5 * draws).tolist(), strict=True))


def zeros(network: Network, seed: int) -> dict[str, float]:
    """Every weight and bias 0, whatever the seed.

    The nodes of a hidden layer then stay equal forever. Source: Neural Networks II.
    """
    return dict.fromkeys(network.parameters, 0.0)


INITIALISERS: Mapping[str, Callable[[Network, int], dict[str, float]]] = MappingProxyType(
    {"lecture": lecture, "glorot": glorot, "he": he, "normal": normal, "zeros": zeros}
)


def _blocks(network: Network) -> Iterator[tuple[int, int, int]]:
    """Of each layer after the first: inputs of a node, nodes, and weights between."""
    return (
        (inputs, width, inputs * width)
        for inputs, width in zip(network.widths, network.widths[1:], strict=False)
    )


def _by_weight(network: Network, size: Callable[[int, int], float]) -> np.ndarray:
    """A size that depends on the inputs and the width of a layer, for each weight (weights,)."""
    return np.concatenate([np.full(count, size(inputs, width)) for inputs, width, count in _blocks(network)])


def _with_biases_of_zero(network: Network, weights: np.ndarray) -> dict[str, float]:
    return dict.fromkeys(network.parameters, 0.0) | dict(zip(network.weights, weights.tolist(), strict=True))
