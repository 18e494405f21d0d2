"""The film: its frames say what the history holds, in the form film.js reads."""

import json
import re
from itertools import accumulate

import numpy as np
import pytest

from ann_dashboard import History, Training, lessons, train
from ann_dashboard.camera import Camera
from ann_dashboard.film import OVERVIEW, PART, Film
from ann_dashboard.views import diagram, numbers


def filled(joined: str, count: int = 1001) -> list[str]:
    """What film.js reads: an empty value repeats the one before it, and the last one holds to the end of the part."""
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


def test_the_lectures_sign_changes_the_derivatives_and_nothing_else(camera: Camera, lecture: History, film: Film) -> None:
    printed = camera.film(lecture, derivative_of="P").reel()["part"]["channels"]["text"]
    true = film.reel()["part"]["channels"]["text"]
    assert filled(printed["dL_dO6"])[:2] == ["1.00", "0.85"]
    assert {symbol for symbol in true if true[symbol] != printed[symbol]} <= {symbol for symbol in true if symbol.startswith("dL_d")}


@pytest.mark.parametrize("decimals", [1, 2, 3, 6])
def test_numbers_have_the_decimals_that_were_asked_for(camera: Camera, lecture: History, decimals: int) -> None:
    texts = camera.film(lecture, decimals=decimals).reel()["part"]["channels"]["text"]
    assert filled(texts["H4"])[0] == f"{0.4216805837431443:.{decimals}f}"


def test_every_gid_that_changes_is_in_a_picture_and_every_number_of_the_diagram_changes(film: Film) -> None:
    ids = {name: set(re.findall(rf'id="{name}/([^"]+)"', still)) for name, still in film.stills.items()}
    channels = film.reel()["part"]["channels"]
    assert {gid for channel in ("x", "width", "dash") for gid in channels[channel]} <= ids["network"] | ids["curves"]
    assert {symbol for symbols in film.layers.values() for symbol in symbols} <= set(channels["text"]) & ids["network"]


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


def test_a_new_training_leaves_the_stills_as_they_are_and_moves_the_curves(camera: Camera, film: Film) -> None:
    other = camera.film(train(lessons.LECTURE.network, lessons.LECTURE.data, Training(seed=7, epochs=50)))
    assert other.stills["network"] is film.stills["network"]
    assert other.stills["curves"] is film.stills["curves"]
    assert other.fixed["curves"]["d"] != film.fixed["curves"]["d"]


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
    assert {symbol for speech in film.speech.values() for symbol in re.findall(r"\{(\w+)\}", speech)} <= set(texts)


def test_printed_figures_stand_at_their_epoch_and_row(film: Film) -> None:
    rows = film.table["printed"][0]["O6"]
    assert [figure["html"] for figure in rows] == ["O<sub>6</sub> = −0.70", "∂P/∂O<sub>6</sub> = 1.00"]
    assert set(film.table["printed"][1]) == {"lambda_4_6", "lambda_1_4", "b_4"}


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
    last = {symbol: filled(joined)[-1] for symbol, joined in camera.film(history).reel()["part"]["channels"]["text"].items()}
    assert last["L"] in ("inf", "NaN")


def test_a_film_of_a_thinned_history_counts_recorded_epochs(camera: Camera, lecture: History) -> None:
    history = train(lecture.network, lecture.data, Training(epochs=25, record_every=10))
    reel = camera.film(history).reel()
    assert reel["epochs"] == {"count": 4, "step": 10, "last": 25}
    assert filled(reel["part"]["channels"]["text"]["epoch"], 4) == ["0", "10", "20", "25"]


def test_the_page_holds_everything_and_asks_for_nothing(film: Film, tmp_path) -> None:
    page = tmp_path / "film.html"
    film.to_html(page, title="Lecture & class")
    text = page.read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', text.replace("\\/", "/")) == []
    assert "http" not in re.sub(r'xmlns(:xlink)?=\\?"http[^"]*"', "", text)
    stored = json.loads(re.search(r'<script type="application/json" id="film">(.*?)</script>', text, re.DOTALL)[1])
    assert stored["stills"] == dict(film.stills)
    assert len(text) < 1_000_000
    assert "<title>Lecture &amp; class</title>" in text
