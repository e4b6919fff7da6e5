"""The nodes of the syntax tree, which the parser builds and the resolver reads.

Places are offsets of the normalised text. No node knows a directive by its name, nor an entity:
what parses has the shape of the language, and may still be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..diagnostics.source import Node as Node


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A bare name such as `FOX`, `dolly-in` or `motion.FOX`."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted(Node):
    """A string, without its quotes and escapes."""

    text: str


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A number with its unit as written, or with an empty one; `text` is both as they stand."""

    number: float
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Edge(Node):
    """The word `start` or `end` where a time stands."""

    at: Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Range(Node):
    """Two times, `0s..end`."""

    low: Quantity | Edge
    high: Quantity | Edge


@dataclass(frozen=True, slots=True)
class Dimensions(Node):
    """Width and height, `720x480`."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ValueGroup(Node):
    """Values in parentheses."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pair(Node):
    """An option, `key=value`."""

    key: Word
    value: Value


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A comparison, `layout.FOX >= 0.5`."""

    name: Word
    comparison: Literal[">=", "<=", ">", "<", "=="]
    value: Value

    __test__ = False  # pytest takes every class of this name for a test


Value = Word | Quoted | Quantity | Range | Dimensions | ValueGroup
Arg = Value | Pair | Test
Time = Quantity | Range | Edge


@dataclass(frozen=True, slots=True)
class Args(Node):
    """Arguments in order, grouped by the commas between them."""

    groups: tuple[tuple[Arg, ...], ...]

    @property
    def flat(self) -> tuple[Arg, ...]:
        return tuple(arg for group in self.groups for arg in group)


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """One line of a block: a time it belongs to, its words, and a block of its own."""

    time: Time | None
    args: Args
    block: Block | None


@dataclass(frozen=True, slots=True)
class Block(Node):
    """Statements in braces."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Prose(Node):
    """What follows the colon of a directive."""

    text: str


@dataclass(frozen=True, slots=True)
class Directive(Node):
    """`@name args: prose { block }`; `name` is without the at sign."""

    name: Word
    args: Args
    prose: Prose | None
    block: Block | None


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A run of prose within a line, as it stands in the source."""

    text: str


@dataclass(frozen=True, slots=True)
class Note(Node):
    """`[[ ... ]]`, without the brackets."""

    text: str


@dataclass(frozen=True, slots=True)
class InlineTag(Node):
    """`{FOX, motion=walk, 0s..4s}` within prose."""

    args: Args


Part = Text | Note | InlineTag


@dataclass(frozen=True, slots=True)
class Paragraph(Node):
    """A paragraph of action: lines of parts."""

    lines: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class SpeechLine:
    """A line under a cue; a parenthetical or a lyric has one part of text."""

    kind: Literal["speech", "parenthetical", "lyric"]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Speech(Node):
    """A cue and the lines under it."""

    cue: Text
    lines: tuple[SpeechLine, ...]


@dataclass(frozen=True, slots=True)
class Line(Node):
    """A line that is an element by itself, as it stands in the source."""

    kind: Literal["heading", "section", "synopsis", "transition", "centered", "page-break", "lyric"]
    text: str


@dataclass(frozen=True, slots=True)
class TitleLine(Node):
    """An entry of the title page, its value possibly over several lines."""

    key: Word
    value: Text


Item = Line | Paragraph | Speech | Directive


@dataclass(frozen=True, slots=True)
class SyntaxTree:
    """A whole file."""

    title_page: tuple[TitleLine, ...]
    items: tuple[Item, ...]
