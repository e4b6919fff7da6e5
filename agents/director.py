"""Story -> Plan by rules: deterministic, and the default where no language model is configured.

Two levels, as in the paper (arXiv 2411.16657, 3.1): scenes and takes with their motions first,
then for each shot its entities, prompts and boxes on keyframes. What the writer fixed is used as
it stands and recorded as a pin.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..plan import Capabilities, Plan, ScenePlan, ShotPlan
from ..story import Scene, Story
from .assertions import expected, shared_out
from .casting import Part, cast_part
from .glossary import Glossary, gather, is_voice
from .reading import Memory, read
from .shots import Setup, filmed
from .staging import Standing
from .takes import Take, phases_of, split_takes, timed

DEFAULT_SEED = 7
_SEED_RANGE = 2**31
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Continuity:
    """What carries over from shot to shot: pronouns, and where everyone was last seen."""

    memory: Memory = Memory()
    last_seen: dict[str, tuple[str, Standing]] = field(default_factory=dict)


def direct(
    story: Story, capabilities: Capabilities, *, default_seed: int = DEFAULT_SEED
) -> Plan:
    """Return the plan of a story for an engine.

    Args:
        story: what the writer said.
        capabilities: what the engine can draw.
        default_seed: where the title page has no `Seed:`.
    """
    glossary = gather(story, capabilities)
    base_seed = _base_seed(story, default_seed)
    kept = _Continuity()
    style, negative = story.title_value("Style") or "", story.title_value("Negative") or ""
    scenes = []
    for scene in story.scenes:
        shots = [
            shot.model_copy(
                update={
                    "seed": scene.seed.value if scene.seed else shot_seed(base_seed, shot.id),
                    "style": style,
                    "negative": negative,
                }
            )
            for shot in _direct_scene(scene, glossary, capabilities, kept)
        ]
        place = scene.heading.place or scene.heading.text
        scenes.append(
            ScenePlan(
                id=scene.id, heading=scene.heading.text, place=place, shots=tuple(shots),
                span=scene.span,
            )
        )  # fmt: skip
    notes = dict.fromkeys(note for scene in scenes for shot in scene.shots for note in shot.notes)
    for note in notes:
        _log.warning("%s", note)
    return Plan(
        title=story.title,
        director="rules",
        fps=capabilities.fps,
        width=capabilities.width,
        height=capabilities.height,
        scenes=tuple(scenes),
        style=style,
        negative=negative,
        notes=tuple(notes),
    )


def shot_seed(base: int, shot_id: str) -> int:
    """Return a seed that depends on the story's seed and the shot's id alone."""
    digest = hashlib.sha256(f"{base}/{shot_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % _SEED_RANGE


def _base_seed(story: Story, default_seed: int) -> int:
    written = (story.title_value("Seed") or "").strip()
    return int(written) if written.isdecimal() else default_seed


def _direct_scene(
    scene: Scene, glossary: Glossary, capabilities: Capabilities, kept: _Continuity
) -> list[ShotPlan]:
    # A new scene has others in it: "they" are those whom it names.
    kept.memory = replace(kept.memory, present=())
    takes = timed(scene, _read_takes(scene, glossary, kept), capabilities.clip_s)
    number = 0
    shots: list[ShotPlan] = []
    for take in takes:
        setup = Setup(scene, take, glossary, capabilities)
        for shot, after in filmed(setup, _parts(setup), dict(kept.last_seen)):
            number += 1
            shots.append(shot.model_copy(update={"id": f"{scene.id}.{number}"}))
            kept.last_seen.update(after)
    return list(_with_assertions(scene, shots))
