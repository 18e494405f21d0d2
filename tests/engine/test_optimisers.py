"""The optimisers: their first updates by hand, and their running means in the record.

And what cannot be an optimiser.
"""

import math

import numpy as np
import pytest

from ann_dashboard import AdaGrad, Adam, Dataset, Momentum, Network, RMSProp, Training, train

NETWORK, DATA = Network((1, 1)), Dataset(x=[[2.0]], y=[[1.0]])
START = {"lambda_1_2": 0.5, "b_2": 0.25}
"""ŷ = 2 · 0.5 + 0.25 = 1.25, so g = 0.25 · 2 = 0.5 by the weight and 0.25 by the bias."""


def trained(optimiser, **settings):
    return train(
        NETWORK,
        DATA,
        Training(**({"eta": 0.1, "epochs": 3, "start": START, "optimiser": optimiser} | settings)),
    )


def test_momentum_starts_from_rest_and_blends():
    """v = (1 − a) g at first, then a v + (1 − a) g.

    Erratum: the deck's slide has no minus and no previous λ.
    """
    first, second, third = (trained(Momentum(0.9)).at(epoch) for epoch in (0, 1, 2))
    assert (first["velocity_lambda_1_2"], first["velocity_b_2"]) == (0.0, 0.0)
    assert (second["velocity_lambda_1_2"], second["velocity_b_2"]) == pytest.approx((0.05, 0.025), rel=1e-14)
    assert (second["lambda_1_2"], second["b_2"]) == pytest.approx((0.495, 0.2475), rel=1e-14)
    assert third["velocity_b_2"] == pytest.approx(0.9 * 0.025 + 0.1 * second["dL_db_2"], rel=1e-14)
    assert third["b_2"] == pytest.approx(second["b_2"] - 0.1 * third["velocity_b_2"], rel=1e-14)


def test_adams_first_step_is_eta_whatever_the_gradient():
    """Kingma & Ba, section 2.1: m̂/√v̂ = ±1 at t = 1.

    Erratum: the deck has ε inside the root, which would make it g/√(g² + ε).
    """
    second = trained(Adam()).at(1)
    steps = [START[symbol] - second[symbol] for symbol in ("lambda_1_2", "b_2")]
    assert steps == pytest.approx([0.1 * 0.5 / (0.5 + 1e-8), 0.1 * 0.25 / (0.25 + 1e-8)], rel=1e-12)
    assert (second["m_b_2"], second["v_b_2"]) == pytest.approx((0.1 * 0.25, 0.001 * 0.0625), rel=1e-14)


def test_adams_second_step_is_bias_corrected():
    history = trained(Adam(0.8, 0.9, 1e-3))
    g = [history.at(epoch)["dL_db_2"] for epoch in (0, 1)]
    m, v = 0.8 * 0.2 * g[0] + 0.2 * g[1], 0.9 * 0.1 * g[0] ** 2 + 0.1 * g[1] ** 2
    step = 0.1 * (m / (1 - 0.8**2)) / (math.sqrt(v / (1 - 0.9**2)) + 1e-3)
    assert history.at(2)["b_2"] == pytest.approx(history.at(1)["b_2"] - step, rel=1e-14)


def test_rmsprop_divides_by_the_root_of_a_running_mean_of_squares():
    """g = 0.25 by the bias: s = 0.1 g² at first.

    So the first step is η g/(√0.1 g) = η/√0.1, whatever g.
    """
    history = trained(RMSProp(0.9, 1e-8))
    first, second, third = (history.at(epoch) for epoch in (0, 1, 2))
    assert (first["s_lambda_1_2"], first["s_b_2"]) == (0.0, 0.0)
    assert (second["s_lambda_1_2"], second["s_b_2"]) == pytest.approx(
        (0.1 * 0.5**2, 0.1 * 0.25**2), rel=1e-14
    )
    assert second["b_2"] == pytest.approx(0.25 - 0.1 * 0.25 / (math.sqrt(0.1) * 0.25 + 1e-8), rel=1e-14)
    assert third["s_b_2"] == pytest.approx(0.9 * second["s_b_2"] + 0.1 * second["dL_db_2"] ** 2, rel=1e-14)
    assert third["b_2"] == pytest.approx(
        second["b_2"] - 0.1 * second["dL_db_2"] / (math.sqrt(third["s_b_2"]) + 1e-8), rel=1e-14
    )


def test_adagrad_divides_by_the_root_of_the_sum_of_squares():
    """The first step is η, as Adam's; then each is smaller."""
    history = trained(AdaGrad(1e-3), epochs=40)
    second, third = history.at(1), history.at(2)
    assert (second["s_b_2"], second["b_2"]) == pytest.approx((0.25**2, 0.25 - 0.1 * 0.25 / 0.251), rel=1e-14)
    assert third["s_b_2"] == pytest.approx(0.25**2 + second["dL_db_2"] ** 2, rel=1e-14)
    assert third["b_2"] == pytest.approx(
        second["b_2"] - 0.1 * second["dL_db_2"] / (math.sqrt(third["s_b_2"]) + 1e-3), rel=1e-14
    )
    assert (np.diff(history.curve("s_b_2")) >= 0).all()


