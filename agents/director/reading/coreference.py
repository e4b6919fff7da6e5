"""Pronouns and descriptions -> whom they mean, by sex, number, looks and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from .acts import (
    BEASTS,
    BIRDS,
    COMPLEXIONS,
    FEMALE,
    FEMALE_ANIMALS,
    HYPERNYMS,
    KIN,
    MALE,
    MALE_ANIMALS,
    OPPOSED,
    PEOPLE,
)
from .glossary import Glossary, tokens
from .inflection import singular
from .lexicon import DETERMINERS, PREPOSITIONS
from .sentences import Sentence, Token
from .things import BEASTS_UNKNOWN, FEMALE_NAMES, MALE_NAMES, OCCUPATIONS

Sex = Literal["male", "female", "person", "other"]
_SEX_OF = {
    **dict.fromkeys(("he", "him", "himself", "his"), "male"),
    **dict.fromkeys(("she", "her", "herself", "hers"), "female"),
    **dict.fromkeys(("it", "itself", "its"), "other"),
}
SINGULAR_PRONOUNS = frozenset(_SEX_OF)
_INFANTS = frozenset("baby infant newborn".split())
_ONE_OF = ("former", "latter")
_PEOPLE_ALL = PEOPLE | OCCUPATIONS | BEASTS_UNKNOWN | BEASTS | KIN | {"bug", "insect"}


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
    found = _sex(entity, glossary.looks.get(entity, ""))
    if found == "person" or (found == "other" and entity in glossary.people):
        told = glossary.sexes.get(entity)
        return "male" if told == "male" else "female" if told == "female" else "person"
    return found


@lru_cache(maxsize=1000)
def _sex(entity: str, look: str) -> Sex:
    words = [singular(w) for w in tokens(look.lower())]
    person = False
    # The first noun that tells: in "a girl of 8, Reyes's daughter" it is the girl, and in "a thief,
    # woman of 33" the woman.
    for word in (*words, *tokens(entity.lower())):
        if word in MALE or word.endswith(("man", "boy")) and not word.endswith(_NOT_MAN):
            return "male"
        if word in FEMALE or word.endswith(("woman", "girl")):
            return "female"
        if person and word in _LOOK_ENDS:
            break
        person = person or word in _PERSONS
    # Nobody tells how old a beast is.
    aged = any(word[0].isdigit() for word in words) and not set(words) & _CREATURES
    return _of_name(entity) or ("person" if person or aged else "other")


_NOT_MAN = ("woman", "human", "talisman")
_LOOK_ENDS = frozenset("in with who whose wearing carrying like".split())
_PERSONS = PEOPLE | OCCUPATIONS
_CREATURES = BIRDS | BEASTS_UNKNOWN | BEASTS | MALE_ANIMALS | FEMALE_ANIMALS


def _of_name(entity: str) -> Sex | None:
    """Return the sex of a common given name, None for others."""
    words = set(tokens(entity.lower()))
    return "male" if words & MALE_NAMES else "female" if words & FEMALE_NAMES else None


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
    # Who speaks in this scene.
    speaking: frozenset[str] = frozenset()

    @property
    def here(self) -> frozenset[str]:
        """Everybody who is in this scene, as far as it was read, or speaks in it."""
        return frozenset((*self.present, *self.named_at)) | self.speaking

    def mention(self, entities: Iterable[str], at: int) -> None:
        for entity in entities:
            if entity in self.mentioned:
                self.mentioned.remove(entity)
            self.mentioned.append(entity)
            self.named_at[entity] = at

    def _likeliest(self) -> list[str]:
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
        able = [e for e in self._likeliest() if e not in but and self.fits(pronoun, e)]
        wanted = _SEX_OF[pronoun]
        # Who is in the scene before who was in another, whatever their sex.
        here = {*self.present, *self.named_at}
        able = [e for e in able if e in here] or ([] if wanted == "other" else able)
        exact = [e for e in able if sex_of(e, self.glossary) == wanted or wanted == "other"]
        persons = [e for e in able if sex_of(e, self.glossary) == "person"]
        found = next(iter(exact or persons or able), None)
        lead = next((e for e in self.subjects if e in able), None)
        unknown = lead is not None and sex_of(lead, self.glossary) == "person"
        if unknown and lead is not None and exact:
            # Whose sex nobody knows does what follows, unless another was named since.
            since = self.named_at.get(exact[0], -1) > self.named_at.get(lead, -1)
            found = exact[0] if since or lead not in self.named_at else lead
        if pronoun != "it" or not self.thing or found is None:
            return found
        later = self.named_at.get(found, -2) < self.thing_at
        if is_object:
            return None if later and (of_thing or self.subjects != (found,)) else found
        return None if later and self.thing_is_object and found not in self.subjects else found

    def of_them(self, but: Sequence[str]) -> tuple[str, ...]:
        """Return whom "them" means as an object, nobody where it is things: "the keys"."""
        found = tuple(e for e in self.of_group("they") if e not in but)
        several = len(found) > 1 or any(is_several(entity) for entity in found)
        return found if several or singular(self.thing) == self.thing else ()

    def of_group(self, word: str) -> tuple[str, ...]:
        """Return whom "they", "both" or "the others" means."""
        everybody = tuple(dict.fromkeys((*self.present, *self.named_at)))
        if word == "others":
            return tuple(e for e in everybody if e not in self.subjects)
        if word == "each other" and len(self.mentioned) > 1:
            return self.subjects if len(self.subjects) > 1 else tuple(self.mentioned[-2:])
        if word in ("both", "two"):
            if len(self.subjects) == 2:
                return self.subjects
            return tuple(self.mentioned[-2:]) if len(self.mentioned) > 1 else everybody[-2:]
        return self.subjects if len(self.subjects) > 1 else everybody


def is_several(entity: str) -> bool:
    """Say whether a name is of more than one: GUARDS, "they" and never "it"."""
    head = tokens(entity.lower())[-1:]
    return bool(head) and singular(head[0]) != head[0] and singular(head[0]) in _PEOPLE_ALL


def described(sentence: Sentence, discourse: Discourse) -> Sentence:
    """Return a sentence in which descriptions are mentions: "the beast", "the black one"."""
    found = list(sentence)
    for at, word in enumerate(sentence):
        adjectives = _adjectives(sentence, at)
        if word.is_common and not _may_be_meant(sentence, at, discourse):
            found[at] = replace(word, ids=())
        elif word.text in _ONE_OF and at and sentence[at - 1].text == "the" and discourse.pair:
            index = 0 if word.text == "former" else -1
            found[at] = Token(word.text, (discourse.pair[index],))
        elif word.is_common and _is_another(word, adjectives, discourse):
            whom = _meant(singular(word.text), adjectives or frozenset(), discourse)
            found[at] = replace(word, ids=(whom,)) if whom else word
        elif word.is_mention and not word.plural:
            found[at] = _at_an_age(_chosen(word, adjectives, discourse), discourse)
        elif not word.is_mention and adjectives is not None:
            noun = singular(word.text)
            whom = _meant(noun, adjectives, discourse) if noun == word.text else None
            if whom is not None:
                found[at] = Token(word.text, (whom,))
    return tuple(found)


def _may_be_meant(sentence: Sentence, at: int, discourse: Discourse) -> bool:
    """Say whether a noun in small letters can mean whom the glossary has for it.

    Who is in no cast must have been there before, or speak in this scene; whose son "her son" is
    must be there now, and one boy is not "the boys".
    """
    word, here = sentence[at], discourse.here
    if not set(word.ids) <= discourse.glossary.introduced:
        return True
    if word.plural and len(word.ids) < 2 and not is_several(word.ids[0]):
        return False
    owned = at > 0 and (sentence[at - 1].text in _OWN or sentence[at - 1].possessive)
    named = word.text.upper() in word.ids and not (owned and singular(word.text) in KIN)
    if _is_new(sentence, at):  # "an old man" is not the one who was there before
        return bool((here - set(discourse.mentioned)) & set(word.ids))
    return bool((here | set(discourse.mentioned) if named else here) & set(word.ids))


def _is_another(word: Token, adjectives: frozenset[str] | None, discourse: Discourse) -> bool:
    """Say whether adjectives deny that a noun means its only bearer: no "old woman" of 30."""
    known = len(word.ids) == 1 and not word.plural
    return known and _opposed(adjectives, words_of(word.ids[0], discourse.glossary))


def _is_new(sentence: Sentence, at: int) -> bool:
    """Say whether "a" or "an" stands before a noun, with at most its adjectives between."""
    for word in reversed(sentence[max(0, at - 4) : at]):
        if word.is_mention or word.is_mark or word.text in PREPOSITIONS:
            return False
        if word.text in ("a", "an", "another"):
            return True
    return False


_OWN = frozenset("his her their its my your our".split())
_AGED = ("YOUNG", "OLD", "LITTLE", "ADULT", "OLDER", "YOUNGER", "TEENAGE")


_OLD = 45  # years: nobody younger is "the old man"


def _at_an_age(word: Token, discourse: Discourse) -> Token:
    """Return "Ruth" as YOUNG RUTH where she is in the scene and RUTH is not."""
    here = discourse.here
    if len(word.ids) != 1 or word.ids[0] in here:
        return word
    aged = [name for age in _AGED if (name := f"{age} {word.ids[0]}") in here]
    return replace(word, ids=(aged[0],)) if len(aged) == 1 else word


def _adjectives(sentence: Sentence, at: int) -> frozenset[str] | None:
    """Return the words between "the" and a noun, None where there is no such article."""
    for index in range(at - 1, max(-1, at - 4), -1):
        word = sentence[index]
        if word.is_mention or word.is_mark:
            return None
        if word.text in ("the", "this", "that", "his", "her", "their"):
            return frozenset(w.text for w in sentence[index + 1 : at])
        if word.text in DETERMINERS and word.text not in ("old", "little", "small", "big"):
            return None
    return None


def _chosen(word: Token, adjectives: frozenset[str] | None, discourse: Discourse) -> Token:
    """Return a mention by a noun as the one whom its adjectives and the page before fit best."""
    glossary = discourse.glossary
    bearers = glossary.bearers.get(singular(word.text), ())
    if len(bearers) < 2 or len(word.ids) != 1 or (word.text,) in glossary.names:
        return word
    likely = discourse._likeliest()

    def rank(entity: str) -> tuple[int, int]:
        told = words_of(entity, glossary)
        fits = len((adjectives or frozenset()) & told) - 3 * _opposed(adjectives, told)
        ages = [_age(glossary.looks.get(bearer, "")) for bearer in bearers]
        if _age(glossary.looks.get(entity, "")) == max(ages) > min(ages):
            fits += bool(adjectives and adjectives & {"older", "elder", "old"})
        elif _age(glossary.looks.get(entity, "")) == min(ages):
            fits += bool(adjectives and adjectives & {"younger", "young"})
        return -fits, likely.index(entity) if entity in likely else len(likely)

    return replace(word, ids=(min(bearers, key=rank),))


def _age(look: str) -> int:
    """Return the age that a look tells in figures, 0 where there is none."""
    return next((int(word) for word in tokens(look) if word.isdecimal()), 0)


def _opposed(adjectives: frozenset[str] | None, told: frozenset[str]) -> bool:
    """Say whether adjectives deny what a look tells: the old woman is no young one."""
    said = adjectives or frozenset()
    one, other = OPPOSED
    age = next((int(word) for word in told if word.isdecimal()), 0)
    if age and ((said & one and age < _OLD) or (said & other and age >= _OLD)):
        return True
    return bool((said & one and told & other) or (said & other and told & one))


_GROWN = frozenset("man woman lady fellow guy".split())
_SMALL = frozenset("little small young smaller younger".split())
_CHILDREN = frozenset(
    "boy girl child kid baby toddler infant lad cub pup puppy kitten calf foal chick".split()
)


def _is_child(told: frozenset[str]) -> bool:
    """Say whether a name or a look is of a child or a young beast."""
    age = next((int(word) for word in told if word.isdecimal()), 99)
    return age < 16 or bool(told & _CHILDREN)


def _compared(adjectives: frozenset[str], likely: Sequence[str], glossary: Glossary) -> str | None:
    """Return whom "the younger one" means of the two who were spoken of last."""
    pair = list(likely[:2])
    ages = {entity: _age(glossary.looks.get(entity, "")) for entity in pair}
    if len(pair) < 2 or not all(ages.values()):
        return None
    if adjectives & {"older", "elder"}:
        return max(pair, key=lambda entity: ages[entity])
    return min(pair, key=lambda entity: ages[entity]) if "younger" in adjectives else None


def _meant(noun: str, adjectives: frozenset[str], discourse: Discourse) -> str | None:
    """Return whom a description without a name means, the likeliest first; None for a thing."""
    glossary = discourse.glossary
    likely, here = discourse._likeliest(), discourse.here
    for entity in (*likely, *(e for e in glossary.looks if e not in likely)):
        told = words_of(entity, glossary)
        away = entity in glossary.introduced and entity not in here
        if entity in glossary.props or away or _opposed(adjectives, told):
            continue
        if noun in _GROWN and _is_child(told) and len(likely) > 1:
            continue
        if noun == "one":
            if adjectives & _SMALL and _is_child(told):
                return entity
            if adjectives & told or entity == _compared(adjectives, likely, glossary):
                return entity
        elif noun in told and noun in HYPERNYMS | dict.fromkeys(COMPLEXIONS):
            return entity
        elif noun in BEASTS and entity in likely:
            if sex_of(entity, glossary) == "other" or not told & PEOPLE:
                return entity
        elif told & HYPERNYMS.get(noun, frozenset()) or (noun in told and noun in PEOPLE):
            return entity
    return None
