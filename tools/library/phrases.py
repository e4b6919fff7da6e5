"""A motion -> the phrases that ask for it, and those it must be told apart from.

The phrases of any library are here: somebody does something, against the common verbs of English.
A world that draws itself brings words of its own (`drawn_words`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...dsl.schema import COMMON_MOTIONS
from .terms import stem

_VOWEL = re.compile(r"[aeiouy]")
_SHORT_STEM = re.compile(r"[^aeiou]*[aeiou][bdgklmnprt]")


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How motions are put into words.

    `gerunds` are the motions that captions are told apart by, `synonyms` other verbs for them.
    `closed` says that these are all motions there are, so that frames can be told apart by them.
    """

    gerunds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    subject: str = "someone"
    closed: bool = False

    def motion(self, motion: str) -> str:
        """Return the id of a motion that is named by a synonym; any other comes back as it is."""
        if motion in self.gerunds:
            return motion
        return self.synonyms.get(motion, motion)

    def of(self, motion: str, said: str = "") -> tuple[str, ...]:
        """Return the phrases for a motion, the canonical one first; `said` is one more gerund."""
        known = self.gerunds.get(motion) or (gerund(motion),)
        return tuple(self._phrase(g) for g in dict.fromkeys((said, *known)) if g)

    def otherwise(self, motion: str) -> tuple[str, ...]:
        """Return phrases of the motion's synonyms, by which a caption may name it too."""
        verbs = (verb for verb, named in self.synonyms.items() if named == motion)
        return tuple(self._phrase(gerund(verb)) for verb in verbs)

    def against(self, motion: str) -> tuple[str, ...]:
        """Return the phrases of every other motion, and the one of no motion at all.

        A motion that has a word of the asked one in it is no other: "ride" and "ride a bicycle".
        """
        own = {stem(word) for word in motion.casefold().split()}
        others = (
            said
            for name, gerunds in self.gerunds.items()
            if name != motion and (self.closed or stem(name) not in own)
            for said in gerunds
        )
        return (*(self._phrase(said) for said in others), self.subject)

    def canonical_others(self, motion: str) -> tuple[str, ...]:
        """Return one phrase for every other motion, for a model that looks at the frames."""
        return tuple(self._phrase(g[0]) for m, g in self.gerunds.items() if m != motion)

    def _phrase(self, said: str) -> str:
        return f"{self.subject} {said}"


def open_phrasing() -> Phrasing:
    """Return the words for clips of anything."""
    return Phrasing({verb: (gerund(verb),) for verb in sorted(COMMON_MOTIONS)})


def gerund(verb: str) -> str:
    """Return a verb's regular -ing form: swim -> swimming, dance -> dancing, lie -> lying.

    Of several words the first is the verb: "play the piano" -> "playing the piano".
    """
    first, *rest = verb.split(" ")
    if first.endswith("ing") and _VOWEL.search(first[:-3]):
        form = first
    elif first.endswith("ie"):
        form = f"{first[:-2]}ying"
    elif first.endswith("e") and not first.endswith(("ee", "oe", "ye")):
        form = f"{first[:-1]}ing"
    elif _SHORT_STEM.fullmatch(first):
        form = f"{first}{first[-1]}ing"
    else:
        form = f"{first}ing"
    return " ".join([form, *rest])
