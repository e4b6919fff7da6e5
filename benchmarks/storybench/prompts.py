"""Lines of a prompt file -> prompts -> shots, as a director would hand them to a family.

A prompt holds the boxes of every frame of the world's natural track, and so does its shot: between
fewer keyframes a hop would be a straight line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dreamrunner.engine.sr3ai.layout import Overlap
from dreamrunner.engine.storybook.models import FPS, FRAMES, HEIGHT, WIDTH
from dreamrunner.engine.storybook.world.additions import framing_in
from dreamrunner.engine.storybook.world.people import PERSON
from dreamrunner.engine.storybook.world.scene import SceneSpec, actor_from_boxes, draw_scene
from dreamrunner.engine.storybook.world.scenes.actors import Actor, natural_boxes
from dreamrunner.engine.storybook.world.vocabulary import Light, Weather
from dreamrunner.engine.storybook.world.words.captions import tied_prompt
from dreamrunner.engine.storybook.world.words.phrasing import wear_in
from dreamrunner.plan import (
    Beat,
    Capabilities,
    Entity,
    Keyframe,
    Placement,
    RenderSettings,
    ShotPlan,
)
from dreamrunner.story import Box

Facing = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Role:
    """One figure of a prompt. `boxes` [T, 4] in parts of the frame; a smaller depth is nearer."""

    character: str
    color: str
    motion: str
    facing: Facing
    prompt: str
    depth: int
    boxes: NDArray[np.float64]
    worn: str | None = None

    @property
    def id(self) -> str:
        # Two of a scene may be people.
        name = self.character.upper()
        return f"{name}-{self.depth}" if self.character == PERSON else name


@dataclass(frozen=True, slots=True)
class Prompt:
    """One line of a prompt file."""

    id: str
    seed: int
    place: str
    background: str
    joint: str
    roles: tuple[Role, ...]
    light: Light | None = None
    weather: Weather = "clear"


def read_prompts(path: Path) -> list[Prompt]:
    """Read every prompt of a file of JSON lines."""
    prompts = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        roles = (Role(**{**r, "boxes": np.asarray(r["boxes"], np.float64)}) for r in row["roles"])
        prompts.append(Prompt(**{**row, "roles": tuple(roles)}))
    return prompts


def role_of(spec: SceneSpec, actor: Actor, depth: int) -> Role:
    """Return the role of an actor in a scene."""
    size = (spec.width, spec.height)
    return Role(
        character=actor.character, color=actor.colourway, motion=actor.motion,
        facing=actor.facing, prompt=tied_prompt(spec, actor), depth=depth,
        boxes=np.clip(natural_boxes(actor, size), 0, 1).astype(np.float64),
        worn=str(actor.wear) if actor.wear else None,
    )  # fmt: skip


def to_shot(
    prompt: Prompt, *, regions: bool, overlap: Overlap = "depth",
    capabilities: Capabilities | None = None,
) -> ShotPlan:  # fmt: skip
    """Return the shot of a prompt: a text a region, or its joint sentence alone.

    It is sampled as an engine of these capabilities would be, if any are given.
    """
    length_s = FRAMES / FPS
    entities = tuple(
        Entity(
            id=role.id, look=_look(role), prompt=role.prompt,
            character=role.character, color=role.color,
        )
        for role in prompt.roles
    )  # fmt: skip
    beats = tuple(
        Beat(entity=role.id, motion=role.motion, facing=role.facing, start_s=0.0, end_s=length_s)
        for role in prompt.roles
    )
    settings = RenderSettings(regions=regions, overlap=overlap)
    if capabilities is not None:
        sampled = {"steps": capabilities.steps, "guidance": capabilities.guidance}
        settings = settings.model_copy(update=sampled)
    return ShotPlan(
        id=prompt.id, scene="benchmark", duration_s=length_s, seed=prompt.seed,
        place=prompt.place, place_id=prompt.place,
        background=prompt.background if regions else prompt.joint,
        entities=entities, beats=beats,
        keyframes=tuple(_keyframe(prompt, frame) for frame in range(FRAMES)),
        settings=settings, text=prompt.joint,
    )  # fmt: skip


def _keyframe(prompt: Prompt, frame: int) -> Keyframe:
    return Keyframe(
        time_s=frame / FPS,
        placements=tuple(
            Placement(entity=role.id, box=Box(*role.boxes[frame].tolist()), depth=role.depth)
            for role in prompt.roles
        ),
    )


def drawn(prompt: Prompt) -> NDArray[np.uint8]:
    """Draw a prompt as the world itself would: [T, h, w, 3], what a perfect model would make."""
    actors = tuple(
        actor_from_boxes(
            role.character, role.boxes, motion=role.motion, colourway=role.color,
            facing=role.facing, depth=-float(role.depth), entity_id=role.id,
            wear=wear_in(role.worn or ""), size=(WIDTH, HEIGHT), framing=framing_in(role.prompt),
        )
        for role in prompt.roles
    )  # fmt: skip
    spec = SceneSpec(
        prompt.place, prompt.seed % 1000, actors, WIDTH, HEIGHT, light=prompt.light,
        weather=prompt.weather,
    )  # fmt: skip
    return draw_scene(spec).frames


def _look(role: Role) -> str:
    return f"{role.color} {role.character}" + (f" with {role.worn}" if role.worn else "")
