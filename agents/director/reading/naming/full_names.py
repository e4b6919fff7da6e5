"""Full names of a page -> who of those who speak is called so, and so by each part of the name.

Who is cued COFFIN is "Jack Coffin" of the page, and "Jack" there; JACK who is "Jack Coffin" is
"Coffin" too; of `EDWIN COFFIN ("COFF")`, cued COFF, the page says "Coffin".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from .....speech import names_of_cue
from .....story import Dialogue, Story
from ..inflection import base_form, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, VERBS
from ..tokens import tokens
from ..words.acts import TITLES
from ..words.given_names import MEN, WOMEN
from ..words.things import FEMALE_NAMES, MALE_NAMES, is_nobody, is_of_people
from .introductions import actions_of

_GIVEN = MEN | WOMEN | MALE_NAMES | FEMALE_NAMES
_NO_SURNAMES = CONJUNCTIONS | DETERMINERS | PREPOSITIONS | TITLES
_SHORTEST = 2  # letters
_WORD = r"[A-Z][A-Za-z'-]+"
_NICKNAMED = re.compile(rf"\b({_WORD}(?: {_WORD}){{0,2}}),?\s*\(?\s*[\"“]({_WORD}),?[\"”]")


def full_names(
    story: Story, looks: Collection[str], known: Mapping[tuple[str, ...], str]
) -> dict[tuple[str, ...], str]:
    """Return the names, in words, by which a page calls who speaks, beside those known already."""
    cued = {
        name
        for scene in story.scenes
        for line in scene.elements
        if isinstance(line, Dialogue)
        for name in (line.speaker, *names_of_cue(line.speaker))
    } & set(looks)
    taken = {word for name in looks for word in name.lower().split()}
    taken |= {words[0] for words in known if len(words) == 1}
    # What a page writes small is a word: "Lady Luck".
    taken |= {w for action in actions_of(story) for w in tokens(action.text) if w.islower()}
    meant: dict[tuple[str, ...], set[str]] = {}
    for action in actions_of(story):
        for whole, part, name in (
            *_pairs(action.text, cued, taken),
            *_nicknames(action.text, cued, taken),
        ):
            meant.setdefault(whole, set()).add(name)
            meant.setdefault((part,), set()).add(name)
    return {words: next(iter(names)) for words, names in meant.items() if len(names) == 1}


def _pairs(
    text: str, cued: Collection[str], taken: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield "Jack Coffin" where one word is a cue: both words, the other one, and the cue."""
    words = ["", *tokens(text), "", ""]
    for at in range(1, len(words) - 2):
        first, last = words[at], words[at + 1].removesuffix("'s").removesuffix("’s")
        owns = last != words[at + 1]  # "Jack Coffin's Ford"
        if not (first.istitle() and last.istitle() and first.isalpha() and last.isalpha()):
            continue
        if words[at - 1][:1].isupper() or (words[at + 2][:1].isupper() and not owns):
            continue
        whole = (first.lower(), last.lower())
        if last.upper() in cued and whole[0] in _GIVEN - set(taken):
            yield whole, whole[0], last.upper()
        elif first.upper() in cued and whole[1] not in taken and _is_surname(whole[1]):
            yield whole, whole[1], first.upper()


def _nicknames(
    text: str, cued: Collection[str], taken: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield `EDWIN COFFIN ("COFF")` where COFF is cued: all words, the last one, and the cue."""
    for found in _NICKNAMED.finditer(text):
        name, words = found[2].upper(), tuple(found[1].lower().split())
        if name in cued and words[-1] not in taken and _is_surname(words[-1]):
            yield words, words[-1], name


def _is_surname(word: str) -> bool:
    """Say whether a word may be somebody's surname: no thing, no calling, no deed."""
    if (
        len(word) < _SHORTEST
        or word in _NO_SURNAMES
        or is_nobody(word)
        or is_of_people(singular(word))
    ):
        return False
    return base_form(word, VERBS) is None
