"""Lines and sounds are where the plan has them, as loud as films are, and lines are heard."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.errors import SoundError, Span
from dreamrunner.film import CardClip
from dreamrunner.plan import Plan, ScenePlan, ShotPlan, Subtitle
from dreamrunner.tools.cutting.sequence import times_of
from dreamrunner.tools.sound.loudness import AIM_LUFS, loudness_lufs, mastered, true_peak_db
from dreamrunner.tools.sound.mixing import _stretches, mixed, placed_lines
from dreamrunner.tools.sound.pcm import FILM_HZ, Samples, read_sound, write_wav
from dreamrunner.tools.sound.tracks import Bed, SpokenTrack

FIRST = Span("a.story", 0, 1, 1, 1, 1, 2)
SECOND = Span("a.story", 5, 6, 3, 1, 3, 2)


def tone(folder: Path, hz: float, seconds: float, name: str, *, gain: float = 0.3) -> Path:
    path = folder / f"{name}.wav"
    time = np.arange(round(seconds * 22_050)) / 22_050
    write_wav(path, (gain * np.sin(2 * np.pi * hz * time)).astype(np.float32), 22_050)
    return path


def plan_of(*shots: tuple[Subtitle, ...]) -> Plan:
    made = tuple(
        ShotPlan(
            id=f"1.{number}", scene="1", duration_s=2.0, seed=0, place="", background="",
            subtitles=lines,
        )
        for number, lines in enumerate(shots, start=1)
    )  # fmt: skip
    scene = ScenePlan(id="1", heading="EXT. RIVER", place="river", shots=made)
    return Plan(title="T", director="rules", fps=8, width=144, height=96, scenes=(scene,))


def says(span: Span, start_s: float, end_s: float, speaker: str = "FOX") -> Subtitle:
    return Subtitle(speaker=speaker, text="Words.", start_s=start_s, end_s=end_s, span=span)


def level(samples: Samples, start_s: float, end_s: float) -> float:
    """Root mean square of a stretch."""
    part = samples[round(start_s * FILM_HZ) : round(end_s * FILM_HZ)]
    return float(np.sqrt(np.mean(np.square(part.astype(np.float64)))))


def share_of(samples: Samples, hz: float, start_s: float, end_s: float) -> float:
    """Amplitude of one frequency in a stretch of the first channel."""
    part = samples[round(start_s * FILM_HZ) : round(end_s * FILM_HZ), 0]
    time = np.arange(len(part)) / FILM_HZ
    return float(2 * np.abs(np.mean(part * np.exp(-2j * np.pi * hz * time))))


def test_a_line_is_heard_in_the_span_of_its_subtitle_and_nowhere_else(tmp_path: Path) -> None:
    plan = plan_of((says(FIRST, 0.5, 1.5),), (says(SECOND, 0.25, 1.25, "OWL"),))
    tracks = [
        SpokenTrack(FIRST, tone(tmp_path, 300, 0.9, "fox"), 0.9, 0.0),
        SpokenTrack(SECOND, tone(tmp_path, 500, 1.0, "owl"), 1.0, 0.0),
    ]
    heard = mixed(plan, times_of([Fraction(2)] * 2), tracks, [])
    assert len(heard.mix) == 4 * FILM_HZ
    assert level(heard.dialogue, 0.55, 1.35) > 0.05 < level(heard.dialogue, 2.3, 3.2)
    for start_s, end_s in ((0, 0.49), (1.42, 2.24), (3.27, 4.0)):
        assert level(heard.dialogue, start_s, end_s) == 0.0
    assert not heard.sounds.any() and not heard.music.any()


def test_two_who_speak_at_once_are_both_heard_and_one_beside_the_picture_softer(
    tmp_path: Path,
) -> None:
    plan = plan_of((says(FIRST, 0.5, 1.5), says(SECOND, 0.5, 1.5, "OWL")))
    tracks = [
        SpokenTrack(FIRST, tone(tmp_path, 300, 1.0, "fox"), 1.0, 0.0),
        SpokenTrack(SECOND, tone(tmp_path, 700, 1.0, "owl"), 1.0, -6.0),
    ]
    heard = mixed(plan, times_of([Fraction(2)]), tracks, [])
    fox, owl = (share_of(heard.mix, hz, 0.6, 1.4) for hz in (300, 700))
    assert owl > 0.02
    assert 20 * np.log10(fox / owl) == pytest.approx(6.0, abs=0.3)


def test_a_line_in_pieces_is_one_and_a_line_with_too_little_time_is_faster(tmp_path: Path) -> None:
    plan = plan_of((says(FIRST, 1.0, 2.0),), (says(FIRST, 0.0, 0.5), says(SECOND, 1.0, 1.5)))
    tracks = [
        SpokenTrack(FIRST, tone(tmp_path, 300, 1.5, "fox"), 1.5, 0.0),
        SpokenTrack(SECOND, tone(tmp_path, 300, 0.75, "owl"), 0.75, 0.0),
    ]
    first, second = placed_lines(plan, times_of([Fraction(2)] * 2), tracks)
    assert (first.start_s, first.room_s, first.tempo) == (1.0, 1.5, 1.0)
    assert (second.start_s, second.tempo) == (3.0, 1.5)
    heard = mixed(plan, times_of([Fraction(2)] * 2), tracks, [])
    assert level(heard.dialogue, 3.05, 3.4) > 0.05
    assert level(heard.dialogue, 3.6, 4.0) == 0.0
    # It is faster and not higher.
    assert share_of(heard.dialogue, 300, 3.1, 3.4) > 5 * share_of(heard.dialogue, 450, 3.1, 3.4)


def test_a_sound_lies_under_its_shots_and_goes_down_while_somebody_speaks(tmp_path: Path) -> None:
    plan = plan_of((), (says(FIRST, 1.0, 2.0),), (), ())
    wind = tone(tmp_path, 1000, 0.5, "wind")
    tracks = [SpokenTrack(FIRST, tone(tmp_path, 300, 0.9, "fox"), 0.9, 0.0)]
    bed = Bed(wind, ("1.2", "1.3"), loop=True, fade_s=0.2)
    heard = mixed(plan, times_of([Fraction(2)] * 4), tracks, [bed])
    assert level(heard.sounds, 0, 2.0) == level(heard.sounds, 6.0, 8.0) == 0.0
    loud, ducked = level(heard.sounds, 5.0, 5.5), level(heard.sounds, 3.1, 3.8)
    assert 20 * np.log10(loud / ducked) == pytest.approx(12.0, abs=0.5)
    assert level(heard.sounds, 2.0, 2.02) < 0.1 * loud > level(heard.sounds, 5.98, 6.0)


def test_music_opens_the_film_under_its_title_and_ends_it_under_its_end(tmp_path: Path) -> None:
    plan = plan_of((), (says(FIRST, 0.5, 1.5),))
    title, end = (
        CardClip(kind=kind, words=("A",), path="", frames=24, seconds=3.0)
        for kind in ("title", "end")
    )
    times = times_of([Fraction(2)] * 2, [shot.id for shot in plan.shots], (title, end))
    hum, wind = tone(tmp_path, 200, 1.0, "hum"), tone(tmp_path, 900, 1.0, "wind")
    music = Bed(hum, ("1.1", "1.2"), loop=True, music=True, opens=True)
    under = Bed(wind, ("1.1",), loop=True)
    tracks = [SpokenTrack(FIRST, tone(tmp_path, 400, 0.9, "fox"), 0.9, 0.0)]
    heard = mixed(plan, times, tracks, [music, under])
    assert len(heard.mix) == 10 * FILM_HZ
    assert min(level(heard.music, t, t + 0.5) for t in (0.1, 3.1, 9.3)) > 0.02
    assert level(heard.sounds, 0, 3) == level(heard.sounds, 5, 10) == 0.0
    assert level(heard.sounds, 3.1, 4.9) > 0.02
    assert level(heard.dialogue, 0, 5.4) == 0.0 < level(heard.dialogue, 5.6, 6.3)
    # Other music begins with its scene, and ends with it where others follow.
    (later,) = _stretches(plan, times, replace(music, opens=False))
    assert later == (3.0, 10.0)
    (first,) = _stretches(plan, times, replace(music, shots=("1.1",)))
    assert first == (0.0, 5.0)


@pytest.mark.parametrize("gain", [0.003, 0.9])
def test_a_mix_is_as_loud_as_films_are_and_under_the_ceiling(gain: float) -> None:
    noise = np.random.default_rng(3).standard_normal((4 * FILM_HZ, 2)) * gain
    noise[::FILM_HZ] *= 20  # clicks that would go over
    mix, _ = mastered(noise.astype(np.float32))
    assert loudness_lufs(mix) == pytest.approx(AIM_LUFS, abs=0.3)
    assert true_peak_db(mix) <= -1.0


def test_silence_stays_silence() -> None:
    mix, _ = mastered(np.zeros((FILM_HZ, 2), np.float32))
    assert not mix.any()


def test_what_is_no_sound_is_said(tmp_path: Path) -> None:
    (tmp_path / "wind.ogg").write_bytes(b"not a sound")
    with pytest.raises(SoundError, match=r"cannot read .*wind\.ogg"):
        read_sound(tmp_path / "wind.ogg", channels=2)
