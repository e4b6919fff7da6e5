"""A noun in small letters -> whether it is somebody whom nothing introduces: "a nurse nods".

Who does something, is dealt with or is come to is there; what somebody is like, or is heard from
afar, is not.
"""

from __future__ import annotations

from ..coreference import Discourse, sex_of
from ..glossary import Glossary
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence, Token
from ..words.acts import ACTS, FEMALE, KIN, MALE
from ..words.nameless import TOGETHER_AS_ONE
from ..words.things import BEASTS, GROUPS, THINGS_TOO, THRONGS, is_nobody
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
from .nobody_there import is_deed, is_epithet, is_named_beside, is_of_things, is_unreal
from .situated import LEFT_BY, is_situated
from .together import is_in_a_row
from .told_of import is_made

OWN = frozenset("his her its their my your our".split())


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
    if own and _may_be_kin(sentence, at, discourse):
        return False
    return is_in_a_row(sentence, at, discourse, lambda n: _is_alone(sentence, n, discourse))


def _may_be(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun may be of somebody at all, and only counts, likens or tells no other."""
    if (at and is_made(sentence, at)) or is_deed(sentence, at):
        return False  # "stuffed animals"
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
    return _is_doing(sentence, at, discourse) or is_situated(sentence, at, discourse)


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
    led = led or (singular(word) in KIN and bool(lead & OWN))
    if _is_met(sentence, at, discourse) or (several and is_counted(sentence, at, glossary)):
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
    counted = several and (article == "" or article in _SOME or _opens(sentence, at, glossary))
    if not (counted or article in ("a", "an")) or at - opens > _LED:
        return False
    if singular(texts[at]) in GROUPS and texts[at] not in _TOGETHER:
        return False
    between = sentence[opens + 1 : at]
    if any(w.is_mention or w.is_mark or w.text in PREPOSITIONS for w in between):
        return False
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    if after is not None and (after.text in "'’" or not _ends_noun(after, glossary)):
        return False  # "Soldiers' boots"
    if several and after is not None and after.text in _NO_ENDS:
        return False  # "Attendants and ANN", "He escorts them", "then spies the house"
    if several and any(word.text in _DOERS for word in sentence[opens:at]):
        return False
    rest = (base_form(text, glossary.verbs_and_light) for text in texts[at + 1 :])
    forms = ("s", "past", "base") if several else ("s", "past")
    finite = any(found is not None and found[1] in forms for found in rest)
    return bool(opens) or not finite


_NO_ENDS = CONJUNCTIONS | DETERMINERS | {"him", "her", "them", "it"}
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
        return form == "ing" or (several and done) or is_told_apart(sentence, at)
    return several and form == "past" and rest[0].text not in ("had", "been")


_STILL = FILLERS | {"no", "longer", "not"}


def _is_beside(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether somebody stands with one who is named, and is nobody who is there."""
    kin = singular(sentence[at].text) in KIN
    if is_of_a_friend(sentence, at):
        return is_joined(sentence, at)
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    whole = after is None or _ends_noun(after, discourse.glossary) or _is_base(after, discourse)
    if not whole or (kin and _may_be_kin(sentence, at, discourse)):
        return False
    return is_joined(sentence, at)


def _is_base(word: Token, discourse: Discourse) -> bool:
    found = base_form(word.text, discourse.glossary.verbs)
    return found is not None and not word.is_mention


# What counts those who are several, or tells them from those who were named.
_SOME = NUMBERS.keys() | frozenset("other several many some more few all most various".split())
_ADVERBS = frozenset("everywhere nearby outside inside below above behind meanwhile".split())


def _opens(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether nothing but adjectives stands before a plural: "Angry warriors pile on top"."""
    for before in reversed(sentence[max(0, at - _LED) : at]):
        if before.is_mention or before.text in ("of", "no"):
            return False
        if before.is_mark or before.text in CONJUNCTIONS | _SOME | _ADVERBS | {"that"}:
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


def _is_met(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether somebody is dealt with or come to: "hands the bartender a bill", "to a nurse"."""
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    going = is_plural(sentence[at].text) and after is not None and _is_going(after)
    if after is not None and not (going or _ends_noun(after, discourse.glossary)):
        return False  # "a very drunk ANN", "a couple of pills", "the driver side"
    if singular(sentence[at].text) in GROUPS | TOGETHER_AS_ONE:
        return False  # "takes a class"
    several = is_plural(sentence[at].text)
    lead = at - 1
    while lead > 0 and at - lead < _LED and not sentence[lead].is_mark:
        if sentence[lead].is_mention or sentence[lead - 1].text in LEFT_BY:
            return False
        if sentence[lead].text in _DETERMINED or (several and sentence[lead].text in _SOME):
            break
        if several and _deals(sentence[lead].text, discourse.glossary):
            lead += 1  # "leading warriors"
            break
        lead -= 1
    counted = several and (sentence[lead].text in _SOME or lead == at)
    if several and lead >= 1 and _is_done_by(sentence, at, discourse.glossary):
        return True
    if lead < 1 or not (counted or sentence[lead].text in _DETERMINED):
        return False
    article, before = sentence[lead].text, sentence[lead - 1].text
    kin = singular(sentence[at].text) in KIN
    if kin and (article not in OWN | {"a", "an"} or _may_be_kin(sentence, at, discourse)):
        return False
    if before in _MEETING or (before == "with" and kin):
        return sentence[at].text != "group"  # who that is, is told before
    if before in _PARTICLES and lead > 1:
        before = sentence[lead - 2].text  # "picks up a child"
    return _deals(before, discourse.glossary)


_PARTICLES = frozenset("up down out off away over".split())


def _deals(word: str, glossary: Glossary) -> bool:
    """Say whether a word is a verb of what is done to somebody who is there."""
    found = base_form(word, glossary.verbs) or base_form(word, _DEALS)
    return found is not None and found[1] in ("s", "ing") and ACTS.get(found[0], found[0]) in _DEALS


def _is_done_by(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a plural does what is done: "is taunted by other prisoners"."""
    start = max(1, at - _LED)
    by = next((n for n in range(at - 1, start - 1, -1) if sentence[n].text == "by"), 0)
    if (
        not by
        or sentence[by - 1].text in LEFT_BY
        or any(w.is_mention or w.is_mark for w in sentence[by:at])
    ):
        return False
    found = base_form(sentence[by - 1].text, glossary.verbs)
    return found is not None and found[1] == "past"


def _ends_noun(after: Token, glossary: Glossary) -> bool:
    """Say whether the word behind a noun leaves it whole: a mark, a verb, "in", but no noun."""
    if after.is_mention or after.text == "of" or after.text in "'’":
        return False  # "of" and the mark of an owner: "kids' scissors"
    found = base_form(after.text, glossary.verbs)
    told = found is not None and found[1] != "base"
    joins = PREPOSITIONS | CONJUNCTIONS | DETERMINERS | {"who", "that", "him", "her", "them", "it"}
    return after.is_mark or told or after.text in joins or after.text.endswith("ly")


def _is_going(word: Token) -> bool:
    """Say whether a word behind several tells what they do: "the evacuees boarding buses"."""
    long = word.text.endswith("ing") and len(word.text) > len("thing")
    return long and not word.is_mention and not is_nobody(word.text)


def _may_be_kin(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether somebody who is there may be "her mother", so that nobody else need be."""
    noun = singular(sentence[at].text)
    sex = "male" if noun in MALE else "female" if noun in FEMALE else ""
    named = {entity for word in sentence for entity in word.ids} | set(discourse.subjects)
    others = discourse.here - named
    fit = [e for e in others if sex in ("", sex_of(e, discourse.glossary))]
    return len(fit) > 1 if is_plural(sentence[at].text) else bool(fit)


_FAR_LED = 5  # words from an article to its noun, adverbs among them
_LED = 4  # words from an article to its noun
_DETERMINED = NUMBERS.keys() | frozenset("a an the another his her their".split())
# What is done to somebody who is there.
_DEALS = frozenset(
    "look follow chase lead carry push pull hit kick give take hold hug kiss fight greet join "
    "approach pass pay tip thank meet notice spot face grab tackle shoot stab slap help lift "
    "interview question address introduce confront surround arrest drag guide wake dress "
    "put pick set settle seat treat feed examine stop restrain "
    "see watch find observe eye study instruct teach order command nail beat herd drive scan face "
    "survey inspect search film photograph videotape check size frisk handcuff cuff bandage "
    "comfort console nudge choke strangle undress bathe corner flank accompany salute tease "
    "taunt".split()
)


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


_MEETING = frozenset("to at past toward towards beside behind near".split())
_ARTICLES = NUMBERS.keys() | frozenset("a an the another".split())
