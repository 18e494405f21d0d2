"""History: the table, its conventions, and the questions one asks it."""

import io

import numpy as np
import pandas as pd
import pytest

from ann_dashboard import Dataset, Network, Training, lessons, notation, train

SAMPLES = 9


@pytest.fixture(scope="module")
def lecture():
    return lessons.LECTURE.train()


def several(**settings):
    """A history of nine samples with two responses."""
    draw = np.random.default_rng(6)
    data = Dataset(x=draw.uniform(-1.0, 1.0, (SAMPLES, 2)), y=draw.uniform(-1.0, 1.0, (SAMPLES, 2)))
    return train(Network((2, 3, 2)), data, Training(**({"eta": 0.3, "epochs": 20} | settings)))


HISTORIES = {
    "one sample": lambda: train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=300)),
    "several samples": several,
    "thinned": lambda: several(record_every=7),
    "diverged": lambda: several(eta=50.0, epochs=300),
    "one sample, diverged": lambda: train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=1e6, epochs=60)),
}


def test_the_table_of_one_sample_is_indexed_by_epoch(lecture):
    assert lecture.table.index.name == "epoch"
    assert lecture.table.index.tolist() == list(range(1001))
    assert tuple(lecture.table.columns) == lecture.network.columns
    assert set(lecture.table.dtypes) == {np.dtype(float)}


def test_the_table_of_several_samples_is_indexed_by_epoch_update_and_sample():
    history = several(epochs=2)
    assert history.table.index.names == ["epoch", "update", "sample"]
    assert history.table.index.tolist() == [(epoch, 0, sample) for epoch in (0, 1, 2) for sample in range(SAMPLES)]
    assert tuple(history.table.columns) == history.network.columns


def test_a_row_of_several_samples_holds_its_own_sample():
    history = several()
    np.testing.assert_array_equal(history.table.loc[5, ["I1", "I2"]], history.data.x)
    np.testing.assert_array_equal(history.table.loc[5, ["y_1", "y_2"]], history.data.y)


def test_eta_stands_in_every_row():
    assert set(several(eta=0.25).curve("eta")) == {0.25}


@pytest.mark.parametrize("epoch", [0, 1, 1000, np.int64(10), np.uint8(10)])
def test_at_gives_the_row_of_an_epoch_by_symbol(lecture, epoch):
    assert lecture.at(epoch) == lecture.table.loc[int(epoch)].to_dict()


@pytest.mark.parametrize("sample", [0, 4, 8, np.int64(8)])
def test_at_gives_any_sample_of_an_epoch(sample):
    history = several()
    assert history.at(20, sample) == history.at(20, sample=sample) == history.table.loc[(20, 0, int(sample))].to_dict()


def test_at_gives_python_floats_in_the_columns_order(lecture):
    row = lecture.at(10)
    assert tuple(row) == lecture.network.columns
    assert {type(value) for value in row.values()} == {float}


@pytest.mark.parametrize("epoch", [0, 7, 14, 20])
def test_a_thinned_history_finds_its_epochs(epoch):
    thinned, full = several(record_every=7), several()
    assert thinned.recorded_epochs.tolist() == [0, 7, 14, 20]
    assert thinned.at(epoch, sample=3) == full.at(epoch, sample=3)


@pytest.mark.parametrize("symbol", ["lambda_4_6", "I1in", "L", "dL_db_6", "eta"])
def test_a_curve_is_a_column(lecture, symbol):
    np.testing.assert_array_equal(lecture.curve(symbol), lecture.table[symbol])


def test_the_rows_of_a_sample_are_its_passes():
    history = several(record_every=7)
    np.testing.assert_array_equal(history.of_sample(5), history.table.xs(5, level="sample"))


def test_a_history_counts_its_passes():
    assert len(several(epochs=4)) == 5 * SAMPLES


