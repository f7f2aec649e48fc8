"""Results for people, and for other programs."""

from autograder.report.feedback import feedback
from autograder.report.form import result_json
from autograder.report.html import feedback_html
from autograder.report.mime import MIME_TYPE, mime_bundle
from autograder.report.table import class_table
from autograder.report.view import part_view, student_view
from autograder.report.words import number, say

__all__ = [
    "MIME_TYPE",
    "class_table",
    "feedback",
    "feedback_html",
    "mime_bundle",
    "number",
    "part_view",
    "result_json",
    "say",
    "student_view",
]
