"""What a page says that somebody does, and where it puts them: the records of a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .complements import EntityRelation
from .lexicon import Direction, Path, Spot


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does. `verb` is as written, `motion` what it amounts to.

    `implied` marks what follows from another's deed: who is chased runs. `near` says that the
    motion is only akin to the verb. `place` is where the paragraph says it, from and to.
    `act` is the one word for all ways to say it, "cry" for "bursts into tears"; `object` is whom or
    what it is done to, an entity's id or a noun; `denied` marks what is said not to be done, and
    then `motion` is what is seen in its place.
    """

    entity: str
    verb: str
    motion: str
    path: Path
    near: bool = False
    direction: Direction | None = None
    detail: str = ""
    implied: bool = False
    place: tuple[int, int] | None = field(default=None, compare=False)
    act: str = ""
    object: str = ""
    denied: bool = False

    @property
    def moves(self) -> bool:
        return self.path not in ("stay", "lie")


@dataclass(frozen=True, slots=True)
class Placing:
    """Where somebody is, beside others or things: `relation` "on" to the noun "piano"."""

    subject: str
    relation: str
    others: tuple[str, ...]


@dataclass(slots=True)
class SentenceReading:
    """What one sentence says; filled as it is read."""

    deeds: list[Deed] = field(default_factory=list)
    ties: list[EntityRelation] = field(default_factory=list)
    placings: list[Placing] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    view: str = ""
    happens: bool = False
    unseen: frozenset[str] = frozenset()
    # Of the unseen, those who are in a picture.
    pictured: frozenset[str] = frozenset()
    # What was done last, by somebody or by nobody of the story: "The crowd laughs. TED doesn't".
    last: Deed | None = None
    # What somebody goes to do, which the next sentence may take back.
    meant: list[Deed] = field(default_factory=list)


def implied(deeds: Sequence[Deed], ties: Sequence[EntityRelation]) -> list[Deed]:
    """Return what others do by it: who is chased runs, who is carried sits."""
    implied: list[Deed] = []
    for deed in deeds:
        for tie in ties:
            if tie.subject == deed.entity and tie.bond == "carry":
                implied.append(Deed(tie.other, "sit", "sit", "stay", implied=True))
            if tie.subject == deed.entity and tie.bond in ("chase", "follow", "lead"):
                path = deed.path if deed.moves else "walk"
                motion = deed.motion if deed.moves else "walk"
                implied.append(
                    Deed(tie.other, motion, motion, path, direction=deed.direction, implied=True)
                )
    return implied
