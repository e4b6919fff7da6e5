"""What is heard of a film, before it is mixed: lines that were spoken, and sounds under shots."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...errors import Span


@dataclass(frozen=True, slots=True)
class SpokenTrack:
    """A line that was spoken: its dialogue's span, its sound, how long it is and how loud."""

    span: Span
    path: Path
    seconds: float
    gain_db: float


@dataclass(frozen=True, slots=True)
class Bed:
    """A sound under some shots of a film.

    `start_s` counts from the first of the shots; `fade_s` is how long it takes to come and to go.
    `music` plays on under the end card where its shots are the film's last; `opens` says that it
    begins with the film, under its title.
    """

    path: Path
    shots: tuple[str, ...]
    loop: bool = False
    start_s: float = 0.0
    gain_db: float = 0.0
    fade_s: float = 0.0
    music: bool = False
    opens: bool = False
