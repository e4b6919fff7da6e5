"""Pictures, moving pictures and texts -> one space, by a small CLIP trained on the drawn world.

An open_clip `CustomTextCLIP`: its text tower is the frozen MiniLM with a small projection, its
image tower a narrow ModifiedResNet over squares of 64 pixels. Two more heads share that trunk: a
temporal transformer (open_clip's own) over the frames' feature maps and their differences, and a
finder that says of each patch of a whole frame how well it fits a text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import torch
import torch.nn.functional as F
from open_clip.model import CLIPTextCfg, CLIPVisionCfg, CustomTextCLIP
from open_clip.modified_resnet import ModifiedResNet
from open_clip.transformer import Transformer
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoTokenizer

from ....errors import WeightsError
from ...quiet import quietly
from ..text_encoder import WIDTH as TEXT_WIDTH
from ..text_encoder import model_folder
from ..weights import FOLDER
from .squares import SIDE_PX

EMBED = 192
TRUNK = 16  # channels of the stem; the deepest map of the trunk has 16 times as many
VIDEO_FRAMES = 13
WORDS = 48  # tokens of a text; what is longer is cut
CELL_PX = 4  # a patch of the finder's maps
_FROZEN = "clip.text.transformer."
_REMEMBERED = 100_000  # texts whose embeddings are kept


class VideoTower(nn.Module):
    """Feature maps of frames -> an embedding of the movement."""

    def __init__(self) -> None:
        super().__init__()
        cells = (SIDE_PX // 16) ** 2
        self.squeeze = nn.Conv2d(TRUNK * 16, 24, 1)
        self.state = nn.Linear(24 * cells, EMBED)
        self.change = nn.Linear(24 * cells, EMBED)
        self.time = nn.Parameter(torch.randn(VIDEO_FRAMES, EMBED) * 0.02)
        self.mixer = Transformer(width=EMBED, layers=2, heads=4)
        self.norm = nn.LayerNorm(EMBED)
        self.out = nn.Linear(EMBED, EMBED)

    def forward(self, maps: Tensor) -> Tensor:
        """Embed maps [B, T, C, H, W] of `VIDEO_FRAMES` frames as [B, D]."""
        batch, frames = maps.shape[:2]
        flat = self.squeeze(maps.flatten(0, 1)).flatten(1).unflatten(0, (batch, frames))
        change = torch.diff(flat, dim=1, prepend=flat[:, :1])
        tokens = self.state(flat) + self.change(change) + self.time  # [B, T, D]
        mixed: Tensor = self.mixer(tokens)
        return self.out(self.norm(mixed.mean(1)))


class Finder(nn.Module):
    """Feature maps of whole frames -> an embedding of each patch."""

    def __init__(self) -> None:
        super().__init__()
        width = 96
        self.sides = nn.ModuleList(nn.Conv2d(TRUNK * 4 * 2**i, width, 1) for i in range(3))
        self.mix = nn.Sequential(
            nn.GroupNorm(8, width), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1),
            nn.GroupNorm(8, width), nn.ReLU(), nn.Conv2d(width, EMBED, 3, padding=1),
        )  # fmt: skip
        self.scale = nn.Parameter(torch.tensor(2.3))
        self.bias = nn.Parameter(torch.tensor(-3.0))

    def forward(self, maps: Sequence[Tensor], texts: Tensor) -> Tensor:
        """Return logits [B, K, H, W] of texts [B, K, D] on the finest of the trunk's maps."""
        size = maps[0].shape[-2:]
        mixed: Tensor = sum(
            (F.interpolate(side(m), size, mode="bilinear", align_corners=False)
             for side, m in zip(self.sides, maps, strict=True)),
            start=torch.zeros(()),
        )  # fmt: skip
        patches = F.normalize(self.mix(mixed).float(), dim=1)
        return torch.einsum("bdhw,bkd->bkhw", patches, texts.float()) * self.scale.exp() + self.bias


