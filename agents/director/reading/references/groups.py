"""Plurals without a name -> whom they mean of those who are there: "the two men", "the couple"."""

from __future__ import annotations

from collections.abc import Sequence

from ..coreference import Discourse, is_several, sex_of
from ..inflection import base_form, singular
from ..lexicon import CONJUNCTIONS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence

_MEN = frozenset("man guy fellow gentleman bloke".split())
_WOMEN = frozenset("woman lady gal".split())
_BOYS = frozenset("boy lad brother".split())
_GIRLS = frozenset("girl lass sister".split())
_FELLOWS = frozenset("friend companion partner comrade colleague pal buddy figure".split())
_COUNTED = {"couple": 2, "pair": 2, "duo": 2, "trio": 3}
_BOTH = {"both": 2}
_MOST = 4  # of whom a plural without a number speaks


def known_group(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return who of a scene "the men", "both women" and "the couple" are; nobody where unsure."""
    *counts, word = sentence[at].text.split()  # "two men" of whom a page has TWO MEN
    noun = singular(word)
    if counts and set(sentence[at].ids) <= set(discourse.recent) | set(discourse.named_at):
        return ()  # they are the TWO MEN of before
    if word == "group" and not counts:
        return _the_group(sentence, at, discourse)
    young = noun in _BOYS | _GIRLS
    known = noun in _MEN | _WOMEN | _FELLOWS or young
    if word not in _COUNTED and (noun == word or not known):
        return ()
    if young and set(sentence[at].ids or (word.upper(),)) & discourse.here:
        return ()  # BOYS who were there before
    lead = counts
    for before in reversed(sentence[max(0, at - 3) : at]):
        if before.is_mention or before.text not in NUMBERS.keys() | _BOTH.keys() | {"the", "of"}:
            break
        lead.append(before.text)
    after = sentence[at + 1].text if at + 1 < len(sentence) else ""
    if not {"the", "both"} & set(lead) or after in ("who", "in", "with", "from", "of"):
        return ()
    if young and "of" in lead:
        return ()  # "one of the girls"
    if noun in _FELLOWS and not any(w in NUMBERS for w in lead):
        return ()  # "the friends" may be others
    count = _COUNTED.get(word) or next((n for w in lead if (n := _count(w))), 0)
    near = discourse.here or (discourse.recent if noun in _FELLOWS else ())
    there = [e for e in discourse.likeliest() if e in near]
    here = [e for e in there if _fits(noun, e, discourse)]
    if len(here) < count:  # of whom nobody knows the sex may be meant too
        here = [e for e in there if e in here or _may_fit(e, discourse)]
    if count:
        return tuple(here[:count]) if len(here) >= count else ()
    return tuple(here) if 1 < len(here) <= _MOST else ()


# Verbs that only tell a noun behind them: "the two front doors".
_TELL = frozenset(
    "front back top bottom lead side open dry clean empty warm cool free rear".split()
)
_GO_ON = CONJUNCTIONS | PREPOSITIONS - {"of"}


def the_few(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return who "the two" are that no noun follows: "the two embrace", "looks in on the four"."""
    count = NUMBERS.get(sentence[at].text, 0)
    if not 1 < count <= _MOST or not at or sentence[at - 1].text != "the":
        return ()
    rest = [word for word in sentence[at + 1 : at + 3] if not word.text.endswith("ly")]
    after = rest[0].text if rest else ","
    found = base_form(after, discourse.glossary.verbs)
    does = found == (after, "base") and after not in _TELL
    if rest and not (does or after in _GO_ON or rest[0].is_mark):
        return ()
    return _so_many(sentence, at, count, discourse)


_FIGURES = frozenset("figures people silhouettes bodies souls survivors fugitives".split())


def the_figures(sentence: Sentence, at: int, discourse: Discourse) -> tuple[str, ...]:
    """Return who "the three figures" are of those who are there, or were just before."""
    if sentence[at].text not in _FIGURES or sentence[at].text.upper() in discourse.here:
        return ()
    led = [word.text for word in sentence[max(0, at - _REACH) : at] if not word.is_mention]
    number = next((n for n in range(1, len(led)) if led[n - 1] in ("the", "these", "all")
                   and led[n] in NUMBERS), 0)  # fmt: skip
    count = NUMBERS[led[number]] if number else 0
    found = _so_many(sentence, at, count, discourse) if 1 < count <= _MOST else ()
    return found if len(found) == count else ()


_REACH = 4  # words from "the" to its noun


def _so_many(sentence: Sentence, at: int, count: int, discourse: Discourse) -> tuple[str, ...]:
    """Return so many as are counted: those of the sentence, those just told, or the latest."""
    named = [e for word in reversed(sentence[:at]) for e in word.ids]
    before = [e for e in reversed(discourse.mentioned) if e in discourse.here]
    near = (*named, *discourse.subjects, *discourse.recent)
    for pool in (() if named else discourse.subjects, near):
        if len(fit := _single(pool, discourse)) == count:
            return fit
    latest = _single((*named, *before), discourse)
    return latest[:count] if len(latest) >= count else ()


def _single(pool: Sequence[str], discourse: Discourse) -> tuple[str, ...]:
    """Return those of some who are one each; of people and beasts the people."""
    one = [e for e in dict.fromkeys(pool) if not is_several(e)]
    one = [e for e in one if e not in discourse.glossary.props]
    people = [e for e in one if sex_of(e, discourse.glossary) != "other"]
    return tuple(people or one)


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
    if noun in _FELLOWS:
        return True
    return noun in _COUNTED or sex == ("male" if noun in _MEN | _BOYS else "female")


def _may_fit(entity: str, discourse: Discourse) -> bool:
    known = entity in discourse.present or entity in discourse.named_at
    return known and not is_several(entity) and sex_of(entity, discourse.glossary) == "person"


def one_and_other(word: str, discourse: Discourse) -> tuple[str, ...]:
    """Return the two whom "from one woman to the other" means, nobody where there are not two."""
    noun = singular(word)
    here = [e for e in discourse.likeliest() if e in discourse.here and _fits(noun, e, discourse)]
    return tuple(here[:2]) if noun in _MEN | _WOMEN and len(here) > 1 else ()
