"""The page that needs no server in a real browser, from a disk and offline; the dashboard's exports."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from lecturer import Dashboard, trained
from PIL import Image
from playwright.sync_api import Page, expect

from ann_dashboard import History, Training, lessons, train
from ann_dashboard.film import page as own_page
from ann_dashboard.film.camera import Camera
from ann_dashboard.views.numbers import text

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_errors")]

ETAS = {"η = 0.1": 0.1, "η = 0.5": 0.5, "diverges": 1e6}


@pytest.fixture(scope="module")
def histories() -> dict[str, History]:
    return {label: trained(eta=eta, epochs=200) for label, eta in ETAS.items()}


@pytest.fixture(scope="module")
def pages(histories: dict[str, History], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several trainings in one page."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    camera = Camera(lessons.LECTURE.network)
    own_page.to_html(
        path, {label: camera.film(history) for label, history in histories.items()}, title="Learning rates"
    )
    return path


@pytest.fixture
def opened(page: Page) -> Iterator[Callable[[Path, str], Dashboard]]:
    """Opens a page from the disk, without any network, with a query in its address."""
    page.context.set_offline(True)

    def opened(path: Path, query: str = "") -> Dashboard:
        page.goto(path.as_uri() + query)
        return Dashboard(page, page.locator(".film"))

    return opened


def downloaded(film: Dashboard) -> tuple[str, str]:
    """Name and text of the CSV that the page writes."""
    with film.page.expect_download() as download:
        film.button("Download CSV").click()
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def test_the_csv_of_the_page_is_the_historys_to_the_last_digit(opened, film_file: Path) -> None:
    film = opened(film_file)
    expect(film.page.get_by_label("Training")).to_be_hidden()
    name, table = downloaded(film)
    assert name == "history_seed3_eta0.1_epochs1000.csv"
    assert table == lessons.LECTURE.train().to_csv()
    pd.testing.assert_frame_equal(
        pd.read_csv(io.StringIO(table), index_col="epoch"), lessons.LECTURE.train().table, check_exact=True
    )


def test_several_trainings_are_in_one_page_and_each_has_its_own_csv(
    opened, pages: Path, histories: dict[str, History]
) -> None:
    film = opened(pages)
    film.shows(histories["η = 0.1"], 0)
    film.type(film.typed, 150)
    for label in ("η = 0.5", "diverges"):
        film.page.get_by_label("Training").select_option(label)
        film.shows(histories[label], 150)
        assert downloaded(film)[1] == histories[label].to_csv()


def test_what_a_hand_is_typing_is_not_lost_when_another_training_comes(
    opened, pages: Path, histories: dict[str, History]
) -> None:
    film = opened(pages)
    film.typed.fill("150")
    film.page.evaluate("""() => {
        const chooser = document.querySelector("#training");
        chooser.value = 1;
        chooser.dispatchEvent(new Event("change"));
    }""")
    expect(film.number("O6")).to_have_text(text(histories["η = 0.5"].at(0)["O6"], 2))
    expect(film.typed).to_have_value("150")
    film.typed.press("Enter")
    film.shows(histories["η = 0.5"], 150)


def test_the_csv_of_several_samples_has_the_three_names_of_its_index(opened, tmp_path: Path) -> None:
    history = train(lessons.XOR.network, lessons.XOR.data, Training(epochs=3))
    Camera(history.network).film(history).to_html(tmp_path / "page.html")
    assert downloaded(opened(tmp_path / "page.html"))[1] == history.to_csv()


def test_a_page_opens_at_the_state_in_its_address(opened, pages: Path, histories: dict[str, History]) -> None:
    film = opened(pages, "?epoch=12&show=weights,backward&steps=yes&training=2")
    film.shows_epoch(12)
    expect(film.page.get_by_label("Training")).to_have_value("1")
    expect(film.layer("forward")).not_to_be_checked()
    expect(film.layer("weights")).to_be_checked()
    expect(film.button("Step inside")).to_have_attribute("aria-pressed", "true")
    expect(film.root.locator(".film-message")).to_have_text("")


def test_a_page_that_was_exported_at_an_epoch_opens_there(opened, tmp_path: Path) -> None:
    history = trained(epochs=200)
    own_page.to_html(
        tmp_path / "page.html", {"": Camera(history.network).film(history)}, opening=own_page.Opening(43)
    )
    film = opened(tmp_path / "page.html")
    film.shows(history, 43)
    film.button("First epoch").click()
    film.page.wait_for_url("**/page.html?epoch=0")


def test_a_page_opens_with_the_layers_and_the_steps_that_it_was_exported_with(opened, tmp_path: Path) -> None:
    film = Camera(lessons.LECTURE.network).film(trained(epochs=200))
    own_page.to_html(
        tmp_path / "page.html", {"": film}, opening=own_page.Opening(43, ["weights"], steps=True)
    )
    there = opened(tmp_path / "page.html")
    there.shows_epoch(43)
    expect(there.layer("forward")).not_to_be_checked()
    expect(there.button("Step inside")).to_have_attribute("aria-pressed", "true")
    there.button("Step inside").click()
    there.page.wait_for_url("**/page.html?steps=no")


def test_an_epoch_that_is_not_recorded_is_said(opened, tmp_path: Path) -> None:
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=200, record_every=10))
    Camera(history.network).film(history).to_html(tmp_path / "page.html")
    film = opened(tmp_path / "page.html", "?epoch=15")
    film.shows_epoch(20)
    expect(film.message).to_have_text("The address asks for epoch 15, which is not recorded: 20 is shown.")


def test_a_long_film_shows_every_epoch_and_the_steps_inside_it(opened, tmp_path: Path) -> None:
    history = trained(epochs=2500)
    Camera(history.network).film(history).to_html(tmp_path / "page.html")
    film = opened(tmp_path / "page.html", "?epoch=1001&steps=yes")
    film.shows_epoch(1001)
    expect(film.button("Step inside")).to_have_attribute("aria-pressed", "true")
    film.button("Step inside").click()
    film.shows(history, 1001)
    film.type(film.typed, 2499)
    film.shows(history, 2499)


def test_the_address_follows_what_is_shown_and_the_link_is_that_address(opened, pages: Path) -> None:
    film = opened(pages)
    page = film.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Training").select_option("η = 0.5")
    film.layer("forward").uncheck()
    film.type(film.typed, 12)
    film.button("Step inside").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    link = f"{pages.as_uri()}?training=2&epoch=12&show=weights,backward&steps=yes"
    assert page.evaluate("navigator.clipboard.readText()") == page.url == link
    page.reload()
    film.shows_epoch(12)
    expect(page.get_by_label("Training")).to_have_value("1")
    film.button("First epoch").click()
    page.wait_for_url(f"{pages.as_uri()}?training=2&show=weights,backward&steps=yes")


def test_inside_another_page_it_works_without_an_address_of_its_own(page: Page, film_file: Path) -> None:
    """As in JupyterLab's viewer of HTML files."""
    page.goto("about:blank")
    page.evaluate(
        "text => document.body.append(Object.assign(document.createElement('iframe'), {srcdoc: text}))",
        film_file.read_text(encoding="utf-8"),
    )
    page.evaluate("Object.assign(document.querySelector('iframe').style, {width: '1300px', height: '700px'})")
    inside = page.frame_locator("iframe")
    inside.locator('[id="network/node:H5"]').click(force=True)
    expect(inside.locator(".film-where")).to_have_text("Step 7 of 52: forward")


