"""A story + an engine's world -> what the world lacks of it, each at its place in the story.

These are the director's own remarks, made before anything is planned: who cannot be drawn, in
which colours somebody is, which place stands for one that is not known, what cannot all be so,
what the page says and no picture will show, and where the film gets longer than a film may be.
They are the same wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import Diagnostic, Severity, Span
from ...plan import Capabilities
from ...story import Character, Story
from .casting import cast_part
from .continuity import breaks
from .locations import locate
from .reading.glossary import Glossary, gather
from .rules import ReadScene, locations_of, read_scenes, timed_scenes
from .shortcomings.picture_remarks import of_pictures
from .shortcomings.unbuilt import taught_from_clips, unseen

# The digits of every code that `remarks` gives.
REMARKS = frozenset({"019", "129", "135", "136", "137", "138", "139", "140", "148", "150", "192"})


def remarks(
    story: Story, capabilities: Capabilities, *, deep: bool = True
) -> tuple[Diagnostic, ...]:
    """Return what cannot be drawn of a story: by this engine, or because it cannot be.

    Without `deep` no sentence is parsed, which takes most of the time: who has left and is there
    again is not told, and a film's length is that of its paragraphs at least.
    """
    glossary = gather(story, capabilities)
    scenes = read_scenes(story, glossary if deep else None, capabilities)
    _, long = timed_scenes(scenes, capabilities)
    return (
        *_of_cast(story, glossary, capabilities),
        *_of_places(story, scenes, glossary, capabilities),
        *_of_continuity(story, scenes, glossary, capabilities),
        *(of_pictures(story, scenes, glossary, capabilities) if deep and not long else ()),
        *_of_engine(story, scenes, capabilities),
        *([long] if long else ()),
    )


def _of_cast(story: Story, glossary: Glossary, world: Capabilities) -> Iterator[Diagnostic]:
    for member in story.cast if world.characters else ():
        part = cast_part(member.name, glossary, world)
        for note in part.notes:
            number = "136" if part.character else "135"
            yield _remark(story, number, member.span, _words(note, number, member, world), world)


def _words(note: str, number: str, member: Character, world: Capabilities) -> str:
    if number == "136":
        return note
    nearest = note.rpartition("the nearest it knows is ")[2]
    if member.kind == "prop":
        return (
            f"{world.name} cannot draw {member.look or member.name}: it is left out, "
            "or drawn from its words alone where @layout places it"
        )
    return (
        f"{world.name} cannot draw {member.look or member.name}; the nearest it knows is {nearest}"
    )


def _of_places(
    story: Story, scenes: Sequence[ReadScene], glossary: Glossary, world: Capabilities
) -> Iterator[Diagnostic]:
    told: set[str] = set()
    located = locations_of(story, scenes, world) if world.places else ()
    for where in located:
        for note in locate(where, "", glossary, world).notes:
            if note not in told:
                told.add(note)
                yield _remark(story, "137", where.heading.span, note, world)


def _of_continuity(
    story: Story, scenes: Sequence[ReadScene], glossary: Glossary, world: Capabilities
) -> Iterator[Diagnostic]:
    for found in breaks([(read.scene, read.passages) for read in scenes], glossary):
        yield _remark(story, found.number, found.span, found.message, world)


def _of_engine(
    story: Story, scenes: Sequence[ReadScene], world: Capabilities
) -> Iterator[Diagnostic]:
    """Yield what the engine has not got yet; that is no mistake, however strict the story is."""
    for picture in unseen(story, world):
        yield Diagnostic("W019", Severity.WARNING, picture.span, picture.message)
    found = taught_from_clips([(read.scene, read.passages) for read in scenes], world)
    if found is not None:
        help = "bring clips with `dreamrunner library add`, or an adapter with lora"
        yield Diagnostic("W192", Severity.WARNING, found.span, found.message, help)


_HELP = {
    "135": "give it a look that is known: {known}",
    "136": None,
    "137": "say with @location what it looks like: {places}",
    "138": "write who hands it over, puts it down or takes it",
    "139": "write that it comes back, or begin a new scene",
}


def _remark(story: Story, number: str, span: Span, message: str, world: Capabilities) -> Diagnostic:
    severity = Severity.ERROR if story.strict else Severity.WARNING
    help = _HELP[number]
    words = help and help.format(
        known=", ".join((*world.characters, *world.things)), places=", ".join(world.places.values())
    )
    return Diagnostic(f"{severity.value[0].upper()}{number}", severity, span, message, words)
