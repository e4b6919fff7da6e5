"""The title page of a Final Draft file <-> the keys and values of a story's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from ..schema import TITLE_KEYS
from ..syntax import tree
from . import script
from .fdx_paragraphs import FdxParagraph, ParagraphReader

_KEYED = re.compile(r"([A-Za-z][A-Za-z ]*): (.+)")
_BY = r"(?:(?:written|screenplay|teleplay|story|created|adapted)(?: (?:and|&) \w+)? )?by"
_CREDIT = re.compile(rf"{_BY}|screenplay|teleplay|story", re.IGNORECASE)
_CREDIT_AND_NAME = re.compile(rf"({_BY})[ :]+(\S.*)", re.IGNORECASE)
# What a line is that is no title, no credit and no author, by how it begins or what it names.
_KEYS = (
    ("Source", re.compile(r"(?:based (?:up)?on|adapted from|inspired by)\b.*", re.IGNORECASE)),
    ("Copyright", re.compile(r"(?:copyright\b|©|\(c\)).*", re.IGNORECASE)),
    ("Draft date", re.compile(r".*\b(?:draft|revised|revision)\b.*", re.IGNORECASE)),
)
_USUAL_CREDIT = "Written by"
_JOINED_BY = {"Title": " ", "Author": ", "}


def read_title_page(root: ET.Element, reader: ParagraphReader) -> list[tuple[str, str]]:
    """Return the entries of a file's title page; every line of it is in one of them."""
    content = root.find("TitlePage/Content")
    paragraphs = list(reader.paragraphs(content)) if content is not None else []
    keyed = [entry for paragraph in paragraphs if (entry := _keyed(paragraph))]
    values: dict[str, list[str]] = {}
    for key, value in _entries([p for p in paragraphs if not _keyed(p)]):
        values.setdefault(key, []).append(value)
    found = [(key, _JOINED_BY.get(key, "; ").join(values[key])) for key in values]
    return sorted(found, key=lambda entry: TITLE_KEYS.index(entry[0])) + keyed


def _keyed(paragraph: FdxParagraph) -> tuple[str, str] | None:
    """Return key and value of a line that an export of a story wrote."""
    entry = _KEYED.fullmatch(script.one_line(paragraph.text))
    return (entry[1], entry[2]) if entry and entry[1] in TITLE_KEYS else None


def _entries(paragraphs: Sequence[FdxParagraph]) -> Iterator[tuple[str, str]]:
    """Yield what the lines say: the title to the first empty line, then who wrote it, then more."""
    key, credits = "Title", 0
    is_empty = True  # nothing stands under the present key yet
    for paragraph in paragraphs:
        line = script.one_line(paragraph.text).strip("_*")
        if not line:
            key = key if is_empty else ""
            continue
        if credit := _CREDIT_AND_NAME.fullmatch(line):
            yield from _credited(credit[1], credits)
            yield "Author", credit[2]
            key, credits, is_empty = "", credits + 1, True
        elif _CREDIT.fullmatch(line):
            yield from _credited(line, credits)
            key, credits, is_empty = "Author", credits + 1, True
        elif known := next((k for k, pattern in _KEYS if pattern.fullmatch(line)), None):
            yield known, line
            key = ""
        else:
            yield key or ("Notes" if paragraph.is_centered else "Contact"), line
            is_empty = False


def _credited(credit: str, before: int) -> Iterator[tuple[str, str]]:
    """Yield a credit where it is not the usual one."""
    if before or credit.casefold() not in ("by", _USUAL_CREDIT.casefold()):
        yield "Credit", credit


def title_page_lines(entries: Sequence[tree.TitleLine]) -> list[str]:
    """Return the lines of a title page; what Final Draft has no place for keeps its key."""
    values = {entry.key.text.casefold(): script.one_line(entry.value.text) for entry in entries}
    lines = []
    for entry in entries:
        key, value = entry.key.text.casefold(), values[entry.key.text.casefold()]
        if key == "title":
            lines.append(value)
        elif key in ("author", "authors"):
            lines += values.get("credit") or _USUAL_CREDIT, value
        elif key != "credit" or not _CREDIT.fullmatch(value) or not _authors(values):
            lines.append(f"{entry.key.text}: {value}")
    return lines


def _authors(values: dict[str, str]) -> bool:
    return "author" in values or "authors" in values
