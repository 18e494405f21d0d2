"""History: the table, its conventions, and the questions one asks it."""

import io
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrices import rows_by_matrices
from random_trainings import data_of, trainings

from ann_dashboard import Dataset, Network, Training, lessons, notation, train
from ann_dashboard.engine.optimisers import Adam

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
    "one sample, diverged": lambda: train(
        lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=1e6, epochs=60)
    ),
}


def test_the_table_of_one_sample_is_indexed_by_epoch(lecture):
    assert lecture.table.index.name == "epoch"
    assert lecture.table.index.tolist() == list(range(1001))
    assert tuple(lecture.table.columns) == lecture.network.columns
    assert set(lecture.table.dtypes) == {np.dtype(float)}


def test_the_table_shares_the_records_memory(lecture):
    assert np.shares_memory(lecture.table.to_numpy(copy=False), lecture.values)
    assert np.shares_memory(lecture.table.to_numpy(copy=False), lecture.table.to_numpy(copy=False))


@pytest.mark.parametrize(
    "write",
    [
        lambda table: table.__setitem__("L", 0.0),
        lambda table: table.iloc.__setitem__((0, 0), 5.0),
        lambda table: table.loc.__setitem__((0, "L"), 5.0),
        lambda table: table.to_numpy().__setitem__((0, 0), 5.0),
        lambda table: table["L"].to_numpy().__setitem__(0, 5.0),
        lambda table: table.insert(0, "new", 1.0),
        lambda table: setattr(table, "columns", range(len(table.columns))),
        lambda table: table.pop("L"),
        lambda table: table.mul(2.0).to_numpy().fill(0.0),
    ],
)
def test_whoever_writes_into_the_table_changes_neither_the_history_nor_the_next_table(write):
    history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=3))
    values, text = history.values.copy(), history.to_csv()
    with suppress(
        ValueError
    ):  # "assignment destination is read-only", where pandas does not copy what is written to
        write(history.table)
    np.testing.assert_array_equal(history.values, values)
    assert history.to_csv() == text
    assert np.shares_memory(history.table.to_numpy(copy=False), history.values)


@pytest.mark.parametrize(
    "history",
    [lessons.LECTURE.train(), lessons.XOR.train(), lessons.XOR.train().with_updates_as_epochs()],
    ids=["epochs", "samples", "updates"],
)
def test_the_index_is_the_tables(history):
    index = history.table.index
    assert list(history.index) == list(index.names)
    for name, numbers in history.index.items():
        np.testing.assert_array_equal(numbers, index.get_level_values(name))


def test_the_table_of_several_samples_is_indexed_by_epoch_update_and_sample():
    history = several(epochs=2)
    assert history.table.index.names == ["epoch", "update", "sample"]
    assert history.table.index.tolist() == [
        (epoch, 0, sample) for epoch in (0, 1, 2) for sample in range(SAMPLES)
    ]
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
    assert (
        history.at(20, sample)
        == history.at(20, sample=sample)
        == history.table.loc[(20, 0, int(sample))].to_dict()
    )


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
    np.testing.assert_array_equal(
        moved[-1], [history.at(history.training.epochs)[symbol] for symbol in parameters]
    )
    assert bool(np.isnan(gradients).any()) == bool(settings)


def test_a_history_by_updates_is_indexed_by_them():
    history = several(batch_size=2)
    stepped = history.with_updates_as_epochs()
    assert stepped.table.index.names == ["update", "sample"]
    assert stepped.table.index.get_level_values("update")[-1] == len(history.updates)
    np.testing.assert_array_equal(stepped.values, history.values)


def test_a_training_that_ended_at_its_start_has_no_updates_to_step_through():
    history = several(stop_below=1e9)
    assert history.stopped
    assert history.updates.empty
    with pytest.raises(ValueError, match="the training ended at its start values"):
        history.with_updates_as_epochs()


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
    np.testing.assert_allclose(history.updates["L_data"], history.updates["L"], rtol=1e-14)


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


@pytest.mark.parametrize("letters", [1, 10_000, 10**9])
@pytest.mark.parametrize("name", HISTORIES)
def test_the_pieces_of_the_csv_are_the_csv(name, letters):
    history = HISTORIES[name]()
    pieces = list(history.csv_pieces(letters))
    assert "".join(pieces) == history.to_csv()
    assert all(piece.count("\n") == 1 for piece in pieces[1:]) or letters > 1


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
    assert history.converged_at(within=0.06) == int(
        (np.abs(history.curve("O2") - history.curve("y_1")).reshape(-1, 2).max(axis=1) >= 0.06).sum()
    )


