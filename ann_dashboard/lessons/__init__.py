"""The sources' examples, ready to run, with the figures that the sources print.

One module for each source.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from ann_dashboard.data.dataset import Dataset
from ann_dashboard.data.property_map import Field
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.training import Training
from ann_dashboard.lessons.data_science import LOGISTIC, MAZUR, MAZUR_TRAINED, PERCEPTRON, PERCEPTRON_XOR, XOR
from ann_dashboard.lessons.higham import HIGHAM
from ann_dashboard.lessons.lecture import COLLAPSE, EBOOK, LECTURE, PARABOLA, ZEROS
from ann_dashboard.lessons.lesson import ERRATA, Badge, Lesson, Printed, badge
from ann_dashboard.lessons.wells import DEPTH, WELLS

ALL: Mapping[str, Lesson] = MappingProxyType(
    {
        lesson.key: lesson
        for lesson in (
            LECTURE,
            EBOOK,
            MAZUR,
            MAZUR_TRAINED,
            PERCEPTRON,
            PERCEPTRON_XOR,
            XOR,
            LOGISTIC,
            HIGHAM,
            WELLS,
            DEPTH,
            PARABOLA,
            ZEROS,
            COLLAPSE,
        )
    }
)
"""Every lesson by its key, in the order in which they are taught."""


def printed_of(network: Network, data: Dataset, training: Training) -> tuple[Printed, ...]:
    """What a source prints of this very training, however many epochs of it there are; () of any other."""
    for lesson in ALL.values():
        if (lesson.network, lesson.data) == (network, data):
            asked = replace(lesson.training, epochs=training.epochs, record_every=training.record_every)
            if asked == training:
                return lesson.printed
    return ()


def title_of(network: Network, data: Dataset, training: Training) -> str:
    """The title of the lesson that has this very training, "" where none has it."""
    return next(
        (
            lesson.title
            for lesson in ALL.values()
            if (lesson.network, lesson.data, lesson.training) == (network, data, training)
        ),
        "",
    )


def field_of(data: Dataset) -> Field | None:
    """The map that belongs to the data of a lesson, None where there is none."""
    return next((lesson.field for lesson in ALL.values() if lesson.data is data), None)


__all__ = [
    "ALL",
    "COLLAPSE",
    "DEPTH",
    "EBOOK",
    "ERRATA",
    "HIGHAM",
    "LECTURE",
    "LOGISTIC",
    "MAZUR",
    "MAZUR_TRAINED",
    "PARABOLA",
    "PERCEPTRON",
    "PERCEPTRON_XOR",
    "WELLS",
    "XOR",
    "ZEROS",
    "Badge",
    "Lesson",
    "Printed",
    "badge",
    "field_of",
    "printed_of",
    "title_of",
]
