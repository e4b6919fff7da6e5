"""Given diagnostics and a source, expect the text a writer reads."""

from __future__ import annotations

import json
import re

from dreamrunner.dsl import diagnostic_records, parse_story, render_diagnostics, summary_line
from dreamrunner.dsl.diagnostics.source import Source
from dreamrunner.errors import Diagnostic, Severity


def shown(text: str, start: int, end: int, help: str | None = None) -> list[str]:
    source = Source("a.story", text)
    diagnostic = Diagnostic("E142", Severity.ERROR, source.span(start, end), "wrong", help)
    return render_diagnostics([diagnostic], source.text, summary=False).splitlines()


def test_the_caret_text() -> None:
    text = "@character FOX: x\n\nEXT. A\n@layout FOX {\n  0s: box (0.6, 0.2, 0.4, 0.9)\n}\n"
    parsed = parse_story(text, path="fox.story")
    assert render_diagnostics(parsed.diagnostics, parsed.source) == (
        "error[E142]: box has no area: right must exceed left, and bottom must exceed top\n"
        " --> fox.story:5:11\n"
        "  |\n"
        "5 |   0s: box (0.6, 0.2, 0.4, 0.9)\n"
        "  |           ^^^^^^^^^^^^^^^^^^^^\n"
        "  = help: did you swap them? (0.4, 0.2, 0.6, 0.9)\n"
        "\n"
        "1 error\n"
    )


def test_the_gutter_is_as_wide_as_the_line_number() -> None:
    assert shown("\n" * 99 + "fox", 99, 102, "run") == [
        "error[E142]: wrong",
        "   --> a.story:100:1",
        "    |",
        "100 | fox",
        "    | ^^^",
        "    = help: run",
    ]


def test_carets_stand_under_wide_characters_and_tabs() -> None:
    assert shown("\ta狐b", 3, 4)[3:] == ["1 |     a狐b", "  |        ^"]
    assert shown("a狐狸b", 1, 3)[3:] == ["1 | a狐狸b", "  |  ^^^^"]
    assert shown("e\u0301x", 2, 3)[3:] == ["1 | e\u0301x", "  |  ^"]


def test_a_span_over_lines_is_underlined_to_the_end_of_its_first() -> None:
    assert shown("ab{\ncd\n}", 2, 8)[3:] == ["1 | ab{", "  |   ^"]


def test_an_empty_span_and_the_end_of_the_file_have_one_caret() -> None:
    assert shown("ab", 1, 1)[3:] == ["1 | ab", "  |  ^"]
    assert shown("ab\n", 3, 3)[3:] == ["2 |", "  | ^"]
    assert shown("", 0, 0)[3:] == ["1 |", "  | ^"]


def test_a_long_line_is_cut_around_the_caret() -> None:
    line, carets = shown("a" * 5000 + "b" + "c" * 5000, 5000, 5001)[3:]
    assert len(line) < 140
    assert line[carets.index("^")] == "b"
    assert line.startswith("1 | …") and line.endswith("…")


def test_nothing_in_a_story_reaches_the_terminal_as_a_command() -> None:
    text = "EXT. A\n@bo\x1b[31m\u202egus \x07\n\n@\x1b]0;own\x07 X\n{a\x1bb}\n"
    parsed = parse_story(text, path="a\x1b.story")
    assert parsed.diagnostics
    out = render_diagnostics(parsed.diagnostics, parsed.source)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)


def test_the_summary_counts() -> None:
    span = Source("a", "x").span(0, 1)
    error = Diagnostic("E001", Severity.ERROR, span, "a")
    warning = Diagnostic("W011", Severity.WARNING, span, "b")
    assert summary_line([error, error, warning]) == "2 errors, 1 warning"
    assert summary_line([]) == "no mistakes"
    assert render_diagnostics([], "x") == ""


def test_records_are_plain_json() -> None:
    parsed = parse_story("Sytle: ink\n\nEXT. A\n\nFog.\n", path="a.story")
    (record,) = json.loads(json.dumps(diagnostic_records(parsed.diagnostics)))
    assert record == {
        "code": "W011",
        "severity": "warning",
        "message": 'nothing reads the title key "Sytle"',
        "help": "did you mean Style?",
        "file": "a.story",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 6,
        "start": 0,
        "end": 5,
    }
