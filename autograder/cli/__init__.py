"""The command line: one file per command."""

from autograder.cli.group import main

__all__ = ["main"]
