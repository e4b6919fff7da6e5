"""A family's name -> which published model it is, what it draws, and how large it is. No torch.

The table is the only place that knows a model's name; sizes are counted from the published
configurations (a test counts them again).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...plan import Capabilities

MAX_ENTITIES = 8
SCHEDULERS = {
    "CogVideoXPipeline": ("ddim", "dpm"), "WanPipeline": ("unipc", "euler", "dpm")
}  # fmt: skip

Trait = tuple[str, object]  # "transformer.num_layers" and its value
Traits = tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which weights are, in words: where they may be used, by whom, and whose films are."""

    name: str
    territory: str = "not known"
    revenue: str = "not known"
    outputs: str = "not known"

    def __str__(self) -> str:
        """Say all of it in one line."""
        terms = (("territory", self.territory), ("revenue", self.revenue), ("films", self.outputs))
        return "; ".join([self.name, *(f"{name}: {words}" for name, words in terms)])


APACHE = Licence("Apache-2.0", "anywhere", "any", "not claimed by the makers")
COGVIDEOX_LICENCE = Licence(
    "CogVideoX licence (huggingface.co/zai-org/CogVideoX-5b)",
    "anywhere",
    "research is free; commercial use after registration, up to a million visits a month",
    "yours, as far as local law allows",
)
UNKNOWN_LICENCE = Licence("licence not known")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A published model.

    Attributes:
        repos: its names on the hub, the present one first; older downloads lie under the others.
        pipeline: the diffusers class that it must be.
        frames: of its longest clip, at `fps`.
        dtype: what its transformer was published in and should run in.
        transformer, text_encoder, codec: millions of parameters.
        width_tokens, layers: D of the transformer and its depth, for the estimate of memory.
        stored_bytes: of a parameter of the transformer and of the text encoder on disk.
        licence: under which its weights are.
        folder: where its weights are, where it was named by its folder.
        token_px: pixels of a token's side.
        latent_frames: pixel frames of a latent frame, all but the first of which is one.
        gathered: latent frames of a token.
        negative: what its makers tell it to avoid.
        world: the drawn world that it was trained on, whose words it speaks; empty for open words.
        traits: what its own configuration files say that no other model's say, by file and key;
            a folder that is named as this model is compared with them.
    """

    name: str
    repos: tuple[str, ...]
    pipeline: Literal["CogVideoXPipeline", "WanPipeline"]
    width: int
    height: int
    frames: int
    fps: int
    steps: int
    guidance: float
    dtype: Literal["float16", "bfloat16", "float32"]
    transformer: float
    text_encoder: float
    codec: float
    width_tokens: int
    layers: int
    stored_bytes: tuple[int, int]
    licence: Licence
    traits: Traits = ()
    token_px: int = 16
    latent_frames: int = 4
    gathered: int = 1
    folder: Path | None = None
    negative: str = ""
    world: str = ""

    @property
    def half(self) -> bool:
        """Say whether it was made for fp16, which few layers are computed in on a processor."""
        return self.dtype == "float16"

    @property
    def download_gb(self) -> float:
        """Return about how much there is to download, in GB of 10^9 bytes."""
        small, large = self.stored_bytes
        codec = 4 if self.pipeline == "WanPipeline" else 2
        millions = self.transformer * small + self.text_encoder * large + self.codec * codec
        return millions / 1000


def _cogvideox_traits(heads: int, layers: int, patch_t: int | None, shift: float) -> Traits:
    """Return what a CogVideoX says of itself. 2B alone has no rotary positions."""
    large = layers > 30
    return (
        ("transformer.num_attention_heads", heads),
        ("transformer.num_layers", layers),
        ("transformer.in_channels", 16),
        ("transformer.patch_size_t", patch_t),
        ("transformer.use_rotary_positional_embeddings", large),
        ("scheduler.prediction_type", "v_prediction"),
        ("scheduler.snr_shift_scale", shift),
        ("vae.scaling_factor", 0.7 if large else 1.15258426),
    )


def _wan_traits(heads: int, layers: int, channels: int, *, two: bool = False) -> Traits:
    """Return what a Wan says of itself. 2.2's large one has two transformers."""
    return (
        ("transformer.num_attention_heads", heads),
        ("transformer.num_layers", layers),
        ("transformer.in_channels", channels),
        ("vae.z_dim", channels),
        ("model_index.expand_timesteps", channels == 48),
        ("model_index.transformer_2", two),
    )


# As Wan's makers have it, in English.
WAN_NEGATIVE = (
    "bright tones, overexposed, static, blurred details, subtitles, style, works, paintings, "
    "images, overall gray, worst quality, low quality, JPEG compression residue, ugly, incomplete, "
    "extra fingers, poorly drawn hands, poorly drawn faces, deformed, disfigured, misshapen limbs, "
    "fused fingers, still picture, messy background, three legs, many people in the background, "
    "walking backwards"
)

