"""`autograder check FILE` where no worker can be had, and in a folder with no course around it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main

RIGHT = "import numpy as np\n\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"
WRONG = """
def bce_with_logits(z, y):
    print("here")
    return float(np.sum(np.logaddexp(0, z) - y * z))
"""


@pytest.fixture
def alone(handout: Path, tmp_path: Path) -> Path:
    """Return the folder of an assignment as one fetches it from nbgrader."""
    return Path(shutil.copytree(handout / "irls", tmp_path / "irls"))


def check(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch, platform: str) -> Result:
    (folder / "irls.py").write_text(source)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "platform", platform)
    return CliRunner().invoke(main, ["check", "irls.py", "--part", "loss", "--lang", "en"])


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_file_is_checked_wherever_it_lies(alone: Path, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    told = check(alone, RIGHT + WRONG, monkeypatch, platform)
    assert told.exit_code == 1
    assert "loss_without_mean" in told.stdout and "2 / 4" in told.stdout


def test_file_run_here_is_loaded_as_behind_the_wall(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = "from autograder import check\ncheck('irls')\nimport seaborn\nseaborn.lineplot([1])\nraise KeyError('oh')\n"
    told = check(alone, RIGHT + extra, monkeypatch, "darwin")
    assert "raised KeyError" in told.stdout and "irls.py, line 9" in told.stdout
    assert "not defined" in told.stdout and told.stdout.count("Logistic regression by") == 1


def test_file_that_never_ends_loading_is_stopped(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = alone / "assignment.toml"
    manifest.write_text(manifest.read_text().replace("import_seconds = 10.0", "import_seconds = 0.5"))
    told = check(alone, "while True:\n    pass\n", monkeypatch, "win32")
    assert "took too long to load" in told.stdout


def test_public_check_that_wants_the_reference_waits_for_grading(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = alone / "test_public.py"
    text = public.read_text("utf-8")
    for fixture in ("reference", "twin"):
        signature = "def test_sigmoid_small_example(self, student"
        public.write_text(text.replace(signature, f"{signature}, {fixture}"), "utf-8")
        for platform in ("linux", "darwin"):
            assert "is run when it is graded" in check(alone, RIGHT, monkeypatch, platform).stdout
