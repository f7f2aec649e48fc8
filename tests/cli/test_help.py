"""Every command and every option says what it is for."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import click
import pytest

from autograder import __version__
from autograder.cli import main
from autograder.cli.group import COMMANDS
from tests.cli.conftest import run

VERBS = {"Audit", "Prove", "Grade", "Show", "List", "Check", "Generate", "Look", "Write", "Use", "Lay"}
ALL = (*COMMANDS, "nbgrader init", "nbgrader push")


def command(name: str) -> click.Command:
    found: click.Command = main
    for word in name.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), word)
        assert inner is not None
        found = inner
    return found


def test_help_lists_every_command() -> None:
    listed = re.findall(r"^  (\w+)  +\w", run("--help").stdout.split("Commands:")[1], re.MULTILINE)
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("name", ALL)
def test_help_of_a_command_begins_with_a_verb(name: str) -> None:
    assert (command(name).help or "").split()[0] in VERBS
    assert command(name).get_short_help_str(80).split()[0] in VERBS


@pytest.mark.parametrize("name", ALL)
def test_help_of_a_command_fits_a_line_of_the_list(name: str) -> None:
    assert not command(name).get_short_help_str(60).endswith("...")


@pytest.mark.parametrize("name", ["", *ALL])
def test_help_explains_every_option(name: str) -> None:
    looked_at = command(name) if name else main
    options = [parameter for parameter in looked_at.params if isinstance(parameter, click.Option)]
    assert options
    for option in options:
        assert option.help and option.help.endswith((".", "]")), option.name
        if not option.is_flag and not isinstance(option.type, click.Choice):
            assert option.metavar and option.metavar.isupper(), option.name


@pytest.mark.parametrize("name", ALL)
def test_help_speaks_of_every_argument(name: str) -> None:
    for argument in command(name).params:
        if isinstance(argument, click.Argument):
            assert argument.metavar is not None and argument.metavar.isupper()
            assert argument.metavar.strip("[].") in (command(name).help or "")


@pytest.mark.parametrize("name", ALL)
def test_help_shows_defaults(name: str) -> None:
    """An option with a value says what happens without it."""
    text = " ".join(run(*name.split(), "--help").stdout.split("Options:")[1].split())
    for option in command(name).params:
        if (
            isinstance(option, click.Option)
            and not option.is_flag
            and option.name not in ("students", "target", "part")
        ):
            described = text.split(f"{option.opts[-1]} ")[1].split(" --")[0]
            assert "[default:" in described, option.name


@pytest.mark.parametrize("name", ALL)
def test_help_holds_an_example_that_the_command_takes(name: str) -> None:
    example = re.search(rf"Example:\n\s+autograder {name}\b(.*)", run(*name.split(), "--help").stdout)
    assert example is not None
    command(name).make_context(name, shlex.split(example[1]))  # raises if it cannot be parsed


@pytest.mark.parametrize("name", ["list", "check", "grade", "show", "audit", "doctor", "nbgrader push"])
def test_help_offers_json_where_there_are_data(name: str) -> None:
    assert "--json" in run(*name.split(), "--help").stdout


@pytest.mark.parametrize("name", ["", *ALL])
def test_help_fits_80_columns(name: str) -> None:
    assert max(map(len, run(*name.split(), "--help").stdout.splitlines())) <= 80


def test_version_is_the_packages() -> None:
    assert run("--version").stdout == f"autograder {__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    """What makes `--help` quick; the time itself is the machine's business."""
    script = (
        "import sys; from autograder.cli import main; main(['-h'], standalone_mode=False); print(sorted(sys.modules))"
    )
    modules = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    for heavy in ("numpy", "sqlalchemy", "rich", "pytest", "IPython", "nbformat"):
        assert f"'{heavy}'" not in modules
