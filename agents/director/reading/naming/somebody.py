"""Capitals -> whether they introduce somebody: by kind, age, look, deed or what is beside.

`no_names` says which capitals can be a name at all; here is what makes somebody of one.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..inflection import base_form, singular
from ..lexicon import DETERMINERS, FILLERS, PREPOSITIONS, Verb
from ..words.acts import KIN
from ..words.brands import CARS
from ..words.dictionary import is_done, is_place
from ..words.given_names import MEN, WOMEN
from ..words.idioms import BEHIND_BEAST, BEHIND_PERSON, OF_THINGS
from ..words.sounds import SINGERS, is_unseen_noise
from ..words.things import (
    BEASTS,
    GROUPS,
    STRESSED,
    TRADE,
    is_abstract,
    is_animate,
    is_given,
    is_nobody,
    is_of_people,
    is_of_somebody,
)
from ..words.vessels import KINDS_OF_VESSELS
from ..words.world_words import COLORS
from .beside import (
    is_called_beside,
    is_said_somebody,
    is_told_before,
    is_told_what,
    is_what_one_is,
    phrase_before,
)
from .no_beasts import MADE_OF, is_of_firms, is_only_heard, is_only_spoken_of
from .no_names import (
    is_adjective,
    is_aged,
    is_capital,
    is_english,
    is_led,
    is_no_name,
    is_of_a_work,
    is_of_measure,
    is_of_music,
    is_said_a_thing,
)


def is_somebody(
    words: list[str], at: int, end: int, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> bool:
    """Say whether a page introduces a capitalised name as somebody: by kind, age, look or deed."""
    spelled = [word.lower().replace("’", "'") for word in words[at:end]]
    head = singular(_head_of(spelled))
    person = head in BEASTS | KIN or is_of_people(head)
    if person and end > 1 and words[end - _PAIR].lower() in OF_THINGS.get(head, ()):
        return False  # "a CASSETTE PLAYER", "a WEDDING BAND"
    if person and head != "surgeon" and MADE_OF & set(spelled[:-1]):
        return False  # "a clay LAWN DWARF"
    if head in SINGERS:
        return False  # "Over the CRICKETS"
    if head in KINDS_OF_VESSELS and not is_given(spelled[0]):
        return False  # "an aging FISHING TRAWLER"
    if is_of_music(words, at) or is_no_name(spelled, verbs) or is_of_measure(words, at, spelled):
        return False
    owned = any(word.endswith("'s") for word in spelled[:-1])
    if (
        is_of_a_work(words, at)
        or (head, words[end].lower() if end < len(words) else "") in BEHIND_BEAST
    ):
        return False  # the film "THE DRIFTERS"; "DONKEY KICKS the door"
    sign = words[end + 1 : end + 2]
    if words[end : end + 1] in _QUOTES and sign and is_nobody(sign[0].lower()):
        return False  # the "CAMELS" sign
    only_told = is_only_heard(words, end - 1) or is_only_spoken_of(words, end - 1)
    if head in CARS or (head in BEASTS and only_told):
        return False
    if (
        person
        and words[at - 1].lower() == "of"
        and at
        and spelled[-1] == head
        and len(spelled) == 1
    ):
        return False  # "THE LOOK OF YOUTH"
    if is_of_firms(words, at) or (person and (is_called_beside(words, at, end)
                                              or is_what_one_is(words, at, end))):  # fmt: skip
        return False
    if head in kinds or is_aged(words, end):
        return True
    english = spelled[-1] in COLORS or is_english(spelled, led=is_led(words, at))
    if not person and is_place(spelled[0]) and not is_given(spelled[0]) and is_led(words, at):
        return False  # a ship: "the NEVADA"
    if not person and english and (is_done(spelled[-1]) or not is_said_somebody(words, at, end)):
        return False  # "in a STROBING light", "the STONE URN", "he is SILENT"
    if (spelled[0] in TRADE | STRESSED and not is_given(spelled[-1])) or (owned and not person):
        return False
    called = len(spelled) > 1 and is_given(spelled[0])  # "JACK STONE"
    thing = is_nobody(head) or is_nobody(spelled[-1]) or is_unseen_noise(head)
    if thing and not (person or called):
        return False
    if not person and (is_adjective(words, at, end) or is_said_a_thing(words, end)):
        return False
    if is_apposed(words, at, end) or is_presented(words, at, end):
        return True
    article = at > 0 and words[at - 1].lower() in DETERMINERS
    if not person and at > 0 and words[at - 1].lower() in _OWNERS:
        return False  # "his UNDERPANTS flap"
    behind_it = words[end].lower() if end < len(words) else ""
    led = article or (bool(phrase_before(words, at)) and not owned)  # "a sweet OLD COUPLE"
    if led and is_of_people(head) and behind_it != "of":
        return behind_it not in BEHIND_PERSON or behind_it.endswith("s")  # "a COP car"
    if person and at == 0 and end == len(words) and head not in _STATES_TOO:
        return True  # "DOCTORS."
    several = person and head != spelled[-1].rpartition("-")[2]
    behind = words[end : end + 2]
    named = len(behind) == _PAIR and behind[0] == "," and behind[1][0].isupper()
    if several and not named and not (behind and behind[0].lower() in _OF_THEIRS):
        return True  # "followed by COPS"
    if end - at < _PAIR and _may_be_given(spelled[0]) and _ends_a_list(words, at):
        return True
    done = _act_after(words, end, verbs)
    if done is None and words[end : end + 1] == ["and"] and not article:
        return _is_with_somebody(words, end + 1, kinds, verbs)
    if done is None or [w.lower() for w in words[end + 1 : end + 3]] == ["going", "on"]:
        return False  # what is going on is no one: "FAMILY REUNIONS are going on"
    lemma, form = done
    if (
        form == "ing"
        and not person
        and (
            (
                words[at - 1].lower() in ("a", "an")
                or (words[end].isupper() and bool(phrase_before(words, at)))
            )
            and words[end : end + 1] != [","]
            or words[end + 2 : end + 3] == ["like"]
            or (words[at - 1] == "," and not is_given(spelled[0]))
        )
    ):
        return False  # "A SHRILL screeching", "the PROCESSOR, looking like a plant"
    joined = at > 0 and words[at - 1].lower() in ("and", "or", ",")
    if form == "base" and not (joined or spelled[-1].endswith("s") or person):
        return False
    if is_abstract(head):  # "DARKNESS falls", but "CONSTANCE walks"
        return is_animate(lemma)
    return person or not article or is_of_somebody(lemma)


def _is_with_somebody(
    words: list[str], at: int, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> bool:
    """Say whether the name behind "and" is somebody's, so that the one before is: "MR and MRS"."""
    end = at
    while end < len(words) and is_capital(words[end]):
        end += 1
    return end > at and is_somebody(words, at, end, kinds, verbs)


