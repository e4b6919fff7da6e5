"""Each arm leaves out or exchanges what it says, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from dreamrunner.engine.sr3ai.layout import shot_layout
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.models import token_grid
from dreamrunner.film import Adapter
from dreamrunner.plan import Capabilities, ShotPlan

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from storybench import arms  # noqa: E402
from storybench.clips import WorldPainter  # noqa: E402
from storybench.prompts import read_prompts, to_shot  # noqa: E402

PAIR = read_prompts(FOLDER / "pairs.jsonl")[0]
SHOT = to_shot(PAIR, regions=True)


class Recording:
    """A family that remembers the shot that it was asked for."""

    fingerprint = "recording"
    capabilities = Capabilities(
        name="recording", clip_frames=25, fps=8, width=8, height=8, max_entities=4
    )
    shot: ShotPlan

    def render(self, shot: ShotPlan, adapters: object, before: object, on_step: object):
        self.shot = shot
        return np.zeros((25, 8, 8, 3), np.uint8)


def test_an_opened_arm_changes_the_share_of_steps_alone() -> None:
    family = Recording()
    arms.OpenedPainter(family).paint(PAIR, SHOT)
    assert family.shot.settings.region_steps == arms.NOWHERE
    settings = SHOT.settings
    assert family.shot.model_copy(update={"settings": settings}) == SHOT


def test_exchanged_texts_reach_the_transformer_alone() -> None:
    family = arms.ExchangedTexts()
    grid = token_grid()
    layout = shot_layout(SHOT, grid)
    found, length = family._texts(SHOT, layout, grid)
    own, _ = StorybookFamily._texts(family, SHOT, layout, grid)
    rows, expected = found.texts.unflatten(0, (-1, length)), own.texts.unflatten(0, (-1, length))
    torch.testing.assert_close(rows, expected[[1, 0, 2]])


def test_pasted_figures_lie_on_a_place_that_was_drawn_without_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    family, asked = arms.PastedFigures(), []

    def drawn(self: StorybookFamily, shot: ShotPlan, *_: object) -> torch.Tensor:
        asked.append(shot)
        return torch.zeros(25, 4, 32, 48)

    monkeypatch.setattr(StorybookFamily, "_latents", drawn)
    frames = family.render(SHOT, (), None, lambda done, total: None)
    assert (asked[0].entities, asked[0].background) == ((), SHOT.background)
    (box,) = (placement.box for placement in SHOT.keyframes[0].placements[:1])
    middle = frames[0, int(box.center[1] * 128), int(box.center[0] * 192)]
    assert np.abs(middle.astype(int) - frames[0, 2, 2]).max() > 20


def test_the_floor_is_the_drawn_figures_standing() -> None:
    standing = arms.StandingPainter().paint(PAIR, SHOT)
    moving = WorldPainter().paint(PAIR, SHOT)
    assert standing.shape == moving.shape and (standing != moving).any()


def test_a_part_of_an_adapter_is_the_turns_or_the_layers(tmp_path: Path) -> None:
    names = ("to_q.lora_A.weight", "to_q.lora_B.weight", "underpainter.turns")
    state = {name: torch.ones(2, 3) for name in names}
    save_file(state, tmp_path / "whole.safetensors", {"format": "pt"})
    whole = Adapter(
        name="somersault", kind="motion", path=str(tmp_path / "whole.safetensors"), key="k",
        base="b", steps=1, loss=0.5, clips=(),
    )  # fmt: skip
    turns = arms.adapter_part(whole, tmp_path / "parts", turns=True, lora=False)
    layers = arms.adapter_part(whole, tmp_path / "parts", turns=False, lora=True)
    assert len({whole.key, turns.key, layers.key}) == 3
    kept = load_file(turns.path)
    assert kept.keys() == state.keys()
    assert not kept["to_q.lora_B.weight"].any() and kept["to_q.lora_A.weight"].all()
    assert load_file(layers.path).keys() == set(names[:2])
