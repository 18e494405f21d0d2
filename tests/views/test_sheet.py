"""The texts of a sheet: names that are too long, and ticks."""

import pytest

from ann_dashboard.views import sheet


@pytest.mark.parametrize(
    ("text", "shown"), [("porosity", "porosity"), ("sandstone number 3", "sandston…r 3")]
)
def test_a_long_name_keeps_its_beginning_and_its_end(text: str, shown: str) -> None:
    assert len(sheet.shortened(text, 12)) <= 12
    assert sheet.shortened(text, 12)[:4] == shown[:4]
    assert sheet.shortened(text, 12)[-2:] == shown[-2:]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.30000000000000004, "0.3"),
        (-5600, "−5600"),
        (120000, "1.2e5"),
        (-1e-17, "0"),
        (1e-7, "1e−7"),
        (10000, "10000"),
    ],
)
def test_a_tick_is_written_shortly(value: float, text: str) -> None:
    assert sheet._tick_text(value) == text
