"""The commands besides serving: train without a browser, export, open the notebooks."""

import errno
import os
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from ann_dashboard import Training, cli, lessons, train
from ann_dashboard.__main__ import arguments, main


def test_train_says_what_came_of_the_lectures_example(capsys):
    assert main(["train"]) == 0
    told = capsys.readouterr().out
    assert "1000 epochs in" in told
    assert "the loss went from 0.505002 to" in told
    assert "converged at epoch 43" in told


def test_train_writes_the_history_in_full_precision(tmp_path, capsys):
    path = tmp_path / "history.csv"
    assert (
        main(
            [
                "train",
                "--lesson",
                "lecture",
                "--eta",
                "0.2",
                "--epochs",
                "50",
                "--seed",
                "13",
                "--csv",
                str(path),
            ]
        )
        == 0
    )
    expected = train(
        lessons.LECTURE.network, lessons.LECTURE.data, Training(eta=0.2, epochs=50, seed=13)
    ).table
    pd.testing.assert_frame_equal(pd.read_csv(path, index_col="epoch"), expected, check_exact=True)
    assert f"51 passes are in {path}" in capsys.readouterr().out


def test_train_writes_parquet(tmp_path):
    pytest.importorskip("pyarrow")
    path = tmp_path / "history.parquet"
    assert main(["train", "--epochs", "5", "--parquet", str(path)]) == 0
    pd.testing.assert_frame_equal(pd.read_parquet(path), train(*lecture(epochs=5)).table, check_exact=True)


def test_an_export_of_an_epoch_that_is_not_there_writes_nothing(tmp_path, capsys):
    files = tmp_path / "page.html", tmp_path / "picture.png"
    assert (
        main(["export", "--html", str(files[0]), "--png", str(files[1]), "--epoch", "2000", "--epochs", "20"])
        == 2
    )
    assert "epoch 2000 is not recorded: choose 0 to 20" in capsys.readouterr().err
    assert not any(path.exists() for path in files)


