"""Trainings carried out by PyTorch in float64, its autograd and its torch.optim.

``python tests/tools/make_reference.py`` writes reference/torch.json.

Nothing of ann_dashboard is used here: the forward pass, the order of the samples and the dropout masks are
written anew, so that the recorded values are an independent computation, and hold the draws of a seed for
ever. Where PyTorch is not installed the same trainings are carried out by NumPy, layer by layer: a case that
is not recorded yet is written so, and the recorded ones stay.
"""

import json
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

PATH = Path(__file__).parents[1] / "reference" / "torch.json"
DEFAULTS: dict[str, Any] = {
    "hidden": "sigmoid",
    "output": "identity",
    "loss": "half_squared_error",
    "samples": 4,
    "epochs": 5,
    "eta": 0.3,
    "seed": 3,
}
SETTINGS = (
    "loss",
    "epochs",
    "eta",
    "seed",
    "batch_size",
    "sampling",
    "batches",
    "optimiser",
    "decay",
    "l1",
    "l2",
    "dropout",
    "train_biases",
)
"""What of a case is a setting of the training."""
BATCHES = [[[0, 2], [1, 3], [4]], [[4, 4, 1]], [[3], [2, 0, 1, 4]]]
CASES: dict[str, dict[str, Any]] = {
    "half squared error": {"widths": [3, 2, 1]},
    "half squared error of sigmoid outputs": {"widths": [2, 3, 2], "output": "sigmoid"},
    "half squared error of softmax outputs": {"widths": [3, 4, 3], "hidden": "tanh", "output": "softmax"},
    "mean squared error": {"widths": [2, 3, 3], "loss": "mean_squared_error"},
    "mean squared error of tanh outputs": {
        "widths": [2, 3, 2],
        "output": "tanh",
        "loss": "mean_squared_error",
    },
    "mean squared error of softmax outputs": {
        "widths": [2, 3, 2],
        "output": "softmax",
        "loss": "mean_squared_error",
    },
    "cross-entropy": {"widths": [3, 4, 3], "hidden": "tanh", "output": "softmax", "loss": "cross_entropy"},
    "cross-entropy of soft truths": {
        "widths": [2, 3, 3],
        "output": "softmax",
        "loss": "cross_entropy",
        "truths": "soft",
    },
    "cross-entropy without a hidden layer": {"widths": [3, 3], "output": "softmax", "loss": "cross_entropy"},
    "binary cross-entropy": {"widths": [2, 3, 1], "output": "sigmoid", "loss": "binary_cross_entropy"},
    "binary cross-entropy of soft truths": {
        "widths": [2, 3, 3],
        "output": "sigmoid",
        "loss": "binary_cross_entropy",
        "truths": "soft",
    },
    "relu and leaky relu": {"widths": [3, 4, 4, 2], "hidden": ["relu", "leaky_relu"], "output": "leaky_relu"},
    "relu output": {"widths": [3, 4, 2], "hidden": "identity", "output": "relu"},
    "step outputs": {"widths": [2, 2], "output": "step", "truths": "classes", "batch_size": 1},
    "step hidden": {"widths": [2, 3, 1], "hidden": "step"},
    "deep": {"widths": [2, 3, 2, 3, 2, 1], "hidden": ["tanh", "sigmoid", "relu", "leaky_relu"]},
    "stochastic, ordered": {"widths": [3, 2, 1], "batch_size": 1},
    "stochastic, shuffled": {"widths": [3, 2, 1], "batch_size": 1, "sampling": "shuffled"},
    "stochastic, with replacement": {"widths": [3, 2, 1], "batch_size": 1, "sampling": "with_replacement"},
    "mini-batches, the last one smaller": {"widths": [3, 2, 1], "batch_size": 3},
    "mini-batches, shuffled": {"widths": [2, 3, 2], "batch_size": 3, "sampling": "shuffled", "seed": 21},
    "mini-batches, with replacement": {
        "widths": [2, 3, 2],
        "batch_size": 4,
        "sampling": "with_replacement",
        "samples": 7,
    },
    "explicit batches": {"widths": [3, 2, 1], "batches": BATCHES, "epochs": 3, "samples": 5},
    "decay": {"widths": [3, 2, 1], "decay": 0.5, "batch_size": 2},
    "L1": {"widths": [3, 3, 1], "l1": 0.05},
    "L2": {"widths": [3, 3, 1], "l2": 0.2},
    "L1 and L2 in mini-batches": {
        "widths": [3, 3, 1],
        "l1": 0.02,
        "l2": 0.1,
        "batch_size": 2,
        "sampling": "shuffled",
    },
    "momentum": {"widths": [3, 2, 1], "optimiser": ["momentum", 0.9]},
    "momentum, stochastic, decay, L2": {
        "widths": [2, 3, 1],
        "optimiser": ["momentum", 0.5],
        "batch_size": 1,
        "decay": 0.1,
        "l2": 0.01,
    },
    "Adam": {"widths": [3, 2, 1], "optimiser": ["adam", 0.9, 0.999, 1e-8], "eta": 0.05},
    "Adam, another setting, cross-entropy": {
        "widths": [2, 3, 3],
        "output": "softmax",
        "loss": "cross_entropy",
        "optimiser": ["adam", 0.7, 0.9, 1e-3],
        "batch_size": 2,
        "sampling": "shuffled",
        "l1": 0.01,
    },
    "biases held": {"widths": [3, 2, 1], "train_biases": False},
    "biases held, Adam": {
        "widths": [3, 2, 1],
        "train_biases": False,
        "optimiser": ["adam", 0.9, 0.999, 1e-8],
    },
    "dropout": {"widths": [3, 4, 2], "dropout": 0.5},
    "dropout of tanh and leaky relu": {
        "widths": [3, 4, 4, 2],
        "hidden": ["tanh", "leaky_relu"],
        "dropout": 0.3,
        "batch_size": 2,
    },
    "dropout of relu and identity": {
        "widths": [3, 4, 4, 2],
        "hidden": ["relu", "identity"],
        "dropout": 0.3,
        "sampling": "shuffled",
    },
    "dropout of step, momentum": {
        "widths": [3, 4, 1],
        "hidden": "step",
        "dropout": 0.4,
        "optimiser": ["momentum", 0.9],
    },
    "dropout, Adam, binary cross-entropy": {
        "widths": [3, 5, 2],
        "output": "sigmoid",
        "loss": "binary_cross_entropy",
        "dropout": 0.25,
        "optimiser": ["adam", 0.9, 0.999, 1e-8],
        "batch_size": 2,
        "sampling": "with_replacement",
    },
    "RMSProp": {"widths": [3, 2, 1], "optimiser": ["rmsprop", 0.9, 1e-8], "eta": 0.05},
    "RMSProp, another setting, L1, stochastic": {
        "widths": [2, 3, 2],
        "optimiser": ["rmsprop", 0.5, 1e-3],
        "batch_size": 1,
        "l1": 0.01,
        "eta": 0.02,
    },
    "AdaGrad": {"widths": [3, 2, 1], "optimiser": ["adagrad", 1e-8], "eta": 0.05},
    "AdaGrad, another setting, L2, decay": {
        "widths": [2, 3, 3],
        "output": "softmax",
        "loss": "cross_entropy",
        "optimiser": ["adagrad", 1e-3],
        "batch_size": 2,
        "l2": 0.1,
        "decay": 0.1,
    },
    "softplus": {"widths": [2, 3, 2, 2], "hidden": ["softplus", "tanh"], "output": "softplus"},
    "softplus, dropout, cross-entropy": {
        "widths": [3, 5, 3],
        "hidden": "softplus",
        "output": "softmax",
        "loss": "cross_entropy",
        "dropout": 0.3,
        "batch_size": 2,
    },
    "Huber's loss": {"widths": [2, 3, 2], "loss": "huber"},
    "Huber's loss of large errors, tanh outputs": {
        "widths": [3, 3, 3],
        "loss": "huber",
        "output": "tanh",
        "truths": "large",
        "batch_size": 2,
    },
}


