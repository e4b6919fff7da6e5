"""Source text -> syntax tree, with every syntax error of the file found in one run.

The file is parsed a stretch at a time (stretches begin at headings, sections and directives after
an empty line), so that an error costs a second parse of its own neighbourhood only. On an error
the bad statement is overwritten with blanks, which moves no offset, and the stretch is parsed
again; lark's own recovery reports fifteen errors for two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from lark import Lark, Token, UnexpectedInput

from ..diagnostics.findings import Findings
from ..diagnostics.source import BLANK, Source
from . import tree
from .build import Branch, TreeBuilder
from .comments import without_comments
from .names import marks
from .recovery import explain
from .setting import BEFORE, NOTE, SETTING

MAX_SYNTAX_ERRORS = 20
# No directive needs more than three; every level costs the parser and those who walk its trees.
DEEPEST_NESTING = 64

_STRETCH = re.compile(
    rf"\n[ \t\x1f]*\n(?=[ \t\x1f]*(?:@[a-z]|#|\.[^\W\d]|{BEFORE}{SETTING}))", re.IGNORECASE
)
# Small letters of the scripts that have them: a speaker's name has none.
_LOWER = "a-zß-öø-ÿа-џґ"
# An escaped sign is prose, and an empty line ends whatever prose left open.
_BRACKET = re.compile(r"\\.|\n(?:[ \t\x1f]*\n)?|^[ \t\x1f]*@[a-z]|[{}()]", re.MULTILINE)


@cache
def parser() -> Lark:
    """Return the parser, built at the first call (0.1 s)."""
    grammar = files(__package__).joinpath("story.lark").read_text(encoding="utf-8")
    return Lark(
        _with_patterns(grammar),
        parser="lalr",
        lexer="contextual",
        start=["story", "stretch"],
        maybe_placeholders=False,
        lexer_callbacks={"CUE": _cue_or_text},
    )


def _with_patterns(grammar: str) -> str:
    """Return the grammar with the patterns that other modules own in their places."""
    patterns = {"MARKS": marks(), "SETTING": SETTING.replace("/", r"\/"), "BEFORE": BEFORE,
                "NOTED": NOTE, "LOWER": _LOWER}  # fmt: skip
    rules, terminals = grammar.split("// ---- terminals of prose", 1)
    for name, pattern in patterns.items():
        # As a function: the pattern's own backslashes are no references to groups.
        terminals = re.sub(rf"(?<![A-Z_]){name}(?![A-Z_.])", partial(_as_it_is, pattern), terminals)
    return f"{rules}// ---- terminals of prose{terminals}"


def _as_it_is(pattern: str, _: re.Match[str]) -> str:
    return pattern


# "McCLANE" is in capitals, as far as such names go.
_CLAN = re.compile(r"\b(?:Mc|Mac|O['’]|Fitz)(?=[A-Z]{2})")
# What a script says to the camera on a line of its own is nobody, whatever follows it.
_SLUG = re.compile(
    r"(?:INSERT|CLOSE ?-?UP|CLOSER? ON|E?CU|MCU|BACK TO|INTERCUT|SERIES OF SHOTS|MONTAGE|FLASHBACK|"
    r"(?:(?:REVERSE|NEW|ANOTHER|WIDER?|CLOSER?|LOW|HIGH|OVERHEAD|SIDE) )?ANGLE|"
    r"(?:WIDER?|CLOSER?|LONG|FULL|TIGHT|TWO|MED\.?|MEDIUM|ESTABLISHING|TRACKING) SHOT|"
    r"CAMERA(?!['’]S| (?:MAN|WOMAN|OPERATOR|CREW|GUY|GIRL|ASSISTANT|TEAM|VOICE))|"
    r"(?:\d+[A-Z]? )?\(?CONTINUED|(?:MOMENTS? |MINUTES |HOURS |MUCH )?LATER)\b"
    r"|[^\n]*\bP\.?O\.?V\b|[^\n]*\b(?:CUT|DISSOLVE|FADE|WIPE)S? TO:?\s*$"
    r"|(?:ON|IN|INSIDE|AT|THROUGH|BEHIND|FROM|UNDER) (?:THE|A|HIS|HER|THEIR)\b"
)


def _cue_or_text(token: Token) -> Token:
    """Keep a cue only where the speaker is in capitals, in whatever script, and no camera's."""
    speaker = _CLAN.sub(lambda prefix: prefix[0].upper(), token.partition("(")[0])
    is_cue = speaker.isupper() and not _SLUG.match(speaker)
    return token if is_cue else token.update(type="TEXT")


