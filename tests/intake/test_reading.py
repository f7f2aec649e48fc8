"""Who handed in what, from folders, files and zips."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import Assignment
from autograder.course.manifest import Part
from autograder.errors import UsageError
from autograder.intake import parse_submission, read_submissions
from autograder.text import Bilingual
from tests.intake.conftest import STUB, notebook, write, zipped

CODE = b"def double(x):\n    return 2 * x\n"


def names(paths: list[Path], assignment: Assignment) -> dict[str, list[str]]:
    found = read_submissions(paths, assignment)
    return {submission.student: [file.name for file in submission.files] for submission in found}


CLASS = {
    "student-02.ipynb": notebook("x = 1"),
    "student-01.py": CODE,
    "student-03/tiny.py": CODE,
    "student-03/helper.py": b"A = 1\n",
    "student-03/data.csv": b"1\n",
    "student-03/.git/hook.py": CODE,
    "student-03/__pycache__/tiny.py": CODE,
    "student-03/.ipynb_checkpoints/tiny.ipynb": notebook(),
    "student-04/homework/tiny.ipynb": notebook("x = 1"),
    "__MACOSX/student-01.py": b"",
    "李雷 Łukasz.py": CODE,
    "notes.txt": b"",
    "test_public.py": b"",
}
READ = {
    "student-01": ["student-01.py"],
    "student-02": ["student-02.ipynb"],
    "student-03": ["helper.py", "tiny.py"],
    "student-04": ["tiny.ipynb"],
    "李雷 Łukasz": ["李雷 Łukasz.py"],
}


def test_class_folder_holds_files_and_folders(tmp_path: Path, assignment: Assignment) -> None:
    root = write(tmp_path / "class", CLASS)
    (root / "student-05").mkdir()
    write(root, {"student-06.zip": zipped({"src/tiny.py": CODE}), "student-07/work.zip": zipped({"tiny.py": CODE})})
    more = {"student-05": [], "student-06": ["tiny.py"], "student-07": ["tiny.py"]}
    assert names([root], assignment) == READ | more


def test_folder_per_assignment_gives_the_one_that_is_graded(tmp_path: Path, assignment: Assignment) -> None:
    """As nbgrader collects: another assignment's files are no modules of this one."""
    collected = {"tiny/tiny.ipynb": notebook("x = 1"), "tiny/helper.py": b"A = 1\n", "tiny/timestamp.txt": b"",
                 "other/other.ipynb": notebook("y = 1")}  # fmt: skip
    loose = {"tiny/tiny.py": CODE, "helper.py": b"A = 1\n"}
    students = {"student-01": collected, "student-02": loose}
    files = {f"{student}/{name}": data for student, own in students.items() for name, data in own.items()}
    read = names([write(tmp_path / "submitted", files)], assignment)
    assert read == {"student-01": ["helper.py", "tiny.ipynb"], "student-02": ["helper.py", "tiny.py"]}


NAMES = [
    "O'Brien, Pat_345",
    "Bob (late) [12] & Co #7",
    "张三（迟交）",
    "阿卜杜拉·买买提",
    "Zoë*?",
    "می\u200cخواهم",
    "a\u3000b",
]


def test_students_are_called_what_people_are_called(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path / "class", {f"{name}/tiny.py": CODE for name in NAMES})
    assert set(names([tmp_path / "class"], assignment)) == {name.replace("\u3000", " ") for name in NAMES}


DOWNLOADS = {
    "class": ["class/s-01/tiny.py", "class/s-02/tiny.py"],
    "dl": ["submissions/s-01/tiny.py", "submissions/s-02/tiny.py"],
    "zips": ["submissions/s-01.zip", "submissions/s-02.zip"],
    "submissions (1)": ["submissions/s-01.py", "submissions/s-02.py"],
}


@pytest.mark.parametrize("name", DOWNLOADS)
def test_folder_around_a_class_is_taken_off_a_folder_as_off_a_zip(
    tmp_path: Path, assignment: Assignment, name: str
) -> None:
    files = {file: zipped({"tiny.py": CODE}) if file.endswith(".zip") else CODE for file in DOWNLOADS[name]}
    write(tmp_path / name, files)
    write(tmp_path, {f"{name}.zip": zipped(files)})
    assert set(names([tmp_path / f"{name}.zip"], assignment)) == {"s-01", "s-02"}
    assert set(names([tmp_path / name], assignment)) == {"s-01", "s-02"}


