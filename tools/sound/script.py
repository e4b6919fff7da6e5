"""A story + the voices that are there -> the lines to be spoken, each with its voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...errors import Span
from ...speech import is_off_screen, spoken_words
from ...story import Dialogue, Story
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


def lines_of(story: Story, voices: Sequence[Voice]) -> list[ScriptLine]:
    """Return the lines of a story in order; what has no letter in it is not spoken."""
    said = list(_dialogues(story))
    cast = cast_voices((dialogue.speaker for dialogue in said), voices)
    return [
        ScriptLine(
            dialogue.span,
            dialogue.speaker,
            " ".join(spoken_words(dialogue.text).split()),
            _placed(cast[dialogue.speaker], dialogue),
        )
        for dialogue in said
    ]


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
