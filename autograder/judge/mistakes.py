"""The misconceptions as they answer the public checks: outputs without code, to name a mistake where no reference is.

A file of them is a zlib-compressed msgpack map: of each misconception its words and part, and of each run of a check
the calls with what they gave, as a frame of the wire. What was recorded with other public checks says nothing of these:
the file holds their hash.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack

from autograder.judge.diagnosis import Replay
from autograder.judge.variants import Variant
from autograder.student import Call, Handle, NotKept, StudentError
from autograder.text import Bilingual
from autograder.wire import Encoder, Unsendable, WireError
from autograder.wire.whole import pack, unpack

__all__ = ["KnownMistakes", "Recording", "read_mistakes"]

FORMAT = 1
NOT_HERE = Replay(passed=True, calls=())  # of a check that was not recorded: nobody's mistake


@dataclass(frozen=True, slots=True)
class KnownMistakes:
    """Misconceptions, and how the checks went on them; of the reference under the id ""."""

    variants: tuple[Variant, ...] = ()
    runs: Mapping[tuple[str, str], bytes] | None = None  # packed until one is asked for

    def replay(self, check: str, variant: Variant | None) -> Replay:
        packed = (self.runs or {}).get((check, variant.id if variant else ""))
        try:
            return NOT_HERE if packed is None else _unpack(packed)
        except WireError:  # a tensor, and there is no torch here
            return NOT_HERE


class Recording:
    """Collects runs, and gives the file."""

    def __init__(self, public_checks: Path) -> None:
        self._digest = _digest(public_checks)
        self._variants: list[Variant] = []
        self._runs: list[tuple[str, str, bytes]] = []

    def add(self, variant: Variant | None, runs: Mapping[str, Replay]) -> None:
        """Add how the checks, by their ids, went on a misconception that fails one of them, or on the reference."""
        if variant is not None:
            self._variants.append(variant)
        name = variant.id if variant else ""
        self._runs += [(check, name, packed) for check, run in runs.items() if (packed := _pack(run)) is not None]

    def to_bytes(self) -> bytes:
        variants = [[v.id, v.part, _prose(v.explanation), _prose(v.hint)] for v in self._variants]
        content = {"format": FORMAT, "checks": self._digest, "variants": variants, "runs": self._runs}
        return zlib.compress(msgpack.packb(content), 9)


def read_mistakes(path: Path, public_checks: Path) -> KnownMistakes:
    """Return what `path` holds of these public checks; nothing where the file is missing, damaged or of others."""
    try:
        content = msgpack.unpackb(zlib.decompress(path.read_bytes()))
        if content["format"] != FORMAT or content["checks"] != _digest(public_checks):
            return KnownMistakes()
        variants = tuple(
            Variant(name, "", Bilingual.from_json(explanation), Bilingual.from_json(hint), part)
            for name, part, explanation, hint in content["variants"]
        )
        return KnownMistakes(variants, {(check, name): packed for check, name, packed in content["runs"]})
    except (OSError, zlib.error, ValueError, KeyError, TypeError, msgpack.UnpackException):
        return KnownMistakes()


def _digest(path: Path) -> str:
    text = path.read_bytes().replace(b"\r\n", b"\n")  # as some tools check files out
    return hashlib.sha256(text).hexdigest()


def _prose(text: Bilingual | None) -> dict[str, str]:
    assert text is not None  # a misconception has both: see `load_variants`
    return text.to_json()


def _pack(run: Replay) -> bytes | None:
    """Return a run as bytes, None where something in it cannot be written down."""
    calls = [[call.label, call.args, _outcome(call.outcome)] for call in run.calls]
    encoder = Encoder(_to_handle, by_value_rng=True)
    try:
        return pack([run.passed, run.symptom, calls], encoder)
    except Unsendable:
        return None


def _outcome(outcome: Any) -> list[Any]:
    if isinstance(outcome, StudentError):
        return ["raised", outcome.type_name, outcome.known_type, outcome.text]
    if isinstance(outcome, BaseException | NotKept):
        return ["lost"]
    return ["value", outcome]


def _to_handle(value: Any) -> tuple[int, str, bool] | None:
    return (value.number, value.type_name, False) if isinstance(value, Handle) else None


def _unpack(packed: bytes) -> Replay:
    passed, symptom, calls = unpack(packed, _recorded_handle, trusted=True)
    return Replay(passed, tuple(Call(label, args, _read_outcome(outcome)) for label, args, outcome in calls), symptom)


def _read_outcome(outcome: list[Any]) -> Any:
    kind, *rest = outcome
    if kind == "raised":
        type_name, known_type, text = rest
        return StudentError(type_name, known_type, text, ())
    return rest[0] if kind == "value" else NotKept()


def _recorded_handle(number: int, type_name: str, is_callable: bool) -> Handle:
    """Return what stands for an object of a recorded run: it is told apart by its number, and cannot be asked."""
    handle = Handle.__new__(Handle)
    handle.number, handle.type_name = number, type_name
    return handle
