"""The public checks in a student's own notebook: the same tests, no wall, advice. Runs wherever Python does."""

from autograder.notebook.check import check
from autograder.notebook.session import examine

__all__ = ["check", "examine"]
