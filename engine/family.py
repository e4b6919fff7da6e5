"""The seam between productions and model families: shot plan + adapters -> frames.

A family is chosen by name from two small tables, those of this project's own and the published
models, or by the folder of a model. What it needs (torch, weights) is imported when it is loaded
and not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from ..errors import EngineError
from ..plan import Capabilities
from .diffusion.checkpoints import CHECKPOINTS, Checkpoint, checkpoint_capabilities
from .diffusion.published import find_checkpoint
from .diffusion.weights import DEFAULTS, LoadOptions
from .libraries import importing_alone
from .lossy import NUMBERS
from .protocol import Announce, Family


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """Where a family lives: its class, and the function that tells what it can draw."""

    module: str
    family: str
    capabilities_module: str
    capabilities: str


OWN = {
    "storybook": FamilyEntry(
        "storybook.family", "StorybookFamily", "storybook.capabilities", "storybook_capabilities"
    ),
    "animatic": FamilyEntry("animatic", "Animatic", "animatic", "animatic_capabilities"),
}
FAMILIES = (*OWN, *CHECKPOINTS)


def published(name: str) -> Checkpoint | None:
    """Return the published model of a family's name or folder; None for this project's own.

    Raises:
        WeightsError: it is a folder that nothing can be drawn with.
    """
    return None if name in OWN else find_checkpoint(name)


def _own(name: str) -> FamilyEntry:
    if name not in OWN:
        raise EngineError(
            f"no engine is called {name!r}; there are {', '.join(FAMILIES)}, and any folder with "
            "a CogVideoX or Wan in diffusers' layout"
        )
    return OWN[name]


def capabilities(name: str) -> Capabilities:
    """Return what a family can draw, without loading its model.

    Raises:
        EngineError: no family has this name.
        WeightsError: it is a folder that nothing can be drawn with.
    """
    checkpoint = published(name)
    if checkpoint is not None:
        return checkpoint_capabilities(checkpoint)
    record = _own(name)
    module = import_module(f".{record.capabilities_module}", __package__)
    return cast(Capabilities, getattr(module, record.capabilities)())  # by the table above


def load_family(
    name: str, options: LoadOptions = DEFAULTS, announce: Announce | None = None
) -> Family:
    """Return a family ready to draw.

    Args:
        options: where a published model's weights are and what memory it may take.
        announce: called with what was chosen, such as the memory preset.

    Raises:
        EngineError: no family has this name.
        WeightsError: its weights are missing or wrong.
        InputError: it does not fit into the memory.
    """
    checkpoint = published(name)
    if checkpoint is not None:
        with importing_alone():
            from .diffusion.load import load_checkpoint

        return load_checkpoint(checkpoint, options, announce or (lambda _: None))
    for lever in (*NUMBERS, "compile"):
        if getattr(options, lever):
            raise EngineError(f"the {name} engine has no {lever}")
    record = _own(name)
    with importing_alone():
        module = import_module(f".{record.module}", __package__)
    return cast(Family, getattr(module, record.family)())  # by the table above


def licence_of(name: str) -> str:
    """Return under which licence a family's weights are; its own are the program's."""
    if name in OWN:
        return "Apache-2.0"
    checkpoint = published(name)
    return checkpoint.licence.name if checkpoint else "not known"
