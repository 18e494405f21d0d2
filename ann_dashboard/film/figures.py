"""Figures to take away: stills as PNG, SVG or PDF, and movies as GIF or MP4.

They show what a film shows, with its sign, decimals, sample and epoch axis: the network at an epoch beside
its curves, and the panels. Network and curves are drawn once and take each frame's texts, widths and dashes
from the film; the panels below them are drawn at every frame. Everything is returned as the bytes of a file.
"""

import io
import itertools
import math
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from ann_dashboard import checks
from ann_dashboard.film import page
from ann_dashboard.film.film import Film, svg
from ann_dashboard.views import curves, diagram, palette

STILLS, MOVIES = ("png", "svg", "pdf"), ("gif", "mp4")
STILL_DPI, MOVIE_DPI = 144, 72
"""A still of 1330 × 630 points has twice as many pixels, more than a projector shows; a movie has as many."""
FRAMES, FRAMES_A_SECOND = 60, 10
STRIP, BAR = 30.0, 6.0
"""Height of the strip below the pictures, which tells the epoch, and of the progress bar in it, in points."""
MARGIN, FONT = 14.0, 13.0
NAME = 26.0
"""Height of the room above a panel for its name, in points."""
NAMED: dict[str, Any] = {
    "size": FONT,
    "weight": "bold",
    "color": palette.INK,
    "va": "center",
    "parse_math": False,
}
SMALLER = 0.5
"""Size of a panel below the network, of the size that it is drawn at."""
COLOURS = 255
"""Of a GIF, which may have 256; all its frames have the same."""
NO_ROOM = (
    "free some space there, name a folder on another disk in TMPDIR before you start the dashboard, "
    "or take a GIF"
)
NO_FFMPEG = (
    "an MP4 needs ffmpeg, which is not installed: install it (apt install ffmpeg, conda install ffmpeg, "
    "brew install ffmpeg) or take a GIF"
)

Progress = Callable[[int, int], object]
"""Told how many frames are done, and of how many; a true answer ends the movie with those that are there, as
in a training.
"""


def still(film: Film, frame: int, kind: str, *, layers: Sequence[str] = diagram.LAYERS) -> bytes:
    """A frame of a film as a file of one ``kind`` of ``STILLS``.

    The network beside its curves, and the panels; a PDF has a page for each panel. ``layers``: of the
    network's picture; of those that take turns the first is shown.

    Raises ValueError for another kind or layer, LookupError for a frame that does not exist.
    """
    checks.choice("kind", kind, STILLS)
    checks.instance("film", film, Film)
    checks.whole("frame", frame, least=0, most=math.inf)
    shown = _Picture(film, layers, below=kind != "pdf")
    shown.show(frame)
    written = io.BytesIO()
    match kind:
        case "png":
            shown.image(STILL_DPI).save(written, format="PNG", dpi=(STILL_DPI, STILL_DPI))
        case "svg":
            written.write(shown.svg().encode())
        case "pdf":
            from matplotlib.backends.backend_pdf import PdfPages  # loads fontTools, which takes 0.2 s

            with (
                mpl.rc_context({"pdf.fonttype": 42}),
                PdfPages(written, metadata={"CreationDate": None}) as pages,
            ):
                pages.savefig(shown.figure)
                for name, panel in zip(shown.names, shown.panels, strict=True):
                    pages.savefig(panel, bbox_inches=_named(panel, name))
    return written.getvalue()


