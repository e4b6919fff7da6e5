"""Given this screenplay, expect this plan."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.storybook.capabilities import world_capabilities
from dreamrunner.plan import Capabilities, Plan, ShotPlan
from dreamrunner.story import Box

from ..conftest import OPEN, STORYBOOK


def planned(text: str, capabilities: Capabilities = STORYBOOK) -> Plan:
    """Direct a story of which the text stands in the test."""
    if not text.lstrip().startswith("Title:"):
        text = f"Title: T\n\n{text}"
    return direct(parse_story(text, path="t.story").story, capabilities)


def only_shot(text: str, capabilities: Capabilities = STORYBOOK) -> ShotPlan:
    (shot,) = planned(text, capabilities).shots
    return shot


def prompts(shot: ShotPlan) -> list[str]:
    """Return what each is and does; which way somebody faces who goes nowhere is left out."""
    return [re.sub(r", facing (left|right)", "", entity.prompt) for entity in shot.entities]


def box_of(shot: ShotPlan, entity: str, time_s: float) -> Box:
    box = shot.box_at(entity, time_s)
    assert box is not None
    return box


FOX_AND_OWL = """
@character FOX: a small grey fox
@character OWL: an old owl
"""


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


def test_tags_are_pinned_and_their_times_kept() -> None:
    shot = only_shot(
        f"{FOX_AND_OWL}\nEXT. MEADOW\n\nThe FOX walks. {{FOX, motion=walk, 0s..2s}}\n"
        "It bows. {FOX, motion=bow, 2s..3s}\n"
    )
    assert [(b.motion, b.start_s, b.end_s, b.pinned) for b in shot.beats] == [
        ("walk", 0.0, 2.0, True), ("bow", 2.0, 3.0, True), ("stand", 3.0, 3.125, False),
    ]  # fmt: skip
    assert prompts(shot) == ["a grey fox walking to the right, then bowing, then standing still"]
    assert [(p.what, p.entity, p.span.line) for p in shot.pins] == [
        ("motion", "FOX", 9), ("motion", "FOX", 10),
    ]  # fmt: skip


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


PINNED = """
@character FOX: a red fox
@character OWL: an owl

EXT. BEACH - DAY
@seed 99
@camera pan-left slow
@tries 5
@layout FOX {
  0s: box (0.05, 0.30, 0.35, 0.90)
  1s: box (0.20, 0.31, 0.50, 0.91)
  3s: box (0.10, 0.30, 0.40, 0.90)
}
@motion FOX { 0s..2s: hop; 2s..3s: "moonwalk" }

