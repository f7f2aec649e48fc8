"""`Result` to a JSON document and back.

The shape follows the dataclasses themselves, so a new field needs no line here: it is written, and read back as its
default from documents that lack it. Anything else that does not fit (a wrong type, an unknown key, NaN) is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from autograder.records.result import Result

__all__ = ["FORMAT_VERSION", "FormatError", "NewerFormatError", "dump_result", "load_result"]

FORMAT_VERSION = 1
PLAIN = frozenset((str, int, float, bool, NoneType))


class FormatError(ValueError):
    """A document that is not a result. The text names the field."""


class NewerFormatError(FormatError):
    """A document written by a newer autograder."""


def dump_result(result: Result) -> str:
    """Return the JSON document of `result`: ASCII, so that any database takes any student's text.

    Raises
    ------
    ValueError
        If a number in it is NaN or infinite.
    """
    return _dumps({"format_version": FORMAT_VERSION, **_plain(result)})


def load_result(document: str) -> Result:
    """Return the result that `dump_result` wrote.

    Raises
    ------
    FormatError
        If the document is not one of ours; `NewerFormatError` if it is one of a newer version.
    """
    try:
        data = json.loads(document, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise FormatError(f"not JSON: {error}") from None
    if not isinstance(data, dict) or type(data.get("format_version")) is not int:
        raise FormatError("no format_version")
    version = data.pop("format_version")
    if version > FORMAT_VERSION:
        raise NewerFormatError(f"format_version {version} is newer than {FORMAT_VERSION}")
    return cast(Result, _decoder(Result)(data, "result"))


def encode(value: Any) -> Any:
    """Return `value` (a dataclass, enum, mapping, sequence or scalar) as what `json` reads and writes."""
    return json.loads(_dumps(value))


def _dumps(value: Any) -> str:
    return json.dumps(value, default=_plain, allow_nan=False, separators=(",", ":"))


def _plain(value: Any) -> dict[str, Any]:
    """Return what `json` does not know as a dict; what is in it is `json`'s affair again."""
    if names := _names(cast(Hashable, type(value))):
        return {name: getattr(value, name) for name in names}
    if isinstance(value, Mapping):
        return dict(value)
    raise FormatError(f"a result cannot hold {type(value).__name__}")


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    """Return the field names of a dataclass; none for any other type."""
    return tuple(field.name for field in fields(cast(Any, kind))) if is_dataclass(kind) else ()


Decoder = Callable[[Any, str], Any]


@cache
def _decoder(kind: Any) -> Decoder:
    """Return the function that reads a value of type `kind`; its second argument names the place for messages."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _union(kind)
    if origin is tuple:
        return _sequence(_decoder(get_args(kind)[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(_decoder(get_args(kind)[1]))
    if issubclass(kind, Enum):
        return _enum(kind)
    if is_dataclass(kind):
        return _dataclass(kind)
    return _scalar(kind)


def _scalar(kind: type) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        if kind is float and type(value) is int:
            return float(value)
        if type(value) is not kind:
            raise FormatError(f"{where} is {type(value).__name__}, not {kind.__name__}")
        return value

    return decode


def _union(kind: Any) -> Decoder:
    members = get_args(kind)
    scalars = tuple(member for member in members if member in PLAIN)
    others = tuple(_decoder(member) for member in members if member not in scalars)

    def decode(value: Any, where: str) -> Any:
        if type(value) in scalars:
            return value
        if len(others) == 1:
            return others[0](value, where)
        raise FormatError(f"{where} is {type(value).__name__}")

    return decode


def _sequence(item: Decoder) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        if type(value) is not list:
            raise FormatError(f"{where} is {type(value).__name__}, not list")
        return tuple(item(entry, f"{where}[{index}]") for index, entry in enumerate(value))

    return decode


def _mapping(item: Decoder) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        if type(value) is not dict:
            raise FormatError(f"{where} is {type(value).__name__}, not dict")
        return {key: item(entry, f"{where}.{key}") for key, entry in value.items()}

    return decode


def _enum(kind: type[Enum]) -> Decoder:
    def decode(value: Any, where: str) -> Any:
        try:
            return kind(value)
        except ValueError:
            raise FormatError(f"{where} is {value!r}, not a {kind.__name__}") from None

    return decode


def _dataclass(kind: Any) -> Decoder:
    required = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    hints = get_type_hints(kind)
    decoders: dict[str, Decoder] = {}  # filled at first use, because a message holds messages

    def decode(value: Any, where: str) -> Any:
        if type(value) is not dict:
            raise FormatError(f"{where} is {type(value).__name__}, not dict")
        if not decoders:
            decoders.update((name, _decoder(hints[name])) for name in _names(kind))
        if missing := required - value.keys():
            raise FormatError(f"{where} lacks {min(missing)}")
        if unknown := value.keys() - decoders.keys():
            raise FormatError(f"{where} has unknown {min(unknown)}")
        return kind(**{name: decoders[name](entry, f"{where}.{name}") for name, entry in value.items()})

    return decode


def _refuse_constant(name: str) -> Any:
    raise FormatError(f"{name} is not a number that a result may hold")
