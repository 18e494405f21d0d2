"""Figures to take away: read by what is in the files, and by the artists."""

import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ann_dashboard import Dataset, History, Network, Training, lessons, train
from ann_dashboard.film import figures
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import Film
from ann_dashboard.views import diagram
from ann_dashboard.views.numbers import text


@pytest.fixture(scope="module")
def lecture() -> History:
    return train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=100))


@pytest.fixture(scope="module")
def camera(lecture: History) -> Camera:
    return Camera(lecture.network)


@pytest.fixture(scope="module")
def film(lecture: History, camera: Camera) -> Film:
    return camera.film(lecture)


def written(svg: bytes) -> dict[str, str]:
    """The texts of an SVG by the id of their group."""
    return dict(
        re.findall(
            r'<g id="((?:network|curves)/[^"]+|caption)">(?:\s*<g [^>]*>)?\s*<text[^>]*>([^<]*)</text>',
            svg.decode(),
        )
    )


@pytest.mark.parametrize("epoch", [0, 12, 100])
def test_a_picture_shows_the_numbers_of_its_epoch(film: Film, lecture: History, epoch: int) -> None:
    texts, row = written(figures.still(film, epoch, "svg")), lecture.at(epoch)
    for symbol in (symbol for symbols in diagram.layers(lecture.network).values() for symbol in symbols):
        assert texts[f"network/{symbol}"] == text(diagram.values(row, lecture.network, symbol), 2)
    assert texts["caption"] == f"Epoch {epoch} of 100, η = 0.1, seed 3"
    assert texts["curves/title:biases"] == "Biases b"


def test_a_picture_has_the_films_sign_and_decimals(camera: Camera, lecture: History) -> None:
    """lecture.md W1 prints ∂P/∂ŷ = 1.00 where ∂L/∂ŷ = −1.00."""
    texts = written(figures.still(camera.film(lecture, derivative_of="P", decimals=4), 0, "svg"))
    assert texts["network/dL_dO6"] == "1.0050"


def test_a_picture_has_the_films_sample_and_says_which() -> None:
    history = lessons.XOR.train()
    texts = written(figures.still(Camera(history.network).film(history, sample=2), 0, "svg"))
    assert texts["network/I1"] == text(history.at(0, 2)["I1"], 2)
    assert texts["caption"].endswith(", sample 2")


def test_a_picture_has_the_epoch_axis_of_the_film(camera: Camera, lecture: History) -> None:
    ticks = [
        written(figures.still(camera.film(lecture, epoch_axis=axis), 0, "svg"))["curves/epoch:biases:1"]
        for axis in ("log", "linear")
    ]
    assert ticks == ["1", "20"]


def test_a_picture_has_the_layers_asked_for(film: Film) -> None:
    texts = written(figures.still(film, 0, "svg", layers=["weights"]))
    assert "network/lambda_1_4" in texts
    assert "network/O6" not in texts


def test_of_layers_that_take_turns_the_first_is_drawn() -> None:
    network = Network((1, 8, 1))
    history = train(network, Dataset(x=[[0.5]], y=[[0.5]]), Training(epochs=1))
    texts = written(figures.still(Camera(network).film(history), 1, "svg", layers=["backward", "forward"]))
    assert "network/H3" in texts
    assert "network/dL_dH3" not in texts


def test_every_id_stands_once(film: Film, wells: Film) -> None:
    for filmed in (film, wells):
        ids = re.findall(r' id="([^"]+/[^"]+)"', figures.still(filmed, 0, "svg").decode())
        assert len(ids) == len(set(ids))


NAMES = ("Fit", "Predicted against true", "Map", "Train and test loss")


@pytest.fixture(scope="module")
def wells() -> Film:
    history = lessons.WELLS.train()
    return Camera(history.network).film(
        history, panels=["fit", "agreement", "field", "losses"], field=lessons.WELLS.field
    )


def test_the_panels_of_a_film_are_in_the_picture_at_its_epoch(wells: Film) -> None:
    frame = 150
    (changes,) = (scene(slice(frame, frame + 1))["text"] for scene in wells.scenes[1:2])
    picture = figures.still(wells, frame, "svg").decode()
    assert re.findall(r'<svg x="([\d.]+)" y="([\d.]+)" width="430" height="330"', picture) == [
        (f"{left}", f"{top}") for left, top in ((0, 626), (430, 626), (860, 626), (0, 982))
    ]
    assert len(changes) >= 4
    for gid in changes:
        assert (
            re.search(rf'<g id="agreement/{gid}">.*?<text[^>]*>([^<]*)</text>', picture, flags=re.DOTALL)[1]
            == changes[gid][0]
        )


