"""The lecture's wells: porosity from acoustic impedance, and porosity against depth.

The first has a map to predict on; the second is of one well.
The lecture's own data are not ours to pass on: these are drawn with a seed from a made-up reservoir.
"""

import numpy as np

from ann_dashboard.data.columns import Column
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.data.property_map import Field
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import Adam
from ann_dashboard.engine.training import Training
from ann_dashboard.lessons.lecture import DECK
from ann_dashboard.lessons.lesson import Lesson

RESERVOIR_SEED, WELLS_SEED, WELL_SEED = 3, 4, 3
WELL_COUNT = 180
EXTENT = 1000.0
"""West to east and south to north, in m."""
CELLS = 40
"""Cells of the impedance map in each direction."""


def impedance(porosity: np.ndarray) -> np.ndarray:
    """Acoustic impedance (10⁶ kg/m²s) of a water-filled sandstone: density times velocity.

    ``porosity``: a fraction; the result has its shape.
    Density: (1 − φ)·2.65 + φ·1.0 g/cm³. Velocity: 1/((1 − φ)/5.5 + φ/1.5) km/s.
    Source: Wyllie, Gregory & Gardner 1956, time-average equation, with quartz and water.
    """
    density = (1.0 - porosity) * 2.65 + porosity * 1.0
    velocity = 1.0 / ((1.0 - porosity) / 5.5 + porosity / 1.5)
    return density * velocity


def _porosity(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Porosity (fraction) of the reservoir at places x, y (m), of their shape.

    18 % give or take 6 %, as waves of random direction add up.
    """
    waves, length = 60, 750.0
    draw = np.random.RandomState(RESERVOIR_SEED)
    towards_x, towards_y = draw.normal(0.0, 2.0 * np.pi / length, (2, waves))
    phase = draw.uniform(0.0, 2.0 * np.pi, waves)
    angles = np.multiply.outer(x, towards_x) + np.multiply.outer(y, towards_y) + phase
    return np.asarray(0.18 + 0.06 * np.sqrt(2.0 / waves) * np.cos(angles).sum(axis=-1))


def _split(predictor: tuple[str, np.ndarray], response: tuple[str, np.ndarray], *, training: int) -> Dataset:
    """Samples in random order, by name and values (n,), scaled to [-1, 1].

    The first ``training`` of them set the scale; the others are the test part.
    """
    named = predictor, response
    columns = [
        Column(name, least=float(values[:training].min()), most=float(values[:training].max()), scale=(-1, 1))
        for name, values in named
    ]
    x, y = (column.scaled(values)[:, np.newaxis] for column, (_, values) in zip(columns, named, strict=True))

    def part(rows: slice, test: Dataset | None) -> Dataset:
        return Dataset(x[rows], y[rows], predictors=columns[:1], responses=columns[1:], test=test)

    return part(slice(training), part(slice(training, None), None))


def _wells(seed: int = WELLS_SEED) -> Dataset:
    """Impedance (10⁶ kg/m²s) and porosity (%) of the wells.

    Measured at random places with some error: 80 % to train, 20 % to test.
    """
    draw = np.random.RandomState(seed)
    x, y = draw.uniform(0.0, EXTENT, (2, WELL_COUNT))
    porosity = _porosity(x, y)
    measured = (
        impedance(porosity) + draw.normal(0.0, 0.1, WELL_COUNT),
        100.0 * porosity + draw.normal(0.0, 0.8, WELL_COUNT),
    )
    return _split(
        (f"{_IMPEDANCE} ({_UNIT})", measured[0]), ("porosity (%)", measured[1]), training=WELL_COUNT * 4 // 5
    )


def _map() -> Field:
    """The impedance of the reservoir at the middle of each cell, without error.

    It is the reservoir that the wells were drilled into.
    """
    middles = (np.arange(CELLS) + 0.5) * EXTENT / CELLS
    return Field(impedance(_porosity(*np.meshgrid(middles, middles))), EXTENT, EXTENT, _IMPEDANCE, _UNIT)


def _one_well(seed: int = WELL_SEED) -> Dataset:
    """Depth (m) and porosity (%) of 40 plugs of one well, in random order.

    Compaction, beds about 70 m apart, and scatter; 28 to train, 12 to test.
    """
    draw = np.random.RandomState(seed)
    depth = draw.permutation(np.linspace(2000.0, 2100.0, 40) + draw.uniform(-1.0, 1.0, 40))
    porosity = (
        14.0
        - 0.05 * (depth - 2050.0)
        + 3.0 * np.sin(2.0 * np.pi * (depth - 2000.0) / 70.0)
        + draw.normal(0.0, 2.0, 40)
    )
    return _split(("depth (m)", depth), ("porosity (%)", porosity), training=28)


_IMPEDANCE, _UNIT = "acoustic impedance", "10⁶ kg/m²s"

WELLS = Lesson(
    key="wells",
    title="Wells: porosity from impedance",
    teaches=(
        "ReLU nodes bend a line around the curve of 144 wells; the 36 wells held out say whether the "
        "porosity map can be believed."
    ),
    network=Network((1, 3, 1), hidden="relu", output="identity"),
    data=_wells(),
    training=Training(eta=0.1, epochs=300, seed=1, batch_size=5, sampling="shuffled"),
    source=f"{DECK}, Artificial Neural Networks Example; data of our own",
    field=_map(),
)

DEPTH = Lesson(
    key="depth",
    title="Porosity against depth: overfit",
    teaches=(
        "193 parameters for 28 plugs: the loss of the training part keeps falling while that of the test "
        "part turns and rises."
    ),
    network=Network((1, 12, 12, 1), hidden="tanh", output="identity"),
    data=_one_well(),
    training=Training(eta=0.02, epochs=3000, seed=3, optimiser=Adam(), record_every=20),
    source=(
        f"{DECK}, Neural Networks Hands-on, porosity from depth with demonstration of overfit; data of our "
        "own"
    ),
)
