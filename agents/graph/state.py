"""What the graph knows between two steps, as JSON values, and how the news of branches are joined.

Every noun is kept as `model_dump(mode="json")` and read back with `model_validate`: a checkpoint
turns tuples into lists and refuses types it does not know. No path of the store is kept: clips and
adapters are known by their keys, and `recall` asks for their files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, TypeAlias, TypedDict, TypeVar

from pydantic import BaseModel

from ...film import Adapter, Take
from ...plan import Plan, ShotPlan
from ..critic.takes import kept

Noun = TypeVar("Noun", bound=BaseModel)

# A noun as JSON. `object` and not a recursive type, because pydantic checks it on the way back.
Json: TypeAlias = dict[str, object]


def awaited(what: Literal["plan", "shot"], name: str) -> dict[str, str]:
    """Return what an interrupt says that waits for somebody's word."""
    return {"what": what, "name": name}


def dumped(noun: BaseModel) -> Json:
    """Return the noun as JSON values."""
    return noun.model_dump(mode="json")


def dumped_take(take: Take) -> Json:
    """Return a take as JSON values, its clip by its key alone."""
    clip = take.clip.model_copy(update={"path": ""})
    return dumped(take.model_copy(update={"clip": clip}))


def dumped_adapter(adapter: Adapter) -> Json:
    """Return an adapter as JSON values, by its key alone."""
    return dumped(adapter.model_copy(update={"path": "", "strip": ""}))


def merged(old: dict[str, object], new: Mapping[str, object | None]) -> dict[str, object]:
    """Return `old` with the entries of `new`; an entry of None takes its key away."""
    both = {**old, **new}
    return {key: value for key, value in both.items() if value is not None}


def appended(old: list[str], new: Iterable[str]) -> list[str]:
    """Return `old` followed by what is new, each text once, in the order of arrival."""
    return list(dict.fromkeys([*old, *new]))


class FilmState(TypedDict, total=False):
    """The whole work. Retrievals, adapters, `untaught` and `unlearnt` are by the id of a need; the
    rest by shot.

    `failures` and `untaught` say in words what stopped a shot or a need, until the next wave;
    `unlearnt` why there was too little to learn from, which holds for the whole work.
    """

    plan: Json
    capabilities: Json
    retrievals: Annotated[dict[str, object], merged]
    adapters: Annotated[dict[str, object], merged]
    takes: Annotated[dict[str, object], merged]
    failures: Annotated[dict[str, object], merged]
    untaught: Annotated[dict[str, object], merged]
    unlearnt: Annotated[dict[str, object], merged]
    notes: Annotated[list[str], appended]
    # The next wave: chains of shot ids, each chain to be shot in order by one branch.
    wave: list[list[str]]
    # The keys of the clips that the film shows, once it is cut.
    film: list[str]


class TeachInput(TypedDict):
    """One motion or character to teach."""

    need: Json


class ShootInput(TypedDict):
    """One chain of shots to shoot in order: their plans, their takes, and the take before them.

    No key is one of `FilmState`: langgraph makes a channel of each key of a node's input.
    """

    turn: int
    chain: list[Json]
    made: dict[str, object]
    teaching: dict[str, object]
    engine: Json
    # What was found in the library, by the id of the need.
    found: dict[str, object]
    # The kept take of an earlier shot in the place of the first, where that shall begin in it; and
    # whether there will be one.
    place: Json | None
    place_awaited: bool
    # The kept take of the shot before the first where the first shall join it, else None.
    before: Json | None


def read_takes(values: object) -> tuple[Take, ...]:
    """Return the takes of one shot from the state's JSON; none where there is no entry yet."""
    if values is None:
        return ()
    if not isinstance(values, Sequence):
        raise TypeError(f"takes in the state are a list, not {type(values).__name__}")
    return tuple(Take.model_validate(value) for value in values)


def read_nouns(values: Mapping[str, object], kind: type[Noun]) -> dict[str, Noun]:
    """Return the nouns of a mapping in the state, in the keys' order."""
    return {key: kind.model_validate(values[key]) for key in sorted(values)}


def chains(shots: Sequence[ShotPlan], wanted: Iterable[str]) -> list[list[str]]:
    """Group the wanted shots, in the film's order, into runs that continue one another.

    A shot that continues the shot before it stands in that shot's run when both are wanted.
    """
    chosen = set(wanted)
    runs: list[list[str]] = []
    for before, shot in zip((None, *shots), shots, strict=False):
        if shot.id not in chosen:
            continue
        follows = shot.settings.continue_from_previous and before and before.id in chosen
        if follows:
            runs[-1].append(shot.id)
        else:
            runs.append([shot.id])
    return runs


def current_plans(plan: Plan, takes: Mapping[str, Sequence[Take]]) -> tuple[ShotPlan, ...]:
    """Return every shot as it was last decided: its kept take's plan, else the director's."""
    current: list[ShotPlan] = []
    for shot in plan.shots:
        take = kept(takes.get(shot.id, ()))
        current.append(take.plan if take and take.plan else shot)
    return tuple(current)
