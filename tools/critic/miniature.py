"""The miniature's critic and its world's words -> the ports that the checks are computed from.

A text of that world says who, in which colour, doing what, where. What the critic sees of these is
turned into how likely each text is, were one of several true; what no text says costs none of them
anything. It measures nothing of anybody that this world lacks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...engine.miniature.capabilities import SYNONYMS
from ...engine.miniature.captions import PLACE_NOUNS, VERBS, article
from ...engine.miniature.critic import (
    COLUMNS,
    NOBODY,
    ROWS,
    SHAPELESS,
    WEIGHTS,
    FrameSight,
    MiniatureCritic,
    cover,
    crop,
    read_card,
    token_middles,
    unit,
)
from ...engine.miniature.world import CHARACTERS, COLOURS, FRAMES, HEIGHT, MOTIONS, PLACES
from ...plan import Beat, Entity, ShotPlan
from ...story import Box
from .card import CriticCard
from .measure import CriticSetup
from .ports import (
    Chances,
    Contest,
    CriticPorts,
    FoundTrack,
    Likeness,
    NotMeasurable,
    Picture,
    Region,
    SampledFrames,
    Target,
    Track,
)

EMPTY, BLUR = "nobody", "something shapeless"
_BETWEEN = re.compile(r" and (?=an? )")  # two figures, and not "to and fro"
_SEEN = 0.4  # how likely a target must be where it is found
_LEAST = 1e-4  # how likely anything is at least, so that one frame decides nothing alone


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of one figure: indices, None for what it leaves open."""

    who: int | None = None
    colour: int | None = None
    motion: int | None = None


@dataclass(frozen=True, slots=True)
class SaidText:
    """What a text of the miniature's world says."""

    figures: tuple[Said, ...] = ()
    place: int | None = None


def read_text(text: str) -> SaidText:
    """Read a text of the world: its figures in order, and its place."""
    place = next((i for i, p in enumerate(PLACES) if text.endswith(PLACE_NOUNS[p])), None)
    parts = [] if text in PLACE_NOUNS.values() else _BETWEEN.split(text)
    figures = [figure for part in parts if (figure := _read_figure(part)) is not None]
    return SaidText(tuple(figures), place)


def _read_figure(part: str) -> Said | None:
    """Read "a red owl bows"; None where nobody is named."""
    if part.startswith(EMPTY):
        return Said(NOBODY)
    if part.startswith(BLUR):
        return Said(SHAPELESS)
    words = part.split()
    who = next((i for i, name in enumerate(CHARACTERS) if name in words), None)
    if who is None:
        return None
    colour = next((i for i, name in enumerate(COLOURS) if name in words), None)
    motion = next((i for i, m in enumerate(MOTIONS) if f" {VERBS[m][0]}" in part), None)
    return Said(who, colour, motion)


