"""What somebody goes to do -> whether the words after it take it back: "goes to hug him. Stops"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .deeds import Deed
from .inflection import base_form
from .parsed import ParsedSentence
from .sentences import Sentence

# Verbs that only set out to do what "to" says.
_SETS_OUT = frozenset(
    "go move reach lean make start begin turn bend stoop step rise get open lift raise".split()
)
_LEADS = frozenset("but then and , he she they it only".split())
_STOPS = frozenset("stop hesitate freeze falter waver pause reconsider".split())
_CANNOT = frozenset("can't cannot doesn't don't ca do does".split())
_TURNS = (
    ("thinks", "better"), ("changes", "his", "mind"), ("changes", "her", "mind"), ("loses", "his"),
    ("loses", "her"), ("catches", "himself"), ("catches", "herself"), ("decides", "against"),
    ("decides", "not"), ("does", "not"), ("can", "not"), ("nothing", "comes"),
    ("nothing", "emerges"), ("no", "words"), ("no", "sound"), ("no", "word"), ("words", "fail"),
)  # fmt: skip
_REST = 4  # words that may follow: "stops short of it"


def sets_out(here: ParsedSentence, word: int) -> bool:
    """Say whether a verb is what somebody only goes to do: "leans in to kiss her"."""
    led = [w for w in range(max(0, word - 2), word) if here.words[w] == "to"]
    if not led or base_form(here.words[word], {here.words[word]}) is None:
        return False
    before = here.words[max(0, led[0] - 3) : led[0]]
    return any(base_form(text, _SETS_OUT) is not None for text in before)


def takes_back(words: Sequence[str]) -> bool:
    """Say whether some words begin by taking back what was to be done: "but can't"."""
    at = 0
    while at < len(words) and words[at] in _LEADS:
        at += 1
    rest = tuple(words[at:])
    if not rest:
        return False
    known = any(rest[: len(turn)] == turn for turn in _TURNS)
    stops = base_form(rest[0], _STOPS) is not None or (rest[0] in _CANNOT and len(rest) < 3)
    return known or (stops and len(rest) <= _REST and not rest[-1].endswith("ing"))


def takes_back_later(here: ParsedSentence, word: int) -> bool:
    """Say whether a sentence takes back a verb after it: "goes to speak, but can't"."""
    words = here.words
    joints = [w for w in range(word + 1, len(words)) if words[w] in (",", "but", "then", "and")]
    return any(takes_back(words[joint:]) for joint in joints)


def begins_taking_back(sentence: Sentence) -> bool:
    """Say whether a sentence takes back what the one before set out to do: "She stops short"."""
    words = [word.text for word in sentence if not (word.is_mention and word is sentence[0])]
    return takes_back(words)


def taken_back(deeds: Iterable[Deed], meant: Sequence[Deed]) -> list[Deed]:
    """Return deeds with those that were only meant denied: whoever meant them stands."""
    return [
        replace(deed, denied=True, motion="stand", path="stay") if deed in meant else deed
        for deed in deeds
    ]
