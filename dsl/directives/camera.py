"""`@camera pan-right slow` or a timed block -> the camera's moves, each with its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...story import CameraMove, Pinned
from ..diagnostics.findings import Findings, did_you_mean
from ..resolve.context import Context
from ..schema import CAMERA_MOVES, CAMERA_PACES, DIRECTIVES
from ..syntax import tree
from ..syntax.names import NamePart, name_of
from .cast import Cast, resolve_entity
from .easing import resolve_ease
from .times import SceneClock, TimeRange, overlapping, resolve_span_of_time


def resolve_camera(
    directive: tree.Directive, cast: Cast, clock: SceneClock, context: Context
) -> Pinned[tuple[CameraMove, ...]] | None:
    """Return the moves that are right, in the order of the text; None if there are none."""
    findings = context.findings
    moves = list(_moves(directive, cast, clock, context))
    if not directive.args.flat and directive.block is None:
        findings.error("006", directive, "@camera says no move", "@camera pan-right slow")
    _check_order(moves, clock, findings)
    if not moves:
        return None
    return Pinned(tuple(moves), findings.source.span(directive.start, directive.end))


def _moves(
    directive: tree.Directive, cast: Cast, clock: SceneClock, context: Context
) -> Iterator[CameraMove]:
    findings = context.findings
    text = findings.source.text
    if directive.args.flat:
        # Options that @camera has not are reported with the shape of the directive.
        known = [a for a in directive.args.flat if not isinstance(a, tree.Pair) or _is_option(a)]
        words = _words(known, cast, context) if known else None
        if words is not None:
            span = findings.source.span(directive.args.start, directive.args.end)
            yield CameraMove(words, "", 0.0, None, span)
    for statement in directive.block.statements if directive.block else ():
        time = statement.time
        when = resolve_span_of_time(time, clock, findings)
        words = _words(statement.args.flat, cast, context)
        if when is not None and words is not None:
            written = text[time.start : time.end] if time else ""
            span = findings.source.span(statement.start, statement.end)
            yield CameraMove(words, written, when.start_s, when.end_s, span)


def _words(args: Sequence[tree.Arg], cast: Cast, context: Context) -> str | None:
    findings = context.findings
    first, *rest = args
    if not isinstance(first, tree.Word):
        findings.error("131", first, "this is no camera move", "@camera pan-right slow")
        return None
    if first.text not in CAMERA_MOVES:
        help = did_you_mean(first.text, CAMERA_MOVES) or f"one of {', '.join(CAMERA_MOVES)}"
        findings.error("131", first, f'"{first.text}" is no camera move', help)
        return None
    words = [first.text]
    for arg in rest:
        if isinstance(arg, tree.Word) and arg.text in CAMERA_PACES:
            words.append(arg.text)
        elif isinstance(arg, tree.Pair) and _is_option(arg):
            _check_option(arg, cast, context)
            words.append(findings.source.text[arg.start : arg.end])
        else:
            options = ", ".join(DIRECTIVES["camera"].options)
            help = f"{', '.join(CAMERA_PACES)}, or one of {options} with a value"
            findings.error("131", arg, "a camera move does not take this", help)
    return " ".join(words)


def _is_option(pair: tree.Pair) -> bool:
    return pair.key.text in DIRECTIVES["camera"].options


def _check_option(pair: tree.Pair, cast: Cast, context: Context) -> None:
    """Report an option whose value is wrong: an unknown name, no easing, no number."""
    findings, value = context.findings, pair.value
    match pair.key.text:
        case "ease":
            resolve_ease(value, findings)
        case "on":
            named = name_of([value]) if isinstance(value, NamePart) else None
            if named is None:
                findings.error("006", value, "on= names who is shown", "on=FOX")
            else:
                resolve_entity(*named, cast, context)
        case option if not _is_number(value):
            findings.error("006", value, f"{option} is a number", f"{option}=0.2 or {option}=20%")


def _is_number(value: tree.Value) -> bool:
    return isinstance(value, tree.Quantity) and value.unit in ("", "%") and value.number >= 0


def _check_order(moves: Sequence[CameraMove], clock: SceneClock, findings: Findings) -> None:
    """Warn where the camera does two things at once."""
    ranges = [TimeRange(move.start_s, move.end_s) for move in moves]
    for later, earlier in overlapping(ranges, clock):
        before, span = moves[earlier], moves[later].span
        message = f'the camera still does "{before.words}" (line {before.span.line})'
        at = tree.Node(span.start, span.end)
        findings.warning("125", at, message, "let one end where the other begins")
