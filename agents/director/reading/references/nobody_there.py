"""A noun of people -> whether it is nobody new: in a simile, of a thing, or named beside.

"Like a sailor leaving port" has no sailor, a record player plays no part, and the manager of
"the manager, SIMPSON" is SIMPSON.
"""

from __future__ import annotations

from ..coreference import Discourse
from ..inflection import base_form, is_plural, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, VERBS
from ..modifiers import is_adjective_too, is_before_a_thing
from ..sentences import Sentence
from ..words.acts import KIN
from ..words.dictionary import is_thing_only
from ..words.idioms import OF_THINGS
from ..words.inanimate import PLACES
from ..words.things import is_nobody, is_of_people
from .told_of import is_compared

_FIRST = frozenset("i i'm i'll i've i'd me my i’m i’ll i’ve i’d".split())
_NEVER_SEEN = frozenset("unseen invisible imaginary imagined nonexistent absent".split())
_CLAUSE = frozenset({",", ";", "but", "while", "when", "then"})


def is_unreal(sentence: Sentence, at: int) -> bool:
    """Say whether a noun stands in a simile or a kind: "like a cat at the vet's", "the kind a".

    "Would like a doctor", "feels like" and "is like" liken too; a comma ends a simile.
    """
    if at and sentence[at - 1].text in _NEVER_SEEN | {"your"}:
        return True
    if any(word.text in _FIRST and not word.is_mention for word in sentence):
        return True  # "Bring me a doctor": what somebody says, unless a page is told by "I"
    if _is_of_quality(sentence, at) or _is_quoted(sentence, at) or is_compared(sentence, at):
        return True
    for n in range(at - 1, -1, -1):
        text = sentence[n].text
        if sentence[n].is_mark or text in _CLAUSE:
            return False
        if text == "like":
            return n > 0 and sentence[n - 1].text not in ("would", "they", "i", "we")
        if text in ("if", "though") and sentence[n - 1].text == "as" and n:
            led = {w.text for w in sentence[n:at]}
            return bool(led & {"a", "an"}) and "the" not in led
        if text == "about" and n and sentence[n - 1].text in _TOLD:
            return True  # "a headline about a phantom"
        if text in ("kind", "sort", "type"):
            of = sentence[n + 1].text == "of" and n + 3 < at  # "the kind of grin a guy hides"
            return sentence[n + 3 if of else n + 1].text in ("a", "an", "that")
    return False


_TOLD = frozenset(
    "headline story stories article joke jokes film movie book song report news talk talking tells "
    "speaks thinks think dream dreams lecture documentary".split()
)
# What one has of somebody who is not there: "with the focus of a killer".
_QUALITIES = frozenset(
    "focus determination grace look air smile grin stealth patience ease speed skill precision "
    "confidence voice mind soul appearance manner manners demeanor demeanour bearing posture "
    "strength agility reflexes instincts instinct expression enthusiasm energy joy glee pride "
    "dignity authority arrogance swagger gait walk calm cool intensity fury rage cunning innocence "
    "wisdom charm style build body physique frame figure complexion mentality attitude heart "
    "courage panache finesse flair delicacy tenderness caution efficiency detachment boredom "
    "weariness resignation satisfaction relief zeal fervor fervour elegance poise touch practice "
    "equivalent work job life role part sort kind tone tones cadence instincts temper appetite "
    "mouth vocabulary sensibility curiosity concentration discipline conviction passion".split()
)


# All of a kind, and nobody of it, behind a bare "of": "the ways of man".
_AT_LARGE = frozenset("youth man woman beast prey".split())


def _is_of_quality(sentence: Sentence, at: int) -> bool:
    """Say whether somebody only lends a quality: "the grace of a born dancer"."""
    if sentence[at - 1].text == "of" and at and sentence[at].text in _AT_LARGE:
        return True  # "at the moment of youth"
    for n in range(at - 1, 0, -1):
        word = sentence[n]
        found = base_form(word.text, VERBS)
        if word.is_mark or word.is_mention or (found is not None and found[1] == "s"):
            return False
        if word.text == "of":
            article = sentence[n + 1].text in ("a", "an", "someone") and n + 1 < at
            return article and sentence[n - 1].text in _QUALITIES
    return sentence[at - 1].text == "as" and at > 1 and sentence[at - _THING].text in _SUCH


