"""A filled-in form -> the text of a story, mended where mechanics can mend it.

Everything in it is data: each text is written so that the parser reads it as what it is, and none
of it can open a directive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from ...dsl import format_story
from ...dsl.formats import script
from ..director.llm.prompts import one_line
from .forms import ActionForm, LineForm, StoryForm, WrittenSceneForm

# More than a paragraph, a line, a look or a name can hold.
_MOST_ACTION, _MOST_WORDS, _MOST_LOOK, _MOST_NAME = 600, 300, 120, 30
_NARRATOR = "NARRATOR"


def story_text(form: StoryForm) -> str:
    """Return the text of the story that a form holds."""
    names = {member.name: cast_name(member.name) for member in form.cast}
    cast = [
        f"@character {names[member.name]}: {script.escaped(one_line(member.look, _MOST_LOOK))}"
        for member in form.cast
        if names[member.name]
    ]
    blocks = [
        script.title_page([("Title", one_line(form.title, 80) or "Untitled")]),
        "\n".join(dict.fromkeys(cast)),
    ]
    known = [name for name in dict.fromkeys(names.values()) if name]
    for number, scene in enumerate(form.scenes, start=1):
        blocks += _scene(scene, number, known)
    return format_story(script.page(blocks), "written.story")


def cast_name(written: str) -> str:
    """Return a name as the cast has it: capitals, no articles, no word that begins with a digit."""
    words = re.sub(r"[^\w' -]|_", " ", one_line(written, _MOST_NAME).upper()).split()
    if len(words) > 1 and words[0] in ("A", "AN", "THE"):
        words = words[1:]
    return " ".join(word for word in words if not word[0].isdigit())


def _scene(scene: WrittenSceneForm, number: int, known: list[str]) -> Iterator[str]:
    place = re.sub(r"[^\w' -]|_", " ", one_line(scene.place, 60).upper()).strip() or "SOMEWHERE"
    place = re.sub(r"^(?:(?:INT|EXT)\b\s*)+", "", " ".join(place.split())) or "SOMEWHERE"
    yield script.heading(f"{scene.setting}. {place} - {scene.time}", str(number))
    for paragraph in scene.paragraphs:
        yield from _paragraph(paragraph, known)


def _paragraph(paragraph: ActionForm, known: list[str]) -> Iterator[str]:
    yield script.action(one_line(paragraph.action, _MOST_ACTION))
    for line in paragraph.said:
        words = one_line(line.words, _MOST_WORDS)
        if words:
            yield script.speech(_cue(line, known), [words])


def _cue(line: LineForm, known: list[str]) -> str:
    """Return the cue of a line: a name that is nearly one of the cast's is that one."""
    name = cast_name(line.by) or _NARRATOR
    near = get_close_matches(name, known, n=1, cutoff=0.8)
    name = name if name in known or not near else near[0]
    return f"{name} (V.O.)" if line.heard_only and name != _NARRATOR else name
