"""Kept takes -> film.mp4 with its sound and subtitles, its stems, film.srt, one clip a shot.

What was judged is what is seen: the clips' encoded frames are copied into the film, bit for bit,
one after the other. Only those with a fade or a dissolve are drawn again, and all where clips are
not of one kind (an engine's size or rate differs), in the form of the first.
"""

from __future__ import annotations

import logging
import shutil
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

import av
import numpy as np

from ...engine.video import exact_rate, read_video, write_video
from ...errors import OutputError, VideoError
from ...film import CardClip, Clip, Film, Take
from ...plan import Plan
from ..store.output import clear, write_whole
from .conforming import at_rate, conformed, fitted, picture_of
from .form import PLAIN, FilmForm
from .provenance import metadata
from .sound_stream import SoundStream
from .subtitles import Cue, cues_of_film, write_srt
from .transitions import with_transitions

if TYPE_CHECKING:
    from ..sound.mixing import FilmSound
    from ..sound.pcm import Samples
    from ..sound.tracks import Bed, SpokenTrack

log = logging.getLogger(__name__)

_Part = TypeVar("_Part")

_MS = Fraction(1, 1000)

# The encoder of mov_text refuses to open without a style sheet in the format of SSA; players
# take the font and the place at the foot of the picture from it.
_STYLE = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


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
        durations = [Fraction(clip.frames, clip.fps) for clip in clips]
        film, subtitles = self.folder / "film.mp4", self.folder / "film.srt"
        with TemporaryDirectory(prefix="dreamrunner-cut-") as spare:
            alike = self._pictures(clips, Path(spare))
            cards = self._cards(alike[0])
            before_s, after_s = (
                sum((_lasts(card) for card in cards if card.kind == kind), Fraction(0))
                for kind in ("title", "end")
            )
            cues = cues_of_film(plan, durations, before_s)
            sound = self._mix(plan, durations)
            sound = sound.between(before_s, after_s) if sound else None
            alike = _of_one_kind(_around(alike, cards, lambda card: Path(card.path)), Path(spare))
            if self.form.burn and cues:
                from .burning import with_burnt  # fonts, for films with words in the picture

                lengths = _around(durations, cards, _lasts)
                drawn = with_burnt(alike, lengths, cues, Path(spare))
                alike = _of_one_kind(drawn, Path(spare))
            track = [] if self.form.burn else cues
            about = metadata(plan, kept) if sound else {}
            write_whole(film, lambda part: _join(alike, track, part, sound, about))
        if cues:
            write_whole(subtitles, lambda part: write_srt(cues, part))
        else:
            clear(subtitles)
        return Film(
            title=plan.title,
            path=str(film),
            clips=tuple(clips),
            takes=tuple(takes),
            duration_s=float(before_s + sum(durations) + after_s),
            subtitles=str(subtitles) if cues else None,
            stems=self._write_stems(sound) if sound else (),
            cards=tuple(cards),
        )

    def _pictures(self, clips: Sequence[Clip], spare: Path) -> list[Path]:
        """Return the clips as the film shows them: of its size and rate, with its transitions."""
        alike = _of_one_kind(conformed(clips, self.form, spare), spare)
        if not self.form.transitions:
            return alike
        seen = [(clip.shot, path) for clip, path in zip(clips, alike, strict=True)]
        return _of_one_kind(with_transitions(seen, self.form.transitions, spare), spare)

    def _cards(self, beside: Path) -> list[CardClip]:
        """Write the film's cards, each as a file of its own, of the kind of a clip."""
        if not self.form.cards:
            return []
        from .cards import write_card  # fonts, for films with words in the picture

        size, fps = picture_of(beside)
        made: list[CardClip] = []
        for card in self.form.cards:
            path = self.folder / "shots" / f"card-{card.kind}.mp4"
            frames = write_card(card, path, size, fps)
            made.append(
                CardClip(
                    kind=card.kind, words=card.words, path=str(path), frames=frames,
                    seconds=float(frames / fps),
                )
            )  # fmt: skip
        return made

    def _mix(self, plan: Plan, durations: Sequence[Fraction]) -> FilmSound | None:
        """Return what is heard of a film, None where nothing is."""
        if not self.lines and not self.beds:
            return None
        from ..sound.mixing import mixed  # NumPy's and SciPy's filters, for films that are heard

        return mixed(plan, durations, self.lines, self.beds)

    def _write_stems(self, sound: FilmSound) -> tuple[str, ...]:
        """Write what is said and what lies under it, each as a file of its own."""
        stems = {"dialogue": sound.dialogue} if self.lines else {}
        stems |= {"sounds": sound.beds} if self.beds else {}
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
        current |= {f"card-{card.kind}.mp4" for card in self.form.cards}
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


