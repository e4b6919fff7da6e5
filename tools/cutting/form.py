"""A story + its plan -> how its film is finished: transitions, cards, its size and its rate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count, groupby
from typing import Literal

from ...plan import Plan
from ...story import Mark, Story, picture_size
from ..store.recipe import JSON
from .transitions import Transition, transitions_of

_END = re.compile(r"(?:THE END|END|FIN|FINIS|FINE|ENDE|KONIEC|КІНЕЦЬ)(?: ?[.?!…]+)?")


@dataclass(frozen=True, slots=True)
class FilmCard:
    """A picture of words alone.

    An intertitle stands before a `shot`, or `after` it; a title before all, an end after all.
    """

    kind: Literal["title", "end", "intertitle"]
    words: tuple[str, ...]
    shot: str | None = None
    after: bool = False


@dataclass(frozen=True, slots=True)
class FilmModel:
    """What drew a film: the engine, the fingerprint of it and its weights, and their licence."""

    engine: str
    fingerprint: str
    licence: str


@dataclass(frozen=True, slots=True)
class FilmForm:
    """How a film is finished; `size` [width, height] and `fps` None for those of its clips.

    `titles` stand over the picture, where else they are subtitles. A film that is `described` has
    chapters, and says in its own file of what it was made, `model` included where it is known.
    """

    transitions: tuple[Transition, ...] = ()
    cards: tuple[FilmCard, ...] = ()
    titles: bool = False
    described: bool = False
    burn: bool = False
    size: tuple[int, int] | None = None
    fps: Fraction | None = None
    model: FilmModel | None = None

    def inputs(self) -> dict[str, JSON]:
        """Return the form as a part of a key; nothing for what a film does not have."""
        made: dict[str, JSON] = {}
        if self.transitions:
            made["transitions"] = [[t.shot, t.kind] for t in self.transitions]
        if self.cards:
            made["cards"] = [[c.kind, list(c.words), c.shot, c.after] for c in self.cards]
        if self.titles:
            made["titles"] = True
        if self.described:
            made["described"] = True
        if self.burn:
            made["burnt"] = True
        if self.size:
            made["size"] = list(self.size)
        if self.fps:
            made["fps"] = str(self.fps)
        if self.model:
            made["model"] = [self.model.engine, self.model.fingerprint, self.model.licence]
        return made


PLAIN = FilmForm()


def form_of(
    story: Story, plan: Plan, *, burn: bool = False, cards: bool = True, bare: bool = False
) -> FilmForm:
    """Return how a story's film is finished, as its words say.

    Args:
        burn: whether subtitles are drawn into the picture.
        cards: whether there are cards of title and end.
        bare: whether the film is its clips and nothing else, in the size and the rate of the page.
    """
    fps = story.title_value("FPS")
    form = FilmForm(
        burn=burn,
        size=picture_size(story.title_value("Resolution") or ""),
        fps=Fraction(fps) if fps else None,
    )
    if bare:
        return form
    shown = [*cards_of(story, plan)] if cards else []
    return replace(
        form,
        transitions=transitions_of(story, plan),
        cards=(*shown, *intertitles_of(plan)),
        titles=any(not line.speaker for shot in plan.shots for line in shot.subtitles),
        described=True,
    )


def intertitles_of(plan: Plan) -> Iterator[FilmCard]:
    """Yield the cards between the shots, each at that end of its shot which is nearer.

    Words that are too long for a subtitle of one shot are one card.
    """
    lines = [(shot, line) for shot in plan.shots for line in shot.subtitles if line.card]
    for _, pieces in groupby(lines, key=lambda found: found[1].span):
        first, *rest = pieces
        shot, line = first
        words = " ".join([line.text, *(piece.text for _, piece in rest)])
        yield FilmCard("intertitle", (words,), shot.id, line.start_s > shot.duration_s / 2)


def card_files(cards: Sequence[FilmCard]) -> list[str]:
    """Return the names of the clips of a film's cards."""
    numbers = count(1)
    return [
        f"card-{next(numbers) if card.kind == 'intertitle' else card.kind}.mp4" for card in cards
    ]


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
