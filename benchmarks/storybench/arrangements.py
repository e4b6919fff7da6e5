"""How many figures, and how they stand to each other -> prompts, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dreamrunner.engine.storybook.world.scenes.actors import Actor, SceneSpec, make_actor
from dreamrunner.engine.storybook.world.vocabulary import (
    BASE_CHARACTERS,
    CHARACTERS,
    HELD_OUT_PAIRS,
    PLACES,
    Facing,
)
from dreamrunner.engine.storybook.world.words.captions import background_prompt, region_prompt
from dreamrunner.engine.storybook.world.words.phrasing import where
from storybench.prompts import Prompt, Role, role_of

SEED = 20_261_126
EACH = 10  # prompts a cell
CELLS = (
    (1, "apart"), (2, "apart"), (2, "overlapping"), (2, "crossing"),
    (3, "apart"), (3, "overlapping"), (3, "crossing"),
)  # fmt: skip
STILL = ("stand", "sit", "wave", "look", "bow")
HEIGHTS = {1: 0.52, 2: 0.44, 3: 0.33}


@dataclass(frozen=True, slots=True)
class Cell:
    """An arrangement with its prompts."""

    figures: int
    how: str
    prompts: tuple[Prompt, ...]

    @property
    def name(self) -> str:
        return f"{self.figures} {self.how}"


def cells(each: int = EACH) -> Iterator[Cell]:
    """Yield every cell with its first `each` prompts."""
    for number, (figures, how) in enumerate(CELLS):
        made = (_prompt(figures, how, k, SEED + 1000 * number + k) for k in range(each))
        yield Cell(figures, how, tuple(made))


def _prompt(figures: int, how: str, number: int, seed: int) -> Prompt:
    rng = np.random.default_rng(seed)
    names = [str(n) for n in rng.permutation(BASE_CHARACTERS)[:figures]]
    actors = tuple(_actor(name, k, figures, how, rng) for k, name in enumerate(names))
    spec = SceneSpec(list(PLACES)[number % len(PLACES)], 0, actors)
    near = sorted(actors, key=lambda a: -a.depth)
    roles: list[Role] = [role_of(spec, a, near.index(a)) for a in actors]
    said = " and ".join(region_prompt(a.character, a.colourway, a.motion) for a in actors)
    return Prompt(
        f"{figures}-{how}-{number:02d}", seed, spec.place, background_prompt(spec.setting),
        f"{said} {where(spec.setting)}", tuple(roles),
    )  # fmt: skip


def _actor(name: str, at: int, figures: int, how: str, rng: np.random.Generator) -> Actor:
    """One figure of an arrangement; who comes later stands nearer."""
    y = 0.84 + 0.045 * at
    colour = CHARACTERS[name].colourways[int(rng.integers(2))]
    facing: Facing = "right" if rng.random() < 0.5 else "left"
    motion = next(str(m) for m in rng.permutation(STILL) if (name, str(m)) not in HELD_OUT_PAIRS)
    slot = (at + 0.5) / figures
    x, reach = slot, None
    if how == "overlapping":
        x = 0.5 + (slot - 0.5) * (0.42 if figures == 2 else 0.5)
    if how == "crossing" and at < 2:
        facing = "right" if at == 0 else "left"
        x, reach, motion = (0.2, 0.6, "walk") if at == 0 else (0.8, 0.6, "walk")
    elif how == "crossing":
        x = 0.5
    return make_actor(
        name, x=x, y=y, height=HEIGHTS[figures], motion=motion, colourway=colour, facing=facing,
        extent=reach,
    )  # fmt: skip
