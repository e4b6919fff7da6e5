"""A story's `@audio` and `@music` + its plan -> the sounds that lie under the film's shots.

A sound lies under its scene or its shot. Music plays from its scene on, again and again, until the
section ends (`# Act One`) or until other music or none is asked for; music that is asked for above
the first heading begins with the film.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ...plan import Plan, ShotPlan
from ...story import Mark, Music, Reference, Scene, Sound, Story
from .tracks import Bed


def sounds_of(story: Story) -> Iterator[Reference]:
    """Yield every file of sound that a story names."""
    for music in (*story.music, *(m for scene in story.scenes for m in scene.music)):
        if music.file is not None:
            yield music.file
    for scene in story.scenes:
        for part in (scene, *scene.shots):
            yield from (sound.file for sound in part.sounds)


def beds_of(story: Story, plan: Plan, folder: Path) -> list[Bed]:
    """Return the sounds under a film; `folder` is the story's."""
    shots = {scene.id: scene.shots for scene in plan.scenes}
    beds: list[Bed] = []
    for scene in story.scenes:
        filmed = shots.get(scene.id, ())
        beds += _under(scene.sounds, filmed, folder)
        for number, part in enumerate(scene.shots, start=1):
            beds += _under(part.sounds, [s for s in filmed if s.page_shot == number], folder)
    for music, scenes in _played(story):
        under = tuple(shot.id for scene in scenes for shot in shots.get(scene.id, ()))
        if music.file is not None and under:
            beds.append(
                Bed(
                    folder / music.file.path, under, loop=True, gain_db=music.gain_db,
                    fade_s=music.fade_s, music=True, opens=music in story.music,
                )
            )  # fmt: skip
    return beds


def _under(sounds: Sequence[Sound], shots: Sequence[ShotPlan], folder: Path) -> Iterator[Bed]:
    ids = tuple(shot.id for shot in shots)
    for sound in sounds:
        path = folder / sound.file.path
        yield Bed(path, ids, sound.loop, sound.start_s, sound.gain_db, sound.fade_s)


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
