"""What a watched story is just now -> a page on this machine that shows it and keeps up with it.

The page is served to this machine alone: it is bound to 127.0.0.1, answers only to that name (a
foreign page that points its own name here gets nothing), and knows no files but those it shows.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from ...errors import BusyError
from ..pages.html import Markup, join, tag

_KINDS = {".png": "image/png", ".mp4": "video/mp4"}
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_HEARTBEAT_S = 15.0


@dataclass(frozen=True, slots=True)
class PreviewState:
    """What the page shows: pictures and film by file, and what is wrong with the last save.

    `stale` says that the pictures are of an earlier save.
    """

    title: str
    pictures: tuple[Path, ...] = ()
    film: Path | None = None
    diagnostics: str = ""
    summary: str = ""
    stale: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, Path]:
        return {path.name: path for path in (*self.pictures, *filter(None, (self.film,)))}


class Preview:
    """A page at `address`, served from `with` to its end; `show` changes it.

    Raises:
        BusyError: the port is taken.
    """

    def __init__(self, title: str, port: int) -> None:
        self.state = PreviewState(title)
        self.number = 0
        self.changed = threading.Condition()
        self.closed = False
        self.nonce = secrets.token_urlsafe(16)
        try:
            self._server = _Server(("127.0.0.1", port), self)
        except OSError as error:
            message = f"port {port} cannot be used: {error.strerror}; choose another with --port"
            raise BusyError(message) from error
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        port = self._server.server_port
        return f"127.0.0.1:{port}", f"localhost:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def show(self, state: PreviewState) -> None:
        """Put something else on the page; whoever has it open sees it at once."""
        with self.changed:
            self.state = state
            self.number += 1
            self.changed.notify_all()

    def wait_for_change(self, seen: int) -> int | None:
        """Return the number of what is shown once it is not `seen`; None when nothing came."""
        with self.changed:
            self.changed.wait_for(lambda: self.number != seen or self.closed, _HEARTBEAT_S)
            return None if self.number == seen else self.number

    def page(self) -> str:
        template = files(__package__).joinpath("preview.html").read_text(encoding="utf-8")
        with self.changed:
            state, number = self.state, self.number
        return Template(template).substitute(
            title=join(state.title), main=_main(state), number=number, nonce=self.nonce
        )


def _main(state: PreviewState) -> Markup:
    shown = [
        tag("h1", state.title),
        tag("p", state.summary, class_="summary"),
    ]
    if state.diagnostics:
        shown.append(tag("pre", state.diagnostics, class_="diagnostics"))
    if state.stale and state.files:
        shown.append(tag("p", "Below is the last save that could be drawn.", class_="stale"))
    if state.film is not None:
        source = _source(state, state.film)
        shown.append(tag("video", src=source, controls=True, loop=True, muted=True, autoplay=True))
    for picture in state.pictures:
        shown.append(tag("img", src=_source(state, picture), alt="storyboard"))
    return join(shown)


def _source(state: PreviewState, path: Path) -> str:
    return f"/files/{path.name}?{state.versions.get(path.name, '')}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], preview: Preview) -> None:
        self.preview = preview
        super().__init__(address, _Answer)


class _Answer(BaseHTTPRequestHandler):
    """Answers one request; HTTP/1.0, so that every answer ends its connection."""

    server: _Server

    def do_GET(self) -> None:
        preview = self.server.preview
        if self.headers.get("Host") not in preview.hosts:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "this page is for this machine alone")
            return
        path = unquote(urlsplit(self.path).path)
        with suppress(ConnectionError):  # The page was closed while it was answered.
            if path == "/":
                self._send(preview.page().encode(), "text/html; charset=utf-8")
            elif path == "/changes":
                self._tell_changes()
            else:
                self._send_file(preview.state.files.get(path.removeprefix("/files/")))

    def _tell_changes(self) -> None:
        """Send the number of what is shown whenever it changes, as server-sent events."""
        preview = self.server.preview
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        seen = -1
        while not preview.closed:
            number = preview.wait_for_change(seen)
            seen = seen if number is None else number
            self.wfile.write(f"data: {json.dumps(seen)}\n\n".encode())
            self.wfile.flush()

    def _send_file(self, path: Path | None) -> None:
        try:
            data = path.read_bytes() if path else None
        except FileNotFoundError:
            data = None
        if path is None or data is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        wanted = _RANGE.fullmatch(self.headers.get("Range", ""))
        if wanted is None:
            self._send(data, _KINDS[path.suffix])
            return
        first = int(wanted[1])
        last = min(int(wanted[2] or len(data)), len(data) - 1)
        if first > last:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        self._send(data[first : last + 1], _KINDS[path.suffix], f"{first}-{last}/{len(data)}")

    def _send(self, data: bytes, kind: str, part: str | None = None) -> None:
        nonce = self.server.preview.nonce
        policy = (
            "default-src 'none'; img-src 'self'; media-src 'self'; connect-src 'self'; "
            f"style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; frame-ancestors 'none'"
        )
        self.send_response(HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        if part:
            self.send_header("Content-Range", f"bytes {part}")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is the writer's."""
