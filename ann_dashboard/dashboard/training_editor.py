"""TrainingEditor: everything of a training but its learning rate, seed and number of epochs."""

from dataclasses import Field, fields
from typing import Any

import ipywidgets as widgets

from ann_dashboard import notation
from ann_dashboard.dashboard.controls import describe, labelled, show
from ann_dashboard.dashboard.editor import Editor
from ann_dashboard.dashboard.number_box import NumberBox, OptionalBox, WholeBox
from ann_dashboard.engine.batches import SAMPLINGS
from ann_dashboard.engine.initialisers import INITIALISERS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import OPTIMISERS, Descent, Optimiser, checked_optimiser, descent
from ann_dashboard.engine.training import Training

RECORD_TOOLTIP = (
    "Keep every so many epochs; the training is the same. "
    "More are left out where memory needs it, and come back where it does not"
)


class TrainingEditor(Editor):
    """Initialiser, loss, batches, optimiser, decay, penalties, dropout and stopping rule."""

    def __init__(self) -> None:
        plain = Training()
        self.initialiser = labelled(
            widgets.Dropdown,
            "Start",
            "How the start values are drawn",
            180,
            options=list(INITIALISERS),
            value=plain.initialiser,
        )
        losses = {name.replace("_", " "): name for name in LOSSES}
        self.loss = labelled(
            widgets.Dropdown,
            "Loss",
            "What is minimised, for one sample",
            250,
            options=losses,
            value=plain.loss,
        )
        self.batch_size = _whole("Batch", "Samples an update; 0 takes all of them, 1 is stochastic", 130, 0)
        samplings = {name.replace("_", " "): name for name in SAMPLINGS}
        tooltip = "Order of the samples: as they stand, shuffled every epoch, or each drawn from all"
        self.sampling = labelled(
            widgets.Dropdown, "Order", tooltip, 210, options=samplings, value=plain.sampling
        )
        self.train_biases = labelled(
            widgets.Checkbox,
            "Train biases",
            "Off holds every bias at its start",
            140,
            value=True,
            indent=False,
        )
        labels = [entry.label for entry in OPTIMISERS.values()]
        self.optimiser = labelled(
            widgets.Dropdown, "Optimiser", "How the gradient moves the parameters", 250, options=labels
        )
        self.settings_of = {
            entry.label: {one.name: _box(entry(), one) for one in fields(entry)}
            for entry in OPTIMISERS.values()
        }
        self.decay = _decimal("Decay", "η at epoch ℓ is η / (1 + decay·ℓ); 0 keeps it", 140, plain.decay)
        self.l1 = _decimal("L1", "Penalty L1·Σ|λ| on the weights; 0 is none", 120, plain.l1)
        self.l2 = _decimal("L2", "Penalty ½·L2·Σλ² on the weights; 0 is none", 120, plain.l2)
        tooltip = "Probability with which a hidden node is left out of a pass, 0 to below 1"
        self.dropout = _decimal("Dropout", tooltip, 150, plain.dropout, step="0.05")
        tooltip = "End when the loss (of the test data, where there are any) is below this; empty is never"
        self.stop_below = OptionalBox("Stop below", tooltip, 170, value=None, thing=_placed("Stop below"))
        tooltip = "End when that loss has not been smaller for so many epochs; 0 is never"
        self.patience = _whole("Patience", tooltip, 160, 0)
        self.record_every = _whole("Record every", RECORD_TOOLTIP, 180, plain.record_every)
        first = (self.initialiser, self.loss, self.batch_size, self.sampling, self.train_biases)
        settings = (box for boxes in self.settings_of.values() for box in boxes.values())
        second = (self.optimiser, *settings, self.decay, self.l1, self.l2)
        third = (self.dropout, self.stop_below, self.patience, self.record_every)
        super().__init__(first, second, third)
        self.watch(*first, *second, *third)
        self.optimiser.observe(self._show_optimiser, "value")
        self._show_optimiser()
        describe(self.loss, LOSSES)
        describe(self.optimiser, {entry.label: entry for entry in OPTIMISERS.values()})

    @property
    def labels(self) -> dict[str, str]:
        """What a person reads in place of the names of Training and of the optimisers, and where."""
        own = ("batch_size", "decay", "l1", "l2", "dropout", "stop_below", "patience", "record_every")
        controls = {name: getattr(self, name) for name in own}
        controls |= {
            f"{name} of {label}": box
            for label, boxes in self.settings_of.items()
            for name, box in boxes.items()
        }
        return {name: _placed(control.description) for name, control in controls.items()}

    def training(self, **others: Any) -> Training:
        """The training that the controls ask for; ``others``: its remaining fields. Raises TypeError or
        ValueError with the name, value and cure.
        """
        return Training(
            initialiser=self.initialiser.value,
            loss=self.loss.value,
            batch_size=self.batch_size.number() or None,
            sampling=self.sampling.value,
            optimiser=self._optimiser(),
            decay=self.decay.number(),
            l1=self.l1.number(),
            l2=self.l2.number(),
            dropout=self.dropout.number(),
            stop_below=self.stop_below.number(),
            patience=self.patience.number() or None,
            train_biases=self.train_biases.value,
            record_every=self.record_every.number(),
            **others,
        )

    def show(self, training: Training) -> None:
        """Set the controls to a training that is there."""
        with self.following():
            for name in (
                "initialiser",
                "loss",
                "sampling",
                "decay",
                "l1",
                "l2",
                "dropout",
                "stop_below",
                "train_biases",
                "record_every",
            ):
                getattr(self, name).value = getattr(training, name)
            self.batch_size.value = training.batch_size or 0
            self.patience.value = training.patience or 0
            optimiser = descent(training.optimiser)
            self.optimiser.value = optimiser.label
            for name, value in optimiser.settings.items():
                self.settings_of[optimiser.label][name].value = value

    def _optimiser(self) -> Optimiser:
        entry = next(entry for entry in OPTIMISERS.values() if entry.label == self.optimiser.value)
        return checked_optimiser(
            entry(**{name: box.number() for name, box in self.settings_of[entry.label].items()})
        )

    def _show_optimiser(self, _change: object = None) -> None:
        for label, boxes in self.settings_of.items():
            for box in boxes.values():
                show(box, self.optimiser.value == label)


def _box(optimiser: Descent, one: Field[float]) -> NumberBox:
    """The control of one setting of an optimiser, with its usual value."""
    tooltip = f"{optimiser.label}: {one.metadata['description']}"
    usual = optimiser.settings[one.name]
    return _decimal(notation.form(one.name).plain, tooltip, 120, usual, step=one.metadata["step"])


def _decimal(description: str, tooltip: str, width: int, value: float, *, step: str = "0.01") -> NumberBox:
    return NumberBox(description, tooltip, width, value=value, thing=_placed(description), step=step)


def _whole(description: str, tooltip: str, width: int, value: int) -> WholeBox:
    return WholeBox(description, tooltip, width, value=value, thing=_placed(description))


def _placed(description: str) -> str:
    """What a message calls a control that may be out of sight: its description, and where it is."""
    return f"{description} (Settings, Training)"
