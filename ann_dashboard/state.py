"""State: everything that a dashboard shows, as one value with a short text form that stands in a link.

The text is the query of a URL: ``lesson=lecture&eta=0.2&epoch=12&show=weights``. It names what differs from
the lesson only. Read back, what is wrong or unknown is left out and named, and the nearest state that is
right is what is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from ann_dashboard import checks, lessons, notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import Optimiser, descent, named
from ann_dashboard.engine.training import Training

LEAST_ETA, LARGEST_ETA = 0.001, 3.0
MOST_EPOCHS = 100_000
LEAST_DECIMALS, MOST_DECIMALS = 1, 6
LEAST_THRESHOLD, PLAIN_THRESHOLD, LARGEST_THRESHOLD = 0.01, 0.5, 0.99
MOST_HIDDEN_LAYERS, MOST_NODES = 4, 30
"""Of a network: what a picture can hold."""
MOST_DATA = 1500
"""Letters that a link spends on the samples; a longer table has to be sent as a file."""
LAYERS = ("weights", "forward", "backward")
PICTURES = ("fit", "region", "agreement", "confusion", "field", "losses")
"""What can stand beside the network and its curves (panels.py)."""
CONTROLS = (
    "lesson",
    "eta",
    "seed",
    "epochs",
    "derivatives",
    "axis",
    "decimals",
    "sample",
    "frames",
    "settings",
)
"""What a link can lock or hide."""


@dataclass(frozen=True, kw_only=True)
class State:
    """Everything that the dashboard shows, as one value.

    ``lesson``: key of the example it began with. ``network``, ``data``, ``training``: what is trained.
    ``epoch``: what is shown, with ``frames`` "updates" the number of the update. ``sample``: whose pass.
    ``layers``: of the diagram.
    ``derivative_of``: "L", or "P" for −∂L. ``decimals``: of every number. ``epoch_axis``: "log" or "linear".
    ``frames``: "epochs" or "updates".
    ``panels``: additional pictures, None for the usual ones. ``threshold``: probability from which on a
    sample is taken for class 1.
    ``stepping``: inside an epoch.
    ``lock``, ``hide``: controls that are shown but fixed, and that are not shown.
    """

    lesson: str
    network: Network
    data: Dataset
    training: Training
    epoch: int = 0
    sample: int = 0
    layers: tuple[str, ...] = LAYERS
    derivative_of: str = notation.LOSS
    decimals: int = 2
    epoch_axis: Literal["log", "linear"] = "log"
    frames: str = "epochs"
    panels: tuple[str, ...] | None = None
    threshold: float = PLAIN_THRESHOLD
    stepping: bool = False
    lock: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checks.choice("lesson", self.lesson, lessons.ALL)
        for name, kind in (("network", Network), ("data", Dataset), ("training", Training)):
            checks.instance(name, getattr(self, name), kind)

    @classmethod
    def of_lesson(cls, key: str) -> "State":
        """A lesson as it opens. Raises ValueError for a key that no lesson has."""
        lesson = lessons.ALL[checks.choice("lesson", key, lessons.ALL)]
        return cls(lesson=key, network=lesson.network, data=lesson.data, training=lesson.training)

    @property
    def is_complete(self) -> bool:
        """Whether a link can hold all of it.

        A link holds the lesson's own samples, or a few of one's own.
        """
        return self.data is lessons.ALL[self.lesson].data or _table(self.data) is not None

    @property
    def query(self) -> str:
        """The state as the query of a URL, without "?".

        Of samples that a link cannot hold, the query has the lesson alone.
        """
        plain = State.of_lesson(self.lesson)
        if not self.is_complete:
            return f"lesson={self.lesson}"
        texts = {"lesson": self.lesson}
        for key, part in VIEW.items():
            if getattr(self, part.field) != getattr(plain, part.field):
                texts[key] = part.written(getattr(self, part.field))
        if self.network != plain.network:
            texts["network"] = "-".join(map(str, self.network.widths))
            texts["hidden"] = ",".join(self.network.layer_activations[:-1])
            texts["output"] = self.network.output
        begun = _begun(plain.training, same_network=self.network == plain.network)
        for key, part in TRAINING.items():
            if getattr(self.training, part.field) != getattr(begun, part.field):
                texts[key] = part.written(getattr(self.training, part.field))
        if self.data is not plain.data and (table := _table(self.data)) is not None:
            texts |= table
        return urlencode(texts, quote_via=quote, safe=",:;")


def read(query: str) -> tuple[State, tuple[str, ...]]:
    """The state that the query of a URL asks for, and what of it was ignored and why.

    ``query``: with or without "?"; no text raises.
    """
    checks.instance("query", query, str, 'give the text behind the "?" of a link')
    asked: dict[str, str] = {}
    ignored: list[str] = []
    for key, text in parse_qsl(query.removeprefix("?"), keep_blank_values=True)[:100]:
        if key in asked:
            ignored.append(f"{_short(key)} again")
        elif key in KNOWN:
            asked[key] = text
        else:
            ignored.append(f"{_short(key)}, which no link has")
    key = asked.pop("lesson", "lecture")
    if key not in lessons.ALL:
        ignored.append(f"lesson {_short(key)}, of which there is none: {', '.join(lessons.ALL)}")
        key = "lecture"
    state = State.of_lesson(key)
    state = _with_table(state, asked, ignored)
    state = _with_network(state, asked, ignored)
    state = _with_training(state, asked, ignored)
    for name, part in VIEW.items():
        if name in asked:
            value: Any = getattr(state, part.field)
            try:
                value = part.read(asked[name])
            except (ValueError, TypeError) as error:
                ignored.append(f"{name}={_short(asked[name])} ({error})")
                value = (isinstance(error, Partly) and error.known) or value
            state = replace(state, **{part.field: value})
    return _within_reach(state, ignored), tuple(ignored)


def is_one(query: str) -> bool:
    """Whether a URL's query holds anything of a state.

    A page that is opened without a link has other things in its query, or nothing.
    """
    checks.instance("query", query, str, 'give the text behind the "?" of a link')
    return any(key in KNOWN for key, _ in parse_qsl(query.removeprefix("?")))


class Partly(ValueError):
    """A list of which some can be: ``known``."""

    def __init__(self, why: str, known: tuple[str, ...]) -> None:
        super().__init__(why)
        self.known = known


class Part(NamedTuple):
    """One part of a link: the field it stands for, and how its value is written and read.

    Reading raises ValueError.
    """

    field: str
    written: Callable[[Any], str]
    read: Callable[[str], Any]


def _one_of(*names: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"choose one of {', '.join(names)}")
        return text

    return read


def _some_of(names: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        wanted = [name for name in text.split(",") if name]
        known = tuple(name for name in names if name in wanted)
        if unknown := [name for name in wanted if name not in names]:
            raise Partly(f"there is no {_short(unknown[0])}: choose of {', '.join(names)}", known)
        return known

    return read


def _whole(least: int, most: float) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text) if text.isdecimal() and len(text) < 12 else -1
        if not least <= value <= most:
            raise ValueError(
                f"give a whole number from {least}" + (f" to {most:g}" if most < float("inf") else "")
            )
        return value

    return read


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("give a number") from None


def _yes_or_no(text: str) -> bool:
    return _one_of("yes", "no")(text) == "yes"


def _optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text == "none" else read(text)


def _optimiser(text: str) -> Optimiser:
    name, *settings = text.split(":")
    return named(name, [_number(setting) for setting in settings])


def _optimiser_text(optimiser: Optimiser) -> str:
    return descent(optimiser).text


def _start(text: str) -> dict[str, float]:
    pairs = [pair.split(":") for pair in text.split(",") if pair]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("write lambda_1_4:0.25,b_4:0")
    return {symbol: _number(value) for symbol, value in pairs}


def _start_text(start: Any) -> str:
    return ",".join(f"{symbol}:{value!r}" for symbol, value in (start or {}).items())


def _between(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = _number(text)
        if not least <= value <= most:
            raise ValueError(f"give a number from {least:g} to {most:g}")
        return value

    return read


def _joined(names: tuple[str, ...]) -> str:
    return ",".join(names)


def _word(value: Any) -> str:
    return "none" if value is None else "yes" if value is True else "no" if value is False else str(value)


ANY_WHOLE = _whole(0, float("inf"))
VIEW = MappingProxyType(
    {
        "epoch": Part("epoch", str, ANY_WHOLE),
        "sample": Part("sample", str, ANY_WHOLE),
        "show": Part("layers", _joined, _some_of(LAYERS)),
        "derivatives": Part("derivative_of", str, _one_of(notation.LOSS, notation.PERFORMANCE)),
        "decimals": Part("decimals", str, _whole(LEAST_DECIMALS, MOST_DECIMALS)),
        "axis": Part("epoch_axis", str, _one_of("log", "linear")),
        "frames": Part("frames", str, _one_of("epochs", "updates")),
        "pictures": Part("panels", _joined, _some_of(PICTURES)),
        "threshold": Part("threshold", repr, _between(LEAST_THRESHOLD, LARGEST_THRESHOLD)),
        "steps": Part("stepping", _word, _yes_or_no),
        "lock": Part("lock", _joined, _some_of(CONTROLS)),
        "hide": Part("hide", _joined, _some_of(CONTROLS)),
    }
)
"""What is shown, by its name in the link."""
TRAINING = MappingProxyType(
    {
        "eta": Part("eta", repr, _between(LEAST_ETA, LARGEST_ETA)),
        "epochs": Part("epochs", str, _whole(1, MOST_EPOCHS)),
        "seed": Part("seed", str, ANY_WHOLE),
        "loss": Part("loss", str, str),
        "batch_size": Part("batch_size", _word, _optional(ANY_WHOLE)),
        "sampling": Part("sampling", str, str),
        "optimiser": Part("optimiser", _optimiser_text, _optimiser),
        "decay": Part("decay", repr, _number),
        "l1": Part("l1", repr, _number),
        "l2": Part("l2", repr, _number),
        "dropout": Part("dropout", repr, _number),
        "stop_below": Part("stop_below", _word, _optional(_number)),
        "patience": Part("patience", _word, _optional(ANY_WHOLE)),
        "initialiser": Part("initialiser", str, str),
        "start": Part("start", _start_text, _start),
        "train_biases": Part("train_biases", _word, _yes_or_no),
        "record_every": Part("record_every", str, ANY_WHOLE),
    }
)
"""How it is trained, by its name in the link: that of the field."""
KNOWN = frozenset(
    {"lesson", "network", "hidden", "output", "x", "y", "predictors", "responses", *VIEW, *TRAINING}
)


def _with_table(state: State, asked: dict[str, str], ignored: list[str]) -> State:
    if "x" not in asked and "y" not in asked:
        return state
    try:
        x, y = (
            [[_number(value) for value in row.split(",")] for row in asked.get(key, "").split(";")]
            for key in ("x", "y")
        )
        predictors, responses = (
            asked[role].split(",") if role in asked else None for role in ("predictors", "responses")
        )
        return replace(state, data=Dataset(x, y, predictors=predictors, responses=responses))
    except (ValueError, TypeError) as error:
        ignored.append(f"the table x, y ({error})")
        return state


def _with_network(state: State, asked: dict[str, str], ignored: list[str]) -> State:
    """The network asked for; where it does not fit the data, one that does."""
    network = state.network
    try:
        if "network" in asked:
            widths = tuple(_whole(1, MOST_NODES)(width) for width in asked["network"].split("-"))
            if len(widths) - 2 > MOST_HIDDEN_LAYERS:
                raise ValueError(f"{len(widths) - 2} hidden layers: give at most {MOST_HIDDEN_LAYERS}")
            network = Network(widths, hidden=_hidden(network, widths), output=network.output)
        if "hidden" in asked:
            network = replace(network, hidden=tuple(name for name in asked["hidden"].split(",") if name))
        if "output" in asked:
            network = replace(network, output=asked["output"])
        network.check_fits(state.data)
        return replace(state, network=network)
    except (ValueError, TypeError) as error:
        ignored.append(f"the network ({error})")
    ends = state.data.x.shape[1], state.data.y.shape[1]
    if ends != (state.network.widths[0], state.network.widths[-1]):
        widths = (ends[0], *state.network.widths[1:-1], ends[1])
        return replace(
            state, network=Network(widths, hidden=state.network.hidden, output=state.network.output)
        )
    return state


def _hidden(network: Network, widths: tuple[int, ...]) -> str | tuple[str, ...]:
    """The activations of the hidden layers where there are as many as before; else the first one for all."""
    names = network.layer_activations[:-1]
    if len(names) == len(widths) - 2:
        return names
    return names[0] if names else Network.hidden


def _with_training(state: State, asked: dict[str, str], ignored: list[str]) -> State:
    """The training with all settings that are asked for and can be, one after the other."""
    training = _begun(state.training, same_network=state.network == State.of_lesson(state.lesson).network)
    for name, part in TRAINING.items():
        if name in asked:
            try:
                tried = replace(training, **{part.field: part.read(asked[name])})
                if name == "start":
                    tried.start_of(state.network)
                training = tried
            except (ValueError, TypeError) as error:
                ignored.append(f"{name}={_short(asked[name])} ({error})")
    try:
        training.check_fits(state.network, state.data)
    except ValueError as error:
        plain = State.of_lesson(state.lesson)
        ignored.append(f"the network and the loss, which do not fit ({error})")
        return replace(state, network=plain.network, data=plain.data, training=plain.training)
    return replace(state, training=training)


def _begun(training: Training, *, same_network: bool) -> Training:
    """The lesson's training that a link begins from.

    Another network takes it without the start values, which belong to the lesson's own network.
    """
    return training if same_network else replace(training, start=None)


def _within_reach(state: State, ignored: list[str]) -> State:
    """The state with an epoch and a sample that there are."""
    if state.frames == "epochs" and state.epoch > state.training.epochs:
        ignored.append(f"epoch={state.epoch} (the last is {state.training.epochs})")
        state = replace(state, epoch=state.training.epochs)
    if state.sample >= len(state.data):
        ignored.append(f"sample={state.sample} (the last is {len(state.data) - 1})")
        state = replace(state, sample=len(state.data) - 1)
    return state


def _table(data: Dataset) -> dict[str, str] | None:
    """Unscaled samples and the names of their columns as text, or None where a link cannot hold them.

    That is where they are scaled, encoded, held out in part, too many, or where a name has a comma.
    """
    columns = (*data.predictors, *data.responses)
    if (
        data.test is not None
        or data.classes is not None
        or any(column.scale or column.category or "," in column.name for column in columns)
    ):
        return None
    texts = {
        key: ";".join(",".join(map(repr, row)) for row in table.tolist())
        for key, table in (("x", data.x), ("y", data.y))
    }
    plain = Dataset(data.x, data.y)
    for role in ("predictors", "responses"):
        names = [column.name for column in getattr(data, role)]
        if names != [column.name for column in getattr(plain, role)]:
            texts[role] = ",".join(names)
    return texts if sum(map(len, texts.values())) <= MOST_DATA else None


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else f"{text[:29]}…")
