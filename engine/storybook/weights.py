"""The embedded family's weights on disk -> the hashes that results are keyed by, with no torch.

An unchanged film asks for nothing but this, and must not wait for a model.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path

from ...errors import WeightsError

FOLDER = Path(__file__).parent / "weights"
# What drawing needs, and what judging needs.
NEEDED = (
    "transformer.safetensors",
    "underpainter.safetensors",
    "vae.safetensors",
    "storybook.json",
)
# Who paints people, their places, and robots, dragons and cars by parts; a folder of other weights
# may lack them.
PARTS = ("people.safetensors", "places.safetensors", "others.safetensors")
CRITIC = ("critic.safetensors", "critic.json")


@lru_cache(maxsize=8)
def fingerprint(folder: Path = FOLDER) -> str:
    """Return the hash of what clips are drawn with: weights and card.

    Raises:
        WeightsError: weights are missing.
    """
    parts = tuple(name for name in PARTS if (folder / name).is_file())
    return _hash(folder, (*NEEDED, *parts))


@lru_cache(maxsize=8)
def critic_fingerprint(folder: Path = FOLDER) -> str:
    """Return the hash of what clips are judged with: the critic's weights and card.

    Raises:
        WeightsError: its weights are missing.
    """
    return _hash(folder, CRITIC)


def _hash(folder: Path, names: tuple[str, ...]) -> str:
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise WeightsError(
            f"the storybook model has no {', '.join(missing)} in {folder}; train it with "
            "`make train`, or see the plan move with --engine animatic"
        )
    digest = sha256()
    for name in names:
        with (folder / name).open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()
