"""What a training came to, in plain words. Each sentence is said only where the record shows that it is true.

What is minimised is the loss plus the penalty: whether a training still learns, swings or grew is told by
both together.
"""

import math
from bisect import bisect_left
from dataclasses import replace

import numpy as np

from ann_dashboard import checks, notation
from ann_dashboard.analysis import scores
from ann_dashboard.engine import arrays
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.history import History
from ann_dashboard.engine.optimisers import descent
from ann_dashboard.engine.run import train
from ann_dashboard.words import counted

LATE, HARDLY = 0.5, 1e-3
"""When a loss hardly changes any more.

It changes by less than the share HARDLY of itself in the part LATE of the training, from its end.
"""
GROWN = 1.01
"""How many times its first a loss is that grew."""
ROUNDING = 1e-6
"""Share of a loss by which it must rise or fall from epoch to epoch to swing.

Less may be rounding; so may changes below its square times the first loss.
"""
LAST, OFTEN = 50, 0.25
"""When a loss swings: of the LAST epochs it rises in the share OFTEN, and falls in as many."""
OVERFITTED = 1.1
"""How many times its smallest the loss over the test data is in the end when a network overfits.

And how many times its last the training loss was at that smallest one.
"""
SHORT, DECADES, TRIES = 100, 3, 4
"""Limits of the search for a smaller η.

Epochs of a first try, the powers of ten it goes down, and how many whole trainings it tries.
"""
SEARCH_WORK = 1e5
"""Passes × (weights + nodes) of a training up to which it is tried whole: at most 0.04 s each."""
FEW = 3
"""Outputs whose predictions are told one by one."""
PARTS = "each update follows a part of the data, so it may waver"
MASKS = "each pass leaves out other nodes, so it may waver"
STEP = "the slope of a step is 0 and 1 takes its place, so an update need not lower the loss"
STAYS = "hardly changes any more: a few more epochs bring little"
SLOW = "falls slowly: train many more epochs or try a larger η"
STEADY = 0.25
"""A loss that hardly changes is slow, and not at its end, where it falls in the late part of a training by
this share of what it fell before.
"""


@np.errstate(over="ignore", invalid="ignore")
def outcome(history: History) -> str:
    """A training in one line: how long it took, how it ended, and why.

    It converged, is still learning, is stuck, grew or diverged.
    """
    checks.instance("history", history, History, "give what train returns")
    done = f"Trained {counted(int(history.epochs[-1]), 'epoch')} in {_duration(history.seconds)}"
    if history.stopped:
        done = f"{done}, {history.stopped}"
    diverged, converged = history.diverged_at, history.converged_at()
    if diverged is not None:
        return f"{done}: diverged at epoch {diverged} (numbers beyond 1e308), {_why_diverged(history)}."
    if converged is not None:
        whole = " when no node is left out" if history.training.dropout else ""
        return f"{done}: converged at epoch {converged} (|ŷ − y| below 0.001 from there on{whole})."
    told = f"{done}{';' if history.stopped else ':'} {_fall(history)}"
    right, stuck = _right(history), _stuck(history)
    by_heart = not history.stopped and not stuck and _overfits(history)
    if by_heart:
        told += ": since then it learns the training samples by heart"
    if right is not None:
        told += f"; {right}"
    if stuck:
        return f"{told}; {stuck}."
    if by_heart or history.stopped:
        return f"{told}."
    return f"{told}{_course(history) if right is None else _course_of_classes(history)}."


def _fall(history: History) -> str:
    """From what to what the losses went."""
    told = f"the loss went from {_span(history.losses)}"
    if _has_penalty(history):
        told += f", loss and penalty together from {_span(_minimised(history))}"
    tested = history.test_losses
    if tested is None:
        return told
    best = _best(tested)
    smallest = "smallest" if history.training.record_every == 1 else "smallest recorded"
    return (
        f"{told}, over the test data to {tested[-1]:.3g} ({smallest} at epoch "
        f"{history.recorded_epochs[best]}, {tested[best]:.3g})"
    )


