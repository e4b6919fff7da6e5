"""The storybook world's nouns and verbs -> plain tables, with what training never sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .gazetteer import PLACES as PLACES
from .gazetteer import Light as Light
from .gazetteer import Place as Place
from .gazetteer import PlaceSetting as PlaceSetting
from .gazetteer import Weather as Weather

Facing = Literal["left", "right"]
CameraMove = Literal["static", "pan-left", "pan-right", "zoom-in"]
FACINGS: tuple[Facing, Facing] = ("left", "right")


@dataclass(frozen=True)
class WorldCharacter:
    """One animal. The first colourway is its default; `aspect` is width / height standing."""

    id: str
    colourways: tuple[str, str]
    aspect: float
    nouns: tuple[str, ...]


@dataclass(frozen=True)
class Accessory:
    """One thing that a figure wears or carries: "a green scarf"."""

    item: str
    colour: str

    def __str__(self) -> str:
        return f"a {self.colour} {self.item}"


@dataclass(frozen=True)
class Motion:
    """One thing a character does; `travels` says whether a direction belongs to its verb."""

    id: str
    finite: tuple[str, ...]
    gerund: tuple[str, ...]
    travels: bool = False


@dataclass(frozen=True)
class Role:
    """One side of an interaction: the motion that is drawn, and its words about {other}."""

    motion: str
    finite: tuple[str, ...]
    gerund: tuple[str, ...]


@dataclass(frozen=True)
class Interaction:
    """What two do together; a sentence about both speaks of the first role."""

    id: str
    roles: tuple[Role, Role]


@dataclass(frozen=True)
class HeldOut:
    """What base training never shows: a character, a motion, or one doing the other."""

    character: str | None = None
    motion: str | None = None


@dataclass(frozen=True)
class Split:
    """What scenes may hold; with a focus, every scene's first drawn actor carries it."""

    name: str
    characters: tuple[str, ...]
    motions: tuple[str, ...]
    focus_character: str | None = None
    focus_motion: str | None = None
    without: tuple[tuple[str, str], ...] = ()  # who never does what

    def allows(self, character: str, motion: str) -> bool:
        return motion in self.motions and (character, motion) not in self.without


CHARACTERS: dict[str, WorldCharacter] = {
    c.id: c
    for c in (
        WorldCharacter("fox", ("red", "grey"), 0.88, ("fox", "little fox")),
        WorldCharacter("owl", ("purple", "brown"), 0.78, ("owl", "little owl")),
        WorldCharacter("bear", ("brown", "honey"), 0.77, ("bear", "big bear")),
        WorldCharacter("rabbit", ("white", "pink"), 0.55, ("rabbit", "bunny")),
        WorldCharacter("frog", ("green", "blue"), 0.98, ("frog", "little frog")),
        WorldCharacter("cat", ("black", "orange"), 0.91, ("cat", "little cat")),
        WorldCharacter("penguin", ("navy", "teal"), 0.74, ("penguin", "little penguin")),
        WorldCharacter("pig", ("pink", "lilac"), 0.80, ("pig", "little pig")),
        WorldCharacter("dog", ("white", "tan"), 1.05, ("dog", "puppy")),
        WorldCharacter("mouse", ("grey", "tan"), 1.13, ("mouse", "little mouse")),
        WorldCharacter("hedgehog", ("brown", "grey"), 1.09, ("hedgehog", "little hedgehog")),
        WorldCharacter("duck", ("yellow", "white"), 0.83, ("duck", "little duck")),
        WorldCharacter("sheep", ("white", "black"), 1.01, ("sheep", "woolly sheep")),
        WorldCharacter("cow", ("white", "brown"), 1.01, ("cow", "big cow")),
        WorldCharacter("elephant", ("blue", "grey"), 1.35, ("elephant", "big elephant")),
        WorldCharacter("turtle", ("green", "orange"), 0.99, ("turtle", "tortoise")),
        WorldCharacter("lion", ("yellow", "white"), 0.97, ("lion", "little lion")),
        WorldCharacter("deer", ("brown", "cream"), 0.85, ("deer", "little deer")),
    )
}

