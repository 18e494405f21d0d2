"""The steps inside an epoch as the film shows them: their texts are those of `derivation.steps`."""

import json
import re
import subprocess
import sys
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from ann_dashboard import Dataset, History, Network, Training, lessons, notation, train
from ann_dashboard.analysis.gradient_check import central_difference
from ann_dashboard.engine.optimisers import Adam, Momentum
from ann_dashboard.equations.rules import rules
from ann_dashboard.equations.steps import steps
from ann_dashboard.equations.variant import Manner, manner
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import STEPS_AT_ONCE, STRETCH, STRETCH_FRAMES, Film
from ann_dashboard.film.step_texts import BYTES_A_STEP, MOST_BYTES, SAME, Walk, step_count
from ann_dashboard.views import numbers


def filled(joined: str, count: int) -> list[str]:
    """What the browser reads.

    An empty value repeats the one before it, and the last one holds to the end of the part.
    """
    texts = list(accumulate(joined.split("|"), lambda before, text: text or before))
    return texts + texts[-1:] * (count - len(texts))


def texts(film: Film) -> dict[str, list[str]]:
    """Everything that can be read at every frame, as the browser reads it.

    The film's own texts and those of the steps.
    """
    count = len(film.epochs)
    shown = {
        gid: filled(joined, count) for gid, joined in film.part(0, count=count)["channels"]["text"].items()
    }
    shown |= {gid: filled(joined, count) for gid, joined in film.stretch_of(range(count))["texts"].items()}
    for gid in [gid for gid in shown if gid.startswith("digits:")]:
        value = shown[gid.removeprefix("digits:")]
        shown[gid] = [own if text == SAME else text for text, own in zip(shown[gid], value, strict=True)]
    return shown


def told(film: Film) -> list[dict[str, Any]]:
    """The steps as the browser has them."""
    return film.steps(whole=True)["list"]


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
def test_every_step_shows_the_value_of_the_derivation(
    lecture: History, film: Film, shown: dict[str, list[str]], epoch: int
) -> None:
    expected = {step.symbol: numbers.text(step.value, 2) for step in steps(lecture, epoch)}
    assert {symbol: shown[symbol][epoch] for symbol in expected} == expected
    assert [step["symbol"] for step in told(film)][: len(expected)] == list(expected)


def test_the_numbers_of_an_equation_are_the_derivations_substituted_equation(lecture: History) -> None:
    film = Camera(lecture.network).film(lecture, decimals=6)
    shown = texts(film)

    def bracketed(match: re.Match[str]) -> str:
        text = shown[match[1]][0]
        return f"({text})" if text.startswith(notation.MINUS) and match[2] else text

    read = {
        step["symbol"]: re.sub(r'<span data-value="(\w+)"( data-factor)?></span>', bracketed, step["numbers"])
        for step in told(film)
    }
    expected = {step.symbol: step.substituted(6) for step in steps(lecture, 0)}
    assert {symbol: text for symbol, text in read.items() if "<" not in text} == {
        symbol: expected[symbol] for symbol in expected if "<" not in read[symbol]
    }
    assert [symbol for symbol, text in read.items() if "<" in text] == ["H4", "H5", "L"]


def test_the_lectures_rounding_is_told(shown: dict[str, list[str]]) -> None:
    """lecture.md errata 2: 0.50 · −0.13 = −0.065, printed as −0.07 and +0.065.

    W1: H4in by its two-digit numbers is −0.31.
    """
    assert (shown["H4in"][0], shown["digits:H4in"][0]) == ("−0.32", "−0.31")
    assert (shown["dL_dlambda_4_6"][0], shown["digits:dL_dlambda_4_6"][0]) == ("−0.42", "−0.42")


