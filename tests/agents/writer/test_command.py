"""Given `dreamrunner write` and an endpoint over HTTP, expect a story or an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dreamrunner.cli import app

from ..director.llm.speaker import KEY, say, serving, status
from .test_write import GOOD


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "DREAMRUNNER_LLM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DREAMRUNNER_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), prog_name="dreamrunner")


def test_without_a_model_it_says_what_to_do() -> None:
    done = call("write", "a fox")
    said = " ".join(done.stderr.split())
    assert done.exit_code == 1
    assert "--llm MODEL" in said and "OPENAI_BASE_URL" in said
    assert not list(Path().glob("*.story"))


def test_a_story_is_written_and_replayed_without_a_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(say(json.dumps(GOOD))) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        first = call("write", "a fox and the sea", "--scenes", "2", "--llm", "m")
    assert first.exit_code == 0, first.output
    text = Path("a-fox-and-the-sea.story").read_text(encoding="utf-8")
    assert "EXT. MEADOW - NIGHT" in text
    again = call("write", "a fox and the sea", "-n", "2", "--llm", "m", "--replay", "-o",
                 "a-fox-and-the-sea.story")  # fmt: skip
    assert again.exit_code == 0, again.output
    assert Path("a-fox-and-the-sea.story").read_text(encoding="utf-8") == text
    assert all(KEY not in file.read_text("utf-8") for file in Path().rglob("*.jsonl"))


def test_nothing_is_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a-fox.story").write_text("mine", encoding="utf-8")
    with serving(say(json.dumps(GOOD))) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = call("write", "a fox", "--llm", "m")
        asked = len(server.requests)
    assert (done.exit_code, asked) == (1, 0)
    assert Path("a-fox.story").read_text(encoding="utf-8") == "mine"


def test_an_endpoint_that_refuses_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(status(401, "who are you?")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = call("write", "a fox", "--llm", "m")
    assert done.exit_code == 1
    assert "401" in done.stderr or "key" in done.stderr
    assert not list(Path().glob("*.story"))


def test_a_budget_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(say("no"), say("no"), say("no")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = call("write", "a fox", "--llm", "m", "--max-calls", "2")
        asked = len(server.requests)
    assert done.exit_code == 1
    assert asked == 2
