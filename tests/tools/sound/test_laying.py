"""Sounds lie under their scenes, and music under all scenes of its section."""

from __future__ import annotations

from pathlib import Path

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Plan, ScenePlan, ShotPlan
from dreamrunner.tools.sound.laying import beds_of, sounds_of
from dreamrunner.tools.sound.tracks import Bed

STORY = """\
@music "theme.ogg" gain=-12 fade=2s

EXT. ONE - DAY
@audio "wind.ogg" loop start=1s

Fog.

EXT. TWO - DAY

Fog.

# Act Two

EXT. THREE - DAY

Fog.

EXT. FOUR - DAY
@music "chase.ogg"

Fog.

EXT. FIVE - DAY
@music none

Fog.
"""


def plan() -> Plan:
    def shot(scene: str, number: int) -> ShotPlan:
        return ShotPlan(
            id=f"{scene}.{number}", scene=scene, duration_s=2.0, seed=0, place="", background=""
        )

    scenes = tuple(
        ScenePlan(id=str(n), heading="", place="", shots=(shot(str(n), 1), shot(str(n), 2)))
        for n in range(1, 6)
    )
    return Plan(title="T", director="rules", fps=8, width=144, height=96, scenes=scenes)


def test_what_lies_under_which_shots() -> None:
    story = parse_story(STORY, path="a.story").story
    assert story is not None
    home = Path("home")
    assert beds_of(story, plan(), home) == [
        Bed(home / "wind.ogg", ("1.1", "1.2"), loop=True, start_s=1.0),
        Bed(
            home / "theme.ogg", ("1.1", "1.2", "2.1", "2.2"), loop=True, gain_db=-12.0, fade_s=2.0,
            music=True, opens=True,
        ),
        Bed(home / "chase.ogg", ("4.1", "4.2"), loop=True, music=True),
    ]  # fmt: skip
    assert [file.path for file in sounds_of(story)] == ["theme.ogg", "chase.ogg", "wind.ogg"]


SHOTS = """\
EXT. ONE - DAY
@shot WIDE 1s { audio "wind.ogg" loop; seed 3 }

The FOX walks.

@shot CLOSE 6s on=FOX { audio "steps.ogg" start=1s gain=-3 }

The FOX jumps.
"""


def test_a_sound_in_the_block_of_a_shot_lies_under_that_shot_alone() -> None:
    parsed = parse_story(SHOTS, path="a.story")
    assert parsed.story is not None and not parsed.errors
    made = direct(parsed.story, capabilities("animatic"))
    wide, *close = (shot.id for shot in made.shots)
    assert len(close) > 1  # longer than a clip
    assert beds_of(parsed.story, made, Path()) == [
        Bed(Path("wind.ogg"), (wide,), loop=True),
        Bed(Path("steps.ogg"), tuple(close), start_s=1.0, gain_db=-3.0),
    ]
    assert [file.path for file in sounds_of(parsed.story)] == ["wind.ogg", "steps.ogg"]
