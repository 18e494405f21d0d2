"""Files as strangers have them, opened in a real browser: the message is read, what it offers is done, and
the network trains on the file.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import alone, errors_of
from lecturer import Dashboard, ready
from playwright.sync_api import Browser, Locator, expect

pytestmark = pytest.mark.browser

FILES = Path(__file__).parents[1] / "cases"


class Case(NamedTuple):
    """What stands on the page when a file was opened, what a person does then, and what is said of the data
    after *Train on it*.
    """

    said: str
    act: Callable[[Dashboard], None]
    told: str


def nothing(dashboard: Dashboard) -> None:
    """What was found out is right."""


def box(dashboard: Dashboard, label: str) -> Locator:
    return dashboard.root.get_by_label(label, exact=True)


def tick_names(dashboard: Dashboard) -> None:
    box(dashboard, "First line holds names").check()
    expect(box(dashboard, "Predictors").locator("option")).to_have_text(["2019", "2020", "2021"])


def keep_none(dashboard: Dashboard) -> None:
    dashboard.type(box(dashboard, "Missing words"), "NA, NaN")
    expect(dashboard.root.get_by_text("counts as missing")).to_have_count(0)


def choose_id_too(dashboard: Dashboard) -> None:
    box(dashboard, "Predictors").select_option(["Id", "x"])
    expect(
        dashboard.root.get_by_text("where the rows are sorted by 'Species' it gives the answer away")
    ).to_be_visible()


def type_skip(dashboard: Dashboard) -> None:
    expect(box(dashboard, "Lines to skip")).to_have_value("1")


CASES = {
    "headerless_class.csv": Case(
        "looks like a sample, not like names (numbers stand above numbers): it is taken as one.",
        nothing,
        "5 samples to train",
    ),
    "names_are_years.csv": Case("Line 1 ('2019, 2020, 2021') looks like a sample", tick_names, "2021: 3 to"),
    "title_line.csv": Case(
        "Line 1 ('Well report 2024') looks like a title: it is left out.", type_skip, "perm: 100 to"
    ),
    "semi_header_comma.csv": Case(
        "semi_header_comma.csv: 5 rows, 2 columns.", nothing, "Porositaet, %: 11.25 to 14.75"
    ),
    "tab_thousands.tsv": Case(
        "Column 'population' has a sign between thousands: '1,234' is read as 1234.",
        nothing,
        "population: 870 to",
    ),
    "none_category.csv": Case(
        "'None' in column 'alcohol' counts as missing (2 cells).", keep_none, "None → I1"
    ),
    "missing_some.csv": Case(
        "1 empty row is left out.",
        lambda dashboard: dashboard.choose("Missing values", "leave the rows out"),
        "1 of 5 rows left out: a value is missing (the first in line 6).",
    ),
    "coded_classes.csv": Case(
        "Response 'facies' holds whole numbers only (1, 2, 3)",
        lambda dashboard: dashboard.choose("Responses as", "classes"),
        "facies: 1 → output 1",
    ),
    "iris_id.csv": Case("Not chosen: column 'Id' counts the rows (1, 2, 3, …).", choose_id_too, "Id: 1 to 6"),
    "dollar_names.csv": Case("dollar_names.csv: 6 rows, 2 columns.", nothing, "Cost ($k$): 39 to 81"),
}


@pytest.fixture(scope="module")
def opened(
    browser: Browser, browser_context_args: dict[str, Any], voila_url: str
) -> Iterator[tuple[Dashboard, list[str]]]:
    """One page for all files, one after the other, as a person tries them; and its errors."""
    page = alone(browser.new_context(**browser_context_args)).new_page()
    errors = errors_of(page)
    page.goto(voila_url, wait_until="commit")
    dashboard = ready(page)
    dashboard.choose("Settings", "Data")
    yield dashboard, errors
    page.context.close()


@pytest.fixture
def room(opened: tuple[Dashboard, list[str]]) -> Iterator[Dashboard]:
    dashboard, errors = opened
    errors.clear()
    yield dashboard
    assert errors == []


def open_file(dashboard: Dashboard, name: str) -> None:
    dashboard.root.locator(".ann-file input").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": (FILES / name).read_bytes()}
    )


def train_on_it(dashboard: Dashboard) -> None:
    film = dashboard.root.locator(".film")
    before = film.get_attribute("data-film")
    dashboard.button("Train on it").click()
    expect(film).not_to_have_attribute("data-film", before, timeout=30_000)
    expect(dashboard.message).to_contain_text(re.compile(r"^Trained \d+ epoch"))


@pytest.mark.parametrize("name", CASES)
def test_a_strangers_file_is_read_and_trained_on(room: Dashboard, name: str) -> None:
    case = CASES[name]
    open_file(room, name)
    expect(room.root.get_by_text(f"{name}: ")).to_be_visible()
    expect(room.root.get_by_text(case.said).first).to_be_visible()
    case.act(room)
    train_on_it(room)
    expect(room.root.get_by_text(case.told).first).to_be_visible()
    expect(room.root.get_by_text("Not taken:")).to_have_count(0)


def test_dollar_signs_stand_in_the_pictures_as_they_are(room: Dashboard) -> None:
    open_file(room, "dollar_names.csv")
    expect(room.root.get_by_text("dollar_names.csv: ")).to_be_visible()
    train_on_it(room)
    fit = room.root.locator('[data-picture="fit"]')
    expect(fit.locator("text", has_text="Annual Income ($)")).to_have_count(1)
    expect(fit.locator("text", has_text="Cost ($k$)")).to_have_count(1)


def test_the_error_of_a_spreadsheet_is_named_with_its_line_and_the_lesson_stays(room: Dashboard) -> None:
    film = room.root.locator(".film").get_attribute("data-film")
    open_file(room, "excel_errors.csv")
    expect(room.root.get_by_text("excel_errors.csv: ")).to_be_visible()
    room.button("Train on it").click()
    told = room.root.get_by_text("Not taken:").locator("..")
    expect(told).to_contain_text(
        "column 'y' holds the error of a spreadsheet, '#DIV/0!' in line 3: "
        "write a number there, or leave the row out"
    )
    expect(room.root.locator(".film")).to_have_attribute("data-film", film)
