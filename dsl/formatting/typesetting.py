"""The tokens of one directive -> the directive as `fmt` writes it.

One space between words, one statement a line, two spaces a level. What follows the times of a
block stands in one column, and so do the numbers of its boxes. A block that stood on one line
stays there while it fits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lark import Token

LINE_ENDS = ("_NL", "_SEP")
_BREAKS = (*LINE_ENDS, "_SEMICOLON")
_WIDEST = 100
_INDENT = "  "
_NO_SPACE_BEFORE = ("COMMA", "RPAR", "_COLON", "_EQUAL", "PROSE")
_NO_SPACE_AFTER = ("LPAR", "_EQUAL")
_COMMENT_OR_END = re.compile(r"//[^\n]*|\n|;")
_BOX_SIGNS = ["COMMA", "COMMA", "COMMA", "RPAR"]
_SPACE = " \t"


@dataclass(slots=True)
class _Statement:
    """Words, the block after them, and the comment at the end of the line."""

    words: list[Token]
    block: _TypesetBlock | None = None
    comment: str = ""


@dataclass(slots=True)
class _TypesetBlock:
    """Statements, lines of comment, and None for an empty line; `comment` follows the brace."""

    items: list[_Statement | str | None] = field(default_factory=list)
    comment: str = ""
    one_line: bool = True


@dataclass(frozen=True, slots=True)
class _Columns:
    """The widths that the statements of one block share: of times, and of a box's numbers."""

    time: int = 0
    sides: tuple[int, ...] = ()


def typeset(tokens: Sequence[Token], text: str) -> str | None:
    """Return a directive as it should stand, or None where it must stay as it is.

    It stays where its tokens are not all that it says: with a boneyard in it, or a note that never
    closes, of which the grammar sees nothing.

    Args:
        tokens: from the directive's name to its last word, line ends included.
        text: what the tokens' positions refer to, with its comments.
    """
    if not _are_all_that_is_said(tokens, text):
        return None
    return "\n".join(_lines(_TokenReader(tokens, text).statement(), "", _Columns()))


def _are_all_that_is_said(tokens: Sequence[Token], text: str) -> bool:
    """Say whether nothing but space, breaks and line comments stands between the words."""
    end = _start(tokens[0])
    for token in tokens:
        if token.type in _BREAKS:
            continue
        start = _start(token)
        between = text[end:start]
        if "/*" in between or _COMMENT_OR_END.sub("", between).strip():
            return False
        end = start + len(token)
        if text[start:end] != token:
            return False
    return True


def _start(token: Token) -> int:
    return token.start_pos or 0


class _TokenReader:
    """Reads tokens, which the parser has accepted, into statements and blocks."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._next = 0
        self._end = 0

    def statement(self) -> _Statement:
        """Read up to a break, a closing brace or the end."""
        statement = _Statement([])
        while (kind := self._kind()) not in (*_BREAKS, "RBRACE", ""):
            if kind == "LBRACE":
                statement.block = self._block()
            else:
                statement.words.append(self._take())
        return statement

    def _block(self) -> _TypesetBlock:
        block = _TypesetBlock()
        self._take()
        while True:
            self._between(block)
            if self._kind() == "RBRACE":
                break
            block.items.append(self.statement())
        while block.items and block.items[-1] is None:
            block.items.pop()
        self._take()
        return block

    def _between(self, block: _TypesetBlock) -> None:
        """Read what stands between two statements: line ends, semicolons and comments."""
        start = self._end
        while self._kind() in _BREAKS:
            self._next += 1
        between = self._text[start : _start(self._tokens[self._next])]
        ends = 0
        for found in _COMMENT_OR_END.findall(between):
            if found == "\n":
                ends += 1
                block.one_line = False
            elif found != ";":
                self._comment(block, found.rstrip(), ends)
                ends = 0
            # A line that a semicolon began might read as something else after an empty line.
            if ends == 2 and block.items and ";" not in between:
                block.items.append(None)

    def _comment(self, block: _TypesetBlock, comment: str, ends: int) -> None:
        last = block.items[-1] if block.items else block
        if ends == 0 and isinstance(last, _Statement | _TypesetBlock):
            last.comment = comment
        else:
            block.items.append(comment)

    def _kind(self) -> str:
        return self._tokens[self._next].type if self._next < len(self._tokens) else ""

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        self._end = _start(token) + len(token)
        return token


def _lines(statement: _Statement, indent: str, columns: _Columns) -> list[str]:
    head = indent + _words(statement.words, columns)
    comment = _after(statement.comment)
    block = statement.block
    if block is None:
        return [head + comment]
    if _fits_one_line(block):
        line = f"{head} {_inline(block)}{comment}"
        if len(line) <= _WIDEST or not block.items:
            return [line]
    shared = _columns_of([item.words for item in block.items if isinstance(item, _Statement)])
    lines = [f"{head} {{{_after(block.comment)}"]
    for item in block.items:
        if isinstance(item, _Statement):
            lines += _lines(item, indent + _INDENT, shared)
        else:
            lines.append(indent + _INDENT + item if item else "")
    return [*lines, f"{indent}}}{comment}"]


def _fits_one_line(block: _TypesetBlock) -> bool:
    """Say whether a block stands on one line with all blocks in it, none of which has a comment."""
    inside = [item.block for item in block.items if isinstance(item, _Statement) and item.block]
    return block.one_line and not block.comment and all(map(_fits_one_line, inside))


def _inline(block: _TypesetBlock) -> str:
    inside = "; ".join(
        _words(item.words, _Columns()) + (f" {_inline(item.block)}" if item.block else "")
        for item in block.items
        if isinstance(item, _Statement)
    )
    return f"{{ {inside} }}" if inside else "{ }"


def _after(comment: str) -> str:
    return f"  {comment}" if comment else ""


def _columns_of(statements: Sequence[Sequence[Token]]) -> _Columns:
    times = [len(words[0]) for words in statements if _is_timed(words)]
    boxes = [_sides(words) for words in statements]
    widths = [max(map(len, side)) for side in zip(*filter(None, boxes), strict=True)]
    return _Columns(max(times, default=0), tuple(widths))


def _is_timed(words: Sequence[Token]) -> bool:
    return len(words) > 1 and words[1].type == "_COLON"


def _sides(words: Sequence[Token]) -> list[Token]:
    """Return the four numbers of a box, or nothing where the words have none."""
    opening = next((i for i, word in enumerate(words) if word.type == "LPAR"), len(words))
    signs = [word.type for word in words[opening + 2 : opening + 9 : 2]]
    return list(words[opening + 1 : opening + 8 : 2]) if signs == _BOX_SIGNS else []


def _words(words: Sequence[Token], columns: _Columns) -> str:
    """Return words with the spaces that belong between them, in the columns of their block."""
    padding = {id(side): width for side, width in zip(_sides(words), columns.sides, strict=False)}
    text = ""
    for i, word in enumerate(words):
        before = words[i - 1] if i else None
        if before is not None and _are_apart(before, word):
            text += " "
            if before.type == "COMMA":
                text += " " * max(0, padding.get(id(words[i - 2]), 0) - len(words[i - 2]))
        text += _word(word)
        if i == 1 and word.type == "_COLON":
            text += " " * max(0, columns.time - len(words[0]))
    return text


def _are_apart(before: Token, after: Token) -> bool:
    return before.type not in _NO_SPACE_AFTER and after.type not in _NO_SPACE_BEFORE


def _word(token: Token) -> str:
    return f": {token[1:].strip(_SPACE)}".rstrip() if token.type == "PROSE" else str(token)
