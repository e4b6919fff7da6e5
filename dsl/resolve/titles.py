"""Title page -> its entries, and the strictness and the frame rate that they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...story import TitleEntry, picture_size
from ..diagnostics.findings import Findings, closest
from ..directives.scalars import LARGEST_SEED
from ..schema import TITLE_KEYS
from ..syntax import tree

_YES = ("yes", "true", "on", "1")
_NO = ("no", "false", "off", "0", "")
_SLOWEST_FPS, _FASTEST_FPS = 1.0, 240.0


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The entries, and the two that change how a story is checked; `fps` None where not given."""

    entries: tuple[TitleEntry, ...]
    strict: bool
    fps: float | None


def resolve_title_page(lines: tuple[tree.TitleLine, ...], findings: Findings) -> TitlePage:
    """Return the title page; odd keys and values are reported."""
    strict = False
    entries = []
    fps: float | None = None
    for line in lines:
        value = " ".join(line.value.text.split())
        span = findings.source.span(line.start, line.end)
        entries.append(TitleEntry(line.key.text, value, span))
        _check_key(line, findings)
        match line.key.text.casefold():
            case "fps":
                fps = _fps(line, value, findings) or fps
            case "resolution":
                _check_resolution(line, value, findings)
            case "seed":
                if not re.fullmatch(r"\d{1,10}", value) or int(value) > LARGEST_SEED:
                    message = f'Seed is a whole number in 0..{LARGEST_SEED}, not "{value}"'
                    findings.error("163", line.key, message)
            case "strict":
                strict = value.casefold() in _YES
                if value.casefold() not in _YES + _NO:
                    findings.error("164", line.key, f'Strict is yes or no, not "{value}"')
    return TitlePage(tuple(entries), strict, fps)


def _check_key(line: tree.TitleLine, findings: Findings) -> None:
    key = line.key.text
    if key.casefold() in {known.casefold() for known in TITLE_KEYS}:
        return
    meant = closest(key, TITLE_KEYS)
    help = f"did you mean {meant}?" if meant else "if this is prose, leave an empty line above it"
    findings.warning("011", line.key, f'nothing reads the title key "{key}"', help)


def _fps(line: tree.TitleLine, value: str, findings: Findings) -> float | None:
    if re.fullmatch(r"\d{1,3}(\.\d{1,6})?", value):
        fps = float(value)
        if _SLOWEST_FPS <= fps <= _FASTEST_FPS:
            return fps
    message = f'FPS is a number of frames a second in 1..240, not "{value}"'
    findings.error("162", line.key, message, "FPS: 8")
    return None


def _check_resolution(line: tree.TitleLine, value: str, findings: Findings) -> None:
    if picture_size(value) is None:
        message = f'Resolution is width x height in pixels, even and in 16..8192, not "{value}"'
        findings.error("161", line.key, message, "Resolution: 720x480")
