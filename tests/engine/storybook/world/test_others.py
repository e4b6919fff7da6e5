"""Robots, dragons and cars: what they are drawn in is data, colours are free, nothing leaks."""

from __future__ import annotations

import numpy as np
import pytest

from dreamrunner.engine.storybook.others_painting import KINDS, codes_of_kind, new_others_painter
from dreamrunner.engine.storybook.training.others_painter import all_poses, draw_pictures
from dreamrunner.engine.storybook.world.additions import ALL_MOTIONS
from dreamrunner.engine.storybook.world.figures.motions import OWN_MOVEMENTS, pose_at
from dreamrunner.engine.storybook.world.figures.others.drawing import (
    COUNT,
    DRAWINGS,
    HIGH,
    WIDE,
    WINDOW,
    draw_other_parts,
    others_palette,
)
from dreamrunner.engine.storybook.world.figures.parts import placed
from dreamrunner.engine.storybook.world.figures.pose import RESTING
from dreamrunner.engine.storybook.world.figures.sprites import (
    draw_sprite,
    is_drawn,
    resting_size,
    sprite_image,
)
from dreamrunner.engine.storybook.world.held_out import HELD_OUT_OTHERS
from dreamrunner.engine.storybook.world.others import kinds, own_motions
from dreamrunner.engine.storybook.world.scene import SceneSpec, draw_scene, make_actor


def test_tables_agree() -> None:
    known = {*ALL_MOTIONS, *own_motions()}
    assert set(DRAWINGS) == set(kinds()) and set(OWN_MOVEMENTS) == set(own_motions())
    for kind in kinds().values():
        assert "stand" in kind.motions and set(kind.motions) <= known
        assert set(kind.instead) - {"bounce"} <= known
        assert not set(kind.instead) & set(kind.motions)
        assert kind.nouns[0] == kind.id and len(set(kind.colours)) == len(kind.colours)
        for asked in known:
            assert kind.motion(asked) in kind.motions


def test_who_cannot_do_a_thing_does_what_is_nearest() -> None:
    fish, car, snake = (kinds()[name] for name in ("fish", "car", "snake"))
    assert (fish.motion("walk"), fish.motion("swim")) == ("swim", "swim")
    assert (car.motion("run"), car.motion("wave")) == ("roll", "stand")
    assert (snake.motion("run"), snake.motion("somersault")) == ("slither", "stand")
    assert kinds()["dragon"].motion("spin") == "turn"


@pytest.mark.parametrize("name", list(kinds()))
def test_a_figure_stands_about_its_foot_and_stays_in_its_canvas(name: str) -> None:
    kind = kinds()[name]
    rest = draw_sprite(name, kind.colours[0], height=100).solid
    columns = np.flatnonzero(rest.any(0))
    left = draw_sprite(name, kind.colours[0], height=100).left
    assert abs(left + (columns[0] + columns[-1] + 1) / 2) < 2.5
    for motion in kind.motions:
        for frame in range(0, 25, 2):
            parts = draw_other_parts(name, pose_at(motion, frame, 25, 8))
            edge = (parts[0], parts[:, 0], parts[:, -1])
            assert parts.max() < COUNT and not any(side.any() for side in edge)


def test_every_colour_of_every_kind_shows() -> None:
    for kind in kinds().values():
        pictures = {sprite_image(kind.id, c, height=60).tobytes() for c in kind.colours}
        assert len(pictures) == len(kind.colours) >= 10
        assert all(is_drawn(kind.id, colour) for colour in kind.colours)
        assert not is_drawn(kind.id, "plaid")


@pytest.mark.parametrize(
    ("name", "motion"),
    [("dragon", "fly"), ("horse", "run"), ("robot", "dance"), ("snake", "sleep"), ("car", "roll")],
)
def test_parts_placed_and_filled_are_the_figure(name: str, motion: str) -> None:
    pose = pose_at(motion, 9, 25, 8)
    colour = kinds()[name].colours[0]
    sprite = draw_sprite(name, colour, pose, height=100)
    x, y, half_x, half_y = WINDOW
    tall, wide = sprite.solid.shape
    down, across = np.mgrid[0:tall, 0:wide]
    units = np.stack([across + sprite.left + 0.5, down + sprite.top + 100.5, np.ones((tall, wide))])
    back = np.linalg.inv(np.vstack([placed(False, pose.angle, pose.turn, pose.stretch), [0, 0, 1]]))
    upright = np.tensordot(back, units, 1)
    column = np.clip((upright[0] - x + half_x) / (2 * half_x) * WIDE, 0, WIDE - 1).astype(int)
    row = np.clip((upright[1] - y + half_y) / (2 * half_y) * HIGH, 0, HIGH - 1).astype(int)
    parts = draw_other_parts(name, pose)[row, column]
    found = parts > 0
    assert (found & sprite.solid).sum() / (found | sprite.solid).sum() > 0.85
    filled = others_palette(name, colour)[parts][found & sprite.solid].astype(int)
    drawn = sprite.pixels[..., :3][found & sprite.solid].astype(int)
    assert (np.abs(filled - drawn).sum(-1) < 40).mean() > 0.7


def test_a_scene_has_their_exact_boxes_and_masks() -> None:
    actors = (
        make_actor("dragon", x=0.3, y=0.9, height=0.5, motion="fly"),
        make_actor("car", x=0.5, y=0.95, height=0.4, motion="roll"),
    )
    clip = draw_scene(SceneSpec("meadow", 0, actors), with_masks=True)
    assert clip.masks is not None and clip.masks.sum(0).max() == 1
    lowest = clip.boxes[:, :, 3]
    assert lowest[0, -1] < lowest[0, 0] - 0.2  # the dragon rose
    assert clip.boxes[1, -1, 0] > clip.boxes[1, 0, 0] + 0.2  # the car went to the right
    assert clip.truths[0].palette[0] == "#3C9A55"


def test_a_box_does_not_depend_on_colour_and_lies_when_its_figure_does() -> None:
    assert resting_size("horse", "brown", False) == resting_size("horse", "white", False)
    (wide, high), (broad, low) = (resting_size("horse", "brown", lying) for lying in (False, True))
    assert broad > wide and low < high


def test_training_never_shows_who_does_what_is_held_out() -> None:
    seen, unseen = draw_pictures(), draw_pictures(held_out=True)
    pictures = {(int(c), p.numpy().tobytes()) for c, p in zip(seen.codes, seen.parts, strict=True)}
    hidden = {
        (int(c), p.numpy().tobytes()) for c, p in zip(unseen.codes, unseen.parts, strict=True)
    }
    assert 200 < len(pictures) < 400
    for name, motion in HELD_OUT_OTHERS:
        pose = pose_at(motion, 12, 25, 8)
        one = (KINDS.index(name), draw_other_parts(name, pose).tobytes())
        assert one in hidden and one not in pictures


def test_the_painter_takes_every_kind_and_what_it_has_not_as_what_stands_for_it() -> None:
    painter = new_others_painter()
    _, motions = codes_of_kind("fish", ["walk", "swim", "stand"])
    assert motions[0] == motions[1] != motions[2]
    codes, motions = codes_of_kind("dragon", ["fly", "talk"])
    _, times, poses = all_poses()
    assert poses.shape[0] == times.shape[0]
    assert painter(codes, poses[:2]).shape == (2, COUNT, HIGH, WIDE)
    assert RESTING.legs == 0
