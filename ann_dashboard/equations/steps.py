"""One pass and its update as ordered steps, in symbols and in numbers.

A step says what is computed, from what, and with which equation.
`rules` are the same at every epoch; `steps` puts the numbers of one pass into them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ann_dashboard import checks, notation
from ann_dashboard.engine.history import History
from ann_dashboard.equations.rules import Rule, rules
from ann_dashboard.equations.variant import manner, update_number
from ann_dashboard.expressions.tree import evaluated, symbols, written
from ann_dashboard.expressions.writers import OVERBRACE, TEX, numbers_hand

NAMED_SAMPLES = 6
"""Samples of a batch that a sentence names; of more it gives the number."""


@dataclass(frozen=True)
class Step:
    """A rule with the numbers of one pass."""

    rule: Rule
    value: float
    numbers: Mapping[str, float] = field(repr=False)

    @property
    def symbol(self) -> str:
        """The symbol this step gives."""
        return self.rule.symbol

    @property
    def block(self) -> str:
        """One of ``BLOCKS``."""
        return self.rule.block

    @property
    def sentence(self) -> str:
        """What the step does, in one plain sentence."""
        return self.rule.sentence

    @property
    def used(self) -> tuple[str, ...]:
        """The symbols on the right side, each once."""
        return tuple(dict.fromkeys(symbols(self.rule.expression)))

    @property
    def equation(self) -> str:
        """The equation in TeX with symbols, without dollar signs."""
        return f"{notation.form(self.symbol).tex} = {written(self.rule.expression, TEX)}"

    @property
    def labelled(self) -> str:
        """The equation in TeX, with an overbrace that names each derivative.

        As the e-book writes it; mathtext cannot draw it.
        """
        return f"{notation.form(self.symbol).tex} = {written(self.rule.expression, OVERBRACE)}"

    def substituted(self, decimals: int | None = None) -> str:
        """The right side with numbers, as plain text.

        With so many decimals, or so that every digit counts.
        """
        return written(self.rule.expression, numbers_hand(self.numbers, decimals))


def steps(
    history: History, epoch: int, sample: int = 0, *, update: int = 0, of: str = notation.LOSS
) -> tuple[Step, ...]:
    """The pass of one sample at the state before one update of an epoch, and that update, as ordered steps.

    ``of="P"``: with derivatives as the lecture prints them. The update goes by the mean over its batch,
    whether the sample is in it or not; the last state is followed by none, and its steps end with the
    derivatives of the parameters. Where the state after the update is not recorded, the moved parameters are
    what the equations give, and their sentences say so. Values are the recorded ones. An equation gives them
    but for the last digits; of a hand calculation with exp or ln of extreme numbers the engine keeps more:
    where ŷ rounds to 0 or 1, ln 0 is −inf and the recorded loss is not.
    Raises LookupError for an epoch that is not recorded, an update or a sample that does not exist.
    """
    checks.choice("of", of, (notation.LOSS, notation.PERFORMANCE))
    numbers = checks.instance("history", history, History).at(epoch, sample, update=update)
    numbers[notation.EPOCH] = float(epoch)
    batch = history.batch(epoch, update) if history.update_count(epoch) else ()
    after = _state_after(history, epoch, update) if batch else {}
    if batch:
        (means,) = history.mean_derivatives(np.array([epoch]), np.array([update])).tolist()
        derivatives = map(notation.derivative, history.network.parameters)
        numbers |= dict(zip(map(notation.mean, derivatives), means, strict=True)) | {
            notation.FIRST_ETA: history.training.eta
        }
        numbers[notation.UPDATE_NUMBER] = float(
            update_number(history.training, len(history.data), epoch, update)
        )
    numbers |= {notation.moved(symbol): value for symbol, value in after.items()}
    if of != notation.LOSS:
        numbers = {
            symbol: -value if notation.turns_with_the_sign(symbol) else value
            for symbol, value in numbers.items()
        }
    found = []
    for rule in rules(history.network, manner(history.training, history.data, own=batch == (sample,)), of=of):
        if rule.block != "update" or batch:
            numbers.setdefault(rule.symbol, float(evaluated(rule.expression, numbers)))
            found.append(
                Step(
                    rule._replace(sentence=rule.sentence + _remark(rule, numbers, batch, after)),
                    numbers[rule.symbol],
                    numbers,
                )
            )
    return tuple(found)


def _state_after(history: History, epoch: int, update: int) -> dict[str, float]:
    """Parameters and running means after an update, by symbol; empty where that state is not recorded."""
    if update + 1 < history.update_count(epoch):
        return history.state_at(epoch, update=update + 1)
    return history.state_at(epoch + 1) if epoch + 1 in history.recorded_epochs else {}


def _remark(
    rule: Rule, numbers: Mapping[str, float], batch: tuple[int, ...], after: Mapping[str, float]
) -> str:
    """What a sentence adds about this one pass.

    A node is left out, the batch has certain samples, or no state is recorded after the update.
    """
    node = rule.symbol.removeprefix(notation.derivative("")).removesuffix("in")
    if rule.block != "update":
        left_out = numbers.get(notation.mask(node)) == 0 and notation.mask(node) in set(
            symbols(rule.expression)
        )
        return f" In this pass {node} is left out." if left_out else ""
    remark = ""
    if any(symbol.startswith(notation.mean("")) for symbol in symbols(rule.expression)):
        remark += f" The batch: {_named(batch)}."
    if not after and rule.symbol.endswith("_next"):
        remark += " The state after this update is not recorded: this is what the equation gives."
    return remark


def _named(batch: tuple[int, ...]) -> str:
    """The samples of a batch in words."""
    if len(batch) == 1:
        return f"sample {batch[0]}"
    return f"samples {', '.join(map(str, batch))}" if len(batch) <= NAMED_SAMPLES else f"{len(batch)} samples"
