"""Given an S3 server and a folder as a store of two machines, expect what one disk would give."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dreamrunner.errors import StoreError
from dreamrunner.tools.store.recipe import Recipe
from dreamrunner.tools.store.remote import Remote
from dreamrunner.tools.store.shared import SharedStore

KEY, OTHER = "a" * 64, "b" * 64
RECIPE = Recipe("render", 1, {"shot": "1.1"}, "fox shot 1.1")


@pytest.fixture(params=["s3", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"file://{tmp_path}/shared"
    return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"


def put(store: SharedStore, key: str, text: str) -> Path:
    def write(folder: Path) -> None:
        (folder / "shots").mkdir()
        (folder / "shots" / "clip.mp4").write_text(text)
        (folder / "result.json").write_text("{}")

    return store.put_dir(key, write, recipe=RECIPE)


def machines(tmp_path: Path, url: str, **options: float) -> tuple[SharedStore, SharedStore]:
    return (
        SharedStore(tmp_path / "one", url, **options),
        SharedStore(tmp_path / "two", url, **options),
    )


def test_what_one_machine_made_another_has(tmp_path: Path, url: str) -> None:
    one, two = machines(tmp_path, url)
    assert two.get_dir(KEY) is None
    made = put(one, KEY, "a fox")
    found = two.get_dir(KEY)
    assert found is not None and found != made
    assert (found / "shots" / "clip.mp4").read_text() == "a fox"
    assert (found / "entry.json").read_bytes() == (made / "entry.json").read_bytes()
    fresh = SharedStore(tmp_path / "three", url)
    assert fresh.latest("render", RECIPE.label) == RECIPE
    assert list(fresh.keys_of("render")) == [KEY]
    fresh.remove(KEY)
    assert SharedStore(tmp_path / "four", url).get_dir(KEY) is None


def test_of_two_makers_the_first_ones_result_is_everybodys(tmp_path: Path, url: str) -> None:
    one, two = machines(tmp_path, url)
    put(one, KEY, "first")
    folder = put(two, KEY, "second")
    assert (folder / "shots" / "clip.mp4").read_text() == "first"


def test_a_damaged_blob_is_found_when_it_is_read_and_made_again(tmp_path: Path, url: str) -> None:
    one, two = machines(tmp_path, url)
    made = put(one, KEY, "a fox")
    entry = json.loads((made / "entry.json").read_text())
    harmed = entry["files"]["shots/clip.mp4"]["sha256"]
    (tmp_path / "harm").write_text("a fix")
    two.remote.put_blob(tmp_path / "harm", harmed)
    assert two.get_dir(KEY) is None
    assert two.remote.entry(KEY) is None
    put(two, KEY, "a fox")
    assert SharedStore(tmp_path / "three", url).get_dir(KEY) is not None


def test_an_entry_that_names_files_elsewhere_is_not_read(tmp_path: Path, url: str) -> None:
    one, _ = machines(tmp_path, url)
    (tmp_path / "x").write_text("x")
    sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    one.remote.put_blob(tmp_path / "x", sha256)
    evil = {"key": KEY, "files": {"../../evil": {"size": 1, "sha256": sha256}}, "recipe": None}
    assert one.remote.publish(KEY, json.dumps(evil).encode())
    assert one.get_dir(KEY) is None
    assert not list(tmp_path.rglob("evil"))


def test_one_machine_makes_while_the_other_waits(tmp_path: Path, url: str) -> None:
    one, two = machines(tmp_path, url)
    order: list[str] = []
    begun = threading.Event()

    def other() -> None:
        begun.wait()
        with two.making(KEY, lambda who: order.append(who.split(" on ")[0])):
            order.append("two has it")
            assert two.get_dir(KEY) is not None

    thread = threading.Thread(target=other)
    thread.start()
    with one.making(KEY):
        begun.set()
        while not order:
            time.sleep(0.02)
        put(one, KEY, "a fox")
        order.append("one is done")
    thread.join()
    assert order == [f"process {os.getpid()}", "one is done", "two has it"]
    assert one.remote.leases(KEY) == {}


def test_a_lease_that_does_not_move_is_taken_over(tmp_path: Path, url: str) -> None:
    one, two = machines(tmp_path, url, still_s=0.4)
    stale = json.dumps({"owner": "somebody", "who": "a machine", "beats": 0}).encode()
    assert one.remote.create_lease(KEY, 7, stale)
    told: list[str] = []
    with two.making(KEY, told.append):
        assert list(two.remote.leases(KEY)) == [8]
    assert told == ["a machine"]
    # One that moves is waited for, however long that takes.
    with one.making(KEY):
        time.sleep(1.0)
        held = one.remote.leases(KEY)
        assert json.loads(held[max(held)])["beats"] >= 2


KILLED = """
import os, sys
from pathlib import Path
from dreamrunner.tools.store.shared import SharedStore
with SharedStore(Path(sys.argv[1]), sys.argv[2]).making("a" * 64):
    print("has it", flush=True)
    sys.stdin.read()
"""


def test_the_lease_of_a_killed_process_of_the_same_machine_is_free_at_once(
    tmp_path: Path, url: str
) -> None:
    one, _ = machines(tmp_path, url)
    command = [sys.executable, "-c", KILLED, str(one.root), url]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "has it\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert len(one.remote.leases(KEY)) == 1
    began = time.monotonic()
    with one.making(KEY):
        assert time.monotonic() - began < 30.0  # and not the minute after which it is still


def test_a_place_that_cannot_be_is_one_clear_error(tmp_path: Path, bucket: str) -> None:
    with pytest.raises(StoreError, match="no store can be at nowhere://x"):
        SharedStore(tmp_path, "nowhere://x")
    with pytest.raises(StoreError, match="cannot use the store at s3://no-such-bucket"):
        put(SharedStore(tmp_path / "one", "s3://no-such-bucket/x"), OTHER, "a fox")


def test_only_a_create_that_refuses_will_do(tmp_path: Path, url: str) -> None:
    remote = Remote(url)
    assert remote.publish(KEY, b"1")
    assert not remote.publish(KEY, b"2")
    assert remote.entry(KEY) == b"1"