def _of_one_kind(paths: Sequence[Path], spare: Path) -> list[Path]:
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


def _lasts(card: CardClip) -> Fraction:
    return Fraction(card.seconds).limit_denominator(1_000_000)


def _around(
    parts: Sequence[_Part], cards: Sequence[CardClip], part_of: Callable[[CardClip], _Part]
) -> list[_Part]:
    """Return what is of the shots, with what is of the title card before it and the end's after."""
    first, last = ([part_of(c) for c in cards if c.kind == kind] for kind in ("title", "end"))
    return [*first, *parts, *last]


def _join(
    clips: Sequence[Path],
    cues: Sequence[Cue],
    path: Path,
    sound: FilmSound | None,
    about: Mapping[str, str],
) -> None:
    """Copy the clips' packets one after the other, and lay sound and subtitles beside them."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    try:
        with av.open(str(path), "w", format="mp4", options=options) as film:
            film.metadata.update(about)
            with av.open(str(clips[0])) as first:
                picture = film.add_stream_from_template(first.streams.video[0])
            voices = SoundStream(film, sound.mix) if sound else None
            text = _add_subtitles(film) if cues else None
            start_s = Fraction(0)
            for clip in clips:
                until_s = start_s + _copy(clip, film, picture, start_s)
                if voices is not None:
                    voices.write_until(until_s)
                if text is not None:
                    spoken = [cue for cue in cues if start_s <= cue.start_s < until_s]
                    film.mux([_packet(cue, text) for cue in spoken])
                start_s = until_s
            if voices is not None:
                voices.finish()
    except av.error.FFmpegError as error:
        reason = error.strerror or error
        raise OutputError(f"cannot join the clips into {path}: {reason}") from error


def _copy(
    clip: Path,
    film: av.container.OutputContainer,
    picture: av.video.stream.VideoStream,
    start_s: Fraction,
) -> Fraction:
    """Copy a clip's packets into the film from `start_s` on; return its duration in seconds."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        rate, base = stream.average_rate, stream.time_base
        if rate is None or base is None:
            raise VideoError(f"cannot read {clip}: it has no frame rate; render it again")
        shift, frames = round(start_s / base), 0
        for packet in container.demux(stream):
            if packet.pts is None or packet.dts is None:
                continue  # The empty packet at the end of a file.
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = picture
            film.mux(packet)
            frames += 1
        if frames != stream.frames:
            raise VideoError(f"{clip} breaks off after {frames} of {stream.frames} frames")
        return Fraction(frames) / rate


def _add_subtitles(film: av.container.OutputContainer) -> av.subtitles.stream.SubtitleStream:
    stream = film.add_stream("mov_text")
    stream.time_base = _MS
    stream.codec_context.subtitle_header = _STYLE
    stream.metadata["language"] = "und"
    return stream


def _packet(cue: Cue, stream: av.subtitles.stream.SubtitleStream) -> av.Packet[av.stream.Stream]:
    """Return a cue as a sample of 3GPP timed text: its length in two bytes, then UTF-8.

    PyAV cannot encode a subtitle from text. The muxer itself fills the gaps between cues.
    """
    data = cue.text.encode("utf-8", "replace")[:65535]
    packet = av.Packet(struct.pack(">H", len(data)) + data)
    packet.stream = stream
    packet.time_base = _MS
    packet.pts = packet.dts = round(cue.start_s / _MS)
    packet.duration = round((cue.end_s - cue.start_s) / _MS)
    return packet
