"""The text of a story -> Final Draft's FDX.

A heading's number is its own, a writer's note a note of Final Draft at its place, a synopsis under
a heading the scene's summary. Directives and sections travel as paragraphs in the brackets of a
note and tags as notes, as in Fountain. Boneyards stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from ..diagnostics.findings import Findings
from ..diagnostics.source import Source
from ..resolve.headings import resolve_heading
from ..syntax import tree
from ..syntax.parser import parse_syntax
from .fdx_paragraphs import EXPORTED
from .fdx_title_page import title_page_lines
from .fountain import export_fountain

# An underscore within a word is a letter of it.
_EMPHASIS = re.compile(r"(\*{3}|\*{2}|\*|(?<!\w)_)(?=\S)(.+?)(?<=\S)\1(?!(?<=_)\w)")
_STYLES = {"***": "Bold+Italic", "**": "Bold", "*": "Italic", "_": "Underline"}
_NOTE = re.compile(r"\[\[((?>(?:(?!\]\]).)*))\]\]", re.DOTALL)
_NOT_XML = re.compile("[^\\t\\n\\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'


@dataclass(frozen=True, slots=True)
class _Element:
    """One paragraph as it is written: its type, its text with emphasis and notes in place."""

    kind: str
    text: str
    number: str = ""
    summary: tuple[str, ...] = ()
    is_centered: bool = False


def export_fdx(text: str, path: str) -> str:
    """Return a story as a Final Draft file.

    Raises:
        StoryError: the story has syntax errors.
    """
    fountain = export_fountain(text, path)
    source = Source(path, fountain)
    syntax = parse_syntax(source, Findings(source))
    root = ET.Element("FinalDraft", {"DocumentType": "Script", "Template": "No", "Version": "1"})
    content = ET.SubElement(root, "Content")
    notes = _NoteNumbers()
    dual: ET.Element | None = None
    items = syntax.items
    i = 0
    while i < len(items):
        item = items[i]
        i += 1
        into = content
        if isinstance(item, tree.Speech):
            if _is_dual(item) and dual is not None:
                into, dual = dual, None
            elif i < len(items) and _is_dual(items[i]):
                into = dual = ET.SubElement(ET.SubElement(content, "Paragraph"), "DualDialogue")
        if isinstance(item, tree.Line) and item.kind == "heading":
            synopses = tuple(_synopses(items[i:]))
            i += len(synopses)
            _add(into, _heading(item, synopses, source), notes)
            continue
        for element in _of_item(item, source.text):
            _add(into, element, notes)
    _add_title(root, syntax.title_page, notes)
    ET.indent(content)
    return f"{_DECLARATION}{ET.tostring(root, encoding='unicode')}\n"


class _NoteNumbers:
    """Counts the notes of a file: Final Draft tells them apart by number."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        self._last += 1
        return str(self._last)


def _is_dual(item: tree.Item) -> bool:
    return isinstance(item, tree.Speech) and _cue(item).endswith("^")


def _cue(speech: tree.Speech) -> str:
    """Return a cue without its notes."""
    return _NOTE.sub("", speech.cue.text).strip()


def _synopses(items: Sequence[tree.Item]) -> Iterator[str]:
    """Yield the synopses that follow a heading at once."""
    for item in items:
        if not isinstance(item, tree.Line) or item.kind != "synopsis":
            return
        yield item.text.strip().removeprefix("=").strip()


def _heading(line: tree.Line, synopses: tuple[str, ...], source: Source) -> _Element:
    heading = resolve_heading(line, Findings(source))
    notes = "".join(note[0] for note in _NOTE.finditer(line.text))
    return _Element("Scene Heading", heading.text + notes, heading.number or "", synopses)


def _of_item(item: tree.Item, text: str) -> Iterator[_Element]:
    match item:
        case tree.Line():
            yield _of_line(item)
        case tree.Paragraph():
            written = text[item.start : item.end].removeprefix("!")
            is_ours = EXPORTED.fullmatch(written) or _NOTE.fullmatch(written)
            yield _Element("General" if is_ours else "Action", written.replace("\\{", "{"))
        case tree.Speech(cue=cue, lines=lines):
            notes = "".join(note[0] for note in _NOTE.finditer(cue.text))
            name = _cue(item).removeprefix("@").rstrip("^ \t")
            yield _Element("Character", name + notes)
            for said in lines:
                words = text[said.parts[0].start : said.parts[-1].end]
                kind = {"parenthetical": "Parenthetical", "lyric": "Lyrics"}.get(
                    said.kind, "Dialogue"
                )
                yield _Element(kind, words.removeprefix("~").strip())


def _of_line(line: tree.Line) -> _Element:
    text = line.text.strip()
    match line.kind:
        case "transition":
            return _Element("Transition", text.removeprefix(">").strip())
        case "centered":
            return _Element("Action", text.strip("<> \t"), is_centered=True)
        case "lyric":
            return _Element("Lyrics", text.removeprefix("~").strip())
    return _Element("General", f"[[ {text} ]]")  # sections, synopses, page breaks


def _add(into: ET.Element, element: _Element, notes: _NoteNumbers) -> None:
    attributes = {"Type": element.kind}
    if element.number:
        attributes["Number"] = _clean(element.number)
    if element.is_centered:
        attributes["Alignment"] = "Center"
    paragraph = ET.SubElement(into, "Paragraph", attributes)
    if element.summary:
        properties = ET.SubElement(paragraph, "SceneProperties")
        summary = ET.SubElement(properties, "Summary")
        for line in element.summary:
            _add_run(ET.SubElement(summary, "Paragraph"), line, "")
    if element.kind == "General" and EXPORTED.fullmatch(element.text):
        _add_run(paragraph, element.text, "")
        return
    for is_note, piece in _in_turn(element.text):
        if is_note:
            _add_note(paragraph, piece, notes.next())
        else:
            _add_runs(paragraph, piece)


def _in_turn(text: str) -> Iterator[tuple[bool, str]]:
    """Yield what is said and what is noted, in the order of the text."""
    done = 0
    for note in _NOTE.finditer(text):
        yield False, text[done : note.start()]
        yield True, note[1].strip()
        done = note.end()
    yield False, text[done:]


def _add_note(paragraph: ET.Element, text: str, number: str) -> None:
    note = ET.SubElement(paragraph, "ScriptNote", {"ID": number})
    for line in text.split("\n"):
        _add_run(ET.SubElement(note, "Paragraph"), line, "")


def _add_runs(paragraph: ET.Element, text: str) -> None:
    text = text.replace(r"[\[", "[[")  # brackets that are said, not a note
    done = 0
    for emphasis in _EMPHASIS.finditer(text):
        _add_run(paragraph, text[done : emphasis.start()], "")
        _add_run(paragraph, emphasis[2], _STYLES[emphasis[1]])
        done = emphasis.end()
    _add_run(paragraph, text[done:], "")


def _add_run(paragraph: ET.Element, text: str, style: str) -> None:
    if text:
        run = ET.SubElement(paragraph, "Text", {"Style": style} if style else {})
        run.text = _clean(text)


def _add_title(root: ET.Element, entries: Sequence[tree.TitleLine], notes: _NoteNumbers) -> None:
    if lines := title_page_lines(entries):
        content = ET.SubElement(ET.SubElement(root, "TitlePage"), "Content")
        for line in lines:
            _add(content, _Element("General", line, is_centered=True), notes)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
