"""The XML of a Final Draft file -> its paragraphs: text, notes on it, a scene's summary.

Final Draft writes a note before the text of the paragraph that it hangs on; here it stands after
the text. What a story has no place for is reported, not dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from ..diagnostics.findings import MAX_FINDINGS, Findings
from ..diagnostics.source import Node
from . import script

# What an export of a story writes as a paragraph: a directive, a comment, a section, a synopsis.
EXPORTED = re.compile(r"\[\[ [@{/#=].* \]\]", re.DOTALL)
# Parts of a paragraph that say how it is printed, and nothing of the story.
_LAYOUT = frozenset({"TabStops", "DynamicLabel", "PageBreak"})
# Parts of a script that are no page of it: what each is called, where it has anything in it.
_BESIDE_THE_SCRIPT = {
    "AltCollection": "the alternative lines",
    "DisplayBoards": "the beat board",
    "HeaderAndFooter": "the header and the footer of the pages",
    "TagData": "the tags for the production",
}
# Elements of one line that are read as a whole: a note would become a part of them.
_ONE_LINE = frozenset({"Scene Heading", "Character", "Transition", "Parenthetical", "Lyrics"})
# Elements in which a note may go over several lines.
_SEVERAL_LINES = frozenset({"Action", "General"})
# Those that marks of emphasis would make something else of.
_PLAIN = frozenset({"Scene Heading", "Character", "Transition"})


@dataclass(frozen=True, slots=True)
class FdxParagraph:
    """One paragraph of FDX: its type, and its text with emphasis and notes as Fountain has them.

    A note that may not stand in the text, since it would become a part of a heading or of a cue,
    is in `notes`.
    """

    kind: str
    text: str
    number: str = ""
    notes: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    is_centered: bool = False
    is_dual: bool = False


class ParagraphReader:
    """Reads the paragraphs of one file, and reports what stays behind."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._said: set[str] = set()

    def paragraphs(self, content: ET.Element, *, is_dual: bool = False) -> Iterator[FdxParagraph]:
        """Yield the paragraphs in order; the second speech of two at once is marked."""
        for element in content:
            if element.tag != "Paragraph":
                self._check_known(element)
            elif (dual := element.find("DualDialogue")) is not None and not is_dual:
                yield from _second_is_dual(self.paragraphs(dual, is_dual=True))
            else:
                yield self._paragraph(element)

    def stays_behind(self, what: str, near: str = "", help: str | None = None) -> None:
        """Warn, once, of something that the story will not have."""
        if what in self._said:
            return
        self._said.add(what)
        near = near if len(self._said) <= MAX_FINDINGS else ""  # no more of them are shown
        start = max(0, self._findings.source.text.find(near))
        place = Node(start, start + max(1, len(near)))
        self._findings.warning("183", place, what, help)

    def check_rest(self, root: ET.Element) -> None:
        """Report what a file holds beside its script."""
        for tag, name in _BESIDE_THE_SCRIPT.items():
            if any(words(element) for element in root.iter(tag)):
                self.stays_behind(f"{name} cannot be carried over", f"<{tag}")

    def _paragraph(self, element: ET.Element) -> FdxParagraph:
        kind = element.get("Type", "Action")
        pieces: list[tuple[bool, str]] = []  # whether it is a note, and its text
        summary: list[str] = []
        for child in element:
            if child.tag == "Text":
                pieces.append((False, _run(child, plain=kind in _PLAIN)))
            elif child.tag == "ScriptNote":
                note = _note(child)
                note = note if kind in _SEVERAL_LINES else script.one_line(note)
                pieces += [(True, note)] if note else []
            elif child.tag == "SceneProperties":
                summary += self._summary(child)
                title = " ".join(child.get("Title", "").split())
                pieces += [(True, f"[[{_unclosed(title)}]]")] if title else []
            else:
                self._check_known(child)
        text, notes = _joined(pieces, apart=kind in _ONE_LINE)
        written = "".join(piece for _, piece in pieces)
        if kind == "General" and EXPORTED.fullmatch(written.strip()):
            text, notes = written, ()
        return FdxParagraph(
            kind,
            text,
            element.get("Number", ""),
            notes,
            tuple(summary),
            is_centered=element.get("Alignment") == "Center",
        )

    def _summary(self, properties: ET.Element) -> list[str]:
        for child in properties:
            if child.tag != "Summary":
                names = [beat.get("Name", "") for beat in child.iter("CharacterArcBeat")]
                said = ", ".join(filter(None, [*names, words(child)]))
                if said:
                    message = f"the arcs of characters in a scene cannot be carried over: {said}"
                    self.stays_behind(message, f"<{child.tag}")
        found = properties.iterfind("Summary/Paragraph")
        return [text for paragraph in found if (text := words(paragraph))]

    def _check_known(self, element: ET.Element) -> None:
        said = words(element)
        if said and element.tag not in _LAYOUT:
            near = f"<{element.tag}"
            self.stays_behind(f'what <{element.tag}> says cannot be carried over: "{said}"', near)


