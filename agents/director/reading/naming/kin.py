"""A story's pages -> whose wife and whose father somebody is said to be: "his wife LORNA"."""

from __future__ import annotations

from collections.abc import Mapping

from .....story import Story
from ..tokens import tokens
from ..words.acts import KIN
from .introductions import actions_of

_OWN = frozenset("his her their its my your our".split())


def kin_of(
    story: Story, names: Mapping[tuple[str, ...], str], looks: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return noun of kin -> those whom a page calls so beside their name, unless it is a name.

    "his wife LORNA" and "LORNA, his wife" make "his wife" LORNA from then on.
    """
    found: dict[str, tuple[str, ...]] = {}
    for action in actions_of(story):
        words = tokens(action.text)
        small = [word.lower().replace("’", "'") for word in words]
        for at, word in enumerate(small):
            owned = at > 0 and (small[at - 1] in _OWN or small[at - 1].endswith("'s"))
            if word not in KIN or not owned or (word,) in names:
                continue
            who = _after(small, at, names) or _before(small, at, names)
            if who is not None and who in looks:
                found[word] = tuple(dict.fromkeys((*found.get(word, ()), who)))
    return found


def _after(words: list[str], at: int, names: Mapping[tuple[str, ...], str]) -> str | None:
    start = at + 1 + (words[at + 1 : at + 2] == [","])
    return next((e for n in (3, 2, 1) if (e := names.get(tuple(words[start : start + n])))), None)


def _before(words: list[str], at: int, names: Mapping[tuple[str, ...], str]) -> str | None:
    """Return who stands before ", his wife" and at most an age in brackets."""
    comma = at - 2
    if comma < 1 or words[comma] not in (",", ")"):
        return None
    end = comma
    if words[comma] == ")" or words[comma - 1] == ")":
        end = next((n for n in range(comma, -1, -1) if words[n] == "("), comma)
    return next((e for n in (3, 2, 1) if (e := names.get(tuple(words[max(0, end - n) : end])))),
                None)  # fmt: skip
