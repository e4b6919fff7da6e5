"""A sentence -> the same sentence parsed, with everybody named in it written as a pronoun.

A small parser takes "Nana snores softly" or "the sheriff drinks" for nouns, and is seldom wrong
about "he snores": who is meant is known already, so each name, with its article, its adjectives
and its title, is one word, "he", for the parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .glossary import Glossary
from .inflection import base_form, singular
from .lexicon import CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from .parse import ParsedWord, parse
from .sentences import Sentence, Token
from .words.acts import PEOPLE, TITLES
from .words.things import OCCUPATIONS
from .words.world_words import DAY_WORDS, NIGHT_WORDS, RAIN_WORDS, SNOWING_WORDS

_ARTICLES = DETERMINERS - TITLES - {"small"}
_BACK = 5  # words that may stand before a name in its phrase
_RELATIVES = frozenset("who whom which whose".split())
_HELPERS = frozenset("is are was were has have does do".split())
_CONTRACTED = {"can't": ("ca", "n't"), "cannot": ("can", "not"), "won't": ("wo", "n't")}
_BEFORE_IS = frozenset("it there he she that who what here this they we i you".split())


@dataclass(frozen=True)
class ParsedSentence:
    """The words as they were parsed; `at` says which token of `sentence` each of them is."""

    sentence: Sentence
    words: tuple[str, ...]
    at: tuple[int, ...]
    nodes: tuple[ParsedWord, ...]

    def token(self, word: int) -> Token:
        return self.sentence[self.at[word]]

    @cached_property
    def _children(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.nodes]
        for index, node in enumerate(self.nodes):
            if node.head != index:
                found[node.head].append(index)
        return tuple(map(tuple, found))

    def children(self, word: int, *deps: str) -> list[int]:
        """Return the words that hang on a word, only those of some kinds where any are named."""
        return [i for i in self._children[word] if not deps or self.nodes[i].dep in deps]

    @cached_property
    def lists(self) -> dict[int, tuple[int, ...]]:
        """Return, for everybody in a list of three or more, the words of all: "A, B and C"."""
        found: dict[int, tuple[int, ...]] = {}
        members: list[int] = []
        joined = False
        for word, text in enumerate((*self.words, ".")):
            if word < len(self.words) and self.is_mention(word):
                if members and joined and self.words[word - 1] not in ("and", "or", "nor"):
                    members = []
                joined = bool(members) and self.words[word - 1] in ("and", "or", "nor")
                members.append(word)
            elif text not in (",", "and", "or", "nor") or word == 0:
                if len(members) > 2 and joined:
                    found |= dict.fromkeys(members, tuple(members))
                members, joined = [], False
        return found

    @property
    def has_event(self) -> bool:
        """Say whether something happens: a verb that is more than "is", and no weather."""
        texts = set(self.words)
        if texts & (RAIN_WORDS | SNOWING_WORDS | DAY_WORDS | NIGHT_WORDS):
            return False
        return any(
            node.tag.startswith("VB") and node.dep in ("ROOT", "conj") and node.lemma != "be"
            for node in self.nodes
        )

    def is_mention(self, word: int) -> bool:
        return self.token(word).is_mention and not self.token(word).possessive


def parsed(sentence: Sentence, glossary: Glossary) -> ParsedSentence:
    """Return a sentence with what each of its words is to the others."""
    left_out = _left_out(sentence, glossary)
    words: list[str] = []
    at: list[int] = []
    for index, token in enumerate(sentence):
        if index not in left_out:
            said = _said(token)
            words += said
            at += [index] * len(said)
    if words:
        asked = [words[0][:1].upper() + words[0][1:], *words[1:], "."]
        nodes = parse(asked)[: len(words)]
        nodes = tuple(
            ParsedWord(n.tag, n.dep, n.head if n.head < len(words) else i, n.lemma)
            for i, n in enumerate(nodes)
        )
    else:
        nodes = ()
    return ParsedSentence(sentence, tuple(words), tuple(at), nodes)


def _said(token: Token) -> tuple[str, ...]:
    """Return the words that the parser is given for a token."""
    if token.is_mention and not token.is_thing:
        if token.possessive:
            return ("his",)
        return ("they",) if len(token.ids) > 1 else ("he",)
    text = token.text
    if text in _CONTRACTED:
        return _CONTRACTED[text]
    if text.endswith("n't"):
        return text[:-3], "n't"
    if text.endswith("'s") and text[:-2] in _BEFORE_IS:
        return text[:-2], "'s"
    return (text.replace(" ", "-"),)


def _left_out(sentence: Sentence, glossary: Glossary) -> set[int]:
    """Return the tokens that are part of somebody's name: "the old", "detective", ", 50 ,"."""
    gone: set[int] = set()
    for index, token in enumerate(sentence):
        if token.is_mention and not token.is_thing:
            gone.update(range(phrase_start(sentence, index, glossary), index))
            gone.update(_age(sentence, index))
    return gone


def _age(sentence: Sequence[Token], index: int) -> range:
    """Return the brackets with an age after a name, and a noun that only repeats who it is."""
    texts = [word.text for word in sentence[index + 1 : index + 5]]
    if len(texts) == 2 and texts[0] == "," and not texts[1].isalpha():
        return range(index + 1, index + 3)
    if len(texts) > 2 and texts[0] == "," == texts[2] and not texts[1].isalpha():
        more = 1 if len(texts) > 3 and texts[3] == "," else 0
        return range(index + 1, index + 4 + more)
    repeats = len(texts) > 2 and texts[0] == "the" and texts[1].isalpha()
    named = any(word.is_mention for word in sentence[index + 2 : index + 3])
    if repeats and not named and texts[2].endswith("s") and texts[2] not in ("is", "was", "has"):
        return range(index + 1, index + 3)
    return range(0)


def phrase_start(sentence: Sequence[Token], index: int, glossary: Glossary) -> int:
    """Return where the noun phrase of the mention at `index` begins: at its article or title."""
    start = index
    while start > 0 and _is_title(sentence[start - 1]):
        start -= 1
    for at in range(start - 1, max(-1, start - 1 - _BACK), -1):
        word = sentence[at]
        if word.is_mention or word.text in CONJUNCTIONS | PREPOSITIONS | _HELPERS | _RELATIVES:
            break
        if word.text == "that" and sentence[index].text not in glossary.bearers:
            break  # "the letter that RAY wrote"
        if word.text in _ARTICLES:
            apart = any(w.text == "," for w in sentence[at:start])
            placed = apart and at > 0 and sentence[at - 1].text in PREPOSITIONS
            return start if placed else at  # "on the piano, watching KLINE"
        if word.is_mark:
            if word.text != "," or at + 1 >= start:
                break
            continue
        verb = base_form(word.text, glossary.verbs)
        if verb is not None and verb[1] in ("s", "base") and word.text != "own":
            break
        if verb is not None and verb[1] == "ing" and _does_so(sentence, at, index, glossary):
            break
    return start


def _does_so(sentence: Sequence[Token], at: int, index: int, glossary: Glossary) -> bool:
    """Say whether a participle is another's deed: "the man hugging TED", "the sleeping LAMB"."""
    name = sentence[index].text.rpartition(" ")[2]
    described = name in glossary.bearers or singular(name) in PEOPLE | OCCUPATIONS
    before = sentence[at - 1] if at else None
    noun = before is not None and not before.is_mark and before.text not in _ARTICLES
    return not described and noun and at == index - 1


def _is_title(word: Token) -> bool:
    return not word.is_mention and word.text in TITLES
