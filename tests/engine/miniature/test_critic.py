"""The miniature's critic: labels, damage and crops are those of the drawn truth."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from dreamrunner.engine.miniature.critic import (
    CROP_HEIGHT,
    CROP_WIDTH,
    NOBODY,
    SHAPELESS,
    MiniatureCritic,
    cover,
    critic_fingerprint,
    crop,
    token_middles,
    unit,
)
from dreamrunner.engine.miniature.critic_training import (
    TrueClip,
    export_critic,
    scattered_scene,
    shapeless,
    token_labels,
    worn,
)
from dreamrunner.engine.miniature.running import TrainingRun
from dreamrunner.engine.miniature.world import CHARACTERS, Figure, WorldScene, background, draw
from dreamrunner.errors import WeightsError

PAIR = WorldScene("snow", (Figure("owl", "red", "stand", 28), Figure("frog", "blue", "rise", 68)))


def true_clip(*spoiled: bool) -> TrueClip:
    drawn = draw(PAIR)
    return TrueClip(PAIR, unit(drawn.frames), torch.from_numpy(drawn.boxes), spoiled)


def test_tokens_in_a_figure_are_named_and_those_at_its_rim_left_open() -> None:
    clip = true_clip(False, True)
    labels = token_labels(clip, 3)
    named = {int(w) for w in labels.who if w >= 0}
    assert named == {CHARACTERS.index("owl"), SHAPELESS, NOBODY}
    middles = token_middles()
    for at in torch.nonzero(labels.who == CHARACTERS.index("owl"))[:, 0]:
        left, top, right, bottom = clip.boxes[0, 3]
        assert left < middles[at, 0] < right and top < middles[at, 1] < bottom
        assert torch.equal(labels.edges[at], clip.boxes[0, 3])
        assert labels.colour[at] == 0
    # Which colour a shapeless thing has says nothing.
    assert (labels.colour[labels.who == SHAPELESS] < 0).all()


def test_a_box_is_painted_over_with_its_rows_and_nothing_else_changes() -> None:
    clip = true_clip(False, False)
    found = cover(clip.frames, clip.boxes[:1])
    place = unit(background("snow")[None])[0]
    left, top, right, bottom = clip.boxes[0, 0].tolist()
    x0, y0, x1, y1 = round(left * 96), round(top * 64), round(right * 96), round(bottom * 64)
    inside = (slice(y0 + 1, y1 - 1), slice(x0 + 1, x1 - 1))
    before = (clip.frames[0][:, *inside] - place[:, *inside]).abs().mean()
    after = (found[0][:, *inside] - place[:, *inside]).abs().mean()
    assert after < 0.4 * before
    torch.testing.assert_close(found[..., x1 + 1 :], clip.frames[..., x1 + 1 :])
    nothing = torch.tensor([2.0, 2, 0, 0]).expand(1, len(clip.frames), 4)
    torch.testing.assert_close(cover(clip.frames, nothing), clip.frames)


def test_a_crop_has_its_point_in_the_middle_and_repeats_past_the_edge() -> None:
    frames = true_clip(False, False).frames
    found = crop(frames, 0.25, 0.5)
    assert found.shape == (25, 3, CROP_HEIGHT, CROP_WIDTH)
    torch.testing.assert_close(found[:, :, 28, 24], frames[:, :, 32, 24])
    edge = crop(frames, 0.0, 0.5)
    torch.testing.assert_close(edge[:, :, 20, 0], frames[:, :, 24, 0])


def test_a_spoiled_figure_keeps_its_colours_and_loses_its_shape() -> None:
    clip = draw(PAIR)
    before = clip.frames.copy()
    shapeless(clip.frames, clip.boxes[0], np.random.default_rng(1))
    left, top, right, bottom = (clip.boxes[0, 0] * [96, 64, 96, 64]).round().astype(int)
    outside = np.ones((64, 96), bool)
    outside[top:bottom, left:right] = False
    np.testing.assert_array_equal(clip.frames[0][outside], before[0][outside])
    changed = np.abs(clip.frames[0].astype(int) - before[0])[~outside]
    assert changed.mean() > 10
    inside = clip.frames[0][~outside].mean(0) - before[0][~outside].mean(0)
    assert np.abs(inside).max() < 12


def test_wear_stays_in_range_and_is_the_same_for_a_seed() -> None:
    frames = true_clip(False, False).frames
    found = [worn(frames, torch.Generator().manual_seed(seed)) for seed in (4, 4, 5)]
    assert torch.equal(found[0], found[1]) and not torch.equal(found[0], found[2])
    assert found[0].shape == frames.shape
    assert found[0].min() >= 0 and found[0].max() <= 1


def test_scenes_have_everybody_apart_and_nobody_twice() -> None:
    chance = random.Random(3)
    seen = set()
    for _ in range(60):
        figures = scattered_scene(chance, 3).figures
        assert len({f.character for f in figures}) == len(figures)
        xs = sorted(f.x for f in figures)
        assert all(b - a >= 20 for a, b in zip(xs, xs[1:], strict=False))
        seen |= {f.character for f in figures}
    assert seen == set(CHARACTERS)


def test_training_writes_a_critic_that_can_be_loaded_and_keeps_its_thresholds(
    tmp_path: Path,
) -> None:
    (tmp_path / "critic.json").write_text('{"thresholds": {"present": 0.5}}')
    run = TrainingRun(tmp_path, 0.02, 3, 4, 1e-3, lambda _: None, every_s=0)
    card = export_critic(run, tmp_path, clips=2)
    assert set(card) == {"trained", "clean", "worn"}
    critic = MiniatureCritic.load(tmp_path / "critic.safetensors")
    seen = critic.viewer(unit(draw(PAIR).frames[:2]))
    assert seen.who.shape == (2, 96, NOBODY + 1)
    assert len(critic_fingerprint(tmp_path / "critic.safetensors")) == 64
    (tmp_path / "critic.json").write_text("{}")
    with pytest.raises(WeightsError, match="no thresholds"):
        critic_fingerprint(tmp_path / "critic.safetensors")
