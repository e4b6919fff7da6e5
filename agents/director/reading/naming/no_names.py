"""Words in capitals -> whether they can be a name at all: a deed, a code, a thing, a measure.

A script also writes large what somebody does ("Jo HUFFS"), what there is a lot of ("a pile of
stolen COSMETICS") and what a thing is like ("SEVERED HANDS").
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from ..inflection import base_form, singular
from ..lexicon import DETERMINERS, FILLERS, NO_NAMES, PREPOSITIONS, Verb
from ..words.acts import TITLES
from ..words.brands import MADE
from ..words.dictionary import is_common
from ..words.idioms import BEFORE_BEAST
from ..words.things import is_given, is_nobody, is_of_people
from .no_beasts import QUOTES, is_model


def is_deed(words: list[str], at: int, verbs: Mapping[str, Verb], named: Container[str]) -> bool:
    """Say whether capitals are what somebody does and no name: "Jo HUFFS", "a MOANING"."""
    word = words[at].lower()
    if not is_capital(words[at]) or word in named or is_nobody(word):
        return False
    found = base_form(word, verbs)
    capital_next = at + 1 < len(words) and is_capital(words[at + 1])
    if word in _REVEALING and capital_next:
        return True  # "The door opens REVEALING TWO MEN"
    name_next = at + 1 < len(words) and words[at + 1].lower() in named
    if name_next and base_form(word, _AIMS) is not None:
        return True  # "FAVORING TOM", "ADJUST to INCLUDE TOM", "He EYES Tom"
    if found is not None and found[1] == "ing" and not is_aged(words, at + 1):
        return not capital_next
    before = words[at - 1] if at else ""
    if word.endswith("ing") and len(word) > _SHORT and _has_object(words, at, named):
        return not is_given(word)  # "a kick, LAUNCHING Max off"
    is_name = before[:1].isupper() and not before.isupper() and before.lower() in named
    # "Now she SPUTTERS", "and SLAMS shut"
    more = before.lower() in _PERSONS or _goes_on_by_verb(words, at)
    return word.endswith("s") and (is_name or more or _is_done_by_a_noun(words, at, verbs))


def _has_object(words: list[str], at: int, named: Container[str]) -> bool:
    """Say whether a name in small letters, or a pronoun, stands right behind a participle."""
    after = words[at + 1] if at + 1 < len(words) else ""
    led = at > 0 and words[at - 1] in (",", "and", "--", "-")
    name = after.istitle() and after.lower() in named
    return led and (name or after.lower() in ("him", "her", "them", "it"))


_PERSONS = frozenset("he she it who".split())
_ENDINGS = frozenset(
    "open shut closed loose free down up off out away apart back into onto through against past "
    "over around to".split()
)


def _goes_on_by_verb(words: list[str], at: int) -> bool:
    """Say whether capitals go on as a verb: "and WHACKS shut", "a can, SPRAYS HER HAIR"."""
    before = words[at - 1].lower() if at else ""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    word = singular(words[at].lower())
    joined = before in ("and", "then", ",", "--")
    goes_on = after in _ENDINGS | DETERMINERS
    return joined and goes_on and not (is_of_people(word) or is_given(words[at]))


_REVEALING = frozenset("revealing showing discovering exposing".split())
_WHO = frozenset("he she it who".split())


def _is_done_by_a_noun(words: list[str], at: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether capitals are the verb of a noun or a pronoun: "the driver BLANCHES"."""
    word, before = words[at].lower(), words[at - 1] if at else ""
    after = [w for w in words[at + 1 : at + 2] if w[0].isalnum()]
    by_whom = before.endswith("ly") and at > 1 and words[at - 2].lower() in _WHO
    if by_whom and after and after[0].lower() in DETERMINERS:
        return True  # "he quietly PATROLS the floor"
    if not before.islower() or is_of_people(singular(word)) or is_given(word):
        return False
    done = base_form(after[0].lower(), verbs) if after else None
    if done is not None and done[1] in ("s", "past"):
        return False  # "the lawyer HODGES nods"
    if before in _WHO or (before in FILLERS or before.endswith("ly")) and not is_led(words, at):
        return True
    noun = is_of_people(before) or is_nobody(before)
    ends = not after or after[0].lower() in PREPOSITIONS | DETERMINERS | _OPEN
    return noun and ends and (bool(after) or base_form(word, verbs) is not None)


_OPEN = frozenset("open shut closed loose free seeing hearing".split())


def is_led(words: list[str], at: int) -> bool:
    """Say whether an article stands within three words before: "an extremely tall JONES"."""
    return bool(DETERMINERS & {word.lower() for word in words[max(0, at - 3) : at]})


