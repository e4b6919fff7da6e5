"""Clips, cues and the mix of a film -> one MP4, the clips' encoded frames copied bit for bit."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

from ...errors import OutputError, VideoError
from .sound_stream import SoundStream
from .subtitles import Cue

if TYPE_CHECKING:
    from av.container.core import Chapter

    from ..sound.pcm import Samples

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
class FilmChapter:
    """A part of a film with its name, in seconds."""

    name: str
    start_s: Fraction
    end_s: Fraction


@dataclass(frozen=True, slots=True)
class FilmTracks:
    """What is in a film's file beside its picture; nothing for a bare film.

    mix: [N, 2] float32 at 48 kHz, None for silence. `about` is the file's own metadata.
    """

    cues: Sequence[Cue] = ()
    mix: Samples | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    chapters: Sequence[FilmChapter] = ()


def join(clips: Sequence[Path], tracks: FilmTracks, path: Path) -> None:
    """Write clips of one kind one after the other into a film.

    Raises:
        OutputError: the film cannot be written.
        VideoError: a clip is not whole.
    """
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    try:
        with av.open(str(path), "w", format="mp4", options=options) as film:
            film.metadata.update(tracks.about)
            if tracks.chapters:
                film.set_chapters([_chapter(n, one) for n, one in enumerate(tracks.chapters)])
            with av.open(str(clips[0])) as first:
                picture = film.add_stream_from_template(first.streams.video[0])
            voices = SoundStream(film, tracks.mix) if tracks.mix is not None else None
            text = _add_subtitles(film) if tracks.cues else None
            start_s = Fraction(0)
            for clip in clips:
                until_s = start_s + _copy(clip, film, picture, start_s)
                if voices is not None:
                    voices.write_until(until_s)
                if text is not None:
                    spoken = [cue for cue in tracks.cues if start_s <= cue.start_s < until_s]
                    film.mux([_packet(cue, text) for cue in spoken])
                start_s = until_s
            if voices is not None:
                voices.finish()
    except av.error.FFmpegError as error:
        reason = error.strerror or error
        raise OutputError(f"cannot join the clips into {path}: {reason}") from error


def _chapter(number: int, chapter: FilmChapter) -> Chapter:
    return {
        "id": number,
        "start": round(chapter.start_s / _MS),
        "end": round(chapter.end_s / _MS),
        "time_base": _MS,
        "metadata": {"title": chapter.name},
    }


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