_SAYING = frozenset("says said tells told wants wanted asks asked ordered taught did".split())


def _is_quoted(sentence: Sentence, at: int) -> bool:
    """Say whether somebody is only obeyed or quoted: "does what his father says"."""
    before = {word.text for word in sentence[max(0, at - 3) : at]}
    after = sentence[at + 1].text if at + 1 < len(sentence) else ""
    return after in _SAYING and bool(before & {"what", "whatever"}) and at > 1


_LED = 6  # words from "of" to its noun
_THING = 2
_SUCH = frozenset({"thing", "things"})

_CARDS = frozenset("king queen jack ace boxer trainer runner loafer slider plier".split())
_DRIVEN = frozenset("seat seats side door license wheel lounge room".split())
_SMALL = PREPOSITIONS | CONJUNCTIONS | DETERMINERS | frozenset("that this them here there".split())
_OF_ROOMS = frozenset(
    "entrance entrances loft lofts cubicle cubicles quarters lounge uniform uniforms".split()
)
# A word and what it makes of a noun of people: "drunk driving", "boxer shorts".
_COMPOUNDS = frozenset({
    ("drunk", "driving"), ("drunk", "tank"), ("boxer", "shorts"), ("boxer", "briefs"),
    ("sailor", "suit"), ("king", "size"), ("king", "bed"), ("queen", "size"), ("queen", "bed"),
    ("baby", "shower"), ("baby", "talk"), ("baby", "steps"), ("baby", "grand"), ("baby", "blue"),
    ("baby", "boom"), ("baby", "fat"), ("baby", "monitor"), ("baby", "oil"), ("baby", "food"),
    ("mother", "lode"), ("mother", "ship"), ("father", "figure"), ("mother", "tongue"),
    ("brother", "figure"), ("mother", "nature"), ("father", "time"), ("girl", "talk"),
    ("boy", "band"), ("girl", "group"), ("player", "piano"), ("player", "pianos"),
    ("doctor", "visit"), ("hunter", "green"), ("pilot", "light"), ("pilot", "episode"),
    ("guard", "duty"), ("guest", "list"), ("guest", "book"), ("guest", "room"), ("host", "body"),
    ("judge", "advocate"), ("maid", "service"), ("model", "airplane"), ("patient", "chart"),
    ("patient", "file"), ("patient", "files"), ("student", "loan"), ("student", "loans"),
    ("teacher", "conference"), ("worker", "compensation"), ("family", "photo"),
    ("family", "photos"), ("family", "portrait"), ("family", "portraits"), ("family", "dinner"),
    ("family", "room"), ("family", "values"), ("family", "business"), ("team", "photo"),
    ("team", "spirit"), ("band", "aid"), ("crew", "cut"), ("crowd", "noise"), ("gang", "war"),
    ("gang", "signs"), ("gang", "tattoos"), ("bride", "price"), ("butcher", "block"),
    ("butcher", "knife"), ("barber", "pole"), ("barber", "shop"), ("chef", "salad"),
    ("spy", "camera"), ("spy", "hole"), ("spy", "glass"), ("slave", "trade"), ("pirate", "flag"),
    ("pirate", "radio"), ("pirate", "ship"), ("indian", "summer"), ("devil", "horns"),
    ("cashier", "check"), ("traveler", "checks"), ("traveller", "cheques"), ("teller", "machine"),
})  # fmt: skip


_DOERS = frozenset("he she it they who i we you".split())
_WHOM = frozenset("him them it me us you himself herself itself themselves".split())


# Behind these a noun is a verb, though not behind "you guys".
_ONES = frozenset("he she it they who".split())


