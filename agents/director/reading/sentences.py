"""Prose -> sentences of words in which those who are named stand out as mentions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .glossary import Glossary, is_capital, is_shouted
from .inflection import base_form, singular
from .lexicon import (
    CONJUNCTIONS,
    DETERMINERS,
    FILLERS,
    LIGHT_VERBS,
    NUMBERS,
    PREPOSITIONS,
    VERBS,
)
from .screen_words import filmed_words
from .things import STRESSED, THINGS
from .tokens import split_sentences


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, lower case, or a mention of one or more entities by id.

    `is_thing` marks the mention of a prop; `is_common` one by a noun in small letters, "the guard".
    """

    text: str
    ids: tuple[str, ...] = ()
    possessive: bool = False
    plural: bool = False
    is_thing: bool = False
    is_common: bool = False

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
    marked = (tuple(_marked(filmed_words(words), glossary)) for words in split_sentences(text))
    return [_with_relative(_without_nobody(words), glossary) for words in marked]


def _marked(words: Sequence[str], glossary: Glossary) -> Iterator[Token]:
    """Yield the words of a sentence with names and nouns of characters made mentions."""
    shouted = is_shouted(list(words))
    at = 0
    while at < len(words):
        mention, used = _mention(words, at, glossary, shouted)
        if mention is not None:
            yield mention
        elif words[at][0] in '-–—(),"“”:':
            yield Token(",")
        else:
            yield Token(words[at].lower().replace("’", "'"))
        at += used


def _mention(
    words: Sequence[str], at: int, glossary: Glossary, shouted: bool
) -> tuple[Token | None, int]:
    """Return the mention that begins here, or None, and how many words it takes."""
    for length in range(min(glossary.longest, len(words) - at), 0, -1):
        spelled = [w.lower().replace("’", "'") for w in words[at : at + length]]
        last, possessive = _bare(spelled[-1])
        entity = glossary.names.get((*spelled[:-1], last))
        common = length == 1 and (
            not _may_be_noun(words, at) or _is_of_a_thing(words, at, glossary)
        )
        common = common or _is_other_word(words, at, length, entity, glossary)
        if entity is not None and (words[at][0].isupper() or not common):
            thing = entity in glossary.props
            small = words[at].islower()
            text = " ".join(spelled)
            return Token(text, (entity,), possessive, is_thing=thing, is_common=small), length
    word, possessive = _bare(words[at].lower().replace("’", "'"))
    noun = singular(word)
    if _is_of_a_thing(words, at, glossary) or _is_deed_of_a_name(words, at, glossary):
        return None, 1
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


