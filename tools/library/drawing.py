"""A seed -> the default motion library: some 260 clips of the storybook world, drawn when needed.

Every motion is there, also those that no model is trained on, by every base character and in
every place; a quarter of the clips show two characters, and one series shows the held-out one
doing what is known. What each clip says and how long it is follows from the seed and its number
without drawing, so that the whole library can be searched at once and only the clips that are
wanted are drawn. They are drawn independently of each other; a journal says which are finished.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...engine.storybook.world.scene import (
    DrawnClip,
    SceneSpec,
    draw_scene,
    natural_boxes,
    sample_scene,
)
from ...engine.storybook.world.vocabulary import (
    BASE_CHARACTERS,
    BASE_MOTIONS,
    HELD_OUT_CHARACTERS,
    HELD_OUT_MOTIONS,
    HELD_OUT_PAIRS,
    PLACES,
    Split,
)
from ...engine.storybook.world.words.captions import Captions, captions
from ...engine.video import write_video
from ..store.output import file_hash, write_whole
from ..store.recipe import STAGE_VERSIONS
from ..training.tracks import BoxTrack, ClipTracks, FigureTrack, ground_path, write_tracks
from .records import (
    LibraryClip,
    Manifest,
    Progress,
    append_line,
    read_manifest,
    write_manifest,
)

log = logging.getLogger(__name__)

JOURNAL = "drawn.jsonl"
_WORK = "drawing clips of the motion library"
LICENCE = "CC0-1.0"


@dataclass(frozen=True, slots=True)
class Drawing:
    """How the default library is drawn: its seed and how many clips each series has."""

    seed: int = 2411
    base_clips: int = 12  # for each motion of base training
    held_out_clips: int = 28  # for each motion that only a library shows
    character_clips: int = 24  # for each character that only a library shows
    width: int = 192
    height: int = 128
    frames: int = 25
    fps: int = 8

    @property
    def name(self) -> str:
        """The library's folder: equal for equal drawings by one version of the world."""
        made_of = hashlib.sha256(f"{STAGE_VERSIONS['library']} {self!r}".encode())
        return f"storybook-{made_of.hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class _ClipSpec:
    """One clip to be drawn: who does what, where, and with how many on stage."""

    number: int
    motion: str
    character: str
    place: str
    actors: int

    @property
    def id(self) -> str:
        # Neutral on purpose: what a clip shows may not even decide between equal scores.
        return f"storybook-{self.number:04d}"


class DrawnClips:
    """The default library at a folder: all of it is known, and clips are drawn as asked for."""

    def __init__(self, folder: Path, drawing: Drawing) -> None:
        self.folder = folder
        self._drawing = drawing
        self._parts = {part.id: part for part in _parts(drawing)}

    @cached_property
    def manifest(self) -> Manifest:
        """What each clip would show.

        Raises:
            LibraryError: what lies in the folder is broken.
        """
        there = read_manifest(self.folder)
        if there is not None:
            return there
        clips = tuple(_listed(self._drawing, part) for part in self._parts.values())
        return Manifest(name="storybook", clips=clips)

    def draw(self, ids: Sequence[str], progress: Progress) -> None:
        """Draw those of some clips that are not there whole; whoever calls holds the folder.

        Raises:
            LibraryError: the folder cannot be written.
            VideoError: a clip cannot be written.
        """
        due = self.missing(ids)
        for done, name in enumerate(due):
            progress(_WORK, done, len(due))
            path = self.folder / f"{name}.mp4"
            _draw(path, self._drawing, self._parts[name])
            self._note(name, path)
        if due:
            progress(_WORK, len(due), len(due))
        if read_manifest(self.folder) is None:
            write_manifest(self.folder, self.manifest)

    def missing(self, ids: Sequence[str]) -> list[str]:
        """Return those of some clips that are not there as they were drawn."""
        drawn = dict(self._journal())
        return [name for name in ids if not self._whole(name, drawn.get(name))]

    def _whole(self, name: str, digest: str | None) -> bool:
        path = self.folder / f"{name}.mp4"
        return digest is not None and path.is_file() and file_hash(path) == digest

    def _note(self, name: str, path: Path) -> None:
        """Write into the journal that a clip is finished."""
        append_line(self.folder / JOURNAL, json.dumps([name, file_hash(path)]))

    def _journal(self) -> Iterator[tuple[str, str]]:
        """Yield the clips that are drawn, with the hash of each; of two lines the later holds."""
        try:
            lines = (self.folder / JOURNAL).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):  # none, or none of ours: the clips are drawn anew
            return
        for line in lines:
            try:
                name, digest = json.loads(line)
                yield str(name), str(digest)
            except (ValueError, TypeError):
                log.info("a line of %s was cut off by a kill; its clip is drawn again", self.folder)


