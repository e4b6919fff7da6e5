"""Character id and pose -> RGBA sprite, placed by its foot point."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..additions import CROWN
from ..others import is_other, kinds
from ..people import PERSON, PersonLook, look_in
from ..vocabulary import CHARACTERS, Accessory, Facing
from .builds import PAINTS
from .creatures import draw_creature
from .cutouts import draw_doll
from .others.drawing import draw_other
from .pen import Pen
from .people import draw_person
from .pose import RESTING, Pose

# The master drawing, in figure units: a standing figure is 100 high with its feet at y = 100.
LEFT, TOP, SPAN = -85.0, -35.0, 170.0
FOOT = 100.0
MIDDLE = 55.0  # what a whole-figure rotation turns about
_MARGIN = 2  # transparent pixels kept round a sprite so that its edge can fade
# Width and height of a person's box in standing heights, whatever is worn: a hat makes nobody
# smaller, and who points or gives stays within reach of the box.
PERSON_SIZE, PERSON_LYING = (0.62, 1.0 - CROWN / 100), (1.12, 0.46)
# The same of one of the `others` who lies, beside its standing box.
OTHERS_LYING = (1.45, 0.70)
TURN_FLOOR = 0.28  # edge-on figures keep this much width, or a coarse codec would lose them


@dataclass(frozen=True, eq=False)
class Sprite:
    """Pixels [h, w, 4] (premultiplied) whose corner lies at (left, top) from the foot's pixel."""

    pixels: NDArray[np.uint8]
    left: int
    top: int

    @cached_property
    def solid(self) -> NDArray[np.bool_]:
        """Where the figure is, [h, w]: at least half covered."""
        return self.pixels[..., 3] >= 128

    @cached_property
    def weighted(self) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """Colour, and what is left for the background, so that their mix is out of 255 * 255."""
        wide = self.pixels.astype(np.uint16)
        return wide[..., :3] * np.uint16(255), np.uint16(255) - wide[..., 3:]


def is_drawn(character: str, colourway: str) -> bool:
    """Whether the world has a drawing for this pair; anything else becomes a paper cut-out."""
    known = (character, colourway) in PAINTS or is_other(character, colourway)
    return known or _look(character, colourway) is not None


def _look(character: str, colourway: str) -> PersonLook | None:
    return look_in(colourway) if character == PERSON else None


def draw_sprite(
    character: str,
    colourway: str,
    pose: Pose = RESTING,
    *,
    height: float = 48.0,
    facing: Facing = "right",
    shift: tuple[float, float] = (0.0, 0.0),
    wear: Accessory | None = None,
) -> Sprite:
    """The sprite of a figure `height` pixels high when standing.

    `shift` is where in its pixel the foot point lies (0..1); half pixels are told apart, so that
    slow movement does not stutter and the cache still hits.
    """
    half = (round(shift[0] * 2) / 2, round(shift[1] * 2) / 2)
    pose = replace(
        pose,
        lean=round(pose.lean / 5) * 5,
        angle=round(pose.angle / 5) * 5 % 360,
        turn=round(pose.turn, 2),
        stretch=round(pose.stretch * 50) / 50,
    )
    tall = max(1.0, round(height * 2) / 2)
    return _sprite(character, colourway, pose, tall, facing, half, wear)


def sprite_image(
    character: str,
    colourway: str,
    pose: Pose = RESTING,
    *,
    height: float = 48.0,
    facing: Facing = "right",
    wear: Accessory | None = None,
) -> Image.Image:
    """The same sprite as a picture by itself, for sheets and previews."""
    sprite = draw_sprite(character, colourway, pose, height=height, facing=facing, wear=wear)
    tall, wide = sprite.pixels.shape[:2]
    return Image.frombytes("RGBa", (wide, tall), sprite.pixels.tobytes()).convert("RGBA")


def draw_cutout(
    label: str,
    colour: str,
    pose: Pose = RESTING,
    *,
    height: float = 48.0,
    facing: Facing = "right",
) -> Image.Image:
    """An unknown character as a labelled paper doll in its colour (a word, or "#rrggbb")."""
    return sprite_image(label, colour, pose, height=height, facing=facing)


@lru_cache(maxsize=6000)
def _sprite(
    character: str,
    colourway: str,
    pose: Pose,
    height: float,
    facing: Facing,
    shift: tuple[float, float],
    wear: Accessory | None,
) -> Sprite:
    detail = _detail(height)
    # A label must stay readable, so paper dolls turn without being mirrored.
    doll = not is_drawn(character, colourway)
    mirrored = (facing == "left") != (pose.turn < 0) and not doll
    angle = -pose.angle if doll and facing == "left" else pose.angle
    drawing = replace(pose, angle=angle % 360, turn=1.0, stretch=1.0)
    master = _master(character, colourway, drawing, detail, wear)
    if mirrored:
        master = master.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turn = max(TURN_FLOOR, abs(pose.turn))
    scale_y = height / 100 * pose.stretch / detail
    scale_x = height / 100 / pose.stretch * turn / detail
    return _reduced(master, detail, (scale_x, scale_y), shift)


