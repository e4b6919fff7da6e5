"""Prose -> sentences of words in which those who are named stand out as mentions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .glossary import Glossary, is_capital, is_shouted
from .inflection import base_form, singular
from .lexicon import (
    CONJUNCTIONS,
    DETERMINERS,
    NUMBERS,
    PREPOSITIONS,
)
from .modifiers import (
    is_of_a_thing,
    is_of_goods,
    is_of_size,
    is_of_some,
    is_of_vessel,
    tells_a_thing,
    tells_who,
)
from .naming.no_beasts import is_no_beast
from .tokens import split_sentences
from .words.dictionary import is_no_word
from .words.screen_words import filmed_words
from .words.short_forms import is_short_for_is, whole_forms
from .words.sounds import is_unseen_noise
from .words.things import BEASTS, STRESSED, is_given, is_nobody, is_of_people


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, lower case, or a mention of one or more entities by id.

    `is_thing` marks the mention of a prop; `is_common` one by a noun in small letters, "the guard";
    `is_no_noun` a word that looks like a noun of somebody's and is none: "she ducks".
    """

    text: str
    ids: tuple[str, ...] = ()
    possessive: bool = False
    plural: bool = False
    is_thing: bool = False
    is_common: bool = False
    is_no_noun: bool = False

    @property
    def is_mention(self) -> bool:
        return bool(self.ids)

    @property
    def is_mark(self) -> bool:
        return not self.ids and not self.text[0].isalnum()


Sentence = tuple[Token, ...]


def sentences(text: str, glossary: Glossary) -> list[Sentence]:
    """Return the sentences of a paragraph; a semicolon ends one too.

    Of what is said to the camera or is only heard no word is left.
    """
    named = glossary.heard_names
    return [tuple(_marked(filmed_words(words, named), glossary)) for words in split_sentences(text)]


def _marked(words: Sequence[str], glossary: Glossary) -> Iterator[Token]:
    """Yield the words of a sentence with names and nouns of characters made mentions."""
    shouted = is_shouted(list(words))
    at = 0
    while at < len(words):
        mention, used = _mention(words, at, glossary, shouted)
        if mention is not None and _owns(words, at + used):
            mention, used = replace(mention, possessive=True), used + 1  # "the GUARDS' boots"
        if (
            mention is not None
            and mention.possessive
            and is_short_for_is(words, at + used, glossary.verbs)
        ):
            yield replace(mention, possessive=False)
            yield Token("is")
        elif mention is not None:
            yield mention
        elif _is_somebodys(words[at]) and is_short_for_is(words, at + 1, glossary.verbs):
            yield Token(words[at][:-2].lower())
            yield Token("is")
        elif whole := whole_forms(words, at):
            yield from map(Token, whole)
        elif words[at][0] in '-–—(),"“”:':
            yield Token(",")
        else:
            yield Token(words[at].lower().replace("’", "'"))
        at += used


def _owns(words: Sequence[str], at: int) -> bool:
    """Say whether an apostrophe alone stands at a place, behind an "s"."""
    return words[at : at + 1] in (["'"], ["’"]) and words[at - 1][-1:].lower() == "s"


_ANYBODY = frozenset("everybody everyone nobody somebody someone".split())


def _is_somebodys(word: str) -> bool:
    """Say whether a word is of somebody, or says that they are: "everyone's", "a guard's"."""
    of = word[:-2].lower()
    return word[-2:] in ("'s", "’s") and (of in _ANYBODY or is_of_people(of))


