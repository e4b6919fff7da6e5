"""What the world holds beyond what judge and critic were taught: motions, framings, things in hand.

`vocabulary` keeps the first world, by whose classes the judge and the critic were trained; nothing
here is measured until they are trained anew. Tables named ALL_ join both for whoever draws.
"""

from __future__ import annotations

from typing import Literal

from .vocabulary import MOTIONS, PLACES, Motion, Place, Weather

Framing = Literal["wide", "medium", "close"]

MORE_MOTIONS: dict[str, Motion] = {
    m.id: m
    for m in (
        Motion("talk", ("talks", "speaks"), ("talking", "speaking")),
        Motion("listen", ("listens",), ("listening",)),
        Motion("nod", ("nods",), ("nodding",)),
        Motion("point", ("points ahead",), ("pointing ahead",)),
        Motion("pick-up", ("picks something up",), ("picking something up",)),
        Motion("give", ("holds out a hand",), ("holding out a hand",)),
        Motion("fall", ("falls down",), ("falling down",)),
        Motion("laugh", ("laughs",), ("laughing",)),
        Motion("turn", ("turns around",), ("turning around",)),
        Motion("get-up", ("stands up",), ("standing up",)),
        Motion("enter", ("walks in",), ("walking in",), travels=True),
        Motion("exit", ("walks out",), ("walking out",), travels=True),
    )
}
ALL_MOTIONS: dict[str, Motion] = MOTIONS | MORE_MOTIONS


def _room(place: str, where: str, *views: str) -> Place:
    return Place(place, (where,), views, (where,), views, weathers=("clear",))


def _outdoors(place: str, where: str, *views: str) -> Place:
    falls: tuple[Weather, ...] = ("clear", "rain", "snow")
    return Place(place, (where,), views, (where,), views, weathers=falls)


# Rooms are seen by lamp light when it is night.
MORE_PLACES: dict[str, Place] = {
    p.id: p
    for p in (
        _room("living-room", "in a living room", "a living room with a sofa and a window"),
        _room("bedroom", "in a bedroom", "a bedroom with a bed and a window"),
        _room("kitchen", "in a kitchen", "a kitchen with a stove and cupboards"),
        _room("office", "in an office", "an office with a desk and a bookcase"),
        _room("hallway", "in a hallway", "a hallway with doors and a carpet"),
        _room("classroom", "in a classroom", "a classroom with a blackboard and desks"),
        _room("bar", "in a bar", "a bar with bottles and stools"),
        _room("shop", "in a shop", "a shop with full shelves and a counter"),
        _room("castle-hall", "in a castle hall", "a castle hall with banners and pillars"),
        _room("car", "in a car", "the inside of a car, a steering wheel and a windscreen"),
        _outdoors("street", "on a city street", "a city street with tall houses and a lantern"),
        _outdoors("alley", "in an alley", "an alley between brick walls"),
        _outdoors("park", "in a park", "a park with a bench and a path"),
        _outdoors("harbour", "at the harbour", "a harbour with a ship and a lighthouse"),
        _outdoors("road", "on a country road", "a country road with a road sign"),
    )
}
ROOM_IDS = tuple(p.id for p in MORE_PLACES.values() if p.weathers == ("clear",))
# Places with a roof over them: of the first world, and of all.
FIRST_INDOORS = ("room", "cave")
INDOORS = (*FIRST_INDOORS, *ROOM_IDS)
# Rooms through whose panes the weather is seen, however they are laid out.
WINDOWED = ("living-room", "bedroom", "kitchen", "office", "classroom", "castle-hall", "car")
WINDOW_WORDS: dict[Weather, str] = {"rain": ", rain outside", "snow": ", falling snow outside"}
ALL_PLACES: dict[str, Place] = PLACES | MORE_PLACES

# How a region's words begin that shows less than a whole figure. The part that is shown is fixed by
# these words, in hundredths of a standing figure from its crown down: lower edge and width.
FRAMING_WORDS: dict[Framing, str] = {"wide": "", "medium": "half of ", "close": "close-up of "}
FRAMED: dict[Framing, tuple[float, float]] = {"medium": (70.0, 54.0), "close": (56.0, 54.0)}
CROWN = -8.0  # the upper edge of a person's box: a bald head has its top at about 4

# What a person may carry in a colour, beside a scarf around the neck.
CARRIED = ("lantern", "book", "letter", "umbrella", "ball", "box")


def travels(motion: str) -> bool:
    """Say whether a motion goes along; one that the world does not know stays where it is."""
    return motion in ALL_MOTIONS and ALL_MOTIONS[motion].travels


def framing_in(text: str) -> Framing:
    """Return how much of somebody a text shows."""
    return next(
        (f for f, words in FRAMING_WORDS.items() if words and text.startswith(words)), "wide"
    )
