"""A place and its layout -> the parts of its picture on a canvas, by a small network.

The second underpainter (docs/decisions/0034-places-by-parts.md): what it paints lies beneath a
whole clip, alike in every frame, so that a window or a sun stands still. It knows the places that
the transformer was never taught; those that it was taught are the transformer's.
"""

from __future__ import annotations

import zlib

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...plan import ShotPlan
from . import models
from .falling import light_of, weather_of
from .world.places.place_parts import COUNT, HIGH, LAYOUTS, PAINTED, WIDE, outside, place_palette

_FIRST = (8, 12)
_WIDTHS = (64, 48, 32)
_CODE = 128
_SHARPER = 1.6


class PlacePainter(nn.Module):
    """Numbers of places in layouts -> logits of parts."""

    def __init__(self) -> None:
        super().__init__()
        self.code = nn.Embedding(len(PAINTED) * LAYOUTS, _CODE)
        self.grow = nn.Linear(_CODE, _WIDTHS[0] * _FIRST[0] * _FIRST[1])
        pairs = list(zip((_WIDTHS[0], *_WIDTHS), _WIDTHS, strict=False))
        self.norms = nn.ModuleList(nn.GroupNorm(8, width) for width, _ in pairs)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairs)
        self.parts = nn.Conv2d(_WIDTHS[-1], 4 * COUNT, 1)

    def forward(self, numbers: Tensor) -> Tensor:
        """Paint places: numbers [M] int64, `number_of` -> [M, COUNT, HIGH, WIDE] logits."""
        grown = F.silu(self.grow(self.code(numbers))).unflatten(1, (_WIDTHS[0], *_FIRST))
        for level, (norm, conv) in enumerate(zip(self.norms, self.convs, strict=True)):
            grown = conv(F.silu(norm(grown)))
            if level < len(self.convs) - 1:
                grown = F.interpolate(grown, scale_factor=2.0)
        logits = F.pixel_shuffle(self.parts(F.silu(grown)), 2)
        assert logits.shape[-2:] == (HIGH, WIDE)
        return logits


def number_of(place: str, layout: int) -> int:
    """Return the number of a place in a layout."""
    return PAINTED.index(place) * LAYOUTS + layout


def layout_of(written: str) -> int:
    """Return the layout of a place by the words that a page has for it: one for a whole film."""
    return zlib.crc32(" ".join(written.lower().split()).encode()) % LAYOUTS


def is_painted(shot: ShotPlan) -> bool:
    """Say whether a shot is in a place that is painted, not denoised."""
    return shot.place_id in PAINTED


def place_picture(painter: PlacePainter, shot: ShotPlan) -> Tensor:
    """Paint the place of a shot: [1, 3, h, w] fp32 in 0..255, alike in all of its frames."""
    place, layout = shot.place_id or "", layout_of(shot.place)
    palette = place_palette(place, layout, light_of(shot), weather_of(shot))
    return _filled(painter, shot, torch.from_numpy(palette))


def sky_seen(painter: PlacePainter, shot: ShotPlan) -> Tensor:
    """Return where a shot's place lets what falls be seen: [1, 1, h, w] fp32 in 0..1."""
    seen = outside(shot.place_id or "", layout_of(shot.place))
    return _filled(painter, shot, torch.from_numpy(seen)[:, None])


@torch.no_grad()
def _filled(painter: PlacePainter, shot: ShotPlan, values: Tensor) -> Tensor:
    """Fill the parts of a shot's place with values [COUNT, C]: [1, C, h, w]."""
    device = next(painter.parameters()).device
    number = number_of(shot.place_id or "", layout_of(shot.place))
    with models.autocast(device):
        logits = painter(torch.tensor([number], device=device)).float()
    parts = (logits * _SHARPER).softmax(1)
    picture = torch.einsum("mkhw,kc->mchw", parts, values.to(parts))
    size = (models.HEIGHT, models.WIDTH)
    return F.interpolate(picture, size, mode="bilinear", align_corners=False)
