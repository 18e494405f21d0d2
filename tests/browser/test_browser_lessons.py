"""Every lesson, data of one's own, and the editors in a real browser: on one page in Voila, and the main ones
in JupyterLab.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from conftest import alone, errors_of
from lecturer import Dashboard, changes_of, ready, trained
from playwright.sync_api import Browser, expect

from ann_dashboard import Dataset, History, Network, Training, lessons, train
from ann_dashboard.analysis.prediction_table import predicted
from ann_dashboard.data.csv_files import read_table
from ann_dashboard.film.panels import Settings, draw_panel
from ann_dashboard.lessons import Lesson
from ann_dashboard.views.numbers import text

pytestmark = pytest.mark.browser

BESIDE = {
    "perceptron": ("region", "confusion"),
    "perceptron-xor": ("region", "confusion"),
    "xor": ("region", "confusion"),
    "logistic": ("fit", "confusion"),
    "higham": ("region", "confusion"),
    "wells": ("fit", "agreement", "field", "losses"),
    "depth": ("fit", "agreement", "losses"),
    "parabola": ("fit", "agreement"),
    "collapse": ("agreement",),
}
"""The pictures that a lesson opens with beside the network and its curves."""


@pytest.fixture(scope="module")
def opened(
    browser: Browser, browser_context_args: dict[str, Any], voila_url: str
) -> Iterator[tuple[Dashboard, list[str]]]:
    """One page in Voila for all the tests that ask for it, which takes them less than a page each would, and
    its errors.
    """
    page = alone(browser.new_context(**browser_context_args)).new_page()
    errors = errors_of(page)
    page.goto(voila_url, wait_until="commit")
    yield ready(page), errors
    page.context.close()


@pytest.fixture
def room(opened: tuple[Dashboard, list[str]]) -> Iterator[Dashboard]:
    """That page, whatever was done with it before; each test begins with an example."""
    dashboard, errors = opened
    errors.clear()
    yield dashboard
    assert errors == []


@contextmanager
def another_training(dashboard: Dashboard) -> Iterator[None]:
    """Within it the hand does what trains; at its end another film is there."""
    film = dashboard.root.locator(".film")
    before = film.get_attribute("data-film")
    yield
    expect(film).not_to_have_attribute("data-film", before, timeout=30_000)
    expect(dashboard.message).to_contain_text(re.compile(r"^Trained \d+ epoch"))


def take(dashboard: Dashboard, lesson: Lesson) -> History:
    """The lesson's training, which the dashboard shows from its start."""
    example = dashboard.root.get_by_label("Example", exact=True)
    if example.locator("option:checked").inner_text().replace("\N{NO-BREAK SPACE}", " ") != lesson.title:
        with another_training(dashboard):
            example.select_option(label=lesson.title)
    dashboard.button("First epoch").click()
    return lesson.train()


def scrubs(dashboard: Dashboard, history: History, beside: tuple[str, ...], settings: Settings) -> None:
    """The pictures are those of the history at its first, second and last epoch."""
    changes = changes_of(partial(draw_panel(name, history, settings).frames, history) for name in beside)
    for frame in (0, 1, len(history.recorded_epochs) - 1):
        epoch = int(history.recorded_epochs[frame])
        dashboard.type(dashboard.typed, epoch)
        dashboard.shows(history, epoch)
        dashboard.shows_beside(beside, changes, frame)


@pytest.mark.parametrize("key", lessons.ALL)
def test_a_lesson_opens_trains_and_is_scrubbed(room: Dashboard, key: str) -> None:
    lesson = lessons.ALL[key]
    scrubs(room, take(room, lesson), BESIDE.get(key, ()), Settings(field=lesson.field))


# ---------------------------------------------------------------- data of one's own

ROCKS = 40
DRAW = np.random.default_rng(5)
CLAY, DEPTH = DRAW.uniform(0, 0.5, ROCKS).round(3), DRAW.uniform(1000, 3000, ROCKS).round(1)
POROSITY = (0.35 - 0.4 * CLAY - 5e-5 * DEPTH + DRAW.normal(0, 0.01, ROCKS)).round(4)
FACIES = np.where(CLAY > 0.25, "shale", "sand")
ROWS = zip(POROSITY, CLAY, DEPTH, FACIES, strict=True)
TABLE = "\n".join(["porosity,clay,depth,facies", *(",".join(map(str, row)) for row in ROWS)]).encode()


def open_file(dashboard: Dashboard, name: str, content: bytes) -> None:
    dashboard.choose("Settings", "Data")
    chooser = dashboard.root.locator(".ann-file input")
    chooser.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(chooser).to_be_enabled()
    expect(dashboard.root.locator(".ann-file")).to_have_text("Open a CSV file")


