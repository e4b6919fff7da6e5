"""A page and a place -> what may be written there: names, directives, motions, cameras, metrics.

The words come from the schema, the page's own cast and places, and the engine's vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lsprotocol.types import CompletionItem, CompletionItemKind, TextEdit

from ...plan import Capabilities
from ...story import RELATIONS
from ..directives.boxes import POSITION_WORDS
from ..directives.easing import EASES
from ..schema import (
    CAMERA_MOVES,
    CAMERA_PACES,
    COMMON_MOTIONS,
    DIRECTIVES,
    METRICS,
    PRESENCES,
    REPLANNABLE,
    TITLE_KEYS,
    DirectiveSpec,
)
from .cursor import Cursor, cursor_at
from .document_symbols import scenes
from .mentions import cast_names, whole_cast
from .page import Page

_Kind = CompletionItemKind
_SETTINGS = ("INT. ", "EXT. ", "EST. ", "INT./EXT. ")
_COMPARED = re.compile(r"(?:^|,)[ \t]*[\w.-]+[ \t]*(?:>=|<=|==|>|<)[^,]*$")
Offer = tuple[str, _Kind, str]


def complete(page: Page, offset: int, capabilities: Capabilities | None) -> list[CompletionItem]:
    """Return what may be written at an offset; the editor filters it by the word so far."""
    place = cursor_at(page, offset)
    where = page.range(place.word_start, offset)
    items = []
    for rank, (text, kind, detail) in enumerate(_offers(page, place, capabilities)):
        item = CompletionItem(text, kind=kind, detail=detail or None)
        item.text_edit = TextEdit(where, text)
        item.filter_text = text
        item.sort_text = f"{rank:04}"
        items.append(item)
    return items


def _offers(page: Page, place: Cursor, capabilities: Capabilities | None) -> Iterator[Offer]:
    if place.directive is not None:
        yield from _in_directive(page, place, capabilities)
    elif place.tag is not None:
        yield from _in_tag(page, place.tag, capabilities)
    elif not place.line_before.strip():
        yield from _at_line_start(page, place)
    elif place.word[:1].isupper():
        yield from _names(page)


def _at_line_start(page: Page, place: Cursor) -> Iterator[Offer]:
    if place.word.startswith("@"):
        for spec in DIRECTIVES.values():
            yield f"@{spec.name}", _Kind.Keyword, spec.summary
        for name in cast_names(page):
            yield f"@{name}", _Kind.Class, "speaks"
        return
    yield from _names(page)
    for setting in _SETTINGS:
        yield setting, _Kind.Keyword, "begins a scene"
    for heading in dict.fromkeys(_without_number(scene.heading) for scene in scenes(page)):
        yield heading, _Kind.Module, "a scene so far"
    first = page.pieces[0].syntax
    if place.word_start <= (first.title_page[-1].end + 1 if first.title_page else 0):
        for key in TITLE_KEYS:
            yield f"{key}: ", _Kind.Property, "title page"


def _in_directive(page: Page, place: Cursor, capabilities: Capabilities | None) -> Iterator[Offer]:
    spec = DIRECTIVES.get(place.directive or "")
    if spec is None:
        return
    written = (place.head if place.statement is None else place.statement).rstrip()
    if written.endswith("="):
        yield from _values(page, spec, written)
        return
    if place.statement is not None:
        yield from _in_block(page, spec, place.statement, capabilities)
        return
    head = place.head.strip()
    if spec.takes == "entity" and not head:
        yield from _names(page)
        return
    yield from _arguments(page, spec.name, head, capabilities)
    for option in spec.options:
        yield f"{option}=", _Kind.Property, f"of @{spec.name}"


def _in_block(
    page: Page, spec: DirectiveSpec, statement: str, capabilities: Capabilities | None
) -> Iterator[Offer]:
    timed = statement.partition(":")
    if spec.statements:
        word, _, rest = statement.partition(" ")
        if not word:
            for first in spec.statements:
                about = DIRECTIVES[first].summary if first in DIRECTIVES else f"of @{spec.name}"
                yield first, _Kind.Keyword, about
        elif word in DIRECTIVES:
            if DIRECTIVES[word].takes == "entity" and not rest.strip():
                yield from _names(page)
            else:
                yield from _arguments(page, word, rest.strip(), capabilities)
        return
    yield from _arguments(
        page, spec.name, (timed[2] if timed[1] else statement).strip(), capabilities
    )


def _arguments(
    page: Page, name: str, before: str, capabilities: Capabilities | None
) -> Iterator[Offer]:
    """Offer what a directive takes after what stands before."""
    match name:
        case "camera":
            yield from _words(CAMERA_PACES if before else CAMERA_MOVES, "camera")
        case "motion":
            yield from _motions(capabilities)
        case "layout":
            if not before:
                yield "box (", _Kind.Snippet, "left, top, right, bottom in 0..1"
                yield "at ", _Kind.Keyword, "a position in words"
            else:
                yield from _words(POSITION_WORDS, "position")
        case "replan":
            yield from _words(REPLANNABLE, "may be re-planned")
        case "expect":
            yield from _expectations(page, before, capabilities)
        case "depth":
            yield from _words(("front", "back"), "depth")
            yield from _names(page)
        case "voice" | "shot":
            yield from _names(page)


def _expectations(page: Page, before: str, capabilities: Capabilities | None) -> Iterator[Offer]:
    clause = before.rpartition(",")[2].strip()
    if _COMPARED.search(clause):
        return
    if clause.endswith("."):  # After `motion.` somebody is named.
        yield from _names(page)
        return
    if not clause:
        measured = capabilities.metrics if capabilities else ()
        for metric in METRICS.values():
            if not measured or metric.name in measured:
                yield metric.name, _Kind.Function, metric.summary
    elif clause.rpartition(" ")[2] not in RELATIONS:
        yield from _words((*RELATIONS, *PRESENCES), "relation")
        return
    yield from _names(page)


def _values(page: Page, spec: DirectiveSpec, written: str) -> Iterator[Offer]:
    """Offer the values of the option that has just been named."""
    match written.removesuffix("=").split()[-1:]:
        case ["on"]:
            yield from _names(page)
        case ["ease"]:
            yield from _words(EASES, "easing")
        case ["keep"] if spec.name == "replan":
            yield from _words(REPLANNABLE, "must be kept")


def _in_tag(page: Page, before: str, capabilities: Capabilities | None) -> Iterator[Offer]:
    clause = before.rpartition(",")[2].strip()
    if clause == "motion=":
        yield from _motions(capabilities)
        return
    if not before.strip():
        yield from _names(page)
    yield "motion=", _Kind.Property, "what somebody does"


def _motions(capabilities: Capabilities | None) -> Iterator[Offer]:
    if capabilities is None or not capabilities.motions:
        yield from _words(sorted(COMMON_MOTIONS), "motion")
        return
    for motion, phrase in capabilities.motions.items():
        yield motion, _Kind.Function, phrase
    for motion, phrase in capabilities.library_motions.items():
        yield motion, _Kind.Function, f"{phrase}; learnt from the library"


def _names(page: Page) -> Iterator[Offer]:
    cast = (member.declaration for member in whole_cast(page))
    looks = {member.name: member.look for member in cast}
    for name in cast_names(page):
        yield name, _Kind.Class, looks.get(name, "speaks, and is not declared")


def _words(words: Iterable[str], detail: str) -> Iterator[Offer]:
    for word in words:
        yield word, _Kind.EnumMember, detail


def _without_number(heading: str) -> str:
    return re.sub(r"\s*#[^#]*#\s*$", "", heading)