@pytest.mark.parametrize("name", ["values", "epochs"])
def test_a_history_cannot_be_changed(lecture, name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(lecture, name)[0] = 0.0


def test_updates_have_a_row_for_each_update():
    updates, network = several().updates, Network((2, 3, 2))
    assert updates.index.names == ["epoch", "update"]
    assert updates.index.tolist() == [(epoch, 0) for epoch in range(20)]
    derivatives = [notation.derivative(symbol) for symbol in network.parameters]
    assert updates.columns.tolist() == [*network.parameters, *derivatives, "eta", "L", "L_data"]


@pytest.mark.parametrize("settings", [{}, {"eta": 50.0, "epochs": 300}], ids=["training", "diverging"])
def test_an_update_moves_its_parameters_to_the_next_ones(settings):
    """λ ← λ − η·(1/n)·Σ ∂L/∂λ, to the last bit: the table of updates is what moved the parameters."""
    history = several(**settings)
    updates, parameters = history.updates, list(history.network.parameters)
    gradients = updates[[notation.derivative(symbol) for symbol in parameters]].to_numpy()
    with np.errstate(over="ignore", invalid="ignore"):
        moved = updates[parameters].to_numpy() - updates[["eta"]].to_numpy() * gradients
    np.testing.assert_array_equal(moved[:-1], updates[parameters].to_numpy()[1:])
    np.testing.assert_array_equal(moved[-1], [history.at(history.training.epochs)[symbol] for symbol in parameters])
    assert bool(np.isnan(gradients).any()) == bool(settings)


@pytest.mark.parametrize(("x", "derivative"), [([1.0, 1.0], "-inf"), ([10.0, -10.0], "nan")])
def test_a_mean_too_large_for_a_number_is_inf_or_nan_as_in_the_training(x, derivative):
    data = Dataset(x=[[x[0]], [x[1]]], y=[[1e308], [1e308]])
    history = train(Network((1, 1)), data, Training(epochs=1, eta=1.0))
    assert str(history.updates["dL_dlambda_1_2"].iloc[0]) == derivative
    assert str(-history.at(1)["lambda_1_2"]) == derivative


def test_the_loss_of_an_update_is_the_mean_over_its_samples():
    history = several()
    losses = history.curve("L").reshape(-1, SAMPLES).mean(axis=1)[:-1]
    np.testing.assert_allclose(history.updates["L"], losses, rtol=1e-14)
    np.testing.assert_array_equal(history.updates["L_data"], history.updates["L"])


def test_updates_of_a_thinned_history_are_those_recorded():
    full, thinned = several().updates, several(record_every=7).updates
    pd.testing.assert_frame_equal(thinned, full.loc[[0, 7, 14]])


def test_updates_of_one_sample_are_its_rows(lecture):
    columns = [*lecture.network.parameters, "dL_db_4", "eta", "L"]
    np.testing.assert_array_equal(lecture.updates[columns], lecture.table[columns].iloc[:-1])


@pytest.mark.parametrize("name", HISTORIES)
def test_the_csv_reads_back_to_the_same_floats(name, tmp_path):
    history = HISTORIES[name]()
    path = tmp_path / "history.csv"
    history.to_csv(path)
    index = list(history.table.index.names)
    back = pd.read_csv(path, index_col=index[0] if len(index) == 1 else index)
    pd.testing.assert_frame_equal(back, history.table, check_exact=True, check_column_type=False)


@pytest.mark.parametrize("name", ["diverged", "one sample, diverged"])
def test_the_diverged_histories_hold_inf_and_nan(name):
    """Without it the CSV would be read back for finite numbers only."""
    values = HISTORIES[name]().values
    assert (bool(np.isinf(values).any()), bool(np.isnan(values).any())) == (True, True)


def test_the_csv_of_a_diverged_history_says_inf_and_nan_in_words():
    text = HISTORIES["diverged"]().to_csv()
    assert (",inf," in text, ",NaN," in text, ",," in text) == (True, True, False)


def test_the_csv_is_given_as_text_where_there_is_no_path(lecture):
    back = pd.read_csv(io.StringIO(lecture.to_csv()), index_col="epoch")
    pd.testing.assert_frame_equal(back, lecture.table, check_exact=True, check_column_type=False)


def test_a_finite_history_did_not_diverge(lecture):
    assert lecture.diverged_at is None


def test_divergence_is_told_by_the_first_epoch_that_is_not_finite():
    history = several(eta=50.0, epochs=300)
    finite = np.isfinite(history.values).all(axis=1).reshape(-1, SAMPLES).all(axis=1)
    assert history.diverged_at == int(np.argmin(finite))
    assert finite[: history.diverged_at].all()


def test_divergence_of_a_thinned_history_is_told_by_a_recorded_epoch():
    full, thinned = (several(eta=50.0, epochs=300, record_every=every) for every in (1, 7))
    assert thinned.diverged_at == -(-full.diverged_at // 7) * 7


@pytest.mark.parametrize(("within", "epoch"), [(2.0, 0), (0.5, 5), (1e-3, 43), (np.float64(1e-3), 43)])
def test_convergence_is_told_by_the_first_epoch_that_stays_near(lecture, within, epoch):
    distances = np.abs(lecture.curve("O6") - 0.3)
    assert lecture.converged_at(within=within) == epoch == int((distances >= within).sum())


def test_convergence_is_within_a_thousandth_unless_said_otherwise(lecture):
    assert lecture.converged_at() == 43


def test_convergence_needs_every_sample():
    """Two samples of one input and two truths cannot both be met."""
    data = Dataset(x=[[0.5], [0.5]], y=[[0.3], [0.4]])
    history = train(Network((1, 1)), data, Training(epochs=500))
    assert history.converged_at(within=0.01) is None
    assert history.converged_at(within=0.06) == int((np.abs(history.curve("O2") - history.curve("y_1")).reshape(-1, 2).max(axis=1) >= 0.06).sum())


@pytest.mark.parametrize("y", [[0.0, 0.9], [0.9, 0.0]])
def test_convergence_needs_every_output(y):
    """An input of 0 moves no weight and the biases are held: both predictions stay 0."""
    data = Dataset(x=[[0.0]], y=[y])
    training = Training(epochs=50, start=dict.fromkeys(Network((1, 2)).parameters, 0.0), train_biases=False)
    assert train(Network((1, 2)), data, training).converged_at() is None


def test_a_prediction_that_leaves_again_has_not_converged():
    """ŷ passes the truth once on its way out of bounds."""
    history = train(Network((1, 1)), Dataset(x=[[1.0]], y=[[1.0]]), Training(eta=1.5, epochs=30, start={"lambda_1_2": 0.5, "b_2": 0.5 + 1e-6}))
    assert abs(history.at(0)["O2"] - 1.0) < 1e-3
    assert history.converged_at() is None


def test_convergence_of_a_thinned_history_is_told_by_a_recorded_epoch():
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(record_every=10))
    assert history.converged_at() == 50


@pytest.mark.parametrize("eta", [3.0, 1e6])
def test_a_diverged_history_has_not_converged(eta):
    assert train(lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=eta)).converged_at() is None


