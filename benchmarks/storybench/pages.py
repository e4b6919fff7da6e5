"""JudgedClip clips -> the figures, the table and the pictures of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import numpy as np
from PIL import Image, ImageDraw

from dreamrunner.bench.intervals import PairedDifference, Rate, paired_bootstrap, wilson
from dreamrunner.engine.storybook.models import FPS
from dreamrunner.story import Box
from storybench import held_out
from storybench.clips import JudgedClip
from storybench.scores import RoleScore

ROLE_MEASURES: dict[str, Callable[[RoleScore], bool]] = {
    "character in its region": lambda r: r.in_region,
    "character anywhere": lambda r: r.seen,
    "motion": lambda r: r.motion,
}
# What the lower end of an interval has to reach.
AIMS = {
    "character in its region": 0.95, "place": 0.97, "motion": 0.80, "each in its own half": 0.80
}  # fmt: skip


def rates(results: Sequence[JudgedClip]) -> dict[str, Rate]:
    """Return every rate of a set of prompts: roles are counted one by one, places a clip."""
    roles = [role for r in results for role in r.score.roles]
    found = {name: wilson([holds(role) for role in roles]) for name, holds in ROLE_MEASURES.items()}
    found["motion where the character was seen"] = wilson([r.motion for r in roles if r.seen])
    found["place"] = wilson([r.score.place for r in results])
    found["failed renders"] = wilson([bool(r.score.error) for r in results])
    return found


def pair_rates(results: Sequence[JudgedClip]) -> dict[str, Rate]:
    """Return the rates of the two-figure prompts."""
    roles = [role for r in results for role in r.score.roles]
    return {
        "each in its own half": wilson([r.score.each_in_own_half for r in results]),
        "character in its own half": wilson([role.own_half for role in roles]),
        "character anywhere": wilson([role.seen for role in roles]),
        "motion": wilson([role.motion for role in roles]),
        "place": wilson([r.score.place for r in results]),
    }


def layout_iou(results: Sequence[JudgedClip]) -> float:
    """Return the mean overlap of found and planned boxes; a figure not found counts 0."""
    overlaps = [role.layout_iou for r in results for role in r.score.roles]
    return float(np.mean(overlaps)) if overlaps else 0.0


def by(results: Sequence[JudgedClip], key: str, measure: str) -> dict[str, Rate]:
    """Return a rate of roles for each character or motion (`key` is a field of a role)."""
    held: dict[str, list[bool]] = {}
    for result in results:
        for role, scored in zip(result.prompt.roles, result.score.roles, strict=True):
            held.setdefault(getattr(role, key), []).append(ROLE_MEASURES[measure](scored))
    return {name: wilson(values) for name, values in sorted(held.items())}


def as_rows(results: Sequence[JudgedClip]) -> list[dict[str, object]]:
    """Return each clip's score as plain values."""
    return [asdict(result.score) for result in results]


