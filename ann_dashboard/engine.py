"""The scalar engine: forward, loss, backward and update of one pass after the other, node by node.

Its memory is the record itself: one row of ``len(network.columns)`` numbers a pass, in the order of the history's columns. A pass
reads its parameters from its row, writes its signals, loss and derivatives into it, and the update writes the moved parameters into
the next row. The same text runs as plain Python on lists and, compiled by numba, on NumPy arrays (`compiled`), and gives the same
numbers. Nothing here raises for large numbers: they become inf or NaN.

Source of the equations: e-book chapter, "Neural Networks Backpropagation Building Blocks".
"""

import functools
import math
from collections.abc import Callable, MutableSequence, Sequence
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias

from ann_dashboard.activations import ACTIVATIONS, IDENTITY, LEAKY_RELU, RELU, SIGMOID, TANH
from ann_dashboard.network import Network

Row: TypeAlias = MutableSequence[float]
Record: TypeAlias = Sequence[Row]


class Layout(NamedTuple):
    """Where a row of the record holds what: offsets from the row's first number."""

    columns: int
    nodes: int
    truths: int
    loss: int
    weights: int
    biases: int
    d_signals: int
    d_weights: int
    d_biases: int
    eta: int


def layout(network: Network) -> Layout:
    """The layout of the record of a network; signals begin at 0, node n (from 0) has its pre-activation at 2n and its output at 2n + 1."""
    nodes, weights, biases = len(network.nodes), network.weight_count, network.bias_count
    truths = 2 * nodes
    loss = truths + network.widths[-1]
    first_derivative = loss + 1 + weights + biases
    return Layout(
        columns=len(network.columns),
        nodes=nodes,
        truths=truths,
        loss=loss,
        weights=loss + 1,
        biases=loss + 1 + weights,
        d_signals=first_derivative,
        d_weights=first_derivative + 2 * nodes,
        d_biases=first_derivative + 2 * nodes + weights,
        eta=len(network.columns) - 1,
    )


def activation_codes(network: Network) -> list[int]:
    """The engine's number of each layer's activation; the input layer passes its values on unchanged."""
    return [IDENTITY, *(ACTIVATIONS[name].code for name in network.layer_activations)]


def activate(code: int, total: float) -> float:
    """The node's output for its weighted sum, α(in); the sigmoid is computed without overflow for any input."""
    if code == SIGMOID:
        if total >= 0.0:
            return 1.0 / (1.0 + math.exp(-total))
        power = math.exp(total)
        return power / (1.0 + power)
    if code == TANH:
        return math.tanh(total)
    if code == RELU:
        return 0.0 if total < 0.0 else total
    if code == LEAKY_RELU:
        return 0.01 * total if total < 0.0 else total
    return total


def slope(code: int, out: float) -> float:
    """∂out/∂in as a function of the node's OUTPUT, e.g. (1 − H4)·H4 for a sigmoid node."""
    if code == SIGMOID:
        return (1.0 - out) * out
    if code == TANH:
        return 1.0 - out * out
    if code == RELU:
        return 0.0 if out <= 0.0 else 1.0
    if code == LEAKY_RELU:
        return 0.01 if out <= 0.0 else 1.0
    return 1.0


def forward(row: Row, at: Layout, widths: Sequence[int], codes: Sequence[int]) -> None:
    """Signals of one pass: H4in = λ14 I1 + λ24 I2 + λ34 I3 + b4, H4 = α(H4in), node after node."""
    weight = at.weights
    bias = at.biases
    node = 2 * widths[0]
    for layer in range(1, len(widths)):
        code = codes[layer]
        end_of_sources = node
        first_source = node - 2 * widths[layer - 1] + 1
        for _ in range(widths[layer]):
            total = 0.0
            for source in range(first_source, end_of_sources, 2):
                total += row[weight] * row[source]
                weight += 1
            total += row[bias]
            bias += 1
            row[node] = total
            row[node + 1] = activate(code, total)
            node += 2


def half_squared_error(row: Row, at: Layout, outputs: int) -> None:
    """L = ½ Σ_k (ŷ_k − y_k)² of one pass, and ∂L/∂ŷ_k = ŷ_k − y_k at the output nodes."""
    loss = 0.0
    d = at.d_signals
    first = at.truths
    prediction = first - 2 * outputs + 1
    for truth in range(first, first + outputs):
        error = row[prediction] - row[truth]
        loss += error * error
        row[prediction + d] = error
        prediction += 2
    row[at.loss] = 0.5 * loss


