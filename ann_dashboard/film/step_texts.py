"""The steps inside an epoch as the film shows them: equations as HTML, and their numbers.

The equations are the same at every epoch and have a place for each number; the numbers come from the film's
frames. Beside the recorded values each step has the value that the digits shown lead to, and each derivative
of a parameter its central difference. Of a large network both are too much to be made for all steps and all
frames at once: a `Walk` makes those of some steps at some frames.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np

from ann_dashboard import notation
from ann_dashboard.engine import arrays
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import RUNNING_MEANS
from ann_dashboard.equations.rules import Rule, path_count, path_product, paths, rules
from ann_dashboard.equations.variant import Manner, update_number
from ann_dashboard.expressions.tree import LOOSE, Expression, Hand, evaluated, symbols, written
from ann_dashboard.expressions.writers import plain_hand, setting_text
from ann_dashboard.film.wire import SAME, StepDescription, StepOutline
from ann_dashboard.views import numbers

NUDGE = 1e-5
CHECK_DECIMALS = 8
MOST_PATHS = 40
"""Paths from one node that are listed one by one: more than a person reads, and their number grows with every
layer.
"""
MOST_BYTES, BYTES_A_STEP = 60e6, 3500
"""Memory that the steps of a network may take, and that one of them takes, measured: its rule, its place in
the list, and what is at work with it.
"""
NUMBERS_AT_ONCE = 2**13
"""Losses of nudged parameters that are worked out together: few enough for the processor's cache, enough to
be worth a call.
"""
Texts = dict[str, list[str]]


class Walk:
    """The steps inside every epoch of a film.

    ``shown``: symbol -> the numbers shown at each frame (frames,), derivatives with the sign that is shown:
    columns, terms, masks and means.
    ``given``: what the steps need besides, as `given` has it, at a stretch of the frames, with the sign that
    is shown.
    ``note``: what the steps that move something say of the next frame. Nothing is worked out before it is
    asked for.
    """

    def __init__(
        self,
        network: Network,
        manner: Manner,
        shown: Mapping[str, np.ndarray],
        given: Callable[[slice], Mapping[str, np.ndarray]],
        *,
        derivative_of: str,
        decimals: int,
        note: str = "",
    ) -> None:
        self._network, self._manner, self._shown, self._given = network, manner, shown, given
        self._of, self._decimals, self._note = derivative_of, decimals, note

    @property
    def identity(self) -> str:
        """What the equations and sentences depend on.

        Walks with the same identity describe their steps in the same words.
        """
        return repr((self._network, self._manner, self._of, self._note))

    @property
    def refusal(self) -> str:
        """Why these steps cannot be walked through, with the cure; "" where they can."""
        count, most = step_count(self._network, self._manner), int(MOST_BYTES / BYTES_A_STEP)
        if count <= most:
            return ""
        return (
            f"An epoch of this network has about {count} steps, "
            f"more than the {most} that there is memory for: "
            "to step inside, choose fewer nodes or layers (Settings, Network)."
        )

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return rules(self._network, self._manner, of=self._of)

    @cached_property
    def _by_symbol(self) -> dict[str, Rule]:
        return {rule.symbol: rule for rule in self._rules}

    @cached_property
    def sizes(self) -> list[int]:
        """How many numbers each step needs at a frame, at most.

        Those in its equation, its value with all digits and with those shown, its checks.
        """
        ledgers = {
            notation.derivative(node): 1 + 2 * path_count(self._network, node)
            for node in _ledger_nodes(self._network)
        }
        checks = {notation.derivative(parameter): 2 for parameter in self._network.parameters}
        return [
            2 + len(set(symbols(rule.expression))) + ledgers.get(rule.symbol, 0) + checks.get(rule.symbol, 0)
            for rule in self._rules
        ]

    def outline(self) -> list[StepOutline]:
        """What the browser has of every step from the start: what it gives, and what appears with it."""
        terms = frozenset(self._network.terms)
        return [
            {
                "symbol": rule.symbol,
                "block": rule.block,
                "plain": notation.form(rule.symbol, of=self._of).plain,
                "of": (by := _behind(rule.symbol, before=notation.derivative(""))),
                "of_plain": notation.form(by).plain if by else "",
                "moves": _behind(rule.symbol, after=notation.moved("")),
                "reveals": [
                    symbol for symbol in _lights(self._network).get(rule.symbol, []) if symbol in terms
                ],
            }
            for rule in self._rules
        ]

    def described(self, steps: slice = slice(None)) -> list[StepDescription]:
        """What the browser needs besides to show some of the steps, the same at every epoch."""
        return [
            _described(self._network, self._manner, rule, self._of, self._note) for rule in self._rules[steps]
        ]

    def texts(self, frames: slice, steps: slice = slice(None)) -> Texts:
        """The texts that only the steps show, of some steps at a stretch of the frames: gid -> one a frame.

        A value that the digits shown lead to is `SAME` where it is the value itself. The state after an
        update is what the equation gives.
        """
        plan = self._rules[steps]
        every = _Numbers(self._by_symbol, self._shown, self._given(frames), frames)
        read = _Read(every, self._decimals)
        found = {
            symbol: read[symbol]
            for rule in plan
            for symbol in (rule.symbol, *symbols(rule.expression))
            if not self._is_filmed(symbol)
        }
        digits = _Digits(read)
        for rule in plan:
            worked = numbers.texts(
                np.broadcast_to(evaluated(rule.expression, digits), every.shape), self._decimals
            )
            found[f"digits:{rule.symbol}"] = [
                SAME if text == shown else text for text, shown in zip(worked, read[rule.symbol], strict=True)
            ]
        for symbol, (text, agreement) in self._checks(plan, every).items():
            found |= {f"check:{symbol}": text, f"agree:{symbol}": agreement}
        wanted = {rule.symbol for rule in plan}
        nodes = [node for node in _ledger_nodes(self._network) if notation.derivative(node) in wanted]
        return found | {
            gid: numbers.texts(values, self._decimals + 2)
            for gid, values in _ledger(self._network, self._manner, every, nodes)
        }

    def _is_filmed(self, symbol: str) -> bool:
        """Whether the film itself has the texts of a symbol."""
        return symbol in self._shown or symbol == notation.EPOCH

    def _checks(self, plan: Sequence[Rule], every: "_Numbers") -> dict[str, tuple[list[str], list[str]]]:
        """∂L/∂θ by nudging each parameter among the steps, and the digits that agree.

        Central difference, (L(θ + h) − L(θ − h)) / 2h.
        """
        sign = 1.0 if self._of == notation.LOSS else -1.0
        wanted, found = {rule.symbol for rule in plan}, {}
        parameters = [
            parameter for parameter in self._network.parameters if notation.derivative(parameter) in wanted
        ]
        for group in _nudged_together(
            self._network, parameters, max(1, NUMBERS_AT_ONCE // (2 * every.shape[0]))
        ):
            with np.errstate(all="ignore"):
                losses = self._nudged(every, group)
                differences = sign * (losses[:, 0] - losses[:, 1]) / (2 * NUDGE)
                for parameter, difference in zip(group, differences, strict=True):
                    derivative = every[notation.derivative(parameter)]
                    distance = np.abs(difference - derivative) / np.maximum(np.abs(derivative), 1e-300)
                    digits = np.clip(
                        np.nan_to_num(np.floor(-np.log10(np.maximum(distance, 1e-16))), nan=0.0), 0, 16
                    ).astype(int)
                    found[notation.derivative(parameter)] = (
                        numbers.texts(difference, CHECK_DECIMALS),
                        [*map(str, digits.tolist())],
                    )
        return found

    def _nudged(self, every: "_Numbers", parameters: Sequence[str]) -> np.ndarray:
        """The loss (parameters, 2, frames) when one of the parameters is a little larger, a little smaller.

        What depends on it is worked out anew, all else is as it is at each frame.
        """
        worked, depends = (
            _Beside(every),
            dict(zip(parameters, np.eye(len(parameters), dtype=bool), strict=True)),
        )
        for parameter, its_own in depends.items():
            worked[parameter] = np.broadcast_to(every[parameter], (len(parameters), 2, *every.shape)).copy()
            worked[parameter][its_own] += [[NUDGE], [-NUDGE]]
        for symbol, expression, used in self._forward:
            if not depends.keys().isdisjoint(used):
                depends[symbol] = np.any([depends[one] for one in used if one in depends], axis=0)
                worked[symbol] = np.where(
                    depends[symbol][:, np.newaxis, np.newaxis], evaluated(expression, worked), every[symbol]
                )
        outputs = self._network.layers[-1]
        before, predicted, truths = (
            np.stack(np.broadcast_arrays(*(worked[symbol] for symbol in group)), axis=-1)
            for group in (map(notation.pre_activation, outputs), outputs, self._network.truths)
        )
        return arrays.losses(self._manner.loss, before, predicted, truths)

    @cached_property
    def _forward(self) -> list[tuple[str, Expression, frozenset[str]]]:
        """Each step of the forward pass: its symbol, its expression and what that uses."""
        forward = (rule for rule in self._rules if rule.block == "forward")
        return [(rule.symbol, rule.expression, frozenset(symbols(rule.expression))) for rule in forward]


def given(history: History, manner: Manner, frames: slice) -> dict[str, np.ndarray]:
    """What the steps need at a stretch of frames besides the history's columns.

    Counts, and means over the batch; true derivatives. A frame is the first update of a recorded epoch.
    """
    epochs = history.recorded_epochs[frames]
    first = np.zeros_like(epochs)
    followed = epochs < history.recorded_epochs[-1]
    found = {notation.EPOCH: epochs, notation.FIRST_ETA: np.full(len(epochs), history.training.eta)}
    found[notation.UPDATE_NUMBER] = np.ones(len(epochs), dtype=int)
    found[notation.UPDATE_NUMBER][followed] = update_number(
        history.training, len(history.data), epochs[followed], first[followed]
    )
    if manner.mean != "own":
        derivatives = map(notation.derivative, history.network.parameters)
        found |= dict(
            zip(map(notation.mean, derivatives), history.mean_derivatives(epochs, first).T, strict=True)
        )
    return found


def step_count(network: Network, manner: Manner) -> int:
    """About how many steps an epoch has, not fewer than there are, counted without making them."""
    smallest = rules(Network((1, 1, 1)), manner)
    moves = max(
        sum(rule.block == "update" and parameter in rule.symbol for rule in smallest)
        for parameter in ("lambda_1_2", "b_2")
    )
    of_nodes, of_connections, of_parameters = (
        5 * len(network.nodes),
        network.weight_count,
        (1 + moves) * network.parameter_count,
    )
    return of_nodes + of_connections + of_parameters


class _Numbers(dict[str, np.ndarray]):
    """The numbers at a stretch of frames, by symbol.

    Those that are shown, those that are given, and what the rules make of them when asked.
    """

    def __init__(
        self,
        by_symbol: Mapping[str, Rule],
        shown: Mapping[str, np.ndarray],
        given: Mapping[str, np.ndarray],
        frames: slice,
    ) -> None:
        super().__init__(given)
        self._by_symbol, self._shown, self._frames = by_symbol, shown, frames
        self.shape = given[notation.EPOCH].shape

    def __missing__(self, symbol: str) -> np.ndarray:
        if symbol in self._shown:
            found = np.ascontiguousarray(self._shown[symbol][self._frames])
        else:
            found = np.broadcast_to(evaluated(self._by_symbol[symbol].expression, self), self.shape)
        self[symbol] = found
        return found


class _Beside(dict[str, np.ndarray]):
    """Numbers of which some are other than those that they stand beside."""

    def __init__(self, others: _Numbers) -> None:
        super().__init__()
        self._others = others

    def __missing__(self, symbol: str) -> np.ndarray:
        return self._others[symbol]


class _Read(dict[str, list[str]]):
    """Numbers as they are shown, counts as whole numbers."""

    def __init__(self, every: _Numbers, decimals: int) -> None:
        super().__init__()
        self._every, self._decimals = every, decimals

    def __missing__(self, symbol: str) -> list[str]:
        values = self._every[symbol]
        self[symbol] = found = (
            [str(count) for count in values.tolist()]
            if symbol in notation.COUNTS
            else numbers.texts(values, self._decimals)
        )
        return found


class _Digits(dict[str, np.ndarray]):
    """The numbers that texts say."""

    def __init__(self, read: _Read) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, symbol: str) -> np.ndarray:
        # One replacement for a whole column: a call for each number takes five times as long.
        self[symbol] = found = np.array(
            [*map(float, " ".join(self._read[symbol]).replace(notation.MINUS, "-").split(" "))]
        )
        return found


def _nudged_together(network: Network, parameters: Sequence[str], most: int) -> Iterator[list[str]]:
    """Groups of parameters in their order, at most ``most`` in each.

    Those that arrive at one layer are together, so that the same numbers depend on them.
    """
    layer_of = {node: place for place, layer in enumerate(network.layers) for node in layer}
    arrives = {
        weight: network.nodes[j - 1]
        for weight, (_, j) in zip(network.weights, network.connections, strict=True)
    }
    arrives |= {notation.bias(number): node for number, node in enumerate(network.nodes, start=1)}
    for _, together in itertools.groupby(parameters, key=lambda parameter: layer_of[arrives[parameter]]):
        group = list(together)
        yield from (group[first : first + most] for first in range(0, len(group), most))


def _ledger(
    network: Network, manner: Manner, every: Mapping[str, np.ndarray], nodes: Sequence[str]
) -> Iterator[tuple[str, np.ndarray]]:
    """The share of each path in ∂L/∂ of each node, and what is left without it: gid, numbers.

    One number at each frame.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        for node in nodes:
            shares = [
                np.broadcast_to(evaluated(path_product(network, path, manner), every), every[node].shape)
                for path in paths(network, node)
            ]
            whole = sum(shares, start=np.zeros(every[node].shape))
            yield f"whole:{node}", whole
            for place, share in enumerate(shares):
                yield f"path:{node}:{place}", share
                yield f"without:{node}:{place}", whole - share


