"""Folders -> a library that can be searched, counted, and asked for a motion.

A library has one writer at a time, which holds its folder's lock, and many readers: what they read
is replaced in one step. Several libraries are searched as one. Nothing heavy is imported before a
search.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import BusyError, InputError, LibraryError
from ...film import Retrieval
from ..store.lock import FileLock, HeldError
from ..store.recipe import JSON, STAGE_VERSIONS, stage_key
from .choice import as_retrieved, choose, cropped
from .drawing import Drawing, DrawnClips
from .drawn_words import storybook_phrasing
from .embedding import Embedder, MiniLM, Vectors
from .phrases import Phrasing
from .records import (
    Credit,
    Holdings,
    LibraryClip,
    Manifest,
    Progress,
    Server,
    cannot_write,
    credits_of,
    holdings,
    read_manifest,
)
from .retrieval import (
    Candidate,
    ClipScorer,
    MotionQuery,
    Selection,
    check_files,
    look,
    sift,
    weigh,
)
from .terms import Corpus

if TYPE_CHECKING:
    from .index import Match, PlainIndex

VECTORS = "vectors"
# Where earlier versions kept a Qdrant index of pickles: it is removed, and never opened.
OLD_INDEX = "index"


def silent(what: str, done: int, total: int) -> None:
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
    progress: Progress = silent
    wait_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Part:
    """One folder of a library; `drawn` draws its clips where they are drawn when needed."""

    folder: Path
    manifest: Manifest
    drawn: DrawnClips | None = None


class Library:
    """The clips of one folder or of several. Satisfies the agent's `Librarian`."""

    def __init__(
        self, folder: Path, manifest: Manifest, tools: Tools, parts: Sequence[Part] = ()
    ) -> None:
        """Make a library of one folder; `parts` are more than one, `manifest` all their clips."""
        if not manifest.clips:
            raise LibraryError(_empty(folder, manifest))
        self.folder = folder
        self.manifest = manifest
        self.parts = tuple(parts) or (Part(folder, manifest),)
        self._tools = tools
        self._corpus = Corpus([clip.caption for clip in manifest.clips])
        self._clips = {clip.id: clip for clip in manifest.clips}
        self._plain: PlainIndex | None = None

    @cached_property
    def fingerprint(self) -> str:
        """The hash of all clips and captions."""
        return self.manifest.fingerprint

    def describe(self) -> Holdings:
        """Count the clips by motion, character, place and licence."""
        return holdings(self.manifest)

    def credits(self) -> list[Credit]:
        """Return to whom the clips are owed, and under which licences."""
        return credits_of(self.manifest)

    def clip(self, clip_id: str) -> LibraryClip:
        """Return the clip of an id; KeyError if there is none."""
        return self._clips[clip_id]

    def files(self, ids: Sequence[str]) -> Mapping[str, Path]:
        """Return where clips lie, drawing those that are drawn when they are needed.

        Raises:
            BusyError: other processes kept the library in use for too long.
            LibraryError, VideoError: a clip cannot be drawn.
        """
        for part in self.parts:
            if part.drawn is not None:
                known = {clip.id for clip in part.manifest.clips}
                wanted = [one for one in ids if one in known]
                if part.drawn.missing(wanted):
                    with turn(part.folder, self._tools.wait_s):
                        part.drawn.draw(wanted, self._tools.progress)
        return {one: self._clips[one].path(self.folder) for one in ids}

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        """Return the clips whose captions are nearest to a text, best first.

        Raises:
            BusyError: other processes kept the library in use for too long.
            LibraryError: the index cannot be made or read, or a clip cannot be drawn.
            OutputError: the captions' vectors cannot be written.
        """
        if limit < 1 or not query.strip():
            return []
        matches = self._find(query, [query], limit)
        files = self.files([match.id for match in matches])
        return [
            Hit(rank, self._clips[match.id], files[match.id], match.words, match.meaning,
                match.fused)
            for rank, match in enumerate(matches, start=1)
        ]  # fmt: skip

    def retrieve(self, motion: str, subjects: Sequence[str], *, gerund: str = "") -> Retrieval:
        """Return the clips that teach a motion, kept ones first, with all reasons.

        Args:
            motion: a verb in its base form, or the id of a motion.
            subjects: the looks of those who shall perform it; they only order what shows it.
            gerund: the motion's -ing form, where the library's own words for it may be wrong.

        Raises:
            BusyError: other processes kept the library in use for too long.
            LibraryError: the index cannot be made or read, or a clip cannot be drawn.
            OutputError: the captions' vectors cannot be written.
        """
        question = self._question(motion, subjects, gerund)
        selection = self._tools.selection
        candidates = self.candidates(motion, subjects, gerund=gerund)
        candidates = check_files(sift(candidates, selection), self.files)
        if self._tools.scorer:
            candidates = look(question, candidates, self._tools.scorer, selection)
        embedder = self._tools.embedder
        return Retrieval(
            motion=motion,
            query=question.phrases[0],
            key=self.retrieval_key(motion, subjects, gerund=gerund),
            clips=tuple(
                as_retrieved(question, cropped(question, c, embedder) if kept else c, kept)
                for c, kept in choose(question, candidates, selection)
            ),
        )

    def candidates(
        self, motion: str, subjects: Sequence[str], *, gerund: str = ""
    ) -> list[Candidate]:
        """Return the clips nearest to a motion by their captions, weighed and not yet sifted."""
        question = self._question(motion, subjects, gerund)
        selection = self._tools.selection
        words = " ".join(question.all_phrases)
        matches = self._find(words, question.phrases, selection.candidates)
        found = [self._candidate(match) for match in matches]
        return weigh(question, found, self._corpus, self._tools.embedder, selection)

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
        tools = self._tools
        meanings = tools.embedder.embed(phrasings)
        if tools.server is None:
            return self._index().find(words, meanings, limit)
        # Qdrant's import costs two seconds.
        from .qdrant import QdrantIndex, collection_name, fill, opened

        name = collection_name(self.manifest, self._corpus, tools.embedder)
        with turn(self.folder, tools.wait_s), opened(tools.server) as client:
            fill(client, name, self.manifest, self._corpus, self._vectors())
        with opened(tools.server) as client:
            return QdrantIndex(client, name).find(words, meanings, limit)

    def _index(self) -> PlainIndex:
        from .index import PlainIndex

        if self._plain is None:
            clips = self.manifest.clips
            ids, captions = [clip.id for clip in clips], [clip.caption for clip in clips]
            self._plain = PlainIndex(ids, captions, self._corpus, self._vectors())
        return self._plain

    def _vectors(self) -> Vectors:
        """Return [N, D] fp32, the embeddings of the captions in the manifest's order."""
        from .vectors import caption_vectors

        tools = self._tools
        known: dict[str, Vectors] = {}
        for part in self.parts:
            shutil.rmtree(part.folder / OLD_INDEX, ignore_errors=True)
            captions = [clip.caption for clip in part.manifest.clips]
            vectors = caption_vectors(
                captions, tools.embedder, tools.progress, part.folder / VECTORS
            )
            known.update(zip(captions, vectors, strict=True))
        return np.stack([known[clip.caption] for clip in self.manifest.clips])


