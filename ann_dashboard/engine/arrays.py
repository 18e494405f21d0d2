"""Predictions and losses of many states over many samples at once, by arrays.

Curves over all data and maps of a network need them.
The numbers of one pass come from `engine`, node by node; these are the same equations, layer by layer.
"""

from collections.abc import Iterator

import numpy as np

from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.network import Network

MOST_NUMBERS = 2_000_000
"""Signals of one layer that are held at a time: about 16 MB."""


def predictions(network: Network, states: np.ndarray, x: np.ndarray) -> np.ndarray:
    """ŷ (states, samples, outputs) of inputs x (samples, p).

    Scaled as the network was trained. ``states`` (states, parameters): the parameters.
    """
    return _activated(network.output, outputs_before_activation(network, states, x))


def mean_losses(network: Network, loss: str, states: np.ndarray, data: Dataset) -> np.ndarray:
    """C = (1/N) Σ L_i over all samples at each state (states,).

    Without penalty and without dropout.
    """
    found = []
    for stretch in _stretches(network, states, data.x):
        before = _output_totals(network, stretch, data.x)
        with np.errstate(over="ignore", invalid="ignore"):
            found.append(losses(loss, before, _activated(network.output, before), data.y).mean(axis=1))
    return np.concatenate(found) if found else np.empty(0)


def outputs_before_activation(network: Network, states: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Pre-activations of the output nodes (states, samples, outputs).

    They come in stretches of states that keep the memory small.
    """
    parts = [_output_totals(network, stretch, x) for stretch in _stretches(network, states, x)]
    return np.concatenate(parts) if parts else np.empty((0, len(x), network.widths[-1]))


def _stretches(network: Network, states: np.ndarray, x: np.ndarray) -> Iterator[np.ndarray]:
    """The states, as many at a time as keep the memory small."""
    length = max(1, MOST_NUMBERS // (len(x) * max(network.widths)))
    return (states[first : first + length] for first in range(0, len(states), length))


@np.errstate(over="ignore", invalid="ignore")
def _output_totals(network: Network, states: np.ndarray, x: np.ndarray) -> np.ndarray:
    signals, total = x[np.newaxis], x[np.newaxis]
    weight, bias = 0, network.weight_count
    for place, (sources, targets) in enumerate(zip(network.widths, network.widths[1:], strict=False)):
        weights = states[:, weight : weight + sources * targets].reshape(-1, targets, sources)
        total = signals @ weights.transpose(0, 2, 1) + states[:, np.newaxis, bias : bias + targets]
        weight, bias = weight + sources * targets, bias + targets
        if place < len(network.widths) - 2:
            signals = _activated(network.layer_activations[place], total)
    return total


@np.errstate(over="ignore", invalid="ignore")
def _activated(name: str, total: np.ndarray) -> np.ndarray:
    """α(in) of a layer (..., nodes); what is not a number stays none."""
    return ACTIVATIONS[name].outs(total)


@np.errstate(over="ignore", invalid="ignore")
def losses(loss: str, before: np.ndarray, predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """L (...) of predictions and their pre-activations (..., outputs).

    The entropies use the pre-activations, so they are stable at any input.
    """
    return LOSSES[loss].values(before, predicted, y)
