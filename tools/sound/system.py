"""Texts + a voice of the system's -> sound, by the commands `espeak-ng` and `flite`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ...errors import SoundError
from .pcm import Pcm, read_sound
from .voices import Voice

ESPEAK, FLITE = "espeak-ng", "flite"
# espeak-ng's pace by itself, in words a minute; and the variants of voice that it always has.
_ESPEAK_WORDS = 175
_ESPEAK_VARIANTS = ("", "+f2", "+m3", "+f4", "+m7", "+f3", "+m1")
# The voice of a language where the code is not its name.
_ESPEAK_NAMES = {"en": "en-us"}
_HZ = 22_050
_A_TEXT_S = 60.0
_LOOK_S = 10.0


def espeak_voices(language: str) -> Iterator[Voice]:
    """Yield the voices that espeak-ng has for a language, where it is installed."""
    program = shutil.which(ESPEAK)
    if program is None:
        return
    mark = _said([program, "--version"]).partition("Data at")[0].strip()
    language = language or "en"
    name = _ESPEAK_NAMES.get(language, language)
    if language.lower()[:2] not in _said([program, f"--voices={name}"]):
        return
    for variant in _ESPEAK_VARIANTS:
        yield Voice(ESPEAK, f"{name}{variant}", program, mark, (language.lower()[:2],))


def flite_voices() -> Iterator[Voice]:
    """Yield the voices that flite has, where it is installed; it speaks English."""
    program = shutil.which(FLITE)
    if program is None:
        return
    mark = _said([program, "--version"]).strip().replace("\n", " ")
    # The timed voice speaks the hours, and the one of 8 kHz is there at 16 too.
    names = _said([program, "-lv"]).rpartition(":")[2].split()
    for name in sorted(set(names) - {"awb_time", "kal"}):
        yield Voice(FLITE, name, program, mark, ("en",))


def _said(command: Sequence[str]) -> str:
    """Return what a program prints; nothing where it fails: then it has no voices."""
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_LOOK_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace")


class SystemSpeaker:
    """Speaks by a command of the system's, a process a text: they start at once."""

    def speak(self, texts: Sequence[str], voice: Voice, stretch: float) -> list[Pcm]:
        """Return the sound of each text; see `voices.Speaker`."""
        return [_one(text, voice, stretch) for text in texts]


def _one(text: str, voice: Voice, stretch: float) -> Pcm:
    with TemporaryDirectory(prefix="dreamrunner-voice-") as folder:
        words, sound = Path(folder, "line.txt"), Path(folder, "line.wav")
        words.write_text(text, encoding="utf-8", errors="replace")
        command = _command(voice, stretch, words, sound)
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=_A_TEXT_S, check=False,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SoundError(f"{voice.engine} does not speak: {error}") from error
        if done.returncode or not sound.is_file():
            why = done.stderr.decode("utf-8", "replace").strip() or f"it ended {done.returncode}"
            raise SoundError(f"{voice.engine} does not speak with {voice.name}: {why}")
        return Pcm(read_sound(sound, channels=1, rate_hz=_HZ), _HZ)


def _command(voice: Voice, stretch: float, words: Path, sound: Path) -> list[str]:
    if voice.engine == ESPEAK:
        pace = max(80, min(450, round(_ESPEAK_WORDS / stretch)))
        return [
            voice.place, "-v", voice.name, "-s", str(pace), "-b", "1", "-z",
            "-f", str(words), "-w", str(sound),
        ]  # fmt: skip
    return [
        voice.place, "-voice", voice.name, "--setf", f"duration_stretch={stretch:.4f}",
        "-f", str(words), "-o", str(sound),
    ]  # fmt: skip
