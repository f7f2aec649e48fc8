"""What one student reads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from autograder.records import Finding, Status
from autograder.report import feedback, number
from autograder.text import Bilingual, Lang, Message
from tests.report.samples import DIAGNOSIS, HINT, assertion, assignment, check, eventful, not_written, result
from tests.report.screen import on_screen


def shown(made: object, lang: Lang = "en", instructor: bool = False, width: int = 80) -> str:
    return on_screen(feedback(made, assignment(), lang, instructor), width)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("instructor", [False, True])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_feedback_fits_the_terminal(lang: Lang, instructor: bool, width: int) -> None:
    assert max(cell_len(line) for line in shown(eventful(), lang, instructor, width).splitlines()) <= width


def test_feedback_says_how_much_hidden_checks_decided() -> None:
    assert "60 of 100 points were decided by hidden checks: 20 earned." in shown(eventful())
    assert "100 分中有 60 分由隐藏测试决定：得到 20 分。" in shown(eventful(), "zh")


def test_feedback_counts_no_skipped_check_as_decided() -> None:
    skipped = check(Status.SKIPPED, hidden=True, max_points=0.0)
    assert "20 of 20 points were decided by hidden checks" in shown(result(skipped, check(hidden=True)))


def test_feedback_of_public_checks_alone_speaks_of_no_hidden_ones() -> None:
    assert "hidden" not in shown(result(check()))


def test_feedback_shows_failures_first() -> None:
    text = shown(result(check(title=Bilingual("good", "好")), check(Status.FAILED, title=Bilingual("bad", "差"))))
    assert text.index("✗ failed · bad") < text.index("✓ passed · good")


def test_feedback_keeps_the_parts_in_the_manifests_order() -> None:
    text = shown(result(check(part="ridge"), check(part="qr")))
    assert text.index("qr · Least squares") < text.index("ridge · Ridge")


def test_feedback_shows_a_part_that_the_manifest_no_longer_has() -> None:
    assert "former" in shown(result(check(part="former")))


def test_feedback_names_the_misconception_with_explanation_and_hint() -> None:
    text = " ".join(shown(result(check(Status.FAILED, diagnosis=DIAGNOSIS, hint=HINT))).split())
    assert f"Known mistake (penalised_intercept): {DIAGNOSIS.explanation.en}" in text
    assert f"Hint: {DIAGNOSIS.hint.en}" in text and f"Hint: {HINT.en}" in text


def test_feedback_says_the_same_hint_once() -> None:
    assert shown(result(check(Status.FAILED, diagnosis=replace(DIAGNOSIS, hint=HINT), hint=HINT))).count("Hint:") == 1


@pytest.mark.parametrize("status", list(Status))
def test_feedback_gives_a_hint_where_there_was_a_wrong_or_slow_answer(status: Status) -> None:
    assert ("Hint:" in shown(result(check(status, hint=HINT)))) is (status in (Status.FAILED, Status.TIMEOUT))


def test_feedback_is_brief_about_a_part_that_passed_as_a_whole() -> None:
    made = result(check(), check(hidden=True), check(Status.FAILED, part="qr"), check(part="qr"))
    assert "  ✓ passed · all checks of this part (2)\n" in shown(made)
    assert "all checks" not in shown(made, instructor=True)
    assert "  ✓ 通过 · 这一部分的全部测试（2 项）\n" in shown(made, "zh")


def test_feedback_takes_student_text_for_no_markup() -> None:
    hostile = "[bold red]100 points[/bold red] :smile: [link=http://example.org]x[/link] [/]"
    text = shown(result(check(Status.FAILED, message=assertion(hostile), output=hostile), output=hostile), width=200)
    assert text.count(hostile) == 3


def test_feedback_lets_no_escape_through() -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07\x9b1m\x08"
    made = result(check(Status.FAILED, message=assertion(hostile), output=hostile), output=hostile,
                  student=f"student{hostile}", problems=(assertion(hostile),), started=hostile)  # fmt: skip
    for instructor in (False, True):
        text = shown(made, instructor=instructor)
        assert not [char for char in text if char != "\n" and (ord(char) < 32 or 127 <= ord(char) < 160)]


def test_feedback_marks_every_line_of_output() -> None:
    fake = "ridge · Ridge regression   60 / 60\n" + "x" * 300
    lines = shown(result(check(), output=fake)).splitlines()
    assert [line for line in lines if "60 / 60" in line] == ["│ ridge · Ridge regression   60 / 60"]
    assert all(line.startswith("│ ") for line in lines if "xxx" in line)


def test_feedback_cuts_a_flood_and_counts_what_it_cut() -> None:
    text = shown(eventful())
    assert "loss at step 19" in text and "loss at step 20" not in text and "... 20 more lines" in text
    assert "loss at step 39" in shown(eventful(), instructor=True)


def test_feedback_says_once_what_is_the_same_for_many_cases() -> None:
    cases = [check(Status.FAILED, hidden=True, check=f"test_hidden.py::test[{i}]", hint=HINT) for i in range(4)]
    text = shown(result(*cases))
    assert text.count("Hint:") == 1 and "(×4)" in text and "0 / 80" in text
    assert shown(result(*cases), instructor=True).count("test_hidden.py::test[") == 4


def test_feedback_tells_whose_fault_an_error_is() -> None:
    made = result(check(Status.ERROR))
    assert "A fault of the grader, not yours" in shown(made) and "评分系统出现了错误" in shown(made, "zh")
    assert "A fault of the grader" not in shown(eventful())


def test_feedback_stamps_an_unsafe_result() -> None:
    assert "Graded without a wall (tier unsafe)" in shown(result(check(), tier="unsafe"))
    assert "without a wall" not in shown(result(check()))


def test_feedback_says_what_is_forbidden_and_what_it_costs() -> None:
    zero = Finding("qr", "forbid_calls", "numpy.linalg.pinv", "a.ipynb", 3, 7, "zero")
    flag = replace(zero, action="flag", cell=None, evasive=True)
    text = " ".join(shown(result(check(), findings=(zero, flag))).split())
    assert "numpy.linalg.pinv in a.ipynb, cell 3, line 7: this part (qr) gets no points" in text
    assert "numpy.linalg.pinv in a.ipynb, line 7 (reached by a detour): the instructor is told (qr)" in text


@pytest.mark.parametrize("status", list(Status))
def test_feedback_has_a_chinese_word_for_every_status(status: Status) -> None:
    text = shown(result(check(status)), "zh")
    assert status.value not in text


@pytest.mark.parametrize(("points", "said"), [(5.0, "5"), (7.5, "7.5"), (10 / 3, "3.33"), (0.0, "0"), (100, "100"),
                                              (-0.0, "0"), (29.999999999, "30")])  # fmt: skip
def test_number_shows_points_without_needless_zeros(points: float, said: str) -> None:
    assert number(points) == said


def test_feedback_on_untouched_work_is_a_line_per_part() -> None:
    made = result(*(
        check(Status.FAILED, hidden, part=part, hint=HINT, message=not_written(name), student_message=not_written(name))
        for part, name in (("qr", "lstsq_qr"), ("ridge", "ridge")) for hidden in (False, True)
    ))  # fmt: skip
    text = shown(made)
    assert "not written yet · 0 of 80 points" in text and "✗" not in text and "Hint" not in text
    assert re.search(r"\n  ○ not written yet · lstsq_qr +0 / 40\n", text)
    assert "○ 还没有写 · ridge" in shown(made, "zh")
    assert shown(made, instructor=True).count("not written yet") == 5  # the instructor sees each check


def test_feedback_keeps_what_waits_for_something_wrong() -> None:
    title = Bilingual("first", "先")
    waiting = Message("check.blocked", {"name": "x", "title_en": "first", "title_zh": "先"})
    assert "- blocked" in shown(result(check(Status.FAILED, title=title), check(Status.BLOCKED, message=waiting)))
    empty = check(Status.FAILED, title=title, message=not_written("ridge"))
    assert "blocked" not in shown(result(empty, check(Status.BLOCKED, message=waiting)))


def test_feedback_explains_a_mistake_once_in_a_part() -> None:
    failed = [check(Status.FAILED, diagnosis=DIAGNOSIS, title=Bilingual(str(i), str(i))) for i in range(3)]
    text = shown(result(*failed), width=200)
    assert text.count(DIAGNOSIS.explanation.en) == 1
    assert text.count("Known mistake (penalised_intercept), as above.") == 2
