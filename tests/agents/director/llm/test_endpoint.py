"""Given an endpoint that misbehaves over real HTTP, expect a plan or one clear error."""

from __future__ import annotations

import gzip
import time

import pytest

from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.agents.director.rules import direct
from dreamrunner.errors import LanguageModelError, NoAnswer
from dreamrunner.tools.llm.endpoint import Access
from dreamrunner.tools.llm.transport import MOST_BYTES

from .endpoints import QUESTION, STORY, WORLD, Waits, by_rules, directed, endpoint
from .speaker import KEY, Act, completion, say, serving, status


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


def test_no_representation_shows_the_key() -> None:
    from dreamrunner.production.settings import Llm

    assert KEY not in repr(Access(model="m", url=None, key=KEY))
    assert KEY not in repr(Llm(model="m", key=KEY))
