"""Links: a dashboard opens as its own link says, and names what a link asks for that cannot be."""

import asyncio
from dataclasses import replace

import pytest

from ann_dashboard import Dataset, Training, lessons, state
from ann_dashboard.dashboard import Dashboard


@pytest.fixture
def dashboard() -> Dashboard:
    return Dashboard()


def opened_with(query: str) -> Dashboard:
    """A dashboard whose page was opened with a query, as the page tells it."""
    dashboard = Dashboard()
    dashboard.link._handle_custom_msg({"open": query}, [])
    return dashboard


def test_the_link_follows_what_is_shown(dashboard: Dashboard) -> None:
    dashboard.eta.value = 0.25
    dashboard.film.frame = 12
    dashboard.film.layers = ["weights"]
    dashboard.sign.value = "P"
    assert dashboard.link.query == "lesson=lecture&epoch=12&show=weights&derivatives=P&eta=0.25"


@pytest.mark.parametrize(
    "query",
    [
        "lesson=lecture&epoch=12&show=weights&derivatives=P&eta=0.25",
        "lesson=higham&epoch=500&sample=3&decimals=3",
        "lesson=wells&epoch=7&frames=updates&pictures=fit",
        "lesson=lecture&network=3-4-1&hidden=tanh&output=identity&seed=8",
        "lesson=lecture&steps=yes&lock=eta,seed&hide=settings",
        "lesson=lecture&x=0.1,0.2,0.3;0.4,0.5,0.6&y=0.5;0.25",
    ],
)
def test_a_dashboard_that_opens_with_a_link_has_that_link(query: str) -> None:
    dashboard = opened_with(query)
    assert dashboard.link.query == query
    assert dashboard.state.training == state.read(query)[0].training


def test_a_link_locks_and_hides_controls(dashboard: Dashboard) -> None:
    dashboard.open_link("lesson=lecture&lock=eta&hide=settings,seed")
    assert (dashboard.eta.disabled, dashboard.eta_slider.disabled, dashboard.epochs.disabled) == (
        True,
        True,
        False,
    )
    assert (
        dashboard.section.layout.display,
        dashboard.seed.layout.display,
        dashboard.eta.layout.display,
    ) == ("none", "none", None)
    dashboard.epochs.value = 10
    assert dashboard.seed.layout.display == "none"
    assert dashboard.link.query == "lesson=lecture&lock=eta&hide=seed,settings&epochs=10"


def test_what_a_link_asks_for_in_vain_is_named() -> None:
    dashboard = opened_with("?eta=99&colour=red&epoch=5")
    assert (
        "The link asks for 'colour', which no link has; eta='99' (give a number from 0.001 to 3): left out."
        in dashboard.film.message
    )
    assert dashboard.history.training == Training()
    assert dashboard.film.frame == 5


@pytest.mark.parametrize(
    ("query", "every", "said"),
    [
        ("lesson=xor&epochs=100000", 4, "4th"),
        ("lesson=lecture&network=3-6-6-6-6-1&epochs=20000", 2, "2nd"),
        ("lesson=wells&epochs=1800", 3, "3rd"),
    ],
)
def test_a_link_whose_record_is_too_large_records_less_of_the_same_training(
    dashboard: Dashboard, query: str, every: int, said: str
) -> None:
    dashboard.open_link(f"?{query}&epoch=77&lock=eta&hide=settings&decimals=5&nonsense=1")
    asked, _ = state.read(query)
    assert dashboard.history.training == replace(asked.training, record_every=every)
    assert f" To save memory, every {said} epoch is recorded." in dashboard.film.message
    assert "record_every" not in dashboard.link.query  # whoever opens it asks for the same
    assert "'nonsense', which no link has: left out." in dashboard.film.message
    assert (dashboard.eta.disabled, dashboard.section.layout.display, dashboard.decimals.value) == (
        True,
        "none",
        5,
    )
    dashboard.seed.value = 9
    assert "lock=eta&hide=settings" in dashboard.link.query


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("lesson=higham&pictures=fit", "the picture fit"),
        ("lesson=depth&pictures=region,fit,confusion", "the picture region and the picture confusion"),
        ("lesson=xor&frames=updates", "updates"),
    ],
)
def test_what_a_training_does_not_have_is_named(query: str, said: str) -> None:
    assert (
        f"The link asks for {said}, which this training does not have: left out."
        in opened_with(f"?{query}").film.message
    )


