"""Frames of an answer -> what was right, by the miniature's judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from dreamrunner.engine.miniature.judge import LOOKED_AT, MiniatureJudge
from dreamrunner.engine.miniature.world import FRAMES, HEIGHT, WIDTH, Figure, WorldScene, draw

from .arms import Asked

WHOLE = np.tile(np.array([0, 0, 1, 1], np.float32), (FRAMES, 1))
LEFT = np.tile(np.array([0, 0, 0.5, 1], np.float32), (FRAMES, 1))
RIGHT = np.tile(np.array([0.5, 0, 1, 1], np.float32), (FRAMES, 1))


@dataclass(frozen=True, slots=True)
class Scored:
    """What was right in one clip; lists are of its figures."""

    id: str
    seed: int
    figure: list[bool]  # the right animal in its box
    colour: list[bool]  # and that in the right colour
    shown: list[bool]  # the right animal in the right colour anywhere
    motion: list[bool]  # by crops that follow the planned boxes
    moved: list[bool]  # by crops that stand still
    path: list[float]  # distance of the found from the planned middle, in parts of the frame
    place: bool
    halves: bool  # of pairs: both figures, in their colours, each in its half

    def plain(self) -> dict[str, object]:
        """Return it as plain values."""
        return asdict(self)


def score(judge: MiniatureJudge, asked: Asked, seed: int, frames: NDArray[np.uint8]) -> Scored:
    """Score one answer."""
    wanted, boxes = asked.wanted, asked.boxes
    inside = judge.found(frames, list(boxes))
    left, right, anywhere = judge.found(frames, [LEFT, RIGHT, WHOLE])
    figure = [s.character == one.character for s, one in zip(inside, wanted, strict=True)]
    colour = [
        named and s.colour == one.colour
        for named, s, one in zip(figure, inside, wanted, strict=True)
    ]
    middles = [(b[LOOKED_AT, :2] + b[LOOKED_AT, 2:]).mean(0) / 2 for b in boxes]
    path = [float(np.hypot(s.x - x, s.y - y)) for s, (x, y) in zip(inside, middles, strict=True)]
    seen = [(s.character, s.colour) for s in (*inside, left, right, anywhere)]
    shown = [(one.character, one.colour) in seen for one in wanted]
    motion = [judge.motion(frames, b) == one.motion for b, one in zip(boxes, wanted, strict=True)]
    moved = [
        judge.motion_in_place(frames, b) == one.motion for b, one in zip(boxes, wanted, strict=True)
    ]
    halves = False
    if len(wanted) == 2:
        first = 0 if middles[0][0] < middles[1][0] else 1
        sides = (wanted[first], wanted[1 - first])
        halves = all(
            (s.character, s.colour) == (one.character, one.colour)
            for s, one in zip((left, right), sides, strict=True)
        )
    place = judge.place(frames) == asked.scene.place
    return Scored(asked.id, seed, figure, colour, shown, motion, moved, path, place, halves)


def dragged(asked: Asked) -> NDArray[np.uint8]:
    """Return the floor of motion: standing cut-outs, drawn at once and moved with their boxes."""
    frames = []
    for at in range(FRAMES):
        figures = []
        for figure, boxes in zip(asked.wanted, asked.boxes, strict=True):
            shift = (boxes[at] - boxes[0])[[0, 3]] * [WIDTH, HEIGHT]
            still = Figure(
                figure.character, figure.colour,
                "walk left" if figure.motion == "walk left" else "stand",
                figure.x + round(float(shift[0])), figure.ground + round(float(shift[1])),
            )  # fmt: skip
            figures.append(still)
        scene = WorldScene(asked.scene.place, tuple(figures))
        frames.append(draw(scene).frames[6])  # in the middle of a stride, or simply standing
    return np.stack(frames)


def rates(scored: Sequence[Scored]) -> dict[str, list[bool]]:
    """Return what held, measure by measure; figures one by one, clips one by one."""
    found = {
        "figure in its box": [x for s in scored for x in s.figure],
        "and in its colour": [x for s in scored for x in s.colour],
        "figure anywhere": [x for s in scored for x in s.shown],
        "motion": [x for s in scored for x in s.motion],
        "motion in place": [x for s in scored for x in s.moved],
        "place": [s.place for s in scored],
    }
    pairs = [s.halves for s in scored if len(s.figure) == 2]
    more = [all(s.colour) for s in scored if len(s.figure) > 2]
    found |= {"pairs in their halves": pairs} if pairs else {}
    return found | ({"all in their boxes": more} if more else {})
