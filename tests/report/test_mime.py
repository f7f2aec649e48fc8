"""The forms of a result that a notebook keeps."""

from __future__ import annotations

import json

import nbformat.v4
import pytest

from autograder.records import Status
from autograder.report import MIME_TYPE, feedback, feedback_html, mime_bundle, result_json
from autograder.text import Lang
from tests.report.samples import assignment, check, eventful, not_written, result
from tests.report.screen import on_screen
from tests.report.test_secrets import LEAKY, SECRET


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bundle_says_the_same_in_each_form(lang: Lang) -> None:
    bundle = mime_bundle(eventful(), assignment(), lang)
    terminal = on_screen(feedback(eventful(), assignment(), lang)).splitlines()
    assert bundle["text/plain"].splitlines() == [line.rstrip() for line in terminal]
    assert bundle["text/html"] == feedback_html(eventful(), assignment(), lang)
    assert bundle[MIME_TYPE] == result_json(eventful())


def test_bundle_can_be_kept_in_a_notebook() -> None:
    output = nbformat.v4.new_output("display_data", data=mime_bundle(eventful(), assignment(), "zh"))
    cell = nbformat.v4.new_code_cell("check()", outputs=[output])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    json.dumps(output, allow_nan=False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bundle_holds_nothing_hidden(lang: Lang) -> None:
    kept = json.dumps(mime_bundle(LEAKY, assignment(), lang))
    assert SECRET not in kept and "test_hidden" not in kept and "mine" in kept


def test_bundle_of_one_part_holds_this_part_alone() -> None:
    bundle = mime_bundle(eventful(), assignment(), "en", parts=["qr"])
    assert bundle["text/plain"].startswith("qr · Least squares")
    assert "Ridge" not in bundle["text/plain"] + bundle["text/html"]
    assert {shown["part"] for shown in bundle[MIME_TYPE]["checks"]} == {"qr"}
    assert (bundle[MIME_TYPE]["points"], bundle[MIME_TYPE]["max_points"]) == (40, 40)


def test_bundle_while_checks_run_tells_how_many_have() -> None:
    made = result(check(), check(Status.FAILED, part="qr"), check(), tier="notebook")
    for lang, said in (("en", "running · 3 of 7 checks have run"), ("zh", "运行中 · 已运行 3/7 项检查")):
        bundle = mime_bundle(made, assignment(), lang, running=4)
        assert said in bundle["text/plain"]
        assert said.partition(" · ")[2] in bundle["text/html"]
        assert "all checks" not in bundle["text/plain"] + bundle["text/html"]
    # How many points are hidden is known once all checks have run.
    assert "when your work is graded" not in mime_bundle(made, assignment(), "en", running=4)["text/plain"]
    assert "when your work is graded" in mime_bundle(made, assignment(), "en")["text/plain"]


def test_bundle_before_the_first_check_is_headed_by_its_part() -> None:
    started = result(tier="notebook", student="")
    bundle = mime_bundle(started, assignment(), "en", parts=["ridge"], running=2)
    assert bundle["text/plain"] == "ridge · Ridge regression\nrunning · 0 of 2 checks have run"


def test_bundle_of_an_untouched_part_is_short() -> None:
    made = result(*[check(Status.FAILED, message=not_written("ridge"))] * 3, tier="notebook", student="")
    lines = mime_bundle(made, assignment(), "zh", parts=["ridge"])["text/plain"].splitlines()
    assert [line.split("   ")[0].strip() for line in lines] == [
        "ridge · 岭回归",
        "还没有写 · 此处得 0 / 60 分",
        "",
        "○ 还没有写 · ridge",
        "",
        "在你自己的电脑上检查，仅运行了公开测试。",
    ]