def test_the_button_that_opens_a_file_has_its_own_words_alone_and_is_reached_by_keyboard(
    room: Dashboard,
) -> None:
    """The browser's own say that no file is chosen, also when one was read."""
    room.choose("Settings", "Data")
    button, chooser = room.root.locator(".ann-file"), room.root.locator(".ann-file input")
    assert chooser.evaluate("chooser => getComputedStyle(chooser).opacity") == "0"
    assert button.evaluate(
        "(button, chooser) => button.clientWidth === chooser.offsetWidth", chooser.element_handle()
    )
    room.root.get_by_label("Settings", exact=True).focus()
    for _ in range(10):
        room.page.keyboard.press("Tab")
        if chooser.evaluate("chooser => chooser === document.activeElement"):
            break
    expect(chooser).to_be_focused()
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    for press in (lambda: room.page.keyboard.press("Enter"), button.click):
        with room.page.expect_file_chooser():
            press()


def take_columns(dashboard: Dashboard, name: str, predictors: list[str], response: str) -> None:
    expect(dashboard.root.get_by_text(f"{name}: {ROCKS} rows, 4 columns.")).to_be_visible()
    dashboard.root.get_by_label("Predictors", exact=True).select_option(predictors)
    dashboard.root.get_by_label("Responses", exact=True).select_option([response])
    with another_training(dashboard):
        dashboard.button("Train on it").click()


def downloaded(dashboard: Dashboard, *names: str) -> list[str]:
    """The texts of the predictions and of the history, asked for at once."""
    page = dashboard.page
    with ExitStack() as stack:
        files = [
            stack.enter_context(page.expect_download(lambda file, name=name: file.suggested_filename == name))
            for name in names
        ]
        dashboard.button("Predictions").click()
        dashboard.button("Download CSV").click()
    return [file.value.path().read_text(encoding="utf-8") for file in files]


OWN = {
    "porosity": (Network((2, 2, 1)), Training(), ("agreement", "losses")),
    "facies": (
        Network((2, 2, 2), output="softmax"),
        Training(loss="cross_entropy"),
        ("region", "confusion", "losses"),
    ),
}


def learns_from_a_file(dashboard: Dashboard, response: str) -> None:
    """A file is read, learnt from and shown, and its predictions and its history are taken away with the
    digits of a training made here.
    """
    network, training, beside = OWN[response]
    predictors = ["clay", "depth"]
    data = Dataset.from_frame(read_table(TABLE), predictors=predictors, responses=[response])
    history = train(network, data, training)
    take(dashboard, lessons.LECTURE)
    # A name of its own for each file: a text that is there already says nothing of the file that comes.
    name = f"{response}.csv"
    open_file(dashboard, name, TABLE)
    take_columns(dashboard, name, predictors, response)
    scrubs(dashboard, history, beside, Settings())
    dashboard.type(dashboard.typed, 500)
    dashboard.shows(history, 500)
    predictions, table = downloaded(
        dashboard, "predictions_epoch500.csv", "history_seed3_eta0.1_epochs1000.csv"
    )
    assert predictions == predicted(history, 500).to_csv(index=False, lineterminator="\n")
    assert table == history.to_csv()


@pytest.mark.parametrize("response", OWN)
def test_a_file_is_learnt_from_and_its_predictions_are_taken_away(room: Dashboard, response: str) -> None:
    learns_from_a_file(room, response)


def test_a_number_of_an_example_is_edited_in_the_table_of_the_data(room: Dashboard) -> None:
    take(room, lessons.LECTURE)
    room.choose("Settings", "Data")
    with another_training(room):
        room.type(room.root.get_by_role("textbox", name="y1, sample 0"), 0.4)
    room.shows(train(lessons.LECTURE.network, Dataset(x=[[0.5, 0.2, 0.7]], y=[[0.4]]), Training()), 0)


NOT_READ = {
    "empty.csv": (b"", "the file is empty"),
    "latin-1.csv": (
        "depth,porosität\n1,2\n2,3\n".encode("latin-1"),
        "is not UTF-8 text: save it as CSV UTF-8",
    ),
    "wide.csv": (
        ",".join(f"c{column}" for column in range(200)).encode() + b"\n",
        "the table has 200 columns, the most is 100",
    ),
    "large.csv": (b"depth,porosity\n" + b"1000,0.1\n" * 670_000, "it has 6.0 MB, the most is 5 MB"),
}
NOT_TAKEN = {
    "text in numbers.csv": (
        b"depth,porosity\n1000,0.1\n1010,wet\n1020,0.2\n1030,0.3\n",
        "column 'porosity' holds numbers, but line 3 is 'wet'",
    ),
    "one class.csv": (
        b"gamma,facies\n20,sand\n30,sand\n40,sand\n50,sand\n",
        "column 'facies' is one class only, 'sand' in all 4 rows",
    ),
}


