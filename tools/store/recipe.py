"""What a stage's result is made of -> the key it is stored under, and every stage's version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]

# Raise a stage's number when its code makes something else of equal inputs. What it has made
# becomes stale, and what was made from that; nothing else does. A stage's weights, where it has
# some, are hashed into its inputs and need no number.
STAGE_VERSIONS: dict[str, int] = {
    # The clips of the default motion library, as the world is drawn: a new number, a new folder.
    "library": 4,
    # Captions in Qdrant: the terms and vectors that a collection holds.
    "index": 2,
    # A parsed story, by the rules, into its plan.
    "plan": 18,
    # A motion into clips of a library: how they are searched, looked at, weighed and chosen.
    "retrieve": 3,
    # Retrieved clips or reference pictures into an adapter: how they are read and trained on.
    "adapt": 5,
    # A shot into frames by the embedded model; by hand; by a published model through diffusers.
    "render storybook": 8,
    "render animatic": 3,
    "render published": 1,
    # A clip, or several that belong together, into measurements by the critic.
    "measure": 4,
    # A line into its sound, by a voice.
    "voice": 1,
    # A plan into the moving picture of it that is there before the first shot.
    "animatic": 2,
    # Clips and subtitles into the film.
    "cut": 2,
    # Lines and sounds into what is heard of a film; a part of its cut.
    "mix": 2,
}


def stage_key(stage: str, version: int, inputs: Mapping[str, JSON]) -> str:
    """Return the key of a stage's result: sha256 over everything that makes it, as 64 hex digits.

    `version` is the stage's in `STAGE_VERSIONS`.
    """
    made_of: JSON = {"stage": stage, "version": version, "inputs": inputs}
    return hashlib.sha256(b"dreamrunner stage\n" + canonical_json(made_of)).hexdigest()


def canonical_json(value: JSON) -> bytes:
    """Return the one text of a value: equal values, equal bytes. NaN is a ValueError."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def as_json(value: object) -> JSON:
    """Return frozen dataclasses and what they hold as JSON: equal values, equal JSON."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)  # a set comes in another order in each process
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a result is made of. `label` says what for, such as "fox.story shot 1.2".

    The label is no part of the key: two stories that need the same result share it.
    """

    stage: str
    version: int
    inputs: Mapping[str, JSON]
    label: str = ""

    @property
    def key(self) -> str:
        return stage_key(self.stage, self.version, self.inputs)

    def as_json(self) -> JSON:
        """Return the recipe as it is written into the store."""
        return {
            "stage": self.stage,
            "version": self.version,
            "inputs": self.inputs,
            "label": self.label,
        }
