"""The film's widget without a browser: what it sends when its pictures change, and its exported files."""

import asyncio
import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import traitlets
from PIL import Image

from ann_dashboard import Dataset, History, Network, Training, lessons, train
from ann_dashboard.dashboard import downloads, exports, film_widget
from ann_dashboard.dashboard.dashboard import Dashboard
from ann_dashboard.dashboard.downloads import MOST, PIECE
from ann_dashboard.dashboard.film_widget import FilmWidget
from ann_dashboard.film import step_texts
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import Film
from ann_dashboard.lessons import Lesson
from ann_dashboard.serving.kernels import MOST_UNREAD


@pytest.fixture
def history() -> History:
    data = Dataset([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
    return train(
        Network((2, 2, 1), output="sigmoid"), data, Training(eta=3, epochs=20, loss="binary_cross_entropy")
    )


def sent(widget: FilmWidget, film: Film, history: History) -> set[str]:
    """The stills that change, and so are sent, for a film."""
    changed: set[str] = set()

    def note(change: Any) -> None:
        changed.add(change["name"])

    widget.observe(note, traitlets.All)
    widget.show(film, history, history)
    widget.unobserve(note, traitlets.All)
    return {name for name in changed if name.startswith("still_")}


def test_choosing_panels_sends_their_stills_once_and_no_other(history: History) -> None:
    camera = Camera(history.network)
    widget = FilmWidget(camera.film(history), history, history)
    assert widget.pictures == ["network", "curves"]
    assert sent(widget, camera.film(history, panels=["region"]), history) == {"still_region"}
    assert widget.pictures == ["network", "curves", "region"]
    assert sent(widget, camera.film(history, panels=["region", "confusion"]), history) == {"still_confusion"}
    assert sent(widget, camera.film(history, panels=[]), history) == set()
    assert widget.pictures == ["network", "curves"]
    assert sent(widget, camera.film(history, panels=["confusion", "region"]), history) == set()
    assert widget.pictures == ["network", "curves", "confusion", "region"]
    assert "region" in widget.get_state()["still_region"]


def test_the_frames_of_a_panel_come_with_it_and_go_with_it(history: History) -> None:
    camera = Camera(history.network)
    widget = FilmWidget(camera.film(history, panels=["region"]), history, history)
    assert "region:1" in widget.reel["part"]["channels"]["d"]
    widget.show(camera.film(history), history, history)
    assert "d" not in widget.reel["part"]["channels"]


@pytest.fixture
def widget(history: History) -> FilmWidget:
    return FilmWidget(Camera(history.network).film(history), history, history)


Messages = list[tuple[dict[str, Any], list[bytes]]]


def messages_of(widget: FilmWidget, monkeypatch: pytest.MonkeyPatch) -> Messages:
    """What a widget sends from now on."""
    messages: Messages = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: messages.append((content, buffers)))
    return messages


@pytest.fixture
def files(widget: FilmWidget, monkeypatch: pytest.MonkeyPatch) -> Messages:
    """The messages of a widget."""
    return messages_of(widget, monkeypatch)


def test_the_steps_are_described_once_a_network_and_only_while_they_are_open(history: History) -> None:
    camera = Camera(history.network)
    widget = FilmWidget(camera.film(history), history, history)
    assert (widget.steps, widget.walked) == ({}, {})
    widget.stepping = True
    changed: list[str] = []
    widget.observe(lambda change: changed.append(change["name"]), traitlets.All)
    other = train(history.network, history.data, Training(eta=1.0, epochs=20, loss="binary_cross_entropy"))
    widget.show(camera.film(other), other, other)
    assert "steps" not in changed
    assert {"reel", "walked"} <= set(changed)
    assert widget.walked["film"] == widget.reel["number"]
    penalised = train(
        history.network, history.data, Training(eta=1.0, epochs=20, loss="binary_cross_entropy", l2=0.1)
    )
    widget.show(camera.film(penalised), penalised, penalised)
    assert "steps" in changed
    widget.stepping = False
    widget.show(camera.film(other), other, other)
    assert (widget.steps, widget.walked) == ({}, {})


def stretches(widget: FilmWidget, monkeypatch: pytest.MonkeyPatch, **asked: Any) -> list[dict[str, Any]]:
    """What a widget answers to one request for numbers of the steps."""
    messages = messages_of(widget, monkeypatch)
    widget._handle_custom_msg(
        {"want": "stretch", "film": widget.reel["number"], "frame": 12, "step": 3, "described": False}
        | asked,
        [],
    )
    return [content for content, _ in messages]


def test_a_stretch_of_the_steps_is_sent_when_it_is_asked_for(
    widget: FilmWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget.stepping = True
    (answer,) = stretches(widget, monkeypatch)
    assert (answer["kind"], answer["film"], answer["stretch"]) == (
        "stretch",
        widget.reel["number"],
        widget.film.stretch(12, 3, described=False),
    )
    (again,) = stretches(widget, monkeypatch, described=True)
    assert "steps" not in again["stretch"]


@pytest.mark.parametrize(
    "asked",
    [
        {"step": -1},
        {"step": 9999},
        {"step": "3"},
        {"step": None},
        {"described": 1},
        {"frame": 21},
        {"film": 0},
    ],
    ids=str,
)
def test_what_is_no_step_gets_no_answer(
    widget: FilmWidget, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    widget.stepping = True
    assert stretches(widget, monkeypatch, **asked) == []


def test_steps_for_which_there_is_no_memory_are_refused_and_the_dashboard_stays(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_texts, "MOST_BYTES", 1e5)
    widget = FilmWidget(Camera(history.network).film(history), history, history)
    widget.stepping = True
    assert widget.walked["refusal"].startswith(
        "An epoch of this network has about 49 steps, more than the 28 that there is memory for: "
    )
    assert (widget.steps["list"], widget.walked["stretches"]) == ([], [])
    assert stretches(widget, monkeypatch) == []
    smaller = train(Network((2, 1)), history.data, Training(epochs=5))
    widget.show(Camera(smaller.network).film(smaller), smaller, smaller)
    assert (widget.walked["refusal"], len(widget.steps["list"])) == ("", 19)


def ask(widget: FilmWidget, kind: Any, *, frame: Any = 12, request: str = "r") -> None:
    widget._handle_custom_msg(
        {"want": "file", "request": request, "format": kind, "frame": frame, "film": widget.reel["number"]},
        [],
    )


def more(widget: FilmWidget, request: str = "r", *, have: int) -> None:
    widget._handle_custom_msg({"want": "more", "request": request, "have": have}, [])


def taken(widget: FilmWidget, files: Messages, request: str = "r") -> bytes:
    """A file that has been asked for, taken piece by piece as a page takes it."""
    content = b""
    while files[-1][0]["more"]:
        message, (piece,) = files[-1]
        assert message["at"] == len(content)
        content += piece
        more(widget, request, have=len(content))
    assert files[-1] == ({"kind": "file", "request": request, "more": False, "size": len(content)}, [])
    return content


NO_MORE = ({"kind": "file", "request": "r", "more": False}, [])


@pytest.mark.parametrize(
    ("kind", "name", "media_type", "begins"),
    [
        ("png", "network_epoch12.png", "image/png", b"\x89PNG"),
        ("svg", "network_epoch12.svg", "image/svg+xml", b"<?xml"),
        ("pdf", "network_epoch12.pdf", "application/pdf", b"%PDF"),
        ("gif", "history_seed3_eta3_epochs20.gif", "image/gif", b"GIF89a"),
        ("html", "history_seed3_eta3_epochs20.html", "text/html", b"<!doctype html>"),
    ],
)
def test_an_export_is_sent_as_a_file(
    widget: FilmWidget, files: list[Any], kind: str, name: str, media_type: str, begins: bytes
) -> None:
    ask(widget, kind)
    ((content, buffers),) = files
    assert content == {
        "kind": "file",
        "request": "r",
        "name": name,
        "type": media_type,
        "more": True,
        "at": 0,
    }
    assert buffers[0].startswith(begins)
    content = taken(widget, files)
    assert widget.message == f"Exported {name}, {len(content) / 1000:,.0f} kB."


def test_the_picture_has_the_layers_that_are_shown(widget: FilmWidget, files: list[Any]) -> None:
    widget.layers = ["weights"]
    ask(widget, "svg")
    (picture,) = files[-1][1]
    assert b"network/lambda_1_3" in picture
    assert b"network/dL_dH3" not in picture


def test_parquet_is_the_whole_history(widget: FilmWidget, files: list[Any], history: History) -> None:
    pytest.importorskip("pyarrow")
    ask(widget, "parquet")
    pd.testing.assert_frame_equal(
        pd.read_parquet(io.BytesIO(files[-1][1][0])), history.table, check_exact=True
    )


def test_without_pyarrow_the_message_says_what_to_do(
    widget: FilmWidget, files: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ask(widget, "parquet")
    assert (
        "Not exported: Parquet needs pyarrow, which is not installed: python -m pip install pyarrow"
        in widget.message
    )
    assert files == [NO_MORE]


def test_without_ffmpeg_the_message_says_what_to_do(
    widget: FilmWidget, files: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    ask(widget, "mp4")
    assert "Not exported: an MP4 needs ffmpeg, which is not installed: install it" in widget.message
    assert files == [NO_MORE]


@pytest.mark.parametrize("key", lessons.ALL)
def test_every_lesson_can_be_exported_as_a_page(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = Dashboard(key).film
    files = messages_of(widget, monkeypatch)
    ask(widget, "html")
    assert "Not exported" not in widget.message
    assert files[0][1][0].startswith(b"<!doctype html>")


def test_an_exported_page_opens_with_what_is_shown(widget: FilmWidget, files: list[Any]) -> None:
    widget.layers, widget.stepping = ["weights"], True
    ask(widget, "html")
    assert b'{"opens":{"epoch":12,"show":["weights"],"steps":true},' in files[0][1][0]


def said_of_a_page(lesson: Lesson, training: Training) -> str:
    history = train(lesson.network, lesson.data, training)
    shown = history.with_updates_as_epochs() if training.batch_size else history
    widget = FilmWidget(Camera(history.network).film(shown), shown, history)
    ask(widget, "html")
    return widget.message


def test_a_page_that_would_be_too_large_is_refused_with_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_BYTES", 1e6)
    said = said_of_a_page(lessons.LECTURE, Training(epochs=4000, record_every=2))
    assert said.startswith(
        "Not exported: a page of 2001 recorded epochs would have about 1 MB, more than 1: "
    )
    assert said.endswith("with Record every 4 (Settings, Training) it fits, with about 1 MB.")
    assert said_of_a_page(lessons.LECTURE, Training(epochs=4000, record_every=4)) == ""


def test_a_page_of_updates_that_would_be_too_large_names_the_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_BYTES", 1e4)
    assert said_of_a_page(lessons.XOR, Training(epochs=20, batch_size=1)).endswith(
        "step by epoch, or train fewer epochs."
    )


@pytest.mark.parametrize(("kind", "frame"), [("exe", 0), ("png", 21), ("png", -1), ("png", "0")])
def test_what_is_no_export_gets_no_file(widget: FilmWidget, files: list[Any], kind: Any, frame: Any) -> None:
    ask(widget, kind, frame=frame)
    assert files == [NO_MORE]


@pytest.mark.parametrize("kind", [None, ["png"]])
def test_what_is_no_request_gets_no_answer(widget: FilmWidget, files: list[Any], kind: Any) -> None:
    ask(widget, kind)
    assert files == []


def test_a_history_is_sent_in_pieces_each_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of it is under way than one piece: a server cuts off a page that reads slowly."""
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=5000))
    widget = FilmWidget(Camera(history.network).film(history), history, history)
    files = messages_of(widget, monkeypatch)
    ask(widget, "csv")
    assert len(files) == 1
    assert taken(widget, files).decode() == history.to_csv()
    pieces = [buffers[0] for _, buffers in files[:-1]]
    assert len(pieces) > 2
    assert max(map(len, pieces)) < 2 * PIECE


def test_several_files_are_under_way_at_once_and_the_oldest_is_left_for_one_too_many(
    widget: FilmWidget, files: list[Any]
) -> None:
    for number in range(MOST):
        ask(widget, "csv", request=f"r{number}")
    ask(widget, "predictions", request="late")
    assert "history_seed3_eta3_epochs20.csv was left for other files" in widget.message
    assert ({"kind": "file", "request": "r0", "more": False}, []) in files
    more(widget, "r0", have=PIECE)
    assert files[-1] == ({"kind": "file", "request": "r0", "more": False}, [])
    more(widget, "late", have=len(files[-2][1][0]))
    assert files[-1][0]["size"] == len(files[-3][1][0])
    assert widget.message.startswith("Exported predictions_epoch12.csv")


def test_a_long_export_leaves_the_page_alive_tells_how_far_it_is_and_is_the_only_one(
    widget: FilmWidget, files: list[Any]
) -> None:
    told: list[str] = []
    widget.observe(lambda change: told.append(change["new"]), "message")

    async def lecture() -> None:
        ask(widget, "gif")
        assert files == []
        ask(widget, "png", request="early")
        assert widget.message == "An export is under way: ask again when it is done."
        ask(widget, "csv", request="table")
        await widget._exports.task
        ask(widget, "png", request="picture")

    asyncio.run(lecture())
    assert [(content["request"], content["more"]) for content, _ in files] == [
        ("early", False),
        ("table", True),
        ("r", True),
        ("picture", True),
    ]
    assert Image.open(io.BytesIO(files[2][1][0])).n_frames == 21
    assert any("of 21 frames" in text for text in told)


def test_an_export_that_is_stopped_is_left_and_the_next_is_made(widget: FilmWidget, files: list[Any]) -> None:
    async def lecture() -> None:
        ask(widget, "gif")
        widget._handle_custom_msg({"want": "stop", "request": "r"}, [])
        await widget._exports.task
        assert widget.message == "The export of history_seed3_eta3_epochs20.gif was stopped."
        assert files == [NO_MORE]
        ask(widget, "html", request="page")
        await widget._exports.task

    asyncio.run(lecture())
    assert files[1][0]["request"] == "page"
    assert files[1][0]["more"]


def test_a_file_that_is_on_its_way_is_left(widget: FilmWidget, files: list[Any]) -> None:
    ask(widget, "csv")
    widget._handle_custom_msg({"want": "stop", "request": "r"}, [])
    assert widget.message == "The download of history_seed3_eta3_epochs20.csv was stopped."
    more(widget, have=len(files[0][1][0]))
    assert [content.get("size") for content, _ in files] == [None, None, None]
    assert [content["more"] for content, _ in files] == [True, False, False]


def long_file(monkeypatch: pytest.MonkeyPatch) -> tuple[FilmWidget, Messages]:
    """A widget whose CSV has several pieces, the first of which has been sent."""
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=5000))
    widget = FilmWidget(Camera(history.network).film(history), history, history)
    files = messages_of(widget, monkeypatch)
    ask(widget, "csv")
    return widget, files


def test_a_piece_that_was_lost_is_sent_again_and_the_file_comes_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widget, files = long_file(monkeypatch)
    first = files[0]
    ask(widget, "csv")
    assert files[-1] == first
    more(widget, have=len(first[1][0]))
    second = files[-1]
    more(widget, have=len(first[1][0]))
    assert files[-1] == second
    have = len(first[1][0])
    while files[-1][0]["more"]:
        have += len(files[-1][1][0])
        more(widget, have=have)
    end = files[-1]
    more(widget, have=have)
    assert files[-1] == end
    assert end[0]["size"] == have == len(widget.whole.to_csv())


def test_a_file_that_its_page_asks_for_no_more_is_left_with_a_word(
    widget: FilmWidget, files: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the page was loaded anew; else its line would say for ever how far the file is."""
    left = asyncio.Event()
    monkeypatch.setattr(downloads, "LEFT", 0)

    async def lecture() -> None:
        ask(widget, "csv")
        widget.observe(lambda _change: left.set(), "message")
        await left.wait()

    asyncio.run(lecture())
    assert widget.message.startswith(
        "The download of history_seed3_eta3_epochs20.csv was left at 0 MB: its page asked for no more."
    )
    assert files[-1] == NO_MORE


def test_a_file_that_has_come_whole_is_not_left(
    widget: FilmWidget, files: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "LEFT", 0)

    async def lecture() -> None:
        ask(widget, "csv")
        taken(widget, files)
        await asyncio.sleep(0)

    asyncio.run(lecture())
    assert widget.message.startswith("Exported history_seed3_eta3_epochs20.csv")


@pytest.mark.parametrize("have", [1, -1, 2**40])
def test_a_page_that_has_something_else_is_told_that_the_file_ends(
    monkeypatch: pytest.MonkeyPatch, have: int
) -> None:
    widget, files = long_file(monkeypatch)
    more(widget, have=have)
    assert files[-1] == NO_MORE


def test_a_file_that_is_asked_for_again_while_it_is_made_is_made_once(
    widget: FilmWidget, files: list[Any], history: History
) -> None:
    async def lecture() -> None:
        ask(widget, "gif")
        ask(widget, "gif")
        assert files == [({"kind": "file", "request": "r", "making": True}, [])]
        widget.show(widget.film, history, history)
        widget._handle_custom_msg(
            {"want": "file", "request": "r", "format": "gif", "frame": 12, "film": 1}, []
        )
        await widget._exports.task

    asyncio.run(lecture())
    assert [content.get("more") for content, _ in files] == [None, None, True]


def test_a_file_of_pictures_that_are_gone_is_refused_with_a_word(
    widget: FilmWidget, files: list[Any], history: History
) -> None:
    widget.show(widget.film, history, history)
    widget._handle_custom_msg({"want": "file", "request": "r", "format": "csv", "frame": 12, "film": 1}, [])
    assert widget.message == "Not exported: other pictures have come since it was asked for. Ask again."
    assert files == [NO_MORE]


class Broken(Exception):
    """What nobody has expected."""


def test_an_export_that_fails_as_nobody_expected_ends_with_a_word(
    widget: FilmWidget, files: list[Any]
) -> None:
    def failed() -> bytes:
        raise Broken("a wire is loose")

    with pytest.raises(Broken):
        widget._exports._finish("r", "film.gif", "image/gif", failed)
    assert (widget.message, files) == ("Not exported: a wire is loose.", [NO_MORE])


def test_a_table_that_fails_amid_it_ends_with_a_word(widget: FilmWidget, files: list[Any]) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"1"
        raise Broken("a wire is loose")

    widget._downloads.start("r", "a.csv", "text/csv", pieces())
    with pytest.raises(Broken):
        widget._downloads.more("r", 1)
    assert (widget.message, files[-1]) == ("a.csv could not be written to its end: a wire is loose.", NO_MORE)


def test_the_kernel_answers_a_page_that_asks_whether_it_is_there(
    widget: FilmWidget, files: list[Any]
) -> None:
    widget._handle_custom_msg({"want": "alive"}, [])
    assert files == [({"kind": "alive"}, None)]


# ---------------------------------------------------------------- what is too large for the page


def test_a_film_has_room_beside_what_else_a_server_sends_before_it_cuts_a_page_off() -> None:
    assert film_widget.MOST_BYTES <= 0.75 * MOST_UNREAD


def test_the_size_of_a_message_is_about_that_of_its_json(widget: FilmWidget) -> None:
    for content in (widget.reel, widget.still_network, {"a": ["−1", "\ud800", 3, None, True, 2.5]}):
        written = len(json.dumps(content, ensure_ascii=False).encode(errors="surrogatepass"))
        assert 0.98 * written <= film_widget.size(content) <= 1.1 * written + 10


def test_words_travel_with_the_number_of_the_film_that_they_are_about(
    widget: FilmWidget, history: History
) -> None:
    widget.message = "Trained."
    assert widget.get_state("message") == {"message": {"film": 1, "text": "Trained."}}
    widget.show(widget.film, history, history)
    assert widget.get_state("message")["message"]["film"] == 2
    assert widget.reel["number"] == 2


def test_a_page_cannot_set_the_words(widget: FilmWidget) -> None:
    widget.message = "Trained."
    widget.set_state({"message": {"film": 1, "text": "x" * 1000}})
    assert widget.message == "Trained."


def bytes_of(film: Film) -> int:
    return film_widget.size(film.stills) + film_widget.size({**film.reel(), "number": 1})


FITS = r"train at most \d+ epochs, or choose Record every \d+ \(Settings, Training\)$"


@pytest.mark.parametrize(
    ("lacking", "cure"),
    [
        (20_000, f"the network 3-2-1 with 1001 recorded epochs is too large for the page .*: {FITS}"),
        (150_000, "take a smaller network, shorter names, or fewer pictures$"),
    ],
)
def test_a_film_that_no_page_would_get_is_refused_with_the_cure_and_nothing_has_changed(
    monkeypatch: pytest.MonkeyPatch, lacking: int, cure: str
) -> None:
    small, large = (
        train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=epochs)) for epochs in (1, 1000)
    )
    camera = Camera(small.network)
    widget = FilmWidget(camera.film(small), small, small)
    before = widget.get_state()
    film = camera.film(large)
    monkeypatch.setattr(film_widget, "SPARE", 1)  # the pictures of so small a network would take it
    monkeypatch.setattr(film_widget, "MOST_BYTES", bytes_of(film) - lacking)
    with pytest.raises(film_widget.TooLarge, match=cure):
        widget.show(film, large, large)
    assert widget.get_state() == before
    assert widget.history is small


def test_what_a_refused_training_is_told_to_take_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    large = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=1000, eta=0.001))
    camera = Camera(large.network)
    monkeypatch.setattr(film_widget, "MOST_BYTES", bytes_of(camera.film(large)) - 10_000)
    with pytest.raises(film_widget.TooLarge, match=FITS) as refused:
        FilmWidget(camera.film(large), large, large)
    epochs, every = map(
        int, re.search(r"at most (\d+) epochs, or choose Record every (\d+)", str(refused.value)).groups()
    )
    for training in (
        Training(epochs=epochs, eta=0.001),
        Training(epochs=1000, eta=0.001, record_every=every),
    ):
        fits = train(large.network, large.data, training)
        assert FilmWidget(camera.film(fits), fits, fits).reel["number"] == 1


def test_a_film_that_records_not_every_epoch_is_told_to_record_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its record may have been thinned for want of memory; of fewer epochs more would be recorded."""
    thinned = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=1000, record_every=4))
    film = Camera(thinned.network).film(thinned)
    monkeypatch.setattr(film_widget, "SPARE", 1)
    monkeypatch.setattr(film_widget, "MOST_BYTES", bytes_of(film) - 1000)
    with pytest.raises(
        film_widget.TooLarge, match=r"MB, at most \d+\): choose Record every 8 \(Settings, Training\)$"
    ):
        FilmWidget(film, thinned, thinned)
