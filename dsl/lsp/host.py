"""What the language server takes from outside the language: an engine, a planner, a formatter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...errors import Diagnostic
from ...plan import Capabilities
from ...story import Story


@dataclass(frozen=True, slots=True)
class Host:
    """What a server works with.

    `scene_seconds` returns how long a story of one scene is planned to last; `format_text` returns
    a story's text formatted; `remarks` returns what no picture of a story will show; a feature
    that is None is not offered. `out` is the folder of films, looked for beside the story and where
    the server was started.
    """

    capabilities: Capabilities | None = None
    scene_seconds: Callable[[Story], float] | None = None
    format_text: Callable[[str], str] | None = None
    out: Path = Path("out")
    remarks: Callable[[Story], tuple[Diagnostic, ...]] | None = None
