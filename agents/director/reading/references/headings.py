"""A scene's heading -> who it says is in the picture: "INT. BATH - CLOSE ON TED"."""

from __future__ import annotations

import re

from ..glossary import Glossary
from ..tokens import tokens

_PARTED = re.compile(r"\s+[-–—]+\s*|\s*--+\s*")
# What stands before a name in the part of a heading that frames somebody.
_FRAMING = frozenset(
    "with on angle angles close closer closeup shot back to resume resuming favoring favouring up "
    "tight medium med full long extreme two-shot view of .".split()
)


def named_in_heading(heading: str, glossary: Glossary | None) -> str | None:
    """Return who a heading names as a whole, or a speaker whom a part of it frames."""
    if glossary is None:
        return None
    whole = tuple(word.lower() for word in tokens(heading))
    if whole in glossary.names:
        return glossary.names[whole]
    for part in _PARTED.split(heading)[1:]:
        words = [word.lower() for word in tokens(part)]
        while words and words[0] in _FRAMING:
            del words[0]
        named = glossary.names.get(tuple(words))
        if named in glossary.lasting:
            return named
    return None
