"""The dashboard in a real browser, as a lecturer and a student use it: in Voila, in JupyterLab, and as a page
of its own.
"""

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from lecturer import REST, Dashboard, ready, trained
from playwright.sync_api import Page, WebSocket, expect

from ann_dashboard import lessons
from ann_dashboard.serving.kernels import MOST_UNREAD
from ann_dashboard.views import diagram
from ann_dashboard.views.numbers import text

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_errors")]


@pytest.fixture
def film(page: Page, film_file: Path) -> Dashboard:
    """That page, without any network."""
    page.context.set_offline(True)
    page.goto(film_file.as_uri())
    return Dashboard(page, page.locator(".film"))


def frames(page: Page, count: int) -> None:
    """Let the page draw some frames."""
    page.evaluate(
        "async count => { for (; count; count--) await new Promise(requestAnimationFrame); }", count
    )


# ---------------------------------------------------------------- what a lecturer does, in Voila and in
# JupyterLab


def test_a_lecturer_steps_changes_toggles_plays_and_downloads(dashboard: Dashboard) -> None:
    """lecture.md W1: ŷ = −0.70 at epoch 0 and −0.55 at epoch 1."""
    dashboard.shows(trained(), 0)
    expect(dashboard.message).to_contain_text("converged at epoch 43")
    dashboard.type(dashboard.seed, 13)
    dashboard.shows(trained(seed=13), 0)
    dashboard.type(dashboard.seed, 3)
    dashboard.shows(trained(), 0)

    dashboard.button("Next epoch").click()
    expect(dashboard.number("O6")).to_have_text("−0.55")
    dashboard.slider.press("ArrowRight")
    dashboard.shows(trained(), 2)

    dashboard.eta_slider.press("ArrowRight")
    expect(dashboard.eta).to_have_value("0.102")
    dashboard.shows(trained(eta=0.102), 2)
    dashboard.type(dashboard.eta, 0.3)
    dashboard.shows(trained(eta=0.3), 2)

    dashboard.layer("weights").uncheck()
    expect(dashboard.number("lambda_1_4")).to_be_hidden()
    expect(dashboard.number("O6")).to_be_visible()

    dashboard.button("Play").click()
    expect(dashboard.root.locator(".film")).to_have_attribute("data-epoch", re.compile(r"^([5-9]|\d\d+)$"))
    dashboard.button("Pause").click()

    with dashboard.page.expect_download() as download:
        dashboard.button("Download CSV").click()
    assert download.value.suggested_filename == "history_seed3_eta0.3_epochs1000.csv"
    table = pd.read_csv(download.value.path(), index_col="epoch")
    pd.testing.assert_frame_equal(table, trained(eta=0.3).table, check_exact=True)


# ---------------------------------------------------------------- settings, in Voila


def test_the_seed_slider_trains_with_its_seed(voila: Dashboard) -> None:
    voila.seed_slider.press("ArrowLeft")
    expect(voila.seed).to_have_value("2")
    voila.shows(trained(seed=2), 0)


def test_a_wrong_eta_is_explained_and_the_picture_stays(voila: Dashboard) -> None:
    voila.button("Next epoch").click()
    voila.type(voila.eta, 5)
    expect(voila.message).to_contain_text("η is 5: give a number from 0.001 to 3")
    voila.shows(trained(), 1)
    voila.type(voila.eta, 0.2)
    expect(voila.message).to_contain_text("Trained 1000 epochs")
    voila.shows(trained(eta=0.2), 1)


def test_a_history_of_more_than_a_server_lets_lie_unread_comes_whole(voila: Dashboard) -> None:
    voila.type(voila.epochs, 100_000)
    expect(voila.message).to_contain_text("Trained 100000 epochs")
    with voila.page.expect_download(timeout=60_000) as download:
        voila.button("Download CSV").click()
    table = download.value.path().read_text(encoding="utf-8")
    assert len(table) > MOST_UNREAD
    assert table == trained(epochs=100_000).to_csv()


