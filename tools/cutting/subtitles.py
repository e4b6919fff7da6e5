"""Lines of dialogue in a plan -> cues of the film in time, and SubRip text.

One cue is on the screen at a time: lines that are spoken together are shown together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from pathlib import Path

from ...plan import Plan, Subtitle
from .sequence import FilmTimes

# Shorter than this nothing can be read; a cue that another one would cut to less joins it.
_SHORTEST_S = Fraction(1, 4)

_TIMING = re.compile(r"\d+:\d\d:\d\d,\d{3} --> \d+:\d\d:\d\d,\d{3}")


@dataclass(frozen=True, slots=True)
class Cue:
    """A text on the screen, in seconds of the film."""

    start_s: Fraction
    end_s: Fraction
    text: str


def cues_of_film(plan: Plan, times: FilmTimes, *, titles: bool = True) -> list[Cue]:
    """Return the film's cues in order; with `titles` those that nobody speaks too.

    A line stays within its own shot: its clip may be shorter than planned. One that goes on over a
    cut is one cue.
    """
    cues: list[Cue] = []
    for shot, (start_s, end_s) in zip(plan.shots, times.shots, strict=True):
        lines = [line for line in shot.subtitles if titles or line.speaker]
        here = _cues_of_shot(lines, start_s, end_s)
        if here and cues and (cues[-1].text, cues[-1].end_s) == (here[0].text, here[0].start_s):
            cues[-1] = Cue(cues[-1].start_s, here[0].end_s, here[0].text)
            here = here[1:]
        cues += here
    return cues


def titles_of_film(plan: Plan, times: FilmTimes) -> list[Cue]:
    """Return the titles that stand in the film's picture, in order: no line, and no card."""
    cues: list[Cue] = []
    for shot, (start_s, end_s) in zip(plan.shots, times.shots, strict=True):
        lines = [line for line in shot.subtitles if not line.speaker and not line.card]
        cues += _cues_of_shot(lines, start_s, end_s)
    return cues


def _cues_of_shot(
    subtitles: Sequence[Subtitle], shot_start_s: Fraction, shot_end_s: Fraction
) -> list[Cue]:
    cues: list[Cue] = []
    for line in sorted(subtitles, key=lambda line: line.start_s):
        start_s = max(shot_start_s + _ms(line.start_s), shot_start_s)
        start_s = min(start_s, shot_end_s - _SHORTEST_S) if start_s >= shot_end_s else start_s
        end_s = min(max(shot_start_s + _ms(line.end_s), start_s + _SHORTEST_S), shot_end_s)
        before = cues[-1] if cues else None
        if before and start_s < before.end_s:
            if start_s - before.start_s < _SHORTEST_S:
                text = f"{before.text}\n{_text(line)}"
                cues[-1] = Cue(before.start_s, max(before.end_s, end_s), text)
                continue
            cues[-1] = Cue(before.start_s, start_s, before.text)
        cues.append(Cue(start_s, end_s, _text(line)))
    return cues


def _ms(time_s: float) -> Fraction:
    return Fraction(round(time_s * 1000), 1000)


def _text(line: Subtitle) -> str:
    """Return what is shown: who speaks, for a film whose voices nobody hears, and the words."""
    words = "\n".join(part for part in line.text.splitlines() if part.strip())
    return f"{line.speaker}: {words}" if line.speaker else words


def write_srt(cues: Sequence[Cue], path: Path) -> None:
    """Write cues as SubRip, UTF-8."""
    blocks = (
        f"{number}\n{_clock(cue.start_s)} --> {_clock(cue.end_s)}\n{cue.text}\n"
        for number, cue in enumerate(cues, start=1)
    )
    path.write_text("\n".join(blocks), encoding="utf-8", errors="replace")


def web_subtitles(srt: str) -> str:
    """Return SubRip text as WebVTT, which browsers show; words stay words, whatever they are."""
    lines = (
        line.replace(",", ".") if _TIMING.fullmatch(line) else escape(line, quote=False)
        for line in srt.splitlines()
    )
    return "WEBVTT\n\n" + "\n".join(lines) + "\n"


def _clock(time_s: Fraction) -> str:
    """Return a time as SubRip has it: 00:01:02,500."""
    total_ms = round(time_s * 1000)
    seconds, ms = divmod(total_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{ms:03}"


def read_srt(path: Path) -> list[Cue]:
    """Return the cues of a file that `write_srt` has written."""
    cues = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        _, timing, *words = block.strip().splitlines()
        start_s, end_s = map(_seconds, timing.split(" --> "))
        cues.append(Cue(start_s, end_s, "\n".join(words)))
    return cues


def _seconds(clock: str) -> Fraction:
    hours, minutes, seconds = clock.replace(",", ".").split(":")
    return Fraction(int(hours) * 3600 + int(minutes) * 60) + Fraction(seconds)
