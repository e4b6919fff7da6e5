"""Prose -> its words and marks in order, and where its sentences end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .inflection import base_form
from .lexicon import VERBS

# A word keeps its inner apostrophes and hyphens; anything else that shows is a mark.
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]+")
_ABBREVIATIONS = re.compile(r"\b(mrs?|ms|dr|st|prof|capt|lt|sgt|cpl|pvt|rev)\.", re.IGNORECASE)
_ENDS_SHORT = re.compile(_ABBREVIATIONS.pattern + "$", re.IGNORECASE)
_STOPS = frozenset(".!?;:…")
_CLOSING = frozenset(')]"”’')


def tokens(text: str) -> list[str]:
    """Return the words and marks of a text in order; "MRS. FOX" keeps no full stop."""
    return [token for token, _ in _tokens_at(text)]


def tokens_at(text: str) -> list[tuple[str, int]]:
    """Return the words and marks of a text in order, each with where it begins."""
    return list(_tokens_at(text))


@lru_cache(maxsize=10_000)
def _tokens_at(text: str) -> tuple[tuple[str, int], ...]:
    # A space stands for the stop, so that whatever follows stays where it is.
    found = _TOKEN.finditer(_ABBREVIATIONS.sub(r"\1 ", text))
    return tuple((token[0], token.start()) for token in found)


def ends_abbreviated(text: str) -> bool:
    """Say whether the last word of a text is a title cut short, as in "Good morning, Mrs."."""
    return _ENDS_SHORT.search(text) is not None


def split_sentences(text: str) -> list[list[str]]:
    """Return the words and marks of each sentence; a semicolon ends one too."""
    found: list[list[str]] = []
    current: list[str] = []
    for token in [*tokens(text), "."]:
        if _is_stop(token, current):
            if current:
                found.append(current)
            current = []
        else:
            current.append(token)
    return found


def sentence_ends(text: str) -> list[tuple[int, int]]:
    """Return where each of the sentences of a paragraph begins and ends, its stop within."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    current: list[str] = []
    for token, at in [*tokens_at(text), (".", len(text))]:
        if not _is_stop(token, current):
            begun = at if begun is None else begun
            current.append(token)
        elif begun is not None:
            found.append((begun, min(at + len(token), len(text))))
            begun, current = None, []
    return found


def _is_stop(token: str, before: Sequence[str]) -> bool:
    """Say whether a mark ends a sentence; a colon does only after one: not "On the left: a FOX"."""
    if token[0] in _CLOSING and token[-1] in _STOPS and token[-1] != ":":
        return True  # "sits with LORNA (48)."
    if token[0] != ":" or not before:
        return token[0] in _STOPS
    found = (base_form(word.lower(), VERBS) for word in before)
    return any(verb is not None and verb[1] == "s" for verb in found)
