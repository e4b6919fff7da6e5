"""Results are stored whole or not at all, come back as they were put, and leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given

from dreamrunner.tools.store.store import Store

from .results import KEY, json_values


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


def test_a_file_cannot_leave_its_entry(tmp_path: Path) -> None:
    for name in ("../clip.mp4", "entry.json", ""):
        with pytest.raises(ValueError, match="cannot be the name"):
            Store(tmp_path).put_file(KEY, name, lambda part: part.write_bytes(b""))
    with pytest.raises(ValueError, match="no key"):
        Store(tmp_path).get_dir("../../etc/passwd")
