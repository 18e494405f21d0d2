"""Typed numbers in a real browser, in the locales of two lecture rooms, with fast hands."""

import re
from collections.abc import Iterator

import pytest
from conftest import alone, errors_of
from lecturer import Dashboard, ready, trained
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(params=["de-DE", "en-US"])
def typist(request: pytest.FixtureRequest, browser: Browser, voila_url: str) -> Iterator[Dashboard]:
    """The dashboard in a browser of one locale, which throws nothing and logs no error."""
    page = alone(
        browser.new_context(locale=request.param, viewport={"width": 1366, "height": 640})
    ).new_page()
    errors = errors_of(page)
    page.goto(voila_url, wait_until="commit")
    yield ready(page)
    page.context.close()
    assert errors == []


def test_a_decimal_comma_is_a_decimal_comma_in_every_locale(typist: Dashboard) -> None:
    for text, eta, shown in (
        ("0,2", 0.2, "0.2"),
        ("1.5", 1.5, "1.5"),
        (" ,25 ", 0.25, "0.25"),
        ("1e-1", 0.1, "0.1"),
    ):
        typist.eta.fill(text)
        typist.eta.press("Enter")
        expect(typist.eta).to_have_value(shown)
        expect(typist.eta).to_have_attribute("aria-valuenow", shown)
        typist.shows(trained(eta=eta), 0)


def test_what_has_two_readings_or_none_is_said_marked_and_mended(typist: Dashboard) -> None:
    typist.eta.fill("1,000")
    typist.eta.press("Tab")
    expect(typist.message).to_contain_text(
        "Not trained: η is '1,000', which could be 1000 or 1: write 1000 or 1."
    )
    expect(typist.eta).to_have_value("1,000")
    expect(typist.eta).to_have_attribute("aria-invalid", "true")
    typist.epochs.fill("1.000")
    typist.epochs.press("Enter")
    expect(typist.epochs).to_have_value("1.000")
    typist.eta.fill("0,3")
    typist.eta.press("Enter")
    expect(typist.message).to_contain_text(
        "the number of epochs is '1.000', which could be 1000 or 1: "
        "give a whole number without point and comma"
    )
    typist.epochs.fill("50")
    typist.epochs.press("Enter")
    typist.shows(trained(eta=0.3, epochs=50), 0)
    expect(typist.eta).to_have_attribute("aria-invalid", "false")


def test_fast_hands_lose_no_number(typist: Dashboard) -> None:
    keyboard = typist.page.keyboard
    typist.eta.press("Control+a")
    keyboard.type("0,3")
    for key in ("Tab", "Tab"):  # over the slider of the seed
        keyboard.press(key)
    keyboard.type("13")
    keyboard.press("Tab")
    keyboard.type("500")
    keyboard.press("Enter")
    typist.shows(trained(eta=0.3, seed=13, epochs=500), 0)
    assert [box.input_value() for box in (typist.eta, typist.seed, typist.epochs)] == ["0.3", "13", "500"]


def test_arrow_keys_step_and_count_from_what_is_typed(typist: Dashboard) -> None:
    for _ in range(3):
        typist.seed.press("ArrowUp")
    expect(typist.seed).to_have_value("6")
    typist.seed.fill("20")
    typist.seed.press("ArrowDown")
    expect(typist.seed).to_have_value("19")
    typist.eta.press("ArrowUp")
    expect(typist.eta).to_have_value("0.11")
    typist.shows(trained(seed=19, eta=0.11), 0)


def test_a_typed_epoch_that_is_no_whole_number_is_said_and_the_picture_stays(typist: Dashboard) -> None:
    typist.type(typist.typed, 12)
    typist.shows_epoch(12)
    trained_in = typist.message.inner_text()
    for text in ("1,5", "1.000", "x"):
        typist.typed.fill(text)
        typist.typed.press("Enter")
        expect(typist.message).to_have_text(f'Epoch is "{text}": give a whole number from 0 to 1000.')
        typist.shows_epoch(12)
    typist.typed.press("ArrowUp")
    typist.shows_epoch(13)
    typist.type(typist.typed, 40)
    typist.shows_epoch(40)
    expect(typist.message).to_have_text(trained_in)


@pytest.mark.usefixtures("no_errors")
def test_every_typed_number_has_a_name_and_its_label_leads_to_it(page: Page, voila: Dashboard) -> None:
    for section in ("Network", "Training"):
        voila.choose("Settings", section)
        for name in {
            "Network": ["Layer 1: nodes"],
            "Training": ["Batch", "Decay", "L1", "L2", "Dropout", "Stop below", "Patience", "Record every"],
        }[section]:
            box = voila.root.get_by_role("spinbutton", name=name, exact=True)
            voila.root.get_by_text(re.compile(f"^{name}$")).click()
            expect(box).to_be_focused()
            assert box.get_attribute("title")
    page.get_by_label("Decay", exact=True).fill("0,5")
    page.keyboard.press("Enter")
    voila.shows(trained(decay=0.5), 0)
