"""What the world holds beyond what judge and critic were taught: motions, framings, things in hand.

`vocabulary` keeps the first world, by whose classes the judge and the critic were trained; nothing
here is measured until they are trained anew. Tables named ALL_ join both for whoever draws.
"""

from __future__ import annotations

from typing import Literal

from .vocabulary import MOTIONS, Motion

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

# How a region's words begin that shows less than a whole figure. The part that is shown is fixed by
# these words, in hundredths of a standing figure from its crown down: lower edge and width.
FRAMING_WORDS: dict[Framing, str] = {"wide": "", "medium": "half of ", "close": "close-up of "}
FRAMED: dict[Framing, tuple[float, float]] = {"medium": (70.0, 54.0), "close": (50.0, 50.0)}
CROWN = -8.0  # the upper edge of a person's box: a bald head has its top at about 4

# What a person may carry in a colour, beside a scarf around the neck.
CARRIED = ("lantern", "book", "letter", "umbrella", "ball", "box")


def travels(motion: str) -> bool:
    """Say whether a motion goes along; one that the world does not know stays where it is."""
    return motion in ALL_MOTIONS and ALL_MOTIONS[motion].travels
