"""Judge of the grown world + drawn clips that it has not seen -> how often it is right."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from .....story import Box
from ..accuracy import as_frames, mean_iou
from ..damage import degrade
from .judge import GrownJudge
from .judgement import GrownJudgement, GrownSighting
from .samples import GrownClip, as_unit, draw_grown, look_of, seen_throughout

HELD_OUT_SEED = 88_000_001
DAMAGE = 0.4
FOUND = 0.4  # overlap with the true box from which a figure is found
# What looks the same is the same answer.
SAME_MOTIONS = ({"walk", "enter", "exit"},)
SAME_PLACES = ({"room", "living-room"},)


def alike(one: str, other: str, groups: tuple[set[str], ...]) -> bool:
    """Say whether two ids are one or look the same."""
    return one == other or any({one, other} <= group for group in groups)


class RightCounts:
    """Counts of what was asked and what was right."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()

    def add(self, what: str, right: bool) -> None:
        self.asked[what] += 1
        self.right[what] += right

    def rates(self) -> dict[str, list[float | int]]:
        """Return, for each thing, the part that was right and how often it was asked."""
        return {w: [round(self.right[w] / n, 4), n] for w, n in sorted(self.asked.items())}


def measure(judge: GrownJudge, clips: int) -> dict[str, object]:
    """Return the figures for the judge's card, of clips as drawn and of damaged ones."""
    card: dict[str, object] = {"held_out_seed": HELD_OUT_SEED, "clips": clips}
    for name, strength in (("clean", 0.0), ("damaged", DAMAGE)):
        rng = np.random.default_rng(HELD_OUT_SEED)
        tally = RightCounts()
        for _ in range(clips):
            clip = draw_grown(rng)
            frames = clip.frames
            if strength:
                damage = np.random.default_rng(clip.spec.seed)
                frames = as_frames(degrade(as_unit(frames), damage, strength))
            score(judge.judge(frames), clip, tally)
        card[name] = tally.rates()
    return card


def score(found: GrownJudgement, clip: GrownClip, tally: RightCounts) -> None:
    """Count what a judgement has right of a drawn clip."""
    tally.add("place", alike(found.place, clip.spec.place, SAME_PLACES))
    tally.add("as many figures", len(found.sightings) == len(clip.spec.actors))
    for row, actor in enumerate(clip.spec.actors):
        if not seen_throughout(clip.boxes[row]):
            continue
        seen = _at(found, clip.boxes[row])
        tally.add("found", seen is not None)
        tally.add("kind", seen is not None and seen.kind == actor.character)
        if seen is None or seen.kind != actor.character:
            continue
        said = look_of(actor)
        for name, value in said.items():
            tally.add(f"look: {name}", seen.look[name] == value)
        tally.add("look: all", all(seen.look[n] == v for n, v in said.items()))
        tally.add("motion", alike(seen.motion, actor.motion, SAME_MOTIONS))
        tally.add(f"motion: {actor.motion}", alike(seen.motion, actor.motion, SAME_MOTIONS))
        if actor.motion in ("talk", "listen"):
            other = "listen" if actor.motion == "talk" else "talk"
            chances = seen.motion_chances
            tally.add("talk or listen", chances[actor.motion] > chances[other])


def _at(found: GrownJudgement, truth: NDArray[np.float32]) -> GrownSighting | None:
    """Return the sighting that overlaps true boxes [T, 4] best, None where none does enough."""
    boxes = [
        Box(*row.tolist()) if row[2] > row[0] else None for row in truth[list(found.looked_at)]
    ]
    best = max(found.sightings, key=lambda s: mean_iou(boxes, s.boxes), default=None)
    return best if best is not None and mean_iou(boxes, best.boxes) >= FOUND else None