def words(element: ET.Element) -> str:
    """Return all text of an element on one line."""
    return " ".join(" ".join(element.itertext()).split())


def _second_is_dual(paragraphs: Iterable[FdxParagraph]) -> Iterator[FdxParagraph]:
    cues = 0
    for paragraph in paragraphs:
        cues += paragraph.kind == "Character"
        yield replace(paragraph, is_dual=paragraph.kind == "Character" and cues == 2)


def _joined(pieces: Iterable[tuple[bool, str]], *, apart: bool) -> tuple[str, tuple[str, ...]]:
    """Return the text, and the notes that stand apart from it: all, or none.

    In the text a note keeps its place, but one before any words stands after them.
    """
    text, run, notes = "", "", []
    for is_note, piece in pieces:
        if not is_note:
            run += piece
        elif apart or not (text + run).strip():
            notes.append(piece)
        else:
            gap = "" if run[-1:] in (" ", "\n") else " "
            text, run = f"{text}{_spoken(run)}{gap}{piece}", ""
    text += _spoken(run)
    if apart:
        return text, tuple(notes)
    return " ".join([*([text.rstrip()] if text.strip() else []), *notes]) if notes else text, ()


def _spoken(text: str) -> str:
    """Return text in which brackets that somebody wrote or says open no note."""
    return text.replace("[[", r"[\[")


def _note(element: ET.Element) -> str:
    """Return a note with its brackets; its paragraphs are its lines."""
    lines = ["".join(run.text or "" for run in p.iter("Text")) for p in element.iter("Paragraph")]
    said = "\n".join(line for line in lines if line.strip()) or words(element)
    return f"[[{_unclosed(said.strip())}]]" if said.strip() else ""


def _unclosed(text: str) -> str:
    return text.replace("]]", "] ]")


def _run(text: ET.Element, *, plain: bool) -> str:
    """Return a run of text with the marks of Fountain around what is emphasised, unless `plain`."""
    written = text.text or ""
    styles = text.get("Style", "").split("+")
    if "AllCaps" in styles:
        written = written.upper()
    marks = "*" * (2 * ("Bold" in styles) + ("Italic" in styles))
    line = "_" * ("Underline" in styles)
    bare = written.strip()
    if plain or not bare or not (marks or line):
        return written
    before, _, after = written.partition(bare)
    return f"{before}{line}{marks}{bare}{marks}{line}{after}"


def section_of(kind: str, text: str) -> str | None:
    """Return the section that an act or a line of the outline becomes; None for anything else."""
    if kind == "New Act":
        return f"# {script.one_line(text)}"
    if kind.startswith("Outline ") and kind[8:].isdecimal():
        return f"{'#' * min(6, int(kind[8:]) + 1)} {script.one_line(text)}"
    return None