CHECKPOINTS = {
    checkpoint.name: checkpoint
    for checkpoint in (
        Checkpoint(
            name="cogvideox-2b",
            repos=("zai-org/CogVideoX-2b", "THUDM/CogVideoX-2b"),
            pipeline="CogVideoXPipeline",
            width=720, height=480, frames=49, fps=8, steps=50, guidance=6.0,
            dtype="float16",
            transformer=1694, text_encoder=4762, codec=216, width_tokens=1920, layers=30,
            stored_bytes=(2, 2),
            licence=APACHE,
            traits=_cogvideox_traits(30, 30, None, 3.0),
        ),
        Checkpoint(
            name="cogvideox-5b",
            repos=("zai-org/CogVideoX-5b", "THUDM/CogVideoX-5b"),
            pipeline="CogVideoXPipeline",
            width=720, height=480, frames=49, fps=8, steps=50, guidance=6.0,
            dtype="bfloat16",
            transformer=5571, text_encoder=4762, codec=216, width_tokens=3072, layers=42,
            stored_bytes=(2, 2),
            licence=COGVIDEOX_LICENCE,
            traits=_cogvideox_traits(48, 42, None, 1.0),
        ),
        Checkpoint(
            name="cogvideox-1.5-5b",
            repos=("zai-org/CogVideoX1.5-5B", "THUDM/CogVideoX1.5-5B"),
            pipeline="CogVideoXPipeline",
            width=1360, height=768, frames=81, fps=16, steps=50, guidance=6.0,
            dtype="bfloat16",
            transformer=5571, text_encoder=4762, codec=216, width_tokens=3072, layers=42,
            stored_bytes=(2, 2),
            licence=COGVIDEOX_LICENCE,
            traits=_cogvideox_traits(48, 42, 2, 1.0),
            gathered=2,
        ),
        Checkpoint(
            name="wan2.1-1.3b",
            repos=("Wan-AI/Wan2.1-T2V-1.3B-Diffusers",),
            pipeline="WanPipeline",
            width=832, height=480, frames=81, fps=16, steps=50, guidance=5.0,
            dtype="bfloat16",
            transformer=1419, text_encoder=5681, codec=127, width_tokens=1536, layers=30,
            stored_bytes=(4, 4),
            licence=APACHE,
            traits=_wan_traits(12, 30, 16),
            negative=WAN_NEGATIVE,
        ),
        Checkpoint(
            name="wan2.1-14b",
            repos=("Wan-AI/Wan2.1-T2V-14B-Diffusers",),
            pipeline="WanPipeline",
            width=832, height=480, frames=81, fps=16, steps=50, guidance=5.0,
            dtype="bfloat16",
            transformer=14288, text_encoder=5681, codec=127, width_tokens=5120, layers=40,
            stored_bytes=(4, 4),
            licence=APACHE,
            traits=_wan_traits(40, 40, 16),
            negative=WAN_NEGATIVE,
        ),
        Checkpoint(
            name="wan2.2-ti2v-5b",
            repos=("Wan-AI/Wan2.2-TI2V-5B-Diffusers",),
            pipeline="WanPipeline",
            width=1280, height=704, frames=121, fps=24, steps=50, guidance=5.0,
            dtype="bfloat16",
            transformer=5000, text_encoder=5681, codec=705, width_tokens=3072, layers=30,
            stored_bytes=(4, 2),
            licence=APACHE,
            traits=_wan_traits(24, 30, 48),
            negative=WAN_NEGATIVE,
            token_px=32,
        ),
    )
}  # fmt: skip

# Published models that no engine draws with, so that a folder of one can be named.
NOT_DRAWN = {
    "Wan2.2-T2V-A14B": _wan_traits(40, 40, 16, two=True),
}


def checkpoint_capabilities(checkpoint: Checkpoint) -> Capabilities:
    """Return what a model can draw: any word, measured by nothing yet, or a world of its own."""
    if checkpoint.world:
        from ..miniature.capabilities import miniature_capabilities  # no other has one

        return miniature_capabilities(checkpoint.name)
    return Capabilities(
        name=checkpoint.name,
        clip_frames=checkpoint.frames,
        fps=checkpoint.fps,
        width=checkpoint.width,
        height=checkpoint.height,
        max_entities=MAX_ENTITIES,
        steps=checkpoint.steps,
        guidance=checkpoint.guidance,
        prose=True,
        negative=checkpoint.negative,
        schedulers=SCHEDULERS[checkpoint.pipeline],
        learns=("motion", "character"),
        unbuilt=("critic",),
    )


def clip_tokens(checkpoint: Checkpoint) -> int:
    """Return how many video tokens a clip has."""
    latents = -(-(checkpoint.frames - 1) // checkpoint.latent_frames) + 1
    side, frames = checkpoint.token_px, -(-latents // checkpoint.gathered)
    return frames * (checkpoint.height // side) * (checkpoint.width // side)