def is_no_name(name: list[str], verbs: Mapping[str, Verb]) -> bool:
    """Say whether capitals are a code, initials, an owner, what happens, or what a thing is like.

    S65, SPARKS FLY, HISSING VICIOUSLY; SEVERED and ARMORED open no name but of a person.
    """
    last = name[-1]
    mixed = any(c.isdigit() for c in last) and any(c.isalpha() for c in last)
    found = base_form(last, verbs) if len(name) == 1 else None
    told = any(word.endswith("ly") and not is_given(word) for word in name[1:-1])
    told = told or (name[0].endswith("ly") and len(name) > 1 and is_common(name[0]))
    told = told or all(part in _COUNTS for word in name for part in word.split("-"))
    told = told or name in (["mr"], ["mrs"], ["ms"], ["dr"])
    deed = found is not None and found[1] in ("s", "past") and not is_given(last)
    bare = last.isalpha() and not set(last) & set("aeiouy") and not is_of_people(last)
    deed = deed and not is_of_people(singular(last))
    return (
        mixed or last.endswith("'s") or told or deed or bare or _is_of_a_thing(name, verbs)
        or last in _WAYS or name[0] in _LIKE or _is_clause(name, verbs)
        or tuple(name[-2:]) in MADE | BEFORE_BEAST
        or (len(name) > 1 and is_model(name[-2], name[-1]))
    )  # fmt: skip


# What a camera or somebody's look does to whoever is named next.
_AIMS = frozenset(
    "include favor favour eye follow frame hold find catch reveal show introduce feature isolate "
    "join lose leave reach near pass circle see discover meet recognize notice spot watch ignore "
    "confront approach grab push pull drag hit punch slap kick shove face free".split()
)
_COUNTS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand million billion dozen half".split()
)
_LIKE = frozenset("like as than of from with without into onto".split())


def _is_clause(name: list[str], verbs: Mapping[str, Verb]) -> bool:
    """Say whether capitals say what several things do: SPARKS FLY, BULLETS RICOCHET."""
    several = singular(name[0]) != name[0] and is_nobody(singular(name[0]))
    found = base_form(name[-1], verbs) if len(name) == _PAIR else None
    return several and found is not None and found[1] == "base"


_WAYS = frozenset("backward backwards forward forwards upward upwards downward downwards".split())


def _is_of_a_thing(name: list[str], verbs: Mapping[str, Verb]) -> bool:
    """Say whether a name opens with a participle, and is of no person: ARMORED CARRIER."""
    if len(name) < _PAIR or is_of_people(singular(name[-1])) or is_given(name[-1]):
        return False
    found = base_form(name[0], verbs)
    how = name[-1].endswith("ly") and found is not None and found[1] == "ing"
    held = len(name[0]) > _SHORT and name[0].endswith("ed") and not is_given(name[0])
    return how or (held and not is_given(name[1]))


_PAIR = 2
_SAID_OF_THINGS = frozenset({"old", "little", "young", "poor", "big"})
_SHORTEST = 3  # letters of what may be a nickname
_SHORT = 5  # letters: FRED is a name
_MEASURES = frozenset(
    "pile stack heap box crate container bag bottle jar can tin packet pack bundle sheaf tray "
    "plate bowl shower hail sea handful armful load lot piece bit scrap heap mound shred pool "
    "trail layer coat chunk stick sheet strip".split()
)


def is_english(name: list[str], *, led: bool = False) -> bool:
    """Say whether a name, lower case, is plain words of which nobody is called: SILENT, STONE URN.

    Whoever has a given name may have any other: "JACK FROST". `led` says that an article leads it.
    """
    if is_given(name[0]) and len(name) <= _PAIR:
        return False
    if len(name) == 1 and len(name[0]) <= _SHORTEST:
        return False  # MO, GUS
    if name[0] in TITLES - _SAID_OF_THINGS and len(name) > 1:
        return False  # "DOCTOR TRAMMEL"
    return is_common(name[-1], mostly=led or len(name) > 1) and not is_given(name[-1])


def is_of_measure(words: list[str], at: int, name: list[str]) -> bool:
    """Say whether capitals are what there is a heap of: "a pile of stolen COSMETICS falls"."""
    if is_of_people(singular(name[-1])) or is_given(name[0]):
        return False
    before = [word.lower() for word in words[max(0, at - 3) : at]]
    if "of" not in before:
        return False
    of = at - len(before) + before.index("of")
    return of > 0 and singular(words[of - 1].lower()) in _MEASURES


_WORKS = frozenset(
    "film movie picture song tune show series sitcom cartoon book novel play poem opera musical "
    "album record single magazine newspaper comic band word words".split()
)


