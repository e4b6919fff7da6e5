"""A page -> the symbols that an editor lists (cast, sections, scenes, shots), and its folds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol.types import DocumentSymbol, FoldingRange, FoldingRangeKind, SymbolKind

from ..diagnostics.findings import Findings
from ..resolve.headings import resolve_heading
from ..syntax import tree
from ..syntax.names import head_name
from .page import Page

_BONEYARD = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAMED = {
    "character": SymbolKind.Class,
    "prop": SymbolKind.Object,
    "location": SymbolKind.Module,
    "shot": SymbolKind.Event,
}


@dataclass(frozen=True, slots=True)
class SceneLines:
    """A scene of the page: its heading's text and place, and where its last item ends.

    `number` is the writer's own, None where the heading has none.
    """

    heading: str
    number: str | None
    start: int
    heading_end: int
    end: int
    shots: tuple[DocumentSymbol, ...] = ()


def scenes(page: Page) -> Iterator[SceneLines]:
    """Yield the scenes in order; offsets are of the page."""
    heading: tree.Line | None = None
    start = end = 0
    shots: list[DocumentSymbol] = []

    def scene(line: tree.Line) -> SceneLines:
        number = resolve_heading(line, Findings(page.source)).number
        heading_end = start + line.end - line.start
        return SceneLines(line.text.strip(), number, start, heading_end, end, tuple(shots))

    for item, base in page.items():
        if isinstance(item, tree.Line) and item.kind == "heading":
            if heading is not None:
                yield scene(heading)
            heading, start, shots = item, base + item.start, []
        elif isinstance(item, tree.Directive) and item.name.text == "shot":
            shots.append(_named(page, item, base))
        end = base + item.end
    if heading is not None:
        yield scene(heading)


def symbols(page: Page) -> list[DocumentSymbol]:
    """Return the outline in the order of the page: cast and places, sections, scenes."""
    found = []
    for item, base in page.items():
        if isinstance(item, tree.Line) and item.kind == "section":
            title = item.text.strip().lstrip("#").strip() or "#"
            found.append(
                _symbol(page, title, SymbolKind.Namespace, base + item.start, base + item.end)
            )
        elif isinstance(item, tree.Directive) and item.name.text in _NAMED.keys() - {"shot"}:
            found.append(_named(page, item, base))
    for scene in scenes(page):
        symbol = _symbol(page, scene.heading, SymbolKind.Function, scene.start, scene.end)
        symbol.selection_range = page.range(scene.start, scene.heading_end)
        symbol.children = list(scene.shots)
        found.append(symbol)
    return sorted(found, key=lambda s: (s.range.start.line, s.range.start.character))


def folds(page: Page) -> list[FoldingRange]:
    """Return what folds: scenes, the title page, directives of several lines, boneyards."""
    found = [_fold(page, scene.start, scene.end) for scene in scenes(page)]
    titles = page.pieces[0].syntax.title_page
    if titles:
        found.append(_fold(page, titles[0].start, titles[-1].end))
    for item, base in page.items():
        if isinstance(item, tree.Directive):
            found.append(_fold(page, base + item.start, base + item.end))
    for boneyard in _BONEYARD.finditer(page.text):
        fold = _fold(page, boneyard.start(), boneyard.end())
        fold.kind = FoldingRangeKind.Comment
        found.append(fold)
    return [fold for fold in found if fold.end_line > fold.start_line]


def _fold(page: Page, start: int, end: int) -> FoldingRange:
    return FoldingRange(page.position(start).line, page.position(end).line)


def _named(page: Page, item: tree.Directive, base: int) -> DocumentSymbol:
    named = head_name(item.args)
    name = named[0] if named else f"@{item.name.text}"
    symbol = _symbol(page, name, _NAMED[item.name.text], base + item.start, base + item.end)
    symbol.detail = item.prose.text if item.prose else None
    if named is not None:
        symbol.selection_range = page.range(base + named[1].start, base + named[1].end)
    return symbol


def _symbol(page: Page, name: str, kind: SymbolKind, start: int, end: int) -> DocumentSymbol:
    where = page.range(start, end)
    return DocumentSymbol(name, kind, where, where)