def is_deed(sentence: Sentence, at: int) -> bool:
    """Say whether who stands before a plural, or after it, makes a verb of it: "she spies on"."""
    before = next((w for w in reversed(sentence[:at]) if not w.text.endswith("ly")), None)
    if sentence[at].text == "misses":
        return True  # of which no page makes a noun: "the shot misses"
    if at and sentence[at - 1].text in _ONES and not sentence[at - 1].is_mention:
        return True  # "he cooly pays", "she mothers him"
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    if before is not None and after is not None and sentence[at].text in _CROWDING:
        several = before.plural or (is_plural(before.text) and is_of_people(singular(before.text)))
        if (several or before.text in _DOERS) and after.text in PREPOSITIONS | _WHOM | DETERMINERS:
            return True  # "the men crowd around"
    if before is None or not is_plural(sentence[at].text):
        return False
    to_whom = after is not None and (
        after.text in _WHOM or after.is_mention or after.text in DETERMINERS
    )
    does = before.is_mention and not (before.possessive or before.plural) and to_whom
    himself = after is not None and after.text in _WHOM and before.text not in DETERMINERS
    # "The woman carries a rifle and guards the door."
    forms = (base_form(word.text, VERBS) for word in sentence[:at])
    joined = before.text == "and" and after is not None and after.text in DETERMINERS
    joined = joined and any(found is not None and found[1] == "s" for found in forms)
    return does or himself or joined or before.text in _DOERS


_CROWDING = frozenset("crowd mob swarm throng".split())
_OWN = frozenset("his her its their my your our".split())
_OF_EYES = frozenset("eye eyes iris irises dilate dilates dilated dilating".split())


def is_of_things(sentence: Sentence, at: int) -> bool:
    """Say whether a noun of people is a thing here, or tells a thing: "a record player"."""
    noun = singular(sentence[at].text)
    before = sentence[at - 1].text if at else ""
    after = sentence[at + 1].text if at + 1 < len(sentence) else ""
    shops = noun != sentence[at].text and after != "" and singular(after) in PLACES
    if noun == "police":  # "the police building", "police cruisers"
        ending = after.endswith("s") and after not in ("is", "as", "has", "was", "pass", "press")
        one = {"a", "an"} & {word.text for word in sentence[max(0, at - 4) : at]}
        if ending or (after.endswith("ing") and is_nobody(after)) or (one and after.isalpha()):
            return True  # "a flashing police light"
    if noun == "pupil" and (before in _OWN or _OF_EYES & {word.text for word in sentence}):
        return True
    if noun in ("demon", "ghost", "devil") and before in _OWN:
        return True  # "alone with his demons"
    told = before in OF_THINGS.get(noun, ()) or (noun, after) in _COMPOUNDS
    pair = [word.text for word in sentence[max(0, at - 2) : at]] == ["pair", "of"]
    told = told or (pair and noun in _CARDS)
    if after in _DRIVEN and noun != sentence[at].text and before == "the":
        return True  # "the drivers seat"
    tells = is_thing_only(after) and after not in _SMALL  # "a hostage negotiation"
    small = [word.text for word in sentence]
    if at + 1 < len(sentence) and not sentence[at + 1].is_mention:
        tells = tells or is_before_a_thing(small, at) or is_adjective_too(small, at)
    return told or after in _OF_ROOMS or shops or tells  # "kids stores"


def is_named_beside(sentence: Sentence, at: int) -> bool:
    """Say whether the noun is somebody whose name stands beside: "the manager, SIMPSON."."""
    if _is_apposed(sentence, at) or _goes_on_apposed(sentence, at) or _is_title(sentence, at):
        return True
    if _is_description(sentence, at):
        return True
    led = {word.text for word in sentence[max(0, at - 3) : at]}
    new = bool(led & {"a", "an"})  # "and a new man, NERI, quiet and sinister"
    if not led & {"the", "his", "her", "their"} and not new:
        return False
    behind = sentence[at + 1 : at + 5]
    if len(behind) < _COMMA_AND_NAME or behind[0].text != ",":
        return False
    named = behind[1].is_mention and not behind[1].is_common and not behind[1].possessive
    listed = new and len(behind) > _COMMA_AND_NAME + 1 and (
        behind[3].is_mention or behind[3].text in ("and", "a", "an", "the")
    )  # fmt: skip
    ends = len(behind) == _COMMA_AND_NAME or behind[2].text in (",", ".")
    return named and ends and not listed


