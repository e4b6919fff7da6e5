"""A beast's noun -> whether it is no beast: a thing in its shape, a verb, part of a proper name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from ..inflection import base_form, singular
from ..lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, VERBS, Verb
from ..words.brands import CAR_MAKERS, MADE, NETWORKS, SURE_MAKERS
from ..words.idioms import BEFORE_BEAST, BEHIND_BEAST, COOKED, EATEN, EATS, SAYINGS, SERVINGS
from ..words.things import ANIMATE, is_given, is_nobody, is_of_people
from ..words.world_words import COLORS


def is_no_beast(words: Sequence[str], at: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether the noun of a beast that no page declares is something else here."""
    return (
        _is_made(words, at)
        or _is_in_a_name(words, at)
        or _is_verb_at_start(words, at)
        or _is_verb_within(words, at)
        or _is_verb_of_somebody(words, at)
        or _is_large_before_a_thing(words, at)
        or _is_asked(words, at)
        or _is_huge(words, at, verbs)
        or _is_of_a_phrase(words, at)
        or _is_food(words, at)
        or _is_borne(words, at)
        or _is_in_a_saying(words, at)
        or _is_of_a_computer(words, at)
        or _is_called(words, at)
        or is_of_firms(words, at)
        or _is_ghostly(words, at)
        or is_only_heard(words, at)
        or is_only_spoken_of(words, at)
    )


QUOTES = frozenset("\"“”'‘’`")
MADE_OF = frozenset(
    "cardboard paper-mache papier-mache plastic wooden stuffed rubber toy teddy porcelain ceramic "
    "bronze marble inflatable neon plaster wax chocolate clay tin lawn".split()
)


def _is_made(words: Sequence[str], at: int) -> bool:
    """Say whether a beast is a thing in its shape: "a cardboard bird", "a stuffed owl"."""
    before = words[at - 1].lower() if at else ""
    model = before[:1].isalpha() and before[-1:].isdigit()  # "F-15 Eagles"
    return model or (words[at].islower() and before in MADE_OF)


def _is_in_a_name(words: Sequence[str], at: int) -> bool:
    """Say whether a noun is part of a proper name: "the Cobra Clutch", "Larry Bird"."""
    if not words[at].istitle():
        return False
    after = words[at + 1] if at + 1 < len(words) else ""
    if at and after.istitle() and after.isalpha():
        return True
    before = words[at - 1] if at > 1 else ""
    return before.istitle() and before.isalpha() and before.lower() not in _NO_PART


_NO_PART = DETERMINERS | PREPOSITIONS | CONJUNCTIONS | frozenset(
    "old young little big great mr mrs miss ms dr father mother brother sister mama papa black "
    "white grey gray brown red".split()
)  # fmt: skip


def _is_verb_at_start(words: Sequence[str], at: int) -> bool:
    """Say whether a plural opens a sentence as its verb: "Bears little resemblance", "Ducks a"."""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    size = [word.lower() for word in words[at + 2 : at + 3]] in (["size"], ["colour"], ["color"])
    opens = at == 0 or words[at - 1] in (",", ";", "--", "-", "–", "—")
    several = singular(words[at].lower()) != words[at].lower()
    more = after in DETERMINERS | {"little", "no", "witness"}
    away = after in _WAYS and words[at].islower()  # "ducks back inside the hut"
    return opens and several and not size and (more or away)


def _is_verb_within(words: Sequence[str], at: int) -> bool:
    """Say whether a noun is a verb: "the cart that bears it", "veer left, and duck under"."""
    before = words[at - 1].lower() if at else ""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    several = singular(words[at].lower()) != words[at].lower()
    if several:
        led = before in ("that", "which", "who")
        joined = before in ("and", ",", "then", "but") and after in _WAYS - {"in"}
        if words[at] == "flies" and after in _WAYS | {"across", "open", "past", "toward"}:
            return True  # "the hinge flies across the room"
        done = words[at].lower() in _DONE_BY and _has_subject(words, at)
        ends = not after[:1].isalpha()  # "that bears ..."
        return (
            (led and (ends or after in DETERMINERS | _WAYS))
            or joined
            or (done and _is_done_to(words, at))
        )
    # A noun of one has an article: "to stand and duck in turn" has none.
    base = base_form(words[at - 2].lower(), _DEEDS) if at > 1 and before in ("and", "or") else None
    if base is not None and base[1] == "base" and words[at].islower() and words[at] not in _ALIKE:
        return at < _PAIR + 1 or words[at - 3].lower() not in DETERMINERS
    return before in ("and", ",", "or", "then") and after in _OBJECTS | _WAYS


