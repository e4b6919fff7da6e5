"""A heading and what stands under it -> a Scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...speech import SAY_LESS, lacking_time
from ...story import (
    Directions,
    Element,
    Heading,
    Mark,
    Pinned,
    Scene,
    Tag,
)
from ..directives.directions import DirectiveReader, filled, usable
from ..directives.scalars import resolve_pinned_duration
from ..directives.shots import check_length, resolve_shots
from ..directives.sounds import resolve_music, resolve_voices
from ..directives.tags import resolve_tag
from ..directives.takes import resolve_takes
from ..directives.times import SceneClock, scene_clock
from ..syntax import tree
from .context import Context
from .contradictions import check_against_layouts, check_among_themselves
from .elements import resolve_line, resolve_paragraph, resolve_speech, split_cue


@dataclass(frozen=True, slots=True)
class RawScene:
    """The items of one scene; `heading` is None for what is filmed without any heading.

    `asides` are the notes that stand in the heading's line.
    """

    heading: Heading | None
    items: tuple[tree.Item, ...]
    asides: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class SceneResolver:
    """Resolves scenes with the reader and the defaults of one story."""

    reader: DirectiveReader
    defaults: Directions

    @property
    def context(self) -> Context:
        return self.reader.context

    def resolve(self, scene_id: str, raw: RawScene) -> Scene:
        """Return the scene, without whatever was reported as wrong."""
        directives = usable(raw.items, self.context)
        cuts = [d for d in directives if d.name.text == "shot"]
        own = self._duration(directives, of_shots=bool(cuts))
        duration = own or (None if cuts else self.defaults.duration_s)
        clock = scene_clock(duration.value if duration else None, raw.items, self.context)
        shots = resolve_shots(raw.items, cuts, self.reader, self.elements)
        under_shots = [element for shot in shots for element in shot.elements]
        elements = under_shots if shots else self.elements(raw.items, clock)
        check_length(shots, own, self.context)
        heading = raw.heading or self._no_heading(raw)
        source = self.context.findings.source
        end = max((item.end for item in raw.items), default=heading.span.end)
        bare = Scene(
            id=scene_id,
            heading=heading,
            span=source.span(heading.span.start, end),
            elements=(*raw.asides, *elements),
            shots=shots,
            duration_s=own,
            voices=tuple(resolve_voices(directives, self.reader.cast, clock, self.context)),
            music=tuple(resolve_music(directives, clock, self.context)),
            takes=tuple(resolve_takes(directives, self.context)),
        )
        own_directions = self.reader.read(directives, clock)
        scene = filled(own_directions.into(bare), self.defaults, timed=bool(cuts)).with_starts()
        self._check_dialogue(scene)
        self._check_expectations(scene)
        self._check_entities(scene)
        return scene

    def elements(self, items: Sequence[tree.Item], clock: SceneClock) -> list[Element]:
        """Return the elements among the items of a scene or a shot."""
        return list(self._elements(items, clock))

    def _elements(self, items: Sequence[tree.Item], clock: SceneClock) -> Iterator[Element]:
        cast, known, findings = self.reader.cast, self.reader.known, self.context.findings

        def tag(inline: tree.InlineTag) -> Tag | None:
            return resolve_tag(inline, cast, clock, self.context, known)

        for item in items:
            match item:
                case tree.Paragraph():
                    yield from resolve_paragraph(item, tag, findings)
                case tree.Speech():
                    spoken_by, _ = split_cue(item.cue.text)
                    speaker = cast.declared(spoken_by) or spoken_by
                    yield from resolve_speech(item, speaker, tag, findings)
                case tree.Line():
                    yield resolve_line(item, findings)

    def _duration(
        self, directives: Sequence[tree.Directive], *, of_shots: bool
    ) -> Pinned[float] | None:
        for directive in directives:
            if directive.name.text == "duration":
                return resolve_pinned_duration(directive, self.context, of_shots=of_shots)
        return None

    def _check_expectations(self, scene: Scene) -> None:
        """Check what is expected against the writer's own boxes, and against what else is."""
        check_among_themselves(scene.expectations, self.context)
        check_against_layouts(scene.expectations, scene.layouts, self.context)
        for shot in scene.shots:
            placed = {layout.entity for layout in shot.layouts}
            # Who stands still in the scene stands there in each of its shots.
            still = [x for x in scene.layouts if len(x.keys) == 1 and x.entity not in placed]
            check_among_themselves(shot.expectations, self.context)
            check_against_layouts(shot.expectations, [*shot.layouts, *still], self.context)

    def _check_entities(self, scene: Scene) -> None:
        for directions in (scene, *scene.shots):
            self._check_number(directions)

    def _check_number(self, directions: Directions) -> None:
        capabilities = self.context.capabilities
        if capabilities is None:
            return
        seen: dict[str, None] = {}
        places = [(layout.entity, layout.span) for layout in directions.layouts]
        places += [(beat.entity, beat.span) for beat in directions.motions]
        for entity, span in places:
            seen[entity] = None
            if len(seen) > capabilities.max_entities:
                most = capabilities.max_entities
                message = f"{capabilities.name} draws at most {most} entities at once"
                at = tree.Node(span.start, span.end)
                help = f"leave one of {', '.join(seen)} out of this scene"
                self.context.findings.error("104", at, message, help)
                return

    def _check_dialogue(self, scene: Scene) -> None:
        """Warn at the line with which a pinned length gets too short for all that is said."""
        for lack in lacking_time(scene):
            at = tree.Node(lack.dialogue.span.start, lack.dialogue.span.end)
            self.context.findings.warning("171", at, lack.message, SAY_LESS)

    def _no_heading(self, raw: RawScene) -> Heading:
        start = raw.items[0].start if raw.items else 0
        return Heading("", "", "", "", None, self.context.findings.source.span(start, start))
