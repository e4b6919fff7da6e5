"""`EXT. FROZEN RIVER - DAY #2#` -> setting, place, time and number."""

from __future__ import annotations

import re

from ...story import Heading
from ..diagnostics.findings import Findings
from ..syntax import tree
from ..syntax.setting import NOTE, SETTING, setting_of

_NUMBER = re.compile(r"#([^#\s][^#]*)#\s*$")
_SETTING = re.compile(rf"({SETTING})\s*(?:[-–—]\s+)?", re.IGNORECASE)
# A printed script's number stands before the heading, and often after it once more.
_PRINTED = re.compile(rf"(\d+[A-Z]?)\.?\s+(?={SETTING})", re.IGNORECASE)
_ASIDE = re.compile(NOTE)
_DASH = re.compile(r"\s+[-–—]+\s+|\s*[–—]\s*")
# Full-width signs of a Japanese keyboard, and its space and stop, as ASCII has them.
_NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0x3002: 0x2E}
# The last part of a heading is a time only if it says one; `HOUSE - KITCHEN` is a place.
_TIME_WORDS = frozenset(
    (
        "DAY DAYS DAYTIME DAYBREAK DAWN SUNRISE MORNING NOON MIDDAY AFTERNOON EVENING DUSK SUNSET "
        "TWILIGHT NIGHT NIGHTTIME NIGHTFALL MIDNIGHT LATER CONTINUOUS SAME MOMENT MOMENTS MINUTES "
        "HOURS WEEKS MONTHS YEARS MEANWHILE SPRING SUMMER AUTUMN WINTER "
        "ДЕНЬ РАНОК ВЕЧІР НІЧ УТРО ВЕЧЕР НОЧЬ ΜΕΡΑ ΗΜΕΡΑ ΠΡΩΙ ΜΕΣΗΜΕΡΙ ΑΠΟΓΕΥΜΑ ΒΡΑΔΥ ΝΥΧΤΑ "
        "日 昼 朝 夕 夕方 夜"
    ).split()
)
# What may stand beside a time word: "LATER THAT DAY", "THE NEXT MORNING", "DAY (1954)".
_BESIDE_TIME = frozenset(
    (
        "THE A AN THAT THIS SAME NEXT LAST FIRST FOLLOWING EARLY LATE PRE FEW SOME SEVERAL MANY "
        "ONE TWO THREE FOUR FIVE SIX SEVEN TEN OF IN AT ON TO FOR AND OR JUST BEFORE AFTER AGO "
        "PRESENT PAST TIME HOUR WEEK MONTH YEAR SECONDS FLASHBACK DREAM MAGIC GOLDEN DAY'S"
    ).split()
)


def resolve_heading(line: tree.Line, findings: Findings) -> Heading:
    """Return the parts of a heading; one that is probably prose is warned of."""
    text = " ".join(_ASIDE.sub(" ", line.text).translate(_NARROW).split())
    text, number = _numbered(text)
    setting = ""
    rest = text
    if text.startswith("."):
        rest = text[1:].strip()
        text = rest
        if rest[:1].isdigit():
            message = "a line that begins with a period is a heading"
            findings.warning("014", line, message, "begin with ! if this is action")
    elif match := _SETTING.match(text):
        setting = setting_of(match[1])
        rest = text[match.end() :]
    place, time = _place_and_time(rest)
    span = findings.source.span(line.start, line.end)
    return Heading(text, setting, place, time, number, span)


def _numbered(text: str) -> tuple[str, str | None]:
    """Return a heading without its number, and the number: `#2#`, or `12 ... 12` as printed."""
    marked = _NUMBER.search(text)
    if marked:
        text = text[: marked.start()].rstrip()
    printed = _PRINTED.match(text)
    if printed:
        text = text[printed.end() :].removesuffix(f" {printed[1]}").rstrip()
    number = marked or printed
    return text, number[1].strip() if number else None


def _place_and_time(rest: str) -> tuple[str, str]:
    parts = [part for part in _DASH.split(rest) if part.strip()]
    if len(parts) > 1 and _is_time(parts[-1]):
        return " - ".join(parts[:-1]).strip(), parts[-1].strip()
    return " - ".join(parts).strip(), ""


def _is_time(part: str) -> bool:
    """Say whether a part is a time and nothing else: `SUMMER KITCHEN` is a place."""
    words = set(re.findall(r"[^\W\d_]+(?:'\w+)?", part.upper()))
    return bool(words & _TIME_WORDS) and words <= _TIME_WORDS | _BESIDE_TIME
