"""Final Draft's FDX -> the text of a story.

Headings with their numbers, summaries of scenes (as synopses), action, speeches (dual ones too),
parentheticals, transitions, centred lines, lyrics, emphasis, notes and the title page come over.
Acts and lines of an outline become sections; a cast list is a note: none of them is filmed. What a
story has no place for is said. A file from elsewhere is not trusted: entities, external references
and document types are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ..diagnostics.findings import Findings
from ..diagnostics.source import Source
from ..syntax import tree
from . import script
from .fdx_paragraphs import FdxParagraph, ParagraphReader, section_of
from .fdx_title_page import read_title_page
from .fountain import import_fountain
from .imported import ImportedStory, imported

_SPEECH = ("Dialogue", "Parenthetical", "Lyrics", "Singing")
_MARKED = re.compile(r"\[\[ ((?:#|=)[^\n]*) \]\]")  # a section, a synopsis, a page break
# Paragraphs that are read and not filmed, and those that are action by another name.
_NOT_FILMED = frozenset({"Cast List", "End of Act", "Show/Ep. Title"})
_ACTION = frozenset({"Action", "General", "Shot"})


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
    reader = ParagraphReader(findings)
    front = script.title_page(read_title_page(root, reader))
    page = script.page([front, *_blocks(list(reader.paragraphs(content)), reader)])
    reader.check_rest(root)
    # The diagnostics of the page that was made are shown at the top of the file that was read.
    top = findings.source.span(0, 1)
    return [
        ImportedStory(
            name,
            story.text,
            (*findings.in_order, *(replace(d, span=top) for d in story.diagnostics)),
            findings.source.text,
        )
        for story in import_fountain(page, path)
    ]


def _root(text: str, findings: Findings) -> ET.Element | None:
    text = text.removeprefix("\ufeff").lstrip()
    try:
        # As text: it is decoded already, whatever encoding its first line declares.
        root: ET.Element = fromstring(text, forbid_dtd=True)
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


def _blocks(paragraphs: Sequence[FdxParagraph], reader: ParagraphReader) -> Iterator[str]:
    i = 0
    while i < len(paragraphs):
        paragraph = paragraphs[i]
        i += 1
        if paragraph.kind != "Character":
            yield from _block(paragraph, reader)
            continue
        lines = []
        while i < len(paragraphs) and paragraphs[i].kind in _SPEECH:
            lines.append(paragraphs[i])
            i += 1
        yield _speech(paragraph, lines, reader)


def _speech(cue: FdxParagraph, lines: Sequence[FdxParagraph], reader: ParagraphReader) -> str:
    """Return a speech, the notes on its cue and its parentheticals after what is said."""
    said = [_said(line) for line in lines if line.text.strip()]
    notes = " ".join(note for line in (cue, *lines) for note in line.notes)
    if said:
        said[-1] += f" {notes}" if notes else ""
        return script.speech(cue.text, said, dual=cue.is_dual)
    name = script.one_line(cue.text)
    if name:
        message = f'nobody says anything under the cue "{name}": it stays as a note'
        reader.stays_behind(message, f">{name}<")
    return script.note(" ".join(filter(None, (name, notes))).replace("[[", "").replace("]]", ""))


def _said(paragraph: FdxParagraph) -> str:
    text = paragraph.text.strip()
    match paragraph.kind:
        case "Parenthetical":
            return text if text.startswith("(") and text.endswith(")") else f"({text})"
        case "Lyrics" | "Singing":
            return f"~{script.one_line(text)}"
    return text


def _block(paragraph: FdxParagraph, reader: ParagraphReader) -> Iterator[str]:
    """Yield a paragraph that nobody says, a scene's summary, and the notes of both."""
    yield _element(paragraph, reader)
    yield from (f"= {line}" for line in paragraph.summary)
    yield from paragraph.notes


def _element(paragraph: FdxParagraph, reader: ParagraphReader) -> str:
    text, kind = paragraph.text.strip(), paragraph.kind
    if not text:
        return ""
    if section := section_of(kind, text):
        return section
    match kind:
        case "Scene Heading":
            return script.heading(text, paragraph.number)
        case "Transition":
            return script.transition(text)
        case "Lyrics" | "Singing":
            return f"~{script.one_line(text)}"
        case "Outline Body":
            return f"= {script.one_line(text)}"
        case "General" if marked := _MARKED.fullmatch(text):
            return marked[1]
        case "General" if text.startswith("[[ ") and text.endswith("]]"):
            return text  # what an export of a story put there
        case _ if kind in _NOT_FILMED:
            return script.note(f"{kind}: {text}")
    if kind not in _ACTION:
        message = f'a paragraph of the type "{kind}" is read as action'
        reader.stays_behind(message, f'"{kind}"', "if it is not to be filmed, make it a note")
    return script.centered(text) if paragraph.is_centered else script.action(text)
