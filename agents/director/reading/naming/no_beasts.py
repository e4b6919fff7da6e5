"""A beast's noun -> whether it is no beast: a thing in its shape, a verb, part of a proper name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..inflection import base_form, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, Verb
from ..words.things import is_nobody


def is_no_beast(words: Sequence[str], at: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether the noun of a beast that no page declares is something else here."""
    return (
        _is_made(words, at)
        or _is_in_a_name(words, at)
        or _is_verb_at_start(words, at)
        or _is_verb_within(words, at)
        or _is_large_before_a_thing(words, at)
        or _is_asked(words, at)
        or _is_huge(words, at, verbs)
    )


_MADE_OF = frozenset(
    "cardboard paper-mache papier-mache plastic wooden stuffed rubber toy teddy porcelain ceramic "
    "bronze marble inflatable neon plaster wax chocolate".split()
)


def _is_made(words: Sequence[str], at: int) -> bool:
    """Say whether a beast is a thing in its shape: "a cardboard bird", "a stuffed owl"."""
    before = words[at - 1].lower() if at else ""
    return words[at].islower() and before in _MADE_OF


def _is_in_a_name(words: Sequence[str], at: int) -> bool:
    """Say whether a noun is part of a proper name: "the Cobra Clutch", "Larry Bird"."""
    if not words[at].istitle():
        return False
    after = words[at + 1] if at + 1 < len(words) else ""
    if at and after.istitle() and after.isalpha():
        return True
    before = words[at - 1] if at > 1 else ""
    return before.istitle() and before.isalpha() and before.lower() not in _NO_PART


_NO_PART = DETERMINERS | PREPOSITIONS | CONJUNCTIONS | frozenset(
    "old young little big great mr mrs miss ms dr father mother brother sister mama papa black "
    "white grey gray brown red".split()
)  # fmt: skip


def _is_verb_at_start(words: Sequence[str], at: int) -> bool:
    """Say whether a plural opens a sentence as its verb: "Bears little resemblance", "Ducks a"."""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    size = [word.lower() for word in words[at + 2 : at + 3]] in (["size"], ["colour"], ["color"])
    opens = at == 0 or words[at - 1] in (",", ";", "--", "-", "–", "—")
    several = singular(words[at].lower()) != words[at].lower()
    return opens and several and not size and after in DETERMINERS | {"little", "no", "witness"}


def _is_verb_within(words: Sequence[str], at: int) -> bool:
    """Say whether a noun is a verb: "the cart that bears it", "veer left, and duck under"."""
    before = words[at - 1].lower() if at else ""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    several = singular(words[at].lower()) != words[at].lower()
    if several:
        return before in ("that", "which", "who") and after in DETERMINERS
    # A noun of one has an article.
    return before in ("and", ",", "or", "then") and after in _OBJECTS | _WAYS


_OBJECTS = frozenset("it him them her".split())
_WAYS = frozenset("under behind out down away into back through around".split())


def _is_large_before_a_thing(words: Sequence[str], at: int) -> bool:
    """Say whether capitals only tell the thing behind them: "a FISH SANDWICH"."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at].isupper() and after.isupper() and is_nobody(singular(after.lower()))


def _is_asked(words: Sequence[str], at: int) -> bool:
    """Say whether a page only asks what something is: "Was it a bird or a bat?"."""
    return [word.lower() for word in words[:2]] in (["was", "it"], ["is", "it"]) and at > 1


_SIZES = frozenset({"monster", "mammoth", "giant"})


def _is_huge(words: Sequence[str], at: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether a noun only says how large a thing is: "a monster indoor funpark"."""
    led = at > 0 and words[at - 1].lower() in ("a", "an")
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    plain = after.isalpha() and not after.endswith("ly") and base_form(after, verbs) is None
    ends = PREPOSITIONS | CONJUNCTIONS | DETERMINERS | {"is", "was", "who", "that"}
    return words[at] in _SIZES and led and plain and after not in ends
