"""The passes of a network computed by matrices, layer by layer.

An independent computation of what the engine writes node by node.
"""

import numpy as np

from ann_dashboard import Dataset, Network

OUT = {
    "identity": lambda total: total,
    "sigmoid": lambda total: 1.0 / (1.0 + np.exp(-total)),
    "tanh": np.tanh,
    "relu": lambda total: np.maximum(total, 0.0),
    "leaky_relu": lambda total: np.where(total > 0.0, total, 0.01 * total),
    "step": lambda total: np.where(total >= 0.0, 1.0, 0.0),
    "softplus": lambda total: np.logaddexp(0.0, total),
    "softmax": lambda total: np.exp(total - np.logaddexp.reduce(total, axis=1, keepdims=True)),
}
SLOPE = {
    "identity": np.ones_like,
    "sigmoid": lambda total: 1.0 / (2.0 * np.cosh(total / 2.0)) ** 2,
    "tanh": lambda total: 1.0 / np.cosh(total) ** 2,
    "relu": lambda total: np.where(total > 0.0, 1.0, 0.0),
    "leaky_relu": lambda total: np.where(total > 0.0, 1.0, 0.01),
    "step": np.ones_like,
    "softplus": lambda total: 1.0 / (1.0 + np.exp(-total)),
}


def matrices(network: Network, parameters: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each layer's weights (targets, sources) and biases (targets,).

    From parameters in the network's order.
    """
    weights, biases = np.split(np.asarray(parameters), [network.weight_count])
    taken, layers = 0, []
    for sources, targets in zip(network.widths, network.widths[1:], strict=False):
        layers.append(
            (weights[taken : taken + sources * targets].reshape(targets, sources), biases[:targets])
        )
        taken, biases = taken + sources * targets, biases[targets:]
    return layers


def signals(
    network: Network,
    parameters: np.ndarray,
    x: np.ndarray,
    *,
    pushed: np.ndarray | None = None,
    masks: np.ndarray | None = None,
) -> np.ndarray:
    """Pre- and post-activations (samples, 2 × nodes) in the order of ``network.signals``.

    ``pushed`` (2 × nodes,) is added to them on the way; ``masks`` (samples, hidden nodes) multiply the hidden
    nodes' outputs.
    """
    pushes = np.zeros((len(network.nodes), 2)) if pushed is None else np.reshape(pushed, (-1, 2))
    totals = x + pushes[: network.widths[0], 0]
    outs = totals + pushes[: network.widths[0], 1]
    found, first = [np.stack([totals, outs], axis=2)], network.widths[0]
    factors = _factors(network, masks, len(x))
    for (weights, biases), name, factor in zip(
        matrices(network, parameters), network.layer_activations, factors, strict=True
    ):
        push = pushes[first : first + len(biases)]
        totals = outs @ weights.T + biases + push[:, 0]
        outs = factor * OUT[name](totals) + push[:, 1]
        found.append(np.stack([totals, outs], axis=2))
        first += len(biases)
    return np.concatenate(found, axis=1).reshape(len(x), -1)


def losses(loss: str, out: np.ndarray, y: np.ndarray) -> np.ndarray:
    """L (samples,) of outputs and truths (samples, outputs)."""
    match loss:
        case "half_squared_error":
            return 0.5 * ((out - y) ** 2).sum(axis=1)
        case "mean_squared_error":
            return ((out - y) ** 2).mean(axis=1)
        case "cross_entropy":
            return -(y * np.log(out)).sum(axis=1)
        case "huber":
            size, clipped = np.abs(out - y), np.minimum(np.abs(out - y), 1.0)
            return (clipped * (size - 0.5 * clipped)).sum(axis=1)
    return -(y * np.log(out) + (1.0 - y) * np.log1p(-out)).sum(axis=1)


def rows_by_matrices(
    network: Network,
    parameters: np.ndarray,
    data: Dataset,
    eta: float,
    *,
    loss: str = "half_squared_error",
    masks: np.ndarray | None = None,
) -> np.ndarray:
    """All columns of one state (samples, columns): δ of the last layer, then δ ← (Wᵀδ) ∘ α′, layer by layer.

    Source: Higham & Higham 2019, lemma 5.1, for any activation and loss.
    """
    forward = signals(network, parameters, data.x, masks=masks)
    layers = np.split(forward.reshape(len(data), -1, 2), np.cumsum(network.widths)[:-1], axis=1)
    out_in, out = layers[-1][:, :, 0], layers[-1][:, :, 1]
    back, delta = _at_the_outputs(loss, network.output, out_in, out, data.y)
    d_signals, d_weights, d_biases = [], [], []
    steps = zip(
        matrices(network, parameters),
        network.layer_activations,
        _factors(network, masks, len(data)),
        layers,
        layers[1:],
        strict=False,
    )
    for place, ((weights, _), name, factor, sources, targets) in enumerate(reversed(list(steps))):
        if place:
            delta = back * factor * SLOPE[name](targets[:, :, 0])
        d_signals.insert(0, np.stack([delta, back], axis=2))
        d_weights.insert(0, (delta[:, :, None] * sources[:, None, :, 1]).reshape(len(data), -1))
        d_biases.insert(0, delta)
        back = delta @ weights
    d_signals.insert(0, np.stack([back, back], axis=2))
    given_parameters = np.tile(parameters, (len(data), 1))
    derivatives = [np.concatenate(d_signals, axis=1).reshape(len(data), -1), *d_weights, *d_biases]
    loss_column = losses(loss, out, data.y)[:, None]
    return np.concatenate(
        [forward, data.y, loss_column, given_parameters, *derivatives, np.full((len(data), 1), eta)], axis=1
    )


def _at_the_outputs(
    loss: str, output: str, out_in: np.ndarray, out: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """∂L/∂O and ∂L/∂O_in (samples, outputs)."""
    if loss == "cross_entropy":
        return -y / out, out * y.sum(axis=1, keepdims=True) - y
    if loss == "binary_cross_entropy":
        return (1.0 - y) * (1.0 + np.exp(out_in)) - y / out, out - y
    back = (
        np.clip(out - y, -1.0, 1.0)
        if loss == "huber"
        else (out - y) * (1.0 if loss == "half_squared_error" else 2.0 / y.shape[1])
    )
    if output != "softmax":
        return back, back * SLOPE[output](out_in)
    jacobian = out[:, :, None] * (np.eye(y.shape[1]) - out[:, None, :])
    return back, np.einsum("njl,nj->nl", jacobian, back)


def _factors(network: Network, masks: np.ndarray | None, samples: int) -> list[np.ndarray]:
    """What each layer's outputs are multiplied by (samples, nodes); 1 at the output layer."""
    *hidden, outputs = network.widths[1:]
    parts = (
        [np.ones((samples, width)) for width in hidden]
        if masks is None
        else np.split(masks, np.cumsum(hidden), axis=1)[: len(hidden)]
    )
    return [*parts, np.ones((samples, outputs))]
