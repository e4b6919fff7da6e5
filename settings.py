"""What the writer chose for a render, and where things lie if nothing was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the writer chose. `seed` is for a story that names none."""

    store: Path
    engine: str = "storybook"
    out: Path = Path("out")
    seed: int | None = None
    strict: bool = False

    @property
    def library(self) -> Path:
        """Where the clips are that motions are learnt from."""
        return self.store / "library"


def default_store() -> Path:
    """Return where finished work is kept if nobody says otherwise: the user's cache."""
    from platformdirs import user_cache_path

    return user_cache_path("dreamrunner") / "store"
