"""A passage and its scene -> who is in the frame, and who speaks to whom."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..plan import Capabilities
from ..story import Scene, Story
from .casting import cast_part
from .glossary import Glossary, is_voice
from .lexicon import Spot
from .passages import Passage
from .tails import Tie

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """Who is in the frame, in order of mention; `talks` are bonds between who speaks and hears."""

    entities: tuple[str, ...]
    spots: Mapping[str, Spot]
    talks: tuple[Tie, ...]
    references: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]


def frame(
    story: Story, scene: Scene, passage: Passage, glossary: Glossary, capabilities: Capabilities
) -> Frame:
    """Return who is in the frame during a passage: who acts, is placed, speaks or is seen.

    Props that an engine's world lacks, and all beyond the most that it draws at once, are left
    out with a note; whom the writer placed, and who acts, stay longest. A prop that does nothing
    by itself is in the words of who has it, and needs no region.
    """
    reading = passage.reading
    doers = [deed.entity for phase in passage.phases for deed in phase]
    seen = list(reading.seen) if reading else []
    placed = _placed(scene, passage, doers + seen)
    speakers = _speakers(passage, glossary, capabilities)
    notes: list[str] = []
    ranked: list[str] = []
    for entity in dict.fromkeys((*placed, *doers, *speakers, *seen)):
        if _is_undrawn(entity, glossary, capabilities):
            notes.append(f"{entity} is a prop that {capabilities.name} does not draw")
        elif entity in glossary.props and entity not in (*placed, *doers):
            continue
        else:
            ranked.append(entity)
    chosen, left_out = ranked[: capabilities.max_entities], ranked[capabilities.max_entities :]
    if left_out:
        names = ", ".join(left_out)
        most = capabilities.max_entities
        notes.append(f"{capabilities.name} draws {most} at once; left out of this shot: {names}")
        _log.warning("scene %s: %s", scene.id, notes[-1])
    mentioned = dict.fromkeys((*seen, *ranked))
    entities = tuple(e for e in mentioned if e in chosen)
    return Frame(
        entities=entities,
        spots=dict(reading.spots) if reading else {},
        talks=_talks(speakers, entities),
        references=_references(story),
        notes=tuple(notes),
    )


def _is_undrawn(entity: str, glossary: Glossary, capabilities: Capabilities) -> bool:
    """Say whether somebody is a thing that an engine's world does not have."""
    if entity not in glossary.props or not capabilities.characters:
        return False
    return cast_part(entity, glossary, capabilities).character is None


def _placed(scene: Scene, passage: Passage, mentioned: Sequence[str]) -> list[str]:
    """Return whom directives and tags put into a passage."""
    placed = [
        layout.entity
        for layout in scene.layouts
        if layout.entity in mentioned
        or (layout.keys[0].time_s < passage.end_s and layout.keys[-1].time_s >= passage.start_s)
    ]
    for beat in scene.motions:
        ends = beat.end_s if beat.end_s is not None else passage.end_s
        if beat.start_s < passage.end_s and ends > passage.start_s:
            placed.append(beat.entity)
    return [*placed, *(tag.entity for tag in passage.tags if tag.entity)]


def _speakers(passage: Passage, glossary: Glossary, capabilities: Capabilities) -> list[str]:
    """Return who speaks in the picture: not a voice, and somebody whom one can picture."""
    names = dict.fromkeys(d.speaker for d in passage.dialogues if not is_voice(d))
    return [
        name
        for name in names
        if glossary.looks.get(name)
        or not capabilities.characters
        or cast_part(name, glossary, capabilities).character
        or (passage.reading is not None and name in passage.reading.memory.present)
    ]


def _talks(speakers: Sequence[str], entities: Sequence[str]) -> tuple[Tie, ...]:
    """Return bonds that turn speakers to those they speak to, and these to them."""
    talks: list[Tie] = []
    for speaker in speakers:
        others = [e for e in (*speakers, *entities) if e != speaker and e in entities]
        if others and speaker in entities:
            talks += [Tie(speaker, "face", others[0]), Tie(others[0], "face", speaker)]
    return tuple(talks)


def _references(story: Story) -> dict[str, tuple[str, ...]]:
    return {m.name: tuple(r.path for r in m.references) for m in story.cast if m.references}
