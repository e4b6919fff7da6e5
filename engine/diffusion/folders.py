"""A folder in diffusers' layout -> which model it is and whether it is whole, or one error.

No torch: configurations and the headers of weight files are read, and no weights. So a folder is
looked at before a film is planned.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

from ...errors import WeightsError
from .checkpoints import CHECKPOINTS, NOT_DRAWN, Checkpoint, Trait, Traits

# The names under which diffusers and transformers look for a part's weights.
PARTS = {
    "transformer": "diffusion_pytorch_model.safetensors",
    "text_encoder": "model.safetensors",
    "vae": "diffusion_pytorch_model.safetensors",
}
_CONFIGS = {
    "model_index": "model_index.json",
    "transformer": "transformer/config.json",
    "scheduler": "scheduler/scheduler_config.json",
    "vae": "vae/config.json",
}
# What diffusers takes where a file does not say it. What is missing here is not compared then.
_DEFAULTS: Mapping[str, object] = {
    "transformer.patch_size_t": None,
    "transformer.use_rotary_positional_embeddings": False,
    "scheduler.snr_shift_scale": 3.0,
    "vae.scaling_factor": 1.15258426,
    "vae.z_dim": 16,
    "model_index.expand_timesteps": False,
    "model_index.transformer_2": False,
}
_LONGEST_HEADER = 100 * 2**20  # safetensors' own bound
_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What a folder says of itself: its pipeline's class, and its configurations by their keys."""

    path: Path
    pipeline: str
    config: Mapping[str, object]

    def has(self, trait: Trait) -> bool:
        """Say whether a trait is the folder's, or is said by no file and has no default."""
        key, value = trait
        if key == "model_index.transformer_2":
            return self.two_transformers == value
        if key not in self.config and key not in _DEFAULTS:
            return True
        own = self.config.get(key, _DEFAULTS.get(key))
        if isinstance(value, float) and isinstance(own, int | float):
            return abs(own - value) < 1e-6
        return own == value

    @property
    def two_transformers(self) -> bool:
        """Whether it has one transformer for high noise and one for low."""
        named = self.config.get("model_index.transformer_2")
        return isinstance(named, list) and any(named)

    def number(self, key: str, otherwise: int) -> int:
        """Return a whole number of the configurations, or what diffusers takes without one.

        Raises:
            WeightsError: it is none above zero.
        """
        value = self.config.get(key)
        if value is None:
            return otherwise
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise WeightsError(f"{self.path}: {key} is {value!r}, which is no number above zero")
        return value

    def listed(self, key: str, otherwise: Sequence[int]) -> Sequence[int]:
        """Return a list of whole numbers of the configurations, or what diffusers takes without.

        Raises:
            WeightsError: it is none.
        """
        value = self.config.get(key)
        if value is None:
            return otherwise
        if not isinstance(value, list) or len(value) != len(otherwise):
            raise WeightsError(f"{self.path}: {key} is {value!r}, not {len(otherwise)} numbers")
        if not all(isinstance(one, int) and one > 0 for one in value):
            raise WeightsError(f"{self.path}: {key} is {value!r}, not {len(otherwise)} numbers")
        return value

    def fits(self, traits: Traits) -> bool:
        """Say whether every trait is the folder's."""
        return all(self.has(trait) for trait in traits)

    @property
    def name(self) -> str | None:
        """The published model that the folder holds, None if it is none that is known."""
        for checkpoint in CHECKPOINTS.values():
            if checkpoint.pipeline == self.pipeline and self.fits(checkpoint.traits):
                return checkpoint.name
        if self.pipeline != "WanPipeline":
            return None
        return next((name for name, traits in NOT_DRAWN.items() if self.fits(traits)), None)

    def __str__(self) -> str:
        """Say in words what the folder holds."""
        if self.name is not None:
            return self.name
        shape = [
            f"{self.config[key]} {words}"
            for key, words in (
                ("transformer.num_layers", "layers"),
                ("transformer.num_attention_heads", "heads"),
                ("transformer.in_channels", "channels"),
            )
            if key in self.config
        ]
        return " of ".join([f"a {self.pipeline}", ", ".join(shape)]) if shape else self.pipeline


def read_folder(path: Path) -> ModelFolder:
    """Read what a folder says of itself.

    Raises:
        WeightsError: it is no model in diffusers' layout, or a configuration is broken.
    """
    config: dict[str, object] = {}
    for part, name in _CONFIGS.items():
        file = path / name
        if part != "model_index" and not file.is_file():
            continue
        config |= {f"{part}.{key}": value for key, value in _json_object(path, file).items()}
    kind = config.get("model_index._class_name")
    if not isinstance(kind, str):
        raise WeightsError(
            f"{path} is no model in diffusers' layout: its model_index.json names no class"
        )
    return ModelFolder(path, kind, config)


