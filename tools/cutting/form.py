"""A story + its plan -> how its film is finished: transitions, cards, its size and its rate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ...plan import Plan
from ...story import Mark, Story, picture_size
from ..store.recipe import JSON
from .transitions import Transition, transitions_of

_END = re.compile(r"(?:THE END|END|FIN|FINIS|FINE|ENDE|KONIEC|КІНЕЦЬ)(?: ?[.?!…]+)?")


@dataclass(frozen=True, slots=True)
class FilmCard:
    """A picture of words alone, before the first shot or after the last; the first are large."""

    kind: Literal["title", "end"]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilmForm:
    """How a film is finished; `size` [width, height] and `fps` None for those of its clips."""

    transitions: tuple[Transition, ...] = ()
    cards: tuple[FilmCard, ...] = ()
    burn: bool = False
    size: tuple[int, int] | None = None
    fps: Fraction | None = None

    def inputs(self) -> dict[str, JSON]:
        """Return the form as a part of a key; nothing for what a film does not have."""
        made: dict[str, JSON] = {}
        if self.transitions:
            made["transitions"] = [[t.shot, t.kind] for t in self.transitions]
        if self.cards:
            made["cards"] = [[card.kind, list(card.words)] for card in self.cards]
        if self.burn:
            made["burnt"] = True
        if self.size:
            made["size"] = list(self.size)
        if self.fps:
            made["fps"] = str(self.fps)
        return made


PLAIN = FilmForm()


def form_of(story: Story, plan: Plan, *, burn: bool = False, cards: bool = True) -> FilmForm:
    """Return how a story's film is finished, as its words say."""
    fps = story.title_value("FPS")
    return FilmForm(
        transitions_of(story, plan),
        tuple(cards_of(story, plan)) if cards else (),
        burn,
        picture_size(story.title_value("Resolution") or ""),
        Fraction(fps) if fps else None,
    )


def cards_of(story: Story, plan: Plan) -> Iterator[FilmCard]:
    """Yield the cards that a script asks for: a title on its title page, an end that it writes.

    An end that stands before the last scene that is filmed is none.
    """
    if title := story.title_value("Title"):
        by = [story.title_value(key) for key in ("Credit", "Author", "Authors")]
        yield FilmCard("title", (title, *filter(None, by)))
    filmed = {scene.id for scene in plan.scenes if scene.shots}
    last = max((n for n, scene in enumerate(story.scenes) if scene.id in filmed), default=0)
    for scene in story.scenes[last:]:
        for element in scene.elements:
            if isinstance(element, Mark) and element.kind == "centered":
                words = " ".join(element.text.split())
                if _END.fullmatch(words.upper()):
                    yield FilmCard("end", (words,))
                    return