def test_a_picture_with_panels_is_as_large_as_they_need(wells: Film) -> None:
    assert Image.open(io.BytesIO(figures.still(wells, 0, "png"))).size == (2660, 2 * (600 + 356 + 356 + 30))
    assert len(re.findall(rb"/Type /Page\b", figures.still(wells, 0, "pdf"))) == 5


def test_a_panel_has_its_name_above_it_and_the_picture_that_of_its_example(wells: Film) -> None:
    picture = figures.still(wells, 0, "svg").decode()
    places = [
        (float(x), float(y)) for x, y in re.findall(r'<svg x="([\d.]+)" y="([\d.]+)" width="430"', picture)
    ]
    names = [
        (title, *(re.search(rf' x="([\d.]+)" y="([\d.]+)"[^>]*>{title}</text>', picture).groups()))
        for title in NAMES
    ]
    for (left, top), (_title, x, y) in zip(places, names, strict=True):
        assert (left, top - figures.NAME) < (float(x), float(y)) < (left + 430, top)
    assert f">{lessons.WELLS.title}</text>" in picture


def test_a_page_of_a_pdf_has_room_for_its_panels_name(wells: Film) -> None:
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", figures.still(wells, 0, "pdf"))
    assert [tuple(map(float, box)) for box in boxes] == [(1330, 630), *[(860, 660 + 2 * figures.NAME)] * 4]


def test_every_frame_of_a_gif_has_its_own_colours() -> None:
    """In the middle the cells of the matrix have colours that they do not have at the start."""
    history = lessons.XOR.train()
    film = Camera(history.network).film(history, panels=["confusion"])
    image = Image.open(io.BytesIO(figures.movie(film, "gif", frames=3)))
    image.seek(1)
    middle = figures.still(film, figures.movie_frames(1001, 3, "log")[1], "png")
    still = Image.open(io.BytesIO(middle)).convert("RGB").resize(image.size, Image.Resampling.BOX)
    shown, own = (
        np.asarray(picture.convert("RGB"))[-360:-40, :430].astype(int) for picture in (image, still)
    )
    coloured = (np.ptp(own, axis=2) > 8) & (own.min(axis=2) > 120)
    assert coloured.mean() > 0.1
    assert np.quantile(np.abs(shown - own)[coloured].max(axis=1), 0.9) < 6


def test_a_png_has_a_projectors_resolution(film: Film) -> None:
    image = Image.open(io.BytesIO(figures.still(film, 12, "png")))
    assert image.format == "PNG"
    assert image.size == (2660, 1260)


def test_a_pdf_is_one(film: Film) -> None:
    assert figures.still(film, 12, "pdf").startswith(b"%PDF")


def test_a_file_is_the_same_each_time(film: Film) -> None:
    assert figures.still(film, 12, "svg") == figures.still(film, 12, "svg")


def test_a_gif_runs_from_the_first_epoch_to_the_last(film: Film) -> None:
    told: list[tuple[int, int]] = []
    image = Image.open(
        io.BytesIO(
            figures.movie(film, "gif", frames=5, progress=lambda done, count: told.append((done, count)))
        )
    )
    assert (image.format, image.n_frames) == ("GIF", 5)
    assert told == [(done, 5) for done in range(1, 6)]
    pictures = []
    for place in (0, 4):
        image.seek(place)
        pictures.append(np.asarray(image.convert("RGB")).astype(int))
    bars = [(picture[-3] < 100).all(axis=1).mean() for picture in pictures]
    assert bars == pytest.approx([0.2, 1.0], abs=0.01)
    assert (np.abs(pictures[0] - pictures[1])[:600].max(axis=2) > 60).sum() > 1000


def test_a_frame_of_a_movie_is_the_picture_of_its_epoch(film: Film) -> None:
    """The last frame against stills of its own and of another epoch, apart from the smaller size."""
    image = Image.open(io.BytesIO(figures.movie(film, "gif", frames=3)))
    image.seek(2)
    shown = np.asarray(image.convert("RGB")).astype(int)

    def apart(epoch: int) -> float:
        still = (
            Image.open(io.BytesIO(figures.still(film, epoch, "png")))
            .convert("RGB")
            .resize(image.size, Image.Resampling.BOX)
        )
        return float((np.abs(np.asarray(still).astype(int) - shown)[:-10].max(axis=2) > 128).mean())

    assert apart(100) < 0.5 * apart(12)
    assert apart(100) < 0.01


