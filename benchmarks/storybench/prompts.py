"""Lines of a prompt file -> prompts -> shots, as a director would hand them to a family.

A prompt holds the boxes of every frame of the world's natural track; a shot's keyframes are those
boxes at the times of the model's latent frames.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dreamrunner.engine.layout import latent_times
from dreamrunner.engine.storybook.models import FPS, FRAMES, VAE_CONFIG
from dreamrunner.engine.storybook.world.phrasing import wear_in
from dreamrunner.engine.storybook.world.scene import SceneSpec, actor_from_boxes, draw_scene
from dreamrunner.engine.storybook.world.vocabulary import Light, Weather
from dreamrunner.plan import Beat, Entity, Keyframe, Placement, RenderSettings, ShotPlan
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
        return self.character.upper()


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


def keyframe_times() -> tuple[float, ...]:
    """Return the times in seconds of the storybook family's latent frames."""
    gathered = VAE_CONFIG["temporal_compression_ratio"]
    return latent_times((FRAMES - 1) // gathered + 1, gathered, FPS)


def to_shot(prompt: Prompt, *, regions: bool) -> ShotPlan:
    """Return the shot of a prompt: a text a region, or its joint sentence alone."""
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
    return ShotPlan(
        id=prompt.id, scene="benchmark", duration_s=length_s, seed=prompt.seed,
        place=prompt.place, place_id=prompt.place,
        background=prompt.background if regions else prompt.joint,
        entities=entities, beats=beats,
        keyframes=tuple(_keyframe(prompt, time_s) for time_s in keyframe_times()),
        settings=RenderSettings(regions=regions), text=prompt.joint,
    )  # fmt: skip


def _keyframe(prompt: Prompt, time_s: float) -> Keyframe:
    placements = []
    for role in prompt.roles:
        times = np.arange(len(role.boxes)) / FPS
        edges = [float(np.interp(time_s, times, role.boxes[:, k])) for k in range(4)]
        placements.append(Placement(entity=role.id, box=Box(*edges), depth=role.depth))
    return Keyframe(time_s=time_s, placements=tuple(placements))


def drawn(prompt: Prompt) -> NDArray[np.uint8]:
    """Draw a prompt as the world itself would: [T, h, w, 3], what a perfect model would make."""
    actors = tuple(
        actor_from_boxes(
            role.character, role.boxes, motion=role.motion, colourway=role.color,
            facing=role.facing, depth=-float(role.depth), entity_id=role.id,
            wear=wear_in(role.worn or ""),
        )
        for role in prompt.roles
    )  # fmt: skip
    spec = SceneSpec(
        prompt.place, prompt.seed % 1000, actors, light=prompt.light, weather=prompt.weather
    )
    return draw_scene(spec).frames


def _look(role: Role) -> str:
    return f"{role.color} {role.character}" + (f" with {role.worn}" if role.worn else "")
