"""The steps inside an epoch as the film shows them: their texts are those of `derivation.steps`."""

import re
from itertools import accumulate

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from ann_dashboard import Dataset, History, Network, Training, lessons, notation, train
from ann_dashboard.camera import Camera
from ann_dashboard.derivation import steps
from ann_dashboard.film import Film
from ann_dashboard.manner import Manner
from ann_dashboard.nudge import central_difference
from ann_dashboard.optimisers import Adam, Momentum
from ann_dashboard.views import numbers
from ann_dashboard.walkthrough import described


def filled(joined: str, count: int) -> list[str]:
    """What film.js reads: an empty value repeats the one before it, and the last one holds to the end of the part."""
    texts = list(accumulate(joined.split("|"), lambda before, text: text or before))
    return texts + texts[-1:] * (count - len(texts))


def texts(film: Film) -> dict[str, list[str]]:
    part = film.reel(inside=True)["part"]
    return {gid: filled(joined, part["count"]) for gid, joined in part["channels"]["text"].items()}


@pytest.fixture(scope="module")
def lecture() -> History:
    return lessons.LECTURE.train()


@pytest.fixture(scope="module")
def film(lecture: History) -> Film:
    return Camera(lecture.network).film(lecture)


@pytest.fixture(scope="module")
def shown(film: Film) -> dict[str, list[str]]:
    return texts(film)


@pytest.mark.parametrize("epoch", [0, 1, 43, 999, 1000])
def test_every_step_shows_the_value_of_the_derivation(lecture: History, film: Film, shown: dict[str, list[str]], epoch: int) -> None:
    expected = {step.symbol: numbers.text(step.value, 2) for step in steps(lecture, epoch)}
    assert {symbol: shown[symbol][epoch] for symbol in expected} == expected
    assert [step["symbol"] for step in film.steps][: len(expected)] == list(expected)


def test_the_numbers_of_an_equation_are_the_derivations_substituted_equation(lecture: History) -> None:
    film = Camera(lecture.network).film(lecture, decimals=6)
    shown = texts(film)

    def bracketed(match: re.Match[str]) -> str:
        text = shown[match[1]][0]
        return f"({text})" if text.startswith(notation.MINUS) and match[2] else text

    read = {step["symbol"]: re.sub(r'<span data-value="(\w+)"( data-factor)?></span>', bracketed, step["numbers"]) for step in film.steps}
    expected = {step.symbol: step.substituted(6) for step in steps(lecture, 0)}
    assert {symbol: text for symbol, text in read.items() if "<" not in text} == {
        symbol: expected[symbol] for symbol in expected if "<" not in read[symbol]
    }
    assert [symbol for symbol, text in read.items() if "<" in text] == ["H4", "H5", "L"]


def test_the_lectures_rounding_is_told(shown: dict[str, list[str]]) -> None:
    """lecture.md errata 2: 0.50 · −0.13 = −0.065, printed as −0.07 and +0.065; W1: H4in by its two-digit numbers is −0.31."""
    assert (shown["H4in"][0], shown["digits:H4in"][0]) == ("−0.32", "−0.31")
    assert (shown["dL_dlambda_4_6"][0], shown["digits:dL_dlambda_4_6"][0]) == ("−0.42", "−0.42")


def test_the_gradient_check_agrees_with_every_derivative_in_seven_digits_or_more(lecture: History, shown: dict[str, list[str]]) -> None:
    agreeing = {symbol: int(shown[f"agree:dL_d{symbol}"][0].split()[0]) for symbol in lecture.network.parameters}
    assert min(agreeing.values()) >= 7
    assert float(shown["check:dL_dlambda_4_6"][0].replace(notation.MINUS, "-")) == pytest.approx(lecture.at(0)["dL_dlambda_4_6"], abs=1e-8)


def test_the_paths_add_up_and_one_left_out_is_wrong(lecture: History) -> None:
    """lecture.md T7; ∂L/∂I1 = 0.008864817."""
    shown = texts(Camera(lecture.network).film(lecture, decimals=4))
    assert shown["whole:I1"][0] == "0.008865"
    shares = [float(shown[f"path:I1:{place}"][0]) for place in (0, 1)]
    assert sum(shares) == pytest.approx(0.008864817, abs=1e-6)
    assert shown["without:I1:0"][0] == shown["path:I1:1"][0]


def test_the_lectures_sign_gives_the_same_updates_by_adding(lecture: History) -> None:
    """lecture.md errata 1: the lecture stores y − ŷ and adds."""
    camera = Camera(lecture.network)
    printed, true = camera.film(lecture, derivative_of="P"), camera.film(lecture)
    assert texts(printed)["lambda_4_6_next"] == texts(true)["lambda_4_6_next"]
    update = next(step for step in printed.steps if step["symbol"] == "lambda_4_6_next")
    assert update["words"] == "λ4,6 + η · ∂P/∂λ4,6"
    assert texts(printed)["digits:dL_dO6"][:2] == ["1.00", "0.85"]


def test_with_several_samples_the_update_takes_the_mean() -> None:
    network = Network((2, 2, 1))
    history = train(network, Dataset(x=[[0.1, 0.2], [0.9, 0.4]], y=[[0.3], [0.8]]), Training(epochs=3))
    shown = texts(Camera(network).film(history, decimals=4))
    mean = history.updates.loc[(0, 0), "dL_db_5"]
    assert shown["mean_dL_db_5"][0] == numbers.text(mean, 4)
    assert shown["b_5_next"][0] == numbers.text(history.at(1)["b_5"], 4)


