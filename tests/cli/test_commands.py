"""What each command does and prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.cli.check import _guess
from autograder.records import Status
from tests.cli.conftest import Options, World, run
from tests.report.samples import check, eventful, result


def test_grade_prints_table_to_stdout_and_the_rest_to_stderr(world: World) -> None:
    ran = run("grade", "least_squares", "x")
    assert ran.exit_code == 0
    assert "student-07  passed      40" in ran.stdout and str(world.file) not in ran.stdout
    assert f"Results are in {world.file}" in ran.stderr
    assert "1 graded, 0 unchanged" in ran.stderr
    assert "autograder show least_squares student-07" in ran.stderr


def test_grade_says_what_it_does_not_read(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    (folder / "student-01").mkdir(parents=True)
    for name in ("student-02.7z", "student-03.tar.gz", "student-04.py", ".DS_Store", "student-05\x1b.rar"):
        (folder / name).touch()
    (folder / "student-06").symlink_to(folder / "student-01")
    said = " ".join(run("grade", "least_squares", str(folder)).stderr.split())
    assert (
        "as they are no .py, .ipynb or .zip: student-02.7z, student-03.tar.gz, 'student-05\\x1b.rar', student-06"
        in said
    )


def test_grade_counts_what_was_reused(world: World) -> None:
    world.reused = True
    assert "0 graded, 1 unchanged" in run("grade", "least_squares", "x").stderr


def test_grade_passes_its_options_on(world: World) -> None:
    run("grade", "least_squares", "x", "--tier", "confined", "--jobs", "3", "--again", "--allow-unsafe", "--seed", "5")
    assert world.options == Options("confined", 3, True, True, 5, False)
    run("grade", "least_squares", "x")
    assert world.options == Options()


def test_grade_of_one_student_leaves_the_others(world: World) -> None:
    world.results = [replace(world.results[0], student=name) for name in ("student-07", "student-08", "student-09")]
    shown = run("grade", "least_squares", "x", "--student", "student-08", "--student", "student-09").stdout
    assert "student-07" not in shown and "student-08" in shown and "student-09" in shown


def test_grade_of_an_unknown_student_names_the_nearest(world: World) -> None:
    ran = run("grade", "least_squares", "x", "--student", "studnet-07")
    assert ran.exit_code == 2 and "no submission of student 'studnet-07'; did you mean 'student-07'?" in ran.stderr
    assert not world.file.exists()


def test_grade_without_a_path_is_refused() -> None:
    assert run("grade", "least_squares").exit_code == 2


def test_grade_shows_no_bar_where_stderr_is_a_file(world: World) -> None:
    assert "grading" not in run("grade", "least_squares", "x").stderr


def test_grade_tells_a_log_now_and_then_how_far_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.cli.screen.NOTE_EVERY", 0.0)
    world.results = [replace(world.results[0], student=str(number)) for number in range(3)]
    lines = run("grade", "least_squares", "x").stderr.splitlines()
    assert lines[0].startswith("1 of 3 graded, about ") and lines[0].endswith(" s left")
    assert lines[2] == "3 of 3 graded, about 0 s left"


def test_check_keeps_nothing_and_runs_public_checks_only(world: World) -> None:
    ran = run("check", "least_squares.py")
    assert ran.exit_code == 0 and "40 of 40 points" in ran.stdout and "Public checks only" in ran.stderr
    assert world.options == Options(jobs=1, allow_unsafe=True, visible_only=True)
    assert world.store is None and not world.file.exists()


def test_check_of_one_part_leaves_the_others_out(world: World) -> None:
    world.results = [result(check(), check(Status.FAILED, part="qr"))]
    passed = run("check", "least_squares.py", "--part", "ridge")
    assert passed.exit_code == 0 and "20 of 20 points" in passed.stdout and "qr ·" not in passed.stdout
    assert run("check", "least_squares.py", "--part", "qr").exit_code == 1


def test_check_of_an_unknown_part_names_the_nearest(world: World) -> None:
    ran = run("check", "least_squares.py", "--part", "rigde")
    assert ran.exit_code == 2 and "no part of least_squares 'rigde'; did you mean 'ridge'?" in ran.stderr


def _assignments(world: World, *names: str) -> None:
    for name in names:
        (world.root / "assignments" / name).mkdir()
        (world.root / "assignments" / name / "assignment.toml").touch()


@pytest.mark.parametrize(
    ("file", "guess"),
    [("ridge.py", "ridge"), ("kernel_ridge.py", "kernel_ridge"), ("student-07_kernel-ridge.ipynb", "kernel_ridge"),
     ("Ridge_final.py", "ridge")],
)  # fmt: skip
def test_check_guesses_the_assignment(world: World, file: str, guess: str) -> None:
    _assignments(world, "ridge", "kernel_ridge")
    assert _guess(Path(file), world.course) == guess


def test_check_that_cannot_guess_asks(world: World) -> None:
    _assignments(world, "ridge")
    ran = run("check", "homework.py")
    assert ran.exit_code == 2
    assert (
        "homework.py does not tell which assignment it is; say --assignment ID, of: least_squares, ridge" in ran.stderr
    )
    assert run("check", "homework.py", "--assignment", "ridge").exit_code == 0


def test_check_of_a_class_is_refused(world: World) -> None:
    world.results = [replace(world.results[0], student=name) for name in "ab"]
    ran = run("check", "least_squares.py")
    assert ran.exit_code == 2 and "holds the work of 2 students; to grade them: autograder grade" in ran.stderr


def test_show_gives_the_newest_result_of_each_student(world: World) -> None:
    world.keep(eventful(), result(check(), student="student-08"), result(check(points=7.0)))
    shown = run("show", "least_squares").stdout
    assert ["student-07", "passed", "7"] in [line.split()[:3] for line in shown.splitlines()]
    assert "student-08" in shown


def test_show_of_a_student_is_the_feedback(world: World) -> None:
    world.keep(eventful())
    ran = run("show", "least_squares", "student-07")
    assert ran.exit_code == 0 and "Known mistake (penalised_intercept)" in ran.stdout and "theta[0]" not in ran.stdout
    assert "theta[0] = 1.5" in run("show", "least_squares", "student-07", "--instructor").stdout


def test_show_of_an_unknown_student_names_the_nearest(world: World) -> None:
    world.keep(eventful())
    ran = run("show", "least_squares", "student-7")
    assert ran.exit_code == 2 and "no result of student 'student-7'; did you mean 'student-07'?" in ran.stderr
    assert "there are: student-07" in run("show", "least_squares", "xyzzy").stderr


def test_show_before_anything_is_graded_says_so_and_makes_nothing(world: World) -> None:
    ran = run("show", "least_squares")
    assert ran.exit_code == 2 and "nothing is graded yet for least_squares; run: autograder grade" in ran.stderr
    assert not world.file.parent.exists()


@pytest.mark.parametrize(("before", "after"), [(["--lang", "zh"], []), ([], ["--lang", "zh"]),
                                               (["--lang", "en"], ["--lang", "zh"])])  # fmt: skip
def test_lang_is_taken_before_and_after_the_command(world: World, before: list[str], after: list[str]) -> None:
    world.keep(eventful())
    assert "学生" in run(*before, "show", "least_squares", *after).stdout


@pytest.mark.parametrize(("name", "value", "chinese"), [("LANG", "zh_CN.UTF-8", True), ("LANG", "en_GB.UTF-8", False),
                                                        ("LC_ALL", "zh_TW", True)])  # fmt: skip
def test_lang_follows_the_environment(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, value: str, chinese: bool
) -> None:
    world.keep(eventful())
    monkeypatch.setenv(name, value)
    assert ("学生" in run("show", "least_squares").stdout) is chinese
    assert "学生" not in run("show", "least_squares", "--lang", "en").stdout


def test_course_is_taken_before_and_after_the_command(world: World) -> None:
    (world.root / "other").mkdir()
    for arguments in (["--course", f"{world.root}/other", "list"], ["list", "--course", f"{world.root}/other"]):
        ran = run(*arguments)
        assert ran.exit_code == 2 and "no course.toml there" in ran.stderr
    assert run("list", "--course", str(world.root)).exit_code == 0


def test_list_shows_points_parts_and_how_many_are_graded(world: World) -> None:
    world.keep(eventful(), eventful(), replace(eventful(), student="student-08"))
    lines = run("list").stdout.splitlines()
    assert lines[1].split()[0] == "least_squares" and lines[1].split()[-3:] == ["100", "2", "2"]
    assert "线性回归与最小二乘" in run("list", "--lang", "zh").stdout


def test_list_before_anything_is_graded_makes_nothing(world: World) -> None:
    assert run("list").stdout.splitlines()[1].split()[-1] == "0"
    assert not world.file.parent.exists()


def test_release_writes_one_or_all(world: World) -> None:
    _assignments(world, "ridge")
    ran = run("release", "ridge")
    assert (ran.exit_code, ran.stdout, world.released) == (0, "", ["ridge"])
    assert ran.stderr == "ridge: nothing to write, all is as the source says\n"
    world.drift = [Path("assignments/ridge/ridge.py")]
    assert run("release", "ridge").stdout == "assignments/ridge/ridge.py\n"
    assert run("release").exit_code == 0 and world.released[2:] == ["least_squares", "ridge"]


def test_release_check_lists_what_drifted(world: World) -> None:
    assert run("release", "--check").exit_code == 0
    world.drift = [Path("assignments/least_squares/least_squares.py")]
    ran = run("release", "--check")
    assert (ran.exit_code, ran.stdout) == (1, "assignments/least_squares/least_squares.py\n")
    assert "run: autograder release" in ran.stderr and world.released == []


def test_release_to_a_folder(world: World, tmp_path: Path) -> None:
    assert run("release", "--to", str(tmp_path / "out")).exit_code == 0
    assert world.released == [(["least_squares"], tmp_path / "out")]


def test_release_check_and_to_exclude_each_other(world: World) -> None:
    ran = run("release", "--check", "--to", "out")
    assert ran.exit_code == 2 and "--check writes nothing, --to DIR does: give one of them" in ran.stderr
