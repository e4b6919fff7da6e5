"""A story and an engine's world -> the words a reader must recognise: names, nouns and verbs.

Names come from the cast, from cues, and from capitals in the prose, as Fountain introduces
people ("A small boy, TOM"); nouns from what the engine's world can draw. Matching is by whole
words: a caterpillar is no cat.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

from ....errors import Span
from ....plan import Capabilities
from ....story import Dialogue, Story
from ..pronouns import pronouns_of, surely
from .inflection import singular
from .lexicon import DETERMINERS, LIGHT_VERBS, NO_NAMES, NUMBERS, VERBS, Verb
from .naming.callings import callings
from .naming.doubtful import nobodies, owned
from .naming.full_names import full_names
from .naming.introductions import actions_of, cued, introductions, spellings
from .naming.introductions import is_capital as is_capital
from .naming.introductions import is_set as is_set
from .naming.introductions import is_shouted as is_shouted
from .naming.kin import kin_of
from .naming.name_parts import epithets, join_short_names, parts_of_names, same_as
from .naming.name_parts import head_words as head_words
from .naming.no_beasts import beasts_made
from .naming.placed import placed
from .naming.written_large import written_large
from .tokens import tokens as tokens
from .words.acts import ACT_MOTIONS, ACTS, KIN, PEOPLE
from .words.common_verbs import COMMON_VERBS
from .words.nameless import NAMELESS
from .words.things import (
    ANIMATE,
    BEASTS,
    BEASTS_UNKNOWN,
    DONE_BY_THINGS_TOO,
    HEARD,
    OCCUPATIONS,
    STATES,
    STRESSED,
    THINGS,
    THRONGS,
    is_given,
    is_nobody,
    is_of_people,
)
from .words.world_words import COLORS

MOST_OF_A_KIND = 5
# What ends a look and is no noun: "a MOB, large".
_NO_KINDS = COLORS | DETERMINERS | STRESSED | {"large", "tall", "short", "fat", "thin", "young"}
_UNNAMED = OCCUPATIONS | PEOPLE | KIN | THRONGS | NAMELESS
# Who is cued SHE is not "she" everywhere.
_PRONOUNS = frozenset({("he",), ("she",), ("it",), ("they",)})
_STILL = Verb("stand", "stay", near=True)


@dataclass(frozen=True)  # no slots: what is looked up for every word is kept
class Glossary:
    """The words of one story. `bearers` maps a noun to those it may stand for, in their order."""

    names: Mapping[tuple[str, ...], str]
    bearers: Mapping[str, tuple[str, ...]]
    verbs: Mapping[str, Verb]
    looks: Mapping[str, str]
    spans: Mapping[str, Span]
    props: frozenset[str]
    sexes: Mapping[str, str] = field(default_factory=dict)
    # Whose sex the page tells so often that their given name does not count.
    plain_sexes: frozenset[str] = frozenset()
    # Who is a person, since they speak and nothing says that they are a beast.
    people: frozenset[str] = frozenset()
    # Who is in no cast, and whom the page or a cue introduces.
    introduced: frozenset[str] = frozenset()
    # Who has lines of their own, or is in the cast: a scene goes on with them, named or not.
    # Empty where nobody speaks: then it goes on with everybody.
    lasting: frozenset[str] = frozenset()
    # Nouns that are somebody where they do something, whom no page needs to introduce: an engine
    # that draws people draws them. In an open world they stand in the words for the place.
    unnamed: frozenset[str] = frozenset()
    # Beasts after which a car is called: "a Dodge Ram", then "the Ram".
    makes: frozenset[str] = frozenset()
    # Nouns for what somebody with a name is: "the captain" of CAPT. HOLT.
    callings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Nouns of people by which this script calls a ship, a car or a house: "the Nomad".
    vessels: frozenset[str] = frozenset()
    # Nouns that are somebody's name where they are written large, and only there: "Radio shrugs".
    large_only: frozenset[str] = frozenset()

    def is_unnamed(self, noun: str) -> bool:
        """Say whether a noun, singular, is somebody where it does something, introduced or not."""
        known = noun in self.unnamed or (bool(self.unnamed) and is_of_people(noun))
        return known and noun not in self.vessels

    @cached_property
    def longest(self) -> int:
        return max((len(words) for words in self.names), default=1)

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The words with which names begin."""
        return frozenset(words[0] for words in self.names if words)

    @cached_property
    def heard_names(self) -> frozenset[str]:
        """Words for sounds that are part of somebody's name: MR. BELL."""
        known = (n for n, entity in self.names.items() if len(n) > 1 or self.looks.get(entity))
        return frozenset(word for words in known for word in words) & HEARD

    @cached_property
    def verbs_and_light(self) -> frozenset[str]:
        """Every verb with a meaning, and those that only carry one: "gives a nod", "is asleep"."""
        return frozenset(self.verbs) | LIGHT_VERBS | {"be"}

    @cached_property
    def entity_words(self) -> frozenset[str]:
        """Every word that names somebody: names in parts, and nouns of characters."""
        parts = {word for words in self.names for word in words}
        return frozenset(parts - NO_NAMES - DETERMINERS) | frozenset(self.bearers)


