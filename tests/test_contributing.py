"""CONTRIBUTING says what is true: its files and names exist, and its walk is one that can be walked."""

import re
from pathlib import Path

import pytest

from ann_dashboard import lessons
from ann_dashboard.film.camera import Camera

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WALK = re.findall(r"^\d\. `(ann_dashboard/[\w/.]+)`: (.*)$", TEXT, flags=re.MULTILINE)


def test_every_room_has_a_line() -> None:
    package = ROOT / "ann_dashboard"
    rooms = {f"{path.name}/" for path in package.iterdir() if any(path.glob("*.*"))} - {"__pycache__/"}
    modules = {path.name for path in package.glob("*.py")} - {"__init__.py"}
    table = TEXT[TEXT.index("## Rooms") : TEXT.index("## How to add")]
    named = set(
        re.findall(r"`([\w./]+)`", "".join(line.split("|")[1] for line in table.splitlines() if "|" in line))
    )
    assert named == rooms | modules


@pytest.mark.parametrize("path", sorted(set(re.findall(r"(?<![\w/])tests/[\w/]+(?:\.py)?", TEXT))))
def test_the_tests_it_names_are_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", re.findall(r"`((?:engine|lessons|film|views)/[\w/]+\.py)`", TEXT))
def test_the_modules_it_names_are_there(path: str) -> None:
    assert (ROOT / "ann_dashboard" / path).is_file()


def test_the_walk_goes_through_eight_files() -> None:
    assert len({path for path, _ in WALK}) == 8


@pytest.mark.parametrize(("path", "sentence"), WALK, ids=[path for path, _ in WALK])
def test_a_stop_of_the_walk_has_what_it_names(path: str, sentence: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    own = re.findall(r"`(\w+)`", sentence)
    names = [name for name in own if name not in ("lambda_1_4", "start")]
    assert names
    defined = r"\b(?:def|class|function|const) {}\b|^\s+#?{}\("
    assert [name for name in names if not re.search(defined.format(name, name), source, re.MULTILINE)] == []


def test_the_walk_ends_at_the_text_that_the_history_says() -> None:
    history = lessons.LECTURE.train()
    film = Camera(history.network).film(history)
    assert 'id="network/lambda_1_4"' in film.stills["network"]
    first = film.part(0)["channels"]["text"]["lambda_1_4"].split("|")[0]
    start = history.training.start_of(history.network)["lambda_1_4"]
    assert history.at(0)["lambda_1_4"] == start
    assert first == f"{start:.2f}".replace("-", "−")
    assert f'"{first}" at epoch 0' in TEXT