def parse_syntax(source: Source, findings: Findings) -> tree.SyntaxTree:
    """Parse a whole file; what could not be parsed is reported in `findings` and left out."""
    text = without_comments(source.text, findings)
    title_page: list[tree.TitleLine] = []
    items: list[tree.Item] = []
    budget = MAX_SYNTAX_ERRORS
    for start, end in _stretches(text):
        stretch = _shallow(text[start:end], start, findings)
        parsed, errors = _parse_stretch(stretch, start, budget, findings)
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


@dataclass(frozen=True, slots=True)
class SourceRange:
    """What the parser reads at once: from `start` to `end` of the text.

    Every token is there, the line ends too; its `start_pos` counts from `start`, and the last one
    may reach past `end`.
    """

    start: int
    end: int
    tokens: tuple[Token, ...]


def read_tokens(text: str) -> Iterator[SourceRange]:
    """Yield the tokens of a text, given as `without_comments` leaves it.

    Raises:
        UnexpectedInput: the text has a syntax error; `parse_syntax` says which.
    """
    for start, end in _stretches(text):
        reading = parser().parse_interactive(_padded(text[start:end]), start=_rule(start))
        tokens = tuple(reading.iter_parse())
        reading.feed_eof()  # type: ignore[no-untyped-call]  # lark leaves it without types
        yield SourceRange(start, end, tokens)


def is_too_deep(text: str) -> bool:
    """Say whether braces and brackets of a text stand deeper in one another than is read."""
    return any(_too_deep(text[start:end]) is not None for start, end in _stretches(text))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for boundary in _STRETCH.finditer(text):
        yield start, boundary.end()
        start = boundary.end()
    yield start, len(text)


def _shallow(text: str, offset: int, findings: Findings) -> str:
    """Return a stretch blanked from where its braces and brackets stand too deep in one another."""
    at = _too_deep(text)
    if at is None:
        return text
    place = tree.Node(offset + at, offset + at + 1)
    message = f"braces and brackets stand more than {DEEPEST_NESTING} deep here"
    findings.error("009", place, message, "close some of them; none needs more than three")
    return text[:at] + BLANK * (len(text) - at)


def _too_deep(text: str) -> int | None:
    """Return where a stretch gets too deep; round brackets of prose are in nothing."""
    if text.count("{") + text.count("(") <= DEEPEST_NESTING:
        return None
    depth, in_directive = 0, False
    for bracket in _BRACKET.finditer(text):
        match bracket[0]:
            case "{":
                depth += 1
            case "(":
                depth += in_directive or depth > 0
            case "}" | ")":
                depth = max(0, depth - 1)
            case other if "@" in other:
                in_directive = True
            case "\n" if depth:
                pass  # a block goes on
            case other if "\n" in other:
                depth, in_directive = 0, False
        if depth > DEEPEST_NESTING:
            return bracket.start()
    return None


def _parse_stretch(
    text: str, offset: int, budget: int, findings: Findings
) -> tuple[Branch | None, int]:
    """Return the parse tree and the number of errors; None for a tree beyond the budget."""
    text = _padded(text)
    errors = 0
    while True:
        try:
            return parser().parse(text, start=_rule(offset)), errors
        except UnexpectedInput as unexpected:
            if errors == budget:
                return None, errors
            errors += 1
            fault = explain(unexpected, text)
            place = tree.Node(offset + fault.start, offset + fault.end)
            findings.error(fault.number, place, fault.message, fault.help)
            blank = BLANK * (fault.blank_end - fault.blank_start)
            text = text[: fault.blank_start] + blank + text[fault.blank_end :]


def _padded(text: str) -> str:
    """Return a stretch with the empty line that ends its last paragraph, and no more."""
    return text.rstrip(f" \t\n{BLANK}") + "\n\n"


def _rule(offset: int) -> str:
    """Return the grammar's rule for the stretch at an offset: only the first has a title page."""
    return "stretch" if offset else "story"


def scene_starts(text: str) -> Iterator[int]:
    """Yield where scenes begin: stretches whose first line is a heading.

    A scene that no empty line parts from what stands above it is not told apart.
    """
    for start, end in _stretches(text):
        if start and text[start:end].lstrip(f" \t{BLANK}")[:1] not in ("@", "#"):
            yield start
