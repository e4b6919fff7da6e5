"""Latent clips or pictures + a model that can be taught -> the weights of an adapter.

A motion: at each step one clip teaches twice (arXiv 2411.16657, section 3.2, after MotionDirector,
arXiv 2310.08465). First a spatial adapter of that clip alone learns what its frames look like, one
frame at a time; then, with that look already explained, the motion's own adapter learns from all
frames by L = L_org + L_ad. The clips' adapters are bound to their clips by id and thrown away.
A character: one adapter learns pictures, each a clip of one frame.

Training stops where held-out loss no longer falls, and what is kept is the best of it. All that is
random follows from the seed and the step's number: a killed training goes on along the same curve.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ....errors import AdapterError, StoppedError
from ....story import Box
from ...numbers import multiplies_bf16
from ...protocol import TrainingWatch
from .checkpoint import Progress, load_progress, save_progress
from .layers import KEPT, LayerSet, add_layers, borrowed, kept_state, use_layers
from .losses import look_loss, motion_loss, where_it_moves
from .noising import Noising
from .recipes import FEWEST_CLIPS, TeachSettings
from .regions import RowGate, lesson_layout, subject_latents, subject_rows
from .teachable import Teachable

_LEVELS = (0.2, 0.5, 0.8)  # of noise, at which held-out loss is measured
_LARGE = 1_000_003


@dataclass(frozen=True, slots=True)
class LatentExample:
    """What is learnt from: a clip or a picture, encoded, with its text.

    Attributes:
        id: whose look it has; examples of one id share a throw-away adapter.
        latents: [T, C, H, W] fp32.
        text: [L, W] the caption's embedding; with boxes [R * L, W], a text a box in their order and
            the background's last.
        boxes: where its figures are, the one that shows the motion first; empty where nobody knows,
            or for a model that learns no clip by regions.
    """

    id: str
    latents: Tensor
    text: Tensor
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class TaughtAdapter:
    """An adapter's weights by diffusers' names, the step they are of, and how training went."""

    state: dict[str, Tensor]
    step: int
    loss: float
    progress: Progress


def teach_motion(
    model: Teachable,
    examples: Sequence[LatentExample],
    settings: TeachSettings,
    watch: TrainingWatch = TrainingWatch(),  # noqa: B008 (frozen)
) -> TaughtAdapter:
    """Learn a motion from clips; the model is left as it was.

    Raises:
        AdapterError: there are too few clips, or training fell apart.
        StoppedError: the user stopped it; what was done is kept.
    """
    if len(examples) < settings.fewest:
        raise AdapterError(
            f"{len(examples)} clips are too few to learn from: {settings.fewest} at least"
        )
    with borrowed(model.pipe.transformer):
        return _Course(model, examples, settings, watch, motion=True).run()


def teach_look(
    model: Teachable,
    examples: Sequence[LatentExample],
    settings: TeachSettings,
    watch: TrainingWatch = TrainingWatch(),  # noqa: B008 (frozen)
) -> TaughtAdapter:
    """Learn a character from pictures; the model is left as it was. Raises as `teach_motion`."""
    if not examples:
        raise AdapterError("no picture to learn from")
    with borrowed(model.pipe.transformer):
        return _Course(model, examples, settings, watch, motion=False).run()


class _Course:
    """One training, from its beginning or from where it was stopped."""

    def __init__(
        self, model: Teachable, examples: Sequence[LatentExample], settings: TeachSettings,
        watch: TrainingWatch, *, motion: bool,
    ) -> None:  # fmt: skip
        self._model, self._settings, self._watch, self._motion = model, settings, watch, motion
        self._net = model.pipe.transformer
        self._device = next(self._net.parameters()).device
        self._noising = Noising(model.pipe.scheduler)
        self._held, self._lessons = split(examples, settings.held_out)
        rank, dropout, seed = settings.rank, settings.dropout, settings.seed
        layers = taught_layers(model, settings, motion=motion)
        self._kept = add_layers(self._net, KEPT, layers, rank=rank, dropout=dropout, seed=seed)
        self._own: dict[str, LayerSet] = {}
        looks = motion and settings.look_skipped < 1
        for number, one in enumerate(dict.fromkeys(e.id for e in self._lessons) if looks else ()):
            self._own[one] = add_layers(
                self._net, f"clip{number}", model.look_layers(), rank=settings.clip_rank,
                dropout=dropout, seed=seed + 1 + number,
            )  # fmt: skip
        self._weights = {
            f"{part.name}/{name}": weight
            for part in (self._kept, *self._own.values())
            for name, weight in part.weights.items()
        }
        self._optimizer = torch.optim.AdamW(
            self._weights.values(), lr=settings.lr, weight_decay=settings.weight_decay,
            betas=settings.betas, fused=True,
        )  # fmt: skip
        self._gate = RowGate(self._net, KEPT)
        self._numbers = numbers_of(self._device, self._net.dtype)
        self._scaler = torch.amp.GradScaler(
            self._device.type, enabled=self._numbers is torch.float16
        )

    def run(self) -> TaughtAdapter:
        progress, best = self._begun()
        total, every = self._settings.steps, self._settings.check_every
        with self._recomputing(), torch.random.fork_rng():
            if not progress.checks:
                self._check(progress, 0)
                best = kept_state(self._net, self._kept)
            while progress.step < total and not self._stale(progress):
                began = time.monotonic()
                loss = self._step(progress.step)
                progress.step += 1
                progress.losses.append(loss)
                due = progress.step % every == 0 or progress.step == total
                if due and self._check(progress, progress.step):
                    best = kept_state(self._net, self._kept)
                progress.passed_s += time.monotonic() - began
                self._watch.on_step(progress.step, total, loss)
                stopped = self._watch.stopped()
                if stopped or progress.step % self._settings.save_every == 0:
                    self._save(progress, best)
                if stopped:
                    raise StoppedError(
                        f"training was stopped after step {progress.step}; it goes on from there"
                    )
        return TaughtAdapter(best, progress.best_step, progress.best, progress)

    def _begun(self) -> tuple[Progress, dict[str, Tensor]]:
        found = self._watch.folder and load_progress(
            self._watch.folder, self._weights, self._optimizer, self._scaler
        )
        return found or (Progress(), {})

    def _save(self, progress: Progress, best: Mapping[str, Tensor]) -> None:
        if self._watch.folder is not None:
            save_progress(
                self._watch.folder, progress, self._weights, self._optimizer, best, self._scaler
            )

    def _stale(self, progress: Progress) -> bool:
        """Say whether the last checks were all no better than one before them."""
        later = [step for step in progress.checks if step > progress.best_step]
        return len(later) >= self._settings.patience

    def _step(self, step: int) -> float:
        """Learn from some clips, and return their mean loss."""
        chance = random.Random(self._settings.seed * _LARGE + step)
        torch.manual_seed(chance.getrandbits(48))  # for dropout; forked from everybody else's
        generator = torch.Generator().manual_seed(chance.getrandbits(48))
        batch = self._settings.batch
        self._net.train()
        self._optimizer.zero_grad(set_to_none=True)
        for group in self._optimizer.param_groups:
            group["lr"] = self._settings.rate(step)
        total = 0.0
        for at in range(batch):
            turn = _turn(step * batch + at, len(self._lessons), self._settings.seed)
            example = self._lessons[turn]
            with self._laid(example):
                total += self._learnt(example, at, chance, generator)
        self._scaler.unscale_(self._optimizer)
        torch.nn.utils.clip_grad_norm_(self._weights.values(), self._settings.max_norm)
        self._scaler.step(self._optimizer)
        self._scaler.update()
        return total / batch

    def _learnt(
        self, example: LatentExample, at: int, chance: random.Random, generator: torch.Generator
    ) -> float:
        """Add up the gradients of one example, the `at`th of its step, and return its loss."""
        if self._motion:
            own = self._own.get(example.id)
            if own and chance.random() >= self._settings.look_skipped:
                use_layers(self._net, [own.name], learning=own.name)
                self._backward(self._look(example, at, chance, generator), own)
            use_layers(self._net, [KEPT, own.name] if own else [KEPT], learning=KEPT)
            anchor = chance.randrange(len(example.latents)) if self._settings.debiased else None
            output, target = self._answer(example, self._share(chance, at), generator)
            loss = motion_loss(output, target, anchor, self._where(example))
        else:
            use_layers(self._net, [KEPT], learning=KEPT)
            output, target = self._answer(example, self._share(chance, at), generator)
            loss = motion_loss(output, target, None, self._where(example))
        self._backward(loss, self._kept)
        return float(loss.detach())

    @contextmanager
    def _laid(self, example: LatentExample) -> Iterator[None]:
        """Learn from an example by its regions, if it has some, for as long as this lasts."""
        if not example.boxes:
            yield
            return
        grid = self._model.grid(example.latents)
        layout = lesson_layout(example.boxes, grid).to(self._device)
        rows = subject_rows(layout, grid, len(example.text) // layout.regions)
        with self._model.laid(layout), self._gate.opened(rows):
            yield

    def _where(self, example: LatentExample) -> Tensor:
        """Return how much each latent counts: [T, 1, H, W], `outside` beyond a figure's region.

        An adapter does nothing there of its own, and would be asked for what stands behind the
        figures of its clips; but how it is seen from there, through attention, may count a little.
        """
        inside = None
        if example.boxes:
            grid = self._model.grid(example.latents)
            inside = subject_latents(example.boxes[0], grid, example.latents)
            inside = inside.clamp(min=self._settings.outside)
        return where_it_moves(example.latents, inside, self._settings.moving).to(self._device)

    def _share(self, chance: random.Random, at: int) -> float:
        """Return a share of the schedule for the `at`th of a step; they are spread over it."""
        return self._raised((at + chance.random()) / self._settings.batch)

    def _raised(self, even: float) -> float:
        return float(even**self._settings.noisy)

    def _look(
        self, example: LatentExample, at: int, chance: random.Random, generator: torch.Generator
    ) -> Tensor:
        frame = chance.randrange(len(example.latents))
        output, target = self._answer(example, self._share(chance, at), generator)
        return look_loss(output, target, frame)

    def _backward(self, loss: Tensor, learning: LayerSet) -> None:
        if not loss.isfinite():
            raise AdapterError(
                "the loss is no finite number: the learning rate is too high for this model, or a "
                "clip is damaged"
            )
        self._scaler.scale(loss / self._settings.batch).backward()
        for weight in learning.weights.values():
            if weight.grad is None:
                weight.grad = torch.zeros_like(weight)

    def _answer(
        self, example: LatentExample, share: float, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Return the model's output at a level of noise and its target: [T, C, H, W] each."""
        noise = torch.randn(example.latents.shape, generator=generator)
        level = self._noising.level(share)
        noised = self._noising.noised(example.latents, noise, level)
        target = self._noising.target(example.latents, noise, level).to(self._device)
        kind = self._net.dtype
        with torch.autocast(
            self._device.type, self._numbers, enabled=self._numbers is not torch.float32
        ):
            output = self._model.predict(
                noised.to(self._device, kind), level.time.to(self._device),
                example.text.to(self._device, kind),
            )  # fmt: skip
        return output.float(), target

    @torch.no_grad()
    def _check(self, progress: Progress, step: int) -> bool:
        """Measure the held-out loss under the kept adapter alone; return whether it is the best."""
        self._net.eval()
        use_layers(self._net, [KEPT], learning=None)
        losses = []
        for number, example in enumerate(self._held):
            for at, share in enumerate(_LEVELS):
                generator = torch.Generator().manual_seed(_LARGE * number + at)
                with self._laid(example):
                    output, target = self._answer(example, self._raised(share), generator)
                debiased = self._motion and self._settings.debiased
                anchor = len(example.latents) // 2 if debiased else None
                losses.append(motion_loss(output, target, anchor, self._where(example)))
        progress.checks[step] = float(torch.stack(losses).mean())
        if step == 0 or progress.checks[step] < progress.best:
            progress.best_step = step
            return True
        return False

    @contextmanager
    def _recomputing(self) -> Iterator[None]:
        """Compute blocks again on the way back instead of keeping what is in them, if asked."""
        if not self._settings.recompute:
            yield
            return
        self._net.enable_gradient_checkpointing()
        try:
            yield
        finally:
            self._net.disable_gradient_checkpointing()


