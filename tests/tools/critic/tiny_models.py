"""A folder of the published critic's own classes, with random weights small enough to run."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    BertTokenizerFast,
    BitImageProcessor,
    CLIPTokenizerFast,
    Dinov2Config,
    Dinov2Model,
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    GroundingDinoImageProcessor,
    GroundingDinoProcessor,
    Sam2ImageProcessor,
    Sam2VideoConfig,
    Sam2VideoModel,
    Sam2VideoProcessor,
    Sam2VideoVideoProcessor,
    VideoMAEImageProcessor,
    XCLIPConfig,
    XCLIPModel,
    XCLIPProcessor,
)

WORDS = "a an red grey fox owl in the walking standing still meadow beach green . ,".split()


def write_tiny_models(folder: Path) -> Path:
    """Write all five models below a folder and return it."""
    torch.manual_seed(0)
    _grounding(folder / "grounding-dino")
    _tracker(folder / "sam2.1")
    _recogniser(folder / "dinov2")
    _pictures(folder / "siglip2")
    _movement(folder / "x-clip")
    return folder


def _bert_tokenizer() -> BertTokenizerFast:
    letters = "abcdefghijklmnopqrstuvwxyz"
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "?", *WORDS, *letters,
              *(f"##{c}" for c in letters)]  # fmt: skip
    return BertTokenizerFast(vocab={t: i for i, t in enumerate(dict.fromkeys(tokens))})


def _grounding(folder: Path) -> None:
    tokenizer = _bert_tokenizer()
    config = GroundingDinoConfig(
        backbone_config={
            "model_type": "swin", "image_size": 32, "embed_dim": 8, "depths": [1, 1, 1, 1],
            "num_heads": [1, 1, 1, 1], "window_size": 2, "out_indices": [2, 3, 4],
        },
        text_config={
            "model_type": "bert", "vocab_size": len(tokenizer), "hidden_size": 16,
            "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16,
        },
        d_model=32, encoder_layers=1, decoder_layers=2, encoder_ffn_dim=16, decoder_ffn_dim=16,
        encoder_attention_heads=2, decoder_attention_heads=2, num_queries=5,
        num_feature_levels=4,
    )  # fmt: skip
    GroundingDinoForObjectDetection(config).save_pretrained(folder)
    pictures = GroundingDinoImageProcessor(size={"shortest_edge": 128, "longest_edge": 192})
    GroundingDinoProcessor(pictures, tokenizer).save_pretrained(folder)


def _tracker(folder: Path) -> None:
    backbone = {
        "model_type": "sam2_hiera_det_model", "hidden_size": 8, "num_attention_heads": 1,
        "blocks_per_stage": [1, 1, 2, 1],
        "embed_dim_per_stage": [8, 16, 32, 64], "num_attention_heads_per_stage": [1, 1, 1, 1],
        "window_size_per_stage": [4, 4, 4, 4], "global_attention_blocks": [3],
        "image_size": [64, 64],
        "window_positional_embedding_background_size": [4, 4],
    }  # fmt: skip
    config = Sam2VideoConfig(
        vision_config={
            "backbone_config": backbone, "backbone_channel_list": [64, 32, 16, 8],
            "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]], "fpn_hidden_size": 128,
        },
        prompt_encoder_config={"hidden_size": 128, "image_size": 64, "patch_size": 16},
        mask_decoder_config={
            "hidden_size": 128, "mlp_dim": 32, "num_attention_heads": 2, "iou_head_hidden_dim": 32,
        },
        image_size=64, memory_attention_hidden_size=128, memory_attention_num_layers=1,
        memory_attention_feed_forward_hidden_size=32, memory_attention_rope_feat_sizes=[4, 4],
        memory_encoder_hidden_size=128, memory_encoder_output_channels=64,
        mask_downsampler_embed_dim=128, memory_fuser_embed_dim=128,
        memory_fuser_intermediate_dim=32, memory_fuser_num_layers=1,
    )  # fmt: skip
    Sam2VideoModel(config).save_pretrained(folder)
    size = {"height": 64, "width": 64}
    Sam2VideoProcessor(
        Sam2ImageProcessor(size=size, mask_size={"height": 16, "width": 16}),
        Sam2VideoVideoProcessor(size=size), target_size=64,
    ).save_pretrained(folder)  # fmt: skip


def _recogniser(folder: Path) -> None:
    config = Dinov2Config(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14
    )
    Dinov2Model(config).save_pretrained(folder)
    BitImageProcessor(
        size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28}
    ).save_pretrained(folder)


def _clip_tokenizer() -> CLIPTokenizerFast:
    letters = "abcdefghijklmnopqrstuvwxyz.,"
    tokens = [*letters, *(f"{c}</w>" for c in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizerFast(vocab={token: i for i, token in enumerate(tokens)}, merges=[])


def _movement(folder: Path) -> None:
    tokenizer = _clip_tokenizer()
    ids = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
           "pad_token_id": tokenizer.eos_token_id}  # fmt: skip
    config = XCLIPConfig(
        text_config={
            "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16,
            "num_hidden_layers": 1, "num_attention_heads": 2, **ids,
        },
        vision_config={
            "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
            "num_attention_heads": 2, "mit_hidden_size": 16, "mit_intermediate_size": 16,
            "mit_num_hidden_layers": 1, "mit_num_attention_heads": 2, "image_size": 32,
            "patch_size": 16, "num_frames": 4,
        },
        projection_dim=16, prompt_layers=1, prompt_num_attention_heads=2,
    )  # fmt: skip
    XCLIPModel(config).save_pretrained(folder)
    pictures = VideoMAEImageProcessor(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    XCLIPProcessor(pictures, tokenizer).save_pretrained(folder)


def _pictures(folder: Path) -> None:
    """Write an open_clip folder as a hub's card has it: configuration, weights, tokenizer."""
    import open_clip
    from open_clip.model import CLIP

    folder.mkdir(parents=True, exist_ok=True)
    vision = {"image_size": 32, "layers": 1, "width": 16, "head_width": 8, "patch_size": 16}
    text = {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1}
    model_cfg = {"embed_dim": 16, "vision_cfg": vision, "text_cfg": text}
    model = CLIP(
        16, open_clip.CLIPVisionCfg(**vision), open_clip.CLIPTextCfg(**text)
    )  # fmt: skip
    save_file(
        {k: v.contiguous() for k, v in model.state_dict().items()},
        folder / "open_clip_model.safetensors",
    )
    preprocess = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic",
                  "resize_mode": "squash"}  # fmt: skip
    card = {"model_cfg": model_cfg, "preprocess_cfg": preprocess}
    (folder / "open_clip_config.json").write_text(json.dumps(card))
