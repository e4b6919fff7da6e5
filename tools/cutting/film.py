"""Kept takes -> film.mp4 with its sound and subtitles, its stems, film.srt, one clip a shot.

What was judged is what is seen: the clips' encoded frames are copied into the film, bit for bit,
one after the other. Only those with a fade or a dissolve are drawn again, and all where clips are
not of one kind (an engine's size or rate differs), in the form of the first.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import av
import numpy as np

from ...engine.video import exact_rate, read_video, write_video
from ...errors import OutputError, VideoError
from ...film import CardClip, Clip, Film, Take
from ...plan import Plan
from ..store.output import clear, write_whole
from .conforming import at_rate, conformed, fitted, picture_of
from .form import PLAIN, FilmForm, card_files
from .joining import FilmTracks, join
from .provenance import chapters_of, metadata, placed_cards
from .sequence import FilmTimes, in_order, lasts_s, times_of
from .subtitles import Cue, cues_of_film, titles_of_film, write_srt
from .transitions import with_transitions

if TYPE_CHECKING:
    from ..sound.mixing import FilmSound
    from ..sound.pcm import Samples
    from ..sound.tracks import Bed, SpokenTrack

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FilmCutter:
    """The cutting room of one film: everything goes into `folder`."""

    folder: Path
    lines: Sequence[SpokenTrack] = ()
    beds: Sequence[Bed] = ()
    form: FilmForm = PLAIN

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        """Return the film of the kept takes, in the plan's order; `takes` are all that were made.

        Raises:
            OutputError: a shot has no kept take, or the folder cannot be written.
            VideoError: a clip cannot be read.
            SoundError: a sound cannot be read.
        """
        kept = kept_takes(plan, takes)
        clips = [self._lay_out(take.clip) for take in kept]
        self._clear_shots(clips)
        shots = [clip.shot for clip in clips]
        durations = [Fraction(clip.frames, clip.fps) for clip in clips]
        film, subtitles = self.folder / "film.mp4", self.folder / "film.srt"
        with TemporaryDirectory(prefix="dreamrunner-cut-") as spare:
            alike = self._pictures(clips, Path(spare))
            cards = self._cards(alike[0])
            times = times_of(durations, shots, cards)
            cues = cues_of_film(plan, times, titles=not self.form.titles)
            sound = self._mix(plan, times)
            seen = in_order(shots, alike, cards, lambda card: Path(card.path))
            seen = of_one_kind(seen, Path(spare))
            lengths = in_order(shots, durations, cards, lasts_s)
            seen = self._lettered(seen, lengths, plan, times, cues, Path(spare))
            tracks = FilmTracks(
                cues=() if self.form.burn else cues,
                mix=sound.mix if sound else None,
                about=metadata(
                    plan, kept, times, placed_cards(shots, durations, cards), self.form.model
                )
                if self.form.described
                else {},
                chapters=tuple(chapters_of(plan, times)) if self.form.described else (),
            )
            write_whole(film, lambda part: join(seen, tracks, part))
        if cues:
            write_whole(subtitles, lambda part: write_srt(cues, part))
        else:
            clear(subtitles)
        return Film(
            title=plan.title,
            path=str(film),
            clips=tuple(clips),
            takes=tuple(takes),
            duration_s=float(times.end_s),
            subtitles=str(subtitles) if cues else None,
            stems=self._write_stems(sound) if sound else (),
            cards=tuple(cards),
        )

    def _lettered(
        self,
        seen: Sequence[Path],
        lengths: Sequence[Fraction],
        plan: Plan,
        times: FilmTimes,
        cues: Sequence[Cue],
        spare: Path,
    ) -> list[Path]:
        """Return the film's pictures with the words that stand in them."""
        titles = titles_of_film(plan, times) if self.form.titles else []
        said = cues if self.form.burn else []
        if not titles and not said:
            return list(seen)
        from .burning import Lettering, with_burnt  # fonts, for films with words in the picture
        from .styles import SUBTITLES, TITLES

        words = (Lettering(titles, TITLES), Lettering(said, SUBTITLES))
        return of_one_kind(with_burnt(seen, lengths, words, spare), spare)

    def _pictures(self, clips: Sequence[Clip], spare: Path) -> list[Path]:
        """Return the clips as the film shows them: of its size and rate, with its transitions."""
        alike = of_one_kind(conformed(clips, self.form, spare), spare)
        if not self.form.transitions:
            return alike
        seen = [(clip.shot, path) for clip, path in zip(clips, alike, strict=True)]
        return of_one_kind(with_transitions(seen, self.form.transitions, spare), spare)

    def _cards(self, beside: Path) -> list[CardClip]:
        """Write the film's cards, each as a file of its own, of the kind of a clip."""
        if not self.form.cards:
            return []
        from .cards import write_card  # fonts, for films with words in the picture

        size, fps = picture_of(beside)
        made: list[CardClip] = []
        for card, name in zip(self.form.cards, card_files(self.form.cards), strict=True):
            path = self.folder / "shots" / name
            frames = write_card(card, path, size, fps)
            made.append(
                CardClip(
                    kind=card.kind, words=card.words, path=str(path), frames=frames,
                    seconds=float(frames / fps), shot=card.shot, after=card.after,
                )
            )  # fmt: skip
        return made

    def _mix(self, plan: Plan, times: FilmTimes) -> FilmSound | None:
        """Return what is heard of a film, None where nothing is."""
        if not self.lines and not self.beds:
            return None
        from ..sound.mixing import mixed  # NumPy's and SciPy's filters, for films that are heard

        return mixed(plan, times, self.lines, self.beds)

    def _write_stems(self, sound: FilmSound) -> tuple[str, ...]:
        """Write what is said, what lies under it and the music, each as a file of its own."""
        stems = {"dialogue": sound.dialogue} if self.lines else {}
        stems |= {"sounds": sound.sounds} if not all(bed.music for bed in self.beds) else {}
        stems |= {"music": sound.music} if any(bed.music for bed in self.beds) else {}
        written = []
        for name, samples in stems.items():
            path = self.folder / f"{name}.wav"
            write_whole(path, partial(_write_stem, samples))
            written.append(str(path))
        return tuple(written)

    def _lay_out(self, clip: Clip) -> Clip:
        """Copy a clip into the folder of shots."""
        path = self.folder / "shots" / f"shot-{_file_name(clip.shot)}.mp4"
        if not Path(clip.path).is_file():
            raise VideoError(f"the clip of shot {clip.shot} is gone: {clip.path}; render it again")
        write_whole(path, lambda part: shutil.copyfile(clip.path, part))
        return clip.model_copy(update={"path": str(path)})

    def _clear_shots(self, clips: Sequence[Clip]) -> None:
        """Remove the clips of shots that an earlier plan had."""
        current = {Path(clip.path).name for clip in clips}
        current.update(card_files(self.form.cards))
        shots = self.folder / "shots"
        for path in (*shots.glob("shot-*.mp4"), *shots.glob("card-*.mp4")):
            if path.name not in current:
                log.info("removing %s: the story has no such shot or card any more", path)
                clear(path)


