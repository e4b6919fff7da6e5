"""A used file brings its cast and places; what is wrong with it is one error at its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from dreamrunner.dsl import ParsedStory, load_story

from .parsed import FOREST, codes, story_of

Check = Callable[..., ParsedStory]


@pytest.fixture
def tell(tmp_path: Path) -> Callable[..., ParsedStory]:
    """Write files into a folder and load `main.story` of it."""
    home = tmp_path / "home"

    def load(main: str, **files: str) -> ParsedStory:
        for name, text in {"main": main, **files}.items():
            path = home / f"{name.replace('__', '/')}.story"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_story(home / "main.story")

    return load


MAIN = '@use "cast.story"\n\nEXT. POND\n@layout FOX at left\n\nThe FOX.\n\nFOX\nHello.\n'


def test_a_cast_is_shared(tell: Callable[..., ParsedStory], tmp_path: Path) -> None:
    refs = tmp_path / "home" / "shared" / "refs"
    refs.mkdir(parents=True)
    Image.new("RGB", (64, 64)).save(refs / "fox.png")
    parsed = tell(
        MAIN.replace("cast", "shared/cast"),
        shared__cast='@use "places.story"\n@character FOX: a red fox { reference "refs/fox.png" }\n'
        "@character OWL: nobody here names\n",
        **{"shared/places": "@location POND: a round pond\n"},
    )
    # `@use` inside of a used file is relative to that file.
    assert codes(parsed) == []
    story = story_of(parsed)
    assert [m.name for m in story.cast] == ["FOX", "OWL"]
    assert [r.path for r in story.cast[0].references] == ["shared/refs/fox.png"]
    assert story.cast[0].span.line == 1 and story.cast[0].span.file.endswith("main.story")
    assert [p.look for p in story.locations] == ["a round pond"]


def test_a_file_used_twice_is_read_once(tell: Callable[..., ParsedStory]) -> None:
    parsed = tell(
        '@use "a.story"\n' + MAIN, a='@use "cast.story"\n', cast="@character FOX: a red fox\n"
    )
    assert codes(parsed) == []


@pytest.mark.parametrize(
    ("files", "expected", "words"),
    [
        ({}, "E111", "is not there"),
        ({"cast": '@use "main.story"\n@character FOX: a\n'}, "E116", "main.story -> cast.story"),
        ({"cast": "@character FOX: a\n@character FOX: b\n"}, "E116", "line 2: FOX is already"),
        ({"cast": '@use "../x.story"\n@character FOX: a\n'}, "E116", "may not go up"),
        ({"cast": "a\0b"}, "E112", "NUL bytes"),
        ({"cast": ""}, "E113", "is empty"),
    ],
)
def test_what_is_wrong_with_a_used_file_is_one_error_at_its_line(
    tell: Callable[..., ParsedStory], files: dict[str, str], expected: str, words: str
) -> None:
    parsed = tell(MAIN, **files)
    (found,) = parsed.diagnostics
    assert (found.code, found.span.line, found.span.column) == (expected, 1, 6)
    assert words in found.message


def test_a_story_that_uses_itself_is_a_circle(tell: Callable[..., ParsedStory]) -> None:
    (found,) = tell('@use "main.story"\n' + FOREST).diagnostics
    assert (found.code, found.span.line) == ("E115", 1)


def test_a_name_declared_in_both_is_reported(tell: Callable[..., ParsedStory]) -> None:
    parsed = tell(MAIN + "\n@character FOX: b\n", cast="@character FOX: a\n")
    assert [(d.code, d.span.line) for d in parsed.diagnostics] == [("E102", 11)]


def test_use_goes_no_deeper_than_its_bound(tell: Callable[..., ParsedStory]) -> None:
    chain = {f"f{i}": f'@use "f{i + 1}.story"\n' for i in range(12)}
    parsed = tell('@use "f0.story"\n' + FOREST, **chain, f12="@character FOX: a\n")
    (found,) = parsed.diagnostics
    assert found.code == "E116" and "E115" in found.message


def test_a_link_out_of_the_folder_is_not_followed(
    tell: Callable[..., ParsedStory], tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "secret.story").write_text("@character FOX: a secret\n")
    (tmp_path / "home" / "cast.story").symlink_to(tmp_path / "secret.story")
    parsed = tell(MAIN)
    assert codes(parsed) == ["E114"]
    assert parsed.story is not None and parsed.story.cast == ()


def test_without_a_folder_nobody_from_elsewhere_is_unknown(check: Check) -> None:
    assert codes(check(MAIN)) == []
