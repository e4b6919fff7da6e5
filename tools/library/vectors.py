"""Captions -> their embeddings, each batch embedded once and kept in a safetensors file.

Embedding is what costs time in an index; sparse weights and payloads follow from the manifest.
A safetensors file holds numbers and nothing that runs, and the hash of the numbers stands in it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from ..store.output import write_whole
from ..store.recipe import canonical_json
from .embedding import Embedder, Vectors
from .records import Progress

log = logging.getLogger(__name__)

BATCH = 64
_WORK = "indexing the motion library"
_TENSOR, _HASH, _SUFFIX = "meaning", "sha256", ".safetensors"


def embed_batches(
    captions: Sequence[str], embedder: Embedder, progress: Progress, folder: Path | None = None
) -> Iterator[Vectors]:
    """Yield [N, D] fp32 of unit length for each batch of captions, in their order.

    Args:
        progress: called for what is embedded now, never for batches that were kept.
        folder: where batches are kept; other batches there are removed at the end. None keeps none.

    Raises:
        OutputError: the folder cannot be written.
    """
    used: set[Path] = set()
    begun = False
    for start in range(0, len(captions), BATCH):
        batch = captions[start : start + BATCH]
        path = folder / _file_name(batch, embedder) if folder else None
        vectors = _read(path, len(batch)) if path else None
        if vectors is None:
            progress(_WORK, start if begun else 0, len(captions))
            begun = True
            vectors = np.ascontiguousarray(embedder.embed(batch), np.float32)
            if path:
                _write(path, vectors)
        if path:
            used.add(path)
        yield vectors
    if begun:
        progress(_WORK, len(captions), len(captions))
    for path in set(folder.glob(f"*{_SUFFIX}")) - used if folder else ():
        path.unlink(missing_ok=True)


def _file_name(captions: Sequence[str], embedder: Embedder) -> str:
    made_of = canonical_json([embedder.fingerprint, *captions])
    return hashlib.sha256(made_of).hexdigest()[:32] + _SUFFIX


def _write(path: Path, vectors: Vectors) -> None:
    data = save({_TENSOR: vectors}, {_HASH: _hash_of(vectors)})
    write_whole(path, lambda part: part.write_bytes(data))


def _read(path: Path, count: int) -> Vectors | None:
    """Return the vectors of a file; None where it is missing or is not as it was written."""
    try:
        with safe_open(path, framework="numpy") as file:
            written = (file.metadata() or {}).get(_HASH)
            vectors: Vectors = file.get_tensor(_TENSOR)
    except FileNotFoundError:
        return None
    except (SafetensorError, OSError) as error:
        log.warning("%s is broken (%s); made again", path, error)
        return None
    if len(vectors) != count or _hash_of(vectors) != written:
        log.warning("%s is broken (its numbers have changed); made again", path)
        return None
    return vectors


def _hash_of(vectors: Vectors) -> str:
    return hashlib.sha256(vectors.tobytes()).hexdigest()
