"""A sentence -> the same without the nouns that only tell who is named beside them.

In "MAUD, a SINGER, sits", "a ROBBER, EARL, runs", "two BOYS: ED and AL" and "TED is a COP" nobody
is a singer beside Maud: who is told what they are is one, and is filmed under their name.
"""

from __future__ import annotations

from dataclasses import replace

from ..coreference import Discourse, is_several
from ..glossary import Glossary
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence, Token
from ..words.acts import KIN
from ..words.things import GROUPS, is_of_people

_LED = 8  # words from an article to its noun
_ASIDE = 12  # words of what tells somebody more, in brackets or between dashes
_NEW = frozenset({"a", "an", "another"})
_OWN = frozenset("the his her their its".split())
_NAMING = frozenset({"named", "called", "nicknamed"})
_IS = frozenset({"is", "was"})
_ARE = frozenset({"are", "were"})


def without_tellings(sentence: Sentence, discourse: Discourse) -> Sentence:
    """Return a sentence in which nouns that tell who is named beside them are nobody."""
    told: set[int] = set()
    for at, word in enumerate(sentence):
        if not word.is_mention or word.possessive:
            continue
        before = _is_behind_name(sentence, at, told, discourse) or _is_before_names(
            sentence, at, discourse.glossary
        )
        beside = _is_before_name(sentence, at, discourse) or _is_predicate(sentence, at, discourse)
        title = _is_title(sentence, at, discourse.glossary)
        if before or title or (beside and _may_tell(word)) or _is_outline(sentence, at):
            told.add(at)
    return tuple(replace(w, ids=()) if at in told else w for at, w in enumerate(sentence))


