"""The wire: the types of everything that travels between Python and the browser, and what both have to know.

The browser's side has the same types in ``frontend/src/wire.ts``, which ``tests/tools/make_wire.py`` writes
from this module. A gid is the id of an element of a picture without the picture's name: a symbol, or a symbol
behind one of ``NUMBER_KINDS`` or ``LINE_KINDS``.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

PART = 500
"""Frames of a long film that are asked for at once."""
SAME = "="
"""Stands for the value with the digits shown where that is the value itself."""
NUMBER_KINDS = ("node", "name", "label", "box")
"""What stands before the symbol in the gid of a circle, its name, a number's TeX and the paper behind that.

A number's own gid is the symbol alone.
"""
LINE_KINDS = ("connection", "arrow")
"""What stands before the symbol of a weight in the gid of its line and of the arrow on it."""
EXPORTS = {
    "png": "Picture as PNG",
    "svg": "Picture as SVG",
    "pdf": "Picture as PDF",
    "gif": "Film as GIF",
    "mp4": "Film as MP4",
    "html": "Page without a server, HTML",
    "parquet": "History as Parquet",
}
"""What can be exported, by the ending of its file."""


class Epochs(TypedDict):
    """The frames of a film: frame i is epoch i · step, the last frame is the last epoch.

    ``counts``: "epoch", or "update" where each frame is one.
    """

    count: int
    step: int
    last: int
    counts: str


class Part(TypedDict):
    """The frames first, first + step, ...: channel -> gid -> its values joined by "|".

    An empty value repeats the one before it, and the last one holds to the end of the part.
    """

    first: int
    step: int
    count: int
    channels: Mapping[str, Mapping[str, str]]


class Showing(TypedDict):
    """How the network's picture is shown.

    ``place``: beside the curves or across the page. ``width``: the least at which it can be read, in pixels.
    ``hint``: how a person asks for its numbers.
    """

    layers: Literal["together", "in turns"]
    place: str
    width: float
    hint: str


class Layer(TypedDict):
    """A layer of the network's picture and its symbols."""

    title: str
    symbols: Sequence[str]


class Row(TypedDict):
    """A row of the table of one epoch: a quantity and the symbol of its derivative."""

    symbol: str
    html: str
    derivative: str | None


class Column(TypedDict):
    """A column of the table of all epochs."""

    symbol: str
    html: str


class PrintedFigure(TypedDict):
    """A figure that the source prints, the badge it deserves and why."""

    html: str
    badge: str
    why: str
    note: str


class ReadoutNumber(TypedDict):
    """One of the numbers of a node or connection; ``opens``: whether a click on it opens the steps."""

    symbol: str
    html: str
    spoken: str
    opens: bool


class Readout(TypedDict):
    """A node or connection with all its numbers.

    ``ends``: the gids of the nodes that a connection joins; none of a node.
    """

    gid: str
    symbol: str
    kind: Literal["node", "connection"]
    ends: Sequence[str]
    plain: str
    html: str
    numbers: Sequence[ReadoutNumber]


class Table(TypedDict):
    """What the tables beside the pictures list; ``printed``: epoch -> row -> figures."""

    derivative: str
    rows: Sequence[Row]
    columns: Sequence[Column]
    printed: Mapping[int, Mapping[str, Sequence[PrintedFigure]]]
    readouts: Sequence[Readout]


class Reel(TypedDict):
    """A film without its stills and the steps inside its epochs.

    ``fixed``: picture -> channel -> gid -> what a training changes once. ``speech``: picture -> its
    description, with {symbol} where a number belongs. ``titles``: picture -> its title and what it shows.
    ``number``: of the film, which every question names.
    """

    epochs: Epochs
    part: Part
    fixed: Mapping[str, Mapping[str, Mapping[str, str]]]
    showing: Showing
    layers: Mapping[str, Layer]
    speech: Mapping[str, str]
    titles: Mapping[str, tuple[str, str]]
    table: Table
    number: NotRequired[int]


class LedgerPath(TypedDict):
    """One path of a sum of paths, and the gids that light up with it."""

    nodes: str
    equation: str
    lights: Sequence[str]


class StepOutline(TypedDict):
    """What is known of a step from the start.

    ``of``: the symbol by which it derives, "" where it is no derivative; ``of_plain``: how that is written.
    ``moves``: the symbol whose next value it is, "" where it moves nothing. ``reveals``: terms that appear
    with it.
    """

    symbol: str
    block: str
    plain: str
    of: str
    of_plain: str
    moves: str
    reveals: Sequence[str]


class StepDescription(TypedDict):
    """What shows a step besides its numbers; each place of a number has its gid as ``data-value``."""

    name: str
    equation: str
    words: str
    numbers: str
    sentence: str
    used: Sequence[str]
    lights: Sequence[str]
    paths: NotRequired[Sequence[LedgerPath]]


class Step(StepOutline, total=False):
    """A step, described or in outline."""

    name: str
    equation: str
    words: str
    numbers: str
    sentence: str
    used: Sequence[str]
    lights: Sequence[str]
    paths: Sequence[LedgerPath]