def test_distances_too_large_for_a_number_are_far():
    data = Dataset(x=[[0.0]], y=[[1.7e308]])
    assert train(Network((1, 1)), data, Training(epochs=1, start={"b_2": -1.7e308})).converged_at() is None


@pytest.mark.parametrize(
    ("ask", "error", "parts"),
    [
        (lambda history: history.at(21), LookupError, ["epoch 21 is not recorded", "0 to 20"]),
        (lambda history: history.at(10**30), LookupError, ["epoch 1000", "0 to 20"]),
        (lambda history: history.at(-1), ValueError, ["epoch is -1", "0 or more"]),
        (lambda history: history.at(1.0), TypeError, ["epoch is 1.0", "whole number", "0 or more"]),
        (lambda history: history.at(float("nan")), TypeError, ["epoch is nan", "whole number"]),
        (lambda history: history.at(True), TypeError, ["epoch is True", "whole number"]),
        (lambda history: history.at("last"), TypeError, ["epoch is 'last'", "whole number"]),
        (lambda history: history.at(None), TypeError, ["epoch is None", "whole number"]),
        (lambda history: history.at([0, 1]), TypeError, ["epoch is [0, 1]", "whole number"]),
        (lambda history: history.at(0, 9), LookupError, ["sample 9 does not exist", "0 to 8"]),
        (lambda history: history.at(0, sample=-1), ValueError, ["sample is -1", "0 or more"]),
        (lambda history: history.at(0, sample=0.5), TypeError, ["sample is 0.5", "whole number"]),
        (lambda history: history.at(0, sample=True), TypeError, ["sample is True", "whole number"]),
        (lambda history: history.of_sample(9), LookupError, ["sample 9 does not exist", "0 to 8"]),
        (lambda history: history.curve("w14"), KeyError, ["'w14' is no column", "lambda_1_3", "dL_db_7"]),
        (lambda history: history.curve(3), KeyError, ["3 is no column", "lambda_1_3"]),
        (lambda history: history.converged_at(within=0), ValueError, ["within is 0", "above 0"]),
        (lambda history: history.converged_at(within=float("nan")), ValueError, ["within is nan", "above 0"]),
        (lambda history: history.converged_at(within="1e-3"), TypeError, ["within is '1e-3'", "above 0"]),
    ],
)
def test_a_question_without_answer_is_refused_with_the_thing_the_value_and_the_cure(ask, error, parts):
    with pytest.raises(error) as refusal:
        ask(several())
    assert [part for part in parts if part not in str(refusal.value)] == []


@pytest.mark.parametrize("epoch", [1, 13, 19])
def test_an_epoch_that_was_thinned_away_is_refused_with_those_there_are(epoch):
    with pytest.raises(LookupError, match=f"epoch {epoch} is not recorded: choose a multiple of 7 below 20, or 20"):
        several(record_every=7).at(epoch)
