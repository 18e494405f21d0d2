"""Typed numbers without a browser: what a hand types is read as it was meant, or refused with its name, the
text and the cure.
"""

from typing import Any

import pytest

from ann_dashboard.dashboard import Dashboard
from ann_dashboard.dashboard.number_box import NumberBox, OptionalBox, WholeBox


@pytest.fixture
def dashboard() -> Dashboard:
    return Dashboard()


@pytest.fixture
def eta() -> NumberBox:
    return NumberBox("", "Learning rate", 84, value=0.1, thing="η")


@pytest.fixture
def epochs() -> WholeBox:
    return WholeBox("Train epochs", "Number of epochs", 210, value=1000)


def enter(box: NumberBox, text: str) -> None:
    """What the page sends when a hand leaves a box."""
    box.set_state({"text": text})


@pytest.mark.parametrize(
    ("text", "number", "written"),
    [
        ("0,2", 0.2, "0.2"),
        (" 0.20 ", 0.2, "0.2"),
        ("2", 2.0, "2"),
        (",5", 0.5, "0.5"),
        ("1e-3", 0.001, "0.001"),
        ("−0,5", -0.5, "-0.5"),
        ("1.234,5", 1234.5, "1234.5"),
        ("1e-8", 1e-8, "1e-08"),
    ],
)
def test_a_number_is_read_as_it_was_meant_and_written_back(
    eta: NumberBox, text: str, number: float, written: str
) -> None:
    enter(eta, text)
    assert (eta.value, eta.text, eta.wrong) == (number, written, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,,2", "η is '0,,2': give a number such as 0.15"),
        ("1,000", "η is '1,000', which could be 1000 or 1: write 1000 or 1"),
        ("", "η is '': give a number such as 0.15"),
        ("nan", "η is 'nan': give a number such as 0.15"),
        ("1e999", "η is '1e999': give a number such as 0.15"),
        ("1" + "0" * 60, "η is '100000000000...000000000000…': give a number such as 0.15"),
    ],
)
def test_a_text_that_is_no_number_leaves_the_number_and_stays_to_be_mended(
    eta: NumberBox, text: str, said: str
) -> None:
    enter(eta, text)
    assert eta.value == 0.1
    assert eta.text[:40] == text[:40]
    with pytest.raises(ValueError, match="η is") as refused:
        eta.number()
    assert str(refused.value) == said
    enter(eta, "0,3")
    assert eta.number() == 0.3


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("1e2", 100), ("3.0", 3), ("2,0", 2), ("1 000", 1000), ("1,234,567", 1234567), ("-4", -4)],
)
def test_a_whole_number_is_read_in_each_way_that_has_one_meaning(
    epochs: WholeBox, text: str, number: int
) -> None:
    enter(epochs, text)
    assert (epochs.value, epochs.text) == (number, str(number))
    assert isinstance(epochs.value, int)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.5", "Train epochs is '1.5': give a whole number such as 1000"),
        ("1,5", "Train epochs is '1,5': give a whole number such as 1000"),
        (
            "1.000",
            "Train epochs is '1.000', which could be 1000 or 1: give a whole number without point and comma",
        ),
        (
            "1,000",
            "Train epochs is '1,000', which could be 1000 or 1: give a whole number without point and comma",
        ),
        (
            "1.234",
            "Train epochs is '1.234', which could be 1234 or 1.234: "
            "give a whole number without point and comma",
        ),
        ("ten", "Train epochs is 'ten': give a whole number such as 1000"),
        ("", "Train epochs is '': give a whole number such as 1000"),
        ("9007199254740993", "Train epochs is '9007199254740993': give a whole number such as 1000"),
        ("1e400", "Train epochs is '1e400': give a whole number such as 1000"),
    ],
)
def test_what_is_no_whole_number_is_refused(epochs: WholeBox, text: str, said: str) -> None:
    enter(epochs, text)
    assert (epochs.value, epochs.wrong) == (1000, said)


def test_a_box_that_may_be_empty_has_no_number_then() -> None:
    box = OptionalBox("Stop below", "End", 170, value=None)
    assert (box.text, box.number()) == ("", None)
    enter(box, "0,05")
    assert (box.text, box.number()) == ("0.05", 0.05)
    enter(box, "small")
    assert box.wrong == "Stop below is 'small': give a number such as 0.15, or nothing"
    enter(box, "  ")
    assert (box.text, box.number()) == ("", None)