def movie(
    film: Film,
    kind: str,
    *,
    layers: Sequence[str] = diagram.LAYERS,
    frames: int = FRAMES,
    progress: Progress | None = None,
) -> bytes:
    """A film as a file of one ``kind`` of ``MOVIES``.

    About so many ``frames``, as far apart as they are on the curves' epoch axis. ``progress``: is called with
    how many frames are done, and of how many; the movie ends early where it returns something true. None of
    matplotlib's settings is changed, so that it may run in a thread beside a page.

    Raises ValueError for another kind or layer, FileNotFoundError for an MP4 without ffmpeg, OSError where it
    has no folder to write to, RuntimeError where ffmpeg fails, with its message.
    """
    check_possible(kind)
    checks.instance("film", film, Film)
    chosen = movie_frames(len(film.epochs), checks.whole("frames", frames, least=2), film.epoch_axis)
    picture = _Picture(film, layers)
    colours = _colours(picture, [chosen[0], chosen[len(chosen) // 2], chosen[-1]]) if kind == "gif" else None
    images = _images(picture, chosen, progress)
    return _mp4(images) if colours is None else _gif(images, colours)


def check_possible(kind: str) -> None:
    """Raise where a kind of movie cannot be made.

    ValueError for an unknown kind, FileNotFoundError with the cure for one that cannot be made on this
    computer.
    """
    if checks.choice("kind", kind, MOVIES) == "mp4" and shutil.which("ffmpeg") is None:
        raise FileNotFoundError(NO_FFMPEG)


def movie_frames(count: int, wanted: int, epoch_axis: str) -> tuple[int, ...]:
    """The frames of a movie, about ``wanted`` of ``count``, from the first to the last.

    They are as far apart as they are on the epoch axis.
    """
    wanted, steps = min(wanted, count), wanted
    if epoch_axis == "linear":
        return tuple(np.linspace(0, count - 1, wanted).round().astype(int).tolist())
    chosen = np.zeros(0, dtype=int)
    while len(chosen) < wanted:  # of many steps along a logarithmic axis the first fall on the same frame
        chosen = np.unique((np.geomspace(1, count, steps) - 1).round().astype(int))
        steps += 1 + steps // 20
    return tuple(chosen.tolist())


class _Picture:
    """The network beside its curves, drawn once, and the panels; `show` brings it to a frame.

    The gids are those of the film's stills: "network/O6". ``below``: whether there is room for the panels,
    rows of them below the network; else they are figures of their own.
    """

    def __init__(self, film: Film, layers: Sequence[str], *, below: bool = True) -> None:
        self._film = replace(film, scenes=())  # the panels are drawn anew
        history, first = film.history, int(film.epochs[0])
        self.panels = [draw(first) for draw in film.beside.values()]
        sheet = diagram.layout(history.network, film.decimals).arrangement.sheet
        width = sheet.width + curves.SIZE[0]
        self.names = [film.titles[name][0] for name in film.beside]
        self._places, foot = _places(self.panels, width, sheet.height) if below else ([], sheet.height)
        heights = (sheet.height, foot - sheet.height, STRIP)
        self.figure = Figure(figsize=(width / 72, sum(heights) / 72), dpi=MOVIE_DPI, facecolor=palette.PAPER)
        pictures, _, strip = self.figure.subfigures(
            3, 1, squeeze=False, height_ratios=[max(part, 1e-9) for part in heights], hspace=0
        )[:, 0]
        beside, right = pictures.subfigures(1, 2, width_ratios=(sheet.width, curves.SIZE[0]), wspace=0)
        top = right.subfigures(
            2, 1, height_ratios=(curves.SIZE[1], sheet.height - curves.SIZE[1] + 1e-9), hspace=0
        )[0]
        ax = beside.add_axes((0, 0, 1, 1))
        diagram.draw_network(
            ax, history, first, layers=layers, derivative_of=film.derivative_of, decimals=film.decimals
        )
        panels = curves.lay_out(top, history.network)
        curves.draw_curves(panels, history, first, epoch_axis=film.epoch_axis, sample=film.sample)
        self._in_network = _by_gid(beside, "network")
        self._marks = [
            artist
            for gid, artist in _by_gid(top, "curves").items()
            if gid.startswith("now:") and isinstance(artist, Line2D)
        ]
        self._caption = strip.text(
            MARGIN / width, 0.62, "", size=FONT, color=palette.INK, va="center", gid="caption"
        )
        strip.text(
            1 - MARGIN / width,
            0.62,
            page.example(film.history),
            size=FONT,
            color=palette.INK,
            ha="right",
            va="center",
            gid="example",
        )
        for name, (left, top) in zip(self.names, self._places, strict=False):
            self.figure.text((left + MARGIN) / width, 1 - (top - NAME / 2) / sum(heights), name, **NAMED)
        self._strip = strip

    def show(self, frame: int) -> None:
        """Bring every artist to a frame, as the browser does.

        Raises LookupError for a frame that does not exist.
        """
        film = self._film
        channels = film.part(frame, count=1)["channels"]
        for gid, text in channels["text"].items():
            if isinstance(written := self._in_network.get(gid), Text):
                written.set_text(text)
        for gid, width in channels["width"].items():
            if isinstance(line := self._in_network.get(gid), Line2D):
                _set_line(line, float(width), channels["dash"][gid])
        epoch, last = int(film.epochs[frame]), int(film.epochs[-1])
        for mark in self._marks:
            mark.set_xdata([epoch, epoch])
        self.panels = [draw(epoch) for draw in film.beside.values()]
        training = film.history.training
        sample = f", sample {film.sample}" if len(film.history.data) > 1 else ""
        self._caption.set_text(
            f"{film.counts.capitalize()} {epoch} of {last}, "
            f"η = {training.eta:g}, seed {training.seed}{sample}"
        )

    def image(self, dpi: int) -> Image.Image:
        """The picture in red, green and blue."""
        image = _image(self.figure, dpi)
        for panel, (left, top) in zip(self.panels, self._places, strict=False):
            image.paste(_image(panel, SMALLER * dpi), (round(left * dpi / 72), round(top * dpi / 72)))
        return image

    def svg(self) -> str:
        """The picture as SVG, with each panel as an SVG inside it."""
        written = io.StringIO()
        with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "ann_dashboard"}):
            self.figure.savefig(written, format="svg", metadata={"Date": None})
        panels = []
        for name, panel, (left, top) in zip(self._film.beside, self.panels, self._places, strict=False):
            width, height = (SMALLER * 72 * inches for inches in panel.get_size_inches())
            panels.append(
                svg(panel, name).replace(
                    "<svg ", f'<svg x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" ', 1
                )
            )
        return written.getvalue().replace("</svg>", "".join([*panels, "</svg>"]))

    def progress_bar(self) -> Rectangle:
        """A bar along the lower edge, still empty, on a track from edge to edge; its width is from 0 to 1."""
        for name, width, colour in (("track", 1.0, palette.GRID), ("bar", 0.0, palette.INK)):
            box = Rectangle(
                (0, 0), width, BAR / STRIP, facecolor=colour, transform=self._strip.transSubfigure, gid=name
            )
            self._strip.add_artist(box)
        return box


def _places(panels: Sequence[Figure], width: float, top: float) -> tuple[list[tuple[float, float]], float]:
    """Left and top edge of each panel, and where the last row ends, in points.

    The panels stand in rows as wide as the picture, from a height on downwards, with room for a name above
    each.
    """
    places, left, foot = [], 0.0, top
    for panel in panels:
        across, down = (SMALLER * 72 * inches for inches in panel.get_size_inches())
        if left + across > width:
            left, top = 0.0, foot
        places.append((left, top + NAME))
        left, foot = left + across, max(foot, top + NAME + down)
    return places, foot


def _named(panel: Figure, name: str) -> Bbox:
    """Write a panel's name above it; returns the panel with that room, in inches."""
    width, height = panel.get_size_inches()
    room = NAME / SMALLER / 72
    panel.text(
        MARGIN / SMALLER / 72 / width, 1 + room / 2 / height, name, **(NAMED | {"size": FONT / SMALLER})
    )
    return Bbox([[0, 0], [width, height + room]])


def _image(figure: Figure, dpi: float) -> Image.Image:
    """A figure on paper."""
    figure.set(dpi=dpi, facecolor=palette.PAPER)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])


