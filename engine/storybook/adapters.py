"""A shot + adapters' files -> who underpaints which entity when, and what is the transformer's.

A motion adapter of this family changes both models. In the transformer it works on its entity's
tokens; a figure is underpainted by itself, so there the merged weights touch nobody else. It may
also say how the motion turns the whole figure over.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor

from ...errors import AdapterError
from ...film import Adapter
from ...plan import Entity, ShotPlan
from ..sr3ai.lora import LoraUpdates, LowRank, load_lora, lora_file
from ..sr3ai.region_lora import PlacedLora, uses
from .turning import TURNS, facing_turns
from .underpainting import Underpainter
from .world.words.captions import region_prompt

PREFIX = "underpainter."


def of_transformer(placed: Sequence[PlacedLora]) -> list[PlacedLora]:
    """Return adapters without what they change in the underpainter."""
    return [replace(one, lora=replace(one.lora, updates=_part(one.lora, False))) for one in placed]


def merged(painter: Underpainter, loras: Sequence[LoraUpdates], scale: float) -> Underpainter:
    """Return an underpainter with adapters in its weights; the same one where there are none.

    Raises:
        AdapterError: an adapter was made for another underpainter.
    """
    if not loras:
        return painter
    changed = copy.deepcopy(painter)
    for lora in loras:
        for path, update in _part(lora, True).items():
            try:
                weight = changed.get_parameter(f"{path}.weight")
                delta = update.up.flatten(1) @ update.down.flatten(1)
                weight.data += scale * delta.view_as(weight).to(weight)
            except (AttributeError, RuntimeError) as error:
                raise AdapterError(
                    f"adapter {lora.name!r} was made for another underpainter: {error}"
                ) from error
    return changed


@dataclass(frozen=True, slots=True)
class PaintedFrames:
    """Frames [T] bool of an entity that are underpainted alike: by whom, and from which words.

    `turns` [T, 2, 3] are those of all frames; None where it does not turn over.
    """

    painter: Underpainter
    text: str
    frames: Tensor
    turns: Tensor | None


def stretches(
    painter: Underpainter,
    shot: ShotPlan,
    entity: Entity,
    adapters: Sequence[Adapter],
    times_s: Tensor,
) -> Iterator[PaintedFrames]:
    """Yield who underpaints an entity, from which words and on which frames.

    Raises:
        AdapterError: an adapter cannot be read, or was made for another underpainter.
    """
    frames: dict[tuple[str, tuple[int, ...]], list[int]] = {}
    served = [[u for u in uses(shot, a) if u[0] == entity.id] for a in adapters]
    for frame, time in enumerate(times_s.tolist()):
        active = tuple(
            at for at, used in enumerate(served) if any(s <= time <= e for _, s, e in used)
        )
        frames.setdefault((_words(shot, entity, time), active), []).append(frame)
    for (text, active), chosen in frames.items():
        loras = [load_lora(Path(adapters[at].path), adapters[at].name) for at in active]
        turns = [_turns(shot, entity, adapters[at], times_s) for at in active]
        mask = torch.zeros(len(times_s), dtype=torch.bool, device=times_s.device)
        mask[chosen] = True
        yield PaintedFrames(
            merged(painter, loras, shot.settings.adapter_scale), text, mask,
            next((turn for turn in turns if turn is not None), None),
        )  # fmt: skip


def turns_of(
    shot: ShotPlan, entity: Entity, adapters: Sequence[Adapter], times_s: Tensor
) -> Tensor | None:
    """Return how one who is painted by parts turns over at times [T], [T, 2, 3]; None if never."""
    mine = [a for a in adapters if any(u[0] == entity.id for u in uses(shot, a))]
    found = (_turns(shot, entity, adapter, times_s) for adapter in mine)
    return next((turns for turns in found if turns is not None), None)


def _turns(shot: ShotPlan, entity: Entity, adapter: Adapter, times_s: Tensor) -> Tensor | None:
    """Return how an entity turns over at times [T], where an adapter says it: [T, 2, 3].

    A turn takes as long as its beat, as the path of its boxes does, and comes with each beat anew.
    """
    if not shot.settings.adapter_scale:
        return None
    name = PREFIX + TURNS
    with safe_open(lora_file(Path(adapter.path)), framework="pt") as opened:
        if name not in opened.keys():  # noqa: SIM118 (a file handle, no mapping)
            return None
        turns: Tensor = opened.get_tensor(name).float().to(times_s.device)
    out = torch.eye(2, 3, device=times_s.device).repeat(len(times_s), 1, 1)
    for beat in shot.beats:
        if (beat.entity, beat.motion) == (entity.id, adapter.name):
            now = (times_s >= beat.start_s) & (times_s <= beat.end_s)
            passed = (times_s[now] - beat.start_s) / max(beat.end_s - beat.start_s, 1e-6)
            at = (passed * (len(turns) - 1)).round().long()
            out[now] = facing_turns(turns, beat.facing)[at]
    return out


def _words(shot: ShotPlan, entity: Entity, time_s: float) -> str:
    """Return the words of an entity at a time: its prompt, or of several beats the one there."""
    beats = [beat for beat in shot.beats if beat.entity == entity.id]
    now = next((beat for beat in beats if beat.start_s <= time_s < beat.end_s), None)
    if now is None or len(beats) < 2 or entity.character is None:
        return entity.prompt
    return region_prompt(entity.character, entity.color, now.motion, now.facing)


def _part(lora: LoraUpdates, painter: bool) -> dict[str, LowRank]:
    return {
        path.removeprefix(PREFIX): update
        for path, update in lora.updates.items()
        if path.startswith(PREFIX) is painter
    }
