"""A story's prose -> who is "she" and who is "he", where a sentence leaves no doubt.

Only sentences that name one of the cast are counted, with the pronouns that follow the name there
and in the next sentence up to another name; the majority decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ...story import Action, Story

_SEXES = {"she": "female", "her": "female", "hers": "female", "herself": "female",
          "he": "male", "him": "male", "his": "male", "himself": "male"}  # fmt: skip
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-z]+)*")


def sexes_of(story: Story, names: Iterable[str]) -> dict[str, str]:
    """Return name -> "female" or "male" for those of whom the prose tells it."""
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
    return {name: counts.most_common(1)[0][0] for name, counts in found.items()}


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
    words = [word.lower() for word in _WORD.findall(text)]
    last: set[str] = set()
    for at, word in enumerate(words):
        named = next(
            (
                name
                for parts, name in known.get(word, ())
                if tuple(words[at : at + len(parts)]) == parts
            ),
            None,
        )
        if named is not None:
            last.add(named)
        sex = _SEXES.get(word)
        if sex is not None and len(last) == 1:
            found.setdefault(next(iter(last)), Counter())[sex] += 1
