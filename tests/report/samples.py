"""Results to show: the checks of a small assignment, in every state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.course import Assignment
from autograder.course.manifest import Limits, Part
from autograder.records import CheckResult, Diagnosis, Finding, Result, Status
from autograder.text import Bilingual, Message

RIDGE_WHY = Bilingual("The gradient of the ridge objective vanishes at the answer, whatever the scale of the data.",
                      "无论数据的尺度如何，岭回归目标函数的梯度在所求解处为零。")  # fmt: skip
HINT = Bilingual("Add n * lam to the diagonal of X.T @ X, but not where the intercept stands.",
                 "在 X.T @ X 的对角线上加上 n * lam，但不要加在截距所在的位置。")  # fmt: skip
DIAGNOSIS = Diagnosis(
    "penalised_intercept",
    Bilingual("The intercept is shrunk together with the weights: shifting y by a constant then changes the weights.",
              "截距与权重一起被收缩：这样一来，把 y 平移一个常数就会改变权重。"),
    Bilingual("Leave the intercept out of the penalty.", "惩罚项中不应包含截距。"),
)  # fmt: skip


def assignment() -> Assignment:
    parts = (
        Part(
            "qr", Bilingual("Least squares by an orthogonal factorisation", "用正交分解求最小二乘"), 40, ("lstsq_qr",)
        ),
        Part("ridge", Bilingual("Ridge regression", "岭回归"), 60, ("ridge",)),
    )
    return Assignment(
        id="least_squares",
        title=Bilingual("Linear regression by least squares", "线性回归与最小二乘"),
        concepts=("ridge regression",),
        files=("least_squares.py",),
        parts=parts,
        limits=Limits(),
        preload=("numpy",),
        datasets=(),
        folder=Path("assignments/least_squares"),
        solution=Path("solutions/least_squares"),
        dataset_folder=Path("datasets"),
        digest="0" * 64,
    )


def check(status: Status = Status.PASSED, hidden: bool = False, **changes: object) -> CheckResult:
    """Return a check of part ridge worth 20 points; all of them if it passed."""
    points = 20.0 if status is Status.PASSED else 0.0
    file = "test_hidden.py" if hidden else "test_public.py"
    made = CheckResult(f"{file}::TestRidge::test_ridge[tall]", "ridge", RIDGE_WHY, status, points, 20.0, hidden)
    return replace(made, **changes)


def result(*checks: CheckResult, **changes: object) -> Result:
    """Return a result that holds `checks`, added up as the judge does."""
    made = Result(
        assignment="least_squares",
        student="student-07",
        key="f" * 64,
        status=max((c.status for c in checks), key=lambda s: s.severity, default=Status.PASSED),
        points=sum(c.points for c in checks),
        max_points=sum(c.max_points for c in checks),
        checks=checks,
        tier="sealed",
        versions={"python": "3.11.7", "numpy": "2.4.6"},
        started="2025-03-02T10:11:12+00:00",
        seconds=0.21,
        cpu_seconds=0.11,
    )
    return replace(made, **changes)


def assertion(text: str) -> Message:
    return Message("check.assertion", {"text": text})


def eventful() -> Result:
    """Return a result that has something of everything."""
    flood = "\n".join(f"loss at step {step}: {1 / (step + 1):.6f}" for step in range(40))
    return result(
        check(part="qr", title=Bilingual("Q R equals the design matrix.", "QR 等于设计矩阵。")),
        check(part="qr", title=Bilingual("Rank-deficient data are refused.", "拒绝秩亏的数据。"), hidden=True),
        check(Status.FAILED, message=assertion("2 of 12 entries differ"), output=flood, hint=HINT, diagnosis=DIAGNOSIS),
        check(Status.FAILED, hidden=True, message=assertion("theta[0] = 1.5"), output="inside", detail="assert 1 == 2",
              student_message=Message("student.raised_type", {"type": "ValueError"}), hint=HINT),
        check(Status.BLOCKED, hidden=True, hint=HINT,
              message=Message("check.blocked", {"name": "x", "title_en": RIDGE_WHY.en, "title_zh": RIDGE_WHY.zh})),
        problems=(assertion("cell 7 raised NameError: name 'plt' is not defined"),),
        findings=(Finding("qr", "forbid_calls", "numpy.linalg.pinv", "least_squares.py", None, 31, "zero"),),
        output="loaded\n",
    )  # fmt: skip


def not_written(function: str) -> Message:
    where = {"file": "a.py", "cell": None, "line": 3, "function": function, "source": "raise NotImplementedError"}
    return Message("student.not_written", lines=(Message("student.at_line", where),))
