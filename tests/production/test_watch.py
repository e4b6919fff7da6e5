"""A story is saved, and a page follows: real files, a real server, asked over HTTP."""

from __future__ import annotations

import re
import select
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from queue import Queue

import pytest

from dreamrunner.errors import BusyError
from dreamrunner.production.settings import Settings
from dreamrunner.production.watch import WatchRound, watch_story
from dreamrunner.tools.storyboard.preview import Preview, PreviewState
from dreamrunner.tools.storyboard.preview_server import ServerLimits

STORY = """\
Title: Two <Walks>

@character FOX: a red fox

EXT. MEADOW - DAY #1#
@duration 0.5s

The FOX walks to the right.

EXT. BEACH - DAY #2#
@duration 0.5s

The FOX hops.
"""


@dataclass
class Watching:
    """A story that is watched in a thread."""

    path: Path
    rounds: Queue[WatchRound] = field(default_factory=Queue)
    addresses: Queue[str] = field(default_factory=Queue)
    stop: threading.Event = field(default_factory=threading.Event)

    def save(self, text: str) -> WatchRound:
        """Save as editors do, by renaming a new file, and return what came of it."""
        part = self.path.with_name("part")
        part.write_text(text, encoding="utf-8")
        part.replace(self.path)
        return self.rounds.get(timeout=120)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Watching, str]]:
    watching = Watching(tmp_path / "walks.story")
    watching.path.write_text(STORY, encoding="utf-8")
    thread = threading.Thread(
        target=watch_story,
        args=(watching.path, Settings(store=tmp_path / "store")),
        kwargs={
            "port": 0,
            "on_open": watching.addresses.put,
            "on_round": watching.rounds.put,
            "stop": watching.stop,
        },
    )
    thread.start()
    try:
        address = watching.addresses.get(timeout=120)
        assert not watching.rounds.get(timeout=120).errors
        yield watching, address
    finally:
        watching.stop.set()
        thread.join(timeout=60)
    assert not thread.is_alive()


def fetch(address: str, path: str = "") -> bytes:
    with urllib.request.urlopen(address + path.removeprefix("/"), timeout=60) as answer:
        return bytes(answer.read())


def sources(page: bytes) -> list[str]:
    return re.findall(r'src="([^"]+)"', page.decode())


def clips(folder: Path) -> set[Path]:
    return set((folder / "store").rglob("clip.mp4"))


def test_a_save_redraws_what_it_changed_and_the_page_follows(watched, tmp_path: Path) -> None:
    watching, address = watched
    first = fetch(address)
    assert b"Two &lt;Walks&gt;" in first and b"2 shots" in first
    film, picture = sources(first)
    assert fetch(address, film)[4:8] == b"ftyp"
    assert fetch(address, picture).startswith(b"\x89PNG")
    drawn = clips(tmp_path)
    assert len(drawn) == 2

    assert not watching.save(STORY.replace("hops", "sleeps")).errors
    second = fetch(address)
    assert not set(sources(first)) & set(sources(second))
    assert drawn < clips(tmp_path) and len(clips(tmp_path)) == 3


def test_a_broken_save_shows_its_mistakes_and_keeps_the_pictures(watched) -> None:
    watching, address = watched
    before = sources(fetch(address))
    assert watching.save(STORY.replace("@duration 0.5s", "@duration <b>")).errors
    page = fetch(address)
    assert sources(page) == before
    assert b"error[E" in page and b"the last save that could be drawn" in page
    assert b"<b>" not in page
    assert not watching.save(STORY).errors
    assert b"error[E" not in fetch(address)


def test_a_story_that_is_gone_is_told_and_waited_for(watched) -> None:
    watching, address = watched
    watching.path.unlink()
    assert watching.rounds.get(timeout=120).errors
    assert b"there is no story at" in fetch(address)
    assert not watching.save(STORY).errors


def test_a_save_of_a_used_file_in_a_folder_below_is_a_save(watched, tmp_path: Path) -> None:
    watching, _ = watched
    cast = tmp_path / "cast" / "foxes.story"
    cast.parent.mkdir()
    cast.write_text("@character FOX: a red fox\n", encoding="utf-8")
    uses = STORY.replace("@character FOX: a red fox", '@use "cast/foxes.story"')
    assert not watching.save(uses).errors
    cast.write_text("@character FOX: a red fox {\n", encoding="utf-8")
    assert watching.rounds.get(timeout=120).errors


def test_the_page_is_told_of_every_change(watched) -> None:
    watching, address = watched
    with urllib.request.urlopen(address + "changes", timeout=60) as changes:
        first = changes.readline()
        watching.save(STORY.replace("hops", "bows"))
        assert changes.readline() == b"\n"
        assert changes.readline() != first


@pytest.fixture
def preview() -> Iterator[Preview]:
    with Preview("walks.story", 0) as served:
        yield served


def status(preview: Preview, path: str, host: str | None = None) -> int:
    connection = HTTPConnection("127.0.0.1", int(preview.address.rstrip("/").rsplit(":", 1)[1]))
    connection.putrequest("GET", path, skip_host=True)
    if host != "":
        connection.putheader("Host", host or preview.hosts[0])
    connection.endheaders()
    code = connection.getresponse().status
    connection.close()
    return code


