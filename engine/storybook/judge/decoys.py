"""Frames of figures -> the same with things that have a figure's colours and not its shape.

Without these a colour detector passes for a character detector. Three kinds: heaps of ovals in a
character's paints, figures smeared until nothing of them can be read, and figures cut into tiles
that lie in another order. Pixels are [T, 3, h, w] fp32 in [0, 1]; masks are [A, T, h, w] bool.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor

from ..world.figures.builds import PAINTS


def heap(pixels: Tensor, masks: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Lay a heap of ovals over the frames, clear of the figures if there is room.

    Returns:
        The pixels, and the heap's own mask [T, h, w].
    """
    frames, _, height, width = pixels.shape
    busy = masks.any(0).any(0) if len(masks) else torch.zeros(height, width, dtype=torch.bool)
    best: tuple[int, Tensor, Tensor] | None = None
    for _ in range(4):
        colour, cover = _ovals(rng, height, width)
        clash = int((busy & (cover > 0.5)).sum())
        if best is None or clash < best[0]:
            best = (clash, colour, cover)
    assert best is not None
    _, colour, cover = best
    return pixels.lerp(colour, cover), (cover > 0.5).expand(frames, height, width)


def _ovals(rng: np.random.Generator, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Return colours [3, h, w] and cover [h, w] of a body, perhaps a head, and spots."""
    paint = list(PAINTS.values())[int(rng.integers(len(PAINTS)))]
    picture = Image.new("RGB", (width * 2, height * 2))
    stencil = Image.new("L", (width * 2, height * 2))
    brush, cutter = ImageDraw.Draw(picture), ImageDraw.Draw(stencil)
    tall = rng.uniform(0.3, 0.6) * height * 2
    x = rng.uniform(0.15, 0.85) * width * 2
    foot = rng.uniform(0.5, 0.97) * height * 2
    ovals = [(x, foot - tall * 0.4, rng.uniform(0.25, 0.5) * tall, tall * 0.4, paint.coat)]
    if rng.random() < 0.7:
        head = rng.uniform(0.15, 0.32) * tall
        ovals.append((x + rng.normal() * 4, foot - tall * 0.8, head * 1.1, head, paint.coat))
    for _ in range(int(rng.integers(0, 4))):
        size = rng.uniform(0.06, 0.22) * tall
        shade = (paint.light, paint.shade, paint.accent)[int(rng.integers(3))]
        ovals.append((x + rng.normal() * 0.15 * tall, foot - rng.uniform(0.15, 0.85) * tall,
                      size, size * rng.uniform(0.5, 1.5), shade))  # fmt: skip
    for cx, cy, rx, ry, fill in ovals:
        at = (cx - rx, cy - ry, cx + rx, cy + ry)
        brush.ellipse(at, fill=fill)
        cutter.ellipse(at, fill=255)
    whole = (width, height)
    colour = np.asarray(picture.resize(whole, Image.Resampling.BOX), np.float32) / 255
    cover = np.asarray(stencil.resize(whole, Image.Resampling.BOX), np.float32) / 255
    return torch.from_numpy(colour).permute(2, 0, 1), torch.from_numpy(cover)


def smear(pixels: Tensor, mask: Tensor) -> Tensor:
    """Average a figure [T, h, w] over a good part of its own size, within its blurred outline."""
    size = int(mask.flatten(1).sum(1).float().mean().sqrt())
    side = max(7, size // 3) | 1
    soft = mask[:, None].float()
    for _ in range(2):
        soft = F.avg_pool2d(soft, side, 1, side // 2)
    inside = pixels * mask[:, None]
    weight = mask[:, None].float()
    for _ in range(2):
        inside = F.avg_pool2d(inside, side, 1, side // 2)
        weight = F.avg_pool2d(weight, side, 1, side // 2)
    ground = _behind(pixels, mask)
    return ground.lerp(inside / weight.clamp(min=1e-3), (soft * 1.4).clamp(max=1))


def _behind(pixels: Tensor, mask: Tensor) -> Tensor:
    """Fill where a figure was with the mean of its rows, which is much like any place."""
    rest = (~mask)[:, None].float()
    rows = (pixels * rest).sum(-1, keepdim=True) / rest.sum(-1, keepdim=True).clamp(min=1)
    return torch.where(mask[:, None], rows.expand_as(pixels), pixels)


def scramble(
    pixels: Tensor, mask: Tensor, rng: np.random.Generator
) -> tuple[Tensor, Tensor, tuple[slice, slice]] | None:
    """Cut the window of a figure [T, h, w] into tiles and lay them in another order.

    Returns:
        The pixels, the moved mask [T, h, w], and the window (rows, columns); None where the
        window is too small for tiles.
    """
    rows = torch.nonzero(mask.any(0).any(1)).flatten()
    columns = torch.nonzero(mask.any(0).any(0)).flatten()
    side = int(rng.integers(8, 13))
    if not len(rows) or not len(columns):
        return None
    top, left = int(rows[0]), int(columns[0])
    down, across = (int(rows[-1]) + 1 - top) // side, (int(columns[-1]) + 1 - left) // side
    if down < 2 or across < 2:
        return None
    window = (slice(top, top + down * side), slice(left, left + across * side))
    order = torch.from_numpy(rng.permutation(down * across))

    def shuffled(x: Tensor) -> Tensor:  # [T, C, h, w]
        tiles = x.unfold(2, side, side).unfold(3, side, side).flatten(2, 3)[:, :, order]
        grid = tiles.reshape(*x.shape[:2], down, across, side, side)
        return grid.permute(0, 1, 2, 4, 3, 5).reshape(x.shape)

    moved = pixels.clone()
    moved[..., window[0], window[1]] = shuffled(pixels[..., window[0], window[1]])
    where = mask.clone()
    where[:, window[0], window[1]] = shuffled(mask[:, None, window[0], window[1]].float())[:, 0] > 0
    return moved, where, window
