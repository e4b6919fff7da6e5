"""`python -m dreamrunner.engine.miniature.train STAGE`: trains the miniature, stage by stage.

text, codec, clips, decoder, plain, regions, judge, critic, export: each can be stopped and goes on
where it was. Minutes are the processor's, and those of the decoder go on from the codec's. `look`
draws a sheet of what a checkpoint makes by now; `begin` fills an empty --work with exported
weights.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKLCogVideoX
from numpy.typing import NDArray
from PIL import Image
from transformers import T5EncoderModel

from ..storybook.training.loop import load_checkpoint
from . import codec, critic_training, denoiser
from .captions import caption
from .clips import encode_library, read_library
from .export import WEIGHTS, begin, export
from .judging import SEED, export_judge
from .lessons import Lessons
from .looking import drawn_by, scenes, sheet
from .running import TrainingRun
from .text import load_tokenizer, train_text
from .transformer import new_transformer

PATCH = 2  # latents of a token's side


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument(
        "stage",
        choices=(
            "begin",
            "text",
            "codec",
            "clips",
            "decoder",
            "plain",
            "regions",
            "judge",
            "critic",
            "look",
            "export",
        ),
    )
    top.add_argument("--work", type=Path, default=Path(".training/miniature"))
    top.add_argument("--minutes", type=float, help="of the processor, in place of the stage's own")
    top.add_argument("--clips", type=int, default=3000)
    top.add_argument("--batch", type=int, default=16)
    top.add_argument("--rate", type=float, help="the learning rate, in place of the stage's own")
    top.add_argument("--patch", type=int, default=PATCH)
    top.add_argument("--seed", type=int, default=1)
    top.add_argument("--threads", type=int, default=torch.get_num_threads())
    top.add_argument("--start", type=Path, help="codec weights to begin from")
    top.add_argument("--name", help="of a transformer's checkpoint, in place of the stage's own")
    top.add_argument("--to", type=Path, default=WEIGHTS)
    return top


def say(line: str) -> None:
    print(line, flush=True)


def train(args: argparse.Namespace) -> None:
    """Do one stage."""
    work, stage, seed = args.work, args.stage, args.seed
    if stage == "begin":
        begin(work, args.to)
    elif stage == "text":
        rate = train_text(work / "text", seed=seed, minutes=args.minutes or 6, log=say)
        (work / "text" / "probe.json").write_text(json.dumps({"read_by_probe": rate}))
    elif stage in ("codec", "decoder"):
        run = TrainingRun(work, args.minutes or 25, seed, args.batch, args.rate or 1.5e-3, say)
        codec.train_codec(run, args.start, frozen_encoder=stage == "decoder")
    elif stage == "clips":
        encode_library(_codec(work), work / "clips", count=args.clips, seed=seed, log=say)
    elif stage in ("plain", "regions"):
        regional = stage == "regions"
        run = TrainingRun(work, args.minutes or (60 if regional else 120), seed, args.batch,
                  args.rate or (5e-4 if regional else 1e-3), say)  # fmt: skip
        denoiser.train(
            run, _lessons(work, args.patch, seed), name=args.name or stage, patch=args.patch,
            regional=regional, start=work / "plain.pt" if regional else None,
        )  # fmt: skip
    elif stage == "judge":
        run = TrainingRun(work, args.minutes or 15, SEED, args.batch * 2, args.rate or 3e-3, say)
        say(json.dumps(export_judge(run, args.to)))
    elif stage == "critic":
        run = TrainingRun(work, args.minutes or 8, critic_training.SEED, args.batch * 2,
                          args.rate or 1e-3, say)  # fmt: skip
        say(json.dumps(critic_training.export_critic(run, args.to)))
    elif stage == "look":
        name = args.name or "plain"
        picture = _look(work, name, args.patch, regions=name.startswith("regions"))
        Image.fromarray(picture).save(work / f"{name}.png")
    else:
        scale = read_library(work / "clips").scaling_factor
        export(work, args.to, scaling_factor=scale, patch=args.patch, measured=_measured(work))


def _codec(work: Path) -> AutoencoderKLCogVideoX:
    state = load_checkpoint(work / "codec.pt")
    if state is None:
        raise SystemExit("the codec comes first")
    return codec.load_vae(state["average"])


def _measured(work: Path) -> dict[str, float]:
    """Return what the first two gates ask for."""
    probe = work / "text" / "probe.json"
    found = {"crop_psnr_db": round(codec.stock_psnr(_codec(work)), 2)}
    return found | (json.loads(probe.read_text()) if probe.exists() else {})


def _lessons(work: Path, patch: int, seed: int) -> Lessons:
    encoder = T5EncoderModel.from_pretrained(work / "text" / "text_encoder", local_files_only=True)
    tokenizer = load_tokenizer(work / "text" / "tokenizer")
    return Lessons(read_library(work / "clips"), tokenizer, encoder.eval(), patch=patch, seed=seed)


def _look(work: Path, name: str, patch: int, *, regions: bool) -> NDArray[np.uint8]:
    """Return stills of eight scenes with one figure and six with two."""
    state = load_checkpoint(work / f"{name}.pt")
    if state is None:
        raise SystemExit(f"{name} was not trained yet")
    model = new_transformer(patch)
    model.load_state_dict(state["average"])
    vae = _codec(work)
    vae.register_to_config(scaling_factor=read_library(work / "clips").scaling_factor)
    encoder = T5EncoderModel.from_pretrained(work / "text" / "text_encoder", local_files_only=True)
    tokenizer = load_tokenizer(work / "text" / "tokenizer")
    found = []
    for figures, count in ((1, 8), (2, 6)):
        wanted = scenes(count, figures)
        for scene in wanted:
            say(caption(scene, sides=True))
        found += drawn_by(
            model.eval(), vae, tokenizer, encoder, wanted, regions=regions, patch=patch
        )
    return sheet(found)


def main() -> None:
    """Train as the command line says."""
    args = parser().parse_args()
    torch.set_num_threads(args.threads)
    train(args)


if __name__ == "__main__":
    main()