def _ledger_nodes(network: Network) -> list[str]:
    """Nodes from which more than one path leads to the outputs, and not more than can be read."""
    return [
        node for layer in network.layers[:-1] for node in layer if 1 < path_count(network, node) <= MOST_PATHS
    ]


def _behind(symbol: str, *, before: str = "", after: str = "") -> str:
    """What a symbol has between these two, or "" where it does not have them: "dL_db_4" -> "b_4"."""
    if not (symbol.startswith(before) and symbol.endswith(after)):
        return ""
    return symbol.removeprefix(before).removesuffix(after)


def _described(network: Network, manner: Manner, rule: Rule, of: str, note: str) -> StepDescription:
    """A rule as the browser reads it."""
    described: StepDescription = {
        "name": notation.form(rule.symbol, of=of).html,
        "equation": written(rule.expression, _html_hand(of)),
        "words": written(rule.expression, plain_hand(lambda symbol: notation.form(symbol, of=of).plain)),
        "numbers": written(rule.expression, NUMBERS),
        "sentence": rule.sentence + (note if rule.symbol.endswith("_next") else ""),
        "used": list(dict.fromkeys(symbols(rule.expression))),
        "lights": [rule.symbol, rule.symbol.removesuffix("_next"), *_lights(network).get(rule.symbol, [])],
    }
    node = rule.symbol.removeprefix(notation.derivative(""))
    if rule.block != "sum of paths":
        return described
    if node in _ledger_nodes(network):
        described["paths"] = [
            {
                "nodes": " ← ".join(notation.form(passed).html for passed in path),
                "equation": written(path_product(network, path, manner, of=of), _html_hand(of)),
                "lights": [
                    f"connection:{notation.weight(int(one[1:]), int(other[1:]))}"
                    for one, other in itertools.pairwise(path)
                ],
            }
            for path in paths(network, node)
        ]
    elif path_count(network, node) > MOST_PATHS:
        described["sentence"] += (
            f" Followed to the outputs they are {path_count(network, node)} paths, "
            "too many to list one by one."
        )
    return described


