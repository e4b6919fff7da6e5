"""The published critic's models -> their folders on this machine, and the hash of all of them.

Weights come from a folder that the user names, one folder a model, else from the hub's cache. Only
safetensors are read: what a pickle holds is run. Nothing is downloaded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from ....errors import WeightsError


@dataclass(frozen=True, slots=True)
class VisionModel:
    """One model of the published critic.

    Attributes:
        folder: its name below the folder that the user names.
        does: what it is asked.
        repo: its name on the hub.
        gigabytes: about how large its weights are.
    """

    folder: str
    does: str
    repo: str
    licence: str
    gigabytes: float


FINDER = VisionModel(
    "grounding-dino", "finds what a text names", "IDEA-Research/grounding-dino-base",
    "Apache-2.0", 0.9,
)  # fmt: skip
TRACKER = VisionModel(
    "sam2.1", "follows what was found", "facebook/sam2.1-hiera-small", "Apache-2.0", 0.2
)  # fmt: skip
RECOGNISER = VisionModel(
    "dinov2", "says how alike pictures are", "facebook/dinov2-base", "Apache-2.0", 0.3
)  # fmt: skip
PICTURES = VisionModel(
    "siglip2", "compares pictures with texts", "timm/ViT-B-16-SigLIP2-256", "Apache-2.0", 1.5
)  # fmt: skip
MOVEMENT = VisionModel(
    "x-clip", "compares moving pictures with texts", "microsoft/xclip-base-patch32", "MIT", 0.8
)  # fmt: skip
MODELS = (FINDER, TRACKER, RECOGNISER, PICTURES, MOVEMENT)
CARD = "critic.json"  # beside the models' folders, what calibration found out
_READ = (".json", ".safetensors", ".model", ".txt")

Folders = Mapping[str, Path]  # a model's folder, by its name


def find_model(model: VisionModel, folder: Path | None = None) -> Path:
    """Return where a model's weights are.

    Args:
        folder: with a folder for each model, None for the hub's cache.

    Raises:
        WeightsError: they are not there, or are no safetensors; the message says how to get them.
    """
    place = folder / model.folder if folder is not None else _cached(model)
    if place is None or not place.is_dir():
        where = f"at {place}" if place else "on this machine"
        raise WeightsError(
            f"the published critic's {model.folder} is not {where}. `hf download {model.repo}` "
            f"brings it (about {model.gigabytes:g} GB; {model.licence}); --critic-weights FOLDER "
            f"names a folder that holds {', '.join(m.folder for m in MODELS)}"
        )
    if not any(place.glob("*.safetensors")):
        raise WeightsError(
            f"{place} holds no .safetensors, and nothing else is read: a pickle can run any code"
        )
    return place


def find_models(folder: Path | None = None) -> Folders:
    """Return where every model is; raises as `find_model`."""
    return {model.folder: find_model(model, folder) for model in MODELS}


def models_fingerprint(folders: Folders) -> str:
    """Return the hash of every file of the models that is read, and of their card if there is one.

    In the hub's cache a large file is a link to a blob that is named by its own sha256.
    """
    digest = sha256()
    for name in sorted(folders):
        for path in sorted(p for p in folders[name].iterdir() if p.suffix in _READ):
            digest.update(f"{name}/{path.name}\n".encode())
            blob = path.resolve().name
            if path.is_symlink() and len(blob) == 64:
                digest.update(bytes.fromhex(blob))
                continue
            with path.open("rb") as file:
                digest.update(file_digest(file, "sha256").digest())
    for card in sorted({folder.parent / CARD for folder in folders.values()}):
        if card.is_file():
            digest.update(card.read_bytes())
    return digest.hexdigest()


def _cached(model: VisionModel) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model.repo, local_files_only=True))
    except LocalEntryNotFoundError:
        return None
