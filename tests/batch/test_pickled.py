"""What goes from process to process arrives as it was sent."""

from __future__ import annotations

import pickle
import pickletools
from typing import Any

import pytest

from autograder.intake import File, Submission
from autograder.judge.job import Job, Scope
from autograder.records import CheckResult, Diagnosis, Finding, Result, Status
from autograder.text import Bilingual, Message

WORDS = Bilingual("The gradient is wrong.", "梯度有误。")
MESSAGE = Message("close.differ", {"name": "w", "count": 2}, (Message("close.header"),))
CHECK = CheckResult("test_public.py::test_w", "fit", WORDS, Status.FAILED, 0.5, 2.0, True, MESSAGE, hint=WORDS,
                    diagnosis=Diagnosis("no-mean", WORDS, WORDS), seconds=0.25, speed=3.0)  # fmt: skip
FINDING = Finding("fit", "forbid_calls", "numpy.linalg.lstsq", "a.py", None, 3, "zero", True)
RESULT = Result("softmax", "student-07", "k", Status.FAILED, 0.5, 2.0, (CHECK,), (MESSAGE,), (FINDING,), "out",
                "sealed", 7, {"python": "3.11"}, "2026-01-01T00:00:00+00:00", 1.5, 0.5)  # fmt: skip
JOB = Job(Submission("student-07", (File("a.py", b"x = 1\n"),)), "k", 7, Scope(("test_w",), ("fit",), True))


@pytest.mark.parametrize("value", [RESULT, JOB, WORDS, MESSAGE], ids=lambda value: type(value).__name__)
def test_value_arrives_as_it_was_sent(value: Any) -> None:
    arrived = pickle.loads(pickle.dumps(value))
    assert arrived == value
    assert type(arrived) is type(value)
    assert "BUILD" not in {operation.name for operation, _, _ in pickletools.genops(pickle.dumps(value))}
