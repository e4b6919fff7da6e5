"""A folder -> a library that can be searched, counted, and asked for a motion.

Processes use the folder in turns, each for as long as it draws, indexes or searches, so that
renders of different stories share one library. Nothing heavy is imported before a search.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BusyError, LibraryError
from ...film import Retrieval
from ..store.lock import FileLock, HeldError
from ..store.recipe import JSON, STAGE_VERSIONS, stage_key
from .drawing import Drawing, draw_library
from .embedding import Embedder, MiniLM
from .ingest import Admission, ingest
from .phrases import Phrasing, storybook_phrasing
from .records import (
    Holdings,
    LibraryClip,
    Manifest,
    Progress,
    Server,
    cannot_write,
    holdings,
    read_manifest,
)
from .retrieval import Candidate, ClipScorer, MotionQuery, Selection, choose, look, sift, weigh
from .terms import Corpus

if TYPE_CHECKING:
    from .index import Match

VECTORS = "vectors"
# Where earlier versions kept a Qdrant index of pickles: it is removed, and never opened.
_OLD_INDEX = "index"


def _silent(what: str, done: int, total: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clip that a search found: BM25 of its words, cosine of its meaning, and their fusion."""

    rank: int
    clip: LibraryClip
    path: Path
    bm25: float
    dense: float
    fused: float


@dataclass(frozen=True, slots=True)
class Tools:
    """The models and settings of a library. Without a `server` the index is built in memory.

    Without a `scorer` clips are kept by their captions alone, and their reasons say so.
    """

    embedder: Embedder = field(default_factory=MiniLM)
    scorer: ClipScorer | None = None
    server: Server | None = None
    phrasing: Phrasing = field(default_factory=storybook_phrasing)
    selection: Selection = Selection()
    progress: Progress = _silent
    wait_s: float = 300.0


class Library:
    """The clips of one folder. Satisfies the agent's `Librarian`."""

    def __init__(self, folder: Path, manifest: Manifest, tools: Tools) -> None:
        if not manifest.clips:
            raise LibraryError(_empty(folder, manifest))
        self.folder = folder
        self.manifest = manifest
        self._tools = tools
        self._corpus = Corpus([clip.caption for clip in manifest.clips])
        self._clips = {clip.id: clip for clip in manifest.clips}

    @property
    def fingerprint(self) -> str:
        """The hash of all clips and captions."""
        return self.manifest.fingerprint

    def describe(self) -> Holdings:
        """Count the clips by motion, character, place and licence."""
        return holdings(self.manifest)

    def clip(self, clip_id: str) -> LibraryClip:
        """Return the clip of an id; KeyError if there is none."""
        return self._clips[clip_id]

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """Return the clips whose captions are nearest to a text, best first.

        Raises:
            BusyError: other processes kept the library in use for too long.
            LibraryError: the index cannot be made or read.
            OutputError: the captions' vectors cannot be written.
        """
        if limit < 1 or not query.strip():
            return []
        return [
            Hit(rank, clip, clip.path(self.folder), match.words, match.meaning, match.fused)
            for rank, match in enumerate(self._find(query, [query], limit), start=1)
            for clip in (self._clips[match.id],)
        ]

    def retrieve(self, motion: str, subjects: Sequence[str], *, gerund: str = "") -> Retrieval:
        """Return the clips that teach a motion, kept ones first, with all reasons.

        Args:
            motion: a verb in its base form, or the id of a motion.
            subjects: the looks of those who shall perform it; they only order what shows it.
            gerund: the motion's -ing form, where the library's own words for it may be wrong.

        Raises:
            BusyError: other processes kept the library in use for too long.
            LibraryError: the index cannot be made or read.
            OutputError: the captions' vectors cannot be written.
        """
        question = self._question(motion, subjects, gerund)
        tools = self._tools
        matches = self._find(
            " ".join(question.all_phrases), question.phrases, tools.selection.candidates
        )
        candidates = [self._candidate(match) for match in matches]
        candidates = weigh(question, candidates, self._corpus, tools.embedder, tools.selection)
        candidates = sift(candidates, tools.selection)
        if tools.scorer:
            candidates = look(question, candidates, tools.scorer)
        return Retrieval(
            motion=motion,
            query=question.phrases[0],
            key=self.retrieval_key(motion, subjects, gerund=gerund),
            clips=choose(question, candidates, tools.selection),
        )

    def retrieval_key(self, motion: str, subjects: Sequence[str], *, gerund: str = "") -> str:
        """Return the key of what `retrieve` would answer, without searching."""
        tools = self._tools
        inputs: dict[str, JSON] = {
            "library": self.fingerprint,
            "question": _fields(self._question(motion, subjects, gerund)),
            "selection": _fields(tools.selection),
            "bm25": [self._corpus.bm25.k1, self._corpus.bm25.b],
            "embedder": tools.embedder.fingerprint,
            "scorer": tools.scorer.fingerprint if tools.scorer else None,
        }
        return stage_key("retrieve", STAGE_VERSIONS["retrieve"], inputs)

    def _question(self, motion: str, subjects: Sequence[str], gerund: str) -> MotionQuery:
        phrasing = self._tools.phrasing
        named = phrasing.motion(motion)
        return MotionQuery(
            motion=motion,
            phrases=phrasing.of(named, gerund),
            synonyms=phrasing.otherwise(named),
            against=phrasing.against(named),
            seen_against=phrasing.canonical_others(named),
            subjects=tuple(dict.fromkeys(subjects)),
        )

    def _candidate(self, match: Match) -> Candidate:
        clip = self._clips[match.id]
        scores = {"bm25": match.words, "dense": match.meaning, "fused": match.fused}
        return Candidate(clip, clip.path(self.folder), scores)

    def _find(self, words: str, phrasings: Sequence[str], limit: int) -> list[Match]:
        # Qdrant's import costs two seconds, and most runs only count or ask for a key.
        from .index import collection_name, fill, find, opened
        from .vectors import embed_batches

        tools = self._tools
        meanings = tools.embedder.embed(phrasings)
        name = collection_name(self.manifest, self._corpus, tools.embedder)
        captions = [clip.caption for clip in self.manifest.clips]
        folder = None if tools.server else self.folder / VECTORS
        with turn(self.folder, tools.wait_s), opened(tools.server) as client:
            shutil.rmtree(self.folder / _OLD_INDEX, ignore_errors=True)
            vectors = embed_batches(captions, tools.embedder, tools.progress, folder)
            fill(client, name, self.manifest, self._corpus, vectors)
            return find(client, name, words, meanings, limit)


