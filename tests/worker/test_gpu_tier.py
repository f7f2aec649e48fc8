"""The gpu tier as far as it can be tried without a device: what is looser in it, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.worker import GPU, Setup, Zygote, ZygoteError, cgroup, cuda

THREAD = "import threading, os\ndef thread():\n    out = []\n    t = threading.Thread(target=out.append, args=(1,))\n"
THREAD += "    t.start()\n    t.join()\n    return out\ndef fork():\n    return os.fork()\n"


@pytest.fixture
def behind(connect: Callable[..., Any]) -> Callable[..., Any]:
    try:
        Zygote(Setup(GPU)).close()
    except ZygoteError as error:
        pytest.skip(str(error))
    return lambda source, **options: connect(source, tier=GPU, **options)


def test_gpu_worker_has_threads_and_no_processes(behind: Callable[..., Any]) -> None:
    tried = behind(THREAD)
    assert tried.student.thread() == [1]
    with pytest.raises(PermissionError):
        tried.student.fork()


def test_gpu_worker_imports_what_is_preloaded_itself(behind: Callable[..., Any]) -> None:
    """The zygote has not: a process that has run CUDA cannot be forked."""
    tried = behind("import sys\ndef loaded():\n    return 'torch' in sys.modules\n", preload=("torch",))
    assert tried.student.loaded() is True
    assert "torch" not in tried.connection.ask(["get", "__name__", None], "", None)


def test_gpu_worker_is_limited_by_memory_and_not_by_addresses(behind: Callable[..., Any]) -> None:
    source = """
        import mmap, resource
        def limits():
            return resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_DATA)[0] > 0
        def reserve():
            return len(mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ))
        def fill():
            return len(bytearray(64 << 30))
    """
    student = behind(source).student
    assert student.limits() == ((-1, -1), True)
    assert student.reserve() == 64 << 30
    with pytest.raises(MemoryError):
        student.fill()


def test_cpu_time_of_several_threads_ends_in_time(behind: Callable[..., Any]) -> None:
    from autograder.student import WorkerTimeout

    source = """
        import threading
        def spin():
            def loop():
                while True:
                    pass
            for _ in range(3):
                threading.Thread(target=loop, daemon=True).start()
            loop()
    """
    with pytest.raises(WorkerTimeout):
        behind(source).student.spin()


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A tree like that of control groups, version 2, in which this process is in the group "here"."""
    monkeypatch.setattr(cgroup, "_ROOT", tmp_path)
    monkeypatch.setattr(cgroup, "_parents", lambda: iter([(tmp_path / "here", "memory.max")]))
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def test_group_is_made_with_its_limit(groups: Path) -> None:
    group = cgroup.enter(1 << 30)
    assert group is not None and group.parent == groups
    assert (group / "memory.max").read_text() == str(1 << 30)
    assert (group / "cgroup.procs").read_text() == "0"


def test_group_that_may_not_be_made_is_none(groups: Path) -> None:
    groups.rmdir()
    assert cgroup.enter(1 << 30) is None


def test_machine_without_a_driver_has_no_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "_NODES", ("/dev/no-such-node*",))
    monkeypatch.setattr(cuda, "_DRIVER", "libno_such_driver.so.1")
    assert cuda.device_nodes() == []
    assert cuda.driver_folders() == []
    assert "LD_LIBRARY_PATH" not in cuda.environment()


def test_driver_outside_of_the_system_s_folders_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cuda, "_folder_of_driver", lambda: tmp_path)
    assert cuda.driver_folders() == [tmp_path]
    assert cuda.environment()["LD_LIBRARY_PATH"] == str(tmp_path)
    monkeypatch.setattr(cuda, "_folder_of_driver", lambda: Path("/usr/lib/x86_64-linux-gnu"))
    assert cuda.driver_folders() == []
