"""A seed -> the default motion library: some 260 clips of the storybook world, drawn once.

Every motion is there, also those that no model is trained on, by every base character and in
every place; a quarter of the clips show two characters, and one series shows the held-out one
doing what is known. Clips are drawn independently of each other from the seed and their number,
so a killed build goes on with the next: its journal says which are finished.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError

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
    cannot_write,
    read_manifest,
    write_manifest,
)

log = logging.getLogger(__name__)

JOURNAL = "drawn.jsonl"
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


def draw_library(folder: Path, drawing: Drawing, progress: Progress) -> Manifest:
    """Draw what is missing of the default library and return its manifest, which is written last.

    Raises:
        LibraryError: the folder cannot be written or its manifest is broken.
        VideoError: a clip cannot be written.
    """
    there = read_manifest(folder)
    parts = _parts(drawing)
    finished = {c.id: c for c in (there.clips if there else _journal(folder)) if _whole(folder, c)}
    if there and len(finished) == len(parts):
        return there
    if there:
        log.warning("%d clips of %s are gone; drawn again", len(parts) - len(finished), folder)
    clips = []
    for done, part in enumerate(parts):
        progress("drawing the motion library", done, len(parts))
        clip = finished.get(part.id)
        if clip is None:
            clip = _draw(folder, drawing, part)
            _note(folder, clip)
        clips.append(clip)
    progress("drawing the motion library", len(parts), len(parts))
    manifest = Manifest(name="storybook", clips=tuple(clips))
    write_manifest(folder, manifest)
    (folder / JOURNAL).unlink(missing_ok=True)
    return manifest


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


def _draw(folder: Path, drawing: Drawing, part: _ClipSpec) -> LibraryClip:
    rng = np.random.default_rng([drawing.seed, part.number])
    names = tuple(dict.fromkeys((*BASE_CHARACTERS, part.character)))
    split = Split("library", names, BASE_MOTIONS, part.character, part.motion, HELD_OUT_PAIRS)
    spec = sample_scene(
        rng, split=split, actors=part.actors, place=part.place, still=True,
        width=drawing.width, height=drawing.height, frames=drawing.frames, fps=drawing.fps,
    )  # fmt: skip
    # The picture of the empty place shows what a figure changed: it must have no rain or snow.
    spec = replace(spec, weather="clear")
    drawn, words = draw_scene(spec), captions(spec, rng)
    file = f"{part.id}.mp4"
    write_video(folder / file, drawn.frames, drawing.fps, scale=1)
    write_tracks(folder / file, _tracks(spec, drawn, words))
    _write_ground(ground_path(folder / file), spec)
    return LibraryClip(
        id=part.id,
        file=file,
        caption=words.joint,
        frames=spec.frames,
        fps=spec.fps,
        width=spec.width,
        height=spec.height,
        size_bytes=(folder / file).stat().st_size,
        sha256=file_hash(folder / file),
        licence=LICENCE,
        source=f"drawn by dreamrunner's storybook world, seed {drawing.seed}, clip {part.number}",
        motions=tuple(dict.fromkeys(actor.motion for actor in spec.actors)),
        characters=tuple(actor.character for actor in spec.actors),
        place=spec.place,
    )


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


def _note(folder: Path, clip: LibraryClip) -> None:
    """Write into the journal that a clip is finished."""
    try:
        with (folder / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(clip.model_dump(mode="json")) + "\n")
    except OSError as error:
        raise cannot_write(folder, error) from error


def _journal(folder: Path) -> Iterator[LibraryClip]:
    """Yield the clips that an earlier, killed build finished."""
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield LibraryClip.model_validate_json(line)
        except ValidationError:
            log.info("a line of %s was cut off by a kill; its clip is drawn again", folder)


def _whole(folder: Path, clip: LibraryClip) -> bool:
    """Return whether a clip's file is the one that was drawn; hashes are cheap at this size."""
    path = clip.path(folder)
    return (
        path.is_file() and path.stat().st_size == clip.size_bytes and file_hash(path) == clip.sha256
    )
