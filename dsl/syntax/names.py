"""The characters of a name, in any script, and the form in which two names are compared.

A name is compared without case and without regard to what joins its words, so that
`identity.OLD_MAN` means `@character OLD MAN` and `MR. FOX` is `MR FOX`. Scripts write vowels and
accents as marks on a letter, which `\\w` leaves out; here they belong to the word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain

from . import tree

# What may stand within a name: `GUARD 2` has a number, `"AGENT #7"` is quoted.
NamePart = tree.Word | tree.Quoted | tree.Quantity

# Where Unicode has its combining marks, by blocks; the joiners of letters are none and stand alone.
_MARKED_BLOCKS = (
    (0x300, 0x3100),
    (0xA660, 0xAC00),
    (0xFB00, 0xFE30),
    (0x10100, 0x11F60),
    (0x13400, 0x13460),
    (0x16A00, 0x17000),
    (0x1BC00, 0x1E950),
    (0xE0100, 0xE01F0),
)
_JOINERS = "\u200c\u200d"
_ASCII_JOINTS = re.compile(r"[^A-Z0-9]+")


@cache
def marks() -> str:
    """Return what belongs to a word beside letters and digits, for the inside of a `[...]`."""
    found = [_JOINERS]
    start: int | None = None
    for code in chain.from_iterable(range(a, b + 1) for a, b in _MARKED_BLOCKS):
        if unicodedata.category(chr(code)) in ("Mn", "Mc"):
            start = code if start is None else start
        elif start is not None:
            found.append(chr(start) if start == code - 1 else f"{chr(start)}-{chr(code - 1)}")
            start = None
    return "".join(found)


@cache
def _joints() -> re.Pattern[str]:
    return re.compile(rf"(?:[^\w{marks()}]|_)+")


@cache
def _capitals() -> re.Pattern[str]:
    mark = f"[{marks()}]*+"
    return re.compile(rf"(?:[^\W\d_a-z]{mark}){{2,}}(?:[ '’-](?:[^\W_a-z]{mark})+)*")


def name_key(name: str) -> str:
    """Return the form of a name by which it is compared."""
    if name.isascii():
        return _ASCII_JOINTS.sub("-", name.upper()).strip("-")
    return _joints().sub("-", unicodedata.normalize("NFC", name).upper()).strip("-")


def capitals_in(text: str) -> list[str]:
    """Return the names in capitals of a piece of action, as Fountain introduces them."""
    return [match[0] for match in _capitals().finditer(text) if match[0].isupper()]


def name_of(parts: Sequence[NamePart]) -> tuple[str, tree.Node] | None:
    """Return the name that some parts make, and its place; None if they make none."""
    name = " ".join(" ".join(part.text for part in parts).split())
    if not name_key(name):
        return None
    return name, tree.Node(parts[0].start, parts[-1].end)


def head_name(args: tree.Args) -> tuple[str, tree.Node] | None:
    """Return the name that the words of a head make, and its place; None if there is none."""
    return name_of([arg for arg in args.flat if isinstance(arg, NamePart)])


def declaration(name: str) -> str:
    """Return the line that declares a name, for a help; in quotes where the bare name is none."""
    capitals = name.upper()
    is_plain = re.fullmatch(rf"[\w{marks()}][\w{marks()} .#'’-]*", capitals)
    head = capitals if is_plain else '"' + capitals.replace("\\", "").replace('"', "") + '"'
    return f"declare it: @character {head}: what {capitals} looks like"
