"""A story's page and an engine -> the story, with all that is wrong or will not be drawn of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Severity, StoryError

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..plan import Capabilities
    from ..story import Character


def check_story(path: Path, engine: str, *, deep: bool = False) -> ParsedStory:
    """Parse and check a story for an engine; every mistake is in the result.

    `deep` also reads every sentence, which takes a parser and most of the time.

    Raises:
        InputError: the file cannot be read as text.
    """
    return _with_remarks(_loaded(path, engine), engine, path.parent, deep=deep)


def parse_story(path: Path, engine: str, known: Capabilities | None = None) -> ParsedStory:
    """Return a story that can be filmed, with its warnings.

    `known` is what the engine can do with the critic that was chosen, where that is not its own.

    Raises:
        InputError: the file cannot be read as text.
        StoryError: the story has errors.
    """
    parsed = _loaded(path, engine, known)
    if not parsed.errors:  # else nothing will be drawn, and what is wrong comes first
        parsed = _with_remarks(parsed, engine, path.parent, deep=True)
    if parsed.errors or parsed.story is None:
        raise StoryError(parsed.diagnostics, parsed.source)
    return parsed


def _loaded(path: Path, engine: str, known: Capabilities | None = None) -> ParsedStory:
    from ..dsl import load_story
    from ..engine.family import capabilities

    return load_story(path, capabilities=known or capabilities(engine))


def _with_remarks(parsed: ParsedStory, engine: str, folder: Path, *, deep: bool) -> ParsedStory:
    """Return the story with what the engine cannot draw of it, and what it takes from pictures."""
    from ..agents.director.remarks import remarks
    from ..engine.family import capabilities

    if parsed.story is None:
        return parsed
    parsed = _with_looks(parsed, engine, folder)
    assert parsed.story is not None
    return parsed.with_more(remarks(parsed.story, capabilities(engine), deep=deep))


def _with_looks(parsed: ParsedStory, engine: str, folder: Path) -> ParsedStory:
    """Return the story with what an engine of its own figures takes from pictures."""
    story = parsed.story
    if story is None or engine != "storybook" or not any(m.references for m in story.cast):
        return parsed
    from ..agents.director.casting import cast_part, names_color
    from ..agents.director.reading.glossary import gather
    from ..engine.family import capabilities
    from ..engine.storybook.capabilities import coat_colours
    from ..errors import Diagnostic
    from ..tools.looks import DrawnPart, dressed

    world = capabilities(engine)
    people = world.people.character if world.people else None
    glossary = gather(story, world)

    def part(member: Character) -> DrawnPart:
        character = cast_part(member.name, glossary, world).character
        person = people is not None and character == people
        worn = set(world.accessories) & set(member.look.lower().split())
        return DrawnPart(character, person, names_color(member.look), bool(worn))

    found, readings = dressed(story, folder, coat_colours(), part)
    notes = tuple(f"line {r.span.line}: {r.message}" for r in readings if r.acted)
    lost = [
        Diagnostic("W019", Severity.WARNING, r.span, r.message) for r in readings if not r.acted
    ]
    return replace(parsed, story=found, notes=notes).with_more(lost)
