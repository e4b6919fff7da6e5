"""The storybook world's nouns and verbs -> plain tables, with what training never sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Facing = Literal["left", "right"]
Light = Literal["day", "night"]
Weather = Literal["clear", "rain", "snow"]
FACINGS: tuple[Facing, Facing] = ("left", "right")


@dataclass(frozen=True)
class Character:
    """One animal. The first colourway is its default; `aspect` is width / height standing."""

    id: str
    colourways: tuple[str, str]
    aspect: float
    nouns: tuple[str, ...]


@dataclass(frozen=True)
class Wear:
    """One thing that a figure wears or carries: "a green scarf"."""

    item: str
    colour: str

    def __str__(self) -> str:
        return f"a {self.colour} {self.item}"


@dataclass(frozen=True)
class Place:
    """One setting. `phrases` follow the action ("on a sunny meadow"), `views` stand alone.

    Both tell of the place in its own light and in clear weather; the bare ones tell of neither,
    and take words for light and weather after them.
    """

    id: str
    phrases: tuple[str, ...]
    views: tuple[str, ...]
    bare_phrases: tuple[str, ...]
    bare_views: tuple[str, ...]
    light: Light = "day"
    weathers: tuple[Weather, ...] = ("clear", "rain")


@dataclass(frozen=True)
class Setting:
    """A place in a light and a weather; `light` None is the place's own."""

    place: str
    light: Light | None = None
    weather: Weather = "clear"


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
        Character("dog", ("white", "tan"), 1.05, ("dog", "puppy")),
        Character("mouse", ("grey", "tan"), 1.13, ("mouse", "little mouse")),
        Character("hedgehog", ("brown", "grey"), 1.09, ("hedgehog", "little hedgehog")),
        Character("duck", ("yellow", "white"), 0.83, ("duck", "little duck")),
        Character("sheep", ("white", "black"), 1.01, ("sheep", "woolly sheep")),
        Character("cow", ("white", "brown"), 1.01, ("cow", "big cow")),
        Character("elephant", ("blue", "grey"), 1.35, ("elephant", "big elephant")),
        Character("turtle", ("green", "orange"), 0.99, ("turtle", "tortoise")),
        Character("lion", ("yellow", "white"), 0.97, ("lion", "little lion")),
        Character("deer", ("brown", "cream"), 0.85, ("deer", "little deer")),
    )
}

ACCESSORIES = ("scarf", "hat", "bow", "lantern")
ACCESSORY_COLOURS = ("red", "blue", "green", "yellow")

_OUTDOORS: tuple[Weather, ...] = ("clear", "rain", "snow")

PLACES: dict[str, Place] = {
    p.id: p
    for p in (
        Place(
            "meadow",
            ("on a sunny meadow", "in a green field", "on a grassy meadow", "among green hills"),
            ("a sunny meadow", "a green field with low hills", "a grassy meadow with a round tree"),
            ("on a meadow", "in a green field", "on a grassy meadow"),
            ("a meadow", "a green field with low hills", "a grassy meadow"),
            weathers=_OUTDOORS,
        ),
        Place(
            "beach",
            ("on a beach", "at the seaside", "on a sandy beach", "by the sea"),
            ("a sandy beach", "the seaside, a sandy beach under a blue sky", "a beach by the sea"),
            ("on a beach", "on a sandy beach", "by the sea"),
            ("a sandy beach", "a beach by the sea", "the seaside"),
        ),
        Place(
            "snow",
            ("in the snow", "on a snowy hill", "in a winter landscape", "on snowy ground"),
            ("a snowy landscape", "snowy hills in winter", "winter, white snow and fir trees"),
            ("in the snow", "on a snowy hill", "on snowy ground"),
            ("a snowy landscape", "snowy hills", "a winter landscape"),
            weathers=("clear", "snow"),
        ),
        Place(
            "forest",
            ("in a forest at night", "in the moonlit forest", "in the woods under the moon"),
            ("a forest at night", "a moonlit forest", "night in the woods, tall trees, a moon"),
            ("in a forest", "in the woods", "among tall trees"),
            ("a forest", "the woods, tall trees", "a forest with tall trees"),
            light="night",
            weathers=_OUTDOORS,
        ),
        Place(
            "desert",
            ("in the desert", "among sand dunes", "in a hot desert", "on desert sand"),
            ("a desert", "a hot desert with a cactus", "sand dunes under a pale sky"),
            ("in the desert", "among sand dunes", "on desert sand"),
            ("a desert", "a desert with a cactus", "sand dunes"),
            weathers=("clear",),
        ),
        Place(
            "town",
            ("in a town", "on a street", "in front of little houses", "in a small town"),
            ("a town street", "a small town with plain houses", "a street, a row of little houses"),
            ("in a town", "on a street", "in front of little houses"),
            ("a town street", "a small town", "a row of little houses"),
            weathers=_OUTDOORS,
        ),
        Place(
            "mountain",
            ("in the mountains", "before high mountains", "under snowy peaks", "on a mountain"),
            ("high mountains", "mountains with snowy peaks", "a mountain landscape"),
            ("in the mountains", "before high mountains", "on a mountain"),
            ("high mountains", "a mountain landscape", "mountains"),
            weathers=_OUTDOORS,
        ),
        Place(
            "lake",
            ("by a lake", "at the lake", "on the shore of a lake", "by the blue water"),
            ("a lake", "a blue lake with reeds", "the green shore of a lake"),
            ("by a lake", "at the lake", "on the shore of a lake"),
            ("a lake", "a lake with reeds", "the green shore of a lake"),
        ),
        Place(
            "farm",
            ("on a farm", "at the farm", "in front of a red barn", "in the farmyard"),
            ("a farm", "a farm with a red barn", "a farmyard, a barn and hay"),
            ("on a farm", "at the farm", "in front of a red barn"),
            ("a farm", "a farm with a red barn", "a farmyard"),
            weathers=_OUTDOORS,
        ),
        Place(
            "garden",
            ("in a garden", "among flowers", "in the flower garden", "in front of a hedge"),
            ("a garden", "a garden with big flowers", "a flower garden and a green hedge"),
            ("in a garden", "among flowers", "in the flower garden"),
            ("a garden", "a garden with big flowers", "a flower garden"),
        ),
        Place(
            "room",
            ("in a room", "inside a house", "at home in the living room", "in a cosy room"),
            ("a room", "a room with a window and a rug", "a cosy living room"),
            ("in a room", "inside a house", "in a cosy room"),
            ("a room", "a room with a window", "a cosy living room"),
            weathers=("clear",),
        ),
        Place(
            "cave",
            ("in a cave", "inside a cave", "in a rocky cave", "in a cave with crystals"),
            ("a cave", "a rocky cave with crystals", "the inside of a cave"),
            ("in a cave", "inside a cave", "in a rocky cave"),
            ("a cave", "a rocky cave", "the inside of a cave"),
            weathers=("clear",),
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

HELD_OUT_CHARACTERS: tuple[str, ...] = ("lion", "deer")
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
