"""Given this screenplay, expect this plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.storybook.capabilities import world_capabilities

from ..conftest import OPEN, STORYBOOK
from .planned import FOX_AND_OWL, box_of, only_shot, planned, prompts


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("The FOX walks to the right.", ["a grey fox walking to the right"]),
        ("The FOX strolls left.", ["a grey fox walking to the left"]),
        ("The FOX hops.", ["a grey fox hopping to the right"]),
        ("The FOX jumps up and down.", ["a grey fox jumping"]),
        ("The OWL flies up.", ["a purple owl flying up"]),
        ("The OWL lands.", ["a purple owl landing"]),
        ("The FOX is asleep.", ["a grey fox sleeping"]),
        ("The FOX twirls round and round.", ["a grey fox spinning"]),
        ("The FOX does a somersault.", ["a grey fox doing a somersault"]),
        ("An orange cat bows.", ["an orange cat bowing"]),
        ("A bunny waits.", ["a white rabbit standing still"]),
        ("Two frogs sleep.", ["a green frog sleeping", "a blue frog sleeping"]),
    ],
)
def test_region_prompts_in_the_worlds_own_words(prose: str, expected: list[str]) -> None:
    shot = only_shot(f"{FOX_AND_OWL}@character KITTY: an orange cat\n\nEXT. MEADOW\n\n{prose}\n")
    assert prompts(shot) == expected


def test_an_open_vocabulary_gets_the_look_and_the_writers_verb() -> None:
    shot = only_shot(
        f"{FOX_AND_OWL}\nINT. HOLLOW OAK - NIGHT\n\n"
        "The OWL glides low over the ice. It glitters.\n",
        OPEN,
    )
    assert prompts(shot) == ["an old owl gliding low over the ice"]
    assert shot.background == "inside a hollow oak, night"
    assert shot.place_id is None


def test_who_goes_nowhere_is_said_to_face_somewhere() -> None:
    shot = only_shot(f"{FOX_AND_OWL}\nEXT. MEADOW\n\nThe FOX jumps. The OWL walks to the left.\n")
    assert [entity.prompt for entity in shot.entities] == [
        "a grey fox jumping, facing right", "a purple owl walking to the left",
    ]  # fmt: skip


def test_shots_are_paragraphs_and_dialogue_belongs_to_the_one_before() -> None:
    plan = planned(
        f"""{FOX_AND_OWL}
EXT. FOREST - NIGHT #1A#

The FOX walks to the right.

A beat. Silence.

The OWL sleeps.

FOX
(whispering)
Are you awake, old owl?

NARRATOR (V.O.)
She was.

EXT. BEACH - DAY

OWL
Good morning.

EXT. SNOW - DAY
"""
    )
    assert [s.id for s in plan.shots] == ["1A.1", "1A.2", "1A.3", "2.1", "3.1"]
    asleep = plan.shots[1]
    assert [e.id for e in asleep.entities] == ["OWL", "FOX"]
    assert [(s.speaker, s.start_s) for s in asleep.subtitles] == [("FOX", 0.5)]
    assert [(s.speaker, s.start_s) for s in plan.shots[2].subtitles] == [("NARRATOR", 0.0)]
    assert asleep.text == "The OWL sleeps."
    assert asleep.span is not None and asleep.span.line == 13
    fox, owl = (asleep.beat(e) for e in ("FOX", "OWL"))
    assert fox is not None and owl is not None
    towards = "right" if box_of(asleep, "OWL", 0).left > box_of(asleep, "FOX", 0).left else "left"
    assert fox.facing == towards
    assert prompts(plan.shots[2]) == ["a purple owl sleeping", "a grey fox standing still"]
    assert prompts(plan.shots[3]) == ["a purple owl standing still"]
    assert plan.shots[4].entities == () and plan.shots[4].background == "a snowy landscape"


def test_a_pinned_duration_longer_than_a_clip_becomes_consecutive_shots() -> None:
    plan = planned(f"{FOX_AND_OWL}\nEXT. MEADOW\n@duration 8s\n\nThe FOX walks to the right.\n")
    assert [s.id for s in plan.shots] == ["1.1", "1.2", "1.3"]
    assert plan.duration_s == 8
    assert all(s.duration_s <= STORYBOOK.clip_s for s in plan.shots)
    assert [s.settings.continue_from_previous for s in plan.shots] == [False, True, True]
    for before, after in zip(plan.shots, plan.shots[1:], strict=False):
        assert box_of(before, "FOX", before.duration_s) == box_of(after, "FOX", 0)
        assert box_of(after, "FOX", after.duration_s).left > box_of(after, "FOX", 0).left
        assert [p.what for p in after.pins] == ["duration"]
    assert {e.prompt for s in plan.shots for e in s.entities} == {"a grey fox walking to the right"}


def test_deeds_one_after_another_become_consecutive_shots() -> None:
    plan = planned(
        f"{FOX_AND_OWL}\nEXT. MEADOW\n\nThe FOX hops, stops, then spins. The OWL sleeps.\n"
    )
    assert [prompts(s) for s in plan.shots] == [
        ["a grey fox hopping to the right", "a purple owl sleeping"],
        ["a grey fox spinning", "a purple owl sleeping"],
    ]
    assert plan.shots[1].settings.continue_from_previous


def test_a_long_timed_paragraph_is_cut_where_its_beats_change() -> None:
    plan = planned(
        f"{FOX_AND_OWL}\nEXT. MEADOW\n@duration 6s\n\n"
        "The FOX walks. {FOX, motion=walk, 0s..4s} It bows. {FOX, motion=bow, 4s..6s}\n"
    )
    assert [(s.duration_s, prompts(s)) for s in plan.shots] == [
        (2.0, ["a grey fox walking to the right"]),
        (2.0, ["a grey fox walking to the right"]),
        (2.0, ["a grey fox bowing"]),
    ]


def test_assertions_of_the_plan_and_of_the_writer() -> None:
    plan = planned(
        f"""{FOX_AND_OWL}
