"""Cues -> words in the picture itself, for players and places that show no subtitle track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ...engine.lettering import width, write
from ...engine.video import Frames, read_video, write_video
from .subtitles import Cue


@dataclass(frozen=True, slots=True)
class LetterStyle:
    """How words stand in a picture; lengths are shares of its height, `measure` of its width."""

    size: float = 0.055
    outline: float = 0.005
    margin: float = 0.045
    leading: float = 1.2
    measure: float = 0.9
    colour: str = "#ffffff"
    edge: str = "#000000"


# The one place where it is said how subtitles look.
SUBTITLES = LetterStyle()


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
            write_video(seen[-1], frames, round(video.fps), scale=1)
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
        for line in _broken(paragraph, size, style.measure * picture.width)
    ]
    foot = picture.height * (1 - style.margin)
    for number, line in enumerate(reversed(lines)):
        at = (picture.width / 2, foot - number * size * style.leading)
        edge = max(1, round(style.outline * picture.height))
        write(draw, at, line, size, style.edge, anchor="ms", stroke_px=edge)
        write(draw, at, line, size, style.colour, anchor="ms")
    return np.asarray(picture)


def _broken(words: str, size_px: float, most_px: float) -> list[str]:
    """Return words in lines of a width; a word that is wider stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size_px) <= most_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
