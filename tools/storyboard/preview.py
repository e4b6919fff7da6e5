"""The present state of a watched story -> a page on this machine that shows it and follows it.

The page is served to this machine alone: it is bound to 127.0.0.1, answers only to that name (a
foreign page that points its own name here gets nothing), and knows no files but those it shows.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self

from ...errors import BusyError
from ..pages.html import Markup, join, tag
from .preview_server import PreviewServer, ServerLimits


@dataclass(frozen=True, slots=True)
class PreviewState:
    """What the page shows: pictures and film by file, and the mistakes of the last save.

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

    def __init__(self, title: str, port: int, limits: ServerLimits | None = None) -> None:
        self.state = PreviewState(title)
        self.number = 0
        self.changed = threading.Condition()
        self.closed = False
        self.nonce = secrets.token_urlsafe(16)
        try:
            self._server = PreviewServer(("127.0.0.1", port), self, limits or ServerLimits())
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
        """Show another state; a page that is open follows at once."""
        with self.changed:
            self.state = state
            self.number += 1
            self.changed.notify_all()

    def wait_for_change(self, seen: int, longest_s: float) -> int | None:
        """Return the number of what is shown once it is not `seen`; None when nothing came."""
        with self.changed:
            self.changed.wait_for(lambda: self.number != seen or self.closed, longest_s)
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
