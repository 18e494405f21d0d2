"""The editors without a browser: what a hand sets is what is trained, and what is wrong is said beside it and
changes nothing.
"""

import asyncio
import html
import math
import re
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from ann_dashboard import Dataset, Network, Training, lessons
from ann_dashboard.analysis.prediction_table import predicted
from ann_dashboard.dashboard import Dashboard
from ann_dashboard.dashboard.dashboard import MOST_RECORD
from ann_dashboard.dashboard.network_editor import MOST_NODES
from ann_dashboard.engine.optimisers import OPTIMISERS
from ann_dashboard.views.numbers import text
from ann_dashboard.words import ordinal

FIELD = b"depth;porosity\n1000;0,11\n1010;0,14\n1020;0,12\n1030;0,19\n1040;0,17\n1050;0,22\n"
ROCKS = b"gamma,facies\n20,sand\n90,shale\n25,sand\n80,shale\n30,sand\n"


@pytest.fixture
def dashboard() -> Dashboard:
    return Dashboard()


def upload(dashboard: Dashboard, content: bytes, name: str = "field.csv") -> None:
    """What the page sends when a file was chosen."""
    dashboard.data.file._handle_custom_msg({"name": name, "size": len(content)}, [content])


def test_the_editors_show_the_lectures_settings(dashboard: Dashboard) -> None:
    assert dashboard.network.network(3, 1) == Network((3, 2, 1), hidden=("sigmoid",))
    assert dashboard.settings.training() == Training()


def test_layers_nodes_and_activations_make_another_network(dashboard: Dashboard) -> None:
    dashboard.network.layers.value = 2
    dashboard.network.widths[1].value = 4
    dashboard.network.activations[1].value = "tanh"
    dashboard.network.output.value = "sigmoid"
    assert dashboard.history.network == Network((3, 2, 4, 1), hidden=("sigmoid", "tanh"), output="sigmoid")
    assert dashboard.lesson.value == "own settings"


@pytest.mark.parametrize("width", [0, -3, MOST_NODES + 1])
def test_a_layer_that_no_picture_can_hold_is_named(dashboard: Dashboard, width: int) -> None:
    before = dashboard.history
    dashboard.network.widths[0].value = width
    assert f"hidden layer 1 has {width} nodes: give 1 to {MOST_NODES}" in dashboard.film.message
    assert dashboard.history is before


@pytest.mark.parametrize(
    ("control", "value", "field", "trained"),
    [
        ("initialiser", "glorot", "initialiser", "glorot"),
        ("loss", "mean_squared_error", "loss", "mean_squared_error"),
        ("batch_size", 1, "batch_size", 1),
        ("sampling", "shuffled", "sampling", "shuffled"),
        ("train_biases", False, "train_biases", False),
        *(("optimiser", entry.label, "optimiser", entry()) for entry in OPTIMISERS.values() if fields(entry)),
        ("decay", 0.1, "decay", 0.1),
        ("l1", 0.01, "l1", 0.01),
        ("l2", 0.02, "l2", 0.02),
        ("dropout", 0.5, "dropout", 0.5),
        ("stop_below", "0,05", "stop_below", 0.05),
        ("patience", 5, "patience", 5),
        ("record_every", 10, "record_every", 10),
    ],
)
def test_a_setting_of_the_training_trains_with_it(
    dashboard: Dashboard, control: str, value: object, field: str, trained: object
) -> None:
    getattr(dashboard.settings, control).value = value
    assert getattr(dashboard.history.training, field) == trained
    assert getattr(dashboard.settings.training(), field) == trained


