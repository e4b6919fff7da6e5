"""Inflected English words -> base forms, and back: rules and a table of irregular ones."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from typing import Literal

Form = Literal["base", "s", "past", "ing"]

_IRREGULAR: dict[str, tuple[str, Form]] = {
    "is": ("be", "s"), "are": ("be", "base"), "am": ("be", "base"), "was": ("be", "past"),
    "were": ("be", "past"), "been": ("be", "past"), "being": ("be", "ing"),
    "has": ("have", "s"), "had": ("have", "past"), "does": ("do", "s"), "did": ("do", "past"),
    "done": ("do", "past"), "goes": ("go", "s"), "went": ("go", "past"), "gone": ("go", "past"),
    "lies": ("lie", "s"), "lying": ("lie", "ing"), "lay": ("lie", "past"),
    "dying": ("die", "ing"), "tying": ("tie", "ing"), "put": ("put", "base"),
}  # fmt: skip
# A verb, its past, and its participle where that is another.
_PASTS = """
awake awoke awoken, bear bore borne, beat beat beaten, become became, begin began begun, bend bent,
bind bound, bite bit bitten, bleed bled, blow blew blown, break broke broken, breed bred,
bring brought, build built, burn burnt, buy bought, catch caught, choose chose chosen, cling clung,
come came, creep crept, deal dealt, dig dug, dive dove, draw drew drawn, dream dreamt,
drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feed fed, feel felt,
fight fought, find found, flee fled, fling flung, fly flew flown, forget forgot forgotten,
forgive forgave forgiven, freeze froze frozen, get got gotten, give gave given, grind ground,
grow grew grown, hang hung, hear heard, hide hid hidden, hold held, keep kept, kneel knelt,
know knew known, lead led, lean leant, leap leapt, learn learnt, leave left, lend lent, light lit,
lose lost, make made, mean meant, meet met, overhear overheard, pay paid, ride rode ridden,
ring rang rung, rise rose risen, run ran, say said, see saw seen, seek sought, sell sold,
send sent, sew sewed sewn, shake shook shaken, shine shone, shoot shot, show showed shown,
shrink shrank shrunk,
sing sang sung, sink sank sunk, sit sat, sleep slept, slide slid, sling slung, slink slunk,
speak spoke spoken, spend spent, spill spilt, spin spun, spit spat, spring sprang sprung,
stand stood, steal stole stolen, stick stuck, sting stung, stride strode stridden,
strike struck stricken, string strung, swear swore sworn, sweep swept, swell swelled swollen,
swim swam swum, swing swung, take took taken, teach taught, tear tore torn, tell told,
think thought, throw threw thrown, tread trod trodden, understand understood, wake woke woken,
wear wore worn, weave wove woven, weep wept, win won, wind wound, wring wrung, write wrote written
"""
_IRREGULAR |= {
    past: (verb, "past")
    for verb, *pasts in (row.split() for row in _PASTS.replace("\n", " ").split(","))
    for past in pasts
    if past != verb
}
# What is done and makes one word with another: "backlit", "windblown".
DONE = frozenset(past for past, (_, form) in _IRREGULAR.items() if form == "past" and len(past) > 2)
_PLURALS = {
    "mice": "mouse", "geese": "goose", "wolves": "wolf", "children": "child", "men": "man",
    "women": "woman", "wives": "wife", "thieves": "thief",
}  # fmt: skip
# Surnames: whose plural is another has no "s" for it.
_NO_PLURALS = frozenset(f"{noun}s" for noun in _PLURALS.values())
# Plurals that no rule of endings makes of one: of people and beasts, that a noun is looked up by.
_OF_ONE = {
    "heroes": "hero", "superheroes": "superhero", "antiheroes": "antihero",
    "desperadoes": "desperado", "elves": "elf", "dwarves": "dwarf", "knives": "knife",
    "geniuses": "genius", "octopuses": "octopus", "walruses": "walrus", "passers-by": "passer-by",
    "passersby": "passerby", "sons-in-law": "son-in-law", "brothers-in-law": "brother-in-law",
    "daughters-in-law": "daughter-in-law", "sisters-in-law": "sister-in-law",
}  # fmt: skip
_IN_IE = frozenset(
    "zombie rookie junkie hippie yuppie groupie techie roadie foodie newbie goalie cabbie bookie "
    "townie preppie druggie commie greenie movie cookie collie pixie genie laddie lassie sweetie "
    "cutie hottie kiddie birdie doggie auntie eyrie prairie calorie hoodie boogie brownie magpie "
    "faerie indie oldie goodie baddie biggie freebie quickie".split()
)
_VOWELS = "aeiou"
# Base verbs that end as if they were an -ing form.
_BASES_IN_ING = frozenset(
    "bring cling ding fling king ping ring sing sling spring sting string swing wing wring".split()
)
# Short verbs ending so that their last letter is doubled, and those that look it but are not.
_NOT_DOUBLED = frozenset("w x y".split())


def base_form(word: str, known: Container[str]) -> tuple[str, Form] | None:
    """Return the base form of a lower-case verb and which form it is; None if not `known`."""
    if word in _IRREGULAR:
        base, form = _IRREGULAR[word]
        return (base, form) if base in known else None
    if word in known:
        return word, "base"
    for base, form in guesses(word):
        if base in known:
            return base, form
    return None


@lru_cache(maxsize=10_000)
def guesses(word: str) -> list[tuple[str, Form]]:
    """Return what a word may be inflected from, likelier first."""
    guesses: list[tuple[str, Form]] = []
    if word.endswith(("ies", "ied")):
        guesses.append((word[:-3] + "y", "s" if word.endswith("s") else "past"))
    if word.endswith("s") and not word.endswith("ss"):
        guesses += (
            [(word[:-1], "s"), (word[:-2], "s")] if word.endswith("es") else [(word[:-1], "s")]
        )
    endings: tuple[tuple[str, Form], ...] = (("ed", "past"), ("ing", "ing"))
    for ending, form in endings:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 2:
            continue
        # Who hops is "hopping"; "hoping" is of "hope".
        guesses += [*([] if _doubles(stem) else [(stem, form)]), (stem + "e", form)]
        if len(stem) > 2 and stem[-1] == stem[-2]:
            guesses.append((stem[:-1], form))
    return guesses


def unknown_base(word: str) -> str:
    """Return a likely base form of a third-person verb that no table knows: "shimmers"."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word.removesuffix("s")


