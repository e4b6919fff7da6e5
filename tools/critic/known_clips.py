"""Drawn scenes -> clips with a plan, known to be good, and the same known to be bad in one thing.

What calibrates a critic: the truth is exact, because the scene was drawn from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...engine.storybook.critic import squares
from ...engine.storybook.critic.sentences import (
    SAME_MOTIONS,
    SAME_PLACES,
    CaptionDeed,
    deed,
    different,
    view,
)
from ...engine.storybook.training import critic_damage
from ...engine.storybook.training.critic_samples import known_scene
from ...engine.storybook.world.additions import ALL_MOTIONS, ALL_PLACES
from ...engine.storybook.world.additions import travels as goes_somewhere
from ...engine.storybook.world.people import PERSON, look_in, table
from ...engine.storybook.world.scene import (
    SceneSpec,
    draw_background,
    draw_scene,
    natural_boxes,
)
from ...engine.storybook.world.vocabulary import CHARACTERS
from ...plan import Assertion, Beat, Entity, Keyframe, Placement, ShotPlan
from ...story import Box
from .embedded import RESTING

KEY_EVERY = 4  # frames between two keyframes of a plan


Scene = TypeVar("Scene")


class KnownWorld(Protocol[Scene]):
    """A drawn world's clips: right, and wrong in one thing. This module is the storybook's."""

    def sampled(self, rng: np.random.Generator, /) -> Scene: ...
    def drawn(self, scene: Scene, /) -> KnownClip: ...
    def good(self, rng: np.random.Generator, /) -> tuple[Scene, KnownClip]: ...
    def spoiled(self, scene: Scene, rng: np.random.Generator, /) -> KnownClip: ...
    def recast(self, shot: ShotPlan, rng: np.random.Generator, /) -> ShotPlan: ...
    def recolored(self, shot: ShotPlan, /) -> ShotPlan: ...
    def redirected(self, shot: ShotPlan, rng: np.random.Generator, /) -> ShotPlan: ...
    def moved(self, shot: ShotPlan, rng: np.random.Generator, /) -> ShotPlan: ...
    def rests(self, beat: Beat, /) -> bool: ...
    def travels(self, beat: Beat, /) -> bool: ...


@dataclass(frozen=True, eq=False)
class KnownClip:
    """A clip [T, h, w, 3] uint8 and the shot that it is measured against."""

    shot: ShotPlan
    frames: NDArray[np.uint8]
    fps: float


def shot_of(spec: SceneSpec, shot_id: str = "shot") -> ShotPlan:
    """Return the plan that a drawn scene keeps to, with every assertion that a plan makes."""
    ids = [actor.entity_id.upper() for actor in spec.actors]
    entities = tuple(
        Entity(
            id=name,
            look=a.colourway if a.character == PERSON else f"a {a.colourway} {a.character}",
            prompt=deed(CaptionDeed(a.character, a.colourway, a.motion, a.facing, a.wear)),
            character=a.character,
            color=a.colourway,
        )
        for name, a in zip(ids, spec.actors, strict=True)
    )
    duration_s = spec.frames / spec.fps
    beats = tuple(
        Beat(entity=name, motion=a.motion, start_s=0.0, end_s=duration_s, facing=a.facing)
        for name, a in zip(ids, spec.actors, strict=True)
    )
    boxes = [natural_boxes(actor, (spec.width, spec.height)) for actor in spec.actors]
    keyframes = tuple(
        Keyframe(
            time_s=at / spec.fps,
            placements=tuple(
                Placement(entity=name, box=Box(*(float(v) for v in rows[at])))
                for name, rows in zip(ids, boxes, strict=True)
            ),
        )
        for at in range(0, spec.frames, KEY_EVERY)
    )
    asked = [(metric, name) for name in ids for metric in ("present", "motion", "layout")]
    asserted = [Assertion(id=f"{shot_id}/{m}.{n}", metric=m, subject=n) for m, n in asked]
    return ShotPlan(
        id=shot_id,
        scene="scene",
        duration_s=duration_s,
        seed=spec.seed,
        place=spec.place,
        place_id=spec.place,
        background=view(spec.setting),
        entities=entities,
        keyframes=keyframes,
        beats=beats,
        assertions=(*asserted, Assertion(id=f"{shot_id}/place", metric="place")),
    )


def sampled(rng: np.random.Generator) -> SceneSpec:
    """Return a scene that no critic was trained on."""
    return known_scene(rng)


def drawn(spec: SceneSpec) -> KnownClip:
    """Return a scene's clip as it is drawn."""
    return KnownClip(shot_of(spec), draw_scene(spec).frames, spec.fps)


def rests(beat: Beat) -> bool:
    """Say whether a beat may look like a still picture."""
    return beat.motion in RESTING


def travels(beat: Beat) -> bool:
    """Say whether a beat goes somewhere."""
    return goes_somewhere(beat.motion)


def good(rng: np.random.Generator) -> tuple[SceneSpec, KnownClip]:
    """Return a scene and its clip, as drawn or worn by what a picture survives."""
    spec = sampled(rng)
    pixels = squares.to_pixels(draw_scene(spec).frames)
    if rng.random() < 0.6:
        pixels = critic_damage.wear(pixels, rng)
    return spec, KnownClip(shot_of(spec), to_frames(pixels), spec.fps)


