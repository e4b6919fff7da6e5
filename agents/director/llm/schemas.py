"""The forms of a language model's answers: one for each of the two levels of a plan.

Every field is required and no other is allowed, as strict endpoints want it, so that nothing is
guessed. Numbers and names are checked against the story afterwards, by `coarse` and `fine`.
"""

from __future__ import annotations

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from ..reading.lexicon import Bond


class Form(BaseModel):
    """A part of an answer: frozen, with no unknown field and no number that is not finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


FormT = TypeVar("FormT", bound=Form)


class DeedForm(Form):
    """What one entity does in one shot."""

    entity: str
    motion: str
    direction: Literal["left", "right", "up", "down", "none"]
    manner: str


class MomentForm(Form):
    """One shot of a paragraph: each entity in the frame with its one deed."""

    deeds: tuple[DeedForm, ...]


class RelationForm(Form):
    """Where one entity is to another; `third` is the far side of "between", else empty."""

    subject: str
    relation: Bond
    other: str
    third: str


class ParagraphForm(Form):
    """The shots of one paragraph, and who is mentioned or heard but not seen."""

    number: int
    shots: tuple[MomentForm, ...]
    relations: tuple[RelationForm, ...]
    unseen: tuple[str, ...]


class SceneForm(Form):
    scene: str
    paragraphs: tuple[ParagraphForm, ...]


class CarriedForm(Form):
    """What an entity holds and wears when the scenes end."""

    entity: str
    holds: tuple[str, ...]
    wears: str


class CoarseForm(Form):
    """The first level: scenes, shots, motions, and what carries over."""

    reasoning: str
    scenes: tuple[SceneForm, ...]
    carried: tuple[CarriedForm, ...]


class KeyForm(Form):
    """A box at a time of the shot."""

    time_s: float
    left: float
    top: float
    right: float
    bottom: float


class TrackForm(Form):
    """Where one entity is throughout a shot; a smaller depth is nearer to the camera."""

    entity: str
    prompt: str
    depth: int
    keys: tuple[KeyForm, ...]


class ShotForm(Form):
    shot: str
    background: str
    tracks: tuple[TrackForm, ...]


class FineForm(Form):
    """The second level: boxes on keyframes for the shots of one scene."""

    reasoning: str
    shots: tuple[ShotForm, ...]
