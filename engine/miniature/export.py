"""Committed weights -> a CogVideoX folder in diffusers' layout, made once in the user's cache.

Two checkpoints share codec and text encoder: `plain`, trained on captions alone, on which the
paper's claim is judged, and `regions`, which went on with masks. The folder holds stock classes in
fp16: `CogVideoXPipeline.from_pretrained(folder)` draws with it.
"""

from __future__ import annotations

import json
import shutil
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypedDict

import torch
from diffusers import CogVideoXPipeline, CogVideoXTransformer3DModel
from platformdirs import user_cache_path
from torch import Tensor
from transformers import T5EncoderModel

from ...errors import WeightsError
from ..storybook.training.loop import load_checkpoint, save_checkpoint
from . import codec
from .clips import fix_scale
from .storing import load_small, save_small
from .text import CONFIG, load_tokenizer
from .transformer import config, scheduler

Checkpoint = Literal["plain", "regions"]
CHECKPOINTS: tuple[Checkpoint, ...] = ("plain", "regions")
WEIGHTS = Path(__file__).parent / "weights"
CARD = "miniature.json"  # beside the weights, and in an unpacked folder, which it marks as one
LICENCE = "Apache-2.0"
_PIECES = "spiece.model"
VERSION = 3  # raised when equal weights are unpacked otherwise


class Card(TypedDict):
    """The numbers beside the weights; `trained` has steps, minutes and losses by checkpoint."""

    scaling_factor: float
    patch: int
    licence: str
    trained: dict[str, dict[str, Any]]  # numbers, and lists of them
    measured: dict[str, float]


def export(
    work: Path, folder: Path, *, scaling_factor: float, patch: int, measured: dict[str, float]
) -> None:
    """Write what was trained under `work` as small weights; a missing checkpoint is left out.

    Args:
        scaling_factor: of the codec's latents.
        patch: latents of a token's side.
        measured: what the card says beside steps and minutes.

    Raises:
        WeightsError: there is no codec.
    """
    folder.mkdir(parents=True, exist_ok=True)
    about = {"licence": LICENCE}
    made = {}
    for name in ("codec", *CHECKPOINTS):
        state = load_checkpoint(work / f"{name}.pt")
        if state is None:
            if name != "codec":
                continue
            raise WeightsError(f"nothing was trained at {work / name}.pt: run `{name}` first")
        weights = state["average"]
        if name == "codec":
            vae = codec.load_vae(weights)
            # Taps that are nothing need no bytes.
            weights = {k: v[:, :, -1] if v.ndim == 5 else v for k, v in vae.state_dict().items()}
        save_small(weights, folder / f"{name}.safetensors", about)
        made[name] = {
            "steps": state["step"], "processor_minutes": round(state["spent_s"] / 60, 1),
            **({"losses": [round(x, 4) for x in state["losses"]]} if "losses" in state else {}),
        }  # fmt: skip
    encoder = T5EncoderModel.from_pretrained(work / "text" / "text_encoder", local_files_only=True)
    save_small(encoder.state_dict(), folder / "text.safetensors", about)
    shutil.copyfile(work / "text" / "tokenizer" / _PIECES, folder / _PIECES)
    card: Card = {
        "scaling_factor": scaling_factor, "patch": patch, "licence": LICENCE, "trained": made,
        "measured": measured,
    }  # fmt: skip
    (folder / CARD).write_text(json.dumps(card, indent=2) + "\n")


