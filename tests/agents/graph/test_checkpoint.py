"""Given a checkpoint that somebody else has written into, expect it dropped and nothing run."""

from __future__ import annotations

import pickle
import sqlite3
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import ormsgpack
import pytest
from langgraph.types import Interrupt, Send

from dreamrunner.agents.graph.run import FilmResult, make_film
from dreamrunner.agents.graph.serializer import KIND, StateSerializer
from dreamrunner.errors import EngineError, ShotError
from dreamrunner.plan import ShotPlan

from .scripted import CAPABILITIES, ScriptedCrew, Store, film_plan, shot_plan

PLAN = film_plan(shot_plan("s1"), shot_plan("s2"))


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """Leave the checkpoint of a film of which one shot failed."""

    def during(shot: ShotPlan, made: int) -> None:
        if shot.id == "s2":
            raise EngineError("no")

    path = tmp_path / "film.sqlite"
    crew = ScriptedCrew(Store(tmp_path), during=during)
    with pytest.raises(ShotError):
        make_film(PLAN, CAPABILITIES, crew.crew(), checkpoint=path, thread="t")
    return path


def resume(checkpoint: Path) -> FilmResult:
    crew = ScriptedCrew(Store(checkpoint.parent)).crew()
    return make_film(PLAN, CAPABILITIES, crew, checkpoint=checkpoint, thread="t")


def assert_made_anew(result: FilmResult, checkpoint: Path, reason: str) -> None:
    assert not result.resumed
    assert [clip.shot for clip in result.film.clips] == ["s1", "s2"]
    assert result.notes == (
        f"the checkpoint {checkpoint} was dropped: it {reason}; nothing of it was used, and the "
        "work begins anew with what lies in the store",
    )
    made = Store(checkpoint.parent).made
    assert len(made) == len(set(made)) == 2


def overwrite(checkpoint: Path, table: str, kind: str, data: bytes) -> None:
    """Put `data` in the place of every value that langgraph has written into a table."""
    column = {"checkpoints": "checkpoint", "writes": "value"}[table]
    with sqlite3.connect(checkpoint) as connection:
        changed = connection.execute(f"UPDATE {table} SET type = ?, {column} = ?", (kind, data))
        assert changed.rowcount > 0
    connection.close()


def ext(code: int, *parts: object) -> bytes:
    """Return what langgraph's serializer writes for a call: an extension that names a callable."""
    inner = ormsgpack.packb(parts)
    return ormsgpack.packb({"v": 1, "channel_values": {"x": ormsgpack.Ext(code, inner)}})


def calls(marker: Path) -> dict[str, tuple[str, bytes]]:
    """Return ways to have a command run, each as the type and the bytes of a value."""
    command = f"touch {marker}"

    class Poison:
        def __reduce__(self) -> tuple[Callable[[str], str], tuple[str]]:
            return subprocess.getoutput, (command,)

    nested = ormsgpack.packb(("langgraph.types", "Send", ["shoot", {"x": ormsgpack.Ext(
        0, ormsgpack.packb(("subprocess", "getoutput", command))
    )}]))  # fmt: skip
    constructor = (
        b'{"lc": 2, "type": "constructor", "id": ["subprocess", "getoutput"], "args": ["%s"]}'
    )
    return {
        "one argument": ("msgpack", ext(0, "subprocess", "getoutput", command)),
        "arguments": ("msgpack", ext(1, "subprocess", "getoutput", [command])),
        "named arguments": ("msgpack", ext(2, "subprocess", "getoutput", {"cmd": command})),
        "a method": ("msgpack", ext(3, "os", "environ", command, "get")),
        "pydantic 1": ("msgpack", ext(4, "subprocess", "Popen", {"args": command, "shell": True})),
        "pydantic 2": ("msgpack", ext(5, "subprocess", "Popen", {"args": command, "shell": True})),
        "an array": ("msgpack", ext(6, "<u1", [4], "C", b"abcd")),
        "within a Send": ("msgpack", ormsgpack.packb({"x": ormsgpack.Ext(1, nested)})),
        "a pickle": ("pickle", pickle.dumps(Poison())),
        "a constructor in JSON": ("json", constructor % command.encode()),
    }


WAYS = tuple(calls(Path("marker")))


def sealed(kind: str, data: bytes) -> tuple[str, bytes]:
    """Return a value as somebody writes it who knows how this program seals its own."""
    return (KIND, sha256(data).digest() + data) if kind == "msgpack" else (KIND, data)


@pytest.mark.parametrize("table", ["checkpoints", "writes"])
@pytest.mark.parametrize("seal", [False, True], ids=["as langgraph", "sealed"])
@pytest.mark.parametrize("way", WAYS)
def test_a_checkpoint_that_names_a_callable_runs_nothing(
    checkpoint: Path, tmp_path: Path, table: str, way: str, seal: bool
) -> None:
    marker = tmp_path / "marker"
    value = calls(marker)[way]
    overwrite(checkpoint, table, *(sealed(*value) if seal else value))

    result = resume(checkpoint)

    assert not marker.exists()
    reason = "was written by another version or another program"
    if seal:
        reason = "holds what is never written into it" if value[0] == "msgpack" else "is damaged"
    assert_made_anew(result, checkpoint, reason)


@pytest.mark.parametrize("table", ["checkpoints", "writes"])
@pytest.mark.parametrize("garbage", [b"", b"\xc1", b"\x00" * 64, b"not msgpack"])
def test_a_checkpoint_of_garbage_is_dropped(checkpoint: Path, table: str, garbage: bytes) -> None:
    overwrite(checkpoint, table, KIND, garbage)
    assert_made_anew(resume(checkpoint), checkpoint, "is damaged")


def test_one_flipped_bit_of_a_value_is_found(checkpoint: Path) -> None:
    with sqlite3.connect(checkpoint) as connection:
        query = "SELECT checkpoint_id, checkpoint FROM checkpoints ORDER BY checkpoint_id DESC"
        name, data = connection.execute(query).fetchone()
        flipped = data[:200] + bytes([data[200] ^ 1]) + data[201:]
        change = "UPDATE checkpoints SET checkpoint = ? WHERE checkpoint_id = ?"
        connection.execute(change, (flipped, name))
    connection.close()
    assert_made_anew(resume(checkpoint), checkpoint, "is damaged")


def test_values_and_the_two_types_of_langgraph_come_back() -> None:
    value = {
        "none": None,
        "values": [None, True, 3, 0.1, "fox", {"a": [1, {"b": "c"}]}],
        "sends": [Send("shoot", {"turn": 1})],
        "stops": [Interrupt(value=["s1"], id="0123")],
    }
    serializer = StateSerializer()

    assert serializer.loads_typed(serializer.dumps_typed(value)) == value


@pytest.mark.parametrize("value", [Path("fox"), {1, 2}, shot_plan("s1"), b"fox"], ids=type)
def test_what_could_not_be_read_back_is_not_written(value: object) -> None:
    with pytest.raises(TypeError, match="is no JSON"):
        StateSerializer().dumps_typed({"x": value})
