"""`@voice FOX start=3.2s gain=-3` and `@audio "wind.ogg" loop` -> what is heard, and when.

Nothing sounds yet: both are kept in the story, checked, and said to be unused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...story import Sound, VoiceCue
from ..diagnostics.findings import did_you_mean
from ..resolve.context import Context
from ..resolve.references import resolve_reference
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import head_name
from .cast import Cast, resolve_entity
from .times import SceneClock, is_beyond, report_beyond, resolve_time

_LOOP = "loop"
_LOUDEST_DB = 60.0


def resolve_voice(
    directive: tree.Directive, cast: Cast, clock: SceneClock, context: Context
) -> VoiceCue | None:
    """Return the cue, or None with the reason reported."""
    named = head_name(directive.args)
    if named is None:
        _report(directive, directive.name, "@voice needs the name of a speaker", context)
        return None
    speaker = resolve_entity(*named, cast, context)
    start_s, gain_db = _timing(directive, clock, context)
    if speaker is None:
        return None
    span = context.findings.source.span(directive.start, directive.end)
    return VoiceCue(speaker, start_s, gain_db or 0.0, span)


def resolve_audio(directive: tree.Directive, clock: SceneClock, context: Context) -> Sound | None:
    """Return the sound, or None with the reason reported."""
    files = [arg for arg in directive.args.flat if isinstance(arg, tree.Quoted)]
    if len(files) != 1:
        at = directive.args if directive.args.flat else directive.name
        _report(directive, at, "@audio takes the path of one sound in quotes", context)
        return None
    loop = False
    for arg in directive.args.flat:
        if isinstance(arg, tree.Word) and arg.text == _LOOP:
            loop = True
        elif not isinstance(arg, tree.Quoted | tree.Pair):
            help = did_you_mean(arg.text, (_LOOP,)) if isinstance(arg, tree.Word) else None
            _report(directive, arg, "@audio does not take this", context, help)
    start_s, gain_db = _timing(directive, clock, context)
    span = context.findings.source.span(directive.start, directive.end)
    file = resolve_reference(files[0], context)
    return Sound(file, loop, start_s or 0.0, gain_db or 0.0, span)


def _timing(
    directive: tree.Directive, clock: SceneClock, context: Context
) -> tuple[float | None, float | None]:
    """Return the start in seconds and the gain in decibels, where they are written."""
    start_s: float | None = None
    gain_db: float | None = None
    for pair in _pairs(directive):
        value = pair.value
        if not isinstance(value, tree.Quantity):
            _report(directive, value, f"{pair.key.text} is a number", context)
        elif pair.key.text == "start":
            start_s = resolve_time(value, clock, context.findings)
            if start_s is not None and is_beyond(start_s, clock):
                report_beyond(value, clock, context.findings)
        elif value.unit.lower() in ("", "db") and abs(value.number) <= _LOUDEST_DB:
            gain_db = value.number if math.isfinite(value.number) else None
        else:
            message = f"gain is in decibels, at most {_LOUDEST_DB:g} either way"
            _report(directive, value, message, context)
    return start_s, gain_db


def _pairs(directive: tree.Directive) -> Iterator[tree.Pair]:
    known = DIRECTIVES[directive.name.text].options
    for arg in directive.args.flat:
        if isinstance(arg, tree.Pair) and arg.key.text in known:
            yield arg


def _report(
    directive: tree.Directive,
    at: tree.Node,
    message: str,
    context: Context,
    help: str | None = None,
) -> None:
    usage = f"write it like this: {DIRECTIVES[directive.name.text].usage}"
    context.findings.error("006", at, message, help or usage)
