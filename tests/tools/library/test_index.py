"""One contract for the embedded Qdrant and, where QDRANT_URL names one, for a server."""

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

from dreamrunner.errors import BusyError, LibraryError
from dreamrunner.tools.library import Library, LibraryClip, Manifest, Server, Tools
from dreamrunner.tools.library.embedding import Vectors
from dreamrunner.tools.library.index import collection_name, fill, find, opened
from dreamrunner.tools.library.terms import Corpus, term_number, terms

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


@pytest.fixture(params=["embedded", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | Server:
    if request.param == "embedded":
        return tmp_path / "index"
    url = os.environ.get("QDRANT_URL")
    if not url:
        pytest.skip("QDRANT_URL names no Qdrant server")
    return Server(url, os.environ.get("QDRANT_API_KEY"))


def quiet(what: str, done: int, total: int) -> None:
    pass


def test_words_and_meaning_are_fused_by_reciprocal_rank(place: Path | Server) -> None:
    manifest, bag = manifest_of(CAPTIONS, uuid.uuid4().hex), WordBag()
    corpus = Corpus(CAPTIONS)
    name = collection_name(manifest, corpus, bag)
    query = "a fox doing a somersault"
    with opened(place) as client:
        fill(client, name, manifest, corpus, bag, quiet)
    with opened(place) as client:
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


def test_a_collection_is_filled_once_and_finished_after_a_kill(tmp_path: Path) -> None:
    manifest, bag = manifest_of(CAPTIONS), WordBag()
    corpus = Corpus(CAPTIONS)
    half = Manifest(name="six", clips=manifest.clips[:3])
    with opened(tmp_path) as client:
        fill(client, "c", half, corpus, bag, quiet)
        assert client.count("c").count == 3
    with opened(tmp_path) as client:
        fill(client, "c", manifest, corpus, bag, quiet)
        assert client.count("c").count == 6
    bag.embedded.clear()
    with opened(tmp_path) as client:
        fill(client, "c", manifest, corpus, bag, quiet)
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


@pytest.mark.parametrize("part", ["meta.json", "collection"])
def test_a_broken_index_is_made_again(
    tmp_path: Path, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    library = library_at(tmp_path)
    before = library.search("a fox walking", 3)
    [path] = [tmp_path / "index" / part] if part == "meta.json" else (
        list((tmp_path / "index").rglob("storage.sqlite"))
    )  # fmt: skip
    path.write_bytes(b"broken" * 100)
    assert library.search("a fox walking", 3) == before
    assert "is broken" in caplog.text and "made again" in caplog.text


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


def test_an_index_held_by_another_process_is_busy_and_then_free(tmp_path: Path) -> None:
    library_at(tmp_path).search("fox", 1)
    script = (
        "import sys\n"
        "from qdrant_client import QdrantClient\n"
        "client = QdrantClient(path=sys.argv[1])\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "index")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout and holder.stdout.readline() == "held\n"
    with pytest.raises(BusyError, match="another program has the index at .* open"):
        library_at(tmp_path, wait_s=0.2).search("fox", 1)
    holder.communicate("")
    assert library_at(tmp_path).search("fox", 1)[0].clip.characters == ()


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
