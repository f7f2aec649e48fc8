"""Results as JSON for other programs; `docs/json.md` says what is in it."""

from __future__ import annotations

from typing import Any, Literal

from autograder.records import CheckResult, Diagnosis, Finding, Result, Status
from autograder.report.view import hidden_points, student_view
from autograder.text import Bilingual, Message, render

__all__ = ["View", "result_json"]

View = Literal["student", "instructor"]


def result_json(result: Result, view: View = "student") -> dict[str, Any]:
    """Return `result` as plain JSON data, every text in both languages; the student's view holds nothing hidden."""
    instructor = view == "instructor"
    hidden, earned = hidden_points(result)
    shown = result if instructor else student_view(result)
    return {
        "assignment": shown.assignment,
        "student": shown.student,
        "status": shown.status.value,
        "points": shown.points,
        "max_points": shown.max_points,
        "hidden_points": {"decided": hidden, "earned": earned},
        "publishable": not any(status is Status.ERROR for status in (shown.status, *(c.status for c in shown.checks))),
        "checks": [_check(check, instructor) for check in shown.checks],
        "problems": [_message(problem) for problem in shown.problems],
        "findings": [_finding(finding) for finding in shown.findings],
        "output": shown.output,
        "tier": shown.tier,
        "versions": dict(shown.versions),
        "started": shown.started,
        "seconds": shown.seconds,
        "cpu_seconds": shown.cpu_seconds,
        **({"key": shown.key, "seed": shown.seed} if instructor else {}),
    }


def _check(check: CheckResult, instructor: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "check": check.check or None,
        "part": check.part,
        "title": check.title.to_json(),
        "status": check.status.value,
        "points": check.points,
        "max_points": check.max_points,
        "hidden": check.hidden,
        "message": _message(check.message),
        "hint": _prose(check.hint),
        "diagnosis": _diagnosis(check.diagnosis),
        "output": check.output,
    }
    if instructor:
        data |= {
            "student_message": _message(check.student_message),
            "detail": check.detail,
            "seconds": check.seconds,
            "cpu_seconds": check.cpu_seconds,
            "margin": check.margin,
            "speed": check.speed,
        }
    return data


def _message(message: Message | None) -> dict[str, str] | None:
    # Only the words: a message's values may name more than its words do.
    if message is None:
        return None
    return {"key": message.key, "en": render(message, "en"), "zh": render(message, "zh")}


def _prose(text: Bilingual | None) -> dict[str, str] | None:
    return None if text is None else text.to_json()


def _diagnosis(diagnosis: Diagnosis | None) -> dict[str, Any] | None:
    if diagnosis is None:
        return None
    return {
        "misconception": diagnosis.misconception,
        "explanation": diagnosis.explanation.to_json(),
        "hint": diagnosis.hint.to_json(),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "part": finding.part,
        "rule": finding.rule,
        "name": finding.name,
        "file": finding.file,
        "cell": finding.cell,
        "line": finding.line,
        "action": finding.action,
        "evasive": finding.evasive,
    }
