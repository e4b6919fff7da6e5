"""Prompt of the grown world + its judge's judgement -> what is right in a clip.

A figure is right where one of its kind is seen with its middle in the planned box half of the time
and every attribute that its words name is read from it; its whole look is right where nothing else
is read either, such as glasses of which no word is said. Two are in their halves where each of
them is on its side, the words of each taken to that figure which they fit best.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dreamrunner.engine.storybook.judge.grown import GrownJudgement, GrownSighting
from dreamrunner.engine.storybook.judge.grown.accuracy import SAME_MOTIONS, SAME_PLACES, alike
from dreamrunner.engine.storybook.judge.grown.samples import read_look
from dreamrunner.engine.storybook.world.additions import framing_in, travels
from dreamrunner.engine.storybook.world.people import PERSON
from dreamrunner.engine.storybook.world.words.phrasing import wear_in
from dreamrunner.story import Box
from storybench.prompts import Prompt, Role

# What goes unsaid in words: of somebody short-haired and grown neither is named.
UNSAID = {
    "age": "grown", "build": "plain", "hair style": "short", "beard": "none", "glasses": "none",
    "headgear": "none", "worn": "none",
}  # fmt: skip
INSIDE = 0.5  # the part of the frames in which a figure's middle must lie in its planned box


@dataclass(frozen=True, slots=True)
class GrownRoleScore:
    """One figure of a prompt.

    Attributes:
        seen: its kind was seen, wherever.
        in_region: its kind was seen with its middle in its planned box, half of the time or more.
        read: attribute -> whether it was read as asked; empty where it was not in its region.
        named: those attributes that its words name.
        motion: it does there what was asked, in the asked direction where the motion travels.
        talks: of one who talks or listens, whether it is told which; None of everybody else.
        own_half: whoever its words fit best is on its side.
        judged: what was read, or the kinds that were seen where it was not.
    """

    character: str
    motion_asked: str
    framing: str
    seen: bool
    in_region: bool
    read: Mapping[str, bool]
    named: tuple[str, ...]
    motion: bool
    talks: bool | None
    own_half: bool
    judged: str

    @property
    def right(self) -> bool:
        """Whether it is in its region with all that its words name."""
        return self.in_region and all(self.read[name] for name in self.named)

    @property
    def whole(self) -> bool:
        """Whether it is in its region, and its whole look is what its words decide."""
        return self.in_region and all(self.read.values())


@dataclass(frozen=True, slots=True)
class GrownScore:
    """One clip; `error` says why there is none, and is empty where there is one."""

    prompt: str
    roles: tuple[GrownRoleScore, ...]
    place: bool
    judged_place: str
    error: str = ""


def score_grown(prompt: Prompt, found: GrownJudgement) -> GrownScore:
    """Compare what was asked with what was seen."""
    roles = tuple(_role(prompt, role, found) for role in prompt.roles)
    return GrownScore(prompt.id, roles, alike(found.place, prompt.place, SAME_PLACES), found.place)


def failed_grown(prompt: Prompt, error: str) -> GrownScore:
    """Return the score of a prompt without a clip: wrong throughout."""
    roles = tuple(_nobody(role, "no clip") for role in prompt.roles)
    return GrownScore(prompt.id, roles, False, "", error)


def exchanged(prompt: Prompt, other: Prompt) -> Prompt:
    """Return a prompt with somebody else doing something else elsewhere, in its own boxes."""
    roles = tuple(
        replace(theirs, boxes=own.boxes, depth=own.depth)
        for own, theirs in zip(prompt.roles, other.roles, strict=True)
    )
    return replace(prompt, place=other.place, roles=roles)


def _role(prompt: Prompt, role: Role, found: GrownJudgement) -> GrownRoleScore:
    seen = [s for s in found.sightings if s.kind == role.character]
    if not seen:
        return _nobody(role, ", ".join(s.kind for s in found.sightings))
    said = _said(role)
    planned = role.boxes[list(found.looked_at)].tolist()
    inside = [s for s in seen if _inside(planned, s.boxes) >= INSIDE]
    # The one of its kind whose boxes fit: which look it has is then read, not chosen.
    here = max(inside, key=lambda s: _overlap(planned, s.boxes), default=None)
    likest = max(seen, key=lambda s: fit(said, s))
    scored = replace(
        _nobody(role, "elsewhere"), seen=True, own_half=_left(likest.boxes) == _left(planned)
    )
    if here is None:
        return scored
    return replace(
        scored, in_region=True, read={n: here.look[n] == value for n, value in said.items()},
        named=tuple(n for n, value in said.items() if UNSAID.get(n) != value),
        motion=_moves(role, here), talks=_talks(role, here),
        judged=f"{here.motion}; " + ", ".join(f"{n} {here.look[n]}" for n in said),
    )  # fmt: skip


def _nobody(role: Role, judged: str) -> GrownRoleScore:
    talks = False if role.motion in ("talk", "listen") and role.character == PERSON else None
    return GrownRoleScore(
        role.character, role.motion, framing_in(role.prompt), False, False, {}, (), False,
        talks, False, judged,
    )  # fmt: skip


def fit(said: Mapping[str, str], sighting: GrownSighting) -> float:
    """Return how likely a look is to be the one that words say: a logarithm."""
    return sum(
        math.log(max(1e-6, sighting.look_chances[name][value])) for name, value in said.items()
    )


def _said(role: Role) -> dict[str, str]:
    worn = wear_in(role.worn or "")
    return read_look(role.character, role.color, worn.item if worn else None)


def _moves(role: Role, seen: GrownSighting) -> bool:
    if not alike(seen.motion, role.motion, SAME_MOTIONS):
        return False
    return not travels(role.motion) or seen.direction == role.facing


def _talks(role: Role, seen: GrownSighting) -> bool | None:
    if role.character != PERSON or role.motion not in ("talk", "listen"):
        return None
    other = "listen" if role.motion == "talk" else "talk"
    return seen.motion_chances[role.motion] > seen.motion_chances[other]


def _inside(planned: Sequence[Sequence[float]], found: Sequence[Box | None]) -> float:
    held = 0
    for (left, top, right, bottom), box in zip(planned, found, strict=True):
        if box is not None:
            x, y = box.center
            held += left <= x <= right and top <= y <= bottom
    return held / len(planned)


def _overlap(planned: Sequence[Sequence[float]], found: Sequence[Box | None]) -> float:
    pairs = zip(planned, found, strict=True)
    return sum(Box(*plan).iou(box) for plan, box in pairs if box is not None) / len(planned)


def _left(boxes: Sequence[Box | None] | Sequence[Sequence[float]]) -> bool:
    """Say whether most of a track's middles lie in the left half of the frame."""
    middles = [
        box.center[0] if isinstance(box, Box) else (box[0] + box[2]) / 2
        for box in boxes
        if box is not None
    ]
    return sum(x < 0.5 for x in middles) > len(middles) / 2
