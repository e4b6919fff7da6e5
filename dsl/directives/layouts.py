"""`@layout FOX { 0s: box (...); end: at center }` -> keyframes in ascending time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from ...story import Ease, Layout, LayoutKey
from ..diagnostics.findings import Findings
from ..resolve.context import Context
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import head_name
from .boxes import resolve_box
from .cast import Cast, resolve_entity
from .easing import EASES, resolve_ease
from .times import SceneClock, resolve_instant

# Faster than this across the frame a box is not followed but jumps.
_FASTEST_PER_S = 1.5
_SAME_PLACE = 0.9
# No engine draws so many at once, and comparing each with each costs their square.
_MOST_COMPARED = 64
_POSITION_OPENERS = ("at", "box")


def resolve_layout(
    directive: tree.Directive, cast: Cast, clock: SceneClock, context: Context
) -> Layout | None:
    """Return the layout of an entity, without the keyframes that are wrong; None if all are."""
    head, place = _split_head(directive.args)
    named = head_name(head)
    if named is None:
        context.findings.error(
            "006", directive.name, "@layout needs the name of an entity", "@layout FOX { ... }"
        )
        return None
    entity = resolve_entity(*named, cast, context)
    keys = _keys(directive, place, clock, context.findings)
    _check_speed(keys, context.findings)
    if entity is None or not keys:
        return None
    span = context.findings.source.span(directive.start, directive.end)
    return Layout(entity, tuple(key for key, _ in keys), span)


def _split_head(args: tree.Args) -> tuple[tree.Args, tuple[tree.Arg, ...]]:
    """Part `FOX at left-third ease-in` into the name and the rest."""
    flat = args.flat
    for i, arg in enumerate(flat):
        opens = isinstance(arg, tree.Word) and arg.text in (*_POSITION_OPENERS, *EASES)
        if opens or isinstance(arg, tree.ValueGroup | tree.Pair):
            return tree.Args(args.start, args.end, (flat[:i],)), flat[i:]
    return args, ()


def _keys(
    directive: tree.Directive, place: Sequence[tree.Arg], clock: SceneClock, findings: Findings
) -> list[tuple[LayoutKey, tree.Node]]:
    keys: list[tuple[LayoutKey, tree.Node]] = []
    words, head_ease = _parted(place, findings, "linear")
    latest = 0.0 if words else -1.0
    if words:
        at = tree.Node(place[0].start, place[-1].end)
        box = resolve_box(words, at, findings)
        if box is not None:
            span = findings.source.span(at.start, at.end)
            keys.append((LayoutKey(0.0, box, span, head_ease), at))
    for statement in directive.block.statements if directive.block else ():
        time_s = resolve_instant(statement.time, clock, findings) if statement.time else 0.0
        words, ease = _parted(statement.args.flat, findings, head_ease)
        box = resolve_box(words, statement.args, findings)
        if time_s is None:
            continue
        if time_s <= latest:
            message = f"keyframes go forward in time, and the one before is at {latest:g}s"
            findings.error("124", statement.time or statement, message)
            continue
        latest = time_s
        if box is not None:
            span = findings.source.span(statement.start, statement.end)
            keys.append((LayoutKey(time_s, box, span, ease), statement.args))
    if latest < 0 and directive.block is None:
        usage = DIRECTIVES["layout"].usage
        findings.error("006", directive, "@layout says no place", usage)
    return keys


def _parted(
    args: Sequence[tree.Arg], findings: Findings, ease: Ease
) -> tuple[list[tree.Arg], Ease]:
    """Part a place from how it is left: `at left ease-in`, `at left ease=in`."""
    rest: list[tree.Arg] = []
    for arg in args:
        if isinstance(arg, tree.Word) and _is_ease(arg.text):
            ease = resolve_ease(arg, findings) or ease
        elif not isinstance(arg, tree.Pair):
            rest.append(arg)
        elif arg.key.text == "ease":
            ease = resolve_ease(arg.value, findings) or ease
        else:
            findings.error("006", arg, f"a keyframe has no option {arg.key.text}", "ease=linear")
    return rest, ease


def _is_ease(word: str) -> bool:
    return word.startswith("ease") or (word in EASES and word not in ("in", "out"))


def _check_speed(keys: list[tuple[LayoutKey, tree.Node]], findings: Findings) -> None:
    for (before, _), (after, at) in pairwise(keys):
        x0, y0 = before.box.center
        x1, y1 = after.box.center
        seconds = after.time_s - before.time_s
        speed = math.hypot(x1 - x0, y1 - y0) / seconds
        if speed > _FASTEST_PER_S:
            message = f"this jumps {speed:.1f} frame widths a second"
            findings.warning("146", at, message, "give it more time or less way")


def check_overlap(layouts: Sequence[Layout], findings: Findings) -> None:
    """Warn where one entity stands where another one does."""
    for i, layout in enumerate(layouts[:_MOST_COMPARED]):
        for other in layouts[:i]:
            for key in layout.keys:
                theirs = other.box_at(key.time_s)
                if key.box.shared(theirs) > _SAME_PLACE:
                    message = f"{layout.entity} stands where {other.entity} is at {key.time_s:g}s"
                    findings.warning("144", tree.Node(key.span.start, key.span.end), message)
                    break
