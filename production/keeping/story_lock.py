"""A render -> `story.lock`: all that decides its film; and what another render would do otherwise.

A lock has two parts. What is given is known before anything is drawn: the page, the versions, the
engine's weights, the settings, every shot's plan and seed. What was made is known at the end: the
hashes of adapters, clips and film. `--frozen` holds a render against both.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import FrozenError, InputError
from ...film import film_name

if TYPE_CHECKING:
    from ...agents.graph.run import FilmResult
    from ...dsl import ParsedStory
    from ...engine.protocol import Family
    from ...plan import Plan, ShotPlan
    from ...tools.store.recipe import JSON
    from ..settings import Settings
    from ..speaking import SpokenStory

NAME = "story.lock"
_VERSION = 2
# The packages that draw, measure and cut, whose versions may change a pixel.
_PACKAGES = (
    "av", "diffusers", "numpy", "open_clip_torch", "peft", "Pillow", "scipy", "spacy", "torch",
    "torchvision", "transformers",
)  # fmt: skip
# What the writer changes, and knows of.
_WRITTEN = frozenset({"page", "shots", "cut"})
_MOST_WORDS = 4

Lock = Mapping[str, Any]  # Any: as JSON comes back


def lock_path(story: Path, out: Path) -> Path:
    """Return the lock that a story is held against: one beside its page, else its last render's."""
    beside = story.with_suffix(".lock")
    return beside if beside.is_file() else out / film_name(story) / NAME


def read_lock(path: Path) -> Lock:
    """Return a lock.

    Raises:
        InputError: there is none, or what is there is none.
    """
    try:
        found = json.loads(path.read_bytes())
        if found["version"] != _VERSION:
            raise InputError(
                f"{path} is a lock of version {found['version']} and not {_VERSION}; the next "
                "render of its story makes a new one"
            )
        return {"given": found["given"], "made": found["made"]}
    except FileNotFoundError as error:
        raise InputError(f"there is no lock at {path}; a render without --frozen makes one") from (
            error
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no lock: {error}") from error


def given_of(
    parsed: ParsedStory, plan: Plan, family: Family, settings: Settings, spoken: SpokenStory,
    story: Path,
) -> dict[str, JSON]:  # fmt: skip
    """Return what decides a film before anything of it is drawn; `story` is where its page is."""
    from ... import __version__
    from ...tools.store.recipe import STAGE_VERSIONS
    from ..critics import choose_critic
    from ..speaking import film_form, sound_track

    critic = choose_critic(settings, family.capabilities, plan.shots, story.parent)
    sound = sound_track(spoken, plan, settings, story)
    form = film_form(spoken, plan, settings, family.fingerprint)
    return {
        "page": hashlib.sha256(parsed.source.encode("utf-8", "surrogateescape")).hexdigest(),
        "dreamrunner": __version__,
        "stages": dict(STAGE_VERSIONS),
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _installed(name))},
        "engine": {"name": settings.engine, "weights": family.fingerprint},
        "critic": {"name": critic.name, "weights": critic.fingerprint} if critic else None,
        "director": plan.director,
        "settings": {
            "seed": settings.seed,
            "sampling": str(settings.sampling),
            "lossy": str(settings.lossy),
            "teach": str(settings.teach),
            "burn": settings.burn,
            "cards": settings.cards,
        },
        "cut": {
            "title": plan.title,
            "sound": sound.inputs(plan) if sound else None,
            **form.inputs(),
        },
        "shots": [shot_record(shot) for shot in plan.shots],
    }


def made_of(result: FilmResult, settings: Settings) -> dict[str, JSON]:
    """Return the hashes of what was made."""
    from ...tools.store.output import file_hash
    from ..libraries import library_snapshot

    kept = [take for take in result.film.takes if take.kept]
    return {
        "film": file_hash(Path(result.film.path)),
        "library": library_snapshot(settings) if result.adapters else None,
        "adapters": {
            one.name: {"key": one.key, "file": file_hash(Path(one.path)) if one.path else None}
            for one in result.adapters
        },
        "clips": {
            take.shot: {
                "take": take.number,
                "seed": take.seed,
                "key": take.clip.key,
                "file": file_hash(Path(take.clip.path)),
            }
            for take in kept
        },
    }


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:  # Any: as in `Lock`
    """Return in words what differs between the same part of two locks."""
    from ...tools.store.freshness import explain_difference

    return explain_difference(old, new)


class StoryLock:
    """The lock of one render: held against the one before, and written at the end."""

    def __init__(self, story: Path, settings: Settings, given: Mapping[str, JSON]) -> None:
        self._folder = settings.out / film_name(story)
        self._path = lock_path(story, settings.out)
        self._settings = settings
        self._given = given
        self._old: Lock | None = None

    def compare(self) -> str | None:
        """Return what is not as in the lock, in one note; None where all is, or there is none.

        A page that was changed is no news to its writer, so shots are not listed.

        Raises:
            FrozenError: something is not, and must be.
            InputError: the lock must be there and is not, or cannot be read.
        """
        if not self._settings.frozen and not self._path.is_file():
            return None
        try:
            self._old = read_lock(self._path)
        except InputError as error:
            if self._settings.frozen:
                raise
            return f"{error}; nothing is held against it"
        found = differences(self._old["given"], self._given)
        if self._settings.frozen:
            if found:
                raise FrozenError(f"this is not what {self._path} has:\n" + _listed(found))
            return None
        old, now = (
            {name: value for name, value in given.items() if name not in _WRITTEN}
            for given in (self._old["given"], self._given)
        )
        others = differences(old, now)
        return f"not as in {self._path}: {_few(others)}" if others else None

    def write(self, result: FilmResult) -> None:
        """Write the lock of a finished film; under `--frozen`, hold the film against it instead.

        Raises:
            FrozenError: equal inputs made something else.
            OutputError: it cannot be written.
        """
        from ...tools.store.output import write_whole

        made = made_of(result, self._settings)
        if self._settings.frozen and self._old is not None:
            if found := differences(self._old["made"], made):
                raise FrozenError(
                    f"all that is given is as in {self._path}, and what was made is not; "
                    "another processor or another number of threads can do that:\n" + _listed(found)
                )
            return
        lock = {"version": _VERSION, "given": self._given, "made": made}
        text = json.dumps(lock, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        write_whole(self._folder / NAME, lambda part: part.write_text(text, encoding="utf-8"))


def shot_record(shot: ShotPlan) -> Mapping[str, JSON]:
    """Return a shot as the stages see it: no place on the page, and no reason of the director's."""
    from ...tools.stages.render import fragment

    record = fragment(shot, without=frozenset({"text", "notes", "origins", "pins"}))
    assert isinstance(record, Mapping)  # of a record's fields
    return record


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _listed(found: Sequence[str]) -> str:
    return "\n".join(f"  {words}" for words in found)


def _few(found: Sequence[str]) -> str:
    more = len(found) - _MOST_WORDS
    return "; ".join([*found[:_MOST_WORDS], *([f"and {more} more"] if more > 0 else [])])
