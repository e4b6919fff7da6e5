"""A person is seen where one is, whatever they look like, and not where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dreamrunner.engine.storybook.world.additions import CROWN, FRAMED
from dreamrunner.engine.storybook.world.people import PERSON
from dreamrunner.engine.storybook.world.scene import (
    SceneSpec,
    draw_background,
    draw_scene,
    make_actor,
)
from dreamrunner.plan import Entity
from dreamrunner.story import Box
from dreamrunner.tools.critic.embedded import WorldWording, load_embedded
from dreamrunner.tools.critic.measure import CriticSetup
from dreamrunner.tools.critic.ports import Region, SampledFrames

AT = (2, 8, 14, 20)
# Looks that the contest of texts took for a fox and for a lion.
COOK = "stout man, brown skin, white hair, beard, red apron, blue cap"
WOMAN = "young woman, tan skin, long red hair, yellow dress"


@pytest.fixture(scope="module")
def critic() -> CriticSetup:
    return load_embedded()


def to_the_waist(look: str) -> SceneSpec:
    low, _ = FRAMED["medium"]
    tall = 0.88 / ((low - CROWN) / 100)
    actor = make_actor(
        PERSON, x=0.5, y=1.0 + tall * (100 - low) / 100, height=tall, motion="talk",
        colourway=look, extent=0.0,
    )  # fmt: skip
    return SceneSpec("kitchen", 3, (replace(actor, framing="medium"),), 144, 96)


def chance(
    critic: CriticSetup, frames: NDArray[np.uint8], box: NDArray[np.floating], texts: list[str]
) -> float:
    """Return how likely the first text is of what is in a box."""
    footage = SampledFrames(frames, tuple(range(len(frames))), tuple(n / 8 for n in AT))
    boxes = (Box(*map(float, box)),) * len(frames)
    chances = critic.ports.comparer.pictures(Region(footage, boxes), texts)
    assert np.allclose(chances.sum(1), 1.0, atol=1e-4)
    return float(chances[:, 0].mean())


@pytest.mark.parametrize("look", [COOK, WOMAN])
def test_a_person_is_seen_whatever_they_look_like(critic: CriticSetup, look: str) -> None:
    spec = to_the_waist(look)
    entity = Entity(id="OTTO", look=look, prompt="", character=PERSON, color=look)
    contest = WorldWording().kind(entity)
    texts = [contest.right, *contest.wrong]
    clip = draw_scene(spec, at=AT)
    box = clip.boxes[0, AT[1]]
    assert chance(critic, clip.frames, box, texts) > critic.card.thresholds["present"]
    empty = draw_background(spec, at=AT)
    assert chance(critic, empty, box, texts) < 0.3
