"""TeX that is set once and drawn as paths.

matplotlib sets the TeX of a text twice for every file it writes, 3 to 5 ms each time. Our expressions repeat
their atoms, ∂L/∂ and λ₁,₄ and =, so each atom is set once and put one after another. In a network of a
hundred weights each has another subscript: it is put together from the letter and the figures, which are set
once, too, at the places that TeX gives them.
"""

import math
import re
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox

ATOM = re.compile(r"\\partial [LP]/\\partial |(?:\\hat\{\w\}|\\[a-zA-Z]+|[^\W_])(?:_\{[^}]*\})?|=|\S")
SUBSCRIPT = re.compile(r"(?P<letter>.+)_\{(?P<figures>(?:[\d,]|in)+)\}")
FIGURES = "0123456789,in"
"""All that stands in a subscript: numbers of nodes and samples, and "in" for a pre-activation."""
AROUND_EQUALS = 0.12
EXAMPLE = "b"


class Outline(NamedTuple):
    """The path of an expression at font size 1, and the width it takes up.

    Its baseline begins at (0, 0).
    """

    path: Path
    width: float


class Tex(Text):
    """A TeX expression without dollar signs, drawn as a path.

    Of a text's options it knows colour, size, transform and ha.
    """

    def __init__(self, x: float, y: float, tex: str, *, ha: str = "left", **options: Any) -> None:
        super().__init__(x, y, f"${tex}$", ha=ha, **options)
        self._outline = outline(tex)

    def _to_display(self) -> Affine2D:
        scale = self.get_fontproperties().get_size_in_points() * self.figure.dpi / 72
        x, y = self.get_transform().transform(self.get_unitless_position())
        left = {"left": 0.0, "center": 0.5, "right": 1.0}[
            self.get_horizontalalignment()
        ] * self._outline.width
        return Affine2D().translate(-left, 0).scale(scale).translate(x, y)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the path as a group with the artist's gid."""
        if not self.get_visible():
            return
        renderer.open_group("text", self.get_gid())
        context = renderer.new_gc()
        context.set_linewidth(0)
        context.set_foreground(self.get_color())
        renderer.draw_path(context, self._outline.path, self._to_display(), to_rgba(self.get_color()))
        context.restore()
        renderer.close_group("text")

    def get_window_extent(self, renderer: RendererBase | None = None, dpi: float | None = None) -> Bbox:
        """The box of the ink in display units."""
        return self._outline.path.get_extents(self._to_display())


@cache
def outline(tex: str) -> Outline:
    """The outline of an expression without dollar signs, set atom by atom."""
    paths, x = [], 0.0
    for atom in ATOM.findall(tex):
        path, width = _atom(atom)
        room = AROUND_EQUALS if atom == "=" else 0.0
        paths.append(path.transformed(Affine2D().translate(x + room, 0)))
        x += width + 2 * room
    return Outline(Path.make_compound_path(*paths), x)


@cache
def _atom(tex: str) -> Outline:
    if subscript := SUBSCRIPT.fullmatch(tex):
        return _with_subscript(**subscript.groupdict())
    return _set(tex)


def _with_subscript(letter: str, figures: str) -> Outline:
    """A letter with a subscript of ``FIGURES``.

    They stand where they would behind another letter, moved as far as that one's subscript is.
    """
    alone, first, width = _letter(letter)
    paths, moved, width = [alone], first - _letter(EXAMPLE).first, width - _figures()["0"].width
    for figure in figures:
        path, advance = _figures()[figure]
        paths.append(path.transformed(Affine2D().translate(*moved)))
        moved, width = moved + np.array([advance, 0.0]), width + advance
    return Outline(
        Path.make_compound_path(*paths), math.ceil(100 * width - 1e-6) / 100
    )  # a width is a whole number of points at font size 100


class Letter(NamedTuple):
    """A letter that has a subscript.

    ``path``: its outline; ``first`` (2,): where the outline of a 0 begins as its subscript; ``width``: with
    that 0.
    """

    path: Path
    first: np.ndarray
    width: float


@cache
def _letter(letter: str) -> Letter:
    """All of it from one expression, λ₀λ: setting one is what takes the time."""
    both = _set(f"{letter}_{{0}}{letter}").path
    count = (len(both) - len(_set("0").path)) // 2
    corners, codes = np.asarray(both.vertices), np.asarray(both.codes)
    return Letter(
        Path(corners[:count], codes[:count]), corners[count], float(corners[-count, 0] - corners[0, 0])
    )


@cache
def _figures() -> dict[str, Outline]:
    """Each of ``FIGURES`` as it stands first in the subscript of ``EXAMPLE``.

    Its width is how far behind it the next begins. All come from one expression.
    """
    size = text_to_path.FONT_SCALE
    text = f"${EXAMPLE}_{{{FIGURES}0}}$".replace(",", "{,}")
    placed, shapes, _ = text_to_path.get_glyphs_mathtext(_font(), text)
    places = np.array([(x, y) for _, x, y, _ in placed]) / size
    first = places[1]
    found = {}
    for figure, (glyph, _, _, scale), place, after in zip(
        FIGURES, placed[1:], places[1:], places[2:], strict=False
    ):
        vertices, codes = shapes[glyph]
        at_first = np.asarray(vertices) * scale / size + (first[0], place[1])
        found[figure] = Outline(Path(at_first, codes), float(after[0] - place[0]))
    return found


def _font() -> FontProperties:
    return FontProperties(family="DejaVu Sans", size=text_to_path.FONT_SCALE)


@cache
def _set(tex: str) -> Outline:
    """An expression as matplotlib sets it."""
    # The comma between two subscripts is no punctuation: without braces a space would follow it.
    text = "$" + tex.replace(",", "{,}") + "$"
    size, font = text_to_path.FONT_SCALE, _font()
    vertices, codes = text_to_path.get_text_path(font, text, ismath=True)
    width = text_to_path.mathtext_parser.parse(text, text_to_path.DPI, font).width
    return Outline(Path(np.asarray(vertices) / size, codes), width / size)
