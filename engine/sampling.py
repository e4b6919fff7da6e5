"""What the user says of sampling -> the plan's settings. No torch.

* `scheduler=NAME`: one of the model's own kinds of schedule: ddim or dpm for CogVideoX; unipc,
  euler or dpm for Wan. Without it, the one that is in the model's folder.
* `guidance=X`: the scale of classifier-free guidance in every shot.
* `steps=N`: denoising steps, more or fewer than the model's own.
* `dynamic`: guidance that changes from step to step, as CogVideoX's makers sample with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import InputError
from ..plan import Capabilities, Plan

KNOBS = "scheduler=NAME, guidance=X, steps=N, dynamic"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How shots are sampled where it is not as the model is published; by default nothing."""

    scheduler: str = ""
    guidance: float | None = None
    steps: int | None = None
    dynamic: bool = False

    def __str__(self) -> str:
        """Name what is set, as `parse_sampling` reads it."""
        named = [f"scheduler={self.scheduler}"] if self.scheduler else []
        named += [] if self.guidance is None else [f"guidance={self.guidance:g}"]
        named += [] if self.steps is None else [f"steps={self.steps}"]
        return ", ".join([*named, *(["dynamic"] if self.dynamic else [])])

    def applied(self, plan: Plan, engine: Capabilities) -> Plan:
        """Return the plan with every shot's settings changed as is said here.

        Raises:
            InputError: the engine has no such schedule, or no guidance that changes.
        """
        if self == Sampling():
            return plan
        if self.scheduler and self.scheduler not in engine.schedulers:
            known = ", ".join(engine.schedulers) or "one of its own"
            raise InputError(f"{engine.name} has no scheduler {self.scheduler!r}; it has {known}")
        if self.dynamic and not engine.schedulers:
            raise InputError(f"{engine.name} has no guidance that changes from step to step")
        for shot in plan.shots:
            before = shot.settings
            changes = {
                "scheduler": self.scheduler or before.scheduler,
                "guidance": before.guidance if self.guidance is None else self.guidance,
                "steps": before.steps if self.steps is None else self.steps,
                "dynamic_guidance": self.dynamic or before.dynamic_guidance,
            }
            plan = plan.with_shot(
                shot.model_copy(update={"settings": before.model_copy(update=changes)})
            )
        return plan


def parse_sampling(text: str) -> Sampling:
    """Return what a text such as "scheduler=dpm, guidance=9, dynamic" says.

    Raises:
        InputError: it names something else, or a value makes no sense.
    """
    found = Sampling()
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = (part.strip() for part in word.partition("="))
        try:
            if name == "scheduler" and value:
                found = replace(found, scheduler=value)
            elif name == "guidance":
                found = replace(found, guidance=float(value))
            elif name == "steps":
                found = replace(found, steps=int(value))
            elif word == "dynamic":
                found = replace(found, dynamic=True)
            else:
                raise ValueError
        except ValueError:
            raise InputError(f"{word!r} says nothing of sampling; there are {KNOBS}") from None
    if found.steps is not None and not 1 <= found.steps <= 1000:
        raise InputError(f"steps={found.steps} must be from 1 to 1000")
    if found.guidance is not None and not 1 <= found.guidance <= 100:
        raise InputError(f"guidance={found.guidance:g} must be from 1, which is none, to 100")
    return found
