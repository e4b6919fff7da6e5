"""Everybody has a voice of their own, tomorrow too; what speaks is found, and speaks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.dsl import parse_story
from dreamrunner.errors import SoundError
from dreamrunner.tools.sound import piper, system
from dreamrunner.tools.sound.casting import cast_voices
from dreamrunner.tools.sound.choice import VoiceChoice
from dreamrunner.tools.sound.endpoint import EndpointSpeaker, SpeechAccess
from dreamrunner.tools.sound.found import voices_of
from dreamrunner.tools.sound.pcm import Pcm, write_wav
from dreamrunner.tools.sound.script import OFF_SCREEN_DB, lines_of
from dreamrunner.tools.sound.system import SystemSpeaker
from dreamrunner.tools.sound.voices import CastVoice, Voice, spoken_by

JOE = Voice("piper", "joe", "joe.onnx", "1")
AMY = Voice("piper", "amy", "amy.onnx", "2")


class Tone:
    """A speaker whose lines are a tone of one second, between two silences."""

    def speak(self, texts: Sequence[str], voice: Voice, stretch: float) -> list[Pcm]:
        time = np.arange(round(8000 * stretch)) / 8000
        quiet = np.zeros(2000, np.float32)
        tone = (0.5 * np.sin(2 * np.pi * 200 * time)).astype(np.float32)
        return [Pcm(np.concatenate([quiet, tone, quiet]), 8000) for _ in texts]


def test_a_speaker_keeps_a_voice_whoever_else_speaks() -> None:
    alone = cast_voices(["FOX"], [JOE, AMY])
    others = cast_voices(["FOX", "OWL", "RABBIT", "NARRATOR"], [JOE, AMY])
    assert others["FOX"] == alone["FOX"]
    assert (others["NARRATOR"].voice, others["NARRATOR"].pitch) == (JOE, 1.0)
    assert len({(cast.voice, cast.pitch) for cast in others.values()}) == 4


def test_nobody_sounds_like_another_while_there_are_voices_enough() -> None:
    cast = cast_voices([f"GUEST {n}" for n in range(14)], [JOE, AMY])
    assert len({(c.voice, c.pitch) for c in cast.values()}) == 14


def test_a_higher_voice_speaks_no_faster() -> None:
    (plain,) = spoken_by(Tone(), ["Hello"], CastVoice(JOE))
    (high,) = spoken_by(Tone(), ["Hello"], CastVoice(JOE, pitch=1.25))
    (slow,) = spoken_by(Tone(), ["Hello"], CastVoice(JOE, rate=0.8))
    assert plain.seconds == pytest.approx(1.04, abs=0.01)  # without the silences
    assert high.seconds == pytest.approx(plain.seconds, abs=0.02)
    assert high.rate_hz == 10_000
    assert slow.seconds == pytest.approx(1.29, abs=0.01)


def test_the_lines_of_a_story_are_as_they_are_said() -> None:
    text = (
        "EXT. MEADOW - DAY\n\nThe FOX runs.\n\nFOX\nI *will*\ncome.\n\n"
        "OWL (O.S.)\nWho?\n\nNARRATOR (V.O.)\nAnd so it was.\n\nFOX\n...\n"
    )
    story = parse_story(text, path="a.story").story
    assert story is not None
    lines, notes = lines_of(story, [JOE], lambda name: None)
    assert not notes
    assert [(x.speaker, x.text, x.cast.gain_db) for x in lines] == [
        ("FOX", "I will come.", 0.0),
        ("OWL", "Who?", OFF_SCREEN_DB),
        ("NARRATOR", "And so it was.", 0.0),
    ]


PINNED = """\
@character FOX: a red fox
@voice FOX "amy" rate=0.9
@voice OWL "bob"

EXT. MEADOW - DAY
@voice FOX pitch=1.5 gain=-3

The FOX runs.

FOX
Hello.

OWL
Who?

