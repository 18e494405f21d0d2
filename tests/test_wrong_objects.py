"""What is given in the place of a network, a data set, a number or a text.

Every public entry names it, says what it is, and what to give.
"""

import pickle
from collections.abc import Callable, Hashable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from ann_dashboard import Adam, Momentum, Network, Training, checks, lessons, state, train
from ann_dashboard.analysis import gradient_check, scores
from ann_dashboard.analysis.outcome import outcome
from ann_dashboard.analysis.prediction_table import predicted
from ann_dashboard.engine.batches import SAMPLINGS
from ann_dashboard.engine.network import MOST_PARAMETERS
from ann_dashboard.engine.run import check_memory
from ann_dashboard.equations.by_hand import by_hand_code
from ann_dashboard.equations.steps import steps
from ann_dashboard.film import figures, page
from ann_dashboard.film.camera import Camera, nudge_still
from ann_dashboard.state import State

NETWORK, DATA = lessons.LECTURE.network, lessons.LECTURE.data
TRAINING = Training(epochs=2)
HISTORY = train(NETWORK, DATA, TRAINING)
FILM = Camera(NETWORK).film(HISTORY)
HALF = 0.5
HUGE = [2**63, 2**64, 10**19, 10**400, 10**5000]

OBJECTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "train, network": (lambda wrong: train(wrong, DATA, TRAINING), "network"),
    "train, data": (lambda wrong: train(NETWORK, wrong, TRAINING), "data"),
    "train, training": (lambda wrong: train(NETWORK, DATA, wrong), "training"),
    "check_memory, network": (lambda wrong: check_memory(wrong, DATA, TRAINING), "network"),
    "check_memory, data": (lambda wrong: check_memory(NETWORK, wrong, TRAINING), "data"),
    "check_memory, training": (lambda wrong: check_memory(NETWORK, DATA, wrong), "training"),
    "start_of": (TRAINING.start_of, "network"),
    "columns": (TRAINING.columns, "network"),
    "layout": (TRAINING.layout, "network"),
    "Training.check_fits, network": (lambda wrong: TRAINING.check_fits(wrong, DATA), "network"),
    "Training.check_fits, data": (lambda wrong: TRAINING.check_fits(NETWORK, wrong), "data"),
    "record_bytes, network": (lambda wrong: TRAINING.record_bytes(wrong, 1), "network"),
    "record_bytes, samples": (lambda wrong: TRAINING.record_bytes(NETWORK, wrong), "samples"),
    "Network.check_fits": (NETWORK.check_fits, "data"),
    "Dataset.original": (DATA.original, "predictions"),
    "Network": (Network, "width"),
    "Network, output": (lambda wrong: Network((1, 1), output=wrong), "output"),
    "Momentum": (Momentum, "a of Momentum"),
    "Adam": (Adam, "beta1 of Adam"),
    "History": (
        lambda wrong: replace(HISTORY, values=list(wrong) if isinstance(wrong, np.ndarray) else wrong),
        "values",
    ),
    "History, network": (lambda wrong: replace(HISTORY, network=wrong), "network"),
    "History, training": (lambda wrong: replace(HISTORY, training=wrong), "training"),
    "History, seconds": (lambda wrong: replace(HISTORY, seconds=wrong), "seconds"),
    "History, test": (lambda wrong: replace(HISTORY, test=wrong), "test"),
    "History, stopped": (lambda wrong: replace(HISTORY, stopped=wrong), "stopped"),
    "History, counts": (lambda wrong: replace(HISTORY, counts=wrong), "counts"),
    "outcome": (outcome, "history"),
    "Dataset, notes": (lambda wrong: replace(DATA, notes=wrong), "notes"),
    "film, panels": (lambda wrong: Camera(NETWORK).film(HISTORY, panels=wrong), "panels"),
    "film, decimals": (lambda wrong: Camera(NETWORK).film(HISTORY, decimals=wrong), "decimals"),
    "film, derivative_of": (
        lambda wrong: Camera(NETWORK).film(HISTORY, derivative_of=wrong),
        "derivative_of",
    ),
    "still, frame": (lambda wrong: figures.still(FILM, wrong, "png"), "frame"),
    "to_html, path": (lambda wrong: page.to_html(wrong, {}), "path|there is no film"),
    "to_html, films": (page.encoded, "film"),
    "to_html, film": (lambda wrong: page.encoded({"": wrong}), "the film ''"),
    "to_html, label": (
        lambda wrong: page.encoded({wrong if isinstance(wrong, Hashable) else (): FILM}),
        "a label of films",
    ),
    "to_html, title": (lambda wrong: page.encoded({"": FILM}, title=wrong), "title"),
    "to_html, opening": (lambda wrong: page.encoded({"": FILM}, opening=wrong), "opening"),
    "at": (HISTORY.at, "epoch"),
    "at, sample": (lambda wrong: HISTORY.at(0, wrong), "sample"),
    "at, update": (lambda wrong: HISTORY.at(0, update=wrong), "update"),
    "batch": (HISTORY.batch, "epoch"),
    "state_at": (HISTORY.state_at, "epoch"),
    "update_count": (HISTORY.update_count, "epoch"),
    "converged_at": (lambda wrong: HISTORY.converged_at(within=wrong), "within"),
    "predictions": (lambda wrong: HISTORY.predictions("text" if wrong is None else wrong), "x"),
    "state.read": (state.read, "query"),
    "state.is_one": (state.is_one, "query"),
    "State.of_lesson": (State.of_lesson, "lesson"),
    "State, network": (lambda wrong: replace(State.of_lesson("xor"), network=wrong), "network"),
    "State, data": (lambda wrong: replace(State.of_lesson("xor"), data=wrong), "data"),
    "State, training": (lambda wrong: replace(State.of_lesson("xor"), training=wrong), "training"),
    "predicted": (lambda wrong: predicted(wrong, 0), "history"),
    "predicted, epoch": (lambda wrong: predicted(HISTORY, wrong), "epoch"),
    "steps": (lambda wrong: steps(wrong, 0), "history"),
    "steps, of": (lambda wrong: steps(HISTORY, 0, of=wrong), "of"),
    "by_hand_code, network": (lambda wrong: by_hand_code(wrong, DATA, TRAINING), "network"),
    "by_hand_code, data": (lambda wrong: by_hand_code(NETWORK, wrong, TRAINING), "data"),
    "by_hand_code, training": (lambda wrong: by_hand_code(NETWORK, DATA, wrong), "training"),
    "tangent": (lambda wrong: gradient_check.tangent(wrong, 0, "b_4"), "history"),
    "loss_at": (lambda wrong: gradient_check.loss_at(wrong, 0, "b_4", [0.0]), "history"),
    "central_difference": (lambda wrong: gradient_check.central_difference(wrong, 0, "b_4"), "history"),
    "Camera": (Camera, "network"),
    "film": (lambda wrong: Camera(NETWORK).film(wrong), "history"),
    "nudge_still": (lambda wrong: nudge_still(wrong, 0, "b_4"), "history"),
    "frame_of": (FILM.frame_of, "epoch"),
    "still": (lambda wrong: figures.still(wrong, 0, "svg"), "film"),
    "still, kind": (lambda wrong: figures.still(FILM, 0, wrong), "kind"),
    "movie": (lambda wrong: figures.movie(wrong, "gif"), "film"),
}


