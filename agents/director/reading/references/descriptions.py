"""Nouns without a name -> whom they mean, by adjectives, ages and the order of introduction.

"The beast" and "the older one" mean somebody who is known; "a nurse", who does something and whom
nothing introduces, is somebody new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..coreference import Discourse, is_several, sex_of, words_of
from ..glossary import Glossary, tokens
from ..inflection import singular
from ..lexicon import DETERMINERS, NUMBERS, PREPOSITIONS
from ..sentences import Sentence, Token
from ..words.acts import BEASTS, COMPLEXIONS, FEMALE, HYPERNYMS, KIN, MALE, OPPOSED, PEOPLE
from ..words.things import BEASTS as NAMED_BEASTS
from ..words.things import OCCUPATIONS
from .crowds import everyone, is_bare_pair, is_told_apart
from .dealt_with import OWN
from .groups import known_group, one_and_other, the_few, the_figures
from .identities import without_tellings
from .owners import owner_of_part
from .roles import in_role
from .unnamed import is_measure, is_of_a, is_one_of, is_unnamed

_ONE_OF = ("former", "latter")


def described(sentence: Sentence, discourse: Discourse) -> Sentence:
    """Return a sentence in which descriptions are mentions: "the beast", "the black one"."""
    found = tuple(_described(sentence, at, discourse) for at in range(len(sentence)))
    return without_tellings(found, discourse)


def _described(sentence: Sentence, at: int, discourse: Discourse) -> Token:
    """Return a word as a mention of whom it means, or as it is."""
    if sentence[at].is_mark:
        return sentence[at]
    found = _known(sentence, at, discourse)
    if found.text in ("everyone", "everybody") and not found.is_mention:
        all_there = everyone(sentence, at, discourse)
        return replace(found, ids=all_there, plural=len(all_there) > 1)
    if is_bare_pair(sentence, at) and not found.is_mention:
        whom = _meant(found.text, frozenset(), discourse)
        found = replace(found, ids=(whom,)) if whom in discourse.here and whom else found
    common = found.is_common or not sentence[at].is_mention
    if found.ids and common and is_told_apart(sentence, at, found.ids):
        return Token(found.text, (found.text.upper(),), is_common=True)
    if found.ids == (found.text.upper(),) and (known := in_role(sentence, at, discourse)):
        return replace(found, ids=known, plural=len(known) > 1)
    counted = found.text.partition(" ")[0] in NUMBERS
    vague = found.is_common and (found.plural or counted) and len(found.ids) == 1
    if found.is_mention and not vague:
        return found
    group = known_group(sentence, at, discourse) or the_few(sentence, at, discourse)
    group = group or the_figures(sentence, at, discourse)
    if group:
        return replace(found, ids=group, plural=True, is_common=True)
    if not found.is_mention and is_unnamed(sentence, at, discourse):
        one = tuple(word.text for word in sentence[max(0, at - 3) : at]) == ("one", "of", "the")
        name = singular(found.text) if one else found.text
        known = () if one else in_role(sentence, at, discourse)
        if known:
            return Token(found.text, known, plural=len(known) > 1, is_common=True)
        return Token(found.text, (name.upper(),), is_common=True)
    if not found.is_mention:
        return owner_of_part(sentence, at, discourse) or found
    return found


def _known(sentence: Sentence, at: int, discourse: Discourse) -> Token:
    """Return a word as a mention of somebody who is known: "the beast", "the boy"."""
    word, adjectives = sentence[at], _adjectives(sentence, at)
    if word.is_no_noun:
        return word  # "in the passenger seat", where PASSENGERS are
    if is_one_of(sentence, at):
        pair = one_and_other(word.text, discourse)
        return replace(word, ids=pair, plural=bool(pair), is_common=True)
    compared = _meant_by_age(word.text, adjectives or frozenset(), discourse)
    if compared is not None:
        return Token(word.text, (compared,))
    if word.is_common and is_measure(sentence, at):
        return replace(word, ids=())
    counted = " " in word.text and word.text.partition(" ")[0] in NUMBERS  # "two GUARDS"
    meant = counted or not word.is_common or _may_be_meant(sentence, at, discourse)
    if word.is_common and (is_of_a(sentence, at) or not meant):
        return replace(word, ids=())
    if word.is_common and word.plural and set(word.ids) <= discourse.glossary.introduced:
        there = tuple(e for e in word.ids if e in discourse.here)
        return replace(word, ids=there or word.ids)  # "the DASHWOODS"
    if word.text in _ONE_OF and at and sentence[at - 1].text == "the" and discourse.pair:
        return Token(word.text, (discourse.pair[0 if word.text == "former" else -1],))
    if word.is_common and _is_another(word, adjectives, discourse):
        whom = _meant(singular(word.text), adjectives or frozenset(), discourse)
        return replace(word, ids=(whom,)) if whom else word
    if word.is_mention and not word.plural:
        return _at_an_age(_chosen(word, adjectives, discourse), discourse)
    if word.is_mention or adjectives is None or singular(word.text) != word.text:
        return word
    whom = _meant(word.text, adjectives, discourse) or _only_one(sentence, at, discourse)
    return Token(word.text, (whom,)) if whom is not None else word


def _only_one(sentence: Sentence, at: int, discourse: Discourse) -> str | None:
    """Return the only one of a scene, beside those of the sentence, who is "the old man"."""
    noun, named = sentence[at].text, {e for word in sentence for e in word.ids}
    adjectives = _adjectives(sentence, at)
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    new = after is not None and not after.is_mark and after.text in _TELLS
    if noun not in _GROWN or noun.upper() in discourse.here or new:
        return None
    if f"{' '.join(w.text for w in sentence[at - 1 : at + 1])}".upper() in discourse.here:
        return None  # an OLD MAN
    there = [e for e in discourse.likeliest() if e in {*discourse.present, *discourse.named_at}]
    sex = "male" if noun in MALE else "female"
    fit = []
    for entity in there:
        told = words_of(entity, discourse.glossary)
        alike = sex_of(entity, discourse.glossary) == sex and entity in discourse.glossary.people
        other = is_several(entity) or _is_child(told) or _opposed(adjectives, told)
        fit += [entity] if alike and not other and entity not in named else []
    return fit[0] if len(fit) == 1 else None


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
    owned = at > 0 and (sentence[at - 1].text in OWN or sentence[at - 1].possessive)
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
    likely = discourse.likeliest()

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


# The nouns of descriptions; any other is a name, or a thing.
_DESCRIBING = frozenset({*HYPERNYMS, *COMPLEXIONS, *BEASTS, *PEOPLE, "one"})
_GROWN = frozenset("man woman lady fellow guy".split())
_SMALL = frozenset("little small young smaller younger".split())
_CHILDREN = frozenset(
    "boy girl child kid baby toddler infant lad cub pup puppy kitten calf foal chick".split()
)


def _is_child(told: frozenset[str]) -> bool:
    """Say whether a name or a look is of a child or a young beast."""
    age = next((int(word) for word in told if word.isdecimal()), 99)
    return age < 16 or bool(told & _CHILDREN)


_COMPARED = frozenset({"older", "elder", "younger"})


def _fits(noun: str, entity: str, discourse: Discourse) -> bool:
    """Say whether a noun of people may mean somebody: "man" one whose look or name is of a man."""
    told = words_of(entity, discourse.glossary)
    if noun in told or told & HYPERNYMS.get(noun, frozenset()):
        return True
    sex = sex_of(entity, discourse.glossary)
    return (sex == "male" and noun in MALE) or (sex == "female" and noun in FEMALE)


def _meant_by_age(noun: str, adjectives: frozenset[str], discourse: Discourse) -> str | None:
    """Return whom "the younger man" means of those who were spoken of."""
    if not adjectives & _COMPARED or noun not in _DESCRIBING or noun == "one":
        return None
    fit = [e for e in discourse.likeliest() if _fits(noun, e, discourse)]
    return _compared(adjectives, fit, discourse.glossary)


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
    if noun not in _DESCRIBING:
        if noun not in OCCUPATIONS and noun not in NAMED_BEASTS:
            return None
        told_so = [e for e in glossary.looks if noun in words_of(e, glossary)]
        met = (
            discourse.here | set(discourse.mentioned) | (set(glossary.looks) - glossary.introduced)
        )
        return told_so[0] if len(told_so) == 1 and told_so[0] in met else None
    likely, here = discourse.likeliest(), discourse.here
    for entity in (*likely, *(e for e in glossary.looks if e not in likely)):
        told = words_of(entity, glossary)
        # Whom nothing introduces is no more there in another scene: the niece is not "the girl".
        nameless = entity not in glossary.looks
        nameless = nameless and (singular(entity.lower()) in KIN or is_several(entity))
        away = (entity in glossary.introduced or nameless) and entity not in here
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
            person = entity in glossary.people or bool(told & PEOPLE)
            if sex_of(entity, glossary) == "other" or not person:
                return entity
        elif told & HYPERNYMS.get(noun, frozenset()) or (noun in told and noun in PEOPLE):
            return entity
    return _youngest(noun, likely, glossary) if noun in _YOUTHS else None


# What behind "the man" tells which, as of one who is new.
_TELLS = PREPOSITIONS | {"who", "that", "whose", "whom"}
_YOUTHS = {"boy": "he", "lad": "he", "girl": "she", "kid": "", "youth": ""}
_YOUNG = 26  # years: the oldest whom a page calls a boy among those who are older


def _youngest(noun: str, likely: Sequence[str], glossary: Glossary) -> str | None:
    """Return whom "the boy" means where nobody is one: the youngest, among those older."""
    ages = {e: age for e in likely if (age := _age(glossary.looks.get(e, "")))}
    wanted = {"he": "male", "she": "female"}.get(_YOUTHS[noun])
    fit = {e: n for e, n in ages.items() if wanted in (None, sex_of(e, glossary)) and n < _YOUNG}
    older = len(ages) > len(fit) > 0
    return min(fit, key=lambda e: fit[e]) if older else None
