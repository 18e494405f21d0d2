"""What a training came to, in plain words."""

from dataclasses import replace

import numpy as np

from ann_dashboard import prediction, scores
from ann_dashboard.history import History
from ann_dashboard.training import train

SEARCH_STEPS, SHORT = 7, 100
SEARCH_WORK = 2e4
"""Passes × (weights + nodes) up to which a smaller η is searched for: about 10 ms for all steps."""


def outcome(history: History) -> str:
    """One line: how long it took, and whether the training converged, is still learning, grew or diverged, and why."""
    eta = history.training.eta
    loss = history.losses
    reached = int(history.epochs[-1])
    done = f"Trained {reached} epoch{'s' if reached != 1 else ''} in {_duration(history.seconds)}"
    if history.stopped:
        done = f"{done}, {history.stopped}"
    diverged, converged = history.diverged_at, history.converged_at()
    if diverged is not None:
        return f"{done}: diverged at epoch {diverged} (numbers beyond 1e308), because η = {eta:g} is too large: {_cure(history)}"
    if converged is not None:
        return f"{done}: converged at epoch {converged} (|ŷ − y| below 0.001 from there on)."
    fall = f"the loss went from {loss[0]:.3g} to {loss[-1]:.3g}{_tested(history)}"
    if history.stopped and scores.classes(history.network, history.data, history.training.loss) is None:
        return f"{done}; {fall}."
    if (right := _right(history)) is not None:
        return f"{done}: {fall}; {right} of {len(history.data)} samples have the right class."
    if history.updates_in_epoch.any():
        return f"{done}: {fall}; each update follows a part of the data, so it may waver."
    if loss[-1] > loss[0]:
        return f"{done}: {fall}, it grew, because η = {eta:g} is too large: {_cure(history)}"
    if _swings(loss):
        return f"{done}: {fall} and swings up and down: η = {eta:g} is large; try a smaller η."
    return f"{done}: {fall}, still learning: train more epochs or try a larger η."


def _tested(history: History) -> str:
    """Where the loss over the test data was smallest, which is where learning by heart begins."""
    if history.test_losses is None:
        return ""
    best = int(np.argmin(np.nan_to_num(history.test_losses, nan=np.inf)))
    at = f"smallest at epoch {history.recorded_epochs[best]}, {history.test_losses[best]:.3g}"
    return f", over the test data to {history.test_losses[-1]:.3g} ({at})"


def _right(history: History) -> int | None:
    """How many training samples have the right class at the end, at the threshold 0.5, or None where there are no classes."""
    if scores.classes(history.network, history.data, history.training.loss) is None:
        return None
    predicted = prediction.predictions(history.network, history.states[-1:], history.data.x)[0]
    return int((scores.decided(predicted) == scores.decided(history.data.y)).sum())


def _cure(history: History) -> str:
    """A learning rate of two digits with which the loss ends below its start, found by training: the largest to about 5 %."""
    network, data, training = history.network, history.data, history.training
    if (SHORT + 1) * len(data) * (network.weight_count + len(network.nodes)) > SEARCH_WORK:
        return "try a smaller η."
    low, high = training.eta / 1000, training.eta
    for _ in range(SEARCH_STEPS):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if _ends_lower(history, middle, epochs=SHORT) else (low, middle)
    for smaller in (1.0, 0.95, 0.9, 0.8):
        eta = _two_digits_below(low * smaller)
        if _ends_lower(history, eta, epochs=training.epochs):
            return f"with η = {eta:g} the loss falls."
    return "try a smaller η."


def _two_digits_below(value: float) -> float:
    """The largest number of two digits that is not above a value: 1.96 -> 1.9."""
    unit = 10.0 ** (np.floor(np.log10(value)) - 1)
    return float(f"{np.floor(value / unit + 1e-9) * unit:.2g}")


def _ends_lower(history: History, eta: float, *, epochs: int) -> bool:
    tried = replace(history.training, eta=eta, epochs=min(history.training.epochs, epochs), record_every=1)
    loss = train(history.network, history.data, tried).losses
    return bool(np.isfinite(loss[-1]) and loss[-1] < loss[0])


def _swings(loss: np.ndarray) -> bool:
    """Whether the loss of the last epochs rises about as often as it falls."""
    steps = np.diff(loss[-50:])
    return len(steps) > 4 and bool((steps > 0).mean() > 0.25)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
