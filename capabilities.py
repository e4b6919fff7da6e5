"""What an engine can draw and what its critic can measure: all that others may know of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A frozen value that refuses fields it does not know and numbers that are none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PeopleWords(Record):
    """How an engine with a world of its own has people, beside its characters by name.

    A look is told in the words of `looks.PersonLook`, of which every value here may be one.
    """

    # The character id of all of them, and who they are in a plan.
    character: str
    # Attribute -> its values, the usual one first: {"garment": ("shirt", "coat")}.
    values: dict[str, tuple[str, ...]]
    # What they may carry or have around the neck, in `Capabilities.accessory_colors`.
    carried: tuple[str, ...] = ()
    # Motions that people alone are drawn in -> their gerund phrase, and those of them that travel.
    motions: dict[str, str] = Field(default_factory=dict)
    traveling: tuple[str, ...] = ()
    # Kind of shot -> how its prompts begin, and width / height of a box of its part of somebody.
    framings: dict[str, tuple[str, float]] = Field(default_factory=dict)


class KindWords(Record):
    """How an engine with a world of its own has a kind of figure with motions of its own.

    A fish swims and a car rolls: what else it is asked for is drawn as `instead` says, or standing.
    """

    # How tall it is beside a grown person.
    size: float = 1.0
    # Motion -> its gerund phrase, and those of them that travel.
    motions: dict[str, str]
    traveling: tuple[str, ...] = ()
    # Motion -> the verbs that mean it, of those that no other figure has.
    verbs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # Motion that it has not -> the one that is drawn for it.
    instead: dict[str, str] = Field(default_factory=dict)


class Stage(Record):
    """How large and how fast figures are where an engine's model knows one size and one pace."""

    # Of a standing figure, in frame heights, however many there are.
    height: float
    # The way of a walk through a whole clip, in frame widths.
    travel: float
    # Seconds that one leap takes.
    leap_s: float


class Capabilities(Record):
    """What an engine can draw and what its critic can measure; all that others may know of it.

    An engine with an open vocabulary leaves every table of words empty. One with a world of its
    own says which ids it knows and in which words its base model was taught them, so that a
    director can speak them.
    """

    name: str
    clip_frames: int
    fps: int
    width: int
    height: int
    max_entities: int
    # The drawn world whose words, clips and embedded critic are the engine's; empty for none.
    world: str = ""
    # How figures are blocked for a model that knows one size and one pace; None for any other.
    stage: Stage | None = None
    # Character id -> its colours, the default first; and its width / height when standing.
    characters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    aspects: dict[str, float] = Field(default_factory=dict)
    # Things that can be filmed, where a story declares them -> their colours, the default first.
    things: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # How it has those of its characters and things that have motions of their own.
    kinds: dict[str, KindWords] = Field(default_factory=dict)
    # How it has people; None for an engine that has none, or that has an open vocabulary.
    people: PeopleWords | None = None
    # Place id -> its canonical background prompt.
    places: dict[str, str] = Field(default_factory=dict)
    # Places with a roof: what INT. may be, and EXT. never.
    indoors: tuple[str, ...] = ()
    # Place id -> its prompts by "day", "night", "rain", "night rain", if it knows them.
    conditions: dict[str, dict[str, str]] = Field(default_factory=dict)
    # What two do together -> the words for who does it and for the other: "chasing {other}".
    together: dict[str, tuple[str, str]] = Field(default_factory=dict)
    # What anybody may wear or carry, in which colours: "a green scarf".
    accessories: tuple[str, ...] = ()
    accessory_colors: tuple[str, ...] = ()
    # Words for places that it has not -> its places, the nearest on each side of a door first.
    nearest_places: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # Motion id -> its canonical gerund phrase: {"walk": "walking"}; what the base model knows.
    motions: dict[str, str] = Field(default_factory=dict)
    # The same for motions that only retrieval and an adapter can give.
    library_motions: dict[str, str] = Field(default_factory=dict)
    # Heights of standing figures, in frame heights, at which those were learnt; None for any.
    taught_heights: tuple[float, float] | None = None
    # Motions that travel, whose phrase takes "to the left" or "to the right".
    traveling: tuple[str, ...] = ()
    # Whether prompts say which way somebody looks who goes nowhere.
    says_facing: bool = True
    # Other words for the ids above: {"bunny": "rabbit", "seaside": "beach", "stroll": "walk"}.
    synonyms: dict[str, str] = Field(default_factory=dict)
    # Rows of the table of @expect that the engine's critic can measure, without subjects.
    metrics: tuple[str, ...] = ()
    # Motions that a model with an open vocabulary is known not to draw.
    unknown_motions: tuple[str, ...] = ()
    # What an adapter can teach the model; a paper figure is somebody it has no drawing of, cut from
    # a reference picture.
    learns: tuple[Literal["motion", "character", "paper figure"], ...] = ()
    # Whether its pictures follow the words of the page's style.
    reads_style: bool = True
    # Whether the model was trained on long prose, so that prompts are written as such.
    prose: bool = False
    # What a model is usually told to avoid, after what the story itself says.
    negative: str = ""
    # What a story may ask for and the engine cannot do yet; whoever plans or checks says so.
    unbuilt: tuple[Literal["critic"], ...] = ()
    # What a shot is sampled with unless somebody says otherwise; the storybook model's own.
    steps: int = 20
    guidance: float = 2.5
    # Names of the schedules that it can be sampled with, beside the one it comes with.
    schedulers: tuple[str, ...] = ()

    @property
    def clip_s(self) -> float:
        """Duration of the longest clip in seconds."""
        return self.clip_frames / self.fps
