"""lark's parse tree -> syntax tree with absolute offsets.

A stretch of the file is parsed by itself, so every position is moved by the stretch's offset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

from lark import Token, Tree

from ..diagnostics.source import BLANK
from . import tree

_ESCAPE = re.compile(r"\\(.)")
_NUMBER = re.compile(r"(-?[\d.]+)(.*)", re.ASCII)
# Deeper blocks than this mean nothing to any directive: the resolver refuses them at level three.
_DEEPEST_BLOCK = 6

Branch = Tree[Token]


class TreeBuilder:
    """Builds the nodes of one stretch that begins at `offset`."""

    def __init__(self, offset: int) -> None:
        self._offset = offset

    def title_page(self, parsed: Branch) -> Iterator[tree.TitleLine]:
        """Yield the entries of the title page, if the stretch has one."""
        for page in _branches(parsed, "title_page"):
            for token in _tokens(page):
                yield self._title_line(token)

    def items(self, parsed: Branch) -> Iterator[tree.Item]:
        """Yield what stands in the stretch, in order."""
        for child in parsed.children:
            if isinstance(child, Token) or child.data == "title_page":
                continue
            match str(child.data):
                case "directive":
                    yield self._directive(child)
                case "action":
                    yield self._paragraph(child)
                    yield from map(self._directive, _branches(child, "directive"))
                    yield from (self._line(line, "lyric") for line in _branches(child, "lyric"))
                case "dialogue":
                    yield self._speech(child)
                    yield from map(self._directive, _branches(child, "directive"))
                case kind:
                    yield self._line(child, kind)

    def _line(self, branch: Branch, kind: str) -> tree.Line:
        token = _tokens(branch)[0]
        # The grammar's rules for one-line elements are named like the kinds of `Line`.
        name = cast(
            Literal[
                "heading", "section", "synopsis", "transition", "centered", "page-break", "lyric"
            ],
            kind.replace("_", "-"),
        )
        return tree.Line(*self._place(token), name, token.replace(BLANK, " ").rstrip())

    def _title_line(self, token: Token) -> tree.TitleLine:
        start, end = self._place(token)
        name, _, value = token.replace("：", ":").partition(":")
        value_start = start + len(name) + 1
        return tree.TitleLine(
            start,
            end,
            tree.Word(start, start + len(name), name.strip()),
            tree.Text(value_start, end, value.replace(BLANK, " ")),
        )

    def _paragraph(self, branch: Branch) -> tree.Paragraph:
        lines = tuple(self._parts(line) for line in _branches(branch, "line"))
        return tree.Paragraph(lines[0][0].start, lines[-1][-1].end, lines)

    def _speech(self, branch: Branch) -> tree.Speech:
        cue_token, *said = [c for c in branch.children if not _is(c, "directive")]
        assert isinstance(cue_token, Token)
        cue = self._text(cue_token)
        lines = tuple(self._said(child) for child in said)
        return tree.Speech(cue.start, lines[-1].parts[-1].end, cue, lines)

    def _said(self, child: Token | Branch) -> tree.SpeechLine:
        if not isinstance(child, Token):
            return tree.SpeechLine("speech", self._parts(child))
        kind: Literal["parenthetical", "lyric"] = (
            "parenthetical" if child.type == "PAREN" else "lyric"
        )
        return tree.SpeechLine(kind, (self._text(child),))

    def _parts(self, line: Branch) -> tuple[tree.Part, ...]:
        return tuple(map(self._part, line.children))

    def _part(self, child: Token | Branch) -> tree.Part:
        if isinstance(child, Token):
            if child.type == "NOTE":
                note = child[2:-2].replace(BLANK, " ").strip()
                return tree.Note(*self._place(child), note)
            return self._text(child)
        first, *middle, last = child.children
        assert isinstance(first, Token) and isinstance(last, Token)
        start, end = self._place(first)[0], self._place(last)[1]
        return tree.InlineTag(start, end, self._args(middle, start + 1))

    def _text(self, token: Token) -> tree.Text:
        return tree.Text(*self._place(token), token.replace(BLANK, " "))

    def _directive(self, branch: Branch) -> tree.Directive:
        name, *rest = branch.children
        assert isinstance(name, Token)
        start, end = self._place(name)
        head = tree.Word(start, end, name[1:])
        prose = next((c for c in rest if isinstance(c, Token) and c.type == "PROSE"), None)
        block = next((c for c in rest if not isinstance(c, Token) and c.data == "block"), None)
        args = self._args([c for c in rest if c is not prose and c is not block], end)
        spoken = self._prose(prose) if prose is not None else None
        braces = self._block(block, 1) if block is not None else None
        last = next((n for n in (braces, spoken) if n is not None), None) or args
        return tree.Directive(start, max(end, last.end), head, args, spoken, braces)

    def _prose(self, token: Token) -> tree.Prose:
        start, end = self._place(token)
        text = token[1:].replace(BLANK, " ").replace("\\{", "{").replace("\\}", "}")
        return tree.Prose(start, start + len(token.rstrip(f" \t{BLANK}")), text.strip())

    def _block(self, branch: Branch, depth: int) -> tree.Block:
        first, *_, last = branch.children
        assert isinstance(first, Token) and isinstance(last, Token)
        inside = _branches(branch, "statement") if depth < _DEEPEST_BLOCK else ()
        statements = tuple(self._statement(child, depth) for child in inside)
        return tree.Block(self._place(first)[0], self._place(last)[1], statements)

    def _statement(self, branch: Branch, depth: int) -> tree.Statement:
        children = list(branch.children)
        time: tree.Time | None = None
        if _is(children[0], "time"):
            time = self._time(_tokens(cast(Branch, children.pop(0)))[0])  # `_is` has looked
        block = None
        if _is(children[-1], "block"):
            block = self._block(cast(Branch, children.pop()), depth + 1)  # `_is` has looked
        args = self._args(children, self._offset)
        start = time.start if time else args.start
        return tree.Statement(start, block.end if block else args.end, time, args, block)

    def _args(self, children: list[Token | Branch], empty_at: int) -> tree.Args:
        groups: list[list[tree.Arg]] = [[]]
        for child in children:
            if isinstance(child, Token) and child.type == "COMMA":
                groups.append([])
            else:
                groups[-1].append(self._arg(child))
        if not groups[0]:
            return tree.Args(empty_at, empty_at, ())
        return tree.Args(groups[0][0].start, groups[-1][-1].end, tuple(map(tuple, groups)))

    def _arg(self, child: Token | Branch) -> tree.Arg:
        if isinstance(child, Token) or child.data == "group":
            return self._value(child)
        name = self._word(cast(Token, child.children[0]))  # both rules begin with a token
        value = self._value(child.children[-1])
        if child.data == "pair":
            return tree.Pair(name.start, value.end, name, value)
        comparison = cast(  # the terminal COMPARE has these spellings and no other
            Literal[">=", "<=", ">", "<", "=="], str(child.children[1])
        )
        return tree.Test(name.start, value.end, name, comparison, value)

    def _value(self, child: Token | Branch) -> tree.Value:
        if not isinstance(child, Token):
            return self._group(child)
        start, end = self._place(child)
        match child.type:
            case "STRING":
                return tree.Quoted(start, end, _ESCAPE.sub(r"\1", child[1:-1].replace(BLANK, " ")))
            case "QUANTITY":
                return _quantity(start, str(child))
            case "RANGE":
                return _range(start, str(child))
            case "SIZE":
                width, _, height = child.partition("x")
                return tree.Dimensions(start, end, _whole(width), _whole(height))
            case _:
                return self._word(child)

    def _time(self, token: Token) -> tree.Time:
        start, _ = self._place(token)
        return _range(start, str(token)) if token.type == "RANGE" else _bound(start, str(token))

    def _group(self, branch: Branch) -> tree.ValueGroup:
        opening, *inside, closing = branch.children
        assert isinstance(opening, Token) and isinstance(closing, Token)
        values: list[tree.Value] = []
        for child in inside:
            if isinstance(child, Token) and child.type == "COMMA":
                continue
            if isinstance(child, Token):
                values.append(self._value(child))
            else:
                # A group within a group means nothing; one word stands for it, whatever its depth.
                values.append(tree.Word(self._place(opening)[0], self._place(closing)[1], "(...)"))
        return tree.ValueGroup(self._place(opening)[0], self._place(closing)[1], tuple(values))

    def _word(self, token: Token) -> tree.Word:
        return tree.Word(*self._place(token), str(token))

    def _place(self, token: Token) -> tuple[int, int]:
        start = (token.start_pos or 0) + self._offset
        return start, start + len(token)


def _is(child: Token | Branch, rule: str) -> bool:
    return not isinstance(child, Token) and child.data == rule


def _branches(parent: Branch, rule: str) -> list[Branch]:
    return [c for c in parent.children if not isinstance(c, Token) and c.data == rule]


def _tokens(parent: Branch) -> list[Token]:
    return [child for child in parent.children if isinstance(child, Token)]


def _range(start: int, text: str) -> tree.Range:
    low, _, high = text.partition("..")
    end = start + len(text)
    return tree.Range(start, end, _bound(start, low), _bound(end - len(high), high))


def _bound(start: int, text: str) -> tree.Quantity | tree.Edge:
    if text == "start":
        return tree.Edge(start, start + len(text), "start")
    if text == "end":
        return tree.Edge(start, start + len(text), "end")
    return _quantity(start, text)


def _quantity(start: int, text: str) -> tree.Quantity:
    match = _NUMBER.fullmatch(text)
    assert match is not None, text
    return tree.Quantity(start, start + len(text), float(match[1]), match[2], text)


def _whole(digits: str) -> int:
    # int() of thousands of digits is refused by Python; no picture is that large.
    return int(digits[:9])
