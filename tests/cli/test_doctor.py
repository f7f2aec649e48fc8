"""What the doctor finds, and what it says of it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError

import pytest

from autograder.cli import doctor
from tests.cli.conftest import World, run


@dataclass(frozen=True)
class Report:
    name: str
    available: bool
    why: str = ""


@pytest.fixture(autouse=True)
def walls(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    found = [Report("sealed", True), Report("confined", True), Report("unsafe", True)]
    monkeypatch.setattr("autograder.worker.probe", lambda: found, raising=False)
    return found


def lines() -> dict[str, dict[str, str]]:
    return {line["name"]: line for line in json.loads(run("doctor", "--json").stdout)["lines"]}


def test_doctor_finds_a_healthy_machine_healthy(world: World) -> None:
    ran = run("doctor")
    assert ran.exit_code == 0 and "fail" not in ran.stdout
    assert "made when something is graded" in " ".join(ran.stdout.split())
    found = lines()
    assert {"python", "numpy", "sqlalchemy", "tier sealed", "catalogues", "course", "store"} <= found.keys()
    assert "ruff" not in found and not world.file.exists()


def test_doctor_fails_where_no_wall_can_be_had(world: World, walls: list[Report]) -> None:
    walls[:] = [Report("sealed", False, "unshare: EPERM"), Report("unsafe", True)]
    assert run("doctor").exit_code == 1
    line = lines()["tier sealed"]
    assert (line["state"], line["found"]) == ("fail", "unshare: EPERM") and "--allow-unsafe" in line["remedy"]


def test_doctor_warns_where_a_weaker_wall_must_do(world: World, walls: list[Report]) -> None:
    walls[0] = Report("sealed", False, "unshare: EPERM")
    assert run("doctor").exit_code == 0
    assert lines()["tier sealed"]["state"] == "warn"
    assert lines()["tier confined"]["found"] == "used unless --tier says otherwise"


def test_doctor_survives_what_it_looks_at(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no kernel")

    monkeypatch.setattr("autograder.worker.probe", broken)
    assert lines()["walls"]["found"] == "RuntimeError: no kernel"
    assert run("doctor").exit_code == 1


def test_doctor_outside_a_course_warns(world: World) -> None:
    (world.root / "elsewhere").mkdir()
    ran = run("doctor", "--course", str(world.root / "elsewhere"))
    assert ran.exit_code == 0 and "--course DIR" in ran.stdout


def test_doctor_names_a_missing_and_an_old_package(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "torch" or name == "scipy":
            raise PackageNotFoundError(name)
        return "0.1"

    monkeypatch.setattr(doctor, "version", version)
    found = lines()
    assert found["torch"]["state"] == "warn" and "only assignments that teach it" in found["torch"]["found"]
    assert found["scipy"]["state"] == "fail" and found["scipy"]["remedy"] == "pip install 'ml-autograder[grade]'"
    assert found["click"]["found"].startswith("0.1, and >=") and found["click"]["state"] == "fail"


def test_doctor_names_an_old_python(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (99, 0))
    assert lines()["python"]["remedy"] == "install Python 3.11 or newer"


def test_doctor_names_a_missing_catalogue(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.text.render", lambda message, lang: message.key)
    assert lines()["catalogues"]["state"] == "fail"


def test_doctor_names_an_assignment_that_cannot_be_loaded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(course: object, name: str) -> None:
        from autograder.errors import UsageError

        raise UsageError("assignment.toml: unknown key 'pionts'")

    monkeypatch.setattr("autograder.course.load_assignment", load)
    assert lines()["assignment least_squares"]["found"] == "assignment.toml: unknown key 'pionts'"


def test_doctor_opens_the_store(world: World) -> None:
    world.keep(world.results[0])
    assert lines()["store"]["state"] == "ok"
    world.file.write_bytes(b"notes" * 100)
    assert lines()["store"]["state"] == "fail" and "move it away" in lines()["store"]["found"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_doctor_says_that_the_store_cannot_be_made(world: World) -> None:
    world.root.chmod(0o500)
    assert "cannot be written" in lines()["store"]["found"]
    world.root.chmod(0o700)


@pytest.mark.parametrize("width", ["60", "80"])
def test_doctor_fits_the_terminal(world: World, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert max(map(len, run("doctor").stdout.splitlines())) <= int(width)
