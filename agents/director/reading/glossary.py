"""A story and an engine's world -> the words a reader must recognise: names, nouns and verbs.

Names come from the cast, from cues, and from capitals in the prose, as Fountain introduces
people ("A small boy, TOM"); nouns from what the engine's world can draw. Matching is by whole
words: a caterpillar is no cat.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ....errors import Span
from ....plan import Capabilities
from ....speech import is_voice
from ....story import Action, Dialogue, Story
from .acts import ACT_MOTIONS, ACTS, PEOPLE, TITLES
from .inflection import base_form, singular
from .lexicon import (
    COLORS,
    DETERMINERS,
    FILLERS,
    NO_NAMES,
    NUMBERS,
    PREPOSITIONS,
    VERBS,
    Verb,
)

# A word keeps its inner apostrophes and hyphens; anything else that shows is a mark.
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]+")
_ABBREVIATIONS = re.compile(r"\b(mrs?|ms|dr|st|prof|capt)\.", re.IGNORECASE)
_LOOK_ENDS = PREPOSITIONS | frozenset({"who", "which", "that", "and", "wearing", "carrying", ","})
MOST_OF_A_KIND = 5
_STILL = Verb("stand", "stay", near=True)


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of one story. `bearers` maps a noun to those it may stand for, in their order."""

    names: Mapping[tuple[str, ...], str]
    bearers: Mapping[str, tuple[str, ...]]
    verbs: Mapping[str, Verb]
    looks: Mapping[str, str]
    spans: Mapping[str, Span]
    props: frozenset[str]

    @property
    def longest(self) -> int:
        return max((len(words) for words in self.names), default=1)

    @property
    def entity_words(self) -> frozenset[str]:
        """Every word that names somebody: names in parts, and nouns of characters."""
        parts = {word for words in self.names for word in words}
        return frozenset(parts - NO_NAMES - DETERMINERS) | frozenset(self.bearers)


@dataclass(frozen=True, slots=True)
class _Introduction:
    name: str
    look: str
    span: Span | None
    sure: bool


def tokens(text: str) -> list[str]:
    """Return the words and marks of a text in order; "MRS. FOX" keeps no full stop."""
    return [token for token, _ in _tokens_at(text)]


def tokens_at(text: str) -> list[tuple[str, int]]:
    """Return the words and marks of a text in order, each with where it begins."""
    return list(_tokens_at(text))


@lru_cache(maxsize=10_000)
def _tokens_at(text: str) -> tuple[tuple[str, int], ...]:
    # A space stands for the stop, so that whatever follows stays where it is.
    found = _TOKEN.finditer(_ABBREVIATIONS.sub(r"\1 ", text))
    return tuple((token[0], token.start()) for token in found)


def gather(story: Story, capabilities: Capabilities) -> Glossary:
    """Return the words that this story and this engine give a meaning to."""
    kinds = _kinds(capabilities)
    verbs = _verbs(capabilities)
    looks: dict[str, str] = {}
    spans: dict[str, Span] = {}
    for member in story.cast:
        looks[member.name], spans[member.name] = member.look, member.span
    spelled = _spellings(story)
    aliases: dict[tuple[str, ...], str] = {}
    for found in _introductions(story, kinds, verbs):
        name = spelled.get(found.name, found.name)
        meant = _same_as(name, story, kinds)
        if meant is not None:
            aliases[tuple(w.lower() for w in tokens(name))] = meant
            continue
        if found.sure and not looks.get(name):
            looks[name] = found.look
            if found.span is not None:
                spans.setdefault(name, found.span)
    names = aliases | {tuple(w.lower() for w in tokens(name)): name for name in looks}
    return Glossary(
        names=names,
        bearers=_bearers(story, kinds, looks),
        verbs=verbs,
        looks=looks,
        spans=spans,
        props=frozenset(m.name for m in story.cast if m.kind == "prop"),
    )


