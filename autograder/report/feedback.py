"""One student's feedback: failures first, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from autograder.course.manifest import Assignment
from autograder.records import CheckResult, Finding, Result, Status
from autograder.report.layout import between, clean, paragraph
from autograder.report.view import hidden_points, student_view
from autograder.report.words import COLOURS, MARKS, number, say, status_word
from autograder.text import Lang, Message, render

__all__ = ["feedback", "finding_text"]

OUTPUT_LINES = 20  # of what a check printed; the rest is counted
BODY = 6  # indent of what is said about a check
MARGIN = 4  # indent of its title


def feedback(result: Result, assignment: Assignment, lang: Lang, instructor: bool = False) -> Feedback:
    """Return a rich renderable of all that is said about one submission.

    With `instructor` false, nothing of a hidden check but title, hint, diagnosis and the student's message is in it.
    """
    hidden = hidden_points(result)
    return Feedback(result if instructor else student_view(result), assignment, lang, instructor, hidden)


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rich renderable; `result` holds only what may be seen."""

    result: Result
    assignment: Assignment
    lang: Lang
    instructor: bool
    hidden: tuple[float, float]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        yield from self._heading(width)
        yield from self._problems(width)
        parts = {part.id: f"{part.id} · {part.title.get(self.lang)}" for part in self.assignment.parts}
        for check in self.result.checks:
            parts.setdefault(check.part, check.part)  # a part that the manifest no longer has
        for part, title in parts.items():
            checks = [check for check in self.result.checks if check.part == part]
            if checks:
                yield from self._part(title, checks, width)
        yield from self._footer(width)

    def _heading(self, width: int) -> Iterator[Text]:
        result, status = self.result, self.result.status
        yield from between(self.assignment.title.get(self.lang), result.student, width, style="bold")
        total = say(self.lang, "total", points=number(result.points), max_points=number(result.max_points))
        yield from paragraph(f"{status_word(status, self.lang)} · {total}", width, style=COLOURS[status])
        if status is Status.ERROR:
            yield from paragraph(say(self.lang, "withheld"), width, style="magenta")
        if result.tier == "unsafe":
            yield from paragraph(say(self.lang, "unsafe"), width, style="yellow")

    def _problems(self, width: int) -> Iterator[Text]:
        result = self.result
        if result.problems:
            yield from self._section("problems")
            for problem in result.problems:
                yield from self._message(problem, width, MARGIN)
        if result.output:
            yield Text()
            yield from self._block("import_output", result.output, width, 0)
        if result.findings:
            yield from self._section("findings")
            for finding in result.findings:
                yield from paragraph(self._finding(finding), width, first="  - ", indent=MARGIN)

    def _finding(self, finding: Finding) -> str:
        key = "finding_zero" if finding.action == "zero" else "finding_flag"
        return say(self.lang, key, finding=finding_text(finding, self.lang), part=finding.part)

    def _section(self, key: str) -> Iterator[Text]:
        yield Text()
        yield Text(say(self.lang, key), style="bold")

    def _part(self, title: str, checks: list[CheckResult], width: int) -> Iterator[Text]:
        earned, points = sum(check.points for check in checks), sum(check.max_points for check in checks)
        yield Text()
        yield from between(title, f"{number(earned)} / {number(points)}", width, style="bold")
        if not self.instructor and len(checks) > 1 and all(_plain(check) for check in checks):
            passed = status_word(Status.PASSED, self.lang)
            line = f"  {MARKS[Status.PASSED]} {passed} · {say(self.lang, 'all_passed', count=len(checks))}"
            yield from paragraph(line, width, indent=MARGIN, style=COLOURS[Status.PASSED])
            return
        # Python sorts stably: among equals the order in which the checks ran stays.
        ordered = sorted(checks, key=lambda check: -check.status.severity)
        for group in _alike(ordered, self.lang, self.instructor):
            yield from self._check(group, width)

    def _check(self, group: list[CheckResult], width: int) -> Iterator[Text]:
        check = group[0]
        title = check.title.get(self.lang) + (f" (×{len(group)})" if len(group) > 1 else "")
        hidden = f" [{say(self.lang, 'hidden')}]" if check.hidden else ""
        earned, points = sum(each.points for each in group), sum(each.max_points for each in group)
        line = f"  {MARKS[check.status]} {status_word(check.status, self.lang)}{hidden} · {title}"
        share = f"{number(earned)} / {number(points)}"
        yield from between(line, share, width, indent=MARGIN, style=COLOURS[check.status])
        if self.instructor:
            yield from paragraph(check.check, width, first=" " * BODY, indent=BODY, style="dim")
        if check.message:
            yield from self._message(check.message, width, BODY)
        if check.status in (Status.FAILED, Status.TIMEOUT):  # a hint on the answer helps nobody who gave none
            yield from self._help(check, width)
        if check.status is not Status.PASSED or self.instructor:
            yield from self._block("output", check.output, width, BODY)
        if self.instructor:
            yield from self._inside(check, width)

    def _help(self, check: CheckResult, width: int) -> Iterator[Text]:
        if diagnosis := check.diagnosis:
            known = say(self.lang, "mistake", name=diagnosis.misconception)
            yield from self._labelled(known, diagnosis.explanation.get(self.lang), width, "yellow")
            yield from self._labelled(say(self.lang, "hint"), diagnosis.hint.get(self.lang), width, "cyan")
        if check.hint and not (check.diagnosis and check.hint == check.diagnosis.hint):
            yield from self._labelled(say(self.lang, "hint"), check.hint.get(self.lang), width, "cyan")

    def _inside(self, check: CheckResult, width: int) -> Iterator[Text]:
        if check.student_message:
            yield from paragraph(say(self.lang, "student_sees"), width, " " * BODY, BODY, "dim")
            yield from self._message(check.student_message, width, BODY + 2)
        yield from self._block("detail", check.detail, width, BODY)

    def _message(self, message: Message, width: int, indent: int) -> Iterator[Text]:
        yield from paragraph(render(message, self.lang, width - indent), width, " " * indent, indent)

    def _labelled(self, label: str, text: str, width: int, style: str) -> Iterator[Text]:
        yield from paragraph(label + text, width, first=" " * BODY, indent=BODY, style=style)

    def _block(self, key: str, text: str, width: int, indent: int) -> Iterator[Text]:
        """Yield what student code printed, each line marked, so that it never passes for the grader's words."""
        lines = clean(text).rstrip("\n").split("\n")
        if lines == [""]:
            return
        yield Text(" " * indent + say(self.lang, key), style="dim")
        shown = lines if self.instructor else lines[:OUTPUT_LINES]
        for line in shown:
            bar = " " * indent + "│ "
            for piece in paragraph(line, width, bar, indent + 2, "dim"):
                # Of a line that was folded, every piece is marked.
                yield Text(bar + piece.plain[indent + 2 :], style="dim", no_wrap=True, overflow="ignore")
        if len(lines) > len(shown):
            more = say(self.lang, "output_cut", count=len(lines) - len(shown))
            yield Text(" " * indent + "│ " + more, style="dim")

    def _footer(self, width: int) -> Iterator[Text]:
        result, (hidden, earned) = self.result, self.hidden
        points = {"hidden": number(hidden), "max_points": number(result.max_points), "earned": number(earned)}
        yield Text()
        if hidden:
            yield from paragraph(say(self.lang, "hidden_points", **points), width)
        started = clean(result.started[:16].replace("T", " "))
        yield from paragraph(say(self.lang, "graded", started=started, tier=result.tier), width, style="dim")
        if self.instructor:
            times = {"seconds": f"{result.seconds:.2f}", "cpu_seconds": f"{result.cpu_seconds:.2f}"}
            yield from paragraph(say(self.lang, "run", seed=result.seed, key=result.key, **times), width, style="dim")
            versions = ", ".join(f"{name} {version}" for name, version in result.versions.items())
            yield from paragraph(say(self.lang, "versions", versions=versions), width, style="dim")


def finding_text(finding: Finding, lang: Lang) -> str:
    """Return what was found and where, in one phrase."""
    where: dict[str, str | int | None] = {
        "name": finding.name,
        "file": finding.file,
        "line": finding.line,
        "cell": finding.cell,
    }
    text = say(lang, "finding" if finding.cell is None else "finding_cell", **where)
    return say(lang, "evasive", finding=text) if finding.evasive else text


def _plain(check: CheckResult) -> bool:
    """Return whether there is nothing to say of a check but that it passed."""
    return check.status is Status.PASSED and check.message is None


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
