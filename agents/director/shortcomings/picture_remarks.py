"""Passages that were read -> what their pictures will not show, each at its words on the page.

Who is filmed and cannot be drawn, whose motion is drawn as another, who is one too many for a
picture, and what the page says of which nothing is seen. A world with an open vocabulary is spoken
to in the page's own words, and lacks none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ....dsl.diagnostics.findings import closest
from ....errors import Diagnostic, Severity, Span
from ....plan import Capabilities
from ....speech import names_of_cue
from ....story import ShotKind, Story
from ..beats import acts_of
from ..casting import cast_part
from ..coverage import CoverageUnit
from ..framing import frame
from ..passages import Passage
from ..reading.glossary import Glossary
from ..reading.inflection import with_article
from ..reading.tokens import sentence_ends, split_sentences
from ..rules import ReadScene
from ..weather import is_weather

# How like a name of the cast another must be to be taken for a slip of it, by `difflib`; of one
# that begins with the same letter less is asked: FOKS is FOX.
_SLIP, _SLIP_OF_FIRST = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class _Pictures:
    """A story's passages with what is needed to know whom they show."""

    story: Story
    scenes: Sequence[ReadScene]
    glossary: Glossary
    world: Capabilities

    def passages(self) -> Iterator[tuple[CoverageUnit, Passage]]:
        for scene in self.scenes:
            for part, passages in scene.timed(self.world):
                for passage in passages:
                    yield part, passage


def of_pictures(
    story: Story, scenes: Sequence[ReadScene], glossary: Glossary, world: Capabilities
) -> Iterator[Diagnostic]:
    """Yield what the pictures of a story lack, once for each thing that is lacking."""
    pictures = _Pictures(story, scenes, glossary, world)
    filmed: dict[str, Span] = {}
    told: set[tuple[str, str]] = set()
    for part, passage in pictures.passages():
        framed = frame(story, part.scene, passage, glossary, world, shot=part.shot)
        for entity in framed.entities:
            filmed.setdefault(entity, _mention(entity, passage, part))
        found = [*_of_crowds(framed.notes, passage, part)]
        found += _of_framing(part, framed.entities, glossary, world, strict=story.strict)
        if world.characters:  # an open world draws any figure and any motion from its words
            found += _of_motions(passage, part, framed.entities, glossary, world)
            found += _of_sentences(passage, world)
        for remark in found:
            if (remark.code, remark.message) not in told:
                told.add((remark.code, remark.message))
                yield remark
    if world.characters:
        yield from _of_figures(pictures, filmed)


def _mention(entity: str, passage: Passage, part: CoverageUnit) -> Span:
    """Return the name by which a paragraph speaks of somebody, else what else names them."""
    if passage.action is not None:
        text = passage.action.text
        named = re.search(rf"(?<!\w){re.escape(entity)}(?!\w)", text)  # MARLOW is not in MARLOWE
        if named is not None:
            return passage.action.span_of(*named.span())
        places = passage.reading.places if passage.reading else {}
        if entity in places:
            return passage.action.span_of(*places[entity])
    said = next((d.span for d in passage.dialogues if entity in names_of_cue(d.speaker)), None)
    return said or passage.span_of(None) or part.scene.heading.span


def _of_figures(pictures: _Pictures, filmed: dict[str, Span]) -> Iterator[Diagnostic]:
    """Yield each figure that is not declared and not known, and how many of all are unknown."""
    story, glossary, world = pictures.story, pictures.glossary, pictures.world
    declared = {member.name for member in story.cast}
    unknown = {e for e in filmed if cast_part(e, glossary, world).character is None}
    for entity, span in filmed.items():
        if entity in unknown and entity not in declared:
            meant = misspelt(entity, declared | (glossary.people - {entity}))
            (note,) = cast_part(entity, glossary, world).notes
            help = f"did you mean {meant}?" if meant else f"declare it: @character {entity}: a look"
            yield _warning("135", span, note, help, strict=story.strict)
    if unknown:
        message = f"{len(unknown)} of {len(filmed)} figures are unknown to {world.name}"
        yield _warning("135", _end_of(story.span), message, None, strict=story.strict)


def misspelt(name: str, declared: set[str]) -> str | None:
    """Return the name of those known of which another is probably a slip, or None."""
    near = {known for known in declared if known[:1] == name[:1]}
    return closest(name, near, _SLIP_OF_FIRST) or closest(name, declared, _SLIP)


def _end_of(span: Span) -> Span:
    return replace(span, start=span.end, line=span.end_line, column=span.end_column)


def _of_motions(
    passage: Passage, part: CoverageUnit, entities: Sequence[str], glossary: Glossary,
    world: Capabilities,
) -> Iterator[Diagnostic]:  # fmt: skip
    """Yield each deed of the prose that is drawn as another one."""
    for act in acts_of(passage, part.scene, entities, glossary, world):
        if act.note and not act.pinned and act.verb and act.span is not None:
            yield _warning("140", act.span, act.note, "say with @motion what is to be drawn")


def _of_framing(
    part: CoverageUnit, entities: Sequence[str], glossary: Glossary, world: Capabilities, *,
    strict: bool,
) -> Iterator[Diagnostic]:  # fmt: skip
    """Yield who is seen whole where the writer asked for a part; only people are seen in part."""
    shot = part.shot
    if shot is None or shot.kind not in _IN_PART:
        return
    for entity in entities:
        cast = cast_part(entity, glossary, world)
        # A model has few sizes of animals; the drawn world itself has any.
        whole = cast.kind is not None or world.taught_heights is not None
        if whole and cast.character in world.characters:
            message = f"{world.name} shows {with_article(cast.character)} whole, not "
            words = message + f"{_IN_PART[shot.kind]}: {entity}"
            yield _warning("136", shot.span, words, None, strict=strict)


_IN_PART: dict[ShotKind, str] = {"medium": "to the waist", "close": "close", "insert": "close"}


def _of_crowds(notes: Sequence[str], passage: Passage, part: CoverageUnit) -> Iterator[Diagnostic]:
    span = passage.span_of(None) or part.scene.heading.span
    for note in notes:
        yield _warning("150", span, note, "divide it into shots, or place whom you need")


def _of_sentences(passage: Passage, world: Capabilities) -> Iterator[Diagnostic]:
    """Yield the sentences in which something happens that no figure does."""
    if passage.action is None or passage.reading is None:
        return
    text = passage.action.text
    sentences = zip(sentence_ends(text), split_sentences(text), strict=True)
    inserts = [place for place, words in sentences if words[0].lower() == "insert"]
    unseen = inserts if not passage.reading.seen else []
    for start, end in (*passage.reading.unpeopled, *unseen):
        said = passage.action.text[start:end].strip().rstrip(".")
        if is_weather(said):
            continue
        yield _warning(
            "148", passage.action.span_of(start, end),
            f'{world.name} draws nothing of "{said}": no figure does it',
            "name who is seen, in capitals or with @character",
        )  # fmt: skip


def _warning(
    number: str, span: Span, message: str, help: str | None, *, strict: bool = False
) -> Diagnostic:
    severity = Severity.ERROR if strict else Severity.WARNING
    return Diagnostic(f"{severity.value[0].upper()}{number}", severity, span, message, help)
