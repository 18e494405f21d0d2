"""Every loss, activation, optimiser, penalty and way of sampling against PyTorch and NumPy.

PyTorch's float64 autograd and torch.optim, recorded and, where it is installed, anew; NumPy's arrays, anew.
"""

import json

import numpy as np
import pytest
from make_reference import CASES, PATH, SETTINGS, array_training, cases, torch_training

from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.engine import kernel
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.batches import SAMPLINGS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import OPTIMISERS

RECORDED = json.loads(PATH.read_text(encoding="utf-8"))


def ours(name, **changes):
    """Network, data and training of a recorded case."""
    case = RECORDED[name]
    network = Network(
        tuple(case["widths"]),
        hidden=case["hidden"] if isinstance(case["hidden"], str) else tuple(case["hidden"]),
        output=case["output"],
    )
    settings = (
        {key: case[key] for key in SETTINGS if key in case}
        | {"start": dict(zip(network.parameters, case["start"], strict=True))}
        | changes
    )
    if isinstance(settings.get("optimiser"), list):
        kind, *values = settings["optimiser"]
        settings["optimiser"] = OPTIMISERS[kind](*values)
    return network, Dataset(x=case["x"], y=case["y"]), Training(**settings)


@pytest.mark.parametrize("by", ["plain", "compiled"])
@pytest.mark.parametrize("name", RECORDED)
def test_a_training_goes_as_pytorchs_went(name, by):
    if by == "compiled":
        pytest.importorskip("numba")
    history = train(*ours(name), by=by)
    np.testing.assert_allclose(history.states, RECORDED[name]["states"], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(history.losses, RECORDED[name]["losses"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", RECORDED)
def test_the_loss_and_its_derivatives_by_node_and_by_parameter_are_pytorchs(name):
    """∂L/∂O and ∂L/∂O_in of the entropies and of softmax with a squared error too."""
    history = train(*ours(name, dropout=0.0))
    at = kernel.layout(history.network)
    passes = np.array(
        [
            [history.at(0, sample)[symbol] for symbol in history.network.columns]
            for sample in range(len(history.data))
        ]
    )
    found = passes[:, [at.loss, *range(at.d_signals, at.eta)]]
    np.testing.assert_allclose(found, RECORDED[name]["derivatives"], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_the_recorded_values_are_those_that_pytorch_gives_today(name):
    pytest.importorskip("torch")
    case = cases()[name]
    recorded = {
        key: value for key, value in RECORDED[name].items() if key not in {"states", "losses", "derivatives"}
    }
    assert recorded == case
    for key, values in torch_training(case).items():
        np.testing.assert_allclose(RECORDED[name][key], values, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_the_recorded_values_are_those_of_arrays(name):
    for key, values in array_training(cases()[name]).items():
        np.testing.assert_allclose(values, RECORDED[name][key], rtol=1e-11, atol=1e-13)


def test_the_recorded_cases_hold_every_name_of_the_catalogues():
    hidden = {
        name
        for case in RECORDED.values()
        for name in ([case["hidden"]] if isinstance(case["hidden"], str) else case["hidden"])
    }
    assert {case["output"] for case in RECORDED.values()} == set(ACTIVATIONS)
    assert hidden == {name for name, activation in ACTIVATIONS.items() if not activation.couples}
    assert {case["loss"] for case in RECORDED.values()} == set(LOSSES)
    assert {case["optimiser"][0] for case in RECORDED.values() if "optimiser" in case} == set(OPTIMISERS) - {
        "gradient_descent"
    }
    assert {case.get("sampling", "ordered") for case in RECORDED.values()} == set(SAMPLINGS)
