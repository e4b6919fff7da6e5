"""The .story language: text -> Story, with every mistake as a diagnostic at its place."""

# A relative import first: it makes a bare `import dsl` fail instead of making second copies of
# every class.
from ..errors import Diagnostic as Diagnostic  # isort: skip
from ..story import RELATIONS  # isort: skip
from .codes import Page, explanation, pages
from .diagnostics import DiagnosticRecord, diagnostic_records, render_diagnostics, summary_line
from .formatting import format_story
from .junit import junit_xml
from .parse import (
    LARGEST_STORY_BYTES,
    ParsedStory,
    decode_story,
    load_story,
    parse_story,
    read_story_text,
)
from .sarif import sarif_log
from .schema import DIRECTIVES, METRICS, PRESENCES
from .uses import used_files

__all__ = [
    "DIRECTIVES",
    "LARGEST_STORY_BYTES",
    "METRICS",
    "Page",
    "PRESENCES",
    "RELATIONS",
    "Diagnostic",
    "DiagnosticRecord",
    "ParsedStory",
    "decode_story",
    "diagnostic_records",
    "explanation",
    "format_story",
    "junit_xml",
    "load_story",
    "pages",
    "parse_story",
    "read_story_text",
    "render_diagnostics",
    "sarif_log",
    "summary_line",
    "used_files",
]
