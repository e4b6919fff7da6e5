"""People are their words: equal words draw equal figures, every colour is a part, nothing leaks."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from dreamrunner.engine.storybook.world.additions import (
    ALL_MOTIONS,
    CARRIED,
    CROWN,
    FRAMED,
    Framing,
)
from dreamrunner.engine.storybook.world.figures.motions import MOVEMENTS, pose_at
from dreamrunner.engine.storybook.world.figures.parts import (
    COUNT,
    HIGH,
    WIDE,
    draw_parts,
    palette,
    placed,
    window_of,
)
from dreamrunner.engine.storybook.world.figures.pose import Pose
from dreamrunner.engine.storybook.world.figures.sprites import (
    draw_sprite,
    is_drawn,
    resting_size,
    sprite_image,
)
from dreamrunner.engine.storybook.world.held_out import HELD_OUT_LOOKS, is_held_out
from dreamrunner.engine.storybook.world.people import PERSON, PersonLook, look_in, table
from dreamrunner.engine.storybook.world.scenes.actors import actor_from_boxes, natural_boxes
from dreamrunner.engine.storybook.world.scenes.drawing import draw_scene
from dreamrunner.engine.storybook.world.scenes.people_scenes import (
    sample_look,
    sample_people_scene,
)
from dreamrunner.engine.storybook.world.words.captions import tied_prompt

DETECTIVE = PersonLook(age="old", garment="coat", colour="brown", headgear="hat", hair="grey")


def test_a_look_is_its_words() -> None:
    rng = np.random.default_rng(0)
    for _ in range(500):
        look = sample_look(rng)
        assert look_in(f"a {look} talking, facing left") == look
    assert look_in("a red fox") is None
    assert str(DETECTIVE) == "old man, pale skin, grey hair, brown coat, black hat"


def test_equal_words_are_the_same_figure_and_each_attribute_shows() -> None:
    first = draw_sprite(PERSON, str(DETECTIVE), height=80).pixels
    assert np.array_equal(first, draw_sprite(PERSON, str(DETECTIVE), height=80).pixels)
    others = (
        PersonLook(), PersonLook(age="child"), PersonLook(female=True), PersonLook(skin="dark"),
        PersonLook(hair="red"), PersonLook(hair_style="long"), PersonLook(hair_style="bald"),
        PersonLook(beard=True), PersonLook(glasses=True), PersonLook(colour="red"),
        PersonLook(build="stout"),
        *(PersonLook(garment=g) for g in table().garments[1:]),
        *(PersonLook(headgear=h) for h in table().headgears[1:]),
    )  # fmt: skip
    pictures = {sprite_image(PERSON, str(look), height=80).tobytes() for look in others}
    assert len(pictures) == len(others)


@pytest.mark.parametrize("framing", ["wide", "medium", "close"])
@pytest.mark.parametrize("female", [False, True])
def test_ages_and_builds_show_at_a_glance(framing: Framing, female: bool) -> None:
    # By a wrinkle and a pixel of girth, a hundredth of a figure, nobody told who is old or thin.
    ages = [PersonLook(age=age, female=female) for age in table().ages]
    builds = [PersonLook(build=build, female=female) for build in table().builds]
    for one, other in (*combinations(ages, 2), *combinations(builds, 2)):
        a, b = (draw_parts(look, framing, Pose()) for look in (one, other))
        assert (a != b).sum() > 0.15 * ((a > 0) | (b > 0)).sum(), (one, other)


def shown(look: PersonLook, framing: Framing, item: str = "") -> NDArray[np.uint8]:
    """The parts of somebody that a picture of this framing has in it."""
    _, middle, _, half = window_of(framing)
    low = FRAMED[framing][0] if framing != "wide" else 100.0
    rows = middle - half + (np.arange(HIGH) + 0.5) / HIGH * 2 * half
    return draw_parts(look, framing, Pose(), item)[rows < low]


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How many of two figures' cells differ."""
    return float((one != other).sum() / ((one > 0) | (other > 0)).sum())


@pytest.mark.parametrize(
    ("framing", "age", "hood", "least"),
    [
        ("wide", "grown", "", 0.15), ("medium", "grown", "", 0.12), ("close", "grown", "", 0.1),
        ("close", "grown", "hood", 0.06), ("close", "child", "", 0.035),
    ],
)  # fmt: skip
def test_clothes_are_told_apart_by_what_is_in_the_picture(
    framing: Framing, age: str, hood: str, least: float
) -> None:
    # In a close-up a dress and a shirt were the same picture, and armour had no colour.
    looks = [PersonLook(age=age, garment=g, headgear=hood) for g in table().garments]
    for one, other in combinations(looks, 2):
        assert apart(shown(one, framing), shown(other, framing)) > least, (one, other)


@pytest.mark.parametrize("framing", ["wide", "medium", "close"])
@pytest.mark.parametrize("garment", table().garments)
def test_a_garments_colour_is_in_the_picture(framing: Framing, garment: str) -> None:
    cloth = {5, 6}  # the named colour and its shade
    parts = shown(PersonLook(garment=garment), framing)
    assert np.isin(parts, list(cloth)).sum() > 0.02 * (parts > 0).sum()


@pytest.mark.parametrize("framing", ["wide", "medium", "close"])
def test_hats_are_told_apart_within_the_box(framing: Framing) -> None:
    looks = [PersonLook(headgear=h) for h in table().headgears]
    for one, other in combinations(looks, 2):
        assert apart(shown(one, framing), shown(other, framing)) > 0.07, (one, other)
    # The tip of a pointed hat was above the box, and with it above the picture.
    _, middle, _, half = window_of(framing)
    above = int((CROWN - 1 - (middle - half)) / (2 * half) * HIGH)
    for look in looks:
        assert not draw_parts(look, framing, Pose())[:above].any(), look


