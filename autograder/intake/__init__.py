"""What was handed in: files become submissions, submissions become programs. Nothing here runs student code."""

from autograder.intake.archive import unread
from autograder.intake.program import parse_submission
from autograder.intake.reading import read_submissions
from autograder.intake.submission import Cell, File, Module, Program, Submission

__all__ = ["Cell", "File", "Module", "Program", "Submission", "parse_submission", "read_submissions", "unread"]
