"""A plan of a drawn scene is drawn as that scene again."""

from __future__ import annotations

import random

import numpy as np
import pytest

from dreamrunner.bench.ceiling import drawn, scene_of
from dreamrunner.bench.questions import overlapping
from dreamrunner.engine.miniature.captions import random_scene
from dreamrunner.engine.miniature.world import WorldScene, draw
from dreamrunner.tools.critic.miniature_clips import shot_of


@pytest.mark.parametrize("seed", range(12))
def test_a_scene_comes_back_from_its_plan(seed: int) -> None:
    scene = random_scene(random.Random(seed), 1 + seed % 2, held_out=True)
    found = scene_of(shot_of(scene))
    assert found.place == scene.place
    for mine, theirs in zip(found.figures, scene.figures, strict=True):
        assert (mine.character, mine.colour, mine.motion) == (
            theirs.character, theirs.colour, theirs.motion,
        )  # fmt: skip
        assert abs(mine.x - theirs.x) <= 1  # boxes are known to a pixel
        assert mine.ground == theirs.ground


def test_who_is_planned_in_front_is_drawn_in_front() -> None:
    scene = overlapping(random_scene(random.Random(3), 2), 0.6)
    shot = shot_of(scene)
    near = draw(scene).frames
    assert np.array_equal(near, drawn(shot))
    depth = {p.entity: -p.depth for k in shot.keyframes for p in k.placements}
    turned = [
        k.model_copy(update={"placements": tuple(
            p.model_copy(update={"depth": depth[p.entity]}) for p in k.placements
        )})
        for k in shot.keyframes
    ]  # fmt: skip
    far = drawn(shot.model_copy(update={"keyframes": tuple(turned)}))
    assert (near != far).any()
    assert np.array_equal(far, draw(WorldScene(scene.place, scene.figures[::-1])).frames)