def test_the_gradient_check_agrees_with_every_derivative_in_seven_digits_or_more(
    lecture: History, shown: dict[str, list[str]]
) -> None:
    agreeing = {
        symbol: int(shown[f"agree:dL_d{symbol}"][0].split()[0]) for symbol in lecture.network.parameters
    }
    assert min(agreeing.values()) >= 7
    assert float(shown["check:dL_dlambda_4_6"][0].replace(notation.MINUS, "-")) == pytest.approx(
        lecture.at(0)["dL_dlambda_4_6"], abs=1e-8
    )


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
    update = next(step for step in told(printed) if step["symbol"] == "lambda_4_6_next")
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
    update = next(step for step in told(film) if step["symbol"] == "b_6_next")
    assert update["sentence"].endswith(" The next frame is a later state: not every epoch is recorded.")
    assert texts(film)["b_6_next"][1] == numbers.text(lessons.LECTURE.train().at(6)["b_6"], 2)


TRAININGS = [
    (Network((2, 2, 1)), {"optimiser": Momentum(), "l2": 0.1, "l1": 0.01}),
    (Network((2, 3, 2), output="softmax"), {"loss": "cross_entropy", "optimiser": Adam(), "decay": 0.1}),
    (Network((2, 3, 2), output="softmax"), {"batch_size": 2, "sampling": "shuffled"}),
    (
        Network((2, 3, 2, 2), hidden="relu", output="sigmoid"),
        {"loss": "binary_cross_entropy", "dropout": 0.4, "batch_size": 1},
    ),
    (
        Network((2, 2, 2), hidden="step", output="tanh"),
        {"loss": "mean_squared_error", "batch_size": 2, "optimiser": Adam(), "l1": 0.1},
    ),
]


@pytest.mark.parametrize(("network", "settings"), TRAININGS, ids=str)
@pytest.mark.parametrize("of", ["L", "P"])
@pytest.mark.parametrize("sample", [0, 2])
def test_every_training_shows_the_values_of_the_derivation_at_every_frame(
    network: Network, settings: dict, of: str, sample: int
) -> None:
    draw = np.random.default_rng(6)
    data = Dataset(x=draw.uniform(-1, 1, (3, 2)), y=np.eye(2)[[0, 1, 0], : network.widths[-1]])
    history = train(network, data, Training(**{"epochs": 4} | settings))
    film = Camera(network).film(history, derivative_of=of, sample=sample, decimals=6)
    shown = texts(film)
    for epoch in range(5):
        expected = {step.symbol: numbers.text(step.value, 6) for step in steps(history, epoch, sample, of=of)}
        read = {symbol: shown[symbol][epoch] for symbol in expected}
        assert read == expected
        assert [step["symbol"] for step in told(film)][: len(expected)] == list(expected)


@pytest.mark.parametrize(
    ("network", "settings"), [training for training in TRAININGS if training[0].hidden != "step"], ids=str
)
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
    walk = Walk(Network((4, 6, 6, 4)), Manner(), {}, lambda _frames: {}, derivative_of="L", decimals=2)
    listed = {one["symbol"]: more for one, more in zip(walk.outline(), walk.described(), strict=True)}
    assert len(listed["dL_dH5"]["paths"]) == 24
    assert "paths" not in listed["dL_dI1"]
    assert listed["dL_dI1"]["sentence"].endswith("they are 144 paths, too many to list one by one.")


def test_a_long_film_has_the_steps_of_any_part() -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=5000))
    film = Camera(history.network).film(history)
    assert film.walked()["stretches"] == []
    step = [one["symbol"] for one in told(film)].index("lambda_4_6_next")
    stretch = film.stretch(3007, step)
    assert stretch["from"] <= step < stretch["to"]
    written = filled(stretch["texts"]["lambda_4_6_next"], stretch["count"])
    assert written[3007 - stretch["first"]] == numbers.text(history.at(3008)["lambda_4_6"], 2)


@pytest.mark.parametrize("eta", [3.0, 10.0])
def test_a_training_that_diverges_can_be_walked_through(eta: float) -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=eta))
    assert texts(Camera(history.network).film(history))["digits:L"][-1] in ("inf", "NaN")


