"""Story -> Plan by rules: deterministic, and the default where no language model is configured.

Two levels, as in the paper (arXiv 2411.16657, 3.1): scenes and passages with their motions first,
then for each shot its entities, prompts and boxes on keyframes. What the writer fixed is used as
it stands and recorded as a pin.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ...errors import Diagnostic, Span, StoryError
from ...plan import Capabilities, Pin, Plan, ScenePlan, ShotPlan
from ...speech import names_of_cue
from ...story import Dialogue, Expectation, Scene, Story
from .assertions import expected, shared_out
from .blocking.staging import LastPosition
from .continuity import breaks
from .coverage import CoverageUnit, covered
from .framing import frame
from .locations import SceneLocation, declared, locate, locate_scene, times_of
from .passages import Passage, phases_of, split_passages, timed
from .pins import is_released
from .reading.glossary import Glossary, gather
from .reading.lexicon import SILENCES, UNANSWERED
from .reading.reading import PronounMemory, Reading, read
from .reading.references.headings import named_in_heading
from .reading.tokens import tokens
from .reading.words.screen_words import camera_of
from .seeds import ShotSeeds
from .shortcomings.film_length import too_long
from .shortcomings.unbuilt import taught_from_clips, unseen
from .shots.assembly import assemble_shots
from .shots.passage_setup import PassageSetup
from .speakers import seen_speakers
from .style import negative_of, style_of, style_span

DEFAULT_SEED = 7
_log = logging.getLogger(__name__)

# Entity -> the place of its last shot and how it was left there.
LastSeen: TypeAlias = Mapping[str, tuple[str, LastPosition]]
# The parts of a scene, each with its passages, which are as long as they will be filmed.
TimedParts: TypeAlias = Sequence[tuple[CoverageUnit, Sequence[Passage]]]


@dataclass(frozen=True, slots=True)
class _FilmSetup:
    """What every scene of a story is filmed with."""

    story: Story
    glossary: Glossary
    capabilities: Capabilities
    seeds: ShotSeeds


@dataclass(frozen=True, slots=True)
class _FilmedShots:
    """Shots in order, and where everyone was last seen after them."""

    shots: tuple[ShotPlan, ...]
    seen: LastSeen


@dataclass(frozen=True, slots=True)
class ReadScene:
    """A scene with the passages that its shots will be filmed from.

    `parts` says how many of the passages each `@shot` has; a scene without any is one part.
    """

    scene: Scene
    passages: tuple[Passage, ...]
    parts: tuple[tuple[CoverageUnit, int], ...]

    def timed(self, capabilities: Capabilities) -> Iterator[tuple[CoverageUnit, list[Passage]]]:
        """Yield the scene's parts, each with its own passages and how long they are."""
        at = 0
        for part, count in self.parts:
            yield part, timed(part.scene, self.passages[at : at + count], capabilities)
            at += count


def direct(story: Story, capabilities: Capabilities, *, default_seed: int = DEFAULT_SEED) -> Plan:
    """Return the plan of a story for an engine.

    Args:
        story: what the writer said.
        capabilities: what the engine can draw.
        default_seed: where the title page has no `Seed:`.

    Raises:
        StoryError: the film would be longer than a film may be.
    """
    glossary = gather(story, capabilities)
    return film_scenes(
        story,
        read_scenes(story, glossary, capabilities),
        glossary,
        capabilities,
        default_seed=default_seed,
    )


def read_scenes(
    story: Story, glossary: Glossary | None, capabilities: Capabilities
) -> tuple[ReadScene, ...]:
    """Return what every paragraph of a story says, in its passages; the first level.

    Without a glossary the paragraphs are told apart and not read.
    """
    memory = PronounMemory()
    scenes: list[ReadScene] = []
    for scene in story.scenes:
        # A new scene has others in it: "they" are those whom it names.
        memory = _at_start(scene, memory, glossary)
        passages: list[Passage] = []
        parts: list[tuple[CoverageUnit, int]] = []
        for part in covered(scene, capabilities):
            found, memory = _read_passages(part.scene, glossary, memory)
            passages += found
            parts.append((part, len(found)))
        scenes.append(ReadScene(scene, tuple(passages), tuple(parts)))
    return tuple(scenes)


def _at_start(scene: Scene, memory: PronounMemory, glossary: Glossary | None) -> PronounMemory:
    """Return whom pronouns may mean where a scene begins; a heading may name who is seen."""
    lines = (element for element in scene.elements if isinstance(element, Dialogue))
    speaking = frozenset(name for line in lines for name in names_of_cue(line.speaker))
    named = named_in_heading(scene.heading.text, glossary)
    memory = replace(memory.in_next_scene(), present=(), speaking=speaking)
    return replace(memory, present=(named,), subjects=(named,)) if named else memory


