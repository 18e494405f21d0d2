"""What training costs, every candidate interleaved in one run: ``python tests/benchmarks/engine.py``.

Prints medians and 95th percentiles: one recorded epoch of the lecture's 3-2-1 network beside a by-hand loop;
Higham & Higham's 10⁶ stochastic updates with the cost every 100 beside a C program, which is compiled here;
the cost of a weight from 3-2-1 to 64-64-64-8; and the memory of a record.
"""

import argparse
import importlib.util
import math
import shutil
import statistics
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from ann_dashboard import Dataset, Network, Training, lessons, train
from ann_dashboard.engine import kernel
from ann_dashboard.engine.initialisers import lecture

EPOCHS = 1000
UPDATES = 1_000_000
UPDATES_BETWEEN_COSTS = 100
MATLAB_SECONDS = 148.6
"""What Bueler's talk says of 10⁶ updates in MATLAB online."""
HERE = Path(__file__).parent

HIGHAM = Network((2, 2, 3, 2), hidden="sigmoid", output="sigmoid")
HIGHAM_DATA = Dataset(
    x=[
        [0.1, 0.1],
        [0.3, 0.4],
        [0.1, 0.5],
        [0.6, 0.9],
        [0.4, 0.2],
        [0.6, 0.3],
        [0.5, 0.6],
        [0.9, 0.2],
        [0.4, 0.4],
        [0.7, 0.6],
    ],
    y=[[1.0, 0.0]] * 5 + [[0.0, 1.0]] * 5,
)
WIDTHS = [(3, 2, 1), (4, 6, 6, 4), (8, 8, 8, 2), (16, 16, 16, 4), (32, 32, 32, 8), (64, 64, 64, 8)]


def by_hand(start: dict[str, float], eta: float, epochs: int) -> np.ndarray:
    """The lecture's way: one scalar equation a quantity, written out for this one network, one NumPy array a
    quantity. Returns ŷ (epochs,).
    """
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
        kernel.compiled()
        found["ann_dashboard, compiled by numba"] = lambda: train(
            lesson.network, lesson.data, training, by="compiled"
        )
    if importlib.util.find_spec("torch"):
        found["PyTorch, eager (records the prediction only)"] = lambda: torch_eager(start, 0.1, EPOCHS)
    return found


