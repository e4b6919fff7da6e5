"""The storybook world's nouns and verbs -> plain tables, with what training never sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Facing = Literal["left", "right"]
FACINGS: tuple[Facing, Facing] = ("left", "right")


@dataclass(frozen=True)
class Character:
    """One animal. The first colourway is its default; `aspect` is width / height standing."""

    id: str
    colourways: tuple[str, str]
    aspect: float
    nouns: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """One setting. `phrases` follow the action ("on a sunny meadow"), `views` stand alone."""

    id: str
    phrases: tuple[str, ...]
    views: tuple[str, ...]


@dataclass(frozen=True)
class Motion:
    """One thing a character does; `travels` says whether a direction belongs to its verb."""

    id: str
    finite: tuple[str, ...]
    gerund: tuple[str, ...]
    travels: bool = False


@dataclass(frozen=True)
class Split:
    """What scenes may hold; with a focus, every scene's first drawn actor carries it."""

    name: str
    characters: tuple[str, ...]
    motions: tuple[str, ...]
    focus_character: str | None = None
    focus_motion: str | None = None


CHARACTERS: dict[str, Character] = {
    c.id: c
    for c in (
        Character("fox", ("red", "grey"), 0.88, ("fox", "little fox")),
        Character("owl", ("purple", "brown"), 0.78, ("owl", "little owl")),
        Character("bear", ("brown", "honey"), 0.77, ("bear", "big bear")),
        Character("rabbit", ("white", "pink"), 0.55, ("rabbit", "bunny")),
        Character("frog", ("green", "blue"), 0.98, ("frog", "little frog")),
        Character("cat", ("black", "orange"), 0.91, ("cat", "little cat")),
        Character("penguin", ("navy", "teal"), 0.74, ("penguin", "little penguin")),
        Character("pig", ("pink", "lilac"), 0.80, ("pig", "little pig")),
        Character("lion", ("yellow", "white"), 0.97, ("lion", "little lion")),
    )
}

PLACES: dict[str, Place] = {
    p.id: p
    for p in (
        Place(
            "meadow",
            ("on a sunny meadow", "in a green field", "on a grassy meadow", "among green hills"),
            ("a sunny meadow", "a green field with low hills", "a grassy meadow with a round tree"),
        ),
        Place(
            "beach",
            ("on a beach", "at the seaside", "on a sandy beach", "by the sea"),
            ("a sandy beach", "the seaside, a sandy beach under a blue sky", "a beach by the sea"),
        ),
        Place(
            "snow",
            ("in the snow", "on a snowy hill", "in a winter landscape", "on snowy ground"),
            ("a snowy landscape", "snowy hills in winter", "winter, white snow and fir trees"),
        ),
        Place(
            "forest",
            ("in a forest at night", "in the moonlit forest", "in the woods under the moon"),
            ("a forest at night", "a moonlit forest", "night in the woods, tall trees, a moon"),
        ),
        Place(
            "desert",
            ("in the desert", "among sand dunes", "in a hot desert", "on desert sand"),
            ("a desert", "a hot desert with a cactus", "sand dunes under a pale sky"),
        ),
        Place(
            "town",
            ("in a town", "on a street", "in front of little houses", "in a small town"),
            ("a town street", "a small town with plain houses", "a street, a row of little houses"),
        ),
    )
}

MOTIONS: dict[str, Motion] = {
    m.id: m
    for m in (
        Motion(
            "stand",
            ("stands still", "stands", "waits"),
            ("standing still", "standing", "waiting"),
        ),
        Motion(
            "walk",
            ("walks", "strolls", "wanders"),
            ("walking", "strolling", "wandering"),
            travels=True,
        ),
        Motion(
            "hop",
            ("hops", "hops along", "bounces along"),
            ("hopping", "hopping along", "bouncing along"),
            travels=True,
        ),
        Motion(
            "jump",
            ("jumps", "jumps up and down", "leaps in the air"),
            ("jumping", "jumping up and down", "leaping in the air"),
        ),
        Motion(
            "fly",
            ("flies up", "flies up into the sky", "rises into the air"),
            ("flying up", "flying up into the sky", "rising into the air"),
        ),
        Motion(
            "land",
            ("lands", "comes down from the sky", "lands on the ground"),
            ("landing", "coming down from the sky", "landing on the ground"),
        ),
        Motion(
            "bow",
            ("bows", "takes a bow", "leans forward and bows"),
            ("bowing", "taking a bow", "leaning forward and bowing"),
        ),
        Motion(
            "sleep",
            ("sleeps", "lies asleep", "sleeps on the ground"),
            ("sleeping", "lying asleep", "sleeping on the ground"),
        ),
        Motion(
            "spin",
            ("spins", "spins round and round", "twirls around"),
            ("spinning", "spinning round and round", "twirling around"),
        ),
        Motion(
            "somersault",
            ("does a somersault", "turns a somersault", "flips head over heels"),
            ("doing a somersault", "turning a somersault", "flipping head over heels"),
        ),
    )
}

HELD_OUT_CHARACTERS: tuple[str, ...] = ("lion",)
HELD_OUT_MOTIONS: tuple[str, ...] = ("spin", "somersault")

BASE_CHARACTERS: tuple[str, ...] = tuple(c for c in CHARACTERS if c not in HELD_OUT_CHARACTERS)
BASE_MOTIONS: tuple[str, ...] = tuple(m for m in MOTIONS if m not in HELD_OUT_MOTIONS)

# "base" trains the model; each held-out name has a library split that always shows it, beside
# only base material, so that one addition can be learnt without the others leaking in.
SPLITS: dict[str, Split] = {
    s.name: s
    for s in (
        Split("base", BASE_CHARACTERS, BASE_MOTIONS),
        *(
            Split(c, (*BASE_CHARACTERS, c), BASE_MOTIONS, focus_character=c)
            for c in HELD_OUT_CHARACTERS
        ),
        *(Split(m, BASE_CHARACTERS, (*BASE_MOTIONS, m), focus_motion=m) for m in HELD_OUT_MOTIONS),
        Split("library", tuple(CHARACTERS), tuple(MOTIONS)),
    )
}
