"""Reference pictures of somebody the storybook world has no drawing of -> its paper figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...engine.storybook.world.figures.picture_cuts import FILE, cut_from
from ...errors import InputError, TooFewClipsError
from .strip import picture_strip
from .trained import TrainedAdapter


def paper_figure(pictures: Sequence[Path], folder: Path) -> TrainedAdapter:
    """Cut a figure from the first of some pictures that can be read, into a folder.

    Raises:
        TooFewClipsError: none of them can be read.
    """
    reasons = []
    for picture in pictures:
        try:
            cut = cut_from(picture)
        except InputError as error:
            reasons.append(str(error))
            continue
        cut.image.save(folder / FILE)
        how = "a card of the whole picture" if cut.card else "cut out along its outline"
        means = f"a paper figure from {picture.name}, {how}, moved and not drawn by a model"
        return TrainedAdapter(FILE, 0, 0.0, means, strip=picture_strip([picture], folder))
    raise TooFewClipsError("; ".join(reasons))
