"""The storybook critic and its world's words -> the ports that the checks are computed from.

It knows the drawn world alone. Of anybody and anything that this world lacks it measures nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ...engine.storybook.capabilities import SYNONYMS
from ...engine.storybook.critic import sentences
from ...engine.storybook.critic.model import Critic, load_critic, read_card
from ...engine.storybook.critic.person_words import ANYBODY
from ...engine.storybook.critic.sentences import CaptionDeed
from ...engine.storybook.critic.viewing import HEIGHT_PX, CriticView
from ...engine.storybook.weights import FOLDER
from ...engine.storybook.world.additions import ALL_MOTIONS, ALL_PLACES
from ...engine.storybook.world.people import PERSON, look_in
from ...engine.storybook.world.vocabulary import CHARACTERS
from ...plan import Beat, Entity, ShotPlan
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
)

HALF_FILLED = 0.18  # the part of a box that a person fills, from which one is likelier than none
RESTING = ("stand", "sleep", "sit", "listen")  # motions that may look like a still picture
# What people look like and do is told too seldom to bind: docs/decisions/0062-people-are-there.md.
PEOPLE = "the critic tells that a person is there, and neither who it is nor what it does"
TURNING = ("somersault",)  # motions that turn a whole figure over
# Motions that lay a figure down. Of right ones of the drawn world many are taken for another
# animal: `benchmarks/critic_postures.py`.
LYING = ("sleep",)


def load_embedded(folder: Path = FOLDER) -> CriticSetup:
    """Return the storybook critic, ready to look.

    Raises:
        WeightsError: its weights or its card are missing.
    """
    card = CriticCard.read(read_card(folder))
    return CriticSetup(embedded_ports(load_critic(folder)), card, height_px=HEIGHT_PX)


def embedded_ports(critic: Critic) -> CriticPorts:
    """Return the storybook critic behind the ports."""
    eyes = StorybookEyes(critic)
    return CriticPorts(eyes, eyes, eyes, WorldWording())


class StorybookEyes:
    """One small network that finds, compares and recognises in the drawn world."""

    def __init__(self, critic: Critic) -> None:
        self._critic = critic
        self._last: tuple[SampledFrames, CriticView] | None = None

    def find(self, footage: SampledFrames, targets: Sequence[Target]) -> Sequence[FoundTrack]:
        """Return the box of what fits each text best in each frame."""
        tracks = self._view(footage).find([target.text for target in targets])
        return [FoundTrack(t, tuple(0.0 if box is None else 1.0 for box in t)) for t in tracks]

    def pictures(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [n, K]: how likely each text is in each frame that is looked at."""
        view = self._view(region.footage)
        if region.boxes is None:
            return view.whole_pictures(texts, region.hidden).numpy()
        chances = view.close_pictures(texts, region.boxes).numpy()
        if texts and texts[0] == ANYBODY:
            return _by_place(chances, view.filled(ANYBODY, region.boxes).numpy())
        return chances

    def movement(self, region: Region, texts: Sequence[str]) -> Chances:
        """Return [K]: how likely each text is of the frames as one movement."""
        view = self._view(region.footage)
        if region.hidden:
            every = range(len(region.footage.numbers))
            spare = region.spare or (None,) * len(region.footage.numbers)
            view = view.part(every, region.hidden, spare)
        boxes = [box for box in region.boxes or () if box is not None]
        return view.movement(texts, boxes).numpy()

    def alike(self, pictures: Sequence[Picture], references: Sequence[Picture]) -> Likeness:
        """Return [n, m]: the cosine of each picture with each reference."""
        one, other = (
            torch.stack([CriticView(self._critic, picture[None]).frame(0) for picture in group])
            for group in (pictures, references)
        )
        likeness: Likeness = (one @ other.T).numpy().astype(np.float32)
        return likeness

    def _view(self, footage: SampledFrames) -> CriticView:
        if self._last is None or self._last[0] is not footage:
            self._last = footage, CriticView(self._critic, footage.frames)
        return self._last[1]


def _by_place(chances: Chances, filled: NDArray[np.floating]) -> Chances:
    """Return chances [n, K] whose first is of a person: as likely as a person fills each box [n].

    Close up, a white beard was taken for a fox; where a person is, the finder tells of all
    (docs/decisions/0084-people-are-found.md). The others keep their shares of the rest.
    """
    present = (filled / (filled + HALF_FILLED))[:, None]
    rest = chances[:, 1:] / chances[:, 1:].sum(1, keepdims=True).clip(min=1e-9)
    told: Chances = np.concatenate([present, (1 - present) * rest], 1).astype(chances.dtype)
    return told