@pytest.mark.parametrize("y", [[0.0, 0.9], [0.9, 0.0]])
def test_convergence_needs_every_output(y):
    """An input of 0 moves no weight and the biases are held: both predictions stay 0."""
    data = Dataset(x=[[0.0]], y=[y])
    training = Training(epochs=50, start=dict.fromkeys(Network((1, 2)).parameters, 0.0), train_biases=False)
    assert train(Network((1, 2)), data, training).converged_at() is None


def test_a_prediction_that_leaves_again_has_not_converged():
    """ŷ passes the truth once on its way out of bounds."""
    history = train(
        Network((1, 1)),
        Dataset(x=[[1.0]], y=[[1.0]]),
        Training(eta=1.5, epochs=30, start={"lambda_1_2": 0.5, "b_2": 0.5 + 1e-6}),
    )
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
        (lambda history: history.curve("w14"), KeyError, ["'w14' is not a column", "lambda_1_3", "dL_db_7"]),
        (lambda history: history.curve(3), KeyError, ["3 is not a column", "lambda_1_3"]),
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
    with pytest.raises(
        LookupError, match=f"epoch {epoch} is not recorded: choose a multiple of 7 below 20, or 20"
    ):
        several(record_every=7).at(epoch)


BATCHES = [[[0, 2, 2], [1]], [[3], [8, 0]]]


@pytest.mark.parametrize(
    ("epoch", "update", "samples"),
    [(0, 0, (0, 2, 2)), (0, 1, (1,)), (1, 0, (3,)), (1, 1, (8, 0)), (2, 0, tuple(range(SAMPLES)))],
)
def test_a_batch_is_the_samples_of_an_update(epoch, update, samples):
    assert several(batches=BATCHES).batch(epoch, update) == samples


@pytest.mark.parametrize(
    "settings",
    [
        {"batches": BATCHES},
        {"batch_size": 4, "sampling": "shuffled"},
        {"batch_size": 1, "record_every": 3},
        {},
    ],
)
def test_the_mean_derivatives_are_those_that_move_the_parameters(settings):
    """Gradient descent: (θ − θ after the update) / η."""
    history = several(epochs=9, **settings)
    epochs, updates = history.recorded_states
    states = history.of_sample_at_updates()[
        :, [history.columns.index(symbol) for symbol in history.network.parameters]
    ]
    followed = np.append((np.diff(epochs) == 0) | ((np.diff(epochs) == 1) & (updates[1:] == 0)), False)
    moved = np.flatnonzero(followed)
    means = history.mean_derivatives(epochs[moved], updates[moved])
    np.testing.assert_allclose(means, (states[moved] - states[moved + 1]) / 0.3, rtol=1e-9, atol=1e-14)


def test_a_state_is_the_parameters_and_the_running_means_before_an_update():
    history = several(optimiser=Adam(), batch_size=4)
    row = history.at(3, 8, update=1)
    moving = [symbol for symbol in history.columns if symbol.startswith(("lambda_", "b_", "m_", "v_"))]
    assert history.state_at(3, 1) == {symbol: row[symbol] for symbol in moving}


MINIBATCHES = {"epochs": 6, "batch_size": 4, "sampling": "shuffled"}


def test_row_l_of_one_sample_is_the_state_after_l_updates(lecture):
    one_more = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=8))
    for row in range(8):
        state = {symbol: one_more.at(row)[symbol] for symbol in one_more.network.parameters}
        following = train(one_more.network, one_more.data, Training(epochs=1, start=state)).at(1)
        assert following == one_more.at(row + 1) == lecture.at(row + 1)


def test_one_sample_with_several_updates_an_epoch_is_indexed_by_all_three():
    network, data = lessons.LECTURE.network, lessons.LECTURE.data
    history = train(network, data, Training(batches=[[[0], [0]], [[0]]]))
    assert history.table.index.tolist() == [(0, 0, 0), (0, 1, 0), (1, 0, 0), (2, 0, 0)]
    np.testing.assert_array_equal(history.values, train(network, data, Training(epochs=3)).values)


def test_the_last_state_has_a_complete_pass_of_every_sample_whatever_the_batches():
    history = several(**MINIBATCHES)
    last = history.table.loc[6]
    assert last.index.tolist() == [(0, sample) for sample in range(SAMPLES)]
    np.testing.assert_array_equal(last[["I1", "I2"]], history.data.x)
    assert not np.isnan(last.to_numpy()).any()


def test_updates_are_counted_from_zero_in_each_epoch_and_end_with_a_smaller_batch():
    index = several(**MINIBATCHES).table.index
    updates = [update for epoch, update, _ in index.tolist() if epoch < 6]
    assert updates == [0, 0, 0, 0, 1, 1, 1, 1, 2] * 6
    assert [sorted(sample for at, _, sample in index.tolist() if at == epoch) for epoch in range(6)] == [
        list(range(SAMPLES))
    ] * 6


