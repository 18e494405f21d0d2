"""The data science notes' examples: perceptron, logistic regression and Mazur's network."""

from dataclasses import replace

import numpy as np

from ann_dashboard.data.columns import Column
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.training import Training
from ann_dashboard.lessons.lesson import Lesson, printed_at

NOTES = "DATA/MSML/BIOI 602, Principles of Data Science, Artificial Neural Networks"

MAZUR = Lesson(
    key="mazur",
    title="Mazur: two outputs, biases held",
    teaches="Two outputs send two errors back to each hidden node, and their shares add up.",
    network=Network((2, 2, 2), hidden="sigmoid", output="sigmoid"),
    data=Dataset(x=[[0.05, 0.10]], y=[[0.01, 0.99]]),
    training=Training(
        eta=0.5,
        epochs=1000,
        start={
            **{
                "lambda_1_3": 0.15,
                "lambda_2_3": 0.20,
                "lambda_1_4": 0.25,
                "lambda_2_4": 0.30,
                "b_3": 0.35,
                "b_4": 0.35,
            },
            **{
                "lambda_3_5": 0.40,
                "lambda_4_5": 0.45,
                "lambda_3_6": 0.50,
                "lambda_4_6": 0.55,
                "b_5": 0.60,
                "b_6": 0.60,
            },
        },
        train_biases=False,
    ),
    source=(
        f"{NOTES}, Example: given neural network; new weights: Mazur 2015, A Step by Step Backpropagation "
        "Example"
    ),
    printed=(
        *printed_at(
            0,
            {
                "H3in": "0.3775",
                "H3": "0.593269992",
                "H4": "0.596884378",
                "O5in": "1.105905967",
                "O5": "0.75136507",
            },
        ),
        *printed_at(
            0,
            {
                "O6": "0.772928465",
                "L": "0.298371109",
                "dL_dO5": "0.741365070",
                "dL_dlambda_3_5": "0.082167041",
            },
        ),
        *printed_at(
            1,
            {
                "lambda_1_3": "0.149780716",
                "lambda_2_3": "0.19956143",
                "lambda_1_4": "0.24975114",
                "lambda_2_4": "0.29950229",
            },
        ),
        *printed_at(
            1,
            {
                "lambda_3_5": "0.35891648",
                "lambda_4_5": "0.40866619",
                "lambda_3_6": "0.51130127",
                "lambda_4_6": "0.56137012",
            },
        ),
    ),
)

MAZUR_TRAINED = replace(
    MAZUR,
    key="mazur-trained",
    title="Mazur: two outputs, biases trained",
    teaches=(
        "Let the biases learn too: the weights after the first update are the same, and the loss falls "
        "further."
    ),
    training=replace(MAZUR.training, train_biases=True),
)

_EITHER = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
_XOR_DATA = Dataset(_EITHER, [[0.0], [1.0], [1.0], [0.0]], predictors=("first", "second"), responses=("XOR",))

PERCEPTRON = Lesson(
    key="perceptron",
    title="Perceptron: two classes a line apart",
    teaches=(
        "Weights and bias move only on a mistake, and the line stops moving once no point is on its wrong "
        "side."
    ),
    network=Network((2, 1), output="step"),
    data=Dataset(
        [[0.1, 0.2], [0.3, 0.1], [0.2, 0.5], [0.4, 0.3], [0.6, 0.6], [0.8, 0.4], [0.7, 0.9], [0.9, 0.7]],
        [[0.0], [0.0], [0.0], [0.0], [1.0], [1.0], [1.0], [1.0]],
        predictors=("x1", "x2"),
        responses=("class",),
    ),
    training=Training(eta=0.1, epochs=20, seed=5, batch_size=1),
    source=f"{NOTES}, Perceptron Learning Rule; data of our own",
)

PERCEPTRON_XOR = Lesson(
    key="perceptron-xor",
    title="Perceptron on XOR: no line does it",
    teaches=(
        "One line cannot part the corners of XOR: at least one is always wrong, and step by update shows "
        "the weights go in a circle."
    ),
    network=PERCEPTRON.network,
    data=_XOR_DATA,
    training=Training(eta=0.1, epochs=100, seed=5, batch_size=1),
    source=f"{NOTES}, Limitation of Perceptrons",
)

XOR = Lesson(
    key="xor",
    title="XOR: a hidden layer does it",
    teaches=(
        "Two hidden nodes draw two lines, and the output joins them: all four corners come right, but a "
        "start with seed 3 gets stuck."
    ),
    network=Network((2, 2, 1), hidden="tanh", output="sigmoid"),
    data=_XOR_DATA,
    training=Training(eta=0.5, epochs=1000, seed=1, loss="binary_cross_entropy"),
    source=f"{NOTES}, Perceptrons: add layers",
)


def _passed_exam() -> Dataset:
    """Hours of study of twelve students, and whether they passed.

    Scaled to [-1, 1]; two who studied longer than others failed.
    """
    hours = np.array([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0])
    passed = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    column = Column("study (h)", least=float(hours.min()), most=float(hours.max()), scale=(-1.0, 1.0))
    return Dataset(
        column.scaled(hours)[:, np.newaxis],
        passed[:, np.newaxis],
        predictors=(column,),
        responses=("passed",),
    )


LOGISTIC = Lesson(
    key="logistic",
    title="Logistic regression: one neuron",
    teaches=(
        "One sigmoid node with the logistic loss is logistic regression: move the threshold (Settings, "
        "Pictures), and recall pays for precision."
    ),
    network=Network((1, 1), output="sigmoid"),
    data=_passed_exam(),
    training=Training(eta=3.0, epochs=300, seed=3, loss="binary_cross_entropy"),
    source=f"{NOTES}, Logistic Regression; data of our own",
)
