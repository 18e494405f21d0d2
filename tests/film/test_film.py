"""The film: its frames say what the history holds, in the form that the browser reads."""

import json
import re
from dataclasses import replace
from itertools import accumulate

import numpy as np
import pytest

from ann_dashboard import Dataset, History, Momentum, Network, Training, lessons, notation, train
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import OVERVIEW, PART, Film
from ann_dashboard.film.panels import usual
from ann_dashboard.views import diagram, numbers


def filled(joined: str, count: int = 1001) -> list[str]:
    """What the browser reads.

    An empty value repeats the one before it, and the last one holds to the end of the part.
    """
    texts = list(accumulate(joined.split("|"), lambda before, text: text or before))
    return texts + texts[-1:] * (count - len(texts))


@pytest.fixture(scope="module")
def lecture() -> History:
    return lessons.LECTURE.train()


@pytest.fixture(scope="module")
def camera(lecture: History) -> Camera:
    return Camera(lecture.network)


@pytest.fixture(scope="module")
def film(lecture: History, camera: Camera) -> Film:
    return camera.film(lecture, printed=lessons.LECTURE.printed)


@pytest.mark.parametrize("symbol", lessons.LECTURE.network.columns)
def test_a_text_at_each_frame_is_the_historys_number(film: Film, lecture: History, symbol: str) -> None:
    assert filled(film.reel()["part"]["channels"]["text"][symbol]) == numbers.texts(lecture.curve(symbol), 2)


def test_the_lectures_prediction_can_be_read_off_the_first_two_frames(film: Film) -> None:
    """lecture.md W1: ŷ = −0.704989404 and −0.546690371."""
    assert filled(film.reel()["part"]["channels"]["text"]["O6"])[:2] == ["−0.70", "−0.55"]


def test_a_term_is_weight_times_signal(film: Film, lecture: History) -> None:
    expected = numbers.texts(lecture.curve("lambda_4_6") * lecture.curve("H4"), 2)
    assert filled(film.reel()["part"]["channels"]["text"]["lambda_4_6_H4"]) == expected


def test_the_lectures_sign_changes_the_derivatives_and_nothing_else(
    camera: Camera, lecture: History, film: Film
) -> None:
    printed = camera.film(lecture, derivative_of="P").reel()["part"]["channels"]["text"]
    true = film.reel()["part"]["channels"]["text"]
    assert filled(printed["dL_dO6"])[:2] == ["1.00", "0.85"]
    assert {symbol for symbol in true if true[symbol] != printed[symbol]} <= {
        symbol for symbol in true if symbol.startswith("dL_d")
    }


@pytest.mark.parametrize("decimals", [1, 2, 3, 6])
def test_numbers_have_the_decimals_that_were_asked_for(
    camera: Camera, lecture: History, decimals: int
) -> None:
    texts = camera.film(lecture, decimals=decimals).reel()["part"]["channels"]["text"]
    assert filled(texts["H4"])[0] == f"{0.4216805837431443:.{decimals}f}"


def test_every_gid_that_changes_is_in_a_picture_and_every_number_of_the_diagram_changes(film: Film) -> None:
    ids = {name: set(re.findall(rf'id="{name}/([^"]+)"', still)) for name, still in film.stills.items()}
    channels = film.reel()["part"]["channels"]
    assert {gid for channel in ("x", "width", "dash") for gid in channels[channel]} <= ids["network"] | ids[
        "curves"
    ]
    assert {symbol for symbols in film.layers.values() for symbol in symbols} <= set(channels["text"]) & ids[
        "network"
    ]


def test_ids_are_unique_on_a_page_with_all_pictures(film: Film) -> None:
    ids = [found for still in film.stills.values() for found in re.findall(r'\bid="([^"]+)"', still)]
    assert len(ids) == len(set(ids))


def test_every_reference_of_a_picture_leads_into_the_same_picture(film: Film) -> None:
    for name, still in film.stills.items():
        ids = set(re.findall(r'\bid="([^"]+)"', still))
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', still)) <= ids, name


def test_numbers_are_text_and_names_are_paths(film: Film) -> None:
    assert re.search(r'<g id="network/O6">(<g [^>]*>)?<text[^>]*>−0.70</text>', film.stills["network"])
    assert "<text" not in re.search(r'<g id="network/label:O6">.*?</g>', film.stills["network"])[0]


def test_a_new_training_leaves_the_stills_as_they_are_and_moves_the_curves(
    camera: Camera, film: Film
) -> None:
    other = camera.film(train(lessons.LECTURE.network, lessons.LECTURE.data, Training(seed=7, epochs=50)))
    assert other.stills["network"] is film.stills["network"]
    assert other.stills["curves"] is film.stills["curves"]
    assert other.fixed["curves"]["d"] != film.fixed["curves"]["d"]


