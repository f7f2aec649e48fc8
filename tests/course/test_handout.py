"""What students get: all that they need, and nothing that they must not have."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.course import find_course, load_assignment, release, release_to
from autograder.errors import UsageError
from tests.conftest import TinyCourse

COURSE = Path(__file__).resolve().parents[2]
SECRETS = {
    "solutions/tiny/test_hidden.py": "secret-hidden-test",
    "solutions/tiny/misconceptions.py": "secret-misconception",
    "solutions/tiny/alternatives.py": "secret-alternative",
    "solutions/tiny/design.md": "secret-design",
    "assignments/tiny/notes.txt": "secret-that-happened-to-lie-there",
}


@pytest.fixture
def ready(tiny: TinyCourse) -> TinyCourse:
    """A course whose every private file holds a word that must not get out."""
    for name, secret in SECRETS.items():
        with (tiny.root / name).open("a") as stream:
            stream.write(f"# {secret}\n")
    tiny.replace("solutions/tiny/tiny.py", "return 2 * x", 'secret_body = "secret-solution"\n    return 2 * x')
    tiny.replace("assignments/tiny/assignment.toml", "datasets = []", 'datasets = ["points.csv"]')
    for name in ("points.csv", "others.csv"):
        (tiny.root / "datasets" / name).write_text("1,2\n")
    release(find_course(tiny.root), tiny.assignment())
    return tiny


def hand_out(course: TinyCourse, target: Path) -> list[str]:
    written = release_to(find_course(course.root), [course.assignment()], target, lambda assignment: b"recorded")
    assert sorted(written) == sorted(path for path in target.rglob("*") if path.is_file())
    return sorted(path.relative_to(target).as_posix() for path in written)


def test_handout_holds_what_students_need(ready: TinyCourse, tmp_path: Path) -> None:
    names = ["README.md", "assignment.toml", "datasets/points.csv", "known_mistakes.bin", "test_public.py"]
    names += ["tiny.ipynb", "tiny.py", "tiny.zh.ipynb"]
    assert hand_out(ready, tmp_path / "new/out") == sorted(["course.toml", *(f"tiny/{name}" for name in names)])
    readme = (tmp_path / "new/out/tiny/README.md").read_text()
    assert "# Tiny" in readme and "# 小作业" in readme and "{" not in readme
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


def test_handout_holds_no_secret(ready: TinyCourse, tmp_path: Path) -> None:
    hand_out(ready, tmp_path / "out")
    for path in (tmp_path / "out").rglob("*"):
        assert "secret" not in path.name
        if path.is_file():
            assert b"secret" not in path.read_bytes(), path


def test_handout_is_a_course_of_its_own(ready: TinyCourse, tmp_path: Path) -> None:
    hand_out(ready, tmp_path / "out")
    course = find_course(tmp_path / "out/tiny")
    assert course.assignments() == ("tiny",)
    assignment = load_assignment(course, "tiny")
    assert assignment.folder == course.root / "tiny" and assignment.dataset_folder == course.root / "tiny/datasets"


def test_handout_is_the_same_bytes_twice(ready: TinyCourse, tmp_path: Path) -> None:
    for target in ("a", "b"):
        hand_out(ready, tmp_path / target)
    for path in (tmp_path / "a").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_handout_goes_into_an_empty_folder_but_no_other(ready: TinyCourse, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    hand_out(ready, target)
    with pytest.raises(UsageError, match="out: is there already and not empty; name a new folder with --to DIR"):
        hand_out(ready, target)


def test_handout_of_a_drifted_release_is_refused(ready: TinyCourse, tmp_path: Path) -> None:
    (ready.root / "assignments/tiny/tiny.py").write_text("pass\n")
    with pytest.raises(UsageError, match=r"tiny\.py not as the source has it; run autograder release tiny"):
        hand_out(ready, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_handout_without_public_tests_is_refused(ready: TinyCourse, tmp_path: Path) -> None:
    (ready.root / "assignments/tiny/test_public.py").unlink()
    with pytest.raises(UsageError, match=r"test_public\.py: is missing; students get it, write it first"):
        hand_out(ready, tmp_path / "out")


def test_solution_in_public_tests_is_refused(ready: TinyCourse, tmp_path: Path) -> None:
    with (ready.root / "assignments/tiny/test_public.py").open("a") as stream:
        stream.write('def f(x):\n  secret_body = "secret-solution"\n  return 2 * x\n')
    with pytest.raises(UsageError, match=r"test_public\.py: holds the solution's line 'secret_body"):
        hand_out(ready, tmp_path / "out")


@pytest.mark.filterwarnings("default")
def test_handout_that_cannot_be_written_leaves_nothing(
    ready: TinyCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("autograder.course.handout.os.replace", full)
    with pytest.raises(UsageError, match=r"out: cannot be written \(No space left on device\); name another folder"):
        hand_out(ready, tmp_path / "new/out")
    assert list((tmp_path / "new").iterdir()) == []


def test_wheel_holds_the_package_and_no_course(tmp_path: Path) -> None:
    pytest.importorskip("build", reason="build is not installed")
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(COURSE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("*.whl")
    private = {path.read_bytes() for path in COURSE.glob("solutions/**/*") if path.is_file()}
    assert private
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert not [name for name in names if archive.read(name) in private and archive.read(name).strip()]
    assert "autograder/course/generate.py" in names
    for name in names:
        assert name.startswith("autograder/") or ".dist-info/" in name
        assert Path(name).name not in ("test_hidden.py", "misconceptions.py", "alternatives.py", "design.md")