# Plurals of beasts that are verbs of what is done to somebody or something: "Tom RAMS the door".
_DONE_BY = frozenset(
    "rams ducks fishes hogs badgers wolfs bugs parrots apes hounds dogs horses weasels squirrels "
    "snakes worms bats hawks flies crows swans leeches ferrets pigs monkeys slugs "
    "gulls skunks cows buffaloes".split()
)


_DEEDS = ANIMATE | frozenset(VERBS)
# Beasts of which several are called as one is.
_ALIKE = frozenset("fish sheep deer moose elk bison squid buffalo".split())


def _is_verb_of_somebody(words: Sequence[str], at: int) -> bool:
    """Say whether somebody who stands before does it: "Young Edwin ducks between", "deftly ducks".

    Who is named before a beast of several, and has no "and" after them, has no other verb.
    """
    word = words[at].lower()
    if word not in _DONE_BY | {"bears"} or not _has_subject(words, at):
        return False
    after = words[at + 1].lower() if at + 1 < len(words) else "."
    return not after[0].isalnum() or after in PREPOSITIONS | _WAYS | {"and", "as", "then"}


def _has_subject(words: Sequence[str], at: int) -> bool:
    """Say whether a name, a pronoun or "then" stands before: "Tom RAMS", "then fishes"."""
    before = at - 1
    while before >= 0 and (words[before].endswith("ly") or words[before] in _TOO):
        before -= 1  # "as ANN, too, ducks"
    if before < 0:
        return False
    word = words[before].lower()
    if word == "and" and before and is_of_people(singular(words[before - 1].lower())):
        return False  # "men and horses"
    name = words[before][0].isupper() and word.isalpha() and not words[before].endswith("ING")
    # What opens a sentence large may be an adjective: "Wild horses up the hill".
    told = before > 0 or words[before].isupper() or is_given(word)
    return word in _SUBJECTS or (name and told and word not in DETERMINERS | PREPOSITIONS)


_TOO = frozenset({",", "too", "also", "again"})


def _is_done_to(words: Sequence[str], at: int) -> bool:
    """Say whether an object or a way follows: "rams him", "fishes out a key", "RAMS into"."""
    after = words[at + 1] if at + 1 < len(words) else ""
    whom = DETERMINERS | _OBJECTS | _OWN
    if words[at - 1].lower() == "and":
        return after.lower() in whom
    name = after[:1].isupper() and after.isalpha()
    return name or after.lower() in whom | _WAYS | {"for", "out", "up", "off"}


_SUBJECTS = frozenset("he she it they who then and but".split())
_OBJECTS = frozenset("it him them her".split())
_WAYS = frozenset("under behind out down away into back through around inside past".split())