def test_all_rows_of_an_update_have_its_state():
    history = several(**MINIBATCHES)
    states = history.table[list(history.network.parameters)]
    assert states.groupby(level=["epoch", "update"]).nunique().to_numpy().max() == 1
    assert len(states.drop_duplicates()) == 6 * 3 + 1


def test_the_columns_stand_in_the_order_of_the_conventions():
    history = several(dropout=0.5, optimiser=Adam())
    signals = [
        "I1in",
        "I1",
        "I2in",
        "I2",
        "H3in",
        "H3",
        "H4in",
        "H4",
        "H5in",
        "H5",
        "O6in",
        "O6",
        "O7in",
        "O7",
    ]
    hidden = ["lambda_1_3", "lambda_2_3", "lambda_1_4", "lambda_2_4", "lambda_1_5", "lambda_2_5"]
    output = ["lambda_3_6", "lambda_4_6", "lambda_5_6", "lambda_3_7", "lambda_4_7", "lambda_5_7"]
    parameters = [*hidden, *output, *["b_3", "b_4", "b_5", "b_6", "b_7"]]
    derivatives = [f"dL_d{symbol}" for symbol in [*signals, *parameters]]
    means = [f"{mean}_{symbol}" for mean in "mv" for symbol in parameters]
    assert list(history.columns) == [
        *[*signals, "y_1", "y_2", "L", *parameters, *derivatives, "eta"],
        *["mask_H3", "mask_H4", "mask_H5", *means],
    ]


@pytest.mark.parametrize(
    "settings", [{"eta": 3e-4}, {"l1": 0.5, "l2": 0.5}, {"optimiser": Adam()}, {"decay": 0.5}], ids=str
)
def test_derivatives_are_those_of_the_loss_alone(settings):
    """Never divided by η, never sign-flipped, without penalty.

    At the start they do not depend on the training's settings.
    """
    plain, other = several().at(0, 3), several(**settings).at(0, 3)
    assert {symbol: other[symbol] for symbol in plain if symbol != "eta"} == {
        symbol: plain[symbol] for symbol in plain if symbol != "eta"
    }
    assert plain["dL_dO6"] == plain["O6"] - plain["y_1"]


@settings(max_examples=100, deadline=None)
@given(case=trainings())
def test_any_question_of_a_pass_is_answered_as_recorded_or_by_an_independent_evaluation(case):
    """`at`, `of_sample` and `of_sample_at_updates` give the same passes.

    The first row of the sample in the update's batch, else its pass by matrices with no node left out.
    """
    network, data, training = case
    history = train(network, data, training, by="plain")
    epochs, updates = history.recorded_states
    keys = list(
        zip(history.epochs.tolist(), history.update_numbers.tolist(), history.samples.tolist(), strict=True)
    )
    width, fixed = len(history.columns), len(network.columns)
    first_parameter = network.columns.index("L") + 1
    state = slice(first_parameter, first_parameter + network.parameter_count)
    masks = slice(fixed, fixed + sum(network.widths[1:-1])) if training.dropout else slice(0)
    for sample in range(len(data)):
        expected = []
        for key in zip(epochs.tolist(), updates.tolist(), strict=True):
            if (*key, sample) in keys:
                row = history.values[keys.index((*key, sample))]
            else:
                row = history.values[[found[:2] for found in keys].index(key)].copy()
                own = Dataset(x=data.x[[sample]], y=data.y[[sample]])
                eta = training.eta / (1.0 + training.decay * key[0])
                with np.errstate(all="ignore"):
                    row[:fixed] = rows_by_matrices(network, row[state], own, eta, loss=training.loss)
                row[masks] = 1.0
            expected.append(row)
        tame = (np.abs(expected) < 1e6).all(axis=1)
        at_updates, of_sample = history.of_sample_at_updates(sample), history.of_sample(sample)
        assert (at_updates.shape, of_sample.shape) == (
            (len(epochs), width),
            (len(history.recorded_epochs), width),
        )
        np.testing.assert_allclose(at_updates[tame], np.array(expected)[tame], rtol=1e-11, atol=1e-11)
        np.testing.assert_array_equal(of_sample, at_updates[updates == 0])
        asked = [
            list(history.at(int(epoch), sample, update=int(update)).values())
            for epoch, update in zip(epochs, updates, strict=True)
        ]
        np.testing.assert_array_equal(asked, at_updates)
        recorded = [(*key, sample) in keys for key in zip(epochs.tolist(), updates.tolist(), strict=True)]
        np.testing.assert_array_equal(at_updates[recorded], np.array(expected)[recorded])