def _course(history: History) -> str:
    """How the loss went on, behind its fall, where nothing is stuck."""
    minimised = _minimised(history)
    if growth := _growth(history, "it"):
        return f", {growth}"
    if history.update_numbers.any():
        return f"; {PARTS}"
    if history.training.dropout:
        return f"; {MASKS}"
    if _stays(minimised):
        return f", and {SLOW if _falls_on(history.losses) else STAYS}"
    swings, best = _swings(minimised), _best(minimised)
    rises = minimised[-1] > (1.0 + HARDLY) * minimised[best] + _rounding(minimised)
    if (swings or rises) and _has_step(history):
        return f"; {STEP}"
    if swings:
        return f", and swings up and down: {_why_it_swings(history)}"
    if rises:
        larger = "together they are larger" if _has_penalty(history) else "is larger"
        return (
            f", but {larger} than at epoch {history.recorded_epochs[best]} ({minimised[best]:.3g}): try a "
            "smaller η"
        )
    return ", still learning: train more epochs or try a larger η"


def _course_of_classes(history: History) -> str:
    """The same, behind the samples that have the right class: only what these do not tell."""
    if not ACTIVATIONS[history.network.output].two_valued and (growth := _growth(history, "the loss")):
        return f"; {growth}"
    predicted, truth = _decided(history)
    minimised = _minimised(history)
    if (predicted == truth).all() or not _stays(minimised):
        return ""
    return f"; the loss {SLOW if _falls_on(history.losses) else STAYS}"


def _growth(history: History, loss: str) -> str:
    """That the loss, or loss and penalty together, ended above the start, and why.

    "" where they did not.
    """
    minimised, training = _minimised(history), history.training
    both_grew = _grew(minimised)
    if not (both_grew or _grew(history.losses)):
        return ""
    grew = f"{loss} grew" if _grew(history.losses) else "loss and penalty together grew"
    if minimised[-1] < minimised[0]:
        names = " and ".join(
            f"{name.upper()} = {getattr(training, name):g}"
            for name in ("l1", "l2")
            if getattr(training, name)
        )
        return f"{grew}, because the penalty with {names} outweighs it: try a smaller penalty"
    if both_grew and (overshoot := _overshoot(history)):
        return f"{grew}, {overshoot}"
    if not ACTIVATIONS[history.network.output].two_valued and (eta := _smaller_eta(history)) is not None:
        return f"{grew}, because η = {training.eta:g} is too large: {_falls_with(history, eta)}"
    if _has_step(history):
        return f"{grew}: {STEP}"
    if history.update_numbers.any() or training.dropout:
        return f"{grew}: {PARTS if history.update_numbers.any() else MASKS}; a smaller η wavers less"
    return f"{grew}: try a smaller η"


def _grew(loss: np.ndarray) -> bool:
    return bool(loss[-1] > GROWN * loss[0] + _rounding(loss))


def _overshoot(history: History) -> str:
    """That the penalty ½·L2·λ² alone makes the weights grow, or "".

    λ ← (1 − η·L2)·λ grows where η·L2 is above 2.
    """
    training = history.training
    if not descent(training.optimiser).plain or training.decay or training.eta * training.l2 <= 2.0:
        return ""
    product = f"η·L2 = {training.eta * training.l2:.3g} is above 2"
    return f"because {product}, so that the penalty alone makes each weight grow: try a smaller η or L2"


def _why_diverged(history: History) -> str:
    """Why a training left the range of numbers, and the cure."""
    training = history.training
    if history.diverged_at == 0:
        return "before any update: take smaller data or start values"
    if overshoot := _overshoot(history):
        return overshoot
    if (eta := _smaller_eta(history)) is not None:
        return f"because η = {training.eta:g} is too large: {_falls_with(history, eta)}"
    return f"because η = {training.eta:g} is too large: try a smaller η"


def _why_it_swings(history: History) -> str:
    """Why what is minimised goes up and down, where every update follows all data and all nodes."""
    training = history.training
    weights = history.states[-LAST:, : history.network.weight_count]
    at_zero = (
        np.abs(weights).max(axis=0) <= 2.0 * training.eta * training.l1
    )  # as far as the penalty moves them
    if (((np.diff(np.sign(weights), axis=0) != 0).mean(axis=0) > OFTEN) & at_zero).any() and descent(
        training.optimiser
    ).plain:
        return "the penalty L1 pushes weights across 0 and back again; with a smaller η it swings less"
    optimiser = descent(training.optimiser)
    settings = {notation.form(name).plain: optimiser.settings[name] for name in optimiser.swings_with}
    given = "".join(f" with {symbol} = {value:g}" for symbol, value in settings.items())
    return f"η = {training.eta:g} is large{given}; try a smaller {' or '.join(('η', *settings))}"


