"""The scalar engine: forward, loss, backward and update of one pass after the other, node by node.

Its memory is the record itself: one row of numbers a pass, in the order of the history's columns. A pass
reads its parameters from its row, writes its signals, loss and derivatives into it, and the update writes the
moved parameters into the next row. Where a training has them, the dropout masks and the optimiser's running
means stand behind the history's fixed columns. The same text runs as plain Python on lists and, compiled by
numba, on NumPy arrays (`compiled`), and gives the same numbers. Nothing here raises for large numbers: they
become inf or NaN. What a single activation, loss or optimiser computes stands in its entry of `activations`,
`losses`, `optimisers`; here they are chosen by their numbers.

Source of the equations: e-book chapter, "Neural Networks Backpropagation Building Blocks".
"""

import ast
import dis
import functools
import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from ann_dashboard.engine import activations, losses, optimisers
from ann_dashboard.engine.activations import ACTIVATIONS, Coupling
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import MOST_SETTINGS, OPTIMISERS, Settings, descent
from ann_dashboard.engine.record import Layout, Record, Row

INPUT = activations.INPUT.code
GRADIENT_DESCENT = descent("gradient_descent").code


class Method(NamedTuple):
    """What is minimised and how a gradient moves the parameters, as numbers.

    ``loss`` and ``optimiser`` are the catalogues' codes.
    ``settings``: the optimiser's, and zeros up to as many as any has: numba would compile for every other
    length anew.
    """

    loss: int = 0
    optimiser: int = GRADIENT_DESCENT
    settings: Settings = (0.0,) * MOST_SETTINGS
    l1: float = 0.0
    l2: float = 0.0


def layout(network: Network, *, means: int = 0, masked: bool = False) -> Layout:
    """The layout of the record of a network.

    ``means``: how many running means the optimiser keeps of a parameter.
    """
    nodes, weights, biases = len(network.nodes), network.weight_count, network.bias_count
    truths = 2 * nodes
    loss = truths + network.widths[-1]
    first_derivative = loss + 1 + weights + biases
    eta = len(network.columns) - 1
    first_mean = eta + 1 + masked * sum(network.widths[1:-1])
    return Layout(
        columns=first_mean + means * network.parameter_count,
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
        means=first_mean,
    )


def activation_codes(network: Network) -> list[int]:
    """The engine's number of each layer's activation; the input layer passes its values on unchanged."""
    return [INPUT, *(ACTIVATIONS[name].code for name in network.layer_activations)]


OUT = tuple(entry.out for entry in ACTIVATIONS.values())
SLOPE = tuple(entry.slope for entry in ACTIVATIONS.values())
COUPLE = {entry.code: entry.couple for entry in ACTIVATIONS.values() if isinstance(entry, Coupling)}
BACK = {entry.code: entry.back for entry in ACTIVATIONS.values() if isinstance(entry, Coupling)}
LOSS = tuple(entry.write for entry in LOSSES.values())
MOVE = tuple(entry.move for entry in OPTIMISERS.values())
TABLES: dict[str, dict[int, Any]] = {
    "OUT": dict(enumerate(OUT)),
    "SLOPE": dict(enumerate(SLOPE)),
    "COUPLE": COUPLE,
    "BACK": BACK,
    "LOSS": dict(enumerate(LOSS)),
    "MOVE": dict(enumerate(MOVE)),
}
"""What the pass and the update choose by a number."""
COUPLES = tuple(entry.couples for entry in ACTIVATIONS.values())
SETTLES = tuple(entry.settles for entry in LOSSES.values())


def forward(row: Row, at: Layout, widths: Sequence[int], codes: Sequence[int]) -> None:
    """Signals of one pass, node after node.

    H4in = λ14 I1 + λ24 I2 + λ34 I3 + b4, H4 = α(H4in); with dropout times the node's mask.
    """
    weight = at.weights
    bias = at.biases
    mask = at.masks
    node = 2 * widths[0]
    code = INPUT
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
            row[node + 1] = OUT[code](total)
            node += 2
        if mask >= 0 and layer < len(widths) - 1:
            for masked in range(end_of_sources + 1, node, 2):
                row[masked] *= row[mask]
                mask += 1
    if COUPLES[code]:
        COUPLE[code](row, node - 2 * widths[len(widths) - 1], node)


