"""The compiled engine's code is kept between processes wherever a folder for it can be written.

Where there is none, the engine works without.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ann_dashboard

pytest.importorskip("numba")

TRAIN = """
from ann_dashboard import Training, lessons, train
from ann_dashboard.engine import kernel
history = train(lessons.LECTURE.network, lessons.LECTURE.data, Training(epochs=100), by="compiled")
stats = kernel.compiled().stats
print(history.at(43)["O6"], sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


def trained(install: Path, environment: dict[str, str]) -> list[str]:
    """ŷ at epoch 43, cache hits and misses of a training in a process of its own.

    It imports our package from a folder.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG"))}
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", TRAIN],
        cwd=install,
        env=clean | {"PYTHONPATH": str(install), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


@pytest.fixture
def install(tmp_path):
    """A fresh install of the package, without compiled code."""
    folder = tmp_path / "install"
    shutil.copytree(
        Path(ann_dashboard.__file__).parent,
        folder / "ann_dashboard",
        ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
    )
    return folder


def make_read_only(install: Path) -> None:
    """No code can be kept beside the engine: a file stands where the folder would.

    Permissions would not stop root, as whom CI runs.
    """
    (install / "ann_dashboard" / "engine" / "__pycache__").write_text("")


@pytest.mark.parametrize("place", ["package", "named folder", "the user's cache"])
def test_a_second_process_does_not_compile_again(install, tmp_path, place):
    cache = tmp_path / "cache"
    environment = {
        "package": {},
        "named folder": {"NUMBA_CACHE_DIR": str(cache)},
        "the user's cache": {"XDG_CACHE_HOME": str(cache)},
    }[place]
    if place == "the user's cache":
        make_read_only(install)
    prediction, *first = trained(install, environment)
    where = install if place == "package" else cache
    written = {path: path.stat().st_mtime_ns for path in where.rglob("*.nb[ic]")}
    assert (f"{float(prediction):.9f}", first) == ("0.299104038", ["0", "1"])
    assert any("compiled.run" in path.name for path in written)
    assert trained(install, environment) == [prediction, "1", "0"]
    assert {path: path.stat().st_mtime_ns for path in where.rglob("*.nb[ic]")} == written


@pytest.mark.parametrize("catalogue", ["activations", "losses", "optimisers"])
def test_another_text_of_a_catalogue_is_compiled_anew(install, tmp_path, catalogue):
    """What is kept holds the catalogues' functions.

    numba looks at the date of the engine's file alone.
    """
    environment = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    trained(install, environment)
    with (install / "ann_dashboard" / "engine" / f"{catalogue}.py").open("a", encoding="utf-8") as file:
        file.write("# another text\n")
    assert trained(install, environment)[1:] == ["0", "1"]


def test_where_nothing_can_be_kept_every_process_compiles_and_trains(install):
    """A read-only install for a user without a home."""
    make_read_only(install)
    environment = {"HOME": os.devnull, "XDG_CACHE_HOME": os.devnull}
    assert f"{float(trained(install, environment)[0]):.9f}" == "0.299104038"


TWO_AT_ONCE = """
import sys, threading
from ann_dashboard import Training, lessons, train
from ann_dashboard.engine import kernel
lecture = lessons.LECTURE
training = Training(epochs=40_000, record_every=400)
long = threading.Thread(target=train, args=(lecture.network, lecture.data, training))
long.start()
while "numba" not in sys.modules:
    pass
print(train(lecture.network, lecture.data, Training(epochs=100)).converged_at(), kernel.is_ready())
long.join()
print(kernel.is_ready())
"""


def test_a_short_training_does_not_wait_for_the_compiler_of_a_long_one(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", TWO_AT_ONCE],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["43", "False", "True"]
