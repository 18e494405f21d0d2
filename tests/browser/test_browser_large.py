"""The diagram of a large network in a real browser: layers in turns, and every number read on choosing its
node or connection.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ann_dashboard import Dataset, History, Network, Training, train
from ann_dashboard.film.camera import Camera
from ann_dashboard.views import diagram
from ann_dashboard.views.numbers import text

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_errors")]


@pytest.fixture(scope="module")
def history() -> History:
    return train(
        Network((4, 6, 6, 4)),
        Dataset(x=[[0.5, -0.2, 0.7, 0.1]], y=[[0.5, 0.2, -0.3, 0.8]]),
        Training(epochs=20),
    )


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory, history: History) -> Path:
    """The film of a 4-6-6-4 network as a page of its own."""
    path = tmp_path_factory.mktemp("large") / "film.html"
    Camera(history.network).film(history).to_html(path)
    return path


@pytest.fixture
def film(page: Page, large_file: Path) -> Locator:
    page.goto(large_file.as_uri())
    return page.locator(".film")


@pytest.fixture
def small(page: Page, film_file: Path) -> Locator:
    page.goto(film_file.as_uri())
    return page.locator(".film")


def on_the_line(page: Page, weight: str, *, beside: float = 0.0) -> tuple[float, float]:
    """A point of the window near the end of a connection, some pixels below the line."""
    x, y = page.evaluate(
        """gid => {
            const line = document.querySelector(`[id="network/${gid}"] path`), screen = line.getScreenCTM();
            const {x, y} = line.getPointAtLength(line.getTotalLength() - 12);
            return [x * screen.a + screen.e, y * screen.d + screen.f];
        }""",
        f"connection:{weight}",
    )
    return x, y + beside


def told(history: History, epoch: int, *symbols: str) -> list[str]:
    row = history.at(epoch)
    return [text(diagram.values(row, history.network, symbol), 2) for symbol in symbols]


def test_one_layer_is_shown_at_a_time_and_each_has_its_numbers(film: Locator, history: History) -> None:
    of_layer = {"weights": "lambda_7_13", "forward": "H13", "backward": "dL_dlambda_7_13"}
    for layer in ("forward", "backward", "weights"):
        film.get_by_role("radio", name=layer).check()
        for other, symbol in of_layer.items():
            for part in (symbol, f"label:{symbol}", f"box:{symbol}"):
                expect(film.locator(f'[id="network/{part}"]')).to_be_visible(visible=layer == other)


def test_the_picture_is_as_wide_as_its_text_needs(page: Page, film: Locator, history: History) -> None:
    """At 1366x768 across the page, so that its text has 10 px; in a narrower window it scrolls sideways and
    keeps its size.
    """
    picture = film.locator("[data-picture=network] svg")
    width = diagram.showing(history.network)["width"]
    assert picture.bounding_box()["width"] >= width
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    page.set_viewport_size({"width": 800, "height": 600})
    assert picture.bounding_box()["width"] == width
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")


def test_a_connection_that_is_clicked_tells_its_numbers_and_they_follow_the_epoch(
    page: Page, film: Locator, history: History
) -> None:
    readout, symbols = film.locator(".film-readout"), ("lambda_4_10_I4", "lambda_4_10", "dL_dlambda_4_10")
    page.mouse.click(*on_the_line(page, "lambda_4_10", beside=5))
    expect(readout.locator("[data-value]")).to_have_text(told(history, 0, *symbols))
    expect(readout).to_contain_text("Connection λ4,10:")
    expect(film.locator(".film-announced")).to_contain_text("lambda 4 10 times I 4")
    assert not film.locator(".film-steps").is_visible()
    film.get_by_role("button", name="Last epoch").click()
    expect(readout.locator("[data-value]")).to_have_text(told(history, 20, *symbols))


def test_a_pointer_that_passes_reads_and_says_nothing(page: Page, film: Locator, history: History) -> None:
    readout = film.locator(".film-readout")
    film.locator('[id="network/node:O17"]').hover(force=True)
    symbols = ("y_1", "O17in", "O17", "b_17", "dL_dO17", "dL_dO17in", "dL_db_17")
    expect(readout.locator("[data-value]")).to_have_text(told(history, 0, *symbols))
    expect(film.locator(".film-announced")).to_be_empty()
    page.mouse.move(5, 5)
    expect(readout).to_contain_text("Point at a node or connection")


def test_any_node_or_connection_can_be_chosen_by_keyboard(film: Locator, history: History) -> None:
    choice = film.get_by_role("combobox", name="Read the numbers of a node or connection")
    choice.focus()
    choice.press("ArrowDown")
    expect(film.locator(".film-readout [data-value]")).to_have_text(told(history, 0, "I1in", "I1", "dL_dI1"))
    choice.select_option(label="λ16,20")
    expect(film.locator(".film-readout [data-value]")).to_have_text(
        told(history, 0, "lambda_16_20_H16", "lambda_16_20", "dL_dlambda_16_20")
    )
    expect(film.locator(".film-announced")).to_contain_text("derivative of L by lambda 16 20")
    assert (
        choice.locator("option").count() == 1 + len(history.network.nodes) + 1 + history.network.weight_count
    )


def test_a_step_inside_an_epoch_shows_the_layer_of_its_number(page: Page, film: Locator) -> None:
    film.get_by_role("button", name="Step inside").click()
    goto = film.get_by_role("combobox", name="Go to a step")
    for step, layer in (
        ("H7in", "forward"),
        ("dL_dlambda_7_13", "backward"),
        ("lambda_7_13_next", "weights"),
    ):
        goto.select_option(step)
        expect(film.get_by_role("radio", name=layer)).to_be_checked()


def test_pointing_at_something_neither_scrolls_a_step_away_nor_turns_its_layer(
    page: Page, film: Locator
) -> None:
    page.set_viewport_size({"width": 1000, "height": 900})
    film.get_by_role("button", name="Step inside").click()
    film.get_by_role("combobox", name="Go to a step").select_option("dL_dO20")
    picture = film.locator("[data-picture=network]")
    assert picture.evaluate("picture => picture.scrollLeft") > 0
    picture.evaluate("picture => (picture.scrollLeft = 0)")
    film.get_by_role("radio", name="weights").check()
    film.locator('[id="network/node:I2"]').hover(force=True)
    expect(film.locator(".film-readout")).to_contain_text("Node I2:")
    assert picture.evaluate("picture => picture.scrollLeft") == 0
    expect(film.get_by_role("radio", name="weights")).to_be_checked()


def test_without_the_steps_the_layer_that_a_hand_chose_is_shown_again(film: Locator) -> None:
    film.get_by_role("radio", name="forward").check()
    film.get_by_role("button", name="Step inside").click()
    film.get_by_role("combobox", name="Go to a step").select_option("dL_dO20")
    expect(film.get_by_role("radio", name="backward")).to_be_checked()
    film.get_by_role("button", name="Step inside").click()
    expect(film.get_by_role("radio", name="forward")).to_be_checked()


@pytest.mark.parametrize("window", [960, 1366, 1920])
def test_the_steps_stand_beside_a_wide_picture_which_scrolls_to_what_they_tell(
    page: Page, film: Locator, window: int
) -> None:
    page.set_viewport_size({"width": window, "height": 900})
    film.get_by_role("button", name="Step inside").click()
    goto, card = film.get_by_role("combobox", name="Go to a step"), film.locator(".film-steps")
    for step in ("I1", "dL_dO20", "lambda_1_5_next"):
        goto.select_option(step)
        expect(card).to_be_in_viewport(ratio=1)
        lit = film.locator('.film-lit[id*="box:"], .film-used[id*="box:"]').filter(visible=True).last
        picture, box = film.locator("[data-picture=network]").bounding_box(), lit.bounding_box()
        assert picture["x"] <= box["x"]
        assert box["x"] + box["width"] <= picture["x"] + picture["width"] <= card.bounding_box()["x"]


def test_in_a_small_network_a_click_reads_and_steps_inside_without_betraying_what_comes_later(
    page: Page, small: Locator
) -> None:
    page.mouse.click(*on_the_line(page, "lambda_1_4"))
    expect(small.locator(".film-steps")).to_be_visible()
    numbers = small.locator(".film-readout [data-value]")
    expect(numbers).to_have_count(3)
    small.get_by_role("combobox", name="Go to a step").select_option("H4in")
    for number in numbers.all():
        expect(number).to_be_visible(visible=number.get_attribute("data-value") != "dL_dlambda_1_4")
