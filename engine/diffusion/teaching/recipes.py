"""A model -> how its adapters are learnt.

A published model keeps to the paper's template: nothing else was measured on one. The miniature has
a recipe of its own, by which figures that are in no clip show the motion (`benchmarks/adapters.py`,
docs/retrieval.md): a narrow model of few tokens bears a high rate and several clips a step, and
needs many of the levels of noise at which it settles who goes where. A motion of one part, a hand
that waves, has one more: the loss hardly asks for so little, and the base takes it away again
(docs/decisions/0079-what-moves-counts-for-more.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..checkpoints import Checkpoint

FEWEST_CLIPS = 4


@dataclass(frozen=True, slots=True)
class TeachSettings:
    """How an adapter is learnt. Rates, ranks and dropout are the paper's released template's.

    `clip_rank` is that of the throw-away adapters, smaller because each has one clip to remember;
    `look_skipped` is how often a clip's look is not taught at a step. `held_out` is one clip in so
    many. Training ends after `patience` checks without a better held-out loss. A step learns from
    `batch` clips. Their levels of noise are spread evenly and raised to the power `noisy`: below
    one, more of them are noisy, where who goes where is settled. The rate rises over `warm_up`
    steps, and over the last part `decay` of them it falls to nothing; a gradient is shortened to
    `max_norm`. Outside of its figure's region a clip's error weighs `outside`. What changes over
    time in a clip counts up to `moving` mean changes more (`where_it_moves`), for motions of one
    part; none is the paper's plain mean. `every_block` is for a motion that is learnt by the
    blocks of looks as well.
    """

    rank: int = 32
    clip_rank: int = 4
    steps: int = 300
    batch: int = 1
    lr: float = 5e-4
    weight_decay: float = 1e-4
    betas: tuple[float, float] = (0.9, 0.999)
    max_norm: float = 1.0
    dropout: float = 0.1
    debiased: bool = True
    noisy: float = 1.0
    outside: float = 0.0
    warm_up: int = 0
    decay: float = 0.0
    moving: float = 0.0
    every_block: bool = False
    look_skipped: float = 0.2
    held_out: int = 6
    check_every: int = 25
    patience: int = 4
    save_every: int = 25
    recompute: bool = False
    seed: int = 11
    fewest: int = FEWEST_CLIPS

    def rate(self, step: int) -> float:
        """Return the learning rate at a step: less at both ends."""
        left = (self.steps - step) / self.steps
        falling = left / self.decay if self.decay else 1.0
        rising = (step + 1) / self.warm_up if self.warm_up else 1.0
        return self.lr * min(1.0, rising, falling)


# A character has few pictures, and is learnt sooner.
LOOKS = TeachSettings(steps=200, dropout=0.05)
# A narrow model bears a higher rate for pictures, too (`benchmarks/characters.py`, decision 78).
MINIATURE_LOOKS = TeachSettings(
    batch=4, lr=2e-3, noisy=0.7, decay=0.4, dropout=0.0, check_every=60
)  # fmt: skip
# Throw-away adapters take as long again, and the motion comes without them.
MINIATURE = TeachSettings(
    batch=4, lr=2e-3, betas=(0.9, 0.98), dropout=0.0, noisy=0.35, outside=0.1, warm_up=5, decay=0.4,
    look_skipped=1.0, patience=12,
)  # fmt: skip
MINIATURE_PART = replace(
    MINIATURE, steps=200, lr=4e-3, noisy=0.6, moving=4.0, every_block=True
)  # fmt: skip
_PART = 0.1  # of a region, where less changes


def motion_recipe(checkpoint: Checkpoint, changing: float = 1.0) -> TeachSettings:
    """Return how a motion is learnt by a model.

    Args:
        changing: how much of its figures' regions changes in its clips (`share_that_changes`).
    """
    if not checkpoint.world:
        return TeachSettings()
    return MINIATURE if changing >= _PART else MINIATURE_PART


def look_recipe(checkpoint: Checkpoint) -> TeachSettings:
    """Return how a character is learnt from pictures by a model."""
    return MINIATURE_LOOKS if checkpoint.world else LOOKS
