"""What `--json` prints is what docs/json.md says, and nothing but JSON is on stdout."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from autograder.records import Status
from tests.cli.conftest import World, run
from tests.report.samples import check, eventful, result

GUIDE = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
SCHEMAS = {schema["$id"]: schema for schema in map(json.loads, re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL))}
DRAFT = "https://json-schema.org/draft/2020-12/schema"
REGISTRY: Registry[Any] = Registry().with_resources(
    (name, Resource.from_contents({"$schema": DRAFT, **schema})) for name, schema in SCHEMAS.items()
)


def validate(data: Any, name: str) -> None:
    Draft202012Validator({"$schema": DRAFT, **SCHEMAS[name]}, registry=REGISTRY).validate(data)


@pytest.fixture(autouse=True)
def eventful_world(world: World) -> None:
    world.results = [eventful(), *(result(check(status), student=status.value) for status in Status)]
    world.keep(*world.results)


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        ("list", ["list"]),
        ("show", ["show", "least_squares"]),
        ("show", ["show", "least_squares", "--instructor"]),
        ("result", ["show", "least_squares", "student-07"]),
        ("result", ["show", "least_squares", "student-07", "--instructor"]),
        ("grade", ["grade", "least_squares", "x"]),
        ("doctor", ["doctor"]),
    ],
)
def test_json_is_what_the_guide_says(schema: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.worker.probe", lambda: [], raising=False)
    ran = run(*arguments, "--json")
    validate(json.loads(ran.stdout), schema)
    assert ran.stdout.isascii() and not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", ran.stdout)


def test_json_of_check_is_what_the_guide_says(world: World) -> None:
    world.results = [eventful()]
    validate(json.loads(run("check", "least_squares.py", "--json").stdout), "result")


def test_json_of_the_instructor_has_the_fields_that_the_guide_gives_the_instructor() -> None:
    data = json.loads(run("show", "least_squares", "student-07", "--json", "--instructor").stdout)
    properties = SCHEMAS["result"]["properties"]
    assert data.keys() == properties.keys()
    assert data["checks"][0].keys() == SCHEMAS["result"]["$defs"]["check"]["properties"].keys()


def test_json_of_an_unresolved_error_is_not_publishable() -> None:
    results = json.loads(run("show", "least_squares", "--json").stdout)["results"]
    assert [each["student"] for each in results if not each["publishable"]] == ["error"]


def test_guide_has_a_schema_for_every_document_and_they_are_strict() -> None:
    assert SCHEMAS.keys() == {"result", "show", "grade", "list", "audit", "doctor", "push"}
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    with pytest.raises(ValidationError, match="Additional properties are not allowed"):
        validate({"assignment": "x", "results": [], "surprise": 1}, "show")
    with pytest.raises(ValidationError, match="is a required property"):
        validate({"assignment": "x", "results": [{}]}, "show")
