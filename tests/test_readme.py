"""README and the notebooks say what is true: their examples are run."""

import doctest
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def test_readmes_example_gives_the_numbers_it_shows() -> None:
    (example,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        if ">>>" in block
    ]
    test = doctest.DocTestParser().get_doctest(example, {}, "README's example", str(README), 0)
    assert doctest.DocTestRunner().run(test) == (0, 6)


def test_readmes_page_for_the_class_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = [
        block
        for block in re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        if "to_html" in block
    ]
    monkeypatch.chdir(tmp_path)
    exec(re.sub(r"^  ", "", code, flags=re.MULTILINE), {})
    assert (tmp_path / "xor.html").stat().st_size > 100_000


def test_readmes_files_exist() -> None:
    text = README.read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)#:]+)\)|`((?:notebooks|tests)/[\w./]+)`|bin/python (tests/[\w/]+\.py)", text)
    assert [name for name in map("".join, named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(notebook: Path) -> None:
    NotebookClient(nbformat.read(notebook, as_version=4), timeout=60).execute()
