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
from tests.intake.conftest import write, zipped


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
    "ratio": (zipped({"a.py": bytes(4 * MIB)}), "intake.zip_large"),
    "ratio of data": (zipped({"a.csv": bytes(4 * MIB)}), "intake.zip_large"),
    "total": (with_entry("a.py", b"x" * 400_000, size=65 * MIB, method=zipfile.ZIP_STORED), "intake.zip_large"),
    "count": (zipped({f"{i}.py": b"" for i in range(5001)}), "intake.zip_count"),
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
        read_zip("student-07.zip", data)
    assert caught.value.message.key == key
    write(tmp_path / "class", {"student-07.zip": data, "student-08/tiny.py": b"x = 1\n"})
    with pytest.raises(UsageError, match=r"student-07\.zip: student-07\.zip (holds|is|unpacks) .*: "):
        read_submissions([tmp_path / "class/student-07.zip"], assignment)
    faulty, sound = read_submissions([tmp_path / "class"], assignment)
    program = parse_submission(faulty, assignment)
    assert [problem.key for problem in program.problems] == [key, "intake.no_file"] and program.modules == ()
    assert len(parse_submission(sound, assignment).modules) == 1


def test_huge_zip_is_refused_unopened() -> None:
    with pytest.raises(Fault, match=r"intake\.zip_large"):
        read_zip("a.zip", bytes(64 * MIB + 1))


def test_sizes_are_counted_while_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.intake.archive._check", lambda name, infos: None)
    monkeypatch.setattr("autograder.intake.archive.TOTAL_CAP", 1000)
    with pytest.raises(Fault, match=r"intake\.zip_large"):
        read_zip("a.zip", zipped({"a.py": bytes(600), "b.py": bytes(600)}))


def test_oversized_file_is_cut_and_then_a_problem(tmp_path: Path, assignment: Assignment) -> None:
    data = with_entry("tiny.py", b"#" * (9 * MIB), method=zipfile.ZIP_STORED)
    write(tmp_path, {"student-07.zip": data})
    [submission] = read_submissions([tmp_path / "student-07.zip"], assignment)
    assert len(submission.files[0].data) == 8 * MIB + 1
    values = {"file": "tiny.py", "limit": "8 MiB"}
    assert parse_submission(submission, assignment).problems == (Message("intake.large", values),)


def test_zip_in_a_zip_is_not_opened(tmp_path: Path, assignment: Assignment) -> None:
    write(tmp_path, {"class.zip": zipped({"student-07.zip": zipped({"tiny.py": b"x = 1\n"}), "student-08.py": b""})})
    nested, _ = read_submissions([tmp_path / "class.zip"], assignment)
    program = parse_submission(nested, assignment)
    assert program.modules == ()
    assert program.problems[0] == Message("intake.zip_nested", {"file": "student-07.zip"})


def test_zip_too_large_to_be_kept_is_a_problem(assignment: Assignment) -> None:
    program = parse_submission(Submission("student-07", (File("a.zip", bytes(8 * MIB + 1)),)), assignment)
    assert program.problems[0].key == "intake.large"


def test_links_in_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret.py": b"x", "class/student-07/a.py": b"y"})
    (tmp_path / "class/student-07/link.py").symlink_to(tmp_path / "outside/secret.py")
    (tmp_path / "class/student-07/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "class/loop").symlink_to(tmp_path / "class")
    found = [entry.parts for entry in read_folder(tmp_path / "class")]
    assert found == [("student-07",), ("student-07", "a.py")]
