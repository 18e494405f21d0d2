"""Walkthrough: the steps inside an epoch as the film shows them, equations as HTML with a place for each number.

The equations are the same at every epoch; the numbers come from the film's frames. Beside the recorded values each step has the value that
the digits shown lead to, and each derivative of a parameter its central difference.
"""

import itertools
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ann_dashboard import notation, prediction
from ann_dashboard.expressions import LOOSE, Hand, evaluated, symbols, written
from ann_dashboard.hands import plain_hand, setting_text
from ann_dashboard.history import History
from ann_dashboard.manner import Manner, update_number
from ann_dashboard.network import Network
from ann_dashboard.optimisers import RUNNING_MEANS
from ann_dashboard.rules import Rule, path_count, path_product, paths, rules
from ann_dashboard.views import numbers

NUDGE = 1e-5
CHECK_DECIMALS = 8
KEPT = 3
"""Networks whose steps are kept: those of the largest take 40 MB."""
MOST_PATHS = 40
"""Paths from one node that are listed one by one: more than a person reads, and their number grows with every layer."""


@lru_cache(maxsize=KEPT)
def described(network: Network, manner: Manner, *, derivative_of: str, note: str = "") -> list[dict[str, Any]]:
    """What film.js needs of each step, the same at every epoch; ``note``: what the steps that move something say of the next frame."""
    return [_described(network, manner, rule, derivative_of, note) for rule in rules(network, manner, of=derivative_of)]


