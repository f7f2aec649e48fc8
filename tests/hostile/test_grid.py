"""Every item on every tier, as root and as an ordinary user: what must hold, holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.grid import ITEMS

ROOT = Path(__file__).resolve().parents[2]
TIERS = ("sealed", "confined", "nofile", "gpu")
# CUDA works through threads, events and addresses without end, so the gpu tier has to allow what these items refuse.
LOOSER = dict.fromkeys(["thread_bomb", "epoll_and_events", "memory_that_outlives"], "CUDA's driver needs these calls")
LOOSER |= dict.fromkeys(["limits_that_stand", "pipes_full"], "CUDA's threads and open devices need higher limits")
LOOSER |= dict.fromkeys(
    ["private_memory_bit_by_bit", "shared_memory", "memory_until_it_dies"],
    "4 GiB more than asked for are CUDA's; a control group limits what all workers take together",
)
ORDINARY = 65533  # no passwd entry is needed, and this is nobody's
BY_NAME = {item.name: item for item in ITEMS}
SECONDS = 300

Running = dict[tuple[str, str], "subprocess.Popen[str]"]
Results = dict[tuple[str, str], dict[str, Any]]


def start(user: str, tier: str) -> subprocess.Popen[str]:
    grid = [sys.executable, "-m", "tests.hostile.grid", tier]
    lower = [sys.executable, str(ROOT / "tests" / "hostile" / "as_user.py"), str(ORDINARY)]
    command = [*lower, *grid] if user == "ordinary" and os.geteuid() == 0 else grid
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """All grids, side by side: they wait for clocks more than they work."""
    users = ("root", "ordinary") if os.geteuid() == 0 else ("ordinary",)
    processes = {(user, tier): start(user, tier) for user in users for tier in TIERS}
    yield processes
    for process in processes.values():
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def results() -> Results:
    return {}


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["root", "ordinary"])
def grid(request: pytest.FixtureRequest, tier: str, running: Running, results: Results) -> dict[str, Any]:
    """Return what one grid has printed, by item."""
    key = (request.param, tier)
    if key not in running:
        pytest.skip("these tests do not run as root, so there is only the ordinary user")
    if key not in results:
        output, errors = running[key].communicate(timeout=SECONDS)
        lines = [json.loads(line) for line in output.splitlines()]
        if lines and "unavailable" in lines[0]:
            results[key] = {"": lines[0]}
        else:
            assert running[key].returncode == 0, errors[-2000:]
            assert lines[0]["uid"] == (
                0 if request.param == "root" else ORDINARY if os.geteuid() == 0 else os.geteuid()
            )
            results[key] = {line["item"]: line for line in lines[1:]}
    if "" in results[key]:
        pytest.skip(results[key][""]["unavailable"])
    return results[key]


@pytest.mark.parametrize("name", BY_NAME)
def test_attack_is_held(grid: dict[str, Any], tier: str, name: str) -> None:
    if tier == "gpu" and name in LOOSER:
        pytest.skip(LOOSER[name])
    result = grid[name]
    assert result["breaches"] == []
    assert result["ending"] in BY_NAME[name].allowed(tier), result["text"]


def test_grid_is_complete(grid: dict[str, Any]) -> None:
    assert list(grid) == list(BY_NAME)


def test_items_have_names_of_their_own() -> None:
    assert len(BY_NAME) == len(ITEMS)


def test_a_breach_is_seen() -> None:
    """The grid can fail: without a wall these attacks get what they want."""
    names = ["read_by_open", "proc", "sockets"]
    command = [sys.executable, "-m", "tests.hostile.grid", "unsafe", *names]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    found = {line["item"]: line["breaches"] for line in map(json.loads, done.stdout.splitlines()[1:])}
    assert found["proc"] != []
    assert "the secret was read" in found["read_by_open"]
    assert any("was reached" in breach for breach in found["sockets"])