def backward(row: Row, at: Layout, widths: Sequence[int], codes: Sequence[int]) -> None:
    """Loss derivatives of one pass at every node, weight and bias, from the last node to the first.

    For each node: ∂L/∂H4in = slope(H4) · ∂L/∂H4 and ∂L/∂b_4 = ∂L/∂H4in; along each connection into it ∂L/∂λ_14 = I1 · ∂L/∂H4in, and
    λ_14 · ∂L/∂H4in goes back to I1, where the paths add up: ∂L/∂I1 = Σ_j λ_1j ∂L/∂j_in. The derivatives at the nodes start from zero.
    Source: e-book chapter, "Loss Derivatives with Respect to Weights and Biases".
    Errata: the chapter prints the negative of these values (it stores y − O6), and one factor (1 − O6) O6 too many in ∂L/∂H4.
    """
    d = at.d_signals
    to_derivative = at.d_weights - at.weights
    weight = at.biases
    bias = at.d_signals
    node = at.truths
    for layer in range(len(widths) - 1, 0, -1):
        code = codes[layer]
        end_of_sources = node - 2 * widths[layer]
        first_source = end_of_sources - 2 * widths[layer - 1] - 1
        for _ in range(widths[layer]):
            node -= 2
            bias -= 1
            derivative = slope(code, row[node + 1]) * row[node + 1 + d]
            row[node + d] = derivative
            row[bias + to_derivative] = derivative
            for source in range(end_of_sources - 1, first_source, -2):
                weight -= 1
                row[weight + to_derivative] = row[source] * derivative
                row[source + d] += row[weight] * derivative
    for node_in in range(d, d + 2 * widths[0], 2):
        row[node_in] = row[node_in + 1]


def update(record: Record, first: int, last: int, at: Layout, trained: int) -> None:
    """Write the moved parameters into the row after ``last``: λ ← λ − η·(1/n)·Σ ∂L/∂λ over the n passes of the rows ``first`` to ``last``.

    Only the first ``trained`` parameters move; the others are copied.
    Erratum: the lecture prints a plus sign with ∂L/∂ŷ = ŷ − y; its code stores y − ŷ and adds, which is this.
    """
    row = record[last]
    moved = record[last + 1]
    eta = row[at.eta]
    to_derivative = at.d_weights - at.weights
    if first == last:
        for parameter in range(at.weights, at.weights + trained):
            moved[parameter] = row[parameter] - eta * row[parameter + to_derivative]
    else:
        for parameter in range(at.weights, at.weights + trained):
            total = 0.0
            for t in range(first, last + 1):
                total += record[t][parameter + to_derivative]
            moved[parameter] = row[parameter] - eta * (total / (last + 1 - first))
    for parameter in range(at.weights + trained, at.d_signals):
        moved[parameter] = row[parameter]


def run(record: Record, at: Layout, widths: Sequence[int], codes: Sequence[int], last_of_batch: Sequence[bool], trained: int) -> None:
    """One pass a row; after the last pass of a batch the first ``trained`` parameters move.

    ``record``: rows × columns, each row holding what is given (inputs, truths, η; the first row also the parameters) and zeros elsewhere.
    ``last_of_batch``: one a row.
    """
    outputs = widths[len(widths) - 1]
    last = len(last_of_batch) - 1
    first = 0
    for t in range(last + 1):
        row = record[t]
        forward(row, at, widths, codes)
        half_squared_error(row, at, outputs)
        backward(row, at, widths, codes)
        if t < last:
            if last_of_batch[t]:
                update(record, first, t, at, trained)
                first = t + 1
            else:
                update(record, t, t, at, 0)


@functools.cache
def compiled() -> Callable[..., None]:
    """`run` compiled by numba, for NumPy arrays in the place of lists; cached on disk between processes. Raises ImportError without numba."""
    import numba

    scope: dict[str, Any] = {}
    for function in (activate, slope, forward, half_squared_error, backward, update, run):
        twin = FunctionType(function.__code__, {**globals(), **scope}, function.__name__)
        twin.__qualname__, twin.__module__ = f"compiled.{function.__name__}", __name__
        scope[function.__name__] = numba.njit(cache=True)(twin)
    return scope["run"]  # type: ignore[no-any-return]
