"""The storybook world keeps its promises: exact truth, steady bits, and what it holds out."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dreamrunner.engine.storybook.world.additions import ALL_PLACES
from dreamrunner.engine.storybook.world.figures.motions import MOVEMENTS, natural_track, pose_at
from dreamrunner.engine.storybook.world.figures.sprites import (
    draw_cutout,
    resting_size,
    sprite_image,
)
from dreamrunner.engine.storybook.world.places.places import DRAWINGS, draw_place, draw_plain
from dreamrunner.engine.storybook.world.scene import (
    SceneSpec,
    actor_from_boxes,
    draw_scene,
    make_actor,
    natural_boxes,
    sample_scene,
)
from dreamrunner.engine.storybook.world.vocabulary import (
    CHARACTERS,
    HELD_OUT_CHARACTERS,
    HELD_OUT_MOTIONS,
    MOTIONS,
    PLACES,
    SPLITS,
)
from dreamrunner.engine.storybook.world.words.captions import (
    background_prompt,
    captions,
    joint_prompt,
    region_prompt,
)


def _scene(seed: int, **options: object) -> SceneSpec:
    return sample_scene(np.random.default_rng(seed), **options)  # type: ignore[arg-type]


def _bounds(mask: np.ndarray) -> list[int]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]


def test_tables_agree() -> None:
    assert set(MOVEMENTS) >= set(MOTIONS)
    assert set(DRAWINGS) == set(ALL_PLACES)
    assert (len(CHARACTERS), len(PLACES), len(MOTIONS)) == (18, 12, 15)
    for character in CHARACTERS.values():
        for colour in character.colourways:
            wide, high = resting_size(character.id, colour, False)
            assert wide / high == pytest.approx(character.aspect, abs=0.02)


def test_same_rng_same_spec_same_bits() -> None:
    for seed in range(6):
        first, second = _scene(seed), _scene(seed)
        assert first == second
        a, b = draw_scene(first, with_masks=True), draw_scene(second, with_masks=True)
        assert a.frames.tobytes() == b.frames.tobytes()
        assert a.boxes.tobytes() == b.boxes.tobytes()
        assert a.masks is not None and b.masks is not None
        assert a.masks.tobytes() == b.masks.tobytes()


def test_pixels_do_not_depend_on_what_was_drawn_before() -> None:
    from dreamrunner.engine.storybook.world.figures import sprites
    from dreamrunner.engine.storybook.world.places import places

    spec = _scene(3, actors=2)
    warm = draw_scene(spec).frames
    for cache in (sprites._sprite, sprites._master, places._background):
        cache.cache_clear()
    assert np.array_equal(warm, draw_scene(spec).frames)


@pytest.mark.parametrize(
    ("width", "height", "frames", "fps"), [(144, 96, 25, 8), (288, 192, 9, 4), (101, 77, 1, 24)]
)
def test_shapes(width: int, height: int, frames: int, fps: float) -> None:
    spec = _scene(1, actors=3, width=width, height=height, frames=frames, fps=fps)
    clip = draw_scene(spec, with_masks=True)
    assert clip.frames.shape == (frames, height, width, 3) and clip.frames.dtype == np.uint8
    assert clip.boxes.shape == (3, frames, 4) and clip.boxes.dtype == np.float32
    assert clip.masks is not None and clip.masks.shape == (3, frames, height, width)
    assert draw_scene(spec).masks is None
    assert len(set(clip.entity_ids)) == 3


def test_boxes_cover_masks_exactly() -> None:
    for seed in range(12):
        spec = _scene(seed, actors=1)
        clip = draw_scene(spec, with_masks=True)
        assert clip.masks is not None
        pixels = clip.boxes * np.array([144, 96, 144, 96], np.float32)
        for mask, box in zip(clip.masks[0], pixels[0], strict=True):
            assert _bounds(mask) == pytest.approx(box.tolist(), abs=1e-3)


def test_masks_are_disjoint_and_inside_boxes() -> None:
    for seed in range(8):
        clip = draw_scene(_scene(seed, actors=3), with_masks=True)
        assert clip.masks is not None
        assert clip.masks.sum(0).max() <= 1
        pixels = np.rint(clip.boxes * np.array([144, 96, 144, 96])).astype(int)
        for actor in range(3):
            for mask, (left, top, right, bottom) in zip(
                clip.masks[actor], pixels[actor], strict=True
            ):
                outside = mask.copy()
                outside[top:bottom, left:right] = False
                assert not outside.any()


def test_nearer_hides_farther() -> None:
    far = make_actor("bear", x=0.5, y=0.8, height=0.4)
    near = make_actor("owl", x=0.5, y=0.9, height=0.5)
    clip = draw_scene(SceneSpec("meadow", 0, (near, far)), with_masks=True)
    alone = draw_scene(SceneSpec("meadow", 0, (near,)), with_masks=True)
    assert clip.masks is not None and alone.masks is not None
    assert np.array_equal(clip.masks[0], alone.masks[0])


def test_base_split_never_shows_what_is_held_out() -> None:
    rng = np.random.default_rng(0)
    for _ in range(2000):
        for actor in sample_scene(rng).actors:
            assert actor.character not in HELD_OUT_CHARACTERS
            assert actor.motion not in HELD_OUT_MOTIONS


@pytest.mark.parametrize("name", [*HELD_OUT_CHARACTERS, *HELD_OUT_MOTIONS])
def test_a_library_split_always_shows_its_one_addition(name: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        actors = sample_scene(rng, split=name).actors
        shown = {a.character for a in actors} | {a.motion for a in actors}
        assert name in shown
        assert not (shown & {*HELD_OUT_CHARACTERS, *HELD_OUT_MOTIONS}) - {name}
        assert name in SPLITS


def test_sampled_figures_stay_in_the_frame_and_differ() -> None:
    rng = np.random.default_rng(2)
    for _ in range(300):
        actors = sample_scene(rng).actors
        assert 1 <= len(actors) <= 3
        assert len({a.character for a in actors}) == len(actors)
        for actor in actors:
            boxes = natural_boxes(actor)
            assert boxes.min() > -0.02 and boxes.max() < 1.02


@pytest.mark.parametrize("character", CHARACTERS)
@pytest.mark.parametrize("motion", MOTIONS)
def test_every_character_does_every_motion(character: str, motion: str) -> None:
    start = 0.3 if MOTIONS[motion].travels else 0.5
    actor = make_actor(character, x=start, y=0.92, height=0.45, motion=motion, extent=0.3)
    clip = draw_scene(SceneSpec("meadow", 1, (actor,)), with_masks=True)
    assert clip.masks is not None
    assert clip.masks[0].sum((1, 2)).min() > 60
    assert clip.boxes[..., :2].min() > 0 and clip.boxes[..., 2:].max() < 1
    if motion != "sleep":
        assert np.ptp(clip.frames.astype(int), axis=0).max() > 20


def test_motions_look_like_their_names() -> None:
    def ys(motion: str) -> np.ndarray:
        return np.array(natural_track(motion, x=0.5, y=0.9, height=0.5).y)

    assert ys("fly")[-1] < 0.6 and ys("fly")[0] == 0.9
    assert ys("land")[0] < 0.6 and ys("land")[-1] == 0.9
    jump = ys("jump")
    assert sum(jump[i] < min(jump[i - 1], jump[i + 1]) for i in range(1, 24)) == 2
    assert 0.15 <= 0.9 - jump.min() <= 0.22
    left = natural_track("walk", x=0.8, y=0.9, height=0.5, facing="left").x
    assert left[0] == 0.8 and 0.25 <= 0.8 - left[-1] <= 0.5
    poses = {name: [pose_at(name, i, 25, 8) for i in range(25)] for name in MOTIONS}
    assert all(p.lying and not p.eyes_open for p in poses["sleep"])
    assert max(p.lean for p in poses["bow"]) >= 30
    assert min(p.turn for p in poses["spin"]) < -0.9
    assert {p.angle // 90 for p in poses["somersault"]} >= {0, 1, 2, 3}


@pytest.mark.parametrize("character", ["fox", "rabbit", "kraken"])
@pytest.mark.parametrize("motion", ["stand", "sleep"])
def test_given_boxes_are_filled(character: str, motion: str) -> None:
    boxes = [(0.1 + 0.01 * i, 0.2, 0.6 + 0.01 * i, 0.9) for i in range(25)]
    actor = actor_from_boxes(character, boxes, motion=motion, size=(288, 192))
    clip = draw_scene(SceneSpec("a dark cave", 0, (actor,), 288, 192))
    for (left, top, right, bottom), drawn in zip(boxes, clip.boxes[0], strict=True):
        assert drawn[3] == pytest.approx(bottom, abs=0.03)
        assert drawn[0] > left - 0.03 and drawn[2] < right + 0.03 and drawn[1] > top - 0.05
        full = (drawn[2] - drawn[0]) / (right - left), (drawn[3] - drawn[1]) / (bottom - top)
        assert max(full) > 0.9


def test_boxes_and_tracks_are_inverse() -> None:
    actor = make_actor("cat", x=0.3, y=0.9, height=0.5, motion="hop")
    again = actor_from_boxes("cat", natural_boxes(actor), motion="hop")
    for name in ("x", "y", "height"):
        assert getattr(again.track, name) == pytest.approx(getattr(actor.track, name), abs=1e-5)


def test_background_names_no_character() -> None:
    names = {noun for c in CHARACTERS.values() for noun in (c.id, c.nouns[1].split()[-1])}
    for place in PLACES.values():
        for text in (*place.views, *place.phrases, background_prompt(place.id)):
            assert not names & set(re.findall(r"[a-z]+", text))


def test_captions_say_what_is_drawn() -> None:
    rng = np.random.default_rng(4)
    named = total = 0
    for _ in range(200):
        spec = sample_scene(rng)
        text = captions(spec, rng)
        assert len(text.regions) == len(spec.actors)
        for actor, region in zip(spec.actors, text.regions, strict=True):
            nouns = {n.split()[-1] for n in CHARACTERS[actor.character].nouns}
            assert nouns & set(region.split()) and nouns & set(re.findall(r"[a-z]+", text.joint))
            named += actor.colourway in region.split()
            total += 1
    assert 0.78 < named / total < 0.92


def test_canonical_prompts() -> None:
    assert region_prompt("fox", "red", "walk", "right") == "a red fox walking to the right"
    assert region_prompt("owl", None, "bow") == "an owl bowing"
    assert region_prompt("dragon", "green", "roaring") == "a green dragon roaring"
    assert background_prompt("beach") == "a sandy beach"
    assert background_prompt("a cave") == "a cave"
    fox = make_actor("fox", x=0.2, y=0.9, height=0.5)
    assert joint_prompt(SceneSpec("snow", 0, (fox,))) == (
        "a red fox standing still, facing right in the snow"
    )


def test_unknown_things_become_paper() -> None:
    doll = draw_cutout("dragon", "green", height=96)
    assert doll.mode == "RGBA" and doll.getbbox() is not None
    assert sprite_image("fox", "red", height=40).size != doll.size
    night, cave = draw_plain("a river at night"), draw_plain("a cave")
    assert night.shape == (96, 144, 3) and not np.array_equal(night, cave)
    assert not np.array_equal(draw_place("town", 1), draw_place("town", 2))
