"""Kinds of figures beside animals and people -> what each can do, its colours, its size.

Each has the colours that garments have, since it is painted by parts and a part is filled with any
colour. Motions are data: a fish swims, a car rolls, and `instead` says what stands for the rest.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .figures.builds import Paint
from .people import table
from .vocabulary import Motion

_PALE = 0.62  # how much of white is in the lightest part of a figure


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of figure; `thing` says that it is nobody, and is filmed where a story declares it.

    `size` is its height beside a grown person, `instead` a motion that it has not -> one it has.
    """

    id: str
    colours: tuple[str, ...]
    nouns: tuple[str, ...]
    size: float
    motions: tuple[str, ...]
    instead: Mapping[str, str]
    accent: str
    thing: bool = False

    def motion(self, asked: str) -> str:
        """Return the motion that it is drawn in where one is asked for."""
        meant = asked if asked in self.motions else self.instead.get(asked, "stand")
        return meant if meant in self.motions else "stand"


@lru_cache(maxsize=1)
def _read() -> Mapping[str, Any]:  # tables of words, as they stand in the file
    return tomllib.loads((Path(__file__).parent / "others.toml").read_text())


@lru_cache(maxsize=1)
def own_motions() -> Mapping[str, Motion]:
    """Return the motions that none but these kinds are drawn in."""
    return {
        name: Motion(name, (f"{name}s",), (said["gerund"],), travels=True)
        for name, said in _read()["words"].items()
    }


@lru_cache(maxsize=1)
def verbs() -> Mapping[str, tuple[str, ...]]:
    """Return, for each of these motions, the verbs that mean it."""
    return {name: tuple(said["verbs"].split()) for name, said in _read()["words"].items()}


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """Return all kinds by their ids."""
    known = table().colours
    return {
        name: Kind(
            id=name,
            colours=(said["colour"], *(c for c in known if c != said["colour"])),
            nouns=tuple(said["nouns"]),
            size=said["size"],
            motions=tuple(said["motions"]),
            instead=_read()["instead"] | said["instead"],
            accent=said["accent"],
            thing=said.get("thing", False),
        )
        for name, said in _read()["kinds"].items()
    }


def is_other(character: str, colour: str) -> bool:
    """Say whether a character in a colour is one of these kinds."""
    kind = kinds().get(character)
    return kind is not None and colour in kind.colours


@lru_cache(maxsize=256)
def paint_of(character: str, colour: str) -> Paint:
    """Return the colours of a kind in one of its colours."""
    coat, shade = table().paint[colour]
    accent = kinds()[character].accent
    return Paint(coat, shade, _paler(coat), shade if accent == "shade" else accent)


def _paler(colour: str) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(p + (255 - p) * _PALE):02X}" for p in parts)
