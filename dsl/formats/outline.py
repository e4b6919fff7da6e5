"""A plain outline <-> the text of a story: numbered lines, bullets or `#` sections are scenes.

    1. Forest at night: a fox looks for the moon
       She climbs a hill.
    2. EXT. SNOWY HILL - NIGHT

What is indented under a scene is its action. Where a file has
both sections and numbers, the numbers are the scenes; bullets under sections are action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...story import Action, Dialogue, Story
from ..diagnostics.findings import Findings
from ..diagnostics.source import Node, Source
from . import script
from .imported import ImportedStory, imported

_ITEM = re.compile(r"(?P<indent>[ \t]*)(?P<mark>\d{1,4}[.)]|[-*+•–])[ \t]+(?P<text>\S.*)")
_SECTION = re.compile(r"(?P<marks>#{1,6})[ \t]*(?P<text>[^#\s].*?)[ \t#]*")
_PLACE = re.compile(r"(?P<place>[^:.?!]{1,60}):[ \t]+(?P<what>\S.*)")


@dataclass(slots=True)
class _Scene:
    title: str
    section: str = ""
    action: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Outline:
    title: str = ""
    above: list[str] = field(default_factory=list)
    scenes: list[_Scene] = field(default_factory=list)


def import_outline(text: str, path: str) -> list[ImportedStory]:
    """Return the story of an outline, a scene for each of its points."""
    source = Source(path, text)
    findings = Findings(source)
    name = re.split(r"[\\/]", path)[-1].rsplit(".", 1)[0]
    lines = source.text.split("\n")
    items = [item for line in lines if (item := _top_item(line))]
    numbered = any(item["mark"][0].isdigit() for item in items)
    outline = _Outline(_title_section(lines))
    has_sections = any(_SECTION.fullmatch(line.strip()) for line in lines)
    if numbered or not has_sections:
        _by_items(lines, outline)
    else:
        _by_sections(lines, outline)
    if not outline.scenes:
        help = "number the scenes (1. Forest: a fox wakes) or begin them with #"
        place = Node(0, len(lines[0]))
        findings.error("180", place, "this outline has no point that could be a scene", help)
    return [imported(name, _written(outline, name), findings)]


def _top_item(line: str) -> re.Match[str] | None:
    found = _ITEM.fullmatch(line.rstrip())
    return found if found and not found["indent"] else None


def _title_section(lines: list[str]) -> str:
    """Return the words of a single first section above all others, or nothing."""
    marks = [mark for line in lines if (mark := _SECTION.fullmatch(line.strip()))]
    levels = [len(mark["marks"]) for mark in marks]
    has_title = len(levels) > 1 and levels[0] < min(levels[1:])
    return marks[0]["text"] if has_title else ""


def _by_items(lines: list[str], outline: _Outline) -> None:
    section = ""
    for line in lines:
        mark = _SECTION.fullmatch(line.strip())
        item = _top_item(line)
        if item:
            outline.scenes.append(_Scene(item["text"], section))
            section = ""
        elif mark:
            section = mark["text"] if mark["text"] != outline.title else section
        else:
            _add_line(line, outline)


def _by_sections(lines: list[str], outline: _Outline) -> None:
    for line in lines:
        mark = _SECTION.fullmatch(line.strip())
        if mark is None:
            _add_line(line, outline)
        elif outline.scenes or mark["text"] != outline.title:
            outline.scenes.append(_Scene(mark["text"]))


def _add_line(line: str, outline: _Outline) -> None:
    """Add a line to the scene above it; above all scenes the first is the title."""
    if not line.strip():
        return
    if outline.scenes:
        outline.scenes[-1].action.append(_without_mark(line))
    elif outline.title:
        outline.above.append(_without_mark(line))
    else:
        outline.title = line.strip()


def _without_mark(line: str) -> str:
    found = _ITEM.fullmatch(line.rstrip())
    return found["text"] if found else line.strip()


def _written(outline: _Outline, name: str) -> str:
    return script.page(
        [
            script.title_page([("Title", outline.title or name)]),
            *(f"= {line}" for line in outline.above),
            *_blocks(outline.scenes),
        ]
    )


def _blocks(scenes: list[_Scene]) -> Iterator[str]:
    for number, scene in enumerate(scenes, start=1):
        if scene.section:
            yield f"# {scene.section}"
        placed = _PLACE.fullmatch(scene.title)
        yield script.heading(placed["place"] if placed else scene.title, str(number))
        if placed:
            yield script.action(placed["what"])
        elif not scene.action:
            yield script.action(scene.title)
        yield from map(_element, scene.action)


def _element(line: str) -> str:
    """Return action, or a speech where the line is `NAME: words`."""
    placed = _PLACE.fullmatch(line)
    if placed and placed["place"].isupper():
        return script.speech(placed["place"], [placed["what"]])
    return script.action(line)


def export_outline(story: Story) -> str:
    """Return the scenes of a story as numbered lines, what happens in them indented below."""
    lines = [story.title, ""]
    for number, scene in enumerate(story.scenes, start=1):
        lines.append(f"{number}. {scene.heading.text or scene.id}")
        for element in scene.elements:
            match element:
                case Action(text=text) if text:
                    lines.append(f"   - {text}")
                case Dialogue(speaker=speaker, text=text) if text:
                    lines.append(f"   - {speaker}: {text}")
    return "\n".join(lines) + "\n"
