"""Given an endpoint that misbehaves over real HTTP, expect a plan or one clear error."""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.agents.director.rules import direct
from dreamrunner.chat import Question, Turn, Usage
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.errors import BudgetError, CassetteError, LanguageModelError, NoAnswer
from dreamrunner.plan import Plan
from dreamrunner.tools.llm.budget import BudgetedModel
from dreamrunner.tools.llm.cassette import Cassette
from dreamrunner.tools.llm.endpoint import Access, ChatEndpoint, Clock
from dreamrunner.tools.llm.transport import MOST_BYTES

from .speaker import KEY, Act, Server, completion, say, say_well, serving, status

WORLD = capabilities("storybook")
TEXT = """Title: T

@character FOX: a small red fox
@character OWL: an old purple owl

EXT. MEADOW - DAY

The FOX walks to the right. The OWL stands.
"""
STORY = parse_story(TEXT, path="t.story").story
QUESTION = Question(
    about="a test",
    turns=(Turn(role="system", text="s"), Turn(role="user", text="<data>\n{}\n</data>")),
    form_name="coarse",
    form={"type": "object"},
)


@dataclass
class Waits:
    """A clock that stands still and remembers for how long it was asked to sleep."""

    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: sum(self.slept), sleep=self.slept.append)


def endpoint(server: Server, waits: Waits | None = None, **access: object) -> ChatEndpoint:
    told = {"model": "m", "url": server.url, "key": KEY, "timeout_s": 20.0, **access}
    return ChatEndpoint(Access(**told), (waits or Waits()).clock)  # type: ignore[arg-type]


def directed(*script: Act, waits: Waits | None = None, **access: object) -> tuple[Plan, Server]:
    with serving(*script) as server:
        plan = direct_with(endpoint(server, waits, **access), STORY, WORLD, width=1)
    return plan, server


def by_rules(plan: Plan) -> list[str]:
    return [note for note in plan.notes if "by the rules" in note]


def test_a_good_endpoint_directs_and_gets_the_key_and_a_schema() -> None:
    plan, server = directed()
    assert plan.director == "llm m"
    assert plan.notes == ()
    assert server.keys == [f"Bearer {KEY}"] * 2
    assert [r["response_format"]["json_schema"]["name"] for r in server.requests] == [
        "coarse", "fine",
    ]  # fmt: skip
    assert all(r["model"] == "m" for r in server.requests)


@pytest.mark.parametrize(
    ("act", "waited"),
    [
        (status(429, "slow down", retry_after="7"), 7.0),
        (status(429, "slow down"), 1.0),
        (status(500), 1.0),
        (status(503, retry_after="2.5"), 2.5),
        (status(503, retry_after="Thu, 01 Jan 1970 00:00:00 GMT"), 0.0),
        (status(503, retry_after="soon"), 1.0),
    ],
    ids=["429-retry-after", "429", "500", "503-retry-after", "a-date-gone-by", "no-date"],
)
def test_busy_and_broken_endpoints_are_asked_again_when_they_say(act: Act, waited: float) -> None:
    waits = Waits()
    plan, server = directed(act, waits=waits)
    assert waits.slept == [waited]
    assert len(server.requests) == 3
    assert by_rules(plan) == []


def test_one_who_wants_to_be_left_alone_for_an_hour_is() -> None:
    waits = Waits()
    plan, server = directed(status(429, retry_after="3600"), waits=waits)
    assert waits.slept == []
    (note,) = by_rules(plan)
    assert "asks to wait for 3600 s" in note
    assert len(server.requests) == 2  # the second level is asked all the same


def test_an_endpoint_that_stays_broken_is_given_up_and_the_rules_direct() -> None:
    waits = Waits()
    plan, server = directed(*[status(502)] * 8, waits=waits)
    assert waits.slept == [1.0, 2.0, 4.0] * 2
    assert len(server.requests) == 8
    assert len(by_rules(plan)) == 2
    assert plan.scenes[0].shots[0].keyframes == direct(STORY, WORLD).scenes[0].shots[0].keyframes


def test_after_three_questions_without_an_answer_no_more_are_sent() -> None:
    with serving(*[status(500)] * 99) as server:
        asked = endpoint(server)
        for _ in range(5):
            with pytest.raises(NoAnswer):
                asked.ask(QUESTION)
    assert len(server.requests) == 3 * 4


def test_a_timeout_is_tried_again() -> None:
    def too_slow(handler, asked: str) -> None:
        time.sleep(0.6)

    waits = Waits()
    with serving(too_slow, say("{}")) as server:
        answer = endpoint(server, waits, timeout_s=0.3).ask(QUESTION)
    assert answer.text == "{}"
    assert waits.slept == [1.0]


def test_a_reply_that_never_ends_is_cut_by_the_clock() -> None:
    def drips(handler, asked: str) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.send_header("connection", "close")
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass  # the client has had enough, which is the point

    with serving(*[drips] * 4) as server, pytest.raises(NoAnswer, match="no answer within 0.3 s"):
        endpoint(server, timeout_s=0.3).ask(QUESTION)


