"""A story's transitions -> how the film goes from one scene to the next, drawn into its clips.

`CUT TO:` and its kin are cuts. `FADE IN:` comes out of black, `FADE OUT.` and `FADE TO BLACK:` go
into it, `DISSOLVE TO:` becomes the next picture, which stands still meanwhile: no clip gets longer
or shorter for it, so sound, subtitles and timelines stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ...engine.video import Frames, exact_rate, read_video, write_video
from ...plan import Plan
from ...story import Element, Mark, Story

Kind = Literal["fade-in", "fade-out", "dissolve"]

# How long a transition takes, and the share of a clip that it takes at most.
_LENGTH_S = 0.75
_MOST = 0.5

_KINDS: Mapping[re.Pattern[str], Kind] = {
    re.compile(r"FADE[- ]IN\b"): "fade-in",
    re.compile(r"FADE[- ](?:OUT|TO BLACK)\b"): "fade-out",
    re.compile(r"(?:\w+ )?(?:CROSS[- ]?)?DISSOLVE\b|CROSS[- ]?FADE\b"): "dissolve",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """What is drawn into the clip of a shot, at its beginning or at its end."""

    shot: str
    kind: Kind


def transitions_of(story: Story, plan: Plan) -> tuple[Transition, ...]:
    """Return the transitions of a film, in its order; after the last scene it can only fade out."""
    shots = {scene.id: scene.shots for scene in plan.scenes}
    filmed = [scene for scene in story.scenes if shots.get(scene.id)]
    found: list[Transition] = []
    before = list(_written(story.prologue))
    for index, scene in enumerate(filmed):
        first, last = shots[scene.id][0].id, shots[scene.id][-1].id
        kinds = list(_written(scene.elements))
        if "fade-in" in before:
            found.append(Transition(first, "fade-in"))
        if "fade-out" in kinds:
            found.append(Transition(last, "fade-out"))
        elif "dissolve" in kinds and index + 1 < len(filmed):
            found.append(Transition(last, "dissolve"))
        before = kinds
    return tuple(found)


def _written(elements: Sequence[Element]) -> Iterator[Kind]:
    """Yield the transitions that stand among elements."""
    for element in elements:
        if isinstance(element, Mark) and element.kind == "transition":
            words = element.text.strip().upper()
            yield from (kind for pattern, kind in _KINDS.items() if pattern.match(words))


def with_transitions(
    clips: Sequence[tuple[str, Path]], transitions: Sequence[Transition], spare: Path
) -> list[Path]:
    """Return a film's clips as they are seen: those with a transition are drawn again in `spare`.

    Args:
        clips: shot and file of each clip, in the film's order.

    Raises:
        VideoError: a clip cannot be read.
    """
    wanted: dict[str, list[Kind]] = {}
    for transition in transitions:
        wanted.setdefault(transition.shot, []).append(transition.kind)
    seen: list[Path] = []
    for number, (shot, path) in enumerate(clips):
        if shot not in wanted:
            seen.append(path)
            continue
        video = read_video(path)
        frames = video.frames
        for kind in wanted[shot]:
            after = clips[number + 1][1] if number + 1 < len(clips) else None
            frames = drawn(frames, kind, video.fps, _first(after) if after else None)
        seen.append(spare / f"transition-{number}.mp4")
        write_video(seen[-1], frames, exact_rate(video.fps), scale=1)
    return seen


def _first(path: Path) -> Frames:
    """Return the first frame [h, w, 3] of a clip."""
    frame: Frames = read_video(path, most_frames=1).frames[0]
    return frame


def drawn(frames: Frames, kind: Kind, fps: float, after: Frames | None = None) -> Frames:
    """Return a clip's frames [T, h, w, 3] with a transition; `after` [h, w, 3] is what comes."""
    count = max(1, min(round(_LENGTH_S * fps), int(len(frames) * _MOST)))
    if kind == "dissolve" and (after is None or after.shape != frames.shape[1:]):
        return frames
    other = after if kind == "dissolve" and after is not None else np.zeros_like(frames[0])
    made = frames.copy()
    for step in range(count):
        share = (step + 1) / (count + 1)
        at = count - 1 - step if kind == "fade-in" else len(frames) - count + step
        mixed = frames[at] * (1 - share) + other * share
        made[at] = np.rint(mixed).astype(np.uint8)
    return made