def _mention(
    words: Sequence[str], at: int, glossary: Glossary, shouted: bool
) -> tuple[Token | None, int]:
    """Return the mention that begins here, or None, and how many words it takes."""
    if len(words) == 1 and len(words[0]) == 1:
        return None, 1  # "D.)", the mark of a list
    first = words[at].lower().replace("’", "'")
    if told := _of_teller(first, glossary):
        return told, 1
    begins = first in glossary.first_words or _bare(first)[0] in glossary.first_words
    longest = min(glossary.longest, len(words) - at) if begins else 0
    for length in range(longest, 0, -1):
        spelled = [w.lower().replace("’", "'") for w in words[at : at + length]]
        last, possessive = _bare(spelled[-1])
        entity = glossary.names.get((*spelled[:-1], last))
        common = length == 1 and (not _may_be_noun(words, at) or is_of_a_thing(words, at, glossary))
        common = common or _is_other_word(words, at, length, entity, glossary)
        if entity is not None and length == 1 and _is_of_another(words, at, entity, glossary):
            continue
        small = words[at].islower() and not (length == 1 and is_no_word(last))  # "to kirill"
        if small and length == 1 and last in glossary.large_only:
            continue  # "the radio", where Radio is somebody
        if entity is not None and length == 1 and small and _is_deed_to(words, at, glossary):
            continue  # "A nurse ushers him in", where USHERS are too
        if entity is not None and length > 1 and _is_one_of_all(words, at, length):
            continue
        if entity is not None and length > 1 and is_of_goods(words, at + length - 1, entity):
            continue
        if entity is not None and is_of_vessel(words, at + length, glossary):
            continue
        if entity is not None and is_of_size(words, at + length):
            continue
        if entity is not None and (not words[at].islower() or not small or not common):
            thing = entity in glossary.props
            text = " ".join(spelled)
            return Token(text, (entity,), possessive, is_thing=thing, is_common=small), length
    word, possessive = _bare(words[at].lower().replace("’", "'"))
    noun = singular(word)
    if not (noun in glossary.bearers or noun in glossary.makes or is_of_some(noun)):
        return None, 1
    if is_of_a_thing(words, at, glossary) or is_of_vessel(words, at + 1, glossary):
        return None, 1
    if is_of_size(words, at + 1):
        return None, 1
    if _is_deed(words, at, glossary):
        return None, 1
    if tells_a_thing(words, at):
        return Token(words[at].lower().replace("’", "'"), is_no_noun=True), 1
    undeclared = not set(glossary.bearers.get(noun, ())) & set(glossary.looks)
    if noun in glossary.makes and words[at][0].isupper():
        return Token(words[at].lower().replace("’", "'"), is_no_noun=True), 1
    beast = noun in glossary.bearers or noun in BEASTS
    beast = beast and undeclared and not is_of_people(noun)
    if beast and is_no_beast(words, at, glossary.verbs):
        return Token(words[at].lower().replace("’", "'"), is_no_noun=True), 1
    if noun not in glossary.bearers or not (_may_be_noun(words, at) or is_capital(words[at])):
        return None, 1
    bearers = glossary.bearers[noun]
    plural = noun != word
    if plural:
        said = next(
            (NUMBERS[w.lower()] for w in words[max(0, at - 3) : at] if w.lower() in NUMBERS), 9
        )
        ids = bearers[: max(1, said)]
        return Token(word, ids, possessive, plural=True, is_common=True), 1
    return Token(word, bearers[:1], possessive, is_common=True), 1


def _is_one_of_all(words: Sequence[str], at: int, length: int) -> bool:
    """Say whether "one man" is any of those there: "looks from one man to another"."""
    if words[at].lower() != "one" or at == 0 or words[at - 1].lower() != "from":
        return False
    after = [word.lower() for word in words[at + length : at + length + 3]]
    return after[:1] == ["to"] and bool({"another", "other", "next"} & set(after))


# What somebody says of themselves who tells a page in the first person.
_FIRST_PERSON = {"i": False, "me": False, "myself": False, "my": True, "mine": True}


def _of_teller(word: str, glossary: Glossary) -> Token | None:
    """Return the mention of whoever is cued as ME or I, and tells the page: "I stop", "past me"."""
    plain = word.partition("'")[0]  # I'm, I'll
    if plain not in _FIRST_PERSON or (plain != word and plain != "i"):
        return None
    teller = glossary.names.get(("me",)) or glossary.names.get(("i",))
    return Token(plain, (teller,), _FIRST_PERSON[plain]) if teller else None