@pytest.mark.parametrize(
    ("control", "value", "said"),
    [
        ("decay", -1.0, "Decay (Settings, Training) is -1.0: give a finite number of at least 0"),
        ("dropout", 1.0, "Dropout (Settings, Training) is 1.0: give a number from 0 to below 1"),
        ("batch_size", -2, "Batch (Settings, Training) is -2: give a whole number of 1 or more"),
        (
            "stop_below",
            "small",
            "Stop below (Settings, Training) is 'small': give a number such as 0.15, or nothing",
        ),
        ("loss", "cross_entropy", "the loss cross_entropy needs the output activation softmax"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_nothing_is_lost(
    dashboard: Dashboard, control: str, value: object, said: str
) -> None:
    before = dashboard.history
    getattr(dashboard.settings, control).value = value
    assert said in dashboard.film.message
    assert dashboard.history is before


def test_a_start_value_is_given_in_the_table_and_drawn_again(dashboard: Dashboard) -> None:
    rows = [list(row) for row in dashboard.start.table.rows]
    rows[0] = ["0,25"]
    dashboard.start.table.rows = rows
    assert dashboard.history.at(0)["lambda_1_4"] == 0.25
    assert dict(dashboard.history.training.start or {}) == {"lambda_1_4": 0.25}
    dashboard.seed.value = 13
    assert dashboard.history.at(0)["lambda_1_4"] == 0.25
    dashboard.start.drawn.click()
    assert dashboard.history.training == Training(seed=13)


def test_a_start_value_that_is_no_number_is_named(dashboard: Dashboard) -> None:
    before = dashboard.history
    dashboard.start.table.rows = [["x"], *dashboard.start.table.rows[1:]]
    assert "the start of λ1,4 is &#x27;x&#x27;: give a number" in dashboard.start.message.value
    assert dashboard.history is before


def test_a_table_that_a_client_sends_in_another_shape_is_not_taken(dashboard: Dashboard) -> None:
    before = dashboard.start.table.rows
    dashboard.start.table.set_state({"rows": [["1", "2"]]})
    assert dashboard.start.table.rows == before


def test_a_number_of_the_data_is_edited_by_hand(dashboard: Dashboard) -> None:
    dashboard.data.table.rows = [["0.5", "0.2", "0.7", "0.4"]]
    assert dashboard.history.data.y.tolist() == [[0.4]]
    assert dashboard.history.data.x.tolist() == [[0.5, 0.2, 0.7]]


def test_a_number_that_is_edited_changes_the_data_alone() -> None:
    dashboard = Dashboard(lesson="higham")
    before = dashboard.history
    rows = [list(row) for row in dashboard.data.table.rows]
    rows[0][0] = "0.15"
    dashboard.data.table.rows = rows
    assert dashboard.history.data.x[0, 0] == 0.15
    assert (dashboard.history.network, dashboard.history.training) == (before.network, before.training)


def test_a_row_that_is_left_out_leaves_the_digits_of_the_others() -> None:
    dashboard = Dashboard(lesson="depth")
    before = dashboard.history.data
    dashboard.data.table.rows = dashboard.data.table.rows[1:]
    after = dashboard.history.data
    assert (after.x.tolist(), after.y.tolist()) == (before.x[1:].tolist(), before.y[1:].tolist())


def test_a_row_that_is_added_is_another_sample(dashboard: Dashboard) -> None:
    dashboard.data.table.rows = [*dashboard.data.table.rows, ["0.1", "0.9", "0.3", "0.6"]]
    assert len(dashboard.history.data) == 2
    dashboard.sample.value = 1
    assert dashboard.film.film.sample == 1
    dashboard.sample.value = 2
    assert "Sample 2 does not exist: give 0 to 1." in dashboard.film.message
    assert dashboard.sample.value == 1


def test_a_file_is_read_its_columns_are_chosen_and_trained_on(dashboard: Dashboard) -> None:
    upload(dashboard, FIELD)
    assert dashboard.data.predictors.value == ("depth",)
    assert dashboard.data.responses.value == ("porosity",)
    dashboard.data.use.click()
    assert dashboard.data.message.value == ""
    history = dashboard.history
    assert history.network.widths == (1, 2, 1)
    assert (len(history.data), len(history.test)) == (5, 1)
    np.testing.assert_allclose(np.sort(history.data.x_original(), axis=0)[[0, -1]], [[1000], [1050]], atol=20)
    assert "depth" in dashboard.data.description.value


def test_the_choice_of_columns_is_cleared_before_a_file_with_fewer_is_offered(dashboard: Dashboard) -> None:
    """The page stops with an error at a chosen column that is not there any more."""
    upload(dashboard, b"a,b,c,d\n1,2,3,4\n")
    predictors, chosen = dashboard.data.predictors, []
    predictors.observe(lambda _: chosen.append(predictors.index), "_options_labels")
    upload(dashboard, FIELD)
    assert chosen == [()]
    assert predictors.value == ("depth",)


def test_classes_of_a_file_are_learnt_with_softmax_and_cross_entropy(dashboard: Dashboard) -> None:
    upload(dashboard, ROCKS)
    dashboard.data.test_fraction.value = 0
    dashboard.data.use.click()
    assert (dashboard.history.network.widths, dashboard.history.network.output) == ((1, 2, 2), "softmax")
    assert dashboard.history.training.loss == "cross_entropy"
    assert dashboard.history.data.classes == ("sand", "shale")


@pytest.mark.parametrize("lesson", ["lecture", "higham", "xor"])
def test_responses_that_are_one_hot_are_classes_with_all_that_follows(lesson: str) -> None:
    """XOR, each class an output of its own."""
    dashboard = Dashboard(lesson=lesson)
    upload(dashboard, b"x1,x2,y1,y2\n0,0,0,1\n0,1,1,0\n1,0,1,0\n1,1,0,1\n")
    dashboard.data.predictors.value, dashboard.data.responses.value = ("x1", "x2"), ("y1", "y2")
    dashboard.data.test_fraction.value = 0
    dashboard.data.use.click()
    assert dashboard.data.message.value == ""
    history = dashboard.history
    if lesson == "lecture":
        assert (history.network.output, history.training.loss) == ("softmax", "cross_entropy")
    assert dashboard.film.pictures == ["network", "curves", "region", "confusion"]
    assert re.search(r"[0-4] of 4 samples have the right class", dashboard.film.message)
    assert dashboard.pictures.threshold.layout.display == "none"
    assert list(predicted(history, 0)["predicted class"].isin(["y1", "y2"])) == [True] * 4


@pytest.mark.parametrize("lesson", ["lecture", "wells"])
def test_a_response_of_0_and_1_is_learnt_as_a_probability_and_that_is_said(lesson: str) -> None:
    """The predictors are scaled to [-1, 1] as before."""
    dashboard = Dashboard(lesson=lesson)
    upload(dashboard, b"hours,passed\n1,0\n2,0\n3,1\n4,0\n5,1\n6,1\n")
    assert dashboard.data.response_scale.value == "0 to 1"
    dashboard.data.test_fraction.value = 0
    dashboard.data.use.click()
    history = dashboard.history
    assert (history.network.output, history.training.loss) == ("sigmoid", "binary_cross_entropy")
    assert (history.data.x.min(), history.data.x.max(), sorted(set(history.data.y.ravel()))) == (
        -1,
        1,
        [0, 1],
    )
    assert (
        "Output sigmoid and loss binary cross entropy were chosen for these data." in dashboard.film.message
    )
    assert "samples have the right class at the threshold 0.5" in dashboard.film.message
    dashboard.settings.loss.value = "half_squared_error"
    dashboard.network.output.value = "tanh"
    dashboard.data.test_fraction.value = 0.2
    dashboard.data.use.click()
    assert dashboard.history.network.output == "tanh"
    upload(dashboard, FIELD)
    assert dashboard.data.response_scale.value == "like predictors"


@pytest.mark.parametrize("name", ["seed", "scale", "table", "test_fraction"])
def test_a_wrong_number_in_a_column_is_named_as_the_column_is(dashboard: Dashboard, name: str) -> None:
    upload(dashboard, f"{name},b\n1,2\n2,3\n3,4\n".encode())
    dashboard.data.use.click()
    rows = [list(row) for row in dashboard.data.table.rows]
    dashboard.data.table.rows = [["abc", *rows[0][1:]], *rows[1:]]
    assert f"Not taken:</b> {name} of sample 0 is &#x27;abc&#x27;" in dashboard.data.message.value


def test_a_wrong_test_part_is_named_as_its_control_is(dashboard: Dashboard) -> None:
    upload(dashboard, ROCKS)
    dashboard.data.test_fraction.value = 2
    dashboard.data.use.click()
    assert "Test part is 2: give a part of the samples" in dashboard.data.message.value


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "field.csv was not read:"),
        (b"depth,porosity\n", "field.csv was not read:"),
        ("depth,porosität\n1,2\n2,3\n".encode("latin-1"), "UTF-8"),
        (b"depth,porosity\n1,0.1,7\n2,0.2\n", "field.csv was not read:"),
    ],
    ids=["empty", "header only", "latin-1", "ragged"],
)
def test_a_bad_file_is_named_and_the_lesson_stays(dashboard: Dashboard, content: bytes, said: str) -> None:
    before = dashboard.history
    upload(dashboard, content)
    assert said in dashboard.data.message.value
    assert "What was there stays." in dashboard.data.message.value
    assert dashboard.history is before