def test_sign_decimals_and_epoch_axis_change_what_is_shown(voila: Dashboard) -> None:
    """lecture.md W1 prints ∂P/∂ŷ = 1.00 where ∂L/∂ŷ = −1.00."""
    expect(voila.number("dL_dO6")).to_have_text("−1.00")
    voila.choose("Derivatives", "∂P = −∂L (as printed)")
    expect(voila.number("dL_dO6")).to_have_text("1.00")
    expect(voila.root.get_by_role("columnheader", name="∂P/∂ symbol")).to_be_visible()
    voila.choose("Derivatives", "∂L (true)")
    voila.choose("Decimals", "4")
    voila.shows(trained(), 0, decimals=4)
    tick = voila.curves.locator('[id="curves/epoch:biases:1"] text')
    expect(tick).to_have_text("1")
    voila.choose("Epoch axis", "linear")
    expect(tick).to_have_text("200")


def test_an_example_sets_everything(voila: Dashboard) -> None:
    """lecture.md W2."""
    voila.choose("Example", lessons.EBOOK.title)
    voila.shows(lessons.EBOOK.train(), 0)
    expect(voila.seed).to_have_value("13")


def test_a_long_training_is_scrubbed_at_once_and_exact_as_soon_as_its_part_is_there(voila: Dashboard) -> None:
    voila.type(voila.eta, 0.001)
    voila.choose("Decimals", "6")
    voila.type(voila.epochs, 100_000)
    expect(voila.message).to_contain_text("Trained 100000 epochs")
    history = trained(eta=0.001, epochs=100_000)
    voila.slider.press("End")
    voila.shows(history, 100_000, decimals=6)
    voila.slider.press("ArrowLeft")
    voila.shows(history, 99_999, decimals=6)
    for epoch in (12_321, 54_321):
        voila.type(voila.typed, epoch)
        voila.shows(history, epoch, decimals=6)
    expect(voila.history_row(54_321)).to_have_class("film-now")
    expect(voila.history.locator(".film-now")).to_contain_text("54321")
    expect(voila.history).not_to_contain_text("…")
    voila.type(voila.epochs, 10)
    voila.shows(trained(eta=0.001, epochs=10), 10, decimals=6)


def test_moving_through_the_epochs_asks_the_kernel_nothing_and_rest_is_told_once(
    page: Page, voila_url: str
) -> None:
    sent: list[str | bytes] = []
    kernel: list[WebSocket] = []
    page.on("websocket", lambda socket: kernel.append(socket))
    asks = b'"want":"alive"'  # whether the kernel is there, which is no question about an epoch
    page.on(
        "websocket", lambda socket: socket.on("framesent", lambda frame: asks in frame or sent.append(frame))
    )
    page.goto(voila_url, wait_until="commit")
    dashboard = ready(page)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    sent.clear()
    dashboard.slider.focus()
    for _ in range(50):
        page.keyboard.press("ArrowRight")
    dashboard.shows(trained(), 50)
    page.clock.fast_forward(REST - 10)
    assert len(sent) == 0
    with kernel[0].expect_event("framesent", lambda frame: asks not in frame):
        page.clock.fast_forward(20)
    assert len(sent) == 1
    assert b'"frame":50' in (sent[0] if isinstance(sent[0], bytes) else sent[0].encode())


