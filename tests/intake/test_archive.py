"""Zips that must not be unpacked, and links that must not be followed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from autograder.course import Assignment
from autograder.errors import UsageError
from autograder.intake import File, Submission, parse_submission, read_submissions
from autograder.intake.archive import read_folder, read_zip
from autograder.intake.fault import Fault
from autograder.text import Message
from tests.intake.conftest import notebook, write, zipped


def with_entry(name: str, data: bytes = b"", **attributes: int) -> bytes:
    info = zipfile.ZipInfo("x" * len(name))
    info.external_attr = attributes.get("mode", 0o644) << 16
    info.compress_type = attributes.get("method", zipfile.ZIP_DEFLATED)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, data)
    made = bytearray(stream.getvalue().replace(info.filename.encode(), name.encode()))
    central = made.index(b"PK\1\2")
    for at, bits in ((6, attributes.get("flags", 0)), (central + 8, attributes.get("flags", 0))):
        made[at] |= bits
    if "size" in attributes:  # what the directory says of the size
        made[central + 24 : central + 28] = attributes["size"].to_bytes(4, "little")
    return bytes(made)


MIB = 1 << 20
BAD = {
    "parent": (with_entry("../evil.py"), "intake.zip_path"),
    "parent inside": (with_entry("a/../../evil.py"), "intake.zip_path"),
    "absolute": (with_entry("/etc/evil.py"), "intake.zip_path"),
    "drive": (with_entry("C:/evil.py"), "intake.zip_path"),
    "backslash": (with_entry("..\\evil.py"), "intake.zip_path"),
    "ignored too": (with_entry("../evil.csv"), "intake.zip_path"),
    "link": (with_entry("link.py", b"/etc/passwd", mode=0o120777), "intake.zip_link"),
    "encrypted": (with_entry("a.py", b"x", flags=1), "intake.zip_encrypted"),
    "bomb": (zipped({"tiny.py": b"", **{f"{i}.py": bytes(20 * MIB) for i in range(8)}}), "intake.zip_large"),
    "count": (zipped({"tiny.py": b"", **{f"{i}.py": b"" for i in range(5000)}}), "intake.zip_count"),
    "no zip": (b"PK\3\4 and no more", "intake.zip_broken"),
    "empty": (b"", "intake.zip_broken"),
    "cut": (zipped({"a.py": b"x = 1\n"})[:40], "intake.zip_broken"),
    "bzip2": (with_entry("a.py", b"x" * 99, method=zipfile.ZIP_BZIP2), "intake.zip_broken"),
    "lzma": (with_entry("a.py", b"x" * 99, method=zipfile.ZIP_LZMA), "intake.zip_broken"),
}
BAD["checksum"] = (zipped({"a.py": b"x = 1\n"}).replace(b"a.py", b"b.py", 1), "intake.zip_broken")


@pytest.mark.parametrize("kind", BAD)
def test_bad_zip_is_refused_when_named_and_a_problem_in_a_class(
    tmp_path: Path, assignment: Assignment, kind: str
) -> None:
    data, key = BAD[kind]
    with pytest.raises(Fault) as caught:
        read_zip("student-07.zip", io.BytesIO(data))
    assert caught.value.message.key == key
    write(tmp_path / "class", {"student-07.zip": data, "student-08/tiny.py": b"x = 1\n"})
    with pytest.raises(UsageError, match=r"student-07\.zip: student-07\.zip (holds|is|unpacks) .*: "):
        read_submissions([tmp_path / "class/student-07.zip"], assignment)
    faulty, sound = read_submissions([tmp_path / "class"], assignment)
    program = parse_submission(faulty, assignment)
    assert [problem.key for problem in program.problems] == [key, "intake.no_file"] and program.modules == ()
    assert len(parse_submission(sound, assignment).modules) == 1


def test_no_more_is_unpacked_than_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = 0
    read = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        nonlocal unpacked
        data = read(self, n)
        unpacked += len(data)
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    with pytest.raises(Fault, match=r"intake\.zip_large"):
        read_zip("a.zip", io.BytesIO(BAD["bomb"][0]))
    assert unpacked == 4 * (16 * MIB + 1)


def test_what_is_not_read_does_not_count(tmp_path: Path, assignment: Assignment) -> None:
    data = zipped({"tiny.py": b"x = 1\n", "data.csv": bytes(70 * MIB)})
    write(tmp_path, {"student-07.zip": data})
    [submission] = read_submissions([tmp_path / "student-07.zip"], assignment)
    assert [file.name for file in submission.files] == ["tiny.py"]


def test_a_size_that_the_directory_lies_about_is_not_believed() -> None:
    [entry] = read_zip("a.zip", io.BytesIO(with_entry("a.py", b"x" * 400, size=4_000_000_000)))
    assert entry.data == b"x" * 400
    with pytest.raises(Fault, match=r"intake\.zip_broken"):
        read_zip("a.zip", io.BytesIO(with_entry("a.py", b"x" * 400, size=4)))


def packed_as(names: list[str], encoding: str) -> bytes:
    """Return a zip as a packer makes it that does not mark how it writes names."""
    written = {chr(ord("A") + i) * len(name.encode(encoding)): name.encode(encoding) for i, name in enumerate(names)}
    data = zipped(dict.fromkeys(written, b""))
    for place, name in written.items():
        data = data.replace(place.encode(), name)
    return data


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ["学生七.py", "学生八/tiny.py", "student-09.py"]),
        ("utf-8", ["élève-07.py", "étudiante-08.py"]),
        ("utf-8", ["студент-07.py", "Яна.py"]),  # the second could be ideographs, were it alone
        ("gbk", ["学生七.py", "学生八/tiny.py", "student-09.py"]),
        ("gbk", ["学生七.py", "学生喆.py"]),  # of a character that GB 2312 does not have
        ("cp437", ["élève-07.py", "Muñíz.py", "Müller.py"]),
    ],
)
def test_names_are_read_as_their_packer_wrote_them(encoding: str, names: list[str]) -> None:
    entries = read_zip("class.zip", io.BytesIO(packed_as(names, encoding)))
    assert {"/".join(entry.parts) for entry in entries} == set(names)


@pytest.mark.parametrize("name", ["tiny.py", "student-07.py", "student-07/tiny.py"])
def test_oversized_file_is_refused_when_named_and_a_problem_in_a_class(
    tmp_path: Path, assignment: Assignment, name: str
) -> None:
    bomb = zipped({name: bytes(1 << 27)})
    write(tmp_path, {"student-07.zip": bomb, "class/student-07.zip": bomb, "class/student-08.py": b"x = 1\n"})
    with pytest.raises(UsageError, match=r"student-07\.zip: .* is larger than 16 MiB and was not read: leave out"):
        read_submissions([tmp_path / "student-07.zip"], assignment)
    faulty, sound = read_submissions([tmp_path / "class"], assignment)
    assert len(faulty.files[0].data) == 16 * MIB + 1
    values = {"file": Path(name).name, "limit": "16 MiB"}
    assert parse_submission(faulty, assignment).problems == (Message("intake.large", values),)
    assert len(parse_submission(sound, assignment).modules) == 1


def test_zip_of_a_class_is_larger_than_a_students_and_one_bomb_stops_nobody(
    tmp_path: Path, assignment: Assignment
) -> None:
    plots = notebook("def double(x): return 2 * x", metadata={"plots": "p" * (4 * MIB)})
    handed_in = {f"student-{i:02d}/tiny.ipynb": plots for i in range(20)}
    handed_in |= {"student-20/tiny.py": bytes(1 << 27), "student-21.zip": BAD["bomb"][0]}
    write(tmp_path, {"class.zip": zipped(handed_in)})
    programs = [parse_submission(each, assignment) for each in read_submissions([tmp_path / "class.zip"], assignment)]
    assert [len(program.modules) for program in programs] == [1] * 20 + [0, 0]
    assert [program.problems[0].key for program in programs[20:]] == ["intake.large", "intake.zip_large"]


def test_a_students_zip_in_the_zip_of_a_class_is_opened_and_no_zip_in_that(
    tmp_path: Path, assignment: Assignment
) -> None:
    inner = zipped({"tiny.py": b"x = 1\n"})
    files = {"student-07.zip": inner, "student-08/work.zip": inner, "student-09.zip": zipped({"work.zip": inner})}
    write(tmp_path, {"class.zip": zipped(files)})
    *opened, nested = read_submissions([tmp_path / "class.zip"], assignment)
    assert [[file.name for file in each.files] for each in opened] == [["tiny.py"], ["tiny.py"]]
    program = parse_submission(nested, assignment)
    assert program.modules == ()
    assert program.problems[0] == Message("intake.zip_nested", {"file": "work.zip"})


def test_zip_too_large_to_be_kept_is_a_problem(assignment: Assignment) -> None:
    program = parse_submission(Submission("student-07", (File("a.zip", bytes(16 * MIB + 1)),)), assignment)
    assert program.problems[0].key == "intake.large"


def test_zips_of_one_student_hold_no_more_than_one(tmp_path: Path, assignment: Assignment) -> None:
    blank = zipped({"a.py": b" " * (10 * MIB)})
    write(tmp_path / "class", {f"student-07/{i:02d}.zip": blank for i in range(20)} | {"student-08.py": b"x = 1\n"})
    many, sound = read_submissions([tmp_path / "class"], assignment)
    assert sum(len(file.data) for file in many.files) < 65 * MIB
    assert parse_submission(many, assignment).modules == () and parse_submission(sound, assignment).modules


def test_links_in_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret.py": b"x", "class/student-07/a.py": b"y"})
    (tmp_path / "class/student-07/link.py").symlink_to(tmp_path / "outside/secret.py")
    (tmp_path / "class/student-07/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "class/loop").symlink_to(tmp_path / "class")
    found = [entry.parts for entry in read_folder(tmp_path / "class")]
    assert found == [("student-07",), ("student-07", "a.py")]
