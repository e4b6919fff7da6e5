"""The title page, `@style` and `@negative` -> the look of the film and of a scene in words."""

from __future__ import annotations

from ...story import Scene, Story


def style_of(story: Story, scene: Scene | None = None) -> str:
    """Return the style of the film, or of a scene: what is added comes after what holds already."""
    words = [story.title_value("Style") or ""]
    for style in (*story.styles, *(scene.styles if scene else ())):
        words = [*words, style.text] if style.adds else [style.text]
    return _listed(words)


def negative_of(story: Story, scene: Scene | None = None) -> str:
    """Return what must not be seen in the film, or in a scene."""
    words = [story.title_value("Negative") or ""]
    words += [said.value for said in (*story.negatives, *(scene.negatives if scene else ()))]
    return _listed(words)


def _listed(words: list[str]) -> str:
    return ", ".join(dict.fromkeys(word.strip() for word in words if word.strip()))
