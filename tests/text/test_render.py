"""Messages become text: aligned, wrapped, and never an exception."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.text import Lang, Message, render
from autograder.text.render import display_width

ROW = {"index": "0", "actual": "1", "desired": "2", "diff": "3"}
PLAIN = "text.plain"


def plain(text: str, *lines: Message) -> Message:
    return Message(PLAIN, {"text": text}, lines)


def test_render_shows_a_message_in_both_languages() -> None:
    message = Message("array.shape", {"name": "w", "actual": "(2,)", "desired": "(3,)"})
    assert render(message, "en") == "w: shape (2,), wanted (3,)"
    assert render(message, "zh") == "w：形状为 (2,)，应为 (3,)"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_render_aligns_columns_by_display_width(lang: Lang) -> None:
    rows = (Message("close.header"), Message("table.row", ROW | {"actual": "1234567890"}), Message("table.row", ROW))
    lines = render(plain("x", *rows), lang).splitlines()[1:]
    starts = [[display_width(line[:i]) for i in range(1, len(line)) if line[i] != " " == line[i - 1]] for line in lines]
    assert starts[0] == starts[1] == starts[2] and len(starts[0]) == 4
    assert all(line == line.rstrip() for line in lines)


def test_render_aligns_labels_with_tables() -> None:
    lines = (Message("close.header"), Message("table.row", ROW), Message("table.likely", {"en": "it is", "zh": "是"}))
    assert render(plain("x", *lines), "en").splitlines()[1:] == [
        "  index   actual  desired  |diff|",
        "  0       1       2        3",
        "  likely  it is",
    ]


def test_render_indents_lines_of_lines() -> None:
    assert render(plain("a", plain("b", plain("c")), plain("d")), "en") == "a\n  b\n    c\n  d"


def test_render_indents_further_lines_of_a_value() -> None:
    assert render(plain("a\nb", plain("c\nd")), "en") == "a\nb\n  c\n  d"
    likely = Message("table.likely", {"en": "one\ntwo", "zh": ""})
    assert render(plain("a", likely), "en") == "a\n  likely  one\n          two"


@pytest.mark.parametrize("value", ["{name}", "a\tb", "{0.__class__}", "%s", "\\n", "", "}{"])
def test_render_takes_values_as_they_are(value: str) -> None:
    assert render(plain("x", Message("table.likely", {"en": value, "zh": value})), "en") == f"x\n  likely  {value}"


def test_render_shows_a_message_that_it_does_not_know() -> None:
    assert render(Message("later.key", {"a": 1, "b": "x"}), "zh") == "later.key: a=1, b=x"
    assert render(Message("later.key"), "en") == "later.key"
    assert render(Message("array.shape", {"name": "w"}), "en") == "array.shape: name=w"


def test_render_wraps_at_spaces() -> None:
    text = "the residual is not orthogonal to the columns of X"
    assert render(plain(text, plain(text)), "en", width=30).splitlines() == [
        "the residual is not orthogonal",
        "to the columns of X",
        "  the residual is not",
        "  orthogonal to the columns of",
        "  X",
    ]
    likely = Message("table.likely", {"en": text, "zh": text})
    assert render(plain("x", likely), "en", width=30).splitlines()[1:] == [
        "  likely  the residual is not",
        "          orthogonal to the",
        "          columns of X",
    ]


def test_render_wraps_chinese_anywhere_but_before_punctuation() -> None:
    text = "残差与每一列正交，在舍入误差之内应当为零。岭回归解处的梯度为零"
    lines = render(plain(text), "zh", width=20).splitlines()
    assert "".join(lines) == text
    assert all(display_width(line) <= 20 for line in lines)
    assert not any(line[0] in "，。" for line in lines)


def test_render_breaks_a_word_that_is_too_long() -> None:
    lines = render(plain("x" * 50 + " y"), "en", width=20).splitlines()
    assert lines == ["x" * 20, "x" * 20, "x" * 10 + " y"]


def test_render_never_wraps_tables() -> None:
    row = Message("table.row", ROW | {"actual": "1" * 50})
    assert len(render(plain("x", row), "en", width=20).splitlines()) == 2


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("残差", 4), ("e\u0301", 1), ("κ", 1), ("，", 2), ("", 0)])
def test_display_width_counts_columns(text: str, width: int) -> None:
    assert display_width(text) == width


def test_author_api_is_light_to_import() -> None:
    code = "import sys, autograder.judge; print([m for m in ('pytest', 'scipy', 'babel', 'torch') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
