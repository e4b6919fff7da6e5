"""What the agent needs of the world outside, as Protocols it owns: retrieve, adapt, render, ...

The tools and the engine satisfy them, `production` joins them, and the tests of the graph give
scripted ones. Every method is a function of values and may answer from the store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ..chat import Answer, Question
from ..film import Adapter, AdapterNeed, Clip, Film, Measurement, Retrieval, Take
from ..plan import Plan, ShotPlan


class LanguageModel(Protocol):
    """Answers questions of the director's; called from several threads."""

    @property
    def name(self) -> str:
        """The model's name, as the plan shall remember it."""
        ...

    def ask(self, question: Question) -> Answer:
        """Return the answer to a question.

        Raises:
            NoAnswer: this question got none; another may.
            LanguageModelError: the model cannot be used at all.
        """
        ...


class Librarian(Protocol):
    """Finds clips of a motion."""

    def retrieve(self, motion: str, subjects: Sequence[str]) -> Retrieval:
        """Return clips that show `motion`, with the reasons for keeping or rejecting each.

        `subjects` are the looks of those who shall perform it, for ranking only.
        """
        ...


class Trainer(Protocol):
    """Turns clips, pictures or a writer's file into an adapter of the engine's model."""

    def adapt(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter:
        """Return the adapter that a need asks for.

        Args:
            retrieval: the clips of a motion; None where nothing is learnt from clips.

        Raises:
            TooFewClipsError: there is too little to learn from.
        """
        ...

    def kept_adapter(self, need: AdapterNeed, retrieval: Retrieval | None) -> Adapter | None:
        """Return what `adapt` would return where the store has it whole; train nothing."""
        ...


class Renderer(Protocol):
    """Draws a shot."""

    def render(self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None) -> Clip:
        """Return the clip of a shot; `before` is the shot it joins, where it continues one."""
        ...

    def kept_clip(
        self, shot: ShotPlan, adapters: Sequence[Adapter], before: Clip | None
    ) -> Clip | None:
        """Return what `render` would return where the store has it whole; draw nothing.

        Of the adapters and of `before` only the keys need to be known.
        """
        ...


class Measurer(Protocol):
    """Measures a clip against the assertions of its shot."""

    def measure(self, shot: ShotPlan, clip: Clip) -> Sequence[Measurement]:
        """Return one measurement for each of the shot's assertions, in their order."""
        ...


class JoinMeasurer(Protocol):
    """Measures the cut between two shots, which a single clip cannot show."""

    def measure_join(self, shot: ShotPlan, before: Clip, clip: Clip) -> Sequence[Measurement]:
        """Return one measurement for each `join` assertion of the shot, in their order.

        `before` is the clip that the film shows before this one.
        """
        ...


class IdentityMeasurer(Protocol):
    """Measures whether people look as they did, which a single clip cannot show."""

    def measure_identity(
        self, shot: ShotPlan, clip: Clip, earlier: Sequence[tuple[ShotPlan, Clip]]
    ) -> Sequence[Measurement]:
        """Return one measurement for each `identity` assertion of the shot, in their order.

        `earlier` are shots of the same people before this one, with the clips that the film shows.
        """
        ...


class CuttingRoom(Protocol):
    """Joins the kept takes."""

    def cut(self, plan: Plan, takes: Sequence[Take]) -> Film:
        """Return the film of the kept takes, in the plan's order; `takes` are all there are."""
        ...


class Approver(Protocol):
    """The person for whose word the work waits. What was said is kept beside the film, so that it
    holds for later renders too; the graph only stops for it.
    """

    def awaits_plan(self, plan: Plan) -> bool:
        """Say whether a plan is to be approved before anything is drawn, and is not yet."""
        ...

    def awaited_shot(self, plan: Plan, takes: Sequence[Take]) -> str | None:
        """Return the first shot whose take nobody has approved, None where all are.

        A take that was asked for meanwhile is made.
        """
        ...

    def ask(self, what: Literal["plan", "shot"], name: str) -> None:
        """Ask for one word and keep it; `name` is the shot's.

        Raises:
            DreamRunnerError: there was none, so the work stops here and can go on later.
        """
        ...


@dataclass(frozen=True, slots=True)
class Crew:
    """All that the graph calls on, from several threads.

    Without a `join_measurer` cuts are not judged, and the notes say so; without an
    `identity_measurer` nobody is held against earlier shots. `watch` is called with
    every take once, when it is judged; `interrupted` when the user stops the work, before what is
    being made is waited for. `width` is how many branches are at work at once, so that one clip can
    be measured while the engine renders the next; the engine's lock is the renderer's. `teach` says
    what an engine with an open vocabulary is taught, `lessons` how many adapters are trained at
    once, and `spent` why no shot is tried again, None while it may be. Without an `approver` the
    work waits for nobody; an `adviser` proposes what is changed for a take that failed.
    """

    librarian: Librarian
    trainer: Trainer
    renderer: Renderer
    measurer: Measurer
    cutting_room: CuttingRoom
    join_measurer: JoinMeasurer | None = None
    watch: Callable[[Take], None] | None = None
    width: int = 2
    interrupted: Callable[[], None] | None = None
    teach: Literal["needed", "all", "none"] = "needed"
    identity_measurer: IdentityMeasurer | None = None
    spent: Callable[[], str | None] = lambda: None
    lessons: int = 1
    approver: Approver | None = None
    adviser: LanguageModel | None = None
