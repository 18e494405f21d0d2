"""The package as it is handed on: an sdist, the wheel made from it, and both tried in a fresh environment."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from ann_dashboard import __version__

ROOT = Path(__file__).parents[1]
ALONE = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
"""This process's environment without what would lead a fresh Python to this checkout."""


def run(*command: str | Path, cwd: Path, **settings: str) -> str:
    """What a command prints; the test fails with all that it says if it fails."""
    told = subprocess.run(
        list(map(str, command)), cwd=cwd, env=ALONE | settings, capture_output=True, text=True, timeout=300
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built from the source distribution alone."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as packed:
        packed.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the wheel and what it asks for; its folder of programs."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    run(programs / "python", *install, wheel, cwd=folder)
    return programs


def test_the_file_names_have_the_packages_version(sdist: Path, wheel: Path) -> None:
    assert sdist.name == f"ann_dashboard-{__version__}.tar.gz"
    assert wheel.name == f"ann_dashboard-{__version__}-py3-none-any.whl"


def test_the_changelog_tells_of_the_version() -> None:
    heads = [
        line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line[:3] == "## "
    ]
    assert __version__ in heads[0]


def test_the_wheel_has_every_module_notebook_and_file_of_the_page(wheel: Path) -> None:
    package = ROOT / "ann_dashboard"
    sources = [
        path
        for path in package.rglob("*")
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
        if not path.is_relative_to(package / "frontend/src")
        if not path.is_relative_to(package / "frontend/tests")
    ]
    wanted = {str(path.relative_to(ROOT)) for path in sources if path.suffix not in {".pyi", ".pyc"}}
    wanted |= {f"ann_dashboard/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.*")}
    template = f"ann_dashboard-{__version__}.data/data/share/jupyter/voila/templates/ann_dashboard"
    wanted |= {f"{template}/{path.name}" for path in (package / "serving" / "template").iterdir()}
    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert inside == wanted


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "tests/test_package.py", "binder/postBuild"])
def test_the_sdist_has_what_is_needed_to_carry_on(sdist: Path, name: str) -> None:
    with tarfile.open(sdist) as packed:
        assert f"ann_dashboard-{__version__}/{name}" in packed.getnames()


@pytest.mark.installs
def test_a_fresh_environment_trains_the_lecture(fresh: Path, tmp_path: Path) -> None:
    told = run(fresh / "ann-dashboard", "train", "--lesson", "lecture", "--epochs", "10", cwd=tmp_path)
    assert told.startswith("10 epochs in ")
    assert "the loss went from 0.505002 to " in told


@pytest.mark.installs
def test_a_fresh_environment_tells_its_version(fresh: Path, tmp_path: Path) -> None:
    assert run(fresh / "ann-dashboard", "--version", cwd=tmp_path) == f"ann-dashboard {__version__}\n"


@pytest.mark.installs
def test_a_fresh_environment_makes_a_dashboard(fresh: Path, tmp_path: Path) -> None:
    code = "from ann_dashboard.dashboard import Dashboard; print(type(Dashboard()).__name__)"
    assert run(fresh / "python", "-c", code, cwd=tmp_path, MPLCONFIGDIR=str(tmp_path)) == "Dashboard\n"
