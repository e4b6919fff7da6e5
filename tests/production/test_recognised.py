"""A recogniser that has never seen the page hears its words in the film, each at its subtitle."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pocketsphinx import Decoder
from scipy.signal import resample_poly

from dreamrunner.production.facade import render_story
from dreamrunner.production.settings import Settings
from dreamrunner.tools.cutting.subtitles import Cue, read_srt
from dreamrunner.tools.sound.choice import VoiceChoice
from dreamrunner.tools.sound.pcm import FILM_HZ, Samples, read_sound
from dreamrunner.tools.stages.runner import silent

STORY = """\
Title: Three Lines

EXT. MEADOW - NIGHT

NARRATOR (V.O.)
There was a bear who wanted the moon.

NARRATOR (V.O.)
Nobody in the house could open the yellow door.

NARRATOR (V.O.)
My mother sent a letter to the new doctor.
"""
# The recogniser listens to 16 kHz.
_DOWN = 3
_HZ = FILM_HZ // _DOWN


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def share(said: str, heard: str) -> float:
    """Return how much of what is said is among what is heard."""
    wanted = words_of(said)
    return sum(word in words_of(heard) for word in wanted) / len(wanted)


def hears(decoder: Decoder, sound: Samples, cue: Cue) -> str:
    """Return the words of a stretch of a film's sound [N, 2]."""
    first, last = (round(t * FILM_HZ) for t in (cue.start_s, cue.end_s + Fraction(1, 10)))
    part = resample_poly(sound[first:last].mean(axis=1), 1, _DOWN)
    whole = np.concatenate([np.zeros(_HZ // 2), part, np.zeros(_HZ // 2)])
    decoder.start_utt()
    decoder.process_raw((whole * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    return decoder.hyp().hypstr if decoder.hyp() else ""


@pytest.mark.parametrize("voice", ["piper"])
def test_the_words_of_every_line_are_heard_at_its_subtitle(tmp_path: Path, voice: str) -> None:
    story = tmp_path / "lines.story"
    story.write_text(STORY, encoding="utf-8")
    settings = Settings(
        store=tmp_path / "store", out=tmp_path / "out", engine="animatic", voice=VoiceChoice(voice)
    )
    film = render_story(story, settings, silent).film
    # The film itself, as it is played, and not the stem.
    sound = read_sound(Path(film.path), channels=2)
    cues = read_srt(Path(film.subtitles or ""))
    assert len(cues) == 3
    decoder = Decoder(samprate=_HZ, loglevel="FATAL")
    heard = [hears(decoder, sound, cue) for cue in cues]
    lines = [cue.text.partition(": ")[2] for cue in cues]
    own = [share(line, words) for line, words in zip(lines, heard, strict=True)]
    others = [
        share(line, words) for line in lines for words in heard if words != heard[lines.index(line)]
    ]
    assert sum(own) / len(own) >= 0.6, heard
    assert min(own) > max(others), heard