class MiniatureEyes:
    """Two small networks that find, compare and recognise in the miniature's world."""

    def __init__(self, critic: MiniatureCritic) -> None:
        self._critic = critic
        self._last: tuple[SampledFrames, Tensor, FrameSight] | None = None

    def find(self, footage: SampledFrames, targets: Sequence[Target]) -> Sequence[FoundTrack]:
        """Return the box of what fits each text best in each frame."""
        _, sight = self._seen(footage)
        return [self._track(sight, read_text(target.text)) for target in targets]

    @torch.inference_mode()
    def pictures(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [n, K]: how likely each text is in each frame that is looked at."""
        said = [read_text(text) for text in texts]
        frames, sight = self._seen(region.footage)
        if region.boxes is None:
            hidden = _numbers(region.hidden, len(frames))
            place = self._critic.viewer(cover(frames, hidden)).place.log_softmax(-1)
            return _chances(place[:, [_place_of(one) for one in said]])
        rows = []
        for at, box in enumerate(region.boxes):
            if box is not None:
                who, colour = _within(sight, at, box)
                rows.append(torch.stack([_likely(one, who, colour) for one in said]))
        return _chances(torch.stack(rows))

    @torch.inference_mode()
    def movement(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [K]: how likely each text is of the frames as one movement."""
        said = [read_text(text) for text in texts]
        frames, sight = self._seen(region.footage)
        if region.boxes is not None:
            motions = self._motions(frames, region.boxes, region.hidden)
            scores = [motions[_motion_of(one)] for one in said]
            return _chances(torch.stack(scores))
        scores = [self._whole(frames, sight, one) for one in said]
        return _chances(torch.stack(scores))

    @torch.inference_mode()
    def alike(self, pictures: Sequence[Picture], references: Sequence[Picture]) -> Likeness:
        """Return [n, m]: the cosine of each picture with each reference."""
        one, other = (
            torch.stack([self._critic.viewer(unit(p[None])).tokens[0] for p in group])
            for group in (pictures, references)
        )
        one, other = (F.normalize(_pooled(tokens), dim=-1) for tokens in (one, other))
        likeness: Likeness = (one @ other.T).numpy().astype(np.float32)
        return likeness

    @torch.inference_mode()
    def _seen(self, footage: SampledFrames) -> tuple[Tensor, FrameSight]:
        if self._last is None or self._last[0] is not footage:
            frames = unit(footage.frames)
            self._last = footage, frames, self._critic.viewer(frames)
        return self._last[1:]

    @staticmethod
    def _track(sight: FrameSight, said: SaidText) -> FoundTrack:
        """Return the boxes of the tokens that fit a text's figure best."""
        figure = said.figures[0]
        if figure.who is None:
            raise NotMeasurable("the text names nobody of the miniature's world")
        likely = sight.who.softmax(-1)[..., figure.who]
        if figure.colour is not None:
            likely = likely * sight.colour.softmax(-1)[..., figure.colour]
        best, at = likely.max(1)
        boxes: list[Box | None] = []
        for frame, (score, token) in enumerate(zip(best.tolist(), at.tolist(), strict=True)):
            near = likely[frame] > 0.5 * score
            near &= (token_middles() - token_middles()[token]).abs().amax(1) < 0.2
            boxes.append(_box(sight.edges[frame, near].mean(0)) if score >= _SEEN else None)
        return FoundTrack(tuple(boxes), tuple(best.tolist()))

    def _motions(self, frames: Tensor, boxes: Track, hidden: Sequence[Track]) -> Tensor:
        """Return log-likelihoods [K] of motions of what is within boxes."""
        there = [box for box in boxes if box is not None]
        if hidden:
            frames = cover(frames, _numbers(hidden, len(frames)))
        x = (min(b.left for b in there) + max(b.right for b in there)) / 2
        y = (min(b.top for b in there) + max(b.bottom for b in there)) / 2
        at = torch.linspace(0, len(frames) - 1, FRAMES).round().long()
        found: Tensor = self._critic.reader(crop(frames[at], x, y)[None])[0].log_softmax(-1)
        return found

    def _whole(self, frames: Tensor, sight: FrameSight, said: SaidText) -> Tensor:
        """Return how likely a sentence about everybody and the place is, in logarithms."""
        total = torch.zeros(())
        if said.place is not None:
            total = total + sight.place.log_softmax(-1).mean(0)[said.place]
        tracks = [self._track(sight, SaidText((figure,))) for figure in said.figures]
        for row, (figure, track) in enumerate(zip(said.figures, tracks, strict=True)):
            total = total + math.log(max(_LEAST, sum(track.scores) / len(track.scores)))
            if figure.motion is None:
                continue
            if not any(track.boxes):
                total = total - math.log(len(MOTIONS))
                continue
            others = [t.boxes for i, t in enumerate(tracks) if i != row]
            total = total + self._motions(frames, track.boxes, others)[figure.motion]
        return total


def _place_of(said: SaidText) -> int:
    if said.place is None:
        raise NotMeasurable("the text names no place of the miniature's world")
    return said.place


def _motion_of(said: SaidText) -> int:
    if not said.figures or said.figures[0].motion is None:
        raise NotMeasurable("the text names no motion of the miniature's world")
    return said.figures[0].motion


def _within(sight: FrameSight, frame: int, box: Box) -> tuple[Tensor, Tensor]:
    """Return log-likelihoods of who is in a box and of its colour: the tokens that show most."""
    middles = token_middles()
    inside = (middles[:, 0] >= box.left) & (middles[:, 0] <= box.right)
    inside &= (middles[:, 1] >= box.top) & (middles[:, 1] <= box.bottom)
    if not inside.any():  # a box between the middles of tokens
        middle = torch.tensor([(box.left + box.right) / 2, (box.top + box.bottom) / 2])
        inside[(middles - middle).abs().sum(1).argmin()] = True
    who, colour = sight.who[frame, inside].softmax(-1), sight.colour[frame, inside].softmax(-1)
    shown = (1 - who[:, NOBODY]).topk(min(2, len(who))).indices
    return who[shown].mean(0).clamp(min=_LEAST).log(), colour[shown].mean(0).clamp(_LEAST).log()


def _likely(said: SaidText, who: Tensor, colour: Tensor) -> Tensor:
    figure = said.figures[0]
    if figure.who is None:
        raise NotMeasurable("the text names nobody of the miniature's world")
    found = who[figure.who]
    return found if figure.colour is None else found + colour[figure.colour]


def _pooled(tokens: Tensor) -> Tensor:
    """Pool tokens [n, N, D] to a grid of two by three, flat."""
    grid = tokens.unflatten(1, (ROWS, COLUMNS)).permute(0, 3, 1, 2)
    return F.adaptive_avg_pool2d(grid, (2, 3)).flatten(1)


def _chances(logs: Tensor) -> Chances:
    found: Chances = logs.softmax(-1).numpy().astype(np.float32)
    return found


def _numbers(tracks: Sequence[Track], frames: int) -> Tensor:
    """Return boxes as [A, T, 4]; where there is none it is empty."""
    rows = [[[b.left, b.top, b.right, b.bottom] if b else [2.0, 2.0, 0.0, 0.0] for b in t]
            for t in tracks]  # fmt: skip
    return torch.tensor(rows).reshape(-1, frames, 4)


def _box(edges: Tensor) -> Box | None:
    left, top, right, bottom = edges.clamp(0, 1).tolist()
    return Box(left, top, right, bottom) if right > left and bottom > top else None


class MiniatureWording:
    """The sentences of the miniature's world."""

    def target(self, entity: Entity) -> str:
        """Return "a red fox"."""
        character, colour = self._named(entity)
        return article(f"{colour} {character}" if colour else character)

    def absent(self, shot: ShotPlan, name: str) -> Entity:
        """Return an animal of the world as an entity, by its own name."""
        if name.lower() not in CHARACTERS:
            raise NotMeasurable(f"nothing says what {name} looks like")
        return Entity(id=name, look=name.lower(), prompt="", character=name.lower())

    def kind(self, entity: Entity) -> Contest:
        """Compare an animal in any colour with the others, something shapeless, and nobody."""
        character, _ = self._named(entity)
        others = tuple(article(name) for name in CHARACTERS if name != character)
        return Contest(article(character), (*others, BLUR, EMPTY))

    def identity(self, entity: Entity) -> Contest:
        """Compare an animal in its colour with its other colours, other animals, and nobody."""
        character, colour = self._named(entity)
        if colour is None:
            return self.kind(entity)
        wrong = [article(f"{other} {character}") for other in COLOURS if other != colour]
        wrong += [article(f"{colour} {name}") for name in CHARACTERS if name != character]
        return Contest(self.target(entity), (*wrong, BLUR, EMPTY))

    def motion(self, entity: Entity, beat: Beat) -> Contest:
        """Compare a motion with every other one, and a walk with one the other way."""
        who, right = self.target(entity), motion_of(beat)
        wrong = tuple(f"{who} {VERBS[m][0]}" for m in MOTIONS if m != right)
        return Contest(f"{who} {VERBS[right][0]}", wrong)

    def place(self, shot: ShotPlan) -> Contest:
        """Compare a place of the world with all others."""
        where = self._place(shot)
        return Contest(PLACE_NOUNS[where], tuple(PLACE_NOUNS[p] for p in PLACES if p != where))

    def whole(self, shot: ShotPlan) -> Contest:
        """Compare a sentence about everybody and the place with some that differ in one thing."""
        where, deeds = self._place(shot), [self._deed(shot, e) for e in shot.entities]

        def sentence(deeds: Sequence[str], place: str) -> str:
            return ", ".join(filter(None, [" and ".join(deeds), PLACE_NOUNS[place]]))

        wrong = [sentence(deeds, p) for p in PLACES if p != where]
        for row, entity in enumerate(shot.entities):
            for other in self._altered(shot, entity):
                wrong.append(sentence([*deeds[:row], other, *deeds[row + 1 :]], where))
        return Contest(sentence(deeds, where), tuple(wrong))

    def _altered(self, shot: ShotPlan, entity: Entity) -> list[str]:
        """Return deeds of one entity with another animal, another colour, or another motion."""
        beat = shot.beat(entity.id)
        character, colour = self._named(entity)
        taken = {e.character for e in shot.entities}
        others = [
            entity.model_copy(update={"character": name})
            for name in CHARACTERS if name not in taken
        ]  # fmt: skip
        if colour is not None:
            others += [
                entity.model_copy(update={"color": other}) for other in COLOURS if other != colour
            ]
        found = [self._deed(shot, other) for other in others]
        if beat is not None:
            motions = [m for m in MOTIONS if m != motion_of(beat)]
            found += [f"{self.target(entity)} {VERBS[motion][0]}" for motion in motions]
        return found

    def rests(self, beat: Beat) -> bool:
        """Say whether a beat may look like a still picture."""
        return SYNONYMS.get(beat.motion, beat.motion) == "stand"

    def turns(self, beat: Beat) -> bool:
        """Say that no motion of this world turns a figure over."""
        return False

    def doubt(self, beat: Beat, rival: str) -> str:
        """Return nothing: no deed of this world hides who does it."""
        return ""

    def _deed(self, shot: ShotPlan, entity: Entity) -> str:
        beat = shot.beat(entity.id)
        return f"{self.target(entity)} {VERBS[motion_of(beat) if beat else 'stand'][0]}"

    @staticmethod
    def _named(entity: Entity) -> tuple[str, str | None]:
        if entity.character not in CHARACTERS:
            raise NotMeasurable(f"the miniature cannot draw {entity.look}")
        return entity.character, entity.color

    @staticmethod
    def _place(shot: ShotPlan) -> str:
        if shot.place_id not in PLACES:
            raise NotMeasurable(f"the miniature has no place such as {shot.place}")
        return shot.place_id


def motion_of(beat: Beat) -> str:
    """Return the world's own motion of a beat; a walk has a way.

    Raises:
        NotMeasurable: the world has none such.
    """
    name = SYNONYMS.get(beat.motion, beat.motion)
    if name == "walk":
        return f"walk {beat.facing}"
    if name not in MOTIONS:
        raise NotMeasurable(f'the critic was never shown "{beat.motion}"')
    return name


def miniature_ports(critic: MiniatureCritic) -> CriticPorts:
    """Return the miniature's critic behind the ports."""
    eyes = MiniatureEyes(critic)
    return CriticPorts(eyes, eyes, eyes, MiniatureWording())


def load_miniature(weights: Path = WEIGHTS) -> CriticSetup:
    """Return the miniature's critic, ready to look.

    Raises:
        WeightsError: its weights or its card are missing.
    """
    card = CriticCard.read(read_card(weights))
    return CriticSetup(miniature_ports(MiniatureCritic.load(weights)), card, height_px=HEIGHT)
