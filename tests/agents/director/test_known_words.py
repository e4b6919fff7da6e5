"""Given a fixed motion that an engine does not know, expect the nearest that it knows."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.known_words import known_deeds
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Capabilities

from ..conftest import OPEN

STORYBOOK = capabilities("storybook")


def deeds(motion: str, world: Capabilities = STORYBOOK) -> dict[str, tuple[str, str]]:
    text = f"""Title: T

@character FOX: a red fox

EXT. BEACH - DAY
@motion FOX {{
  0s..end: {motion}
}}

The FOX is here.
"""
    (shot,) = direct(parse_story(text, path="t.story").story, world).shots
    found = known_deeds(shot, world)
    return {who: (one.beats[0].motion, one.prompt) for who, one in found.items()}


@pytest.mark.parametrize(
    ("motion", "known", "words"),
    [
        ("jump-about", "jump", "jumping"),
        ("leap-for-joy", "jump", "jumping"),
        ("spin-around", "spin", "spinning"),
    ],
)
def test_a_word_of_it_names_what_the_engine_knows(motion: str, known: str, words: str) -> None:
    prompt = f"a red fox {words}, facing right"
    assert deeds(motion) == {"FOX": (known, prompt)}


@pytest.mark.parametrize("motion", ["gambol", "jump", "leap"])
def test_what_names_nothing_and_what_is_known_stays(motion: str) -> None:
    assert deeds(motion) == {}


def test_an_engine_of_any_words_knows_every_motion() -> None:
    assert deeds("jump-about", OPEN) == {}
