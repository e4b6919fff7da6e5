"""Settings and an engine -> who works on a plan: library, trainer, renderer, critic, cutting room.

Where clips, adapters and measurements come from is decided here and nowhere else.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..agents.ports import Crew, CuttingRoom, Librarian, Trainer
    from ..engine.protocol import Family
    from ..plan import Capabilities, Plan
    from ..tools.stages.runner import StageRunner
    from .settings import Settings

# The engine that draws the plan itself: its films need no animatic beside them.
ANIMATIC = "animatic"


def why_unmeasured(capabilities: Capabilities) -> str:
    """Say why nothing of a film is measured."""
    if capabilities.library_motions:
        return "no critic was wanted"
    if "critic" in capabilities.unbuilt:
        return f"no critic was chosen for the pictures of {capabilities.name}; --critic published"
    return f"the {capabilities.name} engine draws the plan itself, with no model"


def crew_of(
    family: Family,
    settings: Settings,
    bench: StageRunner,
    cutter: CuttingRoom,
    name: str,
    plan: Plan,
    root: Path,
) -> Crew:
    """Return who works on a plan for an engine.

    `name` is what the store remembers the film's stages by, `root` the story's folder.
    """
    from ..agents.ports import Crew
    from ..tools.stages.absent import NoMeasurer, NoTraining
    from ..tools.stages.measure import LazyCritic, StageMeasurer
    from ..tools.stages.render import StageRenderer
    from .critics import choose_critic

    renderer = StageRenderer(bench, family, name)
    chosen = choose_critic(settings, family.capabilities, plan.shots, root)
    critic = (
        StageMeasurer(bench, LazyCritic(chosen.load), chosen.fingerprint, name) if chosen else None
    )
    nobody = NoTraining(settings.engine)
    librarian, trainer = (
        (nobody, nobody)
        if settings.engine == ANIMATIC
        else teachers_of(family, settings, bench, name, root)
    )
    return Crew(
        librarian=librarian,
        trainer=trainer,
        renderer=renderer,
        measurer=critic or NoMeasurer(why_unmeasured(family.capabilities)),
        cutting_room=cutter,
        join_measurer=critic,
        # The drawn world's people are told apart by kind and colour, not by a picture's likeness.
        identity_measurer=critic if chosen and chosen.name == "published" else None,
        teach=settings.teach.policy,
    )


def teachers_of(
    family: Family, settings: Settings, bench: StageRunner, name: str, root: Path
) -> tuple[Librarian, Trainer]:
    """Return who finds clips for an engine and who trains its adapters.

    The embedded model has a library of its own, and is small enough to learn beside the one that
    draws. A published model learns from clips that somebody brought, and has its device to itself.
    """
    from ..engine.family import published
    from ..engine.protocol import ReleasableFamily
    from ..engine.storybook import weights
    from ..tools.stages.absent import NoClips
    from ..tools.stages.adapt import LazyPublishedTrainer, LazyTrainer, StageTrainer
    from ..tools.stages.retrieve import StageLibrarian
    from .libraries import LibraryOpener, has_own_clips

    checkpoint = published(settings.engine)
    library = LibraryOpener(settings, bench.observer)
    librarian = StageLibrarian(bench, library, name)
    if checkpoint is None:
        base = weights.fingerprint()
        return librarian, StageTrainer(bench, LazyTrainer(), library, base, name, root, beside=True)
    teacher = LazyPublishedTrainer(checkpoint, settings.load_options, partial(_say, bench))
    # What changes how a model is drawn with does not change what it is taught from.
    base = family.fingerprint.split()[0]
    release = family.release if isinstance(family, ReleasableFamily) else _nothing
    trainer = StageTrainer(
        bench, teacher, library, base, name, root, settings.trainings, release=release
    )
    brought = has_own_clips(settings)
    return librarian if brought else NoClips(settings.engine), trainer


def _say(bench: StageRunner, text: str) -> None:
    from ..tools.stages.runner import NoteAdded, StoreRunner

    if isinstance(bench, StoreRunner):
        bench.say(text)
    else:
        bench.observer.report(NoteAdded(text))


def _nothing() -> None:
    """Let a family keep its device: it holds none."""
