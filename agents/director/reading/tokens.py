"""Prose -> its words and marks in order, and where its sentences end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .inflection import base_form
from .lexicon import CONJUNCTIONS, DETERMINERS, FILLERS, PREPOSITIONS, VERBS

# A word keeps its inner apostrophes and hyphens; anything else that shows is a mark.
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]+")
# "spec- tacular", of a page whose lines were joined, and "the-kids", of one badly scanned. What
# stands for a hyphen and its space keeps what follows in its place.
_BROKEN = re.compile(r"\b([a-z]{2,})- ([a-z]{2,})\b")
_GLUED = re.compile(r"(?<![\w-])([Tt]he|and)-(?=[a-z])")
_SOFT = "ʼ"
_SMALL_WORDS = CONJUNCTIONS | DETERMINERS | PREPOSITIONS | FILLERS | frozenset(
    "he she it they we you who his her him them man men woman women boy girl with".split()
)  # fmt: skip
_ABBREVIATIONS = re.compile(r"\b(mrs?|ms|dr|st|prof|capt|lt|sgt|cpl|pvt|rev)\.", re.IGNORECASE)
# Behind a name, where the sentence goes on: "HALE JR. and his son".
_BEHIND_NAME = re.compile(r"\b([JjSs][Rr])\.(?=,|\s+[a-z(])")
_ENDS_SHORT = re.compile(_ABBREVIATIONS.pattern + "$", re.IGNORECASE)
# Somebody's initials are one word, "R.L.", whose last stop ends a sentence only where one begins.
_INITIALS = re.compile(r"(?<![\w.])([A-Z])\.([A-Z])\.(?![A-Z]\.)(\s+[A-Z][a-z]*\b)?")
_NO_INITIALS = frozenset(
    "VO OS OC OK PO LA US UK UN EU TV DA NY NJ DC IA VA PA PD MD FC ID AM PM AD BC SS SI CI MP PS "
    "IC CP CU BG FX POV IQ IV ER OR".split()
)
_STOPS = frozenset(".!?;:…")
_CLOSING = frozenset(')]"”’')
_QUOTED = re.compile(r"([\"“])([^\"“”]*)([\"”])")
_FEWEST_WRITTEN = 3  # words: of fewer it may be a name, as in 'the man they call "Doc"'
# What stands on the picture is quoted too, and is read as such (`screen_words.title_of`).
_ON_PICTURE = re.compile(
    r"\b(?:super|titles?|chyron|caption|intertitle|cards?|legend|screen)\b[^.!?\"“”]{0,24}[\"“]$",
    re.IGNORECASE,
)


# What is sung or played has a title: 'sings "Mr. Robin"'.
_SUNG = re.compile(
    r"\b(?:sing(?:s|ing)?|sang|plays?|playing|hum(?:s|ming)?|performs?|whistl(?:es|ing)|song|tune|"
    r"ballad|titled|entitled|strains of)\s+[\"“]$",
    re.IGNORECASE,
)


def tokens(text: str) -> list[str]:
    """Return the words and marks of a text in order; "MRS. FOX" keeps no full stop."""
    return list(_tokens(text))


@lru_cache(maxsize=10_000)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(token for token, _ in _tokens_at(text))


def tokens_at(text: str) -> list[tuple[str, int]]:
    """Return the words and marks of a text in order, each with where it begins."""
    return list(_tokens_at(text))


@lru_cache(maxsize=10_000)
def _tokens_at(text: str) -> tuple[tuple[str, int], ...]:
    # A space stands for the stop, so that whatever follows stays where it is.
    plain = _BEHIND_NAME.sub(r"\1 ", _ABBREVIATIONS.sub(r"\1 ", without_quotations(text)))
    if "." in plain:
        plain = _INITIALS.sub(_joined, plain)
    if "-" in plain:
        plain = _GLUED.sub(r"\1 ", _BROKEN.sub(_mended, plain))
    return tuple((token[0].replace(_SOFT, ""), token.start()) for token in _TOKEN.finditer(plain))


def _joined(found: re.Match[str]) -> str:
    """Return initials as one word, as long as they were, with the stop that ends a sentence."""
    first, last, behind = found.groups()
    if first + last in _NO_INITIALS:
        return found[0]
    ends = (behind or "").strip().lower() in _SMALL_WORDS
    return f"{first}{_SOFT}{last}{'.' if ends else _SOFT}{behind or ''}"


def _mended(broken: re.Match[str]) -> str:
    """Return a word that a line's end broke in two as one, as long as it was: "nightmare"."""
    first, second = broken.groups()
    whole = second in _SMALL_WORDS or base_form(second, VERBS) is not None
    return broken[0] if whole else f"{first}{_SOFT}{_SOFT}{second}"


