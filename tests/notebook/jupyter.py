"""A handed-out notebook as a student has it: solved, run in a kernel of its own, or open in JupyterLab."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Assignment
from autograder.course.source import read_source
from tests.browser import free_port, serving

Json = dict[str, Any]
TOKEN = "of-this-test"
PATIENCE = 60_000  # milliseconds for what is to be seen in a page
RAN = re.compile(r"\[\d+\]:")
READY = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
SAVED = "() => !jupyterapp.shell.currentWidget.context.model.dirty"
SCROLL = "index => jupyterapp.shell.currentWidget.content.scrollToItem(index, 'start')"
SETTINGS = {  # nothing is fetched from elsewhere, and nothing pops up
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"kernelShutdown": True},
}


def read_notebook(path: Path) -> Json:
    made: Json = json.loads(path.read_text("utf-8"))
    return made


def write(notebook: Json, name: str, source: str) -> None:
    """Replace the source of the cell with an id, in place."""
    next(cell for cell in notebook["cells"] if cell["id"] == name)["source"] = source


def solve(notebook: Json, assignment: Assignment) -> None:
    """Put the reference solution into the cells, in place."""
    for cell in read_source(assignment):
        if cell.grade_id is not None:
            write(notebook, cell.grade_id, cell.text)


def wrong(bce_with_logits: str) -> str:
    """Return the solution with a mistake that many make: the sum where the mean belongs."""
    assert bce_with_logits.count("np.mean(") == 1
    return bce_with_logits.replace("np.mean(", "np.sum(")


def execute(notebook: Json, folder: Path) -> Any:
    """Return the notebook after all its cells have run in a kernel of its own in `folder`; an error stops it."""
    import nbformat
    from nbclient import NotebookClient

    made = nbformat.reads(json.dumps(notebook), 4)
    NotebookClient(made, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return made


def bundles(cell: Any) -> list[Any]:
    """Return what a cell displayed, by MIME type."""
    return [output["data"] for output in cell.get("outputs", ()) if output["output_type"] == "display_data"]


def printed(notebook: Any, name: str) -> str:
    """Return what went to "stdout" or "stderr" in a notebook that has run."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", ()))
    return "".join(output["text"] for output in outputs if output.get("name") == name)


@contextmanager
def jupyterlab(folder: Path, place: Path) -> Iterator[str]:
    """Yield the address of a JupyterLab in `folder`; all that it keeps of its own is in `place`."""
    for name, values in SETTINGS.items():
        file = place / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    port = free_port()
    settings = {"ip": "127.0.0.1", "port": port, "open_browser": False, "allow_root": True, "root_dir": folder}
    options = [f"--ServerApp.{key}={value}" for key, value in settings.items()]
    options += [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "jupyterlab", *options]
    with serving(command, f"{url}/api", cwd=folder, env=environment(place), log=place / "server.log"):
        yield url


def environment(place: Path) -> dict[str, str]:
    """Return an environment in which nobody's own settings count."""
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
             "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
             "IPYTHONDIR": "ipython", "HOME": "home"}  # fmt: skip
    for name in names.values():
        (place / name).mkdir(exist_ok=True)
    return os.environ | {key: str(place / name) for key, name in names.items()} | {"LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Lab:
    """A notebook that is open in a browser, used by keyboard as a student does."""

    page: Any
    ids: list[str]  # of its cells, in their order

    def cell(self, name: str) -> Any:
        """Return the cell with an id. JupyterLab takes out of the page what is far from the selected one."""
        return self.page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{self.ids.index(name)}"]')

    def result(self, name: str) -> Any:
        """Return what a check shows below a cell."""
        return self.cell(name).locator("div.autograder")

    def scroll(self, name: str) -> None:
        self.page.evaluate(SCROLL, self.ids.index(name))
        self.cell(name).wait_for(timeout=PATIENCE)

    def select(self, name: str) -> Any:
        """Select a cell; return its prompt, `[3]:` once it has run."""
        self.scroll(name)
        prompt = self.cell(name).locator(".jp-InputPrompt")
        prompt.click(timeout=PATIENCE)
        return prompt

    def type(self, name: str, source: str) -> None:
        """Replace the source of a cell."""
        self.select(name)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Escape")

    def run(self, *names: str) -> None:
        """Run cells by Shift+Enter, each when the one before has ended."""
        from playwright.sync_api import expect

        for name in names:
            prompt = self.select(name)
            before = prompt.inner_text()
            self.page.keyboard.press("Shift+Enter")
            expect(prompt).not_to_have_text(before, timeout=PATIENCE)
            expect(prompt).to_have_text(RAN, timeout=PATIENCE)

    def save(self) -> None:
        """Save the notebook by keyboard, and wait until it is on disk."""
        self.page.keyboard.press("Control+S")
        self.page.wait_for_function(SAVED, timeout=PATIENCE)

    def theme(self, name: str) -> None:
        """Change JupyterLab's theme, as its menu does."""
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        self.page.locator(f"body[data-jp-theme-name='{name}']").wait_for(state="attached", timeout=PATIENCE)


def open_notebook(page: Any, url: str, path: Path, folder: Path) -> Lab:
    """Open a notebook of JupyterLab's `folder` in a page, and wait for its kernel."""
    page.goto(f"{url}/lab/tree/{path.relative_to(folder)}?token={TOKEN}&reset", timeout=PATIENCE)
    page.wait_for_selector(".jp-Notebook-cell", timeout=PATIENCE)
    page.wait_for_function(READY, timeout=PATIENCE)
    return Lab(page, [cell["id"] for cell in read_notebook(path)["cells"]])
