"""Walkthrough: the steps inside an epoch as the film shows them, equations as HTML with a place for each number.

The equations are the same at every epoch; the numbers come from the film's frames. Beside the recorded values each step has the value that
the digits shown lead to, and each derivative of a parameter its central difference.
"""

import itertools
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ann_dashboard import notation
from ann_dashboard.derivation import PYTHON, Rule, evaluated, path_product, paths, rules
from ann_dashboard.expressions import LOOSE, Hand, symbols, written
from ann_dashboard.network import Network
from ann_dashboard.views import numbers

NUDGE = 1e-5
CHECK_DECIMALS = 8


@lru_cache(maxsize=16)
def described(network: Network, *, derivative_of: str, batch: bool, biases_move: bool, updates: bool) -> list[dict[str, Any]]:
    """What film.js needs of each step, the same at every epoch. ``updates``: whether each next epoch is recorded, so that updates can be shown."""
    plan = rules(network, of=derivative_of, batch=batch, biases_move=biases_move)
    return [_described(network, rule, derivative_of) for rule in plan if updates or rule.block != "update"]


def texts(
    network: Network,
    shown: Mapping[str, np.ndarray],
    following: Mapping[str, np.ndarray],
    *,
    derivative_of: str,
    batch: bool,
    biases_move: bool,
    decimals: int,
) -> dict[str, list[str]]:
    """The texts of a stretch of frames that only the steps show: gid -> one a frame.

    ``shown``: symbol -> the numbers shown at each frame (frames,), derivatives with the sign that is shown. ``following``: parameter -> its value
    after the update; empty where no update is shown.
    """
    every = {**shown, **_returned(network, shown), **{notation.moved(parameter): values for parameter, values in following.items()}}
    plan = [rule for rule in rules(network, of=derivative_of, batch=batch, biases_move=biases_move) if rule.symbol in every]
    filmed = {*network.columns, *network.terms}
    found = {symbol: numbers.texts(values, decimals) for symbol, values in every.items() if symbol not in filmed}
    found |= {f"digits:{symbol}": text for symbol, text in _from_digits(plan, every, decimals).items()}
    for symbol, (text, agreement) in _checks(network, shown, derivative_of).items():
        found |= {f"check:{symbol}": text, f"agree:{symbol}": agreement}
    return found | {gid: numbers.texts(values, decimals + 2) for gid, values in _ledger(network, every).items()}


