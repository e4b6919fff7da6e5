"""Pronouns -> whom they mean, by sex, number, looks and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from .glossary import Glossary, tokens
from .inflection import is_plural, singular
from .lexicon import NUMBERS, PREPOSITIONS
from .words.acts import (
    BEASTS,
    BIRDS,
    FEMALE,
    FEMALE_ANIMALS,
    KIN,
    MALE,
    MALE_ANIMALS,
    PEOPLE,
)
from .words.dictionary import is_no_word
from .words.given_names import MEN, WOMEN
from .words.things import BEASTS_UNKNOWN, FEMALE_NAMES, MALE_NAMES, OCCUPATIONS, THRONGS

Sex = Literal["male", "female", "person", "other"]
_SEX_OF = {
    **dict.fromkeys(("he", "him", "himself", "his"), "male"),
    **dict.fromkeys(("she", "her", "herself", "hers"), "female"),
    **dict.fromkeys(("it", "itself", "its"), "other"),
}
SINGULAR_PRONOUNS = frozenset(_SEX_OF)
_SMALL_ONES = frozenset("child baby kid infant toddler newborn".split())
_INFANTS = frozenset("baby infant newborn".split())
_PEOPLE_ALL = PEOPLE | OCCUPATIONS | BEASTS_UNKNOWN | BEASTS | KIN | THRONGS | {"bug", "insect"}
_PEOPLE_ALL |= {"people", "folk", "police"}


def words_of(entity: str, glossary: Glossary) -> frozenset[str]:
    """Return the words that a name and a look say of somebody."""
    return _words(entity, glossary.looks.get(entity, ""))


@lru_cache(maxsize=1000)
def _words(entity: str, told: str) -> frozenset[str]:
    look = tokens(told.lower())
    name = tokens(entity.lower())
    return frozenset(singular(w.removesuffix("'s")) for w in (*look, *name)) | {*look, *name}


def sex_of(entity: str, glossary: Glossary) -> Sex:
    """Return what a look, a name and the page say of somebody's sex; "other" is no person."""
    look = glossary.looks.get(entity, "")
    found = _sex(entity, look)
    if entity in glossary.plain_sexes and found == _of_name(entity) != _sex("", look):
        found = "person"
    if found == "person" or (found == "other" and entity in glossary.people):
        told = glossary.sexes.get(entity)
        return "male" if told == "male" else "female" if told == "female" else "person"
    return found


@lru_cache(maxsize=1000)
def _sex(entity: str, look: str) -> Sex:
    words = [singular(w) for w in tokens(look.lower())]
    called = tokens(entity.lower())  # FEMALE GUIDE; a male wolf is "it" as well
    if len(called) > 1 and called[0] in ("male", "female") and called[-1] not in _CREATURES:
        return "female" if called[0] == "female" else "male"
    person = False
    # The first noun that tells: in "a girl of 8, Reyes's daughter" it is the girl, and in "a thief,
    # woman of 33" the woman.
    beast = bool(set(words) & _CREATURES) and not set(words) & _PERSONS
    for word in (*words, *(() if beast else tokens(entity.lower()))):
        if word in MALE or word.endswith(("man", "boy")) and not word.endswith(_NOT_MAN):
            return "male"
        if word in FEMALE or word.endswith(("woman", "girl")):
            return "female"
        if person and word in _LOOK_ENDS:
            break
        person = person or word in _PERSONS
    # Nobody tells how old a beast is.
    aged = any(word[0].isdigit() for word in words) and not set(words) & _CREATURES
    named = None if beast else _of_name(entity)
    return named or ("person" if person or aged else "other")


_NOT_MAN = ("woman", "human", "talisman")
_LOOK_ENDS = frozenset("in with who whose wearing carrying like".split())
_PERSONS = PEOPLE | OCCUPATIONS
_CREATURES = BIRDS | BEASTS_UNKNOWN | BEASTS | MALE_ANIMALS | FEMALE_ANIMALS


def _of_name(entity: str) -> Sex | None:
    """Return the sex of a given name, None for others."""
    words = tokens(entity.lower())
    men, women = set(words) & MALE_NAMES, set(words) & FEMALE_NAMES
    if men or women:
        return "male" if men else "female"
    first = words[0] if words else ""  # a surname tells nothing: "DETECTIVE CLIFFORD"
    return "male" if first in MEN else "female" if first in WOMEN else None


_FEW = 4  # so few in a scene are "they" all
_PAIR = 2  # more than these are a group of which the latest are meant


