"""Text for a terminal is harmless, and no line is too wide."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from autograder.report.layout import Prose, between, clean, paragraph, wrap
from tests.report.screen import on_screen

ENGLISH = "The gradient of the ridge objective (with its penalty) vanishes at the answer, whatever the scale is."
CHINESE = "无论数据的尺度如何，岭回归（带惩罚项）的目标函数 n * lam 的梯度，在所求解处为零；“截距”除外。"


@pytest.mark.parametrize("width", range(10, 90, 7))
@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH + CHINESE, "x" * 200, "路径" * 50])
def test_wrap_loses_nothing_and_is_never_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", range(20, 60))
def test_wrap_keeps_chinese_punctuation_with_its_word(width: int) -> None:
    for line in wrap(CHINESE * 2, width):
        assert line[0] not in "，。；：）”、"
        assert line[-1] not in "（“"


def test_wrap_fills_a_line_that_mixes_languages() -> None:
    lines = wrap("岭回归的梯度" * 8 + " numpy.linalg.lstsq", 40)
    assert [cell_len(line) for line in lines[:2]] == [40, 40]


def test_wrap_cuts_a_long_name_at_a_joint() -> None:
    assert wrap("penalised_intercept", 16) == ["penalised_", "intercept"]


def test_wrap_leaves_columns_that_fit_alone() -> None:
    table = "  index    actual    desired\n  (0, 3)   0.250000  0.231969"
    assert wrap(table, 40) == table.split("\n")


def test_wrap_indents_what_is_left_of_a_line_as_its_beginning() -> None:
    assert all(line.startswith("    ") for line in wrap("    " + ENGLISH, 40))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(8, 40))
def test_wrap_of_any_text_is_never_too_wide(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(clean(text), width))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x1bPdevice\x1b\\after", "after"),
        ("bell\x07 back\x08 null\x00 del\x7f", "bell back null del"),
        ("over\rwrite", "over\nwrite"),
        ("dos\r\nline", "dos\nline"),
        ("\u202egnp.exe\u2066", "gnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone\udc80", "lone\ufffd"),
        ("a\tb", "a   b"),
        ("\u2028", "\n"),
        ("ends with \x1b", "ends with "),
        ("[bold]text[/bold]", "[bold]text[/bold]"),
    ],
)
def test_clean_leaves_nothing_to_act_upon(text: str, left: str) -> None:
    assert clean(text) == left


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=0x2100), max_size=40))
def test_clean_leaves_no_control_but_the_line_end(text: str) -> None:
    assert not [char for char in clean(text) if char != "\n" and (ord(char) < 32 or 127 <= ord(char) < 160)]


def test_between_sets_the_right_side_flush() -> None:
    lines = [line.plain for line in between(ENGLISH, "5 / 20", 60, indent=4)]
    assert lines[0].endswith(" 5 / 20") and cell_len(lines[0]) == 60
    assert lines[1].startswith("    ") and not lines[1].startswith("     ")


def test_paragraph_indents_all_but_the_first_line() -> None:
    lines = [line.plain for line in paragraph(ENGLISH, 40, first="  - ", indent=4)]
    assert lines[0].startswith("  - The") and all(line.startswith("    ") for line in lines[1:])


def test_prose_wraps_chinese_in_a_cell() -> None:
    lines = on_screen(Prose(CHINESE, 10), 30).splitlines()
    assert len(lines) > 2 and all(cell_len(line) <= 30 for line in lines)
