"""Checks on a device, tried on the CPU: the same calls, another name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from autograder.intake import Cell, Module, Program
from autograder.judge import CheckFailure
from autograder.judge.device import DeviceRoom, DeviceStudent
from autograder.judge.job import Job
from autograder.judge.lane import Lane
from autograder.records import CheckResult, Result, Status
from autograder.student import WorkerViolation
from autograder.worker import GPU, Budget, Connection, Seconds, Setup, Zygote, ZygoteError, cuda
from tests.conftest import RIGHT, TinyCourse

torch = pytest.importorskip("torch")

SOURCE = """
import torch

def scaled(x, w, factor):
    return factor * (x * w)

def elsewhere(x):
    return x.to("meta")

def constant(x):
    return x.detach() * 2

def precision(x):
    return torch.full((1,), float(torch.backends.cudnn.allow_tf32))

def the_guest():
    import sys
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Guest":
        frame = frame.f_back
    return frame.f_locals["self"]

def work_early(x):
    import time
    guest = the_guest()
    place = guest._operations["place"]
    guest._operations["place"] = lambda *args: (time.sleep(0.2), place(*args))[1]
    return x

def take_over(x):
    guest = the_guest()
    guest._operations["keep"] = lambda *args: 1.0
    return x
"""
CHECK = """
@pytest.mark.gpu
@pytest.mark.points(20)
@pytest.mark.part("total")
@pytest.mark.why(en="On a device.", zh="在设备上。")
def test_total_on_a_device(device_student, device_twin):
    import torch
    x = torch.arange(4.0)
    value = device_student.run_on_device("double", x)
    assert torch.equal(value, 2 * x)
    assert torch.equal(device_twin.run_on_device("double", x), value)
"""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    try:
        with Zygote(Setup(GPU, ("torch",))) as zygote:
            yield zygote
    except ZygoteError as error:
        pytest.skip(str(error))


@pytest.fixture
def device(zygote: Zygote) -> Iterator[DeviceStudent]:
    program = Program((Module("answer", "answer.py", (Cell(None, SOURCE),)),))
    connection = Connection(zygote, program, Budget(memory_mib=2048), seconds=Seconds(30, 30, 60))
    connection.begin_check()
    yield DeviceStudent(connection, "cpu")
    connection.close()


def test_value_comes_back(device: DeviceStudent) -> None:
    value = device.run_on_device("scaled", torch.ones(3), np.full(3, 2.0, np.float32), 4)
    assert torch.equal(value, torch.full((3,), 8.0))


def test_work_while_the_arguments_are_placed_is_timed_as_staging(device: DeviceStudent) -> None:
    x = torch.ones(1)
    timer = device.timer("scaled")
    timer.timed(x, x, 4)  # the first call starts the worker
    value, seconds, honest = timer.timed(x, x, 4)
    assert value.item() == 4 and seconds > 0 and honest > 0
    device.run_on_device("work_early", x)
    _, _, staging = timer.timed(x, x, 4)
    assert staging > 0.4  # twice 0.2 s


def test_gradients_come_with_the_value(device: DeviceStudent) -> None:
    x, w = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])
    value, dx, dw = device.run_on_device("scaled", x, w, 2.0, grad=torch.tensor([1.0, 10.0]))
    assert torch.equal(value.detach(), 2 * x * w)
    assert torch.equal(dx, torch.tensor([6.0, 80.0])) and torch.equal(dw, torch.tensor([2.0, 40.0]))


def test_function_that_breaks_the_graph_is_the_student_s_fault(device: DeviceStudent) -> None:
    with pytest.raises(RuntimeError, match="does not require grad"):
        device.run_on_device("constant", torch.ones(2), grad=torch.ones(2))


def test_precision_is_set_before_the_call(device: DeviceStudent) -> None:
    assert device.run_on_device("precision", torch.ones(1), tf32=True).item() == 1
    assert device.run_on_device("precision", torch.ones(1)).item() == 0


def test_output_elsewhere_is_refused(device: DeviceStudent) -> None:
    on_cuda = DeviceStudent(device._connection, "cpu")
    on_cuda._device = "cuda"  # what comes from the CPU is then elsewhere
    on_cuda._place = device._place  # type: ignore[method-assign]
    with pytest.raises(CheckFailure, match="does not lie on the device"):
        on_cuda.run_on_device("scaled", torch.ones(2), torch.ones(2), 1)


def test_side_that_keeps_nothing_is_a_violation(device: DeviceStudent) -> None:
    device.run_on_device("take_over", torch.ones(1))
    with pytest.raises(WorkerViolation, match="did not keep"):
        device.run_on_device("scaled", torch.ones(1), torch.ones(1), 1)


def with_gpu_check(tiny: TinyCourse) -> None:
    hidden = tiny.root / "solutions/tiny/test_hidden.py"
    hidden.write_text(hidden.read_text().replace("points(30)", "points(10)") + CHECK)
    manifest = tiny.root / "assignments/tiny/assignment.toml"
    text = manifest.read_text().replace("memory_mib = 256", "memory_mib = 2048")
    manifest.write_text(text.replace('preload = ["numpy"]', 'preload = ["numpy", "torch"]'))


def grade(tiny: TinyCourse, *sources: str) -> list[Result]:
    with_gpu_check(tiny)
    lane = Lane(tiny.assignment(), "sealed")
    try:
        return [lane.grade(Job(submission, "key", 0)) for submission in tiny.submissions(*sources)]
    finally:
        lane.close()


def on_a_device(result: Result) -> CheckResult:
    return next(check for check in result.checks if "on_a_device" in check.check)


def test_check_without_a_device_is_skipped_with_its_reason(
    tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cuda, "CONTROL_NODE", tmp_path / "none")
    [result] = grade(tiny, RIGHT)
    assert (on_a_device(result).status, on_a_device(result).max_points) == (Status.SKIPPED, 0)
    assert "no CUDA device on this machine" in str(on_a_device(result).message)
    assert result.points == result.max_points == 80
    assert "gpu tier" not in result.versions


def test_check_on_a_device_counts_and_is_stamped(
    tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch, zygote: Zygote
) -> None:
    monkeypatch.setattr("autograder.judge.walled.DeviceRoom", partial(DeviceRoom, kind="cpu"))
    # Every worker of this tier imports torch: one lane for both.
    right, wrong = grade(tiny, RIGHT, RIGHT.replace("return x + x", "return x + x if type(x) is np.ndarray else x"))
    assert on_a_device(right).status is Status.PASSED, on_a_device(right)
    assert right.points == right.max_points == 100
    assert right.versions["gpu tier"] == "cpu"
    assert on_a_device(wrong).status is Status.FAILED
    assert wrong.points == 80 and wrong.max_points == 100
