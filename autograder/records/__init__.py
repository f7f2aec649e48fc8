"""What is kept of each grading."""

from typing import TYPE_CHECKING, Any

from autograder.records.result import CheckResult, Diagnosis, Finding, Result, Status
from autograder.records.reuse import TIERS, reusable

if TYPE_CHECKING:
    from autograder.records.store import Store

__all__ = ["TIERS", "CheckResult", "Diagnosis", "Finding", "Result", "Status", "Store", "reusable"]


def __getattr__(name: str) -> Any:
    # The store needs SQLAlchemy, which a student who only checks an answer does not have.
    if name == "Store":
        from autograder.records.store import Store

        return Store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
