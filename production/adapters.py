"""Settings + what shall be taught -> adapters: listed, trained, tried, exported, removed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..errors import AdapterError, InputError, StoppedAtOnceError, TooFewClipsError

if TYPE_CHECKING:
    from ..film import Adapter, AdapterNeed, TrialRecord
    from ..plan import Capabilities, ShotPlan
    from ..tools.stages.runner import Observer, StoreRunner
    from ..tools.training.registry import AdapterRegistry
    from ..tools.training.trial import AdapterTrial
    from .settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TriedAdapter:
    """A trial and where its pictures are."""

    trial: TrialRecord
    sheet: Path


def registry(settings: Settings) -> AdapterRegistry:
    """Return the adapters of the store."""
    from ..tools.training.registry import AdapterRegistry
    from .settings import store_of

    return AdapterRegistry(store_of(settings))


def train_adapter(
    need: AdapterNeed, settings: Settings, observer: Observer, root: Path = Path()
) -> Adapter:
    """Train what is needed, or return what the store has of it.

    Raises:
        AdapterError: the engine learns no such thing, or there is too little to learn from.
        KeyboardInterrupt: the user stopped it; what was trained is kept.
    """
    from ..engine.lazy import LazyFamily
    from ..tools.stages.ledger import Ledger
    from ..tools.stages.runner import StoreRunner
    from .crew import teachers_of
    from .settings import store_of

    family = LazyFamily(settings.engine, settings.load_options)
    learns = family.capabilities.learns
    if need.kind not in learns and (need.kind == "motion" or "paper figure" not in learns):
        raise AdapterError(f"the {settings.engine} engine learns no {need.kind}")
    account = settings.trainings / "run.json"
    account.parent.mkdir(parents=True, exist_ok=True)
    with Ledger(account, {"engine": settings.engine}) as ledger:
        bench = StoreRunner(store_of(settings), ledger, observer)
        librarian, trainer = teachers_of(family, settings, bench, need.name, root)

        def work() -> Adapter:
            retrieval = None
            if need.kind == "motion":
                retrieval = librarian.retrieve(need.name, ())
                if not retrieval.kept:
                    raise TooFewClipsError(f"the library has no clip that shows {need.name}")
            return trainer.adapt(need, retrieval)

        return interruptible(work, bench)


def interruptible(work: Callable[[], T], bench: StoreRunner) -> T:
    """Do work beside this thread, so that Ctrl-C lets it finish its step, and a second one not.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 (raised again with the outcome)
            outcome.set_exception(error)

    beside = threading.Thread(target=run, name="training", daemon=True)
    beside.start()
    try:
        return outcome.result()
    except KeyboardInterrupt:
        try:
            bench.stopping()
            beside.join()
        except KeyboardInterrupt:
            raise StoppedAtOnceError from None
        raise


def try_adapter(
    name: str, settings: Settings, observer: Observer, to: Path, *, motion: str | None = None
) -> TriedAdapter:
    """Draw a shot without and with an adapter, and measure what it changes, and where.

    Args:
        to: the folder of the pictures.
        motion: what the two figures do, for a character's adapter.

    Raises:
        AdapterError: there is no such adapter, or it was made for another model.
    """
    from ..engine.lazy import LazyFamily
    from ..film import TrialRecord
    from ..tools.stages.runner import StageAdvanced, StageStarted
    from ..tools.training.trial import trial_sheet, trial_shot
    from ..tools.training.trial import try_adapter as measured

    adapter = registry(settings).one(name)
    family = LazyFamily(settings.engine, settings.load_options)
    shot = trial_shot(
        family.capabilities, adapter.name if adapter.kind == "motion" else motion or "stand"
    )
    observer.report(StageStarted("trial", None))
    trial = measured(
        family, shot, adapter,
        lambda done, total: observer.report(StageAdvanced("trial", None, done, total)),
    )  # fmt: skip
    sheet = to / f"{adapter.name}-trial.png"
    trial_sheet(trial, sheet)
    shown: dict[str, float | None] = {}
    if adapter.kind == "motion":
        shown = _shown(trial, shot, family.capabilities, settings, to)
    found = TrialRecord(
        adapter=adapter.name,
        change={own: dict(row) for own, row in trial.change.items()},
        leak=trial.leak,
        saturation=trial.saturation,
        shown=shown,
        pictures=str(sheet),
    )
    registry(settings).note_trial(adapter, found)
    return TriedAdapter(found, sheet)


def _shown(
    trial: AdapterTrial, shot: ShotPlan, capabilities: Capabilities, settings: Settings, to: Path
) -> dict[str, float | None]:
    """Return how surely a critic sees the motion of A, without the adapter and with.

    It is the one that the user chose, else the engine's own; empty where there is none.
    """
    from ..engine.video import write_video
    from ..film import Clip
    from ..plan import Assertion
    from ..tools.stages.measure import LazyCritic
    from .critics import choose_critic

    chosen = choose_critic(settings, capabilities, (shot,), Path())
    if chosen is None:
        return {}
    critic, found = LazyCritic(chosen.load), {}
    wanted = Assertion(id="trial.motion", metric="motion", subject="A")
    asked = shot.model_copy(update={"assertions": (wanted,)})
    for name in ("without", "for A"):
        frames = trial.clips[name]
        path = to / f"{trial.adapter}-{name.replace(' ', '-')}.mp4"
        write_video(path, frames, capabilities.fps)
        count, height, width = (int(size) for size in frames.shape[:3])
        clip = Clip(
            shot=shot.id, path=str(path), key=name, frames=count, fps=capabilities.fps,
            width=width, height=height,
        )  # fmt: skip
        (measured,) = critic.measure(asked, clip)
        found[name] = measured.value
    return found


def need_of(name: str, pictures: tuple[Path, ...], look: str) -> AdapterNeed:
    """Return what is to be trained: a character where there are pictures, else a motion.

    Raises:
        InputError: there is no such picture.
    """
    from ..film import AdapterNeed

    if not pictures:
        return AdapterNeed(kind="motion", name=name)
    missing = [path for path in pictures if not path.is_file()]
    if missing:
        raise InputError(f"there is no picture at {missing[0]}")
    places = tuple(str(path.resolve()) for path in pictures)
    return AdapterNeed(kind="character", name=name.upper(), look=look, pictures=places)
