"""A training that diverges is a lesson.

All that the command line makes of it is made without a warning, which is an error here.
"""

import shutil
from pathlib import Path

import pytest

from ann_dashboard import lessons
from ann_dashboard.__main__ import main
from ann_dashboard.cli import KINDS

FEW = ["--epochs", "600", "--record-every", "200", "--epoch", "600"]
"""Four frames, so that a movie of them takes a second.

The last is beyond the largest float where a lesson diverges at all.
"""
LINKS = [
    "lesson=lecture&eta=3&start=b_4:1e300",
    "lesson=mazur&eta=3&optimiser=adam:0.9:0.999:1e-08&start=b_6:1e308",
    "lesson=xor&eta=3&l2=1e5&decay=0.001",
    "lesson=perceptron&eta=3&l1=1e308",
    "lesson=xor&loss=mean_squared_error&output=identity&eta=3&dropout=0.5",
    "lesson=wells&eta=3&optimiser=momentum:0.9",
    "lesson=xor&batch_size=1&record_every=1&frames=updates&eta=3&output=identity&loss=half_squared_error",
]


def written(kinds: list[str], folder: Path) -> list[str]:
    return [word for kind in kinds for word in (f"--{kind}", str(folder / f"file.{kind}"))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lesson", ["lecture", "wells"])
def test_every_kind_of_export_of_a_training_that_diverges(
    kind: str, lesson: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "mp4" and shutil.which("ffmpeg") is None:
        pytest.skip("there is no ffmpeg")
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    assert main(["export", "--lesson", lesson, "--eta", "3", *FEW, *written([kind], tmp_path)]) == 0
    assert "diverged at epoch" in capsys.readouterr().out


@pytest.mark.parametrize("lesson", lessons.ALL)
def test_every_lesson_at_the_largest_learning_rate(lesson: str, tmp_path: Path) -> None:
    assert (
        main(
            [
                "export",
                "--lesson",
                lesson,
                "--eta",
                "3",
                "--epochs",
                "600",
                *written(["html", "png"], tmp_path),
            ]
        )
        == 0
    )


@pytest.mark.parametrize("link", LINKS)
def test_settings_under_which_numbers_leave_the_floats(link: str, tmp_path: Path) -> None:
    assert (
        main(["export", "--link", f"{link}&epochs=60&epoch=2", *written(["html", "svg", "csv"], tmp_path)])
        == 0
    )
    assert main(["train", "--link", f"{link}&epochs=60", "--csv", str(tmp_path / "history.csv")]) == 0


def test_several_trainings_of_which_some_diverge_are_one_page(tmp_path: Path) -> None:
    options = ["--etas", "0.1", "3", "--seeds", "1", "3", "--epochs", "600"]
    assert main(["export", *options, *written(["html"], tmp_path)]) == 0
