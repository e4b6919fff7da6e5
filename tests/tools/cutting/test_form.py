"""A film begins with its title and ends with its end, in the size and the rate of its page."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pytest

from dreamrunner.dsl import parse_story
from dreamrunner.engine.video import Frames, read_video, write_video
from dreamrunner.errors import Span
from dreamrunner.film import Clip, Film, Take, Verdict
from dreamrunner.plan import Plan, ScenePlan, ShotPlan, Subtitle
from dreamrunner.production.critique import seen_shots, without_cards
from dreamrunner.tools.cutting.cards import card_picture
from dreamrunner.tools.cutting.film import FilmCutter
from dreamrunner.tools.cutting.finished import FinishedFilm
from dreamrunner.tools.cutting.form import (
    PLAIN,
    FilmCard,
    FilmForm,
    card_files,
    form_of,
    intertitles_of,
)
from dreamrunner.tools.cutting.provenance import FilmMarks, marks_in
from dreamrunner.tools.cutting.subtitles import read_srt
from dreamrunner.tools.cutting.timeline import as_edl, as_otio
from dreamrunner.tools.stages.cut import cut_job

PAGE = """\
Title: The Fox
Credit: a film by
Author: Ada

EXT. MEADOW - DAY

Fog.

> THE END <

EXT. BEACH - DAY

