"""`@defaults { duration 49f; seed 7 }` -> what holds for every scene that says nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ...story import Directions
from ..syntax import tree
from .directions import DirectiveReader, as_directives, usable
from .scalars import resolve_pinned_duration
from .times import SceneClock


def resolve_defaults(directives: Iterable[tree.Directive], reader: DirectiveReader) -> Directions:
    """Return the directions of the first `@defaults`; a second one is reported."""
    context = reader.context
    first: tree.Directive | None = None
    found = Directions()
    for directive in directives:
        if first is not None:
            line = context.findings.source.position(first.start)[0]
            message = f"@defaults is already said on line {line}"
            context.findings.error("105", directive.name, message, "keep one of them")
            continue
        first = directive
        found = _read(directive, reader)
    return found


def _read(directive: tree.Directive, reader: DirectiveReader) -> Directions:
    context = reader.context
    block = directive.block.statements if directive.block else ()
    inside = usable(as_directives(block), context)
    lengths = [d for d in inside if d.name.text == "duration"]
    duration = resolve_pinned_duration(lengths[0], context) if lengths else None
    clock = SceneClock(
        duration.value if duration else context.clip_s, duration is not None, context.fps
    )
    return reader.read(inside, clock).into(replace(Directions(), duration_s=duration))
