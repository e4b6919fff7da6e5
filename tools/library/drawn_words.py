"""A drawn world -> the phrases for its motions: who moves there are animals."""

from __future__ import annotations

from ...engine.miniature import capabilities as miniature
from ...engine.miniature.captions import VERBS
from ...engine.storybook.capabilities import SYNONYMS
from ...engine.storybook.world.vocabulary import MOTIONS
from .phrases import Phrasing

_SUBJECT = "an animal"


def storybook_phrasing() -> Phrasing:
    """Return the words of the storybook world, which has no other motions than these."""
    known = {m: motion.gerund for m, motion in MOTIONS.items()}
    synonyms = {word: m for word, m in SYNONYMS.items() if m in known}
    return Phrasing(known, synonyms, subject=_SUBJECT, closed=True)


def miniature_phrasing() -> Phrasing:
    """Return the words of the miniature's world, as its captions have them: "slides to and fro"."""
    synonyms = {word: m for word, m in miniature.SYNONYMS.items() if m in VERBS}
    return Phrasing(VERBS, synonyms, subject=_SUBJECT, closed=True)


# The words of each drawn world, by its name.
PHRASINGS = {"storybook": storybook_phrasing, miniature.WORLD: miniature_phrasing}
