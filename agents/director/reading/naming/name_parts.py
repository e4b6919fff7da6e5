"""Names of a story -> which of them are the same somebody: short for long, part for whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from .....errors import Span
from .....story import Action, Dialogue, Story
from ...pronouns import sexes_of
from ..inflection import singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, PREPOSITIONS
from ..tokens import split_sentences, tokens, without_quotations
from ..words.acts import PEOPLE, TITLES
from ..words.nicknames import LONG_NAMES
from ..words.things import (
    BEASTS,
    BEASTS_UNKNOWN,
    HEARD,
    OCCUPATIONS,
    STATES,
    STRESSED,
    THINGS,
    is_given,
    is_nobody,
    is_of_people,
)
from .introductions import actions_of
from .same_names import join_same
from .surnames import by_nickname, by_surname, join_titled, may_be_full

_LOOK_ENDS = PREPOSITIONS | frozenset({"who", "which", "that", "and", "wearing", "carrying", ","})


def head_words(look: str) -> list[str]:
    """Return the lower-case words that say what a look is of: "an old grey owl", not "with ..."."""
    words: list[str] = []
    for word in tokens(look.lower()):
        if words and word in _LOOK_ENDS:
            break
        words.append(word)
    return words


def join_short_names(
    looks: dict[str, str], spans: dict[str, Span], aliases: dict[tuple[str, ...], str], story: Story
) -> None:
    """Make one of "MAE DOLAN (34)" and the MAE of the cues: the name of the cue, with the look.

    A name that the cast has stays as it is there. YOUNG VICTOR is not VICTOR.
    """
    declared = {member.name for member in story.cast}
    words_of = {name: tuple(w.lower() for w in tokens(name)) for name in looks}
    sexes = sexes_of(story, looks)
    sharing: dict[str, list[str]] = defaultdict(list)
    for name, words in words_of.items():
        for word in {*words[:2], words[-1]} if len(words) > 1 else ():
            sharing[word].append(name)
    cued = _cued(story)
    for short in list(looks):
        own = words_of[short]
        called = [*own, *LONG_NAMES.get(own[0], ())]
        sharers = dict.fromkeys(n for word in called for n in sharing[word])
        longer = [
            name for name in sharers
            if name in looks and _is_short_for(own, words_of[name])
            and not _is_wife_of(words_of[name], short, sexes)
        ]  # fmt: skip
        if not longer and short in cued:
            longer = by_nickname(own[0], [n for n in sharers if n in looks], cued, looks)
        if not longer and own[-1] in OCCUPATIONS:
            longer = _introduced_for_cue(short, [n for n in sharers if n in looks], story)
        if len(longer) > 1:
            longer = [name for name in longer if may_be_full(words_of[name])]
        if len(longer) != 1 or short in declared or short not in looks:
            continue
        (long,) = longer
        if long in declared:
            aliases[own] = long
            del looks[short]
            continue
        _join(short, long, looks, spans)
        aliases[words_of[long]] = short
        if words_of[long][0] in LONG_NAMES.get(own[0], ()):
            aliases.setdefault(words_of[long][:1], short)  # "Marvin" is MARV, as "Marvin Hale" is
    for short in [name for name in looks if name not in declared]:
        own = words_of[short]
        alike = [name for name in sharing[own[-1]] if name in looks and name not in declared]
        for long in by_surname(short, alike, cued, looks, sexes):
            _join(short, long, looks, spans)
            aliases[words_of[long]] = short
    join_titled(looks, aliases, cued, sexes)
    join_same(looks, spans, aliases, cued, sexes, story)


def _join(short: str, long: str, looks: dict[str, str], spans: dict[str, Span]) -> None:
    """Give whoever is called by a short name the look and the place of the long one."""
    looks[short] = looks[short] or looks.pop(long, "")
    looks.pop(long, None)
    if long in spans:
        spans[short] = spans.pop(long)


def _cued(story: Story) -> frozenset[str]:
    return frozenset(
        e.speaker for scene in story.scenes for e in scene.elements if isinstance(e, Dialogue)
    )


def _introduced_for_cue(short: str, longer: list[str], story: Story) -> list[str]:
    """Return whom a cue means by a noun alone: "A HOTEL CLERK yawns", then CLERK, in one scene.

    `longer` are the names that end in it; of several, or of one who speaks too, nobody is meant.
    """
    cued = _cued(story)
    longer = [
        name for name in longer
        if name.endswith(f" {short}") and name not in cued
        and not set(name.lower().split()[:-1]) & (_AGES | _COUNTS | DETERMINERS)
    ]  # fmt: skip
    found: set[str] = set()
    for scene in story.scenes if longer else ():
        cues = {element.speaker for element in scene.elements if isinstance(element, Dialogue)}
        texts = (element.text for element in scene.elements if isinstance(element, Action))
        told = " / ".join(" ".join(tokens(text)) for text in texts) if short in cues else ""
        found |= {name for name in longer if name in told}
    return list(found) if len(found) == 1 else []


def _is_wife_of(long: tuple[str, ...], short: str, sexes: Mapping[str, str]) -> bool:
    """Say whether a name is of the wife of one whom the page calls "he": MRS. OVEUR, OVEUR."""
    return long[0] in ("mrs", "ms", "miss") and sexes.get(short) == "male"


def parts_of_names(looks: Mapping[str, str], story: Story) -> dict[tuple[str, ...], str]:
    """Return the parts by which the prose calls who has several names: "Dale", ARTHUR DALE."""
    bearers: dict[str, list[str]] = {}
    for name in looks:
        words = [w.lower() for w in tokens(_NUMBERED.sub(r"\1 \2", name))]
        told = words[1:-1] if _is_surname_too(words) else words[1:]
        plain = not (_COMMON | PREPOSITIONS) & set(told)  # not MAN FROM LEON, of Leon
        if len(words) > 1 and not looks[name].endswith(words[-1]) and plain:
            first = set() if _is_of_people(words) else {words[0]}
            last = {words[-1]} if _is_surname_too(words) else {words[-1]} - _COMMON
            for word in (first - _COMMON | last) - PREPOSITIONS - CONJUNCTIONS:
                if word not in STRESSED or is_given(word):  # no "right" of CAN'T GET RIGHT
                    bearers.setdefault(word, []).append(name)
    alone = {w.lower() for name in looks if len(words := tokens(name)) == 1 for w in words}
    large = _written_large(story)
    called, within = large.called, large.within
    return _called_short(looks, large.alone) | {
        (word,): names[0]
        for word, names in bearers.items()
        if len(names) == 1 and word.isalpha() and word in called and word not in alone
        and (not is_nobody(word) or (word in within and _ends_in(names[0], word)))
        and (word not in OCCUPATIONS or word in large.bare)
    }  # fmt: skip


# What stands before a surname only.
_RANKS = TITLES & frozenset(
    "mr mrs ms dr captain commander sergeant colonel major lieutenant detective inspector officer "
    "professor agent capt lt sgt col cpl pvt prof rev".split()
)


def _is_surname_too(words: list[str]) -> bool:
    """Say whether what somebody may be is a surname here: LT. WALKER, TOM HUNTER."""
    led = len(words) == 2 and (words[0] in _RANKS or is_given(words[0]))
    return led and words[1] in OCCUPATIONS - TITLES - PEOPLE


def _is_of_people(words: list[str]) -> bool:
    """Say whether a name begins with what only tells a noun: "Chinese" is no CHINESE COOK.

    Nor are Christmas, wild and long those of CHRISTMAS SINGERS, WILD DOGS and LONG POLES.
    """
    noun = singular(words[-1])
    person = is_of_people(noun) or words[-1] in OCCUPATIONS
    several = noun != words[-1] and (person or noun in BEASTS or is_nobody(noun))
    return not is_given(words[0]) and (
        several or (person and words[0].endswith(("ese", "ish", "ench")))
    )


def _called_short(looks: Mapping[str, str], alone: set[str]) -> dict[tuple[str, ...], str]:
    """Return given names that others begin with: "Sam", where only one is called SAMUEL.

    "Kim" is KIMMY too, since both are short for the same name.
    """
    first = {name: tokens(name)[0].lower() for name in looks if tokens(name)}
    taken = {word for name in looks for word in name.lower().split()}
    found: dict[tuple[str, ...], str] = {}
    for word in sorted(alone - taken):
        full = LONG_NAMES.get(word, ())
        alike = [own for own, whole in LONG_NAMES.items() if set(full) & set(whole)] if full else []
        known = {*full, *(own for own in alike if own.startswith(word))}
        long = [
            name for name, own in first.items()
            if own in known or (is_given(word) and is_given(own) and own.startswith(word))
        ]  # fmt: skip
        if len(word) > 2 and len(long) == 1:
            found[(word,)] = long[0]
    return found


class _LargeWords(NamedTuple):
    """Words that a page writes with a capital; those of them within a sentence, those that no
    article leads there, and those beside which no other capital stands there."""

    called: set[str]
    within: set[str]
    bare: set[str]
    alone: set[str]


def _written_large(story: Story) -> _LargeWords:
    """Return the words that a page writes with a capital.

    A noun that is written large within a sentence is a name: "exchanges a look with Copper". The
    Frank of "a Frank Vale song" does not stand alone.
    """
    called: set[str] = set()
    within: set[str] = set()
    articled: set[str] = set()
    alone: set[str] = set()
    for action in actions_of(story):
        for sentence in split_sentences(action.text.replace("’", "'")):
            for at, word in enumerate(sentence):
                if word[0].isupper() and not word.isupper():
                    plain = word.lower().removesuffix("'s")
                    called.add(plain)
                    within |= {plain} if at else set()
                    led = at > 0 and sentence[at - 1].lower() in DETERMINERS
                    articled |= {plain} if led else set()
                    beside = (*sentence[max(0, at - 1) : at], *sentence[at + 1 : at + 2])
                    named = any(w[0].isupper() and w.lower() not in _SMALL for w in beside)
                    alone |= {plain} if at and not named else set()
    return _LargeWords(called, within, within - articled, alone)


_SMALL = CONJUNCTIONS | DETERMINERS | FILLERS | PREPOSITIONS  # "As Kim nods"


def _ends_in(name: str, word: str) -> bool:
    """Say whether a word is a surname: "copper" of DR. COPPER, not "hotel" of HOTEL MANAGER."""
    return tokens(name)[-1].lower() == word


# "KRAZY-8" is called Krazy.
_NUMBERED = re.compile(r"(\w)-(\d)")
_EPITHET = re.compile(r"\b([A-Z][A-Za-z]+) (?:THE|the) ([A-Z][A-Za-z]+|[a-z]+er)\b")


def epithets(looks: dict[str, str], story: Story) -> dict[tuple[str, ...], str]:
    """Return the descriptions that a page gives with a name: "the baker" of "ROSA THE BAKER"."""
    texts = [without_quotations(action.text) for action in actions_of(story)]
    texts += [scene.heading.text for scene in story.scenes]
    found: dict[tuple[str, ...], str] = {}
    for named in (match for text in texts for match in _EPITHET.finditer(text)):
        name, epithet = named[1].upper(), named[2].upper()
        if name in looks and singular(epithet.lower()) in PEOPLE | OCCUPATIONS | BEASTS_UNKNOWN:
            found[(epithet.lower(),)] = name
            looks.pop(epithet, None)
    return found


def _is_short_for(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Say whether a name begins a longer one, or ends it after a title: MAE, REYES."""
    if len(short) == 2 < len(long) and short[0] in TITLES and short == (long[0], long[-1]):
        return True  # "DR. BELL" and "DR. RUTH BELL"
    if not short or len(short) >= len(long) or short[0] in _COMMON:
        return False
    before = set(long[: -len(short)])
    named = all(word.isalpha() for word in long)
    titled = before <= TITLES and not before & _AGES
    return named and (long[: len(short)] == short or (long[-len(short) :] == short and titled))