The FOX walks. The OWL sleeps.
"""


def test_what_the_writer_fixed_is_used_exactly_and_recorded() -> None:
    shot = only_shot(PINNED.replace('"moonwalk"', "moonwalk"))
    at = {k.time_s: k.placement("FOX") for k in shot.keyframes}
    for time_s, box in (
        (0.0, Box(0.05, 0.30, 0.35, 0.90)),
        (1.0, Box(0.20, 0.31, 0.50, 0.91)),
        (3.0, Box(0.10, 0.30, 0.40, 0.90)),
    ):
        placed = at[time_s]
        assert placed is not None and placed.box == box and placed.pinned
    fixed = [(b.motion, b.start_s, b.end_s) for b in shot.beats if b.pinned]
    assert fixed == [("hop", 0.0, 2.0), ("moonwalk", 2.0, 3.0)]
    assert (shot.seed, shot.camera, shot.tries) == (99, "pan-left slow", 5)
    assert [(p.what, p.entity) for p in shot.pins] == [
        ("layout", "FOX"), ("motion", "FOX"), ("motion", "FOX"), ("seed", None), ("camera", None),
    ]  # fmt: skip
    assert 'storybook was never taught "moonwalk", which is pinned' in shot.notes
    assert all(box_of(shot, "OWL", t).intersection(box_of(shot, "FOX", t)) == 0 for t in (0, 1, 3))


def test_replan_releases_a_pin_and_keep_makes_one() -> None:
    text = PINNED.replace('"moonwalk"', "jump").replace(
        "@tries 5", "@replan layout, seed, keep=(camera, place)"
    )
    shot = only_shot(text)
    assert {(p.what, p.entity) for p in shot.pins} == {
        ("motion", "FOX"), ("camera", None), ("place", None),
    }  # fmt: skip
    assert box_of(shot, "FOX", 1.0) == Box(0.20, 0.31, 0.50, 0.91)
    assert not any(p.pinned for k in shot.keyframes for p in k.placements)


UNIT = st.integers(0, 60)
LAYOUTS = st.lists(st.tuples(st.integers(0, 62), UNIT, UNIT, st.integers(10, 39)), min_size=1,
                   max_size=4, unique_by=lambda key: key[0])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(LAYOUTS, st.sampled_from(["walks", "jumps up and down", "sleeps", "flies up"]))
def test_every_pinned_box_survives_at_its_time(
    keys: list[tuple[int, int, int, int]], verb: str
) -> None:
    boxes = {
        f / 8: Box(x / 100, y / 100, (x + side) / 100, (y + side) / 100)
        for f, x, y, side in sorted(keys)
    }
    lines = "\n".join(
        f"  {t}s: box ({b.left}, {b.top}, {b.right}, {b.bottom})" for t, b in boxes.items()
    )
    text = (
        f"{FOX_AND_OWL}\nEXT. BEACH\n@layout FOX {{\n{lines}\n}}\n\nThe FOX {verb}. An OWL waits."
    )
    plan = planned(text)
    starts = [sum(s.duration_s for s in plan.shots[:i]) for i in range(len(plan.shots))]
    for time_s, box in boxes.items():
        shown = [
            placed.box
            for start, shot in zip(starts, plan.shots, strict=True)
            for k in shot.keyframes
            if k.time_s == pytest.approx(time_s - start, abs=1e-5)
            and (placed := k.placement("FOX")) is not None
            and placed.pinned
        ]
        assert box in shown
    for shot in plan.shots:
        for placed in (p for k in shot.keyframes for p in k.placements):
            assert 0 <= placed.box.left < placed.box.right <= 1
            assert 0 <= placed.box.top < placed.box.bottom <= 1


def test_a_stranger_keeps_its_look_and_is_noted_with_the_nearest() -> None:
    shot = only_shot("EXT. TOWN\n\nA small boy, TOM, walks to the right. A WOLF waits.\n")
    assert [(e.id, e.character, e.color) for e in shot.entities] == [
        ("TOM", None, None), ("WOLF", None, None),
    ]  # fmt: skip
    assert prompts(shot) == ["a small boy walking to the right", "a wolf standing still"]
    assert shot.notes == (
        "TOM is nothing that storybook knows how to draw; the nearest it knows is a rabbit",
        "WOLF is nothing that storybook knows how to draw; the nearest it knows is a fox",
    )


@pytest.mark.parametrize(
    ("look", "character", "color", "noted"),
    [
        ("a small grey fox", "fox", "grey", False),
        ("a fox with a grey scarf", "fox", "red", False),
        ("a ginger cat in a bear costume", "cat", "orange", False),
        ("a golden lion", "lion", "yellow", False),
        ("a blue fox", "fox", "red", True),
        ("a caterpillar", None, None, True),
        ("a friend of the owl", None, None, True),
    ],
)
def test_looks(look: str, character: str | None, color: str | None, noted: bool) -> None:
    shot = only_shot(f"@character MILO: {look}\n\nEXT. BEACH\n\nMILO waits.\n")
    entity = shot.entity("MILO")
    assert (entity.character, entity.color, bool(shot.notes)) == (character, color, noted)


@pytest.mark.parametrize(
    ("heading", "prose", "place", "noted"),
    [
        ("EXT. BEACH - DAY", "The FOX waits.", "beach", False),
        ("EXT. SEASIDE - DAY", "The FOX waits.", "beach", False),
        ("EXT. DARK WOODS - NIGHT", "The FOX waits.", "forest", False),
        ("EXT. FROZEN RIVER - DAY", "The FOX waits.", "snow", True),
        ("EXT. VILLAGE STREET", "The FOX waits in the snow.", "town", True),
        ("INT. HOLLOW OAK - NIGHT", "The FOX waits.", "forest", True),
        ("EXT. SHORE - DAY", "The FOX waits.", "beach", True),
        ("EXT. RIVERBANK - NIGHT", "The FOX runs over the ice.", "snow", True),
        ("EXT. GREEN HILL - DAY", "The FOX waits.", "meadow", True),
        ("EXT. NOWHERE - NIGHT", "The FOX waits.", "forest", True),
        ("EXT. FOREST - DAWN", "The FOX waits.", "forest", True),
    ],
)
def test_places(heading: str, prose: str, place: str, noted: bool) -> None:
    shot = only_shot(f"{FOX_AND_OWL}\n{heading}\n\n{prose.replace('runs', 'walks')}\n")
    assert shot.place_id == place
    assert shot.background == STORYBOOK.places[place]
    assert bool(shot.notes) == noted


NAMES = ["FOX", "OWL", "MRS. BEAR", "TOM", "OLD KEEPER"]
PLACES = ["THE {}'S DEN", "{} HOUSE", "HOUSE OF {}", "BEHIND THE {}", "{}"]


@pytest.mark.parametrize("capabilities", [STORYBOOK, OPEN], ids=["storybook", "open"])
def test_a_background_names_nobody(capabilities: Capabilities) -> None:
    cast = "\n".join(f"@character {n}: a {n.split()[-1].lower()}" for n in NAMES)
    words = {w.strip(".").lower() for n in NAMES for w in n.split()} - {"old"}
    words |= set(STORYBOOK.characters) | {f"{c}s" for c in STORYBOOK.characters}
    for name, place in product([*NAMES, "RABBIT", "BEARS"], PLACES):
        heading = f"EXT. {place.format(name)} - DAY"
        shot = only_shot(f"{cast}\n\n{heading}\n\nSnow falls. The {name} waits.\n", capabilities)
        said = {w.strip(".,'").removesuffix("'s") for w in shot.background.lower().split()}
        shared = said & words if capabilities is STORYBOOK else said & words - {"rabbits"}
        assert not shared, (heading, shot.background)


def test_more_than_the_engine_draws_are_left_out_with_a_note() -> None:
    shot = only_shot("EXT. TOWN\n\nA fox, a cat and a pig look on. An owl lands. A frog hops.\n")
    assert [e.id for e in shot.entities] == ["FOX", "CAT", "PIG"] or len(shot.entities) == 3
    assert any(n.startswith("storybook draws 3 at once; left out of this shot") for n in shot.notes)


def test_props_are_noted_in_a_small_world_and_spoken_of_in_an_open_one() -> None:
    text = (
        f"{FOX_AND_OWL}@prop LANTERN: a brass lantern\n\nEXT. TOWN\n\nThe FOX holds the LANTERN.\n"
    )
    small, large = only_shot(text), only_shot(text, OPEN)
    assert [e.id for e in small.entities] == ["FOX"]
    assert "LANTERN is a prop that storybook does not draw" in small.notes
    assert prompts(large) == ["a small grey fox, holding the lantern"]


def test_continuity_of_place() -> None:
    plan = planned(
        f"""{FOX_AND_OWL}
EXT. BEACH

The FOX walks to the right.

The FOX jumps.

EXT. TOWN

The FOX waits.
"""
    )
    first, second, elsewhere = plan.shots
    there = box_of(first, "FOX", first.duration_s).center[0]
    assert there > 0.6
    assert box_of(second, "FOX", 0).center[0] == pytest.approx(there, abs=0.01)
    assert box_of(elsewhere, "FOX", 0).center[0] == pytest.approx(0.5, abs=0.01)


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
