"""Batches: which samples pass when, and what no batches can be made of."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_trainings import trainings

from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.engine.batches import SAMPLINGS, Passes, explicit, sampled


def lists_of(passes):
    """For each epoch the index lists of its updates."""
    found = []
    for epoch, update, sample in zip(
        passes.epochs.tolist(), passes.updates.tolist(), passes.samples.tolist(), strict=True
    ):
        if epoch - passes.epochs[0] == len(found):
            found.append([])
        if update == len(found[-1]):
            found[-1].append([])
        found[-1][update].append(sample)
    return found


def draws(seed=3):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("samples", "size", "expected"),
    [
        (1, 1, [[0]]),
        (4, 4, [[0, 1, 2, 3]]),
        (4, 9, [[0, 1, 2, 3]]),
        (4, 1, [[0], [1], [2], [3]]),
        (5, 2, [[0, 1], [2, 3], [4]]),
    ],
    ids=["one sample", "batch", "larger than the data", "stochastic", "mini-batches"],
)
def test_ordered_batches_take_the_samples_as_they_stand(samples, size, expected):
    assert lists_of(sampled(0, 2, samples, size, "ordered", draws())) == [expected, expected]


@pytest.mark.parametrize(("samples", "size", "updates"), [(1000, 100, 10), (100, 25, 4)])
def test_an_epoch_has_as_many_updates_as_the_sources_say(samples, size, updates):
    """Lecture deck: 1000 data in batches of 100; e-book chapter: 100 data in 4 batches."""
    assert len(lists_of(sampled(0, 1, samples, size, "shuffled", draws()))[0]) == updates


@settings(max_examples=50, deadline=None)
@given(
    samples=st.integers(1, 12),
    size=st.integers(1, 14),
    epochs=st.integers(1, 5),
    sampling=st.sampled_from(SAMPLINGS),
    seed=st.integers(0, 99),
)
def test_an_epoch_passes_as_many_samples_as_there_are_in_batches_of_the_size_asked(
    samples, size, epochs, sampling, seed
):
    passes = sampled(0, epochs, samples, size, sampling, draws(seed))
    sizes = [size] * (samples // size) + [samples % size] * (samples % size > 0)
    assert [[len(batch) for batch in updates] for updates in lists_of(passes)] == [sizes] * epochs
    assert passes.last_of_batch.sum() == epochs * len(sizes)
    np.testing.assert_array_equal(np.flatnonzero(passes.last_of_batch) + 1, np.cumsum(sizes * epochs))
    if sampling != "with_replacement":
        np.testing.assert_array_equal(
            np.sort(passes.samples.reshape(epochs, -1)), np.tile(np.arange(samples), (epochs, 1))
        )


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_passes_taken_in_stretches_are_those_taken_at_once(sampling):
    at_once, generator = sampled(0, 9, 5, 2, sampling, draws()), draws()
    parts = [sampled(first, last, 5, 2, sampling, generator) for first, last in ((0, 1), (1, 6), (6, 9))]
    for whole, *pieces in zip(at_once, *parts, strict=True):
        np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_every_epoch_is_shuffled_anew():
    orders = {
        tuple(order) for order in sampled(0, 200, 4, 4, "shuffled", draws()).samples.reshape(200, 4).tolist()
    }
    assert len(orders) == 24


def test_with_replacement_every_sample_is_as_likely():
    """Higham & Higham draw each point from all ten.

    Counts of 10⁵ draws, within five standard deviations of 95.
    """
    counts = np.bincount(sampled(0, 10_000, 10, 1, "with_replacement", draws()).samples, minlength=10)
    assert np.abs(counts - 10_000).max() < 5 * 95


def test_explicit_batches_are_passed_as_they_are_given():
    batches = (((0, 2), (1, 3)), ((3, 3, 3),), ((1,), (0,), (2, 1)))
    assert lists_of(explicit(0, 3, batches)) == [[list(batch) for batch in updates] for updates in batches]
    assert lists_of(explicit(1, 3, batches)) == [[[3, 3, 3]], [[1], [0], [2, 1]]]
    assert explicit(0, 3, batches).last_of_batch.tolist() == [
        False,
        True,
        False,
        True,
        False,
        False,
        True,
        True,
        True,
        False,
        True,
    ]


@settings(max_examples=50, deadline=None)
@given(case=trainings(batches=None, record_every=1))
def test_batches_given_in_the_order_that_was_drawn_train_the_same(case):
    network, data, training = case
    drawn = train(network, data, training, by="plain")
    passed = slice(len(drawn) - len(data))
    order = lists_of(Passes(drawn.epochs[passed], drawn.update_numbers[passed], drawn.samples[passed], None))
    given_ones = train(network, data, replace(training, batches=order), by="plain")
    np.testing.assert_array_equal(given_ones.values, drawn.values)
    np.testing.assert_array_equal(given_ones.table.index, drawn.table.index)


def test_the_number_of_epochs_is_that_of_the_batches():
    assert Training(batches=[[[0]], [[1]], [[0]]], epochs=1000).epochs == 3


CURE = "give for each epoch the index lists of its updates, e.g. [[[0, 2], [1, 3]], [[0, 1], [2, 3]]]"


@pytest.mark.parametrize(
    ("batches", "error", "parts"),
    [
        ([], TypeError, ["batches is []", CURE]),
        ("0123", TypeError, ["batches is '0123'", CURE]),
        (4, TypeError, ["batches is 4", CURE]),
        ({0: [[0]]}, TypeError, ["batches is {0: [[0]]}", CURE]),
        ([0, 1], TypeError, ["batches of epoch 0 is 0", CURE]),
        ([[[0]], []], TypeError, ["batches of epoch 1 is []", CURE]),
        ([[0, 1]], TypeError, ["batches of epoch 0 has 0 as an update", CURE]),
        ([[[0]], [[1], []]], TypeError, ["batches of epoch 1 has [] as an update", CURE]),
        ([[[0.5]]], TypeError, ["a sample in batches of epoch 0 is 0.5", "whole number", "0 or more"]),
        ([[[True]]], TypeError, ["a sample in batches of epoch 0 is True", "whole number"]),
        ([[[0]], [[-1]]], ValueError, ["a sample in batches of epoch 1 is -1", "0 or more"]),
    ],
)
def test_what_makes_no_batches_is_refused_with_the_thing_the_value_and_the_cure(batches, error, parts):
    with pytest.raises(error) as refusal:
        Training(batches=batches)
    assert [part for part in parts if part not in str(refusal.value)] == []


def test_batches_of_a_sample_that_is_not_there_are_refused():
    data = Dataset(x=[[0.0], [1.0]], y=[[0.0], [1.0]])
    with pytest.raises(
        ValueError, match="batches name sample 2, but the data have 2 samples: give indices from 0 to 1"
    ):
        train(Network((1, 1)), data, Training(batches=[[[0, 1]], [[2]]]))


@pytest.mark.parametrize(
    "batches", [np.array([[[0, 1]], [[1, 0]]]), (((0, 1),), ((1, 0),)), [[np.array([0, 1])], [(1, 0)]]]
)
def test_batches_are_taken_as_lists_tuples_or_arrays(batches):
    assert Training(batches=batches).batches == (((0, 1),), ((1, 0),))