def test_a_file_that_is_too_large_is_told_by_its_size_alone(dashboard: Dashboard) -> None:
    dashboard.data.file._handle_custom_msg({"name": "big.csv", "size": 52_400_000}, [])
    assert "big.csv was not read:</b> it has 52.4 MB, the most is 5 MB" in dashboard.data.message.value


def test_the_name_of_a_file_is_text_and_no_markup(dashboard: Dashboard) -> None:
    upload(dashboard, b"", "<img src=x onerror=alert(1)>.csv")
    assert "<img" not in dashboard.data.message.value


def test_columns_that_cannot_be_trained_on_are_named(dashboard: Dashboard) -> None:
    before = dashboard.history
    upload(dashboard, b"a,b\n1,5\n2,5\n3,5\n4,5\n")
    dashboard.data.use.click()
    assert "Not taken:" in dashboard.data.message.value
    assert dashboard.history is before


def test_after_data_of_ones_own_an_example_is_one_choice_away(dashboard: Dashboard) -> None:
    upload(dashboard, ROCKS)
    dashboard.data.use.click()
    dashboard.lesson.value = lessons.LECTURE.title
    assert dashboard.history.training == lessons.LECTURE.training
    assert dashboard.history.data is lessons.LECTURE.data


def samples(count: int) -> Dataset:
    draw = np.random.default_rng(1)
    return Dataset(x=draw.uniform(-1, 1, (count, 3)), y=draw.uniform(-1, 1, (count, 1)))


