"""One contract for Qdrant in memory and, where QDRANT_URL names one, for a server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from dreamrunner.errors import LibraryError
from dreamrunner.tools.library import Library, LibraryClip, Manifest, Server, Tools
from dreamrunner.tools.library.embedding import Vectors
from dreamrunner.tools.library.index import collection_name, fill, find, opened
from dreamrunner.tools.library.terms import Corpus, term_number, terms
from dreamrunner.tools.library.vectors import BATCH, embed_batches

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


@pytest.fixture(params=["memory", "server"])
def place(request: pytest.FixtureRequest) -> Server | None:
    if request.param == "memory":
        return None
    url = os.environ.get("QDRANT_URL")
    if not url:
        pytest.skip("QDRANT_URL names no Qdrant server")
    return Server(url, os.environ.get("QDRANT_API_KEY"))


def quiet(what: str, done: int, total: int) -> None:
    pass


def test_words_and_meaning_are_fused_by_reciprocal_rank(place: Server | None) -> None:
    manifest, bag = manifest_of(CAPTIONS, uuid.uuid4().hex), WordBag()
    corpus = Corpus(CAPTIONS)
    name = collection_name(manifest, corpus, bag)
    query = "a fox doing a somersault"
    with opened(place) as client:
        fill(client, name, manifest, corpus, embed_batches(CAPTIONS, bag, quiet))
        try:
            matches = find(client, name, query, bag.embed([query]), 6)
        finally:
            if isinstance(place, Server):
                client.delete_collection(name)
    by_id = {m.id: m for m in matches}
    assert len(matches) == 6
    assert {m.id for m in matches[:2]} == {"00", "04"}
    assert matches[2].id == "01"
    vectors = WordBag().embed([query, *CAPTIONS])
    for n, caption in enumerate(CAPTIONS):
        match = by_id[f"{n:02d}"]
        assert match.meaning == pytest.approx(float(vectors[0] @ vectors[n + 1]), abs=1e-4)
        assert match.words == pytest.approx(corpus.score(query, caption), rel=1e-4, abs=1e-6)
    # A place p, counted from 0, is worth 1 / (p + 2) in each ranking; the first two are tied.
    assert sum(m.fused for m in matches[:2]) == pytest.approx(2 / 2 + 2 / 3)
    assert matches[2].fused == pytest.approx(2 / 4)
    assert by_id["05"].words == 0.0


def test_a_collection_is_filled_once_and_finished_after_a_kill() -> None:
    manifest, bag = manifest_of(CAPTIONS), WordBag()
    corpus = Corpus(CAPTIONS)
    half = Manifest(name="six", clips=manifest.clips[:3])
    with opened(None) as client:
        fill(client, "c", half, corpus, embed_batches(CAPTIONS[:3], bag, quiet))
        assert client.count("c").count == 3
        fill(client, "c", manifest, corpus, embed_batches(CAPTIONS, bag, quiet))
        assert client.count("c").count == 6
        bag.embedded.clear()
        fill(client, "c", manifest, corpus, embed_batches(CAPTIONS, bag, quiet))
    assert bag.embedded == []


def test_captions_are_embedded_once_and_the_rest_after_a_kill(tmp_path: Path) -> None:
    captions, bag = [f"a fox walks {n} steps" for n in range(2 * BATCH + 5)], WordBag()
    steps: list[tuple[int, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        steps.append((done, total))

    begun = embed_batches(captions, bag, progress, tmp_path)
    first = [next(begun), next(begun)]
    begun.close()  # as a kill leaves it: two batches are written
    bag.embedded.clear()
    steps.clear()
    again = list(embed_batches(captions, bag, progress, tmp_path))
    assert bag.embedded == captions[2 * BATCH :]
    assert steps == [(0, len(captions)), (len(captions), len(captions))]
    for one, other in zip(first, again, strict=False):
        assert np.array_equal(one, other)
    bag.embedded.clear()
    steps.clear()
    assert [len(vectors) for vectors in embed_batches(captions, bag, progress, tmp_path)] == [
        BATCH, BATCH, 5,
    ]  # fmt: skip
    assert (bag.embedded, steps) == ([], [])


def test_vectors_of_captions_that_are_gone_are_removed(tmp_path: Path) -> None:
    list(embed_batches(CAPTIONS, WordBag(), quiet, tmp_path))
    before = set(tmp_path.iterdir())
    list(embed_batches(CAPTIONS[1:], WordBag(), quiet, tmp_path))
    after = set(tmp_path.iterdir())
    assert len(before) == len(after) == 1
    assert before != after


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
    library = library_at(tmp_path)
    before = library.search("a fox walking", 3)
    [path] = (tmp_path / "vectors").iterdir()
    whole = path.read_bytes()
    broken = {"cut": whole[:-9], "flipped": whole[:-1] + b"?", "other": b"broken" * 100}
    path.write_bytes(broken[damage])
    assert library.search("a fox walking", 3) == before
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
