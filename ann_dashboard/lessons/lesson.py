"""Lesson: one example of a source, ready to run, and the badge of each figure that the source prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from ann_dashboard import notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.data.property_map import Field
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.run import train
from ann_dashboard.engine.training import Training

MATCHES = "matches the printed digits"
MATCHES_WITH_THE_OTHER_SIGN = "matches as −∂L/∂·"
DIFFERS = "differs from the printed digits"
SIGN = 1
"""The erratum of the sign."""
ERRATA: Mapping[int, str] = MappingProxyType(
    {
        SIGN: "the source stores y − ŷ, so each derivative it prints is −∂L/∂·, the derivative of P = −L",
        2: "the source prints the derivative differently in different places",
    }
)
"""The errata of the sources that a badge cites, by number."""


@dataclass(frozen=True)
class Printed:
    """A figure as a source prints it for a symbol at an epoch.

    ``of``: what the source differentiates, "L", or "P" = −L where its derivatives have the other sign.
    ``erratum``: the number of the erratum that explains why the figure is not the value. ``note``: what to
    know about the difference.
    """

    symbol: str
    epoch: int
    figure: str
    note: str = ""
    erratum: int | None = None
    of: str = notation.LOSS


class Badge(NamedTuple):
    """Whether a printed figure is right, in words, and the number of the erratum it meets, or None."""

    words: str
    erratum: int | None


def badge(printed: Printed, value: float) -> Badge:
    """The badge that a printed figure deserves next to the computed value.

    The value is rounded to the digits printed, with the source's sign.
    """
    turned = printed.of == notation.PERFORMANCE and notation.is_derivative(printed.symbol)
    figure = printed.figure.replace(notation.MINUS, "-")
    digits = len(figure.partition(".")[2])
    if float(f"{-value if turned else value:.{digits}f}") == float(figure):
        return (
            Badge(f"{MATCHES_WITH_THE_OTHER_SIGN} (erratum {SIGN})", SIGN) if turned else Badge(MATCHES, None)
        )
    if printed.erratum is None:
        return Badge(DIFFERS, None)
    return Badge(f"erratum {printed.erratum}", printed.erratum)


def printed_at(epoch: int, figures: Mapping[str, str], *, of: str = notation.LOSS) -> tuple[Printed, ...]:
    """The figures of one epoch: symbol -> as printed."""
    return tuple(Printed(symbol, epoch, figure, of=of) for symbol, figure in figures.items())


@dataclass(frozen=True, eq=False)
class Lesson:
    """One example of a source: what is trained, how, where it stands, and the figures printed there.

    ``key``: its short name. ``teaches``: what to look at, one sentence. ``field``: a map on which the trained
    network predicts, or None.
    """

    key: str
    title: str
    teaches: str
    network: Network
    data: Dataset
    training: Training
    source: str
    printed: tuple[Printed, ...] = ()
    field: Field | None = None

    def train(self) -> History:
        """The lesson's training, carried out."""
        return train(self.network, self.data, self.training)
