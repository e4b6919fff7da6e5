"""A drawn world -> the phrases for its motions: who moves there are animals."""

from __future__ import annotations

from ...engine.miniature import capabilities as miniature
from ...engine.miniature.captions import VERBS
from ...engine.storybook.capabilities import SYNONYMS
from ...engine.storybook.world.vocabulary import MOTIONS
from .phrases import Phrasing, open_phrasing

_SUBJECT = "an animal"


def storybook_phrasing() -> Phrasing:
    """Return the words of the storybook world, which has no other motions than these."""
    known = {m: motion.gerund for m, motion in MOTIONS.items()}
    synonyms = {word: m for word, m in SYNONYMS.items() if m in known}
    return Phrasing(known, synonyms, subject=_SUBJECT, closed=True)


def miniature_phrasing() -> Phrasing:
    """Return the words of the miniature's world, as its captions have them: "slides to and fro".

    It learns from any clips, so that common verbs that are no other words for its own stand beside
    them.
    """
    synonyms = {word: m for word, m in miniature.SYNONYMS.items() if m in VERBS}
    own = {word for motion in VERBS for word in motion.split()}
    others = {m: said for m, said in open_phrasing().gerunds.items() if m not in {*own, *synonyms}}
    return Phrasing({**others, **VERBS}, synonyms, subject=_SUBJECT)


# The words of each drawn world, by its name.
PHRASINGS = {"storybook": storybook_phrasing, miniature.WORLD: miniature_phrasing}
