"""A film's mix -> its AAC stream beside the picture."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from ..sound.pcm import Samples

_HZ = 48_000
# Samples that AAC encodes at once.
_FRAME = 1024
_BITS_A_S = 192_000


class SoundStream:
    """The sound of a film that is being written: AAC at 48 kHz in two channels."""

    def __init__(self, film: av.container.OutputContainer, mix: Samples) -> None:
        """Add a stream for a mix [N, 2] float32 at 48 kHz."""
        # One thread and no dates: equal sounds give equal bytes.
        options = {"threads": "1", "flags": "+bitexact"}
        self._stream = film.add_stream("aac", rate=_HZ, layout="stereo", options=options)
        self._stream.bit_rate = _BITS_A_S
        self._film, self._mix, self._done = film, mix, 0

    def write_until(self, time_s: Fraction) -> None:
        """Write whole frames of the mix up to a time of the film."""
        while self._done + _FRAME <= min(len(self._mix), round(time_s * _HZ)):
            self._write(self._mix[self._done : self._done + _FRAME])

    def finish(self) -> None:
        """Write what is left."""
        self.write_until(Fraction(len(self._mix), _HZ))
        if self._done < len(self._mix):
            self._write(self._mix[self._done :])
        self._film.mux(self._stream.encode(None))

    def _write(self, samples: Samples) -> None:
        planes = np.ascontiguousarray(samples.T)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = _HZ, self._done
        frame.time_base = Fraction(1, _HZ)
        self._done += len(samples)
        self._film.mux(self._stream.encode(frame))
