"""The browser's side: its types, its lint, its unit tests, and the bundles that are built from it."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import make_fixture
import make_wire
import pandas as pd
import pytest

from ann_dashboard.dashboard.exports import TYPES
from ann_dashboard.film import wire
from ann_dashboard.film.page import bundle

FRONTEND = Path(__file__).parents[2] / "ann_dashboard/frontend"
ENTRIES = ("film_widget", "page", "link", "file", "table", "number")


@pytest.fixture(scope="module")
def npm() -> str:
    """npm, with the packages of the lock installed; it comes with the test extra, or is on the path."""
    beside = Path(sys.executable).parent
    found = shutil.which("npm", path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("the browser's side is tested with Node: install ann_dashboard[test]")
        pytest.skip("there is no Node here: install ann_dashboard[test]")
    lock, installed = FRONTEND / "package-lock.json", FRONTEND / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run(found, "ci", "--no-audit", "--no-fund")
    return found


def run(npm: str, *arguments: str) -> None:
    """Run npm on the browser's side; what it says is the message of a failure."""
    environment = os.environ | {
        "PATH": f"{Path(npm).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [npm, *arguments], cwd=FRONTEND, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{done.stdout[-8000:]}\n{done.stderr[-2000:]}"


def test_the_types_and_the_lint_have_nothing_to_say(npm: str) -> None:
    run(npm, "run", "check")


def test_the_unit_tests_of_the_browsers_side_pass(npm: str) -> None:
    run(npm, "test")


def test_the_bundles_are_those_of_the_source(npm: str, tmp_path: Path) -> None:
    run(npm, "run", "build", "--", str(tmp_path))
    assert sorted(path.stem for path in tmp_path.glob("*.js")) == sorted(ENTRIES)
    for entry in ENTRIES:
        built = (tmp_path / f"{entry}.js").read_text(encoding="utf-8")
        assert bundle(entry) == built, f"bundles/{entry}.js is old: npm run build in {FRONTEND}"


def test_the_browsers_types_are_those_of_the_wire() -> None:
    assert make_wire.TARGET.read_text(encoding="utf-8") == make_wire.typescript()


def test_the_fixture_of_the_unit_tests_is_what_a_film_says() -> None:
    """But for last digits, which another processor may round otherwise."""
    kept, now = map(json.loads, (make_fixture.TARGET.read_text(encoding="utf-8"), make_fixture.written()))
    recorded, says = (pd.read_csv(io.StringIO(one.pop("csv"))) for one in (kept, now))
    pd.testing.assert_frame_equal(recorded, says, rtol=1e-12, atol=1e-300)
    assert without_last_digits(kept) == without_last_digits(now)


def without_last_digits(told: Any) -> Any:
    """A message without the bytes of the record and without how many digits of a gradient check agree."""
    if not isinstance(told, dict):
        return list(map(without_last_digits, told)) if isinstance(told, list) else told
    kept = {key: value for key, value in told.items() if key != "record" and not key.startswith("agree:")}
    return {key: without_last_digits(value) for key, value in kept.items()}


def test_the_lock_names_packages_and_no_registry() -> None:
    assert "resolved" not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")


def test_every_kind_of_file_that_the_browser_names_can_be_made() -> None:
    assert TYPES.keys() == {*wire.EXPORTS, "csv", "predictions"}
