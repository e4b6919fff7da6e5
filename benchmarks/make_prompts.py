"""A seed -> `prompts.jsonl`, `pairs.jsonl` and `people-prompts.jsonl`, the benchmark's questions.

Characters, motions and places come round evenly; held-out ones never do. Running this again
writes the same bytes. The first two were committed before the models were trained; the third, of
people in all places, light and weather, before there was a judge that knows people.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from dreamrunner.engine.storybook.world.additions import ALL_PLACES, FRAMED
from dreamrunner.engine.storybook.world.figures.motions import MOVEMENTS
from dreamrunner.engine.storybook.world.people import PERSON
from dreamrunner.engine.storybook.world.scenes.actors import (
    Actor,
    SceneSpec,
    make_actor,
    natural_boxes,
)
from dreamrunner.engine.storybook.world.scenes.people_scenes import sample_people_scene
from dreamrunner.engine.storybook.world.scenes.sampling import sample_scene
from dreamrunner.engine.storybook.world.vocabulary import (
    BASE_CHARACTERS,
    BASE_MOTIONS,
    CHARACTERS,
    HELD_OUT_PAIRS,
    MOTIONS,
    PLACES,
    Facing,
    Split,
)
from dreamrunner.engine.storybook.world.words.captions import (
    background_prompt,
    region_prompt,
    tied_prompt,
)
from dreamrunner.engine.storybook.world.words.captions import (
    joint_prompt as every_word,
)
from dreamrunner.engine.storybook.world.words.phrasing import where

FOLDER = Path(__file__).parent
SEED = 20_261_122
PROMPTS, PAIRS, PEOPLE = 200, 100, 300
# In training captions only figures that stay where they are are said to be on a side, so only
# they are fair to the joint prompt.
STAYING = tuple(m for m in BASE_MOTIONS if not MOTIONS[m].travels)


def rounds(items: Sequence[str], rng: np.random.Generator) -> Iterator[str]:
    """Yield every item once in random order, then again in another, without end."""
    while True:
        yield from (str(item) for item in rng.permutation(list(items)))


def prompts(rng: np.random.Generator) -> list[dict[str, object]]:
    """Return scenes of one or two figures, as the world lays them out."""
    characters, motions = rounds(BASE_CHARACTERS, rng), rounds(BASE_MOTIONS, rng)
    places = rounds(list(PLACES), rng)
    rows = []
    for number in range(PROMPTS):
        character = next(characters)
        motion = next(m for m in motions if (character, m) not in HELD_OUT_PAIRS)
        split = Split("benchmark", BASE_CHARACTERS, BASE_MOTIONS, character, motion, HELD_OUT_PAIRS)
        spec = sample_scene(rng, split=split, actors=1 + number % 2, place=next(places), still=True)
        rows.append(row(f"prompt-{number:03d}", spec, joint_prompt(spec), rng))
    return rows


def people(rng: np.random.Generator) -> list[dict[str, object]]:
    """Return scenes with somebody in them, in every place, a third of them by night.

    Their boxes are those of the day on which they were fixed: a close-up ended at the chin then.
    """
    with patch.dict(FRAMED, {"close": (50.0, 50.0)}):
        return _people(rng)


def _people(rng: np.random.Generator) -> list[dict[str, object]]:
    places, rows = rounds(list(ALL_PLACES), rng), []
    for number in range(PEOPLE):
        place = next(places)
        spec = sample_people_scene(rng, places=(place,))
        while not any(actor.character == PERSON for actor in spec.actors):
            spec = sample_people_scene(rng, places=(place,))
        falls = ALL_PLACES[place].weathers
        weather = falls[int(rng.integers(len(falls)))] if number % 2 else "clear"
        light = "night" if number % 3 == 0 else None
        spec = replace(spec, light=light, weather=weather)
        rows.append(row(f"people-{number:03d}", spec, every_word(spec), rng))
    return rows


def joint_prompt(spec: SceneSpec) -> str:
    """Return one sentence for a scene, worded as training words it.

    Where a figure that stays looks is left out: training leaves it to the regions.
    """
    texts = [
        region_prompt(a.character, a.colourway, a.motion, a.facing if travels(a) else None, a.wear)
        for a in sorted(spec.actors, key=lambda a: a.track.x[0])
    ]
    return f"{' and '.join(texts)} {where(spec.setting)}"


def travels(actor: Actor) -> bool:
    return MOTIONS[actor.motion].travels


def pairs(rng: np.random.Generator) -> list[dict[str, object]]:
    """Return scenes of two figures, each in its own half, that the joint prompt puts there."""
    motions, places = rounds(STAYING, rng), rounds(list(PLACES), rng)
    couples = rounds([f"{a} {b}" for a in BASE_CHARACTERS for b in BASE_CHARACTERS if a != b], rng)
    rows = []
    for number in range(PAIRS):
        names = next(couples).split()
        actors = tuple(
            stander(name, next(m for m in motions if (name, m) not in HELD_OUT_PAIRS), side, rng)
            for name, side in zip(names, (0.0, 0.5), strict=True)
        )
        place = next(places)
        spec = SceneSpec(place, 0, actors)
        texts = [region_prompt(a.character, a.colourway, a.motion) for a in actors]
        where = PLACES[place].phrases[0]
        joint = f"{texts[0]} on the left and {texts[1]} on the right {where}"
        rows.append(row(f"pair-{number:03d}", spec, joint, rng))
    return rows


def stander(character: str, motion: str, side: float, rng: np.random.Generator) -> Actor:
    """Return a figure that stays within the half of the frame that begins at `side`."""
    colour = CHARACTERS[character].colourways[int(rng.random() < 0.4)]
    facing: Facing = "right" if rng.random() < 0.5 else "left"
    reach = float(rng.uniform(*MOVEMENTS[motion].extents))
    y = float(rng.uniform(0.86, 0.94))
    height = min(float(rng.uniform(0.40, 0.52)), y - 0.03 - reach)
    probe = make_actor(character, x=0.5, y=y, height=height, motion=motion, colourway=colour)
    half = float(np.ptp(natural_boxes(probe)[:, [0, 2]])) / 2
    x = side + float(rng.uniform(half + 0.01, 0.49 - half))
    return make_actor(
        character, x=x, y=y, height=height, motion=motion, colourway=colour, facing=facing,
        extent=reach,
    )  # fmt: skip


def row(name: str, spec: SceneSpec, joint: str, rng: np.random.Generator) -> dict[str, object]:
    """Return a line of a prompt file."""
    near = sorted(spec.actors, key=lambda a: -a.depth)
    roles = [
        {
            "character": a.character,
            "color": a.colourway,
            "motion": a.motion,
            "facing": a.facing,
            "worn": str(a.wear) if a.wear else None,
            "prompt": tied_prompt(spec, a),
            "depth": near.index(a),
            "boxes": np.clip(natural_boxes(a), 0, 1).round(4).astype(float).round(4).tolist(),
        }
        for a in sorted(spec.actors, key=lambda a: a.track.x[0])
    ]
    return {
        "id": name,
        "seed": int(rng.integers(2**31)),
        "place": spec.place,
        "light": spec.light,
        "weather": spec.weather,
        "background": background_prompt(spec.setting),
        "joint": joint,
        "roles": roles,
    }


def main() -> None:
    """Write both files."""
    for stem, make, seed in (
        ("prompts", prompts, SEED), ("pairs", pairs, SEED + 1), ("people-prompts", people, SEED + 2)
    ):  # fmt: skip
        rows = make(np.random.default_rng(seed))
        lines = [json.dumps(line, separators=(",", ":")) for line in rows]
        (FOLDER / f"{stem}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{FOLDER / stem}.jsonl: {len(rows)} lines")


if __name__ == "__main__":
    main()
