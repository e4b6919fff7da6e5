"""The published models' configurations, and whole stock pipelines of them small enough to run.

Values are those of the models' own configuration files on the hub; `tiny_pipeline` keeps their
structure (positions, patches, norms, channels of the latents) and shrinks depth and width.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLCogVideoX,
    AutoencoderKLWan,
    CogVideoXDDIMScheduler,
    CogVideoXPipeline,
    CogVideoXTransformer3DModel,
    UniPCMultistepScheduler,
    WanPipeline,
    WanTransformer3DModel,
)
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
    UMT5Config,
    UMT5EncoderModel,
)

_COGVIDEOX = {
    "attention_bias": True, "attention_head_dim": 64, "in_channels": 16, "out_channels": 16,
    "time_embed_dim": 512, "text_embed_dim": 4096, "patch_size": 2, "sample_width": 90,
    "sample_height": 60, "sample_frames": 49, "temporal_compression_ratio": 4,
    "max_text_seq_length": 226, "spatial_interpolation_scale": 1.875,
}  # fmt: skip
TRANSFORMERS: dict[str, dict[str, Any]] = {
    "cogvideox-2b": {**_COGVIDEOX, "num_attention_heads": 30, "num_layers": 30},
    "cogvideox-5b": {
        **_COGVIDEOX, "num_attention_heads": 48, "num_layers": 42,
        "use_rotary_positional_embeddings": True,
    },
    "cogvideox-1.5-5b": {
        **_COGVIDEOX, "num_attention_heads": 48, "num_layers": 42, "patch_size_t": 2,
        "use_rotary_positional_embeddings": True, "patch_bias": False, "sample_width": 300,
        "sample_height": 300, "sample_frames": 81, "max_text_seq_length": 224,
    },
    "wan2.1-1.3b": {
        "attention_head_dim": 128, "cross_attn_norm": True, "eps": 1e-6, "ffn_dim": 8960,
        "freq_dim": 256, "in_channels": 16, "num_attention_heads": 12, "num_layers": 30,
        "out_channels": 16, "patch_size": (1, 2, 2), "qk_norm": "rms_norm_across_heads",
        "text_dim": 4096,
    },
}  # fmt: skip
_WAN = TRANSFORMERS["wan2.1-1.3b"]
TRANSFORMERS["wan2.1-14b"] = {
    **_WAN, "num_attention_heads": 40, "num_layers": 40, "ffn_dim": 13824
}  # fmt: skip
TRANSFORMERS["wan2.2-ti2v-5b"] = {
    **_WAN, "num_attention_heads": 24, "ffn_dim": 14336, "in_channels": 48, "out_channels": 48
}  # fmt: skip
# What Wan 2.2's small model has for a codec: 16 pixels a latent.
CODEC_22: dict[str, Any] = {
    "base_dim": 160, "decoder_base_dim": 256, "z_dim": 48, "dim_mult": [1, 2, 4, 4],
    "is_residual": True, "in_channels": 12, "out_channels": 12, "patch_size": 2,
    "scale_factor_spatial": 16, "temperal_downsample": [False, True, True],
    "latents_mean": [0.0] * 48, "latents_std": [1.0] * 48,
}  # fmt: skip
# Google's t5-v1_1-xxl and umt5-xxl.
T5_XXL = {
    "vocab_size": 32128, "d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24,
    "num_heads": 64, "feed_forward_proj": "gated-gelu",
}  # fmt: skip
UMT5_XXL = {**T5_XXL, "vocab_size": 256384}
WORDS = "a an red fox owl walking spinning sunny meadow blurry in the".split()

WIDTH, HEIGHT, FRAMES, FPS = 64, 64, 9, 8


def _tokenizer() -> PreTrainedTokenizerFast:
    words = ["<pad>", "</s>", "<unk>", *WORDS]
    model = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    model.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(
        tokenizer_object=model, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


SMALL_T5 = {"d_model": 32, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2,
             "vocab_size": 32, "feed_forward_proj": "gated-gelu"}  # fmt: skip


def tiny_pipeline(name: str) -> Any:
    """Return a stock diffusers pipeline of a family, two layers deep, with random weights."""
    torch.manual_seed(0)
    return _wan(name) if name.startswith("wan") else _cogvideox(name)


def say_its_clips(folder: Path, *, width: int, height: int, frames: int) -> None:
    """Write how large a saved Wan's clips are, in latents, for which diffusers has no word."""
    file = folder / "transformer" / "config.json"
    size = {"sample_width": width, "sample_height": height, "sample_frames": frames}
    file.write_text(json.dumps({**json.loads(file.read_text()), **size}))


def _cogvideox(name: str) -> CogVideoXPipeline:
    small = {"num_attention_heads": 2, "num_layers": 2, "text_embed_dim": 32, "time_embed_dim": 32}
    if name == "cogvideox-2b":  # At its own size it reads its table of positions.
        small |= {"sample_width": WIDTH // 8, "sample_height": HEIGHT // 8, "sample_frames": FRAMES}
    return CogVideoXPipeline(
        tokenizer=_tokenizer(),
        text_encoder=T5EncoderModel(T5Config(**SMALL_T5)).eval(),
        vae=AutoencoderKLCogVideoX(
            block_out_channels=(8, 8, 8, 8), layers_per_block=1, norm_num_groups=2,
            down_block_types=("CogVideoXDownBlock3D",) * 4,
            up_block_types=("CogVideoXUpBlock3D",) * 4,
        ).eval(),
        transformer=CogVideoXTransformer3DModel(**{**TRANSFORMERS[name], **small}).eval(),
        scheduler=CogVideoXDDIMScheduler(
            snr_shift_scale=3.0, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
            clip_sample=False, prediction_type="v_prediction", rescale_betas_zero_snr=True,
            timestep_spacing="trailing",
        ),
    )  # fmt: skip


def _wan(name: str) -> WanPipeline:
    second = name.startswith("wan2.2")
    small = {"num_attention_heads": 2, "attention_head_dim": 24, "num_layers": 2, "ffn_dim": 64,
             "text_dim": 32}  # fmt: skip
    return WanPipeline(
        tokenizer=_tokenizer(),
        text_encoder=UMT5EncoderModel(UMT5Config(**SMALL_T5)).eval(),
        vae=AutoencoderKLWan(**{
            **(CODEC_22 if second else {"z_dim": 16, "temperal_downsample": [False, True, True]}),
            "base_dim": 4, "dim_mult": [1, 1, 1, 1], "num_res_blocks": 1,
            **({"decoder_base_dim": 4} if second else {}),
        }).eval(),
        transformer=WanTransformer3DModel(**{**TRANSFORMERS[name], **small}).eval(),
        expand_timesteps=second,
        scheduler=UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
    )  # fmt: skip
