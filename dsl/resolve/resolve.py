"""Syntax tree -> Story, with everything that is wrong with it in the findings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ...speech import is_everybody, is_heard_only, names_of_cue
from ...story import Character, Element, Reference, Scene, Story, TitleEntry
from ..diagnostics.findings import Findings
from ..directives.cast import Cast, resolve_cast
from ..directives.defaults import resolve_defaults
from ..directives.directions import DirectionsSoFar, DirectiveReader, usable
from ..directives.motions import vocabulary
from ..directives.shape import meant_directive, report_capitals
from ..directives.sounds import resolve_music, resolve_voices
from ..directives.style import resolve_locations
from ..directives.times import SceneClock
from ..directives.uses import directives_of, resolve_uses
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import capitals_in, declaration, name_key
from .context import Context
from .elements import asides, split_cue
from .headings import resolve_heading
from .references import resolve_reference
from .scenes import RawScene, SceneResolver

_DECLARATIONS = ("character", "prop")


def resolve_story(
    syntax: tree.SyntaxTree, title_page: tuple[TitleEntry, ...], context: Context
) -> Story | None:
    """Return the story, or None where there is nothing to film; mistakes go to the findings."""
    findings, items = context.findings, syntax.items
    opening, raw_scenes = _by_scene(items, findings)
    shared = resolve_uses(items, context)
    members = resolve_cast(directives_of(items, *_DECLARATIONS), context, shared.cast)
    locations = resolve_locations(directives_of(items, "location"), context, shared.locations)
    libraries = _libraries(items, context)
    cast = Cast(members, _names_on_the_page(items), complete=shared.complete)
    reader = DirectiveReader(cast, vocabulary(context, more_clips=bool(libraries)), context)
    defaults = resolve_defaults(directives_of(items, "defaults"), reader)
    resolver = SceneResolver(reader, defaults)
    if not raw_scenes and any(isinstance(i, tree.Paragraph | tree.Speech) for i in opening):
        # A script without any heading is one scene, nowhere in particular.
        raw_scenes = [RawScene(None, tuple(opening))]
        opening = ()
    opening_directives = usable(opening, context, in_scene=False)
    prologue, opening_directions = _prologue(opening, opening_directives, resolver)
    clock = _opening_clock(context)
    scenes = _scenes(raw_scenes, resolver, findings)
    if not scenes:
        message = "there is nothing to film: no scene and no action"
        findings.error("001", tree.Node(0, 0), message, "begin a scene: EXT. FOREST - DAY")
        return None
    report_capitals(items, findings)
    _check_speakers(items, cast, context)
    _check_unused(members, items, findings)
    return Story(
        path=findings.source.path,
        span=findings.source.span(0, len(findings.source.text)),
        title_page=title_page,
        cast=members,
        scenes=scenes,
        strict=context.strict,
        prologue=prologue,
        locations=locations,
        styles=tuple(opening_directions.styles),
        negatives=tuple(opening_directions.negatives),
        motion_libraries=libraries,
        voices=tuple(resolve_voices(opening_directives, cast, clock, context, in_scene=False)),
        music=tuple(resolve_music(opening_directives, clock, context)),
    )


def _libraries(items: Sequence[tree.Item], context: Context) -> tuple[Reference, ...]:
    """Return the folders of clips that the story names."""
    found = []
    for directive in directives_of(items, "motion-library"):
        match directive.args.flat:
            case (tree.Quoted() as quoted,):
                found.append(resolve_reference(quoted, context, "folder"))
            case _:
                message = "@motion-library takes the path of one folder in quotes"
                usage = DIRECTIVES["motion-library"].usage
                context.findings.error("006", directive, message, usage)
    return tuple(found)


def _by_scene(
    items: Sequence[tree.Item], findings: Findings
) -> tuple[tuple[tree.Item, ...], list[RawScene]]:
    """Split the items at the headings; the first part stands before all of them."""
    starts = [
        i for i, item in enumerate(items) if isinstance(item, tree.Line) and item.kind == "heading"
    ]
    scenes = []
    for start, end in pairwise([*starts, len(items)]):
        line = items[start]
        assert isinstance(line, tree.Line)
        scenes.append(
            RawScene(
                resolve_heading(line, findings),
                tuple(items[start + 1 : end]),
                tuple(asides(line, findings)),
            )
        )
    return tuple(items[: starts[0] if starts else len(items)]), scenes


def _opening_clock(context: Context) -> SceneClock:
    """Return the time of what stands above the first heading."""
    return SceneClock(context.clip_s, False, context.fps)


def _prologue(
    items: Sequence[tree.Item], directives: Sequence[tree.Directive], resolver: SceneResolver
) -> tuple[tuple[Element, ...], DirectionsSoFar]:
    """Return the elements above the first heading, which are not filmed, and their directions."""
    context = resolver.context
    for item in items:
        if isinstance(item, tree.Paragraph | tree.Speech) and _has_prose(item):
            message = "this stands before the first heading and is not filmed"
            context.findings.warning("012", item, message, "put a heading above it")
    clock = _opening_clock(context)
    directions = resolver.reader.read(directives, clock)
    return tuple(resolver.elements(items, clock)), directions


def _has_prose(item: tree.Paragraph | tree.Speech) -> bool:
    if isinstance(item, tree.Speech):
        return True
    return any(isinstance(part, tree.Text) for line in item.lines for part in line)


def _scenes(
    raw_scenes: Sequence[RawScene], resolver: SceneResolver, findings: Findings
) -> tuple[Scene, ...]:
    """Resolve every scene under its own id: the writer's number, else the position."""
    scenes = []
    lines: dict[str, int] = {}
    taken = {raw.heading.number for raw in raw_scenes if raw.heading and raw.heading.number}
    for position, raw in enumerate(raw_scenes, start=1):
        number = raw.heading.number if raw.heading else None
        scene_id = number or str(position)
        if number and raw.heading:
            span = raw.heading.span
            if number in lines:
                message = f"scene number {number} is already used on line {lines[number]}"
                at = tree.Node(span.start, span.end)
                findings.error("103", at, message, "give every scene its own number")
                scene_id = _free(f"{number}-{position}", taken)
            lines.setdefault(number, span.line)
        else:
            scene_id = _free(scene_id, taken)
        scenes.append(resolver.resolve(scene_id, raw))
    return tuple(scenes)


