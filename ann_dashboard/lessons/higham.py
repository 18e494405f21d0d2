"""Higham & Higham's classifier.

``train(HIGHAM.network, HIGHAM.data, FULL_RUN)`` is their run of 10⁶ updates; the lesson is its first tenth.
"""

from dataclasses import replace

import numpy as np

from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.training import Training
from ann_dashboard.lessons.lesson import Lesson

_X1 = (0.1, 0.3, 0.1, 0.6, 0.4, 0.6, 0.5, 0.9, 0.4, 0.7)
_X2 = (0.1, 0.4, 0.5, 0.9, 0.2, 0.3, 0.6, 0.2, 0.4, 0.6)

HIGHAM = Lesson(
    key="higham",
    title="Higham & Higham: classifier",
    teaches=(
        "Ten updates an epoch, each on one point drawn at random: the loss is noisy and long flat before "
        "the boundary bends around the points."
    ),
    network=Network((2, 2, 3, 2), hidden="sigmoid", output="sigmoid"),
    data=Dataset(
        np.column_stack([_X1, _X2]),
        np.repeat([[1.0, 0.0], [0.0, 1.0]], 5, axis=0),
        predictors=("x1", "x2"),
        responses=("A", "B"),
        classes=("A", "B"),
    ),
    training=Training(
        eta=0.05,
        epochs=10_000,
        seed=1,
        initialiser="normal",
        batch_size=1,
        sampling="with_replacement",
        record_every=10,
    ),
    source=(
        "Bueler, talk on Higham & Higham 2019, Deep Learning: An Introduction for Applied Mathematicians "
        "(SIAM Review 61(4)), netbp.m"
    ),
)

FULL_RUN = replace(HIGHAM.training, epochs=100_000, record_every=100)
"""The source's own length, 10⁶ updates, a hundredth of its epochs recorded."""
