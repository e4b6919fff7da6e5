"""Timed scenes -> the error where their film would be longer than a film may be.

Nothing here does work for each second or each clip: lengths are added up, so that a director can
ask before it makes the first shot, whatever a story or a file says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ....errors import Diagnostic, Severity
from ....story import LONGEST_FILM_S, Scene
from ..passages import Passage

# A planned shot takes some 28 KB: a film of so many takes 400 MB.
MOST_SHOTS = 15_000
_HOUR_S = 3600.0


def too_long(scenes: Iterable[tuple[Scene, Sequence[Passage]]], clip_s: float) -> Diagnostic | None:
    """Return the error of the scene with which a film gets too long, or None.

    Args:
        scenes: each with its passages, which have been timed.
        clip_s: the longest clip of the engine; a passage takes a shot for each.
    """
    length_s, shots = 0.0, 0
    for scene, passages in scenes:
        for passage in passages:
            length_s += passage.length_s
            # A length that is infinite or no number counts as that of a whole film.
            shots += max(1, math.ceil(min(LONGEST_FILM_S, passage.length_s) / clip_s - 1e-6))
        if not length_s <= LONGEST_FILM_S:
            hours = f"{length_s / _HOUR_S:.1f} hours" if length_s < math.inf else "without end"
            most = f"a film lasts {LONGEST_FILM_S / _HOUR_S:g} at most"
            return _error(scene, f"with this scene the film lasts {hours}; {most}")
        if shots > MOST_SHOTS:
            return _error(scene, f"with this scene the film has more than {MOST_SHOTS:,} shots")
    return None


def _error(scene: Scene, message: str) -> Diagnostic:
    help = "make several films of it"
    return Diagnostic("E129", Severity.ERROR, scene.heading.span, message, help)
