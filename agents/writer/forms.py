"""The form in which a language model writes a story."""

from __future__ import annotations

from typing import Literal

from ..director.llm.schemas import Form


class CastForm(Form):
    """Somebody who is seen."""

    name: str
    look: str


class LineForm(Form):
    """A line of talk; `heard_only` is said by somebody out of the picture."""

    by: str
    words: str
    heard_only: bool


class ActionForm(Form):
    """A paragraph of action, and what is said after it."""

    action: str
    said: tuple[LineForm, ...]


class WrittenSceneForm(Form):
    setting: Literal["INT", "EXT"]
    place: str
    time: Literal["DAY", "NIGHT", "MORNING", "EVENING"]
    paragraphs: tuple[ActionForm, ...]


class StoryForm(Form):
    title: str
    cast: tuple[CastForm, ...]
    scenes: tuple[WrittenSceneForm, ...]
