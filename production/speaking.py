"""A parsed story + the voices that are there -> its lines spoken, and the story with their lengths.

Speech comes first and the picture after: what a line truly takes is an input of the director. Where
nobody speaks, nothing is changed, and lines take as long as they take to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, Severity, SoundError, StoryError
from ..film import film_name

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..plan import Plan
    from ..story import Story
    from ..tools.cutting.form import FilmForm
    from ..tools.sound.choice import VoiceChoice
    from ..tools.sound.voices import Voice
    from ..tools.stages.cut import SoundTrack
    from ..tools.stages.runner import StageRunner
    from ..tools.stages.voice import Utterance
    from .settings import Settings

_LACKING = "171"


@dataclass(frozen=True, slots=True)
class SpokenStory:
    """A story whose lines have been spoken.

    `diagnostics` are the story's lines that are longer than the writer's own lengths; `notes` say
    who speaks, or why nobody does.
    """

    parsed: ParsedStory
    utterances: tuple[Utterance, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()


def speak_story(
    parsed: ParsedStory, settings: Settings, runner: StageRunner, path: Path
) -> SpokenStory:
    """Return a story with its lines spoken, from the store or now; `path` is where it stands.

    Raises:
        StoryError: a sound that it names cannot be read.
        SoundError: a voice that was asked for is not there, or does not speak.
    """
    from ..tools.sound.script import lines_of
    from ..tools.stages.voice import speak_lines

    label, folder = film_name(path), path.resolve().parent
    choice = settings.voice
    if choice is None or parsed.story is None:
        return SpokenStory(parsed)
    _refuse_unreadable(parsed, folder)
    if not _has_lines(parsed.story):
        return SpokenStory(parsed)
    from ..tools.sound.choice import NONE
    from ..tools.sound.found import HOW_TO_GET, fingerprint_of, speaker_of, voices_of

    language = language_of(parsed.story)
    voices = voices_of(choice, language)
    if not voices:
        asked = choice.use != NONE
        why = f"nobody speaks in the film: there is no voice for {language!r}; {HOW_TO_GET}"
        return SpokenStory(parsed, notes=(why,) if asked else ())
    lines, notes = lines_of(parsed.story, voices, partial(_named, choice))
    spoken = speak_lines(
        runner, lines, lambda voice: speaker_of(voice, choice), fingerprint_of, label
    )
    lengths = {one.span: one.seconds for one in spoken}
    heard = replace(parsed, story=parsed.story.with_spoken(lengths))
    lacking = tuple(_lacking(heard))
    kept = tuple(d for d in parsed.diagnostics if d.code[1:] != _LACKING)
    heard = replace(heard, diagnostics=kept).with_more(lacking)
    return SpokenStory(heard, tuple(spoken), lacking, (_who_speaks(voices), *notes))


def sound_track(spoken: SpokenStory, plan: Plan, settings: Settings, path: Path) -> SoundTrack:
    """Return all that is heard of a film: what was spoken, and the sounds under its scenes."""
    from ..tools.sound.laying import beds_of
    from ..tools.stages.cut import SoundTrack

    story = spoken.parsed.story
    if settings.voice is None or story is None:
        return SoundTrack()
    beds = tuple(beds_of(story, plan, path.resolve().parent))
    files = {bed.path: sha256(bed.path.read_bytes()).hexdigest() for bed in beds}
    return SoundTrack(spoken.utterances, beds, files)


def film_form(spoken: SpokenStory, plan: Plan, settings: Settings, fingerprint: str) -> FilmForm:
    """Return how a film is finished; one that shall be silent is its clips and nothing else.

    `fingerprint` is that of the engine and its weights.
    """
    from ..engine.family import licence_of
    from ..tools.cutting.form import PLAIN, FilmModel, form_of

    story = spoken.parsed.story
    if story is None:
        return PLAIN
    if settings.voice is None:
        return form_of(story, plan, burn=settings.burn, bare=True)
    form = form_of(story, plan, burn=settings.burn, cards=settings.cards)
    model = FilmModel(settings.engine, fingerprint, licence_of(settings.engine))
    return replace(form, model=model)


def _refuse_unreadable(parsed: ParsedStory, folder: Path) -> None:
    """Refuse a story with a sound that nobody can hear, at the line that names it.

    Raises:
        StoryError: there is one.
    """
    from ..dsl import SAVE_AS_SOUND
    from ..tools.sound.laying import sounds_of
    from ..tools.sound.pcm import check_sound

    assert parsed.story is not None  # nothing else is spoken
    found = []
    for file in sounds_of(parsed.story):
        try:
            check_sound(folder / file.path)
        except SoundError as error:
            message = str(error)
            found.append(Diagnostic("E117", Severity.ERROR, file.span, message, SAVE_AS_SOUND))
    if found:
        raise StoryError(found, parsed.source)


def _named(choice: VoiceChoice, name: str) -> Voice | None:
    """Return a voice by the name that a story gives it, None where it is not here."""
    from ..tools.sound.found import voices_of

    try:
        return voices_of(replace(choice, use=name), "")[0]
    except SoundError:
        return None


def language_of(story: Story) -> str:
    """Return the code of the language that a story is in: its title page's, else English."""
    return (story.title_value("Language") or "en").strip().lower() or "en"


def _has_lines(story: Story) -> bool:
    from ..story import Dialogue

    return any(isinstance(e, Dialogue) for scene in story.scenes for e in scene.elements)


def _lacking(parsed: ParsedStory) -> Iterator[Diagnostic]:
    """Yield where what was spoken is longer than the writer's own lengths."""
    from ..speech import SAY_LESS, lacking_time

    assert parsed.story is not None  # nothing else is spoken
    for scene in parsed.story.scenes:
        for lack in lacking_time(scene):
            span = lack.dialogue.span
            yield Diagnostic(f"W{_LACKING}", Severity.WARNING, span, lack.message, SAY_LESS)


def _who_speaks(voices: list[Voice]) -> str:
    names = list(dict.fromkeys(voice.name for voice in voices))
    few = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"spoken by {voices[0].engine}: {few}"