def _same_as(name: str, story: Story, kinds: Mapping[str, str]) -> str | None:
    """Return the member of the cast whom a longer name means: "SIR BORS" is BORS."""
    words = [w.lower() for w in tokens(name)]
    for member in story.cast:
        own = [w.lower() for w in tokens(member.name)]
        if own == words:
            return None
        titled = words[-len(own) :] == own and set(words[: -len(own)]) <= TITLES
        common = set(own) & set(kinds) or own[-1:] == head_words(member.look)[-1:]
        first = words[: len(own)] == own and len(words) == len(own) + 1 and not common
        if titled or first:
            return member.name
    return None


def head_words(look: str) -> list[str]:
    """Return the lower-case words that say what a look is of: "an old grey owl", not "with ..."."""
    words: list[str] = []
    for word in tokens(look.lower()):
        if words and word in _LOOK_ENDS:
            break
        words.append(word)
    return words


def kind_of(words: list[str], capabilities: Capabilities) -> str | None:
    """Return the character of the engine's world that the last fitting word names, or None."""
    kinds = _kinds(capabilities)
    return next((kinds[singular(w)] for w in reversed(words) if singular(w) in kinds), None)


def _kinds(capabilities: Capabilities) -> dict[str, str]:
    """Return noun -> character id for all nouns of an engine's world."""
    known = {character: character for character in capabilities.characters}
    for word, meaning in capabilities.synonyms.items():
        if meaning in capabilities.characters:
            known[singular(word.split()[-1])] = meaning
    return known


def _verbs(capabilities: Capabilities) -> dict[str, Verb]:
    """Return the lexicon's verbs with those that only this engine's world or library knows."""
    verbs = dict(VERBS)
    for motion in (*capabilities.motions, *capabilities.library_motions):
        verbs.setdefault(motion, Verb(motion, "roomy"))
    for word, act in ACTS.items():
        verbs.setdefault(word, replace(VERBS.get(ACT_MOTIONS.get(act, ""), _STILL), near=True))
    for word, motion in capabilities.synonyms.items():
        known = motion in capabilities.motions or motion in capabilities.library_motions
        if known and " " not in word:
            verbs.setdefault(word, Verb(motion, verbs[motion].path))
    return verbs


def _actions(story: Story) -> Iterator[Action]:
    for scene in story.scenes:
        yield from (e for e in scene.elements if isinstance(e, Action))


