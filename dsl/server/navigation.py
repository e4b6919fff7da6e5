"""A page and a place -> where the name there is declared and used, and the edits of a rename."""

from __future__ import annotations

import re

from lsprotocol.types import Range, TextEdit

from ...errors import InputError
from ..names import name_key
from .mentions import Declaration, Mention, declarations, mentions_of, name_at
from .page import Page

# What would end a cue or begin something else in it.
_NO_NAME = re.compile(r"[(){}\[\]@^:;,=<>\"\\\n]|^[\W\d_]|//")
# A name as it may stand within a directive, where a full stop parts a metric from its subject.
_PLAIN = re.compile(r"[^\W\d]\w*(?:-\w+)*")


def declaration_of(page: Page, name: str) -> Declaration | None:
    """Return where somebody is declared, or None."""
    key = name_key(name)
    return next((d for d in declarations(page) if name_key(d.name) == key), None)


def definition(page: Page, offset: int) -> Range | None:
    """Return where the name at a place is declared; without a declaration, where it is first."""
    named = name_at(page, offset)
    if named is None:
        return None
    declared = declaration_of(page, named[0])
    if declared is not None:
        return page.range(declared.name_start, declared.name_end)
    first = mentions_of(page, named[0])[0]
    return page.range(first.start, first.end)


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


def rename(page: Page, offset: int, new_name: str) -> list[TextEdit]:
    """Return the edits that call somebody something else, everywhere on the page.

    Raises:
        InputError: there is no name, or the new one cannot be a name or is somebody else's.
    """
    named = name_at(page, offset)
    if named is None:
        raise InputError("there is no name of a character here")
    name = " ".join(new_name.split()).upper()
    if not name_key(name) or _NO_NAME.search(name):
        raise InputError(f"{new_name!r} cannot be a name: write words, as in OLD BEAR")
    mentions = mentions_of(page, named[0])
    if name_key(name) != name_key(named[0]) and mentions_of(page, name):
        raise InputError(f"{name} is already in the story; choose another name")
    return [
        TextEdit(page.range(mention.start, mention.end), _written(name, mention))
        for mention in mentions
    ]


def _written(name: str, mention: Mention) -> str:
    """Return a name as it is written in a place: one word where directives ask for one."""
    if mention.role != "argument" or _PLAIN.fullmatch(name):
        return name
    return name_key(name).replace("-", "_")
