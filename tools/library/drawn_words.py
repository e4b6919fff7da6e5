"""The storybook world -> the phrases for its motions: who moves there are animals."""

from __future__ import annotations

from ...engine.storybook.capabilities import SYNONYMS
from ...engine.storybook.world.vocabulary import MOTIONS
from .phrases import Phrasing


def storybook_phrasing() -> Phrasing:
    """Return the words of the storybook world, which has no other motions than these."""
    known = {m: motion.gerund for m, motion in MOTIONS.items()}
    synonyms = {word: m for word, m in SYNONYMS.items() if m in known}
    return Phrasing(known, synonyms, subject="an animal", closed=True)
