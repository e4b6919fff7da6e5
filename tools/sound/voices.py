"""Texts + a voice -> sound: what is asked of a speaker, and what voices there are.

A voice is one that an engine has; whoever speaks with it may be higher and faster than it is. The
engine is asked for a slower or faster reading, and what comes is played higher by its sample rate:
so that every engine can do it, and two who share a voice are told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from .pcm import Pcm, trimmed


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that is there.

    `engine` is piper, espeak-ng, flite or endpoint, `name` what the engine calls it, `fingerprint`
    what its sound depends on: a hash of a model, or a program's version. `languages` are codes
    such as en, empty for a voice that speaks any. `place` is a model's file, a program, an address.
    """

    engine: str
    name: str
    place: str
    fingerprint: str
    languages: tuple[str, ...] = ("en",)

    @property
    def id(self) -> str:
        return f"{self.engine}:{self.name}"

    def speaks(self, language: str) -> bool:
        """Say whether it speaks a language, given as a code such as en or pt-BR."""
        return not (self.languages and language) or language.lower()[:2] in self.languages


class Speaker(Protocol):
    """An engine that speaks."""

    def speak(self, texts: Sequence[str], voice: Voice, stretch: float) -> Sequence[Pcm]:
        """Return the sound of each text.

        Args:
            texts: lines without marks, none of them empty.
            voice: one of this engine's.
            stretch: how many times as long as by itself a text shall take, 0.5..2.

        Raises:
            SoundError: the engine does not speak.
        """
        ...


@dataclass(frozen=True, slots=True)
class CastVoice:
    """With which voice somebody speaks: how many times as high and as fast, and how loud."""

    voice: Voice
    pitch: float = 1.0
    rate: float = 1.0
    gain_db: float = 0.0


def spoken_by(speaker: Speaker, texts: Sequence[str], cast: CastVoice) -> list[Pcm]:
    """Return the sound of each text as somebody says it, without silence before and after.

    Raises:
        SoundError: the engine does not speak.
    """
    sounds = speaker.speak(texts, cast.voice, cast.pitch / cast.rate)
    return [trimmed(Pcm(s.samples, round(s.rate_hz * cast.pitch))) for s in sounds]
