"""What a user asked for + what is on this machine -> the voices that speak, or why there are none.

Nothing is loaded and nobody speaks: this is what `doctor` shows and what a render begins with.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...errors import SoundError
from . import endpoint, piper, system
from .choice import AUTO, NONE, VoiceChoice
from .endpoint import EndpointSpeaker, SpeechAccess
from .piper import PiperSpeaker
from .system import SystemSpeaker
from .voices import Speaker, Voice

# The best first. An endpoint hears the words of the story: it is only asked where it was named.
ENGINES = (endpoint.ENGINE, piper.ENGINE, system.ESPEAK, system.FLITE)
HOW_TO_GET = (
    "for voices install the extra: pip install 'dreamrunner[voice]', or the system's espeak-ng"
)


def voices_of(choice: VoiceChoice, language: str) -> list[Voice]:
    """Return the voices with which a film in a language is spoken, the best first; maybe none.

    Raises:
        SoundError: what was asked for by name is not there.
    """
    if choice.use == NONE:
        return []
    if Path(choice.use).is_dir():
        found = list(piper.voices_at(sorted(Path(choice.use).glob("*.onnx"))))
        if not found:
            raise SoundError(f"there is no voice of Piper's (*.onnx) in the folder {choice.use}")
        return _speaking(found, language) or found
    by_engine = {name: _speaking(_voices(name, choice, language), language) for name in ENGINES}
    if choice.use == AUTO:
        return next(filter(None, by_engine.values()), [])
    if choice.use in by_engine:
        if not by_engine[choice.use]:
            raise SoundError(
                f"{choice.use} has no voice here that speaks {language!r}; {how_to_get(choice.use)}"
            )
        return by_engine[choice.use]
    named = [v for found in by_engine.values() for v in found if choice.use in (v.name, v.id)]
    if not named:
        there = ", ".join(v.name for found in by_engine.values() for v in found) or "none"
        raise SoundError(f"there is no voice {choice.use!r} here; those that are: {there}")
    return named


def speaker_of(voice: Voice, choice: VoiceChoice) -> Speaker:
    """Return what speaks with a voice."""
    if voice.engine == piper.ENGINE:
        return PiperSpeaker()
    if voice.engine == endpoint.ENGINE:
        return EndpointSpeaker(_access(choice))
    return SystemSpeaker()


def fingerprint_of(voice: Voice) -> str:
    """Return what a voice's sound depends on, its weights hashed."""
    return piper.model_fingerprint(voice) if voice.engine == piper.ENGINE else voice.fingerprint


def _voices(engine: str, choice: VoiceChoice, language: str) -> Iterator[Voice]:
    if engine == piper.ENGINE and piper.piper_version() is not None:
        yield from piper.voices_at(piper.packaged_voices())
    elif engine == system.ESPEAK:
        yield from system.espeak_voices(language)
    elif engine == system.FLITE:
        yield from system.flite_voices()
    elif engine == endpoint.ENGINE and choice.url:
        yield from _access(choice).voices(choice.names or ("alloy",))


def _speaking(voices: Iterator[Voice] | list[Voice], language: str) -> list[Voice]:
    return [voice for voice in voices if voice.speaks(language)]


def how_to_get(engine: str) -> str:
    """Return what to do so that an engine speaks."""
    return {
        piper.ENGINE: "install it with: pip install 'dreamrunner[voice]'",
        system.ESPEAK: "install the system's package espeak-ng",
        system.FLITE: "install the system's package flite",
        endpoint.ENGINE: "name its address: `url` under [voice] in dreamrunner.toml",
    }[engine]


def _access(choice: VoiceChoice) -> SpeechAccess:
    return SpeechAccess(choice.url or "", choice.model, choice.key, choice.timeout_s)
