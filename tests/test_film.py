"""A story's name -> the name of its folder: inside the folder of films, and one of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dreamrunner.film import film_name


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("fox.story", "fox"),
        ("stories/The Fox, part 2.story", "The Fox, part 2"),
        ("лисиця.story", "лисиця"),
        ("fox.draft.story", "fox.draft"),
        ("snow.fountain", "snow"),
        (".story", ".story"),
    ],
)
def test_an_ordinary_name_is_the_name(file: str, name: str) -> None:
    assert film_name(Path(file)) == name


STRANGE = [
    "..story",
    "...story",
    "....story",
    " .story",
    "a\nb.story",
    "a\rb.story",
    "a\x1b[31mb.story",
    "a\u202eb.story",
    "a\\b.story",
    "é" * 100 + "a.story",
    "é" * 100 + "b.story",
    "a\udcffb.story",
    "a\udcfeb.story",
]


def test_strange_names_become_ordinary_ones_of_their_own() -> None:
    names = [film_name(Path(file)) for file in STRANGE]
    assert len(set(names)) == len(STRANGE)
    for name in names:
        assert name.isprintable() and name.strip(" .") == name and name
        assert "/" not in name and "\\" not in name
        assert len(name.encode("utf-8")) <= 140


def test_a_name_is_the_same_wherever_the_story_is() -> None:
    assert film_name(Path("a/..story")) == film_name(Path("b/..story"))
    assert film_name(Path(os.fsdecode(b"\xff.story"))) == film_name(Path("x/\udcff.story"))
