"""Mistakes as they are found -> the diagnostics of one run, in the order of the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from ...errors import Diagnostic, Severity
from .source import Node, Source

# Nobody reads more, and a file of junk would make millions.
MAX_FINDINGS = 500
_CLOSE = 0.6
# A name longer than this is no misspelling, and comparing it would cost its square.
_LONGEST_NAME = 64
_LONGEST_MESSAGE = 300


class Findings:
    """Collects the diagnostics of one text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: list[Diagnostic] = []
        self._counts: Counter[Severity] = Counter()
        self._unheard: set[str] = set()

    def error(self, number: str, at: Node, message: str, help: str | None = None) -> None:
        """Add an error; `number` is the digits of its code."""
        self._add(f"E{number}", Severity.ERROR, at, message, help)

    def warning(self, number: str, at: Node, message: str, help: str | None = None) -> None:
        """Add a warning; `number` is the digits of its code."""
        self._add(f"W{number}", Severity.WARNING, at, message, help)

    def unused(self, what: str, at: Node) -> None:
        """Warn, once a text, of something that is kept and that nothing acts on yet."""
        if what not in self._unheard:
            self._unheard.add(what)
            self.warning("019", at, f"{what} is kept in the story, and nothing acts on it yet")

    def _add(self, code: str, severity: Severity, at: Node, message: str, help: str | None) -> None:
        self._counts[severity] += 1
        if self._counts[severity] == MAX_FINDINGS:
            code, help = f"{code[0]}000", "mend the first ones and check again"
            message = f"more than {MAX_FINDINGS} {severity.value}s; the rest is not shown"
        elif self._counts[severity] > MAX_FINDINGS:
            return
        span = self.source.span(at.start, at.end)
        help = help and _shortened(help)
        self._found.append(Diagnostic(code, severity, span, _shortened(message), help))

    @property
    def errors(self) -> int:
        """How many errors there are so far."""
        return self._counts[Severity.ERROR]

    @property
    def in_order(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic, by its place in the text."""
        return tuple(sorted(self._found, key=lambda d: (d.span.start, d.code)))


def _shortened(text: str) -> str:
    """Return the text, cut where a name in it was a megabyte long."""
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "…"


def closest(name: str, known: Iterable[str], least: float = _CLOSE) -> str | None:
    """Return the known name that `name` was probably meant to be, or None.

    `least` is how like it that must be, in 0..1.
    """
    if len(name) > _LONGEST_NAME:
        return None
    by_fold = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(name.casefold(), by_fold, n=1, cutoff=least)
    return by_fold[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return `did you mean X?`, or None where nothing is close."""
    found = closest(name, known)
    return f"did you mean {found}?" if found else None
