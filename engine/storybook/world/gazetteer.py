"""The storybook world's places: their words, and the light and weather that they know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Light = Literal["day", "night"]
Weather = Literal["clear", "rain", "snow"]


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
class PlaceSetting:
    """A place in a light and a weather; `light` None is the place's own."""

    place: str
    light: Light | None = None
    weather: Weather = "clear"


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