Fog.
"""
SPAN = Span("a.story", 0, 1, 1, 1, 1, 2)
CARDS = (FilmCard("title", ("The Fox",)), FilmCard("end", ("FIN",)))


def plan() -> Plan:
    said = Subtitle(speaker="FOX", text="Hi.", start_s=0.25, end_s=0.75)
    scenes = tuple(
        ScenePlan(
            id=scene, heading={"1": "MEADOW", "2": "BEACH"}[scene], place="",
            shots=(
                ShotPlan(
                    id=f"{scene}.1", scene=scene, duration_s=1, seed=0, place="", background="",
                    subtitles=(said,),
                ),
            ),
        )
        for scene in "12"
    )  # fmt: skip
    return Plan(title="The Fox", director="rules", fps=8, width=48, height=32, scenes=scenes)


def takes(folder: Path) -> list[Take]:
    """Two clips of eight frames, each of its own shade."""
    made = []
    for shot, shade in (("1.1", 80), ("2.1", 160)):
        path = folder / f"{shot}.mp4"
        frames = np.full((8, 32, 48, 3), shade, np.uint8)
        frames += np.arange(8, dtype=np.uint8)[:, None, None, None] * 8
        write_video(path, frames, 8)
        clip = Clip(shot=shot, path=str(path), key=shot, frames=8, fps=8, width=48, height=32)
        verdict = Verdict(shot=shot, measurements=(), score=1.0)
        made.append(Take(shot=shot, number=1, seed=0, clip=clip, verdict=verdict, kept=True))
    return made


def form(page: str, **options: bool) -> FilmForm:
    story = parse_story(page, path="a.story").story
    assert story is not None
    return form_of(story, plan(), **options)


def test_cards_are_of_the_scripts_words_alone() -> None:
    title = FilmCard("title", ("The Fox", "a film by", "Ada"))
    # An end before the last scene is none.
    assert form(PAGE).cards == (title,)
    for words in ("THE END", "Fin.", "The End?"):
        assert form(f"{PAGE}\n> {words} <\n").cards == (title, FilmCard("end", (words,)))
    untitled = PAGE.split("\n\n", 1)[1]
    assert form(f"{untitled}\n> Far away <\n").cards == ()
    assert form(PAGE, cards=False) == FilmForm(described=True)
    assert form(PAGE, bare=True) == PLAIN


def test_a_card_has_all_its_words_in_the_middle() -> None:
    picture = card_picture(
        FilmCard("title", ("Donaudampfschifffahrtsgesellschaft " * 3, "by Ada")), (144, 96)
    )
    lit = np.argwhere(picture.max(axis=2) > 60)
    (top, left), (bottom, right) = lit.min(axis=0), lit.max(axis=0)
    assert top > 0 and left > 0 and bottom < 95 and right < 143
    assert abs((left + right) / 2 - 72) < 4
    assert len(np.unique(lit[:, 0])) > 20


def test_what_is_seen_and_said_comes_after_the_title(tmp_path: Path) -> None:
    made = takes(tmp_path)
    plain = FilmCutter(tmp_path / "plain").cut(plan(), made)
    film = FilmCutter(tmp_path / "out", form=FilmForm(cards=CARDS)).cut(plan(), made)
    frames = read_video(film.path).frames
    assert (film.duration_s, len(frames)) == (8.0, 64)
    assert np.array_equal(frames[24:40], read_video(plain.path).frames)
    middle = [int((frames[at].max(axis=2) > 200).sum()) for at in (12, 52)]
    assert min(middle) > 100
    assert frames[0].max() < frames[12].max()
    assert film.subtitles is not None
    assert [cue.start_s for cue in read_srt(Path(film.subtitles))] == [
        Fraction(13, 4),
        Fraction(17, 4),
    ]
    # The next film has none, and leaves none behind.
    FilmCutter(tmp_path / "out").cut(plan(), made)
    assert not list((tmp_path / "out" / "shots").glob("card-*"))


def titled(words: str, start_s: float, *, card: bool = False) -> Plan:
    """The plan, with a title on the first shot."""
    made = plan()
    line = Subtitle(
        speaker="", text=words, start_s=start_s, end_s=start_s + 0.25, span=SPAN, card=card
    )
    first, *others = made.scenes
    shot = first.shots[0].model_copy(update={"subtitles": (*first.shots[0].subtitles, line)})
    return made.model_copy(
        update={"scenes": (first.model_copy(update={"shots": (shot,)}), *others)}
    )


def shown_in(film: Film) -> Frames:
    return read_video(film.path).frames


def test_a_title_stands_in_the_picture_for_its_time_and_is_no_subtitle(tmp_path: Path) -> None:
    story = parse_story(PAGE, path="a.story").story
    assert story is not None
    page = titled("1912", 0.5)
    made = form_of(story, page, cards=False)
    assert made.titles
    plain = FilmCutter(tmp_path / "plain").cut(page, takes(tmp_path))
    film = FilmCutter(tmp_path / "out", form=made).cut(page, takes(tmp_path))
    lit = [int((frame.min(axis=2) > 220).sum()) for frame in shown_in(film)]
    assert [n for n, count in enumerate(lit) if count > 5] == [4, 5]
    # A bare film has it as a subtitle.
    spoken = [[c.text for c in read_srt(Path(f.subtitles or ""))] for f in (plain, film)]
    assert spoken == [["FOX: Hi.", "1912", "FOX: Hi."], ["FOX: Hi.", "FOX: Hi."]]


@pytest.mark.parametrize(("start_s", "at"), [(0.25, 0), (0.75, 1)])
def test_an_intertitle_is_a_card_at_the_nearer_end_of_its_shot(
    tmp_path: Path, start_s: float, at: int
) -> None:
    story = parse_story(PAGE, path="a.story").story
    assert story is not None
    page = titled("Later, much later", start_s, card=True)
    film = FilmCutter(tmp_path / "out", form=form_of(story, page, cards=False)).cut(
        page, takes(tmp_path)
    )
    (card,) = film.cards
    assert (card.kind, card.words, card.frames) == ("intertitle", ("Later, much later",), 24)
    dark = [bool(np.median(frame) < 20) for frame in shown_in(film)]
    assert dark == [*[False] * 8 * at, *[True] * 24, *[False] * 8 * (2 - at)]
    starts = [cue.start_s for cue in read_srt(Path(film.subtitles or ""))]
    assert starts == [Fraction(1, 4) + 3 * (at == 0), Fraction(17, 4)]
    finished = FinishedFilm(tmp_path / "out", page, film, "storybook")
    read = otio.adapters.read_from_string(as_otio(finished, tmp_path), "otio_json")
    names = ["shot 1.1", "shot 2.1"]
    names.insert(at, "intertitle")
    assert [clip.name for clip in read.video_tracks()[0]] == names


def test_words_in_pieces_are_one_card_that_stands_until_they_are_read() -> None:
    page = titled("Once upon a time", 0.25, card=True)
    first, *others = page.scenes
    shot = first.shots[0]
    rest = shot.subtitles[-1].model_copy(update={"text": "there was a fox", "start_s": 0.5})
    shot = shot.model_copy(update={"subtitles": (*shot.subtitles, rest)})
    page = page.model_copy(
        update={"scenes": (first.model_copy(update={"shots": (shot,)}), *others)}
    )
    (card,) = intertitles_of(page)
    assert card.words[0] == "Once upon a time there was a fox"
    assert card_files([*CARDS, card, card]) == [
        "card-title.mp4", "card-end.mp4", "card-1.mp4", "card-2.mp4",
    ]  # fmt: skip


def test_a_film_has_a_chapter_a_scene_and_says_where_its_cards_are(tmp_path: Path) -> None:
    described = FilmForm(cards=CARDS, described=True)
    film = FilmCutter(tmp_path / "out", form=described).cut(plan(), takes(tmp_path))
    with av.open(film.path) as container:
        chapters = [
            (c["metadata"]["title"], c["start"] * c["time_base"], c["end"] * c["time_base"])
            for c in container.chapters()
        ]
    assert chapters == [("MEADOW", 0, 4), ("BEACH", 4, 8)]
    marks = marks_in(Path(film.path))
    assert marks.cards == ((0, 3), (5, 8))
    assert marks.shots == {"1.1": (3, 4), "2.1": (4, 5)}
    plain = FilmCutter(tmp_path / "plain").cut(plan(), takes(tmp_path))
    bare = read_video(plain.path).frames
    assert np.array_equal(without_cards(read_video(film.path), marks.cards).frames, bare)
    with av.open(plain.path) as container:
        assert not container.chapters() and "comment" not in container.metadata
    assert marks_in(Path(plain.path)) == FilmMarks()


@pytest.mark.parametrize("renamed", [False, True])
def test_a_critique_sees_the_shots_of_a_film_between_its_cards(
    tmp_path: Path, renamed: bool
) -> None:
    film = FilmCutter(tmp_path / "out", form=FilmForm(cards=CARDS, described=True)).cut(
        plan(), takes(tmp_path)
    )
    video, marks = read_video(film.path), marks_in(Path(film.path))
    # The plan of the page without voices is of another length, and may have other shots.
    shots = [shot.model_copy(update={"duration_s": 2.0}) for shot in plan().shots]
    if renamed:
        shots = [shot.model_copy(update={"id": f"{shot.id}.9"}) for shot in shots]
    found = seen_shots(video, shots, marks)
    for frames, shade in zip(found.frames, (80, 160), strict=True):
        assert abs(float(frames[0].mean()) - shade) < 4
        assert len(frames) == 8
    assert bool(found.notes) is renamed

    # What was cut by somebody else since is not where its file says.
    shorter = video._replace(frames=video.frames[:40])
    assert [len(f) for f in seen_shots(shorter, shots, marks).frames] == [20, 20]


def test_timelines_have_the_cards(tmp_path: Path) -> None:
    film = FilmCutter(tmp_path, form=FilmForm(cards=CARDS)).cut(plan(), takes(tmp_path))
    finished = FinishedFilm(tmp_path, plan(), film, "storybook")
    read = otio.adapters.read_from_string(as_otio(finished, tmp_path), "otio_json")
    clips = list(read.video_tracks()[0])
    assert [clip.name for clip in clips] == ["title card", "shot 1.1", "shot 2.1", "end card"]
    assert [clip.source_range.duration.value for clip in clips] == [24, 8, 8, 24]
    assert (tmp_path / clips[0].media_reference.target_url).is_file()
    assert "00:00:03:00 00:00:04:00\n" in as_edl(finished, tmp_path)


def test_a_cut_with_fades_dissolves_and_cards_has_every_clip_to_the_frame(tmp_path: Path) -> None:
    story = parse_story(
        "Title: The Fox\n\nFADE IN:\n\nEXT. A\n\nFog.\n\nDISSOLVE TO:\n\nEXT. B\n\nFog.\n\n"
        "FADE OUT.\n\n> FIN <\n",
        path="a.story",
    ).story
    assert story is not None
    page = titled("Later", 0.75, card=True)
    made = form_of(story, page)
    assert [t.kind for t in made.transitions] == ["fade-in", "dissolve", "fade-out"]
    home = tmp_path / "out"
    film = FilmCutter(home, form=made).cut(page, takes(tmp_path))
    assert film.duration_s * 8 == len(shown_in(film)) == 24 + 8 + 24 + 8 + 24
    finished = FinishedFilm(home, page, film, "storybook")
    read = otio.adapters.read_from_string(as_otio(finished, home), "otio_json")
    (picture,) = read.video_tracks()
    seen = shown_in(film)
    for clip in picture:
        where = clip.range_in_parent()
        first, count = int(where.start_time.value), int(where.duration.value)
        part = seen[first : first + count]
        own = read_video(home / clip.media_reference.target_url).frames
        assert len(own) == len(part) == clip.available_range().duration.value
        if clip.name.startswith("shot"):  # its middle is free of what comes and goes
            assert abs(float(part[3].mean()) - float(own[3].mean())) < 30
            assert float(part[3].mean()) > 50
        else:
            assert np.array_equal(own, part)
    # An EDL, read back, says the same at its rate.
    edl = otio.adapters.read_from_string(as_edl(finished, home), "cmx_3600", rate=24)
    (track,) = edl.video_tracks()
    rows = [(c.name, c.range_in_parent().start_time.value, c.duration().value) for c in track]
    assert rows == [
        (c.name, c.range_in_parent().start_time.value * 3, c.duration().value * 3) for c in picture
    ]


def test_the_film_has_the_size_and_the_rate_of_its_page(tmp_path: Path) -> None:
    wanted = form("Resolution: 128x64\nFPS: 24\n\nEXT. MEADOW - DAY\n\nFog.\n")
    assert (wanted.size, wanted.fps, wanted.cards) == ((128, 64), 24, ())
    film = FilmCutter(tmp_path / "out", form=wanted).cut(plan(), takes(tmp_path))
    video = read_video(film.path)
    assert (video.frames.shape, video.fps, film.duration_s) == ((48, 64, 128, 3), 24, 2.0)

    def held(frames: Frames) -> list[int]:
        return [int(np.median(frame[:, 32:96])) for frame in frames]

    # A picture of 3:2 stands between black bars of sixteen pixels; each frame is there thrice.
    assert video.frames[:, :, :14].max() < 20 and video.frames[:, :, -14:].max() < 20
    shades = held(video.frames)
    assert all(abs(shades[n] - (80 + 8 * (n // 3))) < 4 for n in range(24))
    with av.open(film.path) as container:
        assert container.streams.video[0].duration * container.streams.video[0].time_base == 2


def test_another_rate_keeps_the_time_of_every_clip(tmp_path: Path) -> None:
    film = FilmCutter(tmp_path / "out", form=FilmForm(fps=Fraction("12.5"))).cut(
        plan(), takes(tmp_path)
    )
    video = read_video(film.path)
    assert (len(video.frames), video.fps) == (25, 12.5)
    seam = next(n for n in range(25) if video.frames[n].mean() > 155)
    assert abs(seam - 12.5) <= 0.5


def test_a_form_is_a_part_of_the_key_and_none_is_not(tmp_path: Path) -> None:
    made = takes(tmp_path)
    forms = (PLAIN, FilmForm(cards=CARDS), FilmForm(size=(2, 2)), FilmForm(fps=Fraction(24)))
    keys = {str(cut_job(plan(), made, "a", form=form).inputs) for form in forms}
    assert len(keys) == 4


@pytest.mark.parametrize("size", ["1280", "1281x720", "8x8", "99999x720", "wide"])
def test_a_size_that_no_film_has_is_said_at_its_line(size: str) -> None:
    page = f"Title: A\nResolution: {size}\n\nEXT. MEADOW - DAY\n\nFog.\n"
    found = parse_story(page, path="a.story").diagnostics
    assert [(d.code, d.span.line) for d in found if d.code == "E161"] == [("E161", 2)]