@contextmanager
def turn(folder: Path, wait_s: float) -> Iterator[None]:
    """Hold a library's folder, which one process uses at a time.

    Raises:
        BusyError: others kept the folder for `wait_s` seconds.
        LibraryError: the folder cannot be made or written.
    """
    lock = FileLock(folder / ".lock", wait_s=wait_s)
    try:
        lock.take()
    except HeldError as error:
        raise BusyError(
            f"the motion library in {folder} has been in use by another process "
            f"({error.holder}) for {wait_s:g} s; wait for it, or stop it"
        ) from error
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def open_library(
    folder: Path, tools: Tools | None = None, *, drawing: Drawing | None = None
) -> Library:
    """Return the default library, which lies under `folder` and is drawn there on first use.

    Raises:
        BusyError: other processes kept the library in use for too long.
        LibraryError: it cannot be drawn there, or what is there is broken.
        VideoError: a clip cannot be written.
    """
    drawing, tools = drawing or Drawing(), tools or Tools()
    place = folder / drawing.name
    with turn(place, tools.wait_s):
        manifest = draw_library(place, drawing, tools.progress)
    return Library(place, manifest, tools)


def take_in(
    source: Path, folder: Path, tools: Tools | None = None, *, admission: Admission | None = None
) -> Library:
    """Make the library at `folder` out of a folder of captioned videos, which stay where they are.

    Raises:
        InputError: there is no such folder, or its captions are missing or cannot be read.
        LibraryError: not one video can be taken, or the library cannot be written.
    """
    tools = tools or Tools()
    with turn(folder, tools.wait_s):
        manifest = ingest(source, folder, tools.progress, admission)
    return Library(folder, manifest, tools)


def load_library(folder: Path, tools: Tools | None = None) -> Library:
    """Return the library that `take_in` made at `folder`.

    Raises:
        LibraryError: there is none, or it is broken.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise LibraryError(f"there is no motion library in {folder}; take a folder of videos in")
    return Library(folder, manifest, tools or Tools())


def _fields(record: MotionQuery | Selection) -> dict[str, JSON]:
    """Return a record's fields: texts, numbers and tuples of texts, which JSON knows."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _empty(folder: Path, manifest: Manifest) -> str:
    if not manifest.refused:
        return f"the motion library in {folder} is empty: there was no video to take in"
    first = manifest.refused[0]
    more = len(manifest.refused) - 1
    rest = f", and {more} more" if more else ""
    return f"the motion library in {folder} is empty: {first.file}: {first.reason}{rest}"
