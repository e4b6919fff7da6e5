"""A story and an engine's world -> the words a reader must recognise: names, nouns and verbs.

Names come from the cast, from cues, and from capitals in the prose, as Fountain introduces
people ("A small boy, TOM"); nouns from what the engine's world can draw. Matching is by whole
words: a caterpillar is no cat.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from ....errors import Span
from ....plan import Capabilities
from ....speech import is_everybody, is_voice, names_of_cue
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
from .screen_words import filmed_words
from .things import BEASTS_UNKNOWN, OCCUPATIONS, STRESSED, TRADE, is_abstract, is_animate, is_nobody
from .tokens import split_sentences
from .tokens import tokens as tokens

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
    _join_short_names(looks, spans, aliases, story)
    names = aliases | {tuple(w.lower() for w in tokens(name)): name for name in looks}
    return Glossary(
        names=names,
        bearers=_bearers(story, kinds, looks),
        verbs=verbs,
        looks=looks,
        spans=spans,
        props=frozenset(m.name for m in story.cast if m.kind == "prop"),
    )


def _join_short_names(
    looks: dict[str, str], spans: dict[str, Span], aliases: dict[tuple[str, ...], str], story: Story
) -> None:
    """Make one of "MAE DOLAN (34)" and the MAE of the cues: the name of the cue, with the look.

    A name that the cast has stays as it is there. YOUNG VICTOR is not VICTOR.
    """
    declared = {member.name for member in story.cast}
    words_of = {name: tuple(w.lower() for w in tokens(name)) for name in looks}
    for short in list(looks):
        own = words_of[short]
        longer = [name for name in looks if _is_short_for(own, words_of[name])]
        if len(longer) != 1 or short in declared or short not in looks:
            continue
        (long,) = longer
        if long in declared:
            aliases[own] = long
            del looks[short]
            continue
        looks[short] = looks[short] or looks.pop(long, "")
        looks.pop(long, None)
        if long in spans:
            spans[short] = spans.pop(long)
        aliases[words_of[long]] = short


def _is_short_for(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Say whether a name begins a longer one, or ends it after a title: MAE, REYES."""
    if not short or len(short) >= len(long) or short[0] in PEOPLE | TITLES | DETERMINERS:
        return False
    before = set(long[: -len(short)])
    named = all(word.isalpha() for word in long)
    titled = before <= TITLES and not before & _AGES
    return named and (long[: len(short)] == short or (long[-len(short) :] == short and titled))


_AGES = frozenset("young old little big poor elderly".split())


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
                for name in _cued(element.speaker, story):
                    yield _Introduction(name, "", None, True)


def _cued(speaker: str, story: Story) -> tuple[str, ...]:
    """Return whom a cue names: one, several who speak together, or nobody of their own."""
    if any(member.name == speaker for member in story.cast):
        return (speaker,)
    return () if is_everybody(speaker) else names_of_cue(speaker)


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
    if is_shouted(tokens(action.text)):
        return
    for sentence in split_sentences(action.text):
        yield from _names_in(filmed_words(sentence), action, kinds, verbs)


def _names_in(
    words: list[str], action: Action, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> Iterator[_Introduction]:
    at = 0
    while at < len(words):
        end = _name_end(words, at, verbs)
        if end == at:
            at += 1
            continue
        name = " ".join(words[at:end])
        noun = singular(words[end - 1].lower())
        plural = noun in kinds and noun != words[end - 1].lower()
        if not plural:
            look = _look(words, at, end)
            sure = _is_somebody(words, at, end, kinds, verbs)
            yield _Introduction(name, look, action.span, sure)
        at = end


def _name_end(words: list[str], at: int, verbs: Mapping[str, Verb]) -> int:
    """Return where the name ends that begins here: "TOM" of "TOM EXITS"; `at` if there is none."""
    end = at
    while end < len(words) and is_capital(words[end]):
        found = base_form(words[end].lower(), verbs) if end > at else None
        if found is not None and found[1] == "s":
            break
        end += 1
    return end


def _is_somebody(
    words: list[str], at: int, end: int, kinds: Mapping[str, str], verbs: Mapping[str, Verb]
) -> bool:
    """Say whether a page introduces a capitalised name as somebody: by kind, age, look or deed."""
    spelled = [word.lower().replace("’", "'") for word in words[at:end]]
    head = singular(spelled[-1])
    person = head in PEOPLE | OCCUPATIONS | BEASTS_UNKNOWN
    owned = any(word.endswith("'s") for word in spelled[:-1])
    if head in kinds or _aged(words, end):
        return True
    if spelled[0] in TRADE | STRESSED or (owned and not person):
        return False
    if not person and (is_nobody(head) or is_nobody(spelled[-1])):
        return False
    if _apposed(words, at, end):
        return True
    done = _act_after(words, end, verbs)
    if done is None:
        return False
    lemma, form = done
    joined = at > 0 and words[at - 1].lower() in ("and", "or", ",")
    if form == "base" and not (joined or spelled[-1].endswith("s") or person):
        return False
    article = at > 0 and words[at - 1].lower() in DETERMINERS
    if is_abstract(head):  # "DARKNESS falls", but "CONSTANCE walks"
        return is_animate(lemma)
    return person or not article or lemma in ("be", "do") or is_animate(lemma)


def _aged(words: list[str], end: int) -> bool:
    """Say whether an age stands after a name: "MARLOWE (40)", "MARLOWE, 40s"."""
    after = words[end : end + 2]
    return len(after) == 2 and after[0] in ("(", ",") and after[1][0].isdigit()


def is_capital(word: str) -> bool:
    """Say whether a token is a name as Fountain writes it: two capitals or more."""
    return len(word) > 1 and word.isupper() and word[0].isalpha() and word.lower() not in NO_NAMES


def is_shouted(words: list[str]) -> bool:
    """Say whether a whole passage is in capitals, so that capitals name nobody."""
    letters = [w for w in words if w[0].isalpha() and len(w) > 1]
    return len(letters) > 3 and all(w.isupper() for w in letters)


def _act_after(words: list[str], end: int, verbs: Mapping[str, Verb]) -> tuple[str, str] | None:
    """Return the verb after a name, in its base form, with the form in which it is written."""
    rest = [w.lower() for w in words[end : end + 4]]
    while rest and (rest[0] in FILLERS or rest[0] == "," or rest[0].endswith("ly")):
        rest = rest[1:]
    if not rest or not rest[0].isalpha() or rest[0] in PREPOSITIONS | DETERMINERS:
        return None
    if rest[0] in ("is", "are"):
        return "be", "s"
    if rest[0] == "does":
        return "do", "s"
    known = base_form(rest[0], verbs)
    if known is None and rest[0].endswith("s") and is_animate(rest[0].removesuffix("s")):
        return rest[0].removesuffix("s"), "s"
    return known


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
