"""The miniature with random weights: a small codec, text encoder and transformer of its kinds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from transformers import T5EncoderModel

from dreamrunner.engine.miniature import codec, export, text
from dreamrunner.engine.miniature.storing import save_small
from dreamrunner.engine.miniature.transformer import new_transformer

PATCH = 2


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the committed one, of random weights."""
    folder = tmp_path_factory.mktemp("miniature")
    torch.manual_seed(0)
    vae = codec.new_vae()
    codec.one_tap(vae)
    flat = {k: v[:, :, -1] if v.ndim == 5 else v for k, v in vae.state_dict().items()}
    save_small(flat, folder / "codec.safetensors", {})
    encoder = T5EncoderModel(text.CONFIG)
    save_small(encoder.state_dict(), folder / "text.safetensors", {})
    for name in export.CHECKPOINTS:
        model = new_transformer(PATCH)
        for parameter in model.parameters():
            # Closed gates would let every text make the same picture.
            torch.nn.init.normal_(parameter, std=0.05)
        save_small(model.state_dict(), folder / f"{name}.safetensors", {})
    text.train_tokenizer(folder / "tokenizer", seed=1, sentences=3000)
    shutil.move(folder / "tokenizer" / "spiece.model", folder / "spiece.model")
    (folder / export.CARD).write_text(
        json.dumps(
            {
                "scaling_factor": 1.1,
                "patch": PATCH,
                "licence": "Apache-2.0",
                "trained": {
                    name: {"steps": 7, "processor_minutes": 2.0} for name in ("codec", "plain")
                },
            }
        )
    )
    return folder