def backward(row: Row, at: Layout, widths: Sequence[int], codes: Sequence[int], settled: bool) -> None:
    """Loss derivatives of one pass at every node, weight and bias, from the last node to the first.

    For each node: ∂L/∂H4in = slope(H4) · ∂L/∂H4 and ∂L/∂b_4 = ∂L/∂H4in; along each connection into it
    ∂L/∂λ_14 = I1 · ∂L/∂H4in, and λ_14 · ∂L/∂H4in goes back to I1, where the paths add up: ∂L/∂I1 = Σ_j λ_1j
    ∂L/∂j_in. The derivatives at the nodes start from zero.
    ``settled``: ∂L/∂O_in of the output nodes is there already, from an entropy or through a softmax.
    Source: e-book chapter, "Loss Derivatives with Respect to Weights and Biases".
    Errata: the chapter prints the negative of these values (it stores y − O6), and one factor (1 − O6) O6 too
    many in ∂L/∂H4.
    """
    d = at.d_signals
    to_derivative = at.d_weights - at.weights
    weight = at.biases
    bias = d
    node = at.truths
    mask = at.masks
    if mask >= 0:
        mask = at.means
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
            derivative = row[node + d] if settled else SLOPE[code](row[node + 1]) * row[node + 1 + d]
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
    """∂L/∂H4in of the hidden nodes from ``first`` to before ``end``, with dropout.

    Their output is α(in) times their mask, 0 for a node that is left out.
    """
    d = at.d_signals
    for node in range(first, end, 2):
        factor = row[mask]
        row[node + d] = (
            factor * SLOPE[code](row[node + 1] / factor) * row[node + 1 + d] if factor != 0.0 else 0.0
        )
        mask += 1


