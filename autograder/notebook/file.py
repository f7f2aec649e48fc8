"""The public checks on a file, in this very process."""

from __future__ import annotations

from autograder.course.manifest import Assignment
from autograder.intake import Submission, parse_submission
from autograder.notebook.kernel import FileConversation
from autograder.notebook.session import examine
from autograder.records import Result

__all__ = ["check_file"]


def check_file(assignment: Assignment, submission: Submission) -> Result:
    """Return what the public checks say of a file that is run here: for work of one's own, where no worker can be had.

    Raises
    ------
    UsageError
        If the checks cannot be collected.
    """
    program = parse_submission(submission, assignment)
    return examine(assignment, FileConversation(program, assignment.limits), program)
