"""The lecture's and the e-book's worked example, and what else they teach about a network."""

import numpy as np

from ann_dashboard import notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import Adam
from ann_dashboard.engine.training import Training
from ann_dashboard.lessons.lesson import Lesson, Printed, printed_at

DECK = "Pyrcz, PGE 383 Lecture 17, Artificial Neural Networks"
CHAPTER = "Pyrcz 2024, Applied Machine Learning in Python, chapter Artificial Neural Networks"
P = notation.PERFORMANCE

LECTURE = Lesson(
    key="lecture",
    title="Lecture: worked example",
    teaches=(
        "Follow one update by hand: every number of the pass, of its derivatives and of the new weights "
        "can be recomputed from the screen."
    ),
    network=Network((3, 2, 1), hidden="sigmoid", output="identity"),
    data=Dataset(x=[[0.5, 0.2, 0.7]], y=[[0.3]]),
    training=Training(eta=0.1, epochs=1000, seed=3),
    source=f"{DECK}; e-book chapter, Backpropagation Example",
    printed=(
        *printed_at(
            0,
            {
                "lambda_1_4": "0.06",
                "lambda_2_4": "0.24",
                "lambda_3_4": "−0.24",
                "lambda_1_5": "0.01",
                "lambda_2_5": "0.45",
            },
        ),
        *printed_at(
            0,
            {
                "lambda_3_5": "0.46",
                "lambda_4_6": "−0.53",
                "lambda_5_6": "−0.41",
                "b_4": "−0.22",
                "b_5": "−0.03",
            },
        ),
        *printed_at(0, {"H4": "0.42", "H5": "0.60", "O6": "−0.70"}),
        *printed_at(
            0, {"dL_dO6": "1.00", "dL_dO6in": "1.00", "dL_dH4in": "−0.13", "dL_dH5in": "−0.10"}, of=P
        ),
        *printed_at(0, {"dL_dlambda_4_6": "0.42", "dL_dlambda_5_6": "0.60", "dL_dlambda_2_4": "−0.03"}, of=P),
        *printed_at(
            0, {"dL_dlambda_3_4": "−0.09", "dL_dlambda_1_5": "−0.05", "dL_dlambda_2_5": "−0.02"}, of=P
        ),
        *printed_at(0, {"dL_dlambda_3_5": "−0.07", "dL_db_4": "−0.13", "dL_db_5": "−0.10"}, of=P),
        Printed(
            "dL_dlambda_1_4",
            0,
            "−0.07",
            "the e-book rounds 0.50 · (−0.13) a second time; it is −0.0649",
            erratum=2,
            of=P,
        ),
        Printed(
            "dL_dlambda_1_4",
            0,
            "0.065",
            "the deck loses the sign of 0.5 · (−0.13); it is −0.0649",
            erratum=2,
            of=P,
        ),
        Printed(
            "dL_db_4", 0, "−0.32", "on three slides of the deck; it is −0.13, as on a fourth", erratum=2, of=P
        ),
        *printed_at(1, {"lambda_4_6": "−0.49", "lambda_1_4": "0.05", "b_4": "−0.24"}),
    ),
)

EBOOK = Lesson(
    key="ebook",
    title="E-book: printed code",
    teaches=(
        "Another seed and another learning rate lead the same network to other weights with the same "
        "prediction."
    ),
    network=LECTURE.network,
    data=LECTURE.data,
    training=Training(eta=0.2, epochs=1000, seed=13),
    source=f"{CHAPTER}, The Simple ANN",
    printed=(Printed("O6", 1, "0.17"),),
)

ZEROS = Lesson(
    key="zeros",
    title="Zero start: hidden nodes stay equal",
    teaches=(
        "Compare H4 with H5 at any epoch: started at zero they get the same derivatives and stay equal, so "
        "two hidden nodes do the work of one."
    ),
    network=LECTURE.network,
    data=LECTURE.data,
    training=Training(eta=0.1, epochs=1000, initialiser="zeros"),
    source=f"Bradbury, Neural Networks II, weight initialisation; network and sample: {DECK}",
)


def _collapse_data() -> Dataset:
    """24 samples of three predictors and a response that is not quite linear in them, all scaled, no unit."""
    draw = np.random.RandomState(7)
    x = draw.uniform(-1.0, 1.0, (24, 3))
    y = 0.2 + 0.5 * x[:, 0] - 0.3 * x[:, 1] + 0.4 * x[:, 1] * x[:, 2] + 0.2 * x[:, 2]
    return Dataset(x, y[:, np.newaxis])


COLLAPSE = Lesson(
    key="collapse",
    title="Identity activations: linear regression",
    teaches=(
        "Without a nonlinear activation the whole network is aX1 + bX2 + cX3 + d, and training ends at the "
        "linear regression."
    ),
    network=Network((3, 2, 1), hidden="identity", output="identity"),
    data=_collapse_data(),
    training=Training(eta=0.3, epochs=1000, seed=3),
    source=f"{DECK}, Linear Activation; data of our own",
)

_GRID = np.linspace(-1.0, 1.0, 21)[:, np.newaxis]
PARABOLA = Lesson(
    key="parabola",
    title="Parabola: fit any curve",
    teaches=(
        "Six tanh nodes, each a bent line of its own, add up to a parabola: watch the sum close in on the "
        "21 points."
    ),
    network=Network((1, 6, 1), hidden="tanh", output="identity"),
    data=Dataset(_GRID, _GRID**2, predictors=("x",), responses=("x²",)),
    training=Training(eta=0.02, epochs=2000, seed=3, optimiser=Adam(), record_every=2),
    source=f"{DECK}, universal function approximation (Cybenko 1989); data: y = x²",
)
