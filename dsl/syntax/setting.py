"""How headings begin, in the forms that the trade uses -> one pattern for grammar and resolver.

`INT.`, `EXT.`, `EST.`; both at once as `INT./EXT.`, `INT. / EXT.`, `I/E`; `INT - X`; the full-width
letters of a Japanese keyboard; and the headings of Ukrainian, Russian and Greek scripts.
"""

from __future__ import annotations

import re

_BOTH = r"(?:INT|EXT|I|E)\.?[ \t]*/[ \t]*(?:INT|EXT|I|E)(?:\.|(?=[ \t]))"
_ONE = r"(?:INT|EXT|EST)(?:\.|(?=[ \t]))"
_WIDE = r"(?:INT|EXT|EST|ＩＮＴ|ＥＸＴ|ＥＳＴ)[．。]"
_CYRILLIC = r"(?:ІНТ|ИНТ|НАТ|ЕКСТ|ЭКСТ)\."
_GREEK = r"(?:ΕΣΩΤ|ΕΞΩΤ|ΕΣ|ΕΞ)\."

SETTING = f"(?:{_BOTH}|{_ONE}|{_WIDE}|{_CYRILLIC}|{_GREEK})"
NOTE = r"\[\[(?>(?:[^\]\n]|\](?!\]))*)\]\]"
# What may stand before it: notes, and the scene's number as printed scripts have it.
BEFORE = rf"(?>(?:{NOTE}[ \t]*+)*)(?:\d+[A-Z]?\.?[ \t]++)?"

_INSIDE, _OUTSIDE = (
    re.compile(r"I|ІНТ|ИНТ|ＩＮＴ|ΕΣ"),
    re.compile(r"EXT|E(?!ST)|НАТ|ЕКСТ|ЭКСТ|ＥＸＴ|ΕΞ"),
)


def setting_of(words: str) -> str:
    """Return INT, EXT, EST or INT/EXT for the words that begin a heading."""
    words = words.upper()
    if "/" in words:
        return "INT/EXT"
    if _INSIDE.match(words):
        return "INT"
    return "EXT" if _OUTSIDE.match(words) else "EST"
