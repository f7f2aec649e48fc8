"""Bytes become source text, and source text is looked at without being run."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
import unicodedata
import warnings
from dataclasses import dataclass

from autograder.intake.fault import Fault
from autograder.intake.submission import File

__all__ = ["SOURCE_CAP", "SyntaxFault", "check_syntax", "decode"]

# An assignment takes 20 KiB; a syntax tree takes 900 times the memory of its source at worst (measured: "x\n" * 2**19).
SOURCE_CAP = 256 << 10
MAX_MARKS = 50
# Charsets that editors write. Others that Python knows decode in quadratic time (idna) or hide code (utf-7).
CHARSETS = ("utf-8", "utf_8", "ascii", "iso8859", "cp125", "gb", "big5", "shift_jis", "euc_", "koi8")


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Why a source does not parse. `line` counts from 1; None if it is nested too deeply to say."""

    line: int | None
    text: str


def decode(file: File) -> str:
    """Return the text of a module, by its byte order mark, its PEP 263 cookie, or as UTF-8; lines end in LF.

    Raises
    ------
    Fault
        If it is too large, not text in that encoding, or holds NUL.
    """
    if len(file.data) > SOURCE_CAP:
        raise Fault("intake.code_large", file=file.name, limit=f"{SOURCE_CAP >> 10} KiB")
    encoding = _declared(file)
    try:
        text = file.data.decode(encoding)
    except UnicodeDecodeError:
        raise Fault("intake.encoding", file=file.name, encoding=encoding.upper()) from None
    if "\0" in text:
        raise Fault("intake.nul", file=file.name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared(file: File) -> str:
    """Return the encoding that a byte order mark or a cookie names, UTF-8 where there is neither."""
    if not file.data.startswith(codecs.BOM_UTF8) and b"coding" not in b"".join(file.data.split(b"\n", 2)[:2]):
        return "utf-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(file.data).readline)
    except SyntaxError as error:
        if b"coding" not in b"".join(file.data.splitlines()[:2]):
            raise Fault("intake.encoding", file=file.name, encoding="UTF-8") from None
        raise Fault("intake.codec", file=file.name, text=str(error)[:80]) from None
    if not codecs.lookup(encoding).name.replace("-", "_").startswith(tuple(c.replace("-", "_") for c in CHARSETS)):
        raise Fault("intake.codec", file=file.name, text=encoding[:80])
    return encoding


def check_syntax(source: str) -> SyntaxFault | None:
    """Return what is wrong with `source`, or None.

    It is parsed and not compiled: nested `finally` blocks take the compiler exponential time. What only the compiler
    finds (``return`` outside of a function) shows when a worker loads it.
    """
    if (line := _piled_marks(source)) is not None:
        return SyntaxFault(line, "a letter under too many accents")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a student's string is no concern of ours
            ast.parse(source)
    except SyntaxError as error:
        return SyntaxFault(max(error.lineno or 1, 1), error.msg)
    except (RecursionError, MemoryError):
        return SyntaxFault(None, "")
    except ValueError as error:  # NUL, or half of a surrogate pair
        return SyntaxFault(1, str(error)[:80])
    return None


def _piled_marks(source: str) -> int | None:
    """Return the line of a letter with more accents than any script has. To bring them into their order, as Python does
    with each name, takes time with the square of their number."""
    if source.isascii():
        return None
    run = 0
    for place, char in enumerate(source):
        run = run + 1 if char > "\u02ff" and unicodedata.combining(char) else 0
        if run > MAX_MARKS:
            return source.count("\n", 0, place) + 1
    return None
