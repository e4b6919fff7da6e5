"""Adapters -> their part of the report: what each is, its curve of losses, what it learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ...film import Adapter, TrialRecord
from ..pages.html import Content, Markup, join, tag
from .media import ReportMedia
from .sections import table

_WIDTH, _HEIGHT, _PAD = 320, 96, 6


def adapters_section(
    adapters: Sequence[Adapter], trials: Mapping[str, TrialRecord], media: ReportMedia
) -> Content:
    """Show what was trained or brought along, one block an adapter; `trials` are by key."""
    if not adapters:
        return ""
    blocks = [_block(adapter, trials.get(adapter.key), media) for adapter in adapters]
    return tag("section", tag("h2", "Adapters"), blocks)


def _block(adapter: Adapter, trial: TrialRecord | None, media: ReportMedia) -> Markup:
    whose = f" of {adapter.entity}" if adapter.entity else ""
    facts = [adapter.means or f"{adapter.kind} adapter"]
    if adapter.steps:
        facts.append(f"kept from step {adapter.steps}, held-out loss {adapter.loss:.4f}")
    if adapter.trigger:
        facts.append(f'called by "{adapter.trigger}"')
    if adapter.clips:
        facts.append(f"learnt from {', '.join(adapter.clips)}")
    facts.append(f"for {adapter.base[:10]}, key {adapter.key[:10]}")
    strip: Content = ""
    if adapter.strip and Path(adapter.strip).is_file():
        source = media.picture(Path(adapter.strip).read_bytes())
        strip = tag("img", src=source, alt=f"What {adapter.name} was learnt from")
    return tag(
        "div",
        tag("h3", f"{adapter.kind} {adapter.name}{whose}"),
        tag("p", "; ".join(facts)),
        _curve(adapter),
        strip,
        _trial(trial),
        class_="adapter",
    )


def _trial(trial: TrialRecord | None) -> Content:
    """Show a trial's matrix: whom the adapter was given to by rows, regions by columns."""
    if trial is None:
        return tag("p", "Not tried: dreamrunner adapters test shows what it changes, and where.",
                   class_="soft")  # fmt: skip
    regions = list(next(iter(trial.change.values()), {}))
    rows = [
        (tag("b", own), *(f"{row.get(region, 0.0):.2f}" for region in regions))
        for own, row in trial.change.items()
    ]
    before, after = trial.saturation
    said = [
        f"Largest leak {trial.leak:.3f} of the change in its own region; "
        f"saturation there {before:.2f} without, {after:.2f} with."
    ]
    said += [
        f"The motion, {name}: " + ("not judged." if value is None else f"{value:.2f}.")
        for name, value in trial.shown.items()
    ]
    heads = ("Given to", *(f"Change in {region}" for region in regions))
    return [table(heads, rows), tag("p", " ".join(said))]


def _curve(adapter: Adapter) -> Content:
    """Draw the losses of training as a thin line, and the held-out ones as a thick one."""
    if len(adapter.checks) < 2:
        return ""
    lines = [line for line in (adapter.losses, adapter.checks) if len(line) > 1]
    last = max(step for line in lines for step, _ in line)
    values = [loss for line in lines for _, loss in line]
    low, high = min(values), max(values)

    def at(step: int, loss: float) -> str:
        x = _PAD + (_WIDTH - 2 * _PAD) * step / max(1, last)
        y = _PAD + (_HEIGHT - 2 * _PAD) * (high - loss) / ((high - low) or 1.0)
        return f"{x:.1f},{y:.1f}"

    drawn = [
        tag(
            "polyline",
            points=" ".join(at(step, loss) for step, loss in line),
            fill="none",
            stroke="currentColor",
            stroke_width="2" if line is adapter.checks else "0.7",
        )
        for line in lines
    ]
    picture = tag(
        "svg", drawn, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", width=_WIDTH, height=_HEIGHT, role="img",
        aria_label="losses by step",
    )  # fmt: skip
    words = (
        f"Loss in training (thin) and held out (thick) over {last} steps, from {high:.3f} at the "
        f"top to {low:.3f} at the bottom."
    )
    return tag("figure", picture, tag("figcaption", join(words)))