@pytest.fixture
def long(dashboard: Dashboard) -> Dashboard:
    """A dashboard whose data make 20 000 epochs a long training."""
    dashboard._take_data(samples(200))
    dashboard.settings.record_every.value = 500
    return dashboard


def test_a_long_training_runs_beside_the_page_and_tells_how_far_it_is(long: Dashboard) -> None:
    told: list[str] = []
    long.film.observe(lambda change: told.append(change["new"]), "message")

    async def lecture() -> None:
        long.epochs.value = 20_000
        assert long.history.training.epochs == 1000
        await long._work.task

    asyncio.run(lecture())
    assert long.history.training.epochs == 20_000
    assert [message for message in told if " of 20000 epochs" in message]
    assert long.working.layout.display == "none"


def test_a_training_that_waits_for_the_engine_says_so(long: Dashboard) -> None:
    long._tell(0, 20_000, math.nan)
    assert "0 of 20000 epochs; the engine is made ready, some seconds the first time." in long.film.message


def test_stop_keeps_what_is_there(long: Dashboard) -> None:
    async def lecture() -> None:
        long.epochs.value = 100_000
        long.stop.click()
        await long._work.task

    asyncio.run(lecture())
    reached = int(long.history.epochs[-1])
    assert 0 < reached < 100_000
    assert f"stopped by hand at epoch {reached}" in long.film.message


def test_a_newer_request_ends_an_older_one(long: Dashboard) -> None:
    async def lecture() -> None:
        long.epochs.value = 20_000
        older = long._work.task
        long.epochs.value = 19_999
        await asyncio.gather(older, long._work.task)

    asyncio.run(lecture())
    assert long.history.training.epochs == 19_999


@pytest.fixture
def logistic() -> Dashboard:
    return Dashboard(lesson="logistic")


def taken_for_class_1(dashboard: Dashboard) -> int:
    """How many samples the confusion matrix has in the column of class 1 at the last epoch."""
    film = dashboard.film.film
    texts = film.part(len(film.epochs) - 1)["channels"]["text"]
    return sum(int(texts[f"count_train_{truth}_1"]) for truth in (0, 1))


def test_a_picture_is_shown_and_taken_away(logistic: Dashboard) -> None:
    assert logistic.film.pictures == ["network", "curves", "fit", "confusion"]
    logistic.pictures.boxes["fit"].value = False
    assert logistic.film.pictures == ["network", "curves", "confusion"]
    logistic.pictures.boxes["losses"].value = True
    assert logistic.film.pictures == ["network", "curves", "confusion", "losses"]


def test_a_higher_threshold_moves_samples_to_class_0(logistic: Dashboard) -> None:
    """Data science notes: a higher threshold gives more precision, a lower one more recall."""
    predicted = logistic.history.predictions()[-1].ravel()
    for threshold in (0.5, 0.9):
        logistic.pictures.threshold.value = threshold
        assert taken_for_class_1(logistic) == (predicted >= threshold).sum() > 0


@pytest.mark.parametrize("value", [float("nan"), 7.0, -1.0])
def test_a_threshold_that_a_client_sends_is_held_to_the_range(logistic: Dashboard, value: float) -> None:
    logistic.pictures.threshold.set_state({"min": -9.0, "max": 9.0, "value": value})
    assert logistic.pictures.probability == 0.5


def test_only_the_pictures_that_make_sense_are_offered(logistic: Dashboard) -> None:
    shown = [name for name, box in logistic.pictures.boxes.items() if box.layout.display != "none"]
    assert shown == ["fit", "confusion", "losses"]
    assert logistic.pictures.threshold.layout.display is None
    logistic.lesson.value = lessons.LECTURE.title
    assert logistic.pictures.threshold.layout.display == "none"


