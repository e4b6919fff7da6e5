"""Results are stored whole or not at all, found by what they are made of, and checked."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamrunner.errors import BusyError, OutputError, Span, StoreError
from dreamrunner.story import Box, LayoutKey, Replan
from dreamrunner.tools.store import store as store_module
from dreamrunner.tools.store.recipe import as_json
from dreamrunner.tools.store.store import Recipe, RunLock, Store, stage_key

KEY = stage_key("render", 1, {"seed": 7})

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_a_key_does_not_depend_on_the_order_of_its_inputs(inputs: dict[str, object]) -> None:
    turned = dict(reversed(inputs.items()))
    assert stage_key("plan", 1, turned) == stage_key("plan", 1, inputs)  # type: ignore[arg-type]


def test_what_was_read_from_a_page_is_put_into_a_key_whole_and_in_one_order() -> None:
    span = Span("a.story", 0, 4, 1, 1, 1, 5)
    at = {"file": "a.story", "start": 0, "end": 4, "line": 1, "column": 1, "end_line": 1,
          "end_column": 5}  # fmt: skip
    box = {"left": 0.0, "top": 0.1, "right": 0.5, "bottom": 1.0}
    assert as_json((LayoutKey(2.0, Box(0.0, 0.1, 0.5, 1.0), span), None)) == [
        {"time_s": 2.0, "box": box, "span": at, "ease": "linear"},
        None,
    ]
    replan = Replan(frozenset({"seed", "place", "motion"}), frozenset(), span)
    assert as_json(replan) == {"allow": ["motion", "place", "seed"], "keep": [], "span": at}
    with pytest.raises(TypeError, match="object cannot be part of a key"):
        as_json(object())


@pytest.mark.parametrize(
    ("stage", "version", "inputs"),
    [
        ("measure", 1, {"seed": 7}),
        ("render", 2, {"seed": 7}),
        ("render", 1, {"seed": 8}),
        ("render", 1, {"seed": "7"}),
        ("render", 1, {"seed": 7, "more": None}),
        ("render", 1, {}),
    ],
)
def test_everything_that_makes_a_result_is_in_its_key(
    stage: str, version: int, inputs: dict[str, int | str | None]
) -> None:
    assert stage_key(stage, version, inputs) != KEY


def test_a_key_is_for_ever() -> None:
    """A store that was filled last year answers today."""
    assert KEY == "35d4bbd8cdd03dbbac41f7f0b63ae3ab1d59542f268a5cb079e227d04f285edb"


@given(json_values.filter(lambda value: value is not None))
def test_a_value_comes_back(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    store.put_json(KEY, value)  # type: ignore[arg-type]
    assert store.get_json(KEY) == value


def test_files_come_back_and_lie_under_two_letters(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    path = store.put_file(KEY, "clip.mp4", lambda part: part.write_bytes(b"film"))
    assert path == tmp_path / "store" / KEY[:2] / KEY / "clip.mp4"
    assert path.read_bytes() == b"film"
    assert Store(tmp_path / "store").get_dir(KEY) == path.parent


def test_a_folder_of_several_files_is_one_entry(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def write(folder: Path) -> None:
        (folder / "inner").mkdir()
        (folder / "adapter.safetensors").write_bytes(b"weights")
        (folder / "inner" / "log.txt").write_text("loss")

    folder = store.put_dir(KEY, write)
    assert (folder / "inner" / "log.txt").read_text() == "loss"
    (folder / "inner" / "log.txt").write_text("lass")
    assert store.get_dir(KEY) is None


def test_what_is_not_there_is_none_and_looking_makes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    assert store.get_json(KEY) is None
    assert store.get_dir(KEY) is None
    assert not (tmp_path / "store").exists()


def test_a_second_writer_of_a_key_keeps_what_is_there(tmp_path: Path) -> None:
    Store(tmp_path).put_json(KEY, "first")
    Store(tmp_path).put_json(KEY, "second")
    assert Store(tmp_path).get_json(KEY) == "first"


def test_writers_at_the_same_time_all_succeed(tmp_path: Path) -> None:
    ready, paths = threading.Barrier(8), []

    def write(number: int) -> None:
        def fill(part: Path) -> None:
            ready.wait()
            part.write_bytes(b"%d" % number * 1000)

        paths.append(Store(tmp_path).put_file(KEY, "clip.mp4", fill))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 8
    content = paths[0].read_bytes()
    assert len(set(content)) == 1
    assert len(content) == 1000
    assert not list((tmp_path / "part").iterdir())


def test_an_interrupted_writer_leaves_nothing_to_be_found(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def fail(part: Path) -> None:
        part.write_bytes(b"half a fi")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.put_file(KEY, "clip.mp4", fail)
    assert store.get_dir(KEY) is None
    assert not list((tmp_path / "part").iterdir())


def test_a_killed_writer_leaves_nothing_to_be_found(tmp_path: Path) -> None:
    program = f"""
