"""The initialisers: limits, spread, order of the draws, and the draws themselves, which hold for ever."""

import math

import numpy as np
import pytest

from ann_dashboard import Network, Training
from ann_dashboard.engine.initialisers import INITIALISERS, glorot, he, lecture, normal, zeros

SMALL, WIDE = Network((3, 2, 1)), Network((50, 40, 30))
FIRST, SECOND = WIDE.weights[:2000], WIDE.weights[2000:]


def values(start, symbols):
    return np.array([start[symbol] for symbol in symbols])


def test_glorots_limits_are_those_of_the_lectures_network():
    """Glorot & Bengio, equation 16: √6/√5 = 1.0954 into H4 and H5, √6/√3 = 1.4142 into O6.

    Errata: the deck prints .500, the e-book .366.
    """
    starts = [glorot(SMALL, seed) for seed in range(3000)]
    for symbols, limit in ((SMALL.weights[:6], 1.0954), (SMALL.weights[6:], 1.4142)):
        largest = max(abs(start[symbol]) for start in starts for symbol in symbols)
        assert 0.998 * limit < largest < limit + 1e-4


@pytest.mark.parametrize(
    ("initialiser", "spread"),
    [
        (lecture, (1.0 / math.sqrt(3 * 50), 1.0 / math.sqrt(3 * 40))),
        (glorot, (math.sqrt(2.0 / 90), math.sqrt(2.0 / 70))),
        (he, (math.sqrt(2.0 / 50), math.sqrt(2.0 / 40))),
        (normal, (0.5, 0.5)),
    ],
)
def test_the_weights_have_their_mean_and_spread_layer_by_layer(initialiser, spread):
    """A uniform distribution on ±l has the standard deviation l/√3."""
    for symbols, deviation in zip((FIRST, SECOND), spread, strict=True):
        found = values(initialiser(WIDE, 5), symbols)
        assert abs(found.mean()) < 4 * deviation / math.sqrt(len(symbols))
        assert found.std() == pytest.approx(deviation, rel=0.05)


@pytest.mark.parametrize("initialiser", [glorot, he])
def test_biases_start_at_zero(initialiser):
    assert set(values(initialiser(WIDE, 5), WIDE.biases)) == {0.0}


def test_all_zeros_are_zero():
    assert zeros(SMALL, 3) == dict.fromkeys(SMALL.parameters, 0.0)


def uniform(draws):
    return 2.0 * draws.random_sample() - 1.0


@pytest.mark.parametrize(
    ("initialiser", "draw", "sizes"),
    [
        (glorot, uniform, [math.sqrt(6 / 5)] * 6 + [math.sqrt(6 / 3)] * 2),
        (he, np.random.RandomState.standard_normal, [math.sqrt(2 / 3)] * 6 + [1.0] * 2),
        (normal, np.random.RandomState.standard_normal, [0.5] * 11),
    ],
)
def test_the_draws_are_numpys_legacy_ones_in_the_order_of_the_parameters(initialiser, draw, sizes):
    """RandomState never changes, so a seed means the same start for ever."""
    draws = np.random.RandomState(3)
    expected = [size * draw(draws) for size in sizes]
    assert list(initialiser(SMALL, 3).values())[: len(sizes)] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", INITIALISERS)
def test_a_start_has_every_parameter_in_order_and_is_the_same_for_the_same_seed(name):
    first, again, other = (INITIALISERS[name](SMALL, seed) for seed in (3, 3, 4))
    assert list(first) == list(SMALL.parameters)
    assert {type(value) for value in first.values()} == {float}
    assert first == again
    assert (first == other) == (name == "zeros")


@pytest.mark.parametrize("name", INITIALISERS)
def test_a_training_starts_as_its_initialiser_says_and_given_values_replace_it(name):
    drawn = INITIALISERS[name](SMALL, 7)
    assert Training(initialiser=name, seed=7).start_of(SMALL) == drawn
    assert Training(initialiser=name, seed=7, start={"b_6": 2.0}).start_of(SMALL) == drawn | {"b_6": 2.0}


def test_an_unknown_initialiser_is_refused_with_the_known_ones():
    with pytest.raises(
        ValueError, match="initialiser is 'xavier': choose one of lecture, glorot, he, normal, zeros"
    ):
        Training(initialiser="xavier")
