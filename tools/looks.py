"""Reference pictures + an engine with figures of its own -> a story whose looks say their colours.

Such an engine draws an animal in a few colours. Where a picture's subject has clearly one of them,
and the words of the look name none, the look is given that word; words outrank pictures. What a
figure wears, its shape and its markings are not read from a picture. Nothing is done in silence:
what was read, and each picture of which nothing could be, is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from ..errors import Span
from ..story import Character, Reference, Story

Rgb = tuple[int, int, int]
# The colourways of a kind of animal, by their words, and the animal that words name, or None.
Coats = Mapping[str, Mapping[str, Rgb]]
Kind = Callable[[Character], str | None]

_SIDE_PX = 64
_NEAR = 90.0  # Euclidean distance in RGB up to which a pixel has a colour
_SHARE = 0.25  # of the subject's pixels that must have it
_CLEARER = 1.6  # times the share of the next colour


@dataclass(frozen=True, slots=True)
class PictureReading:
    """What a picture changed, or why it changes nothing."""

    message: str
    span: Span
    acted: bool


def dressed(
    story: Story, folder: Path, coats: Coats, kind: Kind, names_color: Callable[[str], bool]
) -> tuple[Story, tuple[PictureReading, ...]]:
    """Return a story whose looks have the colours of their pictures, and what was read of each.

    Args:
        kind: says which animal a member of the cast is drawn as, None for none.
        names_color: says whether a look names a colour itself.
    """
    cast, readings = [], []
    for member in story.cast:
        for picture in member.references:
            member, reading = _read(member, picture, folder, coats, kind, names_color)
            readings.append(reading)
        cast.append(member)
    return replace(story, cast=tuple(cast)), tuple(readings)


def _read(
    member: Character,
    picture: Reference,
    folder: Path,
    coats: Coats,
    kind: Kind,
    names_color: Callable[[str], bool],
) -> tuple[Character, PictureReading]:
    said = f'"{picture.path}" of {member.name}'

    def nothing(why: str) -> tuple[Character, PictureReading]:
        return member, PictureReading(f"{said} changes nothing: {why}", picture.span, acted=False)

    animal = kind(member)
    ways = coats.get(animal or "", {})
    if animal is None or not ways:
        return nothing("its words name no figure that is drawn here")
    if names_color(member.look):
        return nothing("its words name a colour, and words outrank pictures")
    try:
        found = _colour(_pixels(folder / picture.path), ways)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return nothing("it cannot be read as a picture")
    known = " or ".join(ways)
    if found is None:
        return nothing(f"what it shows is not clearly {known}, in which {animal}s are drawn")
    look, count = re.subn(rf"\b{re.escape(animal)}\b", f"{found} {animal}", member.look, count=1)
    if not count:
        look = f"a {found} {animal}" + (f", {member.look}" if member.look else "")
    message = (
        f"{said} shows something {found}: the {animal} is drawn in {found}; its shape, markings "
        "and what it wears are not read from pictures"
    )
    return replace(member, look=look), PictureReading(message, picture.span, acted=True)


def _pixels(path: Path) -> NDArray[np.float64]:
    """Return the pixels [N, 3] of a picture's subject: what is opaque and unlike its border."""
    with Image.open(path) as opened:
        seen = opened.convert("RGBA")
        seen.thumbnail((_SIDE_PX, _SIDE_PX))
    pixels = np.asarray(seen).astype(np.float64)
    colour, opaque = pixels[..., :3], pixels[..., 3] > 127
    if not opaque.all():
        return np.asarray(colour[opaque])
    edge = np.concatenate([colour[0], colour[-1], colour[:, 0], colour[:, -1]])
    border = np.median(edge, axis=0)
    apart = np.linalg.norm(colour - border, axis=-1) > _NEAR / 2
    # A picture that is its subject to the edge has no border.
    return np.asarray(colour[apart] if apart.mean() > 0.05 else colour.reshape(-1, 3))


def _colour(pixels: NDArray[np.float64], ways: Mapping[str, Rgb]) -> str | None:
    """Return the colour that a subject clearly has, None where it is none or several."""
    if not len(pixels):
        return None
    names: Sequence[str] = list(ways)
    away = np.stack([np.linalg.norm(pixels - np.array(ways[name]), axis=-1) for name in names])
    nearest, near = away.argmin(0), away.min(0) < _NEAR
    shares = [float(((nearest == at) & near).mean()) for at in range(len(names))]
    best = max(range(len(names)), key=lambda at: shares[at])
    others = [share for at, share in enumerate(shares) if at != best]
    clear = shares[best] >= _SHARE and shares[best] >= _CLEARER * max(others, default=0.0)
    return names[best] if clear else None
