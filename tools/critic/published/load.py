"""The folders of the published models + a story's words -> the critic of any picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from ....errors import WeightsError
from ..calibrate import card_of
from ..captioned_clips import SEED, CaptionWording, collect_captioned
from ..card import CriticCard
from ..measure import CriticSetup
from ..ports import CriticPorts, Wording
from .finding import GroundedTracker, load_grounding, load_tracker
from .models import CARD, FINDER, MOVEMENT, PICTURES, RECOGNISER, TRACKER, Folders, find_models
from .seeing import (
    ContrastiveComparer,
    FeatureRecogniser,
    load_movement,
    load_pictures,
    load_recogniser,
)
from .visiting import VisitingModel

# Where nothing was calibrated: the middle of a contest, and boxes that share a third.
UNCALIBRATED: Mapping[str, float] = {
    "present": 0.5, "absent": 0.9, "identity": 0.5, "motion": 0.3, "place": 0.3, "text": 0.2,
    "layout": 0.3, "join": 0.6,
}  # fmt: skip


def load_published(
    folders: Folders, wording: Wording, device: torch.device | None = None, root: Path = Path()
) -> CriticSetup:
    """Return the published critic. Its models are loaded one by one, when they are first asked.

    `root` is the story's folder, in which the reference pictures of its people are.

    Raises:
        WeightsError: its card is broken.
    """
    where = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
    finder = GroundedTracker(
        VisitingModel(folders[FINDER.folder], load_grounding, where),
        VisitingModel(folders[TRACKER.folder], load_tracker, where),
    )
    comparer = ContrastiveComparer(
        VisitingModel(folders[PICTURES.folder], load_pictures, where),
        VisitingModel(folders[MOVEMENT.folder], load_movement, where),
    )
    recogniser = FeatureRecogniser(
        VisitingModel(folders[RECOGNISER.folder], load_recogniser, where)
    )
    ports = CriticPorts(finder, comparer, recogniser, wording)
    return CriticSetup(ports, _card(folders[FINDER.folder].parent), pictured=True, root=root)


def calibrate_published(
    folder: Path, library: Path, clips: int, on_clip: Callable[[int, int], None] = lambda *_: None
) -> dict[str, dict[str, object]]:
    """Hold the published critic against a user's own clips, and write its card beside its models.

    Raises:
        InputError: there is no such library, or it has too few captions.
        WeightsError: a model is missing or broken.
    """
    ports = load_published(find_models(folder), CaptionWording((), "")).ports
    found = card_of(collect_captioned(ports, library, clips, on_clip))
    card = found | {
        "thresholds": {**UNCALIBRATED, **found["thresholds"]},
        "calibrated_on": {"clips": clips, "seed": SEED, "from": "clips with captions"},
    }
    (folder / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return found


def _card(folder: Path) -> CriticCard:
    path = folder / CARD
    origin = "a default: this critic was not calibrated here"
    if not path.is_file():
        return CriticCard(UNCALIBRATED, origin=origin)
    try:
        return CriticCard.read(json.loads(path.read_text(encoding="utf-8")), origin)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} is no card of a critic: {error}") from error