@lru_cache(maxsize=10_000)
def singular(noun: str) -> str:
    """Return a plural noun's singular; a singular one comes back as it is."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun in _NO_PLURALS:
        return noun  # CHILDS
    if noun.endswith("children"):
        return noun[:-3]  # grandchildren
    if noun.endswith("men") and len(noun) > 5 and noun not in ("specimen", "abdomen", "acumen"):
        return noun[:-2] + "an"
    if noun in _OF_ONE:
        return _OF_ONE[noun]
    if noun.endswith(("wives", "wolves")):
        return noun[:-3] + ("fe" if noun.endswith("wives") else "f")  # housewives, werewolves
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-1] if noun[:-1] in _IN_IE else noun[:-3] + "y"
    if noun.endswith(("xes", "ches", "shes", "sses")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


# Nouns of several that have no ending: "people wait".
_SEVERAL = frozenset("people folk police cattle personnel clergy infantry cavalry".split())


def is_plural(noun: str) -> bool:
    """Say whether a noun, lower case, is of several: "guards", "men", "people"."""
    return noun in _SEVERAL or singular(noun) != noun


def gerund(verb: str) -> str:
    """Return the -ing form of a verb, or of the first word of a phrase: "lie down"."""
    head, _, rest = verb.replace("-", " ").partition(" ")
    if head.endswith("ing") and head not in _BASES_IN_ING:
        form = head
    elif head.endswith("ie"):
        form = head[:-2] + "ying"
    elif head.endswith("e") and not head.endswith(("ee", "oe", "ye")) and len(head) > 2:
        form = head[:-1] + "ing"
    elif _doubles(head):
        form = head + head[-1] + "ing"
    else:
        form = head + "ing"
    return f"{form} {rest}" if rest else form


def third_person(verb: str) -> str:
    """Return a verb, in its base form, as one does it: "turns" of "turn"."""
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "go", "do")) else f"{verb}s"


def _doubles(verb: str) -> bool:
    """Say whether a one-syllable verb ends consonant, vowel, consonant: hop, run, nod."""
    vowels = sum(letter in _VOWELS for letter in verb)
    if len(verb) < 3 or vowels != 1 or verb[-1] in _NOT_DOUBLED:
        return verb in ("begin", "quit")
    return verb[-2] in _VOWELS and verb[-1] not in _VOWELS and verb[-3] not in _VOWELS


def with_article(phrase: str) -> str:
    """Return a noun phrase with "a" or "an", unless it has a determiner of its own."""
    first = phrase.partition(" ")[0].lower()
    if first in ("a", "an", "the", "his", "her", "its", "their", "two", "three", "some"):
        return phrase
    return f"{'an' if first[:1] in _VOWELS else 'a'} {phrase}"