ACCESSORIES = ("scarf", "hat", "bow", "lantern")
ACCESSORY_COLOURS = ("red", "blue", "green", "yellow")

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
            "run",
            ("runs", "runs fast", "dashes"),
            ("running", "running fast", "dashing"),
            travels=True,
        ),
        Motion(
            "wave",
            ("waves", "waves hello", "waves its hand"),
            ("waving", "waving hello", "waving its hand"),
        ),
        Motion(
            "dance",
            ("dances", "dances from side to side", "does a dance"),
            ("dancing", "dancing from side to side", "doing a dance"),
        ),
        Motion(
            "sit",
            ("sits", "sits on the ground", "sits down"),
            ("sitting", "sitting on the ground", "sitting down"),
        ),
        Motion(
            "look",
            ("looks around", "looks left and right", "turns its head"),
            ("looking around", "looking left and right", "turning its head"),
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

INTERACTIONS: dict[str, Interaction] = {
    i.id: i
    for i in (
        Interaction(
            "chase",
            (
                Role(
                    "run",
                    ("chases {other}", "runs after {other}"),
                    ("chasing {other}", "running after {other}"),
                ),
                Role(
                    "run",
                    ("runs from {other}", "runs away from {other}"),
                    ("running from {other}", "running away from {other}"),
                ),
            ),
        ),
        Interaction(
            "meet",
            (
                Role(
                    "walk",
                    ("meets {other}", "walks up to {other}"),
                    ("meeting {other}", "walking up to {other}"),
                ),
                Role(
                    "walk",
                    ("meets {other}", "walks up to {other}"),
                    ("meeting {other}", "walking up to {other}"),
                ),
            ),
        ),
        Interaction(
            "carry",
            (
                Role(
                    "walk",
                    ("carries {other}", "carries {other} on its back"),
                    ("carrying {other}", "carrying {other} on its back"),
                ),
                Role(
                    "sit",
                    ("is carried by {other}", "rides on {other}"),
                    ("carried by {other}", "riding on {other}"),
                ),
            ),
        ),
    )
}

CAMERA_WORDS: dict[CameraMove, tuple[str, ...]] = {
    "static": (),
    "pan-left": ("the camera pans left", "the camera moves to the left"),
    "pan-right": ("the camera pans right", "the camera moves to the right"),
    "zoom-in": ("the camera zooms in", "the camera moves closer"),
}

# Everything that base training never shows, in one place.
HELD_OUT: tuple[HeldOut, ...] = (
    HeldOut(character="lion"),
    HeldOut(character="deer"),
    HeldOut(motion="spin"),
    HeldOut(motion="somersault"),
    HeldOut("bear", "dance"),
    HeldOut("penguin", "run"),
    HeldOut("frog", "wave"),
    HeldOut("cat", "sit"),
    HeldOut("duck", "bow"),
    HeldOut("elephant", "jump"),
)
HELD_OUT_CHARACTERS: tuple[str, ...] = tuple(
    h.character for h in HELD_OUT if h.character and not h.motion
)
HELD_OUT_MOTIONS: tuple[str, ...] = tuple(
    h.motion for h in HELD_OUT if h.motion and not h.character
)
HELD_OUT_PAIRS: tuple[tuple[str, str], ...] = tuple(
    (h.character, h.motion) for h in HELD_OUT if h.character and h.motion
)

BASE_CHARACTERS: tuple[str, ...] = tuple(c for c in CHARACTERS if c not in HELD_OUT_CHARACTERS)
BASE_MOTIONS: tuple[str, ...] = tuple(m for m in MOTIONS if m not in HELD_OUT_MOTIONS)

# "base" trains the model; each held-out name has a library split that always shows it, beside
# only base material, so that one addition can be learnt without the others leaking in.
SPLITS: dict[str, Split] = {
    s.name: s
    for s in (
        Split("base", BASE_CHARACTERS, BASE_MOTIONS, without=HELD_OUT_PAIRS),
        *(
            Split(c, (*BASE_CHARACTERS, c), BASE_MOTIONS, focus_character=c, without=HELD_OUT_PAIRS)
            for c in HELD_OUT_CHARACTERS
        ),
        *(
            Split(m, BASE_CHARACTERS, (*BASE_MOTIONS, m), focus_motion=m, without=HELD_OUT_PAIRS)
            for m in HELD_OUT_MOTIONS
        ),
        Split("library", tuple(CHARACTERS), tuple(MOTIONS)),
    )
}
