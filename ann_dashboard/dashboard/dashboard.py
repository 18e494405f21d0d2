"""Dashboard: the controls of a training, and two reactions: retrain and redraw."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import ipywidgets as widgets

from ann_dashboard import lessons, notation
from ann_dashboard.camera import Camera
from ann_dashboard.dashboard.film_widget import FilmWidget
from ann_dashboard.dashboard.messages import outcome
from ann_dashboard.film import Film
from ann_dashboard.lessons import Lesson
from ann_dashboard.training import Training, train

LESSONS: Mapping[str, Lesson] = MappingProxyType({lesson.title: lesson for lesson in (lessons.LECTURE, lessons.EBOOK)})
OWN = "own settings"
LEAST_ETA, LARGEST_ETA = 0.001, 3.0
SLIDER_STEP = 0.01
"""Step of the η slider in powers of ten."""
SLIDER_SEEDS = 100
MOST_EPOCHS = 100_000
LEAST_DECIMALS, MOST_DECIMALS = 1, 6
SIGNS = MappingProxyType({"∂L (true)": notation.LOSS, "∂P = −∂L (as printed)": "P"})


class Dashboard(widgets.VBox):
    """Train the lecture's network and step through its epochs with every number on it.

    ``history`` is what is shown. Set the controls (``eta``, ``seed``, ``epochs``, ``sign``, ``epoch_axis``, ``decimals``, ``lesson``) or
    ``film.frame`` and ``film.layers`` from Python as a hand would.
    """

    def __init__(self) -> None:
        lesson = lessons.LECTURE
        training = lesson.training
        self.lesson = _labelled(widgets.Dropdown, "Example", "Take all settings of an example of the sources", 300, options=[*LESSONS, OWN])
        self.eta_slider = _labelled(
            widgets.FloatLogSlider,
            "Learning rate η",
            f"Learning rate η, {LEAST_ETA} to {LARGEST_ETA:g}, no unit: drag, or use the arrow keys",
            300,
            value=training.eta,
            min=math.log10(LEAST_ETA),
            max=math.log10(LARGEST_ETA),
            step=SLIDER_STEP,
            readout=False,
        )
        self.eta = _labelled(widgets.FloatText, "", f"Learning rate η, typed: {LEAST_ETA} to {LARGEST_ETA:g}", 84, value=training.eta)
        self.seed_slider = _labelled(
            widgets.IntSlider,
            "Seed S",
            "Random seed S of the start values: drag, or use the arrow keys",
            250,
            value=training.seed,
            min=0,
            max=SLIDER_SEEDS,
            readout=False,
        )
        self.seed = _labelled(widgets.IntText, "", "Random seed S, typed: 0 or more", 76, value=training.seed)
        self.epochs = _labelled(widgets.IntText, "Train epochs", f"Number of epochs to train, 1 to {MOST_EPOCHS}", 210, value=training.epochs)
        self.sign = _labelled(
            widgets.Dropdown, "Derivatives", "The true ∂L/∂·, or ∂P/∂· = −∂L/∂· as the lecture's slides print it", 300, options=dict(SIGNS)
        )
        self.epoch_axis = _labelled(widgets.Dropdown, "Epoch axis", "Scale of the curves' epoch axis", 190, options=["log", "linear"])
        decimals = list(range(LEAST_DECIMALS, MOST_DECIMALS + 1))
        self.decimals = _labelled(widgets.Dropdown, "Decimals", "Decimals shown of every number", 150, options=decimals, value=2)
        self._camera = Camera(lesson.network)
        self._following = False
        self.history = lesson.train()
        self.film = FilmWidget(self._film(), self.history)
        self.film.message = outcome(self.history)
        trained = [self.lesson, self.eta_slider, self.eta, self.seed_slider, self.seed, self.epochs]
        controls = widgets.Box([*trained, self.sign, self.epoch_axis, self.decimals], layout=_layout(flex_flow="row wrap", align_items="center"))
        super().__init__([controls, self.film], layout=_layout())
        self.add_class("ann-dashboard")
        self.lesson.observe(self._take_lesson, "value")
        for slider, box in ((self.eta_slider, self.eta), (self.seed_slider, self.seed)):
            slider.observe(self._slid, "value")
            box.observe(self._retrain, "value")
        self.epochs.observe(self._retrain, "value")
        for control in (self.sign, self.epoch_axis, self.decimals):
            control.observe(self._redraw, "value")

    def _take_lesson(self, _change: Any) -> None:
        """All settings of the chosen example, in one training."""
        if not self._following and self.lesson.value in LESSONS:
            self._train(LESSONS[self.lesson.value].training)

    def _slid(self, change: Any) -> None:
        """A slider moved: its typed number follows, which retrains."""
        if self._following:
            return
        if change["owner"] is self.eta_slider:
            eta = _within(self.eta_slider.value, LEAST_ETA, LARGEST_ETA)
            if abs(math.log10(eta / self.history.training.eta)) > 0.501 * SLIDER_STEP:  # nearer, it only snapped to a typed number
                self.eta.value = _readable(eta)
        else:
            self.seed.value = int(_within(self.seed_slider.value, 0, SLIDER_SEEDS))

    def _retrain(self, _change: Any) -> None:
        """A typed number changed: check it and train, or say what is wrong and keep what is there."""
        if self._following:
            return
        try:
            training = self._settings()
        except ValueError as error:
            shown = self.history.training
            self.film.message = f"Not trained: {error}. The pictures still show η = {shown.eta:g}, S = {shown.seed}, {shown.epochs} epochs."
            return
        self._train(training)

    def _settings(self) -> Training:
        """The training that the controls ask for. Raises ValueError with the name, the value and the cure."""
        if not LEAST_ETA <= self.eta.value <= LARGEST_ETA:
            raise ValueError(f"η is {self.eta.value:g}: give a number from {LEAST_ETA} to {LARGEST_ETA:g}")
        if not 1 <= self.epochs.value <= MOST_EPOCHS:
            raise ValueError(f"the number of epochs is {self.epochs.value}: give a whole number from 1 to {MOST_EPOCHS}")
        return Training(eta=self.eta.value, epochs=self.epochs.value, seed=self.seed.value)

    def _train(self, training: Training) -> None:
        if training != self.history.training:
            self.history = train(self.history.network, self.history.data, training)
            self._redraw()
        self._follow()
        self.film.message = outcome(self.history)

    def _follow(self) -> None:
        """Let every control show the training that is there, without a reaction to each of them."""
        training = self.history.training
        self._following = True
        try:
            self.lesson.value = next((title for title, lesson in LESSONS.items() if lesson.training == training), OWN)
            self.eta.value, self.seed.value, self.epochs.value = training.eta, training.seed, training.epochs
            if _readable(self.eta_slider.value) != training.eta:
                self.eta_slider.value = training.eta
            self.seed_slider.value = min(training.seed, SLIDER_SEEDS)
        finally:
            self._following = False

    def _redraw(self, _change: Any = None) -> None:
        """New pictures and frames of the history that is there."""
        self.film.show(self._film(), self.history)

    def _film(self) -> Film:
        training = self.history.training
        same = (lesson.printed for lesson in LESSONS.values() if (lesson.training.eta, lesson.training.seed) == (training.eta, training.seed))
        return self._camera.film(
            self.history, decimals=self.decimals.value, derivative_of=self.sign.value, epoch_axis=self.epoch_axis.value, printed=next(same, ())
        )


def _labelled(kind: type[widgets.Widget], description: str, tooltip: str, width: int, **settings: Any) -> Any:
    """A control with its description, its tooltip and its width in pixels."""
    layout = widgets.Layout(width=f"{width}px")
    return kind(description=description, tooltip=tooltip, style={"description_width": "initial"}, layout=layout, **settings)


def _layout(**settings: str) -> widgets.Layout:
    """The layout of a box that never scrolls by itself."""
    return widgets.Layout(overflow="visible", **settings)


def _readable(eta: float) -> float:
    """A learning rate of the slider with three digits, as it is typed and trained."""
    return float(f"{eta:.3g}")


def _within(value: float, least: float, most: float) -> float:
    """A value that a client sent, clamped."""
    return min(max(value, least), most)
