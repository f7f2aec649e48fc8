"""Comments on solution cells: which checks of the part failed, in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from autograder.course import Assignment, Part
from autograder.course.source import read_source
from autograder.records import CheckResult, Result, Status
from autograder.report import number, student_view
from autograder.report.words import status_word
from autograder.text import Lang, Message, render

__all__ = ["cell_comments", "solution_cells"]

SHOWN = 5


def solution_cells(assignment: Assignment) -> dict[str, str]:
    """Return grade id of each solution cell -> its part."""
    return {cell.grade_id: cell.part for cell in read_source(assignment) if cell.grade_id and cell.part}


def cell_comments(
    result: Result, assignment: Assignment, cells: Mapping[str, str], lang: Lang
) -> dict[str, str | None]:
    """Return grade id of each solution cell -> what to say of its part, None where there is nothing to say.

    Only words of the course's authors are in it: nbgrader shows a comment as Markdown, which lets HTML through, and
    a student's own words could be that. `cells` is what `solution_cells` returns.
    """
    checks = student_view(result).checks
    texts = {part.id: _comment(part, [c for c in checks if c.part == part.id], lang) for part in assignment.parts}
    return {name: texts[part] for name, part in cells.items()}


def _comment(part: Part, checks: Sequence[CheckResult], lang: Lang) -> str | None:
    missed = [check for check in checks if check.status is not Status.PASSED]
    if not missed:
        return None
    missed.sort(key=lambda check: -check.status.severity)
    named = Counter(check.diagnosis for check in missed if check.diagnosis is not None)
    lines = [
        _say(lang, "comment_mistake", count=count, explanation=known.explanation.get(lang))
        for known, count in named.items()
    ]
    # The cases of a parametrized check read alike.
    lines += dict.fromkeys(_line(check, lang) for check in missed if check.diagnosis is None)
    earned, points = number(sum(c.points for c in checks)), number(sum(c.max_points for c in checks))
    text = [_say(lang, "comment", title=part.title.get(lang), earned=earned, points=points), "", *lines[:SHOWN]]
    if len(lines) > SHOWN:
        text.append(_say(lang, "comment_more", count=len(lines) - SHOWN))
    return "\n".join(text)


def _line(check: CheckResult, lang: Lang) -> str:
    values = {"status": status_word(check.status, lang), "title": check.title.get(lang)}
    return _say(lang, "comment_check", earned=number(check.points), points=number(check.max_points), **values)


def _say(lang: Lang, key: str, **values: str | int) -> str:
    return render(Message(f"publish.{key}", values), lang)
