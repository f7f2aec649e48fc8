"""The group of commands: each is imported when it is asked for, and what goes wrong becomes one line."""

from __future__ import annotations

import errno
import importlib
import traceback
from typing import Any

import click

from autograder import __version__
from autograder.cli.exits import INTERRUPTED, OURS, USAGE
from autograder.cli.nearest import pick
from autograder.cli.settings import common_options, settings
from autograder.errors import UsageError

__all__ = ["main"]

COMMANDS = ("list", "check", "grade", "show", "release", "audit", "new", "nbgrader", "doctor")
FULL = (errno.ENOSPC, errno.EDQUOT)


class Commands(click.Group):
    """A group whose commands lie in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"autograder.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            try:
                pick(args[0], COMMANDS, "command")
            except UsageError as error:
                raise click.UsageError(str(error), ctx) from None
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            return _end(ctx, str(error), USAGE)
        except KeyboardInterrupt:
            return _end(ctx, "interrupted", INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # the reader (`head`) has gone; click ends quietly
            if isinstance(error, OSError) and error.errno in FULL:
                return _end(ctx, f"{error.filename or 'disk'}: the disk is full; free some space", USAGE)
            if settings(ctx).debug:
                click.echo(traceback.format_exc(), err=True)
            told = f"{type(error).__name__}: {' '.join(str(error).split())}"
            return _end(ctx, f"internal: {told} (a fault of autograder; --debug shows where)", OURS)


def _end(ctx: click.Context, text: str, code: int) -> None:
    click.echo(f"error: {' '.join(text.split())}", err=True)
    ctx.exit(code)


@click.group(
    cls=Commands,
    name="autograder",
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True, "max_content_width": 100},
)
@common_options
@click.version_option(__version__, "--version", message="autograder %(version)s", help="Show the version and exit.")
def main() -> None:
    """Grade machine-learning assignments behind a wall.

    The course is the folder with a course.toml, found upward from here.

    \b
    Example:
      autograder grade normal_equation submissions/
    """