def taught_layers(model: Teachable, settings: TeachSettings, *, motion: bool) -> list[str]:
    """Name the linears of an adapter that is kept."""
    if not motion:
        return model.look_layers()
    return model.motion_layers() + (model.look_layers() if settings.every_block else [])


def split(
    examples: Sequence[LatentExample], one_in: int
) -> tuple[list[LatentExample], list[LatentExample]]:
    """Return the examples that are held out and those that are learnt from.

    Of fewer than `one_in` the first is held out where four remain, and else is in both.
    """
    held = list(examples[::one_in])
    lessons = [example for at, example in enumerate(examples) if at % one_in]
    if len(lessons) < FEWEST_CLIPS:
        lessons = list(examples)
    return held, lessons


def numbers_of(device: torch.device, kept: torch.dtype) -> torch.dtype:
    """Return the numbers to multiply in while learning: bf16 where the device has it.

    A GPU without has fp16, a processor without fp32. A model that is kept in fp32 on a GPU is
    learnt in fp32; a processor keeps all its weights in fp32, and multiplies them in bf16.
    """
    if device.type == "cpu":
        return torch.bfloat16 if multiplies_bf16() else torch.float32
    if device.type != "cuda" or kept is torch.float32:
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _turn(step: int, count: int, seed: int) -> int:
    """Return whose turn a step is: each once in a round, in another order each round."""
    order = list(range(count))
    random.Random(seed * _LARGE + step // count).shuffle(order)
    return order[step % count]


def parameters(layers: Mapping[str, nn.Parameter]) -> int:
    """Return how many numbers an adapter has."""
    return sum(weight.numel() for weight in layers.values())
