"""One contract for Qdrant in memory and, where QDRANT_URL names one, for a server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.errors import LibraryError
from dreamrunner.tools.library import Library, LibraryClip, Manifest, Server, Tools
from dreamrunner.tools.library.embedding import Vectors
from dreamrunner.tools.library.index import ClipIndex, PlainIndex
from dreamrunner.tools.library.qdrant import QdrantIndex, collection_name, fill, opened
from dreamrunner.tools.library.terms import Corpus, term_number, terms
from dreamrunner.tools.library.vectors import BATCH, caption_vectors, compact

CAPTIONS = (
    "a red fox does a somersault on a sunny meadow",
    "a red fox walks to the left on a beach",
    "in the snow, a blue frog hopping along",
    "a black cat spins round and round in a town",
    "a red fox does a somersault on a sunny meadow",
    "a penguin sleeping",
)


class WordBag:
    """Places texts by their stems: enough meaning for a test, and no model."""

    def __init__(self) -> None:
        self.fingerprint = "bag of words"
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        vectors = np.full((len(texts), 256), 0.001, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for term in terms(text):
                vector[term_number(term) % 256] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def manifest_of(captions: Sequence[str], salt: str = "") -> Manifest:
    clips = tuple(
        LibraryClip(
            id=f"{n:02d}", file=f"{n}.mp4", caption=caption, frames=25, fps=8, width=144,
            height=96, size_bytes=1, sha256=f"{salt}{n}", licence="CC0-1.0", source="",
        )
        for n, caption in enumerate(captions)
    )  # fmt: skip
    return Manifest(name="six", clips=clips)


def quiet(what: str, done: int, total: int) -> None:
    pass


@pytest.fixture(params=["plain", "memory", pytest.param("server", marks=pytest.mark.network)])
def index_of(request: pytest.FixtureRequest) -> Iterator[Callable[[Manifest], ClipIndex]]:
    """The index of this process, Qdrant's own in memory, and a server where there is one."""
    url = os.environ.get("QDRANT_URL")
    if request.param == "server" and not url:
        pytest.skip("QDRANT_URL names no Qdrant server")
    server = Server(url or "", os.environ.get("QDRANT_API_KEY"))
    bag, made = WordBag(), list[str]()
    with opened(server if request.param == "server" else None) as client:

        def build(manifest: Manifest) -> ClipIndex:
            captions = [clip.caption for clip in manifest.clips]
            corpus, vectors = Corpus(captions), bag.embed(captions)
            if request.param == "plain":
                return PlainIndex([c.id for c in manifest.clips], captions, corpus, vectors)
            name = collection_name(manifest, corpus, bag)
            made.append(name)
            fill(client, name, manifest, corpus, vectors)
            return QdrantIndex(client, name)

        yield build
        for name in made:
            client.delete_collection(name)


def test_words_and_meaning_are_fused_by_reciprocal_rank(
    index_of: Callable[[Manifest], ClipIndex],
) -> None:
    index = index_of(manifest_of(CAPTIONS, uuid.uuid4().hex))
    query = "a fox doing a somersault"
    matches = index.find(query, WordBag().embed([query]), 6)
    by_id = {m.id: m for m in matches}
    assert len(matches) == 6
    assert {m.id for m in matches[:2]} == {"00", "04"}
    assert matches[2].id == "01"
    vectors = WordBag().embed([query, *CAPTIONS])
    corpus = Corpus(CAPTIONS)
    for n, caption in enumerate(CAPTIONS):
        match = by_id[f"{n:02d}"]
        assert match.meaning == pytest.approx(float(vectors[0] @ vectors[n + 1]), abs=1e-4)
        assert match.words == pytest.approx(corpus.score(query, caption), rel=1e-4, abs=1e-6)
    # A place p, counted from 0, is worth 1 / (p + 2) in each ranking; the first two are tied.
    assert sum(m.fused for m in matches[:2]) == pytest.approx(2 / 2 + 2 / 3)
    assert matches[2].fused == pytest.approx(2 / 4)
    assert by_id["05"].words == 0.0


def test_several_phrasings_and_no_words_are_asked_alike(
    index_of: Callable[[Manifest], ClipIndex],
) -> None:
    """Of captions without ties, every index gives what a sum over places gives."""
    captions = tuple(f"{'fox ' * (n % 5 + 1)}{'hops ' * (n % 3)} {n}" for n in range(12))
    index = index_of(manifest_of(captions, uuid.uuid4().hex))
    asked = WordBag().embed(["a fox hopping", "fox fox 7"])
    vectors = WordBag().embed(captions)
    for words in ("fox hops 7", ""):
        corpus, expected = Corpus(captions), dict.fromkeys(range(12), 0.0)
        scores = [vectors @ one for one in asked]
        if words:
            scores.append(np.array([corpus.score(words, c) for c in captions], np.float32))
        for ranking in scores:
            for place, n in enumerate(np.argsort(-ranking, kind="stable")):
                if ranking[n] > 0:
                    expected[int(n)] += 1 / (place + 2)
        found = index.find(words, asked, 5)
        best = sorted(expected.values(), reverse=True)[:5]
        assert [m.fused for m in found] == pytest.approx(best, abs=0.05)


