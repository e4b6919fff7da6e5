"""Names of a story -> which of them, beside those that share words, are the same somebody.

"Brad Vickers" makes one of the BRAD of the page and the VICKERS of the cues, a nickname one of
MARV and "Marvin", and of HUMAN JAKE and NOW JAKE nobody but JAKE is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from .....errors import Span
from .....story import Story
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from ..tokens import split_sentences, tokens
from ..words.acts import KIN, TITLES
from ..words.given_names import MEN, WOMEN
from ..words.nicknames import LONG_NAMES
from ..words.things import FEMALE_NAMES, MALE_NAMES, is_given, is_nobody, is_of_people
from .introductions import actions_of

_PAIR, _LONGEST = 2, 3
_OTHER = frozenset(
    "young old little big elderly older younger teenage baby adult another other second first "
    "third fourth fifth both lady aunt uncle grandma grandpa fake evil dead ghost zombie robot "
    "clone real false fat skinny tall short crazy dr not no black white".split()
)  # fmt: skip
_KNOWN = MEN | WOMEN | FEMALE_NAMES | MALE_NAMES
_NO_LEADS = CONJUNCTIONS | DETERMINERS | PREPOSITIONS | KIN | TITLES | _OTHER


def join_same(
    looks: dict[str, str],
    spans: dict[str, Span],
    aliases: dict[tuple[str, ...], str],
    cued: Collection[str],
    sexes: Mapping[str, str],
    story: Story,
) -> None:
    """Make one of the names of who has several, by the name that speaks; nobody of the cast."""
    declared = {member.name for member in story.cast}
    free = [name for name in looks if name not in cued and name not in declared]
    paired = dict(_pairs_of(story, free, cued, sexes))
    for name in free:
        words = tuple(tokens(name.lower()))
        whom = paired.get(name) or _behind_leads(words, cued) or _by_nickname(words, cued, story)
        if whom is None or whom not in looks or whom == name:
            continue
        looks[whom] = looks[whom] or looks[name]
        del looks[name]
        spans.pop(name, None)
        aliases[words] = whom
        if len(words) == _PAIR and words[0].upper() in _ADDRESSED:
            aliases.setdefault(words[1:], whom)  # "Hale" is ED, as "Mr. Hale" is
    aliases |= {(w,): name for name in looks for w in _spelled(name) if w.upper() not in looks}
    for words, name in list(aliases.items()):  # "Dr. Paul Sibley" is DR SIBLEY, who is SIBLEY
        aliases[words] = aliases.get(tuple(tokens(name.lower())), name)


_ENDINGS = ("ie", "y", "ey")


def _spelled(name: str) -> list[str]:
    """Return how else a nickname is written, lower case: "robby" for ROBBIE."""
    word = name.lower()
    ending = next((e for e in ("ie", "ey", "y") if word.endswith(e)), "")
    stem = word.removesuffix(ending)
    plain = word in LONG_NAMES and ending and len(stem) >= _STEM  # JOEY is no JOY
    return [f"{stem}{other}" for other in _ENDINGS if other != ending] if plain else []


_STEM = 3  # letters


def _behind_leads(words: tuple[str, ...], cued: Collection[str]) -> str | None:
    """Return JAKE for HUMAN JAKE and SHOWERS JAKE, whom no given name leads."""
    *leads, last = words
    if not leads or last.upper() not in cued or is_of_people(last) or is_nobody(last):
        return None
    if set(leads) & _NO_LEADS or any(is_given(lead) or "'" in lead for lead in leads):
        return None
    return last.upper() if len(leads) < _LONGEST and all(w.isalpha() for w in words) else None


def _by_nickname(words: tuple[str, ...], cued: Collection[str], story: Story) -> str | None:
    """Return MARV for MARVIN and VALERIE for VAL, where only one who speaks is called so."""
    if len(words) > _PAIR or (len(words) == _PAIR and words[-1].upper() in cued):
        return None
    first = words[0]
    short = [s for s, longs in LONG_NAMES.items() if first in longs and s.upper() in cued]
    long = [n for n in LONG_NAMES.get(first, ()) if n.upper() in cued and len(words) == 1]
    found = [*short, *long] or _begun(words, cued)
    if len(found) != 1 or first.upper() in cued:
        return None
    begins = first.startswith(found[0]) or found[0].startswith(first)  # MARV of MARVIN
    other = not begins and _are_apart(first.upper(), found[0].upper(), story)
    return None if other else found[0].upper()


_SHORTEST, _CUT = 3, 2  # letters of what is short for a name, and that it leaves out at least


def _begun(words: tuple[str, ...], cued: Collection[str]) -> list[str]:
    """Return LAZARUS for LAZ, who is nobody's full name, where only one name begins so."""
    (first, *rest) = words
    if rest or len(first) < _SHORTEST or first in _KNOWN or not first.isalpha():
        return []
    if is_of_people(first) or is_nobody(first):
        return []
    names = (name.lower() for name in cued if " " not in name)
    longer = [name for name in names if name.startswith(first) and not is_of_people(name)]
    return [name for name in longer if len(name) >= len(first) + _CUT]  # MARLOW is a slip


def _pairs_of(
    story: Story, looks: Collection[str], cued: Collection[str], sexes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield BRAD and VICKERS for "Brad Vickers", and MR HALE and ED where one says "Ed Hale".

    Whoever is told beside a VICKERS in one paragraph is somebody else.
    """
    for first, last in _full_names(story):
        if last in cued and first not in cued and not is_of_people(last.lower()):
            own = [name for name in (first, f"MR {first}") if name in looks]
            titled = first.lower() in TITLES or is_of_people(first.lower())
            if own and not titled and not _are_apart(first, last, story):
                yield from ((name, last) for name in own)
        elif first in cued and last not in cued and not {f"MR {last}", f"MRS {last}"} <= {*looks}:
            called_she = first.lower() in FEMALE_NAMES | WOMEN and first not in sexes
            other = _OF_MEN if sexes.get(first) == "female" or called_she else _OF_WOMEN
            yield from (
                (name, first)
                for t in _ADDRESSED
                if t not in other and (name := f"{t} {last}") in looks
            )


_OF_WOMEN, _OF_MEN = frozenset({"MRS", "MS", "MISS"}), frozenset({"MR"})
_ADDRESSED = ("MR", "MRS", "MS", "MISS", "DR", "PROF")


def _full_names(story: Story) -> set[tuple[str, str]]:
    """Return all pairs of words that a page, or somebody on it, writes large side by side."""
    found: set[tuple[str, str]] = set()
    for scene in story.scenes:
        for element in scene.elements:
            for words in split_sentences(element.text):
                bare = [word.removesuffix("'s").removesuffix("’s") for word in words]
                found |= {
                    (first.upper(), last.upper())
                    for first, last in pairwise(bare)
                    if first[0].isupper() and last[0].isupper() and last.isalpha()
                }
    return found


def _are_apart(first: str, last: str, story: Story) -> bool:
    """Say whether one paragraph tells of both names, and not of both as one name."""
    for action in actions_of(story):
        words = [word.partition("'")[0].partition("’")[0] for word in tokens(action.text)]
        large = [word.upper() if word[:1].isupper() else "" for word in words]
        if first in large and last in large and (first, last) not in set(pairwise(large)):
            return True
    return False
