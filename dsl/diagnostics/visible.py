"""Any text -> the same text as a terminal shows it: what it would obey stands there as an escape.

A story is untrusted, and so are the names of its files. Control characters could clear the screen
or make a link, bidirectional controls could turn a line around, and half a surrogate (a byte of a
file's name that is no UTF-8) cannot be written at all.
"""

from __future__ import annotations

import unicodedata

_OBEYED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Joiners are harmless: emoji, Persian and Indian scripts need them. Lines and tabs are layout.
_LEFT = frozenset("\n\t\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
# Python keeps a byte that is no UTF-8 as one of these halves of surrogates (PEP 383).
_FIRST_BYTE, _LAST_BYTE, _BYTE = 0xDC80, 0xDCFF, 0xDC00


def visible(text: str) -> str:
    r"""Return text in which every character that a terminal would obey is an escape like `\x1b`."""
    if text.isprintable():
        return text
    return "".join(_escaped(char) if _is_obeyed(char) else char for char in text)


def _is_obeyed(char: str) -> bool:
    return char not in _LEFT and unicodedata.category(char) in _OBEYED


def _escaped(char: str) -> str:
    code = ord(char)
    if _FIRST_BYTE <= code <= _LAST_BYTE:
        code -= _BYTE
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
