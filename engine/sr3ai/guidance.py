"""A shot's guidance + its layout -> one scale, or a scale for each place of the latents."""

from __future__ import annotations

import torch
from einops import rearrange
from torch import Tensor

from ...errors import EngineError
from ...plan import ShotPlan
from .layout import TokenGrid, TokenLayout


def guidance_map(
    shot: ShotPlan, layout: TokenLayout, grid: TokenGrid, patch: tuple[int, int]
) -> float | Tensor:
    """Return the guidance scale of a shot, or place by place where an entity has its own.

    Where regions overlap the stronger rules.

    Args:
        patch: how many latents a token is in time and along each side.

    Returns:
        a number, or [T, 1, H, W] at the latents' size.

    Raises:
        EngineError: guidance is set for who is not in the shot.
    """
    settings = shot.settings
    if not settings.region_guidance or layout.regions == 1:
        return settings.guidance
    rows = {entity.id: row for row, entity in enumerate(shot.entities)}
    if strangers := sorted(settings.region_guidance.keys() - rows.keys()):
        raise EngineError(
            f"shot {shot.id} has guidance for {', '.join(strangers)}, who is not in it"
        )
    scale = torch.full((layout.regions, 1), settings.guidance)
    for entity, own in settings.region_guidance.items():
        scale[rows[entity]] = own
    seen = (layout.visible * scale.to(layout.visible.device)).amax(0)  # [N]
    tokens = rearrange(seen, "(f h w) -> f 1 h w", f=grid.frames, h=grid.height)
    time, side = patch
    return tokens.repeat_interleave(time, 0).repeat_interleave(side, 2).repeat_interleave(side, 3)
