"""What was made and how good it is: the third noun. Clip, Measurement, Verdict, Take, Film.

Paths and numbers only, never tensors: these values live in the agent's state, in `run.json`
and in the report.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from .box import Box
from .errors import Span
from .plan import Record, ShotPlan


class Clip(Record):
    """A rendered shot on disk. `key` is its key in the store, `seconds` what it took to make.

    `underpainted` are the entities that a network of the engine's own painted beneath the model's
    picture; None where the clip was made before this was written down. `drawn` is what was laid
    over it by hand and is no model's, as "rain".
    """

    shot: str
    path: str
    key: str
    frames: int
    fps: int
    width: int
    height: int
    underpainted: tuple[str, ...] | None = None
    drawn: tuple[str, ...] = ()
    seconds: float = 0.0


class RetrievedClip(Record):
    """A clip of the motion library with the reason it was kept or rejected.

    `stage` is what decided: "caption", "length", "size", "file", "frames", "likeness" or "number".
    `crop` is where in the picture the motion is, None where nobody knows; `crop_by` says who found
    it: "boxes beside the clip", or a model. `sha256` is of what it shows.
    """

    id: str
    path: str
    caption: str
    motion: str
    kept: bool
    reason: str
    sha256: str = ""
    scores: dict[str, float] = Field(default_factory=dict)
    stage: str = ""
    crop: Box | None = None
    crop_by: str = ""


class Retrieval(Record):
    """What the library gave for one motion; `clips` holds kept and rejected ones, best first."""

    motion: str
    query: str
    key: str
    clips: tuple[RetrievedClip, ...]

    @property
    def kept(self) -> tuple[RetrievedClip, ...]:
        return tuple(clip for clip in self.clips if clip.kept)

    @property
    def rejected(self) -> tuple[RetrievedClip, ...]:
        return tuple(clip for clip in self.clips if not clip.kept)


AdapterKind = Literal["motion", "character"]


class AdapterNeed(Record):
    """What of a film has to be taught, or is brought along in a file of the writer's own.

    `name` is the motion or the entity's id, `look` the entity's, `pictures` what a character is
    learnt from and `file` the writer's adapter, both relative to the story. A motion's adapter
    serves whoever performs it; one in a `file` only the `entity` that it was written for. Each
    `lesson` is learnt from another choice of clips.
    """

    kind: AdapterKind
    name: str
    look: str = ""
    pictures: tuple[str, ...] = ()
    file: str = ""
    weight: float = 1.0
    entity: str | None = None
    lesson: int = Field(default=0, exclude_if=lambda lesson: lesson == 0)

    @property
    def id(self) -> str:
        """Return what it is known by in a film."""
        of = f" of {self.entity}" if self.entity else ""
        again = f", lesson {self.lesson + 1}" if self.lesson else ""
        return f"{self.kind} {self.name}{of}{again}"

    @property
    def words(self) -> str:
        """Return what it is called in messages."""
        return f'motion "{self.name}"' if self.kind == "motion" else f"character {self.name}"


class Adapter(Record):
    """A LoRA on disk: which motion or character it teaches, and what it came from.

    `entity` is whom alone it serves, None for whoever performs the motion. `trigger` is the word
    that calls a character up, and stands before the words of its region. `means` says what was
    learnt and how. `losses` are those of training, at most 60 of them, each with its step, and
    `checks` those that were held out. `clips` are the ids of clips, or the pictures; `strip` is the
    path of a picture of some of them.
    """

    name: str
    kind: AdapterKind
    path: str
    key: str
    base: str
    steps: int
    loss: float
    clips: tuple[str, ...] = ()
    entity: str | None = None
    weight: float = 1.0
    trigger: str = ""
    means: str = ""
    strip: str = ""
    losses: tuple[tuple[int, float], ...] = ()
    checks: tuple[tuple[int, float], ...] = ()


class TrialRecord(Record):
    """What a trial of an adapter found; two figures stand side by side, A and B.

    `change` is by the figure that it was given to and by region, "background" being what no figure
    covers: the mean absolute difference of a pixel to the shot without it, 0..255. `saturation` is
    the mean of A's own region without and with it, 0..1. `shown` is by run what a critic measures
    of A's motion, empty where there is no critic.
    """

    adapter: str
    change: dict[str, dict[str, float]]
    leak: float
    saturation: tuple[float, float]
    shown: dict[str, float | None] = Field(default_factory=dict)
    pictures: str = ""


class Measurement(Record):
    """The measured value of one assertion.

    `value` and `passed` are None where it could not be judged, and `explanation` says why; that
    is never a pass. A measurer may give a value that is no number; the verdict makes it None.
    `threshold_origin` says where the threshold came from, and `rival` which answer came before the
    right one, where that is what failed.
    """

    assertion: str
    metric: str
    subject: str | None = None
    # A value that is no number is let in here: `judge` says that it could not be judged.
    value: Annotated[float, Field(allow_inf_nan=True)] | None
    threshold: float | None
    threshold_origin: str = ""
    passed: bool | None
    explanation: str
    rival: str = ""
    frames: tuple[int, ...] = ()
    span: Span | None = None


class Verdict(Record):
    """All measurements of one clip. `score` in 0..1 is what takes are compared by."""

    shot: str
    measurements: tuple[Measurement, ...]
    score: float

    @property
    def failed(self) -> tuple[Measurement, ...]:
        return tuple(m for m in self.measurements if m.passed is False)

    @property
    def passed(self) -> bool:
        return not self.failed


class Remedy(Record):
    """What the re-planner changed for a take and why; `blocked_by` is the pin that forbade it."""

    kind: str
    reason: str
    change: str = ""
    blocked_by: Span | None = None


class DirectiveChange(Record):
    """A change of a shot's plan as the page would say it.

    `name` is the directive's, or "note" for what the language has no directive for; `entity` is of
    whom it speaks, for a take the number of the shot in its scene; `text` is what
    a writer would write, of one line or more, without the last line's end.
    """

    name: str
    entity: str | None = None
    text: str


class Take(Record):
    """One attempt at a shot. `remedies` are what led from an earlier take to this one.

    `plan` is what this take was rendered from, None where a reader of old runs has only the
    clip; `adapters` are the names of the adapters it was rendered with, and `before` is the key of
    the clip from whose last frame it goes on.
    """

    shot: str
    number: int
    seed: int
    clip: Clip
    verdict: Verdict
    remedies: tuple[Remedy, ...] = ()
    kept: bool = False
    plan: ShotPlan | None = None
    adapters: tuple[str, ...] = ()
    before: str | None = None


class StageRecord(Record):
    """One stage of the work in the run: its key, its inputs' keys, and whether it was cached."""

    stage: str
    shot: str | None = None
    key: str
    cached: bool
    seconds: float
    inputs: tuple[str, ...] = ()
    note: str = ""


