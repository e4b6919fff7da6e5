"""Cues -> words in the picture itself, for players and places that show no subtitle track."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ...engine.lettering import write
from ...engine.video import Frames, exact_rate, read_video, write_video
from .cards import broken
from .styles import SUBTITLES, LetterStyle
from .subtitles import Cue


def with_burnt(
    paths: Sequence[Path], durations_s: Sequence[Fraction], cues: Sequence[Cue], spare: Path
) -> list[Path]:
    """Return a film's clips with its cues in the picture; those with any are drawn in `spare`.

    Raises:
        VideoError: a clip cannot be read.
    """
    seen: list[Path] = []
    start_s = Fraction(0)
    for number, (path, duration_s) in enumerate(zip(paths, durations_s, strict=True)):
        here = [c for c in cues if c.end_s > start_s and c.start_s < start_s + duration_s]
        if not here:
            seen.append(path)
        else:
            video = read_video(path)
            frames = burnt(video.frames, here, start_s, video.fps)
            seen.append(spare / f"burnt-{number}.mp4")
            write_video(seen[-1], frames, exact_rate(video.fps), scale=1)
        start_s += duration_s
    return seen


def burnt(frames: Frames, cues: Sequence[Cue], start_s: Fraction, fps: float) -> Frames:
    """Return frames [T, h, w, 3] with what each of them shows of cues, from a time of the film."""
    made = frames.copy()
    for number in range(len(frames)):
        time_s = float(start_s) + (number + 0.5) / fps
        text = next((c.text for c in cues if c.start_s <= time_s < c.end_s), "")
        if text:
            made[number] = lettered(frames[number], text, SUBTITLES)
    return made


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
