"""Whatever file of a library becomes a pickle, nothing of it runs and nobody unpickles it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from qdrant_client import QdrantClient, models

from dreamrunner.errors import DreamRunnerError
from dreamrunner.tools.library import Drawing, Tools, open_library

from ...poison import Poison, poisoned
from .test_index import CAPTIONS, WordBag, library_at

SMALL = Drawing(base_clips=1, held_out_clips=2, character_clips=1, width=72, height=48, frames=9)


@pytest.fixture
def poison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Poison:
    return poisoned(tmp_path / "marker", monkeypatch)


def old_index(folder: Path, poison: Poison) -> Path:
    """Make an index as earlier versions kept it, with a pickle in every row."""
    client = QdrantClient(path=str(folder))
    client.create_collection(
        "clips", {"meaning": models.VectorParams(size=2, distance=models.Distance.COSINE)}
    )
    client.upsert("clips", [models.PointStruct(id=1, vector={"meaning": [1.0, 0.0]})])
    client.close()
    [storage] = folder.rglob("storage.sqlite")
    rows = sqlite3.connect(storage)
    rows.execute("UPDATE points SET point = ?", (poison.pickle,))
    rows.commit()
    rows.close()
    return storage


def test_an_index_of_an_earlier_version_is_removed_unread(tmp_path: Path, poison: Poison) -> None:
    old_index(tmp_path / "library" / "index", poison)
    found = library_at(tmp_path / "library").search("a fox walking", 3)
    assert found[0].clip.caption == CAPTIONS[1]
    poison.assert_untouched()
    assert not (tmp_path / "library" / "index").exists()


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small library that has been searched once."""
    folder = tmp_path_factory.mktemp("library")
    ask(folder)
    return folder


def ask(folder: Path) -> None:
    library = open_library(folder, Tools(embedder=WordBag()), drawing=SMALL)
    assert library.search("a fox does a somersault", 2)
    library.retrieve("somersault", ["a red fox"])


def files_of(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_every_file_of_a_library_may_be_a_pickle(
    tmp_path: Path, used: Path, poison: Poison
) -> None:
    kinds: dict[str, Path] = {}
    for path in files_of(used):  # one of each kind: there are many clips
        kinds.setdefault(path.name if path.suffix == ".json" else path.suffix, path)
    assert {"library.json", ".jsonl", ".mp4", ".safetensors"} <= set(kinds)
    for number, path in enumerate(kinds.values()):
        folder = tmp_path / str(number)
        shutil.copytree(used, folder)
        (folder / path.relative_to(used)).write_bytes(poison.pickle)
        try:
            ask(folder)
        except DreamRunnerError as error:
            assert str(folder) in str(error)
        poison.assert_untouched()


def test_a_search_is_the_same_after_its_vectors_were_made_again(
    tmp_path: Path, poison: Poison, caplog: pytest.LogCaptureFixture
) -> None:
    before = library_at(tmp_path).search("a fox walking", 3)
    for path in tmp_path.rglob("*.safetensors"):
        path.write_bytes(poison.pickle)
    assert library_at(tmp_path).search("a fox walking", 3) == before
    assert "broken" in caplog.text and "made again" in caplog.text
    poison.assert_untouched()
