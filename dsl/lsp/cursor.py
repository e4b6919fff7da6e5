"""An offset of a page -> what is being written there: the directive, the part of it, the word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..syntax.names import marks
from .page import Page

_HEAD = re.compile(r"^[ \t]*@([a-z][a-z0-9_-]*)(?=[ \t{:\n]|$)", re.MULTILINE)
_BRACE = re.compile(r"[{}]")
_LONGEST_BLOCK = 4000
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"')


@dataclass(frozen=True, slots=True)
class Cursor:
    """The directive, tag or prose in which a cursor stands.

    `word` is what is written of the word so far, from `word_start` on. `directive` is the name of
    the directive around it, or None in prose. `statement` is what stands before the word in the
    innermost statement of the block, None outside of blocks; `head` what stands before the word
    after the directive's name. `tag` is what stands before the word in an inline tag, else None.
    """

    word: str
    word_start: int
    line_before: str
    directive: str | None = None
    head: str = ""
    statement: str | None = None
    tag: str | None = None


def cursor_at(page: Page, offset: int) -> Cursor:
    """Return what is being written at an offset."""
    line_start = page.text.rfind("\n", 0, offset) + 1
    line = page.text[line_start:offset]
    match = _word().search(line)
    word = match[0] if match else ""
    start = offset - len(word)
    before = line[: len(line) - len(word)]
    paragraph = page.text[_paragraph_start(page.text, line_start) : start]
    directive = _open_directive(paragraph)
    if directive is not None:
        name, rest = directive
        return Cursor(word, start, before, name, rest, _statement(rest))
    brace = _open_brace(before)
    return Cursor(word, start, before, tag=None if brace < 0 else before[brace + 1 :])


@cache
def _word() -> re.Pattern[str]:
    letter = rf"\w{marks()}"
    return re.compile(rf"[@{letter}][{letter}'’-]*$|@$")


def _paragraph_start(text: str, line_start: int) -> int:
    """Return where the items around a line begin: after an empty line, or at an open directive."""
    blank = text.rfind("\n\n", 0, line_start)
    start = 0 if blank < 0 else blank + 2
    heads = list(_HEAD.finditer(text, max(0, start - _LONGEST_BLOCK), start))
    # A block may hold empty lines.
    open_above = heads and _is_open(text[heads[-1].end() : start])
    return heads[-1].start() if open_above else start


def _open_directive(text: str) -> tuple[str, str] | None:
    """Return the directive that a text breaks off in, and what follows its name."""
    heads = list(_HEAD.finditer(text))
    if not heads:
        return None
    rest = text[heads[-1].end() :]
    in_head = "\n" not in rest and not re.search(r"[:{]", rest)
    return (heads[-1][1], rest) if in_head or _is_open(rest) else None


def _is_open(rest: str) -> bool:
    """Say whether the block that begins on a directive's own line is still open at the end."""
    bare = _QUOTED.sub('""', rest)
    depth = 0
    for brace in _BRACE.finditer(bare, max(0, bare.partition("\n")[0].find("{"))):
        if depth == 0 and brace.start() > len(bare.partition("\n")[0]):
            return False
        depth += 1 if brace[0] == "{" else -1
        if depth <= 0:
            return False
    return depth > 0


def _statement(rest: str) -> str | None:
    """Return what stands before the word in the statement of a block, or None outside of one."""
    if not _is_open(rest):
        return None
    return re.split(r"[{};\n]", _QUOTED.sub('""', rest))[-1].lstrip()


def _open_brace(before: str) -> int:
    """Return where an inline tag opens that the line breaks off in, or -1."""
    brace = before.rfind("{")
    escaped = brace > 0 and before[brace - 1] == "\\"
    return -1 if escaped or before.rfind("}") > brace else brace
