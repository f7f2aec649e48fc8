"""One run of one collected check: pytest's own protocol, without the reports.

A report renders the traceback, for which pytest parses the file of checks again: a failing submission would pay that
forty times, for text that nobody reads. So the three phases are run through pytest's hooks, and the exception is taken
as it is. What is private of pytest here is what pytest-rerunfailures uses as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

__all__ = ["QUIET", "Phase", "run_check"]

# Nothing that pytest does for a person at a terminal is wanted between two submissions.
_OFF = (
    "cacheprovider terminal logging capture faulthandler threadexception unraisableexception warnings junitxml".split()
)
# Nor have other people's plugins any business here; ours is handed over in place of its entry point. They are left out
# by this option, not by the variable of the same meaning: that would reach whatever else this process starts.
_ALONE = "--disable-plugin-autoload"
QUIET = ["--import-mode=importlib", "--strict-markers", _ALONE, *(f"-pno:{name}" for name in _OFF)]
_OUR_END = (KeyboardInterrupt, pytest.exit.Exception)
_HOOKS = pytest.StashKey[Any]()


class Phase(NamedTuple):
    """What one phase of a check raised, if anything, and the seconds that it took."""

    excinfo: pytest.ExceptionInfo[BaseException] | None
    seconds: float


def run_check(item: pytest.Item) -> Phase:
    """Run set-up, call and teardown of `item`; return the phase that decides: the first that raised, or the call.

    Fixtures of wider scope stay for the next check that shares them. An item may run again, and in any order.
    """
    own: Any = item  # _initrequest, _request and funcargs are those of a pytest.Function
    set_up = own.session._setupstate
    if next(reversed(set_up.stack), None) is not item.parent:
        set_up.teardown_exact(item)  # what the check before this one had, and this one has not
    own._initrequest()
    if (hooks := item.stash.get(_HOOKS, None)) is None:
        hooks = item.stash[_HOOKS] = item.ihook  # looked up once: it asks for the folder's conftest files
    phase = _run(hooks.pytest_runtest_setup, item=item)
    if phase.excinfo is None:
        phase = _run(hooks.pytest_runtest_call, item=item)
    end = _run(hooks.pytest_runtest_teardown, item=item, nextitem=item.parent)
    own._request, own.funcargs = False, None
    return end if phase.excinfo is None and end.excinfo is not None else phase


def _run(hook: Callable[..., Any], **arguments: Any) -> Phase:
    excinfo, start = None, time.perf_counter()
    try:
        hook(**arguments)
    except _OUR_END:
        raise
    except BaseException:
        excinfo = pytest.ExceptionInfo[BaseException].from_current()
    return Phase(excinfo, time.perf_counter() - start)