def test_the_slider_steps_by_update_where_there_are_several_an_epoch() -> None:
    dashboard = Dashboard(lesson="wells")
    dashboard.frames.value = "update"
    film, history = dashboard.film.film, dashboard.history
    assert film.counts == "update"
    assert len(film.epochs) == len(history.recorded_states[0])
    assert film.part(31)["channels"]["text"]["lambda_1_2"].split("|")[0] == text(
        history.at(1, 0, update=2)["lambda_1_2"], 2
    )
    dashboard.lesson.value = lessons.LECTURE.title
    assert dashboard.film.film.counts == "epoch"
    assert dashboard.frames.layout.display == "none"


def test_the_moment_stays_when_the_slider_steps_by_update_and_by_epoch_again() -> None:
    dashboard = Dashboard(lesson="wells")
    updates = dashboard.history.update_count(0)
    dashboard.film.frame = 7
    dashboard.frames.value = "update"
    assert dashboard.film.film.epochs[dashboard.film.frame] == 7 * updates
    dashboard.film.frame += 3
    dashboard.decimals.value = 4
    assert dashboard.film.frame == 7 * updates + 3
    dashboard.settings.batch_size.value *= 2
    assert dashboard.film.frame == 7 * dashboard.history.update_count(0)
    dashboard.frames.value = "epoch"
    assert dashboard.film.frame == 7


def test_without_all_its_updates_a_training_is_stepped_by_epoch_and_its_link_says_so() -> None:
    dashboard = Dashboard(lesson="wells")
    dashboard.frames.value = "update"
    dashboard.film.frame = 8 * dashboard.history.update_count(0)
    dashboard.settings.record_every.value = 2
    assert (dashboard.film.film.counts, dashboard.state.epoch) == ("epoch", 8)
    assert "frames" not in dashboard.link.query


def test_a_link_brings_the_threshold_back() -> None:
    dashboard, other = Dashboard(lesson="logistic"), Dashboard()
    dashboard.pictures.threshold.value = 0.9
    assert "threshold=0.9" in dashboard.link.query
    other.open_link(dashboard.link.query)
    assert other.pictures.threshold.value == 0.9
    other.lesson.value = lessons.PERCEPTRON.title
    assert other.pictures.threshold.value == 0.5


@pytest.mark.parametrize("key", lessons.ALL)
def test_a_dashboard_opens_with_any_lesson(key: str) -> None:
    dashboard = Dashboard(lesson=key)
    assert dashboard.lesson.value == lessons.ALL[key].title
    assert dashboard.history.data is lessons.ALL[key].data


def test_a_lesson_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="lesson is 'gauss': choose one of lecture, ebook"):
        Dashboard(lesson="gauss")


@pytest.mark.parametrize(
    "lesson",
    [lesson for lesson in lessons.ALL.values() if lesson.training.epochs <= 3000],
    ids=lambda lesson: lesson.key,
)
def test_every_lesson_is_one_choice_away(lesson: lessons.Lesson) -> None:
    dashboard = Dashboard()
    dashboard.lesson.value = lesson.title
    assert (dashboard.history.network, dashboard.history.data, dashboard.history.training) == (
        lesson.network,
        lesson.data,
        lesson.training,
    )
    assert dashboard.lesson.value == lesson.title
    assert lesson.teaches in dashboard.film.message


def table(rows: int) -> bytes:
    """A file of so many samples."""
    return "".join(["a,b\n", *(f"{row},{row % 7}\n" for row in range(rows))]).encode()


def by_a_control(dashboard: Dashboard) -> None:
    dashboard.settings.batch_size.value = 0
    dashboard.epochs.value = 2000


def by_a_link(dashboard: Dashboard) -> None:
    dashboard.open_link("lesson=wells&epochs=2000&batch_size=none")


def by_an_upload(dashboard: Dashboard) -> None:
    dashboard.data.test_fraction.value = 0
    upload(dashboard, table(900))
    dashboard.data.use.click()


def by_start_values(dashboard: Dashboard) -> None:
    by_a_control(dashboard)
    dashboard.start.table.rows = [["0.5"], *dashboard.start.table.rows[1:]]


@pytest.mark.parametrize("way", [by_a_control, by_a_link, by_an_upload, by_start_values])
def test_every_way_to_a_record_that_is_too_large_thins_it_no_more_than_it_must_and_says_so(
    way: Callable[[Dashboard], None],
) -> None:
    dashboard = Dashboard(lesson="wells")
    way(dashboard)
    network, data, training = dashboard.history.network, dashboard.history.data, dashboard.history.training
    every = training.record_every
    assert every > 1
    assert (
        training.record_bytes(network, len(data))
        <= MOST_RECORD
        < replace(training, record_every=every - 1).record_bytes(network, len(data))
    )
    assert f" To save memory, every {ordinal(every)} epoch is recorded." in dashboard.film.message
    assert dashboard.settings.record_every.value == every
    dashboard.epochs.value = 20
    assert dashboard.history.training.record_every == 1
    assert "To save memory" not in dashboard.film.message


