"""Captions and their vectors -> the clips nearest to a query by words and by meaning.

Two rankings, BM25 of the words and the cosine of the meaning, are fused by reciprocal rank (Cormack
et al. 2009, with Qdrant's constant): a place p, counted from 0, is worth 1 / (p + 2) in each. The
index here is exact and lies in arrays of this process; `qdrant` asks a server the same and scores
alike, as one contract test holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .embedding import Vectors
from .terms import Corpus, terms

_RANK_OFFSET = 2
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Match:
    """A clip's id with its scores for a query; `meaning` is the cosine, `fused` orders."""

    id: str
    words: float
    meaning: float
    fused: float


class ClipIndex(Protocol):
    """Finds the clips whose captions are nearest to a query."""

    def find(self, words: str, meanings: Vectors, limit: int) -> list[Match]:
        """Return the clips nearest to a query, best first.

        Args:
            words: all the words that may stand in a caption; each counts once. None: "".
            meanings: [N, D] fp32, the query in N phrasings; a clip's `meaning` is its best cosine.
            limit: how many to return.
        """
        ...


def rank_depth(limit: int) -> int:
    """Return how many of each ranking are fused, so that the best `limit` are the best."""
    return max(100, 4 * limit)


class PlainIndex:
    """All captions of a library in arrays: vectors [N, D], and for each term who says it."""

    def __init__(
        self, ids: Sequence[str], captions: Sequence[str], corpus: Corpus, vectors: Vectors
    ) -> None:
        # By their ids, so that equal libraries in other orders break ties alike.
        order = np.array(sorted(range(len(ids)), key=lambda i: ids[i]), np.intp)
        self._ids = [ids[i] for i in order]
        self._vectors = np.ascontiguousarray(vectors[order], np.float32)
        self._corpus = corpus
        self._postings = _postings([captions[i] for i in order], corpus)

    def find(self, words: str, meanings: Vectors, limit: int) -> list[Match]:
        """Return the clips nearest to a query, best first; see `ClipIndex`."""
        by_words = self._words(words)
        cosines = self._vectors @ np.ascontiguousarray(meanings, np.float32).T  # [N, phrasings]
        depth = rank_depth(limit)
        rankings = [_best(column, depth) for column in cosines.T]
        worded = np.flatnonzero(by_words > 0)
        if len(worded):
            rankings.append(worded[_best(by_words[worded], depth)])
        fused: dict[int, float] = {}
        for ranking in rankings:
            for place, number in enumerate(ranking.tolist()):
                fused[number] = fused.get(number, 0.0) + 1 / (place + _RANK_OFFSET)
        nearest = cosines.max(axis=1)
        matches = [
            Match(self._ids[n], float(by_words[n]), float(nearest[n]), score)
            for n, score in fused.items()
        ]
        return sorted(matches, key=lambda m: (-m.fused, -m.meaning, m.id))[:limit]

    def _words(self, query: str) -> NDArray[np.float64]:
        """Return [N]: the BM25 score of each caption."""
        scores = np.zeros(len(self._ids))
        for term in dict.fromkeys(terms(query)):
            if term in self._postings:
                numbers, weights = self._postings[term]
                scores[numbers] += self._corpus.idf(term) * weights
        return scores


def _postings(
    captions: Sequence[str], corpus: Corpus
) -> dict[str, tuple[Numbers, NDArray[np.float64]]]:
    """Return for each term which captions have it, and its weight in each."""
    where: dict[str, list[int]] = {}
    often: dict[str, list[int]] = {}
    lengths = np.zeros(len(captions))
    for number, caption in enumerate(captions):
        counts = Counter(terms(caption))
        lengths[number] = counts.total()
        for term, count in counts.items():
            where.setdefault(term, []).append(number)
            often.setdefault(term, []).append(count)
    postings = {}
    for term, found in where.items():
        numbers = np.array(found, np.intp)
        postings[term] = (numbers, corpus.weight(np.array(often[term]), lengths[numbers]))
    return postings


def _best(scores: NDArray[np.floating], count: int) -> Numbers:
    """Return the numbers of the highest scores, highest first, equal ones in their order."""
    if count < len(scores):
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        above, equal = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        kept = np.concatenate([above, equal[: count - len(above)]])
    else:
        kept = np.arange(len(scores))
    return kept[np.argsort(-scores[kept], kind="stable")]
