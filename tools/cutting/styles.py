"""How words look in a film's picture: titles over it, subtitles burnt into it, and cards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LetterStyle:
    """How words stand in a picture; lengths are shares of its height, `measure` of its width.

    `margin` is how far above the foot they stand, `fade_s` how long they come and go.
    """

    size: float = 0.055
    outline: float = 0.005
    margin: float = 0.045
    leading: float = 1.2
    measure: float = 0.9
    colour: str = "#ffffff"
    edge: str = "#000000"
    fade_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CardStyle:
    """How a card looks and how long it stands.

    A title's or an end's first words are `large`, what is below them `small`; an intertitle's are
    of size `text`, and it stands `length_s` or as long as it takes to read. Sizes and `gap`, which
    is between the two, are shares of the picture's height, `measure` of its width. A card of whole
    seconds has whole frames at every rate.
    """

    length_s: int = 3
    fade_s: float = 0.5
    large: float = 0.11
    small: float = 0.06
    text: float = 0.075
    gap: float = 0.07
    leading: float = 1.25
    measure: float = 0.84
    colour: str = "#f4efe4"
    ground: str = "#000000"


SUBTITLES = LetterStyle()
# Above two lines of subtitles.
TITLES = LetterStyle(size=0.07, margin=0.2, measure=0.8, fade_s=0.25)
CARDS = CardStyle()
