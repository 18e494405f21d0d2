"""One parameter nudged: the loss at other values, and the picture of it.

The central difference is compared with the recorded derivative.
"""

import math

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ann_dashboard import Dataset, History, Network, Training, lessons, notation, train
from ann_dashboard.analysis.gradient_check import central_difference, loss_at, tangent
from ann_dashboard.engine.optimisers import Adam
from ann_dashboard.views import nudge, palette

LECTURE = lessons.LECTURE


@pytest.fixture(scope="module")
def lecture() -> History:
    return LECTURE.train()


@pytest.fixture(scope="module")
def several() -> History:
    numbers = np.random.default_rng(4)
    data = Dataset(x=numbers.uniform(-1, 1, (3, 2)), y=numbers.uniform(-1, 1, (3, 2)))
    return train(Network((2, 3, 2), hidden="tanh", output="sigmoid"), data, Training(epochs=20, eta=0.5))


@pytest.mark.parametrize("epoch", [0, 1, 10])
@pytest.mark.parametrize("parameter", LECTURE.network.parameters)
def test_the_central_difference_agrees_with_the_recorded_derivative(lecture, parameter, epoch):
    found = central_difference(lecture, epoch, parameter)
    assert found == pytest.approx(lecture.at(epoch)[notation.derivative(parameter)], rel=1e-7)


@pytest.mark.parametrize("sample", [0, 1, 2])
def test_the_central_difference_is_that_of_the_sample(several, sample):
    recorded = several.at(5, sample)
    found = {
        parameter: central_difference(several, 5, parameter, sample)
        for parameter in several.network.parameters
    }
    assert found == pytest.approx(
        {parameter: recorded[notation.derivative(parameter)] for parameter in found}, rel=1e-6, abs=1e-10
    )


@pytest.mark.parametrize(
    ("output", "settings"),
    [
        ("softmax", {"loss": "cross_entropy", "l2": 0.1}),
        ("softmax", {"batch_size": 1}),
        ("sigmoid", {"loss": "binary_cross_entropy", "dropout": 0.5, "batch_size": 2}),
        ("identity", {"loss": "mean_squared_error", "batch_size": 1, "sampling": "shuffled"}),
    ],
)
@pytest.mark.parametrize("update", [0, 1])
def test_the_central_difference_agrees_in_every_training_before_every_update(output, settings, update):
    numbers = np.random.default_rng(4)
    data = Dataset(x=numbers.uniform(-1, 1, (3, 2)), y=np.eye(2)[[0, 1, 1]])
    history = train(
        Network((2, 3, 2), hidden="tanh", output=output),
        data,
        Training(**{"epochs": 3, "batch_size": 2} | settings),
    )
    recorded = history.at(1, 2, update=update)
    found = {
        parameter: central_difference(history, 1, parameter, 2, update=update)
        for parameter in history.network.parameters
    }
    assert found == pytest.approx(
        {parameter: recorded[notation.derivative(parameter)] for parameter in found}, rel=1e-6, abs=1e-9
    )


def test_the_place_after_the_update_is_where_the_optimiser_puts_it():
    history = train(LECTURE.network, LECTURE.data, Training(epochs=3, optimiser=Adam(), l2=0.1))
    ax = drawn(history, 1, "lambda_4_6")
    assert found(ax, "nudge:next").get_xdata()[0] == history.at(2)["lambda_4_6"]


def test_a_smaller_step_is_nearer_until_the_digits_are_lost(lecture):
    exact = lecture.at(0)["dL_dlambda_1_4"]
    far, near, lost = (
        abs(central_difference(lecture, 0, "lambda_1_4", step=step) - exact) for step in (1e-1, 1e-4, 1e-13)
    )
    assert near < 1e-4 * far
    assert near < 1e-4 * lost


def test_the_loss_is_a_parabola_in_a_weight_into_a_linear_output(lecture):
    """L = ½ (λ46 H4 + rest − y)²: at the recorded value the recorded loss, elsewhere by hand."""
    row = lecture.at(0)
    values = np.array([row["lambda_4_6"], 0.0, 2.0, -1e3])
    expected = 0.5 * (values * row["H4"] + row["lambda_5_6"] * row["H5"] + row["b_6"] - row["y_1"]) ** 2
    assert loss_at(lecture, 0, "lambda_4_6", values) == pytest.approx(expected, rel=1e-12)
    assert loss_at(lecture, 0, "lambda_4_6", values[:1])[0] == row["L"]