def test_ten_megabytes_are_not_read() -> None:
    written = []

    def floods(handler, asked: str) -> None:
        body = completion("x" * 10_000_000)
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        try:
            for start in range(0, len(body), 65536):
                handler.wfile.write(body[start : start + 65536])
                written.append(65536)
        except OSError:
            pass  # cut off, as it should be
        handler.close_connection = True

    plan, server = directed(floods)
    assert "longer than 1,048,576 bytes" in by_rules(plan)[0]
    assert len(server.requests) == 2


def test_ten_megabytes_in_a_small_parcel_are_not_unpacked() -> None:
    packed = gzip.compress(completion("x" * 10_000_000))
    assert len(packed) < MOST_BYTES / 10

    def parcel(handler, asked: str) -> None:
        handler.reply(200, packed, content_encoding="gzip")

    plan, _ = directed(parcel)
    assert "longer than 1,048,576 bytes" in by_rules(plan)[0]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (say('{"reasoning": "I was', "length"), "cut off before its end"),
        (say('{"reasoning": "half'), "no JSON object"),
        (say('{"reasoning": "a", "scenes": [}, "carried": []}'), "Invalid JSON"),
        (say('{"reasoning": "a", "scenes": "none", "carried": []}'), "scenes: "),
        (say('{"reasoning": "a", "scenes": [], "carried": [], "more": 1}'), "more: Extra inputs"),
        (say(None, refusal="I cannot help with foxes."), "the model refused"),
        (say("I am sorry, but no."), "no JSON object"),
        (say("[" * 100_000), "no JSON object"),
        (say('{"a":' * 50_000 + "1" + "}" * 50_000), "JSON"),
    ],
    ids=["truncated", "half", "malformed", "wrong-type", "extra", "refusal", "prose", "deep",
         "deeper"],
)  # fmt: skip
def test_a_bad_answer_is_asked_again_with_what_is_wrong(act: Act, told: str) -> None:
    plan, server = directed(act)
    assert len(server.requests) == 3
    assert told in server.requests[1]["messages"][3]["content"]
    assert by_rules(plan) == []


@pytest.mark.parametrize(
    "body",
    [b"<html>hello</html>", b"", b"{}", b'{"choices": null}', b'{"choices": []}',
     b'{"choices": [{"message": {"content": 7}}]}', b'{"choices": 3}', b"[" * 50_000],
    ids=["html", "empty", "object", "null", "none", "number", "odd", "deep"],
)  # fmt: skip
def test_a_reply_that_is_no_completion_leaves_its_scene_to_the_rules(body: bytes) -> None:
    plan, server = directed(lambda handler, asked: handler.reply(200, body))
    assert len(by_rules(plan)) == 1
    assert "scene 1: read by the rules" in by_rules(plan)[0]


@pytest.mark.parametrize(
    ("code", "advice"), [(401, "OPENAI_API_KEY"), (403, "may not use"), (404, "no model m")]
)
def test_what_will_not_pass_stops_the_work_and_keeps_the_key_to_itself(
    code: int, advice: str
) -> None:
    with pytest.raises(LanguageModelError, match=advice) as caught:
        directed(status(code, f"Incorrect API key provided: {KEY}"))
    chain: BaseException | None = caught.value
    assert KEY not in str(chain)
    assert not isinstance(caught.value, NoAnswer)


def test_nobody_there_is_one_clear_error() -> None:
    with serving() as server:
        gone = endpoint(server)
    with pytest.raises(LanguageModelError, match=r"nobody answers at 127\.0\.0\.1:\d+"):
        direct_with(gone, STORY, WORLD, width=1)


def test_an_endpoint_without_schemas_is_asked_without_one() -> None:
    def strict(handler, asked: str) -> None:
        status(400, "response_format is not supported")(handler, asked)

    plan, server = directed(strict)
    assert ["response_format" in r for r in server.requests] == [True, False, False]
    assert plan.notes == ()


def test_requests_keep_to_the_rate() -> None:
    waits = Waits()
    directed(waits=waits, requests_per_minute=30.0)
    assert waits.slept == [2.0]


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


def test_a_cassette_with_a_negative_count_is_no_exchange(tmp_path: Path) -> None:
    path = tmp_path / "cassette.jsonl"
    with serving() as server:
        direct_with(Cassette(path, "m", endpoint(server)), STORY, WORLD, width=1)
    path.write_text(path.read_text().replace('"tokens_in": 1000', '"tokens_in": -1000'))
    with pytest.raises(CassetteError, match="is no exchange"):
        Cassette(path, "m", None)


def test_no_representation_shows_the_key() -> None:
    from dreamrunner.production.settings import Llm

    assert KEY not in repr(Access(model="m", url=None, key=KEY))
    assert KEY not in repr(Llm(model="m", key=KEY))