def table(title: str, columns: dict[str, dict[str, Rate]]) -> str:
    """Return a markdown table: a measure a row, a condition a column."""
    names = list(columns)
    lines = [f"| {title} | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for measure in columns[names[0]]:
        cells = [str(columns[name][measure]) for name in names]
        count = columns[names[0]][measure].count
        lines.append(f"| {measure} (n = {count}) | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell_figures(results: Sequence[JudgedClip]) -> dict[str, dict[str, float]]:
    """Return an arrangement's layout and identity with their intervals."""
    roles = [role for r in results for role in r.score.roles]
    overlap = paired_bootstrap([r.layout_iou for r in roles], [0.0] * len(roles))
    identity = wilson([r.in_region for r in roles])
    return {
        "layout_iou": {"value": overlap.mean, "low": overlap.low, "high": overlap.high},
        "identity": {"value": identity.value, "low": identity.low, "high": identity.high},
    }


def arranged(found: dict[str, dict[str, list[JudgedClip]]]) -> Iterator[str]:
    """Yield tables of layout and identity, an arrangement a row and a condition a column."""
    arms = list(dict.fromkeys(arm for by_arm in found.values() for arm in by_arm))
    titles = {"layout_iou": "layout IoU of figures", "identity": "figures right and in their box"}
    for measure, title in titles.items() if found else ():
        lines = [f"| {title} | {' | '.join(arms)} |", f"|---|{'---|' * len(arms)}"]
        for cell, by_arm in found.items():
            cells = []
            for arm in arms:
                one = cell_figures(by_arm[arm])[measure] if arm in by_arm else None
                cells.append(
                    ""
                    if one is None
                    else f"{one['value']:.2f} [{one['low']:.2f}, {one['high']:.2f}]"
                )
            lines.append(f"| {cell} | {' | '.join(cells)} |")
        yield "\n".join(lines)


def learnt(found: dict[str, list[JudgedClip]]) -> Iterator[str]:
    """Yield what a held-out motion's adapter does."""
    told = "; ".join(
        f"{name}: {shown_rate(r)} look like it, {rates(r)['character in its region']} are who they "
        f"should be (n = {len(r)})"
        for name, r in found.items()
    )
    if told:
        yield (
            "A motion that base training never saw, nearer to the drawn motion than to the drawn "
            f"figure standing on the same boxes: {told}. (The judge is no help here: it goes by "
            "the path. Of the adapter it is the turn that does this and not the LoRA: see the "
            "arms.)"
        )


def shown_rate(results: Sequence[JudgedClip]) -> Rate:
    """Return how often clips of a held-out motion look like it; a clip that failed does not."""
    return wilson([
        r.frames is not None and held_out.shown(r.prompt, r.frames) for r in results
    ])  # fmt: skip


def missed(prompts: Sequence[JudgedClip], pairs: Sequence[JudgedClip]) -> Iterator[str]:
    """Yield which aims the lower ends of the intervals reach, and which not."""
    found = {**rates(prompts), "each in its own half": pair_rates(pairs)["each in its own half"]}
    for name, aim in AIMS.items():
        says = "reached" if found[name].low >= aim else "MISSED"
        yield f"- {name}: at least {found[name].low:.3f}, aim {aim:.2f}: {says}"


def verdict(what: str, difference: PairedDifference) -> str:
    """Return the sentence that says whether regions beat the joint prompt."""
    sure = "the interval excludes 0" if difference.excludes_zero else "the interval holds 0"
    return (
        f"{what}, regions minus one caption: {difference}, paired bootstrap over "
        f"{difference.pairs} prompts; {sure}."
    )


def strip(results: Sequence[JudgedClip], frames: int = 5, scale: int = 1) -> Image.Image:
    """Draw judged clips, a row a clip: white boxes were planned, coloured ones were found.

    A found box is green where the right character is in its region, else red. What was asked and
    what was seen stands above each row.
    """
    shown = [r for r in results if r.frames is not None]
    if not shown:
        return Image.new("RGB", (1, 1))
    height, width = (side * scale for side in shown[0].frames.shape[1:3])  # type: ignore[union-attr]
    line = 26
    sheet = Image.new("RGB", (width * frames, (height + line) * len(shown)), "#FBF7EE")
    for row, result in enumerate(shown):
        _row(sheet, result, row * (height + line), line, frames, (width, height))
    return sheet


def _row(
    sheet: Image.Image, result: JudgedClip, top: int, line: int, count: int, size: tuple[int, int]
) -> None:
    assert result.frames is not None and result.judgement is not None
    pen = ImageDraw.Draw(sheet)
    pen.text((4, top + 1), f"{result.prompt.id}: {result.prompt.joint}", fill="#2A2633")
    pen.text((4, top + 13), _seen(result), fill="#2A2633")
    right = {r.entity.lower() for r in result.score.roles if r.in_region}
    for column, at in enumerate(np.linspace(0, len(result.frames) - 1, count).round().astype(int)):
        corner = (column * size[0], top + line)
        picture = Image.fromarray(result.frames[at]).resize(size, Image.Resampling.NEAREST)
        sheet.paste(picture, corner)
        for entity in result.shot.entities:
            _outline(pen, result.shot.box_at(entity.id, at / FPS), corner, size, "#FFFFFF")
        for sighting in result.judgement.sightings:
            tint = "#1E9E3A" if sighting.character in right else "#D8232A"
            _outline(pen, sighting.boxes[at], corner, size, tint)


def _seen(result: JudgedClip) -> str:
    assert result.judgement is not None
    seen = [
        f"{s.character} {s.confidence:.2f} {s.motion} {s.direction or 'in place'}"
        for s in result.judgement.sightings
    ]
    marks = [
        f"{r.entity} {'in' if r.in_region else 'not in'} its region, "
        f"motion {'right' if r.motion else 'wrong'}"
        for r in result.score.roles
    ]
    return f"seen: {', '.join(seen) or 'nobody'}; {result.judgement.place} | {'; '.join(marks)}"


def _outline(
    pen: ImageDraw.ImageDraw, box: Box | None, corner: tuple[int, int], size: tuple[int, int],
    tint: str,
) -> None:  # fmt: skip
    if box is None:
        return
    x, y = corner
    wide, high = size
    pen.rectangle(
        (x + box.left * wide, y + box.top * high, x + box.right * wide, y + box.bottom * high),
        outline=tint,
    )