def _ends_a_list(words: list[str], at: int) -> bool:
    """Say whether names in capitals stand before a name, joined: KEVIN of "STAN, JO and KEVIN"."""
    joined = words[at - 1 : at] in (["and"], ["&"]) and at > _LIST
    others = [words[n] for n in (at - 2, at - 4)] if joined and words[at - 3] == "," else []
    return any(map(_may_be_given, others)) and all(map(is_capital, others))


def _may_be_given(name: str) -> bool:
    return is_given(name) or name.lower() in MEN | WOMEN


_LIST = 3  # two names and a comma between them


_STATES_TOO = frozenset("drunk private human alien criminal native alone".split())
_QUOTES = (['"'], ["”"], ["`"], ["'"], ["’"], ["‘"])
_OF_THEIRS = frozenset("room rooms room's entrance quarters section sign restroom toilet".split())
_PAIR = 2  # a comma and a name: "Both GIRLS, Patty and Fern"


def _head_of(name: list[str]) -> str:
    """Return the noun of a name, before what it is of: "band" of "JAZZ BAND FROM TURIN".

    What only counts is none: "photos" of "COUPLE OF PHOTOS".
    """
    if len(name) > _PAIR and name[-_PAIR] == "of" and singular(name[-3]) in GROUPS:
        return name[-1]
    end = next((n for n, word in enumerate(name) if n and word in _OF_WHAT),
               len(name))  # fmt: skip
    return name[end - 1].rpartition("-")[2]


_OF_WHAT = frozenset("from of with in for".split())
_OWNERS = frozenset("his her its their my your our".split())


def _act_after(words: list[str], end: int, verbs: Mapping[str, Verb]) -> tuple[str, str] | None:
    """Return the verb after a name, in its base form, with the form in which it is written."""
    rest = [w.lower() for w in words[end : end + 4]]
    apart = rest[:1] == [","]
    while rest and (rest[0] in FILLERS or rest[0] == "," or rest[0].endswith("ly")):
        rest = rest[1:]
    if not rest or not rest[0].isalpha() or rest[0] in PREPOSITIONS | DETERMINERS:
        return None
    if rest[0] in ("is", "are"):
        return "be", "s"
    if rest[0] == "does":
        return "do", "s"
    known = base_form(rest[0], verbs)
    if known is None and rest[0].endswith("s") and is_animate(rest[0].removesuffix("s")):
        return rest[0].removesuffix("s"), "s"
    return None if apart and known is not None and known[1] == "base" else known


def is_apposed(words: list[str], at: int, end: int) -> bool:
    """Say whether an indefinite phrase beside a name tells who it is."""
    behind = [w.lower() for w in words[end : end + 2]]
    before = at > 1 and words[at - 1] == "," and bool(phrase_before(words, at - 1))
    # "The Yankee hitter, BURTON, trots"
    told = at > 2 and words[at - 1] == "," and words[end : end + 1] == [","]
    told = told and is_of_people(words[at - 2].lower()) and not words[at - 2].isupper()
    told = told or is_told_what(words, end) or is_told_before(words, at, end)
    return before or told or behind in ([",", "a"], [",", "an"])


def is_presented(words: list[str], at: int, end: int) -> bool:
    """Say whether a sentence presents a name: "This is ARTHUR DALE", "Meet ROSE"."""
    before = [word.lower() for word in words[max(0, at - 2) : at]]
    closed = end == len(words) or not words[end][0].isalnum()
    if words[at].lower() in _SEASONS and words[at - 1].lower() != "meet":
        return False  # "It's FALL."
    if words[at].lower().endswith("ed") and not is_given(words[at]) and before[-1:] != ["meet"]:
        return False  # "It's CHANGED."
    presents = before[-2:] in (["this", "is"], ["it", "is"], ["he", "is"], ["she", "is"])
    return closed and (presents or before[-1:] in (["it's"], ["it’s"], ["meet"]))


_SEASONS = frozenset("spring summer autumn fall winter morning noon evening dawn dusk".split())
