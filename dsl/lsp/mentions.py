"""A page -> where the members of its cast are named: cues, directives, tags, capitals in prose.

In prose a name is a name in capitals only, as Fountain introduces people; where the language asks
for a name, case does not matter and neither does what joins its words (`motion.OLD_MAN`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from ..resolve.elements import split_cue
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import capitals_in, head_name, marks, name_key
from .page import Page, Piece

Role = Literal["declaration", "cue", "argument", "prose"]
_DECLARING = ("character", "prop")


@dataclass(frozen=True, slots=True)
class Declaration:
    """Where a member of the cast is declared; offsets are of the page."""

    name: str
    kind: str
    look: str
    start: int
    end: int
    name_start: int
    name_end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a member of the cast is named, and how: a declaration, a cue, an argument, prose."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class _Region:
    """A stretch of a piece where names may stand."""

    start: int
    end: int
    role: Role
    any_case: bool


def declarations(page: Page) -> list[Declaration]:
    """Return the declared cast in the order of the page, the first of each name."""
    found: dict[str, Declaration] = {}
    for item, base in page.items():
        if not isinstance(item, tree.Directive) or item.name.text not in _DECLARING:
            continue
        named = head_name(item.args)
        if named is None:
            continue
        name, place = named
        look = item.prose.text if item.prose else ""
        declared = Declaration(
            name.upper(),
            item.name.text,
            look,
            base + item.start,
            base + item.end,
            base + place.start,
            base + place.end,
        )
        found.setdefault(name_key(name), declared)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration with the page it stands on; `path` is None for the page itself."""

    declaration: Declaration
    page: Page
    path: Path | None


def whole_cast(page: Page) -> list[Declared]:
    """Return everybody declared on a page and in the files that it uses, each name once."""
    pages = [(page, None), *((used.page, used.path) for used in page.used)]
    found: dict[str, Declared] = {}
    for one, path in pages:
        for member in declarations(one):
            found.setdefault(name_key(member.name), Declared(member, one, path))
    return list(found.values())


def cast_names(page: Page) -> list[str]:
    """Return who is declared and who speaks, each once, the declared first."""
    declared = (member.declaration.name for member in whole_cast(page))
    names = {name_key(name): name for name in declared}
    for item, _ in page.items():
        if isinstance(item, tree.Speech):
            speaker = split_cue(item.cue.text)[0]
            names.setdefault(name_key(speaker), speaker)
    return list(names.values())


def names_in(piece: Piece) -> set[str]:
    """Return the names that appear in a piece: its cues and the capitals of its prose."""
    names = set()
    for item in piece.syntax.items:
        if isinstance(item, tree.Speech):
            names.add(split_cue(item.cue.text)[0])
        elif isinstance(item, tree.Paragraph):
            for line in item.lines:
                for part in line:
                    if isinstance(part, tree.Text):
                        names.update(capitals_in(part.text))
    return names


def mentions_of(page: Page, name: str) -> list[Mention]:
    """Return every place where somebody is named, in the order of the page.

    `OWL` within `OLD OWL` is no mention of OWL where both are in the story.
    """
    found = [m for piece in page.pieces for m in _mentions_in(piece, page.text, name)]
    own = f"-{name_key(name)}-"
    keys = {other: f"-{name_key(other)}-" for other in cast_names(page)}
    longer = [other for other, key in keys.items() if own in key and own != key]
    taken = {
        place
        for other in longer
        for piece in page.pieces
        for m in _mentions_in(piece, page.text, other)
        for place in range(m.start, m.end)
    }
    return [m for m in found if m.start not in taken]


def name_at(page: Page, offset: int) -> tuple[str, Mention] | None:
    """Return who is named at a place, and the whole mention."""
    piece = page.piece_at(offset)
    touching = [r for r in _regions(piece) if r.start <= offset <= r.end]
    if not touching:
        return None
    for name in sorted(cast_names(page), key=len, reverse=True):
        for mention in _in_regions(touching, page.text, name):
            if mention.start <= offset <= mention.end:
                return name, mention
    return None


