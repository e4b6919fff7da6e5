"""The embedded family with one part left out or exchanged: what each part contributes.

An arm is a painter like any other; it changes one thing and leaves the rest as a film has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from dreamrunner.engine.diffusion.sampler import Guided
from dreamrunner.engine.protocol import Family, OnStep
from dreamrunner.engine.sr3ai.layout import TokenGrid, TokenLayout
from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.adapters import PREFIX
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.turning import TURNS
from dreamrunner.engine.storybook.underpainting import LATENTS
from dreamrunner.film import Adapter, Clip
from dreamrunner.plan import ShotPlan
from storybench.clips import FamilyPainter, Frames
from storybench.prompts import Prompt, drawn

NOWHERE = (0.0, 0.0)  # the share of the steps in which regions rule: none of them


class OpenedPainter(FamilyPainter):
    """A family whose tokens all see every region's text: the same texts, and no mask."""

    def __init__(self, family: Family, arm: str = "") -> None:
        super().__init__(family, f"{arm}, texts all visible")

    def paint(self, prompt: Prompt, shot: ShotPlan) -> Frames:
        opened = shot.settings.model_copy(update={"region_steps": NOWHERE})
        return super().paint(prompt, shot.model_copy(update={"settings": opened}))


class ExchangedTexts(StorybookFamily):
    """The transformer reads, in each figure's region, the text of the other figure.

    The underpainting still has its own text.
    """

    def _texts(self, shot: ShotPlan, layout: TokenLayout, grid: TokenGrid) -> tuple[Guided, int]:
        texts = [entity.prompt for entity in reversed(shot.entities)]
        entities = tuple(
            entity.model_copy(update={"prompt": text})
            for entity, text in zip(shot.entities, texts, strict=True)
        )
        return super()._texts(shot.model_copy(update={"entities": entities}), layout, grid)


class PastedFigures(StorybookFamily):
    """The underpainting laid on a place that the transformer drew with nobody in it.

    The transformer never sees a figure, its box or its text.
    """

    _painted: Tensor | None = None

    def render(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None, on_step: OnStep
    ) -> NDArray[np.uint8]:
        boxes, near = self._boxes(shot)
        like = torch.zeros(models.latent_shape(models.token_grid()), device=self._device)
        self._painted = self._underpainting(shot, adapters, boxes, near, like)
        empty = shot.model_copy(update={"entities": (), "beats": (), "keyframes": ()})
        return super().render(empty, (), before, on_step)

    def _decode(self, latents: Tensor) -> NDArray[np.uint8]:
        assert self._painted is not None
        colour, coverage = self._painted[:, :LATENTS], self._painted[:, LATENTS:]
        return super()._decode(colour + (1 - coverage) * latents)


class StandingPainter:
    """The drawn world, but everybody stands still and is dragged along the planned boxes.

    What is measured of it is the floor of the motion's rate: what the boxes alone earn.
    """

    fingerprint = "the drawn world, standing"
    capabilities = None

    def paint(self, prompt: Prompt, shot: ShotPlan) -> Frames:
        roles = tuple(replace(role, motion="stand") for role in prompt.roles)
        return drawn(replace(prompt, roles=roles))


def adapter_part(adapter: Adapter, folder: Path, *, turns: bool, lora: bool) -> Adapter:
    """Return an adapter of which only the turns or only the low-rank layers are left.

    Low-rank layers that are left out stay in the file and add nothing: their second half is zero.
    """
    with safe_open(adapter.path, framework="pt") as opened:
        state = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
        metadata = opened.metadata()
    kept = {key: value for key, value in state.items() if turns or key != PREFIX + TURNS}
    if not lora:
        ups = (".lora_B.weight", ".lora.up.weight", ".lora_up.weight")
        kept = {k: torch.zeros_like(v) if k.endswith(ups) else v for k, v in kept.items()}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{Path(adapter.path).stem}-turns-{turns}-lora-{lora}.safetensors"
    save_file(kept, path, metadata)
    return adapter.model_copy(update={"path": str(path), "key": f"{adapter.key} {turns} {lora}"})
