"""A scene with `@shot` directives -> a scene for each shot, with all that holds in it.

A shot films the prose under it. One that has none films what the next one films, as coverage does
on a set: a wide and a close of the same action. Times of the scene's own directives run along its
shots laid end to end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...errors import Span
from ...plan import Capabilities
from ...story import (
    Action,
    CameraMove,
    Dialogue,
    Element,
    Layout,
    LayoutKey,
    MotionBeat,
    Pinned,
    Scene,
    Shot,
    Stretch,
)
from .passages import films_something, last_stated_s, spoken_until_s
from .reading.tokens import split_sentences
from .reading.words.screen_words import camera_of

_INSTANT_S = 1e-6


@dataclass(frozen=True, slots=True)
class CoverageUnit:
    """What is directed in one go: a whole scene, or one `@shot` as a scene of its own.

    `number` counts the shots of the page's scene from 1.
    """

    scene: Scene
    shot: Shot | None = None
    number: int | None = None


def covered(scene: Scene, capabilities: Capabilities) -> list[CoverageUnit]:
    """Return the parts of a scene in order: itself where the writer cut it into no shots."""
    if not scene.shots:
        return [CoverageUnit(scene)]
    lengths = list(_lengths(scene, capabilities))
    parts = []
    start_s = 0.0
    for index, (shot, length) in enumerate(zip(scene.shots, lengths, strict=True)):
        prose = _filmed(scene.shots, index)
        part = _part(scene, shot, prose, start_s, length)
        parts.append(CoverageUnit(part, shot, index + 1))
        start_s += length.value
    return parts


def _lengths(scene: Scene, capabilities: Capabilities) -> Iterator[Pinned[float]]:
    """Yield how long each shot is: as written, its share of the scene, or a clip and its talk."""
    stated = sum(shot.duration_s.value for shot in scene.shots if shot.duration_s)
    untimed = [shot for shot in scene.shots if not shot.duration_s]
    at_s = 0.0
    for shot in scene.shots:
        if shot.duration_s is not None:
            length = shot.duration_s
        elif scene.duration_s is not None and scene.duration_s.value > stated:
            share = (scene.duration_s.value - stated) / len(untimed)
            length = Pinned(share, scene.duration_s.span)
        else:
            said = [element for element in shot.elements if isinstance(element, Dialogue)]
            spoken_s = spoken_until_s(said, scene, capabilities, at_s)
            needed_s = max(capabilities.clip_s, last_stated_s(shot), spoken_s)
            length = Pinned(needed_s, shot.span)
        yield length
        at_s += length.value


def _filmed(shots: Sequence[Shot], index: int) -> tuple[Element, ...]:
    """Return what a shot films as one paragraph, with the dialogue under the shot itself."""
    order = [*range(index, len(shots)), *range(index - 1, -1, -1)]
    actions = next(filter(None, (_actions(shots[i]) for i in order)), [])
    spoken = [e for e in shots[index].elements if isinstance(e, Dialogue)]
    return (*_merged(actions), *spoken)


def _actions(shot: Shot) -> list[Action]:
    return [e for e in shot.elements if isinstance(e, Action) and films_something(e)]


def _merged(actions: Sequence[Action]) -> Iterator[Action]:
    if actions:
        first, last = actions[0].span, actions[-1].span
        span = Span(
            first.file, first.start, last.end, first.line, first.column,
            last.end_line, last.end_column,
        )  # fmt: skip
        text = ""
        stretches: list[Stretch] = []
        for action in actions:
            text += " " if text and action.text else ""
            stretches += (Stretch(len(text) + s.at, s.span) for s in action.stretches)
            text += action.text
        tags = tuple(tag for action in actions for tag in action.tags)
        yield Action(text, span, tags, tuple(stretches))


def _part(
    scene: Scene, shot: Shot, elements: tuple[Element, ...], start_s: float, length: Pinned[float]
) -> Scene:
    """Return a shot as a scene: its own word first, then the scene's."""
    end_s = start_s + length.value
    placed = {layout.entity for layout in shot.layouts}
    moved = {beat.entity for beat in shot.motions}
    layouts = (x for x in scene.layouts if x.entity not in placed)
    beats = (x for x in scene.motions if x.entity not in moved)
    return replace(
        scene,
        elements=tuple(_within(element, start_s) for element in elements),
        shots=(),
        duration_s=length,
        seed=shot.seed or scene.seed,
        tries=shot.tries or scene.tries,
        replan=shot.replan or scene.replan,
        camera_moves=shot.camera_moves or _moves_within(scene.camera_moves, start_s, end_s),
        layouts=(*shot.layouts, *(_layout_within(x, start_s, end_s) for x in layouts)),
        motions=(*shot.motions, *_beats_within(beats, start_s, end_s)),
        depths=(*scene.depths, *shot.depths),
        expectations=(*scene.expectations, *shot.expectations),
        styles=(*scene.styles, *shot.styles),
        negatives=(*scene.negatives, *shot.negatives),
    )


