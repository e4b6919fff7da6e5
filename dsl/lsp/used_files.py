"""The `@use` lines of a page -> the pages of the files that they bring in, as they lie on disk."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path, PurePosixPath

from ...errors import InputError
from ..diagnostics.findings import Findings
from ..directives.uses import DEEPEST_USE, MOST_USED, directives_of
from ..resolve.context import Context, default_fps
from ..resolve.references import resolve_reference
from ..syntax import tree
from ..syntax.files import read_story_text
from .page import Page, Used


def used_by(page: Page, folder: Path | None) -> tuple[Used, ...]:
    """Return the used files in the order of their `@use`; what cannot be read is left out."""
    if folder is None or "@use" not in page.text:
        return ()
    found: dict[Path, Used] = {}
    _follow(page, PurePosixPath(), folder.resolve(), found, DEEPEST_USE)
    return tuple(found.values())


def _follow(
    page: Page, base: PurePosixPath, folder: Path, found: dict[Path, Used], deeper: int
) -> None:
    findings = Findings(page.source)
    context = Context(findings, False, default_fps(None), folder, None, base)
    for directive in directives_of((item for item, _ in page.items()), "use"):
        quoted = next(iter(directive.args.flat), None)
        if not isinstance(quoted, tree.Quoted):
            continue
        errors = findings.errors
        path = PurePosixPath(resolve_reference(quoted, context).path)
        target = (folder / path).resolve()
        if findings.errors > errors or target in found or len(found) == MOST_USED:
            continue
        inner = _read(target)
        if inner is not None and deeper:
            found[target] = Used(target, inner)
            _follow(inner, path.parent, folder, found, deeper - 1)


def _read(path: Path) -> Page | None:
    """Return a file as a page, or None where it cannot be read."""
    try:
        return _page(path, path.stat().st_mtime_ns)
    except (InputError, OSError):
        return None


@lru_cache(MOST_USED)
def _page(path: Path, modified_ns: int) -> Page:
    """Return a file as a page; when it was modified tells whether it has to be read again."""
    return Page(read_story_text(path))
