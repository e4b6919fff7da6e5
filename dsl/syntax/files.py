"""The path or bytes of a text file -> its text, or one clear error."""

from __future__ import annotations

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from ...errors import InputError

LARGEST_STORY_BYTES = 4 * 1024 * 1024


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
    try:
        if path.is_dir():
            raise InputError(f"{shown_path(path)} is a folder; name a .story file in it")
        size = path.stat().st_size
        if size > LARGEST_STORY_BYTES:
            raise _too_large(shown_path(path), size)
        with path.open("rb") as file:  # a pipe has no size, and a device no end
            data = file.read(LARGEST_STORY_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"there is no story at {shown_path(path)}") from None
    except OSError as problem:
        raise InputError(f"{shown_path(path)} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:  # a NUL within the path
        raise InputError(f"{str(path)!r} is no path: {problem}") from problem
    return decode_story(data, shown_path(path))


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


def _too_large(name: str, size: int) -> InputError:
    most = f"at most {LARGEST_STORY_BYTES:,}"
    return InputError(f"{name} is too large for a story: {size:,} bytes, {most}")
