"""The house rules: lint, format, types, the order of imports.

And what importing loads, README's commands, thin notebooks.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SCRIPTS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-m", "ruff", "check", "--no-cache", "."],
        [sys.executable, "-m", "ruff", "format", "--no-cache", "--check", "."],
        [sys.executable, "-m", "mypy"],
        [str(SCRIPTS / "lint-imports"), "--no-cache"],
    ],
    ids=["ruff check", "ruff format", "mypy", "lint-imports"],
)
def test_the_house_is_tidy(command):
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def modules_after(statement: str) -> set[str]:
    """Modules a fresh Python has loaded after a statement."""
    told = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(told.stdout.split())


def test_importing_the_package_loads_no_picture_and_no_widget():
    assert not modules_after("import ann_dashboard") & {
        "matplotlib",
        "ipywidgets",
        "anywidget",
        "voila",
        "numba",
        "pandas",
    }


def test_training_the_lecture_loads_no_compiler():
    assert not modules_after("from ann_dashboard import lessons; lessons.LECTURE.train()") & {
        "matplotlib",
        "ipywidgets",
        "numba",
        "pandas",
    }


def test_the_dashboards_first_picture_waits_for_nothing_that_only_some_need():
    loaded = modules_after("from ann_dashboard.dashboard import Dashboard; Dashboard()")
    assert "matplotlib" in loaded
    assert not loaded & {"numba", "pandas", "pyarrow", "fontTools.subset", "voila"}


def readme_commands() -> list[str]:
    """The lines of README's sh blocks."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", readme, flags=re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


@pytest.mark.parametrize("ending", ["ann-dashboard", "pytest"])
def test_readme_has_one_command_that_ends_in(ending):
    assert len([line for line in readme_commands() if line.endswith(ending)]) == 1


def test_ci_runs_readmes_test_command():
    extraction = re.search(
        r"^test_command=\$\((.+)\)$", (ROOT / ".ci" / "run").read_text(), flags=re.MULTILINE
    )
    told = subprocess.run(
        ["bash", "-c", extraction[1]], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.splitlines() == [line for line in readme_commands() if line.endswith("pytest")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_thin_and_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert notebook.metadata.kernelspec.name == "python3"
    assert not [cell.id for cell in code if cell.outputs or cell.execution_count]
    assert not [cell.id for cell in code if defines_something(cell.source)]


def defines_something(source: str) -> bool:
    """Whether a cell defines a function or a class."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
        for node in ast.walk(ast.parse(source))
    )
