"""The bytes of an editor -> lines and bodies of messages, none larger than a message may be.

The protocol says before each message how long it is, and who reads it reserves as much memory.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from ...errors import InputError
from ..syntax.files import LARGEST_STORY_BYTES

# A story as JSON takes six bytes for a byte at worst; what stands around it is little.
LARGEST_MESSAGE_BYTES = 8 * LARGEST_STORY_BYTES
_LONGEST_HEADER_BYTES = 4096
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


class BoundedInput:
    """Reads headers by lines and bodies by lengths from `source`, as pygls does."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readline(self) -> bytes:
        """Return the next line of a header, with its end.

        Raises:
            InputError: it is too long, or announces a message that is too large.
        """
        line = self._source.readline(_LONGEST_HEADER_BYTES + 1)
        if len(line) > _LONGEST_HEADER_BYTES:
            raise InputError(
                f"the editor sent a header of more than {_LONGEST_HEADER_BYTES:,} bytes; "
                "on standard input dreamrunner lsp reads the language server protocol"
            )
        length = _LENGTH.match(line)
        if length is not None:
            _refuse_too_large(length[1].lstrip(b"0"))
        return line

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes, fewer where the input ends before.

        Raises:
            InputError: they are more than a message may have.
        """
        _refuse_too_large(b"%d" % count)
        return self._source.read(count)


def _refuse_too_large(digits: bytes) -> None:
    """Refuse a number of bytes that is too large; Python reads none of thousands of digits."""
    most = len(str(LARGEST_MESSAGE_BYTES))
    if len(digits) > most or int(digits or b"0") > LARGEST_MESSAGE_BYTES:
        shown = digits[:20].decode("ascii") + ("..." if len(digits) > 20 else "")
        raise InputError(
            f"the editor announced a message of {shown} bytes; "
            f"{LARGEST_MESSAGE_BYTES:,} are the most that is read"
        )
