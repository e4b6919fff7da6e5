"""A file that should be a picture -> why none can be made of it, judged by its header alone."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

# A smaller picture shows no more of a face than a letter of this line does.
SMALLEST_SIDE_PX = 64


def picture_size(path: Path) -> tuple[int, int] | None:
    """Return width and height of a picture in pixels, or None where the file is none."""
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
