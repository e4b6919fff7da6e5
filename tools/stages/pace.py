"""The accounts of earlier runs -> how many seconds a stage takes on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ...film import read_account


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one job of a stage takes, and how that is known."""

    seconds: float
    known_by: str


def pace_of(out: Path, engine: str) -> Mapping[str, Pace]:
    """Return the median time of each stage that runs in a folder of films have made.

    Args:
        out: the folder of films; each has the account of its last run.
        engine: whose shots; another engine's say nothing about it.
    """
    taken: dict[str, list[float]] = {}
    for path in sorted(folder / "run.json" for folder in out.glob("*")):
        for stage, seconds in _made(path, engine):
            taken.setdefault(stage, []).append(seconds)
    return {
        stage: Pace(median(some), f"the median of {len(some)} made before")
        for stage, some in taken.items()
    }


def _made(path: Path, engine: str) -> list[tuple[str, float]]:
    """Return the stages that a run has made and not found; none of an account that is none."""
    try:
        account = read_account(path)
        if account["engine"] != engine:
            return []
        return [(s["stage"], float(s["seconds"])) for s in account["stages"] if not s["cached"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