def inputs(case: dict[str, Any], number: int) -> dict[str, Any]:
    """x (n, p), y (n, k) and the parameters at the start, drawn for the number of the case.

    All weights, then all biases.
    """
    draw = np.random.default_rng(number)
    widths, samples = case["widths"], case["samples"]
    if case.get("truths") == "soft":
        y = draw.uniform(0.0, 1.0, (samples, widths[-1]))
    elif case.get("truths") == "large":
        y = draw.uniform(-4.0, 4.0, (samples, widths[-1]))
    elif case["loss"].endswith("entropy") or case.get("truths") == "classes":
        classes = draw.integers(0, max(2, widths[-1]), samples)
        y = np.eye(widths[-1])[classes] if widths[-1] > 1 else classes[:, None].astype(float)
    else:
        y = draw.uniform(-1.0, 1.0, (samples, widths[-1]))
    parameters = sum(targets * (sources + 1) for sources, targets in pairwise(widths))
    x, start = draw.uniform(-1.0, 1.0, (samples, widths[0])), draw.uniform(-1.0, 1.0, parameters)
    return {"x": x.tolist(), "y": y.tolist(), "start": start.tolist()}


def batches_of(case: dict[str, Any]) -> list[list[list[int]]]:
    """For each epoch the index lists of its updates."""
    if "batches" in case:
        return case["batches"]
    epochs, samples = case["epochs"], case["samples"]
    draw, size = np.random.default_rng([case["seed"], 1]), case.get("batch_size", samples)
    orders = {
        "ordered": lambda: list(range(samples)),
        "shuffled": lambda: np.argsort(draw.random(samples)).tolist(),
        "with_replacement": lambda: [int(samples * draw.random()) for _ in range(samples)],
    }
    order = orders[case.get("sampling", "ordered")]
    epochs_of_samples = [order() for _ in range(epochs)]
    return [[found[first : first + size] for first in range(0, samples, size)] for found in epochs_of_samples]


