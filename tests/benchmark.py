"""What one recorded epoch of the lecture's 3-2-1 network costs, every candidate interleaved in one run: ``python tests/benchmark.py``.

Prints the median and the 95th percentile of the µs an epoch, and each median as a ratio to the by-hand loop.
"""

import argparse
import importlib.util
import math
import statistics
import time
from collections.abc import Callable

import numpy as np

from ann_dashboard import Training, engine, lessons, train
from ann_dashboard.initialisers import lecture

EPOCHS = 1000


def by_hand(start: dict[str, float], eta: float, epochs: int) -> np.ndarray:
    """The lecture's way: one scalar equation a quantity, written out for this one network, one NumPy array a quantity. Returns ŷ (epochs,)."""
    I1, I2, I3, y = 0.5, 0.2, 0.7, 0.3
    l14, l24, l34, l15, l25, l35, l46, l56, b4, b5, b6 = (np.full(epochs, value) for value in start.values())
    H4, H5, O6, d4, d5, d6 = (np.zeros(epochs) for _ in range(6))
    g14, g24, g34, g15, g25, g35, g46, g56, g4, g5, g6 = (np.zeros(epochs) for _ in range(11))
    for i in range(epochs):
        H4[i] = l14[i] * I1 + l24[i] * I2 + l34[i] * I3 + b4[i]
        H4[i] = 1.0 / (1.0 + math.exp(-1 * H4[i]))
        H5[i] = l15[i] * I1 + l25[i] * I2 + l35[i] * I3 + b5[i]
        H5[i] = 1.0 / (1.0 + math.exp(-1 * H5[i]))
        O6[i] = l46[i] * H4[i] + l56[i] * H5[i] + b6[i]
        d6[i] = y - O6[i]
        d5[i] = H5[i] * (1 - H5[i]) * l56[i] * d6[i]
        d4[i] = H4[i] * (1 - H4[i]) * l46[i] * d6[i]
        if i < epochs - 1:
            g14[i], g24[i], g34[i] = eta * d4[i] * I1, eta * d4[i] * I2, eta * d4[i] * I3
            g15[i], g25[i], g35[i] = eta * d5[i] * I1, eta * d5[i] * I2, eta * d5[i] * I3
            g46[i], g56[i] = eta * d6[i] * H4[i], eta * d6[i] * H5[i]
            g4[i], g5[i], g6[i] = eta * d4[i], eta * d5[i], eta * d6[i]
            l14[i + 1], l24[i + 1], l34[i + 1] = l14[i] + g14[i], l24[i] + g24[i], l34[i] + g34[i]
            l15[i + 1], l25[i + 1], l35[i + 1] = l15[i] + g15[i], l25[i] + g25[i], l35[i] + g35[i]
            l46[i + 1], l56[i + 1] = l46[i] + g46[i], l56[i] + g56[i]
            b4[i + 1], b5[i + 1], b6[i + 1] = b4[i] + g4[i], b5[i] + g5[i], b6[i] + g6[i]
    return O6


def torch_eager(start: dict[str, float], eta: float, epochs: int) -> list[float]:
    """The same training by PyTorch's autograd and SGD in float64; records ŷ only."""
    import torch

    values = list(start.values())

    def tensor(numbers: float | list) -> torch.Tensor:
        return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)

    hidden, output = tensor([values[0:3], values[3:6]]), tensor(values[6:8])
    b_hidden, b_output = tensor(values[8:10]), tensor(values[10])
    x = torch.tensor([0.5, 0.2, 0.7], dtype=torch.float64)
    optimiser = torch.optim.SGD([hidden, output, b_hidden, b_output], lr=eta)
    predictions = []
    for _ in range(epochs):
        optimiser.zero_grad()
        prediction = output @ torch.sigmoid(hidden @ x + b_hidden) + b_output
        predictions.append(prediction.item())
        (0.5 * (prediction - 0.3) ** 2).backward()
        optimiser.step()
    return predictions


def candidates() -> dict[str, Callable[[], object]]:
    """What is compared, by name; each call trains 1000 recorded epochs from the lecture's start."""
    lesson = lessons.LECTURE
    training = Training(eta=0.1, epochs=EPOCHS, seed=3)
    start = lecture(lesson.network, 3)
    found: dict[str, Callable[[], object]] = {
        "by-hand loop of the lecture's kind": lambda: by_hand(start, 0.1, EPOCHS),
        "ann_dashboard, plain Python": lambda: train(lesson.network, lesson.data, training, by="plain"),
    }
    if importlib.util.find_spec("numba"):
        engine.compiled()
        found["ann_dashboard, compiled by numba"] = lambda: train(lesson.network, lesson.data, training, by="compiled")
    if importlib.util.find_spec("torch"):
        found["PyTorch, eager (records the prediction only)"] = lambda: torch_eager(start, 0.1, EPOCHS)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="interleaved rounds (default 40)")
    rounds = parser.parse_args().rounds
    compared = candidates()
    seconds: dict[str, list[float]] = {name: [] for name in compared}
    for candidate in compared.values():
        candidate()
    for _ in range(rounds):
        for name, candidate in compared.items():
            began = time.perf_counter()
            candidate()
            seconds[name].append(time.perf_counter() - began)
    base = statistics.median(next(iter(seconds.values())))
    print(f"{'1000 recorded epochs of 3-2-1':46}{'median µs/epoch':>16}{'p95':>9}{'ratio':>8}")
    for name, taken in seconds.items():
        median, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"{name:46}{median / EPOCHS * 1e6:16.2f}{p95 / EPOCHS * 1e6:9.2f}{median / base:8.2f}")


if __name__ == "__main__":
    main()
