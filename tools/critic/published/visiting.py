"""A model that stays on the processor -> the same on the device while it is asked, and gone after.

Five models would not fit beside one another, and beside a video model, into 24 GB: each comes when
it has something to do and leaves before the next one comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch

from ....engine.quiet import quietly
from ....errors import WeightsError

Loaded = TypeVar("Loaded")

# What the libraries raise at a file that is broken or does not fit its configuration.
_BROKEN = (OSError, ValueError, RuntimeError, TypeError, LookupError, AttributeError, ImportError)


class VisitingModel(Generic[Loaded]):
    """A model with its processor, loaded at its first visit.

    Args:
        folder: of its files, for messages.
        load: returns the model on the CPU and whatever prepares its input.
        device: where it works.
    """

    def __init__(
        self, folder: Path, load: Callable[[Path], tuple[Any, Loaded]], device: torch.device
    ) -> None:
        self._folder, self._load, self.device = folder, load, device
        self._kept: tuple[Any, Loaded] | None = None

    @contextmanager
    def visit(self) -> Iterator[tuple[Any, Loaded]]:
        """Bring the model to the device, and take it away again.

        Raises:
            WeightsError: it cannot be loaded.
        """
        if self._kept is None:
            try:
                with quietly():
                    model, prepare = self._load(self._folder)
            except _BROKEN as error:
                raise WeightsError(f"{self._folder} cannot be loaded: {error}") from error
            self._kept = model.eval().requires_grad_(False), prepare
        model, prepare = self._kept
        try:
            with torch.inference_mode():
                yield model.to(self.device), prepare
        finally:
            if self.device.type != "cpu":
                model.to("cpu")
                torch.cuda.empty_cache()


def from_files(model: str, processor: str) -> Callable[[Path], tuple[Any, Any]]:
    """Return a loader of a transformers model and of what prepares its input, by their classes."""

    def load(folder: Path) -> tuple[Any, Any]:
        import transformers

        prepare = getattr(transformers, processor).from_pretrained(folder, local_files_only=True)
        made, report = getattr(transformers, model).from_pretrained(
            folder, local_files_only=True, use_safetensors=True, output_loading_info=True
        )
        return _whole(made, report, folder), prepare

    return load


def _whole(model: Any, report: Any, folder: Path) -> Any:  # transformers' own kinds
    """Return a model if every tensor of it came from the files.

    Raises:
        WeightsError: one did not: left to itself transformers draws it at random.
    """
    for reason in ("missing_keys", "mismatched_keys"):
        if tensors := sorted(map(str, report[reason])):
            raise WeightsError(
                f"{folder} has {len(tensors)} {reason.replace('_keys', '')} tensors, such as "
                f"{tensors[0]}; download it again"
            )
    return model