def test_only_what_is_shown_is_served(preview: Preview) -> None:
    assert status(preview, "/") == 200
    outside = ("/etc/passwd", "/files/../preview.py", "/files/%2e%2e/preview.py", "//etc/passwd",
               "/files/", "/files/run.json")  # fmt: skip
    assert {status(preview, path) for path in outside} == {404}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8420", "127.0.0.1", ""])
def test_another_name_for_this_machine_gets_nothing(preview: Preview, host: str) -> None:
    assert status(preview, "/", host) == 421


def test_it_listens_to_this_machine_alone_and_lets_go_of_its_port() -> None:
    with Preview("walks.story", 0) as served:
        host, port = served._server.server_address[:2]
        assert host == "127.0.0.1"
        with pytest.raises(BusyError, match="--port"):
            Preview("walks.story", int(port))
    with socket.socket() as free, pytest.raises(ConnectionRefusedError):
        free.connect(("127.0.0.1", int(port)))


def connected(preview: Preview) -> socket.socket:
    return socket.create_connection(preview._server.server_address[:2], timeout=60)


def reply(connection: socket.socket) -> bytes:
    """Return the first line of what comes, until the server closes; nothing where it resets."""
    said = b""
    try:
        while data := connection.recv(4096):
            said += data
    except ConnectionError:
        pass
    return said.split(b"\r\n")[0]


def answering() -> int:
    return sum("process_request_thread" in thread.name for thread in threading.enumerate())


def test_idle_connections_take_no_more_threads_than_the_cap() -> None:
    limits = ServerLimits(connections=16, request_s=600.0)
    with Preview("walks.story", 0, limits) as served:
        before = answering()
        idle = [connected(served) for _ in range(60)]
        refused: list[bytes] = []
        kept = list(idle)
        while len(refused) < 44:
            ready, _, _ = select.select(kept, [], [], 60)
            assert ready, "the server has refused those over the cap"
            refused += [reply(connection) for connection in ready]
            kept = [connection for connection in kept if connection not in ready]
        assert refused == [b"HTTP/1.0 503 Service Unavailable"] * 44
        assert answering() - before == 16
        for connection in idle:
            connection.close()
        until(lambda: is_there(served))


def test_idle_connections_end_and_the_page_is_there_again() -> None:
    with Preview("walks.story", 0, ServerLimits(connections=4, request_s=0.2)) as served:
        idle = [connected(served) for _ in range(4)]
        assert [reply(c) for c in idle] == [b"HTTP/1.0 408 Request Timeout"] * 4
        until(lambda: is_there(served))
        for connection in idle:
            connection.close()


def test_a_request_that_drips_ends_at_its_deadline() -> None:
    limits = ServerLimits(request_s=0.3)
    with Preview("walks.story", 0, limits) as served, connected(served) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: " + served.hosts[0].encode() + b"\r\n")
        for _ in range(200):  # ten seconds of drips
            if select.select([connection], [], [], 0.05)[0]:
                break
            connection.sendall(b"x")
        else:
            pytest.fail("the server still reads")
        # A drip that was not read yet may reset the connection before the answer is seen.
        assert reply(connection) in (b"HTTP/1.0 408 Request Timeout", b"")


@pytest.mark.parametrize(
    "head",
    [b"GET /" + b"x" * 20_000, b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000,
     b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 4_000],
    ids=["path", "header", "headers"],
)  # fmt: skip
def test_a_request_with_a_long_head_is_refused(preview: Preview, head: bytes) -> None:
    with connected(preview) as connection:
        connection.sendall(head)
        connection.shutdown(socket.SHUT_WR)
        # What was not read yet may reset the connection before the answer is seen.
        assert reply(connection) in (b"HTTP/1.0 431 Request Header Fields Too Large", b"")
    assert status(preview, "/") == 200


def test_a_page_that_was_closed_gives_its_connection_back() -> None:
    with Preview("walks.story", 0, ServerLimits(connections=1)) as served:
        with urllib.request.urlopen(served.address + "changes", timeout=60) as changes:
            assert changes.readline() == b"data: 0\n"
            assert not is_there(served)
        until(lambda: is_there(served))


def test_who_does_not_read_a_film_loses_the_connection(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(40_000_000))
    with Preview("walks.story", 0, ServerLimits(connections=1, unread_s=0.2)) as served:
        served.show(PreviewState("walks", film=film))
        with connected(served) as connection:
            request = f"GET /files/film.mp4 HTTP/1.1\r\nHost: {served.hosts[0]}\r\n\r\n"
            connection.sendall(request.encode())
            assert connection.recv(8) == b"HTTP/1.0"
            until(lambda: is_there(served))


def is_there(preview: Preview) -> bool:
    """Say whether the page is answered, and not refused because all connections are taken."""
    try:
        return status(preview, "/") == 200
    except ConnectionError:
        return False


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do; a minute is for a machine that is busy."""
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_browser_shows_the_story(watched, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("chromium is not installed")
    _, address = watched
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--timeout=4000",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", address],
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert "Two &lt;Walks&gt;" in done.stdout
    assert len(re.findall(r"<(?:img|video) ", done.stdout)) == 2
