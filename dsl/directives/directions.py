"""The directives of a scene, of a shot or of `@defaults` -> what they say, as `Directions`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TypeVar

from ...story import (
    CameraMove,
    Depth,
    Directions,
    Expectation,
    Layout,
    MotionBeat,
    Pinned,
    Replan,
    Sound,
    Style,
)
from ..resolve.context import Context
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.names import NamePart, name_key, name_of
from .camera import resolve_camera
from .cast import Cast
from .depths import check_depths, resolve_depth
from .expectations import resolve_expect
from .layouts import check_overlap, resolve_layout
from .motions import Vocabulary, check_motion_overlap, resolve_motion
from .scalars import resolve_replan, resolve_seed, resolve_speech, resolve_tries
from .shape import check_shape
from .sounds import resolve_audio
from .style import resolve_negative, resolve_style
from .times import SceneClock

D = TypeVar("D", bound=Directions)


@dataclass(slots=True)
class DirectionsSoFar:
    """The directions that the directives read until now give."""

    seed: Pinned[int] | None = None
    speech: Pinned[float] | None = None
    tries: Pinned[int] | None = None
    replan: Replan | None = None
    camera_moves: Pinned[tuple[CameraMove, ...]] | None = None
    layouts: list[Layout] = field(default_factory=list)
    beats: list[tuple[MotionBeat, tree.Node]] = field(default_factory=list)
    depths: list[Depth] = field(default_factory=list)
    expectations: list[Expectation] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    negatives: list[Pinned[str]] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)

    def into(self, target: D) -> D:
        """Return the scene or the shot with all of it."""
        return replace(
            target,
            seed=self.seed,
            speech=self.speech,
            tries=self.tries,
            replan=self.replan,
            camera_moves=self.camera_moves,
            layouts=tuple(self.layouts),
            motions=tuple(beat for beat, _ in self.beats),
            depths=tuple(self.depths),
            expectations=tuple(self.expectations),
            styles=tuple(self.styles),
            negatives=tuple(self.negatives),
            sounds=tuple(self.sounds),
        )


@dataclass(frozen=True, slots=True)
class DirectiveReader:
    """Reads directives against the cast and the motions of one story."""

    cast: Cast
    known: Vocabulary
    context: Context

    def read(self, directives: Iterable[tree.Directive], clock: SceneClock) -> DirectionsSoFar:
        """Return what directives of the right shape say; mistakes in them are reported."""
        directions = DirectionsSoFar()
        for directive in directives:
            self._add(directive, directions, clock)
        check_motion_overlap(directions.beats, clock, self.context)
        check_overlap(directions.layouts, self.context.findings)
        check_depths(directions.depths, self.context)
        return directions

    def _add(self, directive: tree.Directive, into: DirectionsSoFar, clock: SceneClock) -> None:
        context = self.context
        match directive.name.text:
            case "seed":
                into.seed = resolve_seed(directive, context)
            case "speech":
                into.speech = resolve_speech(directive, context)
            case "tries":
                into.tries = resolve_tries(directive, context)
            case "replan":
                into.replan = resolve_replan(directive, context)
            case "camera":
                into.camera_moves = resolve_camera(directive, self.cast, clock, context)
            case "layout":
                _append(into.layouts, resolve_layout(directive, self.cast, clock, context))
            case "motion":
                into.beats += resolve_motion(directive, self.cast, clock, context, self.known)
            case "depth":
                _append(into.depths, resolve_depth(directive, self.cast, context))
            case "expect":
                into.expectations += resolve_expect(directive, self.cast, context)
            case "style":
                _append(into.styles, resolve_style(directive, context))
            case "negative":
                _append(into.negatives, resolve_negative(directive, context))
            case "audio":
                _append(into.sounds, resolve_audio(directive, clock, context))


T = TypeVar("T")


def _append(found: list[T], one: T | None) -> None:
    if one is not None:
        found.append(one)


def usable(
    items: Iterable[tree.Item], context: Context, *, in_scene: bool = True
) -> list[tree.Directive]:
    """Return the directives of the right shape, without the second of one that is allowed once."""
    findings = context.findings
    found = []
    lines: dict[tuple[str, str], int] = {}
    for item in items:
        if not isinstance(item, tree.Directive):
            continue
        if not check_shape(item, findings, in_scene=in_scene):
            continue
        spec = DIRECTIVES[item.name.text]
        key = (spec.name, _of_whom(item) if spec.takes == "entity" else "")
        line = findings.source.position(item.start)[0]
        if spec.once and spec.where == "scene" and key in lines:
            message = f"@{spec.name} is already said on line {lines[key]}"
            findings.error("105", item.name, message, "keep one of them")
            continue
        lines[key] = line
        found.append(item)
    return found


def _of_whom(directive: tree.Directive) -> str:
    """Return the words of the head up to where a place begins."""
    words = takewhile(
        lambda arg: isinstance(arg, NamePart) and arg.text not in ("at", "box"),
        directive.args.flat,
    )
    named = name_of([word for word in words if isinstance(word, NamePart)])
    return name_key(named[0]) if named else ""


def as_directives(statements: Sequence[tree.Statement]) -> list[tree.Directive]:
    """Return the statements of a block as the directives that they are: `seed 7`, `@seed 7`."""
    directives = []
    for statement in statements:
        first, *groups = statement.args.groups
        name, *rest = first
        if not isinstance(name, tree.Word) or name.text not in DIRECTIVES:
            continue  # the shape of the block is reported already
        args = _args(name.end, [tuple(rest), *groups])
        directives.append(
            tree.Directive(statement.start, statement.end, name, args, None, statement.block)
        )
    return directives


def _args(empty_at: int, groups: Sequence[tuple[tree.Arg, ...]]) -> tree.Args:
    full = tuple(group for group in groups if group)
    if not full:
        return tree.Args(empty_at, empty_at, ())
    return tree.Args(full[0][0].start, full[-1][-1].end, full)


def filled(own: D, defaults: Directions, *, timed: bool) -> D:
    """Return a scene with the directions of `@defaults` wherever it has none of its own.

    A default expectation holds unless the scene expects the same of the same. `timed` says that
    the scene's length follows from its shots.
    """
    said = {(e.metric, e.subject, e.other) for e in own.expectations}
    added = [e for e in defaults.expectations if (e.metric, e.subject, e.other) not in said]
    return replace(
        own,
        duration_s=own.duration_s or (None if timed else defaults.duration_s),
        seed=own.seed or defaults.seed,
        speech=own.speech or defaults.speech,
        tries=own.tries or defaults.tries,
        replan=own.replan or defaults.replan,
        camera_moves=own.camera_moves or defaults.camera_moves,
        expectations=(*own.expectations, *added),
    )
