"""A stock CogVideoX or Wan pipeline -> what a trainer asks of it, behind one port.

Which linears learn what:

* CogVideoX, as the paper has it (arXiv 2411.16657, section 3.2 and its released trainer): the
  1st, 3rd, 5th ... block is temporal and learns motions, the 2nd, 4th ... is spatial and learns
  looks; in each, the projections of the joint attention and of the feed-forward layer.
* Wan: the same blocks. A motion is learnt by self-attention and feed-forward layers alone: its
  cross-attention looks from each video token at the words and at no other frame, so that it can
  hold what a thing is called and not how it moves. Looks are learnt by all three.

Where a clip says who is where, a CogVideoX learns it by regions. A Wan does not: its texts are met
in the cross-attention alone, where no motion is learnt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

import torch
from torch import Tensor

from ...sr3ai.layout import TokenGrid, TokenLayout
from ...sr3ai.transformer import sorted_rope, sr3ai
from ..cogvideox import CogVideoX
from ..texts import Visit
from ..wan import Wan

_ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
_FEED_FORWARD = ("net.0.proj", "net.2")
_NO_BOUND = 1 << 20  # pixels


class Teachable(Protocol):
    """What a trainer asks of a model; latents are [T, C, H, W], T latent frames."""

    pipe: Any  # its diffusers pipeline

    @property
    def side(self) -> int:
        """Pixels of a token's side."""
        ...

    @property
    def within(self) -> tuple[int, int]:
        """The width and height in pixels up to which it has positions."""
        ...

    def whole(self, frames: int) -> bool:
        """Say whether so many pixel frames make whole latent frames and whole tokens."""
        ...

    def motion_layers(self) -> list[str]:
        """Name the linears that learn a motion."""
        ...

    def look_layers(self) -> list[str]:
        """Name the linears that learn a look; none of them is one of a motion's."""
        ...

    def encode(self, video: Tensor) -> Tensor:
        """Encode a video [3, T, h, w] in -1..1 to latents [T, C, H, W] fp32, tokens whole."""
        ...

    def expect(self, texts: Sequence[str]) -> None:
        """Note which texts will be embedded, so that the encoder is brought once."""
        ...

    def embed(self, text: str) -> Tensor:
        """Embed a text as the model is asked when it draws: [L, W] on the CPU."""
        ...

    @property
    def by_regions(self) -> bool:
        """Whether it learns clips by regions where they say who is where."""
        ...

    def grid(self, latents: Tensor) -> TokenGrid:
        """Return the tokens of a clip's latents [T, C, H, W]; their times are their numbers."""
        ...

    def laid(self, layout: TokenLayout) -> AbstractContextManager[None]:
        """Work under a layout of regions for as long as this lasts, on the way back as well."""
        ...

    def predict(self, noised: Tensor, time: Tensor, text: Tensor) -> Tensor:
        """Return the model's output for noised latents at a time under a text [L, W].

        Under a layout the text is one of [R * L, W] for its R regions.
        """
        ...


def teachable(pipe: Any, visit: Visit | None = None) -> Teachable:
    """Return the port of a stock pipeline.

    Args:
        visit: brings the text encoder onto its device; on the CPU where there is none.
    """
    kinds: dict[str, Callable[[Any, Visit], Teachable]] = {
        "CogVideoXPipeline": JointTeachable, "WanPipeline": CrossTeachable
    }  # fmt: skip
    brought: Visit = visit or (lambda: nullcontext(torch.device("cpu")))
    return kinds[type(pipe).__name__](pipe, brought)


