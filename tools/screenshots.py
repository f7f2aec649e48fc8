"""Make the README's screenshots anew: a wrong answer and its check in JupyterLab, then the right one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image  # comes with matplotlib

from autograder.batch import record_mistakes
from autograder.course import find_course, load_assignment, release_to
from tests.browser import browser
from tests.notebook.jupyter import Lab, jupyterlab, open_notebook

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
FRAME = 6  # pixels between two cells, where the selected one has its frame
SIGMOID = "def sigmoid(z):\n    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))"
RIGHT = """def bce_with_logits(z, y):
    losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    return float(np.mean(losses))"""
ANSWERS = {"wrong": RIGHT.replace("np.mean", "np.sum"), "right": RIGHT}


def main() -> None:
    course = find_course(ROOT)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        release_to(course, [load_assignment(course, "irls")], folder, record_mistakes)
        with jupyterlab(folder, Path(place)) as url, browser(device_scale_factor=2) as page:
            lab = open_notebook(page, url, folder / "irls" / "irls.ipynb", folder)
            page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
            lab.run(next(cell for cell in lab.ids if cell.startswith("002-")))
            lab.type("sigmoid", SIGMOID)
            lab.run("sigmoid")
            for name, answer in ANSWERS.items():
                lab.type("bce_with_logits", answer)
                lab.run("bce_with_logits", "test_loss")
                picture(lab, "bce_with_logits", "test_loss", IMAGES / f"notebook-{name}.png")


def picture(lab: Lab, first: str, last: str, path: Path) -> None:
    """Write what is to be seen from one cell to another."""
    lab.scroll(first)  # and select neither: what is selected has a frame and buttons
    top, bottom = (lab.cell(name).bounding_box() for name in (first, last))
    height = bottom["y"] + bottom["height"] - top["y"] - FRAME
    lab.page.screenshot(path=path, clip={**top, "height": height})
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