def gather(story: Story, capabilities: Capabilities) -> Glossary:
    """Return the words that this story and this engine give a meaning to."""
    kinds = _kinds(capabilities)
    verbs = _verbs(capabilities)
    looks: dict[str, str] = {}
    spans: dict[str, Span] = {}
    for member in story.cast:
        looks[member.name], spans[member.name] = member.look, member.span
    spelled = spellings(story)
    aliases: dict[tuple[str, ...], str] = {}
    found_all = tuple(introductions(story, kinds, verbs))
    known = {found.name for found in found_all if found.sure and not found.deed_only}
    doubtful = {found.name for found in found_all if found.sure} - known - set(looks)
    page_only = {found.name for found in found_all if found.span} - set(looks) - set(spelled)
    vessels = placed(story, page_only)
    nobody = nobodies(story, doubtful, known, verbs) | owned(story, page_only) | vessels
    makes = beasts_made(tokens(action.text) for action in actions_of(story))
    for found in found_all:
        if found.name in nobody or (found.span and singular(found.name.lower()) in makes):
            continue
        name = spelled.get(" ".join(tokens(found.name)), found.name)
        meant = same_as(name, story, kinds)
        if meant is not None:
            aliases[tuple(w.lower() for w in tokens(name))] = meant
            continue
        if found.sure and not looks.get(name):
            looks[name] = found.look
            if found.span is not None:
                spans.setdefault(name, found.span)
    sets = {name for name in spelled if is_set(name) and name.lower() not in THRONGS}
    large = tuple(written_large(story, {*looks, *spelled, *nobody} - sets, verbs))
    called = sets & {found.name for found in large}
    vessels |= placed(story, {found.name for found in large})
    for found in large:
        if found.name in vessels:
            continue
        looks.setdefault(found.name, "")
        if found.span is not None:
            spans.setdefault(found.name, found.span)
    join_short_names(looks, spans, aliases, story)
    parts = parts_of_names(looks, story)
    aliases = parts | epithets(looks, story) | aliases
    aliases = full_names(story, looks, aliases) | aliases
    heads = {singular(name.lower().split()[-1]) for name in vessels}
    of_vessels = frozenset(head for head in heads if is_of_people(head) or head in BEASTS)
    told = pronouns_of(story, looks)
    sexes = {name: counts.most_common(1)[0][0] for name, counts in told.items()}
    names = aliases | {tuple(w.lower() for w in tokens(name)): name for name in looks}
    names = {words: name for words, name in names.items() if words not in _PRONOUNS}
    return Glossary(
        names=names,
        bearers=_bearers(story, kinds, looks) | kin_of(story, names, looks),
        verbs=verbs,
        looks=looks,
        spans=spans,
        props=frozenset(m.name for m in story.cast if m.kind == "prop"),
        sexes=sexes,
        plain_sexes=surely(told),
        people=frozenset(_people(looks, kinds, sexes, story, called)),
        introduced=frozenset(looks) - {member.name for member in story.cast},
        lasting=_lasting(story, called),
        unnamed=_UNNAMED - of_vessels if capabilities.people else frozenset(),
        makes=makes,
        callings=callings(story, names, looks),
        vessels=of_vessels,
        large_only=frozenset(word for f in large if is_nobody(word := f.name.lower()))
        | frozenset(name.lower() for name in called)
        | frozenset(word for (word,) in parts if word in OCCUPATIONS),
    )


def _people(
    looks: Mapping[str, str],
    kinds: Mapping[str, str],
    sexes: Mapping[str, str],
    story: Story,
    called: Set[str],
) -> Iterator[str]:
    """Yield who speaks and is neither a beast nor a thing by their name or their look.

    A look that the writer declared says itself what somebody is; a BOOK whom the page calls "he"
    is no book.
    """
    declared = {member.name for member in story.cast if member.look}
    spelled = _speakers(story, called)
    for name in looks:
        own = head_words(name) or tokens(name)  # MAN WITH DOG is no dog
        words = [singular(w.lower()) for w in (*own, *head_words(looks[name]))]
        beast = any(w in kinds or w in BEASTS_UNKNOWN for w in words)
        thing = len(words) == 1 and words[0] in HEARD | STATES | THINGS and not is_given(name)
        thing = thing and name not in sexes and name not in called
        if name in spelled and name not in declared and not beast and not thing:
            yield name