def test_the_still_of_the_curves_has_their_first_points_and_the_film_has_all_of_them(
    film: Film, lecture: History
) -> None:
    drawn = dict(re.findall(r'id="curves/(curve:[^"]+)"><path d="([^"]*)"', film.stills["curves"]))
    brought = film.fixed["curves"]["d"]
    assert drawn.keys() == brought.keys()
    assert not any("L" in data for data in drawn.values())
    for symbol in ("O6", notation.LOSS, *lecture.network.parameters):
        first = [float(number) for number in drawn[f"curve:{symbol}"].lstrip("M ").split()]
        path = [float(number) for number in re.split("[ML ]", brought[f"curve:{symbol}"]) if number]
        assert path[:2] == pytest.approx(first, abs=0.06)
        assert path[-2] > path[0] + 200


def test_what_a_training_moves_is_in_the_curves_and_not_in_the_network(film: Film) -> None:
    """Both pictures have a gid "name:O6": the legend's moves with the last value, the node's stays."""
    ids = set(re.findall(r'id="curves/([^"]+)"', film.stills["curves"]))
    assert set(film.fixed) == {"curves"}
    assert {gid for gids in film.fixed["curves"].values() for gid in gids} <= ids


def test_the_mark_moves_from_the_first_to_the_last_epoch(film: Film) -> None:
    places = [float(place) for place in filled(film.reel()["part"]["channels"]["x"]["now:loss"])]
    assert places[0] == 0
    assert places == sorted(places)
    assert places[-1] > 200


def test_widths_and_dashes_show_size_and_sign_of_a_weight(film: Film, lecture: History) -> None:
    channels = film.reel()["part"]["channels"]
    for weight in lecture.network.weights:
        dashed = np.array(filled(channels["dash"][f"connection:{weight}"])) != "none"
        np.testing.assert_array_equal(dashed, lecture.curve(weight) < 0)
        widths = np.array(filled(channels["width"][f"connection:{weight}"]), float)
        assert widths == pytest.approx(diagram.line_widths(lecture.curve(weight)), abs=0.05)


def test_the_description_of_a_picture_names_only_symbols_of_the_film(film: Film) -> None:
    texts = film.reel()["part"]["channels"]["text"]
    assert {symbol for speech in film.speech.values() for symbol in re.findall(r"\{(\w+)\}", speech)} <= set(
        texts
    )


def test_printed_figures_stand_at_their_epoch_and_row(film: Film) -> None:
    rows = film.table["printed"][0]["O6"]
    assert [figure["html"] for figure in rows] == ["O<sub>6</sub> = −0.70", "∂P/∂O<sub>6</sub> = 1.00"]
    assert set(film.table["printed"][1]) == {"lambda_4_6", "lambda_1_4", "b_4"}


def test_a_printed_figure_carries_its_badge(film: Film) -> None:
    badges = {
        (figure["html"], figure["badge"]) for row in ("O6", "b_4") for figure in film.table["printed"][0][row]
    }
    assert badges == {
        ("O<sub>6</sub> = −0.70", "matches the printed digits"),
        ("∂P/∂O<sub>6</sub> = 1.00", "matches as −∂L/∂· (erratum 1)"),
        ("b<sub>4</sub> = −0.22", "matches the printed digits"),
        ("∂P/∂b<sub>4</sub> = −0.13", "matches as −∂L/∂· (erratum 1)"),
        ("∂P/∂b<sub>4</sub> = −0.32", "erratum 2"),
    }


def test_the_badge_is_of_the_history_that_is_shown(camera: Camera, lecture: History) -> None:
    other = camera.film(
        train(lecture.network, lecture.data, Training(seed=7, epochs=50)), printed=lessons.LECTURE.printed
    )
    assert [figure["badge"] for figure in other.table["printed"][0]["H4"]] == [
        "differs from the printed digits"
    ]


def test_a_figure_of_an_epoch_that_is_not_recorded_is_not_told(camera: Camera, lecture: History) -> None:
    thinned = camera.film(
        train(lecture.network, lecture.data, Training(record_every=10)), printed=lessons.LECTURE.printed
    )
    assert set(thinned.table["printed"]) == {0}


def test_a_long_film_comes_as_an_overview_and_parts_that_agree() -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=0.05, epochs=100_000))
    film = Camera(history.network).film(history)
    overview = film.reel()["part"]
    assert overview["count"] <= OVERVIEW + 1
    assert len(json.dumps(film.reel())) < 1_000_000
    part = film.part(99_500)
    assert (part["first"], part["count"], part["step"]) == (99_500, PART, 1)
    texts = numbers.texts(history.curve("lambda_4_6"), 2)
    assert filled(part["channels"]["text"]["lambda_4_6"], PART) == texts[99_500:100_000]
    assert filled(overview["channels"]["text"]["lambda_4_6"], overview["count"]) == texts[:: overview["step"]]


@pytest.mark.parametrize("first", [-1, 1001])
def test_a_part_that_does_not_exist_is_refused(film: Film, first: int) -> None:
    with pytest.raises(LookupError, match=f"frame {first} does not exist: choose 0 to 1000"):
        film.part(first)