def test_the_record_that_was_asked_for_is_kept_where_it_fits_and_comes_back() -> None:
    dashboard = Dashboard(lesson="wells")
    dashboard.settings.record_every.value = 3
    assert dashboard.history.training.record_every == 3
    assert "To save memory" not in dashboard.film.message
    dashboard.epochs.value = 3000
    every = dashboard.history.training.record_every
    assert every > 3
    dashboard.settings.record_every.value = 50
    assert dashboard.history.training.record_every == 50
    assert "To save memory" not in dashboard.film.message
    dashboard.settings.record_every.value = 3
    assert dashboard.history.training.record_every == every
    dashboard.epochs.value = 300
    assert dashboard.history.training.record_every == 3


TOO_LARGE = (
    r"the record of this training takes [\d,]+ MB, more than 40 MB: give fewer samples or a smaller network"
)
"""1-30-30-1 with 1200 samples, of the first and the last epoch alone."""


def test_a_network_that_does_not_fit_even_when_thinned_is_refused() -> None:
    dashboard = Dashboard(lesson="parabola")
    dashboard.epochs.value, dashboard.data.test_fraction.value = 1, 0
    upload(dashboard, table(1200))
    dashboard.data.use.click()
    dashboard.network.layers.value = 2
    dashboard.network.widths[0].value = 30
    before = dashboard.history
    dashboard.network.widths[1].value = 30
    assert re.search(f"^Not trained: {TOO_LARGE}", dashboard.film.message)
    assert dashboard.history is before


def test_data_that_do_not_fit_even_when_thinned_are_refused_where_they_were_opened() -> None:
    dashboard = Dashboard(lesson="parabola")
    dashboard.open_link("lesson=parabola&network=1-30-30-1&epochs=1")
    before, dashboard.data.test_fraction.value = dashboard.history, 0
    upload(dashboard, table(1200))
    dashboard.data.use.click()
    assert re.search(f"Not taken:</b> {TOO_LARGE}. What was there stays.", dashboard.data.message.value)
    assert dashboard.history is before


def test_what_is_changed_while_a_lesson_trains_is_changed_of_that_lesson(long: Dashboard) -> None:
    async def lecture() -> None:
        long.epochs.value = 20_000
        long.eta.value = 0.05
        assert (long.epochs.value, long.history.training.epochs) == (20_000, 1000)
        await long._work.task

    asyncio.run(lecture())
    assert (long.history.training.eta, long.history.training.epochs) == (0.05, 20_000)


def test_going_back_to_what_is_there_ends_the_training_that_is_under_way(long: Dashboard) -> None:
    there = long.history

    async def lecture() -> None:
        long.epochs.value = 20_000
        long.epochs.value = 1000
        await long._work.task

    asyncio.run(lecture())
    assert long.history is there
    assert "Trained 1000 epochs" in long.film.message
    assert long.working.layout.display == "none"


def test_a_wrong_setting_is_named_beside_a_training_that_goes_on(long: Dashboard) -> None:
    told: list[str] = []
    long.film.observe(lambda change: told.append(change["new"]), "message")

    async def lecture() -> None:
        long.epochs.value = 20_000
        long.settings.dropout.value = 5.0
        await long._work.task

    asyncio.run(lecture())
    assert long.history.training.epochs == 20_000
    assert [
        message for message in told if message.startswith("Not trained: Dropout (Settings, Training) is 5.0")
    ]


def test_data_of_another_range_get_an_output_that_reaches_them() -> None:
    dashboard = Dashboard(lesson="logistic")
    content = b"a,b\n1,5\n2,7\n3,9\n4,6\n"
    dashboard.data.scale.value = "as given"
    dashboard.data.test_fraction.value = 0
    upload(dashboard, content)
    dashboard.data.use.click()
    assert dashboard.data.message.value == ""
    assert (dashboard.history.network.output, dashboard.history.training.loss) == (
        "identity",
        "half_squared_error",
    )


def test_the_epoch_stays_when_fewer_epochs_are_recorded(dashboard: Dashboard) -> None:
    dashboard.film.frame = 200
    dashboard.settings.record_every.value = 10
    assert (dashboard.film.frame, dashboard.state.epoch) == (20, 200)