@pytest.mark.parametrize(
    ("start", "steps", "after"),
    [(0.1, [1], 0.11), (0.1, [1, 2, 3], 0.13), (0.3, [-1], 0.29), (0.01, [-1, -2], -0.01)],
)
def test_an_arrow_key_adds_a_step_without_rounding(
    eta: NumberBox, start: float, steps: list[int], after: float
) -> None:
    eta.value = start
    for count in steps:
        eta.set_state({"steps": count})
    assert eta.value == after


def test_arrow_keys_that_come_together_and_behind_a_text_count_from_it(epochs: WholeBox) -> None:
    epochs.set_state({"text": "20", "steps": 3})
    assert epochs.value == 23


def test_no_count_of_arrow_keys_and_no_text_of_a_client_is_too_much(epochs: WholeBox) -> None:
    epochs.set_state({"steps": 10**300})
    assert epochs.value == 2000
    epochs.set_state({"text": "7" * 10**6})
    assert len(epochs.text) < 50


def test_each_entry_is_told_once(eta: NumberBox) -> None:
    told: list[Any] = []
    eta.observe(lambda change: told.append(change["new"]), "entry")
    for text in ("0,2", "0.2", "x", "x", "0,2"):
        enter(eta, text)
    assert told == [(0.2, ""), (0.2, "η is 'x': give a number such as 0.15"), (0.2, "")]


def test_a_number_that_is_set_takes_the_place_of_a_text_that_is_none(eta: NumberBox) -> None:
    enter(eta, "x")
    eta.value = eta.value
    assert (eta.text, eta.wrong) == ("0.1", "")


BOXES = {
    "eta": "η",
    "seed": "Seed S",
    "epochs": "the number of epochs",
    "settings.batch_size": "Batch (Settings, Training)",
    "settings.decay": "Decay (Settings, Training)",
    "settings.l1": "L1 (Settings, Training)",
    "settings.l2": "L2 (Settings, Training)",
    "settings.dropout": "Dropout (Settings, Training)",
    "settings.stop_below": "Stop below (Settings, Training)",
    "settings.patience": "Patience (Settings, Training)",
    "settings.record_every": "Record every (Settings, Training)",
    "network.widths.0": "Layer 1: nodes (Settings, Network)",
}


def box_of(dashboard: Dashboard, path: str) -> NumberBox:
    found: Any = dashboard
    for name in path.split("."):
        found = found[int(name)] if name.isdigit() else getattr(found, name)
    return found


@pytest.mark.parametrize(("path", "thing"), BOXES.items())
def test_every_typed_number_that_is_none_is_said_and_nothing_is_trained(
    dashboard: Dashboard, path: str, thing: str
) -> None:
    before, box = dashboard.history, box_of(dashboard, path)
    number = box.value
    enter(box, "0,,2")
    assert dashboard.film.message.startswith(f"Not trained: {thing} is '0,,2': give a ")
    assert "The pictures still show η = 0.1, S = 3, 1000 epochs." in dashboard.film.message
    enter(dashboard.seed if path != "seed" else dashboard.epochs, "7")
    assert dashboard.history is before
    assert f"{thing} is '0,,2'" in dashboard.film.message
    enter(box, box._written(number))
    assert dashboard.history is not before
    assert "Trained" in dashboard.film.message


@pytest.mark.parametrize(
    "optimiser", [("Momentum", "a"), ("Adam", "beta1"), ("Adam", "beta2"), ("Adam", "epsilon")]
)
def test_a_number_of_an_optimiser_is_read_where_it_is_in_use(
    dashboard: Dashboard, optimiser: tuple[str, str]
) -> None:
    name, field = optimiser
    box = dashboard.settings.settings_of[name][field]
    enter(box, "x")
    assert dashboard.history.training.optimiser == "gradient_descent"
    dashboard.settings.optimiser.value = name
    assert f"{box.description} (Settings, Training) is 'x': give a number" in dashboard.film.message
    enter(box, "0,5")
    assert getattr(dashboard.history.training.optimiser, field) == 0.5


