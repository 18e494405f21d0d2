"""The pictures beside the network: which there are, what is drawn, and each of their frames."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from path_data import inside, lines

from ann_dashboard import Dataset, History, Network, Training, lessons, train
from ann_dashboard.analysis import scores
from ann_dashboard.data.columns import Column
from ann_dashboard.data.property_map import Field
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import Film, svg
from ann_dashboard.film.panels import PANELS, Settings, draw_panel, figure_at, panels_for, spoken, usual
from ann_dashboard.views import (
    agreement,
    confusion,
    fit,
    losses,
    numbers,
    palette,
    property_map,
    region,
    sheet,
    svg_paths,
)

HIGHAM = Dataset(
    [
        [0.1, 0.1],
        [0.3, 0.4],
        [0.1, 0.5],
        [0.6, 0.9],
        [0.4, 0.2],
        [0.6, 0.3],
        [0.5, 0.6],
        [0.9, 0.2],
        [0.4, 0.4],
        [0.7, 0.6],
    ],
    [[1, 0]] * 5 + [[0, 1]] * 5,
    classes=("A", "B"),
)
"""lecture.md W4."""
XOR = Dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
MAP = Field(
    np.linspace(5600, 9000, 12).reshape(3, 4), width=300, height=200, name="impedance", unit="g/cm³·m/s"
)


@pytest.mark.parametrize("key", lessons.ALL)
def test_every_lesson_opens_with_pictures_that_can_be_drawn(key: str) -> None:
    lesson = lessons.ALL[key]
    history = train(lesson.network, lesson.data, replace(lesson.training, epochs=1, record_every=1))
    names = usual(history, lesson.field)
    assert ("field" in names) == (lesson.field is not None)
    film = Camera(lesson.network).film(history, panels=names, field=lesson.field)
    assert set(names) <= set(film.stills)


def wells() -> Dataset:
    """Porosity over impedance, scaled, with a test part."""
    impedance = np.linspace(5500, 9000, 40)
    porosity = 25 * np.exp(-(impedance - 5500) / 2500) + np.sin(impedance)
    x, y = (
        Column("impedance", least=5500, most=9000, scale=(-1, 1)),
        Column("porosity", least=porosity.min(), most=porosity.max(), scale=(-1, 1)),
    )
    scaled = np.column_stack([x.scaled(impedance), y.scaled(porosity)])
    train_rows, test_rows = (np.arange(40) % 5 > 0), (np.arange(40) % 5 == 0)
    columns = {"predictors": [x], "responses": [y]}
    return Dataset(
        scaled[train_rows, :1],
        scaled[train_rows, 1:],
        **columns,
        test=Dataset(scaled[test_rows, :1], scaled[test_rows, 1:], **columns),
    )


def of_three_classes() -> Dataset:
    places = np.random.default_rng(3).uniform(-1, 1, (30, 2))
    classes = np.argmax(places @ np.array([[1, -0.5, -0.5], [0, 0.9, -0.9]]), axis=1)
    return Dataset(places, np.eye(3)[classes], classes=("sand", "shale", "coal"))


PARABOLA = Dataset(np.linspace(-1, 1, 21)[:, np.newaxis], np.linspace(-1, 1, 21)[:, np.newaxis] ** 2)
TRAININGS = {
    "xor": (
        Network((2, 2, 1), "sigmoid", "sigmoid"),
        XOR,
        Training(eta=3, epochs=400, loss="binary_cross_entropy"),
    ),
    "perceptron": (
        Network((2, 1), (), "step"),
        Dataset(XOR.x, [[0], [0], [0], [1]]),
        Training(eta=0.1, epochs=30),
    ),
    "higham": (
        Network((2, 2, 3, 2), "sigmoid", "sigmoid"),
        HIGHAM,
        Training(eta=2, epochs=600, initialiser="normal"),
    ),
    "three classes": (
        Network((2, 4, 3), "tanh", "softmax"),
        of_three_classes(),
        Training(eta=0.5, epochs=100, loss="cross_entropy"),
    ),
    "parabola": (Network((1, 6, 1), "tanh"), PARABOLA, Training(eta=0.2, epochs=500)),
    "wells": (
        Network((1, 3, 1), "relu"),
        wells(),
        Training(eta=0.05, epochs=100, batch_size=5, sampling="shuffled"),
    ),
    "two responses": (
        Network((1, 4, 2), "tanh"),
        Dataset(PARABOLA.x, np.hstack([PARABOLA.y, 1 - PARABOLA.x])),
        Training(epochs=50),
    ),
    "logistic": (
        Network((1, 1), (), "sigmoid"),
        Dataset(PARABOLA.x, PARABOLA.x > 0.2),
        Training(eta=1, epochs=50),
    ),
    "mixed": (Network((3, 2, 1)), Dataset([[0.5, 0.2, 0.7]], [[0.3]]), Training(epochs=10)),
}


@pytest.fixture(scope="module")
def trained() -> dict[str, History]:
    return {name: train(network, data, training) for name, (network, data, training) in TRAININGS.items()}


def filled(joined: str, count: int) -> list[str]:
    """What the browser reads.

    An empty value repeats the one before it, and the last one holds to the end of the part.
    """
    texts = list(itertools.accumulate(joined.split("|"), lambda before, text: text or before))
    return texts + texts[-1:] * (count - len(texts))


EVERY = slice(None)
ONE = pytest.mark.parametrize("name", ["parabola", "wells", "two responses", "logistic"])
TWO = pytest.mark.parametrize("name", ["xor", "perceptron", "higham", "three classes"])
SOME = (0, 1, 7, 30, -1)


# ---------------------------------------------------------------- which there are


@pytest.mark.parametrize(
    ("name", "panels"),
    [
        ("xor", ["region", "confusion", "losses"]),
        ("perceptron", ["region", "confusion", "losses"]),
        ("higham", ["region", "confusion", "losses"]),
        ("three classes", ["region", "confusion", "losses"]),
        ("parabola", ["fit", "agreement", "losses"]),
        ("wells", ["fit", "agreement", "losses"]),
        ("two responses", ["fit", "agreement", "losses"]),
        ("logistic", ["fit", "confusion", "losses"]),
        ("mixed", ["losses"]),
    ],
)
def test_the_panels_are_those_that_make_sense(
    trained: dict[str, History], name: str, panels: list[str]
) -> None:
    assert [panel.name for panel in panels_for(trained[name])] == panels


def test_a_map_of_the_one_predictor_is_a_panel(trained: dict[str, History]) -> None:
    assert [panel.name for panel in panels_for(trained["wells"], MAP)] == [
        "fit",
        "agreement",
        "field",
        "losses",
    ]
    assert "field" not in {panel.name for panel in panels_for(trained["xor"], MAP)}


def test_a_one_hot_predictor_has_no_fit() -> None:
    rock = [Column("rock", category="sand", least=0, most=1)]
    history = train(
        Network((1, 1), ()), Dataset([[0], [1]], [[0.2], [0.4]], predictors=rock), Training(epochs=3)
    )
    assert [panel.name for panel in panels_for(history)] == ["agreement", "losses"]


# ---------------------------------------------------------------- fit


@ONE
def test_the_fits_curve_is_the_prediction_in_original_units_at_every_epoch(
    trained: dict[str, History], name: str
) -> None:
    history = trained[name]
    axes = fit.draw_fit(sheet.sheet(sheet.rows_height(len(history.data.responses))), history, 0)
    data = fit.frames(axes, history, history.states, 2)["d"]
    for place, ax in enumerate(axes):
        for frame in SOME:
            (drawn,) = lines(data[f"fit:{place + 1}"][frame])
            x = np.linspace(*ax.get_xlim(), 40)[1:-1]
            scaled = history.data.predictors[0].scaled(x)[:, np.newaxis]
            expected = svg_paths.places(
                ax, x, history.data.original(history.predictions(scaled))[frame, :, place]
            )
            np.testing.assert_allclose(np.interp(expected[:, 0], *drawn.T), expected[:, 1], atol=6)


@ONE
def test_the_fit_draws_every_sample_of_each_part_where_it_is(trained: dict[str, History], name: str) -> None:
    history = trained[name]
    axes = fit.draw_fit(sheet.sheet(), history, 0)
    for part, data in sheet.parts(history):
        for place, ax in enumerate(axes):
            line = next(artist for artist in ax.lines if artist.get_gid() == f"fit:{part}:{place + 1}")
            np.testing.assert_array_equal(line.get_xdata(), data.x_original()[:, 0])
            np.testing.assert_array_equal(line.get_ydata(), data.y_original()[:, place])
            assert line.get_marker() == palette.PARTS[part].marker


def test_the_fit_of_a_probability_has_the_threshold(trained: dict[str, History]) -> None:
    (ax,) = fit.draw_fit(sheet.sheet(), trained["logistic"], 0, threshold=0.3)
    assert next(line for line in ax.lines if line.get_gid() == "fit:threshold").get_ydata() == [0.3, 0.3]
    assert "threshold 0.3" in [text.get_text() for text in ax.findobj(Text)]


# ---------------------------------------------------------------- region


@TWO
@pytest.mark.parametrize("threshold", [0.5, 0.8])
def test_a_place_is_in_the_region_of_the_class_that_the_network_predicts_there(
    trained: dict[str, History], name: str, threshold: float
) -> None:
    """HIGHAM, lecture.md W4: the region is where O_8 > O_9.

    Places nearer to a boundary than a cell of the grid are left out.
    """
    history = trained[name]
    classes = scores.classes(history.network, history.data, history.training.loss)
    ax = region.draw_region(sheet.sheet(), history, 0, classes=classes, threshold=threshold)
    data = region.frames(ax, history, history.states, threshold)["d"]
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    rng = np.random.default_rng(5)
    asked = np.column_stack([rng.uniform(left, right, 60), rng.uniform(low, high, 60)])
    cell = np.array([right - left, high - low]) / (region.CELLS - 2)
    around = (
        asked
        + cell
        * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [1, -1], [-1, 1]])[
            :, np.newaxis
        ]
    )
    decided = scores.decided(history.predictions(around.reshape(-1, 2)), threshold).reshape(-1, 9, 60)
    checked = 0
    for frame in SOME:
        sure = (decided[frame] == decided[frame][0]).all(axis=0)
        for of in range(1, len(classes)):
            rings = lines(data[f"region:{of}"][frame])
            found = [inside(rings, place) for place in svg_paths.places(ax, *asked[sure].T)]
            assert found == (decided[frame][0][sure] == of).tolist(), (frame, of)
            checked += int(sure.sum())
    assert checked > 100


@TWO
def test_the_region_draws_each_class_with_its_own_marker(trained: dict[str, History], name: str) -> None:
    history = trained[name]
    classes = scores.classes(history.network, history.data, history.training.loss)
    ax = region.draw_region(sheet.sheet(), history, 0, classes=classes)
    drawn = {line.get_gid(): line for line in ax.lines}
    truth = scores.decided(history.data.y)
    for of in range(len(classes)):
        np.testing.assert_array_equal(
            np.column_stack(drawn[f"region:train:{of}"].get_data()), history.data.x_original()[truth == of]
        )
    markers = {drawn[f"region:train:{of}"].get_marker() for of in range(len(classes))}
    assert len(markers) == len(classes)


# ---------------------------------------------------------------- agreement, measures


@pytest.mark.parametrize("to_move", [True, False])
def test_a_mark_that_begins_beyond_the_panel_is_there_for_a_film_to_move_in(to_move: bool) -> None:
    lesson = lessons.PARABOLA
    bias = lesson.network.biases[-1]
    history = train(lesson.network, lesson.data, Training(epochs=1, start={bias: 1e300}))
    figure = sheet.sheet()
    points = agreement.draw_agreement(figure, history, 0, to_move=to_move)
    text = svg(figure, "agreement")
    begun = (
        [text.split(f'id="agreement/{point.gid}"')[1].split("</g>")[0] for point in points] if to_move else []
    )
    assert all("<use " in mark for mark in begun)
    assert [point.line.get_visible() for point in points] == [to_move] * len(points)


@pytest.mark.parametrize("name", ["parabola", "wells", "two responses"])
def test_each_mark_stands_at_its_truth_and_prediction(trained: dict[str, History], name: str) -> None:
    history = trained[name]
    points = agreement.draw_agreement(sheet.sheet(), history, 0, to_move=True)
    down = agreement.frames(points, history, history.states)["y"]
    predicted = {part: data.original(history.predictions(data.x)) for part, data in sheet.parts(history)}
    for point in points[::7]:
        data = dict(sheet.parts(history))[point.part]
        truth = data.y_original()[point.sample, point.response]
        drawn = svg_paths.places(point.line.axes, *point.line.get_data())[0]
        for frame in SOME:
            value, (low, high) = (
                predicted[point.part][frame, point.sample, point.response],
                point.line.axes.get_ylim(),
            )
            moved = drawn + np.array([0, float(down[point.gid][frame])])
            if low <= value <= high:
                np.testing.assert_allclose(moved, svg_paths.places(point.line.axes, truth, value), atol=0.51)
            else:
                assert moved[1] > sheet.HEIGHT


@pytest.mark.parametrize("name", ["parabola", "wells", "two responses"])
def test_the_measures_are_r_squared_and_rmse_in_original_units(
    trained: dict[str, History], name: str
) -> None:
    history = trained[name]
    texts = draw_panel("agreement", history, Settings(decimals=3)).frames(history, EVERY)["text"]
    for part, data in sheet.parts(history):
        for response in range(data.y.shape[1]):
            errors = (
                data.original(history.predictions(data.x))[:, :, response] - data.y_original()[:, response]
            )
            rmse = np.sqrt((errors**2).mean(axis=1))
            r_squared = 1 - (errors**2).mean(axis=1) / data.y_original()[:, response].var()
            assert texts[f"rmse_{part}_{response + 1}"] == numbers.texts(rmse, 3)
            assert texts[f"r2_{part}_{response + 1}"] == numbers.texts(r_squared, 3)


def test_many_samples_are_drawn_in_part_and_measured_as_a_whole() -> None:
    x = np.linspace(-1, 1, 1000)[:, np.newaxis]
    history = train(Network((1, 2, 1), "tanh"), Dataset(x, x**2), Training(epochs=2))
    points = agreement.draw_agreement(sheet.sheet(), history, 0)
    assert 100 < len(points) <= agreement.MOST_MARKS
    texts = draw_panel("agreement", history, Settings()).frames(history, EVERY)["text"]
    assert texts["rmse_train_1"] == numbers.texts(
        np.sqrt(((history.predictions() - history.data.y) ** 2).mean(axis=(1, 2))), 2
    )


# ---------------------------------------------------------------- confusion


@pytest.mark.parametrize("name", ["xor", "perceptron", "higham", "three classes", "logistic"])
@pytest.mark.parametrize("threshold", [0.5, 0.8])
def test_the_counts_are_those_of_the_predicted_classes(
    trained: dict[str, History], name: str, threshold: float
) -> None:
    history = trained[name]
    channels = draw_panel("confusion", history, Settings(threshold=threshold)).frames(history, EVERY)
    predicted = history.predictions()
    of_one = history.network.widths[-1] == 1
    found = (predicted[..., 0] >= threshold).astype(int) if of_one else predicted.argmax(axis=-1)
    truth = history.data.y[:, 0].astype(int) if of_one else history.data.y.argmax(axis=-1)
    count = 2 if of_one else predicted.shape[-1]
    for of, by in itertools.product(range(count), repeat=2):
        joined = channels["text"][f"count_train_{of}_{by}"]
        for frame in range(-1, len(joined) - 1):
            assert joined[frame] == str(np.sum((truth == of) & (found[frame] == by)))
    assert channels["text"]["accuracy_train"][-1] == numbers.text((found[-1] == truth).mean(), 2)


def test_an_undefined_score_is_a_dash(trained: dict[str, History]) -> None:
    texts = confusion.frames(trained["xor"], trained["xor"].states, ("0", "1"), 2, 0.999)["text"]
    assert set(texts["precision_train"]) == {"–"}
    assert set(texts["recall_train"]) == {"0.00"}


def test_a_higher_threshold_moves_the_boundary_and_the_counts(trained: dict[str, History]) -> None:
    history = trained["logistic"]
    low, high = (
        confusion.frames(history, history.states, ("0", "1"), 2, threshold)["text"]
        for threshold in (0.2, 0.8)
    )
    assert float(low["recall_train"][-1]) > float(high["recall_train"][-1])
    assert float(low["precision_train"][-1]) < float(high["precision_train"][-1])


# ---------------------------------------------------------------- map, losses


def test_a_step_of_the_map_has_the_colour_of_its_prediction(trained: dict[str, History]) -> None:
    history = trained["wells"]
    fills = property_map.frames(history, MAP, history.states)["fill"]
    middles = 5600 + (9000 - 5600) * (np.arange(property_map.LEVELS) + 0.5) / property_map.LEVELS
    predicted = history.data.original(
        history.predictions(history.data.predictors[0].scaled(middles)[:, np.newaxis])
    )[..., 0]
    truths = np.concatenate([data.y_original()[:, 0] for _, data in sheet.parts(history)])
    shares = np.clip((predicted - truths.min()) / (truths.max() - truths.min()), 0, 1)
    for frame in SOME:
        found = [
            property_map.SCALE.index(fills[f"field:{step}"][frame]) for step in range(property_map.LEVELS)
        ]
        np.testing.assert_allclose(found, shares[frame] * (property_map.SHADES - 1), atol=0.51)


def test_the_map_covers_its_area_with_all_steps(trained: dict[str, History]) -> None:
    ax = property_map.draw_field(sheet.sheet(), trained["wells"], 0, MAP)
    areas = {patch.get_gid(): patch for patch in ax.patches}
    assert len(areas) == property_map.LEVELS
    np.testing.assert_allclose(areas["field:0"].get_path().get_extents().extents, [0, 0, 300, 200])


def test_a_map_of_one_value_is_drawn(trained: dict[str, History]) -> None:
    settings = Settings(field=Field(np.full((2, 2), 6000.0), 300, 200, "impedance", "kg/m²s"))
    drawn = draw_panel("field", trained["wells"], settings)
    assert 'id="field/field:0"' in drawn.still
    assert set(drawn.frames(trained["wells"], EVERY)["fill"]["field:0"]) <= set(property_map.SCALE)


def test_the_map_gets_lighter_all_the_way() -> None:
    contrasts = [palette.contrast(colour, palette.PAPER) for colour in property_map.SCALE]
    assert contrasts == sorted(contrasts, reverse=True)


@pytest.mark.parametrize("epoch_axis", ["log", "linear"])
def test_the_losses_are_those_of_the_history_and_the_mark_stands_at_the_epoch(
    trained: dict[str, History], epoch_axis: str
) -> None:
    history = trained["wells"]
    ax = losses.draw_losses(sheet.sheet(), history, 0, epoch_axis=epoch_axis)
    drawn = {line.get_gid(): line for line in ax.lines}
    np.testing.assert_array_equal(drawn["losses:train"].get_ydata(), history.losses)
    np.testing.assert_array_equal(drawn["losses:test"].get_ydata(), history.test_losses)
    channels = losses.frames(ax, history, slice(2, 60, 3), 2)
    assert channels["text"]["L_test"] == numbers.texts(history.test_losses[2:60:3], losses.LEAST_DECIMALS)
    start = svg_paths.places(ax, 0, 1)[0]
    expected = svg_paths.places(ax, history.recorded_epochs[2:60:3], 1)[:, 0] - start
    np.testing.assert_allclose(np.array(channels["x"][losses.NOW], dtype=float), expected, atol=0.51)


# ---------------------------------------------------------------- the film of them


FILMED = [("xor", None), ("higham", None), ("wells", MAP)]


@pytest.fixture(scope="module", params=FILMED, ids=[name for name, _ in FILMED])
def filmed(request: pytest.FixtureRequest, trained: dict[str, History]) -> tuple[History, Film, list[str]]:
    history, area = trained[request.param[0]], request.param[1]
    names = [panel.name for panel in panels_for(history, area)]
    return history, Camera(history.network).film(history, panels=names, field=area), names


def test_the_film_has_the_pictures_that_were_asked_for_in_their_order(
    filmed: tuple[History, Film, list[str]],
) -> None:
    _, film, names = filmed
    assert list(film.stills) == ["network", "curves", *names]
    assert list(film.speech) == list(film.stills)
    assert film.titles == {name: (PANELS[name].title, PANELS[name].tooltip) for name in names}


def test_every_gid_that_changes_in_a_panel_is_in_it_and_has_one_place(
    filmed: tuple[History, Film, list[str]],
) -> None:
    _, film, names = filmed
    ids = [found for name in names for found in re.findall(rf'id="{name}/([^"]+)"', film.stills[name])]
    everywhere = [found for still in film.stills.values() for found in re.findall(r'\bid="([^"]+)"', still)]
    assert len(everywhere) == len(set(everywhere))
    channels = film.reel()["part"]["channels"]
    assert {gid for channel in ("d", "fill", "y") for gid in channels.get(channel, {})} <= set(ids)
    for gid in channels["d"]:
        assert re.search(rf'id="\w+/{gid}"><path [^>]*\bd="', "".join(film.stills.values())), gid


def test_the_description_of_a_panel_names_only_symbols_of_the_film(
    filmed: tuple[History, Film, list[str]],
) -> None:
    _, film, _ = filmed
    texts = film.reel()["part"]["channels"]["text"]
    assert {symbol for speech in film.speech.values() for symbol in re.findall(r"\{(\w+)\}", speech)} <= set(
        texts
    )


def test_a_part_of_the_film_agrees_with_the_whole(filmed: tuple[History, Film, list[str]]) -> None:
    history, film, _ = filmed
    count = len(history.recorded_epochs)
    whole, part = film.reel()["part"]["channels"], film.part(20, count=15)["channels"]
    assert {channel: set(gids) for channel, gids in part.items()} == {
        channel: set(gids) for channel, gids in whole.items()
    }
    for channel, gids in part.items():
        for gid, joined in gids.items():
            assert filled(joined, 15) == filled(whole[channel][gid], count)[20:35], gid


def test_a_new_training_leaves_the_stills_as_they_are_but_for_the_curves_of_the_losses(
    trained: dict[str, History],
) -> None:
    history = trained["parabola"]
    camera = Camera(history.network)
    names = ["fit", "agreement", "losses"]
    before = camera.film(history, panels=names)
    other = train(history.network, history.data, replace(history.training, seed=8))
    after = camera.film(other, panels=names)
    assert [name for name in names if after.stills[name] is before.stills[name]] == ["fit", "agreement"]
    for name in names:
        drawn = draw_panel(name, other, Settings()).frames(other, EVERY)
        channels = after.reel()["part"]["channels"]
        first = {
            channel: {gid: values[0] for gid, values in gids.items()}
            for channel, gids in drawn.items()
            if channel in ("d", "text")
        }
        assert {
            channel: {gid: channels[channel][gid].split("|")[0] for gid in gids}
            for channel, gids in first.items()
        } == first


def test_the_film_of_a_thousand_epochs_stays_small(trained: dict[str, History]) -> None:
    history = train(*TRAININGS["higham"][:2], replace(TRAININGS["higham"][2], epochs=1000))
    names = ["region", "confusion", "losses"]
    for name in names:
        values = draw_panel(name, history, Settings()).frames(history, EVERY)
        assert (
            sum(len(value) + 1 for gids in values.values() for column in gids.values() for value in column)
            < 400_000
        )


def test_a_panel_that_makes_no_sense_is_refused_with_those_that_do(trained: dict[str, History]) -> None:
    with pytest.raises(
        ValueError, match="panels has 'fit': this network and its data have region, confusion, losses"
    ):
        Camera(trained["xor"].network).film(trained["xor"], panels=["fit"])


@pytest.mark.parametrize("threshold", [0.0, 1.0, float("nan")])
def test_a_threshold_that_is_no_probability_is_refused(trained: dict[str, History], threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold is"):
        Camera(trained["xor"].network).film(trained["xor"], threshold=threshold)


@pytest.mark.parametrize(
    ("name", "eta"), [("wells", 60.0), ("parabola", 1e6), ("higham", 1e300), ("xor", 1e308)]
)
def test_a_training_that_diverges_has_all_its_panels(
    trained: dict[str, History], name: str, eta: float
) -> None:
    network, data, training = TRAININGS[name]
    history = train(network, data, replace(training, eta=eta))
    for panel in panels_for(history, MAP):
        channels = draw_panel(panel.name, history, Settings(field=MAP)).frames(history, EVERY)
        assert not [
            value for gid in channels.get("d", {}).values() for value in gid if re.search(r"nan|inf", value)
        ]


# ---------------------------------------------------------------- what a person reads


@pytest.mark.parametrize("decimals", [2, 6])
@pytest.mark.parametrize("name", [name for name in TRAININGS if name != "mixed"])
def test_no_text_of_a_panel_overlaps_another_or_is_cut(
    trained: dict[str, History], name: str, decimals: int
) -> None:
    history = trained[name]
    for figure in drawn_figures(history, decimals):
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
        page = figure.bbox
        assert [
            text
            for text, box in boxes
            if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
        ] == []
        over = [
            (one, other)
            for (one, a), (other, b) in itertools.combinations(boxes, 2)
            if a.shrunk(0.9, 0.7).overlaps(b.shrunk(0.9, 0.7))
        ]
        assert over == []
        assert min(text.get_fontsize() for text in texts) >= sheet.FONT


def drawn_figures(history: History, decimals: int) -> list[Figure]:
    classes = scores.classes(history.network, history.data, history.training.loss)
    draw = {
        "fit": lambda figure: fit.draw_fit(
            figure, history, 0, decimals=decimals, threshold=0.5 if classes else None
        ),
        "region": lambda figure: region.draw_region(figure, history, 0, classes=classes),
        "agreement": lambda figure: agreement.draw_agreement(figure, history, 0, decimals=decimals),
        "confusion": lambda figure: confusion.draw_confusion(
            figure, history, 0, classes=classes, decimals=decimals
        ),
        "field": lambda figure: property_map.draw_field(figure, history, 0, MAP),
        "losses": lambda figure: losses.draw_losses(figure, history, 0, decimals=decimals),
    }
    figures = []
    for panel in panels_for(history, MAP):
        figures.append(
            sheet.sheet(
                sheet.rows_height(len(sheet.rows(history)))
                if panel.name in ("fit", "agreement")
                else sheet.HEIGHT
            )
        )
        draw[panel.name](figures[-1])
    return figures


@pytest.mark.parametrize("mark", [*palette.PARTS.values(), *palette.CLASSES], ids=str)
def test_a_mark_is_seen_on_paper_and_on_every_region(mark: palette.Mark) -> None:
    assert palette.contrast(mark.colour, palette.PAPER) >= 4.5
    assert min(palette.contrast(mark.colour, region._tint(of)) for of in range(len(palette.CLASSES))) >= 2.7


def test_marks_differ_in_shape_as_well_as_in_colour() -> None:
    for marks in (tuple(palette.PARTS.values()), palette.CLASSES):
        assert len({mark.marker for mark in marks}) == len({mark.colour for mark in marks}) == len(marks)


def test_the_words_of_a_panel_say_where_a_number_belongs(trained: dict[str, History]) -> None:
    said = spoken("confusion", trained["higham"])
    assert "{count_train_0_1} of A taken for B" in said
    assert "accuracy {accuracy_train}" in said


@pytest.mark.parametrize("response", [[1.0, 2.0, 4.0, 3.0], ["{O4}", "$b$", "{O4}", "$b$"]])
def test_a_name_with_braces_or_dollar_signs_is_spoken_and_drawn_as_it_is(response):
    """Braces in a name were taken for the symbol of a number, and were silent."""
    frame = pd.DataFrame({"x {I1} $a$": [1.0, 2.0, 3.0, 5.0], "y {L}": response})
    data = Dataset.from_frame(frame, predictors=["x {I1} $a$"], responses=["y {L}"], test_fraction=0)
    output, loss = (
        ("identity", "half_squared_error") if data.classes is None else ("softmax", "cross_entropy")
    )
    network = Network((1, 2, len(data.responses)), output=output)
    history = train(network, data, Training(epochs=3, loss=loss))
    for panel in panels_for(history):
        speech = spoken(panel.name, history)
        assert not re.search(r"\{(I1|L|O4)\}", speech)
        figure_at(3, name=panel.name, history=history, settings=Settings()).canvas.draw()
