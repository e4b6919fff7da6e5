"""Given a server that is slow, long or packed in any way, expect one deadline and few bytes."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from dreamrunner.chat import Question, Turn
from dreamrunner.errors import NoAnswer
from dreamrunner.tools.llm.endpoint import Access, ChatEndpoint

from .endpoints import QUESTION, Waits, endpoint
from .speaker import Act, completion, say, serving, status

DEADLINE_S = 0.4
BETWEEN_S = 0.05
# Dripped to the end it takes ten times the deadline, and would be a good answer.
DRIPS = 80
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
BODY = completion("{}")
Talk = Callable[[socket.socket], None]


@contextmanager
def talking(talk: Talk) -> Iterator[tuple[int, list[socket.socket]]]:
    """Serve bare TCP on a free port, a thread a connection; yield the port and the connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        met: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                met.append(connection)
                threading.Thread(target=quietly, args=(connection,), daemon=True).start()

        def quietly(connection: socket.socket) -> None:
            try:
                talk(connection)
            except OSError:
                pass  # the client has had enough, which is the point
            finally:
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1], met
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in met:
                connection.close()


def dripped(connection: socket.socket, pieces: list[bytes]) -> None:
    for piece in pieces:
        connection.sendall(piece)
        time.sleep(BETWEEN_S)


def in_pieces(data: bytes) -> list[bytes]:
    size = -(-len(data) // DRIPS)
    return [data[at : at + size] for at in range(0, len(data), size)]


def drips_headers(connection: socket.socket) -> None:
    connection.recv(65536)
    dripped(connection, [HEAD, *(b"x-%d: y\r\n" % at for at in range(DRIPS)), b"\r\n" + BODY])


def drips_one_header(connection: socket.socket) -> None:
    connection.recv(65536)
    dripped(connection, [HEAD + b"x: ", *[b"y"] * DRIPS, b"\r\n\r\n" + BODY])


def drips_hints(connection: socket.socket) -> None:
    connection.recv(65536)
    dripped(connection, [b"HTTP/1.1 103 Early Hints\r\n\r\n"] * DRIPS + [HEAD + b"\r\n" + BODY])


def drips_the_body(connection: socket.socket) -> None:
    connection.recv(65536)
    dripped(connection, [HEAD + b"\r\n", *in_pieces(BODY)])


def drips_chunks(connection: socket.socket) -> None:
    connection.recv(65536)
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in in_pieces(BODY)]
    dripped(connection, [HEAD + b"transfer-encoding: chunked\r\n\r\n", *chunks, b"0\r\n\r\n"])


def says_nothing(connection: socket.socket) -> None:
    time.sleep(DRIPS * BETWEEN_S)


def drips_a_handshake(connection: socket.socket) -> None:
    dripped(connection, [b"\x16\x03\x03\x3f\xff", *[b"\x02"] * DRIPS])


def asked_at(port: int, *, scheme: str = "http", waits: Waits | None = None) -> ChatEndpoint:
    access = Access(
        model="m", url=f"{scheme}://127.0.0.1:{port}/v1", key=None,
        timeout_s=120.0, deadline_s=DEADLINE_S,
    )  # fmt: skip
    return ChatEndpoint(access, (waits or Waits()).clock)


@pytest.mark.parametrize(
    "talk",
    [drips_headers, drips_one_header, drips_hints, drips_the_body, drips_chunks, says_nothing],
)
def test_a_server_that_drips_is_cut_off_at_the_deadline(talk: Talk) -> None:
    with talking(talk) as (port, met):
        with pytest.raises(NoAnswer, match=r"no answer within 0\.4 s; no more tries within 0\.4 s"):
            asked_at(port).ask(QUESTION)
        assert len(met) == 1


def test_a_handshake_that_drips_is_cut_off_at_the_deadline() -> None:
    with talking(drips_a_handshake) as (port, met):
        with pytest.raises(NoAnswer, match="no answer within"):
            asked_at(port, scheme="https").ask(QUESTION)
        assert len(met) == 1


def test_a_server_that_does_not_read_the_question_is_cut_off_at_the_deadline() -> None:
    long = Question(
        about="a long one",
        turns=(Turn(role="system", text="s"), Turn(role="user", text="x" * 20_000_000)),
        form_name="coarse",
        form={},
    )

    def sips(connection: socket.socket) -> None:
        for _ in range(DRIPS):
            connection.recv(65536)
            time.sleep(BETWEEN_S)

    with talking(sips) as (port, met):
        with pytest.raises(NoAnswer, match="no answer within"):
            asked_at(port).ask(long)
        assert len(met) == 1