def descend(record: Record, first: int, last: int, at: Layout, trained: int) -> None:
    """Write the moved parameters into the row after ``last``.

    λ ← λ − η·(1/n)·Σ ∂L/∂λ over the n passes of the rows ``first`` to ``last``.
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


def advance(
    record: Record, first: int, last: int, at: Layout, trained: int, method: Method, number: int
) -> None:
    """As `descend`, with penalties and by any optimiser.

    ``number`` counts the updates of the training, from 1.
    The gradient is g = (1/n)·Σ ∂L/∂λ + l2·λ + l1·sign(λ); biases have no penalty.
    """
    row = record[last]
    moved = record[last + 1]
    eta = row[at.eta]
    to_derivative = at.d_weights - at.weights
    to_mean = at.means - at.weights
    count = at.d_signals - at.weights
    for parameter in range(at.weights, at.weights + trained):
        gradient = 0.0
        for t in range(first, last + 1):
            gradient += record[t][parameter + to_derivative]
        gradient /= last + 1 - first
        if parameter < at.biases:
            gradient += penalty_slope(row[parameter], method)
        MOVE[method.optimiser](
            row, moved, parameter, parameter + to_mean, count, eta, gradient, method.settings, number
        )
    for parameter in range(at.weights + trained, at.d_signals):
        moved[parameter] = row[parameter]


def penalty_slope(weight: float, method: Method) -> float:
    """Derivative of the penalty ½·l2·λ² + l1·|λ| of one weight."""
    sign = 1.0 if weight > 0.0 else -1.0 if weight < 0.0 else 0.0
    return method.l2 * weight + method.l1 * sign


def keep(record: Record, t: int, at: Layout) -> None:
    """Copy the parameters and running means of row t to the next row.

    That row has another sample of the same batch.
    """
    row = record[t]
    following = record[t + 1]
    for parameter in range(at.weights, at.d_signals):
        following[parameter] = row[parameter]
    for mean in range(at.means, at.columns):
        following[mean] = row[mean]


def run(
    record: Record,
    at: Layout,
    widths: Sequence[int],
    codes: Sequence[int],
    last_of_batch: Sequence[bool],
    trained: int,
    method: Method,
    updates: int,
    moving: bool,
) -> None:
    """One pass a row; after the last pass of a batch the first ``trained`` parameters move.

    ``record``: rows × columns, each row holding what is given (inputs, truths, η, masks; the first row also
    the state) and zeros elsewhere; one row more than passes receives the state after the last of them.
    ``last_of_batch``: one a pass. ``updates``: how many came before.
    ``moving``: False where every row has a state of its own, and no parameter moves.
    """
    outputs = widths[len(widths) - 1]
    output = codes[len(codes) - 1]
    loss = method.loss
    coupled = COUPLES[output] and not SETTLES[loss]
    settled = coupled or SETTLES[loss]
    plainly = method.optimiser == GRADIENT_DESCENT and method.l1 == 0.0 and method.l2 == 0.0
    first = 0
    for t in range(len(last_of_batch)):
        row = record[t]
        forward(row, at, widths, codes)
        LOSS[loss](row, at, outputs)
        if coupled:
            BACK[output](row, at, outputs)
        backward(row, at, widths, codes, settled)
        if not moving:
            continue
        if not last_of_batch[t]:
            keep(record, t, at)
            continue
        updates += 1
        if plainly:
            descend(record, first, t, at, trained)
        else:
            advance(record, first, t, at, trained, method, updates)
        first = t + 1


def completed(network: Network, record: np.ndarray, at: Layout, loss: int) -> np.ndarray:
    """The passes of rows (rows, columns) that hold what is given and their state; no parameter moves.

    In place where the compiled engine is ready and by plain Python elsewhere; returns the rows.
    """
    widths, codes, alone = network.widths, activation_codes(network), np.ones(len(record), dtype=bool)
    if is_ready():
        compiled()(record, at, np.array(widths), np.array(codes), alone, 0, Method(loss), 0, False)
        return record
    rows = record.tolist()
    run(rows, at, widths, codes, alone.tolist(), 0, Method(loss), 0, False)
    return np.array(rows)


@functools.cache
def compiled() -> Callable[..., None]:
    """`run` compiled by numba, for NumPy arrays in the place of lists.

    The code is kept between processes: beside this file, else in the user's cache, or in NUMBA_CACHE_DIR.
    Raises ImportError without numba.
    """
    found: Callable[..., None] = _twin(run, {})
    _call_once(found)
    return found


def is_ready() -> bool:
    """Whether the compiled engine can be called without waiting.

    It cannot while another thread compiles it, which takes seconds where no compiled code is kept.
    """
    return compiled.cache_info().currsize > 0


def _call_once(function: Callable[..., None]) -> None:
    """One pass of the smallest network, so that the engine is compiled.

    numba compiles, or reads what it has kept, when a function is called.
    """
    network = Network((1, 1))
    at, widths, codes = layout(network), np.array(network.widths), np.array(activation_codes(network))
    function(
        np.zeros((2, at.columns)),
        at,
        widths,
        codes,
        np.ones(1, dtype=bool),
        network.parameter_count,
        Method(),
        0,
        True,
    )


def _twin(function: Callable[..., Any], twins: dict[Callable[..., Any], Any]) -> Any:
    """The same text compiled by numba, with the Python functions that it calls.

    ``twins`` holds those that are compiled already.
    """
    assert isinstance(function, FunctionType)
    if function not in twins:
        scope = dict(function.__globals__)
        for name in {line.argval for line in dis.get_instructions(function) if line.opname == "LOAD_GLOBAL"}:
            if name in TABLES:
                scope[name] = _compiled(
                    _choice({number: _twin(one, twins) for number, one in TABLES[name].items()})
                )
            elif isinstance(called := scope.get(name), FunctionType):
                scope[name] = _twin(called, twins)
        twin = FunctionType(_calling_choices(function).__code__, scope, function.__name__)
        # What is kept is that of this file's date and of this name: it has the catalogues' text in it, which
        # the kept code contains.
        twin.__qualname__, twin.__module__ = f"compiled.{function.__name__}.{_catalogues()}", __name__
        twins[function] = _compiled(twin, kept=function is run, inlined=function is not advance)
    return twins[function]


def _calling_choices(function: FunctionType) -> FunctionType:
    """A function of this module with OUT(code, total) in the place of OUT[code](total).

    numba has no tables of functions.
    """
    if function.__module__ != __name__:
        return function
    tree = ast.increment_lineno(ast.parse(inspect.getsource(function)), function.__code__.co_firstlineno - 1)
    scope = dict(globals())
    exec(compile(ast.fix_missing_locations(_Choices().visit(tree)), __file__, "exec"), scope)
    return scope[function.__name__]


class _Choices(ast.NodeTransformer):
    def visit_Call(self, call: ast.Call) -> ast.Call:
        self.generic_visit(call)
        match call.func:
            case ast.Subscript(ast.Name(name) as table, code) if name in TABLES:
                call.func, call.args = table, [code, *call.args]
        return call


def _choice(functions: Mapping[int, Any]) -> FunctionType:
    """What chooses one of some functions by a number and calls it, by one comparison after the other."""
    given = ", ".join(inspect.signature(next(iter(functions.values())).py_func).parameters)
    *others, last = functions
    lines = [f"    if code == {number}:\n        return choice_{number}({given})\n" for number in others]
    lines.append(f"    return choice_{last}({given})\n")
    scope: dict[str, Any] = {f"choice_{number}": one for number, one in functions.items()}
    exec(f"def choice(code, {given}):\n" + "".join(lines), scope)
    return scope["choice"]


@functools.cache
def _catalogues() -> str:
    """A short digest of the text of the catalogues."""
    text = "".join(map(inspect.getsource, (activations, losses, optimisers)))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _compiled(function: FunctionType, *, kept: bool = False, inlined: bool = True) -> Callable[..., Any]:
    """A function that numba compiles at its first call.

    ``kept``: between processes, where there is a folder to write to. ``inlined``: into the one that calls it,
    which is a seventh faster than calling it; but `run` is faster where the seldom `advance` is not in its
    way.
    """
    import numba

    how: dict[str, Any] = {"inline": "always" if inlined else "never", "error_model": "numpy"}
    try:
        return numba.njit(cache=kept, **how)(function)
    except RuntimeError:  # "no locator available": a read-only install, and no home
        return numba.njit(**how)(function)