def _is_title(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a noun is the title of whose name follows: "Captain HOLT", "baby TED"."""
    named = at + 1 < len(sentence) and is_named(sentence[at + 1], glossary)
    return named and _may_tell(sentence[at]) and not is_plural(sentence[at].text)


_OUTLINES = frozenset("figure silhouette shape form outline shadow ghost body".split())


def _is_outline(sentence: Sentence, at: int) -> bool:
    """Say whether a noun is only what is seen of whoever follows: "the figure of TED"."""
    behind = sentence[at + 1 : at + 5]
    of = behind[:1] != () and behind[0].text == "of"
    return of and sentence[at].text in _OUTLINES and any(word.is_mention for word in behind)


def _may_tell(word: Token) -> bool:
    """Say whether a mention is by a noun of people and no name: a COP, the BANK ROBBER."""
    head = singular(word.text.rpartition(" ")[2])
    return (head in KIN or is_of_people(head)) and head not in GROUPS


def is_named(word: Token, glossary: Glossary) -> bool:
    """Say whether a word is the name of one: TED, and no GUARD and no "the boy"."""
    plain = word.is_mention and not (word.is_common or word.plural or word.possessive)
    if not plain or len(word.ids) != 1 or is_several(word.ids[0]):
        return False
    cued = " " not in word.text and word.ids[0] in glossary.people  # EARL, who is no earl
    return cued or not _may_tell(word)


def _article(sentence: Sentence, at: int, discourse: Discourse) -> int | None:
    """Return where the article of a noun stands, past adjectives and their commas."""
    own = sentence[at].text.partition(" ")[0]
    if own in _NEW:
        return at
    for n in range(at - 1, max(-1, at - _LED - 1), -1):
        word = sentence[n]
        if word.text in _NEW | _OWN:
            return n
        if word.is_mention or word.text in PREPOSITIONS | DETERMINERS:
            return None
        found = base_form(word.text, discourse.glossary.verbs)
        if word.text in _IS | _ARE or (found is not None and found[1] == "s"):
            return None
    return None


def _is_behind_name(sentence: Sentence, at: int, told: set[int], discourse: Discourse) -> bool:
    """Say whether a noun tells who was named before it: "MAUD, a SINGER", "NED, the COOK"."""
    lead = _article(sentence, at, discourse)
    if lead is None or lead < 2 or sentence[lead - 1].text != ",":
        return False
    name = lead - 2
    while name > 0 and (sentence[name].text == "," or sentence[name].text[0].isdigit()):
        name -= 1  # "MAUD, 63, a SINGER"
    new = sentence[lead].text.partition(" ")[0] in _NEW
    if not is_named(sentence[name], discourse.glossary) or is_plural(sentence[at].text):
        return False
    if not (new or _may_tell(sentence[at])):
        return False
    before = sentence[name - 1].text if name else ""
    joined = before in (",", "and") and name > 1 and name - 2 not in told
    if joined and sentence[name - 2].is_mention:
        return False  # "ANN, TED, a nurse"
    placed = sentence[0].text in PREPOSITIONS and at + 1 == len(sentence)
    return not (
        placed or _goes_on_a_list(sentence, at, discourse.glossary)
    )  # "Left of RAY, a NURSE."


def _goes_on_a_list(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether others follow a noun in a row: "TED, a COP and ANN", "TED, a COP, two NURSES"."""
    behind = sentence[at + 1 : at + 5]
    texts = [word.text for word in behind]
    if texts[:1] == ["and"]:
        told = (
            len(behind) > 3
            and is_named(behind[1], glossary)
            and texts[2] == ","
            and texts[3] in _OWN
        )
        return not told  # "ED, the COOK and AL, the DRIVER"
    if texts[:1] != [","] or len(texts) < 2:
        return False
    more = texts[1] in _NEW | NUMBERS.keys() | {"and", "several", "some"}
    led = behind[1].is_mention and texts[2:3] != [","]
    return more or led


def _is_before_name(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether who a noun is stands behind it: "a ROBBER, EARL, runs", "a MAN named EARL"."""
    behind = sentence[at + 1 : at + _ASIDE]
    texts = [word.text for word in behind]
    naming = next((n for n, text in enumerate(texts) if text in _NAMING), None)
    if naming is not None and naming + 1 < len(behind) and behind[naming + 1].is_mention:
        between = behind[:naming]
        return not any(word.is_mention for word in between)
    if texts[:1] != [","] or len(behind) < 2 or not is_named(behind[1], discourse.glossary):
        return False
    if is_plural(sentence[at].text) or (at and sentence[at - 1].text == ","):
        return False
    rest = behind[2:]
    if not rest:
        return True
    if rest[0].text != "," or len(rest) == 1:
        return rest[0].text[0].isdigit()
    listed = rest[1].is_mention or rest[1].text in _NEW | NUMBERS.keys() | {"and", "or", "the"}
    return not listed or rest[1].text[0].isdigit()


def _is_before_names(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether those who several are stand behind: "two BOYS at one side: ED and AL"."""
    count = _count(sentence, at)
    if not is_plural(sentence[at].text) or count < 2:
        return False
    comma = next((n for n in range(at + 1, min(len(sentence), at + _LED))
                  if sentence[n].text == "," or sentence[n].is_mention), 0)  # fmt: skip
    if not comma or sentence[comma].is_mention or comma + 1 >= len(sentence):
        return False
    names = [comma + 1] if is_named(sentence[comma + 1], glossary) else []
    while names and len(names) < count:
        rest = range(names[-1] + 1, min(len(sentence), names[-1] + _ASIDE))
        named = next((n for n in rest if sentence[n].is_mention), 0)
        if not named or sentence[named - 1].text not in ("and", ",") or sentence[named].is_common:
            return False
        names.append(named)
    more = [word.is_mention for word in sentence[names[-1] + 1 : names[-1] + 3]] if names else []
    return len(names) == count and more[1:] != [True]  # no "two COPS, ED, AL and ANN"


def _count(sentence: Sentence, at: int) -> int:
    """Return how many a plural is said to be, 0 where nothing counts them."""
    for word in (sentence[at].text.split(), *([w.text] for w in sentence[max(0, at - 4) : at])):
        for text in word:
            if text in NUMBERS or text == "both":
                return NUMBERS.get(text, 2)
    return 0


def _is_predicate(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun says what somebody is: "TED is a COP", "He is the greatest GUY"."""
    lead = _article(sentence, at, discourse)
    several = is_plural(sentence[at].text)
    if lead is None:
        lead = at
    verb = lead - 1
    while verb > 0 and (sentence[verb].text.endswith("ly") or sentence[verb].text in _STILL):
        verb -= 1
    if verb < 1 or sentence[verb].text not in (_ARE if several else _IS):
        return False
    if not several and lead == at and sentence[at].text.partition(" ")[0] not in _NEW:
        return False
    start = verb - 1
    who = sentence[start]
    pronoun = who.text in ("they", "who") if several else who.text in ("he", "she", "who")
    opens = start == 0 or sentence[start - 1].is_mark or sentence[start - 1].text in _CLAUSES
    led = start == 1 and sentence[0].text == "the" and who.is_mention
    return (pronoun or who.is_mention) and (opens or led)


_STILL = frozenset("still also now all both just not already once".split())
_CLAUSES = CONJUNCTIONS | {"that", "who"}