@settings(max_examples=100, deadline=None)
@given(case=trainings(), tested=st.booleans())
def test_the_updates_of_any_training_are_the_means_of_their_batches_with_penalties(case, tested):
    network, data, training = case
    test = data_of(network, training.loss, 3, training.seed) if tested else None
    history = train(network, data, training, test=test, by="plain")
    parameters, derivatives = (
        list(network.parameters),
        [notation.derivative(symbol) for symbol in network.parameters],
    )
    passes = history.table.iloc[: len(history) - len(data)]
    index = pd.MultiIndex.from_arrays(
        [part[: len(passes)] for part in (history.epochs, history.update_numbers)],
        names=["epoch", "update"],
    )
    batches = passes.set_index(index).groupby(level=[0, 1])
    expected = batches.mean()[derivatives]
    weights = batches.first()[list(network.weights)]
    expected[derivatives[: network.weight_count]] += training.l2 * weights.to_numpy() + training.l1 * np.sign(
        weights.to_numpy()
    )
    updates = history.updates
    tame = (np.abs(expected) < 1e6).all(axis=1)
    np.testing.assert_allclose(updates[derivatives][tame], expected[tame], rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(updates[[*parameters, "eta"]], batches.first()[[*parameters, "eta"]])
    np.testing.assert_allclose(updates["L"][tame], batches.mean()["L"][tame], rtol=1e-12)
    assert updates.index.equals(expected.index)
    np.testing.assert_array_equal(
        updates["L_data"].dropna(), history.losses[:-1][~np.isnan(history.losses[:-1])]
    )
    assert updates["L_data"].dropna().index.get_level_values("update").tolist() == [0] * int(
        (~np.isnan(history.losses[:-1])).sum()
    )
    assert ("L_test" in updates) == tested
    if tested:
        np.testing.assert_array_equal(updates.xs(0, level="update")["L_test"], history.test_losses[:-1])


def test_descent_by_the_derivatives_of_an_update_is_descent_with_penalties():
    history = several(**MINIBATCHES, l1=0.1, l2=0.3)
    updates, parameters = history.updates, list(history.network.parameters)
    gradients = updates[[notation.derivative(symbol) for symbol in parameters]].to_numpy()
    moved = np.diff(np.vstack([updates[parameters], history.states[-1]]), axis=0)
    np.testing.assert_allclose(moved, -0.3 * gradients, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("epoch", "updates"), [(0, 3), (5, 3), (6, 0)])
def test_an_epoch_counts_its_updates(epoch, updates):
    assert several(**MINIBATCHES).update_count(epoch) == updates


@pytest.mark.parametrize(("epoch", "update", "last"), [(0, 3, 2), (6, 1, 0)])
def test_an_update_that_does_not_exist_is_refused_with_those_that_do(epoch, update, last):
    """The last state is asked for as update 0."""
    with pytest.raises(
        LookupError, match=f"update {update} of epoch {epoch} does not exist: choose 0 to {last}"
    ):
        several(**MINIBATCHES).at(epoch, update=update)


def test_held_out_data_have_their_loss_at_each_recorded_epoch():
    network, draw = Network((2, 3, 2)), np.random.default_rng(1)
    test = Dataset(x=draw.uniform(-1.0, 1.0, (4, 2)), y=draw.uniform(-1.0, 1.0, (4, 2)))
    data = several().data
    history = train(network, data, Training(epochs=20, record_every=7), test=test)
    assert history.test is test
    for place, epoch in enumerate([0, 7, 14, 20]):
        start = {symbol: history.at(epoch)[symbol] for symbol in network.parameters}
        own = train(network, test, Training(epochs=1, start=start)).table.loc[0]["L"].mean()
        assert history.test_losses[place] == pytest.approx(own, rel=1e-12)


def test_data_bring_their_own_test_part_and_another_one_replaces_it():
    own, other = Dataset(x=[[0.0]], y=[[0.0]]), Dataset(x=[[1.0]], y=[[0.0]])
    data = Dataset(x=[[0.5]], y=[[0.5]], test=own)
    assert train(Network((1, 1)), data, Training(epochs=1)).test is own
    assert train(Network((1, 1)), data, Training(epochs=1), test=other).test is other
    assert train(Network((1, 1)), other, Training(epochs=1)).test_losses is None


@pytest.mark.parametrize(
    ("settings", "alone"),
    [
        ({}, False),
        ({"batches": [[[0], [1]], [[0], [2, 3]]]}, True),
        ({"batches": [[[0], [1]], [[1], [0]]]}, False),
        ({"batches": [[[0, 0]]]}, False),
    ],
)
def test_a_sample_moves_alone_where_it_is_the_whole_first_batch_of_every_epoch(settings, alone):
    assert several(**settings).moves_alone(0) is alone
