"""What a training came to, in plain words."""

from dataclasses import replace

import numpy as np

from ann_dashboard import notation
from ann_dashboard.history import History
from ann_dashboard.training import train

SEARCH_STEPS = 7
SEARCH_WORK = 2e4
"""Passes × (weights + nodes) up to which a smaller η is searched for: about 10 ms for all steps."""


def outcome(history: History) -> str:
    """One line: how long it took, and whether the training converged, is still learning, grew or diverged, and why."""
    epochs, eta = history.training.epochs, history.training.eta
    loss = history.curve(notation.LOSS)
    done = f"Trained {epochs} epoch{'s' if epochs > 1 else ''} in {_duration(history.seconds)}"
    diverged, converged = history.diverged_at, history.converged_at()
    if diverged is not None:
        return f"{done}: diverged at epoch {diverged} (numbers beyond 1e308), because η = {eta:g} is too large: {_cure(history)}"
    if converged is not None:
        return f"{done}: converged at epoch {converged} (|ŷ − y| below 0.001 from there on)."
    fall = f"the loss went from {loss[0]:.3g} to {loss[-1]:.3g}"
    if loss[-1] > loss[0]:
        return f"{done}: {fall}, it grew, because η = {eta:g} is too large: {_cure(history)}"
    if _swings(loss):
        return f"{done}: {fall} and swings up and down: η = {eta:g} is large; try a smaller η."
    return f"{done}: {fall}, still learning: train more epochs or try a larger η."


def _cure(history: History) -> str:
    """The largest η below the one used, to about 5 %, with which the loss ends below its start, found by training."""
    network, data, training = history.network, history.data, history.training
    tried = replace(training, epochs=min(training.epochs, 100), record_every=1)
    if tried.epochs * len(data) * (network.weight_count + len(network.nodes)) > SEARCH_WORK:
        return "try a smaller η."
    low, high = training.eta / 1000, training.eta
    if not _ends_lower(history, low):
        return "try a smaller η."
    for _ in range(SEARCH_STEPS):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if _ends_lower(history, middle) else (low, middle)
    return f"η = {float(f'{low:.2g}'):g} does not."


def _ends_lower(history: History, eta: float) -> bool:
    loss = train(history.network, history.data, replace(history.training, eta=eta, epochs=min(history.training.epochs, 100))).curve(notation.LOSS)
    return bool(np.isfinite(loss[-1]) and loss[-1] < loss[0])


def _swings(loss: np.ndarray) -> bool:
    """Whether the loss of the last epochs rises about as often as it falls."""
    steps = np.diff(loss[-50:])
    return len(steps) > 4 and bool((steps > 0).mean() > 0.25)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
