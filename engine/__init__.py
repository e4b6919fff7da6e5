"""Shot plan -> clip: region layout, attention, adapters, sampler, model families, video files.

One alphabet for the shapes of tensors, here and nowhere else:
    B batch, R regions (the background is the last), L text tokens of a region, E entities (R - 1),
    F H W the token grid (latent frames, rows, columns), N = F*H*W video tokens,
    S = R*L + N the joint sequence [text_1 .. text_R | video], D width, d width of a head,
    T latent frames where a token gathers several, C channels; pixels: T frames, lower-case h w.
"""

from __future__ import annotations

# The relative import makes a bare `import engine` fail instead of making a second copy.
from ..errors import EngineError as EngineError
