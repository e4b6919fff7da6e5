"""CogVideoX's published configurations -> transformers, whole families and adapters, random."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from diffusers import (
    AutoencoderKLCogVideoX,
    CogVideoXDDIMScheduler,
    CogVideoXPipeline,
    CogVideoXTransformer3DModel,
)
from diffusers.models.embeddings import get_3d_rotary_pos_embed
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast, T5Config, T5EncoderModel

from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.diffusion.family import ClipSize, DiffusionFamily
from dreamrunner.film import Adapter
from dreamrunner.plan import Beat, RenderSettings, ShotPlan

from .shapes import FPS, Shape, a_shot

if TYPE_CHECKING:
    from .accelerator import Scale

_COMMON = {
    "attention_head_dim": 64, "in_channels": 16, "out_channels": 16, "time_embed_dim": 512,
    "text_embed_dim": 4096, "patch_size": 2, "sample_width": 90, "sample_height": 60,
    "sample_frames": 49, "max_text_seq_length": 226,
}  # fmt: skip
TRANSFORMER_2B = {**_COMMON, "num_attention_heads": 30, "num_layers": 30}
TRANSFORMER_5B = {
    **_COMMON, "num_attention_heads": 48, "num_layers": 42,
    "use_rotary_positional_embeddings": True,
}  # fmt: skip
CODEC = {
    "down_block_types": ("CogVideoXDownBlock3D",) * 4,
    "up_block_types": ("CogVideoXUpBlock3D",) * 4,
}
RANK, REGIONS, ADAPTERS = 32, 4, 6


def rotary(
    model: CogVideoXTransformer3DModel, shape: Shape, device: str
) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Return the rotary embedding of a clip, or None for a model with positions of its own."""
    if not model.config.use_rotary_positional_embeddings:
        return None
    frames, *side = shape.grid
    return get_3d_rotary_pos_embed(
        model.config.attention_head_dim, ((0, 0), tuple(side)), tuple(side), frames, device=device
    )


def a_family(scale: Scale) -> tuple[DiffusionFamily, Any]:
    """Return a family and its pipeline, whole but for a text encoder of one layer."""
    checkpoint = CHECKPOINTS["cogvideox-2b"]
    width, height, frames = scale.size
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel({"<pad>": 0, "</s>": 1}, unk_token="<pad>")),
        pad_token="<pad>", eos_token="</s>", unk_token="<pad>",
    )  # fmt: skip
    wide = scale.small["text_embed_dim"]
    with torch.device(scale.device):
        text = T5EncoderModel(
            T5Config(d_model=wide, d_kv=8, d_ff=32, num_layers=1, num_heads=2, vocab_size=8)
        )
        small = {"block_out_channels": (8, 8, 8, 8), "layers_per_block": 1, "norm_num_groups": 2}
        codec = AutoencoderKLCogVideoX(**CODEC, **(small if scale.device == "cpu" else {}))
    pipe = CogVideoXPipeline(
        tokenizer=tokenizer,
        text_encoder=text.to(scale.dtype).eval(),
        vae=codec.to(scale.dtype).eval(),
        transformer=scale.transformer(scale.small),
        scheduler=CogVideoXDDIMScheduler(
            snr_shift_scale=3.0, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
            clip_sample=False, prediction_type="v_prediction", rescale_betas_zero_snr=True,
            timestep_spacing="trailing",
        ),
    )  # fmt: skip
    family = DiffusionFamily(
        checkpoint, pipe, "random", device=torch.device(scale.device),
        size=ClipSize(width, height, frames, FPS), announce=lambda _: None,
    )  # fmt: skip
    return family, pipe


def film_shots(scale: Scale) -> list[ShotPlan]:
    """Return the shots of a film, four regions each, in every one somebody moves by an adapter."""
    shots = []
    for number in range(scale.shots):
        shot = a_shot(scale.shape, REGIONS)
        end_s = scale.size[2] / FPS
        motion = f"motion {number % ADAPTERS}"
        beat = Beat(entity=shot.entities[0].id, motion=motion, start_s=0.0, end_s=end_s)
        changes = {
            "id": str(number), "duration_s": end_s, "beats": (beat,),
            "background": f"place {number}",
            "settings": RenderSettings(steps=scale.steps, guidance=6.0),
        }  # fmt: skip
        shots.append(shot.model_copy(update=changes))
    return shots


def loras(scale: Scale, folder: Path) -> list[Adapter]:
    """Write random adapters of rank 32 on every other block, as trained ones are."""
    width = scale.small["num_attention_heads"] * scale.small["attention_head_dim"]
    sizes = {"ff.net.0.proj": (width, 4 * width), "ff.net.2": (4 * width, width)}
    names = [*(f"attn1.{name}" for name in ("to_q", "to_k", "to_v", "to_out.0")), *sizes]
    generator, found = torch.Generator().manual_seed(0), []
    for number in range(ADAPTERS):
        state = {}
        for block in range(0, scale.small["num_layers"], 2):
            for name in names:
                wide, high = sizes.get(name, (width, width))
                path = f"transformer.transformer_blocks.{block}.{name}"
                down = torch.randn(RANK, wide, generator=generator) / wide**0.5
                state[f"{path}.lora_A.weight"] = down.half()
                state[f"{path}.lora_B.weight"] = torch.zeros(high, RANK).half()
        path = folder / f"{number}.safetensors"
        save_file(state, path)
        found.append(
            Adapter(
                name=f"motion {number}", kind="motion", path=str(path), key=str(number),
                base="random", steps=1, loss=0.0,
            )
        )  # fmt: skip
    return found