def _parts(drawing: Drawing) -> list[_ClipSpec]:
    """List the clips, each series going round the characters and the places."""
    series: list[tuple[Sequence[str], Sequence[str], int]] = [
        *(((m,), BASE_CHARACTERS, drawing.base_clips) for m in BASE_MOTIONS),
        *(((m,), BASE_CHARACTERS, drawing.held_out_clips) for m in HELD_OUT_MOTIONS),
        *((BASE_MOTIONS, (c,), drawing.character_clips) for c in HELD_OUT_CHARACTERS),
    ]
    places = list(PLACES)
    parts: list[_ClipSpec] = []
    for motions, characters, count in series:
        for turn in range(count):
            # Shifted by one after each round of characters, so that each is seen in several
            # places and not always alone.
            number, shifted = len(parts), turn + turn // len(BASE_CHARACTERS)
            parts.append(
                _ClipSpec(
                    number,
                    motions[turn % len(motions)],
                    characters[turn % len(characters)],
                    places[(number + turn // len(BASE_CHARACTERS)) % len(places)],
                    2 if shifted % 4 == 3 else 1,
                )
            )
    return parts


def _scene(drawing: Drawing, part: _ClipSpec) -> tuple[SceneSpec, Captions]:
    """Return what a clip shows and what it says, without drawing it."""
    rng = np.random.default_rng([drawing.seed, part.number])
    names = tuple(dict.fromkeys((*BASE_CHARACTERS, part.character)))
    split = Split("library", names, BASE_MOTIONS, part.character, part.motion, HELD_OUT_PAIRS)
    spec = sample_scene(
        rng, split=split, actors=part.actors, place=part.place, still=True,
        width=drawing.width, height=drawing.height, frames=drawing.frames, fps=drawing.fps,
    )  # fmt: skip
    # The picture of the empty place shows what a figure changed: it must have no rain or snow.
    spec = replace(spec, weather="clear")
    return spec, captions(spec, rng)


def _listed(drawing: Drawing, part: _ClipSpec) -> LibraryClip:
    """Return what is known of a clip; its hash is of what it is drawn from."""
    spec, words = _scene(drawing, part)
    return LibraryClip(
        id=part.id,
        file=f"{part.id}.mp4",
        caption=words.joint,
        frames=spec.frames,
        fps=spec.fps,
        width=spec.width,
        height=spec.height,
        size_bytes=0,
        sha256=hashlib.sha256(f"{drawing.name} {part.id}".encode()).hexdigest(),
        licence=LICENCE,
        source=f"drawn by dreamrunner's storybook world, seed {drawing.seed}, clip {part.number}",
        motions=tuple(dict.fromkeys(actor.motion for actor in spec.actors)),
        characters=tuple(actor.character for actor in spec.actors),
        place=spec.place,
        captioned_by="the world that draws it",
    )


def _draw(path: Path, drawing: Drawing, part: _ClipSpec) -> None:
    spec, words = _scene(drawing, part)
    drawn = draw_scene(spec)
    write_video(path, drawn.frames, drawing.fps, scale=1)
    write_tracks(path, _tracks(spec, drawn, words))
    _write_ground(ground_path(path), spec)


def _tracks(spec: SceneSpec, drawn: DrawnClip, words: Captions) -> ClipTracks:
    """Return who is where in a drawn clip, to a thousandth of the frame."""
    size = (spec.width, spec.height)
    return ClipTracks(
        background=words.background,
        figures=tuple(
            FigureTrack(
                text=text, boxes=_rounded(boxes), planned=_rounded(natural_boxes(actor, size))
            )
            for text, boxes, actor in zip(words.regions, drawn.boxes, spec.actors, strict=True)
        ),
    )


def _rounded(boxes: NDArray[np.float32]) -> BoxTrack:
    return tuple((b[0], b[1], b[2], b[3]) for b in boxes.round(3).tolist())


def _write_ground(path: Path, spec: SceneSpec) -> None:
    empty = draw_scene(replace(spec, actors=(), frames=1)).frames[0]
    write_whole(path, lambda part: Image.fromarray(empty).save(part, format="png"))
