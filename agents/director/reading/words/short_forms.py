"""Words with an apostrophe -> what they are short for: "they're", "TED's asleep"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..inflection import base_form
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, Verb
from .acts import BEHIND_WHOM

# What follows "'s" only where it is a verb: "TED's asleep", no cat of his.
_STATES = frozenset(
    "asleep awake gone already still not never in on at under behind with there here a an the his "
    "her their all".split()
)
# How somebody is, where no noun follows: "TED's furious", but "TED's furious boss".
_MOODS = frozenset(
    "afraid alone angry anxious aware busy calm curious dead desperate drunk eager furious glad "
    "happy helpless horrified hysterical ill impatient incredulous jealous livid lonely mad "
    "motionless naked nervous numb oblivious proud ready restless sad sick silent sleepy "
    "speechless sure unaware uncomfortable unconscious uneasy upset wary weary "
    "beaten bent broken caught driven frozen hidden hurt lost overcome shaken stricken struck "
    "stuck stung taken thrown torn worn "
    "up down off out away over back right inside outside".split()
)
# Of whom this is said nobody sees them: "TED's disappeared", "TED's pictured".
_LEFT = frozenset("disappear vanish depart escape paint picture portray depict mention".split())
_NOUNS = frozenset("beloved intended betrothed biped".split())
_SHORT = 4  # letters: "sled", "shed"
_HAVING = frozenset({"being", "been", "got", "had"})
_MUCH = frozenset(
    "so too clearly visibly obviously completely totally utterly genuinely truly".split()
)
_ENDS = PREPOSITIONS | DETERMINERS | CONJUNCTIONS
# What goes on behind a comma: "TED's stunned, but", no "TED's battered, old hat".
_GOING_ON = frozenset("but then he she it they his her their not so yet still".split())


def is_short_for_is(words: Sequence[str], at: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether "'s" before a word is short for "is": "TED's sleeping", not "TED's dog"."""
    after = [word.lower() for word in words[at : at + 3]]
    if not after:
        return False
    if after[:2] == ["about", "to"] or after[0] in _HAVING:
        return True  # "TED's about to answer", "TED's being nice", "TED's got a gun"
    if len(after) > 1 and after[0] in _MUCH:
        at, after = at + 1, [word.lower() for word in words[at + 1 : at + 4]]
    found = base_form(after[0], verbs)
    how = len(after) > 1 and (after[1].endswith(("wards", "ly")) or after[1] in BEHIND_WHOM)
    if how and after[0].endswith("ing"):
        return True  # "TED's pedaling backwards"
    if found is not None and found[1] == "ing":
        return len(after) < 2 or not after[1].isalpha() or after[1] in _ENDS
    return after[0] in _STATES or (_is_mood(after[0]) and _ends(after[1:]))


def _is_mood(word: str) -> bool:
    """Say whether a word says how somebody is: "furious", "stunned"."""
    done = word.endswith("ed") and not word.endswith("eed") and len(word) > _SHORT
    found = base_form(word, _LEFT)
    return word in _MOODS or (done and found is None and word not in _NOUNS)


def _ends(after: Sequence[str]) -> bool:
    """Say whether no noun follows that a word could tell."""
    if after[:1] == [","]:
        behind = after[1] if len(after) > 1 else ""
        return behind in _GOING_ON or behind.endswith("ing")
    joined = after[:1] == ["and"] or after[:1] == ["or"]
    return not after or not joined and (not after[0][0].isalnum() or after[0] in _ENDS)


_HELPERS = {"re": "are", "ve": "have", "ll": "will", "d": "would"}
_PRONOUNS = frozenset("he she they who we you".split())


def whole_forms(words: Sequence[str], at: int) -> tuple[str, ...]:
    """Return a pronoun and the verb that it is one word with: they, are of "they're".

    Who "they're ANN and TED" names needs no pronoun.
    """
    pronoun, _, short = words[at].lower().replace("’", "'").partition("'")
    named = any(word[0].isupper() for word in words[at + 1 : at + 2])
    known = pronoun in _PRONOUNS and short in _HELPERS and not named
    return (pronoun, _HELPERS[short]) if known else ()