class JointTeachable:
    """A CogVideoX: texts and video are one sequence."""

    def __init__(self, pipe: Any, visit: Visit) -> None:
        self.pipe = pipe
        self._parts = CogVideoX(pipe, visit)
        self._layout: TokenLayout | None = None

    @property
    def side(self) -> int:
        return self._parts.shrink * self._parts.patch

    @property
    def within(self) -> tuple[int, int]:
        config, shrink = self.pipe.transformer.config, self._parts.shrink
        if config.use_rotary_positional_embeddings and config.patch_size_t is not None:
            # 1.5 cuts its positions out of those of its own size; the others scale theirs.
            return config.sample_width * shrink, config.sample_height * shrink
        return _NO_BOUND, _NO_BOUND

    def whole(self, frames: int) -> bool:
        # One latent frame in front is what CogVideoX 1.5 itself was trained with.
        return (frames - 1) % self._parts.compression == 0 and self._parts.padding(frames) <= 1

    def motion_layers(self) -> list[str]:
        return _layers("transformer_blocks", self._count, 0, ("attn1",), "ff")

    def look_layers(self) -> list[str]:
        return _layers("transformer_blocks", self._count, 1, ("attn1",), "ff")

    @property
    def _count(self) -> int:
        return len(self.pipe.transformer.transformer_blocks)

    def encode(self, video: Tensor) -> Tensor:
        vae = self.pipe.vae
        latents = vae.encode(video[None].to(vae.device, vae.dtype)).latent_dist.mode()
        latents = latents[0].transpose(0, 1).float() * vae.config.scaling_factor
        missing = -len(latents) % self._parts.gathered
        return torch.cat([latents[:1].expand(missing, -1, -1, -1), latents])

    def expect(self, texts: Sequence[str]) -> None:
        self._parts.text_memory.announce(texts)

    def embed(self, text: str) -> Tensor:
        return self._parts.text_memory.embed([text])[0]

    @property
    def by_regions(self) -> bool:
        return True

    def grid(self, latents: Tensor) -> TokenGrid:
        return _grid(latents, self._parts.patch, self._parts.gathered)

    @contextmanager
    def laid(self, layout: TokenLayout) -> Iterator[None]:
        self._layout = layout
        try:
            with sr3ai(self.pipe.transformer, layout):
                yield
        finally:
            self._layout = None

    def predict(self, noised: Tensor, time: Tensor, text: Tensor) -> Tensor:
        model, shrink = self.pipe.transformer, self._parts.shrink
        rope = None
        if model.config.use_rotary_positional_embeddings:
            frames, _, height, width = noised.shape
            rope = self.pipe._prepare_rotary_positional_embeddings(
                height * shrink, width * shrink, frames, noised.device
            )
            if self._layout is not None:
                rope = sorted_rope(rope, self._layout)
        out: Tensor = model(
            noised[None], text[None], time[None], image_rotary_emb=rope, return_dict=False
        )[0]
        return out[0]


class CrossTeachable:
    """A Wan: video tokens attend to one another, and then to the text."""

    def __init__(self, pipe: Any, visit: Visit) -> None:
        self.pipe = pipe
        self._parts = Wan(pipe, visit)

    @property
    def side(self) -> int:
        return self._parts.shrink * self._parts.patch

    @property
    def within(self) -> tuple[int, int]:
        pixels = self.pipe.transformer.config.rope_max_seq_len * self.side
        return pixels, pixels

    def whole(self, frames: int) -> bool:
        return (frames - 1) % self._parts.compression == 0

    def motion_layers(self) -> list[str]:
        return _layers("blocks", self._count, 0, ("attn1",), "ffn")

    def look_layers(self) -> list[str]:
        return _layers("blocks", self._count, 1, ("attn1", "attn2"), "ffn")

    @property
    def _count(self) -> int:
        return len(self.pipe.transformer.blocks)

    def encode(self, video: Tensor) -> Tensor:
        vae = self.pipe.vae
        latents = vae.encode(video[None].to(vae.device, vae.dtype)).latent_dist.mode()[0]
        mean, deviation = (
            torch.tensor(values).to(latents)[:, None, None, None]
            for values in (vae.config.latents_mean, vae.config.latents_std)
        )
        return ((latents - mean) / deviation).transpose(0, 1).float()

    def expect(self, texts: Sequence[str]) -> None:
        self._parts.text_memory.announce(texts)

    def embed(self, text: str) -> Tensor:
        return self._parts.text_memory.embed([text])[0]

    @property
    def by_regions(self) -> bool:
        return False

    def grid(self, latents: Tensor) -> TokenGrid:
        return _grid(latents, self._parts.patch, 1)

    def laid(self, layout: TokenLayout) -> AbstractContextManager[None]:
        raise TypeError("a Wan learns no clip by regions: `by_regions` says so")

    def predict(self, noised: Tensor, time: Tensor, text: Tensor) -> Tensor:
        model = self.pipe.transformer
        when = time[None]
        if self.pipe.config.expand_timesteps:
            frames, _, height, width = noised.shape
            tokens = frames * (height // self._parts.patch) * (width // self._parts.patch)
            when = when.expand(1, tokens)
        out: Tensor = model(
            hidden_states=noised.transpose(0, 1)[None], timestep=when,
            encoder_hidden_states=text[None], return_dict=False,
        )[0]  # fmt: skip
        return out[0].transpose(0, 1)


def _grid(latents: Tensor, patch: int, gathered: int) -> TokenGrid:
    frames, _, height, width = latents.shape
    count = frames // gathered
    times = tuple(float(number) for number in range(count))
    return TokenGrid(count, height // patch, width // patch, times)


def _layers(
    blocks: str, count: int, first: int, attentions: tuple[str, ...], feed_forward: str
) -> list[str]:
    """Name the linears of every second block from the first on."""
    return [
        f"{blocks}.{index}.{layer}"
        for index in range(first, count, 2)
        for layer in (
            *(f"{attention}.{part}" for attention in attentions for part in _ATTENTION),
            *(f"{feed_forward}.{part}" for part in _FEED_FORWARD),
        )
    ]
