"""The benchmark compares like with like: its other candidates compute the same examples, and each of its
parts runs.
"""

import re
import shutil

import engine
import numpy as np
import pytest
from engine import by_hand, c_costs, compiled_c, higham_costs, torch_eager

from ann_dashboard import lessons
from ann_dashboard.engine.initialisers import lecture

EPOCHS = 44
PREDICTIONS = {0: "-0.704989404", 1: "-0.546690371", 2: "-0.414844245", 10: "0.109087623", 43: "0.299104038"}


@pytest.mark.parametrize("candidate", [by_hand, torch_eager])
def test_every_candidate_computes_the_lectures_predictions(candidate):
    if candidate is torch_eager:
        pytest.importorskip("torch")
    predictions = np.asarray(candidate(lecture(lessons.LECTURE.network, 3), 0.1, EPOCHS))
    assert {epoch: f"{predictions[epoch]:.9f}" for epoch in PREDICTIONS} == PREDICTIONS


def test_the_c_program_has_the_costs_of_our_training(tmp_path):
    """The same arithmetic, the same draws: 10⁵ updates, a cost every hundred."""
    pytest.importorskip("numba")
    if not (program := compiled_c(tmp_path)):
        pytest.skip("no gcc on PATH")
    seconds, costs = c_costs(program, 100_000)
    assert seconds > 0.0
    assert len(costs) == 1001
    np.testing.assert_allclose(higham_costs(100_000), costs, rtol=1e-12, atol=0.0)


def test_highams_classifier_is_told_beside_the_others(capsys):
    pytest.importorskip("numba")
    engine.higham(2, updates=1000)
    told = capsys.readouterr().out
    assert "1,000 stochastic updates of 2-2-3-2" in told
    assert "ann_dashboard, compiled by numba" in told
    assert ("C, gcc -O2" in told) == bool(shutil.which("gcc"))
    assert ("Octave, once" in told) == bool(shutil.which("octave"))


def test_the_record_is_as_large_as_computed(capsys):
    pytest.importorskip("numba")
    engine.memory(updates=10_000)
    computed, found = re.findall(r"(\d+\.\d+) MB", capsys.readouterr().out)[:2]
    assert float(computed) == float(found) > 0.0


def test_the_cost_of_a_weight_is_told_of_growing_networks(capsys):
    pytest.importorskip("numba")
    engine.cost_of_a_weight(2, work=1e4)
    assert re.findall(r"^(\d[\d-]+) +(\d+) ", capsys.readouterr().out, flags=re.MULTILINE) == [
        ("3-2-1", "8"),
        ("4-6-6-4", "84"),
        ("8-8-8-2", "144"),
        ("16-16-16-4", "576"),
        ("32-32-32-8", "2304"),
        ("64-64-64-8", "8704"),
    ]


def test_the_recorded_epochs_are_told_beside_a_by_hand_loop(capsys):
    engine.recorded_epochs(2)
    assert "by-hand loop of the lecture's kind" in capsys.readouterr().out
