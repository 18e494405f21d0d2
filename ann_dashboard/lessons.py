"""The sources' examples, ready to run, with the figures that the sources print."""

from dataclasses import dataclass

from ann_dashboard.data import Dataset
from ann_dashboard.history import History
from ann_dashboard.network import Network
from ann_dashboard.training import Training, train

MINUS_SIGN = "printed as ∂P/∂· = −∂L/∂· (the sources store y − ŷ)"


@dataclass(frozen=True)
class Printed:
    """A figure as a source prints it for a symbol at an epoch, and what to know when it differs from the value."""

    symbol: str
    epoch: int
    figure: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Lesson:
    """One example of a source: what is trained, how, where it stands, and the figures printed there."""

    title: str
    network: Network
    data: Dataset
    training: Training
    source: str
    printed: tuple[Printed, ...] = ()

    def train(self) -> History:
        """The lesson's training, carried out."""
        return train(self.network, self.data, self.training)


def _printed(epoch: int, figures: dict[str, str], note: str = "") -> tuple[Printed, ...]:
    return tuple(Printed(symbol, epoch, figure, note) for symbol, figure in figures.items())


LECTURE = Lesson(
    title="Lecture: worked example",
    network=Network((3, 2, 1), hidden="sigmoid", output="identity"),
    data=Dataset(x=[[0.5, 0.2, 0.7]], y=[[0.3]]),
    training=Training(eta=0.1, epochs=1000, seed=3),
    source="Pyrcz, PGE 383 Lecture 17, Artificial Neural Networks; e-book chapter, Backpropagation Example",
    printed=(
        *_printed(0, {"lambda_1_4": "0.06", "lambda_2_4": "0.24", "lambda_3_4": "−0.24", "lambda_1_5": "0.01", "lambda_2_5": "0.45"}),
        *_printed(0, {"lambda_3_5": "0.46", "lambda_4_6": "−0.53", "lambda_5_6": "−0.41", "b_4": "−0.22", "b_5": "−0.03"}),
        *_printed(0, {"H4": "0.42", "H5": "0.60", "O6": "−0.70"}),
        *_printed(0, {"dL_dO6": "1.00", "dL_dO6in": "1.00", "dL_dH4in": "−0.13", "dL_dH5in": "−0.10"}, MINUS_SIGN),
        *_printed(0, {"dL_dlambda_4_6": "0.42", "dL_dlambda_5_6": "0.60", "dL_dlambda_2_4": "−0.03"}, MINUS_SIGN),
        *_printed(0, {"dL_dlambda_3_4": "−0.09", "dL_dlambda_1_5": "−0.05", "dL_dlambda_2_5": "−0.02"}, MINUS_SIGN),
        *_printed(0, {"dL_dlambda_3_5": "−0.07", "dL_db_5": "−0.10"}, MINUS_SIGN),
        Printed("dL_dlambda_1_4", 0, "−0.07", "erratum: −0.0649, printed +0.065 in the deck and −0.07 in the e-book (0.50 · −0.13, rounded twice)"),
        Printed("dL_db_4", 0, "−0.13", "erratum: three slides of the deck print −0.32; " + MINUS_SIGN),
        *_printed(1, {"lambda_4_6": "−0.49", "lambda_1_4": "0.05", "b_4": "−0.24"}),
    ),
)

EBOOK = Lesson(
    title="E-book: printed code",
    network=LECTURE.network,
    data=LECTURE.data,
    training=Training(eta=0.2, epochs=1000, seed=13),
    source="Pyrcz 2024, Applied Machine Learning in Python, chapter Artificial Neural Networks, The Simple ANN",
    printed=(Printed("O6", 1, "0.17"),),
)
