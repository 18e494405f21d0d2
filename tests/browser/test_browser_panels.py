"""The panels beside the network in a real browser: they follow the epoch slider."""

import re
from pathlib import Path

import numpy as np
import pytest
from lecturer import Dashboard, changes_of
from path_data import lines
from playwright.sync_api import Page, expect

from ann_dashboard import Dataset, History, Network, Training, train
from ann_dashboard.data.property_map import Field
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.page import bundle, style
from ann_dashboard.film.panels import panels_for
from ann_dashboard.views.sheet import Channels

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_errors")]

LEAST_PIXELS = 13.3
"""10 pt."""
Shown = tuple[Dashboard, Channels, list[str]]


def one_predictor() -> tuple[History, Field | None]:
    x = np.linspace(-1, 1, 12)[:, np.newaxis]
    test = Dataset(x[::3] + 0.05, x[::3] ** 2)
    history = train(Network((1, 3, 1), "tanh"), Dataset(x, x**2, test=test), Training(eta=0.3, epochs=120))
    return history, Field([[-1, 0], [0.5, 1]], width=10, height=10, name="x1", unit="")


def two_predictors() -> tuple[History, Field | None]:
    data = Dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
    return train(
        Network((2, 2, 1), output="sigmoid"), data, Training(eta=3, epochs=400, loss="binary_cross_entropy")
    ), None


@pytest.fixture(params=[one_predictor, two_predictors], ids=lambda make: make.__name__)
def shown(request: pytest.FixtureRequest, page: Page, tmp_path: Path) -> Shown:
    """The page of a film with all its panels, each channel's values by gid, and the names of the panels."""
    history, field = request.param()
    names = [panel.name for panel in panels_for(history, field)]
    film = Camera(history.network).film(history, panels=names, field=field)
    film.to_html(tmp_path / "film.html")
    page.goto((tmp_path / "film.html").as_uri())
    return Dashboard(page, page.locator(".film")), changes_of(film.scenes), names


def test_every_panel_shows_the_epoch_of_the_slider(shown: Shown) -> None:
    film, changes, names = shown
    for epoch in (0, 1, 57, 120):
        film.type(film.typed, epoch)
        expect(film.root).to_have_attribute("data-epoch", str(epoch))
        film.shows_beside(names, changes, epoch)


def test_a_path_is_drawn_where_its_data_say(shown: Shown) -> None:
    film, changes, _ = shown
    film.type(film.typed, 57)
    for gid, values in changes["d"].items():
        group = film.root.locator(f'[id$="/{gid}"] path')
        box = group.evaluate(
            """path => {
                const { x, y, width, height } = path.getBBox();
                return [x, y, x + width, y + height];
            }"""
        )
        points = np.concatenate(lines(values[min(57, len(values) - 1)]))
        assert box == pytest.approx([*points.min(axis=0), *points.max(axis=0)], abs=0.01)


def test_a_panel_is_a_picture_with_a_title_and_a_description_of_its_epoch(shown: Shown) -> None:
    film, _, names = shown
    film.type(film.typed, 57)
    for name in names:
        picture = film.root.locator(f'[data-picture="{name}"]')
        expect(picture).to_have_attribute("role", "img")
        expect(picture).to_have_attribute("aria-label", re.compile(r"at epoch 57\b"))
        assert not re.search(r"[{}]", picture.get_attribute("aria-label"))
        expect(picture.locator("figcaption")).not_to_be_empty()


COLLISIONS = """least => {
    const found = [];
    for (const picture of document.querySelectorAll(".film-panels [data-picture]")) {
        const svg = picture.querySelector("svg"), frame = svg.getBoundingClientRect();
        const boxes = [...svg.querySelectorAll("text")].filter(text => text.textContent.trim()).map(text => {
            const { a, b } = text.getScreenCTM();
            const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
            if (size < least) found.push(`${text.textContent} has ${size} px`);
            return [text.textContent, text.getBoundingClientRect()];
        });
        for (const [name, box] of boxes)
            if (box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
                found.push(`${name} is cut`);
        boxes.forEach(([one, a], place) => {
            for (const [other, b] of boxes.slice(place + 1)) {
                const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (across > 1 && down > 0.3 * Math.min(a.height, b.height))
                    found.push(`${one} over ${other}`);
            }
        });
    }
    return found;
}"""


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_a_panel_is_read_from_the_back_row_with_the_slider_in_sight(
    shown: Shown, width: int, height: int
) -> None:
    film, _, names = shown
    film.page.set_viewport_size({"width": width, "height": height})
    assert film.page.evaluate(COLLISIONS, LEAST_PIXELS) == []
    film.root.locator(f'[data-picture="{names[0]}"]').evaluate(
        "picture => picture.scrollIntoView({ block: 'end' })"
    )
    expect(film.root.locator(f'[data-picture="{names[0]}"] svg')).to_be_in_viewport(ratio=0.99)
    expect(film.slider).to_be_in_viewport(ratio=1)
    assert film.page.evaluate(
        "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
    )


def test_other_panels_can_be_loaded_and_go_away(page: Page) -> None:
    history, _ = two_predictors()
    camera = Camera(history.network)
    mounted = """
        window.film = new FilmView(document.querySelector("main"), { ask: null, saves: false });
        film.layers(["weights", "forward", "backward"]);"""
    page.set_content(
        f"<style>{style('film')}</style><main></main>"
        f"<script type=module>{bundle('film_widget')}\n{mounted}</script>"
    )
    page.wait_for_function("window.film")
    shows = """[...document.querySelectorAll('.film-panels [data-picture]')]
        .map(picture => picture.dataset.picture)"""
    for panels in (["region"], ["confusion", "losses", "region"], ["region"], []):
        film = camera.film(history, panels=panels)
        page.evaluate("next => film.load(next)", {**film.reel(), "stills": dict(film.stills), "number": 1})
        assert page.evaluate(shows) == panels
