"""How well robots, dragons, cars and the like are painted by parts, against the drawn world.

`python benchmarks/others.py`

First the painter by itself: of all pictures that there are, and of those held out
(`world/held_out.py`), the cells of figures at which it names the part that is drawn there. The
floor is the same kind in another pose.

Then the frames of the engine: each kind in a room in up to two of its motions, once painted by
parts and once as the engine painted it before, by the underpainter from its words. The error is
the mean squared difference from the drawn figure on its pixels, of colours in 0..1; the floor is
another kind drawn in the same box. Intervals are bootstrapped over figures, at 95 %.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from people import interval

from dreamrunner.engine.storybook import models
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.figure_painting import FigurePainter
from dreamrunner.engine.storybook.others_painting import KINDS, new_others_painter
from dreamrunner.engine.storybook.training.others_painter import DrawnPictures, draw_pictures
from dreamrunner.engine.storybook.world.additions import ALL_MOTIONS
from dreamrunner.engine.storybook.world.figures.motions import pose_at
from dreamrunner.engine.storybook.world.figures.sprites import draw_sprite, resting_size
from dreamrunner.engine.storybook.world.others import kinds, own_motions
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box

FOOT, MIDDLE, MOST = 0.94, 0.5, 0.62  # where figures stand, and the most of a frame that is theirs
MOTIONS_EACH = 2
FRAME = 9  # of a clip, which is compared


@torch.no_grad()
def cells(painter: FigurePainter, drawn: DrawnPictures) -> tuple[list[float], list[float]]:
    """Return of each picture the cells of its figure that are right, and those of the floor."""
    named = torch.cat([
        painter(c, p).argmax(1)
        for c, p in zip(drawn.codes.split(16), drawn.poses.split(16), strict=True)
    ])  # fmt: skip
    right, floor = [], []
    for at, parts in enumerate(drawn.parts):
        figure = parts > 0
        right.append(float((named[at] == parts)[figure].float().mean()))
        alike = [
            n for n in range(len(drawn.parts)) if drawn.codes[n] == drawn.codes[at] and n != at
        ]
        if alike:
            other = drawn.parts[alike[at % len(alike)]]
            floor.append(float((other == parts)[figure].float().mean()))
    return right, floor


def shots() -> Iterator[tuple[ShotPlan, str, str, str]]:
    """Yield a shot of each kind in up to two of its motions, with kind, colour and motion."""
    motions = {**ALL_MOTIONS, **own_motions()}
    for name, kind in kinds().items():
        step = max(1, len(kind.motions) // MOTIONS_EACH)
        for number, motion in enumerate(kind.motions[::step][:MOTIONS_EACH]):
            colour = kind.colours[number % len(kind.colours)]
            wide, high = resting_size(name, colour, motion == "sleep")
            tall = min(MOST, 0.9 * models.WIDTH / models.HEIGHT * high / wide)
            half = tall * wide / high * models.HEIGHT / models.WIDTH / 2
            box = Box(MIDDLE - half, FOOT - tall, MIDDLE + half, FOOT)
            entity = Entity(
                id=name.upper(), look=name, character=name, color=colour,
                prompt=f"a {colour} {name} {motions[motion].gerund[0]}, facing right",
            )  # fmt: skip
            beat = Beat(entity=entity.id, motion=motion, start_s=0, end_s=3.125, facing="right")
            keyframe = Keyframe(time_s=0, placements=(Placement(entity=entity.id, box=box),))
            yield ShotPlan(
                id="1.1", scene="1", duration_s=3.125, seed=0, place="OFFICE", place_id="office",
                background="an office", entities=(entity,), keyframes=(keyframe,), beats=(beat,),
                settings=RenderSettings(), text="",
            ), name, colour, motion  # fmt: skip


def drawn_in(shot: ShotPlan, name: str, colour: str, motion: str) -> NDArray[np.float32]:
    """Return the drawn figure in a shot's box: [h, w, 4], premultiplied, in 0..255."""
    box = shot.keyframes[0].placements[0].box
    wide, high = resting_size(name, colour, motion == "sleep")
    tall = min(box.height * models.HEIGHT / high, box.width * models.WIDTH / wide)
    x, y = box.center[0] * models.WIDTH, box.bottom * models.HEIGHT
    pose = pose_at(motion, FRAME, models.FRAMES, models.FPS)
    sprite = draw_sprite(
        name, colour, pose, height=tall, shift=(x - math.floor(x), y - math.floor(y))
    )
    out = np.zeros((models.HEIGHT, models.WIDTH, 4), np.float32)
    left, top = math.floor(x) + sprite.left, math.floor(y) + sprite.top
    rows, columns = sprite.pixels.shape[:2]
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(models.WIDTH, left + columns), min(models.HEIGHT, top + rows)
    out[y0:y1, x0:x1] = sprite.pixels[y0 - top : y1 - top, x0 - left : x1 - left]
    return out


def difference(frame: NDArray[np.uint8], drawn: NDArray[np.float32]) -> float:
    """Return the mean squared difference of colours in 0..1 on the pixels of a drawn figure."""
    solid = drawn[..., 3] > 250
    return float((((frame[solid] - drawn[solid][:, :3]) / 255) ** 2).mean())


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--weights", type=Path, default=models.WEIGHTS)
    read.add_argument("--json", type=Path)
    args = read.parse_args()
    painter = models.load_parts(new_others_painter(), args.weights / "others.safetensors")
    if painter is None:
        sys.exit(f"{args.weights} has no others.safetensors: train `others` first")
    kept: dict[str, list[float]] = {}
    for name, held_out in (("all pictures", False), ("held out", True)):
        right, floor = cells(painter, draw_pictures(held_out=held_out))
        kept[f"cells right, {name}"] = interval(right)
        kept[f"floor, {name}"] = interval(floor)
    family = StorybookFamily(args.weights)
    errors: dict[str, list[float]] = {"by parts": [], "from words, before": [], "another kind": []}
    empty: NDArray[np.uint8] | None = None
    for shot, name, colour, motion in shots():
        drawn = drawn_in(shot, name, colour, motion)
        frame = family.render(shot, (), None, lambda done, of: None)[FRAME]
        errors["by parts"].append(difference(frame, drawn))
        unknown = shot.entities[0].model_copy(update={"character": None, "color": None})
        before = shot.model_copy(update={"entities": (unknown,)})
        frame = family.render(before, (), None, lambda done, of: None)[FRAME]
        errors["from words, before"].append(difference(frame, drawn))
        other = KINDS[(KINDS.index(name) + 4) % len(KINDS)]
        covered = drawn_in(shot, other, colour, "stand")
        if empty is None:
            nobody = shot.model_copy(update={"entities": (), "beats": (), "keyframes": ()})
            empty = family.render(nobody, (), None, lambda done, of: None)[FRAME]
        over = covered[..., :3] + empty * (1 - covered[..., 3:] / 255)
        errors["another kind"].append(difference(over.astype(np.uint8), drawn))
    kept |= {f"error, {arm}": interval(values) for arm, values in errors.items()}
    for row, (mean, low, high) in kept.items():
        print(f"| {row} | {mean:.3f} [{low:.3f}, {high:.3f}] |")
    print(f"{len(errors['by parts'])} figures in the engine's frames")
    if args.json:
        args.json.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
