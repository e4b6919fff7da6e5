"""Given what an endpoint said and counted, expect it kept, replayed and held to a budget."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.chat import Usage
from dreamrunner.dsl import parse_story
from dreamrunner.errors import BudgetError, CassetteError, NoAnswer
from dreamrunner.tools.llm.budget import BudgetedModel
from dreamrunner.tools.llm.cassette import Cassette

from .endpoints import QUESTION, STORY, TEXT, WORLD, endpoint
from .speaker import KEY, Act, completion, say, say_well, serving, status


def test_a_cassette_replays_a_whole_plan_without_a_network(tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with serving(say("bad"), say_well, status(500)) as server:
        recording = Cassette(path, "m", endpoint(server, input_price=2.0, output_price=10.0))
        made = direct_with(recording, STORY, WORLD, width=1)
        again = direct_with(Cassette(path, "m", endpoint(server)), STORY, WORLD, width=1)
    assert len(server.requests) == 4
    replayed = Cassette(path, "m", None)
    assert direct_with(replayed, STORY, WORLD, width=1) == made == again
    assert (replayed.usage.sent, replayed.usage.remembered) == (0, 3)
    assert recording.usage.cost == pytest.approx(3 * (1000 * 2 + 200 * 10) / 1e6)


def test_a_cassette_holds_no_key_no_header_and_no_question(tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with serving(say(f"your key is {KEY}")) as server:
        direct_with(Cassette(path, "m", endpoint(server)), STORY, WORLD, width=1)
    text = path.read_text()
    assert KEY not in text
    assert "Bearer" not in text
    assert "authorization" not in text.lower()
    lines = [json.loads(line) for line in text.splitlines()]
    assert set(lines[0]) == {"version", "question", "about", "asked", "at", "answer"}
    assert lines[0]["answer"]["tokens_in"] == 1000
    assert lines[0]["answer"]["text"] == "your key is [key]"


def test_a_replay_fails_loudly_where_the_story_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with serving() as server:
        direct_with(Cassette(path, "m", endpoint(server)), STORY, WORLD, width=1)
    changed = parse_story(TEXT.replace("walks", "hops"), path="t.story").story
    with pytest.raises(CassetteError, match="has no answer about scene 1"):
        direct_with(Cassette(path, "m", None), changed, WORLD, width=1)
    with pytest.raises(CassetteError, match="nothing to replay"):
        Cassette(tmp_path / "none.jsonl", "m", None)


def test_a_cassette_survives_a_kill_in_the_middle_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with serving() as server:
        direct_with(Cassette(path, "m", endpoint(server)), STORY, WORLD, width=1)
        whole = path.read_bytes()
        path.write_bytes(whole[:-40])
        direct_with(Cassette(path, "m", endpoint(server)), STORY, WORLD, width=1)
    assert len(server.requests) == 3
    assert len(path.read_bytes().splitlines()) == 2
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(b"nonsense\n" + whole)
    with pytest.raises(CassetteError, match=r"broken.jsonl:1 is no exchange"):
        Cassette(broken, "m", None)


def test_a_cassette_with_a_negative_count_is_no_exchange(tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with serving() as server:
        direct_with(Cassette(path, "m", endpoint(server)), STORY, WORLD, width=1)
    path.write_text(path.read_text().replace('"tokens_in": 1000', '"tokens_in": -1000'))
    with pytest.raises(CassetteError, match="is no exchange"):
        Cassette(path, "m", None)


def test_a_budget_stops_before_it_is_exceeded_and_goes_on_from_there(tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with serving() as server:
        short = Cassette(path, "m", BudgetedModel(endpoint(server), calls=1, tokens=None))
        with pytest.raises(BudgetError, match="--max-calls 1 is used up"):
            direct_with(short, STORY, WORLD, width=1)
        assert len(server.requests) == 1
        more = Cassette(path, "m", BudgetedModel(endpoint(server), calls=1, tokens=None))
        assert direct_with(more, STORY, WORLD, width=1).notes == ()
        few = BudgetedModel(endpoint(server), calls=None, tokens=10)
        with pytest.raises(BudgetError, match="--max-tokens 10 would be exceeded"):
            direct_with(few, STORY, WORLD, width=1)
    assert len(server.requests) == 2


def counting(usage: str) -> Act:
    """Answer "hello" with this text as the `usage` of the reply."""
    body = json.loads(completion("hello " * 100)) | {"usage": "USAGE"}
    reply = json.dumps(body).replace('"USAGE"', usage).encode()
    return lambda handler, asked: handler.reply(200, reply)


ABSURD = {
    "negative": '{"prompt_tokens": -9000, "completion_tokens": -9000, "total_tokens": -18000}',
    "half-negative": '{"prompt_tokens": 1000, "completion_tokens": -9000}',
    "nan": '{"prompt_tokens": NaN, "completion_tokens": 3}',
    "infinite": '{"prompt_tokens": Infinity, "completion_tokens": 3}',
    "huge": '{"prompt_tokens": 1e300, "completion_tokens": 1}',
    "long": '{"prompt_tokens": 999999999999999999999999, "completion_tokens": 200}',
    "text": '{"prompt_tokens": "1000", "completion_tokens": "many"}',
    "yes": '{"prompt_tokens": true, "completion_tokens": true}',
    "none-out": '{"prompt_tokens": 1000, "completion_tokens": 0}',
    "missing-out": '{"prompt_tokens": 1000}',
    "empty": "{}",
    "null": "null",
    "number": "3",
    "list": "[1]",
    "zero": '{"prompt_tokens": 0, "completion_tokens": 0}',
}


@pytest.mark.parametrize("usage", ABSURD.values(), ids=ABSURD)
def test_a_count_that_nobody_can_believe_is_estimated_from_the_text(usage: str) -> None:
    with serving(counting(usage)) as server:
        answer = endpoint(server, input_price=2.0, output_price=10.0).ask(QUESTION)
    assert answer.estimated
    assert (answer.tokens_in, answer.tokens_out) == (QUESTION.tokens, 172)
    assert answer.cost == pytest.approx((QUESTION.tokens * 2 + 172 * 10) / 1e6)
    words = Usage().plus(answer).words
    assert "172 out (estimated for 1, which the endpoint miscounts)" in words


def test_odd_details_of_a_count_do_not_matter() -> None:
    odd = '{"prompt_tokens": 50, "completion_tokens": 60, "prompt_tokens_details": 3}'
    with serving(counting(odd)) as server:
        answer = endpoint(server).ask(QUESTION)
    assert (answer.tokens_in, answer.tokens_out, answer.estimated) == (50, 60, False)


@pytest.mark.parametrize("usage", ABSURD.values(), ids=ABSURD)
def test_no_count_of_an_endpoint_beats_the_budget(usage: str) -> None:
    taken = QUESTION.tokens + 172
    with serving(*[counting(usage)] * 9) as server:
        most = 3 * taken
        model = BudgetedModel(endpoint(server), calls=None, tokens=most)
        for _ in range(3):
            model.ask(QUESTION)
        with pytest.raises(BudgetError, match=f"{most:,} would be exceeded: {most:,} are used"):
            model.ask(QUESTION)
    assert len(server.requests) == 3


def test_a_question_without_an_answer_is_counted_as_sent() -> None:
    with serving(status(400), status(400), say("{}")) as server:
        model = BudgetedModel(endpoint(server), calls=None, tokens=QUESTION.tokens)
        with pytest.raises(NoAnswer):
            model.ask(QUESTION)
        with pytest.raises(BudgetError):
            model.ask(QUESTION)
    assert len(server.requests) == 2  # with a schema and without
