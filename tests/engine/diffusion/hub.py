"""Folders as the hub has them: published configurations, and weights of a header and no tensor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dreamrunner.engine.diffusion.folders import PARTS

from .pipelines import TRANSFORMERS

COGVIDEOX_SCHEDULER = {
    "_class_name": "CogVideoXDDIMScheduler", "prediction_type": "v_prediction",
    "snr_shift_scale": 3.0,
}  # fmt: skip
WAN_SCHEDULER = {
    "_class_name": "UniPCMultistepScheduler", "prediction_type": "flow_prediction",
    "use_flow_sigmas": True, "flow_shift": 3.0,
}  # fmt: skip
WAN = TRANSFORMERS["wan2.1-1.3b"]
# Models of the hub: the pipeline, then the configurations of transformer, scheduler and VAE.
PUBLISHED: dict[str, dict[str, dict[str, Any]]] = {
    "cogvideox-2b": {
        "model_index": {"_class_name": "CogVideoXPipeline"},
        "transformer": TRANSFORMERS["cogvideox-2b"],
        "scheduler": COGVIDEOX_SCHEDULER,
        "vae": {"scaling_factor": 1.15258426},
    },
    "cogvideox-5b": {
        "model_index": {"_class_name": "CogVideoXPipeline"},
        "transformer": TRANSFORMERS["cogvideox-5b"],
        "scheduler": {**COGVIDEOX_SCHEDULER, "snr_shift_scale": 1.0},
        "vae": {"scaling_factor": 0.7},
    },
    "cogvideox-1.5-5b": {
        "model_index": {"_class_name": "CogVideoXPipeline"},
        "transformer": TRANSFORMERS["cogvideox-1.5-5b"],
        "scheduler": {**COGVIDEOX_SCHEDULER, "snr_shift_scale": 1.0},
        "vae": {"scaling_factor": 0.7},
    },
    "wan2.1-1.3b": {
        "model_index": {"_class_name": "WanPipeline", "transformer_2": [None, None]},
        "transformer": WAN,
        "scheduler": WAN_SCHEDULER,
        "vae": {"z_dim": 16},
    },
    "wan2.1-14b": {
        "model_index": {"_class_name": "WanPipeline"},
        "transformer": {**WAN, "num_attention_heads": 40, "num_layers": 40},
        "scheduler": WAN_SCHEDULER,
        "vae": {"z_dim": 16},
    },
    "wan2.2-ti2v-5b": {
        "model_index": {"_class_name": "WanPipeline", "expand_timesteps": True},
        "transformer": {**WAN, "num_attention_heads": 24, "in_channels": 48},
        "scheduler": WAN_SCHEDULER,
        "vae": {"z_dim": 48},
    },
    "Wan2.2-T2V-A14B": {
        "model_index": {
            "_class_name": "WanPipeline", "boundary_ratio": 0.875,
            "transformer_2": ["diffusers", "WanTransformer3DModel"],
        },
        "transformer": {**WAN, "num_attention_heads": 40, "num_layers": 40},
        "scheduler": WAN_SCHEDULER,
        "vae": {"z_dim": 16},
    },
}  # fmt: skip


def hub_folder(folder: Path, name: str = "cogvideox-2b") -> Path:
    """Write what a download of a published model leaves, its weights without tensors."""
    for part, config in PUBLISHED[name].items():
        write_config(folder, part, config)
    for part, file in PARTS.items():
        (folder / part).mkdir(exist_ok=True)
        (folder / part / file).write_bytes(weights_file(f"{part}.weight"))
    return folder


def write_config(folder: Path, part: str, config: object) -> None:
    """Write one of a model's configurations where diffusers has it."""
    file = {
        "model_index": "model_index.json", "scheduler": "scheduler/scheduler_config.json"
    }.get(part, f"{part}/config.json")  # fmt: skip
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(json.dumps(config), "utf-8")


def weights_file(*tensors: str) -> bytes:
    """Return a safetensors file of some tensors, four bytes each."""
    header = {
        name: {"dtype": "F32", "shape": [1], "data_offsets": [4 * at, 4 * at + 4]}
        for at, name in enumerate(tensors)
    }
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + bytes(4 * len(tensors))
