"""Binder: what repo2docker makes of `binder/`, and both links behind a base URL such as Binder's proxy makes,
in this environment.

`python tests/tools/binder_here.py` runs the second part in a fresh environment with exactly the listed
versions.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from binder_here import (
    DASHBOARD,
    copy_repository,
    open_dashboard,
    open_first_notebook,
    post_build,
    visitors_server,
)
from conftest import ROOT, Lab
from jupyter_core.paths import jupyter_path
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from playwright.sync_api import Page

BINDER = ROOT / "binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = [
    line
    for line in (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
EXTRAS = [line for extra in ("lab", "parquet") for line in PROJECT["optional-dependencies"][extra]]
PINS = {pin.name: pin.specifier for pin in map(Requirement, LINES[:-1])}
PYTHON = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")

# ---------------------------------------------------------------- the files


@pytest.mark.parametrize(
    "dependency",
    [Requirement(line) for line in [*PROJECT["dependencies"], *EXTRAS]],
    ids=lambda dependency: dependency.name,
)
def test_a_dependency_is_pinned_to_a_version_that_the_package_allows(dependency):
    assert dependency.name in PINS, f"binder/requirements.txt does not pin {dependency.name}"
    (pin,) = PINS[dependency.name]
    assert pin.operator == "=="
    assert pin.version in dependency.specifier


@pytest.mark.parametrize("name", ["jupyterlab", "jupyter-server", "voila", "ipykernel", "notebook"])
def test_what_serves_the_pages_is_pinned(name):
    assert [pin.operator for pin in PINS[name]] == ["=="]


def test_the_package_itself_is_installed_and_no_test_tool_is():
    assert LINES[-1] == "./"
    tools = {Requirement(tool).name for tool in PROJECT["optional-dependencies"]["test"]}
    assert not set(PINS) & tools


def test_python_is_pinned_to_one_that_the_package_allows():
    assert re.fullmatch(r"3\.\d+", PYTHON)
    assert PYTHON in SpecifierSet(PROJECT["requires-python"])


# ---------------------------------------------------------------- what repo2docker makes of them


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    """The commands by which repo2docker would build the image; to print them it needs no container."""
    pytest.importorskip(
        "repo2docker", reason="no repo2docker: pip install jupyter-repo2docker to run this test"
    )
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stderr
    assert f"Building conda environment for python={PYTHON}" in told.stderr
    return [line.strip() for line in told.stdout.splitlines()]


def test_repo2docker_takes_the_pinned_python(dockerfile):
    assert [
        line
        for line in dockerfile
        if line.startswith("COPY")
        and line.endswith("/tmp/env/environment.lock")
        and f"py-2d{PYTHON.replace('.', '-2e')}-" in line
    ]


def test_repo2docker_installs_what_makes_an_mp4(dockerfile):
    assert "apt-get install --yes --no-install-recommends ffmpeg && \\" in dockerfile


def test_repo2docker_copies_the_repository_then_installs_it_then_warms_the_caches(dockerfile):
    steps = [
        "COPY --chown=0:0 src/ ${REPO_DIR}/",
        'RUN ${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"',
        "RUN ./binder/postBuild",
    ]
    assert [dockerfile.count(step) for step in steps] == [1, 1, 1]
    assert [step for step in dockerfile if step in steps] == steps


# ---------------------------------------------------------------- the image's server, here


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A visitor's server, after postBuild, in this environment."""
    template = [
        folder for folder in jupyter_path("voila", "templates", "ann_dashboard") if Path(folder).is_dir()
    ]
    assert template, "the page's template is not installed: pip install --editable '.[test]' once more"
    home, python = tmp_path_factory.mktemp("binder"), Path(sys.executable)
    copy_repository(home)
    post_build(home, python)
    with visitors_server(home, python) as server:
        yield server


def test_post_build_fills_the_caches(server: Lab):
    assert list((server.folder / ".cache" / "matplotlib").glob("fontlist*"))


@pytest.mark.browser
def test_the_link_to_the_dashboard_opens_it(page: Page, server: Lab):
    open_dashboard(page, server)
    assert page.title() == "Neural network dashboard"


@pytest.mark.browser
def test_the_link_to_the_first_notebook_opens_it_in_jupyterlab(page: Page, server: Lab):
    open_first_notebook(page, server)


@pytest.mark.parametrize("query", ["", "&template=nope&theme=nope"])
def test_the_page_is_ours_whatever_template_is_asked_for(server: Lab, query):
    with urlopen(f"{server.url}{DASHBOARD}?token={server.token}{query}", timeout=60) as answer:
        page = answer.read().decode()
    assert "Starting the dashboard" in page
    assert "import Dashboard" not in page
