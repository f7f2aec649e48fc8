"""Files out of a folder or a zip. Archives are read in memory and never unpacked to disk."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.intake.fault import Fault

__all__ = ["CLASS", "FILE_CAP", "STUDENT", "Caps", "Entry", "read_capped", "read_folder", "read_zip", "unread"]

MIB = 1 << 20
FILE_CAP = 16 * MIB  # of notebooks full of plots few are larger; read as JSON it takes 25 times as much at worst
WANTED = (".py", ".ipynb", ".zip")
IGNORED = ("__MACOSX", "__pycache__", "node_modules", "site-packages", "venv")
# The packers in use write no others, and an LZMA header can ask for gigabytes of memory.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTF_8 = 1 << 11  # the flag that marks a name
IDEOGRAPHS = re.compile(rb"([\0-\x7f]|[\xb0-\xf7][\xa1-\xfe])+")  # of GB 2312, and ASCII
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of a zip is read at most: bytes, of which each file gives `FILE_CAP` + 1 at most, and entries."""

    total: int
    count: int


STUDENT = Caps(64 * MIB, 5_000)
CLASS = Caps(2048 * MIB, 200_000)  # 800 notebooks with their plots are some 200 MiB


@dataclass(frozen=True, slots=True)
class Entry:
    """A file by the names on its way, ``("student-07", "src", "ridge.py")``; `data` is None for a folder."""

    parts: tuple[str, ...]
    data: bytes | None


def read_folder(folder: Path) -> list[Entry]:
    """Return the Python files, notebooks and zips below `folder`, and its immediate folders, in order of name.

    Links are not followed: they could lead out of what was handed in. Files longer than `FILE_CAP` are cut one byte
    after it, which tells the parser. `OSError` where something cannot be read.
    """
    return sorted(_walk(folder, ()), key=lambda entry: entry.parts)


def _walk(folder: Path, parts: tuple[str, ...]) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        items = [item for item in found if not _ignored(item.name) and not item.is_symlink()]
    for item in items:
        here = (*parts, item.name)
        if item.is_dir():
            if not parts:
                yield Entry(here, None)
            yield from _walk(Path(item.path), here)
        elif item.is_file() and item.name.lower().endswith(WANTED):
            yield Entry(here, read_capped(Path(item.path)))


def unread(folder: Path) -> list[str]:
    """Return the names of what lies directly in `folder` and is not read: files of other kinds, and links."""
    with os.scandir(folder) as found:
        items = [item for item in found if not _ignored(item.name)]
    return sorted(i.name for i in items if i.is_symlink() or (i.is_file() and not i.name.lower().endswith(WANTED)))


def read_capped(path: Path) -> bytes:
    """Return a file's bytes, at most one more than `FILE_CAP`."""
    with path.open("rb") as stream:
        return stream.read(FILE_CAP + 1)


def read_zip(name: str, stream: IO[bytes], caps: Caps = STUDENT) -> list[Entry]:
    """Return the Python files, notebooks and zips of an archive, and its folders, in order of name.

    Files longer than `FILE_CAP` are cut one byte after it, as those of a folder; what else there is is not unpacked.

    Raises
    ------
    Fault
        If it is broken, encrypted or too large, or an entry is a link or points out of it.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            encoding = _encoding(archive.infolist())
        with zipfile.ZipFile(stream, metadata_encoding=encoding) as archive:
            _check(name, archive.infolist(), caps)
            return sorted(_unpack(name, archive, caps), key=lambda entry: entry.parts)
    except BROKEN as error:
        raise Fault("intake.zip_broken", file=name, text=str(error) or type(error).__name__) from None


def _encoding(infos: list[zipfile.ZipInfo]) -> str | None:
    """Return how the names are written that are not marked as UTF-8: None for code page 437, as the format says.

    macOS writes UTF-8 all the same, and Windows the code page of its country. Of these China's can be told: a name of
    one is hardly ever ideographs of the other by chance.
    """
    names = [info.orig_filename for info in infos if not info.flag_bits & UTF_8]
    written = [name.encode("cp437") for name in names if not name.isascii()]
    if written and _are_all(written, "utf-8"):
        return "utf-8"
    return "gb18030" if any(map(IDEOGRAPHS.fullmatch, written)) and _are_all(written, "gb18030") else None


def _are_all(written: list[bytes], encoding: str) -> bool:
    try:
        for name in written:
            name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _check(name: str, infos: list[zipfile.ZipInfo], caps: Caps) -> None:
    """Refuse an archive by its directory alone, before a byte of it is unpacked."""
    if len(infos) > caps.count:
        raise Fault("intake.zip_count", file=name, limit=caps.count)
    for info in infos:
        entry = info.orig_filename.replace("\\", "/")
        outside = entry.startswith("/") or ".." in entry.split("/") or entry[1:2] == ":" or "\0" in entry
        if outside:
            raise Fault("intake.zip_path", file=name, entry=ascii(entry)[1:-1][:80])
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Fault("intake.zip_link", file=name, entry=ascii(entry)[1:-1][:80])
        if info.flag_bits & 1:
            raise Fault("intake.zip_encrypted", file=name)


def _unpack(name: str, archive: zipfile.ZipFile, caps: Caps) -> Iterator[Entry]:
    total = 0
    for info in archive.infolist():
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if not parts or any(_ignored(part) for part in parts):
            continue
        if info.is_dir():
            yield Entry(parts[:1], None)
        elif parts[-1].lower().endswith(WANTED):
            if info.compress_type not in METHODS:
                raise Fault("intake.zip_broken", file=name, text=f"compression method {info.compress_type}")
            with archive.open(info) as unpacked:
                data = unpacked.read(FILE_CAP + 1)  # what the directory says of sizes may be a lie
            total += len(data)
            if total > caps.total:
                raise Fault("intake.zip_large", file=name, limit=f"{caps.total // MIB} MiB")
            yield Entry(parts, data)


def _ignored(part: str) -> bool:
    return part.startswith(".") or part in IGNORED
