"""A .story file or its text -> ParsedStory: the Story and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Diagnostic, InputError, Severity
from ..story import Story
from .context import Context, default_fps
from .findings import Findings
from .resolve import resolve_story
from .source import Source
from .syntax import parse_syntax
from .titles import resolve_title_page

if TYPE_CHECKING:
    from ..plan import Capabilities

LARGEST_STORY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ParsedStory:
    """What became of a text. `story` is None where there is nothing to film.

    `source` is the normalised text (no byte order mark, only LF) that every span refers to. A
    story with errors is as complete as the errors let it be, and not for rendering.
    """

    story: Story | None
    diagnostics: tuple[Diagnostic, ...]
    source: str

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity is Severity.WARNING)


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


def load_story(
    path: Path, *, folder: Path | None = None, capabilities: Capabilities | None = None
) -> ParsedStory:
    """Read, parse and check a story file; its own folder holds the references unless given.

    Raises:
        InputError: the file is missing, unreadable, too large or no text.
    """
    text = _read_text(path)
    return parse_story(
        text,
        path=str(path),
        folder=folder if folder is not None else path.parent,
        capabilities=capabilities,
    )


def _read_text(path: Path) -> str:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name a .story file in it")
        size = path.stat().st_size
        if size > LARGEST_STORY_BYTES:
            raise InputError(
                f"{path} is too large for a story: {size:,} bytes, at most {LARGEST_STORY_BYTES:,}"
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no story at {path}") from None
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:  # a NUL within the path
        raise InputError(f"{str(path)!r} is no path: {problem}") from problem
    if b"\0" in data:
        raise InputError(f"{path} is no text: it holds NUL bytes; a story is UTF-8 text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise InputError(
            f"{path} is not UTF-8: byte {problem.start} on line {line}; save it as UTF-8"
        ) from problem
