"""A story's `@audio` and `@music` + its plan -> the sounds that lie under the film's shots.

A sound lies under its scene. Music plays from its scene on, again and again, until the section ends
(`# Act One`) or until other music or none is asked for; that of the title page from the beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...plan import Plan
from ...story import Mark, Music, Reference, Scene, Story
from .tracks import Bed


def sounds_of(story: Story) -> Iterator[Reference]:
    """Yield every file of sound that a story names."""
    for music in (*story.music, *(m for scene in story.scenes for m in scene.music)):
        if music.file is not None:
            yield music.file
    for scene in story.scenes:
        yield from (sound.file for sound in scene.sounds)


def beds_of(story: Story, plan: Plan, folder: Path) -> list[Bed]:
    """Return the sounds under a film; `folder` is the story's."""
    shots = {scene.id: tuple(shot.id for shot in scene.shots) for scene in plan.scenes}
    beds = [
        Bed(
            folder / sound.file.path, shots.get(scene.id, ()), sound.loop,
            sound.start_s, sound.gain_db, sound.fade_s,
        )
        for scene in story.scenes
        for sound in scene.sounds
    ]  # fmt: skip
    for music, scenes in _played(story):
        under = tuple(shot for scene in scenes for shot in shots.get(scene.id, ()))
        if music.file is not None and under:
            path = folder / music.file.path
            beds.append(Bed(path, under, True, 0.0, music.gain_db, music.fade_s))
    return beds


def _played(story: Story) -> Iterator[tuple[Music, list[Scene]]]:
    """Yield each piece of music with the scenes that it plays under."""
    playing = story.music[-1] if story.music else None
    scenes: list[Scene] = []
    for scene in story.scenes:
        if scene.music:
            if playing is not None:
                yield playing, scenes
            playing, scenes = scene.music[-1], []
        scenes.append(scene)
        # A section's heading stands at the end of the scene before it.
        if any(isinstance(e, Mark) and e.kind == "section" for e in scene.elements):
            if playing is not None:
                yield playing, scenes
            playing, scenes = None, []
    if playing is not None:
        yield playing, scenes