# What a sign, a headline or a label says, written large without quotes: "a sign that reads: NO DOGS
# ALLOWED", "on which CITIZENS TRUST is written".
_LARGE = r"(?:[$#]?[A-Z0-9](?:[A-Z0-9'’&$-]|[.,](?=[A-Z0-9]))*)"
_TITLED = r"(?:[A-Z][\w'’]+(?:\s+[A-Z][\w'’]+)*)"
_SIGNS = re.compile(
    r"\b(?:reads?|reading|says|saying|spells|proclaims|announces)"
    r"(?:(?<=that ....),|(?<=that .....),|:|\.{2,}| --?)?\s+"
    rf"(?P<after>{_LARGE}(?:,?\s+{_LARGE})+)(?![\w'’])"
    r"|\b(?:marked|labell?ed|entitled|lettered|emblazoned with)\s+"
    rf"(?P<named>{_LARGE}(?:\s+{_LARGE})*(?![a-z])|{_TITLED})"
    r"|\b(?:it|which|that|sign|label|card|plaque|badge|nameplate|note|plate|tag|door|headline|"
    r"banner|caption|envelope|gravestone|headstone|tombstone|marker|display|screen)\s+"
    rf"(?:reads?|says):\s+(?P<titled>{_TITLED})(?=[.!?]|\s*$)"
    rf"|(?P<before>\b{_LARGE}(?:\s+{_LARGE})+)(?=\s+(?:is |are )?(?:written|printed|painted|"
    r"stenciled|stencilled|scrawled|emblazoned|engraved|embossed|stamped|lettered)\b)"
)


# The running head of a page, where it came into the text: "NIGHT TRAIN - Shooting Draft 3/4/19 8."
_HEADS = re.compile(
    r"(?:^|(?<=[.!?…\n] ))[A-Z][A-Z0-9'’:&, ]*[A-Z] ?[-–—] ?[\w() ]*"
    r"\b(?i:draft|revised|revisions?|rev|script)\b\.?[^.!?\n]*\d+\.?(?=\s|$)",
    re.MULTILINE,
)


def without_quotations(text: str) -> str:
    """Return a paragraph with spaces for what is quoted in it: nobody in a letter is filmed.

    A quotation's own last stop stays, so that the sentence ends; so does a name in quotes. What is
    written large on a sign goes too.
    """
    if "-" in text or "–" in text or "—" in text:
        text = _HEADS.sub(lambda head: " " * (len(head[0]) - 1) + ".", text)
    if not text.isupper():
        text = _SIGNS.sub(_blank_sign, text)
    if not any(mark in text for mark in '"“'):
        return text
    return _QUOTED.sub(_blank, text)


def _blank_sign(found: re.Match[str]) -> str:
    part = next(name for name in ("after", "named", "before", "titled") if found[name])
    said = found[part]
    stop = said[-1] if said[-1] in _STOPS else " "
    at = found.start(part) - found.start()
    return found[0][:at] + " " * (len(said) - 1) + stop + found[0][at + len(said) :]


def _blank(found: re.Match[str]) -> str:
    opening, said, closing = found.groups()
    before = found.string[: found.start(2)]
    sung = _SUNG.search(before) is not None
    if (len(said.split()) < _FEWEST_WRITTEN and not sung) or _ON_PICTURE.search(before):
        return found[0]
    stop = said[-1] if said[-1] in _STOPS else " "
    return opening + " " * (len(said) - 1) + stop + closing


def ends_abbreviated(text: str) -> bool:
    """Say whether the last word of a text is a title cut short, as in "Good morning, Mrs."."""
    return _ENDS_SHORT.search(text) is not None


def split_sentences(text: str) -> list[list[str]]:
    """Return the words and marks of each sentence; a semicolon ends one too."""
    return [list(words) for words in _split(text)]


@lru_cache(maxsize=10_000)  # many ask for each paragraph
def _split(text: str) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    current: list[str] = []
    for token in [*tokens(text), "."]:
        if _is_stop(token, current):
            if current:
                found.append(tuple(current))
            current = []
        else:
            current.append(token)
    return tuple(found)


def sentence_ends(text: str) -> list[tuple[int, int]]:
    """Return where each of the sentences of a paragraph begins and ends, its stop within."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    current: list[str] = []
    for token, at in [*tokens_at(text), (".", len(text))]:
        if not _is_stop(token, current):
            begun = at if begun is None else begun
            current.append(token)
        elif begun is not None:
            found.append((begun, min(at + len(token), len(text))))
            begun, current = None, []
    return found


def _is_stop(token: str, before: Sequence[str]) -> bool:
    """Say whether a mark ends a sentence; a colon does only after one: not "On the left: a FOX"."""
    if token[0] in _CLOSING and token[-1] in _STOPS and token[-1] != ":":
        return True  # "sits with LORNA (48)."
    if token[0] != ":" or not before:
        return token[0] in _STOPS
    found = (base_form(word.lower(), VERBS) for word in before)
    return any(verb is not None and verb[1] == "s" for verb in found)