def _is_large_before_a_thing(words: Sequence[str], at: int) -> bool:
    """Say whether capitals only tell the thing behind them: "a FISH SANDWICH"."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at].isupper() and after.isupper() and is_nobody(singular(after.lower()))


def _is_asked(words: Sequence[str], at: int) -> bool:
    """Say whether a page only asks what something is: "Was it a bird or a bat?"."""
    return [word.lower() for word in words[:2]] in (["was", "it"], ["is", "it"]) and at > 1


_SIZES = frozenset({"monster", "mammoth", "giant"})


def _is_huge(words: Sequence[str], at: int, verbs: Mapping[str, Verb]) -> bool:
    """Say whether a noun only says how large a thing is: "a monster indoor funpark"."""
    led = at > 0 and words[at - 1].lower() in ("a", "an")
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    plain = after.isalpha() and not after.endswith("ly") and base_form(after, verbs) is None
    ends = PREPOSITIONS | CONJUNCTIONS | DETERMINERS | {"is", "was", "who", "that"}
    return words[at] in _SIZES and led and plain and after not in ends


def _is_of_a_phrase(words: Sequence[str], at: int) -> bool:
    """Say whether a noun is of a set phrase or a make: "a pony tail", "a Dodge Ram"."""
    behind = words[at + 1 : at + 2]
    if at and words[at - 1] in QUOTES and (not behind or behind[0] in QUOTES):
        return True  # gives two "birds" to the street
    word = words[at].lower().replace("’", "'").removesuffix("'s")
    before = words[at - 1].lower() if at else ""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    return (
        (singular(word), after) in BEHIND_BEAST
        or (before, word) in BEFORE_BEAST
        or (before, word) in MADE
    )


def _is_food(words: Sequence[str], at: int) -> bool:
    """Say whether a beast is a meal: "a roast duck", "carves the turkey", "a plate of crab"."""
    if singular(words[at].lower()) not in EATEN:
        return False
    before = [word.lower() for word in words[max(0, at - _NEAR) : at]]
    if COOKED & set(before) or (before[-1:] == ["of"] and before[-2:-1] and before[-2] in SERVINGS):
        return True
    while before and before[-1] in DETERMINERS:
        before.pop()
    return bool(before) and base_form(before[-1], EATS) is not None


_PAIR = 2
_NEAR = 3  # words before a noun that tell of it
_BARELY = frozenset("hardly barely scarcely ever even always never".split())
_ABLE = frozenset("can can't cannot could couldn't to will won't would must".split())


def _is_borne(words: Sequence[str], at: int) -> bool:
    """Say whether a noun is a verb: "can hardly bear it", "the house bears the marks"."""
    word, before = words[at].lower(), words[at - 1].lower().replace("’", "'") if at else ""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    lead = words[at - 2].lower().replace("’", "'") if at > 1 else ""
    if before in _ABLE or (before in _BARELY and lead in _ABLE):
        return singular(word) == word
    while lead and before in _BARELY | {"already", "again", "once"}:
        before, lead, at = lead, words[at - 2].lower() if at > 1 else "", at - 1
    thing = is_nobody(before) or is_nobody(singular(before)) or before in ("it", "that", "which")
    on = after in DETERMINERS | _OWN or after in ("down", "on", "witness", "upon", "up")
    several = before.endswith("s") and not before.endswith(("'s", "ss")) and on
    bare = word == "bear" and several and before not in DETERMINERS | PREPOSITIONS
    return bare or (word == "bears" and thing and on) or (word == "bear" and after == "down")


def _is_in_a_saying(words: Sequence[str], at: int) -> bool:
    """Say whether a beast is of a saying: "other fish to fry", "plays cat and mouse"."""
    small = tuple(word.lower().replace("’", "'") for word in words)
    return any(
        small[start : start + len(saying)] == saying
        for saying in SAYINGS
        for start in range(max(0, at - len(saying) + 1), at + 1)
    )


def _is_of_a_computer(words: Sequence[str], at: int) -> bool:
    """Say whether a mouse is a computer's: "clicks the mouse", "the mouse beside the keyboard"."""
    if words[at].lower() != "mouse":
        return False
    done = any(
        base_form(w.lower(), _DONE_TO_A_MOUSE) is not None for w in words[max(0, at - 4) : at]
    )
    return done or bool(_COMPUTER & {word.lower() for word in words})


_COMPUTER = frozenset(
    "computer computers laptop keyboard keypad screen monitor cursor desktop icon website".split()
)
_DONE_TO_A_MOUSE = frozenset(
    "click manipulate control operate work use scroll jiggle wiggle double-click".split()
)
_OWN = frozenset("his her its their no little".split())
_SAID_BY = frozenset("i you i'm you're we i'll you'll me your".split())
_SAID_TO = frozenset("you old my dear little sweet".split())


def _is_called(words: Sequence[str], at: int) -> bool:
    """Say whether talk calls somebody so: "I love you, pony", "Pig."."""
    if len(words) == 1:
        return words[0].istitle()
    before = [word.lower() for word in words[:at]]
    while before and before[-1] in _SAID_TO:
        before.pop()
    ends = at + 1 == len(words) or not words[at + 1][0].isalnum()
    spoken = {word.replace("’", "'") for word in before} & _SAID_BY
    return ends and before[-1:] == [","] and bool(spoken)


