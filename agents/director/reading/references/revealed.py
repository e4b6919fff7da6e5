"""The sentences of a paragraph -> the same in which whoever is named later has that name at once.

"A woman sits there. Her name is MAUD." and "Two GIRLS dance. They are ANN and LIZ." show Maud, and
Ann and Liz, and nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..glossary import Glossary
from ..inflection import is_plural, singular
from ..lexicon import NUMBERS
from ..sentences import Sentence, Token
from ..words.acts import FEMALE, MALE, PEOPLE
from ..words.things import BEASTS_UNKNOWN, GROUPS, is_of_people
from .identities import is_named

_LED = 5  # words from an article to its noun
_ARTICLES = frozenset({"a", "an", "the", "another", "this"})
_ONE = frozenset({"it", "this", "he", "she", "that"})


def revealed(told: Sequence[Sentence], glossary: Glossary) -> list[Sentence]:
    """Return sentences in which a noun that a later sentence names is a mention of that name."""
    found = list(told)
    for at in range(1, len(found)):
        who, pronoun = _named_in(found[at], glossary)
        noun = _only_noun(found[at - 1], glossary, several=len(who) > 1) if who else None
        if noun is None or not _fits(pronoun, found[at - 1][noun].text):
            continue
        if {e for word in found[at - 1] for e in word.ids} & set(who):
            continue
        word = replace(found[at - 1][noun], ids=who, plural=len(who) > 1, is_common=False)
        found[at - 1] = (*found[at - 1][:noun], word, *found[at - 1][noun + 1 :])
    return found


def _named_in(sentence: Sentence, glossary: Glossary) -> tuple[tuple[str, ...], str]:
    """Return whom "Her name is MAUD", "It's TED" and "They are ANN and LIZ" name, and the pronoun.

    Behind one name nothing stands but a mark: "It's TED who did it" tells of before.
    """
    texts = [word.text for word in sentence]
    if not texts:
        return (), ""
    first = texts[0].partition("'")[0]
    if texts[0] in ("his", "her", "its") and texts[1:3] == ["name", "is"]:
        start = 3
    elif first in (*_ONE, "they"):
        start = 1 if first != texts[0] else 2
        if first == texts[0] and texts[1:2] not in (["is"], ["are"]):
            return (), ""
    else:
        return (), ""
    rest = _past_a_noun(sentence[start:]) if first in _ONE else sentence[start:]
    if not rest or not is_named(rest[0], glossary):
        return (), ""
    if first == "they":
        names = [word for word in rest if word.is_mention]
        several = len(names) > 1 and all(is_named(word, glossary) for word in names)
        joined = [word.text for word in rest[1:2]] in (["and"], [","])
        return (tuple(e for w in names for e in w.ids), first) if several and joined else ((), "")
    ends = len(rest) == 1 or rest[1].is_mark
    return (rest[0].ids, first) if ends else ((), "")


def _past_a_noun(rest: Sentence) -> Sentence:
    """Return "ANN, 27" of "a girl, ANN, 27", and other words as they are."""
    comma = next((n for n, word in enumerate(rest[:_LED]) if word.text == ","), 0)
    led = bool(rest) and rest[0].text in ("a", "an")
    return rest[comma + 1 :] if led and comma and not rest[comma - 1].is_mark else rest


def _only_noun(sentence: Sentence, glossary: Glossary, *, several: bool) -> int | None:
    """Return where the only noun of somebody without a name stands, None where there are others."""
    found = [at for at, word in enumerate(sentence) if _is_somebody(sentence, at, word, glossary)]
    fit = [at for at in found if is_plural(sentence[at].text) == several]
    return fit[0] if len(found) == len(fit) == 1 else None


def _is_somebody(sentence: Sentence, at: int, word: Token, glossary: Glossary) -> bool:
    head = singular(word.text.rpartition(" ")[2])
    person = head in PEOPLE | BEASTS_UNKNOWN or is_of_people(head) or glossary.is_unnamed(head)
    if not person or head in GROUPS or word.possessive:
        return False
    own = word.text.partition(" ")[0]
    led = {w.text for w in sentence[max(0, at - _LED) : at]} | {own}
    return bool(led & (_ARTICLES | NUMBERS.keys())) or is_plural(word.text)


def _fits(pronoun: str, noun: str) -> bool:
    """Say whether a pronoun may be that of a noun: "her" is no man's."""
    head = singular(noun.rpartition(" ")[2])
    male = head in MALE or (head.endswith(("man", "boy")) and not head.endswith("woman"))
    female = head in FEMALE or head.endswith(("woman", "girl"))
    return not ((pronoun in ("her", "she") and male) or (pronoun in ("his", "he") and female))