@pytest.mark.parametrize("name", [*NOT_READ, *NOT_TAKEN])
def test_a_bad_file_is_explained_and_the_lesson_stays(room: Dashboard, name: str) -> None:
    content, said = (NOT_READ | NOT_TAKEN)[name]
    history = take(room, lessons.LECTURE)
    open_file(room, name, content)
    if name in NOT_TAKEN:
        expect(room.root.get_by_text(f"{name}: ")).to_be_visible()
        room.button("Train on it").click()
    told = room.root.get_by_text(f"{name} was not read:" if name in NOT_READ else "Not taken:").locator("..")
    expect(told).to_contain_text(said)
    expect(told).to_contain_text("What was there stays.")
    room.button("Next epoch").click()
    room.shows(history, 1)


# ---------------------------------------------------------------- the editors


def test_a_start_value_is_edited_and_all_are_drawn_again(room: Dashboard) -> None:
    take(room, lessons.LECTURE)
    room.choose("Settings", "Start values")
    with another_training(room):
        room.type(room.root.get_by_role("textbox", name="start value, λ1,4"), 0.25)
    room.shows(trained(start={"lambda_1_4": 0.25}), 0)
    with another_training(room):
        room.button("Draw all again").click()
    room.shows(trained(), 0)


def test_a_layer_is_added_and_its_nodes_and_activation_are_chosen(room: Dashboard) -> None:
    take(room, lessons.LECTURE)
    room.choose("Settings", "Network")
    with another_training(room):
        room.choose("Hidden layers", "2")
    with another_training(room):
        room.choose("Layer 2: activation", "tanh")
    with another_training(room):
        room.type(room.root.get_by_label("Layer 2: nodes"), 3)
    history = train(Network((3, 2, 3, 1), hidden=("sigmoid", "tanh")), lessons.LECTURE.data, Training())
    scrubs(room, history, (), Settings())


def test_the_slider_moves_through_updates(room: Dashboard) -> None:
    history = take(room, lessons.WELLS)
    room.choose("Step by", "update")
    room.button("Next update").click()
    stepped = history.with_updates_as_epochs()
    for count in (1, 31, 100):
        room.type(room.typed, count)
        room.shows(stepped, count)
        epoch, update = (int(numbers[count]) for numbers in history.recorded_states)
        expect(room.number("O5")).to_have_text(text(history.at(epoch, update=update)["O5"], 2))
    room.choose("Step by", "epoch")
    expect(room.slider).to_have_accessible_name("Epoch")


def test_the_moment_stays_between_epochs_and_updates(room: Dashboard) -> None:
    take(room, lessons.WELLS)
    for epoch in (100, 299):
        room.type(room.typed, epoch)
        expect(room.page).to_have_url(re.compile(f"epoch={epoch}$"))  # the kernel knows it
        room.choose("Step by", "update")
        expect(room.slider).to_have_attribute("aria-valuetext", f"update {29 * epoch}")
        room.choose("Step by", "epoch")
        expect(room.slider).to_have_attribute("aria-valuetext", f"epoch {epoch}")


def test_another_sample_is_shown(room: Dashboard) -> None:
    history = take(room, lessons.XOR)
    sample = room.root.get_by_label("Sample", exact=True)
    room.type(sample, 3)
    room.button("Next epoch").click()
    room.shows(history, 1, sample=3)
    room.type(sample, 4)
    expect(room.message).to_have_text("Sample 4 does not exist: give 0 to 3.")
    room.type(sample, 0)
    room.shows(history, 1)


def test_beside_a_long_training_the_slider_moves_and_stop_keeps_what_is_there(room: Dashboard) -> None:
    lesson = lessons.DEPTH
    history = train(lesson.network, lesson.data, replace(lesson.training, epochs=1500, record_every=500))
    take(room, lesson)
    room.choose("Settings", "Training")
    with another_training(room):
        room.type(room.root.get_by_label("Record every"), 500)
    room.type(room.epochs, 100_000)
    expect(room.message).to_contain_text(re.compile(r"^Training: \d+ of 100000 epochs, about \d+ s left"))
    expect(room.root.locator(".widget-hprogress")).to_be_visible()
    for epoch in (500, 1000, 1500):
        room.button("Next epoch").click()
        room.shows(history, epoch)
    with another_training(room):
        room.button("Stop").click()
    expect(room.button("Stop")).to_be_hidden()
    reached = int(re.search(r"stopped by hand at epoch (\d+)", room.message.inner_text())[1])
    assert 3000 < reached < 100_000
    room.shows(history, 1500)
    room.slider.press("End")
    room.shows_epoch(reached)


# ---------------------------------------------------------------- the same in JupyterLab


@pytest.mark.usefixtures("no_errors")
def test_lessons_and_a_file_in_jupyterlab(jupyterlab: Dashboard) -> None:
    for lesson in (lessons.WELLS, lessons.LOGISTIC):
        scrubs(jupyterlab, take(jupyterlab, lesson), BESIDE[lesson.key], Settings(field=lesson.field))
    learns_from_a_file(jupyterlab, "facies")
