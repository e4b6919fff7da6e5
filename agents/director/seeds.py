"""Shots -> their seeds, by what each shot is: never by its number.

So a scene that is put before others, or a line before others of its scene, leaves their seeds and
their pictures as they were.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from ...plan import ShotPlan
from ...story import Heading

_SEED_RANGE = 2**31


class ShotSeeds:
    """Gives the shots of one film their seeds, in order; shots that are equal are counted."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._equals: Counter[str] = Counter()

    def next(self, heading: Heading, shot: ShotPlan) -> int:
        """Return the seed of a shot: of its heading, its action, what is said, and its count."""
        said = [[line.speaker, line.text] for line in shot.subtitles]
        what = json.dumps([heading.text, shot.text, said])
        self._equals[what] += 1
        return shot_seed(self._base, what, self._equals[what])


def shot_seed(base: int, what: str, count: int) -> int:
    """Return the seed of the shot that is the `count`th of those that are equal."""
    digest = hashlib.sha256(f"{base}/{count}/{what}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % _SEED_RANGE
