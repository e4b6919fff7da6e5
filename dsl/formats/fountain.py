"""The text of a story <-> plain Fountain, in which directives, tags and `//` travel as notes.

`@seed 7` becomes `[[ @seed 7 ]]`, which every reader of Fountain leaves out of the print, and
comes back letter by letter. What a note cannot hold is escaped: `]]` gets a backslash between,
an empty line two spaces, and a note of the writer's own that looks like one of these gets a
backslash in front. Fountain wants empty lines around a heading: they are put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ...errors import Severity, StoryError
from ..diagnostics.findings import Findings
from ..diagnostics.source import BLANK, Source, with_line_feeds
from ..formatting.format import format_story
from ..schema import DIRECTIVES
from ..syntax import tree
from ..syntax.comments import without_comments
from ..syntax.parser import parse_syntax
from .imported import ImportedStory, imported
from .script import escaped

_NOTE = re.compile(r"\[\[([ ]?)(?=[@{/])((?>(?:(?!\]\])[^\n]|\n(?!\n))*))\]\]")
_LIKE_OURS = re.compile(r"\[\[( ?)(?=\\*[@{/])")
_LIKE_OURS_SPARED = re.compile(r"\[\[( ?)\\(?=\\*[@{/])")
# What is a note's contents where it is one of ours.
_OURS = re.compile(r"@([a-z][a-z0-9_-]*)|\{|//")
_BONEYARD = re.compile(r"/\*.*?\*/", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|\[\[.*?\]\]|^[ \t]*//[^\n]*", re.DOTALL | re.MULTILINE)
_TRAILING = re.compile(r"[ \t]*//[^\n]*")
_LOW_CUE = re.compile(r"^@([a-z])(?=[^\n]*\n[ \t]*\S)", re.MULTILINE)
_NOT_PROSE = re.compile(r"[ \t]*(?:[#=>~.]|(?:INT|EXT|EST|I/E)[. /])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def export_fountain(text: str, path: str) -> str:
    """Return a story as plain Fountain.

    Raises:
        StoryError: the story has syntax errors.
    """
    source, items = _parsed(text, path)
    edits = sorted(_edits(items, source.text), key=lambda edit: edit.start)
    pieces: list[str] = []
    done = 0
    for edit in edits:
        if edit.start >= done:
            pieces += source.text[done : edit.start], edit.text
            done = edit.end
    return "".join(pieces) + source.text[done:]


def _parsed(text: str, path: str) -> tuple[Source, tuple[tree.Item, ...]]:
    source = Source(path, text)
    findings = Findings(source)
    syntax = parse_syntax(source, findings)
    if any(d.severity is Severity.ERROR for d in findings.in_order):
        raise StoryError(findings.in_order, source.text)
    return source, syntax.items


def _edits(items: tuple[tree.Item, ...], text: str) -> Iterator[_Edit]:
    for item in items:
        match item:
            case tree.Directive():
                trailing = _TRAILING.match(text, item.end)
                end = trailing.end() if trailing else item.end
                yield _Edit(item.start, end, noted(text[item.start : end]) + _gap(text, end, "@/"))
            case tree.Line(kind="heading"):
                end = text.find("\n", item.start) % (len(text) + 1)
                yield _Edit(end, end, _gap(text, end, ""))
            case tree.Paragraph(lines=lines):
                yield from _in_prose(chain.from_iterable(lines), text)
            case tree.Speech(lines=said):
                spoken = (line.parts for line in said if line.kind == "speech")
                yield from _in_prose(chain.from_iterable(spoken), text)
    blanked = without_comments(text, Findings(Source("", text)))
    for comment in _COMMENT.finditer(text):
        line = comment[0].lstrip(" \t")
        if line.startswith("//") and blanked[comment.end() - 1] == BLANK:
            yield _Edit(comment.end() - len(line), comment.end(), noted(line))
        elif _LIKE_OURS.match(line):
            yield _Edit(comment.start(), comment.end(), _LIKE_OURS.sub(r"[[\1\\", line, count=1))


def _in_prose(parts: Iterator[tree.Part], text: str) -> Iterator[_Edit]:
    for part in parts:
        written = text[part.start : part.end]
        if isinstance(part, tree.InlineTag):
            yield _Edit(part.start, part.end, noted(written))
        elif isinstance(part, tree.Text) and "\\{" in written:
            yield _Edit(part.start, part.end, written.replace("\\{", "{"))


def _gap(text: str, line_end: int, unless: str) -> str:
    """Return the line end that is missing where an empty line belongs after this one."""
    following = text[line_end + 1 :].split("\n", 1)[0].strip()
    return "\n" if following and following[0] not in unless else ""


def noted(text: str) -> str:
    """Return text as a note that comes back as it was."""
    text = re.sub(r"\](\\*)(?=\])", r"]\1\\", text)
    text = re.sub(r"(?m)^[ \t]*$", r"\g<0>  ", text)
    return f"[[ {text} ]]"


def _unnoted(text: str) -> str:
    text = re.sub(r"(?m)^([ \t]*)  $", r"\1", text)
    return re.sub(r"\](\\*)\\(?=\])", r"]\1", text)


def import_fountain(text: str, path: str) -> list[ImportedStory]:
    """Return the story of a Fountain file: itself, with the directives that its notes hold."""
    source = Source(path, with_line_feeds(text))
    findings = Findings(source)
    title_end = _title_end(source)
    pieces = [source.text[:title_end]]
    done = title_end
    for whole in re.finditer(rf"{_BONEYARD.pattern}|{_NOTE.pattern}", source.text, re.DOTALL):
        if whole.start() < done:
            continue
        pieces.append(_prose(source.text[done : whole.start()]))
        pieces.append(_contents(whole, source.text, findings))
        done = whole.end()
    pieces.append(_prose(source.text[done:]))
    story = "".join(pieces)
    try:
        format_story(story, path)
    except StoryError as error:
        for mistake in error.diagnostics:
            place = tree.Node(title_end, title_end)
            message = f"what comes of this file is no story yet: {mistake.message}"
            findings.error("184", place, message, mistake.help)
    name = re.split(r"[\\/]", path)[-1].rsplit(".", 1)[0]
    return [imported(name, story, findings)]


def _title_end(source: Source) -> int:
    entries = parse_syntax(source, Findings(source)).title_page
    return entries[-1].end if entries else 0


def _contents(whole: re.Match[str], text: str, findings: Findings) -> str:
    """Return what a note of ours holds, and any other as it is."""
    if whole[0].startswith("/*"):
        return whole[0]
    contents = whole[2][:-1] if whole[1] and whole[2].endswith(" ") else whole[2].rstrip()
    ours = _OURS.match(contents)
    if ours is None or (ours[1] and ours[1] not in DIRECTIVES):
        return whole[0]
    line_start = text.rfind("\n", 0, whole.start()) + 1
    after = text[whole.end() :].split("\n", 1)[0]
    alone = not text[line_start : whole.start()].strip() and after.lstrip()[:2] in ("", "/*")
    if alone or contents.startswith("{"):
        return _unnoted(contents)
    place = tree.Node(whole.start(), whole.end())
    message = "a directive stands on a line of its own; this one stays a note"
    findings.warning("183", place, message, "give the note its own line")
    return whole[0]


def _prose(text: str) -> str:
    """Return Fountain in which nothing is a tag or a directive by chance."""
    text = _LIKE_OURS_SPARED.sub(r"[[\1", text)
    text = _LOW_CUE.sub(lambda cue: f"@{cue[1].upper()}", text)
    lines = text.split("\n")
    return "\n".join(line if _NOT_PROSE.match(line) else _braces(line) for line in lines)


def _braces(line: str) -> str:
    return escaped(line) if "{" in line or line.lstrip().startswith("//") else line
