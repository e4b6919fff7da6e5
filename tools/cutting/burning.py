"""Cues -> words in the picture itself: titles over it, and subtitles where no track is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from ...engine.lettering import write
from ...engine.video import Frames, exact_rate, read_video, write_video
from .cards import broken
from .styles import LetterStyle
from .subtitles import Cue


class Lettering(NamedTuple):
    """Words that stand in a film's picture, and how they look."""

    cues: Sequence[Cue]
    style: LetterStyle

    def during(self, start_s: Fraction, end_s: Fraction) -> Lettering:
        """Return what of it is seen between two times."""
        here = [c for c in self.cues if c.end_s > start_s and c.start_s < end_s]
        return Lettering(here, self.style)


def with_burnt(
    paths: Sequence[Path],
    durations_s: Sequence[Fraction],
    words: Sequence[Lettering],
    spare: Path,
) -> list[Path]:
    """Return a film's clips with words in the picture; those with any are drawn in `spare`.

    Raises:
        VideoError: a clip cannot be read.
    """
    seen: list[Path] = []
    start_s = Fraction(0)
    for number, (path, duration_s) in enumerate(zip(paths, durations_s, strict=True)):
        here = [one for w in words if (one := w.during(start_s, start_s + duration_s)).cues]
        if not here:
            seen.append(path)
        else:
            video = read_video(path)
            frames = video.frames
            for lettering in here:
                frames = burnt(frames, lettering, start_s, video.fps)
            seen.append(spare / f"burnt-{number}.mp4")
            write_video(seen[-1], frames, exact_rate(video.fps), scale=1)
        start_s += duration_s
    return seen


def burnt(frames: Frames, words: Lettering, start_s: Fraction, fps: float) -> Frames:
    """Return frames [T, h, w, 3] with the words that each shows, from a time of the film on."""
    made = frames.copy()
    for number in range(len(frames)):
        time_s = float(start_s) + (number + 0.5) / fps
        cue = next((c for c in words.cues if c.start_s <= time_s < c.end_s), None)
        if cue is not None:
            full = lettered(frames[number], cue.text, words.style)
            share = _share(cue, time_s, words.style.fade_s)
            mixed = frames[number] * (1 - share) + full * share
            made[number] = np.rint(mixed).astype(np.uint8)
    return made


def _share(cue: Cue, time_s: float, fade_s: float) -> float:
    """Return how much of some words is there at a time."""
    inside_s = min(time_s - float(cue.start_s), float(cue.end_s) - time_s)
    fade_s = min(fade_s, float(cue.end_s - cue.start_s) / 4)
    return min(1.0, inside_s / fade_s) if fade_s else 1.0


def lettered(frame: Frames, text: str, style: LetterStyle) -> Frames:
    """Return a frame [h, w, 3] with words at its foot, in as many lines as they need."""
    picture = Image.fromarray(frame)
    draw = ImageDraw.Draw(picture)
    size = max(10.0, style.size * picture.height)
    lines = [
        line
        for paragraph in text.splitlines()
        for line in broken(paragraph, size, style.measure * picture.width)
    ]
    foot = picture.height * (1 - style.margin)
    for number, line in enumerate(reversed(lines)):
        at = (picture.width / 2, foot - number * size * style.leading)
        edge = max(1, round(style.outline * picture.height))
        write(draw, at, line, size, style.edge, anchor="ms", stroke_px=edge)
        write(draw, at, line, size, style.colour, anchor="ms")
    return np.asarray(picture)
