"""The class at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from autograder.course.manifest import Assignment, Part
from autograder.records import CheckResult, Result, Status
from autograder.report.layout import clean, paragraph
from autograder.report.roster import Line, Roster
from autograder.report.words import COLOURS, number, say, status_word
from autograder.text import Lang, render

__all__ = ["class_table"]

UNEXPECTED = "check.unexpected"  # the judge's word for an answer that made a check itself raise


def class_table(results: Sequence[Result], assignment: Assignment, lang: Lang) -> ClassTable:
    """Return a rich renderable: a line per student, the parts, totals, and what needs somebody's attention."""
    return ClassTable(tuple(sorted(results, key=_natural)), assignment, lang)


def _natural(result: Result) -> list[tuple[int, int, str]]:
    """Sort student-9 before student-10."""
    pieces = re.split(r"([0-9]+)", result.student)
    return [(1, int(piece), "") if piece.isdigit() else (0, 0, piece) for piece in pieces]


@dataclass(frozen=True, slots=True)
class ClassTable:
    """A rich renderable."""

    results: tuple[Result, ...]
    assignment: Assignment
    lang: Lang

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        yield from paragraph(self.assignment.title.get(self.lang), width, style="bold")
        roster = self._roster(self.assignment.parts)
        # With too many parts for this terminal, their means below have to do.
        yield roster if roster.narrowest() <= width else self._roster(())
        yield Text()
        yield self._parts()
        yield from self._totals(width)
        yield from self._attention(width)

    def _roster(self, parts: Sequence[Part]) -> Roster:
        name, status, points, note = (say(self.lang, key) for key in ("student", "status", "points", "note"))
        places = (str(place) for place, _ in enumerate(parts, 1))
        return Roster(
            Line(name, status, (points, *places), note), [self._line(result, parts) for result in self.results]
        )

    def _line(self, result: Result, parts: Sequence[Part]) -> Line:
        name, status = clean(result.student).replace("\n", " "), status_word(result.status, self.lang)
        figures = (number(result.points), *(self._part_points(result, part.id) for part in parts))
        return Line(name, status, figures, self._note(result), COLOURS[result.status])

    @staticmethod
    def _part_points(result: Result, part: str) -> str:
        checks = [check for check in result.checks if check.part == part]
        return number(sum(check.points for check in checks)) if checks else "-"

    def _note(self, result: Result) -> str:
        notes = list(self._notes(result))
        if not notes:
            return ""
        first = clean(notes[0]).replace("\n", " ")
        return first if len(notes) == 1 else say(self.lang, "note_more", note=first, count=len(notes) - 1)

    def _notes(self, result: Result) -> Iterator[str]:
        """Yield what explains a result best first."""
        if result.status is Status.ERROR:
            yield say(self.lang, "note_error")
        yield from (render(problem, self.lang).split("\n")[0] for problem in result.problems)
        for name in dict.fromkeys(finding.name for finding in result.findings):
            yield say(self.lang, "note_finding", name=name)
        mistakes = dict.fromkeys(check.diagnosis.misconception for check in result.checks if check.diagnosis)
        yield from mistakes
        if result.points == 0 and not (mistakes or result.problems or result.findings):  # so why?
            reasons = [check.message for check in result.checks if check.message is not None]
            yield from (render(reason, self.lang).split("\n")[0] for reason in reasons[:1])

    def _parts(self) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
        for key in ("part", "title", "max_points", "mean"):
            table.add_column(say(self.lang, key), justify="right" if key in ("max_points", "mean") else "left")
        for index, part in enumerate(self.assignment.parts, 1):
            earned = [sum(check.points for check in result.checks if check.part == part.id) for result in self.results]
            mean = number(round(fmean(earned), 1)) if earned else "-"
            title = Text(f"{part.id} · {part.title.get(self.lang)}", no_wrap=True, overflow="ellipsis")
            table.add_row(str(index), title, number(part.points), mean)
        return table

    def _totals(self, width: int) -> Iterator[Text]:
        points = [result.points for result in self.results]
        if not points:
            return
        yield Text()
        numbers = {"mean": number(round(fmean(points), 1)), "median": number(round(median(points), 1))}
        maximum = number(self.assignment.points)
        yield from paragraph(say(self.lang, "class_mean", count=len(points), max_points=maximum, **numbers), width)
        tiers = sorted({result.tier for result in self.results})
        yield from paragraph(say(self.lang, "class_tier", tier=", ".join(tiers)), width, style="dim")
        if "unsafe" in tiers:
            yield from paragraph(say(self.lang, "unsafe"), width, style="yellow")

    def _attention(self, width: int) -> Iterator[Text]:
        """Yield what somebody has to look at: our errors, violations, and checks that an answer broke."""
        checks = [(result.student, check) for result in self.results for check in result.checks]
        errors = [
            f"{result.student}: {render(problem, self.lang)}"
            for result in self.results
            for problem in result.problems
            if result.status is Status.ERROR and not result.checks  # the judge itself was lost
        ]
        errors += self._told([pair for pair in checks if pair[1].status is Status.ERROR])
        violations = self._told([pair for pair in checks if pair[1].status is Status.VIOLATION])
        author = self._told([pair for pair in checks if pair[1].message and pair[1].message.key == UNEXPECTED])
        for key, lines in (("errors", errors), ("violations", violations), ("author", author)):
            if lines:
                yield Text()
                yield from paragraph(say(self.lang, key), width, style="bold magenta")
            for line in lines:
                yield from paragraph(line, width, first="  - ", indent=4)

    def _told(self, checks: Sequence[tuple[str, CheckResult]]) -> list[str]:
        """Return a line for all checks of a student of which the same is to be said."""
        groups: dict[tuple[str, str], list[str]] = {}
        for student, check in checks:
            # The second line of a message tells the cause, where there is one.
            said = " · ".join(render(check.message, self.lang).split("\n")[:2]) if check.message else ""
            groups.setdefault((student, " ".join(said.split())), []).append(check.check)
        return [
            say(self.lang, "told", student=student, said=said, check=names[0])
            if len(names) == 1
            else say(self.lang, "told_more", student=student, said=said, check=names[0], count=len(names) - 1)
            for (student, said), names in groups.items()
        ]
