"""Write the message catalogues from the templates of the rooms; with --check, say whether they are up to date.

python tools/catalogues.py
python tools/catalogues.py --check
"""

from __future__ import annotations

import argparse
import datetime
import gettext
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from autograder import text as text_room
from autograder.text.templates import TEMPLATES, ZH

Entries = dict[tuple[str, str], str]
# A date that never changes, so that the files change only when the words do.
DATE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
FOLDER = Path(text_room.__file__).parent / "locale" / "zh" / "LC_MESSAGES"


def wanted_entries() -> Entries:
    """Return (key, English) -> Chinese. A template without a translation raises KeyError."""
    return {(key, english): ZH[key] for key, english in sorted(TEMPLATES.items())}


def make_catalogue(entries: Entries) -> Catalog:
    catalogue = Catalog(
        locale="zh", domain="autograder", project="ml-autograder", version="1", fuzzy=False,
        creation_date=DATE, revision_date=DATE, msgid_bugs_address="", last_translator="", language_team="zh",
        header_comment="# Written by tools/catalogues.py from autograder/text/templates_*.py: edit those.",
    )  # fmt: skip
    for (key, english), chinese in entries.items():
        catalogue.add(english, chinese, context=key)
    return catalogue


def po_entries(path: Path) -> Entries:
    with path.open("rb") as stream:
        messages = list(read_po(stream, locale="zh"))
    return {(str(m.context), str(m.id)): str(m.string) for m in messages if m.id}


def mo_entries(path: Path) -> Entries:
    with path.open("rb") as stream:
        found = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    pairs = [(message.partition("\x04"), chinese) for message, chinese in found.items() if message]
    return {(key, english): chinese for (key, _, english), chinese in pairs}


def drift(folder: Path) -> list[str]:
    """Return one line for each file that does not say what the templates say."""
    wanted, lines = wanted_entries(), []
    for name, read in (("autograder.po", po_entries), ("autograder.mo", mo_entries)):
        path = folder / name
        found = read(path) if path.is_file() else {}
        if found != wanted:
            keys = sorted({key for (key, _), _ in found.items() ^ wanted.items()})
            lines.append(f"{name} differs from the templates in {', '.join(keys)}; run: python tools/catalogues.py")
    return lines


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = make_catalogue(wanted_entries())
    with (folder / "autograder.po").open("wb") as stream:
        write_po(stream, catalogue, width=0, sort_output=False, include_lineno=False)
    with (folder / "autograder.mo").open("wb") as stream:
        write_mo(stream, catalogue)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a catalogue is out of date")
    parser.add_argument("--folder", metavar="DIR", type=Path, default=FOLDER, help="where the catalogues are")
    options = parser.parse_args(arguments)
    if not options.check:
        write(options.folder)
        return 0
    lines = drift(options.folder)
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
