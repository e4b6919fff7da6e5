"""`ease-in-out` after a keyframe, `ease=in-out` in an option -> the way of easing that it means."""

from __future__ import annotations

from collections.abc import Mapping

from ...story import Ease
from ..diagnostics.findings import Findings, did_you_mean
from ..syntax import tree

# As a word after the key, or as the value of `ease=`.
EASES: Mapping[str, Ease] = {
    "linear": "linear",
    "ease-in": "in",
    "ease-out": "out",
    "ease-in-out": "in-out",
    "in": "in",
    "out": "out",
    "in-out": "in-out",
    "ease": "in-out",
}
_FULL_NAMES = ("linear", "ease-in", "ease-out", "ease-in-out")


def resolve_ease(value: tree.Value, findings: Findings) -> Ease | None:
    """Return the way of easing that a value names, or None with the reason reported."""
    word = value.text if isinstance(value, tree.Word) else ""
    if word in EASES:
        return EASES[word]
    help = did_you_mean(word, _FULL_NAMES) or f"one of {', '.join(_FULL_NAMES)}"
    findings.error("133", value, "this is no way of easing", help)
    return None