def interleaved(compared: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of every candidate in each round; a candidate may tell its own, else it is timed."""
    seconds: dict[str, list[float]] = {name: [] for name in compared}
    for _ in range(rounds):
        for name, candidate in compared.items():
            began = time.perf_counter()
            told = candidate()
            seconds[name].append(told if isinstance(told, float) else time.perf_counter() - began)
    return seconds


def p95(taken: list[float]) -> float:
    """The 95th percentile."""
    return float(np.percentile(taken, 95))


def recorded_epochs(rounds: int) -> None:
    """Print what a recorded epoch of 3-2-1 costs each candidate, and its ratio to the by-hand loop."""
    compared = candidates()
    for candidate in compared.values():
        candidate()
    seconds = interleaved(compared, rounds)
    base = statistics.median(next(iter(seconds.values())))
    print(f"{'1000 recorded epochs of 3-2-1':46}{'median µs/epoch':>16}{'p95':>9}{'ratio':>8}")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{name:46}{median / EPOCHS * 1e6:16.2f}{p95(taken) / EPOCHS * 1e6:9.2f}{median / base:8.2f}")


def higham_training(updates: int, seed: int = 3) -> Training:
    """Higham & Higham's stochastic training: ten updates an epoch, the cost recorded every 100 updates."""
    return Training(
        eta=0.05,
        epochs=updates // 10,
        seed=seed,
        initialiser="normal",
        batch_size=1,
        sampling="with_replacement",
        record_every=UPDATES_BETWEEN_COSTS // 10,
    )


def higham_costs(updates: int) -> np.ndarray:
    """Our cost at every hundredth of so many updates, and after the last."""
    return train(HIGHAM, HIGHAM_DATA, higham_training(updates), by="compiled").losses


def compiled_c(folder: Path) -> Path | None:
    """higham.c compiled by gcc -O2 into a folder, or None where there is no gcc."""
    if not (gcc := shutil.which("gcc")):
        return None
    program = folder / "higham"
    subprocess.run([gcc, "-O2", "-o", str(program), str(HERE / "higham.c"), "-lm"], check=True)
    return program


def c_costs(program: Path, updates: int) -> tuple[float, np.ndarray]:
    """Seconds of the C program, and its costs, from the start and the generator of our training."""
    training = higham_training(updates)
    generator = np.random.default_rng([training.seed, 1]).bit_generator.state["state"]
    halves = [half for number in (generator["state"], generator["inc"]) for half in divmod(number, 2**64)]
    told = [*halves, training.eta, updates, UPDATES_BETWEEN_COSTS, *training.start_of(HIGHAM).values()]
    printed = subprocess.run(
        [str(program)], input=" ".join(map(repr, told)), text=True, capture_output=True, check=True
    ).stdout.split()
    return float(printed[0]), np.array(printed[1:], dtype=float)


def higham(rounds: int, updates: int = UPDATES) -> None:
    """Print what the stochastic updates cost us, C, and Octave where it is installed, beside the talk's
    figure.
    """
    print(f"{f'{updates:,} stochastic updates of 2-2-3-2':46}{'median s':>16}{'p95':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        program = compiled_c(Path(folder))
        compared: dict[str, Callable[[], object]] = {}
        if program:
            compared["C, gcc -O2"] = lambda: c_costs(program, updates)[0]
        compared["ann_dashboard, compiled by numba"] = lambda: higham_costs(updates)
        higham_costs(updates)
        seconds = interleaved(compared, rounds)
    base = statistics.median(next(iter(seconds.values())))
    for name, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{name:46}{median:16.3f}{p95(taken):9.3f}{median / base:8.2f}")
    if octave := shutil.which("octave"):
        told = subprocess.run(
            [octave, "--quiet", str(HERE / "higham.m"), str(updates)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        print(f"{'Octave, once':46}{float(told.split()[0]):16.1f}{'':9}{float(told.split()[0]) / base:8.0f}")
    else:
        print("Octave is not installed: higham.m was not run")
    if updates == UPDATES:
        print(
            f"{'MATLAB online, as the talk says':46}{MATLAB_SECONDS:16.1f}{'':9}{MATLAB_SECONDS / base:8.0f}"
        )


def cost_of_a_weight(rounds: int, work: float = 1e6) -> None:
    """Print the cost of a pass and of its weights for growing networks; trainings of about so many weights
    each.
    """
    trainings = {}
    for widths in WIDTHS:
        network = Network(widths)
        data = Dataset(x=[[0.1] * widths[0]], y=[[0.1] * widths[-1]])
        epochs = max(1, int(work / network.weight_count))
        training = Training(eta=1e-3, epochs=epochs, record_every=epochs)
        trainings[network] = (data, training)
        train(network, data, training, by="compiled")
    compared = {
        str(network.widths): lambda network=network, of=of: train(network, *of, by="compiled").seconds
        for network, of in trainings.items()
    }
    seconds = interleaved(compared, rounds)
    print(
        f"{'a pass, compiled, record thinned':46}{'weights':>8}{'median µs':>12}{'ns/weight':>11}{'ratio':>8}"
    )
    first = 0.0
    for network, (_, training) in trainings.items():
        pass_seconds = statistics.median(seconds[str(network.widths)]) / training.epochs
        a_weight = pass_seconds / network.weight_count
        first = first or a_weight
        name = "-".join(map(str, network.widths))
        print(
            f"{name:46}{network.weight_count:8}{pass_seconds * 1e6:12.3f}"
            f"{a_weight * 1e9:11.2f}{a_weight / first:8.2f}"
        )


def memory(updates: int = UPDATES) -> None:
    """Print the memory of the record of Higham & Higham's training: as computed beforehand, as it is, and the
    most held while training.
    """
    training = higham_training(updates)
    tracemalloc.start()
    history = train(HIGHAM, HIGHAM_DATA, training, by="compiled")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    computed = training.record_bytes(HIGHAM, len(HIGHAM_DATA))
    beforehand, found, held = (size / 1e6 for size in (computed, history.values.nbytes, most))
    print(
        f"memory of that record: computed beforehand {beforehand:.2f} MB, is {found:.2f} MB; "
        f"most held {held:.2f} MB"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rounds",
        type=int,
        default=40,
        help="interleaved rounds of the short trainings (default 40), a quarter of the long ones",
    )
    rounds = parser.parse_args().rounds
    recorded_epochs(rounds)
    print()
    if not importlib.util.find_spec("numba"):
        print("numba is not installed: nothing compiled was measured")
        return
    higham(max(2, rounds // 4))
    memory()
    print()
    cost_of_a_weight(max(2, rounds // 4))


if __name__ == "__main__":
    main()
