"""`@use "cast.story"` -> the cast and the locations of another file in the story's folder.

Everything that a used file declares stands, for this story, where the `@use` stands. Its own
`@use` lines are followed, to a bounded depth and never round in a circle; its mistakes are one
error at the `@use`, because the rest of a report shows the lines of this story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from ...errors import Diagnostic, InputError, Severity, Span
from ...story import Character, Location, Reference
from ..diagnostics.findings import Findings
from ..diagnostics.source import Source
from ..resolve.context import Context, default_fps
from ..resolve.references import resolve_reference
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.files import read_story_text
from ..syntax.names import name_key
from ..syntax.parser import parse_syntax
from .cast import resolve_cast
from .style import resolve_locations

DEEPEST_USE = 8
MOST_USED = 64

N = TypeVar("N", Character, Location)


@dataclass(frozen=True, slots=True)
class UsedDeclarations:
    """What used files declare; `complete` is False where one of them could not be read."""

    cast: tuple[Character, ...] = ()
    locations: tuple[Location, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class UseChain:
    """The files from the story to the one being read, and all that were read before."""

    files: tuple[Path, ...]
    read: set[Path]


def directives_of(items: Iterable[tree.Item], *names: str) -> Iterator[tree.Directive]:
    """Yield the directives of some names."""
    for item in items:
        if isinstance(item, tree.Directive) and item.name.text in names:
            yield item


def resolve_uses(items: Iterable[tree.Item], context: Context) -> UsedDeclarations:
    """Return what all `@use` lines of a story bring in; what is wrong is reported at each."""
    start = Path(context.findings.source.path)
    if context.folder is not None:
        start = (context.folder / start.name).resolve()
    return _uses(items, context, UseChain((start,), {start}))


def used_files(story: Path) -> frozenset[Path]:
    """Return the files that a story brings in by `@use`, however deep; none if it is unreadable."""
    try:
        findings = Findings(Source(story.name, read_story_text(story)))
    except InputError:
        return frozenset()
    folder = story.parent
    context = Context(findings, False, default_fps(None), folder, None)
    start = (folder / story.name).resolve()
    way = UseChain((start,), {start})
    _uses(parse_syntax(findings.source, findings).items, context, way)
    return frozenset(way.read - {start})


def _uses(items: Iterable[tree.Item], context: Context, way: UseChain) -> UsedDeclarations:
    cast: dict[str, Character] = {}
    locations: dict[str, Location] = {}
    complete = True
    for directive in directives_of(items, "use"):
        shared = _use(directive, context, way)
        complete = complete and shared.complete
        span = context.findings.source.span(directive.start, directive.end)
        _take(cast, (_moved(member, span) for member in shared.cast), directive, context)
        _take(locations, (_moved(place, span) for place in shared.locations), directive, context)
    return UsedDeclarations(tuple(cast.values()), tuple(locations.values()), complete)


def _take(
    known: dict[str, N], found: Iterable[N], directive: tree.Directive, context: Context
) -> None:
    for one in found:
        before = known.setdefault(name_key(one.name), one)
        if before is not one:
            message = f"{one.name} is already declared on line {before.span.line}"
            context.findings.error("102", directive, message, "use only one of the two")


def _moved(one: N, span: Span) -> N:
    references = tuple(Reference(reference.path, span) for reference in one.references)
    if isinstance(one, Character):
        lora = replace(one.lora, span=span) if one.lora else None
        return replace(one, span=span, references=references, lora=lora)
    return replace(one, span=span, references=references)


def _use(directive: tree.Directive, context: Context, way: UseChain) -> UsedDeclarations:
    """Return what one file brings in; nothing, and not complete, where it is reported."""
    findings = context.findings
    quoted = next(iter(directive.args.flat), None)
    if not isinstance(quoted, tree.Quoted) or len(directive.args.flat) > 1:
        usage = DIRECTIVES["use"].usage
        at = directive.args if directive.args.flat else directive.name
        findings.error("006", at, "@use takes the path of one story in quotes", usage)
        return UsedDeclarations(complete=False)
    errors = findings.errors
    path = PurePosixPath(resolve_reference(quoted, context).path)
    if findings.errors > errors or context.folder is None:
        return UsedDeclarations(complete=False)
    target = (context.folder / path).resolve()
    if target in way.files:
        names = " -> ".join(p.name for p in (*way.files[way.files.index(target) :], target))
        findings.error("115", quoted, f"@use goes round in a circle: {names}", "leave one out")
        return UsedDeclarations(complete=False)
    if target in way.read:
        return UsedDeclarations()
    if len(way.files) > DEEPEST_USE or len(way.read) > MOST_USED:
        message = f"@use goes at most {DEEPEST_USE} files deep and over {MOST_USED} files"
        findings.error("115", quoted, message, "put what is shared into fewer files")
        return UsedDeclarations(complete=False)
    way.read.add(target)
    return _read(quoted, path, target, context, way)


def _read(
    quoted: tree.Quoted, path: PurePosixPath, target: Path, context: Context, way: UseChain
) -> UsedDeclarations:
    try:
        text = read_story_text(target)
    except InputError as problem:
        context.findings.error("112", quoted, str(problem))
        return UsedDeclarations(complete=False)
    inner = Findings(Source(str(path), text))
    inside = replace(context, findings=inner, base=path.parent)
    items = parse_syntax(inner.source, inner).items
    used = _uses(items, inside, replace(way, files=(*way.files, target)))
    cast = resolve_cast(directives_of(items, "character", "prop"), inside, used.cast)
    places = resolve_locations(directives_of(items, "location"), inside, used.locations)
    wrong = [d for d in inner.in_order if d.severity is Severity.ERROR]
    if wrong:
        context.findings.error("116", quoted, _summary(path, wrong), f"dreamrunner check {path}")
    return UsedDeclarations(cast, places, used.complete and not wrong)


def _summary(path: PurePosixPath, wrong: list[Diagnostic]) -> str:
    first = wrong[0]
    if first.code == "E116":  # it names a file that this one uses, and says all there is to say
        return first.message
    count = f"{len(wrong)} error{'s' * (len(wrong) != 1)}"
    return f'"{path}" has {count}; line {first.span.line}: {first.message} [{first.code}]'
