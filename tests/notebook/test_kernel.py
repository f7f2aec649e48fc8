"""A conversation with functions of this process: the same values, limits and errors as behind the wall."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder.course import Limits
from autograder.notebook.kernel import KernelConversation
from autograder.notebook.limit import time_limit
from autograder.student import Handle, MissingName, Student, StudentError, WorkerTimeout
from autograder.student.ending import TimeUp
from autograder.wire import Record, TupleRecord


@dataclass
class Fit:
    theta: np.ndarray
    steps: int


class Pair(NamedTuple):
    first: float
    second: float


class Model:
    def fit(self, x: np.ndarray) -> Model:
        self.mean = x.mean()
        return self


def talk(limits: Limits | None = None, **names: Any) -> tuple[Student, KernelConversation]:
    conversation = KernelConversation(names, limits or Limits())
    conversation.begin_check()
    return Student(conversation), conversation


def test_values_come_as_they_come_through_the_wall() -> None:
    student, _ = talk(
        fit=lambda: Fit(np.arange(3.0), 2), pair=lambda: Pair(1.0, 2.0), number=np.float32(0.5), Model=Model
    )
    fitted = student.fit()
    assert type(fitted) is Record and fitted.steps == 2 and fitted.theta.tolist() == [0.0, 1.0, 2.0]
    assert type(student.pair()) is TupleRecord and student.pair().second == 2.0
    assert type(student.number) is np.float32
    model = student.Model()
    assert type(model) is Handle and type(model.fit(np.ones(4))) is Handle and model.mean == 1.0


def test_function_that_changes_its_argument_changes_a_copy() -> None:
    def clear(x: np.ndarray) -> float:
        x[:] = 0
        return float(x.sum())

    student, _ = talk(clear=clear)
    x = np.ones(3)
    assert student.clear(x) == 0 and x.tolist() == [1.0, 1.0, 1.0]
    staged = student.stage(x)
    student.clear(staged)
    assert staged.fetch().tolist() == [0.0, 0.0, 0.0]  # so that a check can see it


def test_exceptions_are_the_student_s() -> None:
    def fails() -> None:
        raise ValueError("no such thing")

    student, conversation = talk(fails=fails, leaves=lambda: exit(3))
    with pytest.raises(ValueError, match="no such thing") as caught:
        student.fails()
    assert isinstance(caught.value, StudentError)
    with pytest.raises(StudentError):
        student.leaves()
    with pytest.raises(MissingName):
        _ = student.absent
    calls, _, _ = conversation.end_check()
    assert [call.label for call in calls] == ["fails", "leaves"]


def test_output_is_heard_and_limited(capsys: pytest.CaptureFixture[str]) -> None:
    def talks() -> None:
        for _ in range(100):
            print("x" * 100)

    student, conversation = talk(Limits(output_kib=1), talks=talks)
    student.talks()
    _, output, cut = conversation.end_check()
    assert len(output) == 1024 and cut and capsys.readouterr().out == ""


def loop_in_python() -> None:
    while True:
        pass


def loop_that_catches_all() -> None:
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


@pytest.mark.parametrize("function", [loop_in_python, loop_that_catches_all, lambda: time.sleep(60)])
def test_function_that_does_not_end_is_stopped(function: Any) -> None:
    student, conversation = talk(Limits(seconds=0.2), function=function, fine=lambda: 1)
    with pytest.raises(WorkerTimeout):
        student.function()
    with pytest.raises(WorkerTimeout):  # the rest of the check is lost
        student.fine()
    conversation.begin_check()
    assert student.fine() == 1


def test_time_over_all_checks_is_limited() -> None:
    student, conversation = talk(Limits(seconds=0.3, total_seconds=0.4), loop=loop_in_python)
    for _ in range(2):
        conversation.begin_check()
        with pytest.raises(WorkerTimeout):
            student.loop()
    conversation.begin_check()
    start = time.monotonic()
    with pytest.raises(WorkerTimeout):
        student.loop()
    assert conversation.cpu_seconds() < 10 and time.monotonic() - start < 60


def test_interruption_is_whoever_sits_there() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    student, _ = talk(interrupted=interrupted)
    with pytest.raises(KeyboardInterrupt):
        student.interrupted()


def in_another_thread(body: Any) -> Any:
    """Run `body` where no signal comes: as on a platform without them."""
    caught: list[Any] = []

    def run() -> None:
        try:
            caught.append(body())
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return caught[0]


@pytest.mark.parametrize("loop", [loop_in_python, loop_that_catches_all])
def test_limit_needs_no_signal(loop: Any) -> None:
    def body() -> None:
        with time_limit(0.2):
            loop()

    assert type(in_another_thread(body)) is TimeUp


def test_limit_that_was_not_reached_leaves_nothing_behind() -> None:
    def body() -> int:
        for _ in range(200):
            try:
                with time_limit(1e-3):
                    deadline = time.perf_counter() + 1e-3  # as near to the limit as one can be
                    while time.perf_counter() < deadline:
                        pass
            except TimeUp:
                pass
        return sum(range(1_000_000))  # would be interrupted here

    assert in_another_thread(body) == body() == sum(range(1_000_000))


def test_name_that_is_not_there_may_stand_in_a_cell_that_was_not_run() -> None:
    student, _ = talk()
    with pytest.raises(MissingName) as caught:
        _ = student.gradient
    assert caught.value.in_notebook
