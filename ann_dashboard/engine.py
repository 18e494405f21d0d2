"""The scalar engine: forward, loss, backward and update of one pass after the other, node by node.

Its memory is the record itself: one row of numbers a pass, in the order of the history's columns. A pass reads its parameters from its
row, writes its signals, loss and derivatives into it, and the update writes the moved parameters into the next row. Where a training has
them, the dropout masks and the optimiser's running means stand behind the history's fixed columns. The same text runs as plain Python on
lists and, compiled by numba, on NumPy arrays (`compiled`), and gives the same numbers. Nothing here raises for large numbers: they become
inf or NaN.

Source of the equations: e-book chapter, "Neural Networks Backpropagation Building Blocks".
"""

import functools
import math
from collections.abc import Callable, MutableSequence, Sequence
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from ann_dashboard.activations import ACTIVATIONS, IDENTITY, LEAKY_RELU, RELU, SIGMOID, SOFTMAX, STEP, TANH
from ann_dashboard.losses import CROSS_ENTROPY, HALF_SQUARED_ERROR, MEAN_SQUARED_ERROR
from ann_dashboard.network import Network
from ann_dashboard.optimisers import ADAM, GRADIENT_DESCENT, MOMENTUM

Row: TypeAlias = MutableSequence[float]
Record: TypeAlias = Sequence[Row]


class Layout(NamedTuple):
    """Where everything in a row of the record stands: offsets from the row's first number, -1 for what a training does not have."""

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
    masks: int
    first_moments: int
    second_moments: int


class Method(NamedTuple):
    """What is minimised and how a gradient moves the parameters, as numbers: ``loss`` and ``optimiser`` are the catalogues' codes."""

    loss: int = HALF_SQUARED_ERROR
    optimiser: int = GRADIENT_DESCENT
    beta1: float = 0.0
    beta2: float = 0.0
    epsilon: float = 0.0
    l1: float = 0.0
    l2: float = 0.0