def is_of_firms(words: Sequence[str], at: int) -> bool:
    """Say whether a noun is one of a list of networks, or one of two in an inn's name."""
    if words[at].isupper():
        near = {word.lower() for word in words[max(0, at - _NEAR) : at + _NEAR + 1]}
        return bool(NETWORKS & near)
    if not words[at].istitle():
        return False
    joined = [word.lower() for word in words[at + 1 : at + 2]] == ["and"]
    inn = joined and words[at + 2 : at + 3] and words[at + 2].istitle()
    led = at > 0 and words[at - 1].lower() == "the"
    ends = at > 2 and words[at - 1] == "and" and words[at - 2].istitle()
    return bool(inn and led) or (ends and words[at - 3].lower() == "the")


def _is_ghostly(words: Sequence[str], at: int) -> bool:
    """Say whether a ghost is but a trace, a colour, or in a saying: "the ghost of a smile"."""
    if words[at].lower() not in ("ghost", "ghosts"):
        return False
    after = [word.lower() for word in words[at + 1 : at + 3]]
    before = [word.lower() for word in words[max(0, at - _NEAR) : at]]
    trace = after in (["of", "a"], ["of", "an"])
    colour = after[:1] != [] and after[0] in COLORS | {"pale"}
    said = before[-1:] == ["a"] and before[-2:-1] in (["seen"], ["seeing"], ["saw"])
    past = after[:1] == ["of"] and bool(
        {"past", "christmas"} & {w.lower() for w in words[at + 2 :]}
    )
    return trace or colour or said or past


_HEARD = frozenset(
    "sound sounds noise noises twitter twittering chirp chirping barking howling baying singing "
    "cheep cheeps cluck clucking cry cries call calls lowing bleating buzz buzzing hum humming "
    "hoot cawing screech song".split()
)
_CRIES = frozenset(
    "bark howl chirp sing bay bleat croak moo caw hoot buzz whinny neigh cluck crow yap yelp "
    "whimper growl squawk squeal screech bellow bray hiss low".split()
)
_CHORUS = frozenset("crickets cicadas locusts katydids insects".split())
_AFAR = frozenset("in distance distant nearby outside somewhere far away off neighborhood".split())


def is_only_heard(words: Sequence[str], at: int) -> bool:
    """Say whether a beast is a sound: "the sounds of the birds", "Dogs bark in the distance"."""
    before = [word.lower() for word in words[max(0, at - _SOUND_LED) : at]]
    sound = next((n for n, word in enumerate(before) if word in _HEARD), len(before))
    between = set(before[sound + 1 :])
    if {"of", "from", "is", "are", "were"} & between and not between & {",", "--", "who"}:
        return True
    after = [word.lower() for word in words[at + 1 :]]
    cries = after[:1] != [] and base_form(after[0], _CRIES) is not None
    afar = bool(_AFAR & set(after[1:]) or {"distant", "hear", "hears", "heard"} & set(before))
    return cries and (afar or words[at].lower() in _CHORUS)


def is_only_spoken_of(words: Sequence[str], at: int) -> bool:
    """Say whether a beast is told of, or likened: "about a ghost", "like you'd calm a horse"."""
    before = [word.lower() for word in words[max(0, at - _SOUND_LED) : at]]
    if "about" in before[-2:]:
        return True
    like = len(before) - 1 - before[::-1].index("like") if "like" in before else -1
    behind = before[like + 1 : like + 2] if like >= 0 else []
    return bool(behind) and (behind[0][:3] == "you" or behind[0] in ("one", "someone", "with"))


_SOUND_LED = 8  # words from a sound, or from "like", to whose it is


def is_model(maker: str, word: str) -> bool:
    """Say whether a person's noun behind a maker is a car: "a Ford Escort", "her Range Rover"."""
    person = is_of_people(singular(word)) and singular(word) not in ("driver", "dealer", "owner")
    return (maker in SURE_MAKERS and person) or (maker in ("land", "range") and word == "rover")


def beasts_made(texts: Iterable[Sequence[str]]) -> frozenset[str]:
    """Return the nouns after which a script's cars are called: "ram" of "a Dodge Ram"."""
    found = set()
    for words in texts:
        for before, word in pairwise(words):
            pair = before.lower(), word.lower()
            made = pair[0] in CAR_MAKERS and pair in MADE
            if word[0].isupper() and (made or is_model(*pair)) and before[0].isupper():
                found.add(singular(pair[1]))
    return frozenset(found)
