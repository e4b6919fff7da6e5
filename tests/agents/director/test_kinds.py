"""Robots, dragons, fish and cars of a page -> who does what: what they can, else the nearest."""

from __future__ import annotations

import pytest

from dreamrunner.agents.director.remarks import remarks
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl.parse import parse_story
from dreamrunner.engine.storybook.capabilities import world_capabilities
from dreamrunner.plan import Capabilities, Plan
from dreamrunner.story import Story

WORLD = world_capabilities(
    "storybook", clip_frames=25, fps=8, width=192, height=128, max_entities=3, trained=True
)


def _story(text: str) -> Story:
    return parse_story(f"Title: T\n\n{text}\n", path="t.story").story


def _plan(text: str) -> Plan:
    return direct(_story(text), WORLD)


def _done(plan: Plan) -> list[tuple[str, str]]:
    return [(beat.entity, beat.motion) for shot in plan.shots for beat in shot.beats]


def test_who_is_known_is_drawn_in_any_colour_without_a_word() -> None:
    story = _story(
        "@character EMBER: a red dragon\n@character BOLT: an old android\n\n"
        "EXT. MEADOW - DAY\n\nEMBER stands. BOLT waves. A horse runs to the left.\n"
    )
    assert not remarks(story, WORLD)
    cast = {e.id: (e.character, e.color) for s in direct(story, WORLD).shots for e in s.entities}
    assert cast["EMBER"] == ("dragon", "red")
    assert cast["BOLT"] == ("robot", "grey")
    assert cast["HORSE"] == ("horse", "brown")


@pytest.mark.parametrize(
    ("said", "done", "noted"),
    [
        ("The robot waves.", ("ROBOT", "wave"), False),
        ("The robot laughs.", ("ROBOT", "laugh"), False),
        ("A fish swims.", ("FISH", "swim"), False),
        ("A fish walks.", ("FISH", "swim"), True),
        ("The snake runs to the left.", ("SNAKE", "slither"), True),
        ("The ghost floats.", ("GHOST", "float"), False),
        ("A dragon sleeps.", ("DRAGON", "sleep"), False),
        ("A dragon waves.", ("DRAGON", "bow"), True),
        ("The monster dances.", ("MONSTER", "dance"), False),
    ],
)
def test_a_deed_is_theirs_or_the_nearest_and_noted(
    said: str, done: tuple[str, str], noted: bool
) -> None:
    plan = _plan(f"EXT. MEADOW - DAY\n\n{said}\n")
    assert done in _done(plan)
    assert any("drawn as" in note for note in plan.notes) is noted


def test_who_flies_somewhere_goes_there_through_the_air() -> None:
    plan = _plan("EXT. MEADOW - DAY\n\nThe dragon flies to the left.\n")
    (shot,) = plan.shots
    (beat,) = shot.beats
    first, last = (shot.box_at("DRAGON", t) for t in (0.0, shot.duration_s))
    assert (beat.motion, beat.facing) == ("fly", "left")
    assert first is not None and last is not None
    assert last.center[0] < first.center[0] - 0.2 and first.bottom < 0.8


def test_a_dragon_talks_while_its_line_is_heard() -> None:
    plan = _plan("EXT. MEADOW - DAY\n\nThe dragon stands.\n\nDRAGON\nIt was too loud there.\n")
    assert ("DRAGON", "talk") in _done(plan)


def test_things_are_filmed_where_a_story_declares_them_and_only_there() -> None:
    declared = _plan(
        "@prop CAR: a yellow car\n\nEXT. STREET - DAY\n\nThe CAR drives to the right.\n"
    )
    (entity,) = declared.shots[0].entities
    assert (entity.character, entity.color) == ("car", "yellow")
    assert entity.prompt == "a yellow car rolling to the right"
    assert _done(declared) == [("CAR", "roll")]
    prose = _plan(
        "@character ANNA: a woman with red hair\n\nEXT. STREET - DAY\n\nANNA picks up a letter.\n"
    )
    assert [e.id for e in prose.shots[0].entities] == ["ANNA"]


