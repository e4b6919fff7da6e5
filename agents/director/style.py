"""The title page, `@style` and `@negative` -> the look of the film and of a scene in words."""

from __future__ import annotations

from ...errors import Span
from ...story import Scene, Story


def style_of(story: Story, scene: Scene | None = None) -> str:
    """Return the style of the film, or of a scene: what is added comes after what holds already."""
    words = [story.title_value("Style") or ""]
    for style in (*story.styles, *(scene.styles if scene else ())):
        words = [*words, style.text] if style.adds else [style.text]
    return _listed(words)


def style_span(story: Story, scene: Scene) -> Span | None:
    """Return where the style of a scene is said last, None where it has none."""
    said = (*story.styles, *scene.styles)
    if said:
        return said[-1].span if style_of(story, scene) else None
    return next((e.span for e in story.title_page if e.key.casefold() == "style"), None)


# What a model's usual negative prompt has against any look but a photograph's.
_AGAINST_STYLE = ("style", "works", "paintings", "images")


def negative_of(story: Story, scene: Scene | None = None, usual: str = "") -> str:
    """Return what must not be seen in the film, or in a scene.

    Args:
        usual: what the engine avoids in any case; a style of the story's own is no part of it.
    """
    styled = bool(style_of(story, scene))
    kept = [w.strip() for w in usual.split(",") if not (styled and w.strip() in _AGAINST_STYLE)]
    words = [story.title_value("Negative") or ""]
    words += [said.value for said in (*story.negatives, *(scene.negatives if scene else ()))]
    return _listed([*words, *kept])


def _listed(words: list[str]) -> str:
    return ", ".join(dict.fromkeys(word.strip() for word in words if word.strip()))
