"""What a student may see: the one place that decides it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from autograder.records import CheckResult, Result, Status

__all__ = ["hidden_points", "part_view", "student_view"]


def student_view(result: Result) -> Result:
    """Return `result` without anything that its student must not see.

    Of a hidden check its title, hint and diagnosis stay, with the message that was written for the student. Its name
    goes too: the id of a parametrized case tells its input. What is for the instructor goes from every check.
    """
    return replace(result, key="", seed=0, checks=tuple(_check(check) for check in result.checks))


def _check(check: CheckResult) -> CheckResult:
    if not check.hidden:
        return replace(check, student_message=None, detail="")
    return replace(
        check,
        check="",
        message=check.student_message,
        student_message=None,
        output="",
        detail="",
        seconds=0.0,
        cpu_seconds=0.0,
        margin=None,
        speed=None,
    )


def hidden_points(result: Result) -> tuple[float, float]:
    """Return how many points hidden checks decided, and how many of those were earned."""
    hidden = [check for check in result.checks if check.hidden and check.status is not Status.SKIPPED]
    return sum(check.max_points for check in hidden), sum(check.points for check in hidden)


def part_view(result: Result, parts: Collection[str] | None) -> Result:
    """Return `result` as if there were no parts but `parts`; None stands for all."""
    if parts is None:
        return result
    checks = tuple(check for check in result.checks if check.part in parts)
    ours = result.status is Status.ERROR and not result.checks  # the judge itself was lost
    status = max((check.status for check in checks), key=lambda status: status.severity, default=Status.PASSED)
    return replace(
        result,
        status=Status.ERROR if ours else status,
        points=sum(check.points for check in checks),
        max_points=sum(check.max_points for check in checks),
        checks=checks,
        findings=tuple(finding for finding in result.findings if finding.part in parts),
    )
