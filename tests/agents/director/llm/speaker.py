"""A model that answers by the book, and a server that gives it OpenAI's voice, with any fault.

The server speaks real HTTP on 127.0.0.1. Each request takes the next act of its script; when the
script is over it answers well, so that a fault shows by what comes after it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dreamrunner.chat import Answer, Question

KEY = "sk-test-0123456789abcdef"
_TRAVELS = {"walk", "run", "hop", "glide", "go"}


def data_of(text: str) -> dict[str, Any]:
    """Return the story data of a question, as a model reads it."""
    return json.loads(text.split("<data>\n", 1)[1].rsplit("\n</data>", 1)[0])


def good_answer(text: str) -> dict[str, Any]:
    """Return an answer that holds, whichever of the two levels is asked."""
    data = data_of(text)
    return _fine(data) if "shots" in data else _coarse(data)


def _coarse(data: dict[str, Any]) -> dict[str, Any]:
    most = data["engine"]["most_in_one_shot"]
    scenes = []
    for scene in data["scenes"]:
        paragraphs = []
        for paragraph in scene["paragraphs"]:
            here = [e for e in scene["may_be_in_it"] if _is_named(e, paragraph["text"])]
            deeds = [
                {"entity": e, "motion": _motion(e, paragraph["text"]), "direction": "none",
                 "manner": ""}
                for e in here[:most]
            ]  # fmt: skip
            away = [e for e in scene["may_be_in_it"] if e not in here]
            paragraphs.append(
                {"number": paragraph["number"], "shots": [{"deeds": deeds}], "relations": [],
                 "unseen": away if not here else []}
            )  # fmt: skip
        scenes.append({"scene": scene["scene"], "paragraphs": paragraphs})
    return {"reasoning": "by the book", "scenes": scenes, "carried": []}


def _is_named(entity: str, text: str) -> bool:
    return entity.split("-")[0].lower() in text.lower()


def _motion(entity: str, text: str) -> str:
    told = " ".join(part for part in text.lower().split(".") if _is_named(entity, part))
    return next((m for m in ("walk", "hop", "jump", "sleep") if m in told), "stand")


def _fine(data: dict[str, Any]) -> dict[str, Any]:
    shots = []
    for shot in data["shots"]:
        free = [e for e in shot["entities"] if not e["fixed"]]
        tracks = [_track(e, i, len(free), shot["seconds"]) for i, e in enumerate(free)]
        shots.append({"shot": shot["shot"], "background": "", "tracks": tracks})
    return {"reasoning": "by the book", "shots": shots}


def _track(entity: dict[str, Any], index: int, count: int, seconds: float) -> dict[str, Any]:
    room = 0.96 / count
    left, wide = 0.02 + index * room, room * 0.55
    does = entity["does"][0] if entity["does"] else {"motion": "stand", "facing": "right"}
    way = room * 0.4 if does["motion"] in _TRAVELS else 0.0
    begins, ends = (left, left + way) if does["facing"] == "right" else (left + way, left)
    keys = [
        {"time_s": t, "left": x, "top": 0.4, "right": x + wide, "bottom": 0.9}
        for t, x in ((0.0, begins), (seconds, ends))
    ]
    return {"entity": entity["id"], "prompt": "", "depth": 0, "keys": keys}


class ByTheBook:
    """A model in this process: `spoil` may change an answer, by its number from 0."""

    def __init__(self, spoil: Callable[[int, dict[str, Any]], Any] | None = None) -> None:
        self.asked: list[Question] = []
        self._spoil = spoil
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return "by-the-book"

    def ask(self, question: Question) -> Answer:
        with self._lock:
            number = len(self.asked)
            self.asked.append(question)
        answer = good_answer(question.turns[1].text)
        spoilt = self._spoil(number, answer) if self._spoil else answer
        text = spoilt if isinstance(spoilt, str) else json.dumps(spoilt)
        return Answer(text=text, tokens_in=100, tokens_out=50)


Act = Callable[["Handler", str], None]


class Handler(BaseHTTPRequestHandler):
    """Answers one chat completion: by the next act of the script, else well."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.requests.append(body)
            self.server.keys.append(self.headers.get("authorization", ""))
            act = self.server.script.pop(0) if self.server.script else say_well
        act(self, body["messages"][1]["content"])

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: list[Act]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client has gone away, as it does after a timeout."""


@contextmanager
def serving(*script: Act) -> Iterator[Server]:
    """Serve on a free port; each act of the script answers one request, then all is well."""
    server = Server(list(script))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def completion(content: str | None, finish: str = "stop", refusal: str | None = None) -> bytes:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return json.dumps(
        {
            "id": "c1", "object": "chat.completion", "created": 1, "model": "served-model",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
        }
    ).encode()  # fmt: skip


def say_well(handler: Handler, asked: str) -> None:
    handler.reply(200, completion(json.dumps(good_answer(asked))))


def say(content: str | None, finish: str = "stop", refusal: str | None = None) -> Act:
    return lambda handler, asked: handler.reply(200, completion(content, finish, refusal))


def status(code: int, message: str = "no", **headers: str) -> Act:
    body = json.dumps({"error": {"message": message, "type": "t", "code": None}}).encode()
    return lambda handler, asked: handler.reply(code, body, **headers)