RIGHT: dict[str, tuple[type, ...]] = {
    "state.read": (str,),
    "state.is_one": (str,),
    "Momentum": (float,),
    "Adam": (float,),
    "converged_at": (float,),
    "History, seconds": (float,),
    "History, test": (type(None),),
    "History, stopped": (str,),
    "Dataset, notes": (list, dict),
    "film, panels": (list, dict),
    "to_html, label": (str,),
    "to_html, title": (str,),
}
"""What is right there, or empty."""


class Unwritable:
    """An object whose repr raises."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "wrong",
    [None, HALF, "x", b"x", [], {}, object(), Unwritable(), len, np.zeros(3), Fraction(10**5000, 3)],
    ids=lambda wrong: type(wrong).__name__,
)
@pytest.mark.parametrize("entry", OBJECTS)
def test_an_object_of_another_kind_is_named(entry: str, wrong: Any) -> None:
    call, thing = OBJECTS[entry]
    if type(wrong) in RIGHT.get(entry, ()):
        return  # that is right
    with pytest.raises((TypeError, ValueError), match=thing) as refusal:
        call(wrong)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize("wrong", [0.5, "x", [], object()])
def test_test_data_and_progress_of_another_kind_are_named(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"^test is .*: give a Dataset of held-out samples, or None$"):
        train(NETWORK, DATA, TRAINING, test=wrong)
    with pytest.raises(TypeError, match=r"^progress is .*: give a function"):
        train(NETWORK, DATA, TRAINING, progress=wrong)


def test_a_class_in_the_place_of_its_object_is_told_so() -> None:
    with pytest.raises(
        TypeError, match=r"^training is the class Training itself: give one, Training\(\.\.\.\)$"
    ):
        train(NETWORK, DATA, Training)


def test_a_history_of_another_network_is_not_filmed() -> None:
    with pytest.raises(ValueError, match=r"^history is of the network \(3, 2, 1\), the camera of \(2, 1\)"):
        Camera(Network((2, 1))).film(HISTORY)


@pytest.mark.parametrize("number", HUGE + [-number for number in HUGE], ids=checks.told)
@pytest.mark.parametrize("field", ["epochs", "seed", "batch_size", "patience", "record_every"])
def test_a_huge_whole_number_is_refused_with_its_digits_counted(field: str, number: int) -> None:
    with pytest.raises(ValueError, match=rf"^{field} is -?[0-9]+(… \([0-9]+ digits\))?: give a whole number"):
        Training(**{field: number})


@pytest.mark.parametrize("number", [10**400, 10**5000], ids=checks.told)
@pytest.mark.parametrize("field", ["eta", "decay", "l1", "l2", "dropout", "stop_below"])
def test_a_huge_number_is_refused_as_not_finite(field: str, number: int) -> None:
    with pytest.raises(ValueError, match=rf"^{field} is 1000000000… \([0-9]+ digits\): give a finite number"):
        Training(**{field: number})


@pytest.mark.parametrize("number", HUGE, ids=checks.told)
def test_huge_whole_numbers_are_named_everywhere(number: int) -> None:
    for call in (
        HISTORY.at,
        HISTORY.update_count,
        FILM.frame_of,
        lambda epoch: HISTORY.at(0, epoch),
        lambda seed: TRAINING.record_rows(seed),
    ):
        with pytest.raises((ValueError, LookupError), match=r"is [0-9]+|does not exist|not recorded"):
            call(number)
    with pytest.raises(ValueError, match="a sample in batches of epoch 0 is"):
        Training(batches=[[[number]]])
    with pytest.raises((TypeError, ValueError), match="predictions"):
        DATA.original(number)
    with pytest.raises(TypeError, match="batches"):
        Training(batches=[[number]])


@pytest.mark.parametrize(
    "widths",
    [(2**31, 1), (1, 2**31, 1), (10**5, 10**5), (10**400, 1), (1, 10**5000), (1,) * 200_000, (500, 500, 1)],
    ids=checks.told,
)
def test_a_network_too_large_for_names_is_refused_before_any_is_made(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^width.*give .*(at most|from 1 to)"):
        Network(widths)


def test_the_largest_network_is_made() -> None:
    assert Network((MOST_PARAMETERS - 1, 1)).widths == (MOST_PARAMETERS - 1, 1)


def test_a_long_value_is_told_shortly() -> None:
    assert checks.told("a" * 10**6) == f"'{'a' * (checks.LONGEST - 2)}…"
    assert checks.told(10**5000) == "1000000000… (5001 digits)"
    assert checks.told(1 - 10**40) == "-9999999999… (40 digits)"
    assert checks.told(Unwritable()) == "an object of the class Unwritable"


WRONG: list[tuple[Callable[[], object], str, object, str]] = [
    (lambda: Training(batch_size=0), "batch_size", 0, "give a whole number of 1 or more"),
    (lambda: Training(batch_size=1.5), "batch_size", 1.5, "give 1 or more"),
    (lambda: Training(seed=2**40), "seed", 2**40, "give a whole number from 0 to 4294967295"),
    (lambda: Training(train_biases=1), "train_biases", 1, "give True or False"),
    (lambda: Training(eta=-1.0), "eta", -1.0, "give a finite number above 0"),
    (lambda: Training(dropout=1.0), "dropout", 1.0, "give a number from 0 to below 1"),
    (lambda: Momentum(2.0), "a of Momentum", 2.0, "give a number from 0 to below 1"),
    (lambda: Training(sampling="none"), "sampling", "none", f"choose one of {', '.join(SAMPLINGS)}"),
    (lambda: checks.span("scale", 3), "scale", 3, "give (low, high), e.g. (-1, 1)"),
    (lambda: checks.span("scale", (1, 0)), "scale", (1, 0), "give the lower number first, e.g. (-1, 1)"),
    (lambda: train(3, DATA, TRAINING), "network", 3, "give a Network"),
    (lambda: scores.check_threshold(1.0), "threshold", 1.0, "give a probability between 0 and 1, e.g. 0.5"),
]


@pytest.mark.parametrize(("call", "thing", "value", "cure"), WRONG)
def test_wrong_input_has_the_thing_the_value_and_the_cure_as_fields(
    call: Callable[[], object], thing: str, value: object, cure: str
) -> None:
    with pytest.raises(checks.InputError) as refused:
        call()
    error = refused.value
    assert (error.thing, error.value, error.cure) == (thing, value, cure)
    assert str(error).startswith(f"{thing} is ")
    assert str(error).endswith(f": {cure}")
    assert error.named("The box") == f"The box{str(error).removeprefix(thing)}"
    assert isinstance(error, TypeError) == isinstance(error, checks.InputTypeError)
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), str(copied), copied.thing) == (type(error), str(error), thing)
