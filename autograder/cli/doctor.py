"""`autograder doctor`: what this machine and this course can do, and what to do about the rest."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import click

from autograder.cli.exits import ALL_PASSED, SOME_FAILED
from autograder.cli.screen import print_json, show
from autograder.cli.settings import common_options, settings
from autograder.errors import UsageError

__all__ = ["command"]

OLDEST_PYTHON = (3, 11)
STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    remedy: str = ""


@click.command("doctor", short_help="Look at this machine and course.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md).")
@common_options
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Look at Python, packages, walls, catalogues, course and store, and say what to mend.

    Exits with 1 if something stands in the way of grading.

    \b
    Example:
      autograder doctor
    """
    from rich.table import Table
    from rich.text import Text

    from autograder.report.layout import Prose, clean

    said = settings(ctx)
    looks = {"python": _python, "packages": _packages, "walls": _walls, "device": _device, "catalogues": _catalogues}
    lines = [line for name, look in looks.items() for line in _safely(name, look)]
    lines += _safely("course", lambda: _course(said.course))
    if as_json:
        fields = ("name", "state", "found", "remedy")
        print_json({"lines": [{field: getattr(line, field) for field in fields} for line in lines]})
    else:
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
        for line in lines:
            text = clean(line.found) + (f"\n-> {clean(line.remedy)}" if line.remedy else "")
            table.add_row(Text(line.state, style=STYLES[line.state]), Text(line.name), Prose(text, narrowest=30))
        show(table)
    ctx.exit(SOME_FAILED if any(line.state == "fail" for line in lines) else ALL_PASSED)


def _safely(name: str, look: Callable[[], Iterator[Line]]) -> list[Line]:
    """Return what `look` yields; a doctor does not die of the illness it finds."""
    lines: list[Line] = []
    try:
        lines.extend(look())
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
        lines.append(Line(name, "fail", found, "reinstall: pip install 'ml-autograder[grade]'"))
    return lines


def _python() -> Iterator[Line]:
    found = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < OLDEST_PYTHON:
        yield Line("python", "fail", found, "install Python 3.11 or newer")
    else:
        yield Line("python", "ok", found)


def _packages() -> Iterator[Line]:
    """Look for every package that the installed autograder asks for; those of an extra may be missing."""
    from packaging.requirements import Requirement  # pytest depends on it

    for text in requires("ml-autograder") or ():
        needed = Requirement(text)
        extra = next((name for name in ("grade", "torch") if f"extra == '{name}'" in text.replace('"', "'")), None)
        if needed.marker and extra is None:
            continue  # for development
        want = f"pip install 'ml-autograder[{extra}]'" if extra else "pip install ml-autograder"
        try:
            have = version(needed.name)
        except PackageNotFoundError:
            state: Literal["warn", "fail"] = "warn" if extra == "torch" else "fail"
            why = "not installed; only assignments that teach it need it" if extra == "torch" else "not installed"
            yield Line(needed.name, state, why, want)
            continue
        if needed.specifier.contains(have, prereleases=True):
            yield Line(needed.name, "ok", have)
        else:
            yield Line(needed.name, "fail", f"{have}, and {needed.specifier} is needed", f"{want} --upgrade")


def _walls() -> Iterator[Line]:
    from autograder.worker import probe

    reports = [report for report in probe() if report.name != "unsafe"]
    best = next((report.name for report in reports if report.available), None)
    for report in reports:
        if report.available:
            yield Line(
                f"tier {report.name}",
                "ok",
                "used unless --tier says otherwise" if report.name == best else "can be had",
            )
        elif best is None:
            remedy = "grade on Linux, as root or with user namespaces; or --allow-unsafe for code that you trust"
            yield Line(f"tier {report.name}", "fail", report.why, remedy)
        else:
            yield Line(f"tier {report.name}", "warn", report.why, f"tier {best} is used instead")


def _device() -> Iterator[Line]:
    from autograder.worker import GPU, cuda, probe

    if not cuda.CONTROL_NODE.exists():
        yield Line("tier gpu", "ok", "not needed: no CUDA device here, and checks that want one are skipped")
        return
    [report] = probe((GPU,))
    if report.available:
        yield Line("tier gpu", "ok", f"for checks that want a device: {', '.join(map(str, cuda.device_nodes()))}")
    else:
        yield Line("tier gpu", "warn", report.why, "checks that want a device are skipped")


def _catalogues() -> Iterator[Line]:
    from autograder.text import Message, render

    words = {lang: render(Message("report.status.passed"), lang) for lang in ("en", "zh")}
    if words["en"] == words["zh"]:
        yield Line("catalogues", "fail", "the Chinese one is not there", "reinstall: pip install ml-autograder")
    else:
        yield Line("catalogues", "ok", "en, zh")


def _course(folder: Path | None) -> Iterator[Line]:
    from autograder.course import find_course, load_assignment

    try:
        course = find_course(explicit=folder)
    except UsageError as error:
        yield Line("course", "warn", str(error), "change to the course's folder, or give --course DIR")
        return
    names = course.assignments()
    yield Line("course", "ok" if names else "warn", f"{course.root}, assignments: {', '.join(names) or 'none'}")
    for name in names:
        try:
            load_assignment(course, name)
        except UsageError as error:
            yield Line(f"assignment {name}", "fail", str(error), "mend the file that is named")
    yield from _store(course.store)


def _store(url: str) -> Iterator[Line]:
    from autograder.records import Store
    from autograder.records.schema import sqlite_file

    file = sqlite_file(url)
    if file is not None and not file.exists():
        folder = next(parent for parent in file.absolute().parents if parent.exists())
        if os.access(folder, os.W_OK | os.X_OK):
            yield Line("store", "ok", f"{file}, made when something is graded")
        else:
            yield Line("store", "fail", f"{folder} cannot be written", "set `store` in course.toml to another place")
        return
    try:
        with Store(url) as store:
            yield Line("store", "ok", store.place)
    except UsageError as error:
        yield Line("store", "fail", str(error), "do what the line above says")
