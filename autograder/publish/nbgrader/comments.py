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
    missed = sorted((c for c in checks if c.status is not Status.PASSED), key=lambda c: -c.status.severity)
    if not missed:
        return None
    named = Counter(check.diagnosis for check in missed if check.diagnosis is not None)
    # The cases of a parametrized check read alike.
    unnamed = {(c.title, c.status, c.points, c.max_points): c for c in missed if c.diagnosis is None}
    said = [
        _message("comment_mistake", count=count, explanation=known.explanation.get(lang))
        for known, count in named.items()
    ]
    said += [
        _message("comment_check", c.points, c.max_points, status=status_word(c.status, lang), title=c.title.get(lang))
        for c in unnamed.values()
    ]
    if len(said) > SHOWN:
        said[SHOWN:] = [_message("comment_more", count=len(said) - SHOWN)]
    earned, points = sum(check.points for check in checks), sum(check.max_points for check in checks)
    head = _message("comment", earned, points, title=part.title.get(lang))
    return "\n".join([render(head, lang), "", *(render(message, lang) for message in said)])


def _message(key: str, earned: float = 0, points: float = 0, /, **values: str | int) -> Message:
    return Message(f"publish.{key}", {"earned": number(earned), "points": number(points), **values})
