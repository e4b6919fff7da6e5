"""The drawn world -> the weights of the embedded family, by one command a model.

The commands are `codec`, `clips`, `underpainter`, `transformer`, `critic` and `export`. Each is
seeded, says what it does, and resumes from its last checkpoint; CPU and CUDA run the same code.
Checkpoints lie under --work, which git ignores; `export` writes the averaged weights as fp16
safetensors with what made them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from ..diffusion.memory import keep_freed
from .models import FRAMES
from .training.clips import make_clips
from .training.codec import train_codec
from .training.critic import export_critic, train_critic
from .training.denoiser import train_transformer
from .training.export import export_parts, export_weights
from .training.figure_painter import train_figure_painter
from .training.loop import Run
from .training.others_painter import train_others_painter
from .training.place_painter import train_place_painter
from .training.underpainter import train_underpainter


def parser() -> argparse.ArgumentParser:
    """Return the command line of the training script."""
    top = argparse.ArgumentParser(prog="python -m dreamrunner.engine.storybook.train")
    commands = top.add_subparsers(dest="command", required=True)
    codec = commands.add_parser("codec", help="train the codec on drawn frames")
    codec.set_defaults(lr=2e-3, batch=8, steps=40_000, minutes=20.0)
    codec.add_argument("--frozen-encoder", action="store_true", help="train the decoder alone")
    clips = commands.add_parser("clips", help="draw clips and encode them with the codec")
    clips.set_defaults(lr=0.0, batch=1, steps=1, minutes=1e9)
    clips.add_argument("--count", type=int, default=8192, help="how many")
    clips.add_argument("--split", default="base", help="what may be in them")
    clips.add_argument("--frames", type=int, default=FRAMES, help="how many of each are encoded")
    underpainter = commands.add_parser("underpainter", help="train the underpainter on the clips")
    underpainter.set_defaults(lr=2e-3, batch=48, steps=100_000, minutes=20.0)
    people = commands.add_parser("people", help="train the figure painter on drawn people")
    people.set_defaults(lr=2e-3, batch=32, steps=100_000, minutes=30.0)
    others = commands.add_parser("others", help="train the painter of robots, dragons, cars")
    others.set_defaults(lr=3e-3, batch=24, steps=100_000, minutes=30.0)
    places = commands.add_parser("places", help="train the place painter on drawn places")
    places.set_defaults(lr=3e-3, batch=15, steps=4000, minutes=20.0)
    transformer = commands.add_parser("transformer", help="train the transformer on the clips")
    transformer.set_defaults(lr=2.5e-3, batch=8, steps=100_000, minutes=72.0)
    critic = commands.add_parser("critic", help="train the critic and write its weights")
    critic.set_defaults(lr=2e-3, batch=8, steps=100_000, minutes=12.0)
    critic.add_argument("--to", type=Path, default=Path(__file__).parent / "weights")
    critic.add_argument("--threads", type=int, default=torch.get_num_threads())
    export = commands.add_parser("export", help="write the averaged weights as safetensors")
    export.set_defaults(lr=0.0, batch=1, steps=1, minutes=1.0)
    export.add_argument("--parts-only", action="store_true", help="painters by parts alone")
    export.add_argument("--to", type=Path, default=Path(__file__).parent / "weights")
    for command in (codec, clips):
        command.add_argument("--workers", type=int, default=0, help="processes that draw")
    for command in (codec, clips, underpainter, people, others, transformer, critic):
        command.add_argument(
            "--start", type=Path, help="a folder of exported weights to begin with"
        )
    trained = (codec, clips, underpainter, people, others, places, transformer, critic)
    for command in (*trained, export):
        command.add_argument("--work", type=Path, default=Path(".training"))
        command.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--steps", type=int)
        command.add_argument("--minutes", type=float)
        command.add_argument("--batch", type=int)
        command.add_argument("--lr", type=float)
        command.add_argument("--every", type=float, default=60.0, help="seconds a checkpoint")
    return top


def main() -> None:
    args = parser().parse_args()
    print(json.dumps({k: str(v) for k, v in vars(args).items()}), flush=True)
    keep_freed()
    if args.device == "cuda":
        torch.set_float32_matmul_precision("high")
    run = Run(
        work=args.work, device=torch.device(args.device), seed=args.seed, steps=args.steps,
        minutes=args.minutes, batch=args.batch, lr=args.lr, every_s=args.every,
        log=lambda line: print(line, flush=True), workers=vars(args).get("workers", 0),
    )  # fmt: skip
    match args.command:
        case "codec":
            train_codec(run, frozen_encoder=args.frozen_encoder, start=args.start)
        case "clips":
            make_clips(
                run, count=args.count, split=args.split, frames=args.frames, start=args.start
            )
        case "underpainter":
            train_underpainter(run, start=args.start)
        case "people":
            train_figure_painter(run, start=args.start)
        case "others":
            train_others_painter(run, start=args.start)
        case "places":
            train_place_painter(run)
        case "transformer":
            train_transformer(run, start=args.start)
        case "critic":
            torch.set_num_threads(args.threads)
            train_critic(run, start=args.start)
            export_critic(run, args.to)
        case "export":
            if not args.parts_only:
                export_weights(run, args.to)
            export_parts(run, args.to)


if __name__ == "__main__":
    main()
