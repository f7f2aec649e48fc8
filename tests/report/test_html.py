"""What one student reads on a page or under a notebook's cell."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from autograder.records import CheckResult, Result, Status
from autograder.report import feedback_html
from autograder.text import Bilingual, Lang, Message
from tests.report.samples import DIAGNOSIS, HINT, assertion, assignment, check, eventful, not_written, result
from tests.report.test_secrets import LEAKY, SECRET

HOSTILE = "</style></pre><script>alert(1)</script> & <img src=x onerror=alert(1)> &lt; \"quoted\" $x$ [/] 'y'"
TABLE = Message(
    "close.differ",
    {"name": "theta", "count": 1, "total": 4, "percent": "25.0%"},
    (
        Message("close.header"),
        Message("table.row", {"index": "(0, 0)", "actual": "6.25", "desired": "0.25", "diff": "6.0e+00"}),
        Message("close.allowed", {"atol": "0", "rtol": "1e-12"}),
    ),
)


def tree(made: Result, lang: Lang = "en", **options: object) -> ElementTree.Element:
    """Return the fragment parsed strictly: whatever is not escaped or not closed is an error."""
    return ElementTree.fromstring(feedback_html(made, assignment(), lang, **options))


def text(made: Result, lang: Lang = "en", **options: object) -> str:
    """Return what is read, style left out."""
    root = tree(made, lang, **options)
    root.find("style").text = ""
    return "".join(root.itertext())


def classes(root: ElementTree.Element) -> list[str]:
    return [name for element in root.iter() for name in element.get("class", "").split()]


def having(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def hostile() -> Result:
    return result(
        check(Status.FAILED, message=assertion(HOSTILE), output=HOSTILE, detail=HOSTILE, check=HOSTILE),
        check(Status.FAILED, part="qr", message=not_written(HOSTILE)),
        check(part=HOSTILE),
        student=HOSTILE, output=HOSTILE, problems=(assertion(HOSTILE),), started=HOSTILE, tier=HOSTILE,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("instructor", [False, True])
@pytest.mark.parametrize(
    "made", [eventful(), hostile(), LEAKY, result()], ids=["eventful", "hostile", "leaky", "empty"]
)
def test_html_is_made_of_harmless_elements_alone(made: Result, lang: Lang, instructor: bool) -> None:
    root = tree(made, lang, instructor=instructor)
    tags = {"div", "style", "p", "pre", "span", "strong", "code", "bdi", "details", "summary", "ul", "li"}
    assert {element.tag for element in root.iter()} <= tags
    # No id, no style, no href, no handler.
    assert {name for element in root.iter() for name in element.attrib} <= {"class", "lang"}
    assert root.get("lang") == {"en": "en", "zh": "zh-CN"}[lang]


def test_html_shows_hostile_text_as_it_was_written() -> None:
    assert text(hostile()).count(HOSTILE) == 7
    # The names of student and check, and the detail; but the line of the unwritten function is folded.
    assert text(hostile(), instructor=True).count(HOSTILE) == 7 + 3 - 1


def test_html_lets_nothing_invisible_through() -> None:
    tricks = "\x1b[31mred\x1b[0m \u202etxt\u202c \u200b\x08\x00\ud800"
    made = result(check(Status.FAILED, message=assertion(tricks), output=tricks), output=tricks)
    shown = text(made)
    assert shown.count("red txt ") == 3
    assert not re.search("[\x00-\x09\x0b-\x1f\u200b\u202c\u202e\ud800]", shown)


def test_html_leaves_formulas_to_no_typesetter() -> None:
    root = tree(result(check(title=Bilingual("$X^T X$ is `symmetric`.", "$X^T X$ 对称。"))))
    assert {"tex2jax_ignore", "mathjax_ignore"} <= set(classes(root))
    assert "$X^T X$" in "".join(root.itertext()) and root.find(".//code").text == "symmetric"


def test_html_style_touches_nothing_else_and_loads_nothing() -> None:
    style = re.sub(r"/\*.*?\*/", "", tree(result()).find("style").text)
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{", style) for one in rule.split(",")]
    assert len(selectors) > 20 and all(re.match(r"div\.autograder\b", selector) for selector in selectors)
    assert not re.search(r"url|@import|expression|position", style)


def luminance(colour: tuple[float, ...]) -> float:
    """Return the relative luminance of WCAG 2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(colour: tuple[float, ...], share: float, other: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(share * a + (1 - share) * b for a, b in zip(colour, other, strict=True))


def parsed(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


@pytest.mark.parametrize(("page", "ink"), [("#ffffff", "#000000"), ("#ffffff", "#333333"), ("#111111", "#ffffff"),
                                           ("#111111", "#cccccc")])  # fmt: skip
def test_html_colours_can_be_read_on_light_and_dark_pages(page: str, ink: str) -> None:
    css = resources.files("autograder.report").joinpath("feedback.css").read_text()
    tones = re.findall(r"--ag-tone: (#[0-9a-f]{6})", css)
    [word] = re.findall(r" color: color-mix\(in srgb, var\(--ag-tone\) (\d+)%, currentColor\)", css)
    [quiet] = re.findall(r" color: color-mix\(in srgb, currentColor (\d+)%, transparent\)", css)
    inks = [mixed(parsed(tone), int(word) / 100, parsed(ink)) for tone in tones]
    inks.append(mixed(parsed(ink), int(quiet) / 100, parsed(page)))
    for shown in inks:
        dark, light = sorted((luminance(shown), luminance(parsed(page))))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, shown
    assert len(tones) >= 5


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_html_says_the_status_in_words(status: Status, lang: Lang) -> None:
    words = {"passed": "通过", "skipped": "跳过", "blocked": "受阻", "failed": "未通过", "timeout": "超时",
             "crashed": "崩溃", "violation": "违规", "error": "系统错误"}  # fmt: skip
    word = words[status] if lang == "zh" else status.value
    assert all(shown.text.endswith(f" {word}") for shown in having(tree(result(check(status)), lang), "ag-word")[:1])
    assert text(result(check(status)), lang).count(word) >= 2  # of the whole, and of the check


def test_html_shows_failures_first_and_folds_what_passed() -> None:
    passed = [check(title=Bilingual(f"good {i}", f"好 {i}")) for i in range(2)]
    root = tree(result(*passed, check(Status.FAILED, title=Bilingual("bad", "差"))))
    fold = root.find(".//details")
    assert "open" not in fold.attrib
    assert "".join(fold.find("summary").itertext()) == "✓ passed · 2 checks 40 / 40"
    assert "good 0" in "".join(fold.itertext()) and "bad" not in "".join(fold.itertext())
    whole = "".join(root.itertext())
    assert whole.index("bad") < whole.index("good 0")


def test_html_says_when_a_part_passed_as_a_whole() -> None:
    assert "✓ passed · all checks of this part (2) 40 / 40" in text(result(check(), check(hidden=True)))


def test_html_sets_numbers_in_columns() -> None:
    root = tree(result(check(Status.FAILED, message=TABLE)))
    assert root.find(".//pre").text.split("\n") == [
        "index    actual  desired  |diff|",
        "(0, 0)   6.25    0.25     6.0e+00",
        "allowed  |diff| <= 0 + 1e-12 * |desired|",
    ]
    assert "theta: 1 of 4 entries differ (25.0%)" in "".join(root.itertext())


def test_html_gives_a_chinese_character_two_columns() -> None:
    [rows] = tree(result(check(Status.FAILED, message=TABLE)), "zh").findall(".//pre")
    assert [wide.text for wide in having(rows, "ag-wide")][:4] == ["下标", "实际值", "期望值", "差"]
    assert "".join(rows.itertext()).split("\n")[0] == "下标    实际值  期望值  |差|"


def test_html_sets_a_known_mistake_off_with_its_own_hint() -> None:
    root = tree(result(check(Status.FAILED, diagnosis=DIAGNOSIS, hint=HINT)))
    [known] = having(root, "ag-known")
    said = "".join(known.itertext())
    assert said == (f"Known mistake (penalised_intercept): {DIAGNOSIS.explanation.en}Hint: {DIAGNOSIS.hint.en}")
    assert f"Hint: {HINT.en}" in "".join(root.itertext())


def test_html_explains_a_mistake_once_in_a_part() -> None:
    failed = [check(Status.FAILED, diagnosis=DIAGNOSIS, title=Bilingual(str(i), str(i))) for i in range(3)]
    root = tree(result(*failed, replace(failed[0], part="qr")))
    assert len(having(root, "ag-known")) == 2
    assert "".join(root.itertext()).count("Known mistake (penalised_intercept), as above.") == 2


def test_html_marks_what_was_printed_and_cuts_a_flood() -> None:
    output = tree(eventful()).findall(".//pre")[1]
    assert output.get("class") == "ag-output"
    assert output.text.endswith("loss at step 19: 0.050000\n... 20 more lines")
    assert "loss at step 39" in text(eventful(), instructor=True)


def test_html_says_how_much_hidden_checks_decided() -> None:
    assert "60 of 100 points were decided by hidden checks: 20 earned." in text(eventful())
    assert "40 of 60 points were decided by hidden checks: 0 earned." in text(eventful(), parts=["ridge"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_html_holds_nothing_hidden(lang: Lang) -> None:
    page = feedback_html(LEAKY, assignment(), lang)
    assert SECRET not in page and "test_hidden" not in page
    assert "ValueError" in page and "mine" in page
    assert feedback_html(LEAKY, assignment(), lang, instructor=True).count(f"test_ridge[{SECRET}]") == len(Status)


def test_html_names_the_student_to_the_instructor_alone() -> None:
    assert "student-07" not in text(eventful())
    assert "student-07" in text(eventful(), instructor=True)


def test_html_of_one_part_speaks_of_this_part_alone() -> None:
    shown = text(eventful(), parts=["ridge"])
    assert shown.startswith("ridge · Ridge regression✗ failed · 0 of 60 points")
    assert shown.count("Ridge regression") == 1 and "qr" not in shown.split("Known mistake")[0].split("loaded")[1]


def untouched(*more: CheckResult, **changes: object) -> Result:
    names = (("qr", "lstsq_qr"), ("qr", "solve"), ("ridge", "ridge"))
    empty = [
        check(Status.FAILED, hidden, part=part, title=Bilingual(name, name), hint=HINT, message=not_written(name),
              student_message=not_written(name))
        for part, name in names for hidden in (False, True)
    ]  # fmt: skip
    return result(*empty, *more, **changes)


def test_html_of_untouched_work_is_a_grey_line_per_part() -> None:
    waiting = Message("check.blocked", {"name": "x", "title_en": "solve", "title_zh": "solve"})
    made = untouched(check(Status.BLOCKED, part="qr", message=waiting, title=Bilingual("waits", "等")))
    root = tree(made)
    assert [("".join(line.itertext())) for line in having(root, "ag-entry")] == [
        "○ not written yet · lstsq_qr, solve 0 / 100",
        "○ not written yet · ridge 0 / 40",
    ]
    assert not {"ag-red", "ag-yellow"} & set(classes(root))
    assert text(made).startswith("Linear regression by least squares○ not written yet · 0 of 140 points")
    assert "○ 还没有写 · ridge" in text(made, "zh")


def test_html_tells_unwritten_from_wrong_and_from_half_done() -> None:
    assert "✗ failed · 0 of" in text(untouched(check(Status.FAILED)))
    assert "○ not finished yet · 20 of" in text(untouched(check()))


def test_html_shows_what_an_unwritten_function_printed() -> None:
    made = result(check(Status.FAILED, message=not_written("ridge"), output="X is (3, 2)"))
    assert "not written yet" in text(made) and "X is (3, 2)" in text(made)


def test_html_of_a_notebook_claims_no_wall_and_counts_what_is_hidden() -> None:
    made = result(check(), check(part="qr"), tier="notebook", started="")
    assert "passed · 40 of 40 points here" in text(made)
    assert "60 more points are decided by hidden checks when your work is graded." in text(made)
    assert "20 more points are decided" in text(made, parts=["qr"])
    assert "另有 60 分在正式评分时由隐藏测试决定。" in text(made, "zh")
    assert "public checks only" in text(made) and "tier" not in text(made)


def test_html_of_a_notebook_without_hidden_checks_speaks_of_none() -> None:
    made = result(check(max_points=40, part="qr"), tier="notebook")
    assert "hidden" not in text(made, parts=["qr"])


def test_html_headings_stand_before_what_they_head() -> None:
    shown = text(eventful())
    order = ["Linear regression", "failed", "While the file", "Printed while", "Forbidden", "qr ·", "ridge ·", "Graded"]
    assert all(a < b for a, b in pairwise(shown.index(word) for word in order))


def test_views_for_a_notebook_import_neither_worker_nor_store() -> None:
    code = (
        "import sys, autograder.report; "
        "print(*sorted({'autograder.worker', 'autograder.judge', 'sqlalchemy', 'fcntl', 'resource'} & {*sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "\n"
