"""Dialogue -> lines in time: each as long as it takes to say, none longer than a clip.

A line that is longer than the engine's clip is said in pieces, one after the other, which end where
a sentence or a phrase does. All times are whole frames, so that a cut falls between two pieces.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ....plan import Capabilities, Subtitle
from ....speech import BREATH_S, CHARACTERS_PER_S, LEAST_LINE_S, spoken_together, spoken_words
from ....story import Action, Dialogue, Element, Scene
from ..reading.tokens import ends_abbreviated, sentence_ends
from ..reading.words.screen_words import is_card, title_of

# Whoever reads a title on the picture is not in it.
_READ = "V.O."
# How much nearer to the wished place a break seems after a sentence and after a phrase.
_AFTER_SENTENCE, _AFTER_PHRASE = 12, 6


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line or a piece of one, in seconds of its passage."""

    dialogue: Dialogue
    text: str
    start_s: float
    end_s: float

    def later(self, by_s: float) -> SpokenLine:
        return replace(self, start_s=self.start_s + by_s, end_s=self.end_s + by_s)

    def subtitle(self, start_s: float, end_s: float) -> Subtitle:
        """Return it as a subtitle of a shot that lasts between two times of the passage."""
        return Subtitle(
            speaker=self.dialogue.speaker,
            text=self.text,
            start_s=round(self.start_s - start_s, 6),
            end_s=round(min(self.end_s, end_s) - start_s, 6),
            span=self.dialogue.span,
            card=self.dialogue.card,
        )


@dataclass(frozen=True, slots=True)
class SpeakingTurn:
    """What is said in one breath: a piece of a line, or of lines that are spoken together.

    `piece` counts the pieces of the line from 0; after the last of them one takes a breath.
    `starts_s` is when the page lets the line begin, in seconds of the scene; None leaves that open.
    """

    said: tuple[tuple[Dialogue, str], ...]
    piece: int
    length_s: float
    breath_s: float
    starts_s: float | None = None

    def lines(self, start_s: float) -> tuple[SpokenLine, ...]:
        end_s = start_s + self.length_s
        return tuple(SpokenLine(who, text, start_s, end_s) for who, text in self.said)


def turns_of(
    dialogues: Sequence[Dialogue], scene: Scene, capabilities: Capabilities
) -> list[list[SpeakingTurn]]:
    """Return what is said in order, each line as its pieces."""
    rate = scene.speech.value if scene.speech else CHARACTERS_PER_S
    return [list(_pieces(together, rate, capabilities)) for together in spoken_together(dialogues)]


def _pieces(
    together: Sequence[Dialogue], rate: float, capabilities: Capabilities
) -> Iterator[SpeakingTurn]:
    breath_s = whole_frames_s(min(BREATH_S, capabilities.clip_s / 4), capabilities)
    room_s = capabilities.clip_s - breath_s
    parts = [_in_clips(dialogue, room_s, rate) for dialogue in together]
    paces = [
        _pace(d, sum(map(len, pieces)), rate) for d, pieces in zip(together, parts, strict=True)
    ]
    count = max(len(pieces) for pieces in parts)
    starts_s = next((d.start_s for d in together if d.start_s is not None), None)
    for index in range(count):
        said = tuple(
            (dialogue, pieces[index])
            for dialogue, pieces in zip(together, parts, strict=True)
            if index < len(pieces)
        )
        longest_s = max(
            len(pieces[index]) / pace
            for pieces, pace in zip(parts, paces, strict=True)
            if index < len(pieces)
        )
        length_s = max(min(LEAST_LINE_S, room_s), longest_s)
        last = index == count - 1
        yield SpeakingTurn(
            said, index, whole_frames_s(length_s, capabilities), breath_s if last else 0.0,
            starts_s if index == 0 else None,
        )  # fmt: skip


def _in_clips(dialogue: Dialogue, room_s: float, rate: float) -> list[str]:
    """Return a line in pieces, each of which is said within a time."""
    text = spoken_words(dialogue.text)
    pace = _pace(dialogue, len(text), rate)
    return in_pieces(text, max(1, math.floor(room_s * pace + 1e-6)))


def _pace(dialogue: Dialogue, characters: int, rate: float) -> float:
    """Return how many characters of a line are said in a second: as it was, or as they are read."""
    return max(1, characters) / dialogue.spoken_s if dialogue.spoken_s else rate


def whole_frames_s(length_s: float, capabilities: Capabilities) -> float:
    """Return the shortest whole number of frames that lasts as long, in seconds."""
    return math.ceil(length_s * capabilities.fps - 1e-6) / capabilities.fps


def in_pieces(text: str, most: int) -> list[str]:
    """Return a line in few pieces of so many characters at most, alike long, of whole words.

    A word that is longer than a piece goes on in the next one.
    """
    pieces: list[str] = []
    while len(text) > most:
        wished = len(text) / math.ceil(len(text) / most)
        breaks = [at for at in range(1, most + 1) if text[at].isspace()]
        at = min(breaks, key=lambda at: abs(at - wished) - _ease(text[:at]), default=most)
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*pieces, text] if text else pieces


def _ease(before: str) -> int:
    """Return by how much a break after these words is better than one between any two."""
    if ends_abbreviated(before):
        return -_AFTER_SENTENCE  # a title belongs to the name after it
    mark = before[-1]
    if mark in ".!?…":
        return _AFTER_SENTENCE
    return _AFTER_PHRASE if mark in ",;:—–-" else 0


def laid_out(
    turns: Sequence[SpeakingTurn], start_s: float, *, origin_s: float | None = None
) -> tuple[list[SpokenLine], float]:
    """Return turns one after the other from a time on, and when the last breath is over.

    `origin_s` is when their passage begins, in seconds of the scene: a turn that the page lets
    begin at a time begins then, and the others go on from it. None leaves all in a row.
    """
    lines: list[SpokenLine] = []
    for turn in turns:
        if origin_s is not None and turn.starts_s is not None:
            start_s = turn.starts_s - origin_s
        lines += turn.lines(start_s)
        start_s += turn.length_s + turn.breath_s
    return lines, start_s


def squeezed(turns: Sequence[SpeakingTurn], wished_s: float, length_s: float) -> list[SpokenLine]:
    """Return turns within a length that the writer fixed: from a time on, or earlier, or faster."""
    if not turns:
        return []
    lines, end_s = laid_out(turns, 0.0)
    needed_s = end_s - turns[-1].breath_s
    if needed_s <= length_s:
        start_s = min(wished_s, length_s - needed_s)
        return [line.later(start_s) for line in lines]
    share = length_s / needed_s
    return [replace(line, start_s=line.start_s * share, end_s=line.end_s * share) for line in lines]


def with_titles(elements: Sequence[Element]) -> Iterator[Element]:
    """Yield elements, each title on the picture as a line that nobody speaks.

    It is read like a subtitle, so it has the time of one, and stands over the picture after it.
    """
    waiting: list[Dialogue] = []
    for element in elements:
        if not isinstance(element, Action):
            yield element
            continue
        own = list(_titles(element))
        if title_of(element.text) is not None:
            waiting += own
            continue
        yield element
        yield from (*waiting, *own)
        waiting = []
    yield from waiting


def _titles(action: Action) -> Iterator[Dialogue]:
    text = action.text
    ends = sentence_ends(text) if title_of(text) is None else [(0, len(text))]
    for start, end in ends:
        title = title_of(text[start:])
        if title is not None:
            span = action.span_of(start, end)
            yield Dialogue("", _READ, title, span, card=is_card(text[start:]))
