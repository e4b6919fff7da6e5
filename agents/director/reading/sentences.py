"""Prose -> sentences of words in which those who are named stand out as mentions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .glossary import Glossary, is_capital, is_shouted
from .inflection import singular
from .lexicon import DETERMINERS, NUMBERS
from .screen_words import filmed_words
from .tokens import split_sentences


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, lower case, or a mention of one or more entities by id.

    `is_thing` marks the mention of a prop.
    """

    text: str
    ids: tuple[str, ...] = ()
    possessive: bool = False
    plural: bool = False
    is_thing: bool = False

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
    return [tuple(_marked(filmed_words(words), glossary)) for words in split_sentences(text)]


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
        common = length == 1 and not _may_be_noun(words, at)
        if entity is not None and (words[at][0].isupper() or not common):
            thing = entity in glossary.props
            return Token(" ".join(spelled), (entity,), possessive, is_thing=thing), length
    word, possessive = _bare(words[at].lower().replace("’", "'"))
    noun = singular(word)
    if noun not in glossary.bearers or not (_may_be_noun(words, at) or is_capital(words[at])):
        return None, 1
    bearers = glossary.bearers[noun]
    plural = noun != word
    if plural:
        said = next(
            (NUMBERS[w.lower()] for w in words[max(0, at - 3) : at] if w.lower() in NUMBERS), 9
        )
        return Token(word, bearers[: max(1, said)], possessive, plural=True), 1
    return Token(word, bearers[:1], possessive), 1


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