def test_a_weight_into_a_hidden_node_is_nudged_through_all_that_follows(lecture):
    row = lecture.at(0)
    h4 = 1 / (1 + math.exp(-(1.0 * 0.5 + row["lambda_2_4"] * 0.2 + row["lambda_3_4"] * 0.7 + row["b_4"])))
    error = row["lambda_4_6"] * h4 + row["lambda_5_6"] * row["H5"] + row["b_6"] - 0.3
    assert loss_at(lecture, 0, "lambda_1_4", [1.0]) == pytest.approx([0.5 * error**2], rel=1e-12)


def test_nudging_leaves_the_history_as_it_is(lecture):
    before = lecture.values.copy()
    loss_at(lecture, 3, "b_4", [1.0, 2.0])
    np.testing.assert_array_equal(lecture.values, before)


@pytest.mark.parametrize("ask", [tangent, central_difference, lambda *where: loss_at(*where, [0.0])])
def test_what_is_no_parameter_is_refused_with_names_near_it(lecture, ask):
    with pytest.raises(
        ValueError,
        match=r"'lambda_14' is not a parameter of the network \(3, 2, 1\): write e\.g\. lambda_1_4",
    ):
        ask(lecture, 0, "lambda_14")
    with pytest.raises(ValueError, match=r"'H4' is not a parameter"):
        ask(lecture, 0, "H4")


@pytest.mark.parametrize(
    ("step", "error"), [(0.0, ValueError), (-1e-5, ValueError), (math.nan, ValueError), ("small", TypeError)]
)
def test_a_step_is_a_number_above_0(lecture, step, error):
    with pytest.raises(error, match=r"step is .*: give a finite number above 0"):
        central_difference(lecture, 0, "b_4", step=step)


def test_an_epoch_that_is_not_recorded_is_refused(lecture):
    with pytest.raises(LookupError, match="epoch 1001 is not recorded"):
        central_difference(lecture, 1001, "b_4")


def drawn(history: History, epoch: int, parameter: str, **options: int) -> Axes:
    figure, ax = nudge.figure()
    nudge.draw_nudge(ax, history, epoch, parameter, **options)
    figure.draw_without_rendering()
    return ax


def found(ax: Axes, name: str):
    return next(artist for artist in (*ax.lines, *ax.texts, *legend_texts(ax)) if artist.get_gid() == name)


def legend_texts(ax: Axes) -> list:
    return ax.get_legend().get_texts() if ax.get_legend() else []


def names(ax: Axes) -> list[str]:
    return [line.get_gid() for line in ax.lines]


@pytest.mark.parametrize("parameter", LECTURE.network.parameters)
def test_the_picture_shows_the_loss_its_tangent_and_the_point(lecture, parameter):
    ax, row = drawn(lecture, 0, parameter), lecture.at(0)
    value, slope = row[parameter], row[notation.derivative(parameter)]
    x, losses = found(ax, "nudge:loss").get_data()
    np.testing.assert_array_equal(losses, loss_at(lecture, 0, parameter, x))
    assert found(ax, "nudge:point").get_xydata().tolist() == [[value, row["L"]]]
    along = found(ax, "nudge:tangent")
    assert along.get_linestyle() == "--"
    np.testing.assert_allclose(along.get_ydata(), row["L"] + slope * (x - value), rtol=1e-12)
    after = value - 0.1 * slope
    assert found(ax, "nudge:next").get_xydata()[0] == pytest.approx(
        [after, loss_at(lecture, 0, parameter, [after])[0]], rel=1e-12
    )
    assert found(ax, "nudge:next").get_markerfacecolor() == "none"


