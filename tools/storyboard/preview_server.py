"""Connections on a port of this machine -> the preview's page, its files and its changes.

Anything on the machine may connect, so everything is bounded: how many connections are open at
once, how long a request may take to arrive and how long it may be, and how long somebody may not
read what is sent. HTTP/1.0, so that every answer ends its connection.
"""

from __future__ import annotations

import io
import json
import logging
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from .preview import Preview

log = logging.getLogger(__name__)

_KINDS = {".png": "image/png", ".mp4": "video/mp4"}
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_HEARTBEAT_S = 15.0
_LOOK_S = 1.0
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What the server gives to those who connect.

    A page that is open keeps one connection for its changes; a browser opens some more for a
    moment. `request_s` is for the whole head of a request, `unread_s` how long nobody may read.
    """

    connections: int = 32
    request_s: float = 10.0
    request_bytes: int = 16_384
    unread_s: float = 60.0


class PreviewServer(ThreadingHTTPServer):
    """Answers within its limits; whoever comes when all connections are taken gets 503."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], preview: Preview, limits: ServerLimits) -> None:
        self.preview, self.limits = preview, limits
        self._free = threading.Semaphore(limits.connections)
        super().__init__(address, _Answer)

    def process_request(self, request: Any, client_address: Any) -> None:  # Any: as its base has it
        """Answer in a thread of its own, if one more may be open."""
        if not self._free.acquire(blocking=False):
            request.setblocking(False)
            with suppress(OSError):
                request.send(_bare(HTTPStatus.SERVICE_UNAVAILABLE))
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread could be started
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # Any: as above
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # Any: as above
        """Log what went wrong with one request: the terminal is the writer's."""
        log.warning("a request to the preview failed", exc_info=True)


def _bare(status: HTTPStatus) -> bytes:
    return f"HTTP/1.0 {status.value} {status.phrase}\r\nContent-Length: 0\r\n\r\n".encode()


def _request_head(connection: socket.socket, limits: ServerLimits) -> bytes | HTTPStatus:
    """Return the head of a request, all of it, or with which status it is refused."""
    ends = time.monotonic() + limits.request_s
    head = bytearray()
    while b"\r\n\r\n" not in head and b"\n\n" not in head:
        left_s = ends - time.monotonic()
        if left_s <= 0:
            return HTTPStatus.REQUEST_TIMEOUT
        connection.settimeout(left_s)
        try:
            data = connection.recv(limits.request_bytes)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        head += data
        if len(head) > limits.request_bytes:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if not data:
            return HTTPStatus.BAD_REQUEST
    return bytes(head)


@contextmanager
def _unless_gone() -> Iterator[None]:
    """Take it as the end of an answer that nobody reads it: the page was closed, or stands."""
    with suppress(ConnectionError, TimeoutError):
        yield


class _Answer(BaseHTTPRequestHandler):
    """Answers one request."""

    server: PreviewServer

    def handle(self) -> None:
        with _unless_gone():
            head = _request_head(self.connection, self.server.limits)
            self.connection.settimeout(self.server.limits.unread_s)
            if isinstance(head, HTTPStatus):
                self.connection.sendall(_bare(head))
                return
            self.rfile = io.BufferedReader(io.BytesIO(head))
            super().handle()

    def do_GET(self) -> None:
        preview = self.server.preview
        if self.headers.get("Host") not in preview.hosts:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "this page is for this machine alone")
            return
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self._send(preview.page().encode(), "text/html; charset=utf-8")
        elif path == "/changes":
            self._send_changes()
        else:
            self._send_file(preview.state.files.get(path.removeprefix("/files/")))

    def _send_changes(self) -> None:
        """Send the number of what is shown whenever it changes, as server-sent events."""
        preview = self.server.preview
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        seen, sent_at = -1, 0.0
        while not preview.closed and not self._is_gone():
            number = preview.wait_for_change(seen, _LOOK_S)
            if number is None and time.monotonic() - sent_at < _HEARTBEAT_S:
                continue
            seen = seen if number is None else number
            self.wfile.write(f"data: {json.dumps(seen)}\n\n".encode())
            self.wfile.flush()
            sent_at = time.monotonic()

    def _is_gone(self) -> bool:
        """Say whether the other side has closed the connection; it sends nothing else."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(_PIECE)

    def _send_file(self, path: Path | None) -> None:
        try:
            data = path.read_bytes() if path else None
        except FileNotFoundError:
            data = None
        if path is None or data is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        part = _RANGE.fullmatch(self.headers.get("Range", ""))
        if part is None:
            self._send(data, _KINDS[path.suffix])
            return
        first = int(part[1])
        last = min(int(part[2] or len(data)), len(data) - 1)
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
        # In pieces, for the limit is on a standstill and not on a slow player.
        for start in range(0, len(data), _PIECE):
            self.wfile.write(data[start : start + _PIECE])

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: the terminal is the writer's."""
