"""Judge + held-out drawn clips -> its accuracy and confusion, clean and through damage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from ....story import Box
from ..world.scene import draw_background
from ..world.vocabulary import MOTIONS
from .damage import degrade, recolour
from .decoys import heap, scramble, smear
from .judge import Judge, as_pixels
from .judgement import Judgement
from .samples import TruthClip, draw, mask_boxes

HELD_OUT_SEED = 77_000_001
SHOWN = 0.6  # the part of the frames in which a figure must be seen for it to count as shown


@dataclass
class Tally:
    """Counts of one condition; filled clip by clip."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    overlaps: list[float] = field(default_factory=list)

    def add(self, what: str, right: bool) -> None:
        self.asked[what] += 1
        self.right[what] += right

    def rates(self) -> dict[str, float]:
        return {what: round(self.right[what] / n, 4) for what, n in sorted(self.asked.items())}


def measure(judge: Judge, clips: int) -> dict[str, object]:
    """Return the figures for the judge's card.

    `clean` are clips as drawn; `damaged` went through damage of strength 0.6; `recoloured` have
    figures in random colours; `decoys` hold ovals, smeared and scrambled figures, which are right
    when no character is seen in them.
    """
    card: dict[str, object] = {"held_out_seed": HELD_OUT_SEED, "clips": clips}
    conditions = {"clean": (0.0, False), "damaged": (0.6, False), "recoloured": (0.0, True)}
    for name, (strength, recoloured) in conditions.items():
        rng = np.random.default_rng(HELD_OUT_SEED)
        tally = Tally()
        for _ in range(clips):
            clip = draw(rng)
            _score(judge, clip, _shown(clip, strength, recoloured), tally)
        card[name] = {
            **tally.rates(),
            "layout_iou": round(float(np.mean(tally.overlaps)), 4),
            "confusion": {f"{a} as {b}": n for (a, b), n in tally.confused.most_common()},
        }
    card["decoys"] = decoys(judge, max(6, clips // 5))
    return card


def _shown(clip: TruthClip, strength: float, recoloured: bool) -> NDArray[np.uint8]:
    if not strength and not recoloured:
        return clip.frames
    rng = np.random.default_rng(clip.spec.seed)
    pixels = clip.pixels()
    if recoloured:
        pixels = recolour(pixels, torch.from_numpy(clip.masks), rng)
    return as_frames(degrade(pixels, rng, strength) if strength else pixels)


def as_frames(pixels: torch.Tensor) -> NDArray[np.uint8]:
    """Turn pixels [T, 3, h, w] in [0, 1] into frames [T, h, w, 3] uint8."""
    frames: NDArray[np.uint8] = (pixels * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return frames


def _score(judge: Judge, clip: TruthClip, frames: NDArray[np.uint8], tally: Tally) -> None:
    found = judge.judge(frames)
    tally.add("place", found.place == clip.spec.place)
    tally.confused[("place " + clip.spec.place, str(found.place))] += found.place != clip.spec.place
    present = {actor.character for actor in clip.spec.actors}
    for sighting in found.sightings:
        tally.add("sighting", sighting.character in present)
    for actor, mask in zip(clip.spec.actors, clip.masks, strict=True):
        truth = mask_boxes(mask)
        if sum(box is not None for box in truth) < SHOWN * len(truth):
            continue
        seen = found.of(actor.character)
        overlap = max((mean_iou(truth, s.boxes) for s in seen), default=0.0)
        tally.add("character", overlap > 0.4)
        tally.overlaps.append(overlap)
        if not seen:
            tally.confused[(actor.character, _at(truth, found))] += 1
            continue
        tally.add("motion", seen[0].motion == actor.motion)
        tally.confused[(actor.motion, str(seen[0].motion))] += seen[0].motion != actor.motion
        if MOTIONS[actor.motion].travels:
            tally.add("direction", seen[0].direction == actor.facing)
    tally.confused += Counter()  # drops what was never confused


def _at(truth: list[Box | None], found: Judgement) -> str:
    """Return who was seen where somebody else is."""
    seen = [(mean_iou(truth, s.boxes), s.character) for s in found.sightings]
    best = max(seen, default=(0.0, "nobody"))
    return best[1] if best[0] > 0.4 else "nobody"


def mean_iou(truth: list[Box | None], boxes: tuple[Box | None, ...]) -> float:
    """Return the mean overlap over the frames that hold the figure; an unseen one counts 0."""
    pairs = [(a, b) for a, b in zip(truth, boxes, strict=True) if a is not None]
    return sum(a.iou(b) if b is not None else 0.0 for a, b in pairs) / max(1, len(pairs))


def decoys(judge: Judge, clips: int) -> dict[str, float]:
    """Return the part of decoys of each kind in which no character is seen."""
    rng = np.random.default_rng(HELD_OUT_SEED + 1)
    tally = Tally()
    for _ in range(clips):
        clip = draw(rng)
        masks = torch.from_numpy(clip.masks)
        empty = draw_background(clip.spec)
        heaped, _ = heap(as_pixels(empty), masks[:0], rng)
        tally.add("ovals", not judge.judge(as_frames(heaped)).sightings)
        whole = masks[0].flatten(1).sum(1).float()
        if float(whole.min()) < 300:
            continue
        who = clip.spec.actors[0].character
        smeared = smear(clip.pixels(), masks[0])
        tally.add("smeared", not judge.judge(as_frames(smeared)).of(who))
        tiled = scramble(clip.pixels(), masks[0], rng)
        if tiled is not None:
            tally.add("scrambled", not judge.judge(as_frames(tiled[0])).of(who))
    return tally.rates()
