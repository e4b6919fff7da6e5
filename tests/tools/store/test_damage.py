"""A damaged entry is told, moved aside and made again, and a disk that refuses is one error."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

import pytest

from dreamrunner.errors import StoreError
from dreamrunner.tools.store import store as store_module
from dreamrunner.tools.store.store import Recipe, Store

from .results import KEY, recipe_of


@pytest.mark.parametrize("damage", ["changed", "shorter", "missing", "no entry", "bad entry"])
def test_a_broken_entry_is_told_moved_aside_and_absent(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    path = store.put_file(KEY, "clip.mp4", lambda part: part.write_bytes(b"film"))
    if damage == "changed":
        path.write_bytes(b"film!"[:4].replace(b"f", b"F"))
    elif damage == "shorter":
        path.write_bytes(b"fil")
    elif damage == "missing":
        path.unlink()
    elif damage == "no entry":
        (path.parent / "entry.json").unlink()
    else:
        (path.parent / "entry.json").write_text('{"files": [')
    with caplog.at_level(logging.WARNING):
        assert store.get_dir(KEY) is None
    assert f"{KEY} in the store is broken" in caplog.text
    assert [kept.name[:64] for kept in (tmp_path / "broken").iterdir()] == [KEY]
    assert store.put_file(KEY, "clip.mp4", lambda part: part.write_bytes(b"new")).exists()
    assert store.get_dir(KEY) is not None


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "access is denied"),
    ],
)
def test_a_refusal_of_the_disk_says_where_and_what_to_do(
    tmp_path: Path, number: int, advice: str
) -> None:
    def refuse(part: Path) -> None:
        raise OSError(number, os.strerror(number), str(part))

    with pytest.raises(StoreError, match=advice) as caught:
        Store(tmp_path).put_file(KEY, "clip.mp4", refuse)
    assert str(tmp_path) in str(caught.value)
    assert not list((tmp_path / "part").iterdir())


def test_a_folder_in_place_of_a_memory_is_made_a_memory_again(tmp_path: Path) -> None:
    store, recipe = Store(tmp_path), Recipe("plan", 1, {}, "fox.story")
    store.put_json(recipe.key, 1, recipe=recipe)
    (memory,) = (tmp_path / "latest").iterdir()
    memory.unlink()
    memory.mkdir()
    store.put_json(recipe.key, 1, recipe=recipe)
    assert store.look_up(recipe).cached
    assert store.latest("plan", "fox.story") == recipe


def test_a_store_below_a_file_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="choose another place"):
        Store(tmp_path / "file" / "store").put_json(KEY, 1)


def damaged(path: Path) -> None:
    """Change a byte of a file and leave its size and its time as they were."""
    before, data = path.stat(), path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_another_process_sees_a_damage_that_no_size_and_no_time_tells(tmp_path: Path) -> None:
    path = Store(tmp_path).put_file(KEY, "clip.mp4", lambda part: part.write_bytes(b"film"))
    damaged(path)
    assert Store(tmp_path).get_dir(KEY) is None


def test_a_file_is_hashed_once_as_long_as_its_size_and_time_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = store_module.file_hash

    def counting(path: Path) -> str:
        hashed.append(path.name)
        return real(path)

    monkeypatch.setattr(store_module, "file_hash", counting)
    monkeypatch.setattr(store_module, "_SETTLED_S", -1.0)
    Store(tmp_path).put_file(KEY, "clip.mp4", lambda part: part.write_bytes(b"film"))
    store, hashed[:] = Store(tmp_path), []
    path = store.get_dir(KEY) / "clip.mp4"  # type: ignore[operator]
    assert store.get_dir(KEY) is not None
    assert hashed == ["clip.mp4"]
    path.write_bytes(b"Film")
    os.utime(path, ns=(1, 1))
    assert store.get_dir(KEY) is None
    assert hashed == ["clip.mp4"] * 2


def test_what_is_wrong_with_an_entry_is_told_once_and_can_be_asked(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path = store.put_file(
        recipe_of(7).key, "x", lambda part: part.write_bytes(b"12"), recipe=recipe_of(7)
    )
    path.write_bytes(b"21")
    assert store.look_up(recipe_of(7)).reasons == ("it was damaged in the store: x has changed",)
    assert store.look_up(recipe_of(7)).reasons == ("it is gone from the store",)


@pytest.mark.parametrize("place", ["n" * 300, "n/" * 3000])
def test_a_path_that_is_too_long_is_a_store_error(tmp_path: Path, place: str) -> None:
    for ask in (lambda s: s.get_dir(KEY), lambda s: s.put_json(KEY, 1), lambda s: s.making(KEY),
                lambda s: s.look_up(recipe_of(7))):  # fmt: skip
        with pytest.raises(StoreError, match="too long: choose a shorter"):
            found = ask(Store(tmp_path / place))
            found.__enter__()


def test_a_folder_in_the_place_of_a_file_is_a_damage_like_any_other(tmp_path: Path) -> None:
    for name in ("entry.json", "value.json"):
        store = Store(tmp_path / name)
        store.put_json(KEY, 1)
        entry = tmp_path / name / KEY[:2] / KEY / name
        entry.unlink()
        entry.mkdir()
        assert store.get_json(KEY) is None
        store.put_json(KEY, 2)
        assert store.get_json(KEY) == 2


def test_a_folder_in_the_place_of_a_memory_is_no_memory(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))
    [path] = (tmp_path / "latest").iterdir()
    path.unlink()
    path.mkdir()
    assert store.latest("render", "fox.story shot 3") is None
    assert store.look_up(recipe_of(7)).cached


@pytest.mark.parametrize("part", ["ab", "latest", "part", "broken", "locks"])
def test_a_file_in_the_place_of_a_folder_is_a_store_error(tmp_path: Path, part: str) -> None:
    store = Store(tmp_path)
    (tmp_path / (KEY[:2] if part == "ab" else part)).write_text("in the way")
    with pytest.raises(StoreError, match="choose another place"), store.making(KEY):
        path = store.put_file(
            KEY, "clip.mp4", lambda part: part.write_bytes(b"film"), recipe=recipe_of(7)
        )
        path.write_bytes(b"")
        store.get_dir(KEY)


def test_what_a_store_that_cannot_be_written_holds_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for name in ("mkdir", "rename", "replace", "unlink", "write_bytes"):
        monkeypatch.setattr(Path, name, refuse)
    store = Store(tmp_path)
    assert store.look_up(recipe_of(7)).cached
    assert store.look_up(recipe_of(7, label="owl.story shot 1")).cached
    assert store.get_json(recipe_of(7).key) == "clip"
    with pytest.raises(StoreError, match="read-only"):
        store.put_json(KEY, 1)


def test_a_damaged_entry_in_a_store_that_cannot_be_written_is_a_store_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Store(tmp_path).put_file(KEY, "clip.mp4", lambda part: part.write_bytes(b"film"))
    path.write_bytes(b"Film")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError, match="read-only"):
        Store(tmp_path).get_dir(KEY)