class Steps(TypedDict):
    """The steps inside every epoch; the same ``identity``, the same words."""

    identity: str
    list: Sequence[StepOutline | Step]


Stretch = TypedDict(
    "Stretch",
    {
        "first": int,
        "count": int,
        "from": int,
        "to": int,
        "texts": Mapping[str, str],
        "steps": NotRequired[Sequence[StepDescription]],
    },
)
"""The numbers of the steps ``from`` to ``to`` at ``count`` frames from ``first`` on, joined as in a Part;
with the steps themselves where the browser has them in outline.
"""


class Walked(TypedDict):
    """How the numbers of the steps come: in stretches of so many frames and of the steps between the borders.

    ``refusal``: why they do not come, or "". ``film``: the number of the film.
    """

    refusal: str
    frames: int
    borders: Sequence[int]
    stretches: Sequence[Stretch]
    film: NotRequired[int]


class Message(TypedDict):
    """The line above the pictures, and the number of the film that it is about."""

    film: int
    text: str


class Alive(TypedDict):
    """Asks whether the kernel answers."""

    want: Literal["alive"]


class PartWanted(TypedDict):
    """Asks for the frames from one on."""

    want: Literal["part"]
    film: int
    frame: int


class StretchWanted(TypedDict):
    """Asks for the numbers around a step and a frame, and for the steps where they are not ``described``."""

    want: Literal["stretch"]
    film: int
    frame: int
    step: int
    described: bool


class Question(TypedDict):
    """Asks about a step: what went wrong in an answer, all digits, or the loss around a parameter."""

    want: Literal["diagnosis", "digits", "nudge"]
    film: int
    frame: int
    symbol: str
    answer: NotRequired[float]
    unit: NotRequired[float]


class FileWanted(TypedDict):
    """Asks for a file; ``request`` names the question."""

    want: Literal["file"]
    film: int
    frame: int
    format: str
    request: str


class MoreWanted(TypedDict):
    """Asks for what comes behind the bytes of a file that are here."""

    want: Literal["more"]
    request: str
    have: int


class StopWanted(TypedDict):
    """Leaves a file."""

    want: Literal["stop"]
    request: str


Request = Alive | PartWanted | StretchWanted | Question | FileWanted | MoreWanted | StopWanted


class AliveAnswer(TypedDict):
    """The kernel answers."""

    kind: Literal["alive"]


class PartAnswer(TypedDict):
    """Frames that were asked for."""

    kind: Literal["part"]
    film: int
    frame: int
    part: Part


class StretchAnswer(TypedDict):
    """Numbers of steps that were asked for."""

    kind: Literal["stretch"]
    film: int
    frame: int
    stretch: Stretch


class DiagnosisAnswer(TypedDict):
    """A hint at a mistake."""

    kind: Literal["diagnosis"]
    film: int
    frame: int
    symbol: str
    hint: str


class DigitsAnswer(TypedDict):
    """An equation with all digits."""

    kind: Literal["digits"]
    film: int
    frame: int
    symbol: str
    text: str


class NudgeAnswer(TypedDict):
    """The loss around a parameter as SVG."""

    kind: Literal["nudge"]
    film: int
    frame: int
    symbol: str
    svg: str


class FileAnswer(TypedDict):
    """A piece of a file, its end, or the word that it is still being made.

    A piece has ``name``, ``type``, ``more`` and the bytes before it as ``at``; the end of a whole file has
    its ``size``, that of a file that is not whole has none.
    """

    kind: Literal["file"]
    request: str
    name: NotRequired[str]
    type: NotRequired[str]
    more: NotRequired[bool]
    making: NotRequired[bool]
    at: NotRequired[int]
    size: NotRequired[int]


StepAnswer = DiagnosisAnswer | DigitsAnswer | NudgeAnswer
Answer = AliveAnswer | PartAnswer | StretchAnswer | StepAnswer | FileAnswer


class Opens(TypedDict):
    """The state that a page of its own opens at."""

    epoch: int
    show: Sequence[str]
    steps: bool


class FilmRecord(TypedDict):
    """A history: its index by name, its columns, and its values.

    These are row after row, float64 as base64 in pieces.
    """

    name: str
    index: Mapping[str, Sequence[int]]
    columns: Sequence[str]
    values: Sequence[str]


class PageReel(Reel):
    """A film with all its frames and the steps inside them; the frames of a long one in parts."""

    steps: Steps
    walked: Walked
    parts: Sequence[Part]


class PageTraining(TypedDict):
    """One training of a page: what its reel has besides what all have in common, and its stills by number."""

    label: str
    about: str
    reel: Mapping[str, object]
    stills: Mapping[str, int]
    record: FilmRecord


class PageContent(TypedDict):
    """What a page of its own holds: every still once, and what all its films have in common."""

    opens: Opens
    stills: Sequence[str]
    shared: Mapping[str, object]
    trainings: Sequence[PageTraining]