def test_an_index_of_many_cuts_its_rankings_where_all_do() -> None:
    rng = np.random.default_rng(0)
    captions = [f"clip {n} word{n % 50}" for n in range(3000)]
    vectors = rng.normal(size=(3000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [f"{n:05d}" for n in range(3000)]
    index = PlainIndex(ids, captions, Corpus(captions), vectors)
    query = vectors[:1] * 0.9
    found = index.find("word7", query, 10)
    cosines = vectors @ query[0]
    by_meaning = sorted(range(3000), key=lambda n: (-cosines[n], n))[:100]
    by_words = [n for n in range(3000) if n % 50 == 7][:100]
    expected: dict[int, float] = {}
    for ranking in (by_meaning, by_words):
        for place, n in enumerate(ranking):
            expected[n] = expected.get(n, 0.0) + 1 / (place + 2)
    order = sorted(expected, key=lambda n: (-expected[n], -cosines[n], n))[:10]
    assert [m.id for m in found] == [ids[n] for n in order]


def test_a_collection_is_filled_once_and_finished_after_a_kill() -> None:
    manifest, bag = manifest_of(CAPTIONS), WordBag()
    corpus, vectors = Corpus(CAPTIONS), bag.embed(CAPTIONS)
    half = Manifest(name="six", clips=manifest.clips[:3])
    with opened(None) as client:
        fill(client, "c", half, corpus, vectors[:3])
        assert client.count("c").count == 3
        fill(client, "c", manifest, corpus, vectors)
        assert client.count("c").count == 6


def test_captions_are_embedded_once_and_the_rest_after_a_kill(tmp_path: Path) -> None:
    captions, bag = [f"a fox walks {n} steps" for n in range(2 * BATCH + 5)], WordBag()
    steps: list[tuple[int, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        steps.append((done, total))
        if (done, len(steps)) == (2 * BATCH, 3):
            raise KeyboardInterrupt  # two batches are embedded

    with pytest.raises(KeyboardInterrupt):
        caption_vectors(captions, bag, progress, tmp_path)
    bag.embedded.clear()
    first = caption_vectors(captions, bag, progress, tmp_path)
    assert bag.embedded == captions[2 * BATCH :]
    assert steps[-2:] == [(0, 5), (5, 5)]
    bag.embedded.clear()
    shuffled = caption_vectors(captions[::-1], bag, progress, tmp_path)
    assert np.array_equal(shuffled, first[::-1])
    assert bag.embedded == []


def test_vectors_of_captions_that_are_gone_are_dropped_when_they_are_half(tmp_path: Path) -> None:
    bag = WordBag()
    caption_vectors(CAPTIONS, bag, quiet, tmp_path)
    [path] = tmp_path.iterdir()
    size = path.stat().st_size
    compact(tmp_path, CAPTIONS[:4], bag)
    assert list(tmp_path.iterdir()) == [path]
    compact(tmp_path, CAPTIONS[:2], bag)
    [smaller] = tmp_path.iterdir()
    assert smaller != path and smaller.stat().st_size < size
    bag.embedded.clear()
    caption_vectors(CAPTIONS[:2], bag, quiet, tmp_path)
    assert bag.embedded == []


def test_a_collections_name_covers_what_is_in_it() -> None:
    corpus, bag, other = Corpus(CAPTIONS), WordBag(), WordBag()
    other.fingerprint = "another model"
    names = {
        collection_name(manifest_of(CAPTIONS), corpus, bag),
        collection_name(manifest_of(CAPTIONS, "x"), corpus, bag),
        collection_name(manifest_of(CAPTIONS[:5]), corpus, bag),
        collection_name(manifest_of(CAPTIONS), corpus, other),
    }
    assert len(names) == 4
    assert collection_name(manifest_of(CAPTIONS), Corpus(CAPTIONS), WordBag()) in names


def library_at(folder: Path, wait_s: float = 20.0) -> Library:
    return Library(folder, manifest_of(CAPTIONS), Tools(embedder=WordBag(), wait_s=wait_s))


@pytest.mark.parametrize("damage", ["cut", "flipped", "other"])
def test_broken_vectors_are_made_again(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = library_at(tmp_path).search("a fox walking", 3)
    [path] = (tmp_path / "vectors").iterdir()
    whole = path.read_bytes()
    broken = {"cut": whole[:-9], "flipped": whole[:-1] + b"?", "other": b"broken" * 100}
    path.write_bytes(broken[damage])
    assert library_at(tmp_path).search("a fox walking", 3) == before
    assert "is broken" in caplog.text and "made again" in caplog.text
    assert path.read_bytes() == whole


def test_several_searches_at_once_all_finish(tmp_path: Path) -> None:
    found: list[str] = []

    def search() -> None:
        for _ in range(3):
            found.append(library_at(tmp_path).search("a frog hopping", 1)[0].clip.id)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["02"] * 12


def test_a_server_that_does_not_answer_says_so(tmp_path: Path) -> None:
    tools = Tools(embedder=WordBag(), server=Server("http://127.0.0.1:9"))
    with pytest.raises(LibraryError, match="Qdrant server at http://127.0.0.1:9 failed"):
        Library(tmp_path, manifest_of(CAPTIONS), tools).search("fox")


def test_importing_the_tools_loads_no_database_and_no_model() -> None:
    script = (
        "import sys, dreamrunner.tools, dreamrunner.tools.library\n"
        "print([m for m in ('qdrant_client', 'torch', 'transformers') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