class Critic(nn.Module):
    """The critic's networks. New ones are random but for MiniLM, which never changes."""

    def __init__(self) -> None:
        super().__init__()
        folder = str(model_folder())
        with quietly():
            self.clip = CustomTextCLIP(
                EMBED,
                CLIPVisionCfg(layers=(1, 1, 1, 1), width=TRUNK, image_size=SIDE_PX),
                CLIPTextCfg(hf_model_name=folder, hf_proj_type="mlp", hf_pooler_type="mean_pooler"),
            )
        self.clip.lock_text_tower()
        self.video = VideoTower()
        self.finder = Finder()
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._read: dict[str, Tensor] = {}

    @property
    def visual(self) -> ModifiedResNet:
        return self.clip.visual

    def texts(self, texts: Sequence[str]) -> Tensor:
        """Embed K texts as [K, D] fp32 of unit length."""
        if len(self._read) > _REMEMBERED:
            self._read.clear()  # looks of people are seldom the same twice
        missing = [text for text in dict.fromkeys(texts) if text not in self._read]
        for start in range(0, len(missing), 64):
            self._remember(missing[start : start + 64])
        pooled = torch.stack([self._read[text] for text in texts])
        return F.normalize(self.clip.text.proj(pooled).float(), dim=-1)

    def maps(self, pixels: Tensor) -> list[Tensor]:
        """Return the trunk's maps of [B, 3, h, w] in [-1, 1]: a 4th, an 8th, a 16th of its size."""
        trunk = self.visual
        x = trunk.stem(pixels.contiguous(memory_format=torch.channels_last))
        found = []
        for layer in (trunk.layer1, trunk.layer2, trunk.layer3):
            x = layer(x)
            found.append(x)
        return found

    def pictures(self, pixels: Tensor) -> Tensor:
        """Embed squares [B, 3, 64, 64] in [-1, 1] as [B, D] fp32 of unit length."""
        return self.pictures_of(self.maps(pixels)[-1])

    def pictures_of(self, deepest: Tensor) -> Tensor:
        """The same from the trunk's deepest maps [B, C, 4, 4]."""
        return F.normalize(self.visual.attnpool(self.visual.layer4(deepest)).float(), dim=-1)

    def movements(self, pixels: Tensor) -> Tensor:
        """Embed moving squares [B, 13, 3, 64, 64] in [-1, 1] as [B, D] fp32 of unit length."""
        deepest = self.maps(pixels.flatten(0, 1))[-1]
        return self.movements_of(deepest.unflatten(0, pixels.shape[:2]))

    def movements_of(self, deepest: Tensor) -> Tensor:
        """The same from the trunk's deepest maps [B, T, C, 4, 4]."""
        return F.normalize(self.video(deepest).float(), dim=-1)

    def finds(self, pixels: Tensor, texts: Tensor) -> Tensor:
        """Return where texts [K, D] are in frames [B, 3, h, w]: logits [B, K, h/4, w/4] fp32."""
        found: Tensor = self.finder(self.maps(pixels), texts.expand(len(pixels), -1, -1))
        return found

    def likelihoods(self, seen: Tensor, texts: Tensor) -> Tensor:
        """Return how likely each text is, were one of them true.

        Args:
            seen: [B, D] unit length.
            texts: [K, D] or [B, K, D] unit length.

        Returns:
            [B, K] fp32, each row a distribution.
        """
        return self.logits(seen, texts).softmax(-1)

    def logits(self, seen: Tensor, texts: Tensor) -> Tensor:
        """Return scaled cosines [B, K] of [B, D] with [K, D] or [B, K, D]."""
        shared = texts if texts.ndim == 3 else texts.expand(len(seen), -1, -1)
        scale = self.clip.logit_scale.exp().clamp(max=100.0)
        scaled: Tensor = scale * torch.einsum("bd,bkd->bk", seen, shared)
        return scaled

    def save(self, path: Path, metadata: dict[str, str]) -> None:
        """Write what was trained, which is all but MiniLM, as fp16 safetensors."""
        path.parent.mkdir(parents=True, exist_ok=True)
        halves = {
            k: v.detach().to("cpu", torch.float16).contiguous() for k, v in self.trained().items()
        }
        part = path.with_suffix(".partial")
        save_file(halves, part, metadata=metadata)
        part.replace(path)

    def load(self, path: Path) -> None:
        """Read what was trained.

        Raises:
            WeightsError: the file is missing or does not fit.
        """
        if not path.is_file():
            raise WeightsError(f"the critic has no weights at {path}; `make train` trains it")
        state = {name: value.float() for name, value in load_file(path).items()}
        expected = set(self.trained())
        if set(state) != expected:
            raise WeightsError(f"{path} is not a critic of this version; `make train` makes one")
        try:
            self.load_state_dict(state, strict=False)
        except RuntimeError as error:
            raise WeightsError(f"{path} is not a critic of this version: {error}") from error

    def trained(self) -> dict[str, Tensor]:
        """Return the state without MiniLM and without counters."""
        return {
            name: value
            for name, value in self.state_dict().items()
            if not name.startswith(_FROZEN) and value.is_floating_point()
        }

    @torch.no_grad()
    def _remember(self, texts: list[str]) -> None:
        batch = self._tokenizer(
            texts, padding=True, truncation=True, max_length=WORDS, return_tensors="pt"
        ).to(self.clip.logit_scale.device)
        tower = self.clip.text
        with torch.autocast(self.clip.logit_scale.device.type, enabled=False):
            out = tower.transformer(**batch)
            pooled = tower.pooler(out, batch["attention_mask"])
        if pooled.shape[-1] != TEXT_WIDTH:
            raise WeightsError(f"the text encoder's width is {pooled.shape[-1]}, not {TEXT_WIDTH}")
        self._read.update(zip(texts, pooled, strict=True))


@lru_cache(maxsize=2)
def load_critic(folder: Path = FOLDER) -> Critic:
    """Return the trained critic in fp32, frozen.

    Raises:
        WeightsError: its weights are missing or do not fit.
    """
    critic = Critic()
    critic.load(folder / "critic.safetensors")
    return critic.requires_grad_(False).eval()


def read_card(folder: Path = FOLDER) -> dict[str, dict[str, float]]:
    """Return the critic's card: its `thresholds`, and the figures measured when it was made.

    Raises:
        WeightsError: the card is missing.
    """
    path = folder / "critic.json"
    if not path.is_file():
        raise WeightsError(f"the critic has no card at {path}; `make train` makes one")
    card: dict[str, dict[str, float]] = json.loads(path.read_text())
    return card
