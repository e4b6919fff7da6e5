"""A word -> what WordNet knows of it: a person's noun, a thing's, no noun at all, or nothing.

The reader's own words come first; the dictionary answers for the rest of English. Its kinds:
"person" and "animal" (the noun's most frequent sense is one), "either" (that sense is a group, or
the person's noun is a verb or an adjective too), "seldom" (a rarer sense is a person, an animal or
a group), "thing" (none is), "no-noun", and names: "surname" and "place". "other-too" are nouns that
are verbs, adjectives or adverbs too. benchmarks/dictionary.py makes words.txt; the notice is in
wordnet/LICENSE.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from ..inflection import DONE, guesses, singular

_SOMEBODY = frozenset({"person", "animal", "either"})
_BESIDE = frozenset({"surname", "other-too"})  # kinds that a word has beside another
_NOBODY = frozenset({"thing", "no-noun"})
_BEFORE_STEM = ("over", "under", "un", "re", "out", "semi", "anti")
# What ends a compound that no dictionary need have, and no surname.
_ENDINGS = (
    "boat", "plane", "truck", "copter", "mobile", "cycle", "phone", "board", "screen", "paper",
    "light", "lights", "chair", "machine", "gun", "craft", "tower",
)  # fmt: skip
_COMPOUND = 6  # letters
_SHORTEST = 3  # letters of a stem
# Persons' nouns that a script means otherwise more often than not.
_SELDOM = frozenset(
    "have plier tribune diva nobody god christ user forward longer closer super pop soul "
    "hood spirit character siren prey diner trailer ward don ex pro tackle hunk dean "
    "quarry crank picket knockout breaker mace quad bombshell jumper shaker cub torpedo "
    "tumbler washer coaster lightweight conveyor wiper rake communicator tracer behemoth "
    "decoy alternate knocker proxy snot booby squirt brownie boob taco locator cuckoo "
    "divider booster mod fossil clone caster riser scab bleacher valentine colossus "
    "chameleon swagger kisser doormat mannequin cutter nag incendiary shaver thunderbird "
    "sender blaster clapper buff slicer oracle sprayer sweeper flasher putter thruster "
    "snapper telltale fodder stroller loon calculator automaton dud slider avatar tart "
    "monstrosity chit skimmer lancer antique transmitter carrier hanger plunger printer "
    "scanner toaster monitor beloved departed relative minor senior junior native local "
    "premier stiff darling dear mass mate pal buddy genius natural regular pacer roller "
    "walker sleeper finder ringer rounder bender boomer cracker dicker ghost shadow "
    "figure model image incarnation reincarnation creation double second third master "
    "slip sport subject type specimen case cookie cooky viewer luger spitfire preserver "
    "poof cleaner rocker intruder mediator dick fighter chip star light body face hand "
    "head heart nose mouth voice prize find catch comer winner loser favorite favourite "
    "cooly smoothie brownie trawler number name mark marker pointer runner rider heel foot".split()
)


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in _rows() if kind not in _BESIDE for word in words}


@cache
def _surnames() -> frozenset[str]:
    return frozenset(word for kind, words in _rows() if kind == "surname" for word in words)


@cache
def _others_too() -> frozenset[str]:
    return frozenset(word for kind, words in _rows() if kind == "other-too" for word in words)


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...]], ...]:
    text = files(__package__).joinpath("wordnet", "words.txt").read_text(encoding="ascii")
    rows = (line.split() for line in text.splitlines())
    return tuple((kind, tuple(words)) for kind, *words in rows)


@lru_cache(maxsize=10_000)
def is_person_noun(noun: str) -> bool:
    """Say whether a noun, lower case and singular, is a person's, and nobody's surname."""
    return _kinds().get(noun) == "person" and noun not in _SELDOM | _surnames()


@lru_cache(maxsize=10_000)
def is_no_word(word: str) -> bool:
    """Say whether a word, lower case, is none of English in any form: "kirill"."""
    known, too = _kinds(), _others_too()
    plain = len(word) > _SHORTEST and word.isalpha()
    return plain and not any(form in known or form in too for form in _forms(word))


@lru_cache(maxsize=10_000)
def is_common(word: str, *, mostly: bool = False) -> bool:
    """Say whether a word, lower case and in any form, is English and can be nobody: "strobing".

    A word of which the dictionary knows a person, an animal, a group or a bearer can be somebody;
    `mostly` asks what it is in its most frequent sense: a "tool" is a thing then.
    """
    forms = [form for form in _forms(word) if form in _kinds() or form in _surnames()]
    if word.endswith(("ing", "ly", "ed")) and word not in _surnames() and forms:
        return True
    if any(_kinds().get(form) in _SOMEBODY or form in _surnames() for form in forms):
        return False
    nobody = _NOBODY | {"seldom"} if mostly else _NOBODY
    if not forms and ((word.endswith(_ENDINGS) and len(word) > _COMPOUND) or is_done(word)):
        return True  # "an AIRBOAT", "BACKLIT"
    return bool(forms) and all(_kinds()[form] in nobody for form in forms[:1])


@lru_cache(maxsize=10_000)
def is_done(word: str) -> bool:
    """Say whether a word, lower case, says what is done: "stunned", "torn", "backlit"."""
    if word in _surnames():
        return False
    if word in DONE or (word.endswith("ed") and word in _kinds()):
        return True
    parts = ((word[:at], word[at:]) for at in range(_SHORTEST, len(word) - _SHORTEST + 1))
    return any(done in DONE and (of in _kinds() or of in _others_too()) for of, done in parts)


def is_thing_only(word: str) -> bool:
    """Say whether a word, lower case, is a thing's noun and no verb: "negotiation", no "walk"."""
    noun = word if word in _kinds() else singular(word)
    does = {noun, *(base for base, _ in guesses(word))}
    other = any(form in _others_too() or _kinds().get(form) == "no-noun" for form in does)
    return _kinds().get(noun) == "thing" and not other and len(noun) > _SHORTEST


def is_place(name: str) -> bool:
    """Say whether a name, lower case, is a town's, a state's or a country's, and nothing else."""
    return _kinds().get(name) == "place"


def _forms(word: str) -> list[str]:
    """Return a word with what it may be a form of."""
    last = word.rpartition("-")[2]
    found = [word, singular(word), *(base for base, _ in guesses(word))]
    if last != word:
        found += [last, singular(last)]
    for before in _BEFORE_STEM:
        stem = word.removeprefix(before).lstrip("-")
        if stem != word and len(stem) > _SHORTEST:
            found += [stem, *(base for base, _ in guesses(stem))]
    for ending in ("er", "est", "ly", "ily"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST:
            found += [stem, f"{stem}e", f"{stem}y", stem[:-1] if stem[-1] == stem[-2] else stem]
    return found
