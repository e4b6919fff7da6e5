"""Interactions, weather, shadows and the camera: what is drawn is what the truth says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dreamrunner.engine.storybook.world.places.camera import moving
from dreamrunner.engine.storybook.world.places.places import draw_place
from dreamrunner.engine.storybook.world.scene import (
    Actor,
    SceneSpec,
    draw_background,
    draw_scene,
    make_actor,
    natural_boxes,
    sample_scene,
)
from dreamrunner.engine.storybook.world.scenes.actors import filmed, palette
from dreamrunner.engine.storybook.world.scenes.pairing import Casting, paired
from dreamrunner.engine.storybook.world.vocabulary import (
    BASE_CHARACTERS,
    CHARACTERS,
    HELD_OUT,
    HELD_OUT_PAIRS,
    INTERACTIONS,
    PLACES,
    Accessory,
)


def _pair(interaction: str, seed: int) -> tuple[Actor, Actor]:
    motions = [role.motion for role in INTERACTIONS[interaction].roles]
    fox, rabbit = Casting("fox", "red", motions[0]), Casting("rabbit", "white", motions[1])
    spec = SceneSpec("meadow", 0, ())
    first, second = paired(np.random.default_rng(seed), spec, interaction, (fox, rabbit))
    return first, second


def test_base_training_never_shows_what_the_one_list_holds_out() -> None:
    assert {(h.character, h.motion) for h in HELD_OUT} == {
        ("lion", None), ("deer", None), (None, "spin"), (None, "somersault"),
        ("bear", "dance"), ("penguin", "run"), ("frog", "wave"), ("cat", "sit"),
        ("duck", "bow"), ("elephant", "jump"),
    }  # fmt: skip
    rng = np.random.default_rng(1)
    for _ in range(1500):
        for actor in sample_scene(rng).actors:
            for held in HELD_OUT:
                same = held.character in (None, actor.character)
                assert not (same and held.motion in (None, actor.motion)), held


def test_every_pair_that_is_not_held_out_may_be_shown() -> None:
    rng = np.random.default_rng(2)
    shown = {(a.character, a.motion) for _ in range(3000) for a in sample_scene(rng).actors}
    motions = {motion for _, motion in shown}
    assert len(motions) == 13 and {c for c, _ in shown} == set(BASE_CHARACTERS)
    everything = {(c, m) for c in BASE_CHARACTERS for m in motions}
    assert everything - shown == set(HELD_OUT_PAIRS)


@pytest.mark.parametrize("seed", range(6))
def test_a_chase_keeps_its_distance(seed: int) -> None:
    fox, rabbit = _pair("chase", seed)
    assert (fox.motion, rabbit.motion) == ("run", "run") and fox.facing == rabbit.facing
    ahead = np.array(rabbit.track.x) - np.array(fox.track.x)
    sign = 1 if fox.facing == "right" else -1
    assert np.ptp(ahead) < 1e-6 and 0.2 < sign * ahead[0] < 0.45
    assert fox.tie is not None and (fox.tie.role, fox.tie.other) == (0, "rabbit")


@pytest.mark.parametrize("seed", range(6))
def test_who_meets_comes_face_to_face(seed: int) -> None:
    fox, rabbit = _pair("meet", seed)
    left, right = sorted((fox, rabbit), key=lambda a: a.track.x[0])
    assert (left.facing, right.facing) == ("right", "left")
    gaps = natural_boxes(right)[:, 0] - natural_boxes(left)[:, 2]
    assert gaps[0] > 0.15 and -0.03 < gaps[-1] < 0.08


@pytest.mark.parametrize("seed", range(6))
def test_who_is_carried_goes_along_and_throws_no_shadow(seed: int) -> None:
    fox, rabbit = _pair("carry", seed)
    apart = np.array(rabbit.track.x) - np.array(fox.track.x)
    assert np.ptp(apart) < 1e-6 and (apart[0] < 0) == (fox.facing == "right")
    assert rabbit.depth < fox.depth and rabbit.track.ground == ()
    assert (fox.motion, rabbit.motion) == ("walk", "sit")


@pytest.mark.parametrize("name", INTERACTIONS)
def test_pairs_stay_in_the_frame(name: str) -> None:
    rng = np.random.default_rng(3)
    roles = INTERACTIONS[name].roles
    for _ in range(60):
        who = [str(c) for c in rng.permutation(list(CHARACTERS))[:2]]
        casts = [
            Casting(c, CHARACTERS[c].colourways[0], role.motion)
            for c, role in zip(who, roles, strict=True)
        ]
        for actor in paired(rng, SceneSpec("beach", 0, ()), name, (casts[0], casts[1])):
            boxes = natural_boxes(actor)
            assert boxes.min() > -0.02 and boxes.max() < 1.02


def test_the_truth_tells_depth_motion_and_colours() -> None:
    near = make_actor("owl", x=0.3, y=0.92, height=0.45, motion="wave")
    far = make_actor("fox", x=0.7, y=0.80, height=0.45, wear=Accessory("scarf", "green"))
    clip = draw_scene(SceneSpec("meadow", 0, (far, near)))
    assert [(t.entity_id, t.depth, t.motion) for t in clip.truths] == [
        ("fox", 1, "stand"),
        ("owl", 0, "wave"),
    ]
    assert clip.truths[0].palette == palette(far)
    assert palette(far)[0] == "#E4512B" and "#2EA653" in palette(far)
    assert np.allclose(clip.planned[1], natural_boxes(near))


@pytest.mark.parametrize("item", ["scarf", "hat", "bow", "lantern"])
def test_an_accessory_is_seen_in_its_colour(item: str) -> None:
    def count(wear: Accessory | None) -> int:
        rabbit = make_actor("rabbit", x=0.5, y=0.9, height=0.5, wear=wear)
        frame = draw_scene(SceneSpec("snow", 0, (rabbit,))).frames[0].astype(int)
        return int((np.abs(frame - [0x2E, 0x72, 0xE0]).sum(-1) < 60).sum())

    assert count(None) == 0 and count(Accessory(item, "blue")) > 25


@pytest.mark.parametrize("move", ["pan-left", "pan-right", "zoom-in"])
def test_the_camera_moves_place_and_figures_alike(move: str) -> None:
    rabbit = make_actor("rabbit", x=0.5, y=0.9, height=0.4)
    still = SceneSpec("beach", 4, (rabbit,))
    spec = filmed(still, moving(move))  # type: ignore[arg-type]
    for index in (0, 12, 24):
        left, top, right, bottom = spec.camera.window(index, 25)
        want = natural_boxes(rabbit)[index]
        seen = natural_boxes(spec.actors[0])[index]
        back = seen * np.array([right - left, bottom - top] * 2) + [left, top, left, top]
        assert back == pytest.approx(want, abs=1e-5)
    drawn = draw_scene(spec)
    shifts = {"pan-left": 1, "pan-right": -1, "zoom-in": 0}
    moved = drawn.boxes[0, -1, 0] - drawn.boxes[0, 0, 0]
    assert np.sign(round(float(moved), 1)) == shifts[move]
    background = draw_background(spec)
    assert not np.array_equal(background[0], background[-1])


def test_rain_and_snow_fall_behind_the_figures() -> None:
    fox = make_actor("fox", x=0.5, y=0.9, height=0.6)
    for place, weather in (("meadow", "rain"), ("snow", "snow")):
        spec = SceneSpec(place, 1, (fox,), weather=weather)  # type: ignore[arg-type]
        clip, empty = draw_scene(spec, with_masks=True), draw_background(spec)
        assert np.ptp(empty.astype(int), axis=0).max() > 15
        dry = draw_scene(replace(spec, weather="clear"), with_masks=True)
        assert clip.masks is not None and dry.masks is not None
        assert np.array_equal(clip.masks, dry.masks)
        # Away from rims, which the background shines through, a figure knows no weather.
        inner = dry.masks[0].copy()
        for axis in (1, 2):
            inner &= np.roll(inner, 1, axis) & np.roll(inner, -1, axis)
        assert (clip.frames[inner] == dry.frames[inner]).all(-1).mean() > 0.97


def test_a_shadow_lies_on_the_ground_and_shrinks_under_one_who_flies() -> None:
    spec = SceneSpec("meadow", 0, (make_actor("owl", x=0.5, y=0.93, height=0.4, motion="fly"),))
    clip, empty = draw_scene(spec, with_masks=True), draw_background(spec)
    assert clip.masks is not None
    darker = (empty.astype(int) - clip.frames).sum(-1) > 40
    shadow = darker[:, 86:] & ~clip.masks[0][:, 86:]
    widths = [int(np.ptp(np.flatnonzero(s.any(0)))) for s in shadow]
    assert widths[0] > widths[-1] > 8


def test_night_is_darker_and_every_setting_is_its_own() -> None:
    for place in PLACES.values():
        other = "day" if place.light == "night" else "night"
        looks = [
            draw_place(place.id, 3, light=light, weather=weather)
            for light in (place.light, other)
            for weather in place.weathers
        ]
        day, night = (draw_place(place.id, 3, light=light).mean() for light in ("day", "night"))
        assert night < day - 15
        assert len({look.tobytes() for look in looks}) == len(looks)
        assert np.array_equal(draw_place(place.id, 3), draw_place(place.id, 3, light=place.light))
