"""Network: what its widths make of it, and what makes no network."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from ann_dashboard import Network

LECTURE_COLUMNS = """
    I1in I1 I2in I2 I3in I3 H4in H4 H5in H5 O6in O6 y_1 L
    lambda_1_4 lambda_2_4 lambda_3_4 lambda_1_5 lambda_2_5 lambda_3_5 lambda_4_6 lambda_5_6 b_4 b_5 b_6
    dL_dI1in dL_dI1 dL_dI2in dL_dI2 dL_dI3in dL_dI3 dL_dH4in dL_dH4 dL_dH5in dL_dH5 dL_dO6in dL_dO6
    dL_dlambda_1_4 dL_dlambda_2_4 dL_dlambda_3_4 dL_dlambda_1_5 dL_dlambda_2_5 dL_dlambda_3_5
    dL_dlambda_4_6 dL_dlambda_5_6
    dL_db_4 dL_db_5 dL_db_6 eta
"""


@pytest.fixture
def network():
    return Network((3, 2, 1), hidden="sigmoid", output="identity")


def test_nodes_are_numbered_once_across_the_network(network):
    assert network.nodes == ("I1", "I2", "I3", "H4", "H5", "O6")


def test_connections_run_into_one_node_after_the_other(network):
    assert network.connections == ((1, 4), (2, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 6), (5, 6))


def test_parameters_stand_in_the_order_of_the_sources_draws(network):
    """e-book chapter, by-hand code: all weights into H4, then H5, then O6, then the biases."""
    drawn = (
        "lambda_1_4 lambda_2_4 lambda_3_4 lambda_1_5 lambda_2_5 lambda_3_5 lambda_4_6 lambda_5_6 b_4 b_5 b_6"
    )
    assert network.parameters == tuple(drawn.split())


def test_columns_stand_in_the_documented_order(network):
    assert network.columns == tuple(LECTURE_COLUMNS.split())


def test_a_deep_network_has_hidden_layers_of_consecutive_numbers():
    """Higham & Higham 2019, the 2-2-3-2 classifier."""
    assert Network((2, 2, 3, 2)).layers == (("I1", "I2"), ("H3", "H4"), ("H5", "H6", "H7"), ("O8", "O9"))


def test_a_network_without_hidden_layer_connects_inputs_to_outputs():
    network = Network((2, 1), output="sigmoid")
    assert (network.nodes, network.parameters) == (("I1", "I2", "O3"), ("lambda_1_3", "lambda_2_3", "b_3"))


def test_every_response_has_a_truth_column():
    assert Network((2, 2, 3)).truths == ("y_1", "y_2", "y_3")


@pytest.mark.parametrize(
    ("widths", "weights", "biases", "parameters"),
    [
        ((3, 2, 1), 8, 3, 11),
        ((10, 20, 3), 260, 23, 283),
        ((10, 8, 6, 4, 2, 1), 162, 21, 183),
        ((2, 2, 3, 2), 16, 7, 23),
        ((2, 2, 2), 8, 4, 12),
    ],
)
def test_parameter_counts_are_the_sources(widths, weights, biases, parameters):
    """Lecture deck, number of model parameters; Higham & Higham 2019 (23); Mazur (12)."""
    network = Network(widths)
    assert (network.weight_count, network.bias_count, network.parameter_count) == (
        weights,
        biases,
        parameters,
    )
    assert len(network.parameters) == parameters


@pytest.mark.parametrize(
    ("network", "activations"),
    [
        (Network((3, 2, 1)), ("sigmoid", "identity")),
        (Network((2, 2, 3, 2), hidden="tanh", output="sigmoid"), ("tanh", "tanh", "sigmoid")),
        (
            Network((2, 2, 3, 2), hidden=("relu", "leaky_relu"), output="identity"),
            ("relu", "leaky_relu", "identity"),
        ),
        (Network((3, 2), output="sigmoid"), ("sigmoid",)),
    ],
)
def test_activations_are_given_for_all_hidden_layers_or_one_by_one(network, activations):
    assert network.layer_activations == activations


@pytest.mark.parametrize("widths", [[3, 2, 1], np.array([3, 2, 1]), range(3, 0, -1), (np.int64(3), 2, 1)])
def test_any_sequence_of_whole_numbers_gives_the_same_network(widths):
    network = Network(widths)
    assert network == Network((3, 2, 1))
    assert hash(network) == hash(Network((3, 2, 1)))
    assert {type(width) for width in network.widths} == {int}


def test_a_network_cannot_be_changed(network):
    with pytest.raises(FrozenInstanceError):
        network.widths = (3, 3, 1)


@pytest.mark.parametrize(
    ("arguments", "error", "parts"),
    [
        ({"widths": 3}, TypeError, ["widths", "3", "e.g. (3, 2, 1)"]),
        ({"widths": (3,)}, ValueError, ["widths", "(3,)", "input and an output layer", "e.g. (3, 2, 1)"]),
        ({"widths": ()}, ValueError, ["widths", "()", "e.g. (3, 2, 1)"]),
        ({"widths": (3, 0, 1)}, ValueError, ["width of layer 2", "0", "whole number of 1 or more"]),
        ({"widths": (3, 2, -1)}, ValueError, ["width of layer 3", "-1", "1 or more"]),
        ({"widths": (3, 2.0, 1)}, TypeError, ["width of layer 2", "2.0", "give 1 or more"]),
        ({"widths": (True, 2, 1)}, TypeError, ["width of layer 1", "True", "give 1 or more"]),
        ({"widths": "321"}, TypeError, ["width of layer 1", "'3'", "give 1 or more"]),
        ({"widths": (3, None, 1)}, TypeError, ["width of layer 2", "None", "give 1 or more"]),
        (
            {"widths": (3, 2, 1), "hidden": "sigmoide"},
            ValueError,
            ["hidden activation", "'sigmoide'", "identity, sigmoid, tanh, relu, leaky_relu"],
        ),
        (
            {"widths": (3, 1), "hidden": "sigmoide"},
            ValueError,
            ["hidden activation", "'sigmoide'", "sigmoid"],
        ),
        ({"widths": (3, 2, 1), "hidden": 5}, TypeError, ["hidden", "5", "sigmoid", "one a hidden layer"]),
        (
            {"widths": (3, 2, 1), "hidden": None},
            TypeError,
            ["hidden", "None", "sigmoid", "one a hidden layer"],
        ),
        (
            {"widths": (3, 2, 1), "hidden": ("relu", 3)},
            ValueError,
            ["hidden has 2", "3", "1 hidden layer:", "one name, or one a hidden layer"],
        ),
        (
            {"widths": (3, 2, 2, 1), "hidden": ("relu",)},
            ValueError,
            ["hidden has 1", "'relu'", "2 hidden layers", "one name"],
        ),
        ({"widths": (3, 1), "hidden": ("relu",)}, ValueError, ["hidden has 1", "'relu'", "0 hidden layers"]),
        (
            {"widths": (3, 2, 2, 1), "hidden": ("relu", 3)},
            ValueError,
            ["hidden activation", "3", "choose one of", "tanh"],
        ),
        (
            {"widths": (3, 2, 1), "output": "softmax2"},
            ValueError,
            ["output activation", "'softmax2'", "identity, sigmoid"],
        ),
        (
            {"widths": (3, 2, 1), "output": None},
            ValueError,
            ["output activation", "None", "identity, sigmoid"],
        ),
    ],
)
def test_what_makes_no_network_is_refused_with_the_thing_the_value_and_the_cure(arguments, error, parts):
    with pytest.raises(error) as refusal:
        Network(**arguments)
    assert [part for part in parts if part not in str(refusal.value)] == []
