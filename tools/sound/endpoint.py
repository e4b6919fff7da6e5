"""Texts + a voice of an OpenAI-compatible endpoint -> sound, by POST `/audio/speech`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from ...errors import SoundError
from .pcm import Pcm, read_sound
from .voices import Voice

ENGINE = "endpoint"
_HZ = 24_000
# What the protocol allows as `speed`.
_SLOWEST, _FASTEST = 0.25, 4.0


@dataclass(frozen=True, slots=True)
class SpeechAccess:
    """Where the endpoint is, which model it shall speak with, and by which key.

    `key` is in no representation of this record, so that it gets into no message by accident.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0

    def voices(self, names: Sequence[str]) -> list[Voice]:
        """Return voices of the endpoint by their names; it says itself what it cannot speak."""
        return [Voice(ENGINE, name, self.url, self.model, ()) for name in names]


@dataclass(frozen=True, slots=True)
class EndpointSpeaker:
    """Speaks by an endpoint, a request a text."""

    access: SpeechAccess

    def speak(self, texts: Sequence[str], voice: Voice, stretch: float) -> list[Pcm]:
        """Return the sound of each text; see `voices.Speaker`."""
        headers = {"Authorization": f"Bearer {self.access.key}"} if self.access.key else {}
        with httpx.Client(headers=headers, timeout=self.access.timeout_s) as client:
            return [self._one(client, text, voice, stretch) for text in texts]

    def _one(self, client: httpx.Client, text: str, voice: Voice, stretch: float) -> Pcm:
        url = f"{self.access.url.rstrip('/')}/audio/speech"
        asked = {
            "model": self.access.model,
            "voice": voice.name,
            "input": text,
            "response_format": "wav",
            "speed": round(max(_SLOWEST, min(_FASTEST, 1 / stretch)), 4),
        }
        try:
            answer = client.post(url, json=asked)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SoundError(f"{url} does not answer: {error}") from error
        if answer.status_code != httpx.codes.OK:
            raise SoundError(
                f"{url} answers with {answer.status_code}; the voice was {voice.name!r}, the model "
                f"{self.access.model!r}"
            )
        with TemporaryDirectory(prefix="dreamrunner-voice-") as folder:
            file = Path(folder, "line.wav")
            file.write_bytes(answer.content)
            return Pcm(read_sound(file, channels=1, rate_hz=_HZ), _HZ)
