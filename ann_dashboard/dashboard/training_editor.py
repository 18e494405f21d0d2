"""TrainingEditor: everything of a training but its learning rate, seed and number of epochs."""

from typing import Any

import ipywidgets as widgets

from ann_dashboard.batches import SAMPLINGS
from ann_dashboard.dashboard.controls import labelled, show
from ann_dashboard.dashboard.editor import Editor
from ann_dashboard.dashboard.number_box import NumberBox, OptionalBox, WholeBox
from ann_dashboard.initialisers import INITIALISERS
from ann_dashboard.losses import LOSSES
from ann_dashboard.optimisers import Adam, Momentum, Optimiser
from ann_dashboard.training import Training

OPTIMISERS = ("gradient descent", "Momentum", "Adam")
RECORD_TOOLTIP = "Keep every so many epochs; the training is the same. More are left out where memory needs it, and come back where it does not"


class TrainingEditor(Editor):
    """Initialiser, loss, batches, optimiser, decay, penalties, dropout and stopping rule."""

    def __init__(self) -> None:
        plain = Training()
        self.initialiser = labelled(
            widgets.Dropdown, "Start", "How the start values are drawn", 180, options=list(INITIALISERS), value=plain.initialiser
        )
        losses = {name.replace("_", " "): name for name in LOSSES}
        self.loss = labelled(widgets.Dropdown, "Loss", "What is minimised, for one sample", 250, options=losses, value=plain.loss)
        self.batch_size = _whole("Batch", "Samples an update; 0 takes all of them, 1 is stochastic", 130, 0)
        samplings = {name.replace("_", " "): name for name in SAMPLINGS}
        tooltip = "Order of the samples: as they stand, shuffled every epoch, or each drawn from all"
        self.sampling = labelled(widgets.Dropdown, "Order", tooltip, 210, options=samplings, value=plain.sampling)
        self.train_biases = labelled(widgets.Checkbox, "Train biases", "Off holds every bias at its start", 140, value=True, indent=False)
        self.optimiser = labelled(widgets.Dropdown, "Optimiser", "How the gradient moves the parameters", 250, options=list(OPTIMISERS))
        self.a = _decimal("a", "Momentum: v ← a·v + (1 − a)·gradient, 0 to below 1", 110, Momentum().a)
        self.beta1 = _decimal("β1", "Adam: share of the old mean gradient, 0 to below 1", 120, Adam().beta1)
        self.beta2 = _decimal("β2", "Adam: share of the old mean squared gradient, 0 to below 1", 120, Adam().beta2, step="0.001")
        self.epsilon = _decimal("ε", "Adam: added to the root, above 0", 120, Adam().epsilon, step="1e-8")
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
        second = (self.optimiser, self.a, self.beta1, self.beta2, self.epsilon, self.decay, self.l1, self.l2)
        third = (self.dropout, self.stop_below, self.patience, self.record_every)
        super().__init__(first, second, third)
        self.watch(*first, *second, *third)
        self.optimiser.observe(self._show_optimiser, "value")
        self._show_optimiser()

    @property
    def labels(self) -> dict[str, str]:
        """What a person reads in place of the names of Training and of the optimisers, and where."""
        own = ("batch_size", "decay", "l1", "l2", "dropout", "stop_below", "patience", "record_every")
        controls = {name: getattr(self, name) for name in own}
        controls |= {"a of Momentum": self.a, "beta1 of Adam": self.beta1, "beta2 of Adam": self.beta2, "epsilon of Adam": self.epsilon}
        return {name: _placed(control.description) for name, control in controls.items()}

    def training(self, **others: Any) -> Training:
        """The training that the controls ask for; ``others``: its remaining fields. Raises TypeError or ValueError with the name, value and cure."""
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
            for name in ("initialiser", "loss", "sampling", "decay", "l1", "l2", "dropout", "stop_below", "train_biases", "record_every"):
                getattr(self, name).value = getattr(training, name)
            self.batch_size.value = training.batch_size or 0
            self.patience.value = training.patience or 0
            match training.optimiser:
                case Momentum(a):
                    self.optimiser.value, self.a.value = "Momentum", a
                case Adam(beta1, beta2, epsilon):
                    self.optimiser.value = "Adam"
                    self.beta1.value, self.beta2.value, self.epsilon.value = beta1, beta2, epsilon
                case _:
                    self.optimiser.value = "gradient descent"

    def _optimiser(self) -> Optimiser:
        match self.optimiser.value:
            case "Momentum":
                return Momentum(self.a.number())
            case "Adam":
                return Adam(self.beta1.number(), self.beta2.number(), self.epsilon.number())
        return "gradient_descent"

    def _show_optimiser(self, _change: object = None) -> None:
        for control, optimiser in ((self.a, "Momentum"), (self.beta1, "Adam"), (self.beta2, "Adam"), (self.epsilon, "Adam")):
            show(control, self.optimiser.value == optimiser)


def _decimal(description: str, tooltip: str, width: int, value: float, *, step: str = "0.01") -> NumberBox:
    return NumberBox(description, tooltip, width, value=value, thing=_placed(description), step=step)


def _whole(description: str, tooltip: str, width: int, value: int) -> WholeBox:
    return WholeBox(description, tooltip, width, value=value, thing=_placed(description))


def _placed(description: str) -> str:
    """What a message calls a control that may be out of sight: its description, and where it is."""
    return f"{description} (Settings, Training)"