def test_the_same_drips_are_an_answer_where_there_is_time() -> None:
    with talking(drips_chunks) as (port, _):
        access = Access(model="m", url=f"http://127.0.0.1:{port}/v1", key=None)
        assert ChatEndpoint(access, Waits().clock).ask(QUESTION).text == "{}"


@pytest.mark.parametrize(
    ("acts", "slept"),
    [
        ([status(500)] * 9, [1.0, 2.0]),
        ([status(503, retry_after="4")] * 9, [4.0]),
        ([status(429, retry_after="30")] * 9, []),
    ],
    ids=["broken", "busy", "busy-for-long"],
)
def test_all_tries_of_a_question_share_one_deadline(acts: list[Act], slept: list[float]) -> None:
    waits = Waits()
    with serving(*acts) as server, pytest.raises(NoAnswer, match="no more tries within 5 s"):
        endpoint(server, waits, deadline_s=5.0).ask(QUESTION)
    assert waits.slept == slept
    assert len(server.requests) == len(slept) + 1


def test_a_wait_that_the_writer_asks_for_does_not_count() -> None:
    waits = Waits()
    with serving(status(500), say("{}")) as server:
        asked = endpoint(server, waits, deadline_s=5.0, requests_per_minute=1.0)
        assert asked.ask(QUESTION).text == "{}"
    assert waits.slept == [1.0, 59.0]


def test_a_redirect_is_not_followed() -> None:
    with serving() as server:
        server.script = [status(302, location=f"{server.url}/chat/completions")] * 9
        with pytest.raises(NoAnswer, match="the endpoint says 302"):
            endpoint(server).ask(QUESTION)
    assert len(server.requests) == 1


def packed(body: bytes, encoding: str) -> Act:
    return lambda handler, asked: handler.reply(200, body, content_encoding=encoding)


BOMB = gzip.compress(completion("x" * 50_000_000))


@pytest.mark.parametrize(
    ("body", "encoding", "why"),
    [
        (BOMB, "gzip", "longer than 1,048,576 bytes"),
        (gzip.compress(BOMB), "gzip, gzip", "packed by gzip, gzip"),
        (gzip.compress(gzip.compress(BODY)), "gzip, gzip", "packed by gzip, gzip"),
        (BODY, "br", "packed by br"),
        (BODY, "zstd", "packed by zstd"),
        (BODY, "gzip", "is no gzip"),
    ],
    ids=["bomb", "bomb-twice", "twice", "br", "zstd", "a-lie"],
)
def test_what_is_packed_is_not_unpacked_past_the_bound(
    body: bytes, encoding: str, why: str
) -> None:
    with serving(say("{}"), packed(body, encoding)) as server:
        asked = endpoint(server)
        asked.ask(QUESTION)  # what is imported and kept is so by now
        tracemalloc.start()
        try:
            with pytest.raises(NoAnswer, match=why):
                asked.ask(QUESTION)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 8 << 20
    assert len(server.requests) == 2


def test_a_packed_reply_within_the_bound_is_read_and_half_of_one_is_not() -> None:
    whole = gzip.compress(BODY)
    with serving(packed(whole, "gzip"), *[packed(whole[:-20], "gzip")] * 4) as server:
        asked = endpoint(server)
        assert asked.ask(QUESTION).text == "{}"
        with pytest.raises(NoAnswer, match="the connection broke"):
            asked.ask(QUESTION)


def test_hints_without_end_are_not_read() -> None:
    def floods(connection: socket.socket) -> None:
        connection.recv(65536)
        while True:  # an end would be a broken connection, if the client were slow to read
            connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)

    with talking(floods) as (port, met):
        access = Access(model="m", url=f"http://127.0.0.1:{port}/v1", key=None)
        with pytest.raises(NoAnswer, match="longer than 1,048,576 bytes"):
            ChatEndpoint(access, Waits().clock).ask(QUESTION)
        assert len(met) == 1


def test_a_proxy_of_the_machine_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(say("{}")) as server:
        for name in ("HTTP_PROXY", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
        access = Access(model="m", url="http://model.invalid/v1", key=None)
        assert ChatEndpoint(access, Waits().clock).ask(QUESTION).text == "{}"
    assert server.requests[0]["model"] == "m"
