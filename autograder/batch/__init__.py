"""Many submissions: which need grading, by whom, and what happens to each result."""

from autograder.batch.grade import GradeOptions, grade

__all__ = ["GradeOptions", "grade"]
