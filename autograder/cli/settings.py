"""Options that every command takes, and where they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from autograder.text.language import own_language
from autograder.text.message import Lang

__all__ = ["Settings", "common_options", "settings"]

F = TypeVar("F", bound=Callable[..., Any])
META = "autograder.{}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What was said before or after the command's name; after it counts more."""

    course: Path | None
    lang: Lang
    debug: bool


def settings(ctx: click.Context) -> Settings:
    said = {name: ctx.meta.get(META.format(name)) for name in ("course", "lang", "debug")}
    lang: Lang = said["lang"] or own_language()
    return Settings(said["course"], lang, bool(said["debug"]))


def _keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value:
        ctx.meta[META.format(parameter.name)] = value


def common_options(function: F) -> F:
    """Add --course, --lang and --debug; a command reads them with `settings`."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    options = (
        click.option("--course", metavar="DIR", type=folder, expose_value=False, callback=_keep, is_eager=True,
                     help="Use the course in DIR.  [default: found upward from here]"),
        click.option("--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=_keep, is_eager=True,
                     help="Language of feedback and tables.  [default: zh where LANG says so, else en]"),
        click.option("--debug", is_flag=True, expose_value=False, callback=_keep, is_eager=True,
                     help="Show where in autograder an internal error arose."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function
