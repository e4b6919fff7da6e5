"""Speakers of a story + the voices that are there -> with which voice everybody speaks.

A voice is chosen by a hash of the speaker's id: the same tomorrow, whoever else is in the film.
Only where two would sound quite alike, the one who speaks later in the story takes the next voice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from ...speech import is_narrator
from .voices import CastVoice, Voice

# How many times as high and as fast as the engine's own voice somebody may be. The middle is left
# to narrators, who are heard with the voice as it is.
_PITCHES = (1.12, 0.88, 1.26, 0.94, 1.19, 0.82, 1.33)
_RATES = (1.0, 0.94, 1.06)
_NARRATORS_RATE = 0.96


def cast_voices(speakers: Iterable[str], voices: Sequence[Voice]) -> Mapping[str, CastVoice]:
    """Return everybody's voice; `speakers` in the order in which they first speak.

    Args:
        voices: those that are there, at least one, the best first.
    """
    taken: dict[str, CastVoice] = {}
    for speaker in dict.fromkeys(speakers):
        if is_narrator(speaker):
            taken[speaker] = CastVoice(voices[0], 1.0, _NARRATORS_RATE)
            continue
        digest = sha256(speaker.encode("utf-8", "replace")).digest()
        first = int.from_bytes(digest[:4]) % (len(voices) * len(_PITCHES))
        rate = _RATES[digest[4] % len(_RATES)]
        others = {(one.voice.id, one.pitch) for one in taken.values()}
        taken[speaker] = next(
            (own for own in _from(first, voices, rate) if (own.voice.id, own.pitch) not in others),
            next(_from(first, voices, rate)),
        )
    return taken


def _from(first: int, voices: Sequence[Voice], rate: float) -> Iterator[CastVoice]:
    count = len(voices) * len(_PITCHES)
    for step in range(count):
        at = (first + step) % count
        yield CastVoice(voices[at // len(_PITCHES)], _PITCHES[at % len(_PITCHES)], rate)
