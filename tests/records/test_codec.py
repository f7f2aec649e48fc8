"""Results survive the way to JSON and back, and nothing else is taken for one."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.records import CheckResult, Diagnosis, Finding, Result, Status
from autograder.records.codec import FORMAT_VERSION, FormatError, NewerFormatError, dump_result, encode, load_result
from autograder.text import Bilingual, Message
from tests.report.samples import assertion, check, eventful, result

numbers = st.floats(allow_nan=False, allow_infinity=False)
text = st.text(st.characters(), max_size=20)  # lone surrogates, NUL and all
prose = st.builds(Bilingual, text, text)
values = st.dictionaries(text, st.one_of(text, st.integers(), numbers, st.booleans(), st.none()), max_size=3)
leaves = st.builds(Message, text, values)
messages = st.builds(Message, text, values, st.lists(leaves, max_size=2).map(tuple))
checks = st.builds(
    CheckResult,
    *(text, text, prose, st.sampled_from(Status), numbers, numbers, st.booleans()),
    message=st.none() | messages,
    hint=st.none() | prose,
    diagnosis=st.none() | st.builds(Diagnosis, text, prose, prose),
    output=text,
)
findings = st.builds(
    Finding, text, text, text, text, st.none() | st.integers(), st.integers(), st.sampled_from(["flag", "zero"])
)
results = st.builds(
    Result,
    *(text, text, text, st.sampled_from(Status), numbers, numbers, st.lists(checks, max_size=3).map(tuple)),
    problems=st.lists(messages, max_size=2).map(tuple),
    findings=st.lists(findings, max_size=2).map(tuple),
    versions=st.dictionaries(text, text, max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(results)
def test_codec_round_trips_any_result(made: Result) -> None:
    document = dump_result(made)
    assert load_result(document) == made
    assert document.isascii()


def test_codec_keeps_every_field_of_an_eventful_result() -> None:
    assert load_result(dump_result(eventful())) == eventful()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["points", "seconds"])
def test_codec_never_stores_a_number_that_is_none(field: str, value: float) -> None:
    with pytest.raises(ValueError, match="Out of range float values"):
        dump_result(replace(result(check()), **{field: value}))


def test_codec_never_stores_nan_in_a_message() -> None:
    with pytest.raises(ValueError, match="Out of range float values"):
        dump_result(result(check(message=Message("x", {"rho": math.nan}))))


def test_codec_reads_points_written_as_integers() -> None:
    document = json.loads(dump_result(result(check())))
    document["points"] = 20
    assert type(load_result(json.dumps(document)).points) is float


def test_codec_gives_a_field_that_old_documents_lack_its_default() -> None:
    document = json.loads(dump_result(result(check())))
    del document["seed"]
    assert load_result(json.dumps(document)).seed == 0


def test_codec_reads_a_check_of_before_margins_were_kept() -> None:
    kept = result(check(margin=0.25, speed=1.5))
    document = json.loads(dump_result(kept))
    assert load_result(json.dumps(document)) == kept
    for name in ("margin", "speed"):
        del document["checks"][0][name]
    assert load_result(json.dumps(document)) == result(check())


def _changed(**changes: Any) -> str:
    return json.dumps({**json.loads(dump_result(result(check()))), **changes})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "not JSON"),
        ("[]", "no format_version"),
        ("{}", "no format_version"),
        (_changed(format_version="1"), "no format_version"),
        (json.dumps({"format_version": FORMAT_VERSION}), "result lacks assignment"),
        (_changed(surprise=1), "result has unknown surprise"),
        (_changed(points="20"), "result.points is str, not float"),
        (_changed(points=True), "result.points is bool, not float"),
        (_changed(points=math.nan), "NaN is not a number"),
        (_changed(status="splendid"), "result.status is 'splendid', not a Status"),
        (_changed(checks={}), "result.checks is dict, not list"),
        (_changed(checks=[7]), r"result.checks\[0\] is int, not dict"),
        (_changed(versions=[]), "result.versions is list, not dict"),
        (_changed(versions={"numpy": 2}), "result.versions.numpy is int, not str"),
        (_changed(problems=[{"key": "k", "values": {"x": []}}]), r"result.problems\[0\].values.x is list"),
    ],
)
def test_codec_refuses_what_is_not_a_result(document: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        load_result(document)


def test_codec_names_a_newer_format() -> None:
    with pytest.raises(NewerFormatError, match=f"format_version {FORMAT_VERSION + 1} is newer than {FORMAT_VERSION}"):
        load_result(_changed(format_version=FORMAT_VERSION + 1))


def test_codec_refuses_to_write_what_no_result_holds() -> None:
    with pytest.raises(FormatError, match="cannot hold object"):
        encode(object())


def test_codec_writes_numpy_scalars_as_plain_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    kept = load_result(dump_result(result(check(points=numpy.float64(2.5), message=assertion("x")))))
    assert type(kept.checks[0].points) is float and kept.checks[0].points == 2.5
