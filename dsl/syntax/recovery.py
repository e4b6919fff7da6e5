"""A syntax error of lark -> the writer's mistake, and which stretch to blank before parsing on.

What is blanked is the smallest thing that means something by itself: an inline tag, a statement
of a block, or else the whole directive with the block it opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lark import Token, UnexpectedInput, UnexpectedToken

from ..diagnostics.findings import did_you_mean
from ..diagnostics.source import BLANK
from ..schema import DIRECTIVES

_WORD = re.compile(r"\w+|\S")
# What cannot stand within a block: a directive, or the end of the text.
_BLOCK_TOKEN = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|//[^\n]*|[{}]|^[ \t]*@[a-z]', re.MULTILINE)
_PARAGRAPH_END = re.compile(rf"\n[ \t{BLANK}]*\n|\n(?=[ \t]*@[a-z])")
_TAG_HELP = "write {FOX, motion=walk, 0s..4s}, or \\{ for a brace that is prose"


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """One syntax error: its place and words, and the stretch to blank."""

    number: str
    start: int
    end: int
    message: str
    help: str | None
    blank_start: int
    blank_end: int


def explain(unexpected: UnexpectedInput, text: str) -> SyntaxFault:
    """Say what is wrong where the parser stopped."""
    at = _stopped_at(unexpected, text)
    directive, braces = _open_things(unexpected)
    if directive is None:
        return _bad_tag(text, at, braces[-1]) if braces else _bad_line(text, at)
    if not braces:
        return _bad_directive(text, at, directive)
    if _closing(text, braces[0]) is None:
        end = _paragraph_end(text, braces[0])
        return SyntaxFault(
            "004",
            braces[0],
            braces[0] + 1,
            f"this block of @{directive[1:]} is never closed",
            "end it with }",
            directive.start_pos or 0,
            end,
        )
    return _bad_statement(text, at, directive, braces[-1])


def _stopped_at(unexpected: UnexpectedInput, text: str) -> int:
    if isinstance(unexpected, UnexpectedToken):
        token = unexpected.token
        position = len(text) if token.type == "$END" else token.start_pos
    else:
        position = unexpected.pos_in_stream
    return position if isinstance(position, int) else 0


def _open_things(unexpected: UnexpectedInput) -> tuple[Token | None, list[int]]:
    """Return the directive that was being read and the open braces, from the parser's stack."""
    interactive = getattr(unexpected, "interactive_parser", None)  # lark sets it while parsing
    if interactive is None:
        return None, []
    directive: Token | None = None
    braces: list[int] = []
    for value in interactive.parser_state.value_stack:
        if not isinstance(value, Token):
            continue
        if value.type == "DIRECTIVE":
            directive = value
        elif value.type == "LBRACE":
            braces.append(value.start_pos or 0)
    return directive, braces


def _bad_tag(text: str, at: int, brace: int) -> SyntaxFault:
    line_end = _line_end(text, brace)
    closing = text.find("}", brace, line_end)
    end = closing + 1 if closing >= 0 else line_end
    message = "this inline tag is never closed" if closing < 0 else "this is no inline tag"
    if at >= line_end:
        at = brace
    return SyntaxFault("003", at, at + len(_found(text, at)), message, _TAG_HELP, brace, end)


def _bad_line(text: str, at: int) -> SyntaxFault:
    start = text.rfind("\n", 0, at) + 1
    end = _line_end(text, at)
    found = _found(text, at)
    message = f"{_shown(found)} makes no sense here"
    return SyntaxFault("002", at, at + len(found), message, None, start, max(end, at + 1))


def _bad_directive(text: str, at: int, directive: Token) -> SyntaxFault:
    start = directive.start_pos or 0
    line_end = _line_end(text, start)
    brace = text.find("{", start, line_end)
    end = line_end
    if brace >= 0:
        closing = _closing(text, brace)
        end = _line_end(text, closing) if closing is not None else line_end
    name = directive[1:]
    known = DIRECTIVES.get(name)
    help = f"write it like this: {known.usage}" if known else _unknown_help(name)
    found = _found(text, at)
    return SyntaxFault("002", at, at + len(found), _complaint(found, f"@{name}"), help, start, end)


def _bad_statement(text: str, at: int, directive: Token, brace: int) -> SyntaxFault:
    before = max(text.rfind(mark, 0, at) for mark in ";\n")
    start = max(before, brace) + 1
    ends = [text.find(mark, max(at, start)) for mark in ";\n}"]
    end = min(e if e >= 0 else len(text) for e in ends)
    if end <= start:
        # A separator is what is wrong, as in `{ ;; 0s: }`: blank just that.
        start, end = at, at + 1
    found = _found(text, at)
    known = DIRECTIVES.get(directive[1:])
    help = f"write it like this: {known.usage}" if known else None
    where = f"the block of @{directive[1:]}"
    return SyntaxFault("002", at, at + len(found), _complaint(found, where), help, start, end)


def _complaint(found: str, where: str) -> str:
    if not found.strip():
        return f"the line ends too early in {where}"
    if found == '"':
        return f"the text in quotes is never closed in {where}"
    return f"unexpected {_shown(found)} in {where}"


def _unknown_help(name: str) -> str | None:
    meant = did_you_mean(name, DIRECTIVES)
    return meant.replace("mean ", "mean @") if meant else None


def _shown(found: str) -> str:
    return f'"{found}"' if found.strip() else "the end of the line"


def _found(text: str, at: int) -> str:
    """Return the word or the sign at a place, or a space where there is none."""
    match = _WORD.match(text, at)
    return match[0] if match else " "


def _closing(text: str, brace: int) -> int | None:
    """Return where the brace opened at `brace` closes, or None if it never does."""
    depth = 0
    for token in _BLOCK_TOKEN.finditer(text, brace):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                return token.start()
        elif token[0].lstrip().startswith("@"):
            return None
    return None


def _paragraph_end(text: str, at: int) -> int:
    match = _PARAGRAPH_END.search(text, at)
    return match.start() if match else len(text.rstrip("\n"))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)
