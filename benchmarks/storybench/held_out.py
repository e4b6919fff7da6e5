"""A motion that base training never saw -> prompts for it, and the adapter a production trains."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from dreamrunner.engine.storybook import weights
from dreamrunner.engine.storybook.training.adapter import AdapterSettings
from dreamrunner.engine.storybook.world.scenes.sampling import sample_scene
from dreamrunner.engine.storybook.world.vocabulary import (
    BASE_CHARACTERS,
    BASE_MOTIONS,
    HELD_OUT_PAIRS,
    PLACES,
    Split,
)
from dreamrunner.engine.storybook.world.words.captions import background_prompt
from dreamrunner.engine.storybook.world.words.phrasing import where
from dreamrunner.film import Adapter
from dreamrunner.tools.library import CriticScorer, Tools, open_library
from dreamrunner.tools.store.recipe import STAGE_VERSIONS
from dreamrunner.tools.training.adapters import AdapterTrainer
from storybench.clips import Frames
from storybench.prompts import Prompt, drawn, role_of

SEED = 20_261_127
DIFFERENT = 7  # frames in which the motion and standing are compared


def prompts(motion: str, count: int) -> list[Prompt]:
    """Return scenes of one figure that does the motion; characters and places go round."""
    made = []
    for number in range(count):
        rng = np.random.default_rng([SEED, number])
        character = BASE_CHARACTERS[number % len(BASE_CHARACTERS)]
        split = Split("held out", BASE_CHARACTERS, BASE_MOTIONS, character, motion, HELD_OUT_PAIRS)
        place = list(PLACES)[number % len(PLACES)]
        spec = sample_scene(rng, split=split, actors=1, place=place, still=True)
        role = role_of(spec, spec.actors[0], 0)
        joint = f"{role.prompt} {where(spec.setting)}"
        made.append(
            Prompt(
                f"{motion}-{number:02d}", SEED + number, spec.place,
                background_prompt(spec.setting), joint, (role,), spec.light, spec.weather,
            )
        )  # fmt: skip
    return made


def shown(prompt: Prompt, frames: Frames) -> bool:
    """Say whether a clip looks more like the motion than like standing on the same boxes.

    The judge cannot say: it takes an upright figure on a somersault's path for a somersault. So
    the world draws the prompt both ways, and where they differ most the clip is nearer to one.
    """
    first, *others = prompt.roles
    doing, standing = (
        drawn(replace(prompt, roles=(replace(first, motion=motion), *others))).astype(np.float32)[
            : len(frames)
        ]
        for motion in (first.motion, "stand")
    )
    apart = np.abs(doing - standing).mean(-1)  # [T, h, w]
    at = apart.mean((1, 2)).argsort()[-DIFFERENT:]
    weight = apart[at]
    near, far = (
        float((np.abs(frames[at] - other[at]).mean(-1) * weight).sum())
        for other in (doing, standing)
    )
    return near < far


def adapter(motion: str, cache: Path, settings: AdapterSettings | None = None) -> Adapter:
    """Train the motion's adapter on what the library finds, or return the one that was kept.

    Without `settings` it is trained as a film trains it.
    """
    base = weights.fingerprint()
    library = open_library(cache / "library", Tools(scorer=CriticScorer()))
    found = library.retrieve(motion, ())
    made_of = f"{base} {STAGE_VERSIONS['adapt']} {found.key} {settings or ''}"
    told = hashlib.sha256(made_of.strip().encode()).hexdigest()
    folder = cache / f"{motion}-{told[:16]}"
    record = folder / "adapter.json"
    if record.is_file():
        return Adapter.model_validate_json(record.read_text())
    trained = AdapterTrainer(settings).train(found.kept, folder, lambda done, total: None)
    made = Adapter(
        name=motion, kind="motion", path=str(folder / trained.file), key=found.key, base=base,
        steps=trained.step, loss=trained.loss, clips=tuple(clip.id for clip in found.kept),
    )  # fmt: skip
    record.write_text(made.model_dump_json())
    return made
