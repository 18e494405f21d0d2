"""The losses of one sample: how far the prediction ŷ is from the truth y.

Everything that a loss is stands in its entry here, and nowhere else.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from ann_dashboard import notation
from ann_dashboard.engine.activations import LARGEST, largest_of, largest_total, shifted_powers, sigmoid
from ann_dashboard.engine.record import Layout, Row
from ann_dashboard.expressions.equation import Equation, Slip, Worked
from ann_dashboard.expressions.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Difference,
    Expression,
    IfAtLeastZero,
    IfPositive,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    TimesLog,
    Value,
    added,
)

Truths: TypeAlias = Literal["numbers", "classes", "yes or no"]
"""What the truths of a sample are: numbers, several classes of which one is true, or a yes or no."""


class Loss(ABC):
    """One loss, in every form that it has.

    ``name``: in trainings and links. ``description``: what it measures, for a person who chooses one.
    ``equation``: in TeX. ``truths``: what it is for.
    ``output``: the activation of the output layer that it needs, if any; such a loss takes ŷ as a
    probability, so its truths lie between 0 and 1, and it gives ∂L/∂O_in of the outputs itself, for much
    cancels.
    ``write`` is the engine's, plain and compiled by numba: bare numbers, `math`, and functions that this
    module knows by their names.
    Source: lecture deck, "Loss Function"; the entropies: Neural Networks II and the data science notes
    (logistic loss).
    """

    name: ClassVar[str]
    description: ClassVar[str]
    equation: ClassVar[str]
    output: ClassVar[str | None] = None
    truths: ClassVar[Truths] = "numbers"

    @staticmethod
    @abstractmethod
    def write(row: Row, at: Layout, outputs: int) -> None:
        """Write L of one pass and ∂L/∂ŷ_k at the output nodes into its row.

        A loss that gives ∂L/∂O_in writes that too.
        """

    @staticmethod
    @abstractmethod
    def values(totals: np.ndarray, predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
        """L (...) of predictions and their pre-activations (..., outputs)."""

    @staticmethod
    @abstractmethod
    def tree(outs: tuple[Value, ...], truths: tuple[Value, ...]) -> Equation:
        """The equation of L."""

    @staticmethod
    @abstractmethod
    def slope_tree(out: Value, truth: Value, outputs: int, *, turned: bool) -> Equation:
        """The equation of ∂L/∂ŷ_k; ``turned``: of −L, with ŷ and y in the other order."""

    @property
    def code(self) -> int:
        """The engine's number for it: its place in the catalogue."""
        return _PLACES[self.name]

    @property
    def settles(self) -> bool:
        """Whether it gives ∂L/∂O_in of the outputs itself."""
        return isinstance(self, Entropy)

    def check_fits(self, name: str, output: str, y: np.ndarray) -> None:
        """Raise ValueError where the output activation or the truths (n, k) do not fit the loss.

        The message calls the loss ``name``.
        """
        if self.output is None:
            return
        if output != self.output:
            cure = f"give the output layer {self.output}, or choose another loss"
            raise ValueError(
                f"the loss {name} needs the output activation {self.output}, but the network has {output}: "
                f"{cure}"
            )
        wrong = np.argwhere((y < 0) | (y > 1))
        if len(wrong):
            sample, response = wrong[0].tolist()
            cure = "encode the classes as 0 and 1, and scale the responses to 0 to 1 or not at all"
            raise ValueError(
                f"y of sample {sample} is {y[sample, response]:g}, but the loss {name} needs truths from 0 "
                f"to 1: {cure}"
            )


class Entropy(Loss):
    """A loss that needs an output activation, with which it cancels to ∂L/∂O_kin = ŷ_k − y_k."""

    output: ClassVar[str]
    always_cancels: ClassVar[bool] = True
    """Whether it does so whatever the truths are.

    Otherwise only where those of a sample add up to 1; else ŷ_k Σ_l y_l − y_k is left.
    """

    @classmethod
    def cancelled(
        cls, out: Value, truth: Value, truths: tuple[Value, ...], *, one_hot: bool, turned: bool
    ) -> Equation:
        """The equation of ∂L/∂O_in of one output.

        ``one_hot``: whether the truths of every sample add up to 1. ``turned``: of −L.
        """
        node, always = out.symbol, cls.always_cancels or one_hot
        predicted = out if always else Product((out, Sum(truths)))
        expression, words = (
            (Difference(truth, predicted) if turned else Difference(predicted, truth)),
            _apart(out, truth, turned)[1],
        )
        said = f"The {cls.output} and the logarithm of the loss cancel: what is left at {node} is {words}"
        said += "." if always else ", the prediction times the sum of the truths."
        hint = f"You multiplied by the slope of {node} once more: it has cancelled, {{}} is all."
        slip = Slip("slope twice", Product((Difference(ONE, out), out, expression)), hint, (expression,))
        return Equation(notation.derivative(notation.pre_activation(node)), expression, said, (slip,))


