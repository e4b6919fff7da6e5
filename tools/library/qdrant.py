"""Captions and their vectors -> a collection on a Qdrant server, and a query -> its nearest clips.

Every clip is a point with two named vectors: `words`, its sparse BM25 weights, and `meaning`, its
sentence embedding (cosine). A query asks for both and Qdrant fuses the rankings by reciprocal
rank. The library's own files are what a collection is filled from; Qdrant's own local files are
pickles: none is read or written.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from ...errors import LibraryError
from ..store.recipe import JSON, STAGE_VERSIONS, stage_key
from .embedding import Embedder, Vectors
from .index import Match, rank_depth
from .records import Manifest, Server
from .terms import Corpus, SparseText, query_weights

WORDS, MEANING = "words", "meaning"
_POINTS_A_REQUEST = 256
_POINTS = uuid.UUID("3f4f1c5e-6a0b-5d0e-9a55-6d6f74696f6e")


@contextmanager
def opened(server: Server | None) -> Iterator[QdrantClient]:
    """Open a server for one piece of work, or for a test an empty one in memory.

    Raises:
        LibraryError: the server does not answer or refuses.
    """
    client: QdrantClient | None = None
    try:
        client = _client(server)
        yield client
    except (ResponseHandlingException, UnexpectedResponse) as error:
        where = server.url if server else "this process"
        raise LibraryError(
            f"the Qdrant server at {where} failed: {error}; is it running, and is the key right?"
        ) from error
    finally:
        if client is not None:
            client.close()


def _client(server: Server | None) -> QdrantClient:
    if server is None:
        return QdrantClient(":memory:")
    return QdrantClient(url=server.url, api_key=server.api_key, check_compatibility=False)


def collection_name(manifest: Manifest, corpus: Corpus, embedder: Embedder) -> str:
    """Return the name of a library's collection: another one for anything that would differ."""
    inputs: dict[str, JSON] = {
        "library": manifest.fingerprint,
        "embedder": embedder.fingerprint,
        "bm25": [corpus.bm25.k1, corpus.bm25.b],
    }
    return f"clips-{stage_key('index', STAGE_VERSIONS['index'], inputs)[:16]}"


def fill(
    client: QdrantClient, name: str, manifest: Manifest, corpus: Corpus, vectors: Vectors
) -> None:
    """Make a library's collection, or finish one that a kill or another process left unfinished.

    Args:
        vectors: [N, D] fp32, the embeddings of the clips' captions in their order.
    """
    clips = manifest.clips
    if client.collection_exists(name):
        if client.count(name).count == len(clips):
            return
    else:
        _create(client, name, vectors.shape[1])
    for start in range(0, len(clips), _POINTS_A_REQUEST):
        part = slice(start, start + _POINTS_A_REQUEST)
        points = [
            models.PointStruct(
                id=_point(clip.id),
                payload={"clip": clip.id, "caption": clip.caption},
                vector={MEANING: vector.tolist(), WORDS: _sparse(corpus.weights(clip.caption))},
            )
            for clip, vector in zip(clips[part], vectors[part], strict=True)
        ]
        client.upsert(name, points, wait=True)


def _create(client: QdrantClient, name: str, width: int) -> None:
    try:
        client.create_collection(
            name,
            vectors_config={
                MEANING: models.VectorParams(size=width, distance=models.Distance.COSINE)
            },
            sparse_vectors_config={WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )
    except UnexpectedResponse:
        if not client.collection_exists(name):  # Else another process was faster.
            raise


@dataclass(frozen=True, slots=True)
class QdrantIndex:
    """A library's collection. Satisfies `ClipIndex`."""

    client: QdrantClient
    name: str

    def find(self, words: str, meanings: Vectors, limit: int) -> list[Match]:
        """Return the clips nearest to a query, best first; see `ClipIndex`."""
        return _find(self.client, self.name, words, meanings, limit)


def _find(
    client: QdrantClient, name: str, words: str, meanings: Vectors, limit: int
) -> list[Match]:
    depth = rank_depth(limit)
    sparse = _sparse(query_weights(words))
    prefetch = [models.Prefetch(query=v.tolist(), using=MEANING, limit=depth) for v in meanings]
    if sparse.indices:
        prefetch.append(models.Prefetch(query=sparse, using=WORDS, limit=depth))
    fused = client.query_points(
        name,
        prefetch=prefetch,
        query=models.FusionQuery(fusion=models.Fusion.RRF),
        limit=limit,
        with_payload=["clip"],
    ).points
    by_words = _scores(client, name, sparse, WORDS, fused) if sparse.indices else {}
    by_meaning = [_scores(client, name, v.tolist(), MEANING, fused) for v in meanings]
    matches = [
        Match(
            id=_clip(point),
            words=by_words.get(_clip(point), 0.0),
            meaning=max(scores[_clip(point)] for scores in by_meaning),
            fused=point.score,
        )
        for point in fused
    ]
    return sorted(matches, key=lambda m: (-m.fused, -m.meaning, m.id))


def _scores(
    client: QdrantClient,
    name: str,
    query: list[float] | models.SparseVector,
    using: str,
    among: Sequence[models.ScoredPoint],
) -> dict[str, float]:
    """Return the scores of some clips in one ranking; a clip that shares no word has none."""
    if not among:
        return {}
    only = models.Filter(must=[models.HasIdCondition(has_id=[point.id for point in among])])
    points = client.query_points(
        name, query=query, using=using, query_filter=only, limit=len(among), with_payload=["clip"]
    ).points
    return {_clip(point): point.score for point in points}


def _clip(point: models.ScoredPoint) -> str:
    if point.payload is None:
        raise LibraryError("the server's collection holds a point without a clip; remove it there")
    return str(point.payload["clip"])


def _point(clip_id: str) -> str:
    return str(uuid.uuid5(_POINTS, clip_id))


def _sparse(text: SparseText) -> models.SparseVector:
    return models.SparseVector(indices=list(text.indices), values=list(text.values))
