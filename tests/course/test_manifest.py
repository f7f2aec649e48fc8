"""Manifests: what is read, and the one line that a wrong one gets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.course import Limits, find_course, load_assignment
from autograder.errors import UsageError
from autograder.text import Bilingual
from tests.conftest import TinyCourse

MANIFEST = "assignments/tiny/assignment.toml"


def refusal(tiny: TinyCourse) -> str:
    with pytest.raises(UsageError) as caught:
        tiny.assignment()
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_manifest_is_read_in_full(tiny: TinyCourse) -> None:
    (tiny.root / "datasets/points.csv").write_text("1,2\n")
    tiny.replace(MANIFEST, "datasets = []", 'datasets = ["points.csv"]')
    read = tiny.assignment()
    assert (read.id, read.title, read.files, read.preload) == (
        "tiny",
        Bilingual("Tiny", "小作业"),
        ("tiny",),
        ("numpy",),
    )
    assert read.points == 100 and [part.id for part in read.parts] == ["double", "total"]
    assert read.parts[1].rules.forbid_calls == ("numpy.sum",) and read.parts[1].rules.action == "zero"
    assert read.limits == Limits(1.0, 1.0, 4.0, 256, 4, 16)
    assert read.dataset_folder / "points.csv" == tiny.root / "datasets/points.csv"


def test_limits_default_where_they_are_not_given(tiny: TinyCourse) -> None:
    tiny.replace(MANIFEST, "memory_mib = 256\n", "")
    assert tiny.assignment().limits.memory_mib == Limits().memory_mib


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format_version = 1", "", r"format_version: missing; add format_version = 1$"),
        ("format_version = 1", "format_version = 2", r"format_version: is 2, .* reads 1; upgrade it: pip"),
        ("format_version = 1", "format_version = 2\nnew = 1", r"format_version: is 2"),
        ("format_version = 1", 'format_version = "1"', r"format_version: is '1'; write"),
        ("preload =", "preloads =", r": preloads: unknown key \(did you mean preload\?\); known here: "),
        ("memory_mib = 256", "memory_mb = 256", r"limits\.memory_mb: unknown key \(did you mean memory_mib\?\)"),
        ("points = 60", "point = 60", r"parts\[1\]\.point: unknown key \(did you mean points\?\)"),
        ("forbid_calls =", "forbidcalls =", r"parts\[2\]\.rules\.forbidcalls: unknown key \(did you mean forbid_calls"),
        ('{ en = "Tiny", zh = "小作业" }', '"Tiny"', r"title: write it in both languages, \{ en = "),
        ('{ en = "Tiny", zh = "小作业" }', '{ en = "Tiny" }', r'title\.zh: missing; add zh = "\.\.\."'),
        ('{ en = "Tiny", zh = "小作业" }', '{ en = "Tiny", zh = " " }', r"title\.zh: is ' '; write a text"),
        ('["linear regression"]', '"linear regression"', r"concepts: is 'linear regression'; write an array of texts"),
        ('["linear regression"]', '["a", "a"]', r"concepts: a stands there twice; remove one"),
        ('files = ["tiny"]', 'files = ["tiny.py"]', r"files: 'tiny\.py' is not a name; name modules without suffix"),
        ('files = ["tiny"]', "files = []", r"files: '' is not a name; name modules"),
        ('files = ["tiny"]', "", r"files: missing; add files = "),
        ('preload = ["numpy"]', 'preload = ["os"]', r"preload: 'os' cannot be preloaded; choose from numpy, scipy"),
        ("datasets = []", 'datasets = ["a.csv"]', r"datasets: no file 'a\.csv' in .*datasets; put it there"),
        ("datasets = []", 'datasets = ["../course.toml"]', r"datasets: no file '../course.toml'"),
        ("seconds = 1.0", "seconds = 0", r"limits\.seconds: is 0; write a number above 0"),
        ("seconds = 1.0", "seconds = nan", r"limits\.seconds: is nan"),
        ("seconds = 1.0", "seconds = true", r"limits\.seconds: is True"),
        ("memory_mib = 256", "memory_mib = 256.5", r"limits\.memory_mib: is 256\.5; write a whole number above 0"),
        ("[limits]", "[[limits]]", r"limits: is \[.*; write a table, \[limits\]"),
        ('id = "total"', 'id = "double"', r"parts\[2\]\.id: 'double' is the id of two parts; rename one"),
        ('id = "total"', 'id = "to tal"', r"parts\[2\]\.id: 'to tal' is not a name; use letters"),
        ("points = 40", "points = 30", r"parts: points add up to 90; make them add up to 100"),
        ("points = 40", "points = -40", r"parts\[2\]\.points: is -40; write a number above 0"),
        ('functions = ["total"]', "functions = []", r"parts\[2\]\.functions: '' is not a name; name the functions"),
        ('action = "zero"', 'action = "none"', r"""rules\.action: is 'none'; write "flag" .* or "zero" """),
        ('["numpy.sum"]', '["numpy sum"]', r"rules\.forbid_calls: 'numpy sum' is not a dotted name; write it as"),
        ("[limits]", "[limits", r"assignment\.toml: is not valid TOML: .*line 9.*; correct that line"),
    ],
)
def test_wrong_manifest_is_refused_with_file_key_and_remedy(tiny: TinyCourse, old: str, new: str, said: str) -> None:
    tiny.replace(MANIFEST, old, new)
    text = refusal(tiny)
    assert text.startswith(str(tiny.root / MANIFEST)) and re.search(said, text), text


def test_manifest_without_parts_is_refused(tiny: TinyCourse) -> None:
    path = tiny.root / MANIFEST
    path.write_text(path.read_text().partition("[[parts]]")[0])
    assert refusal(tiny).endswith("parts: write one or more tables, each under [[parts]]")


def test_manifest_that_is_not_utf8_is_refused(tiny: TinyCourse) -> None:
    (tiny.root / MANIFEST).write_bytes("title = é".encode("latin-1"))
    assert refusal(tiny).endswith("is not UTF-8; save it with that encoding")


def test_manifest_that_cannot_be_read_is_refused(tiny: TinyCourse) -> None:
    (tiny.root / MANIFEST).unlink()
    (tiny.root / MANIFEST).mkdir()
    assert "cannot be read (Is a directory); check its permissions" in refusal(tiny)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tinny", r"no assignment 'tinny' \(did you mean tiny\?\)"),
        ("../tiny", "no assignment"),
        ("q", "there are: tiny"),
    ],
)
def test_unknown_assignment_names_the_nearest(tiny: TinyCourse, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        load_assignment(find_course(tiny.root), name)


def test_digest_changes_with_what_can_change_a_verdict(tiny: TinyCourse) -> None:
    (tiny.root / "datasets/a.csv").write_text("1\n")
    (tiny.root / "datasets/other.csv").write_text("1\n")
    tiny.replace(MANIFEST, "datasets = []", 'datasets = ["a.csv"]')
    before = tiny.assignment().digest
    (tiny.root / "solutions/tiny/__pycache__").mkdir()
    (tiny.root / "solutions/tiny/__pycache__/x.pyc").write_text("x")
    (tiny.root / "solutions/tiny/.hidden").write_text("x")
    (tiny.root / "datasets/other.csv").write_text("2\n")
    assert tiny.assignment().digest == before
    seen = {before}
    for name in ("datasets/a.csv", "assignments/tiny/test_public.py", "solutions/tiny/test_hidden.py"):
        with (tiny.root / name).open("a") as stream:
            stream.write("# more\n")
        seen.add(tiny.assignment().digest)
    (tiny.root / "solutions/tiny/test_hidden.py").rename(tiny.root / "solutions/tiny/test_more.py")
    seen.add(tiny.assignment().digest)
    assert len(seen) == 5


def test_course_is_found_upward(tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course = find_course(tiny.root / "assignments/tiny/assignment.toml")
    assert course.root == tiny.root.resolve() and course.assignments() == ("tiny",)
    monkeypatch.chdir(tiny.root / "solutions")
    assert find_course() == course
    assert find_course(explicit=tiny.root) == find_course(explicit=tiny.root / "course.toml") == course


def test_no_course_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no course.toml in .* or above it; .* --course DIR"):
        find_course(tmp_path)


def test_explicit_folder_without_course_is_refused(tiny: TinyCourse) -> None:
    with pytest.raises(UsageError, match=r"solutions: no course.toml there; name the folder that holds it"):
        find_course(explicit=tiny.root / "solutions")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, "sqlite:///{root}/.autograder/results.db"),
        ("sqlite:///grades.db", "sqlite:///{root}/grades.db"),
        ("sqlite+pysqlite:///a/b.db?timeout=3", "sqlite+pysqlite:///{root}/a/b.db?timeout=3"),
        ("sqlite:////var/grades.db", "sqlite:////var/grades.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql://host/grades", "postgresql://host/grades"),
    ],
)
def test_relative_store_lies_in_the_course(tiny: TinyCourse, given: str | None, meant: str) -> None:
    if given is not None:
        with (tiny.root / "course.toml").open("a") as stream:
            stream.write(f'store = "{given}"\n')
    assert find_course(tiny.root).store == meant.format(root=tiny.root.resolve())
