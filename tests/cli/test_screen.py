"""Progress on stderr, results on stdout, whatever these are."""

from __future__ import annotations

import io
import sys

import pytest
from rich.text import Text

from autograder.cli.screen import progress, show
from tests.report.samples import check, result


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_a_bar_with_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with progress(3) as advance:
        for _ in range(3):
            advance(result(check()), False)
    shown = terminal.getvalue()
    assert "grading" in shown and "3/3" in shown and "left" in shown and "0:00:00" in shown


def test_progress_in_a_log_is_silent_where_it_is_quick(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(2) as advance:
        advance(result(check()), False)
    assert capsys.readouterr() == ("", "")


def test_show_survives_an_encoding_without_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))
    show(Text("✗ failed [b]not markup[/b] :smile:"))
    sys.stdout.flush()
    assert raw.getvalue() == b"? failed [b]not markup[/b] :smile:\n"
