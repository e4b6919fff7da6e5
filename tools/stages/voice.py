"""Lines of a story -> their sounds: each spoken once, kept under what it was spoken from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import Span
from ..sound.pcm import Pcm, write_wav
from ..sound.script import ScriptLine
from ..sound.voices import CastVoice, Speaker, Voice, spoken_by
from ..store.recipe import JSON, STAGE_VERSIONS
from .job import Job
from .runner import StageRunner

_FILE = "line.wav"


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line that was spoken: where its sound lies, its key, how long and how loud it is heard."""

    span: Span
    speaker: str
    path: Path
    key: str
    seconds: float
    gain_db: float
    voice: str


def voice_job(line: ScriptLine, fingerprint: str, label: str) -> Job:
    """Return the speaking of a line as a job. How loud it is heard is the mix's affair."""
    cast = line.cast
    return Job(
        stage="voice",
        version=STAGE_VERSIONS["voice"],
        inputs={
            "voice": cast.voice.id,
            "fingerprint": fingerprint,
            "pitch": cast.pitch,
            "rate": cast.rate,
            "text": line.text,
        },
        label=label,
        note=f"{line.speaker} by {cast.voice.name}",
    )


def speak_lines(
    runner: StageRunner,
    lines: Sequence[ScriptLine],
    speakers: Callable[[Voice], Speaker],
    fingerprints: Callable[[Voice], str],
    label: str,
) -> list[Utterance]:
    """Return each line's sound, from the store or spoken now; a dry run returns none of those.

    Raises:
        SoundError: an engine does not speak.
    """
    marks = {voice: fingerprints(voice) for voice in {line.cast.voice for line in lines}}
    jobs = [voice_job(line, marks[line.cast.voice], label) for line in lines]
    missing: dict[CastVoice, dict[str, None]] = defaultdict(dict)
    for line, job in zip(lines, jobs, strict=True):
        if runner.kept(job) is None:
            missing[_own(line.cast)][line.text] = None
    spoken: dict[CastVoice, Mapping[str, Pcm]] = {}
    found: list[Utterance] = []
    for line, job in zip(lines, jobs, strict=True):
        own = _own(line.cast)

        def make(folder: Path, text: str = line.text, own: CastVoice = own) -> Mapping[str, JSON]:
            # Whoever speaks says all that is missing at once: loading a voice takes the most.
            if own not in spoken:
                texts = list(missing[own]) or [text]
                sounds = spoken_by(speakers(own.voice), texts, own)
                spoken[own] = dict(zip(texts, sounds, strict=True))
            sound = spoken[own][text]
            write_wav(folder / _FILE, sound.samples, sound.rate_hz)
            return {"seconds": sound.seconds, "rate_hz": sound.rate_hz}

        result = runner.once(job, make)
        if "seconds" in result.fields:
            found.append(
                Utterance(
                    line.span,
                    line.speaker,
                    result.folder / _FILE,
                    result.key,
                    result.fields["seconds"],
                    line.cast.gain_db,
                    line.cast.voice.id,
                )
            )
    return found


def _own(cast: CastVoice) -> CastVoice:
    """Return a voice as it is spoken, whatever its loudness."""
    return CastVoice(cast.voice, cast.pitch, cast.rate)
