"""Scene -> words: captions of a whole clip, and a text for each region."""

from __future__ import annotations

import random
from collections.abc import Sequence

from .world import (
    CHARACTERS,
    COLOURS,
    HELD_OUT_CHARACTERS,
    HELD_OUT_COATS,
    HELD_OUT_DEEDS,
    HELD_OUT_MOTIONS,
    MOTIONS,
    PLACES,
    SPOTS,
    Figure,
    WorldScene,
)

# The first of each is the plain one, which benchmarks use.
VERBS: dict[str, tuple[str, ...]] = {
    "stand": ("stands still", "waits"),
    "walk left": ("walks to the left", "strolls to the left"),
    "walk right": ("walks to the right", "strolls to the right"),
    "jump": ("jumps", "leaps up once"),
    "rise": ("rises into the air", "floats up"),
    "bow": ("bows", "takes a bow"),
    "sway": ("slides to and fro", "glides back and forth"),
    "wave": ("waves a hand", "waves"),
}
PLACE_NOUNS = {
    "meadow": "a meadow", "beach": "a beach", "night": "a hill at night", "snow": "a snowy field"
}  # fmt: skip
_WHERE = {
    "meadow": "in a meadow", "beach": "on a beach", "night": "on a hill at night",
    "snow": "in a snowy field",
}  # fmt: skip

_SIDES = ("on the left", "in the middle", "on the right")


def article(noun: str) -> str:
    """Return "a" or "an" before a noun."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def region_text(figure: Figure, chance: random.Random | None = None) -> str:
    """Return what a region's text says of its figure; without `chance` in the plain words."""
    verbs = VERBS[figure.motion]
    verb = chance.choice(verbs) if chance else verbs[0]
    return f"{article(f'{figure.colour} {figure.character}')} {verb}"


def region_texts(scene: WorldScene, chance: random.Random | None = None) -> list[str]:
    """Return a text a figure, in the scene's order, and the background's last."""
    texts = [region_text(figure, chance) for figure in scene.figures]
    return [*texts, PLACE_NOUNS[scene.place]]


def caption(scene: WorldScene, *, sides: bool = False, chance: random.Random | None = None) -> str:
    """Return one sentence that says everything; `sides` names where in the frame each one is.

    With `chance` in varied words and order, as in training; without it in the plain words, from
    left to right.
    """
    figures = sorted(scene.figures, key=lambda figure: figure.x)
    said = [region_text(figure, chance) for figure in figures]
    if sides:
        said = [
            f"{text} {_SIDES[SPOTS.index(figure.x)]}" if figure.x in SPOTS else text
            for text, figure in zip(said, figures, strict=True)
        ]
    if chance:
        chance.shuffle(said)
    where, form = _WHERE[scene.place], chance.randrange(4) if chance else 0
    if form == 1:
        return f"{where}, {' and '.join(said)}"
    if form == 2:
        # As an engine joins the texts of regions that it does not use.
        return ", ".join([*said, PLACE_NOUNS[scene.place]])
    return f"{' and '.join(said)} {where}"


def is_held_out(figure: Figure) -> bool:
    """Say whether training never shows such a figure."""
    return (
        figure.character in HELD_OUT_CHARACTERS
        or figure.motion in HELD_OUT_MOTIONS
        or (figure.character, figure.motion) in HELD_OUT_DEEDS
        or (figure.character, figure.colour) in HELD_OUT_COATS
    )


def random_scene(chance: random.Random, figures: int, *, held_out: bool = False) -> WorldScene:
    """Return a scene of one or two figures, each in its own half; no two are the same animal.

    With `held_out` anything may come that the world can draw; else only what training shows.
    """
    found: list[Figure] = []
    centres = _centres(chance, figures)
    while len(found) < figures:
        figure = Figure(
            chance.choice(CHARACTERS),
            chance.choice(COLOURS),
            chance.choice(MOTIONS),
            x=centres[len(found)],
        )
        if any(figure.character == other.character for other in found):
            continue
        if held_out or not is_held_out(figure):
            found.append(figure)
    return WorldScene(chance.choice(PLACES), tuple(found))


def _centres(chance: random.Random, figures: int) -> Sequence[int]:
    if figures == 1:
        return [chance.choice(SPOTS)]
    centres = [SPOTS[0], SPOTS[-1]]
    chance.shuffle(centres)
    return centres
