"""Diagnostics -> a SARIF 2.1.0 log, which code hosts and editors show at the lines it names.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...errors import Diagnostic, Span
from .codes import explanation, pages

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

Json = dict[str, Any]  # Any: a log nests objects, lists, texts and numbers


def sarif_log(diagnostics: Sequence[Diagnostic], *, version: str) -> Json:
    """Return the log of one run as plain values.

    Columns count code points, as everywhere here, and the log says so (`columnKind`). Offsets are
    left out: they count in the text without its byte order mark and with LF alone.

    Args:
        version: of the checker.
    """
    codes = sorted({d.code for d in diagnostics})
    results = [_result(diagnostic, codes) for diagnostic in diagnostics]
    driver: Json = {
        "name": "dreamrunner",
        "version": version,
        "rules": [_rule(code) for code in codes],
    }
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> Json:
    """Return what a code host shows beside a result: the code's own page."""
    page = pages()[code]
    return {
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.text},
        "help": {"text": explanation(page)},
    }


def _result(diagnostic: Diagnostic, codes: Sequence[str]) -> Json:
    help = f" ({diagnostic.help})" if diagnostic.help else ""
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity.value,
        "message": {"text": diagnostic.message + help},
        "locations": [{"physicalLocation": _location(diagnostic.span)}],
    }


def _location(span: Span) -> Json:
    return {
        "artifactLocation": {"uri": _uri(span.file)},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        },
    }


def _uri(file: str) -> str:
    """Return a path as a URI: relative ones stay relative to wherever the log is read."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