def torch_training(case: dict[str, Any]) -> dict[str, Any]:
    """What PyTorch makes of a case.

    The states at the start of each epoch and after the last, the mean loss over the data there, and of every
    sample at the start, with no node left out, L and its derivatives by every signal and every parameter.
    """
    import torch

    class Step(torch.autograd.Function):
        """1 from 0 on, else 0, with the slope 1."""

        @staticmethod
        def forward(context: Any, total: torch.Tensor) -> torch.Tensor:
            return (total >= 0).double()

        @staticmethod
        def backward(context: Any, *derivatives: torch.Tensor) -> torch.Tensor:
            return derivatives[0]

    activations = {
        "identity": lambda total: total * 1.0,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu": lambda total: torch.nn.functional.leaky_relu(total, 0.01),
        "step": Step.apply,
        "softmax": lambda total: torch.softmax(total, dim=-1),
        "softplus": lambda total: torch.nn.functional.softplus(total, threshold=float("inf")),
    }
    losses = {
        "half_squared_error": lambda out, y: 0.5 * ((out - y) ** 2).sum(-1),
        "mean_squared_error": lambda out, y: ((out - y) ** 2).mean(-1),
        "huber": lambda out, y: torch.nn.functional.huber_loss(out, y, reduction="none", delta=1.0).sum(-1),
        "cross_entropy": lambda out, y: -(y * torch.log(out)).sum(-1),
        "binary_cross_entropy": lambda out, y: -(y * torch.log(out) + (1 - y) * torch.log(1 - out)).sum(-1),
    }
    widths, hidden = case["widths"], case["hidden"]
    names = [hidden] * (len(widths) - 2) if isinstance(hidden, str) else hidden
    x, y = torch.tensor(case["x"], dtype=torch.float64), torch.tensor(case["y"], dtype=torch.float64)
    weight_count = sum(sources * targets for sources, targets in pairwise(widths))
    start = torch.tensor(case["start"], dtype=torch.float64)
    weights, biases = (part.clone().requires_grad_() for part in (start[:weight_count], start[weight_count:]))

    def signals(x: torch.Tensor, masks: torch.Tensor | None = None) -> list[torch.Tensor]:
        """Pre- and post-activations of each layer (2 × layers); masks (samples, hidden nodes)."""
        found, weight, bias, masked = [x, x * 1.0], 0, 0, 0
        for layer, (sources, targets) in enumerate(pairwise(widths)):
            matrix = weights[weight : weight + sources * targets].reshape(targets, sources)
            total = found[-1] @ matrix.T + biases[bias : bias + targets]
            out = activations[[*names, case["output"]][layer]](total)
            if masks is not None and layer < len(names):
                out = out * masks[..., masked : masked + targets]
                masked += targets
            found += [total, out]
            weight, bias = weight + sources * targets, bias + targets
        return found

    def sample_losses(x: torch.Tensor, y: torch.Tensor, masks: torch.Tensor | None = None) -> torch.Tensor:
        return losses[case["loss"]](signals(x, masks)[-1], y)

    derivatives = []
    for sample in range(len(x)):
        found = signals(x[sample].clone().requires_grad_())
        value = losses[case["loss"]](found[-1], y[sample])
        by = torch.autograd.grad(value, [*found, weights, biases], materialize_grads=True)
        interleaved = [
            torch.stack(pair, dim=1).flatten() for pair in zip(by[0:-2:2], by[1:-2:2], strict=True)
        ]
        derivatives.append([value.item(), *torch.cat([*interleaved, *by[-2:]]).tolist()])

    trained = [weights, biases] if case.get("train_biases", True) else [weights]
    match case.get("optimiser"):
        case ["momentum", a]:
            optimiser = torch.optim.SGD(trained, lr=case["eta"], momentum=a, dampening=a)
            for parameter in trained:  # v = 0 at the start; PyTorch's own first v is g
                optimiser.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
        case ["adam", beta1, beta2, epsilon]:
            optimiser = torch.optim.Adam(trained, lr=case["eta"], betas=(beta1, beta2), eps=epsilon)
        case ["rmsprop", rho, epsilon]:
            optimiser = torch.optim.RMSprop(trained, lr=case["eta"], alpha=rho, eps=epsilon)
        case ["adagrad", epsilon]:
            optimiser = torch.optim.Adagrad(trained, lr=case["eta"], eps=epsilon)
        case _:
            optimiser = torch.optim.SGD(trained, lr=case["eta"])

    draw, stays = np.random.default_rng([case["seed"], 2]), 1.0 - case.get("dropout", 0.0)
    states, means = [], []

    def keep() -> None:
        states.append(torch.cat([weights, biases]).tolist())
        means.append(sample_losses(x, y).mean().item())

    for epoch, updates in enumerate(batches_of(case)):
        keep()
        optimiser.param_groups[0]["lr"] = case["eta"] / (1.0 + case.get("decay", 0.0) * epoch)
        for batch in updates:
            drawn = draw.random((len(batch), sum(widths[1:-1]))) < stays
            masks = torch.tensor(drawn / stays) if stays < 1.0 else None
            penalty = (
                case.get("l1", 0.0) * weights.abs().sum() + 0.5 * case.get("l2", 0.0) * (weights**2).sum()
            )
            optimiser.zero_grad()
            (sample_losses(x[batch], y[batch], masks).mean() + penalty).backward()
            optimiser.step()
    keep()
    return {"states": states, "losses": means, "derivatives": derivatives}


