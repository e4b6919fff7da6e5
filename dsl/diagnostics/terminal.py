"""Diagnostics + source -> the text with carets that a terminal shows, or records for JSON.

A story is untrusted: what a terminal would obey in it is shown as an escape. Tabs
are expanded and the carets stand under what they mean by display width, wide characters included.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from ...errors import Diagnostic, Severity
from .visible import visible

_TAB = 4
# A longer line is cut around its caret.
_WIDEST = 120
_LEAD = 40


class DiagnosticRecord(TypedDict):
    """One diagnostic as plain values for JSON; line and column count from 1."""

    code: str
    severity: str
    message: str
    help: str | None
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int


def diagnostic_records(diagnostics: Iterable[Diagnostic]) -> list[DiagnosticRecord]:
    """Return diagnostics as plain values."""
    return [
        DiagnosticRecord(
            code=d.code,
            severity=d.severity.value,
            message=d.message,
            help=d.help,
            file=d.span.file,
            line=d.span.line,
            column=d.span.column,
            end_line=d.span.end_line,
            end_column=d.span.end_column,
            start=d.span.start,
            end=d.span.end,
        )
        for d in diagnostics
    ]


def render_diagnostics(
    diagnostics: Iterable[Diagnostic], source: str, *, summary: bool = True
) -> str:
    """Return the text of all diagnostics, with the count at the end unless `summary` is off.

    Args:
        source: the text that the spans refer to (`ParsedStory.source`).
    """
    shown = list(diagnostics)
    lines = source.split("\n")
    blocks = [_render(diagnostic, lines) for diagnostic in shown]
    if summary and shown:
        blocks.append(summary_line(shown))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def summary_line(diagnostics: Iterable[Diagnostic]) -> str:
    """Return `2 errors, 1 warning`."""
    severities = [d.severity for d in diagnostics]
    counts = []
    for severity in (Severity.ERROR, Severity.WARNING):
        count = severities.count(severity)
        if count:
            counts.append(f"{count} {severity.value}{'s' * (count != 1)}")
    return ", ".join(counts) or "no mistakes"


def _render(diagnostic: Diagnostic, lines: list[str]) -> str:
    span = diagnostic.span
    gutter = " " * len(str(span.line))
    text = lines[span.line - 1] if span.line <= len(lines) else ""
    last = span.end_column if span.end_line == span.line else len(text) + 1
    excerpt = _excerpt(text, span.column - 1, max(last - 1, span.column))
    rendered = [
        f"{diagnostic.severity.value}[{diagnostic.code}]: {visible(diagnostic.message)}",
        f"{gutter}--> {visible(str(span))}",
        f"{gutter} |",
        f"{span.line} | {excerpt.text}".rstrip(),
        f"{gutter} | {' ' * excerpt.before}{'^' * excerpt.carets}",
    ]
    if diagnostic.help:
        rendered.append(f"{gutter} = help: {visible(diagnostic.help)}")
    return "\n".join(rendered)


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """A line as shown, with the columns before the carets and their number."""

    text: str
    before: int
    carets: int


def _excerpt(text: str, start: int, end: int) -> _Excerpt:
    first = max(0, start - _LEAD) if len(text) > _WIDEST and start > _LEAD else 0
    cut = first + _WIDEST
    opening = "…" if first else ""
    closing = "…" if cut < len(text) else ""
    end = min(end, cut)
    before = opening + _expand(text[first:start], len(opening))
    marked = _expand(text[start:end], _width(before))
    after = _expand(text[end:cut], _width(before) + _width(marked))
    return _Excerpt(before + marked + after + closing, _width(before), max(1, _width(marked)))


def _expand(text: str, column: int) -> str:
    """Return the text with tabs as spaces and without what a terminal would obey."""
    out = []
    for char in text:
        if char == "\t":
            char = " " * (_TAB - column % _TAB)
        out.append(visible(char))
        column += _width(out[-1])
    return "".join(out)


def _width(text: str) -> int:
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me") or char in "\u200c\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