def _json_object(folder: Path, file: Path) -> Mapping[str, object]:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(
            f"{folder} is no model in diffusers' layout: it has no readable {file.name}"
        ) from error
    if not isinstance(config, dict):
        raise WeightsError(
            f"{folder} is no model in diffusers' layout: {file.name} is no JSON object"
        )
    return config


def check_folder(checkpoint: Checkpoint, path: Path) -> None:
    """Make sure that a folder is this model and that no part of it is missing.

    Raises:
        WeightsError: it is another model, or not whole; the message says what it is or lacks.
    """
    folder = read_folder(path)
    if folder.pipeline != checkpoint.pipeline:
        raise WeightsError(
            f"{path} holds a {folder.pipeline}, and {checkpoint.name} is a {checkpoint.pipeline}"
        )
    if not folder.fits(checkpoint.traits):
        raise WeightsError(_another_model(checkpoint, folder))
    missing = [str(file) for part in PARTS for file in missing_files(path, part)]
    if missing:
        repo = "".join(
            f". `hf download {r}` goes on where it stopped" for r in checkpoint.repos[:1]
        )
        raise WeightsError(
            f"the weights of {checkpoint.name} in {path} are not whole: {', '.join(missing)} "
            f"missing{repo}"
        )


def _another_model(checkpoint: Checkpoint, folder: ModelFolder) -> str:
    message = f"{folder.path} holds {folder}, not {checkpoint.name}"
    if folder.name in CHECKPOINTS:
        return f"{message}; it is drawn with by --engine {folder.name}"
    if folder.name is not None:
        return f"{message}; no engine draws with it yet"
    differing = [
        f"{key} is {folder.config.get(key, _DEFAULTS.get(key))!r} and not {value!r}"
        for key, value in checkpoint.traits
        if not folder.has((key, value))
    ]
    return f"{message}: {', '.join(differing)}"


def missing_files(folder: Path, part: str) -> list[Path]:
    """Return the weight files that a part lacks: all shards of its index, or its one file.

    Raises:
        WeightsError: the index or the header of a file is broken, or they contradict each other.
    """
    name = PARTS[part]
    index = folder / part / f"{name}.index.json"
    if not index.is_file():
        file = folder / part / name
        if not file.is_file():
            return [file]
        tensor_names(file)
        return []
    shards = _shards(folder, index)
    lacking = [folder / part / shard for shard in shards if not (folder / part / shard).is_file()]
    if lacking:
        return lacking
    for shard, tensors in shards.items():
        absent = tensors - tensor_names(folder / part / shard)
        if absent:
            raise WeightsError(
                f"{folder / part / shard} lacks {len(absent)} tensors that {index.name} says are "
                f"in it, such as {min(absent)}; download it again"
            )
    return []


def part_files(folder: Path, part: str) -> list[Path]:
    """Return the weight files of a part that is whole."""
    name = PARTS[part]
    index = folder / part / f"{name}.index.json"
    if not index.is_file():
        return [folder / part / name]
    return [folder / part / shard for shard in _shards(folder, index)]


def _shards(folder: Path, index: Path) -> Mapping[str, set[str]]:
    """Return which tensors stand in which file, by an index."""
    weight_map = _json_object(folder, index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise WeightsError(
            f"{index} is no index of weights: it has no weight_map; download it again"
        )
    shards: dict[str, set[str]] = {}
    for tensor, shard in weight_map.items():
        if not isinstance(shard, str) or Path(shard).name != shard or "\\" in shard:
            raise WeightsError(f"{index} names {shard!r}, which is no file beside it")
        if not shard.endswith(".safetensors"):
            raise WeightsError(f"{index} names {shard}, and only .safetensors are read")
        shards.setdefault(shard, set()).add(tensor)
    return dict(sorted(shards.items()))


def tensor_names(file: Path) -> set[str]:
    """Return the names of the tensors in a safetensors file, by its header alone.

    Raises:
        WeightsError: the file is cut short or is no safetensors file.
    """
    return {one.name for one in weights_in(file)}


@dataclass(frozen=True, slots=True)
class Weight:
    """A tensor of a file: its name, how many numbers it has and of which kind, such as BF16."""

    name: str
    numbers: int
    dtype: str


def weights_in(file: Path) -> Iterator[Weight]:
    """Yield the tensors of a file by its header, each once its bytes were seen to lie in the file.

    Raises:
        WeightsError: the file is cut short or is no safetensors file.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(_LENGTH_BYTES), "little")
            if not 0 < length <= min(size - _LENGTH_BYTES, _LONGEST_HEADER):
                raise ValueError("no header")
            header = json.loads(opened.read(length))
        room = size - _LENGTH_BYTES - length
        for name, tensor in header.items():
            if name == "__metadata__":
                continue
            if not 0 <= tensor["data_offsets"][1] <= room:
                raise ValueError("cut short")
            yield Weight(name, prod(tensor["shape"]), str(tensor["dtype"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise WeightsError(
            f"{file} is broken or no safetensors file ({error}); download it again"
        ) from error
