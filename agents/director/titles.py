"""The elements of a scene -> the same with its titles on the picture as lines that nobody speaks.

A title is read like a subtitle, so it has the time of one, and stands over the picture after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...story import Action, Dialogue, Element
from .reading.screen_words import title_of
from .reading.tokens import sentence_ends

# Whoever reads a title is not in the picture.
_READ = "V.O."


def with_titles(elements: Sequence[Element]) -> Iterator[Element]:
    """Yield elements, each title after the paragraph over which it stands."""
    waiting: list[Dialogue] = []
    for element in elements:
        if not isinstance(element, Action):
            yield element
            continue
        own = list(_titles(element))
        if title_of(element.text) is not None:
            waiting += own
            continue
        yield element
        yield from (*waiting, *own)
        waiting = []
    yield from waiting


def _titles(action: Action) -> Iterator[Dialogue]:
    text = action.text
    ends = sentence_ends(text) if title_of(text) is None else [(0, len(text))]
    for start, end in ends:
        title = title_of(text[start:])
        if title is not None:
            yield Dialogue("", _READ, title, action.span_of(start, end))
