"""Dialogue -> whether it is only heard, its words without marks, and how long they take to say.

The checker and the director both ask, so both get one answer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .story import Dialogue, Scene, Shot

# What a viewer can read while it is said; published subtitles keep to 12 to 17.
CHARACTERS_PER_S = 15.0
# Shorter than this no line can be read, and between two lines whoever speaks next takes a breath.
LEAST_LINE_S = 1.0
BREATH_S = 0.375
# What a writer can do where there are more words than time.
SAY_LESS = "say less or make it longer"

# Speakers by name whom nobody sees.
_NARRATORS = frozenset("narrator narration announcer storyteller".split())
_VOICE = re.compile(r"\bvoices?(?:[ -]over)?$|^voices?\b", re.IGNORECASE)
# Cues that name no single speaker, and what stands between the names of several.
_EVERYBODY = frozenset("BOTH ALL EVERYONE EVERYBODY TOGETHER OTHERS".split())
_AND = re.compile(r"\s+(?:AND|&)\s+|\s*(?:(?<!\d)/|/(?!\d)|[,&+])\s*")
_MARKS_BEFORE = re.compile(r"^[\s\-–—_\"'“‘*~.¢]+(?=[^\W\d_])")
# The stop of `JR.` is the name's own.
_MARKS_AFTER = re.compile(r"(?:(?<=[^\W_])[\s\-–—_\"'”’*~:¢]+|(?<=[^\W\d_]{4})\.[\s:\-.]*)$")
# Extensions as they are spelt without stops, hyphens and spaces.
_UNSEEN = frozenset(
    (
        "VO OS OC OFF VOICEOVER OFFSCREEN OFFCAMERA OFFSTAGE PRELAP PRELAPPED PRELAPPING "
        "NARRATING NARRATION UNSEEN"
    ).split()
)
_OFF_SCREEN = frozenset({"OS", "OC", "OFF", "OFFSCREEN", "OFFCAMERA", "OFFSTAGE"})
# Words that say it beside others: "V.O. on tape".
_UNSEEN_BESIDE = frozenset({"VO", "VOICEOVER", "PRELAP"})
_DEVICES = (
    "RADIO|WALKIE|WALKIE-TALKIE|TV|TELEVISION|INTERCOM|SPEAKER|LOUDSPEAKER|SPEAKERPHONE|TANNOY|"
    "MACHINE|TAPE|RECORDING|VOICEMAIL|EARPIECE|HEADSET"
)
# Who is "on the phone" holds one; who is heard through it is somewhere else.
_THROUGH = re.compile(
    rf"\b(?:ON|OVER|THROUGH|VIA|FROM|BY)\s+(?:[\w'’]+\s+)*(?:{_DEVICES})\b"
    r"|\b(?:OVER|THROUGH|VIA|FROM)\s+(?:[\w'’]+\s+)*(?:PHONE|TELEPHONE|CELLPHONE|DOOR|WALL)\b"
)
_GOES_ON = re.compile(r"\bCON(?:T['’]?D|TINUED|TINUING|T)\b")
_SEPARATORS = re.compile(r"[,;/&+]|\bAND\b")

_ESCAPED = re.compile(r"\\([*_\\])")
_EMPHASIS = (
    re.compile(r"(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*])\1"),
    re.compile(r"(?<!\w)(_)(?=[^\s_])(.+?)(?<=[^\s_])_(?!\w)"),
)
# Stand for marks that were written with a backslash, while the others are taken away.
_KEPT = {"*": "\ue000", "_": "\ue001", "\\": "\ue002"}


def is_voice(dialogue: Dialogue) -> bool:
    """Say whether whoever says something is heard only."""
    return is_heard_only(dialogue.speaker, dialogue.extension)


def is_heard_only(speaker: str, extension: str) -> bool:
    """Say whether a cue is a voice: V.O., O.S., on the radio, or a voice or narrator by name."""
    return is_narrator(speaker) or is_unseen(extension)


@lru_cache(maxsize=1000)  # of every cue, for every shot
def is_narrator(speaker: str) -> bool:
    """Say whether a speaker is by name one whom nobody sees."""
    return speaker.lower() in _NARRATORS or _VOICE.search(speaker) is not None


def is_everybody(speaker: str) -> bool:
    """Say whether a cue names nobody, and means all who are there: `BOTH`, `ALL`."""
    return speaker.upper() in _EVERYBODY


@lru_cache(maxsize=1000)  # of every cue, for every shot
def names_of_cue(speaker: str) -> tuple[str, ...]:
    """Return the names in a cue: two in `EDGAR AND WILL` and `EDGAR/WILL`, if these are names.

    Marks about a name are none of it, as a badly scanned page has them: `-EDGAR`, `EDGAR.`.
    """
    return tuple(name for part in _AND.split(speaker) if (name := _without_marks(part.strip())))


def _without_marks(name: str) -> str:
    plain = _MARKS_AFTER.sub("", _MARKS_BEFORE.sub("", name))
    return plain if re.search(r"\w", plain) else name


def is_off_screen(extension: str) -> bool:
    """Say whether an extension puts whoever speaks beside the picture, and not into a recording."""
    words = re.findall(r"[\w-]+", extension.upper().replace(".", ""))
    return bool(_OFF_SCREEN & {word.replace("-", "") for word in words})


@lru_cache(maxsize=1000)  # of every cue, for every shot
def is_unseen(extension: str) -> bool:
    """Say whether an extension, or several, keep whoever speaks out of the picture."""
    plain = extension.upper().replace(".", "")
    if _THROUGH.search(plain):
        return True
    for part in (plain, *_SEPARATORS.split(plain)):
        words = re.findall(r"[\w'’-]+", _GOES_ON.sub(" ", part))
        compact = "".join(words).replace("-", "")
        if compact in _UNSEEN or _UNSEEN_BESIDE & {word.replace("-", "") for word in words}:
            return True
    return False


@lru_cache(maxsize=10_000)  # of every line, for every shot
def spoken_words(text: str) -> str:
    """Return a line as it is said and read: without emphasis, `*` and `_` where they are meant."""
    text = _ESCAPED.sub(lambda found: _KEPT[found[1]], text)
    for mark in _EMPHASIS:
        before = ""
        while before != text:  # one emphasis within another
            before, text = text, mark.sub(r"\2", text)
    for written, stands_for in _KEPT.items():
        text = text.replace(stands_for, written)
    return text.strip()


def saying_s(text: str, characters_per_s: float = CHARACTERS_PER_S) -> float:
    """Return how long it takes to say some words so that they can be read."""
    return max(LEAST_LINE_S, len(text) / characters_per_s) if text else 0.0


def spoken_together(dialogues: Sequence[Dialogue]) -> Iterator[tuple[Dialogue, ...]]:
    """Yield dialogues that say something in order, those that are spoken at once together."""
    together: list[Dialogue] = []
    for dialogue in dialogues:
        if not spoken_words(dialogue.text):
            continue
        if together and not dialogue.dual:
            yield tuple(together)
            together = []
        together.append(dialogue)
    if together:
        yield tuple(together)


def line_s(dialogue: Dialogue, characters_per_s: float = CHARACTERS_PER_S) -> float:
    """Return how long a line is on the screen: as long as it was said, but long enough to read."""
    if dialogue.spoken_s is not None:
        return max(LEAST_LINE_S, dialogue.spoken_s)
    return saying_s(spoken_words(dialogue.text), characters_per_s)


def talk_s(dialogues: Sequence[Dialogue], characters_per_s: float = CHARACTERS_PER_S) -> float:
    """Return when some dialogues are over, with a breath between one and the next."""
    end_s = over_s = 0.0
    for number, together in enumerate(spoken_together(dialogues)):
        stated = (d.start_s for d in together if d.start_s is not None)
        start_s = next(stated, end_s + BREATH_S * (number > 0))
        end_s = start_s + max(line_s(d, characters_per_s) for d in together)
        over_s = max(over_s, end_s)
    return over_s


@dataclass(frozen=True, slots=True)
class LackOfTime:
    """A scene or shot that is shorter than what is said in it; `dialogue` is the first too many."""

    dialogue: Dialogue
    needed_s: float
    length_s: float
    what: str

    @property
    def message(self) -> str:
        return (
            f"saying this takes {self.needed_s:.1f}s of a {self.length_s:g}s {self.what}: "
            f"{self.needed_s - self.length_s:.1f}s too few"
        )


def lacking_time(scene: Scene) -> Iterator[LackOfTime]:
    """Yield where a scene, or a shot of it, has a length that its talk does not fit into."""
    rate = scene.speech.value if scene.speech else CHARACTERS_PER_S
    pinned: list[tuple[Scene | Shot, str]] = [(scene, "scene")]
    pinned += [(shot, "shot") for shot in scene.shots]
    for part, what in pinned:
        if part.duration_s is None:
            continue
        length_s = part.duration_s.value
        said = [element for element in part.elements if isinstance(element, Dialogue)]
        if isinstance(part, Shot):  # whose own time is not the scene's
            said = [replace(dialogue, start_s=None) for dialogue in said]
        needed_s = talk_s(said, rate)
        if needed_s > length_s:
            yield LackOfTime(_first_over(said, rate, length_s), needed_s, length_s, what)


def _first_over(said: Sequence[Dialogue], rate: float, length_s: float) -> Dialogue:
    """Return the line with which some talk gets longer than there is time."""
    return said[
        bisect_left(range(len(said)), True, key=lambda i: talk_s(said[: i + 1], rate) > length_s)
    ]
