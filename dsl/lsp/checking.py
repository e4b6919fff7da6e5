"""An edited page + its mistakes before -> its mistakes now, by checking one scene again.

The whole story is checked when the writer pauses. Between two such checks only the scenes that
changed are: each at its own lines, under the story's head, with the names that appear in the other
scenes. Every other diagnostic is kept and moves with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Diagnostic
from ..parse import ParsedStory, parse_story
from .mentions import names_in
from .page import Page, Piece

if TYPE_CHECKING:
    from ...plan import Capabilities
    from ...story import Story

# A change of more than this many characters waits for the check of the whole.
LARGEST_CHANGE = 20_000
# What only the whole story can tell: that it is empty, unused names, what is there twice, and what
# no picture of it will show.
_OF_THE_WHOLE = (
    "001", "010", "102", "103", "129", "135", "136", "137", "138", "139", "140", "148", "150",
)  # fmt: skip
_UNDECLARED = "101"


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A page and what is wrong with it; spans count lines and columns of the page."""

    page: Page
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks the pages of one story. `folder` is where its references are, None if nowhere.

    `remarks` reads every sentence of a story, which only the check of the whole has time for.
    """

    path: str
    folder: Path | None
    capabilities: Capabilities | None
    remarks: Callable[[Story], tuple[Diagnostic, ...]] | None = None

    def whole(self, page: Page) -> tuple[CheckedPage, ParsedStory]:
        """Return the mistakes of the whole page, and the story that was parsed of it."""
        parsed = self.parse(page.text)
        if self.remarks is not None and parsed.story is not None:
            parsed = parsed.with_more(self.remarks(parsed.story))
        for piece in page.pieces:
            names_in(piece)  # Parsed now, in the writer's pause, and not at the next keystroke.
        return CheckedPage(page, parsed.diagnostics), parsed

    def parse(self, text: str) -> ParsedStory:
        return parse_story(text, path=self.path, folder=self.folder, capabilities=self.capabilities)

    def after_edit(self, page: Page, before: CheckedPage) -> CheckedPage | None:
        """Check what changed since `before`; None where that is too much to be done at once.

        What stands before the first scene holds for all of them, so its changes are too much.
        """
        old, new = before.page.pieces, page.pieces
        head = _common(old, new)
        if not head:
            return None
        tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
        changed = new[head : len(new) - tail]
        if sum(len(piece.text) for piece in changed) > LARGEST_CHANGE:
            return None
        kept = _Kept(before, page, head, tail)
        found = self.parse(scene_alone(page, changed)).diagnostics if changed else ()
        fresh = (d for d in found if kept.is_changed(d) and d.code[1:] not in _OF_THE_WHOLE)
        merged = sorted([*kept.moved(), *fresh], key=lambda d: (d.span.line, d.span.column))
        return CheckedPage(page, tuple(_each_name_once(merged)))


def scene_alone(page: Page, pieces: Sequence[Piece]) -> str:
    """Return the text of some neighbouring pieces at their own lines, with what they refer to.

    Above them stands the story's head, below them a cue for every name in the other pieces.
    """
    head, first, last = page.pieces[0], pieces[0], pieces[-1]
    above = head.text + "\n" * page.text.count("\n", head.end, first.start) if first.start else ""
    inside = {piece.start for piece in (head, *pieces)}
    names = {n for piece in page.pieces if piece.start not in inside for n in names_in(piece)}
    others = "".join(f"@{name}\n.\n\n" for name in sorted(names))
    return above + page.text[first.start : last.end] + (f"\n\n.ELSEWHERE\n\n{others}" * bool(names))


def _common(some: Sequence[Piece], others: Sequence[Piece]) -> int:
    """Return how many pieces two pages have in common, from their beginning."""
    alike = takewhile(lambda pair: pair[0].text == pair[1].text, zip(some, others, strict=False))
    return sum(1 for _ in alike)


class _Kept:
    """What stays of the diagnostics of an earlier page; lines count from 0."""

    def __init__(self, before: CheckedPage, page: Page, head: int, tail: int) -> None:
        self._before, self._page = before, page
        self._first = _line_of(page, head)
        self._end = _line_of(page, len(page.pieces) - tail)
        self._old_end = _line_of(before.page, len(before.page.pieces) - tail)

    def is_changed(self, diagnostic: Diagnostic) -> bool:
        """Say whether a diagnostic of the new page lies in what was checked anew."""
        return self._first <= diagnostic.span.line - 1 < self._end

    def moved(self) -> Iterator[Diagnostic]:
        """Yield what was found elsewhere, at its new line.

        Of the changed scenes only what the whole story tells stays, where its line still does.
        """
        shift = self._end - self._old_end
        for diagnostic in self._before.diagnostics:
            line = diagnostic.span.line - 1
            if line < self._first:
                yield diagnostic
            elif line >= self._old_end:
                yield _shifted(diagnostic, shift)
            elif diagnostic.code[1:] in _OF_THE_WHOLE:
                text = self._before.page.line(line)
                stays = (by for by in (0, shift) if self._page.line(line + by) == text)
                yield from (_shifted(diagnostic, by) for by in islice(stays, 1))


def _line_of(page: Page, index: int) -> int:
    """Return the line at which a piece begins; for the one after the last, the line after all."""
    if index >= len(page.pieces):
        return len(page.source.line_starts)
    return page.source.position(page.pieces[index].start)[0] - 1


def _shifted(diagnostic: Diagnostic, lines: int) -> Diagnostic:
    span = diagnostic.span
    moved = replace(span, line=span.line + lines, end_line=span.end_line + lines)
    return replace(diagnostic, span=moved)


def _each_name_once(diagnostics: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the diagnostics, an undeclared speaker once, as the check of the whole has it."""
    reported = set()
    for diagnostic in diagnostics:
        if diagnostic.code[1:] == _UNDECLARED and " speaks " in diagnostic.message:
            if diagnostic.message in reported:
                continue
            reported.add(diagnostic.message)
        yield diagnostic