import os, signal
from dreamrunner.tools.store.store import Store
def write(part):
    part.write_bytes(b"half a fi")
    os.kill(os.getpid(), signal.SIGKILL)
Store({str(tmp_path)!r}).put_file({KEY!r}, "clip.mp4", write)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    store = Store(tmp_path)
    assert store.get_dir(KEY) is None
    store.put_json(KEY, "made by the next")
    assert store.get_json(KEY) == "made by the next"


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


def test_old_leftovers_are_swept_and_young_ones_are_left(tmp_path: Path) -> None:
    part = tmp_path / "part"
    for name, age_s in (("old", 90_000), ("young", 60)):
        (part / name).mkdir(parents=True)
        (part / name / "clip.mp4").write_bytes(b"half")
        then = time.time() - age_s
        os.utime(part / name / "clip.mp4", (then, then))
        os.utime(part / name, (then, then))
    Store(tmp_path).put_json(KEY, 1)
    assert [path.name for path in part.iterdir()] == ["young"]


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


def test_a_file_cannot_leave_its_entry(tmp_path: Path) -> None:
    for name in ("../clip.mp4", "entry.json", ""):
        with pytest.raises(ValueError, match="cannot be the name"):
            Store(tmp_path).put_file(KEY, name, lambda part: part.write_bytes(b""))
    with pytest.raises(ValueError, match="no key"):
        Store(tmp_path).get_dir("../../etc/passwd")


def recipe_of(seed: int, *, label: str = "fox.story shot 3", version: int = 1) -> Recipe:
    inputs = {"shot": {"id": "3", "seed": seed}, "weights": "a" * 64}
    return Recipe("render", version, inputs, label)


def test_freshness_answers_with_reasons(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.look_up(recipe_of(7))
    assert (first.cached, first.reasons) == (False, ("made for the first time",))
    store.put_json(first.key, "clip", recipe=recipe_of(7))

    assert Store(tmp_path).look_up(recipe_of(7)).cached
    assert store.look_up(recipe_of(8)).reasons == ("seed changed from 7 to 8",)
    assert store.look_up(recipe_of(7, version=2)).reasons == (
        "render works differently in this version",
    )


def test_a_result_is_shared_between_labels_and_each_remembers_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))
    assert store.look_up(recipe_of(7, label="owl.story shot 1")).cached
    changed = store.look_up(recipe_of(9, label="owl.story shot 1"))
    assert changed.reasons == ("seed changed from 7 to 9",)


def test_what_is_gone_from_the_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_file("k" * 64, "x", lambda part: part.write_bytes(b""), recipe=recipe_of(7))
    assert store.look_up(recipe_of(7)).reasons == ("it is gone from the store",)


def test_a_broken_memory_is_no_memory(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))
    for path in (tmp_path / "latest").iterdir():
        path.write_text("{")
    assert store.latest("render", "fox.story shot 3") is None


def test_an_entry_keeps_the_recipe_it_was_made_from(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_json(recipe_of(7).key, "clip", recipe=recipe_of(7))
    folder = store.get_dir(recipe_of(7).key)
    assert folder is not None
    entry = json.loads((folder / "entry.json").read_text())
    assert entry["recipe"]["inputs"] == recipe_of(7).inputs


def test_a_second_render_into_a_folder_is_told_which_process_is_there(tmp_path: Path) -> None:
    with RunLock(tmp_path / "fox"):
        with pytest.raises(BusyError, match=f"process {os.getpid()} is rendering into"):
            RunLock(tmp_path / "fox").__enter__()
        with RunLock(tmp_path / "owl"):
            pass
    with RunLock(tmp_path / "fox"):
        pass


def test_a_killed_process_lets_go_of_its_folder(tmp_path: Path) -> None:
    program = f"""
import os, signal
from dreamrunner.tools.store.store import RunLock
RunLock({str(tmp_path)!r}).__enter__()
print("held", flush=True)
signal.pause()
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(BusyError, match=f"process {process.pid} "):
        RunLock(tmp_path).__enter__()
    process.kill()
    process.wait()
    process.stdout.close()
    with RunLock(tmp_path):
        pass


def test_one_at_a_time_makes_a_key_and_no_lock_is_left(tmp_path: Path) -> None:
    """A lock's file is removed and made again all the time: nobody may lock a removed one."""
    inside = most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(40):
            with Store(tmp_path).making(KEY):
                inside += 1
                most = max(most, inside)
                os.sched_yield()
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)
    assert not list((tmp_path / "locks").iterdir())


def test_a_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot write in"):
        RunLock(tmp_path / "file" / "fox").__enter__()
