"""PicturesEditor: which pictures stand beside the network, and the threshold that they use."""

import ipywidgets as widgets

from ann_dashboard.dashboard.controls import labelled, show
from ann_dashboard.dashboard.editor import Editor
from ann_dashboard.field import Field
from ann_dashboard.history import History
from ann_dashboard.panels import PANELS, panels_for
from ann_dashboard.scores import classes
from ann_dashboard.state import LARGEST_THRESHOLD, LEAST_THRESHOLD, PLAIN_THRESHOLD


class PicturesEditor(Editor):
    """A box for each picture that makes sense for what is trained, and the threshold of a single probability."""

    def __init__(self) -> None:
        self.boxes = {name: labelled(widgets.Checkbox, panel.title, panel.tooltip, 215, value=False, indent=False) for name, panel in PANELS.items()}
        self.threshold = labelled(
            widgets.FloatSlider,
            "Threshold",
            f"From this probability on a sample is taken for class 1; {LEAST_THRESHOLD} to {LARGEST_THRESHOLD}",
            330,
            value=PLAIN_THRESHOLD,
            min=LEAST_THRESHOLD,
            max=LARGEST_THRESHOLD,
            step=0.01,
        )
        super().__init__((*self.boxes.values(), self.threshold))
        self.watch(*self.boxes.values(), self.threshold)
        self._possible: tuple[str, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the pictures that are asked for and make sense."""
        return tuple(name for name in self._possible if self.boxes[name].value)

    @property
    def probability(self) -> float:
        """The threshold; a client may send any number, or none."""
        value = self.threshold.value
        return value if LEAST_THRESHOLD <= value <= LARGEST_THRESHOLD else PLAIN_THRESHOLD

    def choose(self, names: tuple[str, ...], threshold: float) -> None:
        """Set the boxes and the threshold."""
        with self.following():
            for name, box in self.boxes.items():
                box.value = name in names
            self.threshold.value = threshold

    def offer(self, history: History, field: Field | None) -> None:
        """Show the boxes of the pictures that make sense for a history."""
        self._possible = tuple(panel.name for panel in panels_for(history, field))
        for name, box in self.boxes.items():
            show(box, name in self._possible)
        single = classes(history.network, history.data, history.training.loss) is not None and history.network.widths[-1] == 1
        show(self.threshold, single)
