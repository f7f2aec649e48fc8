"""One run of one collected check: pytest's own protocol, without the reports.

A report renders the traceback, for which pytest parses the file of checks again: a failing submission would pay that
forty times, for text that nobody reads. So the three phases are run through pytest's hooks, and the exception is taken
as it is. What is private of pytest here is what pytest-rerunfailures uses as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

__all__ = ["QUIET", "run_check"]

# Nothing that pytest does for a person at a terminal is wanted between two submissions.
_OFF = (
    "cacheprovider terminal logging capture faulthandler threadexception unraisableexception warnings junitxml".split()
)
# Nor have other people's plugins any business here; ours is handed over in place of its entry point. They are left out
# by this option, not by the variable of the same meaning: that would reach whatever else this process starts.
_ALONE = "--disable-plugin-autoload"
QUIET = ["--import-mode=importlib", "--strict-markers", _ALONE, *(f"-pno:{name}" for name in _OFF)]
_OUR_END = (KeyboardInterrupt, pytest.exit.Exception)


def run_check(item: pytest.Item) -> pytest.CallInfo[None]:
    """Run set-up, call and teardown of `item`; return the phase that decides: the first that raised, or the call.

    Fixtures of wider scope stay for the next check that shares them. An item may run again, and in any order.
    """
    own: Any = item  # _initrequest, _request and funcargs are those of a pytest.Function
    own.session._setupstate.teardown_exact(item)  # what the check before this one had, and this one has not
    own._initrequest()
    hooks = item.ihook  # looked up once: it asks for the folder's conftest files
    phases = [_phase("setup", hooks.pytest_runtest_setup, item=item)]
    if phases[0].excinfo is None:
        phases.append(_phase("call", hooks.pytest_runtest_call, item=item))
    phases.append(_phase("teardown", hooks.pytest_runtest_teardown, item=item, nextitem=item.parent))
    own._request, own.funcargs = False, None
    raised = [phase for phase in phases if phase.excinfo is not None]
    return raised[0] if raised else phases[1]


def _phase(when: Any, hook: Callable[..., Any], **arguments: Any) -> pytest.CallInfo[None]:
    return pytest.CallInfo.from_call(lambda: hook(**arguments), when=when, reraise=_OUR_END)
