"""The embedded family: a small drawn world, models trained on it, and their judge."""

from __future__ import annotations

# The relative import makes a bare `import engine.storybook` fail instead of making a second copy.
from ...errors import WeightsError as WeightsError
