"""The pytest plugin: fixtures and markers for checks, by hand or under the engine.

By hand, ``pytest solutions/NAME --student FILE`` runs the checks of a folder against one file, behind the wall, and
reports as pytest always does. Under the engine the same hooks serve many submissions in one session.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from autograder.course import import_file
from autograder.judge.bench import BENCH, WHEN_GRADED, Bench
from autograder.judge.observe import judge_exception
from autograder.judge.spec import MARKERS, SPEC, in_order, read_spec, validate
from autograder.student import Student

if TYPE_CHECKING:
    from autograder.judge.device import DeviceStudent  # of a worker

__all__: list[str] = []

TAKES_STUDENT = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("autograder", "grading student code behind a wall")
    group.addoption("--student", metavar="FILE", help="the file whose functions the fixture `student` gives the checks")
    group.addoption("--tier", metavar="TIER", help="the wall to put up (default: the strongest that this machine has)")


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("--student") and BENCH not in config.stash:
        from autograder.judge.by_hand import open_bench

        config.stash[BENCH] = open_bench(config)
    config.pluginmanager.register(_Fixtures(config.stash.get(BENCH, None)), "autograder-fixtures")


def pytest_unconfigure(config: pytest.Config) -> None:
    if (bench := config.stash.get(BENCH, None)) is not None:
        bench.close()


@pytest.hookimpl(tryfirst=True)  # before -k takes checks out, whose points would be missed
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    bench = config.stash.get(BENCH, None)
    if bench is None:
        return
    for item in items:
        item.stash[SPEC] = read_spec(item, bench.assignment)
        item.stash[TAKES_STUDENT] = _takes_student(item)
    specs = [item.stash[SPEC] for item in items]
    if bench.complete:
        validate(specs, bench.assignment)
    place = {spec.id: i for i, spec in enumerate(in_order(specs))}
    items.sort(key=lambda item: place[item.stash[SPEC].id])


def _takes_student(item: Any) -> bool:
    """Say whether a check asks for our fixture `student`, and not for one of that name that an author has written.

    All checks do, and to give it to them spares pytest a tenth of its work with a check.
    """
    asks = "student" in getattr(item, "fixturenames", ())  # which an item that is no function has not
    found: Any = item._fixtureinfo.name2fixturedefs.get("student", ()) if asks else ()
    return bool(found) and isinstance(getattr(found[-1].func, "__self__", None), _Fixtures)


def _bench(item: pytest.Item) -> Bench | None:
    return item.config.stash.get(BENCH, None) if SPEC in item.stash else None


@pytest.hookimpl(tryfirst=True)  # before the fixtures, which a check that is skipped may not be able to have
def pytest_runtest_setup(item: pytest.Item) -> None:
    bench = _bench(item)
    if bench is not None:
        bench.begin(item.stash[SPEC])
        if item.stash[TAKES_STUDENT]:
            item.funcargs["student"] = bench.student()  # type: ignore[attr-defined]  # of a pytest.Function


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    bench = _bench(item)
    if bench is not None and (call.when == "call" or call.excinfo is not None):
        bench.end(item.stash[SPEC], judge_exception(call.excinfo), call.duration)
    yield


class _Fixtures:
    """The fixtures of each check: of an object that has the bench, because to ask for `request` costs pytest 30 µs."""

    def __init__(self, bench: Bench | None) -> None:
        self._bench = bench

    @pytest.fixture
    def student(self) -> Student:
        """The student's module, behind the wall: `student.f(X, y)`."""
        return _given(self._bench).student()

    @pytest.fixture
    def twin(self) -> Student:
        """The reference in a worker like the student's, for timing one against the other."""
        return _given(self._bench).twin()

    @pytest.fixture
    def device_student(self) -> DeviceStudent:
        """The student's module with its tensors on a CUDA device, for checks marked `gpu`."""
        return _given(self._bench).device_student()

    @pytest.fixture
    def device_twin(self) -> DeviceStudent:
        """The reference on the same device, for timing one against the other."""
        return _given(self._bench).device_twin()


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The reference solution, imported here, in the judge."""
    bench = _given(request.config.stash.get(BENCH, None))
    if not bench.has_reference():
        pytest.skip(WHEN_GRADED)
    return import_file(bench.assignment.solution / f"{bench.assignment.id}.py")


@pytest.fixture(scope="session")
def datasets(request: pytest.FixtureRequest) -> Path:
    """The course's folder of datasets."""
    return _given(request.config.stash.get(BENCH, None)).assignment.dataset_folder


def _given(bench: Bench | None) -> Bench:
    if bench is None:
        pytest.fail("give pytest the file to check: --student FILE", pytrace=False)
    return bench
