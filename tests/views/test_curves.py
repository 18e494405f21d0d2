"""The curves: what is drawn, in which axes, and where the current epoch is marked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ann_dashboard import Dataset, History, Network, Training, lessons, train
from ann_dashboard.views import curves, palette


@pytest.fixture(scope="module")
def lecture() -> History:
    return lessons.LECTURE.train()


def drawn(history: History, epoch: int = 0, **options: str) -> tuple[Figure, dict[str, Axes]]:
    figure, panels = curves.figure(history.network)
    curves.draw_curves(panels, history, epoch, **options)
    figure.draw_without_rendering()
    return figure, panels


def line(ax: Axes, gid: str):
    return next(artist for artist in ax.lines if artist.get_gid() == gid)


@pytest.mark.parametrize(
    ("panel", "symbol"),
    [
        ("prediction", "O6"),
        ("prediction", "y_1"),
        ("loss", "L"),
        ("weights", "lambda_1_4"),
        ("weights", "lambda_5_6"),
        ("biases", "b_6"),
    ],
)
def test_a_curve_is_the_historys_column(lecture: History, panel: str, symbol: str) -> None:
    _, panels = drawn(lecture)
    shown = line(panels[panel], f"curve:{symbol}")
    expected = lecture.curve(symbol)
    np.testing.assert_array_equal(
        shown.get_ydata(), np.where(expected > 0, expected, np.nan) if symbol == "L" else expected
    )
    np.testing.assert_array_equal(shown.get_xdata(), lecture.recorded_epochs)


@pytest.mark.parametrize(("panel", "symbols"), [("weights", "weights"), ("biases", "biases")])
def test_each_parameter_has_one_curve_and_one_name(lecture: History, panel: str, symbols: str) -> None:
    _, panels = drawn(lecture)
    expected = set(getattr(lecture.network, symbols))
    assert {gid for gid in map(Artist.get_gid, panels[panel].lines) if gid.startswith("curve:")} == {
        f"curve:{symbol}" for symbol in expected
    }
    assert {gid for gid in map(Artist.get_gid, panels[panel].texts) if gid.startswith("name:")} == {
        f"name:{symbol}" for symbol in expected
    }


@pytest.mark.parametrize("epoch_axis", ["log", "linear"])
@pytest.mark.parametrize("epoch", [0, 1, 43, 1000])
def test_the_mark_stands_at_the_epoch_in_every_panel(lecture: History, epoch: int, epoch_axis: str) -> None:
    figure, panels = drawn(lecture, epoch, epoch_axis=epoch_axis)
    places = curves.marks(panels, lecture.recorded_epochs)
    found = {
        name: line(ax, f"now:{name}").get_window_extent().x0 * 72 / figure.dpi for name, ax in panels.items()
    }
    assert found == pytest.approx({name: places[f"now:{name}"][epoch] for name in panels})


def test_the_convergence_of_seed_3_by_epoch_43_can_be_seen_on_the_log_axis(lecture: History) -> None:
    """lecture.md W1: |ŷ − y| < 1e-3 from epoch 43."""
    _, panels = drawn(lecture)
    ax = panels["prediction"]
    low, high = ax.transAxes.inverted().transform(ax.transData.transform([[0, 0], [43, 0]]))[:, 0]
    assert high - low > 0.4
    assert "epoch 43" in next(
        text.get_text() for text in panels["loss"].texts if text.get_gid() == "title:loss"
    )


@pytest.mark.parametrize("epoch_axis", ["log", "linear"])
@pytest.mark.parametrize("eta", [0.001, 0.1, 2.0, 2.1, 3.0, 10.0, 1e6])
def test_every_axis_holds_all_finite_values_also_of_a_training_that_diverges(
    eta: float, epoch_axis: str
) -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=eta, epochs=1000))
    _, panels = drawn(history, epoch_axis=epoch_axis)
    for ax in panels.values():
        low, high = ax.get_ylim()
        values = np.concatenate(
            [artist.get_ydata() for artist in ax.lines if str(artist.get_gid()).startswith("curve:")]
        )
        finite = values[np.isfinite(values)]
        assert low <= finite.min()
        assert finite.max() <= high


@pytest.mark.parametrize("epoch_axis", ["log", "linear"])
@pytest.mark.parametrize("eta", [0.1, 10.0])
def test_the_places_that_a_film_is_told_are_those_of_what_is_drawn(eta: float, epoch_axis: str) -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=eta, epochs=1000))
    figure, panels = drawn(history, epoch_axis=epoch_axis)
    artists = {artist.get_gid(): artist for ax in panels.values() for artist in (*ax.lines, *ax.texts)}
    told = curves.places(panels, curves.drawings(panels, history, 0, epoch_axis=epoch_axis))
    assert set(told) == {gid for gid in artists if not gid.startswith("curve:")}
    for gid, (x, y) in told.items():
        start = (
            artists[gid].get_xydata()[0]
            if gid.startswith(("grid:", "frame:", "now:", "sample:"))
            else artists[gid].get_position()
        )
        assert (x, figure.bbox.height - y) == pytest.approx(
            tuple(artists[gid].get_transform().transform(start))
        )


def test_drawing_again_leaves_nothing_of_the_drawing_before(lecture: History) -> None:
    _, panels = drawn(lecture)
    before = {name: (len(ax.lines), len(ax.texts)) for name, ax in panels.items()}
    curves.draw_curves(panels, lecture, 5, epoch_axis="linear")
    assert {name: (len(ax.lines), len(ax.texts)) for name, ax in panels.items()} == before


@pytest.mark.parametrize(
    "widths",
    [(1, 1), (3, 2, 1), (2, 2, 2), (2, 2, 3, 2), (1, 3, 1), (3, 3, 3), (4, 6, 6, 4), (10, 20, 3), (2, 2, 20)],
)
def test_no_text_of_the_curves_overlaps_another_or_is_cut(widths: tuple[int, ...]) -> None:
    network = Network(widths)
    history = train(network, Dataset(x=[[0.3] * widths[0]], y=[[0.2] * widths[-1]]), Training(epochs=100))
    figure, panels = drawn(history)
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text for ax in panels.values() for text in ax.texts if text.get_text() != curves.BLANK]
    boxes = [text.get_window_extent(renderer) for text in texts]
    page = figure.bbox
    assert [
        box for box in boxes if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
    ] == []
    assert [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[:place]
        if one.shrunk(0.9, 0.9).overlaps(other.shrunk(0.9, 0.9))
    ] == []


def test_of_more_curves_than_names_have_room_for_the_same_ones_are_named_after_every_training() -> None:
    network, data = Network((4, 6, 6, 4)), Dataset(x=[[0.5] * 4], y=[[0.5] * 4])
    named = []
    for seed in (1, 2):
        _, panels = drawn(train(network, data, Training(epochs=5, seed=seed)))
        named.append({gid for gid in map(Artist.get_gid, panels["weights"].texts) if gid.startswith("name:")})
    assert named[0] == named[1]
    titles = {artist.get_gid(): artist.get_text() for artist in panels["weights"].texts}
    assert titles["title:weights"] == f"Weights λ, {len(named[0])} of 84 named"


def test_a_long_curve_is_drawn_with_few_points_that_keep_its_extremes() -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=2.0, epochs=20_000))
    _, panels = drawn(history)
    shown = line(panels["prediction"], "curve:O6")
    assert len(shown.get_xdata()) < 4 * curves.BINS + 4
    assert (np.min(shown.get_ydata()), np.max(shown.get_ydata())) == (
        history.curve("O6").min(),
        history.curve("O6").max(),
    )
    assert (shown.get_xdata()[0], shown.get_xdata()[-1]) == (0, 20_000)


def test_every_curve_has_the_contrast_of_a_line_on_white(lecture: History) -> None:
    _, panels = drawn(lecture)
    colours = [
        artist.get_color()
        for ax in panels.values()
        for artist in ax.lines
        if not artist.get_gid().startswith("grid:")
    ]
    assert min(palette.contrast(colour, palette.PAPER) for colour in colours) >= 3


@pytest.mark.parametrize("epoch_axis", ["log", "linear"])
@pytest.mark.parametrize("epochs", [1, 2, 5, 10, 49, 50, 999, 1000, 99_999, 100_000])
def test_there_is_a_place_for_every_tick(epochs: int, epoch_axis: str) -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=epochs))
    _, panels = curves.figure(history.network)
    ticks = curves.scale_epochs(panels["biases"], history.recorded_epochs, epoch_axis)
    assert 2 <= len(ticks) <= curves.MOST_EPOCH_TICKS
    assert ticks[0] == (0.0, "0")


SPANS = [
    (0.0, 0.0),
    (-1e-9, 1e-9),
    (0.1, 0.11),
    (-3.0, 2.7),
    (-999, 999),
    (-1e6, 1e300),
    (1e3, 1e12),
    (-1e305, 1e307),
    (5.0, 5.0),
]


@pytest.mark.parametrize(
    ("span", "value_axis"),
    [*((span, None) for span in SPANS), *((tuple(np.abs(span)), "log") for span in SPANS[1:])],
)
def test_values_of_any_size_have_ticks_with_room(span: tuple[float, float], value_axis: str | None) -> None:
    _, panels = curves.figure(lessons.LECTURE.network)
    ticks = curves.scale_values(
        panels["loss"], [curves.Curve("L", "L", np.array(span), palette.INK, "-")], value_axis
    )
    low, high = panels["loss"].get_ylim()
    assert low <= min(span)
    assert max(span) <= high
    assert 1 <= len(ticks) <= curves.MOST_VALUE_TICKS
    assert [tick for tick, _ in ticks if not low <= tick <= high] == []


@given(st.floats(1e-290, 1e290), st.floats(1, 1e8))
def test_an_axis_of_powers_of_ten_has_two_to_five_labelled_ticks(low, ratio):
    values = np.array([low, min(low * ratio, 1e299)])
    ax = Figure().add_subplot()
    ticks = curves.scale_values(ax, [curves.Curve("L", "L", values, "black", "-")], "log")
    bottom, top = ax.get_ylim()
    assert 2 <= len(ticks) <= 5
    assert all(bottom <= value <= top for value, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)
