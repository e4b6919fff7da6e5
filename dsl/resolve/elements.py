"""Paragraphs, speeches and lines of the syntax tree -> the elements of a scene.

Prose loses its line breaks, notes and tags: where the lines of a paragraph end is layout, and the
span still says where everything stood. Emphasis is kept as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from ...story import Action, Dialogue, Element, Mark, Stretch, Tag
from ..diagnostics.findings import Findings
from ..syntax import tree
from ..syntax.setting import NOTE

_ESCAPE = re.compile(r"\\([{}\[\\])")
_EXTENSION = re.compile(r"\(([^()]*)\)")
_ASIDE = re.compile(NOTE)
_SPACES = re.compile(r"\s+")
# Words with one space between: so many letters in the text as in the file.
_RUN = re.compile(r"\S+(?:\s\S+)*")

ResolveTag = Callable[[tree.InlineTag], Tag | None]


def resolve_paragraph(
    paragraph: tree.Paragraph, resolve_tag: ResolveTag, findings: Findings
) -> Iterator[Element]:
    """Yield the action of a paragraph and its notes; a paragraph of notes is no action."""
    parts = [part for line in paragraph.lines for part in line]
    text, stretches = _prose(paragraph.lines, findings)
    tags = tuple(_tags(parts, resolve_tag))
    if text == "}":
        findings.error("004", paragraph, "this } closes nothing", "a block opens with {")
    elif text or tags:
        span = findings.source.span(paragraph.start, paragraph.end)
        yield Action(text, span, tags, stretches)
    yield from _notes(parts, findings)


def resolve_speech(
    speech: tree.Speech, speaker: str, resolve_tag: ResolveTag, findings: Findings
) -> Iterator[Element]:
    """Yield what the speaker, known by this id, says, and the beats that tags within it state."""
    _, extension = split_cue(speech.cue.text)
    said: list[str] = []
    parentheticals = []
    for line in speech.lines:
        text = _line_text(line.parts)
        if line.kind == "parenthetical":
            parentheticals.append(text[1:-1].strip())
        else:
            said.append(text.removeprefix("~").strip() if line.kind == "lyric" else text)
    parts = [part for line in speech.lines for part in line.parts]
    span = findings.source.span(speech.start, speech.end)
    text = " ".join(filter(None, said))
    dual = _ASIDE.sub(" ", speech.cue.text).rstrip().endswith("^")
    yield Dialogue(speaker, extension, text, span, tuple(parentheticals), dual)
    tags = tuple(_tags(parts, resolve_tag))
    if tags:
        # A beat beside the words: an action without prose of its own.
        yield Action("", span, tags)
    yield from asides(speech.cue, findings)
    yield from _notes(parts, findings)


def asides(line: tree.Text | tree.Line, findings: Findings) -> Iterator[Mark]:
    """Yield the notes beside the words of a cue or of a heading."""
    for note in _ASIDE.finditer(line.text):
        span = findings.source.span(line.start + note.start(), line.start + note.end())
        yield Mark("note", note[0][2:-2].strip(), span)


def resolve_line(line: tree.Line, findings: Findings) -> Mark:
    """Return a line that is kept but not drawn. Headings are not for this."""
    kind = line.kind
    assert kind != "heading"
    text = line.text.strip()
    match kind:
        case "centered":
            text = text.removeprefix(">").removesuffix("<").strip()
        case "transition":
            text = text.removeprefix(">").strip()
        case "section":
            text = text.lstrip("#").strip()
        case "synopsis":
            text = text.removeprefix("=").strip()
        case "lyric":
            text = text.removeprefix("~").strip()
        case "page-break":
            text = ""
    return Mark(kind, text, findings.source.span(line.start, line.end))


def split_cue(cue: str) -> tuple[str, str]:
    """Return the speaker in capitals and the extensions of a cue, without `@`, `^` and notes."""
    cue = _ASIDE.sub(" ", cue).replace("（", "(").replace("）", ")")
    cue = cue.strip().removeprefix("@").rstrip("^ \t")
    speaker, bracket, rest = cue.partition("(")
    extension = ", ".join(part.strip() for part in _EXTENSION.findall(bracket + rest))
    return _SPACES.sub(" ", speaker).strip().upper(), extension


def _prose(
    lines: Sequence[Sequence[tree.Part]], findings: Findings
) -> tuple[str, tuple[Stretch, ...]]:
    """Return the text of some lines, and where its words stand in the file."""
    text = ""
    stretches: list[Stretch] = []
    for line in lines:
        apart = True
        for words, start in _words(line):
            if start is None:
                apart = True
                continue
            text += " " if apart and text else ""
            stretches.append(Stretch(len(text), findings.source.span(start, start + len(words))))
            text += words
            apart = False
    return text, tuple(stretches)


def _words(line: Sequence[tree.Part]) -> Iterator[tuple[str, int | None]]:
    """Yield the words of a line as they are, with their place; None where a space parts them."""
    for part in line:
        if not isinstance(part, tree.Text):
            yield "", None
            continue
        done = 0
        for run in _RUN.finditer(part.text):
            if run.start() > done:
                yield "", None
            begun = run.start()
            for escape in _ESCAPE.finditer(part.text, run.start(), run.end()):
                if escape.start() > begun:
                    yield _SPACES.sub(" ", part.text[begun : escape.start()]), part.start + begun
                begun = escape.start() + 1
            yield _SPACES.sub(" ", part.text[begun : run.end()]), part.start + begun
            done = run.end()
        if done < len(part.text):
            yield "", None


def _line_text(parts: Sequence[tree.Part]) -> str:
    text = "".join(part.text if isinstance(part, tree.Text) else " " for part in parts)
    text = _SPACES.sub(" ", text).strip()
    # What a tag or a note leaves behind before a full stop is no space of the writer's.
    return _ESCAPE.sub(r"\1", text)


def _tags(parts: Iterable[tree.Part], resolve_tag: ResolveTag) -> Iterator[Tag]:
    for part in parts:
        if isinstance(part, tree.InlineTag):
            tag = resolve_tag(part)
            if tag is not None:
                yield tag


def _notes(parts: Iterable[tree.Part], findings: Findings) -> Iterator[Mark]:
    for part in parts:
        if isinstance(part, tree.Note):
            yield Mark("note", part.text, findings.source.span(part.start, part.end))
