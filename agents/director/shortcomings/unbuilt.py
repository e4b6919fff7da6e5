"""A story + an engine -> what the story asks for that the engine has not got yet, line by line.

A writer hears of it from `check` and in the notes of the plan. Nothing is taken out of the story:
the lines hold as soon as the engine can act on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ....errors import Span
from ....plan import Capabilities
from ....story import Character, Location, Scene, Story
from ..passages import Passage


@dataclass(frozen=True, slots=True)
class UnbuiltFeature:
    """A line that changes nothing yet."""

    message: str
    span: Span


def unseen(story: Story) -> Iterator[UnbuiltFeature]:
    """Yield each picture that a story names: no engine looks at pictures."""
    declared: tuple[Character | Location, ...] = (*story.cast, *story.locations)
    for one in declared:
        for picture in one.references:
            message = f'nothing looks at pictures yet: "{picture.path}" of {one.name}'
            yield UnbuiltFeature(f"{message} changes nothing", picture.span)


def untaught(
    scenes: Sequence[tuple[Scene, Sequence[Passage]]], world: Capabilities
) -> UnbuiltFeature | None:
    """Return one remark for all motions, where the first is, on an engine without a library.

    Args:
        scenes: each with its passages, which have been read.
    """
    found = list(_motions(scenes)) if "library" in world.unbuilt else []
    if not found:
        return None
    names = ", ".join(dict.fromkeys(motion for motion, _ in found))
    message = (
        f"{world.name} has no library of motions yet: no clips are retrieved and no adapter is "
        f"trained, and from its words alone is drawn: {names}"
    )
    return UnbuiltFeature(message, found[0][1])


def _motions(scenes: Sequence[tuple[Scene, Sequence[Passage]]]) -> Iterator[tuple[str, Span]]:
    for scene, passages in scenes:
        for beat in scene.motions:
            yield beat.motion, beat.span
        for passage in passages:
            for tag in passage.tags:
                if tag.motion is not None:
                    yield tag.motion, tag.span
            for deed in passage.reading.deeds if passage.reading else ():
                span = passage.span_of(deed.place)
                if span is not None and deed.moves and not deed.implied:
                    yield deed.verb, span
