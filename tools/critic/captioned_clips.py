"""A user's own library -> what a critic of any picture says of its clips, and of wrong pairs.

Captions are all that is known of such clips. So two checks can be held against them: `text`, a
clip with its own caption and with another's, and `join`, a cut within a clip and one between two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import numpy as np

from ...engine.video import read_video
from ...errors import InputError
from ...plan import Beat, Entity, ShotPlan
from ..library.library import Library, load_library
from . import metrics
from .calibrate import CheckReading, look, readings
from .evidence import ClipView
from .known_clips import KnownClip
from .ports import Contest, CriticPorts, NotMeasurable

SEED = 660_066
FRAMES = 16  # of a clip, spread evenly, are looked at
RIVALS = 7  # other captions that one is compared with
LEAST = 2 * (RIVALS + 1)  # captions that differ, below which no rate says anything


@dataclass(frozen=True, slots=True)
class CaptionWording:
    """The captions of a library, each once. A shot's background is its caption.

    `truth` is the caption of the clip that is looked at, which is always among those compared.
    """

    captions: tuple[str, ...]
    truth: str

    def whole(self, shot: ShotPlan) -> Contest:
        """Compare a caption with the true one and with those that follow it in the library."""
        at, count = self.captions.index(shot.background), len(self.captions)
        following = (self.captions[(at + step) % count] for step in range(1, count))
        others = dict.fromkeys((self.truth, *following))
        others.pop(shot.background, None)
        return Contest(shot.background, tuple(others)[:RIVALS])

    def target(self, entity: Entity) -> str:
        _unsaid()

    def absent(self, shot: ShotPlan, name: str) -> Entity:
        _unsaid()

    def kind(self, entity: Entity) -> Contest:
        _unsaid()

    def identity(self, entity: Entity) -> Contest:
        _unsaid()

    def motion(self, entity: Entity, beat: Beat) -> Contest:
        _unsaid()

    def place(self, shot: ShotPlan) -> Contest:
        _unsaid()

    def rests(self, beat: Beat) -> bool:
        return False

    def turns(self, beat: Beat) -> bool:
        return False

    def doubt(self, beat: Beat, rival: str) -> str:
        return ""


def _unsaid() -> NoReturn:
    raise NotMeasurable("a caption is about the whole clip")


def collect_captioned(
    models: CriticPorts,
    folder: Path,
    clips: int,
    on_clip: Callable[[int, int], None] = lambda done, total: None,
) -> list[CheckReading]:
    """Return what `text` and `join` say of so many clips of a library, right and exchanged.

    Raises:
        InputError: there is no library, or too few of its captions differ.
        LibraryError, VideoError: a clip is broken.
    """
    library = load_library(folder)
    captions = tuple(dict.fromkeys(clip.caption for clip in library.manifest.clips))
    if len(captions) < LEAST:
        raise InputError(
            f"{folder} has {len(captions)} captions that differ; {LEAST} are needed to hold a "
            "critic against them"
        )
    rng = np.random.default_rng(SEED)
    ids = [clip.id for clip in library.manifest.clips]
    chosen = [ids[at] for at in rng.permutation(len(ids))[:clips]]
    found: list[CheckReading] = []
    before: ClipView | None = None
    for number, clip_id in enumerate(chosen):
        own = library.clip(clip_id).caption
        ports = replace(models, wording=CaptionWording(captions, own))
        known = _known(library, clip_id)
        seen = look(ports, known)
        found.extend(readings(seen, "text"))
        other = str(rng.choice([caption for caption in captions if caption != own]))
        found.extend(readings(look(ports, known, _captioned(other)), "text", "another caption"))
        half = len(known.frames) // 2
        parts = (known.frames[:half], known.frames[half:])
        first, second = (look(ports, replace(known, frames=frames)) for frames in parts)
        found.append(_cut(first, second, ""))
        if before is not None:
            found.append(_cut(before, seen, "another clip"))
        before = seen
        on_clip(number + 1, len(chosen))
    return found


def _known(library: Library, clip_id: str) -> KnownClip:
    """Return a clip with its own caption, in the frames that are looked at."""
    video = read_video(library.files([clip_id])[clip_id])
    at = np.linspace(0, len(video.frames) - 1, min(FRAMES, len(video.frames))).round().astype(int)
    frames, count = video.frames[at], len(video.frames)
    return KnownClip(_captioned(library.clip(clip_id).caption), frames,
                     video.fps * len(frames) / count)  # fmt: skip


def _captioned(caption: str) -> ShotPlan:
    """Return a shot of which nothing but a caption is known."""
    return ShotPlan(
        id="clip", scene="1", duration_s=1.0, seed=0, place="", background=caption, entities=(),
        keyframes=(),
    )  # fmt: skip


def _cut(before: ClipView, after: ClipView, broken: str) -> CheckReading:
    try:
        return CheckReading("join", broken, metrics.join(before, after))
    except NotMeasurable:
        return CheckReading("join", broken, None)
