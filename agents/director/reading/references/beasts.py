"""A beast's noun in small letters -> whether it is there: it does something, or is seen to.

What a world of animals draws has names of its own (`glossary`); a hawk that circles above people
is as much somebody as a nurse who passes.
"""

from __future__ import annotations

from ..coreference import Discourse
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence
from ..words.nameless import SMALL_BEASTS

_LED = 4  # words from an article to its noun
_ARTICLES = frozenset("a an another the his her their".split()) | NUMBERS.keys()
_NEW = frozenset("a an another".split()) | NUMBERS.keys()
# What is heard of a beast that nobody need see.
_HEARD = frozenset(
    "bark howl hoot chirp cry call screech caw croak squawk sing whinny neigh bray bleat buzz hiss "
    "roar growl snarl yelp yap whine squeak squeal low moo cluck crow whistle be have".split()
)
_SEEN = frozenset("see watch notice spot find follow chase carry hold lead feed pet shoot".split())
_NOT_SEEN = frozenset("like as than no without for about of".split())


def is_beast_there(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a beast whom no world knows is there: "a rat emerges", "sees a hawk circling"."""
    word, verbs = sentence[at].text, discourse.glossary.verbs
    if singular(word) not in SMALL_BEASTS:
        return False
    lead = next(
        (n for n in range(at - 1, max(-1, at - _LED - 1), -1) if sentence[n].text in _ARTICLES), -1
    )
    between = sentence[lead + 1 : at]
    plain = not any(w.is_mention or w.is_mark or w.text in PREPOSITIONS for w in between)
    if lead < 0 or not plain or (lead and sentence[lead - 1].text in _NOT_SEEN):
        return False
    after = at + 1
    while after < len(sentence) and (
        sentence[after].text in FILLERS or sentence[after].text.endswith("ly")
    ):
        after += 1
    behind = sentence[after] if after < len(sentence) else None
    done = base_form(behind.text, verbs) if behind is not None and not behind.is_mention else None
    if done is not None and done[0] in _HEARD:
        return False
    ends = (
        behind is None
        or behind.is_mark
        or behind.text in PREPOSITIONS | CONJUNCTIONS | DETERMINERS | {"who", "that"}
        or (behind.text.endswith("ing") and len(behind.text) > _LED + 1)
    )
    if ends or done is not None:
        there = {*discourse.present, *discourse.named_at}
        if sentence[lead].text == "the" and word.upper() in there:
            return True
        seen = base_form(sentence[lead - 1].text, _SEEN) if lead else None
        if sentence[lead].text in ("his", "her", "their"):
            seen = None  # "he finds his rat"
        if ends and seen is not None and seen[1] != "past":
            return True
    form = "base" if is_plural(word) else "s"
    if done is not None and done[1] == form:
        return True
    going = behind is not None and ends and behind.text.endswith("ing")
    return going and sentence[lead].text in _NEW