def layout(network: Network, *, optimiser: int = GRADIENT_DESCENT, masked: bool = False) -> Layout:
    """The layout of the record of a network; signals begin at 0, node n (from 0) has its pre-activation at 2n and its output at 2n + 1."""
    nodes, weights, biases = len(network.nodes), network.weight_count, network.bias_count
    truths = 2 * nodes
    loss = truths + network.widths[-1]
    first_derivative = loss + 1 + weights + biases
    eta = len(network.columns) - 1
    first_moments = eta + 1 + masked * sum(network.widths[1:-1])
    running_means = {GRADIENT_DESCENT: 0, MOMENTUM: 1, ADAM: 2}[optimiser]
    return Layout(
        columns=first_moments + running_means * network.parameter_count,
        nodes=nodes,
        truths=truths,
        loss=loss,
        weights=loss + 1,
        biases=loss + 1 + weights,
        d_signals=first_derivative,
        d_weights=first_derivative + 2 * nodes,
        d_biases=first_derivative + 2 * nodes + weights,
        eta=eta,
        masks=eta + 1 if masked else -1,
        first_moments=first_moments if running_means else -1,
        second_moments=first_moments + network.parameter_count if running_means == 2 else -1,
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
    if code == IDENTITY:
        return total
    if code == TANH:
        return math.tanh(total)
    if code == RELU:
        return 0.0 if total < 0.0 else total
    if code == LEAKY_RELU:
        return 0.01 * total if total < 0.0 else total
    if code == STEP:
        return 1.0 if total >= 0.0 else 0.0 if total < 0.0 else total  # NaN stays NaN
    return total


def slope(code: int, out: float) -> float:
    """∂out/∂in as a function of the node's OUTPUT, e.g. (1 − H4)·H4 for a sigmoid node; of the step the surrogate 1."""
    if code == SIGMOID:
        return (1.0 - out) * out
    if code == IDENTITY:
        return 1.0
    if code == TANH:
        return 1.0 - out * out
    if code == RELU:
        return 0.0 if out <= 0.0 else 1.0
    if code == LEAKY_RELU:
        return 0.01 if out <= 0.0 else 1.0
    return 1.0


def forward(row: Row, at: Layout, widths: Sequence[int], codes: Sequence[int]) -> None:
    """Signals of one pass: H4in = λ14 I1 + λ24 I2 + λ34 I3 + b4, H4 = α(H4in), node after node; with dropout times the node's mask."""
    weight = at.weights
    bias = at.biases
    mask = at.masks
    node = 2 * widths[0]
    code = IDENTITY
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
        if mask >= 0 and layer < len(widths) - 1:
            for masked in range(end_of_sources + 1, node, 2):
                row[masked] *= row[mask]
                mask += 1
    if code == SOFTMAX:
        softmax(row, node - 2 * widths[len(widths) - 1], node)


def softmax(row: Row, first: int, end: int) -> None:
    """O_j = exp(O_jin) / Σ_l exp(O_lin) of the nodes from ``first`` to before ``end``; the largest is taken off before, so nothing overflows."""
    largest = largest_total(row, first, end)
    total = 0.0
    for node in range(first, end, 2):
        row[node + 1] = math.exp(row[node] - largest)
        total += row[node + 1]
    for node in range(first, end, 2):
        row[node + 1] /= total


def largest_total(row: Row, first: int, end: int) -> float:
    """The largest pre-activation of the nodes from ``first`` to before ``end``."""
    largest = row[first]
    for node in range(first + 2, end, 2):
        if row[node] > largest:
            largest = row[node]
    return largest


def loss(row: Row, at: Layout, outputs: int, code: int) -> None:
    """L of one pass, and ∂L/∂ŷ_k at the output nodes.

    Half squared error: L = ½ Σ_k (ŷ_k − y_k)², ∂L/∂ŷ_k = ŷ_k − y_k. Mean squared error: L = (1/K) Σ_k (ŷ_k − y_k)². The entropies: below.
    """
    total = 0.0
    d = at.d_signals
    first = at.truths
    prediction = first - 2 * outputs + 1
    for truth in range(first, first + outputs):
        error = row[prediction] - row[truth]
        total += error * error
        row[prediction + d] = error
        prediction += 2
    row[at.loss] = 0.5 * total
    if code == HALF_SQUARED_ERROR:
        return
    if code == MEAN_SQUARED_ERROR:
        row[at.loss] = total / outputs
        for prediction in range(first - 2 * outputs + 1, first, 2):
            row[prediction + d] *= 2.0 / outputs
    elif code == CROSS_ENTROPY:
        cross_entropy(row, at, outputs)
    else:
        binary_cross_entropy(row, at, outputs)


def cross_entropy(row: Row, at: Layout, outputs: int) -> None:
    """L = −Σ_k y_k ln ŷ_k of softmax outputs, from the pre-activations: ln ŷ_k = O_kin − ln Σ_l exp(O_lin), the largest taken off before.

    Also ∂L/∂O_kin = ŷ_k Σ_l y_l − y_k, which is exact where ∂L/∂ŷ_k = −y_k/ŷ_k overflows.
    """
    d = at.d_signals
    first = at.truths - 2 * outputs
    largest = largest_total(row, first, at.truths)
    power = 0.0
    truths = 0.0
    for k in range(outputs):
        power += math.exp(row[first + 2 * k] - largest)
        truths += row[at.truths + k]
    log_power = math.log(power)
    total = 0.0
    for k in range(outputs):
        node = first + 2 * k
        truth = row[at.truths + k]
        if truth != 0.0:
            total += truth * (log_power - (row[node] - largest))
        row[node + d] = row[node + 1] * truths - truth
        row[node + 1 + d] = -quotient(truth, row[node + 1])
    row[at.loss] = total


def binary_cross_entropy(row: Row, at: Layout, outputs: int) -> None:
    """L = −Σ_k (y_k ln ŷ_k + (1 − y_k) ln(1 − ŷ_k)) of sigmoid outputs, from z = O_kin: max(z, 0) − z y + ln(1 + exp(−|z|)).

    Also ∂L/∂O_kin = ŷ_k − y_k, which is exact where ∂L/∂ŷ_k = (1 − y_k)/(1 − ŷ_k) − y_k/ŷ_k overflows.
    """
    d = at.d_signals
    first = at.truths - 2 * outputs
    total = 0.0
    for k in range(outputs):
        node = first + 2 * k
        truth = row[at.truths + k]
        z = row[node]
        total += max(z, 0.0) - z * truth + math.log1p(math.exp(-abs(z)))
        row[node + d] = row[node + 1] - truth
        row[node + 1 + d] = quotient(1.0 - truth, activate(SIGMOID, -z)) - quotient(truth, row[node + 1])
    row[at.loss] = total


def quotient(above: float, below: float) -> float:
    """above / below, where 0 / 0 is 0 and anything else divided by 0 is inf."""
    if above == 0.0:
        return 0.0
    return above / below if below != 0.0 else math.inf


def backward(row: Row, at: Layout, widths: Sequence[int], codes: Sequence[int], settled: bool) -> None:
    """Loss derivatives of one pass at every node, weight and bias, from the last node to the first.

    For each node: ∂L/∂H4in = slope(H4) · ∂L/∂H4 and ∂L/∂b_4 = ∂L/∂H4in; along each connection into it ∂L/∂λ_14 = I1 · ∂L/∂H4in, and
    λ_14 · ∂L/∂H4in goes back to I1, where the paths add up: ∂L/∂I1 = Σ_j λ_1j ∂L/∂j_in. The derivatives at the nodes start from zero.
    ``settled``: ∂L/∂O_in of the output nodes is there already, from an entropy or through a softmax.
    Source: e-book chapter, "Loss Derivatives with Respect to Weights and Biases".
    Errata: the chapter prints the negative of these values (it stores y − O6), and one factor (1 − O6) O6 too many in ∂L/∂H4.
    """
    d = at.d_signals
    to_derivative = at.d_weights - at.weights
    weight = at.biases
    bias = d
    node = at.truths
    mask = at.masks
    if mask >= 0:
        mask = at.first_moments if at.first_moments >= 0 else at.columns
    for layer in range(len(widths) - 1, 0, -1):
        code = codes[layer]
        end_of_sources = node - 2 * widths[layer]
        first_source = end_of_sources - 2 * widths[layer - 1] - 1
        if mask >= 0 and layer < len(widths) - 1:
            mask -= widths[layer]
            through_masks(row, at, end_of_sources, node, mask, code)
            settled = True
        for _ in range(widths[layer]):
            node -= 2
            bias -= 1
            derivative = row[node + d] if settled else slope(code, row[node + 1]) * row[node + 1 + d]
            row[node + d] = derivative
            row[bias + to_derivative] = derivative
            for source in range(end_of_sources - 1, first_source, -2):
                weight -= 1
                row[weight + to_derivative] = row[source] * derivative
                row[source + d] += row[weight] * derivative
        settled = False
    for node_in in range(d, d + 2 * widths[0], 2):
        row[node_in] = row[node_in + 1]


def through_masks(row: Row, at: Layout, first: int, end: int, mask: int, code: int) -> None:
    """∂L/∂H4in of the hidden nodes from ``first`` to before ``end``, whose output is α(in) times their mask: 0 for a node left out."""
    d = at.d_signals
    for node in range(first, end, 2):
        factor = row[mask]
        row[node + d] = factor * slope(code, row[node + 1] / factor) * row[node + 1 + d] if factor != 0.0 else 0.0
        mask += 1


def through_softmax(row: Row, at: Layout, outputs: int) -> None:
    """∂L/∂O_jin = O_j · (∂L/∂O_j − Σ_l O_l ∂L/∂O_l) of the output nodes: each of them depends on every pre-activation."""
    d = at.d_signals
    first = at.truths - 2 * outputs
    mean = 0.0
    for node in range(first, at.truths, 2):
        mean += row[node + 1] * row[node + 1 + d]
    for node in range(first, at.truths, 2):
        row[node + d] = row[node + 1] * (row[node + 1 + d] - mean)


def descend(record: Record, first: int, last: int, at: Layout, trained: int) -> None:
    """Write the moved parameters into the row after ``last``: λ ← λ − η·(1/n)·Σ ∂L/∂λ over the n passes of the rows ``first`` to ``last``.

    Only the first ``trained`` parameters move; the others are copied.
    Erratum: the lecture prints a plus sign with ∂L/∂ŷ = ŷ − y; its code stores y − ŷ and adds, which is this.
    """
    row = record[last]
    moved = record[last + 1]
    eta = row[at.eta]
    weight = at.weights
    held = weight + trained
    to_derivative = at.d_weights - weight
    if first == last:
        for parameter in range(weight, held):
            moved[parameter] = row[parameter] - eta * row[parameter + to_derivative]
    else:
        for parameter in range(weight, held):
            total = 0.0
            for t in range(first, last + 1):
                total += record[t][parameter + to_derivative]
            moved[parameter] = row[parameter] - eta * (total / (last + 1 - first))
    for parameter in range(held, at.d_signals):
        moved[parameter] = row[parameter]


def move(record: Record, first: int, last: int, at: Layout, trained: int, method: Method, number: int) -> None:
    """As `descend`, with penalties and by any optimiser; ``number`` counts the updates of the training, from 1.

    The gradient is g = (1/n)·Σ ∂L/∂λ + l2·λ + l1·sign(λ); biases have no penalty. Momentum and Adam: `optimisers.Momentum`, `optimisers.Adam`.
    """
    row = record[last]
    moved = record[last + 1]
    eta = row[at.eta]
    to_derivative = at.d_weights - at.weights
    for parameter in range(at.weights, at.weights + trained):
        gradient = 0.0
        for t in range(first, last + 1):
            gradient += record[t][parameter + to_derivative]
        gradient /= last + 1 - first
        if parameter < at.biases:
            gradient += penalty_slope(row[parameter], method)
        if method.optimiser == GRADIENT_DESCENT:
            moved[parameter] = row[parameter] - eta * gradient
            continue
        first_moment = at.first_moments + parameter - at.weights
        mean = method.beta1 * row[first_moment] + (1.0 - method.beta1) * gradient
        moved[first_moment] = mean
        if method.optimiser == MOMENTUM:
            moved[parameter] = row[parameter] - eta * mean
            continue
        second_moment = at.second_moments + parameter - at.weights
        square = method.beta2 * row[second_moment] + (1.0 - method.beta2) * gradient * gradient
        moved[second_moment] = square
        mean /= 1.0 - math.pow(method.beta1, float(number))
        square /= 1.0 - math.pow(method.beta2, float(number))
        moved[parameter] = row[parameter] - eta * mean / (math.sqrt(square) + method.epsilon)
    for parameter in range(at.weights + trained, at.d_signals):
        moved[parameter] = row[parameter]


def penalty_slope(weight: float, method: Method) -> float:
    """Derivative of the penalty ½·l2·λ² + l1·|λ| of one weight."""
    sign = 1.0 if weight > 0.0 else -1.0 if weight < 0.0 else 0.0
    return method.l2 * weight + method.l1 * sign


def keep(record: Record, t: int, at: Layout) -> None:
    """Copy the state, parameters and running means, of row t to the next row, which has another sample of the same batch."""
    row = record[t]
    following = record[t + 1]
    for parameter in range(at.weights, at.d_signals):
        following[parameter] = row[parameter]
    if at.first_moments >= 0:
        for moment in range(at.first_moments, at.columns):
            following[moment] = row[moment]


def run(
    record: Record,
    at: Layout,
    widths: Sequence[int],
    codes: Sequence[int],
    last_of_batch: Sequence[bool],
    trained: int,
    method: Method,
    updates: int,
) -> None:
    """One pass a row; after the last pass of a batch the first ``trained`` parameters move.

    ``record``: rows × columns, each row holding what is given (inputs, truths, η, masks; the first row also the state) and zeros elsewhere; one
    row more than passes receives the state after the last of them. ``last_of_batch``: one a pass. ``updates``: how many came before.
    """
    outputs = widths[len(widths) - 1]
    coupled = codes[len(codes) - 1] == SOFTMAX and method.loss != CROSS_ENTROPY
    settled = coupled or method.loss > MEAN_SQUARED_ERROR
    plainly = method.optimiser == GRADIENT_DESCENT and method.l1 == 0.0 and method.l2 == 0.0
    loss_code = method.loss
    first = 0
    for t in range(len(last_of_batch)):
        row = record[t]
        forward(row, at, widths, codes)
        loss(row, at, outputs, loss_code)
        if coupled:
            through_softmax(row, at, outputs)
        backward(row, at, widths, codes, settled)
        if not last_of_batch[t]:
            keep(record, t, at)
            continue
        updates += 1
        if plainly:
            descend(record, first, t, at, trained)
        else:
            move(record, first, t, at, trained, method, updates)
        first = t + 1


def complete(record: Record, at: Layout, widths: Sequence[int], codes: Sequence[int], loss_code: int) -> None:
    """The passes of rows that hold what is given and their state; no parameter moves."""
    outputs = widths[len(widths) - 1]
    coupled = codes[len(codes) - 1] == SOFTMAX and loss_code != CROSS_ENTROPY
    for t in range(len(record)):
        row = record[t]
        forward(row, at, widths, codes)
        loss(row, at, outputs, loss_code)
        if coupled:
            through_softmax(row, at, outputs)
        backward(row, at, widths, codes, coupled or loss_code > MEAN_SQUARED_ERROR)


def completed(network: Network, record: np.ndarray, at: Layout, loss_code: int) -> np.ndarray:
    """`complete` of an array of rows (rows, columns), in place where the compiled engine is ready and by plain Python elsewhere; returns the rows."""
    widths, codes = network.widths, activation_codes(network)
    if is_ready():
        compiled().complete(record, at, np.array(widths), np.array(codes), loss_code)
        return record
    rows = record.tolist()
    complete(rows, at, widths, codes, loss_code)
    return np.array(rows)


class Compiled(NamedTuple):
    """`run` and `complete` compiled."""

    run: Callable[..., None]
    complete: Callable[..., None]


@functools.cache
def compiled() -> Compiled:
    """`run` and `complete` compiled by numba, for NumPy arrays in the place of lists.

    The code is kept between processes: beside this file, else in the user's cache, or in NUMBA_CACHE_DIR.
    Raises ImportError without numba.
    """
    scope: dict[str, Any] = {}
    kernel = (activate, slope, largest_total, softmax, quotient, cross_entropy, binary_cross_entropy, loss, through_masks, through_softmax)
    for function in (*kernel, forward, backward, penalty_slope, descend, move, keep, run, complete):
        twin = FunctionType(function.__code__, {**globals(), **scope}, function.__name__)
        twin.__qualname__, twin.__module__ = f"compiled.{function.__name__}", __name__
        scope[function.__name__] = _compiled(twin)
    both = Compiled(scope["run"], scope["complete"])
    _call_once(both)
    return both


def is_ready() -> bool:
    """Whether the compiled engine can be called without waiting: not while another thread compiles it, which takes seconds where none is kept."""
    return compiled.cache_info().currsize > 0


def _call_once(functions: Compiled) -> None:
    """One pass of the smallest network: numba compiles, or reads what it has kept, when a function is called."""
    network = Network((1, 1))
    at, widths, codes = layout(network), np.array(network.widths), np.array(activation_codes(network))
    record, method = np.zeros((2, at.columns)), Method()
    functions.run(record, at, widths, codes, np.ones(1, dtype=bool), network.parameter_count, method, 0)
    functions.complete(record, at, widths, codes, method.loss)


def _compiled(function: FunctionType) -> Callable[..., Any]:
    """A function that numba compiles at its first call, into the one that calls it, which is a seventh faster than calling it.

    Kept between processes where there is a folder to write to.
    """
    import numba

    try:
        return numba.njit(cache=True, inline="always", error_model="numpy")(function)
    except RuntimeError:  # "no locator available": a read-only install, and no home
        return numba.njit(inline="always", error_model="numpy")(function)