OUT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "identity": lambda total: total,
    "sigmoid": lambda total: 1.0 / (1.0 + np.exp(-total)),
    "tanh": np.tanh,
    "relu": lambda total: np.maximum(total, 0.0),
    "leaky_relu": lambda total: np.where(total > 0.0, total, 0.01 * total),
    "step": lambda total: np.where(total >= 0.0, 1.0, 0.0),
    "softmax": lambda total: np.exp(total) / np.exp(total).sum(-1, keepdims=True),
    "softplus": lambda total: np.logaddexp(0.0, total),
}
BACK: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]] = {
    "identity": lambda total, out, d: d,
    "sigmoid": lambda total, out, d: d * out * (1.0 - out),
    "tanh": lambda total, out, d: d * (1.0 - out**2),
    "relu": lambda total, out, d: d * (total > 0.0),
    "leaky_relu": lambda total, out, d: d * np.where(total > 0.0, 1.0, 0.01),
    "step": lambda total, out, d: d,
    "softmax": lambda total, out, d: out * (d - (out * d).sum(-1, keepdims=True)),
    "softplus": lambda total, out, d: d / (1.0 + np.exp(-total)),
}
"""The derivative by the weighted sums of a layer (samples, nodes), from that by its outputs."""
LOSS: dict[str, Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]] = {
    "half_squared_error": lambda out, y: (0.5 * ((out - y) ** 2).sum(-1), out - y),
    "mean_squared_error": lambda out, y: (((out - y) ** 2).mean(-1), 2.0 * (out - y) / y.shape[-1]),
    "huber": lambda out, y: (
        np.where(np.abs(out - y) < 1.0, 0.5 * (out - y) ** 2, np.abs(out - y) - 0.5).sum(-1),
        np.clip(out - y, -1.0, 1.0),
    ),
    "cross_entropy": lambda out, y: (-(y * np.log(out)).sum(-1), -y / out),
    "binary_cross_entropy": lambda out, y: (
        -(y * np.log(out) + (1 - y) * np.log(1 - out)).sum(-1),
        (1 - y) / (1 - out) - y / out,
    ),
}
"""L (samples,) and its derivative by the outputs (samples, outputs)."""


