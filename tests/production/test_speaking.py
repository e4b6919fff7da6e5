"""A film is heard: lines are spoken at their subtitles, and the picture lasts as long."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.errors import Span, StoryError
from dreamrunner.film import read_account
from dreamrunner.plan import Plan
from dreamrunner.production.facade import rehearse_story, render_story
from dreamrunner.production.finished import film_sources
from dreamrunner.production.keeping.outcome import RenderResult
from dreamrunner.production.settings import Settings
from dreamrunner.story import Dialogue
from dreamrunner.tools.cutting.film import FilmCutter
from dreamrunner.tools.cutting.provenance import credits_of
from dreamrunner.tools.cutting.subtitles import read_srt
from dreamrunner.tools.sound.choice import VoiceChoice
from dreamrunner.tools.sound.loudness import AIM_LUFS, loudness_lufs, true_peak_db
from dreamrunner.tools.sound.pcm import FILM_HZ, read_sound, write_wav
from dreamrunner.tools.stages.runner import Event, NoteAdded, StageFinished, StoryWarned, silent

STORY = """\
Title: Two Words
Seed: 5

@character FOX: a red fox

EXT. MEADOW - DAY
@duration 3.5s

The FOX walks to the right.

FOX
Hello, my friend.

FOX (O.S.)
Hello, my friend.

EXT. BEACH - DAY
@duration 1s

The FOX jumps.

FOX
I have been waiting for you all night.
"""


class Watcher:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.events.append(event)

    def made(self, stage: str) -> int:
        """Return how many results of a stage were made, not kept from before."""
        records = [event.record for event in self.events if isinstance(event, StageFinished)]
        return sum(record.stage == stage and not record.cached for record in records)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("spoken")
    return Settings(
        store=folder / "store", engine="animatic", out=folder / "out", voice=VoiceChoice("piper")
    )


@pytest.fixture(scope="module")
def story(settings: Settings) -> Path:
    path = settings.out.parent / "words.story"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture(scope="module")
def heard(story: Path, settings: Settings, watcher: Watcher) -> RenderResult:
    """A film of two scenes by the voice of the extra."""
    return render_story(story, settings, watcher)


def decibels(samples: np.ndarray, start_s: float, end_s: float) -> float:
    part = samples[max(0, round(start_s * FILM_HZ)) : round(end_s * FILM_HZ)]
    return 10 * np.log10(float(np.mean(np.square(part.astype(np.float64)))) + 1e-12)


def test_there_is_speech_at_every_subtitle_and_silence_elsewhere(heard: RenderResult) -> None:
    (stem,) = heard.film.stems
    dialogue = read_sound(Path(stem), channels=1)
    cues = read_srt(Path(heard.film.subtitles or ""))
    assert len(cues) == 3
    for cue in cues:
        assert decibels(dialogue, float(cue.start_s), float(cue.end_s)) > -35
    edges = [0.0, *(float(t) for cue in cues for t in (cue.start_s, cue.end_s))]
    edges.append(len(dialogue) / FILM_HZ)
    for start_s, end_s in zip(edges[::2], edges[1::2], strict=True):
        if end_s - start_s > 0.1:
            assert decibels(dialogue, start_s, end_s - 0.02) < -70


def test_the_film_is_as_loud_as_it_should_be(heard: RenderResult) -> None:
    sound = read_sound(Path(heard.film.path), channels=2)
    assert len(sound) / FILM_HZ == pytest.approx(heard.film.duration_s, abs=0.03)
    assert loudness_lufs(sound) == pytest.approx(AIM_LUFS, abs=1.0)
    assert true_peak_db(sound) <= -1.0


def test_who_speaks_and_what_does_not_fit_is_said(
    heard: RenderResult, watcher: Watcher, story: Path
) -> None:
    notes = [event.text for event in watcher.events if isinstance(event, NoteAdded)]
    assert "spoken by piper: en_US-joe-medium" in notes
    said = [d for e in watcher.events if isinstance(e, StoryWarned) for d in e.diagnostics]
    (last,) = said[-1:]
    assert (last.code, last.span.line) == ("W171", 22)
    assert "of a 1s scene" in last.message
    # What the film ends with is what was spoken, not what would be read.
    assert [d.message for d in heard.diagnostics if d.code == "W171"] == [last.message]


def test_a_film_says_of_what_it_was_made(heard: RenderResult, story: Path) -> None:
    made = film_sources(story, heard.folder.parent)
    kept = {take.shot: take for take in heard.film.takes if take.kept}
    assert [(s.shot, s.key, s.seed) for s in made.shots] == [
        (shot, take.clip.key, take.seed) for shot, take in kept.items()
    ]
    assert {voice.voice for voice in made.voices} == {"piper:en_US-joe-medium"}
    with av.open(heard.film.path) as film:
        assert film.metadata["title"] == "Two Words"
        inside = json.loads(film.metadata["comment"])
    assert [shot["key"] for shot in inside["shots"]] == [shot.key for shot in made.shots]
    assert [shot["adapters"] for shot in inside["shots"]] == [[] for _ in made.shots]
    told = ("engine", "model", "licence", "director")
    assert [inside[what] for what in told] == [getattr(made, what) for what in told]
    assert list(credits_of(made)) == [
        "Two Words: drawn by animatic (Apache-2.0), planned by rules",
        "no clip of the library taught a motion in it",
        "FOX: voice piper:en_US-joe-medium",
    ]


def test_equal_words_of_one_voice_are_spoken_once(watcher: Watcher, heard: RenderResult) -> None:
    spoken = {s["key"] for s in read_account(heard.run)["stages"] if s["stage"] == "voice"}
    assert len(spoken) == 2
    assert watcher.made("voice") == 2


def test_a_changed_line_is_spoken_again_and_nothing_else(
    heard: RenderResult, story: Path, settings: Settings
) -> None:
    assert not rehearse_story(story, settings, silent).pending
    other = story.with_name("other.story")
    other.write_text(STORY.replace("all night", "all day"), encoding="utf-8")
    due = rehearse_story(other, settings, silent).counts
    assert due["voice"] == 1
    assert due["cut"] == 1


MUTE = """\
Title: Nobody
Language: tlh

