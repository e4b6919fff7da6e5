"""Pictures of a character -> the ways in which they are shown to a model that learns it.

A picture is cut closer about its middle and mirrored, so that a model learns who is there and not
where; colours stay as they are, for they are who it is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from ....errors import AdapterError

WAYS = 6  # in which each picture is shown
_CLOSEST = 0.75  # the least part of a picture's sides that is shown
_LETTERS = "bcdfghjkmpqtvwxz"
_LARGEST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture [h, w, 3] uint8, and the hash of its file."""

    pixels: NDArray[np.uint8]
    sha256: str


def read_picture(path: Path) -> Picture:
    """Read a picture, what is transparent over white.

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
    return Picture(pixels, digest)


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


def augmented(pictures: Sequence[Picture], seed: int) -> Iterator[NDArray[np.uint8]]:
    """Yield each picture in several ways, the first of them as it is: [h, w, 3] uint8."""
    chance = random.Random(seed)
    for way in range(WAYS):
        for picture in pictures:
            yield picture.pixels if way == 0 else _closer(picture.pixels, chance, way % 2 == 1)


def _closer(pixels: NDArray[np.uint8], chance: random.Random, mirrored: bool) -> NDArray[np.uint8]:
    height, width, _ = pixels.shape
    part = chance.uniform(_CLOSEST, 1.0)
    rows, columns = max(1, round(height * part)), max(1, round(width * part))
    top, left = chance.randint(0, height - rows), chance.randint(0, width - columns)
    cut = pixels[top : top + rows, left : left + columns]
    return np.ascontiguousarray(cut[:, ::-1] if mirrored else cut)
