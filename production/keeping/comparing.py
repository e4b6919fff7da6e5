"""Two stories, plans or runs -> what differs between them, and which stages became stale by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from .story_lock import NAME, differences, read_lock, shot_record

if TYPE_CHECKING:
    from ..settings import Settings

_ALL = ("render", "measure", "cut")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs of a shot, or of a whole film, and which stages must be made again for it."""

    what: str
    reasons: tuple[str, ...]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """A film by its shots, and by what else is known to decide it; a page alone knows no more."""

    shots: Mapping[str, Mapping[str, Any]]  # Any: as JSON comes back
    given: Mapping[str, Any] | None = None
    clips: Mapping[str, Any] | None = None


def compare(before: Path, after: Path, settings: Settings) -> list[Difference]:
    """Return what differs: each a story, a plan.json, a story.lock, or the folder of a run.

    Raises:
        InputError: one is none of these.
        StoryError: a story has errors.
    """
    old, new = _side(before, settings), _side(after, settings)
    found = [*_whole(old, new), *_shots(old, new)]
    if old.clips is not None and new.clips is not None:
        found += _bytes(old, new, {one.what for one in found})
    return found


def _side(path: Path, settings: Settings) -> _Side:
    lock = path / NAME if path.is_dir() else path
    if lock.suffix == ".lock":
        found = read_lock(lock)
        given = {k: v for k, v in found["given"].items() if k not in ("page", "shots")}
        shots = {shot["id"]: shot for shot in found["given"]["shots"]}
        return _Side(shots, given, found["made"]["clips"])
    if lock.suffix not in (".story", ".fountain", ".json"):
        raise InputError(f"{path} is no story, no plan.json, no lock and no folder of a run")
    from ..facade import plan_at

    return _Side({shot.id: dict(shot_record(shot)) for shot in plan_at(path, settings).shots})


def _whole(old: _Side, new: _Side) -> Iterator[Difference]:
    """Yield what differs of the machine, the engine and the settings."""
    if old.given is None or new.given is None:
        return
    reasons = differences(old.given, new.given)
    if not reasons:
        return
    stale: dict[str, None] = {}
    versions = (old.given["stages"], new.given["stages"])
    for name in versions[0].keys() | versions[1].keys():
        if versions[0].get(name) != versions[1].get(name):
            stale |= dict.fromkeys(_ALL if name.startswith("render") else (name,))
    if old.given["engine"] != new.given["engine"]:
        stale |= dict.fromkeys(_ALL)
    if old.given["critic"] != new.given["critic"]:
        stale["measure"] = None
    if old.given["voices"] != new.given["voices"]:
        stale["cut"] = None
    yield Difference("the film", tuple(reasons), tuple(stale))


def _shots(old: _Side, new: _Side) -> Iterator[Difference]:
    redrawn: set[str] = set()
    before = ""
    for shot in dict.fromkeys((*old.shots, *new.shots)):
        if shot not in new.shots:
            yield Difference(f"shot {shot}", ("is gone",), ("cut",))
            continue
        if shot not in old.shots:
            yield Difference(f"shot {shot}", ("is new",), _ALL)
            redrawn.add(shot)
        else:
            reasons = differences(old.shots[shot], new.shots[shot])
            stale = _stale(old.shots[shot], new.shots[shot])
            if before in redrawn and new.shots[shot]["settings"]["continue_from_previous"]:
                reasons, stale = [*reasons, f"it goes on from shot {before}"], _ALL
            if reasons:
                yield Difference(f"shot {shot}", tuple(reasons), stale)
            if "render" in stale:
                redrawn.add(shot)
        before = shot


def _stale(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the stages that are made again where a shot's plan changes so."""
    from ...tools.stages.render import UNSEEN

    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if changed - UNSEEN:
        return _ALL
    stages = {"assertions": "measure", "subtitles": "cut"}
    return tuple(stage for name, stage in stages.items() if name in changed)


def _bytes(old: _Side, new: _Side, told: set[str]) -> Iterator[Difference]:
    """Yield the clips that differ although nothing that was given to them does."""
    assert old.clips is not None and new.clips is not None  # the caller has looked
    for shot, clip in new.clips.items():
        was = old.clips.get(shot)
        if was and was["file"] != clip["file"] and f"shot {shot}" not in told:
            kinds = "drawn alike, and other bytes" if was["key"] == clip["key"] else "another take"
            yield Difference(f"shot {shot}", (kinds,), ())