def _is_deed(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a noun is what those named before it do: "TED ducks", "TED and ANN cook"."""
    if at == 0:
        return False
    before = words[at - 1].lower()
    if not words[at].islower():  # "Rush DUCKS -"
        known = (before,) in glossary.names and not words[at - 1].isupper()
        verb = words[at].isupper() and words[at].endswith("S")
        return verb and (known or before in _DOERS or _is_verb_of_a_noun(words, at))
    if _is_verb_of_a_noun(words, at) or _is_compound_verb(words, at, glossary):
        return True
    if not words[at].endswith("s"):
        joined = any(word.lower() in ("and", "&") for word in words[max(0, at - 5) : at - 1])
        if before in _SEVERAL_DO:
            return True  # "They duck"
        return joined and (before,) in glossary.names and words[at - 1][0].isupper()
    return before in _DOERS or ((before,) in glossary.names and words[at - 1][0].isupper())


def _is_deed_to(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a noun is what is done to whoever follows: "ushers him in", "guards the door"."""
    after = words[at + 1] if at + 1 < len(words) else ""
    whom = after.lower() in _OBJECTS | DETERMINERS or after[:1].isupper()
    return whom and _is_deed(words, at, glossary)


_PARTICLES = frozenset(
    "in out around through across along down up under over into toward towards past between from "
    "for away off".split()
)


def _is_verb_of_a_noun(words: Sequence[str], at: int) -> bool:
    """Say whether a beast's noun is a verb: "a cord snakes in", "fishes for a key", "men duck"."""
    word, before = words[at].lower(), words[at - 1].lower()
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    ends = after in _PARTICLES or not after.isalpha()
    if word == "fishes":
        return after in _PARTICLES
    if word.endswith("s"):
        noun = is_nobody(before) or is_nobody(singular(before)) or is_of_people(before)
        return noun and after in _PARTICLES
    ends = ends or after in _OBJECTS
    return before != singular(before) and is_of_people(singular(before)) and ends


def _is_compound_verb(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a noun only says how another is: "in a bear hug", "TED bear hugs her"."""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    found = base_form(after, glossary.verbs)
    if found is None or singular(words[at]) != words[at] or words[at] != words[at].lower():
        return False
    before = [word.lower() for word in words[max(0, at - _ARTICLE) : at]]
    named = (before[-1],) in glossary.names and words[at - 1][0].isupper()
    if found[1] == "s":
        return named
    behind = words[at + 2 : at + 3]
    ends = not behind or not behind[0][0].isalnum() or behind[0].lower() in PREPOSITIONS
    article = next((n for n in range(at - 1, -1, -1) if words[n].lower() in ("a", "an")), 0)
    joined = article > 0 and words[article - 1].lower() in _JOINED
    led = ("a" in before or "an" in before) and not joined
    seen = any(base_form(word.lower(), _MAKING) is not None for word in words[:at])
    return found == (after, "base") and led and ends and not seen


_JOINED = frozenset({"and", "&", ","})  # "A fox and a rabbit run"
_MAKING = frozenset("see watch hear feel make let help have notice spot find".split())


def _is_other_word(
    words: Sequence[str], at: int, length: int, entity: str | None, glossary: Glossary
) -> bool:
    """Say whether a word in small letters is no name of a person: WILL and "it will rain"."""
    if length > 1 or entity not in glossary.people:
        return False
    if words[at].lower() in STRESSED or is_given(words[at]):
        return True  # "an X ray"
    before = [word.lower() for word in words[max(0, at - _ARTICLE) : at]]
    return not DETERMINERS & set(before)


def _is_of_another(words: Sequence[str], at: int, entity: str, glossary: Glossary) -> bool:
    """Say whether a name tells somebody else, or a thing: "the Yankee pitcher", "a RIGHT HOOK".

    YANKEE HITTER is called "the Yankee", but not before another noun of people.
    """
    word, before = words[at].lower(), [w.lower() for w in words[max(0, at - 2) : at]]
    if (
        entity in glossary.people
        and word == entity.lower()
        and (is_nobody(word) or is_unseen_noise(word))
    ):
        return bool({"a", "an"} & set(before)) and words[at].isupper()
    if _is_title(words, at, glossary):
        return True
    if tells_a_thing(words, at) or is_of_goods(words, at, entity):
        return True
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    part = word != entity.lower() and entity.lower().startswith(f"{word} ")
    led = "the" in before[-1:] or not words[at][0].isupper()
    other = after.isalpha() and is_of_people(singular(after)) and not _is_verb(after, glossary)
    if tells_who(words, at, glossary):
        return True  # "Indian troops", where INDIAN speaks
    return (part and led and other) or _is_surname_of(words, at, entity, glossary)


_QUOTE_MARKS = frozenset("\"“”'‘’`")


def _is_title(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a name in quotes is a work's: 'the revisions of the "MARTHA" show'."""
    if at < 2 or at + 2 >= len(words) or words[at - 2].lower() not in DETERMINERS:
        return False
    quoted = words[at - 1] in _QUOTE_MARKS and words[at + 1] in _QUOTE_MARKS
    after = words[at + 2]
    return quoted and after.islower() and base_form(after, glossary.verbs) is None


def _is_surname_of(words: Sequence[str], at: int, entity: str, glossary: Glossary) -> bool:
    """Say whether a name is the last of another's: McCLANE of "HOLLY GENNARO McCLANE"."""
    run = words[max(0, at - 2) : at + 1]
    if len(run) < _ARTICLE or not all(word.isalpha() and word.isupper() for word in run):
        return False
    if run[1].lower() in CONJUNCTIONS:
        return False  # "TED AND MOE"
    owner = glossary.names.get((run[0].lower(),))
    return owner is not None and is_given(run[0]) and owner != entity


def _is_verb(word: str, glossary: Glossary) -> bool:
    return base_form(word, glossary.verbs) is not None


_OBJECTS = frozenset("him them it us the a an his their".split())
_DOERS = frozenset("he she they i we you".split())
_SEVERAL_DO = frozenset("they we you".split())
_ARTICLE = 3  # words before a noun among which its article stands


def _bare(word: str) -> tuple[str, bool]:
    """Return a word without its possessive ending and whether it had one."""
    if word.endswith("'s"):
        return word[:-2], True
    return word.removesuffix("'"), word.endswith("'")


def _may_be_noun(words: Sequence[str], at: int) -> bool:
    """Say whether a lower-case word may name somebody here: "the bear", not "she can bear it"."""
    return at == 0 or words[at - 1].lower() not in ("to", "can", "cannot", "not", "must", "will")


def follows_determiner(sentence: Sequence[Token], at: int) -> bool:
    """Say whether the word at `at` is a noun because a determiner stands right before it."""
    return at > 0 and not sentence[at - 1].is_mention and sentence[at - 1].text in DETERMINERS
