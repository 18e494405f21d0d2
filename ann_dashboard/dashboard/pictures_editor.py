"""PicturesEditor: which pictures stand beside the network, and the threshold that they use."""

from collections.abc import Callable

import ipywidgets as widgets

from ann_dashboard.analysis.scores import classes
from ann_dashboard.dashboard.controls import labelled, show
from ann_dashboard.dashboard.editor import Editor
from ann_dashboard.dashboard.number_box import NumberBox
from ann_dashboard.data.property_map import Field
from ann_dashboard.engine.history import History
from ann_dashboard.film.panels import PANELS, panels_for
from ann_dashboard.state import LARGEST_THRESHOLD, LEAST_THRESHOLD, PLAIN_THRESHOLD

SLIDER_STEP = 0.01


class PicturesEditor(Editor):
    """A box for each picture that makes sense for what is trained, and the threshold of a single probability.

    ``refused`` is called with a sentence about a threshold that cannot be; then the one before it holds.
    """

    def __init__(self) -> None:
        self.boxes = {
            name: labelled(widgets.Checkbox, panel.title, panel.tooltip, 215, value=False, indent=False)
            for name, panel in PANELS.items()
        }
        self.threshold = labelled(
            widgets.FloatSlider,
            "Threshold",
            f"From this probability on a sample is class 1; {LEAST_THRESHOLD} to {LARGEST_THRESHOLD}",
            330,
            value=PLAIN_THRESHOLD,
            min=LEAST_THRESHOLD,
            max=LARGEST_THRESHOLD,
            step=SLIDER_STEP,
            readout=False,
        )
        tooltip = f"Threshold, typed: {LEAST_THRESHOLD} to {LARGEST_THRESHOLD}"
        self.typed_threshold = NumberBox("", tooltip, 84, value=PLAIN_THRESHOLD, thing="Threshold")
        super().__init__((*self.boxes.values(), self.threshold, self.typed_threshold))
        self.refused: Callable[[str], None] = lambda sentence: None
        self.watch(*self.boxes.values())
        self.threshold.observe(self._slid, "value")
        self.typed_threshold.observe(self._take_threshold, "entry")
        self._possible: tuple[str, ...] = ()
        self._probability = PLAIN_THRESHOLD

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the pictures that are asked for and make sense."""
        return tuple(name for name in self._possible if self.boxes[name].value)

    @property
    def probability(self) -> float:
        """The threshold that was asked for last and can be."""
        return self._probability

    def choose(self, names: tuple[str, ...], threshold: float) -> None:
        """Set the boxes and the threshold."""
        with self.following():
            for name, box in self.boxes.items():
                box.value = name in names
            self.threshold.value = self.typed_threshold.value = self._probability = threshold

    def offer(self, history: History, field: Field | None) -> None:
        """Show the boxes of the pictures that make sense for a history."""
        self._possible = tuple(panel.name for panel in panels_for(history, field))
        for name, box in self.boxes.items():
            show(box, name in self._possible)
        single = (
            classes(history.network, history.data, history.training.loss) is not None
            and history.network.widths[-1] == 1
        )
        for control in (self.threshold, self.typed_threshold):
            show(control, single)

    def _slid(self, _change: object) -> None:
        """The slider moved, or snapped to a typed number; a client may send any number, or none."""
        value = self.threshold.value
        if (
            not self._following
            and LEAST_THRESHOLD <= value <= LARGEST_THRESHOLD
            and abs(value - self._probability) > 0.501 * SLIDER_STEP
        ):
            self.typed_threshold.value = round(value, 2)

    def _take_threshold(self, _change: object) -> None:
        if self._following:
            return
        try:
            self._probability = self._asked_threshold()
        except ValueError as error:
            self.refused(f"{error}.")
            return
        with self.following():
            self.threshold.value = self._probability
        self.edited()

    def _asked_threshold(self) -> float:
        """The threshold in the box. Raises ValueError."""
        value = self.typed_threshold.number()
        if not LEAST_THRESHOLD <= value <= LARGEST_THRESHOLD:
            raise ValueError(
                f"Threshold is {value:g}: give a number from {LEAST_THRESHOLD} to {LARGEST_THRESHOLD}"
            )
        return value
