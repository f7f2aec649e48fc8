"""A course laid out for nbgrader: its config, and `source/` with what students get."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.batch import record_mistakes
from autograder.course import Assignment, Course, contents, write_folder
from autograder.course.handout import readme, refuse_used
from autograder.text import Lang

__all__ = ["init_course"]

REMEDY = "name a new folder"
TODO = "# YOUR CODE HERE"  # what stands in a released notebook where a solution was

CONFIG = '''\
"""nbgrader's settings for this course. Written by `autograder nbgrader init`; yours to edit."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = {course_id}
# Yours to choose; what stands here is what nbgrader does without it.
# c.CourseDirectory.db_url = "sqlite:///gradebook.db"
# c.Exchange.root = "/usr/local/share/nbgrader/exchange"

# Where our course.toml, hidden tests and results are, and the language of what students read.
c.Autograder.course = {course}
c.Autograder.lang = {lang}

# Student code runs behind our walls, never in a kernel of nbgrader's.
c.Autograde.sanitize_preprocessors = [
    "autograder.publish.nbgrader.RestoreCells",  # first: the others fail at cells that were deleted or edited
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.publish.nbgrader.SandboxGrade",
    "nbgrader.preprocessors.SaveAutoGrades",
    "autograder.publish.nbgrader.SaveComments",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True

# What generate_assignment puts in place of a solution. The line that raises is in the notebooks already.
c.ClearSolutions.code_stub = {{"python": {todo}}}
'''


def init_course(course: Course, assignments: Sequence[Assignment], target: Path, lang: Lang) -> list[Path]:
    """Lay out an nbgrader course in `target`; return the files written.

    `source/<id>/` holds one notebook, in `lang` (two would be worth twice the points), and what else students get,
    but for the stub module: nbgrader grades notebooks, and an answer has one place.

    Raises
    ------
    UsageError
        If `target` is not empty or cannot be written, or an assignment cannot be released (see `contents`).
    """
    course_id = re.sub(r"[^\w-]+", "-", target.resolve().name)
    refuse_used(target, REMEDY)
    values = {"course_id": course_id, "course": str(course.root), "lang": lang, "todo": TODO}
    # JSON strings are Python's, too.
    config = CONFIG.format(**{key: json.dumps(value, ensure_ascii=False) for key, value in values.items()})
    files = {"nbgrader_config.py": config.encode()}
    for assignment in assignments:
        students_get = contents(course, assignment, record_mistakes(assignment))
        for name, data in _source(students_get, assignment, lang).items():
            files[f"source/{assignment.id}/{name}"] = data
    write_folder(files, target, REMEDY)
    return [target / name for name in files]


def _source(files: dict[str, bytes], assignment: Assignment, lang: Lang) -> dict[str, bytes]:
    module = assignment.files[0]
    notebooks: dict[Lang, bytes] = {"en": files.pop(f"{module}.ipynb"), "zh": files.pop(f"{module}.zh.ipynb")}
    del files[f"{module}.py"]
    files["README.md"] = readme(assignment, "course.readme_notebook", (lang,)).encode()
    return {f"{module}.ipynb": _with_regions(notebooks[lang]), **files}


def _with_regions(notebook: bytes) -> bytes:
    """Return a released notebook as `generate_assignment` wants it: with solutions to take out, here empty ones.

    From a solution cell without any it would take all, the signature and the docstring too.
    """
    data: dict[str, Any] = json.loads(notebook)
    for cell in data["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            lines = "".join(cell["source"]).split("\n")
            cell["source"] = "\n".join(map(_region, lines)).splitlines(keepends=True)
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _region(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}### BEGIN SOLUTION\n{indent}### END SOLUTION" if line.strip() == TODO else line