def test_every_gid_that_lights_up_is_in_the_picture(film: Film) -> None:
    ids = set(re.findall(r'id="network/([^"]+)"', film.stills["network"]))
    lights = {gid for step in told(film) for gid in step["lights"] if ":" in gid}
    assert lights <= ids
    assert np.mean([bool(set(step["lights"]) & ids) for step in told(film)]) == 1


def test_every_equation_can_be_set_by_mathtext(lecture: History) -> None:
    parser = MathTextParser("path")
    for step in steps(lecture, 0):
        assert parser.parse(f"${step.equation}$").width > 0


def test_biases_that_are_held_are_shown_as_they_are() -> None:
    lesson = lessons.LECTURE
    history = train(lesson.network, lesson.data, Training(epochs=5, train_biases=False))
    shown = texts(Camera(lesson.network).film(history))
    assert (shown["b_6_next"][0], shown["digits:b_6_next"][0]) == ("−0.24", "−0.24")


@cache
def large(*, epochs: int = 1000) -> Film:
    """A film of 3-20-20-1, whose numbers inside its epochs took 800 MiB when all were made at once."""
    network = Network((3, 20, 20, 1))
    return Camera(network).film(
        train(network, Dataset(x=[[0.1, 0.5, 0.9]], y=[[0.3]]), Training(epochs=epochs))
    )


def test_a_large_networks_steps_come_in_stretches_of_a_bounded_size_that_leave_none_out() -> None:
    film = large()
    opened, sizes = film.walked(), film.walk.sizes
    assert (opened["stretches"], opened["frames"]) == ([], STRETCH_FRAMES)
    borders = [*opened["borders"], len(sizes)]
    assert (borders[0], borders) == (0, sorted(set(borders)))
    for first, last in pairwise(borders):
        assert last - first == 1 or sum(sizes[first:last]) * opened["frames"] <= STRETCH
        assert len(json.dumps(film.stretch(999, first, described=False)).encode()) < 500_000
    assert "equation" not in film.steps()["list"][0]


def test_the_lectures_steps_come_all_at_once(film: Film) -> None:
    opened = film.walked()
    assert sum(film.walk.sizes) * len(film.epochs) <= STEPS_AT_ONCE
    assert [(one["first"], one["count"], one["from"], one["to"]) for one in opened["stretches"]] == [
        (0, 1001, 0, 52)
    ]
    assert film.steps()["list"] == told(film)


def test_the_numbers_of_any_frame_and_step_are_in_the_stretch_that_is_told_to_have_them() -> None:
    film = large()
    described = told(film)
    for frame, step in ((0, 0), (99, 1695), (100, 40), (1000, 700), (551, 350)):
        stretch = film.stretch(frame, step, described=False)
        assert stretch["first"] <= frame < stretch["first"] + stretch["count"]
        assert stretch["from"] <= step < stretch["to"]
        symbol = described[step]["symbol"]
        row = {one.symbol: one for one in steps(film.history, frame)}
        if symbol in row and symbol in stretch["texts"]:
            read = filled(stretch["texts"][symbol], stretch["count"])[frame - stretch["first"]]
            assert read == numbers.text(row[symbol].value, 2)
        assert f"digits:{symbol}" in stretch["texts"]
        assert described[step] == described[step] | stretch["steps"][step - stretch["from"]]


@pytest.mark.parametrize(("frame", "step"), [(-1, 0), (1001, 0), (0, -1), (0, 1696)])
def test_a_step_that_does_not_exist_is_refused(frame: int, step: int) -> None:
    with pytest.raises(LookupError, match=f"step {step} at frame {frame} does not exist"):
        large().stretch(frame, step)


