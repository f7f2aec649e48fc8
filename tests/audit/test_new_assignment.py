"""What `autograder new` writes passes the audit from the first minute."""

from __future__ import annotations

from pathlib import Path

from autograder.audit import AuditOptions, make_plan, run_audit
from autograder.course import find_course, load_assignment, scaffold


def test_new_assignment_passes_its_audit(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text('format_version = 1\ntitle = { en = "A course", zh = "一门课程" }\n')
    course = find_course(tmp_path)
    scaffold(course, "lasso")
    options = AuditOptions(seeds=2)
    report = run_audit(make_plan(load_assignment(course, "lasso"), options), options, lambda result, reused: None)
    assert report.missed == ()
    assert report.survivors == ()
