"""Dashboard: the controls of a training, and two reactions: retrain and redraw."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np

from ann_dashboard import lessons, notation, state
from ann_dashboard.analysis import scores
from ann_dashboard.analysis.outcome import outcome
from ann_dashboard.checks import choice
from ann_dashboard.dashboard.controls import labelled, row, show, unscrolled, worded
from ann_dashboard.dashboard.data_editor import DataEditor
from ann_dashboard.dashboard.film_widget import FilmWidget, TooLarge
from ann_dashboard.dashboard.jobs import Asked, Work, thinned
from ann_dashboard.dashboard.link_widget import LinkWidget
from ann_dashboard.dashboard.network_editor import NetworkEditor
from ann_dashboard.dashboard.number_box import NumberBox, WholeBox
from ann_dashboard.dashboard.pictures_editor import PicturesEditor
from ann_dashboard.dashboard.start_editor import StartEditor
from ann_dashboard.dashboard.training_editor import TrainingEditor
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.data.property_map import Field
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.history import History
from ann_dashboard.engine.losses import usual_loss
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.run import check_memory
from ann_dashboard.engine.training import Training
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import Film
from ann_dashboard.film.panels import usual
from ann_dashboard.lessons import Lesson
from ann_dashboard.state import (
    LARGEST_ETA,
    LEAST_DECIMALS,
    LEAST_ETA,
    MOST_DECIMALS,
    MOST_EPOCHS,
    PLAIN_THRESHOLD,
    State,
)
from ann_dashboard.words import counted, ordinal

OWN = "own settings"
SLIDER_STEP = 0.01
"""Step of the η slider in powers of ten."""
SLIDER_SEEDS = 100
SIGNS = {"∂L (true)": notation.LOSS, "∂P = −∂L (as printed)": "P"}
HIDDEN = "hide"
MOST_RECORD = 40e6
"""Bytes of a record: 100 000 epochs of the lecture's network fit. What a visitor may use is counted with it
(serving/configuration.py).
"""
LONGEST_LINK = 8000
"""Letters of a link's query, as many as the server reads (serving/server.py)."""
MOST_CAMERAS = 8
"""Networks whose pictures are kept."""
MOST_UPDATES = 100_000


class Opening(NamedTuple):
    """What a link asks for besides a training, adopted when that is there; ``left_out``: what of the link
    cannot be, in words.
    """

    state: State
    left_out: str