def _reduced(
    master: Image.Image, detail: float, scale: tuple[float, float], shift: tuple[float, float]
) -> Sprite:
    bounds = master.getbbox()
    if bounds is None:
        return Sprite(np.zeros((1, 1, 4), np.uint8), 0, 0)
    anchor = (-LEFT * detail, (FOOT - TOP) * detail)
    # Whole destination pixels that hold the drawing, then the part of the master under them.
    low = [math.floor((bounds[i] - anchor[i]) * scale[i] + shift[i]) - _MARGIN for i in (0, 1)]
    high = [math.ceil((bounds[i + 2] - anchor[i]) * scale[i] + shift[i]) + _MARGIN for i in (0, 1)]
    box = [(edge[i] - shift[i]) / scale[i] + anchor[i] for edge in (low, high) for i in (0, 1)]
    # Cropping past the edges pads with transparency, which resize(box=...) cannot do itself.
    left, top = math.floor(box[0]), math.floor(box[1])
    part = master.crop((left, top, math.ceil(box[2]) + 1, math.ceil(box[3]) + 1))
    source = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    size = (high[0] - low[0], high[1] - low[1])
    reduced = part.resize(size, Image.Resampling.BOX, box=source)
    pixels = np.frombuffer(reduced.tobytes(), np.uint8).reshape(size[1], size[0], 4)
    return Sprite(pixels, low[0], low[1])


def _detail(height: float) -> float:
    """Master pixels per unit: at least three times finer than what is asked for."""
    detail = 2.0
    while detail * 100 < height * 3:
        detail *= 2
    return detail


@lru_cache(maxsize=384)
def _master(
    character: str, colourway: str, pose: Pose, detail: float, wear: Accessory | None
) -> Image.Image:
    """The fine drawing, premultiplied: reducing straight alpha would darken the rim."""
    size = round(SPAN * detail)
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = Pen(ImageDraw.Draw(image), (detail, 0.0, -LEFT * detail, 0.0, detail, -TOP * detail))
    if is_drawn(character, colourway):
        # Turned as shapes: turning pixels costs more than drawing them again.
        turned = pen.moved(0, MIDDLE, pose.angle).moved(0, -MIDDLE) if pose.angle else pen
        look = _look(character, colourway)
        if is_other(character, colourway):  # whoever lies is drawn about its own middle
            draw_other(turned, character, colourway, pose)
            return image.convert("RGBa")
        if look is not None:
            draw_person(turned, look, pose, wear)
        else:
            draw_creature(turned, character, colourway, pose, wear)
        return _centred(image) if pose.lying else image.convert("RGBa")
    draw_doll(image, pen, character, colourway, pose)
    if pose.lying:
        return _centred(image)
    centre = (-LEFT * detail, (MIDDLE - TOP) * detail)
    # The label is type, not shapes, so a doll is turned as a picture.
    flat = image.convert("RGBa")
    return flat.rotate(-pose.angle, Image.Resampling.BICUBIC, center=centre) if pose.angle else flat


def _centred(image: Image.Image) -> Image.Image:
    """A figure with no feet under it is placed by its middle."""
    box = image.getbbox() or (0, 0, image.width, image.height)
    shift = (box[0] + box[2] - image.width) // 2
    return image.crop((shift, 0, shift + image.width, image.height)).convert("RGBa")


@lru_cache(maxsize=2048)
def resting_size(
    character: str, colourway: str, lying: bool, wear: Accessory | None = None
) -> tuple[float, float]:
    """Width and height of the resting drawing, as fractions of the standing height."""
    if character == PERSON:
        return PERSON_LYING if lying else PERSON_SIZE
    if character in kinds() and lying:
        wide, high = resting_size(character, colourway, False)
        return wide * OTHERS_LYING[0], high * OTHERS_LYING[1]
    pose = Pose(lying=lying, eyes_open=not lying)
    box = _master(character, colourway, pose, 2.0, wear).getbbox()
    if box is None:
        return (1.0, 1.0)
    foot = (FOOT - TOP) * 2.0
    return ((box[2] - box[0]) / 200.0, (foot - box[1]) / 200.0)


def default_colourway(character: str) -> str:
    """The first colourway of a known character; paper white for a stranger."""
    if character in kinds():
        return kinds()[character].colours[0]
    known = CHARACTERS.get(character)
    return known.colourways[0] if known else "white"