class CardClip(Record):
    """A card of words in the film's size and rate.

    One with a `shot` is shown before that shot, or `after` it; else a title begins the film, and an
    end ends it.
    """

    kind: Literal["title", "end", "intertitle"]
    words: tuple[str, ...]
    path: str
    frames: int
    seconds: float
    shot: str | None = None
    after: bool = False


class Film(Record):
    """The finished film and everything known about how it came to be.

    `stems` are files of what is said, of what lies under it and of its music, as far as there are
    any.
    `cards` are in the order in which the film shows them.
    """

    title: str
    path: str
    clips: tuple[Clip, ...]
    takes: tuple[Take, ...]
    duration_s: float
    subtitles: str | None = None
    stems: tuple[str, ...] = ()
    cards: tuple[CardClip, ...] = ()


# What a folder's name may take at most, so that the longest name of a file beside it fits too.
_LONGEST_NAME_BYTES = 120
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


def film_name(story: Path) -> str:
    """Return the name of a story's folder of films, and of what is named after the story.

    It is the story's own name where that is an ordinary one. Any other (dots alone, control
    characters, bytes that are no UTF-8, too long) is mended, and a hash of it keeps two such
    stories of one folder apart.
    """
    name = story.stem
    shown = "".join(c if c.isprintable() or c in _JOINERS else "-" for c in name)
    shown = shown.replace("/", "-").replace("\\", "-")
    short = shown.encode("utf-8")[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore")
    if short == name and short.strip(" ."):
        return name
    mark = sha256(os.fsencode(name)).hexdigest()[:8]
    return f"{short.strip(' .') or 'story'}-{mark}"


def read_account(path: Path) -> dict[str, Any]:  # Any: as JSON comes back
    """Return the account of a run: `run.json`, and its journal where the run has not ended.

    The journal lies beside it, at `journal_of(path)`. Its first line is the account as the run
    began; each of the others adds an item to one of its lists. A line that a kill cut off is left
    out, and so is the journal of another run.

    Raises:
        OSError: there is neither, or they cannot be read.
        ValueError: what is there is no account.
    """
    try:
        account = _account(path.read_bytes())
    except (FileNotFoundError, ValueError):
        if not journal_of(path).is_file():
            raise
        account = {}
    if account.get("status", "running") != "running":
        return account
    try:
        first, *lines = journal_of(path).read_bytes().splitlines() or [b""]
        opening = _account(first)
    except (FileNotFoundError, ValueError):
        if not account:
            raise
        return account
    if account and account.get("run") != opening.get("run"):
        return account
    for line in lines:
        with suppress(ValueError, KeyError, AttributeError):
            for name, item in _account(line).items():
                opening[name].append(item)
    return opening


def journal_of(path: Path) -> Path:
    """Return where the journal of an account lies: `run.jsonl` beside `run.json`."""
    return path.with_suffix(".jsonl")


def _account(data: bytes) -> dict[str, Any]:  # Any: as JSON comes back
    found = json.loads(data)
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return found