class Dashboard(widgets.VBox):
    """Train a small network and step through its epochs with every number on it.

    ``lesson``: the key of the example it opens with, one of `lessons.ALL`. Raises ValueError for another.
    ``history`` is what is shown. Set the controls (``eta``, ``seed``, ``epochs``, ``network``, ``settings``,
    ``data``, ``start``, ``sample``,
    ``sign``, ``epoch_axis``, ``decimals``, ``lesson``) or ``film.frame`` and ``film.layers`` from Python as a
    hand would.
    """

    def __init__(self, lesson: str = "lecture") -> None:
        first = lessons.ALL[choice("lesson", lesson, lessons.ALL)]
        self._make_controls()
        self.network, self.settings, self.data, self.start = (
            NetworkEditor(),
            TrainingEditor(),
            DataEditor(),
            StartEditor(),
        )
        self.pictures = PicturesEditor()
        self._sections = {
            "Network": self.network,
            "Training": self.settings,
            "Start values": self.start,
            "Data": self.data,
            "Pictures": self.pictures,
        }
        tooltip = "Show the settings of the network, the training, the start values, the data or the pictures"
        self.section = labelled(widgets.Dropdown, "Settings", tooltip, 210, options=[HIDDEN, *self._sections])
        self.link = LinkWidget()
        self._work = Work(self._tell)
        self._lesson = first.key
        self._opening: Opening | None = None
        self._locked: tuple[str, ...] = ()
        self._hidden: tuple[str, ...] = ()
        self._following = False
        self._cameras: dict[Network, Camera] = {}
        self.history = first.train()
        self._asked = Asked(first.network, first.data, first.training)
        self._record_every = first.training.record_every
        self.pictures.choose(usual(self.history, self._field()), PLAIN_THRESHOLD)
        self.pictures.offer(self.history, self._field())
        self.film = FilmWidget(*self._filmed())
        self._wrong = self._noted = ""
        self.progress = widgets.FloatProgress(
            min=0, max=1, description="Training", layout=widgets.Layout(width="400px")
        )
        self.stop = widgets.Button(description="Stop", tooltip="End the training and keep what is recorded")
        self.working = row(self.progress, self.stop)
        trained = row(self.lesson, self.eta_slider, self.eta, self.seed_slider, self.seed, self.epochs)
        drawn = row(
            self.sign, self.epoch_axis, self.decimals, self.sample, self.frames, self.section, self.link
        )
        super().__init__(
            [trained, drawn, *self._sections.values(), self.working, self.film], layout=unscrolled()
        )
        self.add_class("ann-dashboard")
        self._follow()
        self.film.message = self._told()
        self._write_link()
        self._show_section()
        show(self.working, False)
        self._observe()

    def open_link(self, query: str) -> None:
        """Show what a link asks for, the query of a URL; what of it cannot be is named. A query that is no
        link changes nothing.
        """
        if len(query) > LONGEST_LINK:
            why = f"it has {len(query)} letters, more than {LONGEST_LINK}"
            self.film.message = f"The link was not opened: {why}. Copy a new one. {self._told()}"
            return
        if not state.is_one(query):
            return
        asked, ignored = state.read(query)
        left_out = f"The link asks for {'; '.join(ignored)}: left out. " if ignored else ""
        self._train_or_say(asked.network, asked.data, asked.training, Opening(asked, left_out))

    @property
    def state(self) -> State:
        """Everything that is shown, as one value."""
        history, film = self.history, self.film
        return State(
            lesson=self._lesson,
            network=history.network,
            data=history.data,
            training=replace(history.training, record_every=self._record_every),
            epoch=int(film.film.epochs[film.frame]),
            sample=self._sample(),
            layers=tuple(film.layers),
            derivative_of=self.sign.value,
            decimals=self.decimals.value,
            epoch_axis=self.epoch_axis.value,
            frames=f"{film.film.counts}s",
            panels=self.pictures.chosen if self.pictures.chosen != usual(history, self._field()) else None,
            threshold=self.pictures.probability,
            stepping=film.stepping,
            lock=self._locked,
            hide=self._hidden,
        )

    def _write_link(self, _change: Any = None) -> None:
        """Let the link follow what is asked for: what is shown, or what is still trained, so that a page
        loaded anew asks for it again.
        """
        if not self._following:
            self._shown = self.state
            asked = self._asked_state()
            self.link.note = (
                ""
                if asked.is_complete
                else "Copied, without your own data, which no link can hold: send the file too."
            )
            self.link.query = asked.query

    def _asked_state(self) -> State:
        """What is shown, or what will be when what was asked for last is trained."""
        shown, there, asked = self._shown, self.history, self._asked
        if asked == (there.network, there.data, there.training):
            return shown
        trained = self._wanted._asdict()
        if self._opening is not None:
            return replace(self._opening.state, **trained)
        if asked.data is not there.data or asked.training.loss != there.training.loss:
            trained |= {
                "panels": None,
                "threshold": PLAIN_THRESHOLD,
                "sample": min(shown.sample, len(asked.data) - 1),
            }
        if shown.frames == "epochs":
            trained["epoch"] = min(shown.epoch, asked.training.epochs)
        return replace(shown, **trained)

    def _make_controls(self) -> None:
        training = Training()
        titles = [lesson.title for lesson in lessons.ALL.values()]
        self.lesson = labelled(
            widgets.Dropdown,
            "Example",
            "Take all settings of an example of the sources",
            385,
            options=[*titles, OWN],
        )
        self.eta_slider = labelled(
            widgets.FloatLogSlider,
            "Learning rate η",
            f"Learning rate η, {LEAST_ETA} to {LARGEST_ETA:g}, no unit: drag, or use the arrow keys",
            260,
            value=training.eta,
            min=math.log10(LEAST_ETA),
            max=math.log10(LARGEST_ETA),
            step=SLIDER_STEP,
            readout=False,
        )
        self.eta = NumberBox(
            "", f"Learning rate η, typed: {LEAST_ETA} to {LARGEST_ETA:g}", 84, value=training.eta, thing="η"
        )
        self.seed_slider = labelled(
            widgets.IntSlider,
            "Seed S",
            "Random seed S of the start values: drag, or use the arrow keys",
            205,
            value=training.seed,
            min=0,
            max=SLIDER_SEEDS,
            readout=False,
        )
        self.seed = WholeBox("", "Random seed S, typed: 0 or more", 76, value=training.seed, thing="Seed S")
        tooltip = f"Number of epochs to train, 1 to {MOST_EPOCHS}"
        self.epochs = WholeBox(
            "Train epochs", tooltip, 210, value=training.epochs, thing="the number of epochs"
        )
        self.sign = labelled(
            widgets.Dropdown,
            "Derivatives",
            "The true ∂L/∂·, or ∂P/∂· = −∂L/∂· as the lecture's slides print it",
            300,
            options=SIGNS,
        )
        self.epoch_axis = labelled(
            widgets.Dropdown, "Epoch axis", "Scale of the curves' epoch axis", 190, options=["log", "linear"]
        )
        decimals = list(range(LEAST_DECIMALS, MOST_DECIMALS + 1))
        self.decimals = labelled(
            widgets.Dropdown, "Decimals", "Decimals shown of every number", 150, options=decimals, value=2
        )
        self.sample = WholeBox("Sample", "The sample whose pass is shown, counted from 0", 130, value=0)
        tooltip = "What the slider moves through: the epochs, or every update of the parameters"
        self.frames = labelled(widgets.Dropdown, "Step by", tooltip, 150, options=["epoch", "update"])

    def _observe(self) -> None:
        self.lesson.observe(self._take_lesson, "value")
        for slider, box in ((self.eta_slider, self.eta), (self.seed_slider, self.seed)):
            slider.observe(self._slid, "value")
            box.observe(self._retrain, "entry")
        self.epochs.observe(self._retrain, "entry")
        self.sample.observe(self._take_sample, "entry")
        for control in (self.sign, self.epoch_axis, self.decimals, self.frames):
            control.observe(self._redraw, "value")
        self.pictures.edited, self.pictures.refused = self._show_otherwise, self._note
        self.link.asked = self.open_link
        self.film.observe(self._write_link, ["frame", "layers", "stepping"])
        self.network.edited = self.settings.edited = self._retrain
        self.data.take, self.start.take = self._take_data, self._take_start
        self.section.observe(self._show_section, "value")
        self.stop.on_click(lambda _: self._work.stop())

    def _show_section(self, _change: Any = None) -> None:
        for name, section in self._sections.items():
            show(section, name == self.section.value)

    def _take_lesson(self, _change: Any) -> None:
        """All settings of the chosen example, in one training."""
        lesson = _titled(self.lesson.value)
        if not self._following and lesson is not None:
            self._lesson = lesson.key
            self._train_or_say(lesson.network, lesson.data, lesson.training, None)

    def _slid(self, change: Any) -> None:
        """A slider moved: its typed number follows, which retrains."""
        if self._following:
            return
        if change["owner"] is self.eta_slider:
            eta = _within(self.eta_slider.value, LEAST_ETA, LARGEST_ETA)
            if (
                abs(math.log10(eta / self._asked.training.eta)) > 0.501 * SLIDER_STEP
            ):  # nearer, it only snapped to a typed number
                self.eta.value = _readable(eta)
        else:
            self.seed.value = int(_within(self.seed_slider.value, 0, SLIDER_SEEDS))

    def _retrain(self, _change: Any = None) -> None:
        """A setting changed: check it and train, or say what is wrong and keep what is there."""
        if self._following:
            return
        data = self._asked.data
        try:
            network = self.network.network(data.x.shape[1], data.y.shape[1])
            same_nodes = (
                network.widths == self._asked.network.widths
            )  # else a start value would go to another node
            training = self._settings(start=self._asked.training.start if same_nodes else None)
            if training.record_every == self._asked.training.record_every:  # as it was, and no wish of a hand
                training = replace(training, record_every=self._record_every)
        except (ValueError, TypeError) as error:
            self._say(error)
            return
        self._train_or_say(network, data, training, self._opening)

    def _take_data(self, data: Dataset) -> None:
        """Train on other data, with a loss and an output activation that suit them. Raises ValueError or
        TypeError where that cannot be.
        """
        network, before, training = self._wanted
        same_ends = (data.x.shape[1], data.y.shape[1]) == (network.widths[0], network.widths[-1])
        same_columns = [column.label for column in data.responses] == [
            column.label for column in before.responses
        ]
        if not (
            same_ends and data.classes == before.classes and (same_columns or _suits(network.output, data))
        ):
            output, loss = _suiting(data)
            network = Network(
                (data.x.shape[1], *network.widths[1:-1], data.y.shape[1]),
                hidden=network.layer_activations[:-1],
                output=output,
            )
            training = replace(training, loss=loss, start=None, batches=None)
        network.check_fits(data)
        training.check_fits(network, data)
        self._train(network, data, training, self._opening)

    def _take_start(self, start: Mapping[str, float]) -> None:
        """Train from other start values. Raises TypeError or ValueError for what is no finite number."""
        network, data, training = self._wanted
        self._train(network, data, replace(training, start=start or None), self._opening)

    @property
    def _wanted(self) -> Asked:
        """What was asked for last, with the epochs to record that were asked for, whether there was memory
        for them or not.
        """
        return self._asked._replace(training=replace(self._asked.training, record_every=self._record_every))

    def _take_sample(self, _change: Any) -> None:
        if self._following:
            return
        if self.sample.wrong:
            self._note(f"{self.sample.wrong}.")
        elif 0 <= self.sample.value < len(self.history.data):
            self._show_otherwise()
        else:
            self._note(f"Sample {self.sample.value} does not exist: give 0 to {len(self.history.data) - 1}.")
            self._show_sample(self.film.film.sample)

    def _note(self, sentence: str) -> None:
        """Say why what is shown stays as it is."""
        self.film.message = self._noted = sentence

    def _show_otherwise(self) -> None:
        """Show the same training in another way, and take back what was said about a way that cannot be."""
        self._redraw()
        if self._noted and self.film.message == self._noted:
            self.film.message = self._told()
        self._noted = ""

    def _show_sample(self, sample: int) -> None:
        self._following = True
        try:
            self.sample.value = sample
        finally:
            self._following = False

    def _settings(self, **others: Any) -> Training:
        """The training that the controls ask for. Raises ValueError with the name, the value and the cure."""
        eta, epochs = self.eta.number(), self.epochs.number()
        if not LEAST_ETA <= eta <= LARGEST_ETA:
            raise ValueError(f"η is {eta:g}: give a number from {LEAST_ETA} to {LARGEST_ETA:g}")
        if not 1 <= epochs <= MOST_EPOCHS:
            raise ValueError(f"the number of epochs is {epochs}: give a whole number from 1 to {MOST_EPOCHS}")
        return self.settings.training(eta=eta, epochs=epochs, seed=self.seed.number(), **others)

    def _train(self, network: Network, data: Dataset, training: Training, opening: Opening | None) -> None:
        """Train, and show what comes of it as a link asks for; what a hand changes while it waits is changed
        of what the link asked for.

        Whatever the way in, a record that is too large is thinned as far as it must be, and as long: the next
        training begins with what was asked for again. Raises ValueError with the cure where the first and the
        last epoch alone are too large.
        """
        there, asked_every = self.history, training.record_every
        training = thinned(network, data, training, most=MOST_RECORD)
        check_memory(network, data, training, most=MOST_RECORD)
        same = (network, data, training) == (there.network, there.data, there.training)
        self._opening, self._record_every = opening, asked_every
        if same:
            self._work.supersede()
            self._trained(there)
            return
        self._asked, self._wrong = Asked(network, data, training), ""
        self._work.start(self._asked, done=self._trained, failed=self._refuse)
        if (
            self.history is there
        ):  # it trains beside the page: what a hand changes meanwhile is changed of this
            self._follow()
            self._write_link()

    def _train_or_say(
        self, network: Network, data: Dataset, training: Training, opening: Opening | None
    ) -> None:
        """Train, or say above the pictures what is wrong."""
        try:
            self._train(network, data, training, opening)
        except ValueError as error:
            self._say(error)

    def _trained(self, history: History) -> None:
        """A history is there: show it, its pictures and its words in one message; of one that no page would
        get the one before stays.
        """
        show(self.working, False)
        there = self.history
        try:
            with self.film.hold_sync():
                self._show(history)
        except TooLarge as error:
            self.history, self._asked = there, Asked(there.network, there.data, there.training)
            self._record_every = there.training.record_every
            self._take_back(self._shown, error)

    def _show(self, history: History) -> None:
        """Show a history as a link asks for. Raises TooLarge, with some controls changed."""
        opening, self._opening = self._opening, None
        before, self.history = self.history, history
        self._asked = Asked(history.network, history.data, history.training)
        other = history.data is not before.data or history.training.loss != before.training.loss
        if opening is not None:
            self._adopt(opening.state)
        elif len(history.data) != len(before.data):
            self._show_sample(0)
        if opening is None and other:
            self.pictures.choose(usual(history, self._field()), PLAIN_THRESHOLD)
        self.pictures.offer(history, self._field())
        if opening is not None or history is not before:
            self.film.show(*self._filmed())
        left_out = (
            ""
            if opening is None
            else opening.left_out + self._in_vain(opening.state) + self._go_to(opening.state.epoch)
        )
        self._follow()
        self._write_link()
        self.film.message = left_out + self._told() + ("" if opening is not None else self._suited(before))

    def _adopt(self, asked: State) -> None:
        """Take over what a state has besides its training and its epoch."""
        self._lesson, self._locked, self._hidden = asked.lesson, asked.lock, asked.hide
        self._following = True
        try:
            self.sign.value, self.decimals.value = asked.derivative_of, asked.decimals
            self.epoch_axis.value, self.frames.value = asked.epoch_axis, asked.frames.removesuffix("s")
            self.sample.value = asked.sample
            self.film.layers, self.film.stepping = list(asked.layers), asked.stepping
        finally:
            self._following = False
        self.pictures.choose(
            usual(self.history, self._field()) if asked.panels is None else asked.panels, asked.threshold
        )

    def _in_vain(self, asked: State) -> str:
        """What a link asks for that this training does not have: a picture, or its updates."""
        missing = [f"the picture {name}" for name in asked.panels or () if name not in self.pictures.chosen]
        missing += ["updates"] if asked.frames == "updates" and self.film.film.counts != "update" else []
        return (
            f"The link asks for {' and '.join(missing)}, which this training does not have: left out. "
            if missing
            else ""
        )

    def _go_to(self, epoch: int) -> str:
        """Show an epoch, or the nearest that is recorded, which is then said."""
        self.film.go_to(epoch)
        film = self.film.film
        shown = int(film.epochs[self.film.frame])
        return (
            ""
            if shown == epoch
            else f"The link asks for {film.counts} {epoch}, which is not recorded: {shown} is shown. "
        )

    def _told(self) -> str:
        """What came of the training that is there, how much of it is recorded, and what to look at in a
        lesson.
        """
        lesson, every = _titled(self.lesson.value), self.history.training.record_every
        recorded = (
            f" To save memory, every {ordinal(every)} epoch is recorded."
            if every > self._record_every
            else ""
        )
        return outcome(self.history) + recorded + (f" {lesson.teaches}" if lesson is not None else "")

    def _suited(self, before: History) -> str:
        """What was chosen for data of one's own, where it is not as before."""
        there = self.history
        own = there.data is not before.data and self.lesson.value == OWN
        if not own or (there.network.output, there.training.loss) == (
            before.network.output,
            before.training.loss,
        ):
            return ""
        loss = there.training.loss.replace("_", " ")
        return f" Output {there.network.output} and loss {loss} were chosen for these data."

    def _refuse(self, error: Exception) -> None:
        """What was asked for cannot be trained: what is there stays."""
        show(self.working, False)
        there = self.history
        self._asked, self._opening = Asked(there.network, there.data, there.training), None
        self._record_every = there.training.record_every
        self._write_link()
        self._say(error)

    def _take_back(self, shown: State, error: TooLarge) -> None:
        """Go back to what is shown, whose pictures have stayed: a film cannot be sent."""
        self._adopt(shown)
        self.pictures.offer(self.history, self._field())
        self._follow()
        self._write_link()
        self._say(error, "Not shown")

    def _say(self, error: Exception, what: str = "Not trained") -> None:
        """Name what is wrong, where the person is looking; a training that is under way goes on, and its
        progress keeps the sentence.
        """
        shown = self.history.training
        named = worded(error, {"seed": "Seed S"} | self.settings.labels)
        there = f"η = {shown.eta:g}, S = {shown.seed}, {counted(shown.epochs, 'epoch')}"
        self.film.message = f"{what}: {named}. The pictures still show {there}."
        self._wrong = f" {self.film.message}"

    def _tell(self, done: int, epochs: int, left: float) -> None:
        """How far a long training is."""
        show(self.working, True)
        self.progress.value = done / epochs
        how_long = (
            "; the engine is made ready, some seconds the first time"
            if math.isnan(left)
            else f", about {left:.0f} s left"
        )
        reached = f"{done} of {counted(epochs, 'epoch')}{how_long}"
        still = "The pictures still show the previous training."
        self.film.message = f"Training: {reached}. {still}{self._wrong}"

    def _follow(self) -> None:
        """Let every control show what was asked for last, without a reaction to each of them."""
        network, data, training = self._asked
        self._following = True
        try:
            self.lesson.value = lessons.title_of(network, data, training) or OWN
            self.eta.value, self.seed.value, self.epochs.value = training.eta, training.seed, training.epochs
            if _readable(self.eta_slider.value) != training.eta:
                self.eta_slider.value = _within(training.eta, LEAST_ETA, LARGEST_ETA)
            self.seed_slider.value = min(training.seed, SLIDER_SEEDS)
            self.sample.value = self._sample()
            shown = {"sample": len(data) > 1, "frames": _by_updates(self.history)}
            for name, controls in self._named_controls().items():
                for control in controls:
                    show(control, shown.get(name, True) and name not in self._hidden)
                    control.disabled = name in self._locked
            self.network.show(network)
            self.settings.show(training)
            self.data.show(data)
            self.start.show(network, training)
        finally:
            self._following = False

    def _named_controls(self) -> dict[str, tuple[widgets.Widget, ...]]:
        """The controls by the names that a link locks and hides them with."""
        return {
            "lesson": (self.lesson,),
            "eta": (self.eta_slider, self.eta),
            "seed": (self.seed_slider, self.seed),
            "epochs": (self.epochs,),
            "derivatives": (self.sign,),
            "axis": (self.epoch_axis,),
            "decimals": (self.decimals,),
            "sample": (self.sample,),
            "frames": (self.frames,),
            "settings": (self.section,),
        }

    def _sample(self) -> int:
        """The sample that is shown: the one asked for, as far as there is one."""
        return int(_within(self.sample.value, 0, len(self.history.data) - 1))

    def _redraw(self, _change: Any = None) -> None:
        """New pictures and frames of the history that is there; where no page would get them, those that are
        there stay.
        """
        if self._following:
            return
        try:
            self.film.show(*self._filmed())
        except TooLarge as error:
            self._take_back(self._shown, error)
        else:
            self._write_link()

    def _filmed(self) -> tuple[Film, History, History]:
        """The film, the history that it shows, by epochs or by updates, and the history as recorded."""
        whole = self.history
        history = (
            whole.with_updates_as_epochs() if self.frames.value == "update" and _by_updates(whole) else whole
        )
        film = self._camera(whole.network).film(
            history,
            decimals=self.decimals.value,
            derivative_of=self.sign.value,
            epoch_axis=self.epoch_axis.value,
            sample=self._sample(),
            printed=lessons.printed_of(whole.network, whole.data, whole.training) if history is whole else (),
            panels=self.pictures.chosen,
            threshold=self.pictures.probability,
            field=self._field(),
        )
        return film, history, whole

    def _camera(self, network: Network) -> Camera:
        """The camera of a network; those of the networks used last are kept, with their pictures."""
        camera = self._cameras.pop(network, None) or Camera(network)
        self._cameras = dict(list(self._cameras.items())[-MOST_CAMERAS + 1 :]) | {network: camera}
        return camera

    def _field(self) -> Field | None:
        """The map that belongs to the data that are there."""
        return lessons.field_of(self.history.data)