def _free(wanted: str, taken: set[str]) -> str:
    """Return an id that no scene has, as near to the wanted one as can be, and take it."""
    free = wanted
    count = 1
    while free in taken:
        count += 1
        free = f"{wanted}-{count}"
    taken.add(free)
    return free


def _names_on_the_page(items: Sequence[tree.Item]) -> list[str]:
    """Return who speaks and what stands in capitals in the action."""
    names = []
    for item in items:
        if isinstance(item, tree.Speech):
            names.append(split_cue(item.cue.text)[0])
        elif isinstance(item, tree.Paragraph):
            for line in item.lines:
                for part in line:
                    if isinstance(part, tree.Text):
                        names += capitals_in(part.text)
    return names


def _check_speakers(items: Sequence[tree.Item], cast: Cast, context: Context) -> None:
    """Report each speaker whom nobody declared, once, at the first cue."""
    reported: set[str] = set()
    for item in items if cast.complete else ():
        if not isinstance(item, tree.Speech) or meant_directive(item.cue.text):
            continue
        speaker, extension = split_cue(item.cue.text)
        key = name_key(speaker)
        # Who is heard and not seen needs no look.
        unseen = is_heard_only(speaker, extension)
        if unseen or key in reported or cast.declared(speaker) is not None:
            continue
        if _is_together(speaker, cast):
            continue
        reported.add(key)
        meant = cast.closest(speaker)
        help = f"did you mean {meant}?" if meant else declaration(speaker)
        message = f"{speaker} speaks and is not in the cast"
        at = tree.Node(item.cue.start, item.cue.start + len(item.cue.text.rstrip()))
        context.strict_error("101", at, message, help)


def _is_together(speaker: str, cast: Cast) -> bool:
    """Say whether a cue is for several: `EDGAR AND WILL`, `EDGAR/WILL`, `BOTH`."""
    names = names_of_cue(speaker)
    together = len(names) > 1 and all(cast.declared(name) is not None for name in names)
    return together or is_everybody(speaker)


def _check_unused(
    members: Sequence[Character], items: Sequence[tree.Item], findings: Findings
) -> None:
    """Warn of who is declared and then never named again."""
    texts = [
        name_key(findings.source.text[item.start : item.end])
        for item in items
        if not (isinstance(item, tree.Directive) and item.name.text in _DECLARATIONS)
    ]
    everything = f"-{'-'.join(texts)}-"
    for member in members:
        at_home = findings.source.text.startswith("@use", member.span.start)
        if not at_home and f"-{name_key(member.name)}-" not in everything:
            at = tree.Node(member.span.start, member.span.end)
            findings.warning("010", at, f"{member.name} is declared and never appears")