def _mentions_in(piece: Piece, text: str, name: str) -> Iterator[Mention]:
    return _in_regions(_regions(piece), text, name)


def _in_regions(regions: Sequence[_Region], text: str, name: str) -> Iterator[Mention]:
    exact, loose = _pattern(name)
    for region in regions:
        pattern = loose if region.any_case else exact
        for match in pattern.finditer(text, region.start, region.end):
            yield Mention(match.start(), match.end(), region.role)


@lru_cache(256)
def _pattern(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a name in capitals and in any case."""
    key, letter = name_key(name), rf"\w{marks()}"
    # An accent is a part of its letter or a mark on it, whichever the writer's keyboard makes.
    forms = {unicodedata.normalize(form, key) for form in ("NFC", "NFD")}
    joint = rf"(?:[^{letter}]|_)+?"
    words = "|".join(joint.join(map(re.escape, form.split("-"))) for form in sorted(forms))
    # `motion.FOX` and `motion=walk` are no mentions of somebody called MOTION.
    whole = rf"(?<![{letter}])(?:{words})(?![.=]\w|[{letter}])"
    return re.compile(whole), re.compile(whole, re.IGNORECASE)


def _regions(piece: Piece) -> list[_Region]:
    """Return where names may stand, in offsets of the page."""
    return [
        _Region(piece.base + r.start, piece.base + r.end, r.role, r.any_case)
        for item in piece.syntax.items
        for r in _regions_of(item)
    ]


def _regions_of(item: tree.Item) -> Iterator[_Region]:
    match item:
        case tree.Speech():
            speaker = item.cue.text.partition("(")[0]
            yield _Region(item.cue.start, item.cue.start + len(speaker), "cue", True)
            for said in item.lines:
                yield from _parts(said.parts)
        case tree.Paragraph():
            for line in item.lines:
                yield from _parts(line)
        case tree.Line() if item.kind != "heading":
            yield _Region(item.start, item.end, "prose", False)
        case tree.Directive():
            yield from _directive(item)


def _parts(parts: Sequence[tree.Part]) -> Iterator[_Region]:
    for part in parts:
        if isinstance(part, tree.InlineTag):
            for group in part.args.groups:
                yield from _arguments(group, any_case=True)
        else:
            yield _Region(part.start, part.end, "prose", False)


def _directive(directive: tree.Directive) -> Iterator[_Region]:
    name = directive.name.text
    spec = DIRECTIVES.get(name)
    of_somebody = spec is not None and spec.takes == "entity"
    if name in _DECLARING:
        named = head_name(directive.args)
        if named is not None:
            yield _Region(named[1].start, named[1].end, "declaration", True)
    else:
        for group in directive.args.groups:
            yield from _arguments(group, any_case=of_somebody or name == "expect")
    if directive.prose is not None:
        yield _Region(directive.prose.start, directive.prose.end, "prose", False)
    if directive.block is not None:
        yield from _block(directive.block)


def _block(block: tree.Block) -> Iterator[_Region]:
    for statement in block.statements:
        for group in statement.args.groups:
            yield from _arguments(group, any_case=False)
        if statement.block is not None:
            yield from _block(statement.block)


def _arguments(group: Sequence[tree.Arg], *, any_case: bool) -> Iterator[_Region]:
    """Yield the runs of words of one group of arguments: a name may be of several."""
    for kind, run in groupby(group, key=_kind):
        args = list(run)
        if kind is tree.Word or (kind is tree.Quoted and any_case):
            yield _Region(args[0].start, args[-1].end, "argument", any_case)
        for arg in args:
            if isinstance(arg, tree.Test):
                yield _Region(arg.name.start, arg.name.end, "argument", True)
            elif isinstance(arg, tree.Pair) and isinstance(arg.value, tree.Word):
                yield _Region(arg.value.start, arg.value.end, "argument", False)


def _kind(arg: tree.Arg) -> type[tree.Arg]:
    """Return the type of an argument; a number may belong to the name before it."""
    return tree.Word if isinstance(arg, tree.Quantity) else type(arg)