def refuse_too_long(scenes: Sequence[ReadScene], capabilities: Capabilities) -> list[TimedParts]:
    """Return the timed parts of each scene of a film that is no longer than a film may be.

    Raises:
        StoryError: it is longer; the scene with which it gets too long is named.
    """
    parts, long = timed_scenes(scenes, capabilities)
    if long is not None:
        raise StoryError([long])
    return parts


def timed_scenes(
    scenes: Sequence[ReadScene], capabilities: Capabilities
) -> tuple[list[TimedParts], Diagnostic | None]:
    """Return the timed parts of scenes, and the error where the film gets longer than it may be.

    No scene after that one is timed, and none costs anything for each second of it.
    """
    timed_parts: list[TimedParts] = []

    def lengths() -> Iterator[tuple[Scene, list[Passage]]]:
        for scene in scenes:
            timed_parts.append(tuple(scene.timed(capabilities)))
            yield scene.scene, [passage for _, part in timed_parts[-1] for passage in part]

    long = too_long(lengths(), capabilities.clip_s)
    return timed_parts, long


def film_scenes(
    story: Story,
    scenes: Sequence[ReadScene],
    glossary: Glossary,
    capabilities: Capabilities,
    *,
    default_seed: int,
) -> Plan:
    """Return the plan of scenes that have been read: shots, boxes and prompts; the second level.

    Raises:
        StoryError: the film would be longer than a film may be.
    """
    timed_parts = refuse_too_long(scenes, capabilities)
    setup = _FilmSetup(story, glossary, capabilities, ShotSeeds(_base_seed(story, default_seed)))
    seen: LastSeen = {}
    planned: list[ScenePlan] = []
    places = locations_of(story, scenes, capabilities)
    for read_scene, parts, where in zip(scenes, timed_parts, places, strict=True):
        filmed = _film_scene(setup, read_scene.scene, parts, where, seen)
        seen = filmed.seen
        planned.append(_scene_plan(read_scene.scene, filmed.shots))
    broken = breaks([(read.scene, read.passages) for read in scenes], glossary)
    notes = dict.fromkeys(note for scene in planned for shot in scene.shots for note in shot.notes)
    untrained = taught_from_clips([(read.scene, read.passages) for read in scenes], capabilities)
    lacking = [*unseen(story, capabilities), *([untrained] if untrained else [])]
    notes |= {note_at(found.span, found.message): None for found in broken}
    notes |= {note_at(found.span, found.message): None for found in lacking}
    for note in notes:
        _log.info("%s", note)
    return Plan(
        title=story.title,
        director="rules",
        fps=capabilities.fps,
        width=capabilities.width,
        height=capabilities.height,
        scenes=tuple(planned),
        style=style_of(story),
        negative=negative_of(story),
        notes=tuple(notes),
    )


def note_at(span: Span, message: str) -> str:
    """Return a note of a plan about a place on the page."""
    return f"line {span.line}, column {span.column}: {message}"


def _base_seed(story: Story, default_seed: int) -> int:
    written = (story.title_value("Seed") or "").strip()
    return int(written) if written.isdecimal() else default_seed


def _scene_plan(scene: Scene, shots: tuple[ShotPlan, ...]) -> ScenePlan:
    return ScenePlan(
        id=scene.id,
        heading=scene.heading.text,
        place=scene.heading.place or scene.heading.text,
        shots=shots,
        span=scene.span,
    )


def locations_of(
    story: Story, scenes: Sequence[ReadScene], capabilities: Capabilities
) -> list[SceneLocation]:
    """Return where each scene is, by which `check` and the plan speak of one place."""
    times = times_of(read_scene.scene for read_scene in scenes)
    located = []
    for read_scene, time in zip(scenes, times, strict=True):
        named = declared(read_scene.scene.heading, story.locations)
        look = named.look if named else ""
        located.append(locate_scene(read_scene.scene, time, capabilities, look=look))
    return located


def _film_scene(
    setup: _FilmSetup, scene: Scene, parts: TimedParts, where: SceneLocation, seen: LastSeen
) -> _FilmedShots:
    """Return the shots of a scene; `seen` is where everyone was last seen before it."""
    shots: list[ShotPlan] = []
    wishes: list[list[Expectation]] = []
    for part, passages in parts:
        filmed = _film_part(setup, part, passages, where, seen, len(shots) + 1)
        seen = filmed.seen
        own = part.shot.expectations if part.shot else ()
        wishes += shared_out(own, [[e.id for e in shot.entities] for shot in filmed.shots])
        shots += [_with_look(shot, setup, part) for shot in filmed.shots]
    shares = shared_out(scene.expectations, [[e.id for e in shot.entities] for shot in shots])
    expecting = (
        _expecting(shot, [*share, *own])
        for shot, share, own in zip(shots, shares, wishes, strict=True)
    )
    return _FilmedShots(tuple(expecting), seen)


