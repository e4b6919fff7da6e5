"""The pronouns of a sentence, and a full place -> who is in its picture though they do nothing.

"The light falls on his face" shows him. Nobody is added where the sentence names or films somebody
whom the pronoun may mean: then it is of them, or says nothing new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ..coreference import Discourse
from ..inflection import base_form, singular
from ..lexicon import CONJUNCTIONS, PREPOSITIONS, VERBS
from ..sentences import Sentence, Token
from ..words.acts import ACTS, SHOWING
from ..words.things import ANIMATE, HEARD
from .crowds import fills_place, nobody_stirs

_OBJECTS = {"him": "he", "them": "they", "he": "he", "she": "she", "they": "they", "her": "she"}
_OWNERS = {"his": "he", "her": "she", "their": "they", "its": "it"}
# What shows whoever has it.
_SHOWN = SHOWING | frozenset(
    "talking whispering chatter conversation bickering banter flesh".split()
)
# Where somebody or something is beside who is there: "at her side", "into his path".
_PATHS = frozenset("path way".split())
_NEAR = dict.fromkeys(("at", "by", "to"), frozenset({"side"})) | dict.fromkeys(
    ("in", "into", "across", "block", "blocks", "bar", "bars", "cross", "crosses"), _PATHS
)
_AND = Token("and")
_UNSEEN = frozenset("no not without of about for remember think imagine miss".split())


def bystanders(sentence: Sentence, filmed: Collection[str], discourse: Discourse) -> list[str]:
    """Return whom pronouns of a sentence show, beside those who are named or do something in it."""
    found: list[str] = []
    for at, pronoun in _pronouns(sentence):
        beside = sentence[at + 2 : at + 3] if sentence[at + 1 : at + 2] == (_AND,) else ()
        aside = {entity for word in beside for entity in word.ids}  # "him and TED"
        if _is_of_verb(sentence, at):
            named = {entity for word in sentence[:at] for entity in word.ids}
            aside |= {e for word in sentence[at:] for e in word.ids} - named
        here = [entity for entity in (*filmed, *found) if entity not in aside]
        if pronoun == "they":
            found += () if len(here) > 1 else _group(discourse, here)
        elif pronoun in ("he", "she") and _is_touched(sentence, at):
            whom = discourse.of_pronoun(pronoun, (*discourse.subjects, *filmed))
            known = whom is not None and whom in discourse.recent
            found += [whom] if known and whom is not None else []
        elif not any(discourse.fits(pronoun, entity) for entity in here):
            owners = [word.ids[0] for word in sentence[:at] if word.is_mention and word.possessive]
            owner = next((e for e in reversed(owners) if discourse.fits(pronoun, e)), None)
            whom = owner or discourse.of_pronoun(pronoun, tuple(aside))
            found += [whom] if whom is not None and whom in discourse.here else []
    stirs = [who for who in nobody_stirs(sentence, discourse) if who not in (*filmed, *found)]
    return [*found, *stirs, *fills_place(sentence, discourse.glossary)]


def _is_of_verb(sentence: Sentence, at: int) -> bool:
    """Say whether a pronoun is whom a verb is done to, and so nobody whom the page names later.

    "We see her with TED", but "Behind him TED hears a car". What is said to the camera is no more
    in a sentence.
    """
    if at == 0:
        return _is_object([word.text for word in sentence], 0)
    found = base_form(sentence[at - 1].text, _KNOWN)
    return found is not None and found[1] != "past" and sentence[at - 1].text not in PREPOSITIONS


_TOUCHING = frozenset("pat squeeze clap tap".split())
_TOUCHED = frozenset("shoulder back cheek arm hand".split())


def _is_touched(sentence: Sentence, at: int) -> bool:
    """Say whether a part is another's, whom somebody touches: "WYATT pats his shoulder"."""
    part = sentence[at + 1].text if at + 1 < len(sentence) else ""
    before = sentence[max(0, at - 2) : at]
    touch = any(base_form(word.text, _TOUCHING) is not None for word in before)
    return touch and part in _TOUCHED


def _group(discourse: Discourse, here: Collection[str]) -> tuple[str, ...]:
    group = discourse.of_them(tuple(here))
    return tuple(entity for entity in group if entity in discourse.here)


_KNOWN = frozenset(VERBS) | frozenset(ACTS) | ANIMATE
_LETS = frozenset("let make help have see watch hear feel notice find catch leave keep".split())
_BEHIND_OBJECT = PREPOSITIONS | CONJUNCTIONS | frozenset("the a an his this that again".split())


def _is_object(texts: Sequence[str], at: int) -> bool:
    """Say whether "her" is herself and no owner: "lets her see it", "takes her by the hand"."""
    after = texts[at + 1] if at + 1 < len(texts) else ""
    if not after.isalpha() or after in _BEHIND_OBJECT:
        return True
    lets = at > 0 and base_form(texts[at - 1], _LETS) is not None
    found = base_form(after, _KNOWN)
    return lets and found is not None and found[1] in ("base", "ing")


def _pronouns(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Yield where pronouns show somebody: "him", and "his" before a part of him."""
    texts = [word.text for word in sentence]
    for at, word in enumerate(sentence):
        if word.is_mention or word.text not in _OBJECTS.keys() | _OWNERS.keys():
            continue
        after = texts[at + 1] if at + 1 < len(texts) else ""
        if {singular(after), after} & HEARD or (at and texts[at - 1] in _UNSEEN):
            continue
        whole = word.text in _OBJECTS and (word.text != "her" or _is_object(texts, at))
        part = any(text in _SHOWN for text in texts[at + 1 : at + 3])
        part = part or (at > 0 and texts[at - 1] in _NEAR and after in _NEAR[texts[at - 1]])
        if whole:
            yield at, _OBJECTS[word.text]
        elif word.text in _OWNERS and part:
            yield at, _OWNERS[word.text]
