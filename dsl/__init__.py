"""The .story language: text -> Story, with every mistake as a diagnostic at its place."""

# A relative import first: it makes a bare `import dsl` fail instead of making second copies of
# every class.
from ..errors import Diagnostic as Diagnostic  # isort: skip
from ..story import RELATIONS  # isort: skip
from .diagnostics.codes import CodePage, explanation, pages
from .diagnostics.junit import junit_xml
from .diagnostics.sarif import sarif_log
from .diagnostics.terminal import (
    DiagnosticRecord,
    diagnostic_records,
    render_diagnostics,
    summary_line,
)
from .diagnostics.visible import visible
from .directives.uses import used_files
from .formatting.format import format_story
from .parse import (
    LARGEST_STORY_BYTES,
    ParsedStory,
    decode_story,
    load_story,
    parse_story,
    read_story_text,
    read_xml_text,
    shown_path,
)
from .resolve.references import SAVE_AS_SOUND
from .schema import DIRECTIVES, METRICS, PRESENCES

__all__ = [
    "DIRECTIVES",
    "LARGEST_STORY_BYTES",
    "METRICS",
    "CodePage",
    "PRESENCES",
    "RELATIONS",
    "SAVE_AS_SOUND",
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
    "read_xml_text",
    "render_diagnostics",
    "sarif_log",
    "shown_path",
    "summary_line",
    "used_files",
    "visible",
]