def test_momentum_of_nothing_is_gradient_descent():
    plain, without = trained("gradient_descent"), trained(Momentum(0.0))
    np.testing.assert_array_equal(without.states, plain.states)


@pytest.mark.parametrize("optimiser", [RMSProp(), AdaGrad()])
def test_the_squares_stand_behind_the_fixed_columns(optimiser):
    assert list(trained(optimiser).columns) == [*NETWORK.columns, "s_lambda_1_2", "s_b_2"]


def test_the_running_means_stand_behind_the_fixed_columns():
    parameters, fixed = list(NETWORK.parameters), list(NETWORK.columns)
    assert list(trained("gradient_descent").columns) == fixed
    assert list(trained(Momentum()).columns) == fixed + [f"velocity_{symbol}" for symbol in parameters]
    assert list(trained(Adam()).columns) == fixed + [
        f"{mean}_{symbol}" for mean in "mv" for symbol in parameters
    ]


@pytest.mark.parametrize("optimiser", [Momentum(), Adam()])
def test_the_running_means_of_held_biases_stay_zero(optimiser):
    history = trained(optimiser, train_biases=False)
    means = [symbol for symbol in history.columns if symbol.endswith("_b_2") and symbol[0] in "mv"]
    assert len(means) == (2 if isinstance(optimiser, Adam) else 1)
    assert {history.at(3)[symbol] for symbol in means} == {0.0}


@pytest.mark.parametrize(
    ("make", "error", "parts"),
    [
        (lambda: Momentum(1.0), ValueError, ["a of Momentum is 1.0", "from 0 to below 1"]),
        (lambda: Momentum(-0.1), ValueError, ["a of Momentum is -0.1", "from 0 to below 1"]),
        (lambda: Momentum(float("nan")), ValueError, ["a of Momentum is nan", "number"]),
        (lambda: Momentum("0.9"), TypeError, ["a of Momentum is '0.9'", "number"]),
        (lambda: Adam(beta1=1), ValueError, ["beta1 of Adam is 1", "from 0 to below 1"]),
        (lambda: Adam(beta2=-1.0), ValueError, ["beta2 of Adam is -1.0", "from 0 to below 1"]),
        (lambda: Adam(epsilon=0.0), ValueError, ["epsilon of Adam is 0.0", "above 0"]),
        (lambda: Adam(epsilon=None), TypeError, ["epsilon of Adam is None", "above 0"]),
        (lambda: RMSProp(rho=1.0), ValueError, ["rho of RMSProp is 1.0", "from 0 to below 1"]),
        (lambda: RMSProp(epsilon=0.0), ValueError, ["epsilon of RMSProp is 0.0", "above 0"]),
        (lambda: AdaGrad(epsilon=float("inf")), ValueError, ["epsilon of AdaGrad is inf", "above 0"]),
        (
            lambda: Training(optimiser=AdaGrad),
            TypeError,
            ["optimiser is the class AdaGrad", "call it, AdaGrad()"],
        ),
        (
            lambda: Training(optimiser="rmsprop"),
            ValueError,
            ["optimiser is 'rmsprop'", "RMSProp() or AdaGrad()"],
        ),
        (
            lambda: Training(optimiser="adam"),
            ValueError,
            ["optimiser is 'adam'", '"gradient_descent", Momentum()'],
        ),
        (lambda: Training(optimiser=None), ValueError, ["optimiser is None", "Adam()"]),
        (lambda: Training(optimiser=0.9), ValueError, ["optimiser is 0.9", "Adam()"]),
        (lambda: Training(optimiser=[1, 2]), ValueError, ["optimiser is [1, 2]", "Adam()"]),
        (lambda: Training(optimiser=np.zeros(2)), ValueError, ["optimiser is array", "Adam()"]),
        (lambda: Training(optimiser=Adam), TypeError, ["optimiser is the class Adam", "call it, Adam()"]),
        (
            lambda: Training(optimiser=Momentum),
            TypeError,
            ["optimiser is the class Momentum", "call it, Momentum()"],
        ),
    ],
)
def test_what_makes_no_optimiser_is_refused_with_the_thing_the_value_and_the_cure(make, error, parts):
    with pytest.raises(error) as refusal:
        make()
    assert [part for part in parts if part not in str(refusal.value)] == []


def test_whole_numbers_are_taken_as_settings():
    assert (Momentum(0), Adam(0, 0, 1)) == (Momentum(0.0), Adam(0.0, 0.0, 1.0))
    assert {type(value) for value in (Momentum(0).a, Adam(0, 0, 1).beta1, Adam(0, 0, 1).epsilon)} == {float}
