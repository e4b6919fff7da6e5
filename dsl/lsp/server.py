"""An editor's messages -> the answers of the features; the only module that speaks the protocol.

At a keystroke the scene under it is checked at once. When the writer pauses, the whole story is
checked in a thread of its own, so that the next keystroke need not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from ...errors import DreamRunnerError, InputError
from . import completion, document_symbols, fixes, hints, navigation
from . import hover as hovering
from .bounded_input import BoundedInput
from .checking import CheckedPage, Checker
from .host import Host
from .page import Page
from .used_files import used_by

PAUSE_S = 0.3
_TRIGGERS = ("@", "{", "=", ".", " ", ":")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Open:
    """A story that is open in the editor, as it stands and as it was last checked."""

    uri: str
    version: int
    page: Page
    checker: Checker
    path: Path | None
    checked: CheckedPage | None = None
    pending: asyncio.Task[None] | None = None


class StoryServer(LanguageServer):
    """The language server; `host` is all that it knows of what is not the language."""

    def __init__(self, host: Host, version: str) -> None:
        super().__init__("dreamrunner", version, max_workers=2)
        self.host = host
        self._open: dict[str, _Open] = {}
        _register_documents(self)
        _register_questions(self)
        _register_names(self)
        if host.format_text is not None:
            _register_formatting(self, host.format_text)

    def page(self, uri: str) -> Page:
        return self.story(uri).page

    def story(self, uri: str) -> _Open:
        """Return an open story.

        Raises:
            JsonRpcInvalidParams: the editor has not opened it.
        """
        if uri not in self._open:
            raise JsonRpcInvalidParams(f"{uri} is not open")
        return self._open[uri]

    def opened(self, document: lsp.TextDocumentItem) -> None:
        found = to_fs_path(document.uri)
        path = Path(found) if found else None
        checker = Checker(
            path.name if path else "story",
            path.parent if path else None,
            self.host.capabilities,
            self.host.remarks,
        )
        page = Page(document.text)
        page = page.using(used_by(page, checker.folder))
        story = _Open(document.uri, document.version, page, checker, path)
        self._open[document.uri] = story
        self._check_after(story, 0.0)

    def changed(self, params: lsp.DidChangeTextDocumentParams) -> None:
        """Apply an edit, and publish at once the mistakes that it makes or mends in its scene."""
        story = self.story(params.text_document.uri)
        for change in params.content_changes:
            if isinstance(change, lsp.TextDocumentContentChangePartial):
                story.page = story.page.edited(change.range, change.text)
            else:
                story.page = Page(change.text, story.page.used)
        story.page = story.page.using(used_by(story.page, story.checker.folder))
        story.version = params.text_document.version
        if story.checked is not None:
            checked = story.checker.after_edit(story.page, story.checked)
            if checked is not None:
                story.checked = checked
                self._publish(story, checked)
        self._check_after(story, PAUSE_S)

    def closed(self, uri: str) -> None:
        story = self._open.pop(uri, None)
        if story is not None and story.pending is not None:
            story.pending.cancel()
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    def check_again(self, uri: str) -> None:
        """Check a story whose references may have changed."""
        if uri in self._open:
            self._check_after(self._open[uri], 0.0)

    def _check_after(self, story: _Open, pause_s: float) -> None:
        if story.pending is not None:
            story.pending.cancel()
        story.pending = asyncio.ensure_future(self._check(story, pause_s))

    async def _check(self, story: _Open, pause_s: float) -> None:
        await asyncio.sleep(pause_s)
        page = story.page
        checked, _ = await asyncio.to_thread(story.checker.whole, page)
        if story.page is page and self._open.get(story.uri) is story:
            story.checked = checked
            self._publish(story, checked)

    def _publish(self, story: _Open, checked: CheckedPage) -> None:
        shown = fixes.shown(checked.page, checked.diagnostics)
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(story.uri, shown, version=story.version)
        )


def _register_documents(server: StoryServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(_: StoryServer, params: lsp.DidOpenTextDocumentParams) -> None:
        server.opened(params.text_document)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(_: StoryServer, params: lsp.DidChangeTextDocumentParams) -> None:
        server.changed(params)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(_: StoryServer, params: lsp.DidSaveTextDocumentParams) -> None:
        server.check_again(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(_: StoryServer, params: lsp.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)


def _register_questions(server: StoryServer) -> None:
    """Register the features that answer for a whole page or a place on it."""
    host = server.host

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(_: StoryServer, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        return document_symbols.symbols(server.page(params.text_document.uri))

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def folds(_: StoryServer, params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        return document_symbols.folds(server.page(params.text_document.uri))

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=list(_TRIGGERS))
    )
    def complete(_: StoryServer, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        page = server.page(params.text_document.uri)
        return completion.complete(page, page.offset(params.position), host.capabilities)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(_: StoryServer, params: lsp.HoverParams) -> lsp.Hover | None:
        page = server.page(params.text_document.uri)
        return hovering.hover(page, page.offset(params.position), host.capabilities)

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
    )
    def actions(_: StoryServer, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        story = server.story(params.text_document.uri)
        if story.checked is None or story.checked.page is not story.page:
            return []  # The mistakes are those of another text; the next check has been started.
        return fixes.fixes(story.page, story.uri, params.range, story.checked.diagnostics)

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    def inlay(_: StoryServer, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        story = server.story(params.text_document.uri)
        return hints.seconds(story.page, params.range, story.checker, host.scene_seconds)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    def lenses(_: StoryServer, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        story = server.story(params.text_document.uri)
        render = hints.last_render(story.path, host.out) if story.path else None
        return hints.scores(story.page, render)

    @server.command(hints.REPORT_COMMAND)
    def report(_: StoryServer, uri: str) -> None:
        server.window_show_document(lsp.ShowDocumentParams(uri, external=True))


def _register_names(server: StoryServer) -> None:
    """Register the features that answer for the name at a place."""

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(_: StoryServer, params: lsp.DefinitionParams) -> lsp.Location | None:
        page = server.page(params.text_document.uri)
        place = navigation.definition(page, page.offset(params.position))
        if place is None:
            return None
        return lsp.Location(_uri(place.path) or params.text_document.uri, place.range)

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def references(_: StoryServer, params: lsp.ReferenceParams) -> list[lsp.Location]:
        page = server.page(params.text_document.uri)
        found = navigation.references(
            page,
            page.offset(params.position),
            with_declaration=params.context.include_declaration,
        )
        return [lsp.Location(params.text_document.uri, where) for where in found]

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(_: StoryServer, params: lsp.PrepareRenameParams) -> lsp.Range | None:
        page = server.page(params.text_document.uri)
        return navigation.name_range(page, page.offset(params.position))

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def rename(_: StoryServer, params: lsp.RenameParams) -> lsp.WorkspaceEdit:
        page = server.page(params.text_document.uri)
        try:
            renamed = navigation.rename(page, page.offset(params.position), params.new_name)
        except InputError as refused:
            raise JsonRpcInvalidParams(str(refused)) from refused
        uri = params.text_document.uri
        return lsp.WorkspaceEdit(changes={_uri(one.path) or uri: one.edits for one in renamed})


def _uri(path: Path | None) -> str | None:
    return path.as_uri() if path else None


def _register_formatting(server: StoryServer, format_text: Callable[[str], str]) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatted(_: StoryServer, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        page = server.page(params.text_document.uri)
        try:
            text = format_text(page.text)
        except DreamRunnerError as refused:
            raise JsonRpcInvalidParams(str(refused)) from refused
        return [] if text == page.text else [lsp.TextEdit(page.range(0, len(page.text)), text)]


def serve(host: Host, version: str, messages: BinaryIO | None = None) -> None:
    """Answer an editor on standard output until it ends the session.

    Args:
        messages: what the editor sends; None is standard input.

    Raises:
        InputError: the editor sends a message that is larger than any may be.
    """
    bounded = BoundedInput(messages or sys.stdin.buffer)
    # pygls calls `readline` and `read` and nothing else of the many that its type names.
    StoryServer(host, version).start_io(stdin=cast(BinaryIO, bounded))
