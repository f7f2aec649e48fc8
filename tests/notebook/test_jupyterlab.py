"""Checks as a student meets them: in JupyterLab, in a browser, by keyboard."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course import find_course, load_assignment
from autograder.course.source import read_source
from autograder.report.mime import MIME_TYPE
from tests.browser import browser
from tests.notebook.conftest import ROOT
from tests.notebook.jupyter import PATIENCE, Lab, bundles, jupyterlab, open_notebook, read_notebook, wrong
from tests.notebook.looks import contrasts, outside

pytestmark = pytest.mark.browser
SOLVED = {cell.grade_id: cell.text for cell in read_source(load_assignment(find_course(ROOT), "irls"))}
ENDLESS = "def bce_with_logits(z, y):\n    while True:\n        pass"
SLOW = """import time
def sigmoid(*args, **kwargs):
    time.sleep(0.4)
    return np.zeros(3)
bce_with_logits = gradient = hessian = irls = odds_ratios = sigmoid"""
# Keeps, in the page, what an output area showed at any time, and how many outputs it had.
WATCH = """cell => {
    window.seen = []; window.most = 0;
    new MutationObserver(() => {
        const areas = cell.querySelectorAll('div.autograder');
        window.most = Math.max(window.most, areas.length);
        for (const area of areas) window.seen.push(area.innerText);
    }).observe(cell, {childList: true, subtree: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def desk(handout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's copy of what was handed out."""
    return Path(shutil.copytree(handout, tmp_path_factory.mktemp("desk") / "course"))


@pytest.fixture(scope="module")
def url(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with jupyterlab(desk, tmp_path_factory.mktemp("jupyter")) as address:
        yield address


@pytest.fixture
def lab(url: str, handout: Path, desk: Path, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """`irls` open, its first cell run and `sigmoid` right; by a parameter, the notebook in Chinese."""
    name = getattr(request, "param", "irls.ipynb")
    with browser() as page:
        fresh = Path(shutil.copy(handout / "irls" / name, desk / "irls"))
        lab = open_notebook(page, url, fresh, desk)
        lab.run(next(cell for cell in lab.ids if cell.startswith("002-")))
        lab.type("sigmoid", SOLVED["sigmoid"])
        lab.run("sigmoid")
        yield lab


def answer(lab: Lab, source: str) -> str:
    """Write an answer, run it and its check, and return what is to be seen below the check."""
    lab.type("bce_with_logits", source)
    lab.run("bce_with_logits", "test_loss")
    assert lab.result("test_loss").count() == 1
    text: str = lab.result("test_loss").inner_text()
    return text


def test_wrong_answer_is_explained_and_the_right_one_passes_in_its_place(lab: Lab, desk: Path) -> None:
    said = answer(lab, wrong(SOLVED["bce_with_logits"]))
    assert "✗ failed · 2 of 4 points here" in said
    assert "bce_with_logits: 2.07944, wanted 1.03972" in said
    assert "Your loss equals the true one times n: it is the sum over the samples, not their mean." in said
    assert "Hint: " in said
    assert "16 more points are decided by hidden checks" in said
    said = answer(lab, SOLVED["bce_with_logits"])
    assert "✓ passed · 4 of 4 points here" in said
    assert "Known mistake" not in said
    lab.save()
    saved = read_notebook(desk / "irls" / "irls.ipynb")
    [bundle] = bundles(next(cell for cell in saved["cells"] if cell["id"] == "test_loss"))
    assert bundle[MIME_TYPE]["status"] == "passed"
    assert "".join(bundle["text/plain"]).startswith("loss · ")
    assert "autograder" in "".join(bundle["text/html"])


def test_endless_loop_is_stopped_and_the_kernel_answers(lab: Lab) -> None:
    assert "Your code took too long and was stopped." in answer(lab, ENDLESS)
    lab.type("007-d92968e7", "print('sigmoid still says', sigmoid(0.0))")
    lab.run("007-d92968e7")
    assert "sigmoid still says 0.5" in lab.cell("007-d92968e7").locator(".jp-OutputArea").inner_text()
    assert "✓ passed" in answer(lab, SOLVED["bce_with_logits"])


def test_magic_runs_the_cell_and_then_its_check(lab: Lab) -> None:
    lab.run("test_loss")  # its import makes the magic known
    lab.type("bce_with_logits", "%%check irls loss\n" + SOLVED["bce_with_logits"])
    lab.run("bce_with_logits")
    assert "✓ passed · 4 of 4 points here" in lab.result("bce_with_logits").inner_text()
    lab.type("bce_with_logits", "%%check irls los\npass")
    lab.run("bce_with_logits")
    output = lab.cell("bce_with_logits").locator(".jp-OutputArea").inner_text()
    assert "check: irls: no part 'los' (did you mean loss?)" in output


@pytest.mark.parametrize("lab", ["irls.zh.ipynb"], indirect=True)
def test_chinese_notebook_answers_in_chinese(lab: Lab) -> None:
    said = answer(lab, wrong(SOLVED["bce_with_logits"]))
    assert "✗ 未通过 · 此处得 2 / 4 分" in said
    assert "（loss_without_mean）" in said and "提示" in said
    assert "Known" not in said and "Hint" not in said
    assert "✓ 通过" in answer(lab, SOLVED["bce_with_logits"])


def test_every_word_is_legible_in_every_theme(lab: Lab, tmp_path: Path) -> None:
    lab.type("bce_with_logits", wrong(SOLVED["bce_with_logits"]).replace("    return", "    print(z)\n    return"))
    lab.run("bce_with_logits", "check-all")
    for theme in ("JupyterLab Dark", "JupyterLab Dark High Contrast", "JupyterLab Light"):
        lab.theme(theme)
        lab.result("check-all").screenshot(path=tmp_path / f"{theme}.png")  # for people who look into a failure
        found = contrasts(lab.result("check-all"))
        assert len(found) > 20
        assert min(found.values()) >= 4.5, {text: ratio for text, ratio in found.items() if ratio < 4.5}


def test_narrow_window_cuts_nothing_off(lab: Lab, tmp_path: Path) -> None:
    answer(lab, wrong(SOLVED["bce_with_logits"]))
    lab.page.set_viewport_size({"width": 480, "height": 800})
    lab.page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    lab.select("test_loss")
    lab.result("test_loss").screenshot(path=tmp_path / "narrow.png")
    width = lab.result("test_loss").evaluate("node => node.clientWidth")
    assert 150 < width < 480
    assert outside(lab.result("test_loss")) == []
    rows = lab.result("test_loss").locator("pre").first
    assert rows.evaluate("node => getComputedStyle(node).whiteSpace") == "pre"  # they scroll: columns stay columns


def test_result_is_drawn_while_checks_run_and_once(lab: Lab, desk: Path) -> None:
    lab.type("odds_ratios", SLOW)
    lab.run("odds_ratios")
    lab.select("check-all")
    lab.cell("check-all").evaluate(WATCH)
    lab.run("check-all")
    seen, most = lab.page.evaluate("[window.seen, window.most]")
    counted = [done for done in range(1, 7) if any(f"… running · {done} of 7 checks have run" in text for text in seen)]
    assert len(counted) >= 3, seen
    assert most == 1
    assert "running" not in lab.result("check-all").inner_text()
    lab.save()
    saved = read_notebook(desk / "irls" / "irls.ipynb")
    [bundle] = bundles(next(cell for cell in saved["cells"] if cell["id"] == "check-all"))
    assert len(bundle[MIME_TYPE]["checks"]) == 7
    assert "have run" not in json.dumps(bundle)


def test_result_survives_a_reload_of_the_page(lab: Lab, url: str, desk: Path) -> None:
    """JupyterLab shows what was saved before anything is run again."""
    answer(lab, wrong(SOLVED["bce_with_logits"]))
    lab.save()
    again: Any = open_notebook(lab.page, url, desk / "irls" / "irls.ipynb", desk)
    again.select("test_loss")
    again.result("test_loss").wait_for(timeout=PATIENCE)
    assert "Your loss equals the true one times n" in again.result("test_loss").inner_text()
