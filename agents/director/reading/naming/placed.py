"""Names -> those of what people are in: a ship, a car, a house; headings and prose show it.

"INT. HALCYON - NIGHT" is no person's inside, nobody drives a woman, and "the lobby of the Halcyon"
is a hotel's. Whoever speaks is not asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set

from .....story import Story
from ..inflection import base_form, singular
from ..lexicon import FILLERS
from ..tokens import split_sentences, tokens, without_quotations
from ..words.nameless import TOGETHER_AS_ONE
from ..words.things import (
    ANIMATE,
    BEASTS,
    GROUPS,
    is_given,
    is_nobody,
    is_of_people,
    is_of_somebody,
)
from ..words.vessels import BOARDED, ENCLOSING, KINDS_OF_VESSELS, PARTS_OF_VESSELS
from .introductions import actions_of

_ARTICLES = frozenset({"the", "a", "an"})
_SEVERAL = (
    GROUPS
    | TOGETHER_AS_ONE
    | frozenset("crowd mob throng horde audience congregation procession group army".split())
)
_CALLED = frozenset({"called", "named", "christened", "dubbed"})
_OF_VESSELS = PARTS_OF_VESSELS | KINDS_OF_VESSELS
# How often a page must show it: of a word that is nothing else, of a person's noun or name.
_ONCE, _SURELY = 1, 2
# Where the part of a heading that says the place ends.
_ENDS = re.compile(r"\s+[-–—]+|[-–—]{2,}|[(,;:.]|\bON\b|\bWITH\b", re.IGNORECASE)


def placed(story: Story, names: Set[str]) -> frozenset[str]:
    """Return which of some names, none of them cued, are of what people are in."""
    if not names:
        return frozenset()
    spelled = {tuple(name.lower().split()): name for name in names}
    shown = _in_headings(story, spelled)
    longest = max(map(len, spelled), default=0)
    deeds: Counter[str] = Counter()
    for action in actions_of(story):
        for words in split_sentences(without_quotations(action.text)):
            small = [word.lower().replace("’", "'") for word in words]
            for at, length in _spans(words, longest):
                bare = [word.removesuffix("'s") for word in small[at : at + length]]
                if (name := spelled.get(tuple(bare))) is not None:
                    shown[name] += _is_shown(small, at, at + length, hard=_is_hard(name))
                    deeds[name] += _is_deed(small, at + length)
    surely = {name for name in names if _is_sure(name, shown[name], deeds[name])}
    heads = {singular(name.lower().split()[-1]) for name in surely if _is_hard(name)}
    return frozenset(
        surely | {name for name in names if singular(name.lower().split()[-1]) in heads}
    )


def _spans(words: Sequence[str], longest: int) -> Iterator[tuple[int, int]]:
    """Yield where a name that is written large may begin, and of how many words it is."""
    for at, word in enumerate(words):
        if word[0].isupper():
            yield from ((at, length) for length in range(1, min(longest, len(words) - at) + 1))


def _is_sure(name: str, shown: int, deeds: int) -> bool:
    """Say whether a page shows often enough that a name is of what people are in."""
    last = name.lower().split()[-1]
    if (singular(last) != last and is_of_people(singular(last))) or last in _SEVERAL:
        return False  # "EXT. VILLAGERS": whom a heading names is filmed
    hard = _is_hard(name)
    return shown >= (_SURELY if hard else _ONCE) and shown >= deeds + hard


def _is_hard(name: str) -> bool:
    """Say whether a name could well be somebody's: a person's noun, a beast's, a given name."""
    words = name.lower().split()
    head = singular(words[-1])
    return is_given(words[0]) or is_of_people(head) or head in BEASTS


def _in_headings(story: Story, spelled: dict[tuple[str, ...], str]) -> Counter[str]:
    """Return how many headings have a name for their place: "EXT. MAREN'S HALCYON - DAY"."""
    found: Counter[str] = Counter()
    for scene in story.scenes:
        if not scene.heading.setting:
            continue
        place = _ENDS.split(scene.heading.place or scene.heading.text, maxsplit=1)[0]
        for part in place.split("/"):
            words = [word.lower().replace("’", "'") for word in tokens(part)]
            words = words[1:] if words[:1] == ["the"] else words
            owned = next((n for n, word in enumerate(words) if word.endswith("'s")), -1)
            for start in {0, owned + 1}:
                if (name := spelled.get(tuple(words[start:]))) is not None:
                    found[name] += 1
            for end in range(1, len(words)):
                name = spelled.get(tuple(words[:end]))
                if name is not None and not _is_hard(name) and words[end] in _OF_VESSELS:
                    found[name] += 1
    return found


def _is_shown(small: Sequence[str], at: int, end: int, *, hard: bool) -> bool:
    """Say whether one mention of a name is of a vessel or a house: "aboard the", "the hull of"."""
    led = at - 1 if at and small[at - 1] in _ARTICLES else at
    before = small[max(0, led - 2) : led]
    after = small[end] if end < len(small) else ""
    if small[end - 1].endswith("'s") or after == "'" or is_given(small[at]):
        return False
    if after in _OF_VESSELS:
        return not hard  # "the Halcyon cockpit", but no "cop car"
    if not before:
        return False
    if end - at > 1 and led == at and before[-1] not in _CALLED:
        return False  # "inside Glen Harrow, a fire burns"
    if before[-1] in ENCLOSING or base_form(before[-1], BOARDED) is not None:
        return True
    if before[-1] in _CALLED:
        return is_nobody(singular(before[0])) or singular(before[0]) in KINDS_OF_VESSELS
    return before[-1] == "of" and singular(before[0]) in PARTS_OF_VESSELS


def _is_deed(small: Sequence[str], end: int) -> bool:
    """Say whether a name does what only somebody does."""
    rest = [word for word in small[end : end + 3] if word not in FILLERS]
    found = base_form(rest[0], ANIMATE) if rest else None
    return found is not None and found[1] == "s" and is_of_somebody(found[0])