FADE IN:

EXT. BEACH - DAY
@duration 1s

SUPER: "The sea"

The FOX jumps.

FOX
Hello.

FADE OUT.

> THE END <
"""


def test_where_nobody_can_speak_the_same_film_is_silent_and_says_how_to_get_voices(
    tmp_path: Path, settings: Settings
) -> None:
    story = tmp_path / "words.story"
    story.write_text(MUTE, encoding="utf-8")
    mute = replace(settings, out=tmp_path / "mute", voice=VoiceChoice("auto"))
    watcher = Watcher()
    film = render_story(story, mute, watcher).film
    told = [e.text for e in watcher.events if isinstance(e, NoteAdded) and "speaks" in e.text]
    assert [text.partition(";")[0] for text in told] == [
        "nobody speaks in the film: there is no voice for 'tlh'"
    ]
    assert "pip install 'dreamrunner[voice]'" in told[0]
    assert not film.stems
    assert [card.kind for card in film.cards] == ["title", "end"]
    with av.open(film.path) as made:
        assert not made.streams.audio


def test_a_silent_film_is_its_clips_joined_to_the_byte(tmp_path: Path, settings: Settings) -> None:
    story = tmp_path / "words.story"
    story.write_text(MUTE, encoding="utf-8")
    hushed = replace(settings, out=tmp_path / "hushed", voice=None)
    made = render_story(story, hushed, silent)
    # What a cutting room makes that knows clips and subtitles, and nothing else.
    plan = Plan.model_validate_json((made.folder / "plan.json").read_bytes())
    bare = FilmCutter(tmp_path / "bare").cut(plan, made.film.takes)
    assert Path(made.film.path).read_bytes() == Path(bare.path).read_bytes()
    assert made.film.duration_s == plan.duration_s == 1.0
    assert [cue.text for cue in read_srt(Path(bare.subtitles or ""))] == ["The sea", "FOX: Hello."]
    # Where only nobody speaks, the page has its cards.
    loud = render_story(story, replace(hushed, voice=VoiceChoice("none")), silent)
    assert loud.film.duration_s == 7.0


HUM = """\
EXT. MEADOW - DAY
@duration 1s
@audio "wind.wav" loop gain=-20

The FOX jumps.
"""


def test_a_sound_is_heard_and_what_is_none_stops_the_film_at_its_line(
    tmp_path: Path, settings: Settings
) -> None:
    story, wind = tmp_path / "hum.story", tmp_path / "wind.wav"
    story.write_text(HUM, encoding="utf-8")
    hushed = replace(settings, out=tmp_path / "out", voice=VoiceChoice("none"))
    write_wav(wind, np.sin(np.arange(9600) / 10).astype(np.float32))
    made = render_story(story, hushed, silent)
    assert loudness_lufs(read_sound(Path(made.film.path), channels=2)) == pytest.approx(-16, abs=1)
    assert [Path(stem).name for stem in made.film.stems] == ["sounds.wav"]
    # Music is a stem, and a track, of its own; what is there no more is cleared away.
    story.write_text(HUM.replace("audio", "music").replace(" loop", ""), encoding="utf-8")
    hummed = render_story(story, hushed, silent)
    assert [Path(stem).name for stem in hummed.film.stems] == ["music.wav"]
    assert sorted(path.name for path in hummed.folder.glob("*.wav")) == ["music.wav"]
    story.write_text(HUM, encoding="utf-8")

    wind.write_bytes(b"RIFF and nothing of a sound")
    with pytest.raises(StoryError) as stopped:
        render_story(story, hushed, silent)
    (found,) = stopped.value.diagnostics
    assert (found.code, found.span.line) == ("E117", 3)


TALK = """\
EXT. MEADOW - DAY

The FOX walks.

FOX
Hello, my friend, who goes there?
"""


def test_the_length_of_a_line_decides_its_subtitle_and_its_shot() -> None:
    story = parse_story(TALK, path="a.story").story
    assert story is not None
    (line,) = (e for e in story.scenes[0].elements if isinstance(e, Dialogue))
    world = capabilities("animatic")

    def shown(lengths_s: dict[Span, float]) -> tuple[float, float]:
        plan = direct(story.with_spoken(lengths_s), world)
        subtitles = [s for shot in plan.shots for s in shot.subtitles]
        return sum(s.end_s - s.start_s for s in subtitles), plan.duration_s

    assert shown({}) == shown({Span("b", 0, 1, 1, 1, 1, 1): 9.0})
    read_s, film_s = shown({})
    spoken_s, longer_s = shown({line.span: 6.0})
    assert read_s < 3 < 5.9 < spoken_s < 6.6
    assert longer_s > film_s + 3