# ---------------------------------------------------------------- the room it takes


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_it_fits_the_width_of_a_projector(page: Page, voila: Dashboard, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    frames(page, 2)
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    for picture in (voila.network, voila.curves):
        box = picture.bounding_box()
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    cut = """root => [...root.querySelectorAll('.widget-label, button, label')]
        .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
    assert voila.root.evaluate(cut) == []


def test_the_bar_and_its_message_stay_in_sight_down_to_the_history(dashboard: Dashboard) -> None:
    """In JupyterLab's output, too, and also while a file is exported from the History's heading."""
    dashboard.choose("Export", "Picture as PNG")
    expect(dashboard.message).to_contain_text("Exported network_epoch0.png")
    for part in (dashboard.curves, dashboard.history):
        part.evaluate("part => part.scrollIntoView()")
        frames(dashboard.page, 2)
        expect(dashboard.slider).to_be_in_viewport()
        expect(dashboard.message).to_be_in_viewport()


def test_curves_below_a_network_are_no_larger_than_beside_it(film: Dashboard) -> None:
    film.page.set_viewport_size({"width": 934, "height": 768})
    beneath = film.network.bounding_box()
    assert film.curves.bounding_box()["y"] >= beneath["y"] + beneath["height"]
    assert film.curves.bounding_box()["width"] == 430


def test_a_message_of_two_lines_and_one_of_one_leave_the_picture_where_it_is(voila: Dashboard) -> None:
    expect(voila.message).to_contain_text("Trained 1000 epochs")
    place = voila.network.bounding_box()["y"]
    voila.choose("Export", "Picture as PNG")
    expect(voila.message).to_contain_text("Exported network_epoch0.png")
    assert voila.network.bounding_box()["y"] == place


def test_the_row_of_the_last_epoch_stays_in_sight_when_another_example_comes(voila: Dashboard) -> None:
    voila.button("Last epoch").click()
    expect(voila.history_row(1000)).to_be_in_viewport()
    voila.choose("Example", lessons.MAZUR.title)
    expect(voila.message).to_contain_text(lessons.MAZUR.teaches)
    expect(voila.history_row(1000)).to_be_in_viewport()


COLLISIONS = """root => {
    const found = [];
    for (const picture of ["network", "curves"]) {
        const svg = root.querySelector(`[data-picture=${picture}] svg`);
        const frame = svg.getBoundingClientRect();
        const written = [...svg.querySelectorAll("text")].filter(text => text.textContent.trim());
        for (const text of written) {
            const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
            if (size < 10) found.push(`${text.textContent} has ${size} px`);
        }
        const names = [...svg.querySelectorAll(`[id^="${picture}/label:"], [id^="${picture}/name:"]`)];
        const boxes = [...written, ...names].map(
            one => [one.textContent.trim() || one.id, one.getBoundingClientRect()]
        );
        for (const [name, box] of boxes)
            if (box.left < frame.left || box.right > frame.right
                || box.top < frame.top || box.bottom > frame.bottom) found.push(`${name} is cut`);
        boxes.forEach(([one, a], place) => {
            for (const [other, b] of boxes.slice(place + 1)) {
                const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (across > 0.5 && down > 0.5)
                    found.push(`${one} over ${other}: ${across.toFixed(1)} x ${down.toFixed(1)}`);
            }
        });
    }
    return found;
}"""


@pytest.mark.parametrize("eta", [0.1, 3])
def test_every_number_can_be_read_on_the_screen(voila: Dashboard, eta: float) -> None:
    """No text below 10 px, none cut, none over another, at 1366x768."""
    collisions = {}
    voila.type(voila.eta, eta)
    for seed in (1, 13, 3):
        voila.type(voila.seed, seed)
        for epoch in (0, 1, 1000):
            voila.type(voila.typed, epoch)
            voila.shows(trained(eta=eta, seed=seed), epoch)
            collisions[seed, epoch] = voila.root.evaluate(COLLISIONS)
    assert {state: found for state, found in collisions.items() if found} == {}


# ---------------------------------------------------------------- the film, as a page without network


def test_the_film_is_a_page_that_needs_no_network(film: Dashboard) -> None:
    film.shows(trained(), 0)
    film.slider.fill("43")
    film.shows(trained(), 43)
    expect(film.button("Predictions")).to_be_hidden()


PRESSES: dict[str, Callable[[Dashboard], None]] = {
    "Next": lambda film: film.button("Next epoch").click(),
    "Previous": lambda film: film.button("Previous epoch").click(),
    "First": lambda film: film.button("First epoch").click(),
    "Last": lambda film: film.button("Last epoch").click(),
    "typed": lambda film: film.type(film.typed, 500),
    "typed beyond": lambda film: film.type(film.typed, 5000),
    "typed below": lambda film: film.type(film.typed, -5),
    "typed nothing": lambda film: film.type(film.typed, ""),
    "ArrowRight on the slider": lambda film: film.slider.press("ArrowRight"),
    "PageUp on the slider": lambda film: film.slider.press("PageUp"),
    "ArrowRight on the network": lambda film: film.network.press("ArrowRight"),
    "ArrowLeft on the curves": lambda film: film.curves.press("ArrowLeft"),
    "ArrowRight on a button": lambda film: film.button("Play").press("ArrowRight"),
    "ArrowLeft on a layer": lambda film: film.layer("weights").press("ArrowLeft"),
    "Home": lambda film: film.network.press("Home"),
    "End": lambda film: film.network.press("End"),
    "a row of the history": lambda film: film.history_row(25).click(),
}


@pytest.mark.parametrize(
    ("press", "epoch"),
    [
        ("Next", 21),
        ("Previous", 19),
        ("First", 0),
        ("Last", 1000),
        ("typed", 500),
        ("typed beyond", 1000),
        ("typed below", 20),
        ("typed nothing", 20),
        ("ArrowRight on the slider", 21),
        ("PageUp on the slider", 120),
        ("ArrowRight on the network", 21),
        ("ArrowLeft on the curves", 19),
        ("ArrowRight on a button", 21),
        ("ArrowLeft on a layer", 19),
        ("Home", 0),
        ("End", 1000),
        ("a row of the history", 25),
    ],
)
def test_there_are_many_ways_to_an_epoch(film: Dashboard, press: str, epoch: int) -> None:
    film.type(film.typed, 20)
    PRESSES[press](film)
    film.shows(trained(), epoch)


@pytest.mark.parametrize(
    "layers",
    [shown for count in range(4) for shown in itertools.combinations(diagram.LAYERS, count)],
    ids="+".join,
)
def test_any_combination_of_layers_can_be_shown(film: Dashboard, layers: tuple[str, ...]) -> None:
    for layer in diagram.LAYERS:
        film.layer(layer).set_checked(layer in layers)
    film.button("Next epoch").click()
    of_layer = {"weights": "lambda_1_4", "forward": "O6", "backward": "dL_dlambda_1_4"}
    for layer, symbol in of_layer.items():
        for part in (symbol, f"label:{symbol}", f"box:{symbol}"):
            expect(film.root.locator(f'[id="network/{part}"]')).to_be_visible(visible=layer in layers)


def test_a_layer_is_toggled_with_the_space_bar(film: Dashboard) -> None:
    film.layer("forward").press("Space")
    expect(film.number("O6")).to_be_hidden()
    film.shows_epoch(0)


def test_play_runs_forwards_and_backwards_and_stops(film: Dashboard) -> None:
    film.choose("Speed of Play, in epochs a second", "300 epochs/s")
    film.button("Play").click()
    film.page.wait_for_function("Number(document.querySelector('.film').dataset.epoch) > 100")
    film.button("Pause").click()
    reached = int(film.root.get_attribute("data-epoch"))
    frames(film.page, 20)
    film.shows(trained(), reached)
    film.button("Play backwards").click()
    film.page.wait_for_function(
        "reached => Number(document.querySelector('.film').dataset.epoch) < reached - 50", arg=reached
    )
    film.button("Pause").click()
    film.type(film.typed, 900)
    film.button("Play").click()
    film.page.wait_for_function("Number(document.querySelector('.film').dataset.epoch) === 1000")
    expect(film.button("Pause")).to_have_count(0)
    film.shows(trained(), 1000)


def test_the_space_bar_plays_and_pauses(film: Dashboard) -> None:
    film.network.press("Space")
    film.page.wait_for_function("Number(document.querySelector('.film').dataset.epoch) > 2")
    film.network.press("Space")
    expect(film.button("Pause")).to_have_count(0)


def test_the_history_scrolls_to_any_epoch_and_follows_the_current_one(film: Dashboard) -> None:
    history = trained()
    film.history.scroll_into_view_if_needed()
    expect(film.history_row(0)).to_be_visible()
    film.history.evaluate("scroll => { scroll.scrollTop = 700 * 24; }")
    row = film.history_row(705)
    expect(row).to_have_text(
        re.compile("^705" + "".join(re.escape(text(value, 2)) for value in history.at(705).values()))
    )
    row.click()
    film.shows(history, 705)
    expect(film.history.locator(".film-now")).to_have_attribute("data-frame", "705")
    film.button("First epoch").click()
    film.history.scroll_into_view_if_needed()
    expect(film.history.locator(".film-now")).to_be_in_viewport()
    assert film.history.locator("tbody tr").count() < 60


def test_the_table_tells_what_the_source_prints_at_its_epoch_only(film: Dashboard) -> None:
    """lecture.md W1: the slides print O6 = −0.70."""
    printed = film.root.locator('[data-row="O6"]')
    expect(printed).to_contain_text("= −0.70")
    film.type(film.typed, 500)
    expect(printed).to_be_empty()


# ---------------------------------------------------------------- JupyterLab's own


def test_keys_meant_for_the_dashboard_are_no_shortcuts_of_jupyterlab(jupyterlab: Dashboard) -> None:
    """In command mode B inserts a cell, D D deletes one, 1 makes a heading and 0 0 restarts the kernel."""
    page = jupyterlab.page
    cells = "window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.type)"
    before = page.evaluate(cells)
    for control in (
        jupyterlab.seed,
        jupyterlab.typed,
        jupyterlab.network,
        jupyterlab.layer("weights"),
        jupyterlab.button("Next epoch"),
        jupyterlab.history,
    ):
        control.focus()
        page.keyboard.type("1b00ddm")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(cells) == before
    expect(page.get_by_role("dialog")).to_have_count(0)
    jupyterlab.network.press("ArrowRight")
    expect(jupyterlab.network).to_be_focused()


def test_a_cell_that_is_run_again_shows_a_new_dashboard(jupyterlab: Dashboard, lab: Any) -> None:
    jupyterlab.button("Next epoch").click()
    jupyterlab.shows_epoch(1)
    lab.run_all(jupyterlab.page)
    expect(jupyterlab.root).to_have_count(1)
    jupyterlab.shows(trained(), 0)
    jupyterlab.type(jupyterlab.seed, 1)
    jupyterlab.shows(trained(seed=1), 0)


def test_two_views_of_one_dashboard_go_together(page: Page, lab: Any) -> None:
    cells = ["from ann_dashboard.dashboard import Dashboard\ndashboard = Dashboard()\ndashboard", "dashboard"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata=kernel
    )
    nbformat.write(notebook, lab.folder / "two_views.ipynb")
    lab.open(page, "two_views.ipynb")
    lab.run_all(page)
    expect(page.locator(".ann-dashboard")).to_have_count(2, timeout=60_000)
    first, second = (Dashboard(page, page.locator(".ann-dashboard").nth(place)) for place in (0, 1))
    first.button("Next epoch").click()
    second.shows(trained(), 1)
    second.layer("backward").uncheck()
    expect(first.number("dL_dO6")).to_be_hidden()
    second.type(second.eta, 0.2)
    first.shows(trained(eta=0.2), 1)
    second.shows(trained(eta=0.2), 1)


def test_a_training_that_diverges_leaves_every_name_in_its_node(page: Page, voila: Dashboard) -> None:
    voila.type(voila.eta, 3)
    expect(voila.message).to_contain_text("diverged at epoch 512")
    for node in lessons.LECTURE.network.nodes:
        name, circle = (
            voila.root.locator(f'[id="network/{part}:{node}"]').bounding_box() for part in ("name", "node")
        )
        assert circle["y"] < name["y"] < name["y"] + name["height"] < circle["y"] + circle["height"], node


@pytest.mark.parametrize("notebook", ["01_step_through_training.ipynb", "02_backpropagation_by_hand.ipynb"])
def test_a_lesson_runs_in_jupyterlab(page: Page, lab: Any, notebook: str) -> None:
    lab.open(page, notebook)
    lab.run_all(page)
    ready(page).shows_epoch(0)
