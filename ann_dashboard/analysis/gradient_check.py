"""What the loss does when one parameter is nudged.

It is the derivative as one can find it without deriving anything.
Source: the central difference, the textbooks' check of a derivative; none of the five sources has it.
"""

import difflib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ann_dashboard import checks, notation
from ann_dashboard.engine import kernel
from ann_dashboard.engine.history import History


class Tangent(NamedTuple):
    """Where a parameter stands: its value θ, the loss L there, and the slope ∂L/∂θ."""

    value: float
    loss: float
    slope: float


def tangent(history: History, epoch: int, parameter: str, sample: int = 0, *, update: int = 0) -> Tangent:
    """The recorded value, loss and derivative of one parameter in one pass; scaled, no unit.

    The pass is that of one sample before an update of an epoch.
    Raises ValueError for what is not a parameter of the network, LookupError for an epoch that is not
    recorded, or an update or a sample that does not exist.
    """
    parameters = checks.instance("history", history, History).network.parameters
    if parameter not in parameters:
        near = difflib.get_close_matches(str(parameter), parameters, n=3) or parameters[:3]
        raise ValueError(
            f"{parameter!r} is not a parameter of the network {history.network.widths}: write e.g. "
            f"{', '.join(near)}"
        )
    recorded = history.at(epoch, sample, update=update)
    return Tangent(recorded[parameter], recorded[notation.LOSS], recorded[notation.derivative(parameter)])


def loss_at(
    history: History, epoch: int, parameter: str, values: Iterable[float], sample: int = 0, *, update: int = 0
) -> np.ndarray:
    """L of one sample (values,) for each value of one parameter.

    Everything else is as recorded; the engine's forward pass and loss compute it.
    Nodes that dropout left out of the pass stay out; a penalty is no part of L. Raises as `tangent` does.
    """
    tangent(history, epoch, parameter, sample, update=update)
    network = history.network
    row = list(history.at(epoch, sample, update=update).values())
    at, codes = history.training.layout(network), kernel.activation_codes(network)
    nudged = at.weights + network.parameters.index(parameter)
    losses = []
    for value in values:
        row[nudged] = float(value)
        kernel.forward(row, at, network.widths, codes)
        kernel.LOSS[history.training.method.loss](row, at, network.widths[-1])
        losses.append(row[at.loss])
    return np.array(losses)


def central_difference(
    history: History, epoch: int, parameter: str, sample: int = 0, *, update: int = 0, step: float = 1e-5
) -> float:
    """∂L/∂θ of one sample at a recorded state, from two losses: (L(θ + h) − L(θ − h)) / 2h with the step h.

    It is about h² L‴/6 off for the curve and 10⁻¹⁶ L/h for the digits lost in the difference: 10⁻⁵ keeps both
    small.
    Raises as `tangent` does, and TypeError or ValueError for a step that is no finite number above 0.
    """
    step = checks.number("step", step, above=0.0)
    value = tangent(history, epoch, parameter, sample, update=update).value
    above, below = loss_at(
        history, epoch, parameter, (value + step, value - step), sample, update=update
    ).tolist()
    return float((above - below) / (2.0 * step))