def test_work_under_another_name_counts_before_what_was_released(tmp_path: Path, assignment: Assignment) -> None:
    asked = replace(assignment, parts=(Part("double", Bilingual("Double", "加倍"), 1.0, ("double",)),))
    released = (assignment.folder / "tiny.ipynb").read_bytes()
    opened = json.loads(released)  # and run, which changes numbers and outputs
    for cell in opened["cells"]:
        cell["execution_count"], cell["outputs"] = 3, [{"output_type": "stream", "name": "stdout", "text": ["3"]}]
    solved = notebook("def double(x):\n    return x + x")
    write(tmp_path / "class", {
        "s-01/tiny.ipynb": released, "s-01/tiny (1).ipynb": solved,
        "s-02/tiny.ipynb": json.dumps(opened).encode(), "s-02/tiny-solved.ipynb": solved,
        "s-03/tiny.py": STUB, "s-03/my answer.py": CODE, "s-03/plot.py": b"x = 1\n",
        "s-04/hw1.py": CODE, "s-04/helper.py": b"A = 1\n",
        "s-05/tiny.ipynb": released, "s-05/helper.py": b"A = 1\n",
    })  # fmt: skip
    graded = {}
    for submission in read_submissions([tmp_path / "class"], asked):
        graded[submission.student] = parse_submission(submission, asked).modules[0].filename
    assert graded == {
        "s-01": "tiny (1).ipynb",
        "s-02": "tiny-solved.ipynb",
        "s-03": "my answer.py",
        "s-04": "hw1.py",
        "s-05": "tiny.ipynb",
    }


def test_no_notebook_is_parsed_where_there_is_nothing_to_choose_from(
    tmp_path: Path, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.intake.reading.code_cells", lambda file: pytest.fail("parsed"))
    write(tmp_path / "class", {"s-01/tiny.ipynb": notebook("x = 1"), "s-02.ipynb": notebook("x = 1")})
    assert set(names([tmp_path / "class"], assignment)) == {"s-01", "s-02"}


def test_a_virtual_environment_that_was_handed_in_is_not_read(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path / "class/s-01", {"tiny.py": CODE, "venv/lib/a.py": CODE, "x/site-packages/b.py": CODE})
    assert names([tmp_path / "class"], assignment) == {"s-01": ["tiny.py"]}


@pytest.mark.parametrize("wrapper", ["", "class/", "somewhere else/"])
def test_zip_of_a_class_reads_as_the_class(tmp_path: Path, assignment: Assignment, wrapper: str) -> None:
    data = zipped({wrapper + name: data for name, data in CLASS.items()})
    write(tmp_path, {"class.zip": data})
    assert names([tmp_path / "class.zip"], assignment) == READ


def test_folder_and_zip_of_one_student_are_known_by_the_module(tmp_path: Path, assignment: Assignment) -> None:
    files = {"tiny.py": CODE, "helper.py": b"A = 1\n", "more/extra.py": b""}
    write(tmp_path / "student-07", files)
    write(tmp_path, {"student-08.zip": zipped(files), "student-09.py": CODE})
    paths = [tmp_path / "student-07", tmp_path / "student-08.zip", tmp_path / "student-09.py"]
    three = sorted(["helper.py", "extra.py", "tiny.py"])
    assert {who: sorted(what) for who, what in names(paths, assignment).items()} == {
        "student-07": three, "student-08": three, "student-09": ["student-09.py"],
    }  # fmt: skip


def test_zip_with_one_students_folder_is_that_student(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path, {"download.zip": zipped({"student-07/tiny.py": CODE})})
    assert names([tmp_path / "download.zip"], assignment) == {"student-07": ["tiny.py"]}


def test_untouched_release_beside_the_answer_does_not_count(tmp_path: Path, assignment: Assignment) -> None:
    released = (assignment.folder / "tiny.ipynb").read_bytes()
    write(tmp_path / "class/student-07", {"tiny.py": CODE, "tiny.ipynb": released})
    write(tmp_path / "class/student-08", {"tiny.py": STUB, "tiny.ipynb": notebook("x = 1")})
    write(tmp_path / "class/student-09", {"tiny.py": STUB, "tiny.ipynb": released})
    write(tmp_path / "class/student-10", {"a/tiny.py": CODE, "b/tiny.py": CODE})
    assert names([tmp_path / "class"], assignment) == {
        "student-07": ["tiny.py"],
        "student-08": ["tiny.ipynb"],
        "student-09": ["tiny.ipynb"],
        "student-10": ["tiny.py"],
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"s-07.py": CODE, "s-07.ipynb": notebook()},
            r"two files for one student, s-07: s-07\.ipynb and s-07\.py; rem",
        ),
        ({"s-07.py": CODE, "s-07/x.py": CODE}, r"two files for one student, s-07: s-07 and s-07\.py; remove one"),
        ({"s-07/tiny.py": CODE, "s-07/tiny.ipynb": notebook()}, r"s-07: tiny\.ipynb and tiny\.py; remove one of them"),
        ({"s-07/tiny.zh.ipynb": notebook(), "s-07/tiny.ipynb": notebook("1")}, r"tiny\.ipynb and tiny\.zh\.ipynb; rem"),
        (
            {"s-07/a/tiny.py": CODE, "s-07/b/tiny.py": b"1\n", "s-08.py": CODE},
            r"tiny\.py and tiny\.py; remove one of them",
        ),
        ({"s\x0707.py": CODE}, r"'s\\x0707' cannot be a student's name; rename it"),
        ({"s\u202e07.py": CODE}, r"'s\\u202e07' cannot be a student's name; rename it"),
        ({"s" * 101 + ".py": CODE}, r"cannot be a student's name; .*at most 100"),
        (
            {**{f"s-{i:02d}.py": CODE for i in range(20)}, **{f"s-{i:02d}.ipynb": notebook() for i in range(15)}},
            r"two files for one student, s-00: .*; two files for one student, s-09: .*; and 5 more like these",
        ),
        ({"data.csv": b""}, r"class.*: holds no \.py, \.ipynb or \.zip file; name the folder or zip of submissions"),
    ],
)
def test_class_that_cannot_be_read_is_refused(
    tmp_path: Path, assignment: Assignment, files: dict[str, bytes], said: str
) -> None:
    root = write(tmp_path / "class", files)
    write(tmp_path, {"class.zip": zipped(files)})
    for path in (root, tmp_path / "class.zip"):
        with pytest.raises(UsageError, match=said):
            read_submissions([path], assignment)