def _stuck(history: History) -> str:
    """What of the network cannot learn any more; "" where everything can.

    Nothing moves, or a layer of nodes is dead.
    """
    told, network = [], history.network
    moved = bool((history.states != history.states[0]).any())
    if len(history.states) > 1 and not moved:
        what = "no weight and no bias has moved" if history.training.train_biases else "no weight has moved"
        told.append(f"{what}: {_why_nothing_moves(history)}, and more epochs change nothing")
    dead, samples, outputs = _dead_layer(history), len(history.data), len(network.widths) - 1
    if dead is not None and (samples > 1 or dead == outputs):
        where = "the output layer" if dead == outputs else f"hidden layer {dead}"
        single, kind = len(network.layers[dead]) == 1, ACTIVATIONS[network.layer_activations[dead - 1]]
        nodes = (
            f"the one {kind.label} node of {where} gives 0 and has"
            if single
            else f"all {kind.label} nodes of {where} give 0 and have"
        )
        of = "every sample" if samples > 1 else "the sample"
        told.append(
            f"it predicts {_predicted(history)} for {of}: {nodes} no slope there; try "
            f"{_cures_of_dead(history, dead)}"
        )
    return "; ".join(told)


def _cures_of_dead(history: History, layer: int) -> str:
    """What can keep a layer of nodes alive; a smaller η only where it has not been dead from the start."""
    training, first = history.training, history.epochs == 0
    lived = any(history.curve(node)[first].any() for node in history.network.layers[layer])
    instead = ACTIVATIONS[history.network.layer_activations[layer - 1]].instead
    start = "another start" if training.start or training.initialiser == "zeros" else "another seed"
    cures = [
        *([instead] if training.initialiser != "zeros" else []),
        start,
        *(["a smaller η"] if lived else []),
    ]
    return " or ".join([", ".join(cures[:-1]), cures[-1]] if cures[1:] else cures)


def _why_nothing_moves(history: History) -> str:
    """Why all states are the same, which holds of the derivatives at the last of them."""
    at = history.training.layout(history.network)
    trained = slice(0, None if history.training.train_biases else history.network.weight_count)
    last = history.values[-len(history.data) :, at.d_weights : at.eta][:, trained]
    if not last.any():
        return "their derivatives are all 0"
    if not last.mean(axis=0).any():
        return "their derivatives are 0 in the mean over the samples"
    return "what would move them is 0 or too small"


def _dead_layer(history: History) -> int | None:
    """The first layer whose nodes can die and all give 0 for every sample at the last state, or None.

    The first hidden layer is 1.
    """
    network, samples = history.network, len(history.data)
    layers = zip(network.layers[1:], network.layer_activations, strict=True)
    for place, (nodes, name) in enumerate(layers, start=1):
        if ACTIVATIONS[name].instead and not any(history.curve(node)[-samples:].any() for node in nodes):
            return place
    return None


def _predicted(history: History) -> str:
    """What a network with a dead layer predicts, whatever the sample, as it is trained: scaled."""
    values = arrays.predictions(history.network, history.states[-1:], history.data.x)[0, 0]
    return (
        " and ".join(f"{value:.3g}".replace("-", notation.MINUS) for value in values)
        if len(values) <= FEW
        else "the same numbers"
    )