def _write_stem(samples: Samples, path: Path) -> None:
    from ..sound.pcm import write_wav

    write_wav(path, samples)


def kept_takes(plan: Plan, takes: Sequence[Take]) -> list[Take]:
    """Return the kept take of every shot, in the plan's order.

    Raises:
        OutputError: a shot has none.
    """
    kept = {take.shot: take for take in takes if take.kept}
    missing = [shot.id for shot in plan.shots if shot.id not in kept]
    if missing or not plan.shots:
        which = f"shot {', '.join(missing)} has no clip" if missing else "the plan has no shots"
        raise OutputError(f"there is no film: {which}")
    return [kept[shot.id] for shot in plan.shots]


def _file_name(shot: str) -> str:
    """Return a shot's id as a part of a file name; different ids stay different."""
    return "".join(c if c.isalnum() or c in ".-_" else f"%{ord(c):02x}" for c in shot)


def of_one_kind(paths: Sequence[Path], spare: Path) -> list[Path]:
    """Return the clips if one decoder reads them all, else copies in the form of the first."""
    if len({_kind(path) for path in paths}) == 1:
        return list(paths)
    log.warning("the clips differ in size, rate or encoding: all are encoded again as the first")
    first = read_video(paths[0])
    height, width = int(first.frames.shape[1]), int(first.frames.shape[2])
    copies = []
    for number, path in enumerate(paths):
        video = read_video(path)
        count = max(1, round(len(video.frames) * first.fps / video.fps))
        chosen = at_rate(len(video.frames), count, video.fps, first.fps)
        frames = np.stack([fitted(video.frames[n], width, height) for n in chosen])
        copies.append(spare / f"{number}.mp4")
        write_video(copies[-1], frames, exact_rate(first.fps), scale=1)
    return copies


def _kind(path: Path) -> tuple[object, ...]:
    """Return all that a decoder is set up by."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            context = stream.codec_context
            size = (context.width, context.height)
            return (context.name, size, context.extradata, stream.average_rate, stream.time_base)
    except (OSError, IndexError, av.error.FFmpegError) as error:
        raise VideoError(f"cannot read {path}: it is no whole video; render it again") from error
