"""Results for people, and for other programs."""

from autograder.report.feedback import feedback
from autograder.report.form import result_json
from autograder.report.table import class_table
from autograder.report.view import part_view, student_view
from autograder.report.words import number, say

__all__ = ["class_table", "feedback", "number", "part_view", "result_json", "say", "student_view"]
