"""The public checks in a student's own notebook: the same tests, no wall, advice. Runs wherever Python does."""

from autograder.notebook.check import check
from autograder.notebook.file import check_file
from autograder.notebook.session import examine

__all__ = ["check", "check_file", "examine"]
