"""What the tests of the language share: one engine of known limits, and a short way to parse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dreamrunner.dsl import ParsedStory, parse_story
from dreamrunner.plan import Capabilities
from dreamrunner.story import Scene

Check = Callable[..., ParsedStory]


@pytest.fixture
def engine() -> Capabilities:
    """An engine of six-second clips that can draw three at once."""
    return Capabilities(
        name="toy",
        clip_frames=49,
        fps=8,
        width=96,
        height=64,
        max_entities=3,
        motions={"walk": "walking", "trot": "trotting", "run": "running", "leap": "leaping"},
        library_motions={"spin": "spinning"},
        synonyms={"stroll": "walk"},
        metrics=("text", "layout", "identity", "motion", "place", "join", "clip"),
    )


@pytest.fixture
def check(engine: Capabilities) -> Check:
    """Parse a text for the toy engine."""

    def parse(text: str, *, folder: Path | None = None) -> ParsedStory:
        return parse_story(text, path="test.story", folder=folder, capabilities=engine)

    return parse


@pytest.fixture
def scene(check: Check) -> Callable[[str], Scene]:
    """Parse the inside of a scene with FOX and OWL in the cast; it must have no mistake."""

    def parse(inside: str) -> Scene:
        parsed = check(f"{CAST}{inside}\n")
        assert parsed.diagnostics == ()
        assert parsed.story is not None
        (only,) = parsed.story.scenes
        return only

    return parse


@pytest.fixture
def mistakes(check: Check) -> Callable[..., list[str]]:
    """Parse the inside of a scene with FOX and OWL in the cast -> `line:column code` of each.

    Lines count from the first under the heading.
    """

    def parse(inside: str, *, strict: bool = False) -> list[str]:
        above = ("Strict: yes\n\n" if strict else "") + CAST
        first = above.count("\n")
        parsed = check(f"{above}{inside}\n")
        return [f"{d.span.line - first}:{d.span.column} {d.code}" for d in parsed.diagnostics]

    return parse


CAST = """\
@character FOX: a small red fox
@prop OWL: an old grey owl

EXT. FOREST - DAY
The FOX and the OWL are here.
"""