def begin(work: Path, folder: Path = WEIGHTS) -> None:
    """Fill `work` with exported weights, so that training goes on from them.

    What optimizers had gathered is lost; clips are to be encoded again, to the same scale.

    Raises:
        WeightsError: weights are missing or do not fit.
    """
    card = read_card(folder)
    for name, about in card["trained"].items():
        state = _whole_codec(folder, card) if name == "codec" else load_small(_file(folder, name))
        save_checkpoint(
            work / f"{name}.pt", model=state, average=state, step=about["steps"],
            spent_s=60 * about["processor_minutes"], frozen_encoder=True,
        )  # fmt: skip
    encoder = T5EncoderModel(CONFIG)
    encoder.load_state_dict(load_small(_file(folder, "text")))
    encoder.save_pretrained(work / "text" / "text_encoder")
    (work / "text" / "tokenizer").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / _PIECES, work / "text" / "tokenizer" / _PIECES)
    fix_scale(work / "clips", card["scaling_factor"])


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.safetensors"


def _whole_codec(folder: Path, card: Card) -> dict[str, Tensor]:
    """Return the codec's weights with its empty taps."""
    state = codec.new_vae(card["scaling_factor"]).state_dict()
    for name, value in load_small(_file(folder, "codec")).items():
        if state[name].ndim == 5:
            state[name].zero_()[:, :, -1] = value
        else:
            state[name] = value
    return state


def pipeline(checkpoint: Checkpoint, weights: Path = WEIGHTS) -> CogVideoXPipeline:
    """Return a checkpoint as a stock pipeline in fp32.

    Raises:
        WeightsError: weights are missing or do not fit.
    """
    card = read_card(weights)
    vae = codec.new_vae(card["scaling_factor"])
    encoder, transformer = (
        T5EncoderModel(CONFIG),
        CogVideoXTransformer3DModel(**config(card["patch"])),
    )
    try:
        vae.load_state_dict(_whole_codec(weights, card))
        encoder.load_state_dict(load_small(_file(weights, "text")))
        transformer.load_state_dict(load_small(_file(weights, checkpoint)))
    except (KeyError, RuntimeError) as error:
        raise WeightsError(f"the weights in {weights} do not fit the miniature: {error}") from error
    with TemporaryDirectory() as folder:
        shutil.copyfile(weights / _PIECES, Path(folder) / _PIECES)
        tokenizer = load_tokenizer(Path(folder))
    return CogVideoXPipeline(tokenizer, encoder.eval(), vae.eval(), transformer.eval(), scheduler())


def read_card(weights: Path = WEIGHTS) -> Card:
    """Return the numbers beside the weights.

    Raises:
        WeightsError: there are none.
    """
    path = weights / CARD
    if not path.is_file():
        raise WeightsError(f"the miniature has no card at {path}; `make miniature` trains it")
    card: Card = json.loads(path.read_text())
    return card


def unpacked(checkpoint: Checkpoint, weights: Path = WEIGHTS, cache: Path | None = None) -> Path:
    """Return the folder of a checkpoint in diffusers' layout, in fp16; made on first use.

    Raises:
        WeightsError: weights are missing or do not fit.
    """
    cache = cache or user_cache_path("dreamrunner") / "miniature"
    folder = cache / f"{checkpoint}-{_fingerprint(checkpoint, weights)[:16]}"
    if (folder / "model_index.json").is_file():
        return folder
    pipe = pipeline(checkpoint, weights).to(torch.float16)
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as scratch:
        made = Path(scratch) / folder.name
        pipe.save_pretrained(made, safe_serialization=True)
        shutil.copyfile(weights / _PIECES, made / "tokenizer" / _PIECES)
        shutil.copyfile(weights / CARD, made / CARD)
        try:
            made.rename(folder)
        except OSError:
            # Another process was faster.
            if not (folder / "model_index.json").is_file():
                raise
    return folder


def _fingerprint(checkpoint: Checkpoint, weights: Path) -> str:
    digest = sha256(f"miniature {VERSION}\n".encode())
    for name in (
        CARD, _PIECES, *(f"{n}.safetensors" for n in ("codec", "text", checkpoint))
    ):  # fmt: skip
        path = weights / name
        if not path.is_file():
            raise WeightsError(
                f"the miniature has no {name} in {weights}; `make miniature` trains it"
            )
        with path.open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()
