"""Shot plan -> clip: region layout, attention, adapters, sampler, model families, video files."""

from __future__ import annotations

# The relative import makes a bare `import engine` fail instead of making a second copy.
from ..errors import EngineError as EngineError
