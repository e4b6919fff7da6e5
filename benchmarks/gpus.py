"""A film of 100 shots with ten adapters -> hours on 1, 4 and 16 GPUs, by arithmetic.

    python benchmarks/gpus.py [--rate 400] [--engine cogvideox-5b] [--shots 100] [--adapters 10]

Nothing is run. The operations of a clip and of a training are those that the engine itself counts
before it begins; `--rate` is what a GPU does of them, in 10^12 a second. The order of work is that
of the cluster's queue: trainings first, then shots, and a shot with an adapter when it is there.
"""

from __future__ import annotations

import argparse
import heapq
from typing import Any

from dreamrunner.engine.diffusion.checkpoints import CHECKPOINTS
from dreamrunner.engine.diffusion.devices import shot_operations
from dreamrunner.engine.diffusion.memory import TRAINING_MODES
from dreamrunner.engine.diffusion.teaching.recipes import TeachSettings
from dreamrunner.engine.diffusion.teaching.teacher import step_operations


def hours(gpus: int, shot_h: float, training_h: float, shots: int, adapters: int) -> float:
    """Return when a film is drawn: half of its shots need one of the adapters, in turn."""
    free = [0.0] * gpus
    trained: list[float] = []
    for _ in range(adapters):
        trained.append(heapq.heappop(free) + training_h)
        heapq.heappush(free, trained[-1])
    ready = [0.0 if n % 2 or not adapters else trained[n // 2 % adapters] for n in range(shots)]
    end = max(trained, default=0.0)
    waiting = sorted(ready)
    while waiting:
        at = heapq.heappop(free)
        able = next((r for r in waiting if r <= at), waiting[0])
        waiting.remove(able)
        done = max(at, able) + shot_h
        heapq.heappush(free, done)
        end = max(end, done)
    return end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rate", type=float, default=400.0, help="10^12 operations a second")
    parser.add_argument("--engine", default="cogvideox-5b")
    parser.add_argument("--shots", type=int, default=100)
    parser.add_argument("--adapters", type=int, default=10)
    given = parser.parse_args()
    model: Any = next(one for one in CHECKPOINTS.values() if one.name == given.engine)
    settings = TeachSettings()
    training = step_operations(model, TRAINING_MODES[0], settings, motion=True) * settings.steps
    shot_h = shot_operations(model) / given.rate / 1e12 / 3600
    training_h = training / given.rate / 1e12 / 3600
    print(f"{given.engine} at {given.rate:g} x 10^12 operations a second")
    print(f"a clip: {shot_operations(model):.3g} operations, {shot_h * 60:.2f} min")
    print(f"a motion's adapter: {training:.3g} operations at most, {training_h * 60:.2f} min")
    one = hours(1, shot_h, training_h, given.shots, given.adapters)
    for gpus in (1, 4, 16):
        took = hours(gpus, shot_h, training_h, given.shots, given.adapters)
        ideal = (given.shots * shot_h + given.adapters * training_h) / gpus
        faster = one / took
        print(
            f"{gpus:3} GPUs: {took:6.2f} h, {faster:5.2f} times faster, {took / ideal:.2f} of ideal"
        )


if __name__ == "__main__":
    main()
