"""Many submissions: which need grading, by whom, and what happens to each result."""

from autograder.batch.grade import GradeOptions, content_key, grade
from autograder.batch.recording import record_mistakes

__all__ = ["GradeOptions", "content_key", "grade", "record_mistakes"]
