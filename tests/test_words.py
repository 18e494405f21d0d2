"""Numbers in words."""

import pytest

from ann_dashboard.words import counted, ordinal


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *(
            (0, "0th"),
            (1, "1st"),
            (2, "2nd"),
            (3, "3rd"),
            (4, "4th"),
            (10, "10th"),
            (11, "11th"),
            (12, "12th"),
            (13, "13th"),
            (14, "14th"),
        ),
        *(
            (20, "20th"),
            (21, "21st"),
            (22, "22nd"),
            (23, "23rd"),
            (100, "100th"),
            (101, "101st"),
            (111, "111th"),
            (112, "112th"),
            (1013, "1013th"),
        ),
        *((1021, "1021st"), (100_002, "100002nd")),
    ],
)
def test_an_ordinal_ends_as_it_is_spoken(number: int, text: str) -> None:
    assert ordinal(number) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 epochs"), (1, "1 epoch"), (2, "2 epochs"), (1000, "1000 epochs")]
)
def test_one_thing_is_no_plural(number: int, text: str) -> None:
    assert counted(number, "epoch") == text
