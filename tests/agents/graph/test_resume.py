"""A film that was stopped or killed goes on from its checkpoint, or one error says why not."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dreamrunner.agents.graph.run import FilmResult
from dreamrunner.errors import BusyError, OutputError, StoreError
from dreamrunner.film import Take
from dreamrunner.plan import Assertion, ShotPlan

from .films import checkpoint, make
from .scripted import ScriptedCrew, Store, film_plan, shot_plan

KILL = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from scripted import CAPABILITIES, ScriptedCrew, Store, exit_at, film_plan, shot_plan
from dreamrunner.agents.graph.graph import build_graph
from dreamrunner.agents.graph.recall import Recall
from dreamrunner.agents.graph.run import make_film
crew = ScriptedCrew(Store(Path({folder!r})), script={script}, during=exit_at({count}))
plan = film_plan(*(shot_plan(f"s{{i}}") for i in range({shots})))
make_film(plan, CAPABILITIES, crew.crew(), checkpoint=Path({folder!r}, "film.sqlite"), thread="t")
"""


class TestResume:
    def test_an_interrupt_is_gone_on_with(self, store: Store) -> None:
        def during(shot: ShotPlan, made: int) -> None:
            if made == 5 and interrupting:
                raise KeyboardInterrupt

        interrupting = True
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(10)))
        crew = ScriptedCrew(store, during=during)
        with pytest.raises(KeyboardInterrupt):
            make(crew, plan, store.folder / "film.sqlite")
        interrupting = False
        result = make(crew, plan, store.folder / "film.sqlite")
        assert result.resumed and len(result.film.clips) == 10
        assert len(store.made) == len(set(store.made)) == 10

    def test_ctrl_c_ends_after_the_takes_at_work_and_is_gone_on_with(self, store: Store) -> None:
        code = program(store, script="lambda s, a: 1.0", count=-1, shots=30)
        run = subprocess.Popen(
            [sys.executable, "-c", code],
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background may have had Ctrl-C ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        while len(store.made) < 3:
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=300)
        assert "KeyboardInterrupt" in said and run.returncode != 0
        assert len(store.made) < 30
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(30)))
        crew = ScriptedCrew(store)
        done = len(store.made)
        result = make(crew, plan, checkpoint(store))
        assert result.resumed and len(result.film.clips) == 30
        assert len(crew.rendered) == 30 - done, "a run that ends by itself has written all down"

    @pytest.mark.parametrize(("shots", "count"), [(8, 3), (30, 17)])
    def test_a_kill_loses_nothing_finished(self, store: Store, shots: int, count: int) -> None:
        killed(store, script="lambda s, a: 1.0", count=count, shots=shots)
        assert len(store.made) == count
        crew = ScriptedCrew(store)
        result = make(
            crew, film_plan(*(shot_plan(f"s{i}") for i in range(shots))), checkpoint(store)
        )
        assert result.resumed and len(result.film.clips) == shots
        assert len(store.made) == len(set(store.made)) == shots
        # The graph's own memory too, save for the branches that were at work (two) or were just
        # being written down.
        assert len(crew.rendered) <= shots - count + 3

    def test_a_kill_in_the_second_take_keeps_the_first(self, store: Store) -> None:
        killed(store, script="lambda s, a: 0.1", count=1, shots=1)
        crew = ScriptedCrew(store, lambda s, a: 0.1)
        result = make(crew, film_plan(shot_plan("s0")), checkpoint(store))
        assert [take.number for take in result.takes] == [1, 2, 3]
        assert len(crew.rendered) == 2, "take 1 came from the checkpoint"
        assert len(store.made) == 3

    def test_a_killed_run_ends_like_one_that_was_not(self, store: Store, tmp_path: Path) -> None:
        killed(store, script="lambda s, a: len(s.id) * s.seed % 10 / 20", count=9, shots=8)
        plan = film_plan(*(shot_plan(f"s{i}") for i in range(8)))

        def script(shot: ShotPlan, assertion: Assertion) -> float:
            return len(shot.id) * shot.seed % 10 / 20

        resumed = make(ScriptedCrew(store, script), plan, checkpoint(store))
        (tmp_path / "other").mkdir()
        whole = make(ScriptedCrew(Store(tmp_path / "other"), script), plan)
        assert resumed.resumed
        assert relative(resumed, store) == relative(whole, Store(tmp_path / "other"))

    def test_a_finished_thread_begins_anew_from_the_store(self, store: Store) -> None:
        crew = ScriptedCrew(store, lambda s, a: 0.1)
        plan = film_plan(shot_plan("s1"))
        first = make(crew, plan, checkpoint(store))
        second = make(crew, plan, checkpoint(store))
        assert not second.resumed and second.takes == first.takes
        assert len(store.made) == 3

    def test_another_plan_in_the_same_thread_begins_anew(self, store: Store) -> None:
        killed(store, script="lambda s, a: 1.0", count=2, shots=4)
        plan = film_plan(shot_plan("s0"), shot_plan("other"))
        result = make(ScriptedCrew(store), plan, checkpoint(store))
        assert not result.resumed
        assert [take.shot for take in result.takes] == ["s0", "other"]


class TestCheckpoint:
    def test_a_corrupt_file_is_a_clear_error(self, store: Store) -> None:
        checkpoint(store).write_bytes(b"this is no database, " * 100)
        with pytest.raises(StoreError, match=r"film\.sqlite cannot be used .* delete it"):
            make(ScriptedCrew(store), film_plan(shot_plan("s1")), checkpoint(store))

    def test_a_locked_file_is_busy(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("dreamrunner.agents.graph.run._LOCK_WAIT_S", 0.1)
        other = sqlite3.connect(checkpoint(store))
        other.execute("CREATE TABLE held (x)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyError, match="another process holds the checkpoint"):
            make(ScriptedCrew(store), film_plan(shot_plan("s1")), checkpoint(store))
        other.close()

    def test_a_folder_that_is_a_file_is_an_output_error(self, store: Store) -> None:
        (store.folder / "file").touch()
        with pytest.raises(OutputError, match="cannot write the checkpoint"):
            make(
                ScriptedCrew(store),
                film_plan(shot_plan("s1")),
                store.folder / "file" / "film.sqlite",
            )


def relative(result: FilmResult, store: Store) -> list[Take]:
    """Return a film's takes with their clips' paths as seen from the store."""
    return [
        take.model_copy(
            update={
                "clip": take.clip.model_copy(
                    update={"path": str(Path(take.clip.path).relative_to(store.folder))}
                )
            }
        )
        for take in result.takes
    ]


def program(store: Store, *, script: str, count: int, shots: int) -> str:
    here = str(Path(__file__).parent)
    return KILL.format(here=here, folder=str(store.folder), script=script, count=count, shots=shots)


def killed(store: Store, *, script: str, count: int, shots: int) -> None:
    """Run a film in another process that dies in the renderer when `count` clips are there."""
    code = program(store, script=script, count=count, shots=shots)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert run.returncode == 9, run.stderr
