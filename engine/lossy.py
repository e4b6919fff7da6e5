"""What the user traded for speed -> the plan's settings and the model's numbers. No torch.

Five levers change pictures; each is off until it is named, and a run that uses one says which:

* `steps=N`: fewer denoising steps than the engine's own.
* `cache=X`: the blocks after the first are skipped at a step where the first changed its output by
  less than X of what it was, and their last change is used again (first-block cache).
* `trim`: texts lose their padding, which CogVideoX was trained to see.
* `fp8`: attention and feed-forward layers multiply in 8-bit floats.
* `bf16`: a model that was made for fp16, and is fp32 on a processor, multiplies in bf16.

The last two are properties of the loaded model and no settings of a shot.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from ..plan import Plan, ShotPlan

LEVERS = "steps=N, cache=X, trim, fp8, bf16"
NUMBERS = ("fp8", "bf16")  # what ends an engine's fingerprint where its numbers are others
_FLAGS = ("trim", *NUMBERS)


@dataclass(frozen=True, slots=True)
class Lossy:
    """Which levers are pulled; by default none."""

    steps: int | None = None
    cache: float = 0.0
    trim: bool = False
    fp8: bool = False
    bf16: bool = False

    def __str__(self) -> str:
        """Name the levers that are pulled, as `parse_lossy` reads them."""
        named = [] if self.steps is None else [f"steps={self.steps}"]
        named += [f"cache={self.cache:g}"] if self.cache else []
        return ",".join([*named, *(name for name in _FLAGS if getattr(self, name))])

    def applied(self, plan: Plan) -> Plan:
        """Return the plan with every shot's settings changed as the levers say."""
        if self == Lossy():
            return plan
        for shot in plan.shots:
            plan = plan.with_shot(self._shot(shot))
        return plan

    def _shot(self, shot: ShotPlan) -> ShotPlan:
        settings = shot.settings
        changes = {
            "steps": settings.steps if self.steps is None else min(self.steps, settings.steps),
            "first_block_cache": self.cache,
            "trim_text": self.trim or settings.trim_text,
        }
        return shot.model_copy(update={"settings": settings.model_copy(update=changes)})


def parse_lossy(text: str) -> Lossy:
    """Return the levers that a text such as "fp8,cache=0.08,steps=25" names.

    Raises:
        InputError: there is no such lever, or its value makes no sense.
    """
    steps, cache, flags = None, 0.0, set()
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = word.partition("=")
        try:
            if name == "steps":
                steps = int(value)
            elif name == "cache":
                cache = float(value)
            elif word in _FLAGS:
                flags.add(word)
            else:
                raise ValueError
        except ValueError:
            raise InputError(f"{word!r} is no lever of speed; there are {LEVERS}") from None
    if steps is not None and steps < 1:
        raise InputError(f"steps={steps} draws nothing; there must be at least one")
    if not 0 <= cache < 1:
        raise InputError(f"cache={cache:g} must be a share from 0 up to 1, such as cache=0.08")
    return Lossy(steps, cache, **dict.fromkeys(flags, True))
