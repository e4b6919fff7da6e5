"""The miniature's drawn scenes -> clips with a plan, right or wrong in one thing (`KnownWorld`)."""

from __future__ import annotations

import random

import numpy as np
import torch

from ...engine.miniature.captions import PLACE_NOUNS, region_text
from ...engine.miniature.critic import unit
from ...engine.miniature.critic_training import scattered_scene, shapeless, worn
from ...engine.miniature.world import (
    CHARACTERS,
    COLOURS,
    FPS,
    FRAMES,
    MOTIONS,
    PLACES,
    Figure,
    WorldScene,
    draw,
)
from ...plan import Assertion, Beat, Entity, Keyframe, Placement, ShotPlan
from ...story import Box
from .known_clips import KEY_EVERY, KnownClip
from .miniature import motion_of

_WORN = 0.6  # the share of right clips that are worn by what a picture survives


def shot_of(scene: WorldScene) -> ShotPlan:
    """Return the plan that a drawn scene keeps to, with every assertion that a plan makes."""
    ids = [figure.character.upper() for figure in scene.figures]
    boxes = draw(scene).boxes
    entities = tuple(
        Entity(
            id=name, look=f"a {f.colour} {f.character}", prompt=region_text(f),
            character=f.character, color=f.colour,
        )
        for name, f in zip(ids, scene.figures, strict=True)
    )  # fmt: skip
    keyframes = tuple(
        Keyframe(
            time_s=at / FPS,
            placements=tuple(
                # The last in a scene stands in front.
                Placement(entity=ids[row], box=Box(*map(float, boxes[row, at])),
                          depth=len(ids) - row)
                for row in range(len(ids)) if boxes[row, at].any()
            ),
        )
        for at in range(0, FRAMES, KEY_EVERY)
    )  # fmt: skip
    asked = [(metric, name) for name in ids for metric in ("present", "motion", "layout")]
    asserted = [Assertion(id=f"shot/{m}.{n}", metric=m, subject=n) for m, n in asked]
    return ShotPlan(
        id="shot", scene="scene", duration_s=FRAMES / FPS, seed=0, place=scene.place,
        place_id=scene.place, background=PLACE_NOUNS[scene.place], entities=entities,
        keyframes=keyframes,
        beats=tuple(_beat(n, f) for n, f in zip(ids, scene.figures, strict=True)),
        assertions=(*asserted, Assertion(id="shot/place", metric="place")),
    )  # fmt: skip


def _beat(name: str, figure: Figure) -> Beat:
    motion, _, way = figure.motion.partition(" ")
    return Beat(entity=name, motion=motion, start_s=0, end_s=FRAMES / FPS,
                facing="left" if way == "left" else "right")  # fmt: skip


def sampled(rng: np.random.Generator) -> WorldScene:
    """Return a scene of one or two figures that no critic was trained on."""
    return scattered_scene(random.Random(int(rng.integers(2**31))), int(rng.integers(1, 3)))


def drawn(scene: WorldScene) -> KnownClip:
    """Return a scene's clip as it is drawn."""
    return KnownClip(shot_of(scene), draw(scene).frames, FPS)


def good(rng: np.random.Generator) -> tuple[WorldScene, KnownClip]:
    """Return a scene and its clip, as drawn or worn by what a picture survives."""
    scene = sampled(rng)
    clip = drawn(scene)
    if rng.random() >= _WORN:
        return scene, clip
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    frames = (worn(unit(clip.frames), generator) * 255).round().byte().movedim(1, -1).numpy()
    return scene, KnownClip(clip.shot, frames, FPS)


def spoiled(scene: WorldScene, rng: np.random.Generator) -> KnownClip:
    """Return the clip of a scene in which every figure is a mosaic, smeared, or gone."""
    if rng.random() < 1 / 3:
        return KnownClip(shot_of(scene), draw(WorldScene(scene.place, ())).frames, FPS)
    clip = draw(scene)
    for boxes in clip.boxes:
        shapeless(clip.frames, boxes, rng)
    return KnownClip(shot_of(scene), clip.frames, FPS)


def recast(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan with other animals of the same colours."""
    present = {e.character for e in shot.entities}
    others = [str(c) for c in rng.permutation([c for c in CHARACTERS if c not in present])]
    entities = tuple(
        e.model_copy(update={"character": other})
        for e, other in zip(shot.entities, others, strict=False)
    )
    return shot.model_copy(update={"entities": entities})


def recolored(shot: ShotPlan) -> ShotPlan:
    """Return the plan with every animal in the next colour."""
    entities = tuple(
        e.model_copy(update={"color": COLOURS[(COLOURS.index(e.color or "") + 1) % len(COLOURS)]})
        for e in shot.entities
    )
    return shot.model_copy(update={"entities": entities})


def redirected(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan with every beat another motion, or the other way where it travels."""
    beats = []
    for beat in shot.beats:
        others = [m for m in MOTIONS if m != motion_of(beat)]
        figure = Figure("owl", "red", str(rng.choice(others)), 0)
        beats.append(_beat(beat.entity, figure))
    return shot.model_copy(update={"beats": tuple(beats)})


def moved(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan in another place."""
    place = str(rng.choice([p for p in PLACES if p != shot.place_id]))
    return shot.model_copy(
        update={"place": place, "place_id": place, "background": PLACE_NOUNS[place]}
    )


def rests(beat: Beat) -> bool:
    """Say whether a beat may look like a still picture."""
    return beat.motion == "stand"


def travels(beat: Beat) -> bool:
    """Say whether a beat goes somewhere."""
    return beat.motion == "walk"
