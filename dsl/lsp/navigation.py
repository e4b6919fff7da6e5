"""A page and a place -> where the name there is declared and used, and the edits of a rename."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lsprotocol.types import Range, TextEdit

from ...errors import InputError
from ..syntax.names import name_key
from .mentions import Declared, Mention, mentions_of, name_at, whole_cast
from .page import Page

# What would end a cue or begin something else in it.
_NO_NAME = re.compile(r"[(){}\[\]@^:;,=<>\"\\\n]|^[\W\d_]|//")
# A name as it may stand within a directive, where a full stop parts a metric from its subject.
_PLAIN = re.compile(r"[^\W\d]\w*(?:-\w+)*")


@dataclass(frozen=True, slots=True)
class PageRange:
    """A range of a page; `path` is None for the page that was asked of."""

    range: Range
    path: Path | None


def declaration_of(page: Page, name: str) -> Declared | None:
    """Return where somebody is declared, on the page or in a file that it uses, or None."""
    key = name_key(name)
    return next((d for d in whole_cast(page) if name_key(d.declaration.name) == key), None)


def definition(page: Page, offset: int) -> PageRange | None:
    """Return where the name at a place is declared; without a declaration, where it is first."""
    named = name_at(page, offset)
    if named is None:
        return None
    declared = declaration_of(page, named[0])
    if declared is not None:
        member = declared.declaration
        where = declared.page.range(member.name_start, member.name_end)
        return PageRange(where, declared.path)
    first = mentions_of(page, named[0])[0]
    return PageRange(page.range(first.start, first.end), None)


def references(page: Page, offset: int, *, with_declaration: bool) -> list[Range]:
    """Return every mention of the name at a place."""
    named = name_at(page, offset)
    if named is None:
        return []
    return [
        page.range(mention.start, mention.end)
        for mention in mentions_of(page, named[0])
        if with_declaration or mention.role != "declaration"
    ]


def name_range(page: Page, offset: int) -> Range | None:
    """Return the range of the name at a place, for a rename to begin with."""
    named = name_at(page, offset)
    return page.range(named[1].start, named[1].end) if named else None


def rename(page: Page, offset: int, new_name: str) -> list[FileEdits]:
    """Return the edits that call somebody something else: on the page and in the files it uses.

    Raises:
        InputError: there is no name, or the new one cannot be a name or is somebody else's.
    """
    named = name_at(page, offset)
    if named is None:
        raise InputError("there is no name of a character here")
    name = " ".join(new_name.split()).upper()
    if not name_key(name) or _NO_NAME.search(name):
        raise InputError(f"{new_name!r} cannot be a name: write words, as in OLD BEAR")
    pages = [(None, page), *((used.path, used.page) for used in page.used)]
    if name_key(name) != name_key(named[0]) and any(mentions_of(p, name) for _, p in pages):
        raise InputError(f"{name} is already in the story; choose another name")
    edits = [FileEdits(path, _edits(one, named[0], name)) for path, one in pages]
    return [renamed for renamed in edits if renamed.edits]


@dataclass(frozen=True, slots=True)
class FileEdits:
    """The edits of one file; `path` is None for the page that was asked of."""

    path: Path | None
    edits: list[TextEdit]


def _edits(page: Page, old: str, new: str) -> list[TextEdit]:
    return [
        TextEdit(page.range(mention.start, mention.end), _written(new, mention))
        for mention in mentions_of(page, old)
    ]


def _written(name: str, mention: Mention) -> str:
    """Return a name as it is written in a place: one word where directives ask for one."""
    if mention.role != "argument" or _PLAIN.fullmatch(name):
        return name
    return name_key(name).replace("-", "_")
