"""An engine + an adapter -> whether it acts where it should and nowhere else, in numbers.

Two figures stand side by side in regions of their own, and the adapter is given to one of them. The
same shot is drawn without it, from the same seed: what differs is the adapter's doing. Inside its
own region that is its effect; outside it is a leak. No critic is asked, so that any engine can be
tried; where one has a critic, whoever calls asks it about the clips.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...engine.protocol import Family, Frames
from ...film import Adapter
from ...plan import Beat, Capabilities, Entity, Keyframe, Placement, RenderSettings, ShotPlan
from ...story import Box

BACKGROUND = "background"
_LEFT, _RIGHT = Box(0.04, 0.3, 0.44, 0.95), Box(0.56, 0.3, 0.96, 0.95)
_FRAMES, _HEIGHT_PX = 6, 96


@dataclass(frozen=True, slots=True)
class AdapterTrial:
    """What a trial found.

    `change` is by entity with the adapter and region, "background" being what no figure covers:
    the mean absolute difference of a pixel, 0..255. `saturation` is the mean of the adapter's own
    region before and after, 0..1.
    """

    adapter: str
    change: Mapping[str, Mapping[str, float]]
    saturation: tuple[float, float]
    clips: Mapping[str, Frames]

    @property
    def leak(self) -> float:
        """Return the largest change of somebody else's region, as a part of that of the own one."""
        shares = [
            row[other] / row[own] if row[own] else 0.0
            for own, row in self.change.items()
            for other in row
            if other not in (own, BACKGROUND)
        ]
        return max(shares, default=0.0)


def trial_shot(capabilities: Capabilities, motion: str, *, seed: int = 7) -> ShotPlan:
    """Return the shot of a trial: A on the left, B on the right, both doing the motion."""
    known = list(capabilities.characters)[:2]
    looks = known if len(known) == 2 else ["fox", "owl"]
    place = next(iter(capabilities.places.values()), "a sunny meadow")
    phrases = {**capabilities.motions, **capabilities.library_motions}
    doing = phrases.get(motion, motion)
    entities = tuple(
        Entity(
            id=name, look=f"a {look}", prompt=f"a {look} {doing}",
            character=look if known else None,
        )
        for name, look in zip(("A", "B"), looks, strict=True)
    )  # fmt: skip
    places = tuple(Placement(entity=name, box=box) for name, box in (("A", _LEFT), ("B", _RIGHT)))
    duration = capabilities.clip_s
    beats = tuple(
        Beat(entity=name, motion=motion, start_s=0, end_s=duration) for name in ("A", "B")
    )
    return ShotPlan(
        id="trial", scene="1", duration_s=duration, seed=seed, place="", background=place,
        entities=entities, keyframes=(Keyframe(time_s=0, placements=places),), beats=beats,
        settings=RenderSettings(steps=capabilities.steps, guidance=capabilities.guidance),
    )  # fmt: skip


def try_adapter(
    family: Family,
    shot: ShotPlan,
    adapter: Adapter,
    on_step: Callable[[int, int], None] = lambda done, total: None,
) -> AdapterTrial:
    """Draw a shot of a trial without an adapter, and with it for each of its two figures."""
    runs = [(), *((_for(adapter, entity.id),) for entity in shot.entities)]
    drawn: list[Frames] = []
    for used in runs:

        def step(done: int, total: int) -> None:
            on_step(len(drawn) * total + done, len(runs) * total)

        drawn.append(family.render(shot, used, None, step))
    plain, *taught = drawn
    regions = _regions(shot, plain)
    change = {
        entity.id: {
            name: float(np.abs(frames.astype(float) - plain)[:, inside].mean())
            for name, inside in regions.items()
        }
        for entity, frames in zip(shot.entities, taught, strict=True)
    }
    first = shot.entities[0].id
    before, after = (_saturation(f[:, regions[first]]) for f in (plain, taught[0]))
    names = ("without", *(f"for {entity.id}" for entity in shot.entities))
    clips = dict(zip(names, drawn, strict=True))
    return AdapterTrial(adapter.name, change, (before, after), clips)


def _for(adapter: Adapter, entity: str) -> Adapter:
    """Return an adapter that serves one entity of the trial and nobody else."""
    if adapter.kind == "character":
        return adapter.model_copy(update={"name": entity})
    return adapter.model_copy(update={"entity": entity})


def _regions(shot: ShotPlan, frames: Frames) -> dict[str, NDArray[np.bool_]]:
    """Return which pixels [h, w] are in each region, and which in none."""
    height, width = frames.shape[1:3]
    found = {}
    for entity in shot.entities:
        box = shot.box_at(entity.id, 0.0)
        assert box is not None  # `trial_shot` places everybody
        inside = np.zeros((height, width), np.bool_)
        inside[
            round(box.top * height) : round(box.bottom * height),
            round(box.left * width) : round(box.right * width),
        ] = True
        found[entity.id] = inside
    found[BACKGROUND] = ~np.logical_or.reduce(list(found.values()))
    return found


def _saturation(pixels: NDArray[np.uint8]) -> float:
    """Return the mean saturation (of HSV) of pixels [..., 3]."""
    high = pixels.max(-1).astype(float)
    low = pixels.min(-1).astype(float)
    return float(np.where(high > 0, (high - low) / np.maximum(high, 1), 0).mean())


def trial_sheet(trial: AdapterTrial, path: Path) -> None:
    """Write frames of a trial's clips, a row a clip."""
    rows: Sequence[Image.Image] = [_row(frames) for frames in trial.clips.values()]
    sheet = Image.new("RGB", (rows[0].width, sum(row.height for row in rows)))
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def _row(frames: Frames) -> Image.Image:
    picked = np.linspace(0, len(frames) - 1, _FRAMES).round().astype(int)
    joined = np.concatenate([frames[at] for at in picked], axis=1)
    scale = _HEIGHT_PX / joined.shape[0]
    picture = Image.fromarray(joined)
    return picture.resize((round(joined.shape[1] * scale), _HEIGHT_PX))
