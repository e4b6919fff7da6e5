"""A .story file or its text -> ParsedStory: the Story and what is wrong with it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, Severity
from ..story import Story
from .diagnostics.findings import Findings
from .diagnostics.source import Source
from .resolve.context import Context, default_fps
from .resolve.resolve import resolve_story
from .resolve.titles import resolve_title_page
from .syntax.files import LARGEST_STORY_BYTES as LARGEST_STORY_BYTES
from .syntax.files import decode_story as decode_story
from .syntax.files import read_story_text as read_story_text
from .syntax.files import read_xml_text as read_xml_text
from .syntax.files import shown_path as shown_path
from .syntax.parser import parse_syntax

if TYPE_CHECKING:
    from ..plan import Capabilities


@dataclass(frozen=True, slots=True)
class ParsedStory:
    """What became of a text. `story` is None where there is nothing to film.

    `source` is the normalised text (no byte order mark, only LF) that every span refers to. A
    story with errors is as complete as the errors let it be, and not for rendering. `notes` are
    what was read for it beside the words, such as a picture.
    """

    story: Story | None
    diagnostics: tuple[Diagnostic, ...]
    source: str
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity is Severity.WARNING)

    def with_more(self, diagnostics: Iterable[Diagnostic]) -> ParsedStory:
        """Return the same with what others found wrong, all in the order of the text."""
        found = sorted((*self.diagnostics, *diagnostics), key=lambda d: (d.span.start, d.code))
        return replace(self, diagnostics=tuple(found))


def parse_story(
    text: str,
    *,
    path: str,
    folder: Path | None = None,
    capabilities: Capabilities | None = None,
) -> ParsedStory:
    """Parse and check a story.

    Args:
        text: the whole file.
        path: the file as the user named it; every span carries it.
        folder: where references are looked for; None leaves them unchecked.
        capabilities: the engine; None leaves unchecked what depends on one.
    """
    source = Source(path, text)
    findings = Findings(source)
    with _uncollected():
        syntax = parse_syntax(source, findings)
        title_page = resolve_title_page(syntax.title_page, findings)
        context = Context(
            findings=findings,
            strict=title_page.strict,
            fps=title_page.fps or default_fps(capabilities),
            folder=folder,
            capabilities=capabilities,
        )
        story = resolve_story(syntax, title_page.entries, context)
    return ParsedStory(story, findings.in_order, source.text)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for garbage meanwhile.

    A tree is many small objects that all stay; looking through them time and again for some that
    do not is a sixth of the work.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def load_story(
    path: Path, *, folder: Path | None = None, capabilities: Capabilities | None = None
) -> ParsedStory:
    """Read, parse and check a story file; its own folder holds the references unless given.

    Raises:
        InputError: the file is missing, unreadable, too large or no text.
    """
    text = read_story_text(path)
    return parse_story(
        text,
        path=shown_path(path),
        folder=folder if folder is not None else path.parent,
        capabilities=capabilities,
    )
