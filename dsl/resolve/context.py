"""The settings of the story that is being resolved, its folder and its engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..diagnostics.findings import Findings
from ..syntax import tree

if TYPE_CHECKING:
    from ...plan import Capabilities

# Without an engine nobody knows how long a clip is; the smallest embedded one is 25 frames at 8.
_UNKNOWN_CLIP_S = 3.125
_UNKNOWN_FPS = 8


@dataclass(frozen=True, slots=True)
class Context:
    """The story's settings, its folder and the engine, as far as they are known.

    `base` is where in the folder the file being read lies: not at its top where `@use` led to it.
    """

    findings: Findings
    strict: bool
    fps: float
    folder: Path | None
    capabilities: Capabilities | None
    base: PurePosixPath = PurePosixPath()

    @property
    def clip_s(self) -> float:
        """How long one clip of the engine lasts."""
        if self.capabilities is None:
            return _UNKNOWN_CLIP_S
        return self.capabilities.clip_frames / self.capabilities.fps

    def strict_error(
        self, number: str, at: tree.Node, message: str, help: str | None = None
    ) -> None:
        """Report what is an error under `Strict: yes` and a warning otherwise."""
        report = self.findings.error if self.strict else self.findings.warning
        report(number, at, message, help)


def default_fps(capabilities: Capabilities | None) -> float:
    """Return the frame rate of a story that names none."""
    return float(capabilities.fps) if capabilities is not None else float(_UNKNOWN_FPS)
