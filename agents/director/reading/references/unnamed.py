"""A noun in small letters -> whether it is somebody whom nothing introduces: "a nurse nods".

Who does something, is dealt with or is come to is there; what somebody is like, or is heard from
afar, is not.
"""

from __future__ import annotations

from ..coreference import Discourse
from ..glossary import Glossary
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence, Token
from ..words.acts import KIN
from ..words.depictions import DEPICTIONS
from ..words.nameless import TOGETHER_AS_ONE
from ..words.things import BEASTS, GROUPS, THINGS_TOO, THRONGS
from .attendance import is_attending
from .beasts import is_beast_there
from .crowds import (
    TOGETHER,
    is_bare_pair,
    is_counted,
    is_joined,
    is_of_a_friend,
    is_told_apart,
    is_turned_out,
)
from .dealt_with import NO_ENDS, OWN, SOME, ends_noun, is_met, is_owned, may_be_kin
from .nobody_there import is_deed, is_epithet, is_named_beside, is_of_things, is_unreal
from .situated import is_situated
from .together import is_in_a_row
from .told_of import is_made


def is_unnamed(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun is of somebody whom nothing introduces: "a nurse takes her arm"."""
    if _is_alone(sentence, at, discourse):
        return True
    glossary = discourse.glossary
    word = sentence[at].text
    known = glossary.is_unnamed(singular(word)) or word in glossary.unnamed
    if not known or not _may_be(sentence, at, discourse) or _is_far(sentence):
        return False
    own = at > 0 and sentence[at - 1].text in OWN and singular(sentence[at].text) in KIN
    if own and may_be_kin(sentence, at, discourse):
        return False
    return is_in_a_row(sentence, at, discourse, lambda n: _is_alone(sentence, n, discourse))


def _may_be(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun may be of somebody at all, and only counts, likens or tells no other."""
    if (at and is_made(sentence, at)) or is_deed(sentence, at):
        return False  # "stuffed animals"
    if sentence[at].text in DEPICTIONS:
        return False  # a pin-up
    if singular(sentence[at].text) in TOGETHER_AS_ONE and is_plural(sentence[at].text):
        return False  # "then parades around the fire"
    friend = at > 0 and is_of_a_friend(sentence, at - 1)
    if sentence[at].is_no_noun or is_measure(sentence, at) or friend:
        return False
    if is_unreal(sentence, at) or is_of_things(sentence, at) or is_named_beside(sentence, at):
        return False
    return not is_epithet(sentence, at, discourse)


def _is_alone(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun is of somebody who is there, whoever is told beside."""
    word, glossary = sentence[at].text, discourse.glossary
    known = glossary.is_unnamed(singular(word)) or word in glossary.unnamed
    shown = bool(glossary.unnamed) and _is_shown(sentence, at, discourse)
    # What looks at the whole sentence is asked last.
    if not (known or shown) or not _may_be(sentence, at, discourse) or _is_far(sentence):
        return False
    if shown or is_one_of(sentence, at):
        return shown
    told = is_attending(sentence, at) or _is_doing(sentence, at, discourse)
    return told or is_situated(sentence, at, discourse)


def _is_shown(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun shows somebody by itself: "a pack of pups", a pair, a beast."""
    noun = singular(sentence[at].text)
    if is_turned_out(sentence, at) or is_bare_pair(sentence, at):
        return True
    several = noun in BEASTS and is_plural(sentence[at].text)
    counted = several and is_counted(sentence, at, discourse.glossary)
    return counted or is_beast_there(sentence, at, discourse)


def _is_doing(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether somebody does something, is dealt with, or is all that a sentence tells."""
    word, glossary = sentence[at].text, discourse.glossary
    several = is_plural(word)
    plain = [w.text for w in sentence[max(0, at - _FAR_LED) : at] if not w.text.endswith("ly")]
    lead = set(plain[-4:])
    led = bool(lead & _ARTICLES) or (several and _opens(sentence, at, glossary))
    owned = is_owned(sentence, at)
    led = led or (singular(word) in KIN and (bool(lead & OWN) or owned))
    led = led or (owned and singular(word) not in KIN)
    if is_met(sentence, at, discourse) or (several and is_counted(sentence, at, glossary)):
        return True
    if _is_told(sentence, at, glossary) or _is_beside(sentence, at, discourse):
        return True
    apart = tuple(w.text for w in sentence[at + 1 : at + 5])
    if led and several and apart[:1] == (",",) and apart[2:] == ("of", "whom"):
        return True  # "two scouts, one of whom ..."
    after = _past_aside(sentence, at, glossary)
    if after is None or after >= len(sentence):
        return False  # "Attendants and ANN"
    if word in THINGS_TOO and base_form(sentence[after].text, THINGS_TOO[word]) is not None:
        return False  # "the coach drives on"
    verb = base_form(sentence[after].text, glossary.verbs)
    if sentence[after].text in ("is", "are", "has", "have") and led:
        if _is_helped(sentence, at, after, glossary):
            return True
        if sentence[after].text in ("is", "are"):
            return False
    if led and several and tuple(w.text for w in sentence[after : after + 3]) == _SHOWN:
        return True  # "several players can be seen"
    form = "base" if several or is_joined(sentence, at) else "s"
    goes_on = verb is not None and verb[1] in (form, "ing")  # "two men playing checkers"
    return led and not sentence[after].is_mention and (goes_on or _ends_as_verb(sentence, after))


def _is_told(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a sentence only says that somebody is there: "A man in red", "Two men"."""
    texts, several = [word.text for word in sentence], is_plural(sentence[at].text)
    opens = 2 if texts[:2] in _THERE else 1 if texts[:1] == ["there's"] else 0
    article = texts[opens] if opens < at else ""
    counted = several and (article == "" or article in SOME or _opens(sentence, at, glossary))
    if not (counted or article in ("a", "an")) or at - opens > _LED:
        return False
    if singular(texts[at]) in GROUPS and texts[at] not in _TOGETHER:
        return False
    between = sentence[opens + 1 : at]
    if any(w.is_mention or w.is_mark or w.text in PREPOSITIONS for w in between):
        return False
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    if after is not None and (after.text in "'’" or not ends_noun(after, glossary)):
        return False  # "Soldiers' boots"
    if several and after is not None and after.text in NO_ENDS:
        return False  # "Attendants and ANN", "He escorts them", "then spies the house"
    if several and any(word.text in _DOERS for word in sentence[opens:at]):
        return False
    rest = (base_form(text, glossary.verbs_and_light) for text in texts[at + 1 :])
    forms = ("s", "past", "base") if several else ("s", "past")
    finite = any(found is not None and found[1] in forms for found in rest)
    return bool(opens) or not finite


_DOERS = CONJUNCTIONS | FILLERS | {"he", "she", "it", "they", "who", "i", "we", "you"}
_THERE = (["there", "is"], ["there", "are"])
_TOGETHER = frozenset("couple trio family gang".split())  # groups who are people and nothing else


_SHOWN = ("can", "be", "seen")


def _is_helped(sentence: Sentence, at: int, after: int, glossary: Glossary) -> bool:
    """Say whether somebody does what follows "is" or "has": "The bettors are queued up"."""
    helper, word = sentence[after].text, sentence[at].text
    rest = [w for w in sentence[after + 1 :] if w.text not in _STILL and not w.text.endswith("ly")]
    if not rest:
        return False
    found = base_form(rest[0].text, glossary.verbs)
    form = found[1] if found is not None and not rest[0].is_mention else ""
    several = is_plural(word) or singular(word) in THRONGS or helper == "are"
    if helper in ("is", "are"):
        done = form == "past" or rest[0].text.endswith("ed")
        posed = rest[0].text in _POSED
        return form == "ing" or (several and done) or posed or is_told_apart(sentence, at)
    return several and form == "past" and rest[0].text not in ("had", "been")


# How one is found, by whom or by what it was done.
_POSED = frozenset(
    "slumped sprawled seated hunched crouched perched propped huddled curled stooped doubled "
    "crumpled stationed posted positioned bound gagged handcuffed cuffed chained shackled strapped "
    "pinned trapped sandwiched clad dressed".split()
)
_STILL = FILLERS | {"no", "longer", "not"}


def _is_beside(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether somebody stands with one who is named, and is nobody who is there."""
    kin = singular(sentence[at].text) in KIN
    if is_of_a_friend(sentence, at):
        return is_joined(sentence, at)
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    whole = after is None or ends_noun(after, discourse.glossary) or _is_base(after, discourse)
    if not whole or (kin and may_be_kin(sentence, at, discourse)):
        return False
    return is_joined(sentence, at)


def _is_base(word: Token, discourse: Discourse) -> bool:
    found = base_form(word.text, discourse.glossary.verbs)
    return found is not None and not word.is_mention


_ADVERBS = frozenset("everywhere nearby outside inside below above behind meanwhile".split())


def _opens(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether nothing but adjectives stands before a plural: "Angry warriors pile on top"."""
    for before in reversed(sentence[max(0, at - _LED) : at]):
        if before.is_mention or before.text in ("of", "no"):
            return False
        if before.is_mark or before.text in CONJUNCTIONS | SOME | _ADVERBS | {"that"}:
            return True
        told = base_form(before.text, glossary.verbs)
        verb = told is not None and told[1] in ("s", "base")
        if verb or before.text in PREPOSITIONS | DETERMINERS | OWN or not before.text.isalpha():
            return False
    return at < _LED


_FAR = (["in", "the", "background"], ["in", "the", "distance"], ["from", "next", "door"])
_LOUD = frozenset("cry bark scream shout laugh sing howl wail cough yell snore moan groan".split())


def _is_far(sentence: Sentence) -> bool:
    """Say whether somebody is only heard: "In the background a baby starts crying"."""
    texts = [word.text for word in sentence]
    away = any(texts[at : at + 3] in _FAR for at in range(len(texts) - 2))
    return away and any(base_form(text, _LOUD) is not None for text in texts)


def is_measure(sentence: Sentence, at: int) -> bool:
    """Say whether a noun only counts what follows: "a couple of boxes", "a team of horses"."""
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    of = after is not None and after.text == "of"
    if sentence[at].text == "couple" and after is not None and is_plural(after.text):
        return sentence[at - 1].text == "a" and at > 0  # "a couple paces behind"
    return of and (sentence[at].text in TOGETHER or singular(sentence[at].text) in GROUPS)


def is_of_a(sentence: Sentence, at: int) -> bool:
    """Say whether a noun only says what something is like: "the air of a man under siege"."""
    before = [word.text for word in sentence[max(0, at - 4) : at] if not word.is_mention]
    return any(
        before[n] == "of" and before[n + 1] in ("a", "an")
        and before[n - 1 : n] not in (["front"], ["top"], ["ahead"], ["side"], ["out"])
        for n in range(len(before) - 1)
    )  # fmt: skip


def is_one_of(sentence: Sentence, at: int) -> bool:
    """Say whether "one" picks somebody of those who are there: "from one woman to the other"."""
    one = sentence[at - 1].text == "one" if at else False
    texts = [word.text for word in sentence[at + 1 :]]
    return one and ("other" in texts or "another" in texts)


_FAR_LED = 5  # words from an article to its noun, adverbs among them
_LED = 4  # words from an article to its noun


def _past_aside(sentence: Sentence, at: int, glossary: Glossary) -> int | None:
    """Return where the verb of a noun may stand, past adverbs, a phrase or an apposition."""
    after = at + 1
    while after + 1 < len(sentence) and (
        sentence[after].text in FILLERS or sentence[after].text.endswith("ly")
    ):
        after += 1
    if after < len(sentence) and sentence[after].text == "and":
        # "Attendants and ANN unload the cart"
        return next((n + 1 for n in range(after, at + 5) if _names(sentence, n)), None)
    rest = range(after + 1, min(len(sentence), after + _ASIDE))
    if after < len(sentence) and sentence[after].text in PREPOSITIONS:  # "an old man behind him"
        ends = next((n for n in rest if sentence[n].is_mark or sentence[n].text == "who"), None)
        return next(
            (
                n for n in rest
                if (ends is None or n < ends) and _is_finite(sentence, n, glossary)
            ),
            None,
        )  # fmt: skip
    led = after + 1 < len(sentence) and sentence[after + 1].text in ("a", "an")
    if led and sentence[after].text == ",":  # "The driver, a big man, waves"
        comma = next((n for n in rest if sentence[n].text == ","), len(sentence))
        after = comma + 1
    return after if after < len(sentence) else None


_ASIDE = 10  # words of what may stand between a noun and its verb


def _is_finite(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    found = base_form(sentence[at].text, glossary.verbs)
    named = sentence[at].is_mention or sentence[at - 1].text in DETERMINERS
    helps = sentence[at].text in ("is", "are", "has", "have")
    return (helps or (found is not None and found[1] == "s")) and not named


def _ends_as_verb(sentence: Sentence, at: int) -> bool:
    """Say whether a word is a verb that no table knows: "refills it", "rings the bell"."""
    text = sentence[at].text
    plain = text.isalpha() and len(text) > 4 and text.endswith("s")
    if not plain or text.endswith(("ss", "us", "is")):
        return False
    behind = sentence[at + 1] if at + 1 < len(sentence) else None
    return behind is None or behind.text in DETERMINERS | {"it", "him", "her", "them"}


def _names(sentence: Sentence, at: int) -> bool:
    return at < len(sentence) and sentence[at].is_mention


_ARTICLES = NUMBERS.keys() | frozenset("a an the another".split())
