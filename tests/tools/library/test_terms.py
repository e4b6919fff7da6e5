"""BM25: stems, weights and scores, against the formula written out slowly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamrunner.tools.library.qdrant import QdrantIndex, fill, opened
from dreamrunner.tools.library.records import LibraryClip, Manifest
from dreamrunner.tools.library.terms import Bm25, Corpus, query_weights, stem, term_number, terms

CAPTIONS = (
    "a red fox does a somersault on a sunny meadow",
    "a red fox walks to the left and a grey fox walks to the right on a beach",
    "in the snow, a blue frog hopping along",
    "a black cat spins round and round, round and round in a town",
    "the",
    "a penguin sleeping",
)


def slow_bm25(query: str, captions: tuple[str, ...], caption: str, k1: float, b: float) -> float:
    """Return Robertson's formula, term by term, with nothing prepared."""
    documents = [terms(c) for c in captions]
    words = terms(caption)
    average = max(1.0, sum(len(d) for d in documents) / len(documents))
    score = 0.0
    for term in set(terms(query)):
        tf = words.count(term)
        n = sum(term in d for d in documents)
        idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
        if tf:
            score += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(words) / average))
    return score


@pytest.mark.parametrize(
    "forms",
    [
        "flip flips flipping flipped",
        "hop hops hopping hopped",
        "do does doing",
        "walk walks walking walked",
        "rise rises rising",
        "bounce bounces bouncing bounced",
        "fly flies flying",
        "spin spins spinning",
        "pass passes passing passed",
        "dune dunes",
        "wave waves waving waved",
        "roll rolls rolling rolled",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("word", "expected"),
    [("red", "red"), ("spring", "spring"), ("king", "king"), ("grass", "grass"), ("is", "is")],
)
def test_what_is_no_ending_stays(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_terms_are_folded_and_empty_words_left_out() -> None:
    assert terms("The Fox's SOMERSAULT, over the \u212bngstrom!") == [
        "fox", "somersault", "over", "\u00e5ngstrom",
    ]  # fmt: skip
    assert terms("of the") == []


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from("ab cd ef gh ij".split()), max_size=8), min_size=1,
             max_size=6),
    st.lists(st.sampled_from("ab cd ef zz".split()), max_size=4),
    st.floats(0.1, 3), st.floats(0, 1),
)  # fmt: skip
def test_the_score_is_bm25(lists: list[list[str]], query: list[str], k1: float, b: float) -> None:
    captions = tuple(" ".join(words) for words in lists)
    corpus = Corpus(captions, Bm25(k1, b))
    for caption in captions:
        expected = slow_bm25(" ".join(query), captions, caption, k1, b)
        assert corpus.score(" ".join(query), caption) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "query", ["a fox doing somersaults", "round walk", "hop hops hopping", "nothing of this"]
)
def test_qdrant_gives_the_same_score(query: str) -> None:
    """The weights in the index and Qdrant's own inverse document frequency make BM25."""

    class Nowhere:
        fingerprint = "nowhere"

        def embed(self, texts: object) -> np.ndarray:
            return np.full((len(texts), 4), 0.5, np.float32)  # type: ignore[arg-type]

    clips = tuple(
        LibraryClip(
            id=str(n), file=f"{n}.mp4", caption=caption, frames=25, fps=8, width=144, height=96,
            size_bytes=1, sha256=str(n), licence="CC0-1.0", source="",
        )
        for n, caption in enumerate(CAPTIONS[:4])
    )  # fmt: skip
    manifest = Manifest(name="four", clips=clips)
    corpus = Corpus([clip.caption for clip in clips])
    embedder = Nowhere()
    with opened(None) as client:
        vectors = embedder.embed([clip.caption for clip in clips])
        fill(client, "four", manifest, corpus, vectors)
        matches = QdrantIndex(client, "four").find(query, embedder.embed([query]), 10)
    assert {m.id for m in matches} == {"0", "1", "2", "3"}
    for match in matches:
        caption = clips[int(match.id)].caption
        expected = slow_bm25(query, CAPTIONS[:4], caption, 1.2, 0.75)
        assert match.words == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_a_query_counts_each_word_once_and_numbers_ascend() -> None:
    found = query_weights("fox fox foxes walking walks")
    assert set(found.values) == {1.0}
    assert set(found.indices) == {term_number("fox"), term_number("walk")} | {
        term_number(t) for t in terms("foxes")
    }
    assert list(found.indices) == sorted(found.indices)
