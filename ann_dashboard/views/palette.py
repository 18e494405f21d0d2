"""Colours: one family of shades for each node that connections lead into.

As in the lecture: reds into H4, blues into H5, oranges into O6. Every colour is readable as text on white
(contrast at least 4.5:1, also on the tint that a line leaves behind a label). Colour is never the only sign
of anything: position says the same.
"""

from colorsys import hls_to_rgb
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from ann_dashboard import notation
from ann_dashboard.engine.network import Network

INK = "#222222"
MUTED = "#5f6368"
PAPER = "#ffffff"
GRID = "#dcdcdc"


class Family(NamedTuple):
    """A family of shades.

    ``hues``: in degrees, of its first and its last shade; ``saturation``: from 0 to 1.
    """

    name: str
    hues: tuple[float, float]
    saturation: float


INPUT_FAMILY = Family("greys", (215, 215), 0.08)
HIDDEN_FAMILIES = (
    Family("reds", (345, 372), 0.80),
    Family("blues", (232, 205), 0.80),
    Family("greens", (150, 120), 0.75),
    Family("purples", (285, 262), 0.55),
    Family("teals", (192, 176), 0.85),
    Family("magentas", (330, 306), 0.70),
)
OUTPUT_FAMILIES = (
    Family("oranges", (18, 33), 0.95),
    Family("olives", (68, 54), 0.85),
    Family("slates", (222, 200), 0.28),
    Family("browns", (28, 14), 0.35),
)
DARK, LIGHT = 9.5, 5.4


class Mark(NamedTuple):
    """How the samples of one kind are marked.

    ``marker``: matplotlib's name of it; ``face``: the colour inside it.
    """

    colour: str
    marker: str
    face: str

    def style(self, size: float) -> dict[str, Any]:
        """The options of a matplotlib line that shows only its markers."""
        edge = {"markeredgecolor": self.colour, "markeredgewidth": 3.0}
        return {"marker": self.marker, "markersize": size, "markerfacecolor": self.face, **edge}


CURVE = "#222222"
PARTS = {"train": Mark("#0a5fa4", "o", "#0a5fa4"), "test": Mark("#b84d00", "s", PAPER)}
"""Marks of the training and of the test samples."""
CLASSES = (
    Mark("#0a5fa4", "o", "#0a5fa4"),
    Mark("#b84d00", "s", "#b84d00"),
    Mark("#00694a", "^", "#00694a"),
    Mark("#7b3294", "D", "#7b3294"),
    Mark("#5f6368", "P", "#5f6368"),
    Mark("#7a4a12", "v", "#7a4a12"),
)
"""Marks of the classes; a test sample's marker is the same, hollow. Blue and orange stay apart for those who
see no red or green.
"""


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21. Source: WCAG 2.2, relative luminance."""
    lighter, darker = sorted((_luminance(to_rgb(one)), _luminance(to_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def family(network: Network, node: str) -> Family:
    """The colour family of a node and of the connections into it."""
    if node in network.layers[0]:
        return INPUT_FAMILY
    if node in network.layers[-1]:
        return OUTPUT_FAMILIES[network.layers[-1].index(node) % len(OUTPUT_FAMILIES)]
    hidden = [name for layer in network.layers[1:-1] for name in layer]
    return HIDDEN_FAMILIES[hidden.index(node) % len(HIDDEN_FAMILIES)]


def node_colour(network: Network, node: str) -> str:
    """Colour of a node's rim, name and labels: the darkest of its family."""
    return _shade(family(network, node), 0.0)


def node_tint(network: Network, node: str) -> str:
    """Colour that fills a node: nearly white."""
    return mixed(node_colour(network, node), 0.07)


@cache
def connection_colours(network: Network) -> dict[str, str]:
    """Colour of each connection and of its labels, by weight symbol.

    The shades of its target's family, from dark to light.
    """
    colours = {}
    for sources, targets in zip(network.layers, network.layers[1:], strict=False):
        for target in targets:
            for source, share in zip(sources, np.linspace(0, 1, len(sources)), strict=True):
                colours[notation.weight(int(source[1:]), int(target[1:]))] = _shade(
                    family(network, target), float(share)
                )
    return colours


def bias_colours(network: Network) -> dict[str, str]:
    """Colour of each bias, that of its node, by symbol."""
    return {
        notation.bias(int(node[1:])): node_colour(network, node)
        for layer in network.layers[1:]
        for node in layer
    }


def mixed(colour: str, share: float) -> str:
    """A share (0 to 1) of a colour on white paper."""
    red, green, blue = (1 - share * (1 - channel) for channel in to_rgb(colour))
    return to_hex((red, green, blue))


@cache
def _shade(family: Family, share: float) -> str:
    """The shade at a share of the way from a family's dark to its light end.

    Its lightness is found by bisection of the contrast on white.
    """
    hue = family.hues[0] + share * (family.hues[1] - family.hues[0])
    wanted = DARK * (LIGHT / DARK) ** share
    dark, light = 0.0, 1.0
    for _ in range(20):
        middle = (dark + light) / 2
        red, green, blue = (
            round(255 * part) / 255 for part in hls_to_rgb(hue % 360 / 360, middle, family.saturation)
        )
        on_paper = 1.05 / (_luminance((red, green, blue)) + 0.05)
        dark, light = (middle, light) if on_paper > wanted else (dark, middle)
    return to_hex(hls_to_rgb(hue % 360 / 360, dark, family.saturation))


def _luminance(rgb: tuple[float, float, float]) -> float:
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in rgb
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