def test_a_training_that_was_stopped_by_a_rule_is_not_told_to_learn_on(dashboard: Dashboard) -> None:
    dashboard.settings.stop_below.value = "0.1"
    assert "the loss" in dashboard.film.message
    assert "still learning" not in dashboard.film.message


def test_a_layer_that_is_added_does_not_remember_another_lesson() -> None:
    dashboard = Dashboard(lesson="depth")
    dashboard.lesson.value = lessons.LECTURE.title
    dashboard.network.layers.value = 2
    assert dashboard.history.network == Network((3, 2, 2, 1), hidden="sigmoid")


def test_start_values_stay_with_their_nodes() -> None:
    dashboard = Dashboard(lesson="mazur")
    dashboard.network.activations[0].value = "tanh"
    assert dashboard.history.at(0)["b_5"] == 0.6
    dashboard.network.widths[0].value = 3
    assert dashboard.history.training.start is None


def test_another_example_shows_its_first_sample() -> None:
    dashboard = Dashboard(lesson="wells")
    dashboard.sample.value = 100
    dashboard.eta.value = 0.2
    assert dashboard.film.film.sample == 100
    dashboard.lesson.value = lessons.PERCEPTRON.title
    assert (dashboard.sample.value, dashboard.film.film.sample) == (0, 0)


@pytest.mark.parametrize("typed", ["1_000", "inf", "nan", ""])
def test_what_is_no_number_in_a_table_is_named(dashboard: Dashboard, typed: str) -> None:
    dashboard.data.table.rows = [["0.5", "0.2", "0.7", typed]]
    assert "y1 of sample 0 is" in dashboard.data.message.value


def plain(markup: str) -> str:
    """What a person reads."""
    return html.unescape(re.sub(r"</?b>|<br>", "", markup))


def test_several_lines_that_look_like_titles_are_told_in_the_plural(dashboard: Dashboard) -> None:
    upload(dashboard, b"Report\nWell 7\nx,y\n1,2\n2,4\n4,5\n")
    told = "look like titles: they are left out. Set Lines to skip to 0 if the names stand there."
    assert told in plain(dashboard.data.notes.value)
    assert dashboard.data.skip.value == 2


def test_each_thing_that_is_said_of_a_file_begins_a_line(dashboard: Dashboard) -> None:
    rows = "".join(f"{n};2020-01-{n + 10};{n * 1.5};{'NA' if n == 3 else n * n}\n" for n in range(1, 9))
    upload(dashboard, f"# logger\nId;Date;x;y\n;;m;%\n{rows}".encode())
    notes, said = dashboard.data.notes.value.split("<br> "), dashboard.data.advice.value.split("<br> ")
    assert [note.split()[0] for note in notes] == ["Line", "Line", "&#x27;NA&#x27;", "Take"]
    assert [" ".join(sentence.split()[:4]) for sentence in said] == [
        "Not chosen: column &#x27;Id&#x27;",
        "Not chosen: column &#x27;Date&#x27;",
    ]


GAPPY = b"len,kind,mass\n1.5,a,10\n,b,20\n3.5,,30\n4.5,b,\n5.5,b,50\n6,b,70\n"


@pytest.mark.parametrize(
    ("choice", "samples", "said"),
    [
        ("leave the rows out", 3, "3 of 6 rows left out: a value is missing (the first in line 3)."),
        ("fill in the mean", 5, "1 of 6 rows left out: a response is missing (the first in line 5)."),
    ],
)
def test_rows_with_gaps_are_left_out_or_filled_and_counted(
    dashboard: Dashboard, choice: str, samples: int, said: str
) -> None:
    upload(dashboard, GAPPY)
    dashboard.data.test_fraction.value = 0
    dashboard.data.use.click()
    told = (
        "Not taken: column 'len' has 1 missing value, in line 3: "
        "fill in each of them, or choose in Missing values"
    )
    assert told in plain(dashboard.data.message.value)
    dashboard.data.missing_rows.value = choice
    dashboard.data.use.click()
    assert dashboard.data.message.value == ""
    assert len(dashboard.history.data) == samples
    assert said in plain(dashboard.data.description.value)


def test_what_a_gap_was_filled_with_is_said(dashboard: Dashboard) -> None:
    upload(dashboard, GAPPY)
    dashboard.data.test_fraction.value = 0
    dashboard.data.missing_rows.value = "fill in the mean"
    dashboard.data.use.click()
    said = plain(dashboard.data.description.value)
    assert "Column 'len': 1 missing value filled with 4.125, the mean of the training part." in said
    assert (
        "Column 'kind': 1 missing value filled with 'b', the most frequent category of the training part."
        in said
    )


CODED = b"por,perm,facies\n5.8,777,3\n5.5,741,3\n9.1,300,1\n9.4,310,1\n7.2,500,2\n7.4,520,2\n"


