"""The result of an import: stories, and the mistakes of the file that they were made of."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import Diagnostic, Severity
from ..diagnostics.findings import Findings


@dataclass(frozen=True, slots=True)
class ImportedStory:
    """One story made of a file or of a part of it.

    `text` is None where there is an error; the diagnostics speak of `source`, the imported file.
    """

    name: str
    text: str | None
    diagnostics: tuple[Diagnostic, ...]
    source: str


def imported(name: str, text: str | None, findings: Findings) -> ImportedStory:
    """Return what was made, or no text where an error was found."""
    found = findings.in_order
    failed = any(d.severity is Severity.ERROR for d in found)
    return ImportedStory(name, None if failed else text, found, findings.source.text)