_COMMA_AND_NAME = 2


def _is_apposed(sentence: Sentence, at: int) -> bool:
    """Say whether the noun tells who was just named: "SARAH, the little girl, grins"."""
    after = sentence[at + 1].text if at + 1 < len(sentence) else ","
    if after != ",":
        return False
    if any(word.text in ("and", "or") for word in sentence[at + 2 : at + 3]):
        return False  # a list: "TED, the nurse, and ANN"
    for n in range(at - 1, max(1, at - _LED), -1):
        word = sentence[n]
        if word.is_mark or word.is_mention:
            return False
        if word.text == "the":
            who = sentence[n - 2]
            named = who.is_mention and not (who.is_common or who.possessive or who.plural)
            lists = any(w.text == "," for w in sentence[: n - 2])
            return sentence[n - 1].text == "," and named and not lists
    return False


def _is_title(sentence: Sentence, at: int) -> bool:
    """Say whether a noun is of the title before a name: "Air Force Chief of Staff LOWE"."""
    for word in sentence[at + 1 : at + _LED]:
        if word.is_mention:
            return not (word.is_common or word.possessive)
        if word.text not in ("of", "staff") and not is_of_people(word.text):
            return False
    return False


def _is_description(sentence: Sentence, at: int) -> bool:
    """Say whether words without a verb tell more of who was named: "Arrogant, the born general"."""
    led = next((n for n in range(at - 1, max(0, at - _LED), -1)
                if sentence[n].text in ("a", "an", "the")), 0)  # fmt: skip
    ends = at + 1 == len(sentence)
    told = led > 1 and sentence[led - 1].text == "," and not any(w.is_mention for w in sentence)
    before = [word.text for word in sentence[: led - 1]]
    helps = {"is", "are", "and", "with", "in", "at", "on", "then"}
    adjectives = not any(text.endswith("s") or text in helps for text in before)
    return ends and told and adjectives and len(before) < _LED + 2


def _goes_on_apposed(sentence: Sentence, at: int) -> bool:
    """Say whether a noun tells more of who was told: "KOJ, a spy and her trusted lieutenant"."""
    own = next((n for n in range(at - 1, max(1, at - _LED), -1)
                if sentence[n].text in ("his", "her", "their")), 0)  # fmt: skip
    if not own or sentence[own - 1].text != "and":
        return False
    for n in range(own - 2, max(1, own - _LED), -1):
        if sentence[n].is_mark or (sentence[n].is_mention and not sentence[n].is_common):
            return False
        if sentence[n].text in ("a", "an"):
            named = any(word.is_mention and not word.is_common for word in sentence[: n - 1])
            return sentence[n - 1].text == "," and named
    return False


_NO_KIN = frozenset("hundred thousand million dozen bitch gun whore".split())
# What somebody who has a name is by their art, so that "the guitarist" is one of those there.
_CALLINGS = frozenset(
    "guitarist drummer pianist singer composer actor actress comedian journalist writer poet "
    "painter novelist author star musician magician".split()
)


def is_epithet(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun calls one of those who are there: "the guitarist", "the son of a gun"."""
    led = {word.text for word in sentence[max(0, at - 3) : at]}
    there = {*discourse.present, *discourse.named_at} & set(discourse.glossary.looks)
    known = sentence[at].text.upper() in discourse.here
    called = sentence[at].text in _CALLINGS and not (known or _has_a_band(discourse))
    # Nobody is the son of a hundred: that calls names.
    of = tuple(word.text for word in sentence[at + 1 : at + 4])
    names = sentence[at].text in KIN and of[:2] == ("of", "a") and of[2:] and of[2] in _NO_KIN
    return bool(called or names) and "the" in led and bool(there)


_BANDS = frozenset("band orchestra quartet quintet combo ensemble choir musician player".split())


def _has_a_band(discourse: Discourse) -> bool:
    """Say whether musicians are there of whom "the drummer" may be one."""
    return any(singular(entity.lower().rpartition(" ")[2]) in _BANDS for entity in discourse.here)