def test_a_mended_text_takes_its_message_away_without_a_training(dashboard: Dashboard) -> None:
    before = dashboard.history
    enter(dashboard.eta, "0,,1")
    enter(dashboard.eta, "0,1")
    assert dashboard.history is before
    assert dashboard.film.message.startswith("Trained 1000 epochs")


def test_an_example_takes_the_place_of_a_text_that_is_no_number(dashboard: Dashboard) -> None:
    enter(dashboard.eta, "x")
    dashboard.lesson.value = dashboard.lesson.options[1]
    assert (dashboard.eta.text, dashboard.eta.wrong) == (str(dashboard.history.training.eta), "")


def test_a_sample_that_is_no_whole_number_is_said() -> None:
    dashboard = Dashboard(lesson="xor")
    enter(dashboard.sample, "1,5")
    assert dashboard.film.message == "Sample is '1,5': give a whole number such as 1."
    assert dashboard.film.film.sample == 0
    enter(dashboard.sample, "2")
    assert dashboard.film.film.sample == 2
    assert dashboard.film.message.startswith("Trained")


def test_a_threshold_is_typed_or_slid_and_one_that_cannot_be_is_said() -> None:
    dashboard = Dashboard(lesson="logistic")
    pictures = dashboard.pictures
    enter(pictures.typed_threshold, "0,735")
    assert (pictures.probability, pictures.threshold.value) == (0.735, 0.735)
    pictures.threshold.value = 0.74  # the page's slider snaps to its steps
    assert pictures.probability == 0.735
    assert "threshold=0.735" in dashboard.link.query
    for text, said in (
        ("0,,7", "Threshold is '0,,7': give a number such as 0.15."),
        ("7", "Threshold is 7: give a number from 0.01 to 0.99."),
    ):
        enter(pictures.typed_threshold, text)
        assert dashboard.film.message == said
        assert pictures.probability == 0.735
    pictures.threshold.value = 0.3
    assert (pictures.probability, pictures.typed_threshold.text) == (0.3, "0.3")
    assert dashboard.film.message.startswith("Trained")


@pytest.mark.parametrize(
    ("box", "text", "said"),
    [
        ("test_fraction", "0,,2", "Test part is &#x27;0,,2&#x27;: give a number such as 0.15."),
        ("seed", "1.5", "Split seed is &#x27;1.5&#x27;: give a whole number such as 3."),
    ],
)
def test_a_number_of_a_file_s_split_is_said_where_it_was_typed(
    dashboard: Dashboard, box: str, text: str, said: str
) -> None:
    before = dashboard.history
    content = b"a,b\n1,5\n2,7\n3,9\n4,6\n"
    dashboard.data.file._handle_custom_msg({"name": "a.csv", "size": len(content)}, [content])
    enter(getattr(dashboard.data, box), text)
    assert said in dashboard.data.message.value
    dashboard.data.use.click()
    assert said.removesuffix(".") in dashboard.data.message.value
    assert dashboard.history is before
    enter(getattr(dashboard.data, box), "0")
    assert dashboard.data.message.value == ""


@pytest.mark.parametrize(("typed", "value"), [("0,25", 0.25), ("−1", -1.0), ("1.234,5", 1234.5)])
def test_a_number_of_a_table_is_read_as_it_was_meant(dashboard: Dashboard, typed: str, value: float) -> None:
    dashboard.data.table.set_state({"rows": [["0.5", "0.2", "0.7", typed]]})
    assert dashboard.history.data.y.tolist() == [[value]]


def test_a_number_of_a_table_with_two_readings_is_refused_with_both(dashboard: Dashboard) -> None:
    before = dashboard.history
    dashboard.data.table.set_state({"rows": [["0.5", "0.2", "0.7", "1,000"]]})
    assert (
        "y1 of sample 0 is &#x27;1,000&#x27;, which could be 1000 or 1: write 1000 or 1"
        in dashboard.data.message.value
    )
    dashboard.start.table.set_state({"rows": [["1,000"], *dashboard.start.table.rows[1:]]})
    assert (
        "the start of λ1,4 is &#x27;1,000&#x27;, which could be 1000 or 1: write 1000 or 1"
        in dashboard.start.message.value
    )
    assert dashboard.history is before
