"""The words of every room, merged: key -> English template, and key -> Chinese template.

A template is a `str.format` string. Tabs in it divide a line into cells, which `render` aligns with those of the lines
around it. The English text is the gettext message, the key its context, so that two rooms may give the same English
words different Chinese ones. Each room keeps its words in a file of its own, `templates_<room>.py`, which exports
`TEMPLATES` and `ZH`; the catalogues under `locale/` are written from these by `tools/catalogues.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

__all__ = ["TEMPLATES", "ZH", "rooms"]

PREFIX = "templates_"


def rooms() -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Return each room's English and Chinese templates."""
    names = sorted(info.name for info in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = {
        name.removeprefix(PREFIX): importlib.import_module(f"{__package__}.{name}")
        for name in names
        if name.startswith(PREFIX)
    }
    return {room: (module.TEMPLATES, module.ZH) for room, module in modules.items()}


TEMPLATES: dict[str, str] = {key: text for english, _ in rooms().values() for key, text in english.items()}
ZH: dict[str, str] = {key: text for _, chinese in rooms().values() for key, text in chinese.items()}
