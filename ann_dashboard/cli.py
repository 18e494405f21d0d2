"""The commands besides serving: train without a browser, export files, open the notebooks in JupyterLab."""

import argparse
import itertools
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ann_dashboard import checks, lessons, state
from ann_dashboard.engine.history import History, check_parquet
from ann_dashboard.engine.run import train
from ann_dashboard.engine.training import Training
from ann_dashboard.state import State
from ann_dashboard.words import counted

if TYPE_CHECKING:
    from ann_dashboard.film.camera import Camera
    from ann_dashboard.film.film import Film

DONE, WRONG_INPUT, STOPPED = 0, 2, 130
"""Exit codes; the last is for Ctrl+C."""
BAR = 30
KINDS = {
    "html": "the page, which needs no server",
    "png": "the picture",
    "svg": "the picture",
    "pdf": "the picture",
    "gif": "the film",
    "mp4": "the film",
    "csv": "every recorded pass",
    "parquet": "every recorded pass",
}
"""What can be exported, and what such a file has in it."""


def add_state_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose what is trained: a lesson, changes to it, or a link."""
    names = ", ".join(lessons.ALL)
    parser.add_argument(
        "--lesson",
        default=None,
        metavar="NAME",
        help=f"example to train, one of {names}; the default is lecture",
    )
    parser.add_argument("--eta", type=float, help="learning rate; the default is the lesson's own")
    parser.add_argument("--epochs", type=int, help="number of epochs; the default is the lesson's own")
    parser.add_argument("--seed", type=int, help="random seed of the start; the default is the lesson's own")
    parser.add_argument("--record-every", type=int, metavar="K", help="record every K-th epoch only")
    parser.add_argument(
        "--link",
        default="",
        metavar="QUERY",
        help="all settings, as in a link of the dashboard: lesson=lecture&eta=0.2",
    )


def asked_state(options: argparse.Namespace) -> State:
    """The state that the options ask for.

    Raises ValueError with the thing, the value and the cure, also for a link with anything invalid in it.
    """
    query = options.link.rpartition("?")[2]
    if options.lesson is not None:
        if options.lesson not in lessons.ALL:
            raise ValueError(f"there is no lesson {options.lesson!r}: choose one of {', '.join(lessons.ALL)}")
        query = f"lesson={options.lesson}&{query}" if query else f"lesson={options.lesson}"
    shown, ignored = state.read(query)
    if ignored:
        raise ValueError(f"the link asks for {'; '.join(ignored)}")
    wanted = {name: getattr(options, name) for name in ("eta", "epochs", "seed", "record_every")}
    return replace(
        shown,
        training=replace(
            shown.training, **{name: value for name, value in wanted.items() if value is not None}
        ),
    )


def train_command(options: argparse.Namespace) -> int:
    """Train, print a summary, and write the history to the files asked for. Returns the exit code."""
    try:
        shown = asked_state(options)
        targets = files(options, ("csv", "parquet"))
        with ProgressBar() as progress:
            history = train(shown.network, shown.data, shown.training, progress=progress)
        print(summary(history))
        writers = {"csv": history.to_csv, "parquet": history.to_parquet}
        for kind, path in targets.items():
            with writing(path, force=options.force) as written:
                writers[kind](written)
            print(f"{len(history)} passes are in {path}")
    except (ValueError, TypeError, OSError, ImportError) as error:
        print(f"ann-dashboard train: {error}", file=sys.stderr)
        return WRONG_INPUT
    return DONE


def export_command(options: argparse.Namespace) -> int:
    """Train, and export pages, pictures, movies and tables. Returns the exit code."""
    try:
        export(options)
    except (ValueError, TypeError, LookupError, OSError, RuntimeError, ImportError) as error:
        print(
            f"ann-dashboard export: {error.args[0] if isinstance(error, LookupError) else error}",
            file=sys.stderr,
        )
        return WRONG_INPUT
    return DONE


def export(options: argparse.Namespace) -> None:
    """Write every file that the options ask for.

    Raises, before any of them is written, with what is wrong and the cure.
    """
    targets = files(options, tuple(KINDS))
    if not targets:
        raise ValueError(
            f"nothing to export: give one or more of {', '.join(f'--{kind} FILE' for kind in KINDS)}"
        )
    several = makes_several(options, targets)
    from ann_dashboard.film import figures  # loads matplotlib: not for --help
    from ann_dashboard.film.camera import Camera

    for kind in targets.keys() & set(figures.MOVIES):
        figures.check_possible(kind)
    shown = asked_state(options)
    if options.epoch is not None:
        shown = replace(shown, epoch=checks.whole("epoch", options.epoch, least=0))
    camera, films = Camera(shown.network), {}
    for training in trainings(shown.training, options.etas, options.seeds):
        with ProgressBar() as progress:
            history = train(shown.network, shown.data, training, progress=progress)
        films[label(training)] = film_of(camera, replace(shown, training=training), history)
        print(f"{label(training)}: {summary(history)}" if several else summary(history))
    # Raises for an epoch that is not recorded: a page would open at the nearest, and not say so.
    next(iter(films.values())).frame_of(shown.epoch)
    contents = {kind: exported(kind, films, history, shown) for kind in targets}
    for kind, path in targets.items():
        with writing(path, force=options.force) as written:
            written.write_bytes(contents[kind])
        print(f"{path} has {KINDS[kind]}, {path.stat().st_size / 1000:.0f} kB")


def makes_several(options: argparse.Namespace, targets: Mapping[str, Path]) -> bool:
    """Whether the options ask for several trainings. Raises ValueError for options that contradict that."""
    for one, many in (("eta", "etas"), ("seed", "seeds")):
        value, values = getattr(options, one), getattr(options, many)
        if value is not None and values is not None:
            raise ValueError(
                f"--{one} {value} and --{many} {' '.join(map(str, values))} exclude each other: "
                "leave out one of them"
            )
    several = options.etas is not None or options.seeds is not None
    if several and (others := [kind for kind in targets if kind != "html"]):
        raise ValueError(
            "--etas and --seeds make several trainings, which only a page can hold: "
            f"leave out --{others[0]}, or give --eta and --seed"
        )
    return several


def trainings(
    training: Training, etas: Sequence[float] | None, seeds: Sequence[int] | None
) -> list[Training]:
    """The training with each of the learning rates and each of the seeds; its own where there are none."""
    pairs = itertools.product(etas or [training.eta], seeds or [training.seed])
    return [replace(training, eta=eta, seed=seed) for eta, seed in dict.fromkeys(pairs)]


def label(training: Training) -> str:
    """The name of a training among others in a page: its learning rate and seed."""
    from ann_dashboard.film.page import eta_text  # loads matplotlib

    return f"η = {eta_text(training.eta)}, seed {training.seed}"


def film_of(camera: "Camera", shown: State, history: History) -> "Film":
    """The film of a history as a state shows it. Raises ValueError for a panel that does not fit it."""
    from ann_dashboard.film.panels import usual  # loads matplotlib

    field = lessons.field_of(shown.data)
    return camera.film(
        history.with_updates_as_epochs() if shown.frames == "updates" else history,
        decimals=shown.decimals,
        derivative_of=shown.derivative_of,
        epoch_axis=shown.epoch_axis,
        sample=shown.sample,
        printed=lessons.printed_of(shown.network, shown.data, shown.training)
        if shown.frames == "epochs"
        else (),
        panels=usual(history, field) if shown.panels is None else shown.panels,
        threshold=shown.threshold,
        field=field,
    )


def exported(kind: str, films: "Mapping[str, Film]", history: History, shown: State) -> bytes:
    """The bytes of a file of one of ``KINDS``.

    A page has all films, a table the history; a picture shows the first film at the state's epoch.
    Raises LookupError for an epoch that is not recorded, and ImportError or FileNotFoundError for a missing
    program.
    """
    from ann_dashboard.film import figures, page

    film = next(iter(films.values()))
    match kind:
        case "html":
            return page.encoded(films, opening=page.Opening(shown.epoch, shown.layers, shown.stepping))
        case "csv":
            return str(history.to_csv()).encode()
        case "parquet":
            return history.to_parquet() or b""
        case "gif" | "mp4":
            with ProgressBar("frames") as progress:
                return figures.movie(film, kind, layers=shown.layers, progress=progress)
    return figures.still(film, film.frame_of(shown.epoch), kind, layers=shown.layers)


def files(options: argparse.Namespace, kinds: Sequence[str]) -> dict[str, Path]:
    """The files that the options name, by kind.

    Raises OSError, ValueError or ImportError if one of them cannot be written.
    """
    named = {kind: Path(path) for kind in kinds if (path := getattr(options, kind)) is not None}
    owners: dict[Path, str] = {}
    for kind, path in named.items():
        check_writable(path, force=options.force)
        if (owner := owners.setdefault(path.resolve(), kind)) != kind:
            raise ValueError(f"--{owner} and --{kind} both name {path}: give each a file of its own")
    if "parquet" in named:
        check_parquet()
    return named


@contextmanager
def writing(path: Path, *, force: bool) -> Iterator[Path]:
    """Where to write a file so that it is there whole or not at all: beside it, under another name.

    A pipe or device is written to directly. Raises OSError that names the file (that of a full disk does
    not), and FileExistsError if a file that is not to be overwritten appeared there meanwhile.
    """
    place = path.resolve()
    aside = (is_plain(path) or not path.exists()) and os.access(place.parent, os.W_OK)
    written = place.with_name(f".ann-dashboard-{os.getpid()}.part") if aside else place
    try:
        yield written
        if aside:
            put_in_place(written, place, path, force=force)
    except FileExistsError:
        raise
    except OSError as error:
        raise OSError(
            f"{path} cannot be written: {error.strerror or error}. Make room, or give another place"
        ) from error
    finally:
        if aside:
            written.unlink(missing_ok=True)


def put_in_place(written: Path, place: Path, named: Path, *, force: bool) -> None:
    """Give a finished file its name.

    Raises FileExistsError, with the name as it was given, if there is one that is not to be overwritten.
    """
    if place.exists():
        if not force:
            raise FileExistsError(there_already(named))
        shutil.copymode(place, written)
    elif not force:
        try:
            place.open("xb").close()  # takes the name in one step: of two that write at once, one is refused
        except FileExistsError:
            raise FileExistsError(there_already(named)) from None
    written.replace(place)


def is_plain(path: Path) -> bool:
    """Whether a file is there that would be lost; /dev/stdout never is one, even if it leads to a file."""
    return path.is_file() and not path.absolute().is_relative_to("/dev")


def there_already(path: Path) -> str:
    """Why a file is not overwritten, and the cure."""
    return f"{path} is there already, and stays as it is: give another name, or --force to overwrite it"


def check_writable(path: Path, *, force: bool) -> None:
    """Raise OSError, before any work is done, if a file cannot be written or must not be overwritten."""
    if path == Path() or path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: give the name of a file")
    try:
        place = path.resolve()
    except (RuntimeError, ValueError) as error:  # a link that leads to itself, a name that no file can have
        raise FileNotFoundError(f"{path!s:.80} names no file ({error}): give another name") from None
    for folder in (path.parent, place.parent):
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {folder}: make it first, or write to another")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise PermissionError(f"{path} cannot be written: give another place")
    if is_plain(path) and not force:
        raise FileExistsError(there_already(path))


def summary(history: History) -> str:
    """One line: the epochs, the loss before and after, and whether it diverged or converged."""
    last = int(history.epochs[-1])
    first_loss, last_loss = history.losses[[0, -1]]
    fall = f"the loss went from {first_loss:.6g} to {last_loss:.6g}"
    line = f"{counted(last, 'epoch')} in {history.seconds:.2f} s: {fall}"
    if history.diverged_at is not None:
        line += f", diverged at epoch {history.diverged_at}"
    elif (converged := history.converged_at()) is not None:
        line += f", converged at epoch {converged}"
    return f"{line}; {history.stopped}" if history.stopped else line


def notebooks() -> Path:
    """The folder of the notebooks: inside the installed package, or beside it in a source checkout."""
    package = Path(__file__).parent
    installed = package / "notebooks"
    return installed if installed.is_dir() else package.with_name("notebooks")


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class ProgressBar:
    """A line on the terminal that shows progress, counted in ``things``; nothing if it is not a terminal."""

    def __init__(self, things: str = "epochs") -> None:
        self._things = things
        self._began = time.perf_counter()
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """End the line, also after an error."""
        if self._open:
            print(file=sys.stderr)

    def __call__(self, done: int, count: int) -> None:
        if not sys.stderr.isatty():
            return
        left = (time.perf_counter() - self._began) * (count - done) / max(done, 1)
        full = BAR * done // count
        print(
            f"\r[{'#' * full}{'.' * (BAR - full)}] {done} of {count} {self._things}, {left:.0f} s left ",
            end="",
            file=sys.stderr,
            flush=True,
        )
        self._open = True


def lab_command(options: argparse.Namespace) -> int:
    """Open a copy of the notebooks in JupyterLab. Returns the exit code.

    Files that are in the folder already stay as they are.
    """
    if find_spec("jupyterlab") is None:
        cure = "python -m pip install jupyterlab, or install this package with its extra: '.[lab]'"
        print(f"ann-dashboard lab needs JupyterLab, which is not installed: {cure}", file=sys.stderr)
        return WRONG_INPUT
    folder = Path(options.folder)
    try:
        free = options.port or free_port()
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in sorted(notebooks().glob("*.ipynb")):
            if not (folder / notebook.name).exists():
                shutil.copy(notebook, folder)
    except OSError as error:
        print(
            f"ann-dashboard lab cannot write the notebooks to {folder}: {error.strerror}. "
            "Give another --folder.",
            file=sys.stderr,
        )
        return WRONG_INPUT
    print(f"The notebooks are in {folder}", flush=True)
    os.chdir(folder)
    first = next(iter(sorted(path.name for path in Path().glob("0*.ipynb"))), "")
    browser = ["--no-browser"] if options.no_browser else []
    os.execv(
        sys.executable,
        [sys.executable, "-m", "jupyterlab", *browser, f"--ServerApp.port={free}", *options.options, first],
    )
