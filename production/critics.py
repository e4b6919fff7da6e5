"""Settings and shots -> the critic that measures, what it can measure, and the hash of both.

Which critic looks at which engine's pictures is decided here and nowhere else. Nothing is loaded
before the first clip has to be looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import InputError

if TYPE_CHECKING:
    from ..plan import Capabilities, ShotPlan
    from ..tools.critic.measure import CriticSetup
    from .settings import Settings

CriticName = Literal["published", "embedded", "none"]

# What both critics measure; relations, present and absent come with the finder.
METRICS = ("text", "layout", "identity", "motion", "place", "join")


@dataclass(frozen=True, slots=True)
class ChosenCritic:
    """A critic that is there: how it is loaded, and the hash of all that decides what it says."""

    name: CriticName
    load: Callable[[], CriticSetup]
    fingerprint: str


def critic_name(settings: Settings, known: Capabilities) -> CriticName:
    """Return which critic measures an engine's pictures: the one asked for, else its own.

    Raises:
        InputError: the critic that was asked for knows nothing of these pictures.
    """
    own: CriticName = "embedded" if known.world and known.metrics else "none"
    asked = settings.critic or own
    if asked == "embedded" and known.world not in _EMBEDDED:
        raise InputError(
            f"the embedded critics know drawn worlds alone, not the pictures of {known.name}; "
            "--critic published measures any picture, --critic none measures nothing"
        )
    return asked


def with_critic(known: Capabilities, settings: Settings) -> Capabilities:
    """Return what an engine can do with the critic that the user chose."""
    name = critic_name(settings, known)
    if name == "none":
        return known.model_copy(update={"metrics": ()})
    built = tuple(what for what in known.unbuilt if what != "critic")
    return known.model_copy(update={"metrics": METRICS, "unbuilt": built})


def choose_critic(
    settings: Settings, known: Capabilities, shots: Sequence[ShotPlan], root: Path
) -> ChosenCritic | None:
    """Return the critic for shots; None where nothing is measured. `root` is the story's folder.

    Raises:
        InputError: the critic that was asked for knows nothing of these pictures, or a reference
            picture cannot be read.
        WeightsError: its weights are missing; the message says how to get them.
    """
    name = critic_name(settings, known)
    if name == "none":
        return None
    if name == "embedded":
        return _EMBEDDED[known.world]()
    from ..agents.director.reading.inflection import gerund
    from ..tools.critic.published.models import find_models, models_fingerprint
    from ..tools.critic.story_words import StoryWording

    folders = find_models(settings.critic_weights)
    wording = StoryWording.of(shots, gerund)
    pictures = sorted({one for s in shots for e in s.entities for one in e.references})
    hashes = [_hash(root / picture) for picture in pictures]
    said = f"{models_fingerprint(folders)}\n{wording}" + "".join(f"\n{h}" for h in hashes)
    digest = hashlib.sha256(said.encode()).hexdigest()
    return ChosenCritic(name, partial(_published, settings, wording, root), digest)


def _hash(picture: Path) -> str:
    from ..tools.store.output import file_hash

    try:
        return file_hash(picture)
    except OSError as error:
        raise InputError(f"the reference picture {picture} cannot be read: {error}") from error


def _of_storybook() -> ChosenCritic:
    from ..engine.storybook.weights import critic_fingerprint

    return ChosenCritic("embedded", _storybook, critic_fingerprint())


def _of_miniature() -> ChosenCritic:
    from ..engine.miniature.critic import critic_fingerprint

    return ChosenCritic("embedded", _miniature, critic_fingerprint())


# The critic of each drawn world; both are small, and come with the program.
_EMBEDDED = {"storybook": _of_storybook, "miniature": _of_miniature}


def _storybook() -> CriticSetup:
    from ..tools.critic.embedded import load_embedded

    return load_embedded()


def _miniature() -> CriticSetup:
    from ..tools.critic.miniature import load_miniature

    return load_miniature()


def _published(settings: Settings, wording: object, root: Path) -> CriticSetup:
    from ..tools.critic.published.load import load_published
    from ..tools.critic.published.models import find_models
    from ..tools.critic.story_words import StoryWording

    assert isinstance(wording, StoryWording)  # the only one that `choose_critic` binds
    return load_published(find_models(settings.critic_weights), wording, root=root)
