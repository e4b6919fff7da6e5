"""`@voice`, `@audio` and `@music` -> what is heard, from when on, and how loud."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from ...story import Music, Sound, VoiceCue
from ..diagnostics.findings import did_you_mean
from ..resolve.context import Context
from ..resolve.references import resolve_reference
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import NamePart, name_of
from .cast import Cast, resolve_entity
from .times import SceneClock, is_beyond, report_beyond, resolve_time

_LOOP, _NONE = "loop", "none"
_LOUDEST_DB = 60.0
# How many times as high or as fast as it is a voice may be.
_LOWEST, _HIGHEST = 0.5, 2.0


@dataclass(slots=True)
class _Options:
    """What the pairs of a directive say; None for what they do not."""

    start_s: float | None = None
    fade_s: float | None = None
    gain_db: float | None = None
    pitch: float | None = None
    rate: float | None = None


def resolve_voices(
    directives: Iterable[tree.Directive], cast: Cast, clock: SceneClock, context: Context,
    *, in_scene: bool = True,
) -> Iterator[VoiceCue]:  # fmt: skip
    """Yield the cue of each `@voice`, without those of which something is reported."""
    for directive in directives:
        if directive.name.text == "voice":
            cue = resolve_voice(directive, cast, clock, context)
            if cue is None:
                continue
            if cue.start_s is not None and not in_scene:
                message = "start is when somebody's next line of a scene begins"
                help = "put this @voice under the heading of its scene"
                _report(directive, directive, message, context, help)
            yield cue


def resolve_voice(
    directive: tree.Directive, cast: Cast, clock: SceneClock, context: Context
) -> VoiceCue | None:
    """Return the cue, or None with the reason reported."""
    parts = [arg for arg in directive.args.flat if isinstance(arg, NamePart)]
    # A name in quotes may be the speaker's own: `@voice "Old Man" "alba"`.
    spoken = list(takewhile(lambda part: not isinstance(part, tree.Quoted), parts)) or parts[:1]
    voices = parts[len(spoken) :]
    named = name_of(spoken)
    if named is None:
        _report(directive, directive.name, "@voice needs the name of a speaker", context)
        return None
    for arg in voices[1:]:
        _report(directive, arg, "@voice takes one voice, in quotes", context)
    speaker = resolve_entity(*named, cast, context)
    said = _options(directive, clock, context)
    if speaker is None:
        return None
    span = context.findings.source.span(directive.start, directive.end)
    voice = voices[0] if voices else None
    name = voice.text.strip() if isinstance(voice, tree.Quoted) else None
    return VoiceCue(
        speaker, said.start_s, said.gain_db or 0.0, span, name or None, said.pitch, said.rate
    )


def resolve_audio(directive: tree.Directive, clock: SceneClock, context: Context) -> Sound | None:
    """Return the sound, or None with the reason reported."""
    file = _file(directive, context)
    if file is None:
        return None
    loop = any(isinstance(a, tree.Word) and a.text == _LOOP for a in directive.args.flat)
    _refuse_others(directive, (_LOOP,), context)
    said = _options(directive, clock, context)
    span = context.findings.source.span(directive.start, directive.end)
    reference = resolve_reference(file, context, "sound")
    return Sound(
        reference, loop, said.start_s or 0.0, said.gain_db or 0.0, span, said.fade_s or 0.0
    )


def resolve_music(
    directives: Iterable[tree.Directive], clock: SceneClock, context: Context
) -> Iterator[Music]:
    """Yield what each `@music` plays, without those of which something is reported."""
    for directive in directives:
        if directive.name.text != "music":
            continue
        span = context.findings.source.span(directive.start, directive.end)
        match directive.args.flat:
            case (tree.Word(text="none"),):
                yield Music(None, 0.0, 0.0, span)
                continue
        file = _file(directive, context)
        if file is None:
            continue
        _refuse_others(directive, (), context)
        said = _options(directive, clock, context)
        reference = resolve_reference(file, context, "sound")
        yield Music(reference, said.gain_db or 0.0, said.fade_s or 0.0, span)


def _file(directive: tree.Directive, context: Context) -> tree.Quoted | None:
    """Return the one path in quotes, or None with the reason reported."""
    files = [arg for arg in directive.args.flat if isinstance(arg, tree.Quoted)]
    if len(files) == 1:
        return files[0]
    at = directive.args if directive.args.flat else directive.name
    name = directive.name.text
    _report(directive, at, f"@{name} takes the path of one sound in quotes", context)
    return None


def _refuse_others(directive: tree.Directive, words: tuple[str, ...], context: Context) -> None:
    for arg in directive.args.flat:
        if isinstance(arg, tree.Quoted | tree.Pair):
            continue
        if isinstance(arg, tree.Word) and arg.text in words:
            continue
        help = did_you_mean(arg.text, words) if isinstance(arg, tree.Word) else None
        _report(directive, arg, f"@{directive.name.text} does not take this", context, help)


def _options(directive: tree.Directive, clock: SceneClock, context: Context) -> _Options:
    """Return what is written as pairs, in seconds, decibels and factors."""
    said = _Options()
    for pair in _pairs(directive):
        value, name = pair.value, pair.key.text
        if not isinstance(value, tree.Quantity):
            _report(directive, value, f"{name} is a number", context)
        elif name == "start":
            said.start_s = resolve_time(value, clock, context.findings)
            if said.start_s is not None and is_beyond(said.start_s, clock):
                report_beyond(value, clock, context.findings)
        elif name == "fade":
            said.fade_s = resolve_time(value, clock, context.findings)
        elif name in ("pitch", "rate"):
            factor = value.number if not value.unit else math.nan
            if _LOWEST <= factor <= _HIGHEST:
                said.pitch = factor if name == "pitch" else said.pitch
                said.rate = factor if name == "rate" else said.rate
            else:
                message = f"{name} is how many times as much, {_LOWEST:g} to {_HIGHEST:g}"
                _report(directive, value, message, context)
        elif value.unit.lower() in ("", "db") and abs(value.number) <= _LOUDEST_DB:
            said.gain_db = value.number if math.isfinite(value.number) else None
        else:
            message = f"gain is in decibels, at most {_LOUDEST_DB:g} either way"
            _report(directive, value, message, context)
    return said


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
