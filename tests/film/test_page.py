"""The page of its own: all that it holds, once, and nothing that it would have to ask for."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ann_dashboard import Dataset, History, Momentum, Network, Training, lessons, train
from ann_dashboard.film import page
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import Film

PAIRS = [(eta, seed) for eta in (0.05, 0.5) for seed in (1, 2)]


def content(written: bytes) -> dict[str, Any]:
    """What page.ts reads."""
    return json.loads(
        re.search(r'<script type="application/json" id="page">(.*?)</script>', written.decode(), re.DOTALL)[1]
    )


@pytest.fixture(scope="module")
def lecture() -> History:
    return lessons.LECTURE.train()


@pytest.fixture(scope="module")
def film(lecture: History) -> Film:
    return Camera(lecture.network).film(lecture, printed=lessons.LECTURE.printed)


@pytest.fixture(scope="module")
def films(lecture: History) -> dict[str, Film]:
    camera = Camera(lecture.network)
    return {
        f"η = {eta}, seed {seed}": camera.film(
            train(lecture.network, lecture.data, Training(eta=eta, seed=seed))
        )
        for eta, seed in PAIRS
    }


def test_the_page_holds_everything_and_asks_for_nothing(film: Film, tmp_path: Path) -> None:
    target = tmp_path / "film.html"
    film.to_html(target, title="Lecture & class")
    text = target.read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', text.replace("\\/", "/")) == []
    assert "http" not in re.sub(r'xmlns(:xlink)?=\\?"http[^"]*"', "", text)
    stored = content(target.read_bytes())
    assert {
        name: stored["stills"][place] for name, place in stored["trainings"][0]["stills"].items()
    } == dict(film.stills)
    assert "<title>Lecture &amp; class</title>" in text


def test_a_thousand_epochs_of_the_lectures_network_stay_below_2_mb(film: Film) -> None:
    assert len(page.encoded({"": film})) < 2_000_000


def test_the_record_is_in_the_page_to_the_last_bit(film: Film, lecture: History) -> None:
    record = content(page.encoded({"": film}))["trainings"][0]["record"]
    assert record["columns"] == list(lecture.table.columns)
    assert record["index"] == {"epoch": list(range(1001))}
    assert b"".join(map(base64.b64decode, record["values"])) == np.ascontiguousarray(lecture.values).tobytes()


def test_the_record_of_several_samples_has_the_three_names_of_its_index() -> None:
    history = train(lessons.XOR.network, lessons.XOR.data, Training(epochs=2, seed=1))
    record = content(page.encoded({"": Camera(history.network).film(history)}))["trainings"][0]["record"]
    assert list(zip(*record["index"].values(), strict=True)) == history.table.index.to_list()


def test_trainings_share_what_is_equal_in_all_of_them(films: dict[str, Film]) -> None:
    stored = content(page.encoded(films))
    assert len(stored["stills"]) == 2
    assert [training["label"] for training in stored["trainings"]] == list(films)
    for training, film in zip(stored["trainings"], films.values(), strict=True):
        assert not training["reel"].keys() & stored["shared"].keys()
        walked = {"steps": film.steps(), "walked": film.walked(whole=1001), "parts": []}
        whole = json.loads(json.dumps(film.reel() | walked))
        assert stored["shared"] | training["reel"] == whole
        assert training["stills"] == {"network": 0, "curves": 1}


def test_a_panel_of_one_training_is_not_in_another() -> None:
    history = lessons.XOR.train()
    camera = Camera(history.network)
    stored = content(
        page.encoded({"with": camera.film(history, panels=["region"]), "without": camera.film(history)})
    )
    assert [list(training["stills"]) for training in stored["trainings"]] == [
        ["network", "curves", "region"],
        ["network", "curves"],
    ]


@pytest.mark.parametrize(
    ("training", "heading", "about"),
    [
        (
            lessons.LECTURE.training,
            "Lecture: worked example",
            "Network 3-2-1 (sigmoid, identity), 1 sample, η = 0.1, seed 3, 1000 epochs, "
            "loss half squared error",
        ),
        (
            Training(
                eta=0.25,
                epochs=5,
                seed=7,
                optimiser=Momentum(0.5),
                initialiser="glorot",
                train_biases=False,
                start={"b_4": 0.5},
            ),
            page.TITLE,
            "Network 3-2-1 (sigmoid, identity), 1 sample, η = 0.25, seed 7, 5 epochs, "
            "loss half squared error, "
            "initialiser glorot, start as given, Momentum(a=0.5), biases held",
        ),
    ],
)
def test_a_page_says_what_was_trained(training: Training, heading: str, about: str) -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, training)
    written = page.encoded({"": Camera(history.network).film(history)})
    assert f"<h1>{heading}</h1>" in written.decode()
    assert content(written)["trainings"][0]["about"] == about


def test_a_page_says_why_a_training_ended_before_its_last_epoch() -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(stop_below=0.01))
    assert page.about(history).endswith(f", stop below 0.01, {history.stopped}")


def test_a_long_film_is_in_parts_that_have_every_frame(lecture: History) -> None:
    history = train(lecture.network, lecture.data, Training(epochs=2500))
    film = Camera(history.network).film(history)
    reel = content(page.encoded({"": film}))["shared"]
    assert reel["part"]["step"] == 3
    assert [(part["first"], part["count"]) for part in reel["parts"]] == [
        (0, 1000),
        (1000, 1000),
        (2000, 501),
    ]
    assert reel["parts"][2] == film.part(2000, count=1000)
    assert [(stretch["first"], stretch["count"]) for stretch in reel["walked"]["stretches"]] == [
        (0, 1000),
        (1000, 1000),
        (2000, 501),
    ]
    assert reel["walked"]["stretches"][2] == film.stretch_of(range(2000, 2501))


def test_a_page_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no film: give at least one"):
        page.encoded({})


@pytest.mark.parametrize(("widths", "epochs"), [((3, 2, 1), 3000), ((4, 6, 6, 4), 500)], ids=str)
def test_the_size_of_a_page_is_judged_with_its_steps(widths: tuple[int, ...], epochs: int) -> None:
    network = Network(widths)
    history = train(
        network, Dataset(x=[[0.5] * widths[0]], y=[[0.3] * widths[-1]]), Training(epochs=epochs, eta=0.001)
    )
    film = Camera(network).film(history)
    plain = history.values.nbytes * 4 / 3 + len(
        json.dumps(film.part(0, count=epochs + 1), ensure_ascii=False).encode()
    )
    told = len(
        json.dumps([film.steps(whole=True), film.walked(whole=epochs + 1)], ensure_ascii=False).encode()
    )
    assert told > 0.1 * plain
    assert page.size(film) == pytest.approx(plain + told, rel=0.25)


def test_the_numbers_of_a_large_networks_steps_are_in_the_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few steps are worked out at a time."""
    network = Network((2, 3, 2))
    history = train(network, Dataset(x=[[0.5, 0.1]], y=[[0.3, 0.4]]), Training(epochs=30))
    film = Camera(network).film(history)
    whole = film.walked(whole=31)
    monkeypatch.setattr("ann_dashboard.film.film.STEPS_AT_ONCE", 500)
    assert Camera(network).film(history).walked(whole=31) == whole
    assert [(one["from"], one["to"]) for one in whole["stretches"]] == [(0, len(film.walk.sizes))]
