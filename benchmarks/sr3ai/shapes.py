"""Sizes of a clip and its regions -> the layout, heads and texts that every row measures on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dreamrunner.engine.sr3ai.layout import TokenGrid, TokenLayout, latent_times, shot_layout
from dreamrunner.plan import Entity, Keyframe, Placement, ShotPlan
from dreamrunner.story import Box

FPS, COMPRESSION = 8, 4


@dataclass(frozen=True)
class Shape:
    """The tokens of a clip: F x H x W of video, L of a region's text, and the heads."""

    grid: tuple[int, int, int] = (3, 30, 40)
    text: int = 46
    heads: int = 4
    batch: int = 1
    head_width: int = 64

    @property
    def video(self) -> int:
        """N, the video tokens."""
        frames, height, width = self.grid
        return frames * height * width

    def tokens(self, regions: int) -> int:
        """S, the tokens of the joint sequence."""
        return regions * self.text + self.video

    def heads_of(self, regions: int, device: str, dtype: torch.dtype) -> Tensor:
        """Return random query, key and value: [3, B, heads, S, d]."""
        size = (3, self.batch, self.heads, self.tokens(regions), self.head_width)
        generator = torch.Generator(device).manual_seed(0)
        return torch.randn(size, generator=generator, device=device).to(dtype)


# The proportions of CogVideoX's 17,550 video and 226 text tokens, and those themselves.
SMALL = Shape()
WHOLE = Shape(grid=(13, 30, 45), text=226, heads=30, batch=2)


def token_grid(shape: Shape) -> TokenGrid:
    """Return the grid with CogVideoX's time of each latent frame."""
    frames, height, width = shape.grid
    return TokenGrid(frames, height, width, latent_times(frames, COMPRESSION, FPS))


def a_shot(shape: Shape, regions: int) -> ShotPlan:
    """Return a shot of regions - 1 entities in two rows, overlapping a little, drifting right."""
    names = [f"E{index}" for index in range(regions - 1)]
    columns = max(1, -(-len(names) // 2))
    end_s = token_grid(shape).times_s[-1] or 1.0

    def at(time_s: float, moved: float) -> Keyframe:
        placements = []
        for index, name in enumerate(names):
            left, top = (index % columns) / columns + moved, 0.5 * (index // columns)
            box = Box(left, top + 0.04, left + 1.1 / columns, top + 0.46)
            placements.append(Placement(entity=name, box=box, depth=index))
        return Keyframe(time_s=time_s, placements=tuple(placements))

    return ShotPlan(
        id="1", scene="1", duration_s=end_s, seed=0, place="", background="a place",
        entities=tuple(Entity(id=name, look="", prompt=f"a {name}") for name in names),
        keyframes=(at(0.0, 0.0), at(end_s, 0.04)),
    )  # fmt: skip


def layout_of(shape: Shape, regions: int) -> TokenLayout:
    """Return the layout of `a_shot`, with as many regions, the background among them."""
    return shot_layout(a_shot(shape, regions), token_grid(shape))
