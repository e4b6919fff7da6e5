"""`EXT. FROZEN RIVER - DAY #2#` -> setting, place, time and number."""

from __future__ import annotations

import re

from ...story import Heading
from ..diagnostics.findings import Findings
from ..syntax import tree

_NUMBER = re.compile(r"#([^#\s][^#]*)#\s*$")
_SETTING = re.compile(r"(INT\.?/EXT|EXT\.?/INT|INT|EXT|EST|I/E)(?:\.|(?=\s))\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\[\[[^\]]*\]\]")
_DASH = re.compile(r"\s+[-–—]+\s+|\s*[–—]\s*")
_BOTH = "INT/EXT"
# The last part of a heading is a time only if it says one; `HOUSE - KITCHEN` is a place.
_TIME_WORDS = frozenset(
    (
        "DAY DAYS DAYTIME DAYBREAK DAWN SUNRISE MORNING NOON MIDDAY AFTERNOON EVENING DUSK SUNSET "
        "TWILIGHT NIGHT NIGHTTIME NIGHTFALL MIDNIGHT LATER CONTINUOUS SAME MOMENT MOMENTS MINUTES "
        "HOURS WEEKS MONTHS YEARS MEANWHILE SPRING SUMMER AUTUMN WINTER"
    ).split()
)


def resolve_heading(line: tree.Line, findings: Findings) -> Heading:
    """Return the parts of a heading; one that is probably prose is warned of."""
    text = _ASIDE.sub("", line.text).strip()
    number = _NUMBER.search(text)
    if number:
        text = text[: number.start()].rstrip()
    setting = ""
    rest = text
    if text.startswith("."):
        rest = text[1:].strip()
        text = rest
        if rest[:1].isdigit():
            message = "a line that begins with a period is a heading"
            findings.warning("014", line, message, "begin with ! if this is action")
    elif match := _SETTING.match(text):
        setting = match[1].upper().replace(".", "")
        setting = _BOTH if "/" in setting else setting
        rest = text[match.end() :]
    place, time = _place_and_time(rest)
    span = findings.source.span(line.start, line.end)
    return Heading(text, setting, place, time, number[1].strip() if number else None, span)


def _place_and_time(rest: str) -> tuple[str, str]:
    parts = [part for part in _DASH.split(rest) if part.strip()]
    if len(parts) > 1 and _TIME_WORDS & set(re.findall(r"\w+", parts[-1].upper())):
        return " - ".join(parts[:-1]).strip(), parts[-1].strip()
    return " - ".join(parts).strip(), ""