def _with_look(shot: ShotPlan, setup: _FilmSetup, part: CoverageUnit) -> ShotPlan:
    """Return a shot with its seed, its style and its negative prompt."""
    scene = part.scene
    said = None if is_released(scene, "style") else style_span(setup.story, scene)
    kept = any(pin.what == "style" for pin in shot.pins)
    return shot.model_copy(
        update={
            "pins": shot.pins
            if kept or said is None
            else (*shot.pins, Pin(what="style", span=said)),
            "page_shot": part.number,
            "seed": scene.seed.value if scene.seed else setup.seeds.next(scene.heading, shot),
            "style": style_of(setup.story, scene),
            "negative": negative_of(setup.story, scene, setup.capabilities.negative),
        }
    )


def _film_part(
    setup: _FilmSetup,
    part: CoverageUnit,
    passages: Sequence[Passage],
    where: SceneLocation,
    seen: LastSeen,
    first_number: int,
) -> _FilmedShots:
    """Return the shots of a scene without `@shot` directives, or of one such shot."""
    scene, glossary, capabilities = part.scene, setup.glossary, setup.capabilities
    named = declared(scene.heading, setup.story.locations)
    shots: list[ShotPlan] = []
    for passage in passages:
        view = passage.reading.view if passage.reading else ""
        location = locate(where, view, glossary, capabilities)
        framed = frame(setup.story, scene, passage, glossary, capabilities, shot=part.shot)
        here = location.place_id or location.place
        before = {e: standing for e, (place, standing) in seen.items() if place == here}
        assembled = assemble_shots(
            PassageSetup(
                scene, passage, framed, location, glossary, capabilities, part.shot, named
            ),
            first_number + len(shots),
            before,
        )
        seen = {**seen, **{e: (here, left) for e, left in assembled.after.items()}}
        shots += assembled.shots
    return _FilmedShots(tuple(shots), seen)


def _read_passages(
    scene: Scene, glossary: Glossary | None, memory: PronounMemory
) -> tuple[list[Passage], PronounMemory]:
    """Return the passages of a scene with what they say, and whom pronouns mean next."""
    if glossary is None:
        return split_passages(scene), memory
    passages: list[Passage] = []
    for passage in split_passages(scene):
        if passage.action is not None:
            reading = read(passage.action.text, glossary, memory)
            reading = _in_talk(passage, reading, passages)
            memory = reading.memory
            passage = replace(
                passage, reading=reading, phases=phases_of(reading.deeds, glossary.people)
            )
        spoken = [seen_speakers(line, passage, glossary) for line in passage.dialogues]
        speakers = [names for names in spoken if names]
        if speakers:  # who spoke last is whom "he" and "she" mean next
            there = dict.fromkeys((*memory.present, *(e for names in speakers for e in names)))
            turns = [e for names in speakers for e in names]
            last = tuple(dict.fromkeys(reversed(turns)))[::-1]  # who spoke last is the latest
            before = [e for e in memory.mentioned if e not in last]
            memory = replace(
                memory, subjects=speakers[-1], present=tuple(there), mentioned=(*before, *last),
                recent=tuple(dict.fromkeys((*memory.recent, *last))), headed=(),
            )  # fmt: skip
        passages.append(passage)
    return passages, memory


_SILENCE = 10  # words of what only interrupts a conversation


def _in_talk(passage: Passage, reading: Reading, before: Sequence[Passage]) -> Reading:
    """Return a reading with whoever spoke last where it names nobody in the midst of talk.

    "A brief silence." shows those who are silent, and "No answer." who asks and who is asked.
    """
    text = passage.action.text if passage.action else ""
    talked = bool(before) and bool(before[-1].dialogues)
    words = tokens(text)
    said = {word.lower() for word in words}
    silent = bool(said & SILENCES) or ("no" in said and bool(said & UNANSWERED))
    talk = talked and (silent or bool(passage.dialogues))
    if reading.seen or reading.unseen or reading.unpeopled or not talk:
        return reading
    if len(words) > _SILENCE or camera_of(words):
        return reading
    spoke = [e for e in reading.memory.recent if e in reading.memory.subjects]
    if silent:
        latest = [e for e in reading.memory.mentioned if e in reading.memory.recent]
        spoke = latest[-2:]
    return replace(reading, seen=tuple(spoke))


def _expecting(shot: ShotPlan, wishes: Sequence[Expectation]) -> ShotPlan:
    if not wishes:
        return shot
    assertions = (*shot.assertions, *expected(shot.id, wishes))
    return shot.model_copy(update={"assertions": assertions})
