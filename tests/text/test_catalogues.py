"""Every template has a translation with the same values in it, and the committed catalogues hold them."""

from __future__ import annotations

import importlib.util
import re
import string
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from autograder.text.templates import TEMPLATES, ZH, rooms

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def placeholders(template: str) -> set[str]:
    """Return the names in braces; prose in one language (`title_en`, `en`) counts as the same in the other."""
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    return {re.sub(r"(^|_)(en|zh)$", r"\1prose", name) for name in names}


def test_rooms_do_not_share_keys() -> None:
    counts = Counter(key for english, _ in rooms().values() for key in english)
    assert [key for key, count in counts.items() if count > 1] == []
    assert {"judge", "worker", "report"} <= set(rooms())


def test_every_template_is_translated() -> None:
    assert set(TEMPLATES) == set(ZH)
    words = {key for key, text in TEMPLATES.items() if re.search(r"[a-z]{3}", re.sub(r"\{[^}]*\}", "", text))}
    assert [key for key in sorted(words) if not CHINESE.search(ZH[key])] == []
    assert [key for key, text in TEMPLATES.items() if CHINESE.search(text)] == []


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_translation_has_the_same_placeholders_and_cells(key: str) -> None:
    assert placeholders(TEMPLATES[key]) == placeholders(ZH[key])
    assert TEMPLATES[key].count("\t") == ZH[key].count("\t")
    assert not {name for name in placeholders(TEMPLATES[key]) if not name.isidentifier()}


def test_committed_catalogues_match_the_templates(catalogues: ModuleType) -> None:
    assert catalogues.drift(catalogues.FOLDER) == []


def test_catalogues_are_written_alike_every_time(catalogues: ModuleType, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert catalogues.main(["--folder", str(tmp_path / name)]) == 0
        assert catalogues.main(["--check", "--folder", str(tmp_path / name)]) == 0
    for name in ("autograder.po", "autograder.mo"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_check_names_what_drifted(
    catalogues: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogues.write(tmp_path)
    monkeypatch.setitem(catalogues.ZH, "array.shape", "另一句话")
    assert catalogues.main(["--check", "--folder", str(tmp_path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    remedy = "differs from the templates in array.shape; run: python tools/catalogues.py"
    assert lines == [f"autograder.po {remedy}", f"autograder.mo {remedy}"]
    (tmp_path / "autograder.mo").unlink()
    assert catalogues.main(["--check", "--folder", str(tmp_path)]) == 1