MEMORY = """
import gc, resource, tracemalloc
from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.film.camera import Camera
from ann_dashboard.dashboard.film_widget import FilmWidget
network = Network((3, 20, 20, 1))
history = train(network, Dataset(x=[[0.1, 0.5, 0.9]], y=[[0.3]]), Training(epochs=1000))
film = Camera(network).film(history)
widget = FilmWidget(film, history, history)
gc.collect()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
tracemalloc.start()
widget.stepping = True
for frame, borders in ((0, widget.walked["borders"]), (500, widget.walked["borders"][::4])):
    for step in borders:
        widget._about("stretch", frame, {"step": step, "described": frame > 0})
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(tracemalloc.get_traced_memory()[1], 1024 * (after - before))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process's memory is counted in KiB")
def test_walking_through_a_large_network_takes_little_memory() -> None:
    """Of 3-20-20-1 over 1000 epochs it took 800 MiB beyond the film."""
    printed = subprocess.run(
        [sys.executable, "-c", MEMORY], check=True, capture_output=True, text=True
    ).stdout
    made, grown = (int(number) / 2**20 for number in printed.split())
    assert made < 20
    assert grown < 40


WALKED = [
    *TRAININGS,
    (Network((2, 3, 2, 2), hidden="tanh", output="tanh"), {"dropout": 0.4, "batch_size": 2}),
    (Network((2, 4, 3, 2)), {"eta": 30.0}),
]


@cache
def walked(place: int, of: str) -> tuple[Walk, dict[str, list[str]], int]:
    """A walk, and its texts made all at once; how many frames it has."""
    network, more = WALKED[place]
    draw = np.random.default_rng(6)
    data = Dataset(x=draw.uniform(-1, 1, (3, 2)), y=np.eye(2)[[0, 1, 0], : network.widths[-1]])
    film = Camera(network).film(
        train(network, data, Training(**{"epochs": 40} | more)), derivative_of=of, decimals=6
    )
    return film.walk, film.walk.texts(slice(0, len(film.epochs))), len(film.epochs)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, len(WALKED) - 1), of=st.sampled_from("LP"), drawn=st.data())
def test_texts_of_some_steps_at_some_frames_are_those_made_all_at_once(
    place: int, of: str, drawn: st.DataObject
) -> None:
    walk, whole, count = walked(place, of)
    frames = slice(*sorted(drawn.draw(st.lists(st.integers(0, count), min_size=2, max_size=2, unique=True))))
    some = slice(
        *sorted(drawn.draw(st.lists(st.integers(0, len(walk.sizes)), min_size=2, max_size=2, unique=True)))
    )
    made = walk.texts(frames, some)
    assert made == {gid: whole[gid][frames] for gid in made}
    assert {f"digits:{step['symbol']}" for step in walk.outline()[some]} == {
        gid for gid in made if gid.startswith("digits:")
    }


@pytest.mark.parametrize(("network", "more"), WALKED, ids=str)
def test_steps_are_counted_without_making_them(network: Network, more: dict) -> None:
    data = Dataset(x=np.zeros((3, 2)), y=np.eye(2)[[0, 1, 0], : network.widths[-1]])
    how = manner(Training(**{"epochs": 4} | more), data)
    made = len(rules(network, how))
    assert made <= step_count(network, how) <= made + 5 * len(network.nodes) + len(network.biases)


def test_steps_that_are_too_many_are_refused_before_any_is_made() -> None:
    walk = Walk(
        Network((30,) * 6), Manner(optimiser=Adam()), {}, lambda _frames: {}, derivative_of="L", decimals=2
    )
    before = rules.cache_info().misses
    most = int(MOST_BYTES / BYTES_A_STEP)
    assert walk.refusal == (
        f"An epoch of this network has about 33300 steps, more than the {most} that there is memory for: "
        "to step inside, choose fewer nodes or layers (Settings, Network)."
    )
    assert rules.cache_info().misses <= before + 1  # those of the smallest network, which are counted


def test_the_largest_plain_network_of_the_dashboard_can_be_walked_through() -> None:
    assert (
        Walk(Network((30,) * 6), Manner(), {}, lambda _frames: {}, derivative_of="L", decimals=2).refusal
        == ""
    )
