"""A random generator -> a scene: who is where, doing what, for training."""

from __future__ import annotations

import numpy as np

from .actors import Actor, SceneSpec, make_actor, natural_boxes
from .motions import MOVEMENTS
from .places import DRAWINGS
from .sprites import resting_size
from .vocabulary import CHARACTERS, MOTIONS, SPLITS, Facing, Split

ACTOR_WEIGHTS = (0.45, 0.45, 0.10)
# Standing heights for one, two and three actors, as parts of the frame: 40-60, 36-52 and 30-42
# pixels of 96.
HEIGHTS = ((0.42, 0.62), (0.375, 0.54), (0.31, 0.44))
CROSSINGS = 0.15  # the part of scenes in which figures may pass before each other
_TRIES = 14
_SEEDS = 1000


def sample_scene(
    rng: np.random.Generator,
    *,
    split: str | Split = "base",
    actors: int | None = None,
    place: str | None = None,
    width: int = 144,
    height: int = 96,
    frames: int = 25,
    fps: float = 8,
) -> SceneSpec:
    """A scene from the split's characters and motions; depends on nothing but `rng`."""
    parts = SPLITS[split] if isinstance(split, str) else split
    count = actors or 1 + int(rng.choice(len(ACTOR_WEIGHTS), p=ACTOR_WEIGHTS))
    setting = place or str(rng.choice(list(DRAWINGS)))
    seed = int(rng.integers(_SEEDS))
    cast = _cast(rng, parts, count)
    spec = SceneSpec(setting, seed, (), width, height, frames, fps)
    crossing = count > 1 and rng.random() < CROSSINGS
    best: tuple[float, tuple[Actor, ...]] | None = None
    for _ in range(1 if crossing else _TRIES):
        placed = _placed(rng, spec, cast)
        overlap = _overlap(placed, (width, height))
        if best is None or overlap < best[0]:
            best = (overlap, placed)
        if overlap < 0.08:
            break
    assert best is not None
    return SceneSpec(setting, seed, best[1], width, height, frames, fps)


def _cast(rng: np.random.Generator, split: Split, count: int) -> list[tuple[str, str, str]]:
    """Different characters, each with a colourway and a motion; the focus is on one of them."""
    names = [c for c in split.characters if c != split.focus_character]
    chosen = [str(c) for c in rng.permutation(names)[:count]]
    if split.focus_character is not None:
        chosen[0] = split.focus_character
    motions = [str(m) for m in rng.choice(list(split.motions), size=count)]
    if split.focus_motion is not None:
        motions[0] = split.focus_motion
    colours = [CHARACTERS[c].colourways[int(rng.random() < 0.4)] for c in chosen]
    cast = list(zip(chosen, colours, motions, strict=True))
    # Shuffled so that the focus is not always the leftmost.
    return [cast[i] for i in rng.permutation(count)]


def _placed(
    rng: np.random.Generator, spec: SceneSpec, cast: list[tuple[str, str, str]]
) -> tuple[Actor, ...]:
    """The cast from left to right, each about its share of the width."""
    low, high = HEIGHTS[min(len(cast), len(HEIGHTS)) - 1]
    figures = []
    for slot, (character, colour, motion) in enumerate(cast):
        y = float(rng.uniform(0.78, 0.94))
        tall = float(rng.uniform(low, high))
        if motion in ("fly", "land"):
            # Rising needs room: a low start and a figure that leaves some sky.
            y = float(rng.uniform(0.87, 0.94))
        reach, tall = _fitted(rng, motion, y, tall)
        centre = (slot + float(rng.uniform(0.25, 0.75))) / len(cast)
        facing: Facing = "right" if rng.random() < (0.65 if centre < 0.5 else 0.35) else "left"
        wide = resting_size(character, colour, motion == "sleep")[0]
        half = tall * wide / 2 * spec.height / spec.width + 0.01
        x, reach = _start(centre, half, reach, facing, motion)
        figures.append(
            make_actor(
                character,
                x=x,
                y=y,
                height=tall,
                motion=motion,
                colourway=colour,
                facing=facing,
                extent=reach,
                entity_id=character,
                frames=spec.frames,
                fps=spec.fps,
            )
        )
    return tuple(figures)


def _fitted(rng: np.random.Generator, motion: str, y: float, tall: float) -> tuple[float, float]:
    """An extent that suits the motion, and the height cut so that it stays below the top."""
    low, high = MOVEMENTS[motion].extents
    reach = float(rng.uniform(low, high))
    if MOTIONS[motion].travels or not reach:
        return reach, tall
    room = y - 0.03
    tall = min(tall, room - low)
    return min(reach, room - tall), tall


def _start(
    centre: float, half: float, reach: float, facing: Facing, motion: str
) -> tuple[float, float]:
    """Where to begin so that the middle of the way is near `centre` and all of it in the frame."""
    if not MOTIONS[motion].travels:
        return min(max(centre, half), 1 - half), reach
    reach = min(reach, 1 - 2 * half)
    left = min(max(centre - reach / 2, half), 1 - half - reach)
    return (left if facing == "right" else left + reach), reach


def _overlap(actors: tuple[Actor, ...], size: tuple[int, int]) -> float:
    """The greatest part of any figure that another covers or is covered by, over the clip."""
    boxes = [natural_boxes(actor, size) for actor in actors]
    worst = 0.0
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            corner = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
            shared = np.prod(np.maximum(corner, 0), axis=1)
            area = np.minimum(np.prod(a[:, 2:] - a[:, :2], 1), np.prod(b[:, 2:] - b[:, :2], 1))
            worst = max(worst, float((shared / area).max()))
    return worst
