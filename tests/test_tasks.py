"""The answers in notebooks 03 to 05, and README, tell what a run gives.

Each is computed here and looked up in the text.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
from higham import outcomes, points_right

from ann_dashboard import History, Network, lessons, train
from ann_dashboard.lessons.higham import FULL_RUN

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PERCEPTRON, HIGHAM, WELLS = "03_perceptron_logistic_and_mazur", "04_classifier", "05_wells_and_overfitting"


@cache
def told(notebook: str) -> str:
    """All that a notebook tells in words."""
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@cache
def trained(key: str) -> History:
    return lessons.ALL[key].train()


def mistakes(history: History) -> np.ndarray:
    """How many samples are on the wrong side of one half at each recorded epoch (recorded epochs,)."""
    return ((history.predictions() >= 0.5) != (history.data.y >= 0.5)).any(axis=2).sum(axis=1)


def last_outputs(history: History) -> str:
    return ", ".join(f"{value:.2f}" for value in history.predictions()[-1].ravel())


def since(right: np.ndarray) -> int:
    """The first row from which on something holds to the end."""
    return int(np.flatnonzero(~right)[-1]) + 1


# ---------------------------------------------------------------- 03


def test_the_perceptrons_last_mistake():
    wrong = mistakes(trained("perceptron"))
    first = since(wrong == 0)
    assert wrong[first - 1] == 2
    assert f"Epoch {first}. At epoch {first - 1} two of the eight points are still wrong." in told(PERCEPTRON)


def test_the_perceptrons_circle_on_xor():
    history = trained("perceptron-xor")
    still = np.abs(np.diff(history.states, axis=0)).max(axis=1) < 1e-12
    assert mistakes(history).min() == 1
    assert f"from epoch {since(still)} on they are back" in told(PERCEPTRON)


def test_xor_learned_and_xor_stuck():
    history = trained("xor")
    stuck = train(history.network, history.data, replace(history.training, seed=3))
    line = train(replace(history.network, hidden="identity"), history.data, history.training)
    assert f"Epoch {since(mistakes(history) == 0)}, and the outputs end at {last_outputs(history)}." in told(
        PERCEPTRON
    )
    assert f"the outputs are {last_outputs(stuck)} after {stuck.training.epochs} epochs" in told(PERCEPTRON)
    assert last_outputs(line) == "0.50, 0.50, 0.50, 0.50"


def test_precision_and_recall_at_thresholds():
    history = trained("logistic")
    true = history.data.y.ravel() == 1
    called = {
        threshold: history.predictions()[-1].ravel() >= threshold for threshold in (0.30, 0.50, 0.70, 0.75)
    }
    precision = {threshold: f"{(ones & true).sum()}/{ones.sum()}" for threshold, ones in called.items()}
    recall = {threshold: f"{(ones & true).sum()}/{true.sum()}" for threshold, ones in called.items()}
    expected = (
        f"Precision {precision[0.3]}, {precision[0.5]} and {precision[0.75]}; "
        f"recall {recall[0.3]}, {recall[0.5]} and {recall[0.75]}."
    )
    assert expected in told(PERCEPTRON)
    assert f"at 0.70 precision is {precision[0.7]}, less than at 0.50" in told(PERCEPTRON)


def test_the_hours_at_which_passing_is_as_likely_as_failing():
    history = trained("logistic")
    weight, bias = history.states[-1]
    study = history.data.predictors[0]
    hours = float(study.original(-bias / weight))
    an_hour = weight * float(study.scaled(1.0) - study.scaled(0.0))
    assert f"{hours:.2f} h: there" in told(PERCEPTRON)
    assert f"Every hour more adds {an_hour:.2f} to" in told(PERCEPTRON)


def test_mazurs_two_paths():
    row = trained("mazur").at(0)
    first, second = (row[f"lambda_3_{out}"] * row[f"dL_dO{out}in"] for out in (5, 6))
    assert first + second == pytest.approx(row["dL_dH3"])
    factors = (
        rf"{row['lambda_3_5']:.2f} \cdot {row['dL_dO5in']:.4f} + "
        rf"{row['lambda_3_6']:.2f} \cdot ({row['dL_dO6in']:.4f})"
    )
    assert f"${factors} = {first:.4f} - {-second:.4f} = {row['dL_dH3']:.4f}$" in told(PERCEPTRON)
    assert first / row["dL_dH3"] == pytest.approx(1.5, abs=0.05)


def test_mazurs_loss_after_one_update():
    held, with_biases = (trained(key).at(1)["L"] for key in ("mazur", "mazur-trained"))
    assert f"{held:.9f} and {with_biases:.9f}." in told(PERCEPTRON)


# ---------------------------------------------------------------- 04


def test_highams_epochs_and_parameters():
    training = lessons.HIGHAM.training
    assert training.epochs * len(lessons.HIGHAM.data) == 100_000
    assert lessons.HIGHAM.network.parameter_count == 2 * (2 + 1) + 3 * (2 + 1) + 2 * (3 + 1) == 23


def test_highams_cost_is_long_flat():
    history = trained("higham")
    first, thousandth = history.losses[np.searchsorted(history.recorded_epochs, [0, 1000])]
    every = since(points_right(history) == 10)
    expected = (
        f"From {first:.4f} to {thousandth:.4f}: next to nothing. "
        f"All ten are right from epoch {history.recorded_epochs[every]} on"
    )
    assert expected in told(HIGHAM)
    assert f"$C$ ends at {history.losses[-1]:.4f}" in told(HIGHAM)


def test_highams_two_outputs_and_their_sum():
    sums = trained("higham").predictions().sum(axis=2)
    assert f"where it is {sums[0, 0]:.2f} for the first point" in told(HIGHAM)
    assert sums[-1] == pytest.approx(np.ones(10), abs=0.01)


def test_highams_point_that_stays_wrong():
    pytest.importorskip("numba")
    lesson = lessons.HIGHAM
    full = train(lesson.network, lesson.data, replace(FULL_RUN, seed=3))
    (wrong,) = np.flatnonzero(full.predictions()[-1].argmax(axis=1) != lesson.data.y.argmax(axis=1))
    assert (wrong, lesson.data.x[wrong].tolist(), lesson.data.y[wrong].tolist()) == (4, [0.4, 0.2], [1, 0])
    away = np.linalg.norm(lesson.data.x - lesson.data.x[wrong], axis=1)
    assert lesson.data.y[np.argsort(away)[1]].tolist() == [0, 1]
    assert f"$C = {full.losses[-1]:.4f}$ instead of about 0.00004" in told(HIGHAM)


def test_highams_twenty_starts():
    pytest.importorskip("numba")
    right, costs = outcomes(range(20))
    assert np.flatnonzero(right[:, 1] < 10).tolist() == [3]
    assert f"after $10^5$ updates {(right[:, 0] == 10).sum()} of the 20 have all ten right" in told(HIGHAM)
    assert f"{np.median(costs[:, 1]):.5f}" == "0.00004"


def test_readmes_twenty_starts():
    pytest.importorskip("numba")
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    for points, costs, length in zip(
        *(values.T for values in outcomes(range(20))), ("10⁵ (the lesson)", "10⁶ (the source)"), strict=True
    ):
        cells = (
            f"{(points == 10).sum()} of 20",
            f"{points.min()}",
            f"{costs.min():.2g} to {costs.max():.2g}",
            f"{np.median(costs):.2g}",
        )
        assert f"| {length} | {' | '.join(cells)} |" in readme


def test_highams_points_with_softmax_and_in_one_batch():
    lesson = lessons.HIGHAM
    softmax = train(
        Network((2, 2, 3, 2), output="softmax"), lesson.data, replace(lesson.training, loss="cross_entropy")
    )
    batch = train(lesson.network, lesson.data, replace(lesson.training, batch_size=None, sampling="ordered"))
    assert (
        f"Epoch {softmax.recorded_epochs[since(points_right(softmax) == 10)]}: cross-entropy keeps"
        in told(HIGHAM)
    )
    assert f"has come to $C = {batch.losses[-1]:.4f}$ with {points_right(batch)[-1]} points right" in told(
        HIGHAM
    )


# ---------------------------------------------------------------- 05


def error(history: History, row: int, *, part: str) -> float:
    """Root mean square error of the predictions at one recorded epoch, in original units.

    Of the "training" or the "test" part.
    """
    data = history.data if part == "training" else history.test
    return float(np.sqrt(((data.original(history.predictions(data.x)[row]) - data.y_original()) ** 2).mean()))


def r_squared(predicted: np.ndarray, y: np.ndarray) -> float:
    return float(1.0 - ((predicted - y) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def test_the_wells_batches():
    history = trained("wells")
    assert f"are {history.update_count(0)} updates; the last has {len(history.data) % 5} wells" in told(WELLS)


def test_the_wells_network_and_a_line():
    history = trained("wells")
    data, test = history.data, history.test
    line = np.polynomial.Polynomial.fit(data.x[:, 0], data.y[:, 0], 1)(test.x)
    by_line = np.sqrt(((data.original(line) - test.y_original()) ** 2).mean())
    by_network = error(history, -1, part="test")
    shares = (
        f"{r_squared(history.predictions(test.x)[-1], test.y):.3f} instead of {r_squared(line, test.y):.3f}"
    )
    assert (
        f"{by_network:.2f} % instead of {by_line:.2f} % porosity (root mean square), and $R^2$ {shares}"
        in told(WELLS)
    )


def test_the_bends_of_the_wells_curve():
    history = trained("wells")
    state = history.at(300)
    impedance = history.data.predictors[0]
    h2, h3, h4 = (
        float(impedance.original(-state[f"b_{node}"] / state[f"lambda_1_{node}"])) for node in (2, 3, 4)
    )
    assert f"At an impedance of {h3:.2f} ($H_3$) and of {h4:.2f} ($H_4$)." in told(WELLS)
    assert (
        f"would bend at {h2:.2f}, below the smallest impedance of the training wells, {impedance.least:.2f}"
        in told(WELLS)
    )
    assert max(history.at(300, sample)["H2"] for sample in range(144)) == 0


def test_the_dead_nodes_of_seed_three():
    lesson = lessons.WELLS
    history = train(lesson.network, lesson.data, replace(lesson.training, seed=3))
    signals = {
        node: history.curve(node)[: 300 * 144].reshape(300, 144).max(axis=1) for node in ("H2", "H3", "H4")
    }
    assert signals["H2"].max() == 0
    assert f"from epoch 0 on, $H_3$ from epoch {since(signals['H3'] == 0)} on." in told(WELLS)
    assert signals["H4"].min() > 0
    assert f"$R^2$ {r_squared(history.predictions(history.test.x)[-1], history.test.y):.3f}." in told(WELLS)


def test_the_cells_outside_what_was_learned():
    impedance, values = lessons.WELLS.data.predictors[0], lessons.WELLS.field.values
    outside = ((values < impedance.least) | (values > impedance.most)).mean()
    history = trained("wells")
    least = history.data.original(history.predictions(impedance.scaled(values).reshape(-1, 1))[-1]).min()
    assert f"the smallest porosity of the map is ${least:.1f}$ %" in told(WELLS)
    assert (
        f"{100 * outside:.1f} % of the cells lie outside {impedance.least:.2f} to {impedance.most:.2f}."
        in told(WELLS)
    )


def test_the_epoch_at_which_the_depth_network_is_best():
    history = trained("depth")
    best = int(history.test_losses.argmin())
    held_out, learned = (
        [error(history, row, part=part) for row in (best, -1)] for part in ("test", "training")
    )
    assert f"At epoch {history.recorded_epochs[best]}." in told(WELLS)
    assert f"test error is {held_out[0]:.2f} % porosity there and {held_out[1]:.2f} % at the end" in told(
        WELLS
    )
    assert f"training error falls from {learned[0]:.2f} % to {learned[1]:.2f} %" in told(WELLS)


def test_the_cures_of_overfitting():
    history = trained("depth")
    training = history.training
    stopped = train(history.network, history.data, replace(training, patience=200))
    penalty = train(history.network, history.data, replace(training, l2=0.003))
    smaller = train(Network((1, 2, 1), hidden="tanh"), history.data, training)
    ends = [run.test_losses[-1] for run in (stopped, penalty, smaller, history)]
    first, second, third, without = (f"{end:.4f}" for end in ends)
    expected = (
        f"{first} (stopped at epoch {stopped.recorded_epochs[-1]}), "
        f"{second} (penalty) and {third} (two hidden nodes)"
    )
    assert expected in told(WELLS)
    assert f"instead of {without}." in told(WELLS)
    assert min(run.losses[-1] for run in (stopped, penalty, smaller)) > history.losses[-1]
