"""A store says what it holds, finds what is damaged, lets go what nobody needs, and is copied."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dreamrunner.cli import app
from dreamrunner.tools.store.recipe import Recipe
from dreamrunner.tools.store.remote import Remote
from dreamrunner.tools.store.shared import SharedStore
from dreamrunner.tools.store.store import Store

OLD, NEW, KEPT = "a" * 64, "b" * 64, "c" * 64
DAY_S = 24 * 3600.0


def put(store: Store, key: str, stage: str, size: int) -> None:
    recipe = Recipe(stage, 1, {"key": key}, key)
    store.put_file(key, "clip.mp4", lambda path: path.write_bytes(b"x" * size), recipe=recipe)


def aged(store: Store, key: str, days: float) -> None:
    then = time.time() - days * DAY_S
    os.utime(store.root / key[:2] / key, (then, then))


def run(*words: object) -> str:
    done = CliRunner().invoke(app, ["store", *map(str, words)])
    return f"{done.exit_code} {done.output}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    put(made, OLD, "render", 3000)
    put(made, NEW, "render", 1000)
    put(made, KEPT, "measure", 10)
    return made


def test_du_counts_results_and_bytes_by_stage(store: Store) -> None:
    said = run("du", "--store", store.root)
    assert [line.split()[-1] for line in said.splitlines()] == ["render", "measure", "other"]
    size, unit, count = said.split()[1:4]
    # An entry's own record is as long as its times are.
    assert unit == "kB" and count == "2" and 4.0 < float(size) < 5.5


def test_gc_lets_go_what_is_old_and_no_film_names(store: Store, tmp_path: Path) -> None:
    film = tmp_path / "out" / "fox"
    film.mkdir(parents=True)
    (film / "run.json").write_text(f'{{"status": "done", "stages": [{{"key": "{KEPT}"}}]}}')
    aged(store, OLD, 40)
    aged(store, KEPT, 40)
    words = ("gc", "--store", store.root, "--days", 30, "--keep", tmp_path / "out")
    assert run(*words, "--dry-run").startswith("0 1 result, 3.")
    assert store.get_dir(OLD) is not None
    mistyped = ("gc", "--store", store.root, "--days", 0, "--keep", tmp_path / "outt")
    assert run(*mistyped).startswith("2 ") and store.get_dir(OLD) is not None
    assert "removed" in run(*words)
    assert [store.get_dir(key) is not None for key in (OLD, NEW, KEPT)] == [False, True, True]


def test_what_is_used_again_is_not_old(store: Store) -> None:
    own = Recipe("render", 1, {"shot": 1}, "shot 1")
    store.put_file(own.key, "clip.mp4", lambda path: path.write_bytes(b"x"), recipe=own)
    for key in (own.key, OLD):
        aged(store, key, 40)
    assert store.look_up(own).cached
    run("gc", "--store", store.root, "--days", 30)
    assert store.get_dir(own.key) is not None
    assert store.get_dir(OLD) is None


def test_verify_moves_what_is_damaged_aside_and_fails(store: Store) -> None:
    assert run("verify", "--store", store.root) == "0 all is as it was written\n"
    (store.root / OLD[:2] / OLD / "clip.mp4").write_bytes(b"y" * 3000)
    assert run("verify", "--store", store.root) == (
        f"1 {OLD}: it was damaged in the store: clip.mp4 has changed\n1 damaged\n"
    )
    assert store.get_dir(OLD) is None


def test_push_and_pull_copy_what_the_other_lacks(store: Store, tmp_path: Path) -> None:
    url = f"file://{tmp_path}/shared"
    assert run("push", url, "--store", store.root) == "0 3 copied, 0 there already\n"
    assert run("push", url, "--store", store.root) == "0 0 copied, 3 there already\n"
    other = Store(tmp_path / "other")
    lock = tmp_path / "fox.lock"
    lock.write_text(f'{{"version": 2, "given": {{}}, "made": {{"clips": {{"key": "{NEW}"}}}}}}')
    words = ("pull", url, "--store", other.root)
    assert run(*words, "--film", lock) == "0 1 copied, 0 there already\n"
    assert other.get_dir(NEW) is not None and other.get_dir(OLD) is None
    assert run(*words) == "0 2 copied, 1 there already\n"


def test_a_url_is_swept_and_verified_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMRUNNER_CACHE", str(tmp_path / "cache"))
    url = f"file://{tmp_path}/shared"
    run("push", url, "--store", store.root)
    remote = Remote(url)
    blobs = [path for path in (tmp_path / "shared" / "blobs").rglob("*") if path.is_file()]
    assert len(blobs) == len(remote.blobs()) == 3
    harmed = next(path for path in blobs if path.stat().st_size == 1000)
    harmed.write_bytes(b"z" * 1000)
    assert run("verify", "--store", url) == f"1 {NEW}: clip.mp4 has changed\n1 damaged\n"
    assert set(remote.keys()) == {OLD, KEPT}
    then = time.time() - 40 * DAY_S
    for path in (tmp_path / "shared").rglob("*"):
        os.utime(path, (then, then))
    said = run("gc", "--store", url, "--days", 30, "--keep", tmp_path)
    assert said.startswith("0 2 results")
    assert remote.keys() == {} and remote.blobs() == {}
    assert SharedStore(tmp_path / "third", url).get_dir(OLD) is None
