"""Final Draft's FDX <-> the text of a story.

Headings with their numbers, action, speeches (dual ones too), parentheticals, transitions, centred
lines, lyrics, emphasis and the title page travel both ways; directives, tags, sections
and synopses travel as notes, as in Fountain. A file from elsewhere is not trusted: entities,
external references and document types are refused. Boneyards stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ..diagnostics.findings import Findings
from ..diagnostics.source import Source
from ..schema import TITLE_KEYS
from ..syntax import tree
from ..syntax.parser import parse_syntax
from . import script
from .fountain import export_fountain, import_fountain
from .imported import ImportedStory, imported

_NUMBER = re.compile(r"[ \t]*#([^#\s][^#]*)#\s*$")
_EMPHASIS = re.compile(r"(\*{3}|\*{2}|\*|_)(?=\S)(.+?)(?<=\S)\1")
_STYLES = {"***": "Bold+Italic", "**": "Bold", "*": "Italic", "_": "Underline"}
_NOT_XML = re.compile("[^\\t\\n\\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
_SPEECH = ("Character", "Dialogue", "Parenthetical", "Lyrics")
_MARKED = re.compile(r"\[\[ ((?:#|=)[^\n]*) \]\]")  # a section, a synopsis, a page break
_KEYED = re.compile(r"([A-Za-z][A-Za-z ]*): (.+)")
_CREDITS = re.compile(r"(?i)written by|by|screenplay by|story by")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """One paragraph of FDX: its type, its text with emphasis as Fountain has it."""

    kind: str
    text: str
    number: str = ""
    is_centered: bool = False
    is_dual: bool = False


def import_fdx(text: str, path: str) -> list[ImportedStory]:
    """Return the story of a Final Draft file; one that is no such file is reported."""
    name = re.split(r"[\\/]", path)[-1].rsplit(".", 1)[0]
    findings = Findings(Source(path, text))
    root = _root(text, findings)
    content = root.find("Content") if root is not None else None
    if root is None or content is None:
        if not findings.in_order:
            _refuse(findings, "this is no Final Draft file: it has no script in it")
        return [imported(name, None, findings)]
    front = script.title_page(_title_entries(root))
    page = script.page([front, *_blocks(list(_paragraphs(content)))])
    return [
        ImportedStory(name, story.text, (*findings.in_order, *story.diagnostics), story.source)
        for story in import_fountain(page, path)
    ]


def _root(text: str, findings: Findings) -> ET.Element | None:
    text = text.removeprefix("\ufeff").lstrip()
    try:
        root: ET.Element = fromstring(text.encode("utf-8"), forbid_dtd=True)
    except DefusedXmlException:
        _refuse(findings, "a document type or an entity in an FDX file is not trusted")
        return None
    except (ET.ParseError, ValueError, LookupError) as problem:
        _refuse(findings, f"this is no XML: {problem}")
        return None
    return root if root.tag == "FinalDraft" else None


def _refuse(findings: Findings, message: str) -> None:
    help = "save the script as Final Draft Document (.fdx) again"
    findings.error("180", tree.Node(0, 1), message, help)


def _paragraphs(content: ET.Element, *, is_dual: bool = False) -> Iterator[_Paragraph]:
    for paragraph in content.iterfind("Paragraph"):
        if (dual := paragraph.find("DualDialogue")) is not None and not is_dual:
            yield from _second_is_dual(_paragraphs(dual, is_dual=True))
            continue
        yield _Paragraph(
            paragraph.get("Type", "General"),
            "".join(map(_piece, paragraph)),
            paragraph.get("Number", ""),
            is_centered=paragraph.get("Alignment") == "Center",
        )


def _second_is_dual(paragraphs: Iterable[_Paragraph]) -> Iterator[_Paragraph]:
    cues = 0
    for paragraph in paragraphs:
        cues += paragraph.kind == "Character"
        is_second = paragraph.kind == "Character" and cues == 2
        yield _Paragraph(paragraph.kind, paragraph.text, is_dual=is_second)


def _piece(child: ET.Element) -> str:
    """Return what a part of a paragraph says: a run of its text, or a note on it."""
    if child.tag == "Text":
        return _run(child)
    if child.tag != "ScriptNote":
        return ""
    said = " ".join(" ".join(child.itertext()).split()).replace("]]", "] ]")
    return f" [[{said}]]" if said else ""


def _run(text: ET.Element) -> str:
    """Return a run of text with the marks of Fountain around what is emphasised."""
    words = text.text or ""
    styles = text.get("Style", "").split("+")
    marks = "*" * (2 * ("Bold" in styles) + ("Italic" in styles))
    line = "_" * ("Underline" in styles)
    bare = words.strip()
    if not bare or not (marks or line):
        return words
    before, _, after = words.partition(bare)
    return f"{before}{line}{marks}{bare}{marks}{line}{after}"


def _blocks(paragraphs: Sequence[_Paragraph]) -> Iterator[str]:
    i = 0
    while i < len(paragraphs):
        paragraph = paragraphs[i]
        i += 1
        if paragraph.kind == "Character":
            said = []
            while i < len(paragraphs) and paragraphs[i].kind in _SPEECH[1:]:
                said.append(_said(paragraphs[i]))
                i += 1
            yield script.speech(paragraph.text, said, dual=paragraph.is_dual)
        else:
            yield _block(paragraph)


def _said(paragraph: _Paragraph) -> str:
    text = paragraph.text.strip()
    match paragraph.kind:
        case "Parenthetical":
            return f"({text.strip('()')})"
        case "Lyrics":
            return f"~{script.one_line(text)}"
    return text


def _block(paragraph: _Paragraph) -> str:
    text = paragraph.text.strip()
    match paragraph.kind:
        case _ if not text:
            return ""
        case "Scene Heading":
            return script.heading(text, paragraph.number)
        case "Transition":
            return script.transition(text)
        case "Lyrics":
            return f"~{script.one_line(text)}"
        case "General" if marked := _MARKED.fullmatch(text):
            return marked[1]
        case "General" if text.startswith("[[") and text.endswith("]]"):
            return text  # what an export of a story put there
        case _ if paragraph.is_centered:
            return script.centered(text)
    return script.action(text)


def _title_entries(root: ET.Element) -> Iterator[tuple[str, str]]:
    content = root.find("TitlePage/Content")
    lines = [p.text.strip() for p in _paragraphs(content)] if content is not None else []
    keyed = [
        entry for line in lines if (entry := _KEYED.fullmatch(line)) and entry[1] in TITLE_KEYS
    ]
    lines = [line for line in lines if line and line not in {entry[0] for entry in keyed}]
    if lines:
        yield "Title", lines[0].strip("_*")
    for before, line in zip(lines, lines[1:], strict=False):
        if _CREDITS.fullmatch(before):
            yield "Author", line
    yield from ((entry[1], entry[2]) for entry in keyed)


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
    dual: ET.Element | None = None
    for i, item in enumerate(syntax.items):
        into = content
        if isinstance(item, tree.Speech):
            following = syntax.items[i + 1] if i + 1 < len(syntax.items) else None
            if _is_dual(item) and dual is not None:
                into, dual = dual, None
            elif following is not None and _is_dual(following):
                into = dual = ET.SubElement(ET.SubElement(content, "Paragraph"), "DualDialogue")
        for paragraph in _of_item(item, source.text):
            _add(into, paragraph)
    _add_title(root, syntax.title_page)
    ET.indent(content)
    return f"{_DECLARATION}{ET.tostring(root, encoding='unicode')}\n"


def _is_dual(item: tree.Item) -> bool:
    return isinstance(item, tree.Speech) and item.cue.text.rstrip().endswith("^")


def _of_item(item: tree.Item, text: str) -> Iterator[_Paragraph]:
    match item:
        case tree.Line():
            yield _of_line(item)
        case tree.Paragraph():
            written = text[item.start : item.end].removeprefix("!")
            kind = "General" if written.startswith("[[") and written.endswith("]]") else "Action"
            yield _Paragraph(kind, written.replace("\\{", "{"))
        case tree.Speech(cue=cue, lines=lines):
            yield _Paragraph("Character", cue.text.strip().removeprefix("@").rstrip("^ \t"))
            for said in lines:
                words = text[said.parts[0].start : said.parts[-1].end]
                kind = {"parenthetical": "Parenthetical", "lyric": "Lyrics"}.get(
                    said.kind, "Dialogue"
                )
                yield _Paragraph(kind, words.removeprefix("~").strip())


def _of_line(line: tree.Line) -> _Paragraph:
    text = line.text.strip()
    match line.kind:
        case "heading":
            number = _NUMBER.search(text)
            bare = text[: number.start()] if number else text
            return _Paragraph("Scene Heading", bare.removeprefix("."), number[1] if number else "")
        case "transition":
            return _Paragraph("Transition", text.removeprefix(">").strip())
        case "centered":
            return _Paragraph("Action", text.strip("<> \t"), is_centered=True)
        case "lyric":
            return _Paragraph("Lyrics", text.removeprefix("~").strip())
    return _Paragraph("General", f"[[ {text} ]]")  # sections, synopses, page breaks


def _add(into: ET.Element, paragraph: _Paragraph) -> None:
    attributes = {"Type": paragraph.kind}
    if paragraph.number:
        attributes["Number"] = _clean(paragraph.number)
    if paragraph.is_centered:
        attributes["Alignment"] = "Center"
    element = ET.SubElement(into, "Paragraph", attributes)
    done = 0
    styled = [] if paragraph.kind == "General" else list(_EMPHASIS.finditer(paragraph.text))
    for emphasis in styled:
        _add_run(element, paragraph.text[done : emphasis.start()], "")
        _add_run(element, emphasis[2], _STYLES[emphasis[1]])
        done = emphasis.end()
    _add_run(element, paragraph.text[done:], "")


def _add_run(element: ET.Element, text: str, style: str) -> None:
    if text:
        run = ET.SubElement(element, "Text", {"Style": style} if style else {})
        run.text = _clean(text)


def _add_title(root: ET.Element, entries: Sequence[tree.TitleLine]) -> None:
    lines = []
    for entry in entries:
        value = script.one_line(entry.value.text)
        key = entry.key.text.casefold()
        if key == "title":
            lines.append(value)
        elif key in ("author", "authors"):
            lines += "Written by", value
        else:
            lines.append(f"{entry.key.text}: {value}")
    if lines:
        content = ET.SubElement(ET.SubElement(root, "TitlePage"), "Content")
        for line in lines:
            _add(content, _Paragraph("General", line, is_centered=True))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
