"""Clips of a motion -> how the motion turns whole figures over, a matrix a frame.

A somersault is an upright figure under the matrix of a turn, a spin one under that of a narrowing.
An underpainter that has to paint a figure upside down blurs it; one that paints it upright, and
lays it turned, does not. So turns are looked for before anything is trained: the base paints each
figure as if it stood or jumped, and each frame's turn is the one that explains most figures best.
Who faces left is the mirror of who faces right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from diffusers import AutoencoderKLCogVideoX
from torch import Tensor

from .. import models
from ..text_encoder import TextEncoder
from ..turning import facing_turns, turned_frames, turned_latents, turned_layers
from ..underpainting import LATENTS, Underpainter, flattened
from ..world.vocabulary import Facing
from ..world.words.captions import region_prompt
from ..world.words.phrasing import figure_in
from .clips import LatentClip

ANGLES = 24  # turns about the middle that are tried
ABOVE = (0.5, 0.46, 0.42, 0.38, 0.34)  # what they turn about, in box heights above the feet
WIDTHS = (0.75, 0.5, 0.3, -0.3, -0.5, -0.75, -1.0)  # narrowings, and those seen from behind
KNOWN = ("stand", "jump")  # what the base paints them doing
MOST_CLIPS = 8  # that are searched, the best first
GAIN = 0.05  # a figure is turned over if that explains so much of what is wrong with it


@dataclass(frozen=True, slots=True)
class Turning:
    """How a motion turns figures over.

    Attributes:
        turns: [T, 2, 3] fp32, of one who faces right; see `turned_pictures`.
        facings: for each clip and each of its figures where it faces; None for one who does
            something else.
        error: what of the figures' unturned error is left under the turns, 0..1.
    """

    turns: Tensor
    facings: tuple[tuple[Facing | None, ...], ...]
    error: float = 0.0

    def of(self, clip: int, actor: int) -> Tensor | None:
        """Return the turns [T, 2, 3] of a figure, or None."""
        facing = self.facings[clip][actor]
        return facing_turns(self.turns, facing) if facing else None


def upright(vae: AutoencoderKLCogVideoX, clip: LatentClip, turns: Tensor) -> LatentClip:
    """Turn a clip of one figure back, and its place with it, so that the figure stands upright."""
    assert clip.ground is not None
    at = turned_frames(turns)
    boxes, back = clip.planned[0, at].to(vae.device), _inverse(turns[at]).to(vae.device)
    ground = clip.ground.expand(len(clip.latents), -1, -1, -1).clone()
    latents = clip.latents.clone()
    for part in (latents, ground):
        shown = part[at].to(vae.device, torch.float32)
        part[at] = turned_latents(vae, shown, boxes, back).to(part)
    return replace(clip, latents=latents, ground=ground)


def _inverse(turns: Tensor) -> Tensor:
    """Return what undoes turns [M, 2, 3]."""
    back = torch.linalg.inv(turns[..., :2])
    return torch.cat([back, -back @ turns[..., 2:]], -1)


@torch.no_grad()
def painted(
    painter: Underpainter,
    vae: AutoencoderKLCogVideoX,
    clip: LatentClip,
    encoder: TextEncoder,
    turns: Sequence[Tensor | None],
) -> Tensor:
    """Underpaint a clip whose figures turn over, as they are rendered: [T, CHANNELS, H, W]."""
    frames, _, height, width = clip.latents.shape
    times = torch.arange(frames, device=vae.device) / models.FPS
    layers = []
    for actor, text in enumerate(clip.regions[0]):
        boxes = clip.planned[actor].to(times)
        tokens = encoder.tokens([text], models.TEXT_TOKENS).to(times.device)
        layer = painter(tokens.expand(frames, -1, -1), times, boxes, height, width)
        turn = turns[actor]
        layers.append(layer if turn is None else turned_layers(vae, layer, boxes, turn.to(times)))
    near = -clip.planned[..., 3].mean(-1).to(times)  # whose feet are lower in the frame is nearer
    return flattened(torch.stack(layers), near)


@dataclass(frozen=True, slots=True)
class _Guess:
    """A figure as if it faced somewhere, told in words [1, L, 384]: the errors [K, T] under each
    candidate."""

    clip: int
    actor: int
    facing: Facing
    tokens: Tensor
    errors: Tensor

    @property
    def unturned(self) -> float:
        return float(self.errors[0].sum())

    def under(self, best: Tensor) -> float:
        """Return the error under one candidate a frame [T]."""
        return float(self.errors[best, torch.arange(len(best))].sum())


@torch.no_grad()
def found_turning(
    painter: Underpainter,
    clips: Sequence[LatentClip],
    encoder: TextEncoder,
    on_step: Callable[[int], None] = lambda done: None,
) -> Turning | None:
    """Return how clips' figures turn over; None where they don't, or nobody can say.

    The first of the clips say it. A figure that the world does not know cannot be painted standing,
    and says nothing.
    """
    candidates = _candidates()
    guesses: list[_Guess] = []
    for at, clip in enumerate(clips[:MOST_CLIPS]):
        guesses += _guesses(painter, at, clip, encoder, candidates)
        on_step(at + 1)
    if not guesses:
        return None
    best = _best(_likelier(guesses, _best(guesses)))
    chosen = [g for g in _likelier(guesses, best) if _gain(g, best) > GAIN]
    if not chosen:
        return None
    turns = candidates[_best(chosen)]
    turns = min((_about(turns, above) for above in ABOVE), key=lambda tried: sum(
        _errors(painter, clips[g.clip], g.actor, g.tokens, facing_turns(tried, g.facing)[None])
        .sum().item() / g.unturned for g in chosen
    ))  # fmt: skip
    facings: list[list[Facing | None]] = [[None] * clip.actors for clip in clips]
    for guess in chosen:
        facings[guess.clip][guess.actor] = guess.facing
    left = sum(guess.under(_best(chosen)) / guess.unturned for guess in chosen) / len(chosen)
    return Turning(turns, tuple(map(tuple, facings)), left)


def _candidates() -> Tensor:
    """Return what is tried, [K, 2, 3], the first of it no turn at all."""
    angles = [math.tau * k / ANGLES for k in range(ANGLES)]
    # A picture turned one way is looked up turned the other way, and a narrow one widely.
    turned = [[[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]] for a in angles]
    narrowed = [[[1 / width, 0.0], [0.0, 1.0]] for width in WIDTHS]
    matrices = torch.tensor(turned + narrowed)
    return torch.cat([matrices, torch.zeros(len(matrices), 2, 1)], -1)


def _about(turns: Tensor, above: float) -> Tensor:
    """Return turns [T, 2, 3] about a point so many box heights above the feet."""
    point = torch.tensor([[0.0], [0.5 - above]])
    return torch.cat([turns[..., :2], point - turns[..., :2] @ point], -1)


def _guesses(
    painter: Underpainter, at: int, clip: LatentClip, encoder: TextEncoder, candidates: Tensor
) -> Iterator[_Guess]:
    """Yield each figure of a clip as if it faced where its text says, or either way."""
    if clip.ground is None or len(clip.frames) < models.FRAMES:
        return
    for actor, text in enumerate(clip.regions[0]):
        figure = figure_in(text)
        if figure is None:
            continue
        for facing in (figure.facing,) if figure.facing else ("left", "right"):
            tried = facing_turns(candidates, facing)
            told = (
                region_prompt(figure.character, figure.colourway, known, facing, figure.wear)
                for known in KNOWN
            )
            tokens = [encoder.tokens([text], models.TEXT_TOKENS) for text in told]
            errors = [_errors(painter, clip, actor, words, tried) for words in tokens]
            likelier = min(range(len(KNOWN)), key=lambda k: float(errors[k].amin(0).sum()))
            yield _Guess(at, actor, facing, tokens[likelier], errors[likelier])


def _errors(
    painter: Underpainter, clip: LatentClip, actor: int, tokens: Tensor, candidates: Tensor
) -> Tensor:
    """Return the squared errors [K, T] of a figure near its box under candidates, each of them
    [2, 3] for all frames or [T, 2, 3]."""
    assert clip.ground is not None
    device = tokens.device
    true, ground = clip.latents.to(device).float(), clip.ground.to(device).float()
    boxes = clip.planned[actor].to(device)
    times = torch.arange(len(boxes), device=device) / models.FPS
    canvas = painter.canvas(tokens.expand(len(boxes), -1, -1), times)
    height, width = true.shape[-2:]
    near = _near(boxes, height, width)
    errors = []
    for candidate in candidates.to(device):
        turns = candidate.expand(len(boxes), 2, 3)
        layer = painter.laid(canvas, boxes, height, width, turns)
        error = layer[:, :LATENTS] + (1 - layer[:, LATENTS:]) * ground - true
        errors.append((error.square().mean(1) * near).sum((1, 2)))
    return torch.stack(errors).cpu()


def _near(boxes: Tensor, height: int, width: int) -> Tensor:
    """Return which latents are in a box [T, 4] or half its size around it: [T, H, W] bool."""
    middle, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) * 0.75
    x = (torch.arange(width).to(boxes) + 0.5) / width
    y = (torch.arange(height).to(boxes) + 0.5) / height
    across = (x - middle[:, :1]).abs() < half[:, :1]
    down = (y - middle[:, 1:]).abs() < half[:, 1:]
    return down[:, :, None] & across[:, None, :]


def _best(guesses: Sequence[_Guess]) -> Tensor:
    """Return the candidate [T] of each frame that explains figures best, each as heard as any."""
    shares = [guess.errors / guess.unturned for guess in guesses]
    return torch.stack(shares).sum(0).argmin(0)


def _likelier(guesses: Sequence[_Guess], best: Tensor) -> list[_Guess]:
    """Return one guess a figure: where it faces if the motion is this."""
    kept: dict[tuple[int, int], _Guess] = {}
    for guess in guesses:
        key = guess.clip, guess.actor
        if key not in kept or guess.under(best) < kept[key].under(best):
            kept[key] = guess
    return list(kept.values())


def _gain(guess: _Guess, best: Tensor) -> float:
    return 1 - guess.under(best) / guess.unturned