def _moved(
    optimiser: list[Any], theta: np.ndarray, g: np.ndarray, eta: float, kept: list[np.ndarray], t: int
) -> np.ndarray:
    """The parameters after update number t from 1; ``kept``: two running means, written anew."""
    match optimiser:
        case ["momentum", a]:
            kept[0] = a * kept[0] + (1 - a) * g
            return theta - eta * kept[0]
        case ["adam", beta1, beta2, epsilon]:
            kept[:] = beta1 * kept[0] + (1 - beta1) * g, beta2 * kept[1] + (1 - beta2) * g**2
            return theta - eta * kept[0] / (1 - beta1**t) / (np.sqrt(kept[1] / (1 - beta2**t)) + epsilon)
        case ["rmsprop", rho, epsilon]:
            kept[0] = rho * kept[0] + (1 - rho) * g**2
            return theta - eta * g / (np.sqrt(kept[0]) + epsilon)
        case ["adagrad", epsilon]:
            kept[0] = kept[0] + g**2
            return theta - eta * g / (np.sqrt(kept[0]) + epsilon)
    return theta - eta * g


def array_training(case: dict[str, Any]) -> dict[str, Any]:
    """As `torch_training`, by NumPy: δ of the last layer, then δ ← (Wᵀδ) ∘ α′, layer by layer."""
    widths, hidden = case["widths"], case["hidden"]
    names = [*([hidden] * (len(widths) - 2) if isinstance(hidden, str) else hidden), case["output"]]
    x, y, theta = (np.array(case[key]) for key in ("x", "y", "start"))
    weight_count = sum(sources * targets for sources, targets in pairwise(widths))
    stays = 1.0 - case.get("dropout", 0.0)

    def passed(
        theta: np.ndarray, x: np.ndarray, y: np.ndarray, masks: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """L (samples,), and its derivatives by signals and by parameters (samples, ...)."""
        weights, biases = (
            np.split(theta[:weight_count], np.cumsum([p * q for p, q in pairwise(widths)])[:-1]),
            np.split(theta[weight_count:], np.cumsum(widths[1:])[:-1]),
        )
        factors = (
            [*np.split(masks, np.cumsum(widths[1:-1])[:-1], axis=1), np.ones((len(x), widths[-1]))]
            if len(widths) > 2
            else [np.ones_like(y)]
        )
        outs, totals, raw = [x], [x], [x]
        for name, w, b, factor in zip(names, weights, biases, factors, strict=True):
            totals.append(outs[-1] @ w.reshape(len(b), -1).T + b)
            raw.append(OUT[name](totals[-1]))
            outs.append(factor * raw[-1])
        value, d = LOSS[case["loss"]](outs[-1], y)
        by_signal: list[np.ndarray] = []
        by_weight: list[np.ndarray] = []
        by_bias: list[np.ndarray] = []
        for place in range(len(names), 0, -1):
            delta = BACK[names[place - 1]](totals[place], raw[place], d * factors[place - 1])
            by_signal.insert(0, np.stack([delta, d], axis=2).reshape(len(x), -1))
            by_weight.insert(0, (delta[:, :, None] * outs[place - 1][:, None, :]).reshape(len(x), -1))
            by_bias.insert(0, delta)
            d = delta @ weights[place - 1].reshape(widths[place], -1)
        by_signal.insert(0, np.repeat(d, 2, axis=1))
        return value, np.concatenate(by_signal, axis=1), np.concatenate([*by_weight, *by_bias], axis=1)

    all_stay = np.ones((len(x), sum(widths[1:-1])))
    value, by_signal, by_parameter = passed(theta, x, y, all_stay)
    derivatives = np.column_stack([value, by_signal, by_parameter]).tolist()
    draw = np.random.default_rng([case["seed"], 2])
    trained = np.arange(len(theta)) < (len(theta) if case.get("train_biases", True) else weight_count)
    is_weight = np.arange(len(theta)) < weight_count
    kept, updates = [np.zeros_like(theta)] * 2, 0
    states, means = [theta.tolist()], [value.mean().item()]
    for epoch, batches in enumerate(batches_of(case)):
        eta = case["eta"] / (1.0 + case.get("decay", 0.0) * epoch)
        for batch in batches:
            updates += 1
            drawn = draw.random((len(batch), sum(widths[1:-1]))) < stays
            masks = drawn / stays if stays < 1.0 else np.ones(drawn.shape)
            g = passed(theta, x[batch], y[batch], masks)[2].mean(axis=0)
            g = g + is_weight * (case.get("l1", 0.0) * np.sign(theta) + case.get("l2", 0.0) * theta)
            theta = np.where(
                trained,
                _moved(case.get("optimiser", []), theta, np.where(trained, g, 0.0), eta, kept, updates),
                theta,
            )
        states.append(theta.tolist())
        means.append(passed(theta, x, y, all_stay)[0].mean().item())
    return {"states": states, "losses": means, "derivatives": derivatives}


def cases() -> dict[str, dict[str, Any]]:
    """Every case with its defaults and its inputs."""
    return {
        name: DEFAULTS | case | inputs(DEFAULTS | case, number)
        for number, (name, case) in enumerate(CASES.items())
    }


def written(found: dict[str, dict[str, Any]]) -> str:
    """The cases as JSON, each entry on a line."""
    entries = {
        name: ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in case.items())
        for name, case in found.items()
    }
    return (
        "{\n"
        + ",\n".join(f" {json.dumps(name)}: {{\n{entry}\n }}" for name, entry in entries.items())
        + "\n}\n"
    )


if __name__ == "__main__":
    if find_spec("torch"):
        found = {name: case | torch_training(case) for name, case in cases().items()}
    else:
        recorded = json.loads(PATH.read_text(encoding="utf-8"))
        found = {name: recorded.get(name) or case | array_training(case) for name, case in cases().items()}
    PATH.write_text(written(found))
