"""Where a notebook finds the checks of its assignment: in the files that were handed out with it."""

from __future__ import annotations

from pathlib import Path

from autograder.course.load import find_course, load_assignment, load_handout
from autograder.course.manifest import MANIFEST, Assignment
from autograder.errors import UsageError

__all__ = ["find_assignment"]


def find_assignment(assignment_id: str, folder: Path) -> Assignment:
    """Return the assignment, from the files beside the notebook in `folder`, or from the course that it lies in.

    Raises
    ------
    UsageError
        If these are of another assignment, or there are none.
    """
    try:
        course = find_course(folder)
    except UsageError:
        course = None
    if course is not None and course.folder(assignment_id) == folder.resolve():
        return load_assignment(course, assignment_id)
    for beside in (folder, folder / assignment_id):
        if (beside / MANIFEST).is_file():
            return load_handout(beside, assignment_id)
    if course is not None:
        return load_assignment(course, assignment_id)
    raise UsageError(
        f"{assignment_id}: there is no {MANIFEST} beside the notebook in {folder}; "
        "put the notebook back into the folder that you got it in, with all its files"
    )
