"""Diagnostics -> what an editor shows of them, and the edits that mend them.

The edit is read from the diagnostic's own help: `did you mean FOX?` replaces what it points at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lsprotocol import types as lsp

from ...errors import Diagnostic, Severity
from .mentions import declarations
from .page import Page

_MEANT = re.compile(r"^did you mean (.+?)\?")
_SWAPPED = re.compile(r"^did you swap them\? (\(.+\))$")
_DECLARE = re.compile(r"^(?:declare it: )?(@character [^:]+):")
_UNDECLARED = "101"


def shown(page: Page, diagnostics: Iterable[Diagnostic]) -> list[lsp.Diagnostic]:
    """Return diagnostics as an editor takes them, help included."""
    return [
        lsp.Diagnostic(
            page.span_range(d.span),
            d.message + (f"\n{d.help}" if d.help else ""),
            severity=_severity(d),
            code=d.code,
            source="dreamrunner",
            tags=[lsp.DiagnosticTag.Unnecessary] if d.code == "W010" else None,
        )
        for d in diagnostics
    ]


def _severity(diagnostic: Diagnostic) -> lsp.DiagnosticSeverity:
    is_error = diagnostic.severity is Severity.ERROR
    return lsp.DiagnosticSeverity.Error if is_error else lsp.DiagnosticSeverity.Warning


def fixes(
    page: Page, uri: str, where: lsp.Range, diagnostics: Iterable[Diagnostic]
) -> list[lsp.CodeAction]:
    """Return the quick fixes of the mistakes in a range."""
    found = []
    for diagnostic in diagnostics:
        at = page.span_range(diagnostic.span)
        if not _touch(at, where):
            continue
        mend = _replacement(page, at, diagnostic) or _declaration(page, diagnostic)
        if mend is None:
            continue
        title, edit = mend
        found.append(
            lsp.CodeAction(
                title,
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=shown(page, [diagnostic]),
                edit=lsp.WorkspaceEdit(changes={uri: [edit]}),
                is_preferred=True,
            )
        )
    return found


def _replacement(
    page: Page, at: lsp.Range, diagnostic: Diagnostic
) -> tuple[str, lsp.TextEdit] | None:
    """Return the edit that puts the word which was probably meant in the place of the wrong one."""
    help = diagnostic.help or ""
    swapped = _SWAPPED.match(help)
    if swapped:
        return f"Swap the sides: {swapped[1]}", lsp.TextEdit(at, swapped[1])
    meant = _MEANT.match(help)
    if not meant:
        return None
    old, new = page.text[page.offset(at.start) : page.offset(at.end)], meant[1]
    if new.endswith("="):  # Only the key of an option was wrong.
        new += old.partition("=")[2].strip()
    elif re.match(r"[<>=]", new):  # The threshold of a comparison: the metric stays.
        new = f"{re.split(r'[<>=]', old)[0].rstrip()} {new}"
    elif "=" in old and "=" not in new:
        new = f"{new}={old.partition('=')[2].strip()}"
    elif "(" in old and diagnostic.code[1:] == _UNDECLARED:  # A cue keeps its extension.
        new += f" {old[old.index('(') :]}"
    return f"Change to {new}", lsp.TextEdit(at, new)


def _declaration(page: Page, diagnostic: Diagnostic) -> tuple[str, lsp.TextEdit] | None:
    """Return the edit that declares a speaker, below the last declaration."""
    wanted = _DECLARE.match(diagnostic.help or "")
    if diagnostic.code[1:] != _UNDECLARED or not wanted:
        return None
    cast = declarations(page)
    titles = page.pieces[0].syntax.title_page
    if cast:
        line = page.position(cast[-1].end).line + 1
        written = f"{wanted[1]}: \n"
    else:
        line = page.position(titles[-1].end).line + 1 if titles else 0
        written = ("\n" if titles else "") + f"{wanted[1]}: \n" + ("" if titles else "\n")
    top = lsp.Position(line, 0)
    return f"Declare {wanted[1].split(' ', 1)[1]}", lsp.TextEdit(lsp.Range(top, top), written)


def _touch(one: lsp.Range, other: lsp.Range) -> bool:
    def key(position: lsp.Position) -> tuple[int, int]:
        return position.line, position.character

    return key(one.start) <= key(other.end) and key(other.start) <= key(one.end)
