"""What a training came to, in plain words."""

import math
from bisect import bisect_left
from dataclasses import replace

import numpy as np

from ann_dashboard import prediction, scores
from ann_dashboard.activations import ACTIVATIONS
from ann_dashboard.history import History
from ann_dashboard.training import train

LATE, HARDLY = 0.5, 1e-3
"""Part of a training, from its end, in which a loss that changes by less than this share of it hardly changes any more."""
OVERFITTED = 1.1
"""How many times its smallest a loss over the test data is at the end, where the training part has been learnt by heart."""
SHORT, DECADES, TRIES = 100, 3, 4
"""Of the search for a smaller η: epochs of a first try, how far down it goes, and how many whole trainings are tried."""
SEARCH_WORK = 1e5
"""Passes × (weights + nodes) of a training up to which it is tried whole: at most 0.04 s each."""


def outcome(history: History) -> str:
    """One line: how long it took, and whether the training converged, is still learning, grew or diverged, and why."""
    loss = history.losses
    reached = int(history.epochs[-1])
    done = f"Trained {reached} epoch{'s' if reached != 1 else ''} in {_duration(history.seconds)}"
    if history.stopped:
        done = f"{done}, {history.stopped}"
    diverged, converged = history.diverged_at, history.converged_at()
    if diverged is not None:
        return f"{done}: diverged at epoch {diverged} (numbers beyond 1e308), {_too_large(history)}"
    if converged is not None:
        whole = " when no node is left out" if history.training.dropout else ""
        return f"{done}: converged at epoch {converged} (|ŷ − y| below 0.001 from there on{whole})."
    fall = f"the loss went from {loss[0]:.3g} to {loss[-1]:.3g}{_tested(history)}"
    if history.stopped and scores.classes(history.network, history.data, history.training.loss) is None:
        return f"{done}; {fall}."
    return f"{done}: {fall}{_verdict(history)}"


def _verdict(history: History) -> str:
    """What a training that neither converged nor diverged came to, behind the fall of its loss."""
    eta, loss = history.training.eta, history.losses
    if (right := _right(history)) is not None:
        return f"; {right}."
    if _overfits(history):
        return ": since then it learns the training samples by heart."
    if (history.states == history.states[0]).all():
        return "; no weight and no bias has moved: their derivatives are all 0, and more epochs change nothing."
    if history.updates_in_epoch.any():
        return "; each update follows a part of the data, so it may waver."
    if history.training.dropout:
        return "; each pass leaves out other nodes, so it may waver."
    if loss[-1] > loss[0]:
        return f", it grew, {_too_large(history)}"
    if _stays(loss):
        return ", and hardly changes any more: more epochs bring little."
    if _swings(loss):
        return f" and swings up and down: η = {eta:g} is large; try a smaller η."
    return ", still learning: train more epochs or try a larger η."


def _tested(history: History) -> str:
    """The loss over the test data, and where it was smallest."""
    if history.test_losses is None:
        return ""
    tested, best = history.test_losses, _best(history.test_losses)
    smallest = "smallest" if history.training.record_every == 1 else "smallest recorded"
    return f", over the test data to {tested[-1]:.3g} ({smallest} at epoch {history.recorded_epochs[best]}, {tested[best]:.3g})"


def _overfits(history: History) -> bool:
    """Whether the loss over the test data has risen since it was smallest, while that over the training data has fallen."""
    tested, loss = history.test_losses, history.losses
    if tested is None:
        return False
    best = _best(tested)
    return bool(tested[-1] > OVERFITTED * tested[best] and loss[-1] < loss[best])


def _best(losses: np.ndarray) -> int:
    return int(np.argmin(np.nan_to_num(losses, nan=np.inf)))


def _right(history: History) -> str | None:
    """How many training samples have the right class at the end, at the threshold 0.5, or None where there are no classes."""
    if scores.classes(history.network, history.data, history.training.loss) is None:
        return None
    predicted = prediction.predictions(history.network, history.states[-1:], history.data.x)[0]
    count = int((scores.decided(predicted) == scores.decided(history.data.y)).sum())
    output = ACTIVATIONS[history.network.output]
    graded = output.is_probability and output.rises and history.network.widths[-1] == 1
    threshold = " at the threshold 0.5" if graded else ""
    return f"{count} of {len(history.data)} samples have the right class{threshold}"


def _too_large(history: History) -> str:
    """Why a training grew without end, and the cure."""
    if history.diverged_at == 0:
        return "before any update: take smaller data or start values."
    return f"because η = {history.training.eta:g} is too large: {_cure(history)}"


def _cure(history: History) -> str:
    """The largest learning rate of two digits with which the loss ends below its start, found by training."""
    network, data, training = history.network, history.data, history.training
    if training.epochs * training.passes_of_epoch(len(data)) * (network.weight_count + len(network.nodes)) > SEARCH_WORK:
        return "try a smaller η."
    etas = _two_digits_below(training.eta)
    first = bisect_left(etas, True, key=lambda eta: not _ends_lower(history, eta, epochs=SHORT))
    for eta in etas[:first][: -TRIES - 1 : -1]:
        if _ends_lower(history, eta, epochs=training.epochs):
            return f"with η = {eta:g} the loss falls."
    return "try a smaller η."


def _two_digits_below(eta: float) -> list[float]:
    """The numbers of two digits below a learning rate, rising, over a few powers of ten: ..., 1.8, 1.9 below 2."""
    highest = math.floor(math.log10(eta))
    numbers = [float(f"{digits}e{power - 1}") for power in range(highest - DECADES, highest + 1) for digits in range(10, 100)]
    return [number for number in numbers if number < eta]


def _ends_lower(history: History, eta: float, *, epochs: int) -> bool:
    epochs = min(history.training.epochs, epochs)
    tried = replace(history.training, eta=eta, epochs=epochs, record_every=min(epochs, history.training.record_every))
    loss = train(history.network, history.data, tried).losses
    return bool(np.isfinite(loss[-1]) and loss[-1] < loss[0])


def _stays(loss: np.ndarray) -> bool:
    """Whether the loss hardly changes in the late part of a training."""
    late = loss[int(LATE * len(loss)) :]
    return len(late) > 4 and bool(np.ptp(late) <= HARDLY * late[-1])


def _swings(loss: np.ndarray) -> bool:
    """Whether the loss of the last epochs rises about as often as it falls."""
    steps = np.diff(loss[-50:])
    return len(steps) > 4 and bool((steps > 0).mean() > 0.25)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
