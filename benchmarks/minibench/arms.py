"""Scene of the miniature's world -> shots that ask for it in different ways: the arms.

Scenes and seeds were fixed before anything was trained. Boxes are those of the drawn figures, a
little wider; every arm of a scene has the same noise.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dreamrunner.engine.miniature.captions import (
    PLACE_NOUNS,
    VERBS,
    caption,
    random_scene,
    region_text,
)
from dreamrunner.engine.miniature.world import (
    FPS,
    FRAMES,
    MOTIONS,
    PLACES,
    SPOTS,
    WIDTH,
    Figure,
    WorldScene,
    draw,
)
from dreamrunner.plan import Entity, Keyframe, Placement, RenderSettings, ShotPlan
from dreamrunner.story import Box

SEED = 1906
STEPS, GUIDANCE = 20, 3.0
_MARGIN = 0.03
_EVERY = 5  # frames between keyframes
_LAST = FRAMES - 1

Boxes = NDArray[np.float32]  # [A, T, 4]


@dataclass(frozen=True, eq=False)
class Asked:
    """A scene, its planned boxes [A, T, 4], and who is to be where if it is not as planned."""

    id: str
    scene: WorldScene
    boxes: Boxes
    wanted: tuple[Figure, ...]

    @classmethod
    def of(cls, name: str, scene: WorldScene) -> Asked:
        boxes = draw(scene).boxes
        wide = boxes + np.array([-_MARGIN, -_MARGIN, _MARGIN, _MARGIN], np.float32)
        return cls(name, scene, wide.clip(0, 1), scene.figures)


def singles(count: int) -> list[Asked]:
    """Return scenes of one figure, of kinds that training showed."""
    chance = random.Random(SEED)
    return [Asked.of(f"single {n}", random_scene(chance, 1)) for n in range(count)]


def pairs(count: int) -> list[Asked]:
    """Return scenes of two figures, each in its half."""
    chance = random.Random(SEED + 1)
    return [Asked.of(f"pair {n}", random_scene(chance, 2)) for n in range(count)]


def triples(count: int) -> list[Asked]:
    """Return scenes of three figures, one on each spot, which training never showed."""
    chance, found = random.Random(SEED + 4), []
    for number in range(count):
        two, third = random_scene(chance, 2), random_scene(chance, 1).figures[0]
        while any(third.character == other.character for other in two.figures):
            third = random_scene(chance, 1).figures[0]
        # Who walks would leave a spot for another's.
        figures = tuple(
            replace(figure, x=x, motion="stand" if "walk" in figure.motion else figure.motion)
            for figure, x in zip((*two.figures, third), SPOTS, strict=True)
        )
        found.append(Asked.of(f"triple {number}", WorldScene(two.place, figures)))
    return found


def overlapping(count: int) -> list[Asked]:
    """Return scenes of two figures of which one stands partly before the other."""
    chance, found = random.Random(SEED + 2), []
    for number in range(count):
        back, front = random_scene(chance, 2).figures
        placed = (
            replace(back, x=SPOTS[1] - 8, motion="stand"),
            replace(front, x=SPOTS[1] + 8, motion="stand"),
        )
        found.append(Asked.of(f"overlap {number}", WorldScene(chance.choice(PLACES), placed)))
    return found


def shot(
    asked: Asked, seed: int, texts: Sequence[str], boxes: Boxes | None, **settings: object
) -> ShotPlan:
    """Return a shot: with boxes a text for each and the background, without one caption."""
    frames = [*range(0, FRAMES, _EVERY), _LAST] if boxes is not None else []
    frames = sorted(set(frames))
    entities = tuple(
        Entity(id=f"FIGURE{row}", look="", prompt=text) for row, text in enumerate(texts)
    )
    return ShotPlan(
        id=asked.id, scene="1", duration_s=FRAMES / FPS, seed=seed, place=asked.scene.place,
        background=PLACE_NOUNS[asked.scene.place] if boxes is not None else texts[0],
        entities=entities if boxes is not None else (),
        keyframes=tuple(
            Keyframe(
                time_s=at / FPS,
                placements=tuple(
                    # The last in a scene stands in front.
                    Placement(entity=one.id, box=Box(*map(float, boxes[row, at])),
                              depth=len(entities) - row)
                    for row, one in enumerate(entities) if boxes[row, at].any()
                ),
            )
            for at in frames
        ),
        settings=RenderSettings.model_validate(
            {"steps": STEPS, "guidance": GUIDANCE, **settings}
        ),
    )  # fmt: skip


def _said(asked: Asked) -> list[str]:
    return [region_text(figure) for figure in asked.scene.figures]


def one_caption(asked: Asked, seed: int) -> ShotPlan:
    return shot(asked, seed, [caption(asked.scene)], None)


def caption_with_sides(asked: Asked, seed: int) -> ShotPlan:
    return shot(asked, seed, [caption(asked.scene, sides=True)], None)


def all_visible(asked: Asked, seed: int) -> ShotPlan:
    """The real control: the same texts as regions have, and no region rules."""
    return shot(asked, seed, _said(asked), asked.boxes, region_layers=(0.0, 0.0))


def by_regions(asked: Asked, seed: int) -> ShotPlan:
    return shot(asked, seed, _said(asked), asked.boxes)


def by_depth(asked: Asked, seed: int) -> ShotPlan:
    return shot(asked, seed, _said(asked), asked.boxes, overlap="depth")


def early_steps(asked: Asked, seed: int) -> ShotPlan:
    return shot(asked, seed, _said(asked), asked.boxes, region_steps=(0.0, 0.5))


def early_layers(asked: Asked, seed: int) -> ShotPlan:
    return shot(asked, seed, _said(asked), asked.boxes, region_layers=(0.0, 0.5))


def merged(asked: Asked, seed: int) -> ShotPlan:
    """Give tokens in both boxes a text of both, as the paper merges captions of overlaps.

    The box of both is a third region; by depth it lies in front of the two.
    """
    first, second = asked.boxes
    both = np.concatenate(
        [np.maximum(first[:, :2], second[:, :2]), np.minimum(first[:, 2:], second[:, 2:])], axis=1
    )
    both[(both[:, :2] >= both[:, 2:]).any(1)] = 0
    texts = _said(asked)
    boxes = np.stack([first, second, both])
    return shot(asked, seed, [*texts, " and ".join(texts)], boxes, overlap="depth")


def swapped(asked: Asked, seed: int) -> ShotPlan:
    return shot(asked, seed, _said(asked)[::-1], asked.boxes)


def swapped_wish(asked: Asked) -> Asked:
    """Return what must be found where the two texts were exchanged."""
    return replace(asked, wanted=asked.wanted[::-1])


def moved_wish(asked: Asked) -> Asked:
    """Return a scene of one figure whose box was taken to the other side of the frame."""
    here = asked.scene.figures[0].x
    there = SPOTS[-1] if here < SPOTS[-1] else SPOTS[0]
    shift = (there - here) / WIDTH
    boxes = asked.boxes + np.array([shift, 0, shift, 0], np.float32)
    return replace(asked, boxes=boxes.clip(0, 1))


@dataclass(frozen=True, eq=False)
class InTime:
    """One figure and two motions, one in each half of the clip."""

    asked: Asked
    motions: tuple[str, str]

    def split(self, seed: int, *, exchanged: bool = False) -> ShotPlan:
        """Ask by two regions, one after the other; `exchanged` gives them each other's text."""
        figure = self.asked.scene.figures[0]
        motions = self.motions[::-1] if exchanged else self.motions
        texts = [region_text(replace(figure, motion=motion)) for motion in motions]
        box = self.asked.boxes[0]
        early, late = box.copy(), box.copy()
        early[FRAMES // 2 :], late[: FRAMES // 2] = 0, 0
        return shot(self.asked, seed, texts, np.stack([early, late]))

    def sentence(self, seed: int) -> ShotPlan:
        """Ask by one caption: first this, then that."""
        figure = self.asked.scene.figures[0]
        first, then = (VERBS[motion][0] for motion in self.motions)
        who = region_text(figure).removesuffix(VERBS[figure.motion][0]).strip()
        said = f"{who} first {first} then {then}, {PLACE_NOUNS[self.asked.scene.place]}"
        return shot(self.asked, seed, [said], None)


def in_time(count: int) -> list[InTime]:
    """Return scenes of one figure that stays within its box and does two things."""
    chance, found = random.Random(SEED + 3), []
    staying = [motion for motion in MOTIONS[:6] if motion in ("stand", "jump", "bow")]
    for number in range(count):
        scene = random_scene(chance, 1)
        motions = tuple(chance.sample(staying, 2))
        still = replace(scene, figures=(replace(scene.figures[0], motion="jump"),))
        tall = Asked.of(f"in time {number}", still)
        box = tall.boxes[0]
        box[:] = [*box[:, :2].min(0), *box[:, 2:].max(0)]
        found.append(InTime(tall, (motions[0], motions[1])))
    return found


Arm = Callable[[Asked, int], ShotPlan]
MAIN: dict[str, Arm] = {
    "one caption": one_caption,
    "caption naming sides": caption_with_sides,
    "texts all visible": all_visible,
    "regions": by_regions,
}
SIDE: dict[str, Arm] = {
    "by depth": by_depth,
    "regions in half of the steps": early_steps,
    "regions in half of the layers": early_layers,
}
