"""Names of a story that share a surname -> which are the same somebody.

DUNMORE who speaks is "OSWALD DUNMORE" of the page, and the "Mr. Dunmore" whom others address.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..inflection import singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from ..tokens import tokens
from ..words.acts import KIN, TITLES
from ..words.nicknames import LONG_NAMES
from ..words.things import FEMALE_NAMES, MALE_NAMES, is_given, is_nobody, is_of_people
from ..words.world_words import COLORS

_NO_FIRST = CONJUNCTIONS | DETERMINERS | PREPOSITIONS | KIN | COLORS | frozenset(
    "young old little big elderly older younger teenage baby adult another other second first "
    "third fourth fifth both mrs miss ms lady aunt uncle grandma grandpa".split()
)  # fmt: skip
_OF_WOMEN, _OF_MEN = frozenset({"mrs", "ms", "miss"}), frozenset({"mr"})
_ADDRESSED = _OF_WOMEN | _OF_MEN | frozenset("dr professor prof detective officer captain".split())
_PAIR, _LONGEST = 2, 4


def by_surname(
    short: str,
    longer: Sequence[str],
    cued: Collection[str],
    looks: Collection[str],
    sexes: Mapping[str, str],
) -> list[str]:
    """Return whom a surname alone means: OSWALD DUNMORE for DUNMORE, if nobody else has it.

    Who is cued by the long name too is somebody else, as is who is called by the first name.
    """
    own = tokens(short.lower())
    if len(own) > _PAIR or not _may_be_surname(own[-1]) or is_given(own[0]):
        return []
    alike = [n for n in longer if tokens(n.lower())[-len(own) :] == own and n != short]
    alike = [n for n in alike if not set(tokens(n.lower())[:-1]) & _ADDRESSED]
    if len(alike) != 1 or alike[0] in cued:
        return []
    first = [w for w in tokens(alike[0].lower())[: -len(own)] if w not in TITLES]
    plain = first and all(w.isalpha() and len(w) > 1 and _may_be_first(w) for w in first)
    if first and first[0].upper() in looks:
        return []
    fits = first and sexes.get(short, "") in ("", _sex_of_name(first[0]), *_unknown(first[0]))
    return alike if plain and fits and len(first) < _LONGEST else []


def by_nickname(
    short: str, longer: Sequence[str], cued: Collection[str], looks: Collection[str]
) -> list[str]:
    """Return whom a short given name means: JEFFREY HALE for JEFF, unless HALE speaks himself."""
    longs = LONG_NAMES.get(short, ())
    named = [(name, tokens(name.lower())) for name in longer if name not in cued]
    return [
        name for name, words in named
        if len(words) == _PAIR and words[0] in longs and words[-1].upper() not in looks
    ]  # fmt: skip


def may_be_full(words: Sequence[str]) -> bool:
    """Say whether words can be a whole name: no "TOM TWIN BOYS" and no "VALERIE V"."""
    return len(words) == _PAIR and len(words[-1]) > 1


def _may_be_surname(word: str) -> bool:
    return word.isalpha() and not (is_of_people(singular(word)) or word in KIN)


def _may_be_first(word: str) -> bool:
    if is_given(word):
        return True
    return word not in _NO_FIRST and not is_of_people(singular(word)) and not is_nobody(word)


def _sex_of_name(word: str) -> str:
    return "male" if word in MALE_NAMES else "female" if word in FEMALE_NAMES else ""


def _unknown(word: str) -> tuple[str, ...]:
    return ("male", "female") if not _sex_of_name(word) else ()


def join_titled(
    looks: dict[str, str],
    aliases: dict[tuple[str, ...], str],
    cued: Collection[str],
    sexes: Mapping[str, str],
) -> None:
    """Make "MR DUNMORE" whom a page calls OSWALD DUNMORE, where no other has that surname."""
    speaking = {tuple(tokens(cue.lower())) for cue in cued}
    for name in list(looks):
        words = tuple(tokens(name.lower()))
        if len(words) != _PAIR or words[0] not in _ADDRESSED or words in speaking:
            continue
        surname = words[-1]
        bearers = {
            entity for long, entity in aliases.items()
            if len(long) > 1 and long[-1] == surname and long[0] not in _ADDRESSED
        }  # fmt: skip
        others = {n for n in looks if n != name and tokens(n.lower())[-1:] == [surname]}
        whom = bearers | others
        if len(whom) != 1:
            continue
        (one,) = whom
        wrong = "male" if words[0] in _OF_WOMEN else "female" if words[0] in _OF_MEN else ""
        if tokens(one.lower())[0] in _ADDRESSED and (words[0] in _OF_WOMEN | _OF_MEN):
            continue  # MR GRANT is not MRS GRANT
        if one in looks and wrong != sexes.get(one, "unknown") and _may_be_surname(surname):
            aliases[words] = one
            del looks[name]
