"""A text -> its terms and their BM25 weights, with no model and no word list to download.

BM25 (Robertson and Zaragoza 2009) is a sum over the query's terms of idf(t) * weight(t, caption).
The weight is a fact of one caption and stands in the index; the inverse document frequency is a
fact of the whole collection and is Qdrant's (`Modifier.IDF`: ln(1 + (N - n + 0.5) / (n + 0.5))).
So a dot product of sparse vectors is BM25, exactly, in the embedded Qdrant and on a server.

Stemming is light: plural and verb endings only ("does", "doing" -> "do", "flips", "flipping",
"flipped" -> "flip"), because the captions' verbs carry the motion.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = NDArray[Any]  # of any number type

_WORD = re.compile(r"[^\W_]+")
_VOWEL = re.compile(r"[aeiouy]")
# Words without a picture. "up", "down" and "over" stay: they tell one motion from another.
_EMPTY = frozenset(
    "a an and are as at be by from in is it its of on or s that the to was with".split()
)
_DOUBLED = frozenset("bdgmnprt")


@dataclass(frozen=True, slots=True)
class Bm25:
    """How fast repetition saturates (`k1`) and how much a long caption is held back (`b`)."""

    k1: float = 1.2
    b: float = 0.75


@dataclass(frozen=True, slots=True)
class SparseText:
    """A text as a sparse vector: ascending term numbers and their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


def terms(text: str) -> list[str]:
    """Return the stems of a text's words in order, without words that show nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [stem(word) for word in _WORD.findall(folded) if word not in _EMPTY]


def stem(word: str) -> str:
    """Return a word without its plural or verb ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("ing") and _VOWEL.search(word[:-3]):
        return _bare(word[:-3])
    if len(word) > 4 and word.endswith("ed") and _VOWEL.search(word[:-2]):
        return _bare(word[:-2])
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
        # "passes" -> "pass", "does" -> "do", but "rises" -> "ris" as "rising" does.
        if word.endswith(("sse", "she", "che", "xe", "oe")):
            return word[:-1]
    return _bare(word)


def _bare(word: str) -> str:
    """Undo a doubled consonant and drop a silent e, so that all forms of a verb meet."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in _DOUBLED:
        return word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def term_number(term: str) -> int:
    """Return the number a term has in every index: 32 bits of its hash, so no list is kept.

    Two terms share a number once in about 86 collections of 10,000 terms each; their weights
    are then added, which only makes them count as one word.
    """
    return int.from_bytes(hashlib.blake2s(term.encode(), digest_size=4).digest(), "big")


class Corpus:
    """What BM25 knows of all captions together: how many, how long, how common each term is."""

    def __init__(self, captions: Sequence[str], bm25: Bm25 | None = None) -> None:
        self.bm25 = bm25 or Bm25()
        lists = [terms(caption) for caption in captions]
        self.captions = len(lists)
        self.average_terms = max(1.0, sum(map(len, lists)) / max(1, len(lists)))
        self._holding = Counter(term for words in lists for term in set(words))

    def weights(self, caption: str) -> SparseText:
        """Return a caption as it stands in the index."""
        return _sparse(self._weights(caption))

    def score(self, query: str, caption: str) -> float:
        """Return what the index gives for a query and a caption, for the few that are compared."""
        weights = self._weights(caption)
        return sum(self.idf(term) * weights.get(term, 0.0) for term in dict.fromkeys(terms(query)))

    def idf(self, term: str) -> float:
        """Return Qdrant's inverse document frequency of a term."""
        holding = self._holding[term]
        return math.log(1 + (self.captions - holding + 0.5) / (holding + 0.5))

    def weight(self, often: Counts, length: Counts) -> NDArray[np.float64]:
        """Return tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average)), each by each."""
        k1, b = self.bm25.k1, self.bm25.b
        held = k1 * (1 - b + b * np.asarray(length) / self.average_terms)
        return np.asarray(often * (k1 + 1) / (often + held))

    def _weights(self, caption: str) -> dict[str, float]:
        words = terms(caption)
        counts = Counter(words)
        found = self.weight(np.array(list(counts.values())), np.array(len(words)))
        return dict(zip(counts, found.tolist(), strict=True))


def query_weights(query: str) -> SparseText:
    """Return 1 for each different term of a query."""
    return _sparse(dict.fromkeys(terms(query), 1.0))


def _sparse(weights: dict[str, float]) -> SparseText:
    numbered: dict[int, float] = {}
    for term, weight in weights.items():
        number = term_number(term)
        numbered[number] = numbered.get(number, 0.0) + weight
    pairs = sorted(numbered.items())
    return SparseText(tuple(number for number, _ in pairs), tuple(weight for _, weight in pairs))