def test_a_response_of_few_whole_numbers_is_offered_as_classes_and_trained_as_such(
    dashboard: Dashboard,
) -> None:
    upload(dashboard, CODED)
    assert (
        "holds whole numbers only (1, 2, 3): if they are classes, choose classes in Responses as."
        in plain(dashboard.data.advice.value)
    )
    dashboard.data.response_kind.value = "classes"
    assert dashboard.data.advice.value == ""
    dashboard.data.test_fraction.value = 0
    dashboard.data.use.click()
    assert dashboard.history.data.classes == ("1", "2", "3")
    assert (dashboard.history.network.output, dashboard.history.training.loss) == ("softmax", "cross_entropy")
    upload(dashboard, FIELD)
    assert dashboard.data.response_kind.value == "numbers"


def test_a_predictor_that_names_the_rows_is_told_where_it_is_chosen(dashboard: Dashboard) -> None:
    upload(dashboard, b"Id,x,Species\n1,5.1,a\n2,4.9,a\n3,5.3,b\n4,6.1,b\n")
    assert dashboard.data.predictors.value == ("x",)
    assert "Not chosen: column 'Id' counts the rows (1, 2, 3, …)." in plain(dashboard.data.advice.value)
    dashboard.data.predictors.value = ("Id", "x")
    assert "Not chosen" not in dashboard.data.advice.value
    assert "where the rows are sorted by 'Species' it gives the answer away" in plain(
        dashboard.data.advice.value
    )


def test_numbers_with_two_readings_are_refused_with_both_until_the_sign_is_chosen(
    dashboard: Dashboard,
) -> None:
    upload(dashboard, b"a\tb\n1\t1,234\n3\t2,345\n7\t3,456\n")
    told = (
        "line 2 is '1,234', which could be 1234 or 1.234): choose it in Decimal sign, "
        "or write them without a sign between thousands."
    )
    assert told in plain(dashboard.data.advice.value)
    before = dashboard.history
    dashboard.data.use.click()
    assert told[:-1] in plain(dashboard.data.message.value)
    assert dashboard.history is before
    dashboard.data.decimal.value = "comma"
    dashboard.data.test_fraction.value = 0
    dashboard.data.use.click()
    assert dashboard.history.data.y_original().ravel() == pytest.approx([1.234, 2.345, 3.456])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("x", "'x': give a whole number such as 1"),
        ("-1", "-1: give a whole number of 0 or more"),
        ("1.5", "'1.5': give a whole number such as 1"),
        ("1,000", "'1,000', which could be 1000 or 1: give a whole number without point and comma"),
        ("", "'': give a whole number such as 1"),
    ],
)
def test_lines_to_skip_that_are_no_whole_number_are_named_and_the_columns_stay(
    dashboard: Dashboard, typed: str, told: str
) -> None:
    upload(dashboard, FIELD)
    dashboard.data.skip.value = typed
    assert f"field.csv was not read: Lines to skip is {told}." in plain(dashboard.data.message.value)
    dashboard.data.use.click()
    assert dashboard.history.data.predictors[0].name == "depth"


def test_a_file_that_cannot_be_read_so_keeps_the_controls_that_say_how_to_read_it(
    dashboard: Dashboard,
) -> None:
    upload(
        dashboard,
        b"Report, of, the, year\nsee also, page 3\ndepth,porosity\n1000,0.11\n1010,0.14\n1020,0.19\n",
        "report.csv",
    )
    dashboard.data.skip.value = "2"
    assert dashboard.data.message.value == ""
    assert "report.csv: 3 rows, 2 columns." in dashboard.data.found.value


def test_how_a_file_is_read_is_found_out_anew_for_each_file(dashboard: Dashboard) -> None:
    upload(dashboard, b"5.1,a\n4.9,a\n7.0,b\n")
    assert dashboard.data.header.value is False
    dashboard.data.missing.value = "?"
    upload(dashboard, FIELD)
    assert dashboard.data.header.value is True
    assert dashboard.data.missing.value.startswith("NA, ")


def test_a_name_of_a_column_is_text_and_no_markup_wherever_it_is_told(dashboard: Dashboard) -> None:
    upload(dashboard, b"<img src=x>,<b>y</b>\n1,2\n2,3\n3,5\n4,9\n")
    dashboard.data.use.click()
    told = [
        getattr(dashboard.data, name).value for name in ("notes", "advice", "message", "description", "found")
    ]
    assert "&lt;img src=x&gt;" in dashboard.data.advice.value
    assert not re.search("<img|<b>y", " ".join(told))