@lru_cache(maxsize=1)
def _lights(network: Network) -> dict[str, list[str]]:
    """The gids of the diagram that light up with the symbol of a step, besides its own number.

    Nodes, connections, terms and parameters.
    """
    lights: dict[str, list[str]] = {}
    for i, j in network.connections:
        source, target = network.nodes[i - 1], network.nodes[j - 1]
        weight, before = notation.weight(i, j), notation.pre_activation(target)
        lights.setdefault(before, []).extend((f"connection:{weight}", notation.term(source, j)))
        for symbol in (notation.returned(i, target), notation.derivative(weight), *_moving(weight)):
            lights[symbol] = [f"connection:{weight}"]
    for node in network.nodes:
        total = notation.pre_activation(node)
        for symbol in (
            node,
            total,
            notation.unmasked(node),
            notation.derivative(node),
            notation.derivative(total),
        ):
            lights.setdefault(symbol, []).append(f"node:{node}")
    for parameter in network.parameters:
        for symbol in _moving(parameter):
            lights.setdefault(symbol, []).append(parameter)
    return lights


def _moving(parameter: str) -> tuple[str, ...]:
    """The symbols of the steps that move a parameter."""
    kept = [keeps(parameter) for keeps in RUNNING_MEANS]
    return (
        *map(notation.moved, (parameter, *kept)),
        notation.gradient(parameter),
        *map(notation.corrected, kept),
    )


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
