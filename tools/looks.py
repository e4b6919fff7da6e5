"""Reference pictures + an engine with figures of its own -> a story whose looks say what they show.

Such an engine draws an animal in a few colours, with a few things to wear. A picture of its own
figure says both. In any other the colour is read, where the subject has clearly one of them; shape
and markings are not. Words outrank pictures: what the look names stays as it is. Whom the engine
has no drawing of is cut from its picture instead (`engine.storybook.paper_figures`). Nothing is
done in silence: what was read, and each picture of which nothing could be, is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..engine.storybook.world.figures.picture_cuts import figure_of
from ..engine.storybook.world.figures.recognised import recognised
from ..errors import InputError, Span
from ..story import Character, Reference, Story

Rgb = tuple[int, int, int]
# The colourways of a kind of animal, by their words.
Coats = Mapping[str, Mapping[str, Rgb]]

_NEAR = 90.0  # Euclidean distance in RGB up to which a pixel has a colour
_SHARE = 0.25  # of the subject's pixels that must have it
_CLEARER = 1.6  # times the share of the next colour


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """How an engine draws a member of the cast by its words.

    `animal` is None for nobody that it knows, `person` says that people are told by words alone,
    and `names_color` and `names_worn` what the look says itself.
    """

    animal: str | None
    person: bool = False
    names_color: bool = False
    names_worn: bool = False


@dataclass(frozen=True, slots=True)
class PictureReading:
    """What a picture changed, or why it changes nothing."""

    message: str
    span: Span
    acted: bool


def dressed(
    story: Story, folder: Path, coats: Coats, part: Callable[[Character], DrawnPart]
) -> tuple[Story, tuple[PictureReading, ...]]:
    """Return a story whose looks have what their pictures show, and what was read of each."""
    cast, readings = [], []
    for member in story.cast:
        cut = False
        for picture in member.references:
            drawn = part(member)
            if drawn.animal is None and not drawn.person:
                reading = _cut_out(member, picture, folder, first=not cut)
                cut = cut or reading.acted
            else:
                member, reading = _read(member, picture, folder, coats, drawn)
            readings.append(reading)
        cast.append(member)
    return replace(story, cast=tuple(cast)), tuple(readings)


def _said(member: Character, picture: Reference) -> str:
    return f'"{picture.path}" of {member.name}'


def _nothing(member: Character, picture: Reference, why: str) -> PictureReading:
    message = f"{_said(member, picture)} changes nothing: {why}"
    return PictureReading(message, picture.span, acted=False)


def _cut_out(member: Character, picture: Reference, folder: Path, *, first: bool) -> PictureReading:
    """Say that a stranger to the engine is cut from its picture."""
    if not first:
        return _nothing(member, picture, "a paper figure is cut from the picture before it")
    try:
        figure_of(folder / picture.path)
    except InputError:
        return _nothing(member, picture, "it cannot be read as a picture")
    message = (
        f"{_said(member, picture)}: its words name no figure that is drawn here, so that a paper "
        "figure is cut from the picture, moved along its boxes with its name at its feet"
    )
    return PictureReading(message, picture.span, acted=True)


def _read(
    member: Character, picture: Reference, folder: Path, coats: Coats, drawn: DrawnPart
) -> tuple[Character, PictureReading]:
    animal = drawn.animal or ""
    ways = coats.get(animal, {})
    if not ways:
        return member, _nothing(member, picture, "people are drawn by their words alone")
    try:
        figure = figure_of(folder / picture.path)
    except InputError:
        return member, _nothing(member, picture, "it cannot be read as a picture")
    seen = recognised(figure, animal)
    color = seen.colourway if seen else _colour(_pixels(figure), ways)
    worn = str(seen.worn) if seen and seen.worn else None
    taken = [] if drawn.names_color or color is None else [f"in {color}"]
    if worn and not drawn.names_worn:
        taken.append(f"with {worn}")
    if not taken:
        return member, _nothing(member, picture, _why_nothing(animal, color, worn, ways, drawn))
    look = member.look
    if not drawn.names_color and color is not None:
        look, count = re.subn(rf"\b{re.escape(animal)}\b", f"{color} {animal}", look, count=1)
        if not count:
            look = f"a {color} {animal}" + (f", {member.look}" if member.look else "")
    if worn and not drawn.names_worn:
        look = f"{look or f'a {animal}'} with {worn}"
    rest = (
        "" if seen else "; its shape, markings and what it wears are not read from such a picture"
    )
    message = f"{_said(member, picture)}: the {animal} is drawn {' '.join(taken)}{rest}"
    return replace(member, look=look), PictureReading(message, picture.span, acted=True)


def _why_nothing(
    animal: str, color: str | None, worn: str | None, ways: Mapping[str, Rgb], drawn: DrawnPart
) -> str:
    if drawn.names_color and (drawn.names_worn or worn is None):
        more = " and what is worn" if drawn.names_worn else ""
        return f"its words name a colour{more}, and words outrank pictures"
    return f"what it shows is not clearly {' or '.join(ways)}, in which {animal}s are drawn"


def _pixels(figure: Image.Image) -> NDArray[np.float64]:
    """Return the pixels [N, 3] of a figure."""
    pixels = np.asarray(figure).astype(np.float64)
    return np.asarray(pixels[..., :3][pixels[..., 3] > 127])


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
