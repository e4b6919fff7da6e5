"""Pictures of a character -> the ways in which they are shown to a model that learns it.

A picture is moved or cut closer, so that a model learns who is there and not where. It is neither
coloured nor mirrored, for both are who it is: between a face and its mirror image a model that is
noisy yet draws the mean of the two. Where it is known which part of a picture the character is in,
that part stays whole.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from ....errors import AdapterError
from ....story import Box

WAYS = 12  # in which each picture is shown
_CLOSEST = 0.75  # the least part of a picture's sides that is shown
_LETTERS = "bcdfghjkmpqtvwxz"
_SOLID = 128  # of 255, from which on a pixel is somebody's
_LARGEST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture [h, w, 3] uint8, and the hash of its file.

    `box` is where the character is, None where nobody knows; `background` are the words for the
    rest.
    """

    pixels: NDArray[np.uint8]
    sha256: str
    box: Box | None = None
    background: str = ""


def read_picture(path: Path) -> Picture:
    """Read a picture, what is transparent over white; who is cut out is where it is not.

    Raises:
        AdapterError: it cannot be read, or is too large to be one.
    """
    try:
        digest = sha256(path.read_bytes()).hexdigest()
        with Image.open(path) as opened:
            if opened.width * opened.height > _LARGEST_PIXELS:
                raise AdapterError(f"{path} has {opened.width}x{opened.height} pixels: too many")
            seen = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise AdapterError(f"{path} is no picture that can be read: {error}") from error
    white = Image.new("RGBA", seen.size, "white")
    pixels = np.asarray(Image.alpha_composite(white, seen).convert("RGB"))
    return Picture(pixels, digest, _cut_out(np.asarray(seen)[..., 3]))


def _cut_out(alpha: NDArray[np.uint8]) -> Box | None:
    """Return the part of a picture that is not transparent; None where nothing is or all is."""
    solid = alpha >= _SOLID
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    if solid.all() or not len(rows):
        return None
    height, width = alpha.shape
    return Box(
        float(columns[0]) / width, float(rows[0]) / height,
        float(columns[-1] + 1) / width, float(rows[-1] + 1) / height,
    )  # fmt: skip


def trigger_word(hashes: Sequence[str]) -> str:
    """Return a word that no text has, which will mean the character of some pictures.

    It is made from the pictures' contents, so that two characters never share one.
    """
    digest = sha256(" ".join(sorted(hashes)).encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:5])


def training_words(trigger: str, look: str) -> tuple[str, ...]:
    """Return the texts that a character's pictures are shown under."""
    named = f"{trigger} {look}".strip()
    return named, f"a picture of {named}", f"{named}, from head to foot"


def augmented(
    pictures: Sequence[Picture], seed: int, token: tuple[float, float], *, closer: bool = True
) -> Iterator[Picture]:
    """Yield each picture in several ways, the first of them as it is.

    Args:
        token: the parts of a frame's width and height that one of the model's tokens takes.
        closer: whether it may be cut, which makes figures larger: not for a model of one size.
    """
    chance = random.Random(seed)
    for way in range(WAYS):
        for picture in pictures:
            shown = picture
            if way and picture.box is not None:
                shown = _moved(shown, picture.box, token, chance)
            if way and closer:
                shown = _cut(shown, chance)
            if not way or shown is not picture:
                yield shown


def _moved(
    picture: Picture, box: Box, token: tuple[float, float], chance: random.Random
) -> Picture:
    """Move a picture, its edges drawn out, as far as the character stays in the frame.

    By whole tokens: a box says no more than in which of them somebody is, and of places within one
    a model could learn but the mean.
    """
    height, width, _ = picture.pixels.shape
    across = round(_steps(box.left, box.right, token[0], chance) * width)
    down = round(_steps(box.top, box.bottom, token[1], chance) * height)
    rows = (np.arange(height) - down).clip(0, height - 1)
    columns = (np.arange(width) - across).clip(0, width - 1)
    there = box.moved(across / width, down / height)
    return replace(picture, pixels=picture.pixels[rows][:, columns], box=there)


def _steps(first: float, last: float, token: float, chance: random.Random) -> float:
    """Return a way of whole tokens by which what lies between two edges stays within 0..1."""
    return chance.randint(-int(first / token), int((1 - last) / token)) * token


def _cut(picture: Picture, chance: random.Random) -> Picture:
    """Cut a picture closer; where the character's place is known, without cutting it."""
    height, width, _ = picture.pixels.shape
    part = chance.uniform(_CLOSEST, 1.0)
    rows, columns = max(1, round(height * part)), max(1, round(width * part))
    if (box := picture.box) is None:
        top, left = chance.randint(0, height - rows), chance.randint(0, width - columns)
        return replace(picture, pixels=picture.pixels[top : top + rows, left : left + columns])
    above, below = math.floor(box.top * height), math.ceil(box.bottom * height)
    before, behind = math.floor(box.left * width), math.ceil(box.right * width)
    rows, columns = max(rows, below - above), max(columns, behind - before)
    top = chance.randint(max(0, below - rows), min(above, height - rows))
    left = chance.randint(max(0, behind - columns), min(before, width - columns))
    there = Box(
        (box.left * width - left) / columns, (box.top * height - top) / rows,
        (box.right * width - left) / columns, (box.bottom * height - top) / rows,
    )  # fmt: skip
    pixels = picture.pixels[top : top + rows, left : left + columns]
    return replace(picture, pixels=pixels, box=there)