def test_same_student_from_two_paths_is_refused(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path, {"a/student-07.py": CODE, "b/student-07.py": CODE})
    with pytest.raises(UsageError, match=r"two submissions for one student, student-07: .*/a and .*/b; leave one out"):
        read_submissions([tmp_path / "a", tmp_path / "b"], assignment)


def test_equal_names_in_two_unicode_forms_are_one_student(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path, {"a/Jose\u0301.py": CODE, "b/Jos\u00e9.py": CODE})
    with pytest.raises(UsageError, match="two submissions for one student"):
        read_submissions([tmp_path / "a", tmp_path / "b"], assignment)


@pytest.mark.parametrize("name", ["gone", "gone.py", "gone.zip"])
def test_missing_path_is_refused(tmp_path: Path, assignment: Assignment, name: str) -> None:
    with pytest.raises(UsageError, match=r"gone.*(no such file or folder|No such file or directory)"):
        read_submissions([tmp_path / name], assignment)


def test_file_of_another_kind_is_refused(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path, {"answer.docx": b""})
    with pytest.raises(UsageError, match=r"answer\.docx: is no \.py, \.ipynb or \.zip file; name a submission"):
        read_submissions([tmp_path / "answer.docx"], assignment)


def test_folder_that_cannot_be_read_is_refused(
    tmp_path: Path, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("autograder.intake.reading.read_folder", denied)  # root can read everything
    with pytest.raises(UsageError, match=r"cannot be read \(Permission denied\); correct the path or its permissions"):
        read_submissions([tmp_path], assignment)


FAULTY = [
    ("a.py", "x = 'é'".encode("latin-1"), "cannot be read as text (UTF-8): save it as UTF-8"),
    ("a.py", b"# coding: nonsense\n", "asks for an encoding that cannot be used (unknown encoding: nonsense)"),
    ("a.py", b"# coding: idna\n", "asks for an encoding that cannot be used (idna)"),
    ("a.py", b"# coding: rot13\n", "asks for an encoding that cannot be used (rot13)"),
    ("a.py", b"# coding: ascii\n\xff", "cannot be read as text (ASCII)"),
    ("a.py", b"x = 1\0\n", "holds NUL bytes"),
    ("a.py", b"#" * (256 * 1024 + 1), "holds more than 256 KiB of code and was not read"),
    ("a.py", b"#" * (16 * 1024 * 1024 + 1), "is larger than 16 MiB and was not read"),
    ("a.ipynb", b"{", "is no readable notebook (line 1: "),
    ("a.ipynb", b"1" * 5000, "is no readable notebook (a number is too long)"),
    ("a.ipynb", b"[1]", "has no list of cells"),
    ("a.ipynb", notebook(cells={}), "has no list of cells"),
    ("a.ipynb", notebook(nbformat=3), "is a notebook of format 3, not 4: open it in Jupyter"),
    ("a.ipynb", b"\xff", "cannot be read as text (UTF-8)"),
    ("a.ipynb", b"[" * 100_000, "is nested too deeply to be read"),
]


@pytest.mark.parametrize(("name", "data", "said"), FAULTY)
def test_unreadable_file_is_refused_when_named_and_a_problem_in_a_class(
    tmp_path: Path, assignment: Assignment, name: str, data: bytes, said: str
) -> None:
    write(tmp_path / "class", {name: data, "student-07.py": CODE})
    with pytest.raises(UsageError) as caught:
        read_submissions([tmp_path / "class" / name], assignment)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    faulty, sound = read_submissions([tmp_path / "class"], assignment)
    assert len(parse_submission(faulty, assignment).problems) == 1
    assert parse_submission(faulty, assignment).modules == ()
    assert len(parse_submission(sound, assignment).modules) == 1


def test_syntax_error_is_no_usage_error(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path, {"student-07.py": b"def f(:\n"})
    [submission] = read_submissions([tmp_path / "student-07.py"], assignment)
    assert parse_submission(submission, assignment).modules[0].cells == ()
