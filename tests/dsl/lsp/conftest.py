"""An editor without a screen: a client that talks to the server over pipes, as editors do."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient

from dreamrunner.dsl.lsp.host import Host
from dreamrunner.dsl.lsp.page import Page
from dreamrunner.dsl.lsp.server import StoryServer
from dreamrunner.engine.family import capabilities

STORY = """\
Title: One Night

@character FOX: a small red fox
@character OLD OWL: a purple owl

EXT. FOREST - NIGHT #1#
@duration 3s
@layout FOX { 0s: box (0.1, 0.4, 0.4, 0.9) }

The FOX walks to the right. {FOX, motion=walk, 0s..2s}

FOX (O.S.)
Is the OLD OWL awake?

OLD OWL
🦉 Who?
@expect motion.FOX >= 0.5, FOX left-of OLD_OWL

EXT. BEACH - NOON #2#

The FOX's tail is wet.
"""


@pytest.fixture(scope="session")
def storybook():
    return capabilities("storybook")


def at(text: str, marked: str) -> tuple[Page, int]:
    """Return a page and the offset of the `|` in `marked`, a piece of the text."""
    plain = marked.replace("|", "")
    assert text.count(plain) == 1, plain
    return Page(text), text.index(plain) + marked.index("|")


class Editor:
    """A client with one open story."""

    def __init__(self, client: LanguageClient, uri: str, text: str) -> None:
        self.client, self.uri, self.page, self.version = client, uri, Page(text), 1
        self.published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def told(params: lsp.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

    @property
    def document(self) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(self.uri)

    def position(self, marked: str) -> lsp.Position:
        page, offset = at(self.page.text, marked)
        return page.position(offset)

    async def open(self) -> None:
        item = lsp.TextDocumentItem(self.uri, "story", 1, self.page.text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def type(self, before: str, text: str, *, instead: str = "") -> None:
        """Write `text` at the `|` of `before`, instead of what stands there."""
        page, offset = at(self.page.text, before)
        where = page.range(offset, offset + len(instead))
        assert page.text[offset : offset + len(instead)] == instead
        self.page, self.version = page.edited(where, text), self.version + 1
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self.version, self.uri),
                [lsp.TextDocumentContentChangePartial(where, text)],
            )
        )

    async def diagnostics(self) -> list[lsp.Diagnostic]:
        """Return what is published next for the text as it now stands."""
        while True:
            told = await asyncio.wait_for(self.published.get(), 120)
            if told.version in (self.version, None):
                return list(told.diagnostics)


@pytest.fixture
def edit(tmp_path: Path, storybook) -> Callable[..., Any]:
    """Run a conversation of an editor with the server, within this process."""

    def run(
        talk: Callable[[Editor], Coroutine[Any, Any, Any]], text: str = STORY, **host: Any
    ) -> Any:
        async def connected() -> Any:
            server = StoryServer(Host(storybook, **host), "test")

            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                server.protocol.set_writer(writer)
                ended = server._stop_event = threading.Event()
                await run_async(stop_event=ended, reader=reader, protocol=server.protocol)

            listening = await asyncio.start_server(answer, "127.0.0.1", 0)
            client = LanguageClient("test", "1")
            editor = Editor(client, (tmp_path / "night.story").as_uri(), text)
            await client.start_tcp(*listening.sockets[0].getsockname())
            started = await client.initialize_async(
                lsp.InitializeParams(capabilities=lsp.ClientCapabilities())
            )
            client.initialized(lsp.InitializedParams())
            editor.capabilities = started.capabilities
            await editor.open()
            try:
                return await asyncio.wait_for(talk(editor), 240)
            finally:
                await client.shutdown_async(None)
                listening.close()
                client.protocol.writer.close()
                await client.stop()

        return asyncio.run(connected())

    return run