def _introductions(
    story: Story, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> Iterator[_Introduction]:
    """Yield who the prose and the cues name. Capitals alone are not sure: they may be a thing."""
    for action in _actions(story):
        yield from _capitals(action, kinds, verbs)
        yield from _titled(action)
    for scene in story.scenes:
        for element in scene.elements:
            if isinstance(element, Dialogue) and not is_voice(element):
                yield _Introduction(element.speaker, "", None, True)


# "The Old Woman", written as the name of one who has no other.
_TITLED = re.compile(r"\b[Tt]he ((?:Old|Young|Little|Elderly|Tall|Fat|Thin) (?:[A-Z][a-z]+))\b")


def _titled(action: Action) -> Iterator[_Introduction]:
    """Yield those whom a page names by their age and kind alone."""
    for found in _TITLED.finditer(action.text):
        words = found[1].lower().split()
        if words[-1] in PEOPLE:
            article = "an" if words[0][0] in "aeiou" else "a"
            yield _Introduction(found[1].upper(), f"{article} {' '.join(words)}", action.span, True)


def _spellings(story: Story) -> dict[str, str]:
    """Return names as their tokens read, "MR FOX", with how the cast or a cue writes them."""
    names = [member.name for member in story.cast]
    names += [
        element.speaker
        for scene in story.scenes
        for element in scene.elements
        if isinstance(element, Dialogue)
    ]
    return {" ".join(tokens(name)): name for name in reversed(names)}


def _capitals(
    action: Action, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> Iterator[_Introduction]:
    words = tokens(action.text)
    if is_shouted(words):
        return
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and is_capital(words[end]):
            end += 1
        if end == at:
            at += 1
            continue
        name = " ".join(words[at:end])
        noun = singular(words[end - 1].lower())
        plural = noun in kinds and noun != words[end - 1].lower()
        if not plural:
            look = _look(words, at, end)
            sure = noun in kinds or _acts(words, end, verbs) or _apposed(words, at, end)
            yield _Introduction(name, look, action.span, sure)
        at = end


def is_capital(word: str) -> bool:
    """Say whether a token is a name as Fountain writes it: two capitals or more."""
    return len(word) > 1 and word.isupper() and word[0].isalpha() and word.lower() not in NO_NAMES


def is_shouted(words: list[str]) -> bool:
    """Say whether a whole passage is in capitals, so that capitals name nobody."""
    letters = [w for w in words if w[0].isalpha() and len(w) > 1]
    return len(letters) > 3 and all(w.isupper() for w in letters)


def _acts(words: list[str], end: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether the word after a name is a verb that needs somebody."""
    rest = [w.lower() for w in words[end : end + 4]]
    while rest and (rest[0] in FILLERS or rest[0] == "," or rest[0].endswith("ly")):
        rest = rest[1:]
    if not rest or not rest[0].isalpha() or rest[0] in PREPOSITIONS | DETERMINERS:
        return False
    found = base_form(rest[0], verbs)
    return found is not None or rest[0] in ("is", "are", "does")


def _apposed(words: list[str], at: int, end: int) -> bool:
    """Say whether an indefinite phrase beside a name tells who it is."""
    behind = [w.lower() for w in words[end : end + 2]]
    before = at > 1 and words[at - 1] == "," and bool(_before(words, at - 1))
    return before or behind in ([",", "a"], [",", "an"])


def _look(words: list[str], at: int, end: int) -> str:
    """Return the description beside a name: before it, apposed before it, or apposed after it."""
    before = _before(words, at)
    if before:
        return " ".join([*before, *(w.lower() for w in words[at:end])])
    if at > 1 and words[at - 1] == ",":
        return " ".join(_before(words, at - 1))
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


def _before(words: list[str], at: int) -> list[str]:
    """Return the noun phrase that ends before `at` if it is indefinite: a, small, red."""
    for start in range(at - 1, max(-1, at - 7), -1):
        word = words[start]
        if not word[0].isalnum() or word.lower() in PREPOSITIONS:
            return []
        if word.lower() in ("a", "an"):
            return [w.lower() for w in words[start:at]]
    return []


def _bearers(
    story: Story, kinds: Mapping[str, str], looks: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return noun -> who it stands for: declared ones, else one made from the noun itself."""
    bearers: dict[str, tuple[str, ...]] = {}
    for name, look in looks.items():
        nouns = {singular(w.lower()) for w in tokens(name)}
        if look:
            nouns.add(singular(head_words(look)[-1]))
        for noun in nouns & set(kinds):
            alike = {n for n, kind in kinds.items() if kind == kinds[noun]}
            for other in {noun} | alike:
                bearers[other] = (*bearers.get(other, ()), name)
        if look and not nouns & set(kinds):
            noun = singular(head_words(look)[-1])
            if noun.isalpha() and noun not in COLORS | DETERMINERS:
                bearers[noun] = (*bearers.get(noun, ()), name)
    undeclared = {noun: kind for noun, kind in kinds.items() if noun not in bearers}
    most = _most_of_each(story, undeclared)
    for noun, kind in undeclared.items():
        name = kind.upper()
        count = most.get(noun, 1)
        bearers[noun] = tuple(f"{name}-{i}" for i in range(1, count + 1)) if count > 1 else (name,)
    return bearers


def _most_of_each(story: Story, nouns: Container[str]) -> dict[str, int]:
    """Return noun -> how many the prose speaks of at most, where it has a plural: "two frogs"."""
    most: dict[str, int] = {}
    nouns_of_words: dict[str, str] = {}
    for action in _actions(story):
        words = [w.lower() for w in tokens(action.text)]
        for at, word in enumerate(words):
            noun = nouns_of_words.get(word) or nouns_of_words.setdefault(word, singular(word))
            if noun != word and noun in nouns:
                stated = (NUMBERS[w] for w in words[max(0, at - 3) : at] if w in NUMBERS)
                count = min(next(stated, 2), MOST_OF_A_KIND)
                most[noun] = max(most.get(noun, 1), count)
    return most