def is_of_a_work(words: list[str], at: int) -> bool:
    """Say whether a name is of a work, or a word: the film "THE DRIFTERS", the word FOOL."""
    lead = at - 1
    while lead >= 0 and (words[lead].lower() in ("the", "a", "an") or words[lead] in QUOTES):
        lead -= 1
    before = words[lead].lower() if lead >= 0 else ""
    quoted = any(words[n] in QUOTES for n in range(lead + 1, at))
    return before in _WORKS and (quoted or (before == "word" and lead == at - 1))


_MUSIC = frozenset("bars strains notes chords music song sound sounds lyrics hits tune".split())


def is_of_music(words: list[str], at: int) -> bool:
    """Say whether a name is of who is only on a record: "a few bars of THE JAYS AND THE ROBINS"."""
    of = at - 1
    while of > 0 and (words[of].isupper() or words[of].lower() in DETERMINERS | {"and"}):
        of -= 1
    return of > 0 and words[of].lower() == "of" and words[of - 1].lower() in _MUSIC


_QUALITIES = ("ic", "ous", "ful", "less", "able", "ible", "ish", "esque", "some")
_AFTER_NOUN = frozenset("in on at with of from to by who and or is are was were has".split())


_YEARS_IN_ONE = re.compile(r"\d+-year-old", re.IGNORECASE)


def is_adjective(words: list[str], at: int, end: int) -> bool:
    """Say whether capitals only tell what follows, or nothing: "a METALLIC grinding", "a JARRING".

    No given name ends so, but a surname may: "MANNING", "FLEMING" take no article. Whatever stands
    before an age tells of whoever is so old: "a SHY 15-YEAR-OLD BOY".
    """
    last, name = words[end - 1].lower(), words[at:end]
    if end < len(words) and _YEARS_IN_ONE.match(words[end]):
        return True
    if is_given(name[0]) or is_of_people(singular(last)) or len(last) <= _SHORT:
        return False
    led = bool({"a", "an"} & {word.lower() for word in words[max(0, at - 3) : at]})
    after = words[end : end + 1]
    alone = not after or not after[0][0].isalnum()
    if last.endswith("ing"):
        return led and alone
    noun = bool(after) and after[0].islower() and after[0] not in _AFTER_NOUN
    return last.endswith(_QUALITIES) and (led or len(name) == 1) and (noun or alone)


_THINGS_SAID = frozenset(
    "station network channel company firm corporation brand magazine newspaper drug product show "
    "program programme band song disease acronym organization organisation website model".split()
)
_SAID = 7  # words of "is the number one station"


def is_said_a_thing(words: list[str], end: int) -> bool:
    """Say whether a page says what is named to be a thing: "KLMQ is the city's best station"."""
    if [word.lower() for word in words[end : end + 1]] not in (["is"], ["are"]):
        return False
    said = [word.lower() for word in words[end + 1 : end + 1 + _SAID]]
    if said[:1] not in (["a"], ["an"], ["the"]):
        return False
    for word in said[1:]:
        if word in PREPOSITIONS | {"who", "that", ","} or is_of_people(singular(word)):
            return False
        if word in _THINGS_SAID:
            return True
    return False


_AGE = re.compile(r"(?:[a-z]+-)*years?-olds?")


def years_before(words: list[str], at: int) -> int:
    """Return how many words of an age begin here, of no name: "SIX YEAR OLD" of SIX YEAR OLD GIRL.

    Whoever is only so old is called nothing else.
    """
    if at >= len(words) - 1 or not is_capital(words[at + 1]):
        return 0
    if _AGE.fullmatch(words[at].lower()) and words[at].isupper():
        return 1
    low = [word.lower() for word in words[at : at + 3]]
    if low[:2] in _YEARS_OLD:
        return 2
    return (
        3 if low[1:] in _YEARS_OLD else 2 if _AGE.fullmatch(low[1]) and words[at].isupper() else 0
    )


_YEARS_OLD = (["year", "old"], ["years", "old"])


def is_aged(words: list[str], end: int) -> bool:
    """Say whether an age stands after a name: "MARLOWE (40)", "MARLOWE, 40s"."""
    after = words[end : end + 2]
    if len(after) < _PAIR or after[0] not in ("(", ",") or not after[1][0].isdigit():
        return False
    year = after[1].isdigit() and len(after[1]) > 2
    clock = after[1][0] == "0" or words[end + 2 : end + 3] in ([":"], ["."], ["%"])
    return not (year or clock)  # no "CLOCK (06:00:10)"


def is_capital(word: str) -> bool:
    """Say whether a token is a name as Fountain writes it: two capitals or more."""
    return len(word) > 1 and word.isupper() and word[0].isalpha() and word.lower() not in NO_NAMES
