"""The benchmark compares like with like: its other candidates compute the lecture's example too."""

import numpy as np
import pytest
from benchmark import by_hand, torch_eager

from ann_dashboard import lessons
from ann_dashboard.initialisers import lecture

EPOCHS = 44
PREDICTIONS = {0: "-0.704989404", 1: "-0.546690371", 2: "-0.414844245", 10: "0.109087623", 43: "0.299104038"}


@pytest.mark.parametrize("candidate", [by_hand, torch_eager])
def test_every_candidate_computes_the_lectures_predictions(candidate):
    if candidate is torch_eager:
        pytest.importorskip("torch")
    predictions = np.asarray(candidate(lecture(lessons.LECTURE.network, 3), 0.1, EPOCHS))
    assert {epoch: f"{predictions[epoch]:.9f}" for epoch in PREDICTIONS} == PREDICTIONS