def _lasting(story: Story, called: Set[str]) -> frozenset[str]:
    """Return who speaks or is in the cast; nobody where the story is silent."""
    speakers = _speakers(story, called)
    return speakers | {member.name for member in story.cast} if speakers else frozenset()


def _speakers(story: Story, called: Set[str]) -> frozenset[str]:
    """Return the names that cues name, with those that the page makes somebody's: RADIO."""
    return frozenset(
        name
        for scene in story.scenes
        for element in scene.elements
        if isinstance(element, Dialogue)
        for name in (*cued(element.speaker, story), *(called & {element.speaker}))
    )


def kind_of(words: list[str], capabilities: Capabilities) -> str | None:
    """Return the character of the engine's world that the last fitting word names, or None."""
    kinds = _kinds(capabilities)
    return next((kinds[singular(w)] for w in reversed(words) if singular(w) in kinds), None)


def thing_of(words: list[str], capabilities: Capabilities) -> str | None:
    """Return the thing of the engine's world that the last word names, or None.

    A "car dealer" is no car, and a thing of which the prose speaks is nobody: prose has too many.
    """
    noun = singular(words[-1]) if words else ""
    meant = noun if noun in capabilities.things else capabilities.synonyms.get(noun, "")
    return meant if meant in capabilities.things else None


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
    for word in ANIMATE | DONE_BY_THINGS_TOO | COMMON_VERBS:
        verbs.setdefault(word, Verb(word, "stay", near=True))
    for word, motion in capabilities.synonyms.items():
        known = motion in capabilities.motions or motion in capabilities.library_motions
        if known and " " not in word:
            verbs.setdefault(word, Verb(motion, verbs[motion].path))
    return verbs


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
        role = _role_of(name)
        if role and not look:
            bearers[role] = (*bearers.get(role, ()), name)
        if look and not nouns & set(kinds):
            noun = singular(head_words(look)[-1])
            if noun.isalpha() and noun not in _NO_KINDS and not noun.endswith("self"):
                bearers[noun] = (*bearers.get(noun, ()), name)
    for surname, named in _families(looks).items():
        if surname not in bearers and surname not in kinds:
            bearers[surname] = named
    undeclared = {noun: kind for noun, kind in kinds.items() if noun not in bearers}
    most = _most_of_each(story, undeclared)
    for noun, kind in undeclared.items():
        name = kind.upper()
        count = most.get(noun, 1)
        bearers[noun] = tuple(f"{name}-{i}" for i in range(1, count + 1)) if count > 1 else (name,)
    return bearers


def _families(looks: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return surname -> all of that name, where there are several: "the DASHWOODS"."""
    named: dict[str, list[str]] = {}
    for name in looks:
        words = [word.lower() for word in tokens(name)]
        last = words[-1] if len(words) > 1 else ""
        plain = last.isalpha() and last not in DETERMINERS and singular(last) not in KIN
        if plain and not is_of_people(singular(last)):
            named.setdefault(last, []).append(name)
    for name in looks:  # MARTINI and MRS MARTINI
        if name.lower() in named:
            named[name.lower()].insert(0, name)
    return {last: tuple(names) for last, names in named.items() if len(names) > 1}


def _role_of(name: str) -> str:
    """Return the noun of a name that only counts: "dealer" of DEALER #1, "" for other names."""
    words = [word.lower() for word in tokens(name)]
    noun = next((w for w in reversed(words) if w.isalpha()), "")
    counts = bool(words) and words[-1].isdecimal()
    return noun if counts and noun in OCCUPATIONS | PEOPLE else ""


def _most_of_each(story: Story, nouns: Container[str]) -> dict[str, int]:
    """Return noun -> how many the prose speaks of at most, where it has a plural: "two frogs"."""
    most: dict[str, int] = {}
    nouns_of_words: dict[str, str] = {}
    for action in actions_of(story):
        words = [w.lower() for w in tokens(action.text)]
        for at, word in enumerate(words):
            noun = nouns_of_words.get(word) or nouns_of_words.setdefault(word, singular(word))
            if noun != word and noun in nouns:
                stated = (NUMBERS[w] for w in words[max(0, at - 3) : at] if w in NUMBERS)
                count = min(next(stated, 2), MOST_OF_A_KIND)
                most[noun] = max(most.get(noun, 1), count)
    return most