FOX
Me.
"""


def test_the_writer_says_with_which_voice_somebody_speaks() -> None:
    story = parse_story(PINNED, path="a.story").story
    assert story is not None
    lines, notes = lines_of(story, [JOE], {"amy": AMY}.get)
    hello, who, me = (line.cast for line in lines)
    assert hello == CastVoice(AMY, pitch=1.5, rate=0.9, gain_db=-3.0)
    assert me == CastVoice(AMY, pitch=1.0, rate=0.9)
    assert who.voice == JOE
    assert notes == ["the voice 'bob' is not here: OWL speaks with another"]


def test_a_folder_of_voices_has_each_speaker_of_each_model(tmp_path: Path) -> None:
    for name, speakers, language in (("a", 1, "en-us"), ("b", 3, "en"), ("c", 1, "de")):
        (tmp_path / f"{name}.onnx").write_bytes(b"weights")
        about = {"num_speakers": speakers, "espeak": {"voice": language}}
        (tmp_path / f"{name}.onnx.json").write_text(json.dumps(about))
    found = voices_of(VoiceChoice(str(tmp_path)), "en")
    assert [voice.name for voice in found] == ["a", "b#0", "b#1", "b#2"]
    assert [voice.name for voice in voices_of(VoiceChoice(str(tmp_path)), "de")] == ["c"]


def test_a_voice_that_is_not_there_is_an_error_and_says_what_is(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="no voice 'bob' here; those that are: .*en_US-joe"):
        voices_of(VoiceChoice("bob"), "en")
    with pytest.raises(SoundError, match="no voice of Piper's"):
        voices_of(VoiceChoice(str(tmp_path)), "en")
    assert voices_of(VoiceChoice("none"), "en") == []


def test_the_extra_carries_a_whole_voice() -> None:
    (voice,) = piper.voices_at(piper.packaged_voices())
    assert piper.piper_version()
    assert (voice.name, voice.languages) == ("en_US-joe-medium", ("en",))
    # The weights that docs/sound.md names.
    assert piper.model_fingerprint(voice).startswith("58afce0321b8d9c46d7cdf9c16500cc5 piper ")


@pytest.fixture
def stands_for_espeak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of espeak-ng's name and options on the path, which writes what it was given."""
    program = tmp_path / "bin" / "espeak-ng"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'case "$1" in\n'
        "  --version) echo 'eSpeak NG text-to-speech: 1.51  Data at: /usr';;\n"
        "  --voices=*) echo ' 2  en-us  --/M  English_(America)';;\n"
        f'  *) echo "$@" > {tmp_path}/asked; shift 10; cp {tmp_path}/tone.wav "$1";;\n'
        "esac\n"
    )
    program.chmod(0o755)
    write_wav(tmp_path / "tone.wav", np.full(22_050, 0.5, np.float32), 22_050)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return tmp_path


def test_the_systems_voice_is_asked_by_its_command(stands_for_espeak: Path) -> None:
    voices = list(system.espeak_voices("en"))
    assert [v.name for v in voices[:2]] == ["en-us", "en-us+f2"]
    assert voices[0].fingerprint == "eSpeak NG text-to-speech: 1.51"
    (sound,) = SystemSpeaker().speak(["Who goes there?"], voices[1], 1.25)
    assert sound.seconds == 1.0
    assert "-v en-us+f2 -s 140" in (stands_for_espeak / "asked").read_text()


class _Endpoint(BaseHTTPRequestHandler):
    """Answers `/audio/speech` with a second of sound, and one voice with an error."""

    asked: list[dict[str, object]] = []

    def do_POST(self) -> None:  # the name is the standard library's
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body["path"], body["key"] = self.path, self.headers.get("Authorization")
        self.asked.append(body)
        self.send_response(400 if body["voice"] == "nobody" else 200)
        self.end_headers()
        if body["voice"] != "nobody":
            self.wfile.write(_wav())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _wav() -> bytes:
    import wave

    data = BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(np.full(24_000, 9000, "<i2").tobytes())
    return data.getvalue()


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_an_endpoint_is_asked_as_the_protocol_has_it(endpoint: str) -> None:
    choice = VoiceChoice("endpoint", url=endpoint, model="tts-1", key="k", names=("alloy",))
    (alloy,) = voices_of(choice, "fr")
    access = SpeechAccess(endpoint, "tts-1", "k")
    (sound,) = EndpointSpeaker(access).speak(["Bonjour."], alloy, 1.25)
    assert sound.seconds == 1.0
    assert _Endpoint.asked[-1] == {
        "path": "/v1/audio/speech", "key": "Bearer k", "model": "tts-1", "voice": "alloy",
        "input": "Bonjour.", "response_format": "wav", "speed": 0.8,
    }  # fmt: skip
    with pytest.raises(SoundError, match="answers with 400; the voice was 'nobody'"):
        EndpointSpeaker(access).speak(["Bonjour."], Voice("endpoint", "nobody", "", ""), 1.0)


def test_no_endpoint_is_asked_that_was_not_named() -> None:
    assert voices_of(VoiceChoice("auto"), "en")[0].engine == "piper"
    named = VoiceChoice("auto", url="http://localhost:1/v1")
    assert voices_of(named, "en")[0].id == "endpoint:alloy"
