"""`@camera pan-right slow` or a timed block -> the camera's moves, each with its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..story import CameraMove, Pinned
from . import tree
from .context import Context
from .findings import Findings, did_you_mean
from .schema import CAMERA_MOVES, CAMERA_PACES, DIRECTIVES
from .times import Clock, TimeRange, resolve_span_of_time


def resolve_camera(
    directive: tree.Directive, clock: Clock, context: Context
) -> Pinned[tuple[CameraMove, ...]] | None:
    """Return the moves that are right, in the order of the text; None if there are none."""
    findings = context.findings
    moves = list(_moves(directive, clock, findings))
    if not directive.args.flat and directive.block is None:
        findings.error("006", directive, "@camera says no move", "@camera pan-right slow")
    _check_order(moves, clock, findings)
    if not moves:
        return None
    return Pinned(tuple(moves), findings.source.span(directive.start, directive.end))


def _moves(directive: tree.Directive, clock: Clock, findings: Findings) -> Iterator[CameraMove]:
    text = findings.source.text
    if directive.args.flat:
        words = _words(directive.args.flat, findings)
        if words is not None:
            span = findings.source.span(directive.args.start, directive.args.end)
            yield CameraMove(words, "", 0.0, None, span)
    for statement in directive.block.statements if directive.block else ():
        time = statement.time
        when = resolve_span_of_time(time, clock, findings)
        words = _words(statement.args.flat, findings)
        if when is not None and words is not None:
            written = text[time.start : time.end] if time else ""
            span = findings.source.span(statement.start, statement.end)
            yield CameraMove(words, written, when.start_s, when.end_s, span)


def _words(args: Sequence[tree.Arg], findings: Findings) -> str | None:
    first, *rest = args
    if not isinstance(first, tree.Word):
        findings.error("131", first, "this is no camera move", "@camera pan-right slow")
        return None
    if first.text not in CAMERA_MOVES:
        help = did_you_mean(first.text, CAMERA_MOVES) or f"one of {', '.join(CAMERA_MOVES)}"
        findings.error("131", first, f'"{first.text}" is no camera move', help)
        return None
    words = [first.text]
    options = DIRECTIVES["camera"].options
    for arg in rest:
        if isinstance(arg, tree.Word) and arg.text in CAMERA_PACES:
            words.append(arg.text)
        elif isinstance(arg, tree.Pair) and arg.key.text in options:
            words.append(findings.source.text[arg.start : arg.end])
        else:
            help = f"{', '.join(CAMERA_PACES)}, or one of {', '.join(options)} with a value"
            findings.error("131", arg, "a camera move does not take this", help)
    return " ".join(words)


def _check_order(moves: Sequence[CameraMove], clock: Clock, findings: Findings) -> None:
    """Warn where the camera does two things at once."""
    for i, move in enumerate(moves):
        mine = TimeRange(move.start_s, move.end_s)
        for before in moves[:i]:
            if mine.overlaps(TimeRange(before.start_s, before.end_s), clock):
                at = tree.Node(move.span.start, move.span.end)
                message = f'the camera still does "{before.words}" (line {before.span.line})'
                findings.warning("125", at, message, "let one end where the other begins")
                break
