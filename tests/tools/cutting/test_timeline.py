"""A film leaves for other editors: every clip to the frame, its takes, what it fails, its stems."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pysubs2
import pytest

from dreamrunner.errors import InputError, Span
from dreamrunner.film import Clip, Film, Measurement, Take, Verdict
from dreamrunner.plan import Plan, ScenePlan, ShotPlan
from dreamrunner.tools.cutting.finished import FinishedFilm, finished_film
from dreamrunner.tools.cutting.subtitles import Cue, web_subtitles, write_srt
from dreamrunner.tools.cutting.timeline import as_edl, as_otio, edl_rate

FRAMES = {"1.1": 13, "1.2": 8, "2.1": 5}
FPS = 8


def clip_of(shot: str, path: Path) -> Clip:
    return Clip(
        shot=shot, path=str(path), key=f"key of {shot}", frames=FRAMES[shot], fps=FPS, width=144,
        height=96,
    )  # fmt: skip


def take_of(shot: str, number: int, folder: Path, *, kept: bool) -> Take:
    failed = Measurement(
        assertion="a", metric="motion", subject="FOX", value=0.2, threshold=0.6,
        passed=shot != "1.2", explanation="it stands", frames=(2, 5),
        span=Span("a.story", 0, 1, 9, 1, 9, 2),
    )  # fmt: skip
    return Take(
        shot=shot, number=number, seed=number * 10,
        clip=clip_of(shot, folder / "store" / f"{shot}-{number}.mp4"),
        verdict=Verdict(shot=shot, measurements=(failed,), score=0.5), kept=kept,
    )  # fmt: skip


@pytest.fixture
def film(tmp_path: Path) -> FinishedFilm:
    """A film of three shots, of which the second was taken twice, with a stem."""
    home = tmp_path / "out" / "a"
    shots = [
        ShotPlan(id=shot, scene=shot[0], duration_s=1, seed=1, place="", background="")
        for shot in FRAMES
    ]
    scenes = tuple(
        ScenePlan(id=n, heading="", place="", shots=tuple(s for s in shots if s.scene == n))
        for n in ("1", "2")
    )
    plan = Plan(
        title="Fox", director="rules", fps=FPS, width=144, height=96, scenes=scenes
    )  # fmt: skip
    takes = (
        take_of("1.1", 1, tmp_path, kept=True),
        take_of("1.2", 1, tmp_path, kept=False),
        take_of("1.2", 2, tmp_path, kept=True),
        take_of("2.1", 1, tmp_path, kept=True),
    )
    clips = tuple(clip_of(shot, home / "shots" / f"shot-{shot}.mp4") for shot in FRAMES)
    made = Film(
        title="Fox", path=str(home / "film.mp4"), clips=clips, takes=takes, duration_s=3.25,
        stems=(str(home / "dialogue.wav"),),
    )  # fmt: skip
    return FinishedFilm(home, plan, made, "storybook")


def test_a_timeline_has_every_clip_to_the_frame_with_all_its_takes(film: FinishedFilm) -> None:
    read = otio.adapters.read_from_string(as_otio(film, film.folder), "otio_json")
    (picture,) = read.video_tracks()
    starts = [clip.range_in_parent().start_time.value for clip in picture]
    assert [clip.duration().value for clip in picture] == list(FRAMES.values())
    assert starts == [0, 13, 21]
    assert {clip.duration().rate for clip in picture} == {FPS}
    second = picture[1]
    assert second.active_media_reference_key == "take 2"
    media = {name: one.target_url for name, one in second.media_references().items()}
    assert media == {"take 1": "../../store/1.2-1.mp4", "take 2": "shots/shot-1.2.mp4"}
    about = dict(second.metadata["dreamrunner"])
    assert (about["shot"], about["key"], about["seed"]) == ("1.2", "key of 1.2", 20)


def test_what_a_shot_fails_is_a_marker_at_its_frames(film: FinishedFilm) -> None:
    read = otio.adapters.read_from_string(as_otio(film, film.folder), "otio_json")
    marked = {clip.name: list(clip.markers) for clip in read.find_clips() if len(clip.markers)}
    ((name, (marker,)),) = marked.items()
    assert (name, marker.name) == ("shot 1.2", "motion FOX")
    assert marker.marked_range.start_time.value == 2
    assert marker.marked_range.duration.value == 4
    assert marker.metadata["dreamrunner"]["line"] == 9


def test_stems_are_tracks_as_long_as_the_film(film: FinishedFilm) -> None:
    read = otio.adapters.read_from_string(as_otio(film, film.folder.parent), "otio_json")
    (dialogue,) = read.audio_tracks()
    assert dialogue.name == "dialogue"
    assert dialogue.duration().to_seconds() == 3.25
    assert dialogue[0].media_reference.target_url == "a/dialogue.wav"


def test_an_edl_has_every_clip_to_the_frame(film: FinishedFilm) -> None:
    text = as_edl(film, film.folder)
    read = otio.adapters.read_from_string(text, "cmx_3600", rate=24)
    (picture,) = read.video_tracks()
    assert [clip.name for clip in picture] == ["shot 1.1", "shot 1.2", "shot 2.1"]
    assert [clip.duration().value for clip in picture] == [39, 24, 15]
    assert [clip.range_in_parent().start_time.value for clip in picture] == [0, 39, 63]
    assert "shots/shot-1.2.mp4" in text


@pytest.mark.parametrize(("fps", "rate"), [(8, 24), (12, 24), (24, 24), (16, 48), (25, 25)])
def test_an_edl_counts_whole_frames(fps: int, rate: int) -> None:
    assert edl_rate(fps) == rate


def test_a_rate_that_no_timecode_counts_is_said() -> None:
    with pytest.raises(InputError, match="no timecode counts 7 frames"):
        edl_rate(7)


def test_no_film_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no film in"):
        finished_film(tmp_path)


def test_subtitles_are_read_by_others(tmp_path: Path) -> None:
    first = Cue(Fraction(1, 2), Fraction(3, 2), "FOX: Who <goes>?")
    cues = [first, Cue(Fraction(2), Fraction(3), "狐")]
    write_srt(cues, tmp_path / "a.srt")
    text = (tmp_path / "a.srt").read_text(encoding="utf-8")
    for form in (text, web_subtitles(text)):
        read = pysubs2.SSAFile.from_string(form)
        assert [(line.start, line.end) for line in read] == [(500, 1500), (2000, 3000)]
        assert read[1].plaintext == "狐"
