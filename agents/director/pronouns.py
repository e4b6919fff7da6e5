"""A story's prose -> who is "she" and who is "he", where a sentence leaves no doubt.

Only paragraphs are counted in which one of the cast is named, with the pronouns that follow the
name up to another. Who does something does it to somebody else: "MAY looks at him" tells nothing of
her. "MAY sits. She" tells most, and the majority decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ...story import Action, Story

_SEXES = {"she": "female", "her": "female", "hers": "female", "herself": "female",
          "he": "male", "him": "male", "his": "male", "himself": "male"}  # fmt: skip
_OBJECTS = frozenset({"him", "her"})
# How much a pronoun tells: one that opens a sentence, one of oneself, any other.
_OPENING, _OWN_SELF, _OTHER = 3, 3, 1
# How much one paragraph tells at most: the "she" of a whole paragraph may be somebody unnamed.
_MOST = 3
# What may stand behind "her" that is no owner.
_NO_NOUN = frozenset(
    "in on at of to from by with into onto over under behind beside near through across along "
    "around past toward towards between against inside outside before after off out up down as "
    "like until for and but or then while when again away back close so a an the his".split()
)
_STOP = ".!?"
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-z]+)*")


# How often more a page says the one than the other of whom it is sure, and how many times more.
_SURELY, _TIMES = 8, 4


def sexes_of(story: Story, names: Iterable[str]) -> dict[str, str]:
    """Return name -> "female" or "male" for those of whom the prose tells it."""
    return {name: told.most_common(1)[0][0] for name, told in pronouns_of(story, names).items()}


def surely(told: Mapping[str, Counter[str]]) -> frozenset[str]:
    """Return those whose pronouns outweigh a given name: a woman may be called TONY."""
    ranked = {name: [count for _, count in counts.most_common()] for name, counts in told.items()}
    return frozenset(
        name
        for name, (most, *rest) in ranked.items()
        if most - sum(rest) >= _SURELY and most >= _TIMES * sum(rest)
    )


def pronouns_of(story: Story, names: Iterable[str]) -> dict[str, Counter[str]]:
    """Return name -> how much the prose tells of either sex of theirs."""
    known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in names:
        parts = tuple(word.lower() for word in _WORD.findall(name))
        if parts:
            known.setdefault(parts[0], []).append((parts, name))
    found: dict[str, Counter[str]] = {}
    for scene in story.scenes:
        for element in scene.elements:
            if isinstance(element, Action):
                _count(element.text, known, found)
    return found


def _count(
    text: str,
    known: Mapping[str, Sequence[tuple[tuple[str, ...], str]]],
    found: dict[str, Counter[str]],
) -> None:
    """Count the pronouns of a paragraph for the last that was named before them.

    Args:
        text: the paragraph.
        known: the first word of each name -> all words of the names that begin so, and the names.
        found: name -> its pronouns so far; added to.
    """
    matches = list(_WORD.finditer(text))
    words = [match[0].lower() for match in matches]
    last: set[str] = set()
    others: set[str] = set()
    told: dict[str, Counter[str]] = {}
    for at, word in enumerate(words):
        last |= _named_at(words, at, known)
        sex = _SEXES.get(word)
        if sex is None or len(last) != 1:
            continue
        before = text[matches[at - 1].end() : matches[at].start()] if at else ""
        follows = text[matches[at].end() :].lstrip(" ")[:1].isalpha()
        tells = _told(word, words[at + 1] if follows else "", before)
        others |= {sex} if not tells else set()
        counts = told.setdefault(next(iter(last)), Counter())
        counts[sex] += 0 if sex in others else tells  # "MOE looks at her. She nods."
    for name, counts in told.items():
        more = counts["male"] - counts["female"]
        told_sex = "male" if more > 0 else "female"
        if more:
            found.setdefault(name, Counter())[told_sex] += min(abs(more), _MOST)


def _named_at(
    words: Sequence[str], at: int, known: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
) -> set[str]:
    """Return whose name begins at a word, nobody else."""
    longer = known.get(words[at], ())
    return set([name for parts, name in longer if tuple(words[at : at + len(parts)]) == parts][:1])


def _told(word: str, after: str, before: str) -> int:
    """Return how much a pronoun tells of whoever was named before it.

    Args:
        word: the pronoun.
        after: the word right behind it, "" before a mark.
        before: what stands between it and the word before.
    """
    if word in ("himself", "herself"):
        return _OWN_SELF
    if word in _OBJECTS and (word == "him" or not after or after in _NO_NOUN):
        return 0
    opens = word in ("he", "she") and bool(set(before) & set(_STOP))
    return _OPENING if opens else _OTHER
