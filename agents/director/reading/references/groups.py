"""Plurals without a name -> whom they mean of those who are there: "the two men", "the couple"."""

from __future__ import annotations

from ..coreference import Discourse, is_several, sex_of
from ..inflection import singular
from ..lexicon import NUMBERS
from ..sentences import Sentence

_MEN = frozenset("man guy fellow gentleman bloke".split())
_WOMEN = frozenset("woman lady gal".split())
_COUNTED = {"couple": 2, "pair": 2, "duo": 2, "trio": 3}
_BOTH = {"both": 2}
_MOST = 4  # of whom a plural without a number speaks


def known_group(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return who of a scene "the men", "both women" and "the couple" are; nobody where unsure."""
    *counts, word = sentence[at].text.split()  # "two men" of whom a page has TWO MEN
    noun = singular(word)
    if word == "group" and not counts:
        return _the_group(sentence, at, discourse)
    if word not in _COUNTED and (noun == word or noun not in _MEN | _WOMEN):
        return ()
    lead = counts
    for before in reversed(sentence[max(0, at - 3) : at]):
        if before.is_mention or before.text not in NUMBERS.keys() | _BOTH.keys() | {"the", "of"}:
            break
        lead.append(before.text)
    after = sentence[at + 1].text if at + 1 < len(sentence) else ""
    if not {"the", "both"} & set(lead) or after in ("who", "in", "with", "from", "of"):
        return ()
    count = _COUNTED.get(word) or next((n for w in lead if (n := _count(w))), 0)
    there = [e for e in discourse.likeliest() if e in discourse.here]
    here = [e for e in there if _fits(noun, e, discourse)]
    if len(here) < count:  # of whom nobody knows the sex may be meant too
        here = [e for e in there if e in here or _may_fit(e, discourse)]
    if count:
        return tuple(here[:count]) if len(here) >= count else ()
    return tuple(here) if 1 < len(here) <= _MOST else ()


def _the_group(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return the few whom "the group" means beside those of the sentence, nobody if unknown."""
    led = at > 0 and sentence[at - 1].text == "the"
    of = sentence[at + 1].text == "of" if at + 1 < len(sentence) else False
    named = {entity for word in sentence for entity in word.ids}
    there = {*discourse.present, *discourse.named_at} - named
    few = led and not of and 1 < len(there) <= _MOST
    return tuple(e for e in discourse.likeliest() if e in there) if few else ()


def _count(word: str) -> int:
    return NUMBERS.get(word, 0) or _BOTH.get(word, 0)


def _fits(noun: str, entity: str, discourse: Discourse) -> bool:
    sex = sex_of(entity, discourse.glossary)
    if is_several(entity) or sex == "other":
        return False
    return noun in _COUNTED or sex == ("male" if noun in _MEN else "female")


def _may_fit(entity: str, discourse: Discourse) -> bool:
    known = entity in discourse.present or entity in discourse.named_at
    return known and not is_several(entity) and sex_of(entity, discourse.glossary) == "person"


def one_and_other(word: str, discourse: Discourse) -> tuple[str, ...]:
    """Return the two whom "from one woman to the other" means, nobody where there are not two."""
    noun = singular(word)
    here = [e for e in discourse.likeliest() if e in discourse.here and _fits(noun, e, discourse)]
    return tuple(here[:2]) if noun in _MEN | _WOMEN and len(here) > 1 else ()
