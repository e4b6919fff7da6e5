"""A story + an engine -> what the story asks for that the engine makes nothing of, line by line.

A writer hears of it from `check` and in the notes of the plan. Nothing is taken out of the story:
the lines hold as soon as an engine can act on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ....errors import Span
from ....plan import Capabilities
from ....story import Scene, Story
from ..passages import Passage


@dataclass(frozen=True, slots=True)
class UnbuiltFeature:
    """A line that changes nothing yet, or less than one might think."""

    message: str
    span: Span


def unseen(story: Story, world: Capabilities) -> Iterator[UnbuiltFeature]:
    """Yield each picture and adapter that changes nothing on an engine.

    One that learns characters learns a member of the cast from its pictures. One with a world of
    its own takes from them what it knows, which whoever opens the pictures says.
    """
    for member in story.cast:
        for picture in member.references:
            if "character" in world.learns:
                if member.lora is None:
                    continue
                why = f"its own lora draws {member.name}"
            elif "motion" in world.learns:
                continue  # see `tools.looks`
            else:
                why = f"the {world.name} engine draws no likeness"
            yield UnbuiltFeature(
                f'"{picture.path}" of {member.name} changes nothing: {why}', picture.span
            )
        if member.lora is not None and not world.learns:
            message = f'"{member.lora.name}" of {member.name} changes nothing'
            yield UnbuiltFeature(
                f"{message}: the {world.name} engine takes no adapters", member.lora.span
            )
    for location in story.locations:
        for picture in location.references:
            message = (
                f'nothing looks at pictures of places yet: "{picture.path}" of {location.name}'
            )
            yield UnbuiltFeature(f"{message} changes nothing", picture.span)


def taught_from_clips(
    scenes: Sequence[tuple[Scene, Sequence[Passage]]], world: Capabilities
) -> UnbuiltFeature | None:
    """Return one remark for all motions that an engine of any words learns, where the first is.

    Args:
        scenes: each with its passages, which have been read.
    """
    if "motion" not in world.learns or world.motions:
        return None
    found = list(_pinned(scenes))
    if not found:
        return None
    names = ", ".join(dict.fromkeys(motion for motion, _ in found))
    message = (
        f"{world.name} learns pinned motions from clips of your own, and draws them from the words "
        f"alone where the library has fewer than four: {names}"
    )
    return UnbuiltFeature(message, found[0][1])


def _pinned(scenes: Sequence[tuple[Scene, Sequence[Passage]]]) -> Iterator[tuple[str, Span]]:
    for scene, passages in scenes:
        for beat in scene.motions:
            if beat.lora is None:
                yield beat.motion, beat.span
        for passage in passages:
            for tag in passage.tags:
                if tag.motion is not None:
                    yield tag.motion, tag.span
