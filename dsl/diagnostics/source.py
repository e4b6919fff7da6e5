"""A file's text -> normalised text in which every offset has a line, a column and a span.

A byte order mark goes and CRLF or CR become LF before anything counts; U+001F, which the parser
uses for what it blanked out, becomes a space. All spans refer to the normalised text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ...errors import Span

BLANK = "\x1f"


class Source:
    """The normalised text of one story and the positions in it."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = normalised(text)

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Return the span from `start` to `end`; what lies past the text is cut off."""
        start = min(start, len(self.text))
        end = max(start, min(end, len(self.text)))
        line, column = self.position(start)
        end_line, end_column = self.position(end)
        return Span(self.path, start, end, line, column, end_line, end_column)


def normalised(text: str) -> str:
    """Return the text as the parser sees it: no byte order mark, only LF."""
    return with_line_feeds(text).replace(BLANK, " ")


def with_line_feeds(text: str) -> str:
    """Return the text without its byte order mark, every line end an LF."""
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the text; `end` is exclusive."""

    start: int
    end: int
