"""Adapters -> their part of the report: what each is, its curve of losses, what it learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...film import Adapter
from ..pages.html import Content, Markup, join, tag
from .media import ReportMedia

_WIDTH, _HEIGHT, _PAD = 320, 96, 6


def adapters_section(adapters: Sequence[Adapter], media: ReportMedia) -> Content:
    """Show what was trained or brought along, one block an adapter."""
    if not adapters:
        return ""
    return tag("section", tag("h2", "Adapters"), [_block(adapter, media) for adapter in adapters])


def _block(adapter: Adapter, media: ReportMedia) -> Markup:
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
        "article",
        tag("h3", f"{adapter.kind} {adapter.name}{whose}"),
        tag("p", "; ".join(facts)),
        _curve(adapter),
        strip,
        class_="adapter",
    )


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
