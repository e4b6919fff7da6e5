"""Drawn clips -> the embedded weights, by `python -m dreamrunner.engine.storybook.train`."""

from __future__ import annotations

# The relative import makes a bare import fail instead of making a second copy.
from ....errors import EngineError as EngineError