def _within(element: Element, start_s: float) -> Element:
    """Return an element in the time of a shot; no line of it begins before the shot does."""
    if not isinstance(element, Dialogue) or element.start_s is None:
        return element
    return replace(element, start_s=max(0.0, element.start_s - start_s))


def _layout_within(layout: Layout, start_s: float, end_s: float) -> Layout:
    """Return a layout between two times, in the time of the first; eased ways become pieces."""
    times = [t for t in layout.times if start_s + _INSTANT_S < t < end_s - _INSTANT_S]
    keys = tuple(
        LayoutKey(t - start_s, layout.box_at(t), layout.span) for t in (start_s, *times, end_s)
    )
    return replace(layout, keys=keys)


def _beats_within(
    beats: Iterable[MotionBeat], start_s: float, end_s: float
) -> Iterator[MotionBeat]:
    for beat in beats:
        end = end_s if beat.end_s is None else min(beat.end_s, end_s)
        start = max(beat.start_s, start_s)
        if end - start > _INSTANT_S:
            yield replace(beat, start_s=start - start_s, end_s=end - start_s)


def _moves_within(
    moves: Pinned[tuple[CameraMove, ...]] | None, start_s: float, end_s: float
) -> Pinned[tuple[CameraMove, ...]] | None:
    if moves is None:
        return None
    found = []
    for move in moves.value:
        start = max(move.start_s, start_s)
        end = end_s if move.end_s is None else min(move.end_s, end_s)
        if end - start > _INSTANT_S:
            to_the_end = move.end_s is None or move.end_s >= end_s - _INSTANT_S
            found.append(
                replace(move, start_s=start - start_s, end_s=None if to_the_end else end - start_s)
            )
    return Pinned(tuple(found), moves.span) if found else None


def camera_words(moves: Pinned[tuple[CameraMove, ...]] | None, start_s: float, end_s: float) -> str:
    """Return the camera between two times in one line, with times where it does several things."""
    within = _moves_within(moves, start_s, end_s)
    if within is None:
        return "static"
    if len(within.value) == 1 and within.value[0].start_s < _INSTANT_S:
        (only,) = within.value
        if only.end_s is None:
            return only.words
    return "; ".join(
        f"{move.start_s:g}s..{'end' if move.end_s is None else f'{move.end_s:g}s'}: {move.words}"
        for move in within.value
    )


def moves_of(
    action: Action | None, start_s: float, length_s: float
) -> Pinned[tuple[CameraMove, ...]] | None:
    """Return what a paragraph lets the camera do, one move after the other; None if nothing.

    Args:
        action: the paragraph, None for a place alone.
        start_s: when its passage begins, in seconds of the scene.
        length_s: how long the passage lasts.
    """
    if action is None:
        return None
    found = (camera_of(words) for words in split_sentences(action.text))
    moves = [camera.move for camera in found if camera is not None and camera.move]
    each = length_s / max(1, len(moves))
    return Pinned(
        tuple(
            CameraMove(
                move, "", start_s + each * i, start_s + each * (i + 1) if i + 1 < len(moves)
                else None, action.span,
            )
            for i, move in enumerate(moves)
        ),
        action.span,
    ) if moves else None  # fmt: skip
