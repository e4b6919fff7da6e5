"""Kept takes are joined: every frame, for as long as the shots last, with what is said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from dreamrunner.engine.video import Frames, read_video, write_video
from dreamrunner.errors import OutputError, VideoError
from dreamrunner.film import Clip, Take, Verdict
from dreamrunner.plan import Plan, ScenePlan, ShotPlan, Subtitle
from dreamrunner.tools.cutting.film import FilmCutter
from dreamrunner.tools.cutting.sequence import times_of
from dreamrunner.tools.cutting.subtitles import Cue, cues_of_film, web_subtitles

FPS = 8


def frames_of(shade: int, count: int = 8, width: int = 144, height: int = 96) -> Frames:
    """A field of one shade with a bright bar that moves two pixels a frame."""
    frames = np.full((count, height, width, 3), shade, np.uint8)
    for number, frame in enumerate(frames):
        frame[:, 2 * number : 2 * number + 8] = 250
    return frames


def take_of(folder: Path, shot: str, frames: Frames, *, fps: int = FPS, kept: bool = True) -> Take:
    path = folder / f"{shot.replace('/', '-')}-{kept}.mp4"
    write_video(path, frames, fps)
    count, height, width, _ = frames.shape
    clip = Clip(
        shot=shot, path=str(path), key="k", frames=count, fps=fps, width=width, height=height
    )
    verdict = Verdict(shot=shot, measurements=(), score=1.0)
    return Take(shot=shot, number=1, seed=0, clip=clip, verdict=verdict, kept=kept)


def shot_of(shot: str, *subtitles: Subtitle) -> ShotPlan:
    return ShotPlan(
        id=shot,
        scene="1",
        duration_s=1.0,
        seed=0,
        place="",
        background="",
        subtitles=subtitles,
    )


def plan_of(*shots: ShotPlan) -> Plan:
    scene = ScenePlan(id="1", heading="EXT. RIVER", place="river", shots=shots)
    return Plan(title="The Fox", director="rules", fps=FPS, width=144, height=96, scenes=(scene,))


def says(speaker: str, text: str, start_s: float, end_s: float) -> Subtitle:
    return Subtitle(speaker=speaker, text=text, start_s=start_s, end_s=end_s)


def subtitle_samples(path: Path) -> list[tuple[Fraction, Fraction, str]]:
    with av.open(str(path)) as film:
        stream = film.streams.subtitles[0]
        samples = [
            (p.pts * p.time_base, (p.pts + p.duration) * p.time_base, bytes(p)[2:].decode())
            for p in film.demux(stream)
            if p.pts is not None and len(bytes(p)) > 2
        ]
    return samples


def test_the_film_holds_every_frame_of_the_kept_takes_in_the_plans_order(tmp_path: Path) -> None:
    takes = [
        take_of(tmp_path, "1.2", frames_of(120, 5)),
        take_of(tmp_path, "1.1", frames_of(10, 8), kept=False),
        take_of(tmp_path, "1.1", frames_of(40, 8)),
        take_of(tmp_path, "1.3", frames_of(200, 3)),
    ]
    plan = plan_of(shot_of("1.1"), shot_of("1.2"), shot_of("1.3"))
    film = FilmCutter(tmp_path / "out").cut(plan, takes)

    seen = read_video(film.path)
    kept = [takes[2], takes[0], takes[3]]
    clips = [read_video(take.clip.path).frames for take in kept]
    assert np.array_equal(seen.frames, np.concatenate(clips))
    assert seen.fps == FPS
    assert film.duration_s == 2.0
    with av.open(film.path) as container:
        assert container.duration == 2_000_000
        assert not container.streams.subtitles
    assert film.subtitles is None
    assert film.takes == tuple(takes)


def test_every_shot_lies_beside_the_film(tmp_path: Path) -> None:
    takes = [take_of(tmp_path, "1.1", frames_of(40)), take_of(tmp_path, "1A/2", frames_of(90))]
    plan = plan_of(shot_of("1.1"), shot_of("1A/2"))
    film = FilmCutter(tmp_path / "out").cut(plan, takes)
    shots = sorted((tmp_path / "out" / "shots").iterdir())
    assert [path.name for path in shots] == ["shot-1.1.mp4", "shot-1A%2f2.mp4"]
    assert [clip.path for clip in film.clips] == [str(path) for path in shots]
    assert shots[0].read_bytes() == Path(takes[0].clip.path).read_bytes()


def test_the_clip_of_a_shot_that_is_gone_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    cutter = FilmCutter(tmp_path / "out")
    takes = [take_of(tmp_path, "1", frames_of(40)), take_of(tmp_path, "2", frames_of(90))]
    cutter.cut(plan_of(shot_of("1"), shot_of("2")), takes)
    (tmp_path / "out" / "shots" / "mine.mp4").write_bytes(b"the writer's own")
    cutter.cut(plan_of(shot_of("2")), takes)
    left = sorted(path.name for path in (tmp_path / "out" / "shots").iterdir())
    assert left == ["mine.mp4", "shot-2.mp4"]


def test_what_is_said_is_a_track_of_the_film_and_a_file_beside_it(tmp_path: Path) -> None:
    plan = plan_of(
        shot_of("1", says("FOX", "Who goes thére?", 0.25, 0.75)),
        shot_of("2", says("狐", "<i>Only</i> me.\n\nAnd the “owl”.", 0.0, 5.0)),
    )
    takes = [take_of(tmp_path, "1", frames_of(40)), take_of(tmp_path, "2", frames_of(90))]
    film = FilmCutter(tmp_path / "out").cut(plan, takes)

    second = "狐: <i>Only</i> me.\nAnd the “owl”."
    assert subtitle_samples(Path(film.path)) == [
        (Fraction(1, 4), Fraction(3, 4), "FOX: Who goes thére?"),
        (Fraction(1), Fraction(2), second),
    ]
    assert film.subtitles == str(tmp_path / "out" / "film.srt")
    assert Path(film.subtitles).read_text("utf-8") == (
        "1\n00:00:00,250 --> 00:00:00,750\nFOX: Who goes thére?\n\n"
        f"2\n00:00:01,000 --> 00:00:02,000\n{second}\n"
    )
    assert len(read_video(film.path).frames) == 16


def test_a_film_that_no_longer_speaks_has_no_subtitles_left(tmp_path: Path) -> None:
    takes = [take_of(tmp_path, "1", frames_of(40))]
    cutter = FilmCutter(tmp_path / "out")
    cutter.cut(plan_of(shot_of("1", says("FOX", "Hm.", 0, 1))), takes)
    film = cutter.cut(plan_of(shot_of("1")), takes)
    assert film.subtitles is None
    assert not (tmp_path / "out" / "film.srt").exists()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # One after the other.
        ([(0, 1, "a"), (1, 2, "b")], [(0, 1, "A: a"), (1, 2, "A: b")]),
        # The second begins before the first is over: the first gives way.
        ([(0, 2, "a"), (1, 2, "b")], [(0, 1, "A: a"), (1, 2, "A: b")]),
        # Spoken together, shown together.
        ([(0, 1, "a"), (0, 2, "b")], [(0, 2, "A: a\nA: b")]),
        # Beyond the end of the clip (3 s): shown at its very end.
        ([(9, 10, "a")], [(2.75, 3, "A: a")]),
        # Too short to read.
        ([(1, 1, "a")], [(1, 1.25, "A: a")]),
    ],
)
def test_one_cue_is_shown_at_a_time(
    lines: list[tuple[float, float, str]], expected: list[tuple[float, float, str]]
) -> None:
    plan = plan_of(shot_of("1", *(says("A", text, start, end) for start, end, text in lines)))
    cues = cues_of_film(plan, times_of([Fraction(3)]))
    assert cues == [Cue(Fraction(start), Fraction(end), text) for start, end, text in expected]


def test_clips_of_another_kind_are_drawn_again_in_the_form_of_the_first(tmp_path: Path) -> None:
    takes = [
        take_of(tmp_path, "1", frames_of(40, 8)),
        take_of(tmp_path, "2", frames_of(90, 32, width=160, height=160), fps=16),
    ]
    film = FilmCutter(tmp_path / "out").cut(plan_of(shot_of("1"), shot_of("2")), takes)
    seen = read_video(film.path)
    assert seen.frames.shape == (8 + 16, 384, 576, 3)
    assert seen.fps == FPS
    assert film.duration_s == 3.0
    assert seen.frames[20, 5, 5].max() < 10  # The bar beside the narrower picture.
    assert abs(int(seen.frames[20, 200, 400, 0]) - 90) <= 2


def test_a_shot_without_a_kept_take_stops_the_cut(tmp_path: Path) -> None:
    takes = [
        take_of(tmp_path, "1", frames_of(40)),
        take_of(tmp_path, "2", frames_of(9), kept=False),
    ]
    with pytest.raises(OutputError, match="no film: shot 2 has no clip"):
        FilmCutter(tmp_path / "out").cut(plan_of(shot_of("1"), shot_of("2")), takes)


def test_a_broken_clip_is_named_and_the_film_before_stays(tmp_path: Path) -> None:
    cutter, plan = FilmCutter(tmp_path / "out"), plan_of(shot_of("1"))
    take = take_of(tmp_path, "1", frames_of(40))
    before = Path(cutter.cut(plan, [take]).path).read_bytes()
    clip = Path(take.clip.path)
    clip.write_bytes(clip.read_bytes()[:1500])
    with pytest.raises(VideoError, match=r"shot-1\.mp4"):
        cutter.cut(plan, [take])
    clip.unlink()
    with pytest.raises(VideoError, match="clip of shot 1 is gone"):
        cutter.cut(plan, [take])
    assert (tmp_path / "out" / "film.mp4").read_bytes() == before
    assert not list((tmp_path / "out").glob(".*.part"))


def test_the_same_takes_make_the_same_bytes(tmp_path: Path) -> None:
    plan = plan_of(shot_of("1", says("FOX", "Hm.", 0, 1)))
    take = take_of(tmp_path, "1", frames_of(40))
    films = [FilmCutter(tmp_path / name).cut(plan, [take]) for name in ("a", "b")]
    assert Path(films[0].path).read_bytes() == Path(films[1].path).read_bytes()


def test_a_browser_gets_the_same_words_as_text() -> None:
    srt = "1\n00:00:00,250 --> 00:00:01,000\nFOX: <b>a & b, c --> d\n"
    assert web_subtitles(srt) == (
        "WEBVTT\n\n1\n00:00:00.250 --> 00:00:01.000\nFOX: &lt;b&gt;a &amp; b, c --&gt; d\n"
    )
