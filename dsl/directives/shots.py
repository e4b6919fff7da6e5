"""`@shot CLOSE 3s on=FOX { ... }` and the prose under it -> the shots of a scene."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Sequence

from ...story import Element, Pinned, Shot, ShotKind
from ..diagnostics.findings import closest
from ..resolve.context import Context
from ..schema import DIRECTIVES, SHOT_KINDS
from ..syntax import tree
from ..syntax.names import NamePart, name_of
from .cast import resolve_entity
from .directions import DirectiveReader, as_directives, usable
from .times import SceneClock, resolve_duration

_KINDS: dict[str, ShotKind] = {
    word: kind for kind, others in SHOT_KINDS.items() for word in (kind, *others)
}
_TOLERANCE_S = 1e-3

Elements = Callable[[Sequence[tree.Item], SceneClock], list[Element]]


def resolve_shots(
    items: Sequence[tree.Item], directives: Sequence[tree.Directive], reader: DirectiveReader,
    elements: Elements,
) -> tuple[Shot, ...]:  # fmt: skip
    """Return the shots of a scene, each with the prose between it and the next.

    Args:
        items: all that stands in the scene.
        directives: its `@shot` directives of the right shape.
        reader: what reads the directives in their blocks.
        elements: what reads prose; prose above the first shot is the first shot's.
    """
    inside: list[list[tree.Item]] = [[] for _ in directives]
    starts = [directive.start for directive in directives]
    for item in items if directives else ():
        if not isinstance(item, tree.Directive):
            inside[max(0, bisect(starts, item.start) - 1)].append(item)
    return tuple(
        _shot(directive, under, reader, elements)
        for directive, under in zip(directives, inside, strict=True)
    )


def _shot(
    directive: tree.Directive,
    inside: Sequence[tree.Item],
    reader: DirectiveReader,
    elements: Elements,
) -> Shot:
    context = reader.context
    duration = _duration(directive, context)
    clock = SceneClock(
        duration.value if duration else context.clip_s, duration is not None, context.fps
    )
    block = directive.block.statements if directive.block else ()
    directions = reader.read(usable(as_directives(block), context), clock)
    on = _shown(directive, reader)
    kind = _kind(directive, context) or "full"
    span = context.findings.source.span(directive.start, directive.end)
    prose = tuple(elements(inside, clock))
    return directions.into(Shot(kind=kind, span=span, on=on, elements=prose, duration_s=duration))


def _kind(directive: tree.Directive, context: Context) -> ShotKind | None:
    words = [arg for arg in directive.args.flat if isinstance(arg, tree.Word)]
    if not words:
        message, help = "@shot needs its kind", f"one of {', '.join(SHOT_KINDS)}"
        context.findings.error("134", directive.name, message, help)
        return None
    written = "-".join(word.text.lower().replace("_", "-") for word in words)
    if written not in _KINDS:
        meant = closest(written, _KINDS)
        help = f"did you mean {meant}?" if meant else f"one of {', '.join(SHOT_KINDS)}"
        at = tree.Node(words[0].start, words[-1].end)
        shown = " ".join(word.text for word in words)
        context.findings.error("134", at, f'"{shown}" is no kind of shot', help)
    return _KINDS.get(written)


def _duration(directive: tree.Directive, context: Context) -> Pinned[float] | None:
    duration: Pinned[float] | None = None
    for arg in directive.args.flat:
        match arg:
            case tree.Quantity():
                seconds = resolve_duration(arg, context)
                if seconds is not None:
                    span = context.findings.source.span(arg.start, arg.end)
                    duration = Pinned(seconds, span)
            case tree.Word() | tree.Pair():
                pass
            case _:
                help = f"write it like this: {DIRECTIVES['shot'].usage}"
                context.findings.error("006", arg, "@shot does not take this", help)
    return duration


def _shown(directive: tree.Directive, reader: DirectiveReader) -> tuple[str, ...]:
    """Return whom `on=FOX` or `on=(FOX, OWL)` names."""
    shown = []
    for arg in directive.args.flat:
        if not isinstance(arg, tree.Pair) or arg.key.text != "on":
            continue
        values = arg.value.values if isinstance(arg.value, tree.ValueGroup) else (arg.value,)
        for value in values:
            named = name_of([value]) if isinstance(value, NamePart) else None
            if named is None:
                reader.context.findings.error("006", value, "on= names who is shown", "on=FOX")
                continue
            entity = resolve_entity(*named, reader.cast, reader.context)
            if entity is not None:
                shown.append(entity)
    return tuple(dict.fromkeys(shown))


def check_length(shots: Sequence[Shot], duration: Pinned[float] | None, context: Context) -> None:
    """Report shots that together are longer than their scene, or fill less of it."""
    if duration is None or not shots:
        return
    stated = [shot.duration_s.value for shot in shots if shot.duration_s]
    total, length = sum(stated), duration.value
    open_shots = len(shots) - len(stated)
    if open_shots and total < length - _TOLERANCE_S:
        return
    if not open_shots and abs(total - length) <= _TOLERANCE_S:
        return
    rest = f", and {open_shots} more want some of it" if open_shots else ""
    message = f"its shots last {total:g}s together{rest}, and the scene {length:g}s"
    at = tree.Node(duration.span.start, duration.span.end)
    context.findings.error("128", at, message, "leave @duration out, or make them agree")