def given(history: History, manner: Manner, table: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the steps need at each frame besides the network's columns: masks, running means, counts, and means over the batch; true derivatives.

    A frame is the first update of a recorded epoch. ``table``: column -> its values (frames,).
    """
    found = {symbol: table[symbol] for symbol in history.columns[len(history.network.columns) :]}
    epochs = history.recorded_epochs
    first = np.zeros_like(epochs)
    found |= {notation.EPOCH: epochs, notation.FIRST_ETA: np.full(len(epochs), history.training.eta)}
    found[notation.UPDATE_NUMBER] = np.ones(len(epochs), dtype=int)
    found[notation.UPDATE_NUMBER][:-1] = update_number(history.training, len(history.data), epochs[:-1], first[:-1])
    if manner.mean != "own":
        derivatives = map(notation.derivative, history.network.parameters)
        found |= dict(zip(map(notation.mean, derivatives), history.mean_derivatives(epochs, first).T, strict=True))
    return found


def texts(network: Network, manner: Manner, shown: Mapping[str, np.ndarray], *, derivative_of: str, decimals: int) -> dict[str, list[str]]:
    """The texts of a stretch of frames that only the steps show: gid -> one a frame.

    ``shown``: symbol -> the numbers shown at each frame (frames,), derivatives with the sign that is shown: columns, terms and what is `given`.
    The state after an update is what the equation gives.
    """
    plan = rules(network, manner, of=derivative_of)
    every = dict(shown)
    for rule in plan:
        if rule.symbol not in every:
            every[rule.symbol] = np.broadcast_to(evaluated(rule.expression, every), every[notation.EPOCH].shape)
    filmed = {*network.columns, *network.terms, notation.EPOCH}
    used = {symbol for rule in plan for symbol in symbols(rule.expression)}
    read = {symbol: _read(symbol, every[symbol], decimals) for symbol in used | (every.keys() - filmed)}
    found = {symbol: text for symbol, text in read.items() if symbol not in filmed}
    found |= _from_digits(plan, {symbol: read[symbol] for symbol in used}, decimals)
    for symbol, (text, agreement) in _checks(network, manner, shown, derivative_of).items():
        found |= {f"check:{symbol}": text, f"agree:{symbol}": agreement}
    return found | {gid: numbers.texts(values, decimals + 2) for gid, values in _ledger(network, manner, every).items()}


def _read(symbol: str, values: np.ndarray, decimals: int) -> list[str]:
    """A column as it is shown, counts as whole numbers."""
    return [str(count) for count in values.tolist()] if symbol in notation.COUNTS else numbers.texts(values, decimals)


def _from_digits(plan: tuple[Rule, ...], read: Mapping[str, list[str]], decimals: int) -> dict[str, list[str]]:
    """What each equation gives when it is worked out with the digits that are shown, ``read``: gid -> texts."""
    # One replacement for a whole column: a call for each number takes five times as long.
    shown = {symbol: np.array([*map(float, " ".join(text).replace(notation.MINUS, "-").split(" "))]) for symbol, text in read.items()}
    frames = next(iter(shown.values())).shape
    worked = {rule.symbol: np.broadcast_to(evaluated(rule.expression, shown), frames) for rule in plan}
    return {f"digits:{symbol}": numbers.texts(values, decimals) for symbol, values in worked.items()}


def _checks(network: Network, manner: Manner, shown: Mapping[str, np.ndarray], derivative_of: str) -> dict[str, tuple[list[str], list[str]]]:
    """∂L/∂θ of each parameter by nudging it both ways, (L(θ + h) − L(θ − h)) / 2h, and in how many digits it agrees: symbol -> texts."""
    sign = 1.0 if derivative_of == notation.LOSS else -1.0
    found = {}
    for parameter in network.parameters:
        with np.errstate(all="ignore"):
            up, down = losses_with(network, manner, shown, parameter, shown[parameter] + np.array([[NUDGE], [-NUDGE]]))
            difference = sign * (up - down) / (2 * NUDGE)
            derivative = shown[notation.derivative(parameter)]
            distance = np.abs(difference - derivative) / np.maximum(np.abs(derivative), 1e-300)
            digits = np.clip(np.nan_to_num(np.floor(-np.log10(np.maximum(distance, 1e-16))), nan=0.0), 0, 16).astype(int)
        agreement = [f"{count} digits" if count != 1 else "1 digit" for count in digits.tolist()]
        found[notation.derivative(parameter)] = (numbers.texts(difference, CHECK_DECIMALS), agreement)
    return found


def losses_with(network: Network, manner: Manner, shown: Mapping[str, np.ndarray], parameter: str, values: np.ndarray) -> np.ndarray:
    """The loss with other values (..., frames) of one parameter, all else as it is at each frame: what depends on it is worked out anew."""
    worked: dict[str, Any] = {**shown, parameter: values}
    changed = {parameter}
    for symbol, expression, used in _forward(network, manner):
        if not changed.isdisjoint(used):
            worked[symbol] = evaluated(expression, worked)
            changed.add(symbol)
    outputs = network.layers[-1]
    before, predicted, truths = (
        np.stack(np.broadcast_arrays(*(worked[symbol] for symbol in group)), axis=-1)
        for group in (map(notation.pre_activation, outputs), outputs, network.truths)
    )
    return prediction.losses(manner.loss, before, predicted, truths)


@lru_cache(maxsize=KEPT)
def _forward(network: Network, manner: Manner) -> list[tuple[str, Any, frozenset[str]]]:
    """Each step of the forward pass: its symbol, its expression and what that uses."""
    forward = (rule for rule in rules(network, manner) if rule.block == "forward")
    return [(rule.symbol, rule.expression, frozenset(symbols(rule.expression))) for rule in forward]


def _ledger(network: Network, manner: Manner, every: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The share of each path in ∂L/∂ of a node, and what is left when that path is forgotten: gid -> numbers at each frame."""
    ledger = {}
    with np.errstate(invalid="ignore", over="ignore"):
        for node in _ledger_nodes(network):
            shares = [np.broadcast_to(evaluated(path_product(network, path, manner), every), every[node].shape) for path in paths(network, node)]
            ledger[f"whole:{node}"] = sum(shares)
            for place, share in enumerate(shares):
                ledger[f"path:{node}:{place}"] = share
                ledger[f"without:{node}:{place}"] = sum(shares) - share
    return ledger


def _ledger_nodes(network: Network) -> list[str]:
    """Nodes from which more than one path leads to the outputs, and not more than can be read."""
    return [node for layer in network.layers[:-1] for node in layer if 1 < path_count(network, node) <= MOST_PATHS]


def _described(network: Network, manner: Manner, rule: Rule, of: str, note: str) -> dict[str, Any]:
    """A rule as film.js reads it."""
    used = list(dict.fromkeys(symbols(rule.expression)))
    described = {
        "symbol": rule.symbol,
        "block": rule.block,
        "name": notation.form(rule.symbol, of=of).html,
        "plain": notation.form(rule.symbol, of=of).plain,
        "equation": written(rule.expression, _html_hand(of)),
        "words": written(rule.expression, plain_hand(lambda symbol: notation.form(symbol, of=of).plain)),
        "numbers": written(rule.expression, NUMBERS),
        "sentence": rule.sentence + (note if rule.symbol.endswith("_next") else ""),
        "used": used,
        "lights": [rule.symbol, rule.symbol.removesuffix("_next"), *_lights(network).get(rule.symbol, [])],
        "reveals": [symbol for symbol in _lights(network).get(rule.symbol, []) if symbol in network.terms],
    }
    node = rule.symbol.removeprefix(notation.derivative(""))
    if rule.block != "sum of paths":
        return described
    if node in _ledger_nodes(network):
        described["paths"] = [
            {
                "nodes": " ← ".join(notation.form(passed).html for passed in path),
                "equation": written(path_product(network, path, manner, of=of), _html_hand(of)),
                "lights": [f"connection:{notation.weight(int(one[1:]), int(other[1:]))}" for one, other in itertools.pairwise(path)],
            }
            for path in paths(network, node)
        ]
    elif path_count(network, node) > MOST_PATHS:
        described["sentence"] += f" Followed to the outputs they are {path_count(network, node)} paths, too many to list one by one."
    return described


@lru_cache(maxsize=KEPT)
def _lights(network: Network) -> dict[str, list[str]]:
    """Symbol of a step -> the gids of the diagram that light up besides its own number: nodes, connections, terms and parameters."""
    lights: dict[str, list[str]] = {}
    for i, j in network.connections:
        source, target = network.nodes[i - 1], network.nodes[j - 1]
        weight, before = notation.weight(i, j), notation.pre_activation(target)
        lights.setdefault(before, []).extend((f"connection:{weight}", notation.term(source, j)))
        for symbol in (notation.returned(i, target), notation.derivative(weight), *_moving(weight)):
            lights[symbol] = [f"connection:{weight}"]
    for node in network.nodes:
        total = notation.pre_activation(node)
        for symbol in (node, total, notation.unmasked(node), notation.derivative(node), notation.derivative(total)):
            lights.setdefault(symbol, []).append(f"node:{node}")
    for parameter in network.parameters:
        for symbol in _moving(parameter):
            lights.setdefault(symbol, []).append(parameter)
    return lights


def _moving(parameter: str) -> tuple[str, ...]:
    """The symbols of the steps that move a parameter."""
    kept = [keeps(parameter) for keeps in RUNNING_MEANS]
    return (*map(notation.moved, (parameter, *kept)), notation.gradient(parameter), *map(notation.corrected, kept))


def _brace(text: str, top: str, bottom: str) -> str:
    """A factor under the derivative that it is."""
    name = f"∂{notation.form(top).html}/∂{notation.form(bottom).html}"
    return f'<span class="film-named"><span>{name}</span><span>{text}</span></span>'


def _html_hand(of: str) -> Hand:
    return Hand(
        value=lambda symbol: notation.form(symbol, of=of).html,
        setting=lambda setting: notation.form(setting.symbol).html,
        minus=notation.MINUS,
        times=" · ",
        bracketed="({0})",
        quotient='<span class="film-fraction"><span>{0}</span><span>{1}</span></span>',
        in_quotient=(LOOSE, LOOSE),
        power="{0}<sup>2</sup>",
        raised="{0}<sup>{1}</sup>",
        root="√({0})",
        call="{0}({1})",
        if_positive="({0} if {1} > 0, else {2})",
        if_at_least_zero="({0} if {1} ≥ 0, else {2})",
        named=_brace,
    )


NUMBERS = _html_hand(notation.LOSS)._replace(
    value=lambda symbol: f'<span data-value="{symbol}" data-factor></span>',
    alone=lambda symbol: f'<span data-value="{symbol}"></span>',
    setting=setting_text,
    named=lambda text, _top, _bottom: text,
)
