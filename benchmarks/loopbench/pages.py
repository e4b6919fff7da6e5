"""Names -> pages that are hard to get right: ten in each world, of two shots or three.

The kinds are wrong words, motions that no model was taught, small boxes, crowds, crossings, and one
page of two places. What a page pins is what its writer fixed; what it says under `@replan` may be
changed. `stuck` are the scenes that no other seed can set right, because what is wrong is the plan:
a box, a crowd that wants to be split, words, a lesson.

Words are wrong in two ways. The miniature reads a style as it is written, into the text of every
region, and was never taught such words. In the storybook no word of the page reaches the model but
a pinned motion that nobody lets go, for its director says all others in the world's own words: what
he cannot say so is drawn as somebody who stands, and `meant` is what the page wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

World = Literal["storybook", "miniature"]
Kind = Literal["words", "held out", "small box", "crowd", "crossing", "two places"]


@dataclass(frozen=True, slots=True)
class Page:
    """The scenes of a story and what is hard of it; `head` is what else its title page says.

    `meant` is the motion that somebody should be seen in, by id, where the page has another word.
    """

    kind: Kind
    scenes: str
    head: str = ""
    stuck: tuple[str, ...] = ()
    meant: Mapping[str, str] = field(default_factory=dict)


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


def _scene(place: str, does: str, replan: str = "", **boxes: str) -> str:
    """Return a scene; figures with boxes are held in them, but where `replan` lets them go."""
    layouts = "".join(f"@layout {who} {{\n  0s: box {box}\n}}\n" for who, box in boxes.items())
    allowed = f"@replan {replan}\n" if replan else ""
    return f"{place}\n{layouts}{allowed}\n{does}\n"


def _in_boxes(place: str, does: str, **boxes: str) -> str:
    return _scene(place, does, "layout, seed", **boxes)


def _pinned(place: str, who: str, motion: str, replan: str = "") -> str:
    """Return a scene with a pinned motion, which `replan` may let go."""
    pinned = f"@motion {who} {{\n  0s..end: {motion}\n}}\n"
    allowed = f"@replan {replan}\n" if replan else ""
    return f"{place}\n{pinned}{allowed}\nThe {who} is here.\n"


def _joined(*scenes: str) -> str:
    return "\n".join(scenes)


_STORYBOOK: dict[str, Page] = {
    "words, a pinned motion": Page(
        "words",
        _joined(
            _pinned("EXT. BEACH - DAY", "FOX", "jump-about", "motion"),
            _pinned("EXT. FOREST - DAY", "BEAR", "dance-wildly", "motion"),
            _pinned("EXT. MEADOW - DAY", "PIG", "jump-about"),
        ),
        stuck=("3",), meant={"FOX": "jump", "BEAR": "dance", "PIG": "jump"},
    ),
    "words, a verb": Page(
        "words",
        _joined(
            _scene("EXT. MEADOW - DAY", "The RABBIT gambols on the spot."),
            _scene("EXT. SNOWY HILL - DAY", "The PENGUIN springs up and down."),
        ),
        stuck=("1",), meant={"RABBIT": "jump", "PENGUIN": "jump"},
    ),
    "held out, alone": Page(
        "held out",
        _joined(
            _scene("EXT. MEADOW - DAY", "The FOX does a somersault."),
            _scene("EXT. BEACH - DAY", "The PIG does a somersault."),
        ),
    ),
    "held out, of two": Page(
        "held out",
        _joined(
            _scene("EXT. FOREST - DAY", "The RABBIT does a somersault. The OWL stands still."),
            _in_boxes(
                "EXT. SNOWY HILL - DAY", "The BEAR does a somersault.",
                BEAR="(0.40, 0.68, 0.52, 0.88)",
            ),
        ),
        stuck=("2",),
    ),
    "small boxes": Page(
        "small box",
        _joined(
            _in_boxes(
                "EXT. SNOWY HILL - DAY", "The PENGUIN jumps up and down.",
                PENGUIN="(0.62, 0.74, 0.70, 0.88)",
            ),
            _in_boxes(
                "EXT. BEACH - DAY", "The FOX jumps up and down.", FOX="(0.2, 0.70, 0.29, 0.85)"
            ),
            _in_boxes(
                "EXT. FOREST - DAY", "The OWL jumps up and down.", OWL="(0.45, 0.72, 0.53, 0.88)"
            ),
        ),
        stuck=("1", "2", "3"),
    ),
    "small box, then none": Page(
        "small box",
        _joined(
            _in_boxes(
                "EXT. MEADOW - DAY", "The RABBIT jumps up and down.",
                RABBIT="(0.1, 0.72, 0.18, 0.88)",
            ),
            _scene("EXT. FOREST - DAY", "The BEAR walks to the right. The PIG stands still."),
        ),
        stuck=("1",),
    ),
    "crowds": Page(
        "crowd",
        _joined(
            _scene(
                "EXT. BEACH - DAY",
                "The PENGUIN bows between the RABBIT and the PIG. The RABBIT jumps up and down. "
                "The PIG stands still.",
            ),
            _scene(
                "EXT. MEADOW - DAY",
                "The FOX hops to the right. The OWL stands still. The BEAR waves.",
            ),
        ),
    ),
    "crowded boxes": Page(
        "crowd",
        _joined(
            _in_boxes(
                "EXT. MEADOW - DAY", "The FOX stands still. The OWL dances.",
                FOX="(0.3, 0.4, 0.6, 0.9)", OWL="(0.4, 0.4, 0.7, 0.9)",
            ),
            _scene("EXT. SNOWY HILL - DAY", "The PENGUIN waves next to the BEAR."),
        ),
        stuck=("1",),
    ),
    "crossings": Page(
        "crossing",
        _joined(
            _scene("EXT. FOREST - DAY", "The FOX walks to the right. The PIG walks to the left."),
            _scene("EXT. BEACH - DAY", "The RABBIT runs to the left. The BEAR runs to the right."),
        ),
    ),
    "two places": Page(
        "two places",
        _joined(
            _scene("EXT. DESERT - NIGHT", "The BEAR sleeps."),
            _scene("INT. ROOM - DAY", "The PENGUIN dances."),
        ),
    ),
}  # fmt: skip

_MINIATURE: dict[str, Page] = {
    "words, a style": Page(
        "words",
        _joined(
            _scene("EXT. MEADOW - DAY", "The FOX stands still.", "style"),
            _scene("EXT. BEACH - DAY", "The FROG walks to the right.", "style"),
            _scene("EXT. SNOWY FIELD - DAY", "The OWL jumps.", "style"),
        ),
        head="Style: soft watercolour, hand-drawn storybook", stuck=("1", "2", "3"),
    ),
    "words, a style that is kept": Page(
        "words",
        _joined(
            _scene("EXT. MEADOW - DAY", "The FOX stands still."),
            _scene("EXT. BEACH - DAY", "The OWL stands still."),
        ),
        head="Style: a hill at night, moonlit", stuck=("1", "2"),
    ),
    "held out, alone": Page(
        "held out",
        _joined(
            _scene("EXT. MEADOW - DAY", "The OWL waves."),
            _scene("EXT. BEACH - DAY", "The FROG sways."),
        ),
    ),
    "held out, of two": Page(
        "held out",
        _joined(
            _scene("EXT. SNOWY FIELD - DAY", "The TURTLE waves. The FOX stands still."),
            _scene("EXT. MEADOW - DAY", "The RABBIT stands still. The OWL sways."),
        ),
    ),
    "small boxes": Page(
        "small box",
        _joined(
            _in_boxes(
                "EXT. SNOWY FIELD - DAY", "The OWL stands still.", OWL="(0.70, 0.70, 0.80, 0.90)"
            ),
            _in_boxes("EXT. BEACH - DAY", "The FOX stands still.", FOX="(0.19, 0.70, 0.31, 0.90)"),
            _in_boxes(
                "EXT. MEADOW - DAY", "The ELEPHANT bows.", ELEPHANT="(0.42, 0.70, 0.58, 0.90)"
            ),
        ),
        stuck=("1", "2", "3"),
    ),
    "small box, then none": Page(
        "small box",
        _joined(
            _in_boxes(
                "EXT. MEADOW - DAY", "The RABBIT stands still.", RABBIT="(0.21, 0.70, 0.29, 0.90)"
            ),
            _scene("EXT. BEACH - DAY", "The FROG walks to the right."),
        ),
        stuck=("1",),
    ),
    "crowds": Page(
        "crowd",
        _joined(
            _scene(
                "EXT. BEACH - DAY",
                "The FROG bows between the RABBIT and the OWL. The RABBIT jumps. "
                "The OWL stands still.",
            ),
            _scene(
                "EXT. MEADOW - DAY",
                "The FOX jumps on the left. The OWL stands still in the middle. The TURTLE bows "
                "on the right.",
            ),
        ),
    ),
    "crowded boxes": Page(
        "crowd",
        _joined(
            _in_boxes(
                "EXT. MEADOW - DAY", "The FOX stands still. The OWL jumps.",
                FOX="(0.25, 0.25, 0.6, 0.87)", OWL="(0.35, 0.25, 0.7, 0.87)",
            ),
            _scene("EXT. BEACH - DAY", "The OWL stands behind the ELEPHANT."),
        ),
        stuck=("1", "2"),
    ),
    "crossings": Page(
        "crossing",
        _joined(
            _scene(
                "EXT. SNOWY FIELD - DAY",
                "The FOX walks to the right. The FROG walks to the left.",
            ),
            _scene(
                "EXT. MEADOW - DAY",
                "The OWL walks to the left. The ELEPHANT walks to the right.",
            ),
        ),
    ),
    "two places": Page(
        "two places",
        _joined(
            _scene("EXT. HILL AT NIGHT - NIGHT", "The RABBIT bows."),
            _scene("EXT. SNOWY FIELD - DAY", "The ELEPHANT jumps."),
        ),
    ),
}  # fmt: skip

PAGES: dict[World, dict[str, Page]] = {"storybook": _STORYBOOK, "miniature": _MINIATURE}


def page(world: World, name: str, seed: int) -> str:
    """Return a whole story."""
    found = PAGES[world][name]
    head = f"{found.head}\n" if found.head else ""
    return f"Title: {name}\nSeed: {seed}\n{head}\n{CAST[world]}\n{found.scenes}"


def needs_more_than_seeds(world: World, name: str, shot: str) -> bool:
    """Say whether no other seed can set a shot right."""
    return shot.partition(".")[0] in PAGES[world][name].stuck
