"""Two stories, plans or runs -> what differs between them, and which stages became stale by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...tools.cutting.form import form_of
from .story_lock import NAME, Lock, differences, read_lock, shot_record

if TYPE_CHECKING:
    from ..settings import Settings

_ALL = ("render", "measure", "cut")
# What is made again where a stage's version, or something else of its name, is another one.
_AFTER = {
    "library": ("library", "retrieve", "adapt", *_ALL),
    "index": ("retrieve", "adapt", *_ALL),
    "retrieve": ("retrieve", "adapt", *_ALL),
    "adapt": ("adapt", *_ALL),
    "voice": ("voice", "cut"),
    "mix": ("cut",),
}
# What a page says by itself of how its film is cut; the rest is said by options and voices.
_ON_PAGE = ("title", "transitions", "cards", "size", "fps")


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
    cut: Mapping[str, Any]
    given: Mapping[str, Any] | None = None
    made: Mapping[str, Any] | None = None


def compare(before: Path, after: Path, settings: Settings) -> list[Difference]:
    """Return what differs: each a story, a plan.json, a story.lock, or the folder of a run.

    A story beside a lock or a run is planned for the engine and the seed of that.

    Raises:
        InputError: one is none of these.
        StoryError: a story has errors.
    """
    locks = [_lock_at(path) for path in (before, after)]
    for given in [lock["given"] for lock in locks if lock][:1]:
        settings = replace(settings, engine=given["engine"]["name"], seed=given["settings"]["seed"])
    old, new = (
        _locked(lock) if lock else _planned(path, settings)
        for path, lock in zip((before, after), locks, strict=True)
    )
    found = [*_whole(old, new), *_shots(old, new)]
    if old.made is not None and new.made is not None:
        found += _learnt(old.made, new.made)
        found += _bytes(old.made, new.made, {one.what for one in found})
    return found


def _lock_at(path: Path) -> Lock | None:
    """Return the lock that a path is or that a run's folder has; None where it is a page or plan.

    Raises:
        InputError: it is none of these.
    """
    if not path.exists():
        raise InputError(f"there is no {path}")
    lock = path / NAME if path.is_dir() else path
    if lock.suffix == ".lock":
        return read_lock(lock)
    if lock.suffix not in (".story", ".fountain", ".json"):
        raise InputError(f"{path} is no story, no plan.json, no lock and no folder of a run")
    return None


def _locked(lock: Lock) -> _Side:
    given = {k: v for k, v in lock["given"].items() if k not in ("page", "shots", "cut")}
    shots = {shot["id"]: shot for shot in lock["given"]["shots"]}
    return _Side(shots, dict.fromkeys(_ON_PAGE) | lock["given"]["cut"], given, lock["made"])


def _planned(path: Path, settings: Settings) -> _Side:
    from ..facade import parse_story, plan_at

    plan = plan_at(path, settings)
    shots = {shot.id: dict(shot_record(shot)) for shot in plan.shots}
    if path.suffix == ".json":
        return _Side(shots, {"title": plan.title})
    story = parse_story(path, settings.engine).story
    assert story is not None  # else it would have raised
    form = form_of(story, plan).inputs()
    on_page = {name: form.get(name) for name in _ON_PAGE}
    return _Side(shots, on_page | {"title": plan.title})


def _whole(old: _Side, new: _Side) -> Iterator[Difference]:
    """Yield what differs of the cut, and of the machine, the engine and the settings."""
    both = [name for name in old.cut if name in new.cut]
    if old.given is not None and new.given is not None:
        both = list(dict.fromkeys((*old.cut, *new.cut)))
    cuts = [{name: side.cut.get(name) for name in both} for side in (old, new)]
    reasons = differences(*cuts)
    stale = dict.fromkeys(("cut",) if reasons else ())
    if old.given is not None and new.given is not None:
        reasons = [*differences(old.given, new.given), *reasons]
        stale = _stale_of_all(old.given, new.given) | stale
    if reasons:
        yield Difference("the film", tuple(reasons), tuple(stale))


def _stale_of_all(
    old: Mapping[str, Any],  # Any: as in `_Side`
    new: Mapping[str, Any],
) -> dict[str, None]:
    """Return the stages that are made again in every shot, in their order."""
    stale: set[str] = set()
    for name in old["stages"].keys() | new["stages"].keys():
        if old["stages"].get(name) != new["stages"].get(name):
            stale.update(_ALL if name.startswith("render") else _AFTER.get(name, (name,)))
    if old["engine"] != new["engine"]:
        stale.update(_ALL)
    if old["critic"] != new["critic"]:
        stale.add("measure")
    order = ("plan", "library", "index", "retrieve", "adapt", "animatic", "voice", *_ALL)
    return dict.fromkeys(name for name in order if name in stale)


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


def _learnt(
    old: Mapping[str, Any],  # Any: as in `_Side`
    new: Mapping[str, Any],
) -> Iterator[Difference]:
    """Yield the adapters that are others, and the library that they were taught from."""
    for name, adapter in new["adapters"].items():
        was = old["adapters"].get(name)
        if was and was["key"] != adapter["key"]:
            why = "is taught from other clips, or otherwise"
            yield Difference(f"adapter {name}", (why,), _AFTER["adapt"])
        elif was and was["file"] != adapter["file"]:
            yield Difference(f"adapter {name}", ("taught alike, and other bytes",), _ALL)
    if old["library"] and new["library"] and old["library"] != new["library"]:
        yield Difference("the library", ("has other clips",), ("retrieve",))


def _bytes(
    old: Mapping[str, Any],  # Any: as in `_Side`
    new: Mapping[str, Any],
    told: set[str],
) -> Iterator[Difference]:
    """Yield the clips that differ although no shot's plan does."""
    for shot, clip in new["clips"].items():
        was = old["clips"].get(shot)
        if was and was["file"] != clip["file"] and f"shot {shot}" not in told:
            kinds = "another take" if was["seed"] != clip["seed"] else "drawn otherwise"
            if was["key"] == clip["key"]:
                kinds = "drawn alike, and other bytes"
            yield Difference(f"shot {shot}", (kinds,), ())