@pytest.mark.parametrize("eta", [3.0, 10.0, 1e6])
def test_a_training_that_diverges_has_a_film(camera: Camera, lecture: History, eta: float) -> None:
    history = train(lecture.network, lecture.data, Training(eta=eta))
    last = {
        symbol: filled(joined)[-1]
        for symbol, joined in camera.film(history).reel()["part"]["channels"]["text"].items()
    }
    assert last["L"] in ("inf", "NaN")


@pytest.mark.parametrize(("epoch", "frame"), [(0, 0), (20, 2), (25, 3)])
def test_the_frame_of_a_recorded_epoch_is_found(
    camera: Camera, lecture: History, epoch: int, frame: int
) -> None:
    thinned = camera.film(train(lecture.network, lecture.data, Training(epochs=25, record_every=10)))
    assert thinned.frame_of(epoch) == frame
    with pytest.raises(LookupError, match="epoch 5 is not recorded: choose a multiple of 10 below 25, or 25"):
        thinned.frame_of(5)


def test_a_film_of_a_thinned_history_counts_recorded_epochs(camera: Camera, lecture: History) -> None:
    history = train(lecture.network, lecture.data, Training(epochs=25, record_every=10))
    reel = camera.film(history).reel()
    assert reel["epochs"] == {"count": 4, "step": 10, "last": 25, "counts": "epoch"}
    assert filled(reel["part"]["channels"]["text"]["epoch"], 4) == ["0", "10", "20", "25"]


def test_every_node_and_connection_can_be_read_by_its_name_at_every_frame(
    film: Film, lecture: History
) -> None:
    readouts = {thing["gid"]: thing for thing in film.table["readouts"]}
    texts = film.reel()["part"]["channels"]["text"]
    assert {number["symbol"] for thing in readouts.values() for number in thing["numbers"]} <= set(texts)
    connection = readouts["connection:lambda_4_6"]
    assert (connection["plain"], connection["html"]) == ("λ4,6", "Connection <b>λ<sub>4,6</sub></b>:")
    assert [number["html"] for number in connection["numbers"]] == [
        "λ<sub>4,6</sub>·H<sub>4</sub>",
        "λ<sub>4,6</sub>",
        "∂L/∂λ<sub>4,6</sub>",
    ]


@pytest.mark.parametrize(
    ("widths", "layers"),
    [((3, 2, 1), "together"), ((3, 4, 1), "together"), ((6, 6), "in turns"), ((10, 20, 3), "in turns")],
)
def test_a_film_tells_whether_its_layers_take_turns_and_has_them_all(
    widths: tuple[int, ...], layers: str
) -> None:
    network = Network(widths)
    history = train(network, Dataset(x=[[0.5] * widths[0]], y=[[0.5] * widths[-1]]), Training(epochs=1))
    film = Camera(network).film(history)
    assert film.reel()["showing"]["layers"] == layers
    ids = set(re.findall(r'id="network/([^"]+)"', film.stills["network"]))
    assert {symbol for symbols in film.layers.values() for symbol in symbols} <= ids


def test_a_network_too_large_for_a_picture_has_a_film_with_curves_and_tables() -> None:
    network = Network((2, 65, 1))
    history = train(network, Dataset(x=[[0.5, 0.5]], y=[[0.5]]), Training(epochs=1))
    film = Camera(network).film(history)
    assert "too large to be drawn legibly" in film.stills["network"]
    assert not any(film.layers.values())
    assert len(film.table["readouts"]) == len(network.nodes) + 1 + network.weight_count


@pytest.mark.parametrize("epoch_axis", ["log", "linear"])
def test_a_training_that_ended_at_its_start_has_a_film_of_one_frame(epoch_axis: str) -> None:
    lesson = lessons.WELLS
    history = train(lesson.network, lesson.data, replace(lesson.training, stop_below=1e9))
    film = Camera(lesson.network).film(
        history, epoch_axis=epoch_axis, panels=usual(history, lesson.field), field=lesson.field
    )
    assert film.reel()["epochs"]["count"] == 1


def test_masks_and_running_means_stand_in_the_tables(camera: Camera, lecture: History) -> None:
    history = train(lecture.network, lecture.data, Training(epochs=5, dropout=0.5, optimiser=Momentum(0.9)))
    reel = camera.film(history, derivative_of="P").reel()
    further = ["mask_H4", "mask_H5", *(f"velocity_{symbol}" for symbol in history.network.parameters)]
    assert [row["symbol"] for row in reel["table"]["rows"]][-len(further) :] == further
    assert [column["symbol"] for column in reel["table"]["columns"]][-len(further) :] == further
    texts = reel["part"]["channels"]["text"]
    assert filled(texts["mask_H4"], 6) == [numbers.text(value, 2) for value in history.curve("mask_H4")]
    assert filled(texts["velocity_b_6"], 6) == [
        numbers.text(-value, 2) for value in history.curve("velocity_b_6")
    ]
