"""A story's text -> the same story, neatly written: what `dreamrunner fmt` does.

Directives, empty lines and the columns of boxes are set; prose, comments, a byte order mark, the
kind of line ends and the end of the file stay as they are. Everything is cut out of the text by
the parser's own tokens. What comes out is read again before anyone gets it: it must have the same
tokens, and not a character less, for a token leaves out what the grammar does not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lark import Token, UnexpectedInput

from ...errors import StoryError
from ..diagnostics.findings import Findings
from ..diagnostics.source import BLANK, Source, with_line_feeds
from ..syntax.comments import without_comments
from ..syntax.parser import SourceRange, is_too_deep, parse_syntax, read_tokens
from .typesetting import LINE_ENDS, typeset

_BYTE_ORDER_MARK = "\ufeff"
_SPACE = f" \t{BLANK}"
_LAST_BLANK_LINES = re.compile(r"(?:\n[ \t]*)+\Z")


def format_story(text: str, path: str = "story") -> str:
    """Return the text with its directives and empty lines set.

    A file of several kinds of line end gets the kind that it has most of.

    Args:
        text: the whole file.
        path: the file as the user named it, for what is reported.

    Raises:
        StoryError: the text has syntax errors.
    """
    plain = with_line_feeds(text)
    blanked, stretches = _read(plain, path)
    pieces = [
        _RangeFormatter(plain[s.start : s.end], blanked[s.start : s.end], s.tokens).set()
        for s in stretches
    ]
    formatted = _LAST_BLANK_LINES.sub("\n", "".join(pieces))
    same_words = _meaning(_read(formatted, path)[1]) == _meaning(stretches)
    if not same_words or _characters(formatted) != _characters(plain):
        raise RuntimeError(f"{path}: formatting would change what the story says")
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    return mark + formatted.replace("\n", _line_end(text))


def _read(plain: str, path: str) -> tuple[str, list[SourceRange]]:
    """Return the text without comments, and its tokens."""
    source = Source(path, plain)
    findings = Findings(source)
    blanked = without_comments(source.text, findings)
    if not findings.errors and not is_too_deep(blanked):
        try:
            return blanked, list(read_tokens(blanked))
        except UnexpectedInput:
            pass
    findings = Findings(source)
    parse_syntax(source, findings)
    raise StoryError(findings.in_order, source.text)


def _line_end(text: str) -> str:
    pairs = text.count("\r\n")
    counts = {"\n": text.count("\n") - pairs, "\r\n": pairs, "\r": text.count("\r") - pairs}
    return max(counts, key=lambda end: counts[end])


def _characters(text: str) -> str:
    """Return what formatting never changes: all but space, line ends and semicolons."""
    return "".join(text.replace(";", "").split())


def _meaning(stretches: Iterable[SourceRange]) -> list[tuple[str, str]]:
    """Return the words of a text with their kinds; where lines end within a block is no matter."""
    meaning: list[tuple[str, str]] = []
    depth = 0
    for token in (token for stretch in stretches for token in stretch.tokens):
        depth += {"LBRACE": 1, "RBRACE": -1}.get(token.type, 0)
        if token.type in (*LINE_ENDS, "_SEMICOLON"):
            if depth == 0:
                meaning.append((token.type, ""))
            elif meaning[-1][0] not in ("LBRACE", "break"):
                meaning.append(("break", ""))
            continue
        if token.type == "RBRACE" and meaning[-1][0] == "break":
            meaning.pop()
        said = token[1:].strip() if token.type == "PROSE" else str(token)
        meaning.append((token.type, said))
    return meaning


class _RangeFormatter:
    """Sets one stretch: `text` with comments and `blanked` without, of the same length."""

    def __init__(self, text: str, blanked: str, tokens: tuple[Token, ...]) -> None:
        self._text = text
        self._blanked = blanked
        self._tokens = tokens
        self._body_end = len(blanked.rstrip(f"{_SPACE}\n"))
        self._done = 0
        self._pieces: list[str] = []

    def set(self) -> str:
        """Return the stretch as it should stand. What is above the first line of a file stays."""
        if self._body_end == 0:
            return self._text
        i = 0
        while i < len(self._tokens):
            token = self._tokens[i]
            if token.type == "DIRECTIVE":
                i = self._directive(i)
            elif token.type == "_SEP" and _start(token) < self._body_end:
                self._blank_lines(_start(token), _start(token) + len(token))
            i += token.type != "DIRECTIVE"
        self._blank_lines(self._body_end, len(self._text))
        return "".join(self._pieces)

    def _copy(self, end: int) -> None:
        self._pieces.append(self._text[self._done : end])
        self._done = end

    def _directive(self, first: int) -> int:
        """Set a directive with its line, and return the place of the token that ends it."""
        depth, last = 0, first
        while depth or self._tokens[last].type not in LINE_ENDS:
            depth += {"LBRACE": 1, "RBRACE": -1}.get(self._tokens[last].type, 0)
            last += 1
        start = _start(self._tokens[first])
        word = self._tokens[last - 1]
        end = _start(word) + len(word)
        above, line_feed, indent = self._text[self._done : start].rpartition("\n")
        self._pieces += above, line_feed, indent if indent.strip(_SPACE) else ""
        whole = typeset(self._tokens[first:last], self._text)
        self._pieces.append(self._text[start:end].rstrip(" \t") if whole is None else whole)
        self._done = self._line_feed(end)
        comment = self._text[end : self._done].strip()
        self._pieces.append(f"  {comment}" if comment else "")
        return last

    def _line_feed(self, position: int) -> int:
        """Return where the line of a position ends."""
        found = self._blanked.find("\n", position)
        return found if found >= 0 else len(self._text)

    def _blank_lines(self, start: int, end: int) -> None:
        """Copy up to the end of the line of `start`, and from there to `end` without excess."""
        self._copy(max(self._done, self._line_feed(start)))
        if self._done >= end:
            return
        self._pieces.append("\n")
        self._done += 1
        was_blank = False
        while self._done < end and (feed := self._blanked.find("\n", self._done, end)) >= 0:
            line = self._text[self._done : feed].rstrip(_SPACE)
            self._done = feed + 1
            # Comments take their line ends with them: an empty line after one looks like this.
            is_blank = not line or line.endswith("\n")
            if line or not was_blank:
                self._pieces += line, "\n"
            was_blank = is_blank
        self._copy(end)


def _start(token: Token) -> int:
    return token.start_pos or 0
