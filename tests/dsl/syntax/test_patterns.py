"""Patterns of the language are those that every Python 3.11 reads alike.

Python before 3.11.5 misreads a possessive quantifier on a group that can be matched in two ways
(python/cpython#106052): it kept what a last, failed round had taken. `(?>(?:...)*)` is the cure.
"""

import re
from pathlib import Path

import pytest

import dreamrunner.dsl

FOLDER = Path(dreamrunner.dsl.__file__).parent
SOURCES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".py", ".lark"))
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")


def test_there_are_sources() -> None:
    assert FOLDER / "syntax" / "story.lark" in SOURCES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_possessive_quantifier_on_a_group(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if POSSESSIVE_GROUP.search(line)]
