"""An engine's own renders: broken ones differ from right ones, and the checks hear of both."""

from __future__ import annotations

import numpy as np
import pytest

from dreamrunner.engine.miniature.critic import MiniatureCritic
from dreamrunner.engine.miniature.world import CHARACTERS
from dreamrunner.tools.critic.miniature import miniature_ports
from dreamrunner.tools.critic.rendered_clips import collect_renders, let_go, washed
from dreamrunner.tools.critic.rendered_worlds import MiniatureRenders, rendered_world


@pytest.fixture(scope="module")
def miniature() -> MiniatureRenders:
    world = rendered_world("miniature")
    assert isinstance(world, MiniatureRenders)
    return world


def test_texts_of_the_miniature_are_swapped_in_words_alone(miniature: MiniatureRenders) -> None:
    rng = np.random.default_rng(3)
    shot = miniature.scene(rng)
    swapped = next(b for b in miniature.broken(shot, rng) if b.name == "swapped texts").shot
    for was, told in zip(shot.entities, swapped.entities, strict=True):
        assert was.character is not None and told.character in CHARACTERS
        assert was.character in was.prompt and was.character not in told.prompt
        assert str(told.character) in told.prompt and str(told.color) in told.prompt
    assert swapped.keyframes == shot.keyframes and swapped.seed == shot.seed


def test_a_shot_let_go_has_the_same_words_and_no_regions(miniature: MiniatureRenders) -> None:
    shot = miniature.scene(np.random.default_rng(4))
    free = let_go(shot)
    assert shot.settings.regions and not free.settings.regions
    assert free.entities == shot.entities


def test_washed_frames_keep_an_eighth_of_their_contrast() -> None:
    frames = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype=np.uint8)
    pale = washed(frames)
    assert pale.std() == pytest.approx(frames.std() * 0.12, rel=0.05)


def test_renders_are_read_right_and_broken(
    miniature: MiniatureRenders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two steps each, for it is the reading that is tested and no picture."""
    monkeypatch.setattr("dreamrunner.tools.critic.rendered_worlds._STEPS", 2)
    found = collect_renders(miniature_ports(MiniatureCritic.load()), miniature, 1)
    kinds = {(one.metric, one.broken) for one in found}
    assert {("present", ""), ("motion", ""), ("place", "")} <= kinds
    assert {("identity", "swapped texts"), ("layout", "let go"),
            ("place", "washed")} <= kinds  # fmt: skip
    right = [one.seen for one in found if (one.metric, one.broken) == ("place", "")]
    assert right and all(value is not None for value in right)
