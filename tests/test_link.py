"""Links: a dashboard opens as its own link says, and names what a link asks for that cannot be."""

import pytest

from ann_dashboard import Training, lessons, state
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
    assert (dashboard.eta.disabled, dashboard.eta_slider.disabled, dashboard.epochs.disabled) == (True, True, False)
    assert (dashboard.section.layout.display, dashboard.seed.layout.display, dashboard.eta.layout.display) == ("none", "none", None)
    dashboard.epochs.value = 10
    assert dashboard.seed.layout.display == "none"
    assert dashboard.link.query == "lesson=lecture&lock=eta&hide=seed,settings&epochs=10"


def test_what_a_link_asks_for_in_vain_is_named() -> None:
    dashboard = opened_with("?eta=99&colour=red&epoch=5")
    assert "The link asks for 'colour', which no link has; eta='99' (give a number from 0.001 to 3): left out." in dashboard.film.message
    assert dashboard.history.training == Training()
    assert dashboard.film.frame == 5


def test_a_link_to_a_training_that_is_refused_changes_nothing(dashboard: Dashboard) -> None:
    dashboard.film.frame = 12
    before = dashboard.state
    dashboard.open_link("?lesson=wells&epochs=100000&epoch=77&lock=eta&decimals=5&nonsense=1")
    assert dashboard.film.message.startswith("Not trained: ")
    assert dashboard.state == before
    dashboard.eta.value = 0.2
    assert (dashboard.film.frame, dashboard.eta.disabled) == (12, False)
    assert dashboard.link.query == "lesson=lecture&epoch=12&eta=0.2"
    assert "The link" not in dashboard.film.message


@pytest.mark.parametrize(
    ("query", "shown"),
    [("record_every=100&epoch=149", 100), ("record_every=100&epoch=951", 1000), ("stop_below=0.001&epoch=900", 19)],
)
def test_an_epoch_that_is_not_recorded_gives_the_nearest_and_is_named(query: str, shown: int) -> None:
    dashboard = opened_with(f"?{query}")
    assert dashboard.state.epoch == shown
    asked = query.rpartition("=")[2]
    assert f"The link asks for epoch {asked}, which is not recorded: {shown} is shown." in dashboard.film.message


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
