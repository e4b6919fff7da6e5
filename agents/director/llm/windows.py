"""Scenes as the rules read them -> windows, each the data of one question to a model.

A window holds several short scenes or a piece of a long one, so that a question keeps its size
however long the script is. What is known of the entities is carried from window to window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ....plan import Capabilities
from ....speech import is_voice
from ....story import Dialogue
from ..continuity import gone_after
from ..passages import Passage
from ..reading.glossary import Glossary, tokens
from ..reading.inflection import singular
from ..rules import ReadScene
from ..speakers import seen_speakers
from .prompts import Data, one_line
from .schemas import CarriedForm

# The most characters of one window, and of a paragraph that is asked about at all.
MOST_WINDOW, MOST_PARAGRAPH = 6_000, 4_000
_MOST_SPEECH, _MOST_LOOK = 160, 160


@dataclass(frozen=True, slots=True)
class ParagraphToRead:
    """One paragraph to read: its scene, its number there from 1, and who may be in it.

    `gone` are the entities that left the scene before this paragraph and are not named in it.
    """

    scene: ReadScene
    number: int
    passage: Passage
    allowed: tuple[str, ...]
    gone: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        return f"{self.scene.scene.id}/{self.number}"

    @property
    def size(self) -> int:
        spoken = sum(min(_MOST_SPEECH, len(d.text)) for d in self.passage.dialogues)
        return len(self.text) + spoken + 80

    @property
    def text(self) -> str:
        return self.passage.action.text if self.passage.action else ""


@dataclass(frozen=True, slots=True)
class EntityState:
    """What is known of an entity when a window begins: where it was, what it holds and wears."""

    place: str = ""
    holds: tuple[str, ...] = ()
    wears: str = ""


def pages_of(scene: ReadScene, glossary: Glossary) -> list[ParagraphToRead]:
    """Return the paragraphs of action of a scene."""
    allowed = _allowed(scene, glossary)
    pages: list[ParagraphToRead] = []
    left: frozenset[str] = frozenset()
    for number, passage in enumerate(scene.passages, start=1):
        left -= frozenset(passage.reading.seen if passage.reading else ())
        if passage.action is not None:
            pages.append(ParagraphToRead(scene, number, passage, allowed, left))
        left |= gone_after(passage, glossary)
    return pages


def _allowed(scene: ReadScene, glossary: Glossary) -> tuple[str, ...]:
    """Return the entities that a scene's words, cues, directives or pronouns bring into it."""
    entities: dict[str, None] = {}
    for layout in scene.scene.layouts:
        entities[layout.entity] = None
    for beat in scene.scene.motions:
        entities[beat.entity] = None
    for passage in scene.passages:
        entities.update(dict.fromkeys(tag.entity for tag in passage.tags if tag.entity))
        entities.update(dict.fromkeys(passage.reading.seen if passage.reading else ()))
        for line in passage.dialogues:
            entities.update(dict.fromkeys(seen_speakers(line, passage, glossary)))
        text = passage.action.text if passage.action else ""
        for word in tokens(text.lower()):
            entities.update(dict.fromkeys(glossary.bearers.get(singular(word), ())))
        for words, name in glossary.names.items():
            if f" {' '.join(words)} " in f" {' '.join(tokens(text.lower()))} ":
                entities[name] = None
    return tuple(entities)


def windows(pages: Sequence[ParagraphToRead]) -> Iterator[list[ParagraphToRead]]:
    """Yield the paragraphs in windows: short scenes together, long scenes in pieces."""
    window: list[ParagraphToRead] = []
    for scene in _by_scene(pages):
        if window and _size(window) + _size(scene) > MOST_WINDOW:
            yield window
            window = []
        for page in scene:
            if window and _size(window) + page.size > MOST_WINDOW:
                yield window
                window = []
            window.append(page)
    if window:
        yield window


def _by_scene(pages: Sequence[ParagraphToRead]) -> list[list[ParagraphToRead]]:
    scenes: dict[str, list[ParagraphToRead]] = {}
    for page in pages:
        scenes.setdefault(page.scene.scene.id, []).append(page)
    return list(scenes.values())


def _size(pages: Sequence[ParagraphToRead]) -> int:
    return sum(page.size for page in pages)


def window_data(
    window: Sequence[ParagraphToRead],
    glossary: Glossary,
    capabilities: Capabilities,
    carried: Mapping[str, EntityState],
) -> Data:
    """Return the data of a question about a window; its cast is who may be in its scenes."""
    cast = list(dict.fromkeys(entity for page in window for entity in page.allowed))
    return {
        "engine": {
            "most_in_one_shot": capabilities.max_entities,
            "seconds_a_shot": round(capabilities.clip_s, 2),
            "motions": known_motions(capabilities) or "any verb in its base form",
        },
        "cast": [_member(entity, glossary, carried.get(entity, EntityState())) for entity in cast],
        "scenes": [_scene_data(pages) for pages in _by_scene(window)],
    }


def known_motions(capabilities: Capabilities) -> list[str]:
    """Return the motions of an engine with a fixed vocabulary; none where it takes any verb."""
    return [*capabilities.motions, *capabilities.library_motions]


def _member(entity: str, glossary: Glossary, known: EntityState) -> Data:
    return {
        "id": entity,
        "look": one_line(glossary.looks.get(entity, ""), _MOST_LOOK),
        "kind": "prop" if entity in glossary.props else "character",
        "last_seen_in": known.place,
        "holds": list(known.holds),
        "wears": known.wears,
    }


def _scene_data(pages: Sequence[ParagraphToRead]) -> Data:
    scene = pages[0].scene.scene
    return {
        "scene": scene.id,
        "heading": one_line(scene.heading.text, 200),
        "may_be_in_it": list(pages[0].allowed),
        "fixed_by_the_writer": [
            f"{beat.entity}: {beat.motion} from {beat.start_s:g} s" for beat in scene.motions
        ],
        "paragraphs": [
            {
                "number": page.number,
                "text": page.text,
                "then_said": [_speech(d) for d in page.passage.dialogues],
            }
            for page in pages
        ],
    }


def _speech(dialogue: Dialogue) -> Data:
    return {
        "by": dialogue.speaker,
        "heard_only": is_voice(dialogue),
        "words": one_line(dialogue.text, _MOST_SPEECH),
    }


def carry_on(
    carried: Mapping[str, EntityState],
    window: Sequence[ParagraphToRead],
    carried_forms: Sequence[CarriedForm],
) -> dict[str, EntityState]:
    """Return the states after a window: places by the headings, the rest as the model answers."""
    after = dict(carried)
    for page in window:
        place = page.scene.scene.heading.place or page.scene.scene.heading.text
        seen = page.passage.reading.seen if page.passage.reading else ()
        for entity in seen:
            known = after.get(entity, EntityState())
            after[entity] = EntityState(one_line(place, 60), known.holds, known.wears)
    for form in carried_forms:
        known = after.get(form.entity, EntityState())
        after[form.entity] = EntityState(known.place, form.holds, one_line(form.wears, 80))
    return after
