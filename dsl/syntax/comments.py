"""Text with comments -> text of the same length without them.

A line of `//`, and a boneyard `/* */` that has one line to itself, are overwritten together with
the line break that they would leave behind, so that a comment between two lines of a paragraph does
not split it. A boneyard of several lines parts what stands above it from what stands below. Notes
stay; one that never closes loses its brackets here, so that the grammar can rely on the others.
What a directive or a tag has in quotes holds neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics.findings import Findings
from ..diagnostics.source import BLANK, Node

_OPENING = re.compile(r"/\*|\[\[|^[ \t]*//", re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*@[^\n]*", re.MULTILINE)
_TAG = re.compile(r'\{(?:[^{}"\n]|"(?:[^"\\\n]|\\.)*")*\}')
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_ONLY_SPACE = re.compile(r"[ \t]*(?=\n)")


def without_comments(text: str, findings: Findings) -> str:
    """Return the text with every comment blanked, and report those that never close."""
    pieces: list[str] = []
    done = 0
    notes = _Closings(text, "]]", before="\n\n")
    boneyards = _Closings(text, "*/")
    quoted = {n for start, end in _quotes(text) for n in range(start, end)}
    for opening in _OPENING.finditer(text):
        start = opening.start()
        if start < done or start in quoted:
            continue
        if opening[0] == "[[":
            close = notes.after(opening.end())
            if close is not None:
                pieces.append(text[done:close])
                done = close
                continue
            findings.warning(
                "005", Node(start, start + 2), "this note is never closed", "end it with ]]"
            )
            end = start + 2
        elif opening[0] == "/*":
            close = boneyards.after(opening.end())
            if close is None:
                findings.error(
                    "005", Node(start, start + 2), "this comment is never closed", "end it with */"
                )
            end = start + 2 if close is None else _with_line_break(text, start, close)
        else:
            line_end = text.find("\n", start)
            end = len(text) if line_end < 0 else line_end + 1
        pieces += text[done:start], BLANK * (end - start)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _quotes(text: str) -> Iterator[tuple[int, int]]:
    """Yield where what directives and tags have in quotes begins and ends: it is as it is."""
    for kind in (_DIRECTIVE, _TAG):
        for found in kind.finditer(text):
            for said in _QUOTED.finditer(text, found.start(), found.end()):
                yield said.span()


def _with_line_break(text: str, start: int, end: int) -> int:
    """Return the end moved past the line break if the comment has one line to itself."""
    if "\n" in text[start:end]:
        return end
    rest = _ONLY_SPACE.match(text, end)
    if rest is None:
        return end
    line_start = text.rfind("\n", 0, start) + 1
    return end if text[line_start:start].strip(" \t") else rest.end() + 1


class _Closings:
    """Finds the end of what was opened, asked in ascending order, in linear time over all."""

    def __init__(self, text: str, closing: str, before: str | None = None) -> None:
        self._text = text
        self._closing = closing
        self._before = before
        self._next = 0
        self._next_limit = 0

    def after(self, position: int) -> int | None:
        """Return where the closing that belongs to an opening before `position` ends."""
        if self._next < position:
            found = self._text.find(self._closing, position)
            self._next = found if found >= 0 else len(self._text) + 1
        if self._next > len(self._text):
            return None
        if self._before is not None:
            if self._next_limit < position:
                found = self._text.find(self._before, position)
                self._next_limit = found if found >= 0 else len(self._text)
            if self._next_limit < self._next:
                return None
        return self._next + len(self._closing)
