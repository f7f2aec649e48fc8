"""A notebook with its results, converted to a page by nbconvert."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.course import find_course, load_assignment
from autograder.report.mime import MIME_TYPE
from tests.browser import browser
from tests.notebook.conftest import ROOT
from tests.notebook.jupyter import bundles, execute, read_notebook, solve, write, wrong
from tests.notebook.looks import contrasts, outside

RESULT = "div.autograder"


@pytest.fixture(scope="module")
def ran(handout: Path) -> Any:
    """`irls` in Chinese, solved but for a mistake in the loss, and run."""
    notebook = read_notebook(handout / "irls" / "irls.zh.ipynb")
    solve(notebook, load_assignment(find_course(ROOT), "irls"))
    loss = next(cell for cell in notebook["cells"] if cell["id"] == "bce_with_logits")
    write(notebook, "bce_with_logits", wrong(loss["source"]))
    return execute(notebook, handout / "irls")


def convert(notebook: Any, theme: str) -> str:
    from nbconvert import HTMLExporter

    page: str = HTMLExporter(template_name="lab", theme=theme).from_notebook_node(notebook)[0]
    return page


def shown(ran: Any) -> list[str]:
    """Return the HTML of the results in the notebook."""
    return [data["text/html"] for cell in ran.cells for data in bundles(cell) if MIME_TYPE in data]


def test_page_holds_every_result_as_it_stands(ran: Any) -> None:
    results = shown(ran)
    assert len(results) == 5
    assert "（loss_without_mean）" in results[0]
    page = convert(ran, "light")
    assert all(html in page for html in results)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_shows_every_word_and_legibly(ran: Any, theme: str, tmp_path: Path) -> None:
    (tmp_path / "irls.html").write_text(convert(ran, theme), "utf-8")
    with browser() as page:
        page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
        page.set_content("".join(shown(ran)))
        desired = page.locator(RESULT).all_inner_texts()
        page.goto((tmp_path / "irls.html").as_uri())
        assert page.locator(RESULT).all_inner_texts() == desired
        page.locator(RESULT).first.screenshot(path=tmp_path / "result.png")  # for people who look into a failure
        for result in page.locator(RESULT).all():
            found = contrasts(result)
            assert min(found.values()) >= 4.5, {text: ratio for text, ratio in found.items() if ratio < 4.5}
            assert outside(result) == []
