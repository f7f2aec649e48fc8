"""The proof of the checks: every known right way passes, every wrong one fails and is named, no mutant gets by."""

from autograder.audit.plan import SHORT, AuditOptions, Plan, make_plan
from autograder.audit.report import Report, run_audit

__all__ = ["SHORT", "AuditOptions", "Plan", "Report", "make_plan", "run_audit"]
