"""What a page says that somebody does, and where it puts them: the records of a reading."""

from __future__ import annotations

from dataclasses import dataclass, field

from .lexicon import Direction, Path


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