@pytest.mark.parametrize("epoch", [0, 1, 10])
@pytest.mark.parametrize("parameter", LECTURE.network.parameters)
def test_the_tangent_touches_the_curve_and_leaves_it_visibly_within_the_plot(lecture, parameter, epoch):
    """No gap where the parameter stands in the middle.

    At one end at least 3 % of the height, unless the range is at its largest.
    """
    ax = drawn(lecture, epoch, parameter)
    (low, high), (left, right) = ax.get_ylim(), ax.get_xlim()
    gap = np.abs(found(ax, "nudge:loss").get_ydata() - found(ax, "nudge:tangent").get_ydata()) / (high - low)
    assert (left + right) / 2 == pytest.approx(lecture.at(epoch)[parameter], abs=1e-12)
    assert gap[nudge.POINTS // 2] < 1e-12
    assert max(gap[0], gap[-1]) > 0.03 or right - left == pytest.approx(2 * nudge.MOST)


def test_the_picture_tells_its_numbers(lecture):
    ax = drawn(lecture, 0, "lambda_4_6")
    assert [text.get_text() for text in legend_texts(ax)] == [
        "λ4,6 = −0.53, L = 0.51",
        "slope ∂L/∂λ4,6 = −0.42",
        "after the update λ4,6 = −0.49",
    ]
    assert (
        found(drawn(lecture, 0, "lambda_4_6", decimals=4), "nudge:tangent:text").get_text()
        == "slope ∂L/∂λ4,6 = −0.4238"
    )
    assert [text.get_gid() for text in ax.texts] == ["nudge:parameter", "nudge:L"]


def test_the_next_update_is_shown_where_there_is_one(lecture):
    held = train(LECTURE.network, LECTURE.data, Training(epochs=3, train_biases=False))
    assert [
        "nudge:next" in names(drawn(*where))
        for where in [(lecture, 999, "b_6"), (lecture, 1000, "b_6"), (held, 0, "b_6")]
    ] == [
        True,
        False,
        False,
    ]
    assert "nudge:next" in names(drawn(held, 0, "lambda_4_6"))


def test_an_update_that_leaps_out_of_the_valley_is_told_but_not_marked():
    history = train(LECTURE.network, LECTURE.data, Training(eta=5.0, epochs=10))
    ax = drawn(history, 3, "b_6")
    assert np.isnan(found(ax, "nudge:next").get_ydata()).all()
    assert found(ax, "nudge:next:text").get_text().endswith(", outside the plot")


def test_the_next_update_over_several_samples_goes_by_their_mean_derivative(several):
    ax = drawn(several, 5, "lambda_1_3", sample=1)
    after = several.at(6)["lambda_1_3"]
    assert found(ax, "nudge:next").get_xydata()[0] == pytest.approx(
        [after, loss_at(several, 5, "lambda_1_3", [after], 1)[0]], rel=1e-12
    )


@pytest.mark.parametrize("parameter", ["lambda_1_2", "b_3"])
def test_a_dead_relu_has_a_flat_tangent(parameter):
    start = {"lambda_1_2": -1.0, "b_2": -1.0, "lambda_2_3": 0.0, "b_3": 0.3}
    history = train(
        Network((1, 1, 1), hidden="relu"), Dataset(x=[[0.5]], y=[[0.3]]), Training(epochs=1, start=start)
    )
    ax = drawn(history, 0, parameter)
    assert np.ptp(found(ax, "nudge:tangent").get_ydata()) == 0
    assert ax.get_ylim()[0] < 0 < ax.get_ylim()[1]


@pytest.mark.parametrize("eta", [2.1, 5.0, 1e6])
def test_a_training_that_explodes_is_drawn_or_said_to_be_not_finite(eta):
    history = train(LECTURE.network, LECTURE.data, Training(eta=eta, epochs=1000))
    for epoch in (0, 20, 100, 500, 1000):
        ax = drawn(history, epoch, "b_6")
        said = [text.get_text() for text in ax.texts]
        assert names(ax)[:1] == ["nudge:loss"] or said == [
            f"At epoch {epoch} the loss around b6 is not finite."
        ]


def test_drawing_again_leaves_nothing_of_the_drawing_before(lecture):
    ax = drawn(lecture, 0, "lambda_4_6")
    before = len(ax.get_children())
    nudge.draw_nudge(ax, lecture, 5, "b_4")
    assert len(ax.get_children()) == before


@pytest.mark.parametrize(("parameter", "decimals"), [("lambda_4_6", 2), ("lambda_1_4", 6), ("b_6", 4)])
@pytest.mark.parametrize(("eta", "epoch"), [(0.1, 0), (0.1, 1000), (5.0, 3), (5.0, 49)])
def test_every_text_can_be_read_and_none_is_cut_or_overlaps_another(parameter, decimals, eta, epoch):
    history = train(LECTURE.network, LECTURE.data, Training(eta=eta, epochs=1000))
    ax = drawn(history, epoch, parameter, decimals=decimals)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    across = [
        label
        for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        if left <= tick <= right
    ]
    up = [
        label
        for tick, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
        if low <= tick <= high
    ]
    texts = [*across, *up, *ax.texts, *legend_texts(ax)]
    boxes = [text.get_window_extent(renderer) for text in texts]
    page = ax.figure.bbox
    assert min(text.get_fontsize() for text in texts) >= 12
    assert [
        box for box in boxes if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
    ] == []
    assert [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[:place]
        if one.shrunk(0.9, 0.9).overlaps(other.shrunk(0.9, 0.9))
    ] == []


def test_every_line_and_mark_has_the_contrast_of_a_line_on_white(lecture):
    colours = [
        line.get_color()
        for parameter in LECTURE.network.parameters
        for line in drawn(lecture, 0, parameter).lines
    ]
    assert min(palette.contrast(colour, palette.PAPER) for colour in colours) >= 3
