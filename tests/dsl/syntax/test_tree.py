"""Given any syntax tree, expect its text to be read as that tree."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given, settings

from dreamrunner.dsl import format_story
from dreamrunner.dsl.diagnostics.findings import Findings
from dreamrunner.dsl.diagnostics.source import Source
from dreamrunner.dsl.syntax import tree
from dreamrunner.dsl.syntax.parser import parse_syntax

sys.path.insert(0, str(Path(__file__).parent))  # as Python does for a script

from trees import TREES, without_places, written


def parsed(text: str) -> tree.SyntaxTree:
    source = Source("x.story", text)
    findings = Findings(source)
    found = parse_syntax(source, findings)
    assert findings.in_order == ()
    return found


@settings(max_examples=100)
@given(TREES)
def test_what_is_written_of_a_tree_is_read_as_that_tree(syntax: tree.SyntaxTree) -> None:
    assert without_places(parsed(written(syntax))) == without_places(syntax)


@settings(max_examples=50)
@given(TREES)
def test_a_formatted_tree_is_the_same_tree(syntax: tree.SyntaxTree) -> None:
    assert without_places(parsed(format_story(written(syntax)))) == without_places(syntax)


def test_what_directives_and_tags_have_in_quotes_opens_no_note_and_no_comment() -> None:
    for said in ("[[", "a [[b]] c", "/*", "a /* b */ c"):
        for text in (f'@audio "{said}"', f'The FOX walks. {{"{said}"}}'):
            (line,) = parsed(f"{text}\n").items
            assert f'"{said}"' in written(line)
