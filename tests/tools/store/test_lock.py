"""One process at a time makes a key or renders into a folder, and a killed one lets go."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dreamrunner.errors import BusyError, OutputError
from dreamrunner.tools.store.store import RunLock, Store

from .results import KEY


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