class WorldWording:
    """The sentences that the storybook critic was trained on."""

    def target(self, entity: Entity) -> str:
        """Return "a red fox".

        Raises:
            NotMeasurable: it is a person. That somebody is there can be told (`kind`).
        """
        if entity.character == PERSON:
            raise NotMeasurable(PEOPLE)
        return sentences.subject(*self._named(entity))

    def absent(self, shot: ShotPlan, name: str) -> Entity:
        """Return an animal of the world as an entity, by its own name."""
        if name.lower() not in CHARACTERS:
            raise NotMeasurable(f"nothing says what {name} looks like")
        return Entity(id=name, look=name.lower(), prompt="", character=name.lower())

    def kind(self, entity: Entity) -> Contest:
        """Compare an animal in any colour, or anybody, with the others, a blob, and nothing."""
        character, _ = self._named(entity)
        wrong = sentences.other_subjects(character, None, {})
        return Contest(sentences.subject(character, None), tuple(wrong))

    def identity(self, entity: Entity) -> Contest:
        """Compare a figure with the animals, a blob, nothing, and those who look nearly so."""
        character, color = self._named(entity)
        colors: dict[str, str | None] = {c: a.colourways[0] for c, a in CHARACTERS.items()}
        wrong = sentences.other_subjects(character, color, colors)
        return Contest(sentences.subject(character, color), tuple(wrong))

    def motion(self, entity: Entity, beat: Beat) -> Contest:
        """Compare a motion with every other one, and where it travels with the other way."""
        said = CaptionDeed(*self._named(entity), self._motion(beat), beat.facing)
        if not ALL_MOTIONS[said.motion].travels:
            said = replace(said, facing=None)
        return Contest(sentences.deed(said), tuple(sentences.other_motions(said)))

    def place(self, shot: ShotPlan) -> Contest:
        """Compare a place of the world with all others, without light and weather."""
        where = self._place(shot)
        return Contest(sentences.bare_view(where), tuple(sentences.other_bare_views(where)))

    def whole(self, shot: ShotPlan) -> Contest:
        """Compare a sentence about everybody and the place with others."""
        if any(entity.character == PERSON for entity in shot.entities):
            raise NotMeasurable(PEOPLE)
        deeds = [self._deed(shot, entity) for entity in shot.entities]
        where = self._place(shot)
        wrong = [sentences.whole(*other) for other in sentences.altered(deeds, where)]
        return Contest(sentences.whole(deeds, where), tuple(wrong))

    def rests(self, beat: Beat) -> bool:
        """Say whether a beat may look like a still picture."""
        return _motion_id(beat.motion) in RESTING

    def turns(self, beat: Beat) -> bool:
        """Say whether a beat turns the whole figure over."""
        return _motion_id(beat.motion) in TURNING

    def doubt(self, beat: Beat, rival: str) -> str:
        """Say that who lies down is hard to tell from another animal, if not from none."""
        lies = SYNONYMS.get(beat.motion, beat.motion) in LYING
        figure = not rival.startswith("a shapeless ") and rival != sentences.NOTHING
        return "one who lies down is often taken for another animal" if lies and figure else ""

    def _deed(self, shot: ShotPlan, entity: Entity) -> CaptionDeed:
        beat = shot.beat(entity.id)
        name = self._motion(beat) if beat else "stand"
        return CaptionDeed(*self._named(entity), name, beat.facing if beat else None)

    @staticmethod
    def _named(entity: Entity) -> tuple[str, str | None]:
        if entity.character is None:
            raise NotMeasurable(f"storybook cannot draw {entity.look}")
        if entity.character == PERSON:
            look = look_in(entity.color or "") or look_in(entity.prompt)
            if look is None:
                raise NotMeasurable(f"nothing says how {entity.id} looks in the world's words")
            return PERSON, str(look)
        if entity.character not in CHARACTERS:
            raise NotMeasurable(f"the critic was never taught {entity.look}")
        return entity.character, entity.color

    @staticmethod
    def _motion(beat: Beat) -> str:
        name = _motion_id(beat.motion)
        if name not in ALL_MOTIONS:
            raise NotMeasurable(f'the critic was never shown "{beat.motion}"')
        return name

    @staticmethod
    def _place(shot: ShotPlan) -> str:
        if shot.place_id is None:
            raise NotMeasurable(f"storybook has no place such as {shot.place}")
        if shot.place_id not in ALL_PLACES:
            raise NotMeasurable(f"the critic was never taught {shot.background}")
        return shot.place_id


def _motion_id(motion: str) -> str:
    """Return a motion's id in the world, where another word may stand for it."""
    return motion if motion in ALL_MOTIONS else SYNONYMS.get(motion, motion)
