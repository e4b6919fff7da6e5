"""Names that nothing but a verb introduces -> those that the rest of the script shows to be nobody.

What a script writes before a thing's noun only tells the thing ("dodging PLASMA BEAMS"), where
things are "in AMITY" it is a place, and what is heard is a sound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise

from .....story import Story
from ..inflection import base_form, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, Verb
from ..tokens import split_sentences, without_quotations
from ..words.nameless import NAMELESS
from ..words.things import THRONGS, is_given, is_nobody, is_of_people
from .introductions import actions_of


def nobodies(
    story: Story, doubtful: Set[str], known: Set[str], verbs: Mapping[str, Verb]
) -> frozenset[str]:
    """Return which of some names are of nobody by how the script uses them elsewhere.

    `known` are names of those who are somebody: no surname is a thing.
    """
    surnames = {name.lower().split()[-1] for name in known}
    uses: dict[str, list[str]] = {name: [] for name in doubtful}
    spelled = {tuple(name.lower().split()): name for name in doubtful}
    longest = max(map(len, spelled), default=0)
    for action in actions_of(story):
        for words in split_sentences(without_quotations(action.text)):
            small = [word.lower().replace("’", "'") for word in words]
            for at, length in _spans(len(words), longest):
                name = spelled.get(tuple(_bare(word) for word in small[at : at + length]))
                behind = small[at + length : at + length + 1]
                if name is not None and not surnames & set(behind):
                    uses[name].append(_use(words, small, at, at + length, verbs))
    return frozenset(
        name for name, found in uses.items()
        if "music" in found or (not _is_person(name) and _is_nobody(found))
    )  # fmt: skip


def owned(story: Story, names: Set[str]) -> frozenset[str]:
    """Return which of some names are of what others have: "his WALDOS" more than once.

    Whoever has a given name, or is called by a noun of people, is nobody's.
    """
    asked = {singular(name.lower()) for name in names if not _is_person(name)}
    times: Counter[str] = Counter()
    for action in actions_of(story):
        for words in split_sentences(without_quotations(action.text)):
            small = [word.lower().replace("’", "'") for word in words]
            for before, word in pairwise(small):
                if singular(word) in asked and _owns(before):
                    times[singular(word)] += 1
    return frozenset(name for name in names if times[singular(name.lower())] >= _OWNED)


def _owns(word: str) -> bool:
    """Say whether a word is an owner: "his", "ANN's", but no "it's"."""
    owner, short, _ = word.partition("'s")
    return word in _OWNERS or (bool(short) and owner not in _IS)


_OWNERS = frozenset("his her its their my your our".split())
# Before "'s" these are no owners, and "'s" is short for "is".
_IS = frozenset("it he she that this there here who what where let".split())
_OWNED = 2  # times that somebody has it


def _is_person(name: str) -> bool:
    words = name.lower().split()
    noun = singular(words[-1])
    return is_given(words[0]) or is_of_people(noun) or noun in NAMELESS | THRONGS


def _spans(count: int, longest: int) -> Iterator[tuple[int, int]]:
    return ((at, n) for at in range(count) for n in range(1, min(longest, count - at) + 1))


def _bare(word: str) -> str:
    return word.removesuffix("'s")


def _is_nobody(uses: Sequence[str]) -> bool:
    """Say whether one use is a place's or a sound's, or half of all tell a thing."""
    told = sum(use == "thing" for use in uses)
    return "place" in uses or "sound" in uses or 0 < len(uses) <= 2 * told


def _use(
    words: Sequence[str], small: Sequence[str], at: int, end: int, verbs: Mapping[str, Verb]
) -> str:
    """Return as what a name stands here: "thing", "place", "sound", "music", or "" for others."""
    before, after = small[max(0, at - 2) : at], small[end : end + 2]
    if _is_on_a_record(small, end):
        return "music"
    if small[end - 1].endswith("'s") or after[:1] == ["'"]:
        return ""
    if after == ["is", "heard"] or after == ["are", "heard"]:
        return "sound"
    if len(before) > 1 and before[1] == "of" and singular(before[0]) in _SOUNDS:
        return "sound"
    if before[-1:] and words[at - 1].islower() and (is_nobody(before[-1]) or before[-1] in _TURNS):
        return "thing"  # "the retinal scan ID", "becomes AIRBORNE"
    if _tells_a_thing(words, small, at, end, verbs):
        return "thing"
    return "place" if before[-1:] == ["in"] and end - at == 1 else ""


_TURNS = frozenset("becomes become becoming became goes go going went".split())
_SONGS = frozenset(
    "song songs track tracks tune tunes album albums record records single ballad number hit hits "
    "classic cover lyrics cd cassette tape solo concert anthem".split()
)


def _is_on_a_record(small: Sequence[str], end: int) -> bool:
    """Say whether a name is of who is only on a record: "the JOAN BAKER song", "JO's 'HOME'"."""
    after = small[end : end + 2]
    quoted = small[end - 1].endswith("'s") and after[:1] and after[0][0] in "\"“'`‘"
    return bool(quoted) or (after[:1] != [] and after[0] in _SONGS and not _is_verb_here(after))


def _is_verb_here(after: Sequence[str]) -> bool:
    """Say whether a song's noun is a verb here: "JO records it", "MAX hits HAL"."""
    return after[0].endswith("s") and len(after) > 1 and after[1].isalpha()


_SOUNDS = frozenset("sound noise shriek screech blast squeal hiss rumble hum din strains".split())


def _tells_a_thing(
    words: Sequence[str], small: Sequence[str], at: int, end: int, verbs: Mapping[str, Verb]
) -> bool:
    """Say whether a noun that is no person's stands right behind a name: "a PLASMA BLAST"."""
    noun = small[end] if end < len(small) else ""
    if not noun.isalpha() or noun in _NO_NOUNS or noun.endswith("ly"):
        return False
    if is_of_people(singular(noun)) or is_given(noun):
        return False
    known = base_form(noun, verbs)
    if known is not None and known[1] == "s":
        # What follows a preposition or a participle, or stands before a verb, is no subject's verb.
        led = base_form(small[at - 1], verbs) if at else None
        dealt = at > 0 and (small[at - 1] in PREPOSITIONS or (led is not None and led[1] == "ing"))
        behind = small[end + 1] if end + 1 < len(small) else ""
        more = behind.isalpha() and behind not in _NO_NOUNS and not behind.endswith("ly")
        return is_nobody(singular(noun)) and (dealt or more)
    if known is not None and known[1] == "base" and at > 1 and small[at - 1] == "and":
        return False  # "TOM and MRS GRANT wave"
    large = words[end].isupper() and words[at].isupper()
    return is_nobody(singular(noun)) or (large and (known is None or known[1] == "base"))


_NO_NOUNS = PREPOSITIONS | CONJUNCTIONS | DETERMINERS | frozenset(
    "who is are was has him her it them me us you away back up down out off".split()
)  # fmt: skip