def _overfits(history: History) -> bool:
    """Whether the network overfits.

    The loss over the test data fell at first, and has stayed above its smallest since, and above the training
    loss, while that fell.
    """
    tested, loss = history.test_losses, history.losses
    if tested is None:
        return False
    best = _best(tested)
    late = tested[(best + len(tested)) // 2 :]
    learnt_before = best > 0 and len(late) > 2
    return bool(
        learnt_before
        and (late > OVERFITTED * tested[best]).all()
        and tested[-1] > loss[-1]
        and OVERFITTED * loss[-1] < loss[best]
    )


def _right(history: History) -> str | None:
    """How many training samples have the right class at the end, or None without classes.

    At the threshold 0.5.
    """
    if scores.classes(history.network, history.data, history.training.loss) is None:
        return None
    predicted, truth = _decided(history)
    output = ACTIVATIONS[history.network.output]
    graded = output.is_probability and output.rises and history.network.widths[-1] == 1
    threshold = " at the threshold 0.5" if graded else ""
    samples = counted(len(truth), "sample")
    return (
        f"{int((predicted == truth).sum())} of {samples} {'has' if len(truth) == 1 else 'have'} the right "
        f"class{threshold}"
    )


def _decided(history: History) -> tuple[np.ndarray, np.ndarray]:
    """The predicted classes at the end and the true ones (samples,)."""
    predicted = arrays.predictions(history.network, history.states[-1:], history.data.x)[0]
    return scores.decided(predicted), scores.decided(history.data.y)


def _minimised(history: History) -> np.ndarray:
    """The mean loss plus the penalty L1·Σ|λ| + ½·L2·Σλ² at each recorded epoch (recorded epochs,)."""
    if not _has_penalty(history):
        return history.losses
    weights, training = history.states[:, : history.network.weight_count], history.training
    with np.errstate(over="ignore", invalid="ignore"):
        return (
            history.losses
            + training.l1 * np.abs(weights).sum(axis=1)
            + 0.5 * training.l2 * (weights**2).sum(axis=1)
        )


def _has_penalty(history: History) -> bool:
    return history.training.l1 > 0 or history.training.l2 > 0


def _has_step(history: History) -> bool:
    return any(ACTIVATIONS[name].two_valued for name in history.network.layer_activations)


def _falls_with(history: History, eta: float) -> str:
    return (
        f"with η = {eta:g} the loss {'and the penalty together fall' if _has_penalty(history) else 'falls'}"
    )


def _smaller_eta(history: History) -> float | None:
    """The largest learning rate of two digits with which a training ends below its start, or None.

    Found by training; what is minimised is compared.
    """
    network, data, training = history.network, history.data, history.training
    if (
        training.epochs * training.passes_of_epoch(len(data)) * (network.weight_count + len(network.nodes))
        > SEARCH_WORK
    ):
        return None
    etas = _two_digits_below(training.eta)
    first = bisect_left(etas, True, key=lambda eta: not _ends_lower(history, eta, epochs=SHORT))
    return next(
        (eta for eta in etas[:first][: -TRIES - 1 : -1] if _ends_lower(history, eta, epochs=training.epochs)),
        None,
    )


def _two_digits_below(eta: float) -> list[float]:
    """The numbers of two digits below a learning rate, rising, over a few powers of ten.

    ..., 1.8, 1.9 below 2.
    """
    highest = math.floor(math.log10(eta))
    numbers = [
        float(f"{digits}e{power - 1}")
        for power in range(highest - DECADES, highest + 1)
        for digits in range(10, 100)
    ]
    return [number for number in numbers if number < eta]


def _ends_lower(history: History, eta: float, *, epochs: int) -> bool:
    epochs = min(history.training.epochs, epochs)
    tried = replace(
        history.training, eta=eta, epochs=epochs, record_every=min(epochs, history.training.record_every)
    )
    minimised = _minimised(train(history.network, history.data, tried))
    return bool(np.isfinite(minimised[-1]) and minimised[-1] < minimised[0])


def _stays(loss: np.ndarray) -> bool:
    """Whether the loss hardly changes in the late part of a training, or would not in as many epochs again as
    fast as the last ones.
    """
    late = loss[int(LATE * len(loss)) :]
    last = late[-max(5, len(loss) // 10) :]
    ahead = np.ptp(last) * len(loss) / (len(last) - 1) if len(last) > 1 else math.inf
    return len(late) > 4 and bool(min(np.ptp(late), ahead) <= HARDLY * late[-1])


def _falls_on(loss: np.ndarray) -> bool:
    """Whether the loss falls as steadily late in a training as before, by more than rounding."""
    middle = loss[int(LATE * len(loss))]
    late = middle - loss[-1]
    return bool(late > STEADY * (loss[0] - middle) and late > ROUNDING * loss[0])


def _swings(loss: np.ndarray) -> bool:
    """Whether the loss of the last epochs often rises and often falls, by more than rounding."""
    last = loss[-LAST:]
    steps = np.diff(last)
    least = ROUNDING * last.max() + _rounding(loss)
    return len(steps) > 4 and bool((steps > least).mean() > OFTEN and (steps < -least).mean() > OFTEN)


def _rounding(loss: np.ndarray) -> float:
    """What of a change of a loss may come from the rounding of its numbers."""
    return float(ROUNDING**2 * loss[0])


def _best(losses: np.ndarray) -> int:
    return int(np.argmin(np.nan_to_num(losses, nan=np.inf)))


def _span(losses: np.ndarray) -> str:
    return f"{losses[0]:.3g} to {losses[-1]:.3g}"


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
