"""Random networks, data and trainings for property tests."""

from dataclasses import fields
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ann_dashboard import Dataset, Network, Training, checks
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.batches import SAMPLINGS
from ann_dashboard.engine.initialisers import INITIALISERS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import OPTIMISERS as catalogue
from ann_dashboard.engine.optimisers import Descent, checked_optimiser

ELEMENTWISE = [name for name, activation in ACTIVATIONS.items() if not activation.couples]
FRACTIONS = st.floats(0.0, 0.99)


def settings_of(entry: type[Descent]) -> dict[str, st.SearchStrategy[float]]:
    """Values of every setting of an optimiser, by its name."""
    return {
        one.name: FRACTIONS
        if one.metadata["check"] is checks.fraction
        else st.sampled_from([1e-8, 1e-3, 1.0])
        for one in fields(entry)
    }


OPTIMISERS = st.one_of(
    [st.builds(entry, **settings_of(entry)).map(checked_optimiser) for entry in catalogue.values()]
)
"""Any optimiser of the catalogue with any settings."""


@st.composite
def networks(draw: st.DrawFn, loss: str = "half_squared_error") -> Network:
    """Networks of two to five layers of one to four nodes that a loss fits."""
    widths = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    output = LOSSES[loss].output or draw(st.sampled_from(list(ACTIVATIONS)))
    if output == "softmax" and widths[-1] == 1:
        widths = (*widths[:-1], 2)
    return Network(
        widths, hidden=tuple(draw(st.sampled_from(ELEMENTWISE)) for _ in widths[2:]), output=output
    )


def data_of(network: Network, loss: str, samples: int, seed: int) -> Dataset:
    """Predictors from −1 to 1, and truths from 0 to 1 for an entropy, else from −1 to 1."""
    draw = np.random.default_rng(seed)
    lowest = 0.0 if LOSSES[loss].output else -1.0
    return Dataset(
        x=draw.uniform(-1.0, 1.0, (samples, network.widths[0])),
        y=draw.uniform(lowest, 1.0, (samples, network.widths[-1])),
    )


def explicit_batches(samples: int) -> st.SearchStrategy[list[list[list[int]]]]:
    """One to five epochs of one to three updates of one to four samples."""
    batch = st.lists(st.integers(0, samples - 1), min_size=1, max_size=4)
    return st.lists(st.lists(batch, min_size=1, max_size=3), min_size=1, max_size=5)


@st.composite
def trainings(draw: st.DrawFn, **fixed: Any) -> tuple[Network, Dataset, Training]:
    """A network, data that fit it, and a training of up to eight epochs.

    With any settings but those that are fixed.
    """
    loss = draw(st.sampled_from(list(LOSSES)))
    network = draw(networks(loss))
    samples = draw(st.integers(1, 5))
    settings: dict[str, Any] = {
        "loss": loss,
        "eta": draw(st.sampled_from([0.01, 0.1, 0.5])),
        "epochs": draw(st.integers(1, 8)),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "initialiser": draw(st.sampled_from(list(INITIALISERS))),
        "batch_size": draw(st.sampled_from([None, 1, 2, 3])),
        "sampling": draw(st.sampled_from(SAMPLINGS)),
        "batches": draw(st.none() | st.none() | explicit_batches(samples)),
        "optimiser": draw(OPTIMISERS),
        "decay": draw(st.sampled_from([0.0, 0.3])),
        "l1": draw(st.sampled_from([0.0, 0.01])),
        "l2": draw(st.sampled_from([0.0, 0.1])),
        "dropout": draw(st.sampled_from([0.0, 0.0, 0.4])),
        "train_biases": draw(st.booleans()),
        "record_every": draw(st.sampled_from([1, 1, 2, 3])),
    }
    return (
        network,
        data_of(network, loss, samples, draw(st.integers(0, 2**32 - 1))),
        Training(**(settings | fixed)),
    )
