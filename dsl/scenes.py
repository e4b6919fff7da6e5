"""A heading and what stands under it -> a Scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..story import (
    Dialogue,
    Element,
    Expectation,
    Heading,
    Layout,
    MotionBeat,
    Pinned,
    Replan,
    Scene,
    Tag,
)
from . import tree
from .camera import resolve_camera
from .cast import Cast, head_name
from .context import Context
from .elements import resolve_line, resolve_paragraph, resolve_speech, split_cue
from .expectations import check_against_layouts, resolve_expect
from .layouts import check_overlap, resolve_layout
from .motions import Vocabulary, check_motion_overlap, resolve_motion, resolve_tag
from .schema import DIRECTIVES
from .settings import resolve_pinned_duration, resolve_replan, resolve_seed, resolve_tries
from .shape import check_shape
from .times import Clock, scene_clock

_WORDS_PER_S = 2.5


@dataclass(frozen=True, slots=True)
class RawScene:
    """The items of one scene; `heading` is None for what is filmed without any heading."""

    heading: Heading | None
    items: tuple[tree.Item, ...]


@dataclass(slots=True)
class _Stated:
    """What the directives of a scene have said so far."""

    seed: Pinned[int] | None = None
    camera: Pinned[str] | None = None
    tries: Pinned[int] | None = None
    replan: Replan | None = None
    layouts: list[Layout] = field(default_factory=list)
    beats: list[tuple[MotionBeat, tree.Node]] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SceneResolver:
    """Resolves scenes against the cast and the motions of one story."""

    cast: Cast
    known: Vocabulary
    context: Context

    def resolve(self, scene_id: str, raw: RawScene) -> Scene:
        """Return the scene, without whatever was reported as wrong."""
        directives = self._usable(raw)
        duration = self._duration(directives)
        clock = scene_clock(duration.value if duration else None, raw.items, self.context)
        stated = _Stated()
        for directive in directives:
            self._state(directive, stated, clock)
        elements = self.elements(raw.items, clock)
        self._check_whole(stated, elements, clock)
        heading = raw.heading or self._no_heading(raw)
        source = self.context.findings.source
        end = max((item.end for item in raw.items), default=heading.span.end)
        return Scene(
            id=scene_id,
            heading=heading,
            span=source.span(heading.span.start, end),
            elements=tuple(elements),
            duration_s=duration,
            seed=stated.seed,
            camera=stated.camera,
            tries=stated.tries,
            layouts=tuple(stated.layouts),
            motions=tuple(beat for beat, _ in stated.beats),
            expectations=tuple(stated.expectations),
            replan=stated.replan,
        )

    def elements(self, items: Sequence[tree.Item], clock: Clock) -> list[Element]:
        """Return the elements among the items of a scene."""
        findings = self.context.findings

        def tag(inline: tree.InlineTag) -> Tag | None:
            return resolve_tag(inline, self.cast, clock, self.context, self.known)

        elements: list[Element] = []
        for item in items:
            match item:
                case tree.Paragraph():
                    elements += resolve_paragraph(item, tag, findings)
                case tree.Speech():
                    spoken_by, _ = split_cue(item.cue.text)
                    speaker = self.cast.declared(spoken_by) or spoken_by
                    elements += resolve_speech(item, speaker, tag, findings)
                case tree.Line():
                    elements.append(resolve_line(item, findings))
        return elements

    def _usable(self, raw: RawScene) -> list[tree.Directive]:
        """Return the directives of the scene that have their shape, each once where once holds."""
        findings = self.context.findings
        usable = []
        lines: dict[tuple[str, str], int] = {}
        for item in raw.items:
            if not isinstance(item, tree.Directive):
                continue
            if not check_shape(item, findings, in_scene=True):
                continue
            spec = DIRECTIVES[item.name.text]
            key = (spec.name, self._of_whom(item) if spec.name == "layout" else "")
            line = findings.source.position(item.start)[0]
            if (spec.once or spec.name == "layout") and key in lines:
                message = f"@{spec.name} is already said on line {lines[key]}"
                findings.error("105", item.name, message, "keep one of them")
                continue
            lines[key] = line
            if spec.where == "scene" and spec.acted_on:
                usable.append(item)
        return usable

    def _of_whom(self, directive: tree.Directive) -> str:
        first = next(iter(directive.args.flat), None)
        named = head_name(tree.Args(directive.start, directive.end, ((first,),))) if first else None
        return named[0].upper() if named else ""

    def _duration(self, directives: Sequence[tree.Directive]) -> Pinned[float] | None:
        for directive in directives:
            if directive.name.text == "duration":
                return resolve_pinned_duration(directive, self.context)
        return None

    def _state(self, directive: tree.Directive, stated: _Stated, clock: Clock) -> None:
        """Add what one directive says."""
        context = self.context
        match directive.name.text:
            case "seed":
                stated.seed = resolve_seed(directive, context)
            case "tries":
                stated.tries = resolve_tries(directive, context)
            case "replan":
                stated.replan = resolve_replan(directive, context)
            case "camera":
                moves = resolve_camera(directive, clock, context)
                span = context.findings.source.span(directive.start, directive.end)
                stated.camera = Pinned(moves, span) if moves else None
            case "layout":
                layout = resolve_layout(directive, self.cast, clock, context)
                if layout is not None:
                    stated.layouts.append(layout)
            case "motion":
                stated.beats += resolve_motion(directive, self.cast, clock, context, self.known)
            case "expect":
                stated.expectations += resolve_expect(directive, self.cast, context)

    def _check_whole(self, stated: _Stated, elements: Sequence[Element], clock: Clock) -> None:
        """Check what only the scene as a whole can show."""
        check_motion_overlap(stated.beats, clock, self.context)
        check_overlap(stated.layouts, self.context.findings)
        check_against_layouts(stated.expectations, stated.layouts, self.context)
        self._check_entities(stated)
        self._check_dialogue(elements, clock)

    def _check_entities(self, stated: _Stated) -> None:
        capabilities = self.context.capabilities
        if capabilities is None:
            return
        places = [(layout.entity, layout.span) for layout in stated.layouts]
        places += [(beat.entity, beat.span) for beat, _ in stated.beats]
        seen: dict[str, None] = {}
        for entity, span in places:
            seen[entity] = None
            if len(seen) > capabilities.max_entities:
                most = capabilities.max_entities
                message = f"{capabilities.name} draws at most {most} entities at once"
                at = tree.Node(span.start, span.end)
                help = f"leave one of {', '.join(seen)} out of this scene"
                self.context.findings.error("104", at, message, help)
                return

    def _check_dialogue(self, elements: Sequence[Element], clock: Clock) -> None:
        if not clock.pinned:
            return
        spoken_s = 0.0
        for element in elements:
            if not isinstance(element, Dialogue):
                continue
            spoken_s += len(element.text.split()) / _WORDS_PER_S
            if spoken_s > clock.length_s:
                message = f"saying this takes about {spoken_s:.1f}s of a {clock.length_s:g}s scene"
                at = tree.Node(element.span.start, element.span.end)
                self.context.findings.warning("171", at, message, "say less or make it longer")
                return

    def _no_heading(self, raw: RawScene) -> Heading:
        start = raw.items[0].start if raw.items else 0
        return Heading("", "", "", "", None, self.context.findings.source.span(start, start))