def _by_gid(part: SubFigure, picture: str) -> dict[str, Artist]:
    """The artists of a part of the figure by gid.

    In the file each gid begins with the picture's name, because both pictures have a "name:O6".
    """
    named = {gid: artist for artist in part.findobj() if (gid := artist.get_gid())}
    for gid, artist in named.items():
        artist.set_gid(f"{picture}/{gid}")
    return named


def _set_line(line: Line2D, width: float, dash: str) -> None:
    """Width and SVG dash pattern of a line; matplotlib multiplies a pattern by the width."""
    line.set_linewidth(width)
    line.set_linestyle(
        "-" if dash == "none" else (0, tuple(float(length) / width for length in dash.split(",")))
    )


def _images(picture: _Picture, frames: Sequence[int], progress: Progress | None) -> Iterator[Image.Image]:
    """The frames as pictures in red, green and blue."""
    bar = picture.progress_bar()
    for done, frame in enumerate(frames, start=1):
        picture.show(frame)
        bar.set_width(done / len(frames))
        yield picture.image(MOVIE_DPI)
        if progress is not None and progress(done, len(frames)):
            return


def _colours(picture: _Picture, frames: Sequence[int]) -> Image.Image:
    """An image whose palette is the most frequent colours of some frames.

    Paper and areas keep theirs, which Pillow's own ways of choosing change.
    """
    found = []
    for frame in frames:
        picture.show(frame)
        found.append(np.asarray(picture.image(MOVIE_DPI)).reshape(-1, 3) @ [2**16, 2**8, 1])
    colours, counts = np.unique(np.concatenate(found), return_counts=True)
    often = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    chosen = Image.new("P", (1, 1))
    chosen.putpalette(
        np.stack([often >> 16, often >> 8 & 255, often & 255], axis=1).astype(np.uint8).tobytes()
    )
    return chosen


