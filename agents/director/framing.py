"""A passage and its scene -> who is in the frame, and who speaks to whom."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...plan import Capabilities, LoraFile
from ...story import Scene, Shot, ShotKind, Story
from .beats import lora_file
from .blocking.columns import HEIGHTS
from .casting import cast_part
from .passages import Passage
from .reading.complements import EntityRelation
from .reading.coreference import is_several
from .reading.glossary import Glossary
from .reading.lexicon import Spot
from .reading.words.things import THRONGS
from .speakers import seen_speakers

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Framing:
    """Who is in the frame, in order of mention; `talks` relate each speaker to those who listen.

    `scale` is how large the shot shows everyone, beside a shot of no particular kind.
    """

    entities: tuple[str, ...]
    spots: Mapping[str, Spot]
    talks: tuple[EntityRelation, ...]
    references: Mapping[str, tuple[str, ...]]
    loras: Mapping[str, LoraFile]
    notes: tuple[str, ...]
    scale: float = 1.0


# How tall somebody is in a kind of shot beside one that shows them from head to foot.
_SCALES: dict[ShotKind, float] = {
    "establishing": 0.5, "wide": 0.7, "full": 1.0, "medium": 1.25, "close": 1.55, "insert": 1.8,
}  # fmt: skip
_TALLEST = 0.88
_PAIR = 2


def frame(
    story: Story,
    scene: Scene,
    passage: Passage,
    glossary: Glossary,
    capabilities: Capabilities,
    *,
    shot: Shot | None = None,
) -> Framing:
    """Return who is in the frame during a passage: who acts, is placed, speaks or is seen.

    Props that an engine's world lacks and nobody has placed, and all beyond the most that it draws
    at once, are left out with a note; whom the writer placed, and who acts, stay longest. A prop
    that does nothing by itself is in the words of who has it, and needs no region.
    """
    reading = passage.reading
    doers = [deed.entity for phase in passage.phases for deed in phase]
    away = reading.unseen if reading else frozenset()
    doers = [e for e in doers if e not in away]
    seen = [e for e in reading.seen if e not in away] if reading else []
    placed = _placed(scene, passage, doers + seen)
    silent = away - reading.pictured if reading else away
    speakers = [e for e in _speakers(passage, glossary) if e not in silent]
    speaking = _speaking(passage, speakers, glossary) if passage.talk else []
    notes: list[str] = []
    ranked: list[str] = []
    wanted = dict.fromkeys((*speaking, *placed, *doers, *speakers, *seen))
    # A crowd without a name makes room for those who have one.
    for entity in sorted(wanted, key=lambda e: _is_crowd(e, glossary)):
        undrawn = _is_undrawn(entity, glossary, capabilities)
        if undrawn and entity not in placed:
            notes.append(f"{entity} is a prop that {capabilities.name} does not draw")
        elif undrawn:  # what the writer placed stays where it is, and is drawn as well as may be
            notes.append(f"{entity} is nothing that {capabilities.name} knows, but it is placed")
            ranked.append(entity)
        elif entity in glossary.props and entity not in (*placed, *doers):
            continue
        else:
            ranked.append(entity)
    if passage.talk:
        ranked = _in_conversation(ranked, speaking, passage, placed)
    if shot is not None and shot.on:
        shown = {*shot.on, *(layout.entity for layout in shot.layouts)}
        ranked = [e for e in dict.fromkeys((*shot.on, *ranked)) if e in shown]
    chosen, left_out = ranked[: capabilities.max_entities], ranked[capabilities.max_entities :]
    if left_out:
        names = ", ".join(left_out)
        most = capabilities.max_entities
        notes.append(f"{capabilities.name} draws {most} at once; left out of this shot: {names}")
        _log.info("scene %s: %s", scene.id, notes[-1])
    mentioned = dict.fromkeys((*seen, *ranked))
    entities = tuple(e for e in mentioned if e in chosen)
    return Framing(
        entities=entities,
        spots=dict(reading.spots) if reading else {},
        talks=_talks([e for e in speaking or speakers if e in entities], entities),
        references=_references(story),
        loras={m.name: f for m in story.cast if (f := lora_file(m.lora)) is not None},
        notes=tuple(notes),
        scale=_scale(shot, len(entities)),
    )


def _is_crowd(entity: str, glossary: Glossary) -> bool:
    """Say whether somebody is several or a throng whom no page introduces."""
    return entity not in glossary.looks and (is_several(entity) or entity.lower() in THRONGS)


def _speaking(passage: Passage, speakers: Sequence[str], glossary: Glossary) -> list[str]:
    """Return who of the speakers of a passage is heard during a shot of its talk, and seen."""
    lines = (line.dialogue for line in passage.lines)
    heard = {name for line in lines for name in seen_speakers(line, passage, glossary)}
    return [speaker for speaker in speakers if speaker in heard]


def _in_conversation(
    ranked: Sequence[str], speaking: Sequence[str], passage: Passage, placed: Sequence[str]
) -> list[str]:
    """Return who is in a shot of talk: the one who speaks with another, or who listens alone.

    Where nobody who speaks can be seen, everybody who is there listens. Whom the writer placed
    stays in the picture.
    """
    others = [entity for entity in ranked if entity not in speaking]
    if not speaking:
        return list(ranked)
    shown = [entity for entity in ranked if entity in placed]
    if passage.talk == "listener" and others:
        return list(dict.fromkeys((others[0], *shown)))
    pair = [*speaking, *others][: max(_PAIR, len(speaking))]
    return list(dict.fromkeys((*pair, *shown)))


def _scale(shot: Shot | None, count: int) -> float:
    if shot is None:
        return 1.0
    tallest = HEIGHTS[min(max(1, count), len(HEIGHTS)) - 1]
    return min(_SCALES[shot.kind], _TALLEST / tallest)


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


def _speakers(passage: Passage, glossary: Glossary) -> list[str]:
    """Return who speaks in the picture, each once."""
    said = (seen_speakers(dialogue, passage, glossary) for dialogue in passage.dialogues)
    return list(dict.fromkeys(name for names in said for name in names))


def _talks(speakers: Sequence[str], entities: Sequence[str]) -> tuple[EntityRelation, ...]:
    """Return bonds that turn speakers to those they speak to, and these to them."""
    talks: list[EntityRelation] = []
    for speaker in speakers:
        others = [e for e in (*speakers, *entities) if e != speaker and e in entities]
        if others and speaker in entities:
            talks += [
                EntityRelation(speaker, "face", others[0]),
                EntityRelation(others[0], "face", speaker),
            ]
    return tuple(talks)


def _references(story: Story) -> dict[str, tuple[str, ...]]:
    return {m.name: tuple(r.path for r in m.references) for m in story.cast if m.references}