def _is_other(before: list[str], own: list[str]) -> bool:
    """Say whether words before a name make somebody else of it: YOUNG VICTOR, TED'S WIFE."""
    told = set(before)
    return bool(
        told & (_AGES | _COUNTS | DETERMINERS | CONJUNCTIONS | PREPOSITIONS)
        or any("'" in word or "’" in word or not word.isalpha() for word in before)
        or set(own) & (_COMMON | STATES | HEARD | THINGS)
    )


# What begins a name that is a description: GIANT is not short for GIANT FISH.
_COMMON = PEOPLE | TITLES | DETERMINERS | OCCUPATIONS | BEASTS_UNKNOWN
_AGES = frozenset("young old little big poor elderly older younger teenage baby adult".split())
_COUNTS = frozenset("another other second first third fourth fifth both mrs mr".split())


def same_as(name: str, story: Story, kinds: Mapping[str, str]) -> str | None:
    """Return the member of the cast whom a longer name means: "SIR BORS" is BORS."""
    words = [w.lower() for w in tokens(name)]
    for member in story.cast:
        own = [w.lower() for w in tokens(member.name)]
        if own == words:
            return None
        titled = words[-len(own) :] == own and set(words[: -len(own)]) <= TITLES
        common = set(own) & set(kinds) or own[-1:] == head_words(member.look)[-1:]
        first = words[: len(own)] == own and len(words) == len(own) + 1 and not common
        # "CALAMITY JO" is JO: who is called so has but one name in the cast.
        last = words[-len(own) :] == own and not common and not _is_other(words[: -len(own)], own)
        # "CROWN PRINCE" is PRINCE, "a crown prince".
        looked = words[-len(own) :] == own and set(words) <= {*own, *head_words(member.look)}
        if titled or first or last or looked:
            return member.name
    return None
