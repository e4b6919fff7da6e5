"""`@camera pan-right slow` or a timed block -> the camera of the scene in one line."""

from __future__ import annotations

from collections.abc import Sequence

from . import tree
from .context import Context
from .findings import Findings, did_you_mean
from .schema import CAMERA_MOVES, CAMERA_PACES
from .times import Clock, resolve_range, resolve_time

_OPTIONS = ("amount", "ease", "on", "speed")


def resolve_camera(directive: tree.Directive, clock: Clock, context: Context) -> str | None:
    """Return the moves as written, those of a block joined by semicolons; None if all are wrong."""
    findings = context.findings
    moves = []
    if directive.args.flat:
        moves.append(_move(directive.args.flat, directive.args, "", findings))
    for statement in directive.block.statements if directive.block else ():
        when = ""
        if isinstance(statement.time, tree.Range):
            resolve_range(statement.time, clock, findings)
        elif statement.time is not None:
            resolve_time(statement.time, clock, findings)
        if statement.time is not None:
            when = findings.source.text[statement.time.start : statement.time.end] + ": "
        moves.append(_move(statement.args.flat, statement, when, findings))
    if not moves:
        findings.error("006", directive, "@camera says no move", "@camera pan-right slow")
    return "; ".join(move for move in moves if move is not None) or None


def _move(args: Sequence[tree.Arg], at: tree.Node, when: str, findings: Findings) -> str | None:
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
        elif isinstance(arg, tree.Pair) and arg.key.text in _OPTIONS:
            words.append(findings.source.text[arg.start : arg.end])
        else:
            help = f"{', '.join(CAMERA_PACES)}, or one of {', '.join(_OPTIONS)} with a value"
            findings.error("131", arg, "a camera move does not take this", help)
    return when + " ".join(words)