def test_the_progress_of_a_training_that_is_stopped_by_a_rule_ends_its_line(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with cli.ProgressBar() as progress:
        progress(3, 10)
    assert capsys.readouterr().err.endswith("s left \n")


@pytest.mark.parametrize("command", ["train", "export"])
def test_without_pyarrow_nothing_is_trained_for_parquet(command, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main([command, "--epochs", "5", "--parquet", str(tmp_path / "history.parquet")]) == 2
    output = capsys.readouterr()
    assert "Parquet needs pyarrow, which is not installed: python -m pip install pyarrow" in output.err
    assert output.out == ""


def lecture(**settings):
    return lessons.LECTURE.network, lessons.LECTURE.data, Training(**settings)


def test_train_takes_all_settings_from_a_link(capsys):
    assert (
        main(
            [
                "train",
                "--link",
                "http://127.0.0.1:8866/?lesson=lecture&network=3-4-1&epochs=7&optimiser=adam:0.9:0.999:1e-08",
            ]
        )
        == 0
    )
    assert "7 epochs in" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--lesson", "gauss"], "there is no lesson 'gauss': choose one of lecture, ebook"),
        (["--eta", "-1"], "eta is -1.0: give a finite number above 0"),
        (["--epochs", "0"], "epochs is 0: give a whole number of 1 or more"),
        (["--link", "colour=red"], "the link asks for 'colour', which no link has"),
        (["--epochs", "100000000"], "give record_every="),
        (["--csv", "/nowhere/at/all.csv"], "there is no folder /nowhere/at: make it first"),
        (["--csv", "."], "is a folder: give the name of a file"),
        (
            ["--csv", "history", "--parquet", "./history"],
            "--csv and --parquet both name history: give each a file of its own",
        ),
    ],
)
def test_a_wrong_option_is_named_with_its_cure(options, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["train", *options]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.startswith("ann-dashboard train: ")
    assert told.out == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize(
    ("command", "kind"), [("train", "csv"), ("train", "parquet"), ("export", "csv"), ("export", "html")]
)
def test_a_full_disk_is_named_with_the_cure(command, kind, capsys):
    assert main([command, "--epochs", "5", f"--{kind}", "/dev/full"]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"ann-dashboard {command}: /dev/full cannot be written: ")
    assert "No space left on device. Make room, or give another place" in told


def test_export_writes_what_is_asked_for(tmp_path, capsys):
    begins = {
        "html": b"<!doctype html>",
        "png": b"\x89PNG",
        "svg": b"<?xml",
        "pdf": b"%PDF",
        "gif": b"GIF89a",
        "csv": b"epoch,",
    }
    targets = {kind: tmp_path / f"file.{kind}" for kind in begins}
    options = [word for kind, path in targets.items() for word in (f"--{kind}", str(path))]
    assert main(["export", "--eta", "0.2", "--epochs", "5", "--epoch", "3", *options]) == 0
    told = capsys.readouterr().out
    assert told.startswith("5 epochs in ")
    for kind, path in targets.items():
        assert path.read_bytes().startswith(begins[kind])
        assert f"{path} has " in told
    assert ">Epoch 3 of 5, η = 0.2, seed 3</text>" in targets["svg"].read_text(encoding="utf-8")
    assert targets["csv"].read_text() == train(*lecture(eta=0.2, epochs=5)).to_csv()


def test_export_shows_what_a_link_shows(tmp_path):
    path = tmp_path / "picture.svg"
    link = "lesson=lecture&epochs=5&epoch=1&show=backward&derivatives=P&decimals=3"
    assert main(["export", "--link", link, "--svg", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert ">0.847</text>" in text  # ∂P/∂ŷ at epoch 1
    assert "network/lambda_1_4" not in text
    assert "Epoch 1 of 5" in text


def test_export_puts_all_pairs_of_etas_and_seeds_into_one_page(tmp_path, capsys):
    path = tmp_path / "page.html"
    assert (
        main(["export", "--epochs", "5", "--etas", "0.05", "0.1", "--seeds", "1", "2", "--html", str(path)])
        == 0
    )
    labels = ["η = 0.05, seed 1", "η = 0.05, seed 2", "η = 0.1, seed 1", "η = 0.1, seed 2"]
    text = path.read_text(encoding="utf-8")
    assert [label for label in labels if f'"label":"{label}"' in text] == labels
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in told[:4]] == labels


def test_trainings_whose_etas_differ_in_the_last_digits_are_both_in_the_page(tmp_path):
    path = tmp_path / "page.html"
    assert main(["export", "--epochs", "5", "--etas", "0.1234567", "0.1234568", "--html", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert '"label":"η = 0.1234567, seed 3"' in text
    assert '"label":"η = 0.1234568, seed 3"' in text


def test_an_exported_page_opens_at_the_state_of_the_link(tmp_path):
    path = tmp_path / "page.html"
    assert (
        main(
            [
                "export",
                "--link",
                "lesson=lecture&epochs=5&epoch=3&show=weights&steps=yes",
                "--html",
                str(path),
            ]
        )
        == 0
    )
    assert '{"opens":{"epoch":3,"show":["weights"],"steps":true},' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "nothing to export: give one or more of --html FILE, --png FILE"),
        (
            ["--etas", "0.1", "0.2", "--png", "x.png"],
            "--etas and --seeds make several trainings, which only a page can hold: leave out --png",
        ),
        (["--epochs", "5", "--epoch", "6", "--png", "x.png"], "epoch 6 is not recorded: choose 0 to 5"),
        (["--epoch", "-1", "--png", "x.png"], "epoch is -1: give a whole number of 0 or more"),
        (["--etas", "0", "--html", "x.html"], "eta is 0.0: give a finite number above 0"),
        (["--html", "/nowhere/at/all.html"], "there is no folder /nowhere/at: make it first"),
        (["--epochs", "5", "--epoch", "6", "--html", "x.html"], "epoch 6 is not recorded: choose 0 to 5"),
        (
            ["--png", "a.png", "--svg", "./a.png"],
            "--png and --svg both name a.png: give each a file of its own",
        ),
        (
            ["--etas", "0.1", "--eta", "0.3", "--html", "x.html"],
            "--eta 0.3 and --etas 0.1 exclude each other: leave out one of them",
        ),
        (
            ["--seeds", "1", "2", "--seed", "0", "--html", "x.html"],
            "--seed 0 and --seeds 1 2 exclude each other: leave out one of them",
        ),
    ],
)
def test_a_wrong_export_is_named_with_its_cure(options, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", *options]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("ann-dashboard export: ")
    assert said in told.err
    assert list(tmp_path.iterdir()) == []


def test_export_without_ffmpeg_says_so_before_any_work(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert main(["export", "--mp4", str(tmp_path / "film.mp4")]) == 2
    told = capsys.readouterr()
    assert "an MP4 needs ffmpeg, which is not installed: install it" in told.err
    assert told.out == ""


@pytest.mark.parametrize("command", [[], ["train"], ["lab"], ["export"]])
def test_help_is_one_screen_long(command):
    told = subprocess.run(
        [sys.executable, "-m", "ann_dashboard", *command, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert 5 < told.stdout.count("\n") < 50


def test_lab_without_jupyterlab_says_how_to_get_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "path", [])  # JupyterLab is on no path any more
    assert main(["lab", "--folder", str(tmp_path / "notebooks")]) == 2
    assert (
        "python -m pip install jupyterlab, or install this package with its extra: '.[lab]'"
        in capsys.readouterr().err
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "given", [["--port", "8123", "--no-browser", "lab"], ["lab", "--port", "8123", "--no-browser"]]
)
def test_lab_takes_its_options_before_and_behind_its_name(given):
    options = arguments().parse_args(given)
    assert (options.port, options.no_browser) == (8123, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--port", "8123", "train"], "--port is of no use to train: leave it out"),
        (["--no-browser", "export"], "--no-browser is of no use to export: leave it out"),
        (["--ip", "0.0.0.0", "lab"], "--ip is of no use to lab: leave it out"),
        (["--most-visitors", "3", "export"], "--most-visitors is of no use to export: leave it out"),
        (["--base-url", "/network/", "train"], "--base-url is of no use to train: leave it out"),
    ],
)
def test_an_option_that_a_command_does_not_hear_is_refused_with_the_cure(options, said, monkeypatch, capsys):
    monkeypatch.setattr(sys, "path", [])  # JupyterLab is on no path any more
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_readme_names_the_extras_that_there_are():
    root = Path(__file__).parents[1]
    extras = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert set(re.findall(r"'\.\[(\w+)\]'", (root / "README.md").read_text(encoding="utf-8"))) == set(extras)


def test_lab_that_cannot_write_its_folder_says_so(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["lab", "--folder", str(tmp_path / "file" / "folder")]) == 2
    assert "Give another --folder." in capsys.readouterr().err


def test_the_notebooks_are_found():
    assert (cli.notebooks() / "dashboard.ipynb").is_file()
    assert isinstance(cli.notebooks(), Path)


def test_export_has_the_usual_pictures_of_a_lesson(tmp_path):
    path = tmp_path / "page.html"
    assert main(["export", "--lesson", "logistic", "--epochs", "5", "--html", str(path)]) == 0
    assert all(f'"{name}"' in path.read_text(encoding="utf-8") for name in ("fit", "confusion"))


WRITES = [("train", "csv"), ("train", "parquet"), *(("export", kind) for kind in cli.KINDS)]


@pytest.mark.parametrize(("command", "kind"), WRITES)
def test_a_file_that_is_there_is_not_overwritten_and_nothing_is_trained(command, kind, tmp_path, capsys):
    path = tmp_path / "mine"
    path.write_bytes(b"mine")
    assert main([command, "--epochs", "2", f"--{kind}", str(path)]) == 2
    told = capsys.readouterr()
    assert told.err == (
        f"ann-dashboard {command}: {path} is there already, and stays as it is: "
        "give another name, or --force to overwrite it\n"
    )
    assert told.out == ""
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("command", "kind"), [("train", "csv"), ("export", "csv"), ("export", "svg")])
def test_a_file_is_overwritten_when_that_is_asked_for(command, kind, tmp_path):
    path, link = tmp_path / "mine", tmp_path / "link"
    path.write_bytes(b"mine")
    path.chmod(0o640)
    link.symlink_to(path)
    assert main([command, "--epochs", "2", "--force", f"--{kind}", str(link)]) == 0
    assert len(path.read_bytes()) > 100
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, path]


def test_of_several_files_one_that_is_there_keeps_all_from_being_written(tmp_path, capsys):
    there = tmp_path / "there.png"
    there.write_bytes(b"mine")
    assert main(["export", "--epochs", "2", "--svg", str(tmp_path / "new.svg"), "--png", str(there)]) == 2
    assert f"{there} is there already" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [there]


def test_a_file_that_came_during_the_work_stays(tmp_path):
    path = tmp_path / "history.csv"

    def write() -> None:
        with cli.writing(path, force=False) as written:
            written.write_bytes(b"new")
            path.write_bytes(b"came meanwhile")

    with pytest.raises(FileExistsError, match="is there already, and stays as it is"):
        write()
    assert path.read_bytes() == b"came meanwhile"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("force", [True, False])
def test_a_disk_that_becomes_full_leaves_no_half_of_a_file(force, tmp_path):
    path = tmp_path / "history.csv"
    if force:
        path.write_bytes(b"whole")

    def write() -> None:
        with cli.writing(path, force=force) as written:
            written.write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match=r"history\.csv cannot be written: No space left on device\. Make room"):
        write()
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([b"whole"] if force else [])


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no such name for its output")
def test_the_output_is_written_to_as_it_is_also_where_it_leads_to_a_file(tmp_path):
    path = tmp_path / "out.csv"
    with path.open("w") as output:
        command = [sys.executable, "-m", "ann_dashboard", "train", "--epochs", "2", "--csv", "/dev/stdout"]
        subprocess.run(command, stdout=output, timeout=60, check=True)
    assert "passes are in /dev/stdout" in path.read_text()
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_is_written_to_as_it_is(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with ThreadPoolExecutor() as reading:
        read = reading.submit(path.read_text)
        assert main(["train", "--epochs", "2", "--csv", str(path)]) == 0
        assert read.result(60).startswith("epoch,")
    assert path.is_fifo()


@pytest.mark.parametrize("command", ["train", "export"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is a folder: give the name of a file"),
        ("loop.csv", "names no file"),
        ("dangling.csv", "there is no folder"),
        ("a\0b.csv", "names no file"),
    ],
)
def test_a_name_of_no_file_is_refused_before_anything_is_trained(
    tmp_path, monkeypatch, capsys, command, name, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "dangling.csv").symlink_to("nowhere/x.csv")
    assert main([command, "--epochs", "2", "--csv", name]) == cli.WRONG_INPUT
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out
