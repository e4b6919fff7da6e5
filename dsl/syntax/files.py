"""The path or bytes of a text file -> its text, or one clear error."""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from ...errors import InputError

LARGEST_STORY_BYTES = 4 * 1024 * 1024

_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# Encodings of text; Python knows others, which are ciphers or run for minutes.
_KNOWN_ENCODING = re.compile(
    r"UTF-8|UTF-16|US-ASCII|ISO-8859-\d+|(?:windows-|cp)125\d|macintosh|KOI8-[RU]|Shift_JIS"
    r"|EUC-(?:JP|KR)|GB(?:2312|K|18030)|Big5",
    re.IGNORECASE,
)


def shown_path(path: Path) -> str:
    """Return a path as text for people and for files of text.

    A file's name is bytes, which need not be UTF-8; those that are not become replacement
    characters, since neither JSON nor HTML nor a terminal could hold them.
    """
    return os.fsencode(path).decode("utf-8", "replace")


def read_story_text(path: Path) -> str:
    """Read a text file as it stands, with its line ends and its byte order mark.

    Raises:
        InputError: the file is missing, unreadable, too large or no text.
    """
    return decode_story(_read(path), shown_path(path))


def read_xml_text(path: Path) -> str:
    """Read an XML file as it stands, in the encoding that it is written in.

    Raises:
        InputError: the file is missing, unreadable, too large or no text.
    """
    return decode_xml(_read(path), shown_path(path))


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{shown_path(path)} is a folder; name a .story file in it")
        size = path.stat().st_size
        if size > LARGEST_STORY_BYTES:
            raise _too_large(shown_path(path), size)
        with path.open("rb") as file:  # a pipe has no size, and a device no end
            return file.read(LARGEST_STORY_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"there is no story at {shown_path(path)}") from None
    except OSError as problem:
        raise InputError(f"{shown_path(path)} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:  # a NUL within the path
        raise InputError(f"{str(path)!r} is no path: {problem}") from problem


def decode_story(data: bytes, name: str) -> str:
    """Return the text of a file's bytes; `name` is what its user calls it.

    Raises:
        InputError: they are too many or no text.
    """
    if len(data) > LARGEST_STORY_BYTES:
        raise _too_large(name, len(data))
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise InputError(f"{name} is UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise InputError(f"{name} is no text: it holds NUL bytes; a story is UTF-8 text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise InputError(
            f"{name} is not UTF-8: byte {problem.start} on line {line}; save it as UTF-8"
        ) from problem


def decode_xml(data: bytes, name: str) -> str:
    """Return the text of an XML file's bytes, which may declare an encoding.

    What reads as UTF-8 is UTF-8, whatever it declares: no text of another encoding that has
    letters beyond ASCII does by chance.

    Raises:
        InputError: they are too many, or no text in UTF-8, UTF-16 or the encoding they declare.
    """
    if len(data) > LARGEST_STORY_BYTES:
        raise _too_large(name, len(data))
    declared = _DECLARED.match(data)
    encoding = declared[1].decode("ascii") if declared else "UTF-8"
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding = "UTF-16"
    for candidate in ("UTF-8", encoding):
        if _KNOWN_ENCODING.fullmatch(candidate):
            try:
                return data.decode(candidate)
            except (UnicodeDecodeError, LookupError):
                continue
    raise InputError(f"{name} is no text in {encoding}, which it should be; save it as UTF-8")


def _too_large(name: str, size: int) -> InputError:
    most = f"at most {LARGEST_STORY_BYTES:,}"
    return InputError(f"{name} is too large for a story: {size:,} bytes, {most}")
