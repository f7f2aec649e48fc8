"""What is set: manifests as frozen data, and the release of what students get."""

from autograder.course.generate import check_release, release
from autograder.course.handout import contents, release_to, write_folder
from autograder.course.load import find_course, load_assignment, load_handout
from autograder.course.manifest import Assignment, Course, Limits, Part, Rules
from autograder.course.module import import_file
from autograder.course.new import scaffold

__all__ = [
    "Assignment",
    "Course",
    "Limits",
    "Part",
    "Rules",
    "check_release",
    "contents",
    "find_course",
    "import_file",
    "load_assignment",
    "load_handout",
    "release",
    "release_to",
    "scaffold",
    "write_folder",
]