EXT. BEACH
@expect motion.FOX >= 0.5, FOX left-of OWL
@expect text >= 0.6

The OWL lands. The FOX walks to the right.

The OWL sleeps.
"""
    )
    first, second = plan.shots
    assert [a.id for a in first.assertions] == [
        "1.1/present.OWL", "1.1/present.FOX", "1.1/motion.OWL", "1.1/motion.FOX",
        "1.1/layout.OWL", "1.1/layout.FOX", "1.1/place",
        "1.1/expect.motion.FOX", "1.1/expect.FOX.left-of.OWL", "1.1/expect.text",
    ]  # fmt: skip
    assert [a.id for a in second.assertions if a.origin == "expect"] == ["1.2/expect.text"]
    wish = first.assertions[-3]
    assert (wish.metric, wish.subject, wish.comparison, wish.threshold) == (
        "motion",
        "FOX",
        ">=",
        0.5,
    )
    assert wish.span is not None and wish.span.line == 8
    assert box_of(first, "FOX", 0).right < box_of(first, "OWL", 0).left


def test_an_expectation_that_fits_no_shot_is_not_lost() -> None:
    shot = only_shot(f"{FOX_AND_OWL}\nEXT. BEACH\n@expect OWL present\n\nThe FOX waits.\n")
    assert [a.id for a in shot.assertions if a.origin == "expect"] == ["1.1/expect.OWL.present"]


def test_seeds_come_from_the_title_page_and_the_shot() -> None:
    body = f"{FOX_AND_OWL}\nEXT. BEACH\n\nThe FOX waits.\n\nThe OWL waits.\n"
    one, other = planned(f"Title: T\nSeed: 41\n{body}"), planned(f"Title: T\nSeed: 42\n{body}")
    assert len({s.seed for p in (one, other) for s in p.shots}) == 4
    assert one == planned(f"Title: T\nSeed: 41\n{body}")


def test_style_and_negative_come_from_the_title_page() -> None:
    text = f"Title: T\nStyle: ink\nNegative: text\n{FOX_AND_OWL}\nEXT. BEACH\n\nThe FOX waits.\n"
    plan = planned(text)
    assert (plan.style, plan.shots[0].style, plan.shots[0].negative) == ("ink", "ink", "text")
    assert plan.director == "rules"


def test_sixty_scenes_are_planned_shot_by_shot() -> None:
    scene = (
        "EXT. FOREST - NIGHT\n\nThe FOX walks toward the OWL while the BEAR sleeps, then bows.\n\n"
        "FOX\nGood evening.\n\nThe OWL flies up; the FOX runs beneath it.\n\n"
    )
    text = f"Title: Long\n{FOX_AND_OWL}\n" + scene * 60
    story = parse_story(text, path="t.story").story
    plan = direct(story, STORYBOOK)
    assert len(plan.scenes) == 60 and len(plan.shots) == 180


@pytest.mark.parametrize("trained", [True, False])
@pytest.mark.parametrize("name", ["fox", "crowd"])
def test_the_projects_own_stories_need_nothing_that_the_world_lacks(
    name: str, trained: bool, repository: Path
) -> None:
    world = world_capabilities(
        "storybook", clip_frames=25, fps=8, width=144, height=96, max_entities=3, trained=trained
    )
    path = repository / "stories" / f"{name}.story"
    parsed = parse_story(path.read_text(encoding="utf-8"), path=str(path), capabilities=world)
    plan = direct(parsed.story, world)
    assert parsed.diagnostics == ()
    assert [n for n in plan.notes if "it is drawn as" not in n] == []
    assert all(e.character for s in plan.shots for e in s.entities)


def test_the_fox_story_is_read_as_it_is_meant(repository: Path) -> None:
    text = (repository / "stories" / "fox.story").read_text(encoding="utf-8")
    plan = planned(text)
    assert [(s.id, s.place_id, prompts(s)) for s in plan.shots] == [
        ("1.1", "forest", ["a brown bear sleeping", "a red fox standing still"]),
        ("1.2", "forest", ["a purple owl landing", "a red fox standing still"]),
        ("1.3", "forest", ["a red fox standing still"]),
        ("2.1", "snow", ["a red fox hopping to the right"]),
        ("3.1", "beach", ["a red fox walking to the right", "a brown bear walking to the left"]),
        ("4.1", "meadow", ["a red fox doing a somersault"]),
        ("5.1", "town", ["a red fox bowing", "a purple owl flying up"]),
        ("6.1", "forest", ["a red fox sleeping", "a brown bear sleeping"]),
    ]


@pytest.mark.parametrize("declared", ['@character "MR. FOX": a red fox\n', ""])
def test_a_title_before_a_name_makes_nobody_else(declared: str) -> None:
    shot = only_shot(
        f"{declared}\nEXT. MEADOW - DAY\n\nMR. FOX walks to the left. Mr. Fox stops.\n\n"
        "MR. FOX\nHello.\n"
    )
    assert [entity.id for entity in shot.entities] == ["MR. FOX"]