def _gif(images: Iterator[Image.Image], colours: Image.Image) -> bytes:
    """An animated GIF that begins again for ever."""
    first, *others = (image.quantize(palette=colours, dither=Image.Dither.NONE) for image in images)
    written = io.BytesIO()
    first.save(
        written, format="GIF", save_all=True, append_images=others, duration=1000 // FRAMES_A_SECOND, loop=0
    )
    return written.getvalue()


def _mp4(images: Iterator[Image.Image]) -> bytes:
    """An MP4 that every browser plays: H.264 with an even number of pixels.

    ffmpeg needs a file to write to, which is deleted.
    """
    try:
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        raise OSError(
            f"an MP4 needs a temporary folder, and none can be made ({error.strerror}): {NO_ROOM}"
        ) from error
    with folder:
        target = Path(folder.name) / "film.mp4"
        if failure := _encode(images, target):
            raise RuntimeError(
                f"ffmpeg could not write the MP4 in {tempfile.gettempdir()} ({failure}): {NO_ROOM}"
            )
        return target.read_bytes()


def _encode(images: Iterator[Image.Image], target: Path) -> str:
    """Let ffmpeg write an MP4; returns why it failed, or "".

    What it says is read from a pipe, for a full disk would keep no log. ``-xerror``: else it would leave half
    a file there, and call that a success.
    """
    first = next(images)
    size = [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{first.width}x{first.height}",
        "-r",
        str(FRAMES_A_SECOND),
        "-i",
        "-",
    ]
    coding = [
        "-vf",
        "pad=ceil(iw/2)*2:ceil(ih/2)*2",
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
        "-movflags",
        "+faststart",
        str(target),
    ]
    command = ["ffmpeg", "-xerror", "-loglevel", "error", *size, *coding]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as ffmpeg,
        ThreadPoolExecutor(1) as reader,
    ):
        assert ffmpeg.stdin is not None  # both are pipes
        assert ffmpeg.stderr is not None
        said = reader.submit(ffmpeg.stderr.read)
        try:
            for image in itertools.chain([first], images):
                ffmpeg.stdin.write(image.tobytes())
        except BrokenPipeError:
            pass  # it ended before its time, and says why
        finally:
            with suppress(BrokenPipeError):
                ffmpeg.stdin.close()
        code = ffmpeg.wait()
        words = said.result().decode(errors="replace").replace(str(target), target.name).split()
    if code < 0:
        words.append(signal.strsignal(-code) or f"signal {-code}")
    return " ".join(words)[-300:] or f"exit code {code}" if code else ""
