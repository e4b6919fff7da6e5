"""Captions -> their embeddings, each embedded once and kept in safetensors files.

Embedding is what costs time in an index; all else follows from the captions. A vector is found by
the hash of its caption, so that clips may come and go in any order. A safetensors file holds
numbers and nothing that runs, and the hash of the numbers stands in it. Several processes may read
and write at once: a file is written whole under a name of its own.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from ..store.output import write_whole
from .embedding import Embedder, Vectors
from .records import Progress

log = logging.getLogger(__name__)

BATCH = 16
_BATCHES_A_FILE = 64  # what a kill loses at most
_MOST_FILES = 32
_WORK = "indexing the motion library"
_KEYS, _TENSOR, _HASH, _SUFFIX = "captions", "meaning", "sha256", ".safetensors"

Keys = NDArray[np.uint8]  # [N, 16]
Known = dict[bytes, NDArray[np.float32]]  # the hash of a caption -> its vector [D]


def caption_vectors(
    captions: Sequence[str], embedder: Embedder, progress: Progress, folder: Path | None = None
) -> Vectors:
    """Return [N, D] fp32 of unit length, one for each caption in their order; D is 1 for none.

    Args:
        progress: called for what is embedded now, never for what was kept.
        folder: where vectors are kept; None keeps none.

    Raises:
        OutputError: the folder cannot be written.
    """
    keys = [_key(caption, embedder) for caption in captions]
    known = _kept(folder) if folder else {}
    missing = {key: said for key, said in zip(keys, captions, strict=True) if key not in known}
    if missing:
        _embed(missing, embedder, progress, known, folder)
    if not keys:
        return np.zeros((0, 1), np.float32)
    return np.stack([known[key] for key in keys])


def compact(folder: Path, captions: Sequence[str], embedder: Embedder) -> None:
    """Write what is kept of some captions into one file, where half is waste or files are many.

    For the one writer of a library: a reader at that moment may have to embed anew.

    Raises:
        OutputError: the folder cannot be written.
    """
    files = sorted(folder.glob(f"*{_SUFFIX}"))
    known = _kept(folder)
    used = {key: known[key] for said in captions if (key := _key(said, embedder)) in known}
    if len(files) <= 1 and len(used) == len(known):
        return
    if len(files) <= _MOST_FILES and 2 * len(used) > len(known):
        return
    written = _write(folder, used) if used else None
    for path in files:
        if path != written:
            path.unlink(missing_ok=True)


def _embed(
    missing: dict[bytes, str],
    embedder: Embedder,
    progress: Progress,
    known: Known,
    folder: Path | None,
) -> None:
    """Embed captions, put them among the known ones, and keep them."""
    keys, fresh = list(missing), dict[bytes, NDArray[np.float32]]()
    try:
        for start in range(0, len(keys), BATCH):
            progress(_WORK, start, len(keys))
            batch = keys[start : start + BATCH]
            vectors = np.ascontiguousarray(embedder.embed([missing[k] for k in batch]), np.float32)
            fresh.update(zip(batch, vectors, strict=True))
            if folder and len(fresh) >= BATCH * _BATCHES_A_FILE:
                _write(folder, fresh)
                known.update(fresh)
                fresh = {}
        progress(_WORK, len(keys), len(keys))
    finally:
        known.update(fresh)
        if folder and fresh:
            _write(folder, fresh)


def _key(caption: str, embedder: Embedder) -> bytes:
    made_of = f"{embedder.fingerprint}\0{caption}".encode()
    return hashlib.blake2s(made_of, digest_size=16).digest()


def _write(folder: Path, vectors: Known) -> Path:
    keys: Keys = np.frombuffer(b"".join(vectors), np.uint8).reshape(-1, 16)
    numbers = np.stack(list(vectors.values()))
    digest = _hash_of(keys, numbers)
    data = save({_KEYS: keys, _TENSOR: numbers}, {_HASH: digest})
    path = folder / f"{digest[:32]}{_SUFFIX}"
    write_whole(path, lambda part: part.write_bytes(data))
    return path


def _kept(folder: Path) -> Known:
    known: Known = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        known.update(_read(path))
    return known


def _read(path: Path) -> Known:
    """Return the vectors of a file; none where it is missing or is not as it was written."""
    try:
        with safe_open(path, framework="numpy") as file:
            written = (file.metadata() or {}).get(_HASH)
            keys, numbers = file.get_tensor(_KEYS), file.get_tensor(_TENSOR)
    except FileNotFoundError:
        return {}
    except (SafetensorError, OSError) as error:
        log.warning("%s is broken (%s); made again", path, error)
        path.unlink(missing_ok=True)
        return {}
    if len(keys) != len(numbers) or _hash_of(keys, numbers) != written:
        log.warning("%s is broken (its numbers have changed); made again", path)
        path.unlink(missing_ok=True)
        return {}
    return {key.tobytes(): vector for key, vector in zip(keys, numbers, strict=True)}


def _hash_of(keys: Keys, numbers: Vectors) -> str:
    return hashlib.sha256(keys.tobytes() + numbers.tobytes()).hexdigest()
