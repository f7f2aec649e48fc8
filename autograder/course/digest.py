"""One hash over everything of an assignment that can change a verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["digest_files"]


def digest_files(folders: Iterable[Path], files: Iterable[Path]) -> str:
    """Return the SHA-256, in hex, over names and bytes of all files in `folders`, and of `files`.

    Hidden files and folders, `__pycache__` and folders that do not exist are left out. Names and contents are
    preceded by their length, so that moving bytes from one file to the next changes the digest.
    """
    sha = hashlib.sha256()
    for position, folder in enumerate(folders):
        for name, path in _walk(folder):
            _feed(sha, f"{position}/{name}".encode())
            _feed(sha, path.read_bytes())
    for path in files:
        _feed(sha, f"datasets/{path.name}".encode())
        _feed(sha, path.read_bytes())
    return sha.hexdigest()


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield "/".join(parts), path


def _feed(sha: hashlib._Hash, data: bytes) -> None:
    sha.update(len(data).to_bytes(8, "big"))
    sha.update(data)
