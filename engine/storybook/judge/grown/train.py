"""Train the judge of the grown world, resumably, and measure it.

python -m dreamrunner.engine.storybook.judge.grown.train --work .training
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...models import autocast, load_weights, save_weights
from ...training.loop import Run, TrainingClock, load_checkpoint, save_checkpoint
from .accuracy import measure
from .judge import CARD, WEIGHTS, GrownJudge, new_nets
from .nets import NOBODY, CellNet, DeedNet, LookNet
from .samples import UNKNOWN, FrameSample, FrameSamples, LookSamples, MotionSamples

SEED = 31_459  # the judge's own; nothing else in the project draws with it
log = logging.getLogger(__name__)


def frame_loss(net: CellNet, sample: FrameSample) -> Tensor:
    """Return the loss of naming cells, finding edges and naming the place."""
    with autocast(sample.frames.device):
        kinds, edges, places = net(sample.frames)
    weights = torch.ones(NOBODY + 1, device=kinds.device)
    weights[NOBODY] = 0.25  # most cells have nobody
    named = F.cross_entropy(kinds.float(), sample.kinds, weights, ignore_index=UNKNOWN)
    told = ~sample.edges.isnan()
    found = F.smooth_l1_loss(edges.float()[told], sample.edges[told], beta=0.1)
    return named + found + 0.3 * F.cross_entropy(places.float(), sample.places)


def look_loss(net: LookNet, crops: Tensor, looks: Mapping[str, Tensor]) -> Tensor:
    """Return the mean loss of all attributes that the batch has."""
    with autocast(crops.device):
        said = net(crops)
    losses = [
        F.cross_entropy(said[name].float(), labels, ignore_index=UNKNOWN)
        for name, labels in looks.items()
        if (labels != UNKNOWN).any()
    ]
    return torch.stack(losses).mean()


def motion_loss(net: DeedNet, crops: Tensor, motions: Tensor) -> Tensor:
    """Return the loss of naming motions."""
    with autocast(crops.device):
        said = net(crops)
    return F.cross_entropy(said.float(), motions, label_smoothing=0.03)


def cells_of(net: CellNet, seed: int, batch: int) -> Callable[[], Tensor]:
    """Return what gives the loss of naming cells for a step."""
    samples = FrameSamples(seed)
    return lambda: frame_loss(net, samples.next(batch, batch // 2))


def looks_of(net: LookNet, seed: int, batch: int) -> Callable[[], Tensor]:
    """Return what gives the loss of reading looks for a step; its crops are small."""
    samples = LookSamples(seed)
    return lambda: look_loss(net, *samples.next(4 * batch, batch * 2 // 3))


def motions_of(net: DeedNet, seed: int, batch: int) -> Callable[[], Tensor]:
    """Return what gives the loss of naming motions for a step."""
    samples = MotionSamples(seed)
    return lambda: motion_loss(net, *samples.next(batch, batch // 8))


PARTS = ("cells", "looks", "motions")


def losses_of(net: nn.Module, seed: int, batch: int) -> Callable[[], Tensor]:
    """Return what gives the loss of one of the networks for a step."""
    if isinstance(net, CellNet):
        return cells_of(net, seed, batch)
    if isinstance(net, LookNet):
        return looks_of(net, seed, batch)
    assert isinstance(net, DeedNet)
    return motions_of(net, seed, batch)


def checkpoint_of(work: Path, part: str) -> Path:
    """Return where the checkpoint of a network lies."""
    return work / f"grown-judge-{part}.pt"


def lengths(
    work: Path,
    earlier: Mapping[str, Any],  # a card, as JSON has it
) -> dict[str, dict[str, Any]]:
    """Return how long each network has learnt, by its checkpoint.

    `earlier` is the card of the weights that they began with; a network without a checkpoint is as
    it was there.
    """
    found = {part: earlier[part] for part in PARTS if part in earlier}
    for part in PARTS:
        if state := load_checkpoint(checkpoint_of(work, part)):
            learnt = {"steps": state["step"], "minutes": round(state["spent_s"] / 60, 1)}
            before = {"started_from": found[part]} if part in found else {}
            found[part] = learnt | before
    return found


def begun(part: str, start: Path | None) -> nn.Module:
    """Return one of the networks, untrained or with the weights of a file."""
    nets = new_nets()
    if start is not None:
        load_weights(nets, start)
    return nets[part].to(memory_format=torch.channels_last)


def fit(part: str, run: Run, start: Path | None = None) -> nn.Module:
    """Train one of the networks: on from its last checkpoint, from weights in `start`, or anew."""
    torch.manual_seed(run.seed)
    net = begun(part, start)
    optimizer = torch.optim.AdamW(net.parameters(), lr=run.lr, weight_decay=1e-2)
    path = checkpoint_of(run.work, part)
    clock = TrainingClock(run)
    if state := load_checkpoint(path):
        net.load_state_dict(state["net"])
        optimizer.load_state_dict(state["optimizer"])
        clock = TrainingClock(run, state["step"], state["spent_s"])
        run.log(f"{part}: resumed at step {clock.step}")
    if clock.done >= 1:
        return net
    # What follows a resumption is drawn anew, not repeated.
    loss_of = losses_of(net, run.seed * 1000 + clock.step, run.batch)
    # Drawing the first pool is no time of training.
    clock = TrainingClock(run, clock.step, state["spent_s"] if state else 0.0)
    net.train()
    mean = 0.0
    while clock.done < 1:
        for group in optimizer.param_groups:
            group["lr"] = run.lr * min(1.0, (clock.step + 1) / 50, max(0.02, 2 - 2 * clock.done))
        loss = loss_of()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        clock.step += 1
        mean = 0.97 * mean + 0.03 * loss.item() if mean else loss.item()
        if clock.due() or clock.done >= 1:
            save_checkpoint(path, net=net.state_dict(), optimizer=optimizer.state_dict(),
                            step=clock.step, spent_s=clock.spent_s)  # fmt: skip
            run.log(f"{part}: step {clock.step}, loss {mean:.3f}, {clock.spent_s / 60:.1f} minutes")
    return net


def fitted(part: str, run: Run, start: Path | None) -> nn.Module:
    """Return a network trained; what began with weights and has no checkpoint stays as it is."""
    if start is not None and not checkpoint_of(run.work, part).exists():
        return begun(part, start)
    return fit(part, run, start)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(prog="python -m dreamrunner.engine.storybook.judge.grown.train")
    top.add_argument("--work", type=Path, default=Path(".training"))
    top.add_argument("--weights", type=Path, default=WEIGHTS)
    top.add_argument("--card", type=Path, default=CARD)
    top.add_argument("--part", choices=PARTS, help="train this alone, and export nothing")
    top.add_argument("--start", type=Path, help="weights to begin with, where no checkpoint lies")
    top.add_argument("--minutes", type=float, default=8.0, help="of a processor, each part")
    top.add_argument("--batch", type=int, default=24)
    top.add_argument("--lr", type=float, default=2e-3)
    top.add_argument("--clips", type=int, default=200, help="held-out clips for the card")
    return top


def main() -> None:
    """Train what is not trained yet, export it, and measure the card."""
    args = parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    run = Run(args.work, torch.device("cpu"), SEED, 10**9, args.minutes, args.batch, args.lr,
              60.0, log.info)  # fmt: skip
    if args.part:
        fit(args.part, run, args.start)
        return
    nets = nn.ModuleDict({part: fitted(part, run, args.start) for part in PARTS})
    earlier = json.loads(args.card.read_text()) if args.start else {}
    save_weights(nets, args.weights, {"licence": "Apache-2.0"}, small=True)
    card = {"seed": SEED, "batch": args.batch, "torch": torch.__version__}
    card |= lengths(args.work, earlier)
    args.card.write_text(
        json.dumps({**card, **measure(GrownJudge.load(args.weights), args.clips)}, indent=1) + "\n"
    )
    log.info("wrote %s and %s", args.weights, args.card)


if __name__ == "__main__":
    main()