def _returned(network: Network, shown: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What goes back along each connection: weight times derivative."""
    columns = {}
    with np.errstate(invalid="ignore", over="ignore"):
        for i, j in network.connections:
            target = network.nodes[j - 1]
            back = shown[notation.derivative(notation.pre_activation(target))]
            columns[notation.returned(i, target)] = shown[notation.weight(i, j)] * back
    return columns


def _from_digits(plan: list[Rule], every: Mapping[str, np.ndarray], decimals: int) -> dict[str, list[str]]:
    """Symbol -> the text of what its equation gives when it is worked out with the digits that are shown."""
    used = {symbol for rule in plan for symbol in symbols(rule.expression)}
    read = {symbol: np.array([float(text.replace(notation.MINUS, "-")) for text in numbers.texts(every[symbol], decimals)]) for symbol in used}
    with np.errstate(all="ignore"):
        worked = {rule.symbol: evaluated(rule.expression, read) for rule in plan}
    return {symbol: numbers.texts(np.broadcast_to(values, every[symbol].shape), decimals) for symbol, values in worked.items()}


def _checks(network: Network, shown: Mapping[str, np.ndarray], derivative_of: str) -> dict[str, tuple[list[str], list[str]]]:
    """∂L/∂θ of each parameter by nudging it both ways, (L(θ + h) − L(θ − h)) / 2h, and in how many digits it agrees: symbol -> texts."""
    sign = 1.0 if derivative_of == notation.LOSS else -1.0
    found = {}
    for parameter in network.parameters:
        with np.errstate(all="ignore"):
            up, down = (_loss_with(network, shown, parameter, shown[parameter] + nudge) for nudge in (NUDGE, -NUDGE))
            difference = sign * (up - down) / (2 * NUDGE)
            derivative = shown[notation.derivative(parameter)]
            distance = np.abs(difference - derivative) / np.maximum(np.abs(derivative), 1e-300)
            digits = np.clip(np.nan_to_num(np.floor(-np.log10(np.maximum(distance, 1e-16))), nan=0.0), 0, 16).astype(int)
        agreement = [f"{count} digits" if count != 1 else "1 digit" for count in digits.tolist()]
        found[notation.derivative(parameter)] = (numbers.texts(difference, CHECK_DECIMALS), agreement)
    return found


def _loss_with(network: Network, shown: Mapping[str, np.ndarray], parameter: str, values: np.ndarray) -> np.ndarray:
    """The loss at each frame with other values of one parameter."""
    worked: dict[str, Any] = {**shown, parameter: values}
    for rule in rules(network):
        worked[rule.symbol] = evaluated(rule.expression, worked)
        if rule.symbol == notation.LOSS:
            break
    return worked[notation.LOSS]


def _ledger(network: Network, every: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The share of each path in ∂L/∂ of a node, and what is left when that path is forgotten: gid -> numbers at each frame."""
    ledger = {}
    with np.errstate(invalid="ignore", over="ignore"):
        for node in _ledger_nodes(network):
            shares = [np.broadcast_to(evaluated(path_product(network, path), every), every[node].shape) for path in paths(network, node)]
            ledger[f"whole:{node}"] = sum(shares)
            for place, share in enumerate(shares):
                ledger[f"path:{node}:{place}"] = share
                ledger[f"without:{node}:{place}"] = sum(shares) - share
    return ledger


def _ledger_nodes(network: Network) -> list[str]:
    """Nodes from which more than one path leads to the outputs."""
    return [node for layer in network.layers[:-1] for node in layer if len(paths(network, node)) > 1]


def _described(network: Network, rule: Rule, of: str) -> dict[str, Any]:
    """A rule as film.js reads it."""
    used = list(dict.fromkeys(symbols(rule.expression)))
    described = {
        "symbol": rule.symbol,
        "block": rule.block,
        "name": notation.form(rule.symbol, of=of).html,
        "plain": notation.form(rule.symbol, of=of).plain,
        "equation": written(rule.expression, _html_hand(of)),
        "words": written(rule.expression, _plain_hand(of)),
        "numbers": written(rule.expression, NUMBERS),
        "sentence": rule.sentence,
        "used": used,
        "lights": _lights(network, rule),
        "reveals": [
            notation.term(network.nodes[i - 1], j) for i, j in network.connections if rule.symbol == notation.pre_activation(network.nodes[j - 1])
        ],
    }
    node = rule.symbol.removeprefix(notation.derivative(""))
    if rule.block == "sum of paths" and node in _ledger_nodes(network):
        described["paths"] = [
            {
                "nodes": " ← ".join(notation.form(passed).html for passed in path),
                "equation": written(path_product(network, path, of=of), _html_hand(of)),
                "lights": [f"connection:{notation.weight(int(one[1:]), int(other[1:]))}" for one, other in itertools.pairwise(path)],
            }
            for path in paths(network, node)
        ]
    return described


def _lights(network: Network, rule: Rule) -> list[str]:
    """The gids of the diagram that light up: the node, the connections that are used, and the number itself."""
    lights = [rule.symbol, rule.symbol.removesuffix("_next")]
    for i, j in network.connections:
        source, target = network.nodes[i - 1], network.nodes[j - 1]
        weight, before = notation.weight(i, j), notation.pre_activation(target)
        if rule.symbol in (before, notation.returned(i, target), notation.derivative(weight), notation.moved(weight)):
            lights.append(f"connection:{weight}")
        if rule.symbol == before:
            lights.append(notation.term(source, j))
    for node in network.nodes:
        if rule.symbol in (node, notation.pre_activation(node), *map(notation.derivative, (node, notation.pre_activation(node)))):
            lights.append(f"node:{node}")
    return lights


def _brace(text: str, top: str, bottom: str) -> str:
    """A factor under the derivative that it is."""
    name = f"∂{notation.form(top).html}/∂{notation.form(bottom).html}"
    return f'<span class="film-named"><span>{name}</span><span>{text}</span></span>'


def _html_hand(of: str) -> Hand:
    return Hand(
        value=lambda symbol: notation.form(symbol, of=of).html,
        minus=notation.MINUS,
        times=" · ",
        bracketed="({0})",
        quotient='<span class="film-fraction"><span>{0}</span><span>{1}</span></span>',
        in_quotient=(LOOSE, LOOSE),
        power="{0}<sup>2</sup>",
        call="{0}({1})",
        if_positive="({0} if {1} > 0, else {2})",
        named=_brace,
    )


def _plain_hand(of: str) -> Hand:
    return PYTHON._replace(value=lambda symbol: notation.form(symbol, of=of).plain, minus=notation.MINUS, times=" · ", power="{0}²")


NUMBERS = _html_hand(notation.LOSS)._replace(
    value=lambda symbol: f'<span data-value="{symbol}" data-factor></span>', named=lambda text, _top, _bottom: text
)
