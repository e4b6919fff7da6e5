"""A request -> its whole reply, within a number of seconds and of bytes, whatever the server does.

httpx gives each read and each write a timeout of its own, so that a server which sends a byte at a
time is never too slow, and it unpacks a reply before anybody sees how long it is. Here connecting,
TLS, sending, headers and body share one deadline, and bytes are counted on the wire and as they
are unpacked. Each request has a connection of its own: a model thinks for longer than TLS takes.
Only the system's look-up of a host's name has limits of its own.
"""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from .usage import with_checked_usage

# One mebibyte of reply is thirty times what the longest plan of a window takes.
MOST_BYTES = 1 << 20
# What headers, and the framing of a body in many small chunks, may take beside it.
_MOST_WIRE_BYTES = 2 * MOST_BYTES
# httpcore gives each piece that the socket takes the whole timeout: small pieces, many looks.
_PIECE = 4096
_GZIP = 16 + zlib.MAX_WBITS
_UNSENT_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})
# The parts of httpcore's errors that httpx has under the same name, the narrow ones first.
_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.NetworkError, httpx.ReadError),
    (httpcore.ProxyError, httpx.ProxyError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.ProtocolError, httpx.RemoteProtocolError),
)


class ReplyTooLong(httpx.ReadError):
    """The reply went on past what is read."""

    def __init__(self) -> None:
        super().__init__(f"the reply is longer than {MOST_BYTES:,} bytes")


@dataclass(slots=True)
class _Allowance:
    """What one request may still take: until when, and how many bytes."""

    ends: float
    bytes_left: int = _MOST_WIRE_BYTES

    def seconds(self, spent: type[Exception]) -> float:
        """Return the seconds that are left; where there are none, raise `spent`."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise spent("the time for this question is over")
        return left

    def take(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise ReplyTooLong


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose every wait ends when the allowance does."""

    def __init__(self, stream: httpcore.NetworkStream, allowance: _Allowance) -> None:
        self._stream, self._allowance = stream, allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._allowance.seconds(httpcore.ReadTimeout))
        self._allowance.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            left_s = self._allowance.seconds(httpcore.WriteTimeout)
            self._stream.write(buffer[start : start + _PIECE], left_s)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:  # Any: httpcore's own context passes through
        left_s = self._allowance.seconds(httpcore.ConnectTimeout)
        inner = self._stream.start_tls(ssl_context, server_hostname, left_s)
        return _BoundedStream(inner, self._allowance)

    def get_extra_info(self, info: str) -> Any:  # Any: httpcore types it so
        return self._stream.get_extra_info(info)


class _BoundedBackend(httpcore.NetworkBackend):
    """Opens connections that share one allowance, those to several addresses of a host too."""

    def __init__(self, allowance: _Allowance) -> None:
        self._allowance, self._backend = allowance, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # Any: options of the socket module
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        refused = httpcore.ConnectError(f"{host} has no address")
        for *_, address in found:
            left_s = self._allowance.seconds(httpcore.ConnectTimeout)
            try:
                stream = self._backend.connect_tcp(
                    str(address[0]), port, left_s, local_address, socket_options
                )
            except httpcore.ConnectError as error:
                refused = error
            else:
                return _BoundedStream(stream, self._allowance)
        raise refused


class BoundedTransport(httpx.BaseTransport):
    """Sends a request and reads its whole reply; the request's own timeout is for all of it."""

    def __init__(self) -> None:
        self._tls = httpx.create_ssl_context()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the reply, read and unpacked.

        Raises:
            ReplyTooLong: the reply is longer than an answer can be.
            httpx.TimeoutException: the time is over, whatever has come by then.
            httpx.TransportError: the connection broke, or there was none.
        """
        allowance = _Allowance(time.monotonic() + request.extensions["timeout"]["read"])
        try:
            with self._connections(request.url, allowance) as connections:
                response = connections.handle_request(_as_httpcore(request))
                try:
                    body = _unpacked(response)
                finally:
                    response.close()
        except tuple(theirs for theirs, _ in _ERRORS) as error:
            ours = next(ours for theirs, ours in _ERRORS if isinstance(error, theirs))
            raise ours(str(error), request=request) from error
        headers = [
            (name, value)
            for name, value in response.headers
            if name.decode("ascii", "replace").lower() not in _UNSENT_HEADERS
        ]
        content = with_checked_usage(body)
        return httpx.Response(response.status, headers=headers, content=content)

    def _connections(self, url: httpx.URL, allowance: _Allowance) -> httpcore.ConnectionPool:
        backend = _BoundedBackend(allowance)
        proxy = _proxy(url)
        if proxy is None:
            return httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend)
        return httpcore.HTTPProxy(
            proxy_url=_core_url(proxy.url),
            proxy_auth=proxy.raw_auth,
            ssl_context=self._tls,
            network_backend=backend,
        )


def _as_httpcore(request: httpx.Request) -> httpcore.Request:
    return httpcore.Request(
        method=request.method,
        url=_core_url(request.url),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _proxy(url: httpx.URL) -> httpx.Proxy | None:
    """Return the proxy that this machine is set up with for an address, or None."""
    proxies = getproxies()
    named = proxies.get(url.scheme) or proxies.get("all")
    if not named or proxy_bypass(url.host):
        return None
    named = named if "://" in named else f"http://{named}"
    if not named.startswith(("http://", "https://")):
        raise httpx.UnsupportedProtocol(f"a proxy must be http:// or https://, not {named[:9]}...")
    return httpx.Proxy(named)


def _unpacked(response: httpcore.Response) -> bytes:
    """Return the body of a reply, unpacked where it is packed once with gzip."""
    packed = [
        value.decode("ascii", "replace").strip().lower()
        for name, values in response.headers
        if name.lower() == b"content-encoding"
        for value in values.split(b",")
    ]
    packed = [name for name in packed if name not in ("", "identity")]
    if packed not in ([], ["gzip"], ["x-gzip"]):
        raise httpx.DecodingError(f"the reply is packed by {', '.join(packed)[:80]}")
    unpack = zlib.decompressobj(_GZIP) if packed else None
    body = bytearray()
    for chunk in response.iter_stream():
        left = MOST_BYTES - len(body)
        try:
            body += unpack.decompress(chunk, left + 1) if unpack else chunk
        except zlib.error as error:
            raise httpx.DecodingError(f"the reply is no gzip ({error})") from error
        if len(body) > MOST_BYTES:
            raise ReplyTooLong
    if unpack and not unpack.eof:
        raise httpx.RemoteProtocolError("the reply ends in the middle of its gzip")
    return bytes(body)
