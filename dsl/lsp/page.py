"""A story's text -> its pieces, a scene each, parsed once, and places counted as editors do.

An edit makes a new page; a piece whose text is as it was is not parsed again. Editors count lines
from 0 and columns in UTF-16 units, the language in code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

from lsprotocol.types import Position, Range

from ...errors import Span
from ..diagnostics.findings import Findings
from ..diagnostics.source import Source, normalised
from ..syntax import tree
from ..syntax.comments import without_comments
from ..syntax.parser import parse_syntax, scene_starts

# Held for a story of many thousand lines; a scene's tree is some kilobytes.
_TREES = 4096
# Only the beginning of a file may be a title page: these say that a scene is none.
_LEAD = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """A scene, or what stands before the first; `first` is True for the latter.

    Offsets in its syntax tree count from `base`.
    """

    start: int
    text: str
    first: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def base(self) -> int:
        return self.start if self.first else self.start - len(_LEAD)

    @property
    def syntax(self) -> tree.SyntaxTree:
        """What can be read of the piece, however many mistakes it has."""
        return _parsed(self.text if self.first else _LEAD + self.text)


class Page:
    """A story's text at one moment, and the pages that it brings in by `@use`."""

    def __init__(self, text: str, used: tuple[Used, ...] = ()) -> None:
        self.text = normalised(text)
        self.source = Source("", self.text)
        self.used = used

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The text in scenes; the first piece, possibly empty, stands before all of them."""
        plain = self.text
        if "/*" in plain:  # A heading within a comment begins nothing.
            plain = without_comments(plain, Findings(self.source))
        bounds = pairwise([0, *scene_starts(plain), len(plain)])
        return tuple(Piece(a, self.text[a:b], a == 0) for a, b in bounds)

    def items(self) -> Iterator[tuple[tree.Item, int]]:
        """Yield everything on the page, each with the offset that its own offsets count from."""
        for piece in self.pieces:
            for item in piece.syntax.items:
                yield item, piece.base

    def piece_at(self, offset: int) -> Piece:
        """Return the piece that an offset lies in."""
        return next((p for p in self.pieces if p.start <= offset < p.end), self.pieces[-1])

    def line(self, number: int) -> str:
        """Return a line, counted from 0, without its end; an empty one beyond the text."""
        starts = self.source.line_starts
        if not 0 <= number < len(starts):
            return ""
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(self.text)
        return self.text[starts[number] : end]

    def position(self, offset: int) -> Position:
        """Return the editor's position of an offset."""
        line, column = self.source.position(min(offset, len(self.text)))
        return self._position(line - 1, column - 1)

    def range(self, start: int, end: int) -> Range:
        """Return the editor's range of two offsets."""
        return Range(self.position(start), self.position(end))

    def span_range(self, span: Span) -> Range:
        """Return the editor's range of a span, by its lines and columns."""
        return Range(
            self._position(span.line - 1, span.column - 1),
            self._position(span.end_line - 1, span.end_column - 1),
        )

    def offset(self, position: Position) -> int:
        """Return the offset of an editor's position; beyond a line's end is the line's end."""
        starts = self.source.line_starts
        if position.line >= len(starts):
            return len(self.text)
        line = self.line(position.line)
        return starts[position.line] + _code_points(line, position.character)

    def edited(self, where: Range, text: str) -> Page:
        """Return the page with a range replaced."""
        start, end = self.offset(where.start), self.offset(where.end)
        return Page(self.text[:start] + text + self.text[end:], self.used)

    def using(self, used: tuple[Used, ...]) -> Page:
        """Return the page with what it brings in."""
        if used == self.used:
            return self
        return Page(self.text, used)

    def _position(self, line: int, column: int) -> Position:
        before = self.line(line)[:column]
        return Position(line, _utf16_units(before))


@dataclass(frozen=True, slots=True)
class Used:
    """A file that a page brings in by `@use`."""

    path: Path
    page: Page


def _utf16_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _code_points(line: str, units: int) -> int:
    """Return how many code points of a line lie before so many UTF-16 units."""
    if line.isascii():
        return min(units, len(line))
    counted = 0
    for index, char in enumerate(line):
        if counted >= units:
            return index
        counted += 2 if ord(char) > 0xFFFF else 1
    return len(line)


@lru_cache(_TREES)
def _parsed(text: str) -> tree.SyntaxTree:
    """Return what can be read of a text, whatever is wrong with it."""
    source = Source("", text)
    return parse_syntax(source, Findings(source))
