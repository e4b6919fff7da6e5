"""`@motion FOX { 0s..2s: walk; 2s..end: leap }` -> who does what, when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...story import MotionBeat
from ..diagnostics.findings import Findings, did_you_mean
from ..resolve.context import Context
from ..schema import COMMON_MOTIONS
from ..syntax import tree
from ..syntax.names import NamePart, head_name, name_of
from .cast import Cast, resolve_entity
from .loras import resolve_lora, saying
from .times import SceneClock, TimeRange, overlapping, resolve_span_of_time


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The motions that are known; `motions` None where no engine lists them."""

    motions: frozenset[str] | None

    def check(self, word: tree.Word, context: Context) -> None:
        """Report a motion that neither the base model nor the library knows."""
        if self.motions is None or base_form(word.text, self.motions) is not None:
            return
        message = f'neither the model nor the library knows the motion "{word.text}"'
        help = did_you_mean(word.text, self.motions) or "its clips may not show it"
        context.strict_error("132", word, message, help)


def vocabulary(context: Context, *, more_clips: bool) -> Vocabulary:
    """Return the motions to check against.

    Those of the engine and its library where it lists them, else common verbs. Nothing is checked
    where the story brings clips of its own (`more_clips`), nor without an engine unless the story
    is strict.
    """
    capabilities = context.capabilities
    if more_clips or (capabilities is None and not context.strict):
        return Vocabulary(None)
    listed: frozenset[str] = frozenset()
    if capabilities is not None:
        listed = frozenset(capabilities.motions) | frozenset(capabilities.library_motions)
        if listed:
            listed |= frozenset(capabilities.synonyms)
    return Vocabulary(listed or frozenset(COMMON_MOTIONS))


def base_form(verb: str, known: Iterable[str]) -> str | None:
    """Return the known verb of which `verb` is a form (walks, walking, walked), or None."""
    known = frozenset(known)
    word = verb.casefold()
    for form in _stems(word):
        if form in known:
            return form
    return None


def _stems(word: str) -> Iterable[str]:
    yield word
    for ending in ("s", "es", "ed", "d", "ing"):
        stem = word.removesuffix(ending)
        if stem and stem != word:
            yield stem
            yield stem + "e"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]


def resolve_motion(
    directive: tree.Directive, cast: Cast, clock: SceneClock, context: Context, known: Vocabulary
) -> list[tuple[MotionBeat, tree.Node]]:
    """Return the beats of one `@motion` with the place of each one's time."""
    name, rest = _split_head(directive, cast)
    named = head_name(name)
    if named is None:
        context.findings.error(
            "006", directive.name, "@motion needs the name of an entity", "@motion FOX { ... }"
        )
        return []
    entity = resolve_entity(*named, cast, context)
    lora = resolve_lora(directive.block, context)
    # Whoever brings an adapter knows a motion that nobody else has to know.
    known = Vocabulary(None) if lora else known
    beats = []
    for time, args, node in _stated(directive, rest):
        beat = _beat(time, args, node, clock=clock, context=context, known=known)
        if beat is not None and entity is not None:
            beats.append((replace(beat[0], entity=entity, lora=lora), beat[1]))
    if directive.block is None and not beats and len(directive.args.groups) < 2:
        context.findings.error(
            "006", directive, "@motion says no motion", "@motion FOX { 0s..end: walk }"
        )
    return beats


def _split_head(directive: tree.Directive, cast: Cast) -> tuple[tree.Args, tuple[tree.Arg, ...]]:
    """Part the name from what is done: before a block all is name, else as much as is declared."""
    args = directive.args
    flat = args.flat
    if directive.block is not None or not flat:
        return args, ()
    length = 1
    for end in range(2, len(flat)):
        parts = [arg for arg in flat[:end] if isinstance(arg, NamePart)]
        named = name_of(parts) if len(parts) == end else None
        if named is not None and cast.declared(named[0]) is not None:
            length = end
    return tree.Args(args.start, args.end, (flat[:length],)), flat[length:]


def _stated(
    directive: tree.Directive, rest: Sequence[tree.Arg]
) -> Iterable[tuple[tree.Time | None, Sequence[tree.Arg], tree.Node]]:
    if directive.block is None:
        if rest:
            yield None, rest, tree.Node(rest[0].start, rest[-1].end)
        return
    brought = {statement for statement, _ in saying(directive.block, "lora")}
    for statement in directive.block.statements:
        if statement in brought:
            continue
        yield statement.time, statement.args.flat, statement


def _beat(
    time: tree.Time | None,
    args: Sequence[tree.Arg],
    node: tree.Node,
    *,
    clock: SceneClock,
    context: Context,
    known: Vocabulary,
) -> tuple[MotionBeat, tree.Node] | None:
    findings = context.findings
    when = resolve_span_of_time(time, clock, findings)
    words = [arg for arg in args if isinstance(arg, tree.Word)]
    if not words:
        findings.error("006", node, "this says no motion", "0s..2s: walk")
        return None
    verb, *others = words
    known.check(verb, context)
    details = [word.text for word in others]
    strength: float | None = None
    for arg in args:
        match arg:
            case tree.Quoted(text=text):
                details.append(text)
            case tree.Pair(key=tree.Word(text="strength")):
                strength = _strength(arg, findings)
            case tree.Word():
                pass
            case tree.Range() | tree.Quantity():
                message = "the time of a motion stands before it, in a block"
                findings.error("006", arg, message, f"{{ {_written(arg, findings)}: {verb.text} }}")
            case _:
                findings.error("006", arg, "a motion does not take this", '0s..2s: walk "slowly"')
    if when is None:
        return None
    span = findings.source.span(node.start, node.end)
    detail = " ".join(details)
    beat = MotionBeat("", verb.text, detail, when.start_s, when.end_s, span, strength)
    return beat, time or node


def _written(at: tree.Node, findings: Findings) -> str:
    return findings.source.text[at.start : at.end]


def _strength(pair: tree.Pair, findings: Findings) -> float | None:
    match pair.value:
        case tree.Quantity(number=number, unit=unit) if unit in ("", "%"):
            strength = number / 100 if unit == "%" else number
            if 0 < strength <= 1:
                findings.unused("strength of @motion", pair)
                return strength
    findings.error("006", pair.value, "the strength of a motion lies in 0..1", "strength=0.7")
    return None


def check_motion_overlap(
    beats: Sequence[tuple[MotionBeat, tree.Node]], clock: SceneClock, context: Context
) -> None:
    """Warn where one entity does two things at once."""
    by_entity: dict[str, list[tuple[MotionBeat, tree.Node]]] = {}
    for beat, at in beats:
        by_entity.setdefault(beat.entity, []).append((beat, at))
    for entity, own in by_entity.items():
        ranges = [TimeRange(beat.start_s, beat.end_s) for beat, _ in own]
        for later, earlier in overlapping(ranges, clock):
            before, at = own[earlier][0], own[later][1]
            message = f'{entity} still does "{before.motion}" (line {before.span.line})'
            context.findings.warning("125", at, message, "let one end where the other begins")
