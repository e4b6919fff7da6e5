"""A CogVideoX transformer small enough to be checked in float64, and its parts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from diffusers import CogVideoXTransformer3DModel

from dreamrunner.engine.sr3ai.layout import TokenGrid
from dreamrunner.engine.sr3ai.transformer import Rope

TEXT_TOKENS = 3


@dataclass(frozen=True)
class Small:
    transformer: CogVideoXTransformer3DModel
    grid: TokenGrid
    rope: Rope

    def inputs(self, regions: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
        """Latents [1, T, C, H, W] and text [1, R*L, 8], float64."""
        generator = torch.Generator().manual_seed(seed)
        latents = torch.randn(1, 10, 4, 12, 16, generator=generator, dtype=torch.float64)
        text = torch.randn(1, regions * TEXT_TOKENS, 8, generator=generator, dtype=torch.float64)
        return latents, text

    def __call__(self, latents: torch.Tensor, text: torch.Tensor, rope: Rope) -> torch.Tensor:
        out: torch.Tensor = self.transformer(
            latents, text, torch.tensor([500]), image_rotary_emb=rope, return_dict=False
        )[0]
        return out


@pytest.fixture(scope="session")
def small() -> Small:
    torch.manual_seed(0)
    transformer = CogVideoXTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=32,
        num_layers=2,
        in_channels=4,
        out_channels=4,
        text_embed_dim=8,
        time_embed_dim=16,
        patch_size=4,
        patch_size_t=5,
        max_text_seq_length=TEXT_TOKENS,
        use_rotary_positional_embeddings=True,
    )
    grid = TokenGrid(frames=2, height=3, width=4, times_s=(0.25, 0.875))
    cos, sin = torch.randn(2, grid.tokens, 32, dtype=torch.float64)
    return Small(transformer.double().eval().requires_grad_(False), grid, (cos, sin))
