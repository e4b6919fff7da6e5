"""Plain text -> lines of a story that the parser reads as a heading, as action or as dialogue.

Text from elsewhere may look like a heading, a cue or a directive where it is none. Each function
writes an element plainly, reads it back with the parser, and forces it where that is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ..diagnostics.findings import Findings
from ..diagnostics.source import Source
from ..syntax import tree
from ..syntax.parser import parse_syntax

_OPEN_BRACE = re.compile(r"(?<!\\)((?:\\\\)*)\{")
_NOTE = re.compile(r"(\[\[(?>(?:(?!\]\])[^\n]|\n(?!\n))*)\]\])")
_COMMENT = re.compile(r"^[ \t]*(?=//)", re.MULTILINE)
_ABOVE = "===\n\n"  # so that nothing is taken for a title page


def one_line(text: str) -> str:
    """Return text with every stretch of white space as one space."""
    return " ".join(text.split())


def escaped(text: str) -> str:
    """Return prose in which nothing opens a tag, an endless note or a comment; notes stay."""
    pieces = _NOTE.split(text)
    pieces[::2] = map(_escaped, pieces[::2])
    return "".join(pieces)


def _escaped(text: str) -> str:
    text = _OPEN_BRACE.sub(r"\1\\{", text).replace("[[", r"[\[").replace("/*", r"/\*")
    return _COMMENT.sub(r"\\", text)


def quoted(text: str) -> str:
    """Return a string of a directive."""
    return '"' + one_line(text).replace("\\", r"\\").replace('"', r"\"") + '"'


def heading(text: str, number: str = "") -> str:
    """Return a scene heading, forced where it does not begin with INT, EXT or the like."""
    text = one_line(text)
    label = number.replace("#", "").strip()
    tail = f" #{label}#" if label else ""
    forced = re.sub(r"^\W+", "", text) or "SCENE"
    return _first_that_reads((text + tail, f".{forced}{tail}"), _is_heading) or f".SCENE{tail}"


def action(text: str) -> str:
    """Return a paragraph of action, its lines kept where they can be."""
    lines = [line.rstrip() for line in escaped(text).splitlines() if line.strip()]
    if not lines:
        return ""
    whole = "\n".join(lines)
    joined = " ".join(line.strip() for line in lines)
    return _first_that_reads((whole, f"!{whole}"), _is_paragraph) or f"!{joined}"


def speech(cue: str, lines: Sequence[str], *, dual: bool = False) -> str:
    """Return a cue and the lines under it; without any line it is action."""
    cue = one_line(cue).lstrip("@")
    said = [escaped(line).strip() or "  " for text in lines for line in text.split("\n")]
    while said and not said[-1].strip():
        said.pop()
    if not cue or not said:
        return action("\n".join([cue, *said]))
    tail = "\n".join([" ^" * dual, *said])
    forced = f"@{cue[:1].upper()}{cue[1:]}"
    found = _first_that_reads((cue + tail, forced + tail), _is_speech)
    return found or action("\n".join([cue, *said]))


def transition(text: str) -> str:
    """Return a transition."""
    text = one_line(text).rstrip("<")
    return _first_that_reads((text.upper(), f"> {text}"), _is_transition) or action(text)


def centered(text: str) -> str:
    """Return a centred line."""
    return f"> {one_line(text)} <"


def note(text: str) -> str:
    """Return a note of one line; nothing where there is no text."""
    text = one_line(text).replace("]]", "] ]")
    return f"[[{text}]]" if text else ""


def title_page(entries: Iterable[tuple[str, str]]) -> str:
    """Return the title page of keys and values; those without a value are left out."""
    lines = [f"{key}: {one_line(value)}" for key, value in entries if value.strip()]
    return "\n".join(lines)


def page(blocks: Iterable[str]) -> str:
    """Return blocks as a file, an empty line between each two."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def _first_that_reads(candidates: Sequence[str], wanted: Callable[[tree.Item], bool]) -> str | None:
    for candidate in candidates:
        source = Source("", f"{_ABOVE}{candidate}\n\nMore.\n")
        findings = Findings(source)
        items = parse_syntax(source, findings).items
        if len(items) == 3 and wanted(items[1]) and not findings.in_order:
            return candidate
    return None


def _is_heading(item: tree.Item) -> bool:
    return isinstance(item, tree.Line) and item.kind == "heading"


def _is_paragraph(item: tree.Item) -> bool:
    return isinstance(item, tree.Paragraph)


def _is_speech(item: tree.Item) -> bool:
    return isinstance(item, tree.Speech)


def _is_transition(item: tree.Item) -> bool:
    return isinstance(item, tree.Line) and item.kind == "transition"
