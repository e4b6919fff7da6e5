"""Lines of dialogue and the length of a take -> subtitles at reading speed."""

from __future__ import annotations

from collections.abc import Sequence

from ...plan import Subtitle
from ...story import Dialogue

_CHARACTERS_PER_S = 15.0
_LEAST_S = 1.0


def reading_time_s(text: str) -> float:
    """Return how long it takes to read a line."""
    return max(_LEAST_S, len(text) / _CHARACTERS_PER_S)


def subtitles(dialogues: Sequence[Dialogue], length_s: float) -> tuple[Subtitle, ...]:
    """Return the lines one after another; more than fit are shown faster, never cut."""
    times = [reading_time_s(d.text) for d in dialogues]
    share = min(1.0, length_s / sum(times)) if times else 1.0
    shown: list[Subtitle] = []
    start = 0.0
    for dialogue, time in zip(dialogues, times, strict=True):
        end = min(length_s, start + time * share)
        shown.append(
            Subtitle(
                speaker=dialogue.speaker, text=dialogue.text,
                start_s=round(start, 3), end_s=round(end, 3), span=dialogue.span,
            )
        )  # fmt: skip
        start = end
    return tuple(shown)
