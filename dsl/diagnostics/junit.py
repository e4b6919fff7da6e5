"""Diagnostics -> JUnit XML, which build servers show as tests: an error is one that failed.

There is no standard; this is the part of the format that every reader of it shares. A warning is
a test that passed and has something to say. A file without errors has one test, which passed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from ...errors import Diagnostic, Severity
from .visible import visible

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\\t\\n\\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(diagnostics: Sequence[Diagnostic], *, file: str, command: str = "check") -> str:
    """Return the report of one file, as its user named it, by the command that looked at it."""
    errors = [d for d in diagnostics if d.severity is Severity.ERROR]
    tests = len(diagnostics) + (not errors)
    counts = {"tests": str(tests), "failures": str(len(errors)), "errors": "0"}
    top = ET.Element("testsuites", {"name": f"dreamrunner {command}", **counts})
    suite = ET.SubElement(top, "testsuite", {"name": _clean(file), **counts})
    if not errors:
        ET.SubElement(suite, "testcase", {"classname": _clean(file), "name": "has no errors"})
    for diagnostic in diagnostics:
        case = ET.SubElement(suite, "testcase", _attributes(diagnostic))
        if diagnostic.severity is Severity.ERROR:
            message = {"message": _clean(diagnostic.message), "type": diagnostic.code}
            ET.SubElement(case, "failure", message).text = _words(diagnostic)
        else:
            ET.SubElement(case, "system-out").text = _words(diagnostic)
    ET.indent(top)
    return f"{_DECLARATION}\n{ET.tostring(top, encoding='unicode')}\n"


def _attributes(diagnostic: Diagnostic) -> dict[str, str]:
    span = diagnostic.span
    return {
        "classname": _clean(span.file),
        "name": f"{diagnostic.code} at {span.line}:{span.column}",
        "file": _clean(span.file),
        "line": str(span.line),
    }


def _words(diagnostic: Diagnostic) -> str:
    help = f"\nhelp: {diagnostic.help}" if diagnostic.help else ""
    return _clean(f"{diagnostic.span}: {diagnostic.message}{help}")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", visible(text))
