"""Given a stopped film whose files in the store are gone, torn or moved, expect the same film."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dreamrunner.agents.graph.run import FilmResult, make_film
from dreamrunner.errors import EngineError, ShotError
from dreamrunner.plan import Plan, ShotPlan

from .scripted import CAPABILITIES, ScriptedCrew, Store, film_plan, shot_plan

CHAIN = film_plan(
    shot_plan("s1", motion="spin"),
    shot_plan("s2", motion="spin", continues=True),
    shot_plan("s3"),
    # Not drawn before the others are, which a failure would stop: it needs the adapter too.
    shot_plan("s4", motion="spin"),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "store").mkdir()
    return Store(tmp_path / "store")


def make(crew: ScriptedCrew, plan: Plan = CHAIN) -> FilmResult:
    path = crew.store.folder.parent / "film.sqlite"
    return make_film(plan, CAPABILITIES, crew.crew(), checkpoint=path, thread="t")


def stopped(store: Store, **options: object) -> ScriptedCrew:
    """Make all of the film but its last shot, and return who goes on with it."""

    def during(shot: ShotPlan, made: int) -> None:
        if shot.id == "s4":
            raise EngineError("no")

    with pytest.raises(ShotError):
        make(ScriptedCrew(store, during=during, **options))  # type: ignore[arg-type]
    return ScriptedCrew(store, **options)  # type: ignore[arg-type]


def remove(path: Path) -> None:
    path.unlink()


def flip(path: Path) -> None:
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


@pytest.mark.parametrize("harm", [remove, flip])
@pytest.mark.parametrize(
    ("harmed", "made_again"),
    [
        ({"s1"}, ["s1"]),
        ({"s2"}, ["s2"]),
        ({"s3"}, ["s3"]),
        ({"s1", "s2"}, ["s1", "s2"]),
        ({"adapter"}, ["adapter"]),
        ({"s2", "adapter"}, ["s2", "adapter"]),
        ({"s1", "s2", "s3", "adapter"}, ["s1", "s2", "s3", "adapter"]),
    ],
    ids=lambda value: " ".join(sorted(value)) or "nothing",
)
def test_what_is_gone_or_damaged_is_made_again_under_its_key(
    store: Store, harm: Callable[[Path], None], harmed: set[str], made_again: list[str]
) -> None:
    crew = stopped(store)
    before = store.made
    keys = {"adapter" if key.startswith("adapter") else key[5:7]: key for key in before}
    for name in harmed:
        harm(store.folder / keys[name])

    result = make(crew)

    assert result.resumed
    assert {key for key in store.made[len(before) :] if "s4" not in key} == {
        keys[name] for name in made_again
    }
    shown = {take.shot: take.clip.key for take in result.takes if take.kept}
    assert all(shown[shot] == keys[shot] for shot in ("s1", "s2", "s3"))
    assert all(store.has(clip.key) for clip in result.film.clips)


def test_a_moved_store_is_gone_on_with(store: Store, tmp_path: Path) -> None:
    crew = stopped(store)
    shutil.move(store.folder, tmp_path / "elsewhere")
    crew.store = Store(tmp_path / "elsewhere")

    result = make(crew)

    assert result.resumed
    made = crew.store.made
    assert len(made) == len(set(made)) == 5
    assert {Path(take.clip.path).parent for take in result.takes} == {tmp_path / "elsewhere"}


def test_a_join_is_measured_on_clips_that_are_there(store: Store) -> None:
    plan = film_plan(shot_plan("s1"), shot_plan("s2", metrics=("layout", "join")), shot_plan("s4"))

    def during(shot: ShotPlan, made: int) -> None:
        if shot.id == "s4":
            raise EngineError("no")

    crew = ScriptedCrew(store, during=during, join_script=lambda shot, before, clip: 1.0)
    with pytest.raises(ShotError):
        make(crew, plan)
    for path in store.folder.glob("clip-*"):
        path.unlink()
    crew.during = lambda shot, made: None

    result = make(crew, plan)

    assert result.resumed
    assert [m.passed for t in result.takes if t.shot == "s2" for m in t.verdict.measurements] == [
        True,
        True,
    ]


def test_every_take_of_a_shot_is_there_again_and_not_only_the_kept_one(store: Store) -> None:
    crew = stopped(store, script=lambda shot, assertion: 0.1)
    before = set(store.made)
    for path in store.folder.glob("clip-*"):
        path.unlink()

    result = make(crew)

    assert len(result.takes) == 12
    assert all(store.has(take.clip.key) for take in result.takes)
    assert {key for key in store.made if "s4" not in key} == before


def test_an_engine_that_draws_otherwise_now_begins_anew(store: Store) -> None:
    crew = stopped(store)
    crew.engine_version = "2-"

    result = make(crew)

    assert not result.resumed
    assert all(clip.key.startswith("clip-2-") for clip in result.film.clips)
    [note] = result.notes
    assert "would now be drawn otherwise" in note and "begins anew" in note


def test_no_path_of_the_store_is_in_the_checkpoint(store: Store, tmp_path: Path) -> None:
    stopped(store)
    with sqlite3.connect(tmp_path / "film.sqlite") as connection:
        rows = connection.execute("SELECT checkpoint FROM checkpoints").fetchall()
        rows += connection.execute("SELECT value FROM writes").fetchall()
    connection.close()
    assert len(rows) > 5
    assert not any(str(tmp_path).encode() in value for (value,) in rows)


def test_a_take_says_from_which_clip_it_goes_on(store: Store) -> None:
    result = make(stopped(store))
    keys = {take.shot: take.clip.key for take in result.takes}
    assert [take.before for take in result.takes] == [None, keys["s1"], None, None]
