"""`{FOX, motion=walk, 0s..4s}` within prose -> who does what, when, where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from ...story import Tag
from ..diagnostics.findings import closest
from ..resolve.context import Context
from ..schema import TIME_UNITS
from ..syntax import tree
from ..syntax.names import NamePart, name_of
from .cast import Cast, resolve_name
from .motions import Vocabulary
from .times import SceneClock, TimeRange, resolve_range, resolve_span_of_time

_KEYS = ("motion",)


def resolve_tag(
    tag: tree.InlineTag, cast: Cast, clock: SceneClock, context: Context, known: Vocabulary
) -> Tag | None:
    """Return the beat of an inline tag, or None with the reason reported."""
    findings = context.findings
    if not tag.args.groups:
        findings.error("003", tag, "this inline tag is empty", "\\{ for a brace that is prose")
        return None
    entity: str | None = None
    motion: str | None = None
    when: TimeRange | None = None
    for group in tag.args.groups:
        named = _name_in_tag(group, cast)
        if named:
            entity = resolve_name(named, cast, context)
            if entity is None:
                return None
            continue
        for arg in group:
            match arg:
                case tree.Pair(key=tree.Word(text="motion"), value=tree.Word() as verb):
                    known.check(verb, context)
                    motion = verb.text
                case tree.Range():
                    when = resolve_range(arg, clock, findings)
                case tree.Quantity():
                    when = resolve_span_of_time(arg, clock, findings)
                case _:
                    _report_tag(arg, context)
                    return None
    start, end = (when.start_s, when.end_s) if when else (None, None)
    return Tag(entity, motion, start, end, findings.source.span(tag.start, tag.end))


def _name_in_tag(group: Sequence[tree.Arg], cast: Cast) -> list[NamePart]:
    """Return the parts of a name where a group is one, and nothing where it is a time."""
    parts = [arg for arg in group if isinstance(arg, NamePart)]
    numbers = [part for part in parts if isinstance(part, tree.Quantity)]
    if len(parts) < len(group) or any(part.unit in TIME_UNITS for part in numbers):
        return []
    named = name_of(parts)
    begins = parts[0] not in numbers or (named and cast.declared(named[0]))
    return parts if begins else []


def _report_tag(arg: tree.Arg, context: Context) -> None:
    help = "write {FOX, motion=walk, 0s..4s}, or \\{ for a brace that is prose"
    if isinstance(arg, tree.Pair):
        meant = closest(arg.key.text, _KEYS)
        help = f"did you mean {meant}=?" if meant and meant != arg.key.text else help
    context.findings.error("003", arg, "an inline tag does not take this", help)
