"""Source text -> syntax tree, with every syntax error of the file found in one run.

The file is parsed a stretch at a time (stretches begin at headings, sections and directives after
an empty line), so that an error costs a second parse of its own neighbourhood only. On an error
the bad statement is overwritten with blanks, which moves no offset, and the stretch is parsed
again; lark's own recovery reports fifteen errors for two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from lark import Lark, Token, UnexpectedInput

from . import tree
from .blanking import without_comments
from .build import Branch, TreeBuilder
from .findings import Findings
from .recovery import explain
from .source import BLANK, Source

MAX_SYNTAX_ERRORS = 20

_STRETCH = re.compile(
    r"\n[ \t\x1f]*\n(?=[ \t\x1f]*(?:@[a-z]|#|\.\w|(?:INT|EXT|EST|I/E)[. /]))", re.IGNORECASE
)


@cache
def parser() -> Lark:
    """Return the parser, built at the first call (0.1 s)."""
    return Lark(
        files(__package__).joinpath("story.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        start=["story", "stretch"],
        maybe_placeholders=False,
        lexer_callbacks={"CUE": _cue_or_text},
    )


def _cue_or_text(token: Token) -> Token:
    """Keep a cue only where the speaker is in capitals, in whatever script."""
    speaker = token.partition("(")[0]
    return token if speaker.isupper() else token.update(type="TEXT")


def parse_syntax(source: Source, findings: Findings) -> tree.SyntaxTree:
    """Parse a whole file; what could not be parsed is reported in `findings` and left out."""
    text = without_comments(source.text, findings)
    title_page: list[tree.TitleLine] = []
    items: list[tree.Item] = []
    budget = MAX_SYNTAX_ERRORS
    for start, end in _stretches(text):
        parsed, errors = _parse_stretch(text[start:end], start, budget, findings)
        budget -= errors
        if parsed is None:
            findings.error(
                "000",
                tree.Node(start, start),
                f"more than {MAX_SYNTAX_ERRORS} syntax errors; the rest of the file was not read",
                "mend the first ones and check again",
            )
            break
        builder = TreeBuilder(start)
        title_page += builder.title_page(parsed)
        items += builder.items(parsed)
    return tree.SyntaxTree(tuple(title_page), tuple(items))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for boundary in _STRETCH.finditer(text):
        yield start, boundary.end()
        start = boundary.end()
    yield start, len(text)


def _parse_stretch(
    text: str, offset: int, budget: int, findings: Findings
) -> tuple[Branch | None, int]:
    """Return the parse tree and the number of errors; None for a tree beyond the budget."""
    text = text.rstrip(f" \t\n{BLANK}") + "\n\n"
    errors = 0
    while True:
        try:
            return parser().parse(text, start="stretch" if offset else "story"), errors
        except UnexpectedInput as unexpected:
            if errors == budget:
                return None, errors
            errors += 1
            fault = explain(unexpected, text)
            place = tree.Node(offset + fault.start, offset + fault.end)
            findings.error(fault.number, place, fault.message, fault.help)
            blank = BLANK * (fault.blank_end - fault.blank_start)
            text = text[: fault.blank_start] + blank + text[fault.blank_end :]