def test_a_movie_that_is_stopped_has_the_frames_until_then(film: Film) -> None:
    image = Image.open(
        io.BytesIO(figures.movie(film, "gif", frames=9, progress=lambda done, _count: done == 3))
    )
    assert image.n_frames == 3


def test_an_mp4_is_one_that_a_browser_plays(film: Film, tmp_path) -> None:
    if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
        pytest.skip("no ffmpeg on PATH: install ffmpeg to test MP4")
    (tmp_path / "film.mp4").write_bytes(figures.movie(film, "mp4", frames=4))
    entries = "stream=codec_name,pix_fmt,width,height,nb_read_frames"
    command = [
        "ffprobe",
        "-v",
        "error",
        "-count_frames",
        "-show_entries",
        entries,
        "-of",
        "csv=p=0",
        str(tmp_path / "film.mp4"),
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()
    assert told == "h264,1330,630,yuv420p,4"


def test_an_mp4_without_ffmpeg_says_what_to_do(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        FileNotFoundError, match=r"needs ffmpeg, which is not installed: install it .* or take a GIF"
    ):
        figures.movie(film, "mp4")


@pytest.mark.parametrize(
    ("count", "wanted", "axis"),
    [(1001, 60, "log"), (1001, 60, "linear"), (100_001, 60, "log"), (30, 60, "log"), (6, 9, "linear")],
)
def test_the_frames_of_a_movie_are_as_many_as_asked_for_from_first_to_last(
    count: int, wanted: int, axis: str
) -> None:
    frames = figures.movie_frames(count, wanted, axis)
    assert (frames[0], frames[-1]) == (0, count - 1)
    assert sorted(set(frames)) == list(frames)
    assert min(wanted, count) <= len(frames) <= 1.1 * wanted


def test_on_a_logarithmic_axis_the_frames_are_close_at_the_start() -> None:
    assert figures.movie_frames(1001, 60, "log")[:5] == (0, 1, 2, 3, 4)


@pytest.mark.parametrize("make", [figures.still, figures.movie])
def test_another_kind_is_refused(make, film: Film) -> None:
    with pytest.raises(ValueError, match=r"kind is 'bmp': choose one of"):
        make(film, *([0] if make is figures.still else []), "bmp")


def test_a_frame_that_does_not_exist_is_refused(film: Film) -> None:
    with pytest.raises(LookupError, match="frame 101 does not exist"):
        figures.still(film, 101, "png")


def test_nothing_of_matplotlibs_settings_is_changed(film: Film) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    figures.still(film, 0, "svg")
    figures.movie(film, "gif", frames=2)
    assert dict(mpl.rcParams) == before


ENDINGS = {
    'exec "{ffmpeg}" "${{@:1:$#-1}}" -y -f mp4 /dev/full': "No space left on device",
    "kill -XFSZ $$": "File size limit exceeded",
    "exit 3": "exit code 3",
}
"""How ffmpeg may fail, as a script in its place: on a full disk, beyond a limit, without a word."""


@pytest.mark.parametrize(("script", "reason"), ENDINGS.items(), ids=ENDINGS.values())
def test_an_mp4_that_cannot_be_written_says_why_and_what_to_do(
    film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    """ffmpeg 5 calls half a file on a full disk a success."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None or not Path("/dev/full").exists():
        pytest.skip("no ffmpeg on PATH, or no /dev/full")
    (tmp_path / "ffmpeg").write_text(f"#!/bin/bash\n{script.format(ffmpeg=ffmpeg)}\n")
    (tmp_path / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    said = rf"could not write the MP4 in {tempfile.gettempdir()} \(.*{reason}.*\): "
    said += r"free some space there, name a folder .* in TMPDIR .*, or take a GIF"
    with pytest.raises(RuntimeError, match=said):
        figures.movie(film, "mp4", frames=2)


def test_an_mp4_without_a_temporary_folder_says_why_and_what_to_do(
    film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("no ffmpeg on PATH: install ffmpeg to test MP4")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    said = r"needs a temporary folder, and none can be made \(No such file or directory\): "
    said += r"free some space .* or take a GIF"
    with pytest.raises(OSError, match=said):
        figures.movie(film, "mp4", frames=2)