def _is_of_a_thing(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a noun only says what kind of thing stands after it: "dog ears"."""
    if not words[at].islower():
        return False
    for word in (w.lower() for w in words[at + 1 : at + 3]):
        if not word[0].isalpha():
            return False
        form = base_form(word, glossary.verbs)
        if word in THINGS and form is None:
            return True
        if word in PREPOSITIONS | DETERMINERS | CONJUNCTIONS or form not in (None, (word, "base")):
            return False
    return False


def _is_deed_of_a_name(words: Sequence[str], at: int, glossary: Glossary) -> bool:
    """Say whether a noun is what the one named before it does: "TED ducks", no ducks."""
    if at == 0 or not words[at].islower() or not words[at].endswith("s"):
        return False
    before = words[at - 1].lower()
    return before in _PRONOUNS or ((before,) in glossary.names and words[at - 1][0].isupper())


def _is_other_word(
    words: Sequence[str], at: int, length: int, entity: str | None, glossary: Glossary
) -> bool:
    """Say whether a word in small letters is no name of a person: WILL and "it will rain"."""
    if length > 1 or entity not in glossary.people:
        return False
    if words[at].lower() in STRESSED:
        return True
    before = [word.lower() for word in words[max(0, at - _ARTICLE) : at]]
    return not DETERMINERS & set(before)


_ARTICLE = 3  # words before a noun among which its article stands
_BUT = frozenset("but except save".split())


def _without_nobody(sentence: Sentence) -> Sentence:
    """Return "Nobody but X laughs" and "Nobody laughs but X" as "X laughs"."""
    texts = [word.text for word in sentence]
    if texts[:1] in (["everyone"], ["everybody"], ["all"]):
        return _spared(sentence)
    nobody = 1 if texts[:1] in (["nobody"], ["none"]) else 2 if texts[:2] == ["no", "one"] else 0
    at = next((at for at, text in enumerate(texts) if at >= nobody and text in _BUT), 0)
    named = next((n for n in range(at, min(len(texts), at + 5)) if sentence[n].is_mention), 0)
    if not (nobody and at and named):
        return sentence
    return (*sentence[at + 1 : named + 1], *sentence[nobody:at], *sentence[named + 1 :])


def _spared(sentence: Sentence) -> Sentence:
    """Return "Everyone laughs but X" as "Everyone laughs, but X does not"."""
    but = next((at for at, word in enumerate(sentence) if word.text in _BUT), 0)
    if not but or not sentence[-1].is_mention or any(w.is_mark for w in sentence[but:]):
        return sentence
    but_not = (Token(","), Token("but"), *sentence[but + 1 :], Token("does"), Token("not"))
    return (*sentence[:but], *but_not)


# Who says a relative clause without a pronoun: "the hat she left".
_PRONOUNS = frozenset("he she they i we you".split())
# After these a noun before a subject ends a clause of its own: "As he sees the bear the fox runs".
_SUBORDINATE = frozenset("as when while if before after until once because since".split())
# Verbs after which two nouns in a row are whom and what: "tells JOE the bear sleeps".
_REPORTS = frozenset("tell show ask teach warn remind promise assure".split())


def _with_relative(sentence: Sentence, glossary: Glossary) -> Sentence:
    """Return a sentence with the word that its relative clause leaves out: "the hat [which] she".

    A parser takes "the dog the boy is hugging yawns" for a list of nouns.
    """
    if not sentence or any(word.text in _SUBORDINATE for word in sentence[:1]):
        return sentence
    finite = [at for at in range(len(sentence)) if _is_finite(sentence, at, glossary)]
    for at in range(1, len(sentence) - 1):
        doer = _doer_after(sentence, at) if _is_head(sentence, at, glossary) else None
        verb = next((n for n in finite if doer is not None and n > doer), None)
        if doer is None or verb is None or any(w.is_mark for w in sentence[doer:verb]):
            continue
        between = sentence[doer + 1 : verb]
        if any(w.is_mention or w.text not in FILLERS and w.text[-2:] != "ly" for w in between):
            continue
        before = [n for n in finite if n < at]
        told = {found[0] for n in before if (found := base_form(sentence[n].text, _KNOWN))}
        after = [n for n in finite if n > verb]
        if (before and not told & _REPORTS) or (after and not before):
            which = Token("whom" if sentence[at].is_mention else "which")
            return (*sentence[: at + 1], which, *sentence[at + 1 :])
    return sentence


_HELPERS = frozenset("is are was were has have had can could will would must".split())
_KNOWN = frozenset(VERBS) | _REPORTS | LIGHT_VERBS


def _is_finite(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    word = sentence[at]
    if word.is_mention or word.text in DETERMINERS | PREPOSITIONS:
        return False
    if word.text in _HELPERS:
        return True
    found = base_form(word.text, glossary.verbs) or base_form(word.text, LIGHT_VERBS)
    return found is not None and found[1] in ("s", "past")


def _is_head(sentence: Sentence, at: int, glossary: Glossary) -> bool:
    """Say whether a word is a noun that a clause may follow at once: somebody, or "the hat"."""
    word = sentence[at]
    if word.is_mention:
        return not word.possessive
    if word.is_mark or word.text in DETERMINERS | PREPOSITIONS | FILLERS | CONJUNCTIONS:
        return False
    if base_form(word.text, glossary.verbs) not in (None, (word.text, "base")):
        return False
    articles = [n for n in range(max(0, at - 3), at) if sentence[n].text in DETERMINERS]
    opens = articles and not (articles[-1] and sentence[articles[-1] - 1].text in PREPOSITIONS)
    return bool(opens) and not any(w.is_mark or w.is_mention for w in sentence[articles[-1] : at])


def _doer_after(sentence: Sentence, at: int) -> int | None:
    """Return who begins a clause right after a word: a pronoun, or a name with its article."""
    if sentence[at + 1].text in _PRONOUNS and not sentence[at + 1].is_mention:
        return at + 1
    for index in range(at + 1, min(len(sentence), at + 4)):
        word = sentence[index]
        if word.is_mention:
            return index if not word.possessive else None
        article = index == at + 1 and word.text in DETERMINERS
        if not article and (index == at + 1 or word.is_mark or word.text in PREPOSITIONS):
            return None
    return None


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