def _apart(out: Value, truth: Value, turned: bool) -> tuple[Difference, str]:
    return (
        (Difference(truth, out), "truth less prediction")
        if turned
        else (Difference(out, truth), "prediction less truth")
    )


def _by(
    out: Value, expression: Expression, words: str, *slips: Slip, worked: Worked | None = None
) -> Equation:
    """The equation of ∂L/∂ŷ of an output."""
    said = f"The derivative at the output {out.symbol} is {words}."
    return Equation(notation.derivative(out.symbol), expression, said, slips, worked)


def _total(out: Value) -> Value:
    """The pre-activation of an output."""
    return Value(notation.pre_activation(out.symbol))


def _squared(outs: tuple[Value, ...], truths: tuple[Value, ...]) -> tuple[Expression, ...]:
    """(ŷ_k − y_k)² of each output."""
    return tuple(Power(Difference(out, truth)) for out, truth in zip(outs, truths, strict=True))


class HalfSquaredError(Loss):
    """The lecture's loss; the half makes its derivative the error itself."""

    name = "half_squared_error"
    description = "L = ½ Σ (ŷ − y)²: the lecture's"
    equation = r"\frac{1}{2} \sum_k (\hat{y}_k - y_k)^2"

    @staticmethod
    def write(row: Row, at: Layout, outputs: int) -> None:
        """L = ½ Σ_k (ŷ_k − y_k)², ∂L/∂ŷ_k = ŷ_k − y_k."""
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

    @staticmethod
    def values(totals: np.ndarray, predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 0.5 * ((predicted - y) ** 2).sum(axis=-1)

    @staticmethod
    def tree(outs: tuple[Value, ...], truths: tuple[Value, ...]) -> Equation:
        said, half = "The loss is half the squared difference of prediction and truth.", Constant("0.5")
        worked = Worked(Product((half, Sum(_squared(outs, truths)))))  # squares first, then the half
        return Equation(notation.LOSS, Product((half, added(_squared(outs, truths)))), said, worked=worked)

    @staticmethod
    def slope_tree(out: Value, truth: Value, outputs: int, *, turned: bool) -> Equation:
        return _by(out, *_apart(out, truth, turned))


class MeanSquaredError(Loss):
    """The squared error, averaged over the outputs."""

    name = "mean_squared_error"
    description = "L = (1/K) Σ (ŷ − y)²: averaged over the K outputs"
    equation = r"\frac{1}{K} \sum_k (\hat{y}_k - y_k)^2"

    @staticmethod
    def write(row: Row, at: Layout, outputs: int) -> None:
        """L = (1/K) Σ_k (ŷ_k − y_k)², ∂L/∂ŷ_k = (2/K) (ŷ_k − y_k)."""
        total = 0.0
        d = at.d_signals
        first = at.truths
        factor = 2.0 / outputs
        prediction = first - 2 * outputs + 1
        for truth in range(first, first + outputs):
            error = row[prediction] - row[truth]
            total += error * error
            row[prediction + d] = error * factor
            prediction += 2
        row[at.loss] = total / outputs

    @staticmethod
    def values(totals: np.ndarray, predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
        return ((predicted - y) ** 2).mean(axis=-1)

    @staticmethod
    def tree(outs: tuple[Value, ...], truths: tuple[Value, ...]) -> Equation:
        squares, said = (
            added(_squared(outs, truths)),
            "The loss is the squared difference of prediction and truth",
        )
        if len(outs) == 1:
            return Equation(notation.LOSS, squares, f"{said}.")
        return Equation(
            notation.LOSS, Quotient(squares, Constant(f"{len(outs)}")), f"{said}, averaged over the outputs."
        )

    @staticmethod
    def slope_tree(out: Value, truth: Value, outputs: int, *, turned: bool) -> Equation:
        apart, words = _apart(out, truth, turned)
        if outputs == 1:
            return _by(out, Product((Constant("2"), apart)), f"2 times {words}")
        return _by(
            out,
            Product((Quotient(Constant("2"), Constant(f"{outputs}")), apart)),
            f"2 times {words}, divided by the {outputs} outputs",
        )


class Huber(Loss):
    """Half the square of a small error, the size of a large one; δ = 1.

    An outlier pulls with the strength 1 at most.
    Source: Huber 1964.
    """

    name = "huber"
    description = (
        "L = Σ ½ (ŷ − y)², beyond a difference of 1 its size less ½: an outlier pulls no harder than 1"
    )
    equation = (
        r"\sum_k \frac{1}{2} d_k^2\ \mathrm{if}\ |d_k| \leq 1,\ \mathrm{else}\ |d_k| - \frac{1}{2},\quad "
        r"d_k = \hat{y}_k - y_k"
    )

    @staticmethod
    def write(row: Row, at: Layout, outputs: int) -> None:
        """L = Σ_k ½ d_k², or |d_k| − ½ beyond 1, with d_k = ŷ_k − y_k.

        ∂L/∂ŷ_k = d_k, not below −1 and not above 1.
        """
        total = 0.0
        d = at.d_signals
        first = at.truths
        prediction = first - 2 * outputs + 1
        for truth in range(first, first + outputs):
            error = row[prediction] - row[truth]
            total += 0.5 * error * error if abs(error) <= 1.0 else abs(error) - 0.5
            row[prediction + d] = 1.0 if error > 1.0 else -1.0 if error < -1.0 else error  # NaN stays NaN
            prediction += 2
        row[at.loss] = total

    @staticmethod
    def values(totals: np.ndarray, predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
        size = np.abs(predicted - y)
        return np.where(size <= 1.0, 0.5 * size**2, size - 0.5).sum(axis=-1)

    @staticmethod
    def tree(outs: tuple[Value, ...], truths: tuple[Value, ...]) -> Equation:
        half, terms = Constant("0.5"), []
        for out, truth in zip(outs, truths, strict=True):
            error = Difference(out, truth)
            size = Call("abs", (error,))
            terms.append(
                IfAtLeastZero(Difference(ONE, size), Product((half, Power(error))), Difference(size, half))
            )
        said = (
            "The loss of an output is half the squared difference of prediction and truth, or beyond 1 the "
            "size of the difference less a half."
        )
        hint = "You squared a difference beyond 1: take its size less 0.5 there."
        return Equation(
            notation.LOSS,
            added(tuple(terms)),
            said,
            (Slip("square beyond 1", Product((half, added(_squared(outs, truths)))), hint),),
        )

    @staticmethod
    def slope_tree(out: Value, truth: Value, outputs: int, *, turned: bool) -> Equation:
        apart, words = _apart(out, truth, turned)
        slip = Slip(
            "limits forgotten", apart, "You took the whole difference: where it is beyond 1 or −1, take that."
        )
        return _by(
            out,
            Call("max", (Negative(ONE), Call("min", (ONE, apart)))),
            f"{words}, no more than 1 and no less than −1",
            slip,
        )


def quotient(above: float, below: float) -> float:
    """above / below, where 0 / 0 is 0 and anything else divided by 0 is inf."""
    if above == 0.0:
        return 0.0
    return above / below if below != 0.0 else math.inf


class CrossEntropy(Entropy):
    """Of classes of which one is true."""

    name = "cross_entropy"
    description = "L = −Σ y ln ŷ: for classes of which one is true; needs softmax"
    equation = r"-\sum_k y_k \ln \hat{y}_k"
    output = "softmax"
    truths = "classes"
    always_cancels = False

    @staticmethod
    def write(row: Row, at: Layout, outputs: int) -> None:
        """L = −Σ_k y_k ln ŷ_k of softmax outputs, from the pre-activations.

        ln ŷ_k = O_kin − ln Σ_l exp(O_lin), after the largest O_lin is taken off.
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

    @staticmethod
    def values(totals: np.ndarray, predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
        below = totals - totals.max(axis=-1, keepdims=True)
        log_total = np.log(np.exp(below).sum(axis=-1, keepdims=True))
        return np.where(y == 0, 0.0, y * (log_total - below)).sum(axis=-1)

    @staticmethod
    def tree(outs: tuple[Value, ...], truths: tuple[Value, ...]) -> Equation:
        said = "The loss is minus the logarithm of the probability that the network gives to what is true."
        spelled = Negative(
            added(tuple(TimesLog(truth, out) for out, truth in zip(outs, truths, strict=True)))
        )
        totals, log_power = tuple(map(_total, outs)), Value("ln_of_sum")
        terms = tuple(
            IfPositive(truth, Product((truth, Difference(log_power, Difference(total, LARGEST)))), ZERO)
            for truth, total in zip(truths, totals, strict=True)
        )
        log_of_sum = Call("ln", (Sum(shifted_powers(totals)),))
        worked = Worked(added(terms), given=(largest_of(totals), (log_power, log_of_sum)))
        return Equation(notation.LOSS, spelled, said, worked=worked)

    @staticmethod
    def slope_tree(out: Value, truth: Value, outputs: int, *, turned: bool) -> Equation:
        by, worked = Quotient(truth, out), Call("quotient", (truth, out))
        if turned:
            return _by(out, by, "truth divided by prediction", worked=Worked(worked))
        words = "minus truth divided by prediction"
        return _by(out, Negative(by), words, worked=Worked(Negative(worked)))


class BinaryCrossEntropy(Entropy):
    """Of outputs that are each a yes or a no of their own: the logistic loss."""

    name = "binary_cross_entropy"
    description = "L = −Σ (y ln ŷ + (1 − y) ln(1 − ŷ)): for a yes or no at each output; needs sigmoid"
    equation = r"-\sum_k y_k \ln \hat{y}_k + (1 - y_k) \ln (1 - \hat{y}_k)"
    output = "sigmoid"
    truths = "yes or no"

    @staticmethod
    def write(row: Row, at: Layout, outputs: int) -> None:
        """L = −Σ_k (y_k ln ŷ_k + (1 − y_k) ln(1 − ŷ_k)) of sigmoid outputs.

        From z = O_kin: max(z, 0) − z y + ln(1 + exp(−|z|)).
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
            row[node + 1 + d] = quotient(1.0 - truth, sigmoid(-z)) - quotient(truth, row[node + 1])
        row[at.loss] = total

    @staticmethod
    def values(totals: np.ndarray, predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (np.maximum(totals, 0.0) - totals * y + np.log1p(np.exp(-np.abs(totals)))).sum(axis=-1)

    @staticmethod
    def tree(outs: tuple[Value, ...], truths: tuple[Value, ...]) -> Equation:
        said = (
            "The loss is minus the logarithm of the probability that the network gives to what is true, "
            "yes or no."
        )
        logs: list[Expression] = []
        terms: list[Expression] = []
        for out, truth in zip(outs, truths, strict=True):
            logs += TimesLog(truth, out), TimesLog(Difference(ONE, truth), Difference(ONE, out))
            total = _total(out)
            terms.append(Difference(Call("max", (total, ZERO)), Product((total, truth))))
            terms.append(Call("log1p", (Call("exp", (Negative(Call("abs", (total,))),)),)))
        return Equation(notation.LOSS, Negative(added(tuple(logs))), said, worked=Worked(Sum(tuple(terms))))

    @staticmethod
    def slope_tree(out: Value, truth: Value, outputs: int, *, turned: bool) -> Equation:
        yes, no = Quotient(truth, out), Quotient(Difference(ONE, truth), Difference(ONE, out))
        words = (
            f"what the logarithms of {out.symbol} and of 1 − {out.symbol} leave when they are differentiated"
        )
        complement = Call("sigmoid", (Negative(_total(out)),))
        for_yes = Call("quotient", (truth, out))
        for_no = Call("quotient", (Difference(ONE, truth), complement))
        if turned:
            return _by(out, Difference(yes, no), words, worked=Worked(Difference(for_yes, for_no)))
        return _by(out, Difference(no, yes), words, worked=Worked(Difference(for_no, for_yes)))


LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        entry.name: entry
        for entry in (HalfSquaredError(), MeanSquaredError(), CrossEntropy(), BinaryCrossEntropy(), Huber())
    }
)
"""Every loss by its name: what trainings, the engine, the equations and the controls know of them."""


def usual_loss(truths: Truths) -> Loss:
    """The first loss that is for such truths."""
    return next(entry for entry in LOSSES.values() if entry.truths == truths)


_PLACES = {name: place for place, name in enumerate(LOSSES)}
