"""A parsed story + the voices that are there -> its lines spoken, and the story with their lengths.

Speech comes first and the picture after: what a line truly takes is an input of the director. Where
nobody speaks, nothing is changed, and lines take as long as they take to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import Diagnostic, Severity

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..story import Story
    from ..tools.sound.voices import Voice
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
    parsed: ParsedStory, settings: Settings, runner: StageRunner, label: str
) -> SpokenStory:
    """Return a story with its lines spoken, from the store or now.

    Raises:
        SoundError: a voice that was asked for is not there, or does not speak.
    """
    from ..tools.sound.script import lines_of
    from ..tools.stages.voice import speak_lines

    choice = settings.voice
    if choice is None or parsed.story is None or not _has_lines(parsed.story):
        return SpokenStory(parsed)
    from ..tools.sound.choice import NONE
    from ..tools.sound.found import HOW_TO_GET, fingerprint_of, speaker_of, voices_of

    language = language_of(parsed.story)
    voices = voices_of(choice, language)
    if not voices:
        asked = choice.use != NONE
        why = f"nobody speaks in the film: there is no voice for {language!r}; {HOW_TO_GET}"
        return SpokenStory(parsed, notes=(why,) if asked else ())
    lines = lines_of(parsed.story, voices)
    spoken = speak_lines(
        runner, lines, lambda voice: speaker_of(voice, choice), fingerprint_of, label
    )
    lengths = {one.span: one.seconds for one in spoken}
    heard = replace(parsed, story=parsed.story.with_spoken(lengths))
    lacking = tuple(_lacking(heard))
    kept = tuple(d for d in parsed.diagnostics if d.code[1:] != _LACKING)
    heard = replace(heard, diagnostics=kept).with_more(lacking)
    return SpokenStory(heard, tuple(spoken), lacking, (_who_speaks(voices),))


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