def _titled(title: str) -> Lesson | None:
    return next((lesson for lesson in lessons.ALL.values() if lesson.title == title), None)


def _suiting(data: Dataset) -> tuple[str, str]:
    """Output activation and loss that suit some data: of classes, of one probability, of numbers."""
    one_hot, probability = scores.is_one_hot(data), _is_probability(data)
    loss = usual_loss("classes" if one_hot else "yes or no" if probability else "numbers")
    return loss.output or Network.output, loss.name


def _suits(output: str, data: Dataset) -> bool:
    """Whether an output activation is one for data that come newly."""
    if scores.is_one_hot(data):
        return scores.is_for_classes(output)
    activation = ACTIVATIONS[output]
    return activation.is_probability if _is_probability(data) else activation.reaches(data.y)


def _is_probability(data: Dataset) -> bool:
    return data.y.shape[1] == 1 and bool(np.isin(data.y, (0.0, 1.0)).all())


def _by_updates(history: History) -> bool:
    """Whether a history can be stepped through by its updates: several an epoch, all of them recorded, and
    not too many.
    """
    several = bool(history.update_numbers.any())
    return several and history.training.record_every == 1 and len(history.recorded_states[0]) <= MOST_UPDATES


def _readable(eta: float) -> float:
    """A learning rate of the slider with three digits, as it is typed and trained."""
    return float(f"{eta:.3g}")


def _within(value: float, least: float, most: float) -> float:
    """A value that a client sent, clamped."""
    return min(max(value, least), most)
