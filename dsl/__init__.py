"""The .story language: text -> Story, with every mistake as a diagnostic at its place."""

# A relative import first: it makes a bare `import dsl` fail instead of making second copies of
# every class.
from ..errors import Diagnostic as Diagnostic  # isort: skip
from .diagnostics import DiagnosticRecord, diagnostic_records, render_diagnostics, summary_line
from .parse import LARGEST_STORY_BYTES, ParsedStory, load_story, parse_story
from .schema import DIRECTIVES, METRICS, PRESENCES, RELATIONS

__all__ = [
    "DIRECTIVES",
    "LARGEST_STORY_BYTES",
    "METRICS",
    "PRESENCES",
    "RELATIONS",
    "Diagnostic",
    "DiagnosticRecord",
    "ParsedStory",
    "diagnostic_records",
    "load_story",
    "parse_story",
    "render_diagnostics",
    "summary_line",
]