@dataclass(slots=True)
class Discourse:
    """Whom a paragraph has spoken of so far, the latest last: changed as it is read."""

    glossary: Glossary
    subjects: tuple[str, ...] = ()
    mentioned: list[str] = field(default_factory=list)
    present: tuple[str, ...] = ()
    thing: str = ""
    thing_at: int = -1
    # Whether something was done to the last thing, which was no mere place.
    thing_is_object: bool = False
    named_at: dict[str, int] = field(default_factory=dict)
    pair: tuple[str, ...] = ()
    # Whom "them" meant last, as those whom somebody else watches or parts.
    them: tuple[str, ...] = ()
    # Who speaks in this scene.
    speaking: frozenset[str] = frozenset()
    # Who was in the picture of the paragraph before, or spoke after it.
    recent: tuple[str, ...] = ()
    # Who is only named as the owner of a thing, and need not be there.
    owning: set[str] = field(default_factory=set)
    # Who has no lines and was not told of for so long that pronouns mean others.
    faded: frozenset[str] = frozenset()
    # Whom a word of their own tells in this paragraph.
    told: set[str] = field(default_factory=set)

    @property
    def here(self) -> frozenset[str]:
        """Everybody who is in this scene, as far as it was read, or speaks in it."""
        return frozenset((*self.present, *self.named_at)) | self.speaking

    @property
    def meant(self) -> tuple[str, ...]:
        """Those in this scene whom "they" may mean, in the order in which they came into it."""
        there = dict.fromkeys((*self.present, *self.named_at))
        return tuple(e for e in there if self._is_in_mind(e))

    def _is_in_mind(self, entity: str) -> bool:
        return entity not in self.faded or entity in self.named_at

    def mention(self, entities: Iterable[str], at: int) -> None:
        for entity in entities:
            if entity in self.mentioned:
                self.mentioned.remove(entity)
            self.mentioned.append(entity)
            self.named_at[entity] = at

    def place(self, word: int) -> int:
        """Return a number that grows from sentence to sentence and from word to word."""
        return max(self.named_at.values(), default=0) + 1 + word

    def likeliest(self) -> list[str]:
        """Return everybody who was spoken of, subjects first, then the latest."""
        order = [*self.subjects, *reversed(self.mentioned), *reversed(self.present)]
        return list(dict.fromkeys(order))

    def fits(self, pronoun: str, entity: str) -> bool:
        wanted, sex = _SEX_OF[pronoun], sex_of(entity, self.glossary)
        if is_several(entity):
            return False
        if entity in self.glossary.props:
            return wanted == "other"
        told = words_of(entity, self.glossary)
        if wanted == "other" and told & _INFANTS:
            return True
        if sex == "other" and told & (MALE_ANIMALS | FEMALE_ANIMALS):
            return wanted == "other" or wanted == ("male" if told & MALE_ANIMALS else "female")
        return sex == wanted or (wanted != "other" and sex in ("person", "other"))

    def _may_be_either(self, entity: str) -> bool:
        """Say whether nothing tells somebody's sex: a person's noun, or a name of no language."""
        sex = sex_of(entity, self.glossary)
        return sex == "person" or (sex == "other" and is_no_word(entity.lower()))

    def is_exactly(self, pronoun: str, entity: str) -> bool:
        """Say whether a pronoun is that of somebody's own sex."""
        return self.fits(pronoun, entity) and sex_of(entity, self.glossary) == _SEX_OF[pronoun]

    def of_pronoun(
        self,
        pronoun: str,
        but: Sequence[str] = (),
        *,
        is_object: bool = False,
        of_thing: bool = False,
    ) -> str | None:
        """Return whom "he", "she", "it" or "her" means, or None.

        Args:
            pronoun: the word, in lower case.
            but: those who cannot be meant: who does something to "him" is not he.
            is_object: "it" may then be the last thing named; as a subject only what was dealt with.
            of_thing: what is done is done to things, as one reads and opens.
        """
        wanted = _SEX_OF[pronoun]
        # Who is in the scene before who was in another, whatever their sex.
        here = {*self.present, *self.named_at}
        if wanted == "other" and self.recent:
            here = {*self.recent, *self.subjects, *self.named_at}  # no horse of pages ago
        likely = [e for e in self.likeliest() if e not in but and self._is_in_mind(e)]
        able = [e for e in likely if e in here and self.fits(pronoun, e)]
        if not able and wanted != "other":
            # Who speaks later in the scene is in it.
            able = [e for e in likely if e in self.speaking and self.fits(pronoun, e)]
        if not able and wanted != "other":
            # A scene that opens with a pronoun goes on from the picture before it.
            near = {*self.subjects, *self.recent}
            able = [e for e in likely if e in near and self.fits(pronoun, e)]
        able = [e for e in able if e not in self.owning] or able  # "remembers TED's warning"
        exact = [e for e in able if sex_of(e, self.glossary) == wanted or wanted == "other"]
        persons = [e for e in able if sex_of(e, self.glossary) == "person"]
        found = next(iter(exact or persons or able), None)
        lead = next((e for e in self.subjects if e in able), None)
        unknown = lead is not None and self._may_be_either(lead)
        if unknown and lead is not None and exact:
            # Whose sex nobody knows does what follows, unless another was named since.
            since = self.named_at.get(exact[0], -1) > self.named_at.get(lead, -1)
            since = since or bool(words_of(lead, self.glossary) & _SMALL_ONES)
            found = exact[0] if since else lead
        if pronoun != "it" or found is None:
            return found
        named = found in self.named_at or found in self.subjects
        if not named and words_of(found, self.glossary) & _INFANTS:
            return None  # a baby of the paragraph before is "he" or "she" by now
        if not self.thing:
            return found
        later = self.named_at.get(found, -2) < self.thing_at
        if is_object:
            return None if later and (of_thing or self.subjects != (found,)) else found
        return None if later and self.thing_is_object and found not in self.subjects else found

    def of_them(self, but: Sequence[str]) -> tuple[str, ...]:
        """Return whom "them" means as an object, nobody where it is things: "the keys"."""
        found = tuple(e for e in self.of_group("they") if e not in but)
        if len(found) > _PAIR and set(found) > set(self.subjects):
            found = tuple(sorted(found, key=self._last, reverse=True))  # the latest first
        last = max((self.named_at.get(e, -2) for e in found), default=-2)
        things = self.thing_is_object and singular(self.thing) != self.thing
        if things and self.thing_at > last:
            return ()  # "pulls his hands out and looks at them"
        several = len(found) > 1 or any(is_several(entity) for entity in found)
        self.them = found if several else self.them
        return found if several or singular(self.thing) == self.thing else ()

    def _latest(self, count: int) -> tuple[str, ...]:
        """Return so many as are counted: who is there, then who speaks, then who was there."""
        there = [e for e in reversed(self.mentioned) if e in self.meant]
        speak = [e for e in reversed(self.mentioned) if e in self.speaking]
        near = [e for e in reversed(self.mentioned) if e in self.recent]
        found = [e for e in dict.fromkeys((*there, *speak, *near)) if not is_several(e)]
        return tuple(found[:count])

    def _went_on(self) -> tuple[str, ...]:
        """Return whom "they" means that opens a scene.

        These are those who also speak in it, or the two who were in the picture before it.
        """
        speak = tuple(e for e in self.recent if e in self.speaking)
        if len(speak) > 1:
            return speak
        if speak and len(self.speaking) == _PAIR:
            return (*speak, *sorted(self.speaking - set(speak)))
        pair = len(self.recent) == _PAIR and not any(is_several(e) for e in self.recent)
        return self.recent if pair and (speak or not self.speaking) else ()

    def _last(self, entity: str) -> int:
        """Return a number that is the greater the later somebody was spoken of."""
        return self.mentioned.index(entity) if entity in self.mentioned else -1

    def _last_two(self) -> tuple[str, ...]:
        """Return the two who were spoken of last, those of this scene before any others."""
        here = [e for e in self.mentioned if e in self.here]
        return tuple((here if len(here) > 1 else self.mentioned)[-2:])

    def of_group(self, word: str) -> tuple[str, ...]:
        """Return whom "they", "both" or "the others" means."""
        everybody = self.meant
        count = NUMBERS.get(word, 0)
        if count > _PAIR:
            return self._latest(count)
        if word == "they" and not everybody:
            return self._went_on()
        if word == "others":
            rest = tuple(e for e in everybody if e not in self.subjects)
            if rest or any(is_several(entity) for entity in self.subjects):
                return rest  # of a crowd the others are of it too
            return tuple(sorted(self.speaking - {*everybody, *self.subjects}))
        if word == "each other" and len(self.mentioned) > 1:
            return self.subjects if len(self.subjects) > 1 else self._last_two()
        if word in ("both", "two"):
            if len(self.subjects) == 2:
                return self.subjects
            return self._last_two() if len(self.mentioned) > 1 else everybody[-2:]
        if len(self.subjects) == 1 and self.them and self.subjects[0] not in self.them:
            return self.them
        if len(self.subjects) > 1 or (len(self.subjects) == 1 and is_several(self.subjects[0])):
            return self.subjects
        named = tuple(e for e in everybody if e in self.named_at)
        recent = tuple(e for e in everybody if e in self.named_at or e in self.recent)
        if word == "they" and len(named) > 1:
            return named  # "ANN sees TED. They lock eyes.", not those who drove off before
        near = named if len(named) > 1 else recent
        if word == "they" and len(everybody) == 1 and not is_several(everybody[0]):
            return ()  # somebody else, whom the page has not named
        return near if len(near) > 1 and len(everybody) > _FEW else everybody


@lru_cache(maxsize=1000)
def is_several(entity: str) -> bool:
    """Say whether a name is of more than one: GUARDS, "they" and never "it"."""
    words = tokens(entity.lower())
    end = next((n for n, word in enumerate(words) if n and word in PREPOSITIONS), len(words))
    head = words[:end][-1:]  # MAN WITH DOGS is one
    return bool(head) and is_plural(head[0]) and singular(head[0]) in _PEOPLE_ALL
