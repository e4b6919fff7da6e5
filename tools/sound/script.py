"""A story + the voices that are there -> the lines to be spoken, each with its voice.

Above the first heading `@voice` speaks of all that somebody says, in a scene of their next line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...errors import Span
from ...speech import is_off_screen, spoken_words
from ...story import Dialogue, Story, VoiceCue
from .casting import cast_voices
from .voices import CastVoice, Voice

# How much softer somebody is heard who speaks from outside the picture.
OFF_SCREEN_DB = -6.0


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line to be spoken: who says what with which voice; `span` is its dialogue's."""

    span: Span
    speaker: str
    text: str
    cast: CastVoice


def lines_of(
    story: Story, voices: Sequence[Voice], named: Callable[[str], Voice | None]
) -> tuple[list[ScriptLine], list[str]]:
    """Return the lines of a story in order, and notes on voices that are named and not here.

    What has no letter in it is not spoken.

    Args:
        voices: those that are there, at least one, the best first.
        named: a voice by the name that the story gives it, None where it is not here.
    """
    said = list(_dialogues(story))
    cast = cast_voices((dialogue.speaker for dialogue in said), voices)
    notes: dict[str, None] = {}
    lines: list[ScriptLine] = []
    waiting = {line: cue for s in story.scenes for line, cue in s.cued_lines().items()}
    for dialogue in said:
        member = story.character(dialogue.speaker)
        names = [member.voice] if member else []
        cues = [cue for cue in story.voices if cue.speaker == dialogue.speaker]
        cues += [waiting[dialogue.span]] if dialogue.span in waiting else []
        own = cast[dialogue.speaker]
        for name in (*names, *(cue.name for cue in cues)):
            voice = named(name) if name else None
            if voice is not None:
                own = replace(own, voice=voice, pitch=1.0, rate=1.0)
            elif name:
                words = f"the voice {name!r} is not here: {dialogue.speaker} speaks with another"
                notes[words] = None
        for cue in cues:
            own = _as_said(own, cue)
        text = " ".join(spoken_words(dialogue.text).split())
        lines.append(ScriptLine(dialogue.span, dialogue.speaker, text, _placed(own, dialogue)))
    return lines, list(notes)


def _as_said(cast: CastVoice, cue: VoiceCue) -> CastVoice:
    return replace(
        cast,
        pitch=cast.pitch if cue.pitch is None else cue.pitch,
        rate=cast.rate if cue.rate is None else cue.rate,
        gain_db=cast.gain_db + cue.gain_db,
    )


def _dialogues(story: Story) -> Iterator[Dialogue]:
    for scene in story.scenes:
        for element in scene.elements:
            if isinstance(element, Dialogue) and any(c.isalnum() for c in element.text):
                yield element


def _placed(cast: CastVoice, dialogue: Dialogue) -> CastVoice:
    """Return a voice as loud as it is heard from where it comes."""
    if is_off_screen(dialogue.extension):
        return replace(cast, gain_db=cast.gain_db + OFF_SCREEN_DB)
    return cast