@pytest.mark.parametrize("item", CARRIED)
def test_what_somebody_carries_is_seen_to_the_waist(item: str) -> None:
    assert apart(shown(PersonLook(), "medium", item), shown(PersonLook(), "medium")) > 0.1


@pytest.mark.parametrize("framing", ["wide", "medium", "close"])
def test_lines_on_the_canvas_are_as_broad_as_drawn(
    framing: Framing, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Drawn in whole cells, ink covered a quarter to two fifths more.
    look, ink = PersonLook(glasses=True, female=True), 14
    canvas = (draw_parts(look, framing, Pose()) == ink).mean()
    monkeypatch.setattr("dreamrunner.engine.storybook.world.figures.parts._FINER", 15)
    assert canvas == pytest.approx((draw_parts(look, framing, Pose()) == ink).mean(), rel=0.12)


def test_only_whole_looks_are_drawn() -> None:
    assert is_drawn(PERSON, str(DETECTIVE))
    assert not is_drawn(PERSON, "old man")


def test_a_box_does_not_depend_on_what_is_worn() -> None:
    plain, hatted = PersonLook(), PersonLook(headgear="pointed hat", garment="robe")
    assert resting_size(PERSON, str(plain), False) == resting_size(PERSON, str(hatted), False)


def test_every_colour_of_every_look_is_a_part() -> None:
    seen = set[int]()
    for number, garment in enumerate(table().garments):
        for headgear in table().headgears:
            look = PersonLook(
                garment=garment, headgear=headgear, beard=number % 2 == 0, glasses=True,
                female=number % 2 == 1, age="old" if number % 2 else "child",
            )  # fmt: skip
            item = ("", "scarf", *CARRIED)[(number + len(headgear)) % (2 + len(CARRIED))]
            for mouth in range(4):
                seen |= set(draw_parts(look, "wide", Pose(mouth=mouth), item).ravel().tolist())
    assert seen <= set(range(COUNT)) and len(seen) > COUNT - 6


@pytest.mark.parametrize("motion", ["stand", "talk", "run", "sleep", "fall", "bow"])
def test_parts_placed_and_filled_are_the_figure(motion: str) -> None:
    pose = pose_at(motion, 12, 25, 8)
    sprite = draw_sprite(PERSON, str(DETECTIVE), pose, height=100)
    parts = draw_parts(DETECTIVE, "wide", pose)
    x, y, half_x, half_y = window_of("wide")
    tall, wide = sprite.solid.shape
    down, across = np.mgrid[0:tall, 0:wide]
    # Pixels of the sprite in figure units, then as the upright figure has them.
    units = np.stack([across + sprite.left + 0.5, down + sprite.top + 100.5, np.ones((tall, wide))])
    moves = placed(pose.lying, pose.angle, pose.turn, pose.stretch)
    back = np.linalg.inv(np.vstack([moves, [0, 0, 1]]))
    upright = np.tensordot(back, units, 1)
    column = np.clip((upright[0] - x + half_x) / (2 * half_x) * WIDE, 0, WIDE - 1).astype(int)
    row = np.clip((upright[1] - y + half_y) / (2 * half_y) * HIGH, 0, HIGH - 1).astype(int)
    found = parts[row, column] > 0
    shared = (found & sprite.solid).sum() / (found | sprite.solid).sum()
    assert shared > 0.78
    coat = palette(DETECTIVE, None)[5]
    assert tuple(coat) == (0x8E, 0x62, 0x42)


def test_training_scenes_hold_out_what_is_held_out_and_tell_all_the_rest() -> None:
    rng = np.random.default_rng(1)
    framings = set[str]()
    for _ in range(400):
        spec = sample_people_scene(rng)
        for actor in spec.actors:
            assert actor.motion in ALL_MOTIONS
            framings.add(actor.framing)
            if actor.character != PERSON:
                continue
            look = look_in(tied_prompt(spec, actor))
            assert look is not None and str(look) == actor.colourway
            assert not is_held_out(look, actor.motion)
            assert (look.garment, look.headgear) not in HELD_OUT_LOOKS
            boxes = natural_boxes(actor, (spec.width, spec.height))
            assert boxes.min() > -0.2 and boxes.max() < 1.2
    assert framings == {"wide", "medium", "close"}


def test_chosen_frames_are_those_of_the_whole_clip() -> None:
    spec = sample_people_scene(np.random.default_rng(4))
    whole, some = draw_scene(spec, with_masks=True), draw_scene(spec, with_masks=True, at=(3, 20))
    assert np.array_equal(whole.frames[[3, 20]], some.frames)
    assert whole.masks is not None and some.masks is not None
    assert np.array_equal(whole.masks[:, [3, 20]], some.masks)


def test_every_motion_has_a_movement() -> None:
    assert set(MOVEMENTS) == set(ALL_MOTIONS)


def test_who_is_seen_in_part_is_drawn_from_clipped_boxes_as_before() -> None:
    rng, compared = np.random.default_rng(4), 0
    while compared < 6:
        spec = sample_people_scene(rng)
        for actor in spec.actors:
            if actor.framing == "wide":
                continue
            size = (spec.width, spec.height)
            boxes = np.clip(natural_boxes(actor, size), 0, 1)
            again = actor_from_boxes(
                PERSON, boxes, motion=actor.motion, colourway=actor.colourway, facing=actor.facing,
                wear=actor.wear, size=size, framing=actor.framing,
            )  # fmt: skip
            for name in ("x", "y", "height"):
                drawn = getattr(actor.track, name)
                assert getattr(again.track, name) == pytest.approx(drawn, abs=1e-4)
            compared += 1
