"""What is said of a result, and in which order. The views (terminal, HTML) only set it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.course.manifest import Assignment
from autograder.records import CheckResult, Diagnosis, Finding, Result, Status
from autograder.report.layout import clean
from autograder.report.view import hidden_points, part_view, student_view
from autograder.report.words import NOT_WRITTEN, NOTHING, RUNNING, UNFINISHED, number, say
from autograder.text import Bilingual, Lang, Message, render

__all__ = ["NOTEBOOK", "Entry", "Note", "Section", "Story", "tell"]

OUTPUT_LINES = 20  # of what a check printed; the rest is counted
NOTEBOOK = "notebook"  # the tier of checks in a student's own kernel: no wall

# A "cure" is the hint of a known mistake, a "hint" that of the check; "again" names a mistake that has been explained.
Kind = Literal["message", "student_sees", "mistake", "cure", "again", "hint", "output", "detail"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something said of a check; `label` introduces `body`, and may be empty."""

    kind: Kind
    label: str
    body: Message | str


@dataclass(frozen=True, slots=True)
class Entry:
    """A check, or several of which the same is said. `state` is a status, or "not_written"."""

    state: str
    title: str
    points: float
    max_points: float
    count: int = 1
    hidden: bool = False
    check: str = ""  # its name, for the instructor
    notes: tuple[Note, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether there is nothing to say but that it passed."""
        return self.state == Status.PASSED and not any(note.kind == "message" for note in self.notes)


@dataclass(frozen=True, slots=True)
class Section:
    """A part, what went wrong first. `title` is empty where the story is about this part alone."""

    title: str
    points: float
    max_points: float
    entries: tuple[Entry, ...]
    complete: bool = True  # no check of it is still to come

    @property
    def passed(self) -> bool:
        """Whether there is nothing to say but that all of several checks passed."""
        return self.complete and self.count > 1 and all(entry.plain for entry in self.entries)

    @property
    def count(self) -> int:
        return sum(entry.count for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Story:
    """All that is said of one submission; `result` holds only what may be seen."""

    result: Result
    lang: Lang
    instructor: bool
    title: str
    state: str
    total: str
    warnings: tuple[tuple[str, str], ...]  # a colour's name, and the words
    output: tuple[Note, ...]  # printed while the file was loaded
    findings: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    record: tuple[str, ...]


def tell(
    result: Result,
    assignment: Assignment,
    lang: Lang,
    *,
    parts: Collection[str] | None = None,
    instructor: bool = False,
    running: int = 0,
) -> Story:
    """Return what is said of `result`, or of `parts` of it; `running` counts the checks that are still to come.

    With `instructor` false, nothing of a hidden check but title, hint, diagnosis and the student's message is in it.
    """
    shown = part_view(result, parts)
    shown = shown if instructor else student_view(shown)
    titles = {part.id: f"{part.id} · {part.title.get(lang)}" for part in assignment.parts}
    alone = next(iter(parts), "") if parts is not None and len(parts) == 1 else ""
    sections = tuple(_sections(shown, titles, alone, lang, instructor))
    sections = tuple(replace(section, complete=not running) for section in sections)
    return Story(
        result=shown,
        lang=lang,
        instructor=instructor,
        title=titles.get(alone, alone) or assignment.title.get(lang),
        state=RUNNING if running else _state(shown, sections),
        total=_total(shown, lang, running),
        warnings=tuple(_warnings(shown, lang)),
        output=tuple(_printed("output", "import_output", shown.output, lang, instructor)),
        findings=tuple(_finding(finding, lang) for finding in shown.findings),
        sections=sections,
        footer=() if running else tuple(_footer(shown, assignment, lang, parts)),
        record=tuple(_record(shown, lang, instructor)),
    )


def _state(result: Result, sections: Sequence[Section]) -> str:
    if result.tier == NOTEBOOK and not result.checks:
        return NOTHING
    states = {entry.state for section in sections for entry in section.entries} - {Status.BLOCKED, Status.SKIPPED}
    if states == {NOT_WRITTEN}:
        return NOT_WRITTEN
    return UNFINISHED if states == {NOT_WRITTEN, Status.PASSED} else result.status


def _total(result: Result, lang: Lang, running: int) -> str:
    if running:
        done = len(result.checks)
        return say(lang, "progress", done=done, total=done + running)
    key = "total_here" if result.tier == NOTEBOOK else "total"
    return say(lang, key, points=number(result.points), max_points=number(result.max_points))


def _warnings(result: Result, lang: Lang) -> Iterator[tuple[str, str]]:
    if result.status is Status.ERROR:
        yield "magenta", say(lang, "withheld")
    if result.tier == "unsafe":
        yield "yellow", say(lang, "unsafe")


def _finding(finding: Finding, lang: Lang) -> str:
    key = "finding" if finding.cell is None else "finding_cell"
    text = say(lang, key, name=finding.name, file=finding.file, line=finding.line, cell=finding.cell)
    text = say(lang, "evasive", finding=text) if finding.evasive else text
    key = "finding_zero" if finding.action == "zero" else "finding_flag"
    return say(lang, key, finding=text, part=finding.part)


def _footer(result: Result, assignment: Assignment, lang: Lang, parts: Collection[str] | None) -> Iterator[str]:
    decided, earned = (number(points) for points in hidden_points(result))
    if decided != "0":
        yield say(lang, "hidden_points", hidden=decided, max_points=number(result.max_points), earned=earned)
    if result.tier == NOTEBOOK:
        yield say(lang, "notebook")
        points = sum(part.points for part in assignment.parts if parts is None or part.id in parts)
        if points > result.max_points:
            yield say(lang, "still_hidden", hidden=number(points - result.max_points))


def _record(result: Result, lang: Lang, instructor: bool) -> Iterator[str]:
    if result.tier != NOTEBOOK:
        yield say(lang, "graded", started=clean(result.started[:16].replace("T", " ")), tier=result.tier)
    if instructor:
        times = {"seconds": f"{result.seconds:.2f}", "cpu_seconds": f"{result.cpu_seconds:.2f}"}
        yield say(lang, "run", seed=result.seed, key=result.key, **times)
        versions = ", ".join(f"{name} {version}" for name, version in result.versions.items())
        yield say(lang, "versions", versions=versions)


def _sections(result: Result, titles: Mapping[str, str], alone: str, lang: Lang, instructor: bool) -> Iterator[Section]:
    unwritten = [] if instructor else _unwritten(result.checks)
    for part in dict.fromkeys([*titles, *(check.part for check in result.checks)]):
        checks = [check for check in result.checks if check.part == part]
        if not checks:
            continue
        # An untouched part is one line, not as many as there are checks.
        empty = [check for check in checks if check in unwritten]
        entries = [_not_written(empty, lang)] if empty else []
        # Python sorts stably: among equals the order in which the checks ran stays.
        rest = sorted((check for check in checks if check not in unwritten), key=lambda check: -check.status.severity)
        told = set[str]()  # a mistake is explained once
        entries += [_entry(group, lang, instructor, told) for group in _alike(rest, lang, instructor)]
        yield Section(
            title="" if part == alone else titles.get(part, part),  # of a part that the manifest no longer has, its id
            points=sum(check.points for check in checks),
            max_points=sum(check.max_points for check in checks),
            entries=tuple(sorted(entries, key=_gravity)),
        )


def _gravity(entry: Entry) -> int:
    return -(Status.BLOCKED if entry.state == NOT_WRITTEN else Status(entry.state)).severity


def _is_unwritten(check: CheckResult) -> bool:
    return check.status is Status.FAILED and check.message is not None and check.message.key == "student.not_written"


def _unwritten(checks: Iterable[CheckResult]) -> list[CheckResult]:
    """Return the checks that met nothing but an empty function, and those that wait for one of these."""
    found: list[CheckResult] = []
    titles = set[object]()
    for check in checks:
        waits = check.status is Status.BLOCKED and check.message and check.message.values.get("title_en") in titles
        if waits or (_is_unwritten(check) and not check.output):  # who prints has begun to write
            found.append(check)
            titles.add(check.title.en)
    return found


def _not_written(checks: Sequence[CheckResult], lang: Lang) -> Entry:
    lines = [line for check in checks if check.message for line in check.message.lines]
    names = dict.fromkeys(str(line.values["function"]) for line in lines if "function" in line.values)
    title = ", ".join(names) or say(lang, "checks", count=len(checks))
    points, max_points = sum(check.points for check in checks), sum(check.max_points for check in checks)
    return Entry(NOT_WRITTEN, title, points, max_points, len(checks))


def _entry(group: Sequence[CheckResult], lang: Lang, instructor: bool, told: set[str]) -> Entry:
    check = group[0]
    return Entry(
        state=NOT_WRITTEN if _is_unwritten(check) else check.status,
        title=check.title.get(lang) + (f" (×{len(group)})" if len(group) > 1 else ""),
        points=sum(each.points for each in group),
        max_points=sum(each.max_points for each in group),
        count=len(group),
        hidden=check.hidden,
        check=check.check if instructor else "",
        notes=tuple(_notes(check, lang, instructor, told)),
    )


def _notes(check: CheckResult, lang: Lang, instructor: bool, told: set[str]) -> Iterator[Note]:
    if check.message:
        yield Note("message", "", check.message)
    if check.status in (Status.FAILED, Status.TIMEOUT):  # a hint on the answer helps nobody who gave none
        yield from _help(check.diagnosis, check.hint, lang, told)
    if check.status is not Status.PASSED or instructor:
        yield from _printed("output", "output", check.output, lang, instructor)
    if instructor and check.student_message:
        yield Note("student_sees", say(lang, "student_sees"), check.student_message)
    if instructor:
        yield from _printed("detail", "detail", check.detail, lang, instructor)


def _help(diagnosis: Diagnosis | None, hint: Bilingual | None, lang: Lang, told: set[str]) -> Iterator[Note]:
    if diagnosis and diagnosis.misconception in told:
        yield Note("again", "", say(lang, "mistake_again", name=diagnosis.misconception))
    elif diagnosis:
        told.add(diagnosis.misconception)
        yield Note("mistake", say(lang, "mistake", name=diagnosis.misconception), diagnosis.explanation.get(lang))
        yield Note("cure", say(lang, "hint"), diagnosis.hint.get(lang))
    if hint and not (diagnosis and hint == diagnosis.hint):
        yield Note("hint", say(lang, "hint"), hint.get(lang))


def _printed(kind: Kind, key: str, text: str, lang: Lang, whole: bool) -> Iterator[Note]:
    """Yield what student code printed, harmless, and cut unless it is wanted `whole`."""
    lines = clean(text).rstrip("\n").split("\n")
    if lines == [""]:
        return
    shown = lines if whole else lines[:OUTPUT_LINES]
    if len(lines) > len(shown):
        shown = [*shown, say(lang, "output_cut", count=len(lines) - len(shown))]
    yield Note(kind, say(lang, key), "\n".join(shown))


def _alike(checks: Iterable[CheckResult], lang: Lang, instructor: bool) -> list[list[CheckResult]]:
    """Put checks together of which the same would be said (the cases of a parametrized one, mostly)."""
    groups: dict[object, list[CheckResult]] = {}
    for check in checks:
        shown = (
            check.title,
            check.status,
            check.hidden,
            check.hint,
            check.diagnosis,
            check.check if instructor else "",
        )
        # Of a passed public check nothing is shown but its title.
        said = "" if check.message is None else render(check.message, lang)
        output = "" if check.status is Status.PASSED else check.output
        groups.setdefault((*shown, said, output), []).append(check)
    return list(groups.values())
