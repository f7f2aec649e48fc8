"""A result in all the forms that a notebook can show."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from autograder.course.manifest import Assignment
from autograder.records import Result
from autograder.report.feedback import Feedback
from autograder.report.form import result_json
from autograder.report.html import story_html
from autograder.report.story import tell
from autograder.report.view import part_view
from autograder.text import Lang

__all__ = ["MIME_TYPE", "mime_bundle"]

MIME_TYPE = "application/vnd.ml-autograder.result+json"
WIDTH = 80  # of the plain text, which nobody can widen once it is stored


def mime_bundle(
    result: Result,
    assignment: Assignment,
    lang: Lang,
    *,
    parts: Collection[str] | None = None,
    running: int = 0,
) -> dict[str, Any]:
    """Return `result` in the student's view by MIME type: plain text, HTML and JSON.

    Parameters
    ----------
    result : Result
        One whose `tier` is "notebook" is shown as the advice that it is.
    assignment : Assignment
    lang : {"en", "zh"}
    parts : collection of str, optional
        Ids of the parts to show; all if None.
    running : int
        How many checks of these parts are still to come: `result` then is what is known so far.
    """
    story = tell(result, assignment, lang, parts=parts, running=running)
    return {
        "text/plain": "\n".join(line.plain.rstrip() for line in Feedback(story).lines(WIDTH)),
        "text/html": story_html(story),
        MIME_TYPE: result_json(part_view(result, parts)),
    }
