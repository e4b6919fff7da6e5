"""Read scenes -> windows: what a model is told of them at once, and whom it may speak of.

A window holds whole scenes while they are short, and pieces of a scene that is not: a question
has a size of its own, however long the script. What is known of those in it is carried along.
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
from .prompts import Data, tidy
from .schemas import CarriedForm

# What one question holds at most, and what a single paragraph may have to be asked at all.
MOST_WINDOW, MOST_PARAGRAPH = 6_000, 4_000
_MOST_SAID, _MOST_LOOK = 160, 160


@dataclass(frozen=True, slots=True)
class ParagraphToRead:
    """One paragraph to read: its scene, its number there from 1, and who may be in it.

    `gone` are those who have left the scene before it and are not in its own words.
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
        said = sum(min(_MOST_SAID, len(d.text)) for d in self.passage.dialogues)
        return len(self.text) + said + 80

    @property
    def text(self) -> str:
        return self.passage.action.text if self.passage.action else ""


@dataclass(frozen=True, slots=True)
class EntityState:
    """What is known of an entity when a window begins: where it was, what it has and has on."""

    place: str = ""
    holds: tuple[str, ...] = ()
    wears: str = ""


def pages_of(scene: ReadScene, glossary: Glossary) -> list[ParagraphToRead]:
    """Return the paragraphs of a scene that tell of somebody or something."""
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
    """Return everybody whom a scene's own words, cues, directives or pronouns bring into it."""
    found: dict[str, None] = {}
    for layout in scene.scene.layouts:
        found[layout.entity] = None
    for beat in scene.scene.motions:
        found[beat.entity] = None
    for passage in scene.passages:
        found.update(dict.fromkeys(tag.entity for tag in passage.tags if tag.entity))
        found.update(dict.fromkeys(passage.reading.seen if passage.reading else ()))
        found.update(
            dict.fromkeys(
                d.speaker for d in passage.dialogues if not is_voice(d.speaker, d.extension)
            )
        )
        text = passage.action.text if passage.action else ""
        for word in tokens(text.lower()):
            found.update(dict.fromkeys(glossary.bearers.get(singular(word), ())))
        for words, name in glossary.names.items():
            if f" {' '.join(words)} " in f" {' '.join(tokens(text.lower()))} ":
                found[name] = None
    return tuple(found)


def windows(pages: Sequence[ParagraphToRead]) -> Iterator[list[ParagraphToRead]]:
    """Yield pages in windows: whole scenes together as long as they fit, large scenes in pieces."""
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
    """Return what a model is told of a window; only who is in it is spoken of."""
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
    """Return the motions of a world of its own; none where any verb will do."""
    return [*capabilities.motions, *capabilities.library_motions]


def _member(entity: str, glossary: Glossary, was: EntityState) -> Data:
    return {
        "id": entity,
        "look": tidy(glossary.looks.get(entity, ""), _MOST_LOOK),
        "kind": "prop" if entity in glossary.props else "character",
        "last_seen_in": was.place,
        "holds": list(was.holds),
        "wears": was.wears,
    }


def _scene_data(pages: Sequence[ParagraphToRead]) -> Data:
    scene = pages[0].scene.scene
    return {
        "scene": scene.id,
        "heading": tidy(scene.heading.text, 200),
        "may_be_in_it": list(pages[0].allowed),
        "fixed_by_the_writer": [
            f"{beat.entity}: {beat.motion} from {beat.start_s:g} s" for beat in scene.motions
        ],
        "paragraphs": [
            {
                "number": page.number,
                "text": page.text,
                "then_said": [_said(d) for d in page.passage.dialogues],
            }
            for page in pages
        ],
    }


def _said(dialogue: Dialogue) -> Data:
    return {
        "by": dialogue.speaker,
        "heard_only": is_voice(dialogue.speaker, dialogue.extension),
        "words": tidy(dialogue.text, _MOST_SAID),
    }


def carry_on(
    carried: Mapping[str, EntityState],
    window: Sequence[ParagraphToRead],
    said: Sequence[CarriedForm],
) -> dict[str, EntityState]:
    """Return what is known after a window: places from the headings, the rest as the model says."""
    after = dict(carried)
    for page in window:
        place = page.scene.scene.heading.place or page.scene.scene.heading.text
        seen = page.passage.reading.seen if page.passage.reading else ()
        for entity in seen:
            was = after.get(entity, EntityState())
            after[entity] = EntityState(tidy(place, 60), was.holds, was.wears)
    for form in said:
        was = after.get(form.entity, EntityState())
        after[form.entity] = EntityState(was.place, form.holds, tidy(form.wears, 80))
    return after
