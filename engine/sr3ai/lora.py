"""A LoRA file of diffusers or peft -> low-rank updates by the linear that they belong to.

Names differ between the tools (a prefix, lora_A or lora.down), and so does the place of the scale
alpha / rank: a tensor beside the pair, the file's metadata, or peft's adapter_config.json beside
the file. Only safetensors are read: the older format can run code.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from torch import Tensor

from ...errors import AdapterError

# Says in a file's metadata that it holds no low-rank layers, and that none are missing.
NO_LAYERS = "no_layers"
PEFT_FILE = "adapter_model.safetensors"

State = dict[str, Tensor]
Convert = Callable[[State], State]

_PAIR = re.compile(r"(?P<module>.+)\.lora[._](?P<part>A|B|down|up)(\.default)?\.weight$")
_PREFIX = re.compile(r"^(base_model\.model\.)?(transformer\.)?(?=\w+\.)")
_PARTS = {"A": "down", "B": "up", "down": "down", "up": "up"}


@dataclass(frozen=True, slots=True)
class LowRank:
    """One linear's update: down [rank, in], up [out, rank], already scaled by alpha / rank."""

    down: Tensor
    up: Tensor


@dataclass(frozen=True, slots=True)
class LoraUpdates:
    """An adapter's updates by the path of the linear that they belong to."""

    name: str
    updates: dict[str, LowRank]


def lora_file(path: Path) -> Path:
    """Return the file of an adapter: itself, or what peft leaves in a folder."""
    return path / PEFT_FILE if path.is_dir() else path


def load_lora(path: Path, name: str, convert: Convert | None = None) -> LoraUpdates:
    """Read a LoRA of diffusers or peft.

    Args:
        path: a .safetensors file, or a folder of peft's with one.
        name: what the adapter is called in messages.
        convert: makes diffusers' names of a family's own, where it has such.

    Raises:
        AdapterError: the file is missing, broken or holds no complete pair.
    """
    file = lora_file(path)
    state, metadata = _read(file, name)
    if convert:
        state = convert(state)
    pairs: dict[str, State] = {}
    for key, value in state.items():
        if match := _PAIR.match(key):
            module = _PREFIX.sub("", match["module"])
            pairs.setdefault(module, {})[_PARTS[match["part"]]] = value.float()
    if not pairs and NO_LAYERS in metadata:
        return LoraUpdates(name, {})
    broken = [module for module, pair in pairs.items() if pair.keys() != {"down", "up"}]
    if broken or not pairs:
        raise AdapterError(f"adapter {name!r} at {file} has no complete pairs for {broken}")
    alphas = {
        _PREFIX.sub("", key.removesuffix(".alpha")): float(value)
        for key, value in state.items()
        if key.endswith(".alpha")
    }
    scale = _scales(_peft_settings(file, metadata), alphas, float(metadata.get("scale", "1")))
    return LoraUpdates(
        name,
        {
            module: LowRank(pair["down"], pair["up"] * scale(module, pair["down"].shape[0]))
            for module, pair in pairs.items()
        },
    )


def _read(file: Path, name: str) -> tuple[State, Mapping[str, str]]:
    try:
        with safe_open(file, framework="pt") as opened:
            # No mapping but a file handle, so its keys are asked for.
            state = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
            return state, opened.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise AdapterError(
            f"adapter {name!r} cannot be read from {file}: {error}; only .safetensors are read"
        ) from error


def _peft_settings(file: Path, metadata: Mapping[str, str]) -> Mapping[str, Any]:
    """Return peft's settings of an adapter, from the file or beside it; empty where it has none."""
    try:
        if "lora_adapter_metadata" in metadata:
            found: dict[str, Any] = json.loads(metadata["lora_adapter_metadata"])
            return {key.removeprefix("transformer."): value for key, value in found.items()}
        beside = file.with_name("adapter_config.json")
        if beside.is_file():
            settings: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
            return settings
    except ValueError as error:
        raise AdapterError(f"the settings of the adapter at {file} are no JSON: {error}") from error
    return {}


def _scales(
    settings: Mapping[str, Any], alphas: Mapping[str, float], otherwise: float
) -> Callable[[str, int], float]:
    """Return a linear's factor by its path and rank: alpha / rank, or what the file says."""

    def scale(module: str, rank: int) -> float:
        patterns: Mapping[str, float] = settings.get("alpha_pattern") or {}
        named = (alpha for key, alpha in patterns.items() if module.endswith(key))
        alpha = alphas.get(module, next(named, settings.get("lora_alpha")))
        if alpha is None:
            return otherwise
        return alpha / (math.sqrt(rank) if settings.get("use_rslora") else rank)

    return scale
