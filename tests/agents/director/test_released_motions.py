"""Given a fixed motion that an engine does not know and that may go, expect a known one."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Capabilities, ShotPlan

from ..conftest import OPEN

STORYBOOK = capabilities("storybook")


def shot_of(
    motion: str, replan: str = "@replan motion", world: Capabilities = STORYBOOK
) -> ShotPlan:
    text = f"""Title: T

@character FOX: a red fox

EXT. BEACH - DAY
@motion FOX {{
  0s..end: {motion}
}}
{replan}

The FOX is here.
"""
    story = parse_story(text, path="t.story").story
    assert story is not None
    (shot,) = direct(story, world).shots
    return shot


@pytest.mark.parametrize(
    ("motion", "known", "words"),
    [
        ("jump-about", "jump", "jumping"),
        ("leap-for-joy", "jump", "jumping"),
        ("dance-wildly", "dance", "dancing"),
    ],
)
def test_it_becomes_what_one_of_its_words_names(motion: str, known: str, words: str) -> None:
    shot = shot_of(motion)
    assert [beat.motion for beat in shot.beats] == [known]
    assert shot.entities[0].prompt == f"a red fox {words}, facing right"
    assert f'"{motion}" may be exchanged: drawn as {words}' in shot.notes
    plain = shot_of(known)
    assert shot.keyframes == plain.keyframes


@pytest.mark.parametrize("replan", ["", "@replan layout", "@replan keep=(motion)"])
def test_what_the_writer_keeps_is_used_as_it_is(replan: str) -> None:
    assert [beat.motion for beat in shot_of("jump-about", replan).beats] == ["jump-about"]


def test_what_names_nothing_that_is_known_stays() -> None:
    assert [beat.motion for beat in shot_of("gambol").beats] == ["gambol"]


def test_an_engine_of_any_words_is_told_the_writers() -> None:
    assert [beat.motion for beat in shot_of("jump-about", world=OPEN).beats] == ["jump-about"]