@contextmanager
def turn(folder: Path, wait_s: float) -> Iterator[None]:
    """Hold a library's folder, to which one process writes at a time.

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


def drawn_part(folder: Path, drawing: Drawing | None = None) -> Part:
    """Return the default library, which lies under `folder`; nothing is drawn or written yet.

    Raises:
        LibraryError: what is there is broken.
    """
    drawing = drawing or Drawing()
    place = folder / drawing.name
    drawn = DrawnClips(place, drawing)
    return Part(place, drawn.manifest, drawn)


def own_part(folder: Path) -> Part | None:
    """Return the library that was made at `folder` by adding clips; None where there is none.

    Raises:
        LibraryError: it is broken.
    """
    manifest = read_manifest(folder)
    return Part(folder, manifest) if manifest is not None else None


def joined(parts: Sequence[Part], tools: Tools) -> Library:
    """Return several folders as one library; a clip that is in two of them counts once.

    Raises:
        LibraryError: there is not one clip.
    """
    if len(parts) == 1:
        return Library(parts[0].folder, parts[0].manifest, tools, parts)
    clips: dict[str, LibraryClip] = {}
    for part in parts:
        for clip in part.manifest.clips:
            place = str(clip.path(part.folder).absolute())
            clips.setdefault(clip.id, clip.model_copy(update={"file": place}))
    names = " and ".join(part.manifest.name for part in parts)
    refused = tuple(refusal for part in parts for refusal in part.manifest.refused)
    manifest = Manifest(name=names, clips=tuple(clips.values()), refused=refused)
    return Library(parts[0].folder, manifest, tools, parts)


def open_library(
    folder: Path, tools: Tools | None = None, *, drawing: Drawing | None = None
) -> Library:
    """Return the default library, which lies under `folder`; its clips are drawn as needed.

    Raises:
        LibraryError: what is there is broken.
    """
    return joined([drawn_part(folder, drawing)], tools or Tools())


def load_library(folder: Path, tools: Tools | None = None) -> Library:
    """Return the library that was made at `folder` by adding clips.

    Raises:
        InputError: there is none.
        LibraryError: it is broken or empty.
    """
    part = own_part(folder)
    if part is None:
        raise InputError(f"there is no motion library in {folder}; `dreamrunner library add` "
                         "makes one")  # fmt: skip
    return joined([part], tools or Tools())


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
