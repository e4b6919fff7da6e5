"""Names -> pages that are hard to get right: small boxes, crowds, crossings, two places.

Boxes far too small may be changed; nothing else is pinned. In `HOPELESS` are the pages whose first
shot no other seed can set right: what is wrong is the plan.
"""

from __future__ import annotations

from typing import Literal

World = Literal["storybook", "miniature"]

CAST: dict[World, str] = {
    "storybook": """\
@character FOX: a red fox
@character OWL: a purple owl
@character BEAR: a brown bear
@character RABBIT: a white rabbit
@character PIG: a pink pig
@character PENGUIN: a navy penguin
""",
    "miniature": """\
@character FOX: a red fox
@character OWL: a blue owl
@character ELEPHANT: a blue elephant
@character RABBIT: a yellow rabbit
@character FROG: a red frog
@character TURTLE: a yellow turtle
""",
}


def _placed(place: str, does: str, **boxes: str) -> str:
    """Return a scene whose figures are held in boxes that re-planning may change."""
    layouts = "".join(f"@layout {who} {{\n  0s: box {box}\n}}\n" for who, box in boxes.items())
    return f"EXT. {place} - DAY\n{layouts}@replan layout, seed\n\n{does}\n"


_STORYBOOK: dict[str, str] = {
    "small box, snow": _placed(
        "SNOWY HILL", "The PENGUIN jumps up and down.", PENGUIN="(0.62, 0.74, 0.70, 0.88)"
    ),
    "small box, beach": _placed(
        "BEACH", "The FOX jumps up and down.", FOX="(0.2, 0.70, 0.29, 0.85)"
    ),
    "small box, forest": _placed(
        "FOREST", "The OWL jumps up and down.", OWL="(0.45, 0.72, 0.53, 0.88)"
    ),
    "small box, two": _placed(
        "MEADOW", "The RABBIT jumps up and down.", RABBIT="(0.1, 0.72, 0.18, 0.88)"
    )
    + "\nEXT. FOREST - DAY\n\nThe BEAR walks to the right. The PIG stands still.\n",
    "three in a row": "EXT. BEACH - DAY\n\nThe PENGUIN bows between the RABBIT and the PIG. "
    "The RABBIT jumps up and down. The PIG stands still.\n",
    "three, moving": "EXT. MEADOW - DAY\n\nThe FOX hops to the right. The OWL stands still. "
    "The BEAR waves.\n",
    "crossing": "EXT. FOREST - DAY\n\nThe FOX walks to the right. The PIG walks to the left.\n",
    "crossing, run": "EXT. BEACH - DAY\n\nThe RABBIT runs to the left. The BEAR runs to the "
    "right.\n",
    "crowded boxes": _placed(
        "MEADOW", "The FOX stands still. The OWL dances.",
        FOX="(0.3, 0.4, 0.6, 0.9)", OWL="(0.4, 0.4, 0.7, 0.9)",
    ),
    "two places": "EXT. DESERT - NIGHT\n\nThe BEAR sleeps.\n\nINT. ROOM - DAY\n\n"
    "The PENGUIN dances.\n",
}  # fmt: skip

_MINIATURE: dict[str, str] = {
    "small box, snow": _placed(
        "SNOWY FIELD", "The OWL stands still.", OWL="(0.70, 0.70, 0.80, 0.90)"
    ),
    "small box, beach": _placed("BEACH", "The FOX stands still.", FOX="(0.19, 0.70, 0.31, 0.90)"),
    "small box, meadow": _placed(
        "MEADOW", "The ELEPHANT bows.", ELEPHANT="(0.42, 0.70, 0.58, 0.90)"
    ),
    "small box, two": _placed(
        "MEADOW", "The RABBIT stands still.", RABBIT="(0.21, 0.70, 0.29, 0.90)"
    )
    + "\nEXT. BEACH - DAY\n\nThe FROG walks to the right.\n",
    "three in a row": "EXT. BEACH - DAY\n\nThe FROG bows between the RABBIT and the OWL. "
    "The RABBIT jumps. The OWL stands still.\n",
    "three, moving": "EXT. MEADOW - DAY\n\nThe FOX jumps on the left. The OWL stands still in the "
    "middle. The TURTLE bows on the right.\n",
    "crossing": "EXT. SNOWY FIELD - DAY\n\nThe FOX walks to the right. The FROG walks to the "
    "left.\n",
    "one behind the other": "EXT. BEACH - DAY\n\nThe OWL stands behind the ELEPHANT.\n",
    "crowded boxes": _placed(
        "MEADOW", "The FOX stands still. The OWL jumps.",
        FOX="(0.25, 0.25, 0.6, 0.87)", OWL="(0.35, 0.25, 0.7, 0.87)",
    ),
    "two places": "EXT. HILL AT NIGHT - NIGHT\n\nThe RABBIT bows.\n\nEXT. SNOWY FIELD - DAY\n\n"
    "The ELEPHANT jumps.\n",
}  # fmt: skip

PAGES: dict[World, dict[str, str]] = {"storybook": _STORYBOOK, "miniature": _MINIATURE}
HOPELESS = ("small", "crowded", "one behind")


def page(world: World, name: str, seed: int) -> str:
    """Return a whole story."""
    return f"Title: {name}\nSeed: {seed}\n\n{CAST[world]}\n{PAGES[world][name]}"


def needs_more_than_seeds(name: str, shot: str) -> bool:
    return name.startswith(HOPELESS) and shot.startswith("1.")
