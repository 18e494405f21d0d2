"""Everything that a link can ask for is trained and drawn.

Any numbers, any settings, all pictures, without an exception and without a warning.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ann_dashboard import lessons, state, train
from ann_dashboard.cli import summary
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.batches import SAMPLINGS
from ann_dashboard.engine.initialisers import INITIALISERS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.film.camera import Camera, nudge_still
from ann_dashboard.film.panels import panels_for
from ann_dashboard.views import ranges

NUMBERS = [
    *(
        "0",
        "1",
        "-1",
        "0.1",
        "0.3",
        "3",
        "1e-5",
        "1e-17",
        "1e16",
        "10000000000000002",
        "1e20",
        "-1e77",
        "1e103",
        "1e154",
        "1e300",
        "-1e300",
    ),
    *("1e308", "-1e308", "1.7e308", "-1.7e308", "1.7976931348623157e308", "-1.7976931348623157e308"),
    *("5e-324", "-5e-324", "1e-310", "2.2e-308", "1e-300"),
]
"""Numbers whose range or mean is hard to compute.

Equal but for the last digit, next to the largest float, below the smallest normal one.
"""
NASTY = st.sampled_from(NUMBERS)
PLAIN = st.sampled_from(["0", "1", "0.5"])
FLOATS = st.one_of(NASTY.map(float), st.floats(allow_nan=False, allow_infinity=False))
WHOLE = st.sampled_from(["0", "1", "2", "7", "99999999999"])
SETTINGS = {
    "eta": st.sampled_from(["0.001", "0.1", "3"]),
    "epochs": st.sampled_from(["1", "2", "40"]),
    "seed": st.sampled_from(["0", "3", "4294967295", "4294967296"]),
    "loss": st.sampled_from(list(LOSSES)),
    "batch_size": WHOLE,
    "sampling": st.sampled_from(SAMPLINGS),
    "optimiser": st.sampled_from(
        [
            "gradient_descent",
            "momentum:0.9",
            "adam:0.9:0.999:1e-08",
            "adam:0:0:1e-308",
            "adam:0.9:0.999:1e308",
        ]
    ),
    "decay": NASTY,
    "l1": NASTY,
    "l2": NASTY,
    "dropout": st.sampled_from(["0.5", "0.99", "1"]),
    "stop_below": NASTY,
    "patience": WHOLE,
    "initialiser": st.sampled_from(list(INITIALISERS)),
    "start": st.builds("b_{}:{}".format, st.integers(2, 5), NASTY),
    "train_biases": st.sampled_from(["yes", "no"]),
    "record_every": WHOLE,
    "output": st.sampled_from(list(ACTIVATIONS)),
    "epoch": WHOLE,
    "sample": WHOLE,
    "show": st.sampled_from(["weights", "backward", ""]),
    "derivatives": st.sampled_from(["L", "P"]),
    "decimals": st.sampled_from(["1", "6"]),
    "axis": st.sampled_from(["log", "linear"]),
    "frames": st.sampled_from(["epochs", "updates"]),
    "pictures": st.sampled_from(["fit", "region,agreement", ""]),
    "threshold": st.sampled_from(["0.01", "0.99"]),
    "steps": st.just("yes"),
    "lock": st.just("eta"),
    "hide": st.just("seed"),
}
OF_THE_DATA = {"lesson", "network", "hidden", "x", "y", "predictors", "responses"}
MOST_EPOCHS = 40


@st.composite
def links(draw: st.DrawFn) -> str:
    """A lesson or a small table, with a network that fits it, and any settings.

    A table has one to three predictors, mostly of nasty numbers.
    """
    texts = {"lesson": draw(st.sampled_from(list(lessons.ALL)))}
    if draw(st.booleans()):
        predictors, responses, samples = (
            draw(st.integers(1, 3)),
            draw(st.integers(1, 3)),
            draw(st.integers(1, 4)),
        )
        for key, width, numbers in (
            ("x", predictors, st.one_of(NASTY, PLAIN)),
            ("y", responses, draw(st.sampled_from([NASTY, PLAIN]))),
        ):
            rows = draw(
                st.lists(
                    st.lists(numbers, min_size=width, max_size=width).map(",".join),
                    min_size=samples,
                    max_size=samples,
                )
            )
            texts[key] = ";".join(rows if draw(st.booleans()) else rows[:1] * samples)
        hidden = draw(st.lists(st.sampled_from(list(ACTIVATIONS)), max_size=2))
        texts |= {
            "network": "-".join(map(str, [predictors, *[2] * len(hidden), responses])),
            "hidden": ",".join(hidden),
        }
        names = st.sampled_from(["$", "ŷ", "a" * 40, "<b>"])
        texts |= {
            key: draw(names)
            for key, width in (("predictors", predictors), ("responses", responses))
            if width == 1 and draw(st.booleans())
        }
    chosen = draw(st.lists(st.sampled_from(list(SETTINGS)), max_size=8, unique=True))
    return "&".join(
        f"{key}={text}" for key, text in (texts | {key: draw(SETTINGS[key]) for key in chosen}).items()
    )


def test_the_links_that_are_tried_have_every_part_that_there_is() -> None:
    assert OF_THE_DATA | set(SETTINGS) == state.KNOWN


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(links())
@example("lesson=lecture&x=0,0,0&y=1e154&epochs=2")
@example("lesson=xor&x=1.7e308,0;0,1&y=0;1")
@example("lesson=lecture&network=1-1&x=1;1.7976931348623157e308&y=-1.7e308;1.7e308&epochs=1")
@example("lesson=lecture&network=1-1&x=1e16;10000000000000002&y=5e-324;1e-310&epochs=1")
def test_whatever_a_link_asks_for_is_drawn(query: str) -> None:
    shown, _ = state.read(query)
    assert state.read(shown.query)[0].query == shown.query
    training = replace(shown.training, epochs=min(shown.training.epochs, MOST_EPOCHS))
    history = train(shown.network, shown.data, training)
    assert summary(history)
    several = training.record_every == 1 and history.update_numbers.any()
    field, camera = lessons.field_of(shown.data), Camera(shown.network)
    for filmed in (history, history.with_updates_as_epochs()) if several else (history,):
        for axis in ("log", "linear"):
            film = camera.film(
                filmed,
                decimals=shown.decimals,
                derivative_of=shown.derivative_of,
                epoch_axis=axis,
                sample=shown.sample,
                panels=[panel.name for panel in panels_for(filmed, field)],
                threshold=shown.threshold,
                field=field,
            )
            film.reel()
            film.steps()
            film.walked()
            for frame in {0, len(film.epochs) // 2, len(film.epochs) - 1}:
                film.part(frame, count=1)
                film.stretch(frame, 0)
                for draw in film.beside.values():
                    draw(int(film.epochs[frame]))
    assert nudge_still(
        history, int(history.recorded_epochs[-1]), shown.network.parameters[-1], sample=shown.sample
    )


@given(FLOATS, FLOATS, st.sampled_from([0.0, 0.2]))
def test_any_two_numbers_have_a_range_that_floats_can_divide(one: float, other: float, room: float) -> None:
    low, high = ranges.around([np.array([one, other])], room)
    shares = (np.linspace(low, high, 11) - low) / (high - low)
    np.testing.assert_allclose(shares, np.linspace(0, 1, 11), atol=1e-3)
    for number in (one, other):
        assert low <= min(max(number, -ranges.FARTHEST), ranges.FARTHEST) <= high


@pytest.mark.parametrize(("low", "high"), [(0.25, 0.75), (-3.0, 1e9), (1e-200, 2e-200), (1.7e9, 1.7e9 + 1)])
def test_a_range_that_can_be_drawn_stays(low: float, high: float) -> None:
    assert ranges.drawable(low, high) == (low, high)


def test_an_axis_says_where_it_ends_before_its_numbers() -> None:
    assert ranges.named("porosity", (0.0, 1.0)) == "porosity"
    assert ranges.named("porosity", (-1e300, 1e300)) == "porosity, ends at −1e300 and 1e300"
