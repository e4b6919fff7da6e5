"""A story's pages and cues -> who they introduce, by capitals, titles, ages and deeds.

A capitalised word is somebody if a cue has it or the page introduces it: by what kind it is, an
age, a description, or a deed that only somebody does. Sounds and things in capitals are nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from .....errors import Span
from .....speech import is_everybody, is_voice, names_of_cue
from .....story import Action, Dialogue, Story
from ..inflection import base_form, singular
from ..lexicon import DETERMINERS, PREPOSITIONS, Verb
from ..tokens import split_sentences, tokens, without_quotations
from ..words.acts import KIN, PEOPLE
from ..words.brands import TITLED_BRANDS
from ..words.screen_words import filmed_words
from ..words.things import (
    BEASTS,
    OCCUPATIONS,
    SETS,
    is_of_people,
)
from .beside import (
    phrase_before,
)
from .no_cues import is_no_speaker
from .no_names import (
    is_aged,
    is_deed,
    years_before,
)
from .no_names import is_capital as is_capital
from .somebody import is_apposed, is_presented, is_somebody


@dataclass(frozen=True, slots=True)
class Introduction:
    """Who a page names; `deed_only` says that nothing but a verb makes somebody of a word."""

    name: str
    look: str
    span: Span | None
    sure: bool
    deed_only: bool = False


def _common_words(story: Story) -> frozenset[str]:
    """Return the words that a script also writes in small letters: "the red RED"."""
    words = (word for action in actions_of(story) for word in tokens(action.text))
    return frozenset(singular(word) for word in words if word.islower())


def _articled(story: Story) -> frozenset[str]:
    """Return the words in capitals that take an article somewhere, as no name does: "the JEEP"."""
    found = set()
    for action in actions_of(story):
        words = tokens(action.text)
        for before, word in pairwise(words):
            if word.isupper() and before.lower() in _ARTICLES and not before.isupper():
                found.add(singular(word.lower()))
    return frozenset(found)


_ARTICLES = frozenset("a an the this that his her its their my your our another".split())


def actions_of(story: Story) -> Iterator[Action]:
    for scene in story.scenes:
        yield from (e for e in scene.elements if isinstance(e, Action))


def introductions(
    story: Story, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> Iterator[Introduction]:
    """Yield who the prose and the cues name. Capitals alone are not sure: they may be a thing."""
    named = {word for words in spellings(story) for word in words.lower().split()}
    common = _common_words(story) | _articled(story)
    for action in actions_of(story):
        for found in _capitals(action, kinds, verbs, named):
            plain = found.deed_only and singular(tokens(found.name)[-1].lower()) in common
            yield replace(found, sure=found.sure and not plain)
        yield from _titled(action)
    for scene in story.scenes:
        for element in scene.elements:
            if isinstance(element, Dialogue) and not is_voice(element):
                for name in cued(element.speaker, story):
                    yield Introduction(name, "", None, True)


def cued(speaker: str, story: Story) -> tuple[str, ...]:
    """Return whom a cue names: one, several who speak together, or nobody of their own."""
    if any(member.name == speaker for member in story.cast):
        return (speaker,)
    if is_everybody(speaker) or is_no_speaker(speaker):
        return ()
    return tuple(name for name in names_of_cue(speaker) if not is_set(name))


def is_set(name: str) -> bool:
    """Say whether a cue is of what talks in a room and is nobody there: RADIO, THE CROWD."""
    words = [word.lower() for word in tokens(name)]
    return not words or singular(words[-1]) in SETS or is_no_speaker(name)


# "The Old Woman" and "The Driver", written as the names of those who have no other.
_TITLED = re.compile(
    r"\b[Tt]he ((?:(?:Old|Young|Little|Elderly|Tall|Fat|Thin) )?(?:[A-Z][a-z]+))\b"
    r"(?! [A-Z][a-z]| of Honou?r)"  # no "General" of "the General Hospital"
)
_OF_A_SIZE = frozenset({"giant", "dwarf"})
_ADDRESSED = re.compile(r"\b((?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?)\b")

# "Dr. Pepper Lip Balm", "Dr. Hook and the Medicine Show"
_OF_A_BRAND = re.compile(r" (?:[A-Z][a-z]+|and the [A-Z])")
_MARKS = tuple('"“”')
_BEHIND = re.compile(r" ([a-z]+)\b")
_WORK, _OF_IT = re.compile(r"[a-z] The $"), re.compile(r" of [A-Z]")


def _titled(action: Action) -> Iterator[Introduction]:
    """Yield those whom a page names by their title, or by their age and kind alone."""
    text = without_quotations(action.text)
    for found in _ADDRESSED.finditer(text):
        brand = found[1].lower().split()[-1] in TITLED_BRANDS
        if brand or _OF_A_BRAND.match(text, found.end()):
            continue
        yield Introduction(" ".join(tokens(found[1])).upper(), "", action.span, True)
    for found in _TITLED.finditer(text):
        if _WORK.search(text, 0, found.start() + 4) and _OF_IT.match(text, found.end()):
            continue  # "footage from The Wizard of Gore"
        if text[: found.start()][-1:] in _MARKS and text[found.end() :][:1] in _MARKS:
            continue  # like the one in "The Freshman"
        behind = _BEHIND.match(text, found.end())
        if behind is not None and is_of_people(singular(behind[1])):
            continue  # "the Indian doctor"
        words = found[1].lower().split()
        if words[-1] in PEOPLE | OCCUPATIONS | _OF_A_SIZE:
            article = "an" if words[0][0] in "aeiou" else "a"
            yield Introduction(found[1].upper(), f"{article} {' '.join(words)}", action.span, True)


def spellings(story: Story) -> dict[str, str]:
    """Return names as their tokens read, "MR FOX", with how the cast or a cue writes them."""
    cues = Counter(
        element.speaker
        for scene in story.scenes
        for element in scene.elements
        if isinstance(element, Dialogue)
    )
    # Of two that read alike the more frequent one is meant: MR. FOX, and MR.FOX once.
    often = [name for name, _ in reversed(cues.most_common())]
    names = (*often, *(member.name for member in reversed(story.cast)))
    return {" ".join(tokens(name)): name for name in names}


def _capitals(
    action: Action, kinds: Mapping[str, str], verbs: Mapping[str, Verb], named: Container[str]
) -> Iterator[Introduction]:
    words = tokens(action.text)
    if is_shouted(words) and is_shouted(filmed_words(words)):  # not "ANGLE ON THE GUARDS"
        return
    for sentence in split_sentences(action.text):
        words = [w.lower() if w.lower() in _NO_PART else w for w in filmed_words(sentence)]
        plain = [w.lower() if is_deed(words, at, verbs, named) else w for at, w in enumerate(words)]
        yield from _names_in(plain, action, kinds, verbs)


# Capitals that are no part of a name: "APPLAUD AS TOM COMES", "MUSIC STILL POUNDS".
_NO_PART = frozenset(
    "as is are was were be being been am do does did has have had having could would "
    "you him them me us my your our their its this that these those what which while when where "
    "still again not so such if but because until than into onto toward towards across along "
    "among around behind beside between through throughout near past during almost even just "
    "everyone everybody someone somebody nobody anyone anybody "
    "very too".split()
)


def _names_in(
    words: list[str], action: Action, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> Iterator[Introduction]:
    at = 0
    while at < len(words):
        at += years_before(words, at)
        if words[at].endswith("ING") and _LARGE_LEADS & set(words[at + 1 : at + 2]):
            at += 1  # "PULLING ANOTHER BULLDOG"
        end = _name_end(words, at, verbs)
        if end == at:
            at += 1
            continue
        name = " ".join(words[at:end])
        noun = singular(words[end - 1].lower())
        plural = noun in kinds and noun != words[end - 1].lower()
        if not plural:
            look = _look(words, at, end)
            sure = is_somebody(words, at, end, kinds, verbs)
            article = at > 0 and words[at - 1].lower() in DETERMINERS
            told = noun in BEASTS | KIN or noun in kinds or is_of_people(noun)
            shown = (
                is_aged(words, end) or is_apposed(words, at, end) or is_presented(words, at, end)
            )
            only = not (article or told or shown)
            yield Introduction(name, look, action.span, sure, only)
        at = end


_LARGE_LEADS = frozenset(word.upper() for word in DETERMINERS | {"another"})


def _name_end(words: list[str], at: int, verbs: Mapping[str, Verb]) -> int:
    """Return where the name ends that begins here: "TOM" of "TOM EXITS"; `at` if there is none."""
    end = at
    while end < len(words) and is_capital(words[end]):
        found = base_form(words[end].lower(), verbs) if end > at else None
        if found is not None and found[1] == "s" and not _is_counted(words, at, end):
            break
        end += 1
    while end > at + 1 and words[end - 1].lower() in PREPOSITIONS | {"and"}:
        end -= 1
    return end


def _is_counted(words: list[str], at: int, end: int) -> bool:
    """Say whether a word is of people and no verb: "TWO RACING GUARDS", not "TOM GUARDS"."""
    led = at > 0 and words[at - 1].lower() in DETERMINERS or words[at].lower() in DETERMINERS
    return led and is_of_people(singular(words[end].lower()))


def is_shouted(words: list[str]) -> bool:
    """Say whether a whole passage is in capitals, so that capitals name nobody."""
    letters = [w for w in words if w[0].isalpha() and len(w) > 1]
    return len(letters) > 3 and all(w.isupper() for w in letters)


def _look(words: list[str], at: int, end: int) -> str:
    """Return the description beside a name: before it, apposed before it, or apposed after it."""
    before = phrase_before(words, at)
    if before:
        return " ".join([*before, *(w.lower() for w in words[at:end])])
    if at > 1 and words[at - 1] == ",":
        return " ".join(phrase_before(words, at - 1))
    if (
        words[end : end + 1] == [","]
        and words[end + 1 : end + 2]
        and (words[end + 1].lower() in ("a", "an"))
    ):
        stop = next(
            (i for i in range(end + 1, len(words)) if not words[i][0].isalnum()), len(words)
        )
        return " ".join(w.lower() for w in words[end + 1 : stop])
    return ""