def test_a_thinned_history_shows_the_update_and_says_that_the_next_frame_is_later() -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=20, record_every=5))
    film = Camera(history.network).film(history)
    update = next(step for step in film.steps if step["symbol"] == "b_6_next")
    assert update["sentence"].endswith(" The next frame is a later state: not every epoch is recorded.")
    assert texts(film)["b_6_next"][1] == numbers.text(lessons.LECTURE.train().at(6)["b_6"], 2)


TRAININGS = [
    (Network((2, 2, 1)), {"optimiser": Momentum(), "l2": 0.1, "l1": 0.01}),
    (Network((2, 3, 2), output="softmax"), {"loss": "cross_entropy", "optimiser": Adam(), "decay": 0.1}),
    (Network((2, 3, 2), output="softmax"), {"batch_size": 2, "sampling": "shuffled"}),
    (Network((2, 3, 2, 2), hidden="relu", output="sigmoid"), {"loss": "binary_cross_entropy", "dropout": 0.4, "batch_size": 1}),
    (Network((2, 2, 2), hidden="step", output="tanh"), {"loss": "mean_squared_error", "batch_size": 2, "optimiser": Adam(), "l1": 0.1}),
]


@pytest.mark.parametrize(("network", "settings"), TRAININGS, ids=str)
@pytest.mark.parametrize("of", ["L", "P"])
@pytest.mark.parametrize("sample", [0, 2])
def test_every_training_shows_the_values_of_the_derivation_at_every_frame(network: Network, settings: dict, of: str, sample: int) -> None:
    draw = np.random.default_rng(6)
    data = Dataset(x=draw.uniform(-1, 1, (3, 2)), y=np.eye(2)[[0, 1, 0], : network.widths[-1]])
    history = train(network, data, Training(**{"epochs": 4} | settings))
    film = Camera(network).film(history, derivative_of=of, sample=sample, decimals=6)
    shown = texts(film)
    for epoch in range(5):
        expected = {step.symbol: numbers.text(step.value, 6) for step in steps(history, epoch, sample, of=of)}
        read = {symbol: shown[symbol][epoch] for symbol in expected}
        assert read == expected
        assert [step["symbol"] for step in film.steps][: len(expected)] == list(expected)


@pytest.mark.parametrize(("network", "settings"), [training for training in TRAININGS if training[0].hidden != "step"], ids=str)
def test_the_gradient_check_knows_every_loss_and_the_masks(network: Network, settings: dict) -> None:
    """The engine's forward pass and loss, node by node, are the independent computation."""
    draw = np.random.default_rng(6)
    data = Dataset(x=draw.uniform(-1, 1, (3, 2)), y=np.eye(2)[[0, 1, 0], : network.widths[-1]])
    history = train(network, data, Training(**{"epochs": 2} | settings))
    shown = texts(Camera(network).film(history))
    for parameter in network.parameters:
        checked = float(shown[f"check:dL_d{parameter}"][1].replace(notation.MINUS, "-"))
        assert checked == pytest.approx(central_difference(history, 1, parameter), abs=1.1e-8)
        assert checked == pytest.approx(history.at(1)[f"dL_d{parameter}"], abs=2e-8)


def test_a_large_networks_ledger_lists_what_can_be_read_and_says_what_it_leaves_out() -> None:
    listed = {step["symbol"]: step for step in described(Network((4, 6, 6, 4)), Manner(), derivative_of="L")}
    assert len(listed["dL_dH5"]["paths"]) == 24
    assert "paths" not in listed["dL_dI1"]
    assert listed["dL_dI1"]["sentence"].endswith("they are 144 paths, too many to list one by one.")


def test_a_long_film_has_the_steps_of_any_part() -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=5000))
    film = Camera(history.network).film(history)
    part = film.part(3000, inside=True)
    assert filled(part["channels"]["text"]["lambda_4_6_next"], 500)[7] == numbers.text(history.at(3008)["lambda_4_6"], 2)
    assert "lambda_4_6_next" not in film.reel(inside=True)["part"]["channels"]["text"]


@pytest.mark.parametrize("eta", [3.0, 10.0])
def test_a_training_that_diverges_can_be_walked_through(eta: float) -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=eta))
    assert texts(Camera(history.network).film(history))["digits:L"][-1] in ("inf", "NaN")


def test_every_gid_that_lights_up_is_in_the_picture(film: Film) -> None:
    ids = set(re.findall(r'id="network/([^"]+)"', film.stills["network"]))
    lights = {gid for step in film.steps for gid in step["lights"] if ":" in gid}
    assert lights <= ids
    assert np.mean([bool(set(step["lights"]) & ids) for step in film.steps]) == 1


def test_every_equation_can_be_set_by_mathtext(lecture: History) -> None:
    parser = MathTextParser("path")
    for step in steps(lecture, 0):
        assert parser.parse(f"${step.equation}$").width > 0


def test_biases_that_are_held_are_shown_as_they_are() -> None:
    lesson = lessons.LECTURE
    history = train(lesson.network, lesson.data, Training(epochs=5, train_biases=False))
    shown = texts(Camera(lesson.network).film(history))
    assert (shown["b_6_next"][0], shown["digits:b_6_next"][0]) == ("−0.24", "−0.24")