def test_of_a_list_what_there_is_is_taken() -> None:
    dashboard = opened_with("?lock=eta,foo&show=walls")
    assert dashboard.eta.disabled
    assert dashboard.film.layers == ["weights", "forward", "backward"]
    assert "lock='eta,foo' (there is no 'foo': choose of" in dashboard.film.message


def test_a_dashboard_that_nobody_has_touched_has_a_link() -> None:
    assert Dashboard(lesson="higham").link.query == "lesson=higham"


def test_the_names_of_edited_columns_come_back(dashboard: Dashboard) -> None:
    dashboard.lesson.value = lessons.XOR.title
    dashboard.data.table.rows = [["0.5", "0", "0"], *dashboard.data.table.rows[1:]]
    assert [column.label for column in opened_with(f"?{dashboard.link.query}").history.data.predictors] == [
        "first",
        "second",
    ]
    assert dashboard.link.note == ""


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("record_every=100&epoch=149", 100),
        ("record_every=100&epoch=951", 1000),
        ("stop_below=0.001&epoch=900", 19),
    ],
)
def test_an_epoch_that_is_not_recorded_gives_the_nearest_and_is_named(query: str, shown: int) -> None:
    dashboard = opened_with(f"?{query}")
    assert dashboard.state.epoch == shown
    asked = query.rpartition("=")[2]
    assert (
        f"The link asks for epoch {asked}, which is not recorded: {shown} is shown." in dashboard.film.message
    )


@pytest.mark.parametrize("query", ["", "?", "?token=1&reset", "?utm_source=x"])
def test_a_page_that_was_opened_without_a_link_shows_the_lecture(query: str) -> None:
    dashboard = opened_with(query)
    assert dashboard.history.training == lessons.LECTURE.training
    assert "link" not in dashboard.film.message


def test_only_the_first_query_is_taken(dashboard: Dashboard) -> None:
    dashboard.link._handle_custom_msg({"open": "?eta=0.5"}, [])
    dashboard.link._handle_custom_msg({"open": "?eta=0.7"}, [])
    assert dashboard.history.training.eta == 0.5


def test_data_that_no_link_can_hold_are_told(dashboard: Dashboard) -> None:
    rows = "\n".join(f"{place / 7!r},{place % 5 / 3!r}" for place in range(100))
    content = f"depth,porosity\n{rows}\n".encode()
    dashboard.data.file._handle_custom_msg({"name": "a.csv", "size": len(content)}, [content])
    dashboard.data.use.click()
    assert dashboard.link.query == "lesson=lecture"
    assert "without your own data" in dashboard.link.note


@pytest.fixture
def slow(dashboard: Dashboard) -> Dashboard:
    """A dashboard whose data make 20 000 epochs a long training."""
    dashboard.lesson.value = lessons.XOR.title
    dashboard._take_data(
        Dataset([[place / 40, place / 40] for place in range(40)], [[place % 2] for place in range(40)])
    )
    dashboard.settings.record_every.value = 500
    dashboard.film.layers = ["weights"]
    return dashboard


def test_while_it_trains_the_link_holds_what_was_asked_for(slow: Dashboard) -> None:
    """So that a page that is loaded anew asks for it again."""
    queries = []

    async def lecture() -> None:
        slow.epochs.value = 50_000
        slow.seed.value = 8
        slow.film.layers = ["forward"]
        queries.append(slow.link.query)
        await slow._work.task

    asyncio.run(lecture())
    assert {"epochs=50000", "seed=8", "show=forward", "record_every=500"} <= set(queries[0].split("&"))
    assert slow.link.query == queries[0]
    assert slow.history.training.seed == 8


def test_a_link_that_trains_for_long_stays_the_link(slow: Dashboard) -> None:
    slow.epochs.value = 50
    wanted = f"{slow.link.query.replace('epochs=50', 'epochs=50000')}&epoch=1000&lock=eta".split("&")

    async def lecture() -> None:
        slow.open_link("&".join(wanted))
        assert set(slow.link.query.split("&")) == set(wanted)
        slow.film.frame = 1
        slow.film.layers = ["backward"]
        assert set(slow.link.query.split("&")) == set(wanted)
        slow.seed.value = 9
        assert set(slow.link.query.split("&")) == {*wanted, "seed=9"}
        await slow._work.task

    asyncio.run(lecture())
    assert slow.state.epoch == 1000


def test_what_cannot_be_trained_leaves_the_link_of_what_is_shown(dashboard: Dashboard) -> None:
    before = dashboard.link.query
    dashboard._asked = dashboard._asked._replace(training=Training(seed=9))
    dashboard._refuse(ValueError("no"))
    assert dashboard.link.query == before