def test_what_somebody_is_likened_to_is_nobody() -> None:
    plan = _plan(
        "@character ANNA: a woman with red hair\n@character TOM: an old man\n\nINT. ROOM - DAY\n\n"
        "ANNA holds it as one holds a bird. TOM runs like a horse.\n"
    )
    assert {e.id for s in plan.shots for e in s.entities} == {"ANNA", "TOM"}


def test_people_are_what_the_last_word_says() -> None:
    plan = _plan("INT. ROOM - DAY\n\nThe CAR DEALER waits.\n\nCAR DEALER\nNice car.\n")
    assert {e.character for s in plan.shots for e in s.entities} == {"person"}


def test_what_is_pinned_is_the_nearest_and_noted() -> None:
    plan = _plan(
        "@character FINN: a red fish\n\nEXT. LAKE - DAY\n@motion FINN { 0s..3s: walk }\n\n"
        "FINN is there.\n"
    )
    assert ("FINN", "swim") in _done(plan)


def test_a_stranger_is_still_a_stranger_with_the_nearest_named() -> None:
    (found, *_) = remarks(
        _story("@character KIT: a white unicorn\n\nEXT. MEADOW\n\nKIT waits.\n"), WORLD
    )
    assert found.code == "W135" and "the nearest it knows is a horse" in found.message


def test_what_a_kind_cannot_wear_or_hold_is_said() -> None:
    look = "a green dragon with a red scarf and a yellow crown"
    (found,) = remarks(
        _story(f"@character GORM: {look}\n\nEXT. ROAD - DAY\n\nGORM waits.\n"), WORLD
    )
    message = "storybook draws a dragon without a scarf and a crown: GORM"
    assert (found.code, found.span.line, found.message) == ("W136", 3, message)
    # A box is a box, and what it is in is not worn.
    story = _story("@prop CRATE: a brown box in a corner\n\nEXT. ROAD - DAY\n\nThe CRATE falls.\n")
    assert "W136" not in [remark.code for remark in remarks(story, WORLD)]


@pytest.mark.parametrize(("kind", "words"), [("CLOSE", "close"), ("MEDIUM", "to the waist")])
def test_who_is_seen_whole_in_a_close_shot_is_said_at_it(kind: str, words: str) -> None:
    page = (
        "@character GORM: a green dragon\n@character ANNA: a woman in a red dress\n\n"
        "EXT. ROAD - DAY\n\n@shot {kind} 3s on={who}\n\nGORM laughs. ANNA laughs.\n"
    )
    (found,) = remarks(_story(page.format(kind=kind, who="GORM")), WORLD)
    assert (found.code, found.span.line) == ("W136", 8)
    assert found.message == f"storybook shows a dragon whole, not {words}: GORM"
    assert not remarks(_story(page.format(kind=kind, who="ANNA")), WORLD)


def test_an_animal_keeps_to_the_sizes_that_a_model_was_trained_on_and_a_person_to_none() -> None:
    trained = WORLD.model_copy(update={"taught_heights": (0.32, 0.62)})
    page = (
        "@character FOX: a red fox\n@character ANNA: a woman in a red dress\n\n"
        "EXT. MEADOW - DAY\n\n@shot CLOSE 3s on={who}\n\nThe FOX bows. ANNA laughs.\n"
    )

    def tallest(who: str, world: Capabilities) -> float:
        (shot, *_) = direct(_story(page.format(who=who)), world).shots
        boxes = [p.box for k in shot.keyframes for p in k.placements if p.entity == who]
        return max(box.height for box in boxes)

    assert tallest("FOX", trained) == pytest.approx(0.62, abs=0.01)
    assert tallest("ANNA", trained) == tallest("ANNA", WORLD) > 0.8
    assert tallest("FOX", WORLD) > 0.8  # the drawn world has any size
    (found,) = remarks(_story(page.format(who="FOX")), trained)
    assert found.message == "storybook shows a fox whole, not close: FOX"
    assert not remarks(_story(page.format(who="FOX")), WORLD)
