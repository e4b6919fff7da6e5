"""Story -> Plan by rules: deterministic, and the default where no language model is configured.

Two levels, as in the paper (arXiv 2411.16657, 3.1): scenes and passages with their motions first,
then for each shot its entities, prompts and boxes on keyframes. What the writer fixed is used as
it stands and recorded as a pin.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..plan import Capabilities, Plan, ScenePlan, ShotPlan
from ..story import Scene, Story
from .assertions import derived, expected, shared_out
from .framing import frame
from .glossary import Glossary, gather, is_voice
from .locations import locate
from .passages import Passage, phases_of, split_passages, timed
from .reading import Memory, read
from .shots import Setup, film
from .staging import Standing

DEFAULT_SEED = 7
_SEED_RANGE = 2**31
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Continuity:
    """What carries over from shot to shot: pronouns, and where everyone was last seen."""

    memory: Memory = Memory()
    last_seen: dict[str, tuple[str, Standing]] = field(default_factory=dict)

    def seen_at(self, place: str) -> dict[str, Standing]:
        """Return how everyone stood whose last shot was in a place."""
        return {e: standing for e, (where, standing) in self.last_seen.items() if where == place}


def direct(story: Story, capabilities: Capabilities, *, default_seed: int = DEFAULT_SEED) -> Plan:
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
            for shot in _direct_scene(story, scene, glossary, capabilities, kept)
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
        _log.info("%s", note)
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
    story: Story,
    scene: Scene,
    glossary: Glossary,
    capabilities: Capabilities,
    kept: _Continuity,
) -> list[ShotPlan]:
    passages = timed(scene, _read_passages(scene, glossary, kept), capabilities.clip_s)
    prose = " ".join(passage.action.text for passage in passages if passage.action)
    shots: list[ShotPlan] = []
    for passage in passages:
        view = passage.reading.view if passage.reading else ""
        location = locate(scene.heading, prose, view, glossary, capabilities)
        framed = frame(story, scene, passage, glossary, capabilities)
        setup = Setup(scene, passage, framed, location, glossary, capabilities)
        here = location.place_id or location.place
        filmed = film(setup, len(shots) + 1, kept.seen_at(here))
        kept.last_seen.update({e: (here, s) for e, s in filmed.after.items()})
        shots += filmed.shots
    return _with_assertions(scene, shots)


def _read_passages(scene: Scene, glossary: Glossary, kept: _Continuity) -> list[Passage]:
    """Return the passages of a scene with what their paragraphs say, in phases."""
    # A new scene has others in it: "they" are those whom it names.
    kept.memory = replace(kept.memory, present=())
    passages: list[Passage] = []
    for passage in split_passages(scene):
        if passage.action is not None:
            reading = read(passage.action.text, glossary, kept.memory)
            kept.memory = reading.memory
            passage = replace(passage, reading=reading, phases=phases_of(reading.deeds))
        speakers = [d.speaker for d in passage.dialogues if not is_voice(d)]
        if speakers:  # who spoke last is whom "he" and "she" mean next
            kept.memory = replace(kept.memory, subjects=(speakers[-1],))
        passages.append(passage)
    return passages


def _with_assertions(scene: Scene, shots: Sequence[ShotPlan]) -> list[ShotPlan]:
    shares = shared_out(scene, [[e.id for e in shot.entities] for shot in shots])
    return [
        shot.model_copy(
            update={
                "assertions": (
                    *derived(shot.id, shot.entities, shot.beats),
                    *expected(shot.id, wishes),
                )
            }
        )
        for shot, wishes in zip(shots, shares, strict=True)
    ]
