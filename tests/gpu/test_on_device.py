"""On a machine with a CUDA device: the gpu tier for real. ``pytest -m gpu`` runs these and nothing else.

They need numpy, scipy, torch, pytest, click, rich and msgpack, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import Assignment, find_course, load_assignment
from autograder.intake import Cell, File, Module, Program, Submission
from autograder.judge.device import DeviceStudent
from autograder.judge.job import Job
from autograder.judge.lane import Lane
from autograder.judge.variants import load_variants, variant_source
from autograder.records import CheckResult, Result, Status
from autograder.worker import GPU, Budget, Connection, Seconds, Setup, Zygote, cuda

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not cuda.CONTROL_NODE.exists(), reason="no CUDA device on this machine"),
]
SOURCE = """
import os
import torch

def product(x, w):
    return x @ w

def home(x):
    return x.cpu()

def read(path):
    return open(path).read()

def fork():
    return os.fork()
"""


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    program = Program((Module("answer", "answer.py", (Cell(None, SOURCE),)),))
    with Zygote(Setup(GPU, ("torch",))) as zygote:
        connection = Connection(zygote, program, Budget(), seconds=Seconds(60, 60, 600))
        yield connection
        connection.close()


def test_worker_of_the_gpu_tier_sees_the_device(connection: Connection) -> None:
    connection.begin_check()
    assert DeviceStudent(connection).device_name()


def test_value_is_computed_on_the_device(connection: Connection) -> None:
    import torch

    connection.begin_check()
    x = torch.randn(64, 64, generator=torch.Generator().manual_seed(1))
    value = DeviceStudent(connection).run_on_device("product", x, x, tf32=False)
    assert torch.allclose(value, x @ x, rtol=1e-4, atol=1e-4)
    with pytest.raises(AssertionError, match="does not lie on the device"):
        DeviceStudent(connection).run_on_device("home", x)


def test_gradients_come_from_the_device(connection: Connection) -> None:
    import torch

    connection.begin_check()
    x, w = torch.eye(3), torch.full((3, 3), 2.0)
    _, dx, dw = DeviceStudent(connection).run_on_device("product", x, w, grad=torch.ones(3, 3))
    assert torch.allclose(dx, torch.full((3, 3), 6.0)) and torch.allclose(dw, torch.ones(3, 3))


def test_walls_stand_around_the_device(connection: Connection) -> None:
    from autograder.student import Student

    connection.begin_check()
    student = Student(connection)
    with pytest.raises(PermissionError):
        student.fork()
    with pytest.raises(OSError):
        student.read(str(ROOT / "pyproject.toml"))


@pytest.fixture(scope="module")
def conv() -> Assignment:
    return load_assignment(find_course(ROOT), "conv")


@pytest.fixture(scope="module")
def lane(conv: Assignment) -> Iterator[Lane]:
    lane = Lane(conv, "sealed")
    yield lane
    lane.close()


def grade(lane: Lane, conv: Assignment, name: str, source: str) -> Result:
    return lane.grade(Job(Submission(name, (File("conv.py", source.encode()),)), name, 0))


def on_device(result: Result) -> list[CheckResult]:
    return [check for check in result.checks if check.part == "gpu"]


def test_reference_passes_every_check_on_the_device(lane: Lane, conv: Assignment) -> None:
    result = grade(lane, conv, "reference", (conv.solution / "conv.py").read_text("utf-8"))
    assert {check.check: check.status for check in on_device(result) if check.status is not Status.PASSED} == {}
    assert sum(check.max_points for check in on_device(result)) == 10
    assert result.versions["gpu tier"]


def test_misconceptions_of_the_gpu_part_lose_points(lane: Lane, conv: Assignment) -> None:
    reference = (conv.solution / "conv.py").read_text("utf-8")
    wrong = [variant for variant in load_variants(conv.solution / "misconceptions.py") if variant.part == "gpu"]
    for variant in wrong:
        result = grade(lane, conv, variant.id, variant_source(reference, variant))
        lost = [check for check in on_device(result) if check.points < check.max_points]
        assert lost, f"{variant.id} loses nothing"