def spoiled(spec: SceneSpec, rng: np.random.Generator) -> KnownClip:
    """Return the clip of a scene in which every figure is a blob, smeared, or gone."""
    clip = draw_scene(spec, with_masks=True)
    assert clip.masks is not None
    pixels, masks = squares.to_pixels(clip.frames), torch.from_numpy(clip.masks)
    background = squares.to_pixels(draw_background(spec))
    for mask, boxes in zip(masks, torch.from_numpy(clip.boxes), strict=True):
        kind = rng.random()
        if kind < 0.5:
            pixels = critic_damage.as_blob(pixels, mask, background, rng)
        elif kind < 0.75:
            pixels = critic_damage.smeared(pixels, boxes, rng)
        else:
            pixels = critic_damage.without(pixels, mask, background)
    return KnownClip(shot_of(spec), to_frames(pixels), spec.fps)


def frozen(specimen: KnownClip) -> KnownClip:
    """Return the clip with its middle frame for all of its time."""
    at = len(specimen.frames) // 2
    still = np.repeat(specimen.frames[at : at + 1], len(specimen.frames), axis=0)
    return replace(specimen, frames=still)


def shuffled(specimen: KnownClip, rng: np.random.Generator) -> KnownClip:
    """Return the clip with its frames in another order."""
    return replace(specimen, frames=specimen.frames[rng.permutation(len(specimen.frames))])


def backwards(specimen: KnownClip) -> KnownClip:
    """Return the clip and its boxes from the end to the beginning; its words say the first way."""
    duration_s = specimen.shot.duration_s
    keyframes = tuple(
        key.model_copy(update={"time_s": max(0.0, duration_s - 1 / specimen.fps - key.time_s)})
        for key in reversed(specimen.shot.keyframes)
    )
    shot = specimen.shot.model_copy(update={"keyframes": keyframes})
    return replace(specimen, shot=shot, frames=specimen.frames[::-1].copy())


def mirrored(specimen: KnownClip) -> KnownClip:
    """Return the clip and its boxes the other way round; its words still say the first way."""
    keyframes = tuple(
        key.model_copy(
            update={
                "placements": tuple(
                    p.model_copy(
                        update={
                            "box": Box(1 - p.box.right, p.box.top, 1 - p.box.left, p.box.bottom)
                        }
                    )
                    for p in key.placements
                )
            }
        )
        for key in specimen.shot.keyframes
    )
    shot = specimen.shot.model_copy(update={"keyframes": keyframes})
    return replace(specimen, shot=shot, frames=specimen.frames[:, :, ::-1].copy())


def recast(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan with other animals of the same colours, and animals for people."""
    present = {e.character for e in shot.entities}
    others = [str(c) for c in rng.permutation([c for c in CHARACTERS if c not in present])]
    entities = tuple(
        e.model_copy(
            update={"character": other}
            if e.character != PERSON
            else {"character": other, "color": CHARACTERS[other].colourways[0]}
        )
        for e, other in zip(shot.entities, others, strict=False)
    )
    return shot.model_copy(update={"entities": entities})


def recolored(shot: ShotPlan) -> ShotPlan:
    """Return the plan with every animal in its other colour, and everybody's clothes in another."""
    entities = []
    for entity in shot.entities:
        if (look := look_in(entity.color or "")) is not None:
            colours = table().colours
            other = colours[(colours.index(look.colour) + 1) % len(colours)]
            dyed = str(replace(look, colour=other))
            entities.append(entity.model_copy(update={"color": dyed}))
            continue
        ways = CHARACTERS[entity.character or ""].colourways
        other = next(way for way in ways if way != entity.color)
        entities.append(entity.model_copy(update={"color": other}))
    return shot.model_copy(update={"entities": tuple(entities)})


def redirected(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan with every beat another motion, or the other way where it travels."""
    beats = []
    for beat in shot.beats:
        if travels(beat) and rng.random() < 0.3:
            facing = "left" if beat.facing == "right" else "right"
            beats.append(beat.model_copy(update={"facing": facing}))
            continue
        motion = str(rng.choice(different(beat.motion, ALL_MOTIONS, SAME_MOTIONS)))
        beats.append(beat.model_copy(update={"motion": motion}))
    return shot.model_copy(update={"beats": tuple(beats)})


def moved(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan in another place."""
    place = str(rng.choice(different(shot.place_id or "", ALL_PLACES, SAME_PLACES)))
    return shot.model_copy(update={"place": place, "place_id": place, "background": view(place)})


def shifted(shot: ShotPlan, rng: np.random.Generator) -> ShotPlan:
    """Return the plan with every figure's boxes well away from where it is."""
    ways = {
        e.id: (float(rng.choice([-1, 1]) * rng.uniform(0.6, 1.2)), float(rng.uniform(-0.3, 0.3)))
        for e in shot.entities
    }
    keyframes = []
    for key in shot.keyframes:
        placements = []
        for p in key.placements:
            dx, dy = ways[p.entity]
            box = p.box.moved(dx * p.box.width, dy * p.box.height)
            placements.append(p.model_copy(update={"box": box}))
        keyframes.append(key.model_copy(update={"placements": tuple(placements)}))
    return shot.model_copy(update={"keyframes": tuple(keyframes)})


def to_frames(pixels: Tensor) -> NDArray[np.uint8]:
    """Turn [T, 3, h, w] fp32 in [-1, 1] into frames [T, h, w, 3] uint8."""
    frames: NDArray[np.uint8] = (
        ((pixels.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    )
    return frames