@pytest.mark.parametrize(
    ("query", "epoch", "said"),
    [
        ("?epoch=9999", 200, "epoch=9999 (the last epoch is 200)"),
        ("?epoch=-1", 0, "epoch=-1 (give a whole number from 0)"),
        ("?epoch=5&training=9", 5, "training=9 (give a whole number from 1 to 3)"),
        ("?epoch=5&epoch=6", 5, "epoch=6 (the first one counts)"),
        ("?epoch=5&show=walls", 5, "show=walls (choose of weights, forward, backward)"),
        (
            "?epoch=5&steps=<b>&constructor=1",
            5,
            "steps=<b> (choose yes or no); constructor=1 (this page has no such choice)",
        ),
    ],
)
def test_what_is_wrong_in_the_address_is_ignored_and_said(
    opened, pages: Path, query: str, epoch: int, said: str
) -> None:
    film = opened(pages, query)
    film.shows_epoch(epoch)
    expect(film.message).to_have_text(f"Of the page's address was ignored: {said}.")


def test_a_picture_a_film_and_a_page_are_exported_from_the_dashboard(voila: Dashboard) -> None:
    voila.type(voila.epochs, 20)
    expect(voila.message).to_contain_text("Trained 20 epochs")
    voila.type(voila.typed, 12)
    kinds = {
        "Picture as PNG": ("network_epoch12.png", "PNG"),
        "Film as GIF": ("history_seed3_eta0.1_epochs20.gif", "GIF"),
        "Page without a server, HTML": ("history_seed3_eta0.1_epochs20.html", ""),
    }
    for label, (name, image) in kinds.items():
        with voila.page.expect_download(timeout=60_000) as download:
            voila.choose("Export", label)
        assert download.value.suggested_filename == name
        expect(voila.message).to_contain_text(f"Exported {name}")
        if image:
            with Image.open(download.value.path()) as opened:
                assert opened.format == image
        else:
            assert download.value.path().read_text(encoding="utf-8").startswith("<!doctype html>")


def test_an_export_is_stopped_and_another_is_made(voila: Dashboard) -> None:
    stop = voila.button("Stop export")
    expect(stop).to_be_hidden()
    voila.choose("Export", "Film as GIF")
    stop.click()
    expect(voila.message).to_have_text("The export of history_seed3_eta0.1_epochs1000.gif was stopped.")
    expect(stop).to_be_hidden()
    with voila.page.expect_download() as download:
        voila.choose("Export", "Picture as PNG")
    assert download.value.suggested_filename == "network_epoch0.png"
    expect(stop).to_be_hidden()
