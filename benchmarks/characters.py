"""Characters on the miniature, from pictures: is somebody it never saw told from the others?

    python benchmarks/characters.py [FOLDER] [--characters NAME...] [--pictures N] [--shots N]
        [--tuning] [--work DIR] [--out FILE]

FOLDER is an unpacked checkpoint of the miniature, else the committed one is unpacked. For each
character that its training held out five pictures are drawn, each of another place, pose and spot,
and an adapter is learnt from them by the trainer of the commands and its defaults. Then 40 shots
ask for the character, every other time beside somebody else, and the judge names who is in each
region. Beside that stand the same shots without the adapter, those who are asked for beside it, and
the same scenes drawn, which is the most that the judge can see. `--tuning` takes ten other scenes,
by which the defaults were chosen. Adapters and frames are kept, so that a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from diffusers import CogVideoXPipeline
from minibench import arms
from minibench.arms import Asked
from minibench.frames import kept_frames
from numpy.typing import NDArray
from PIL import Image

from dreamrunner.bench.intervals import wilson
from dreamrunner.engine.diffusion.family import ClipSize, DiffusionFamily
from dreamrunner.engine.diffusion.published import folder_checkpoint
from dreamrunner.engine.diffusion.teaching.recipes import MINIATURE_LOOKS
from dreamrunner.engine.diffusion.teaching.train import TeachSettings
from dreamrunner.engine.diffusion.weights import LoadOptions
from dreamrunner.engine.miniature.captions import (
    PLACE_NOUNS,
    article,
    random_scene,
    region_text,
)
from dreamrunner.engine.miniature.export import unpacked
from dreamrunner.engine.miniature.judge import LOOKED_AT, MiniatureJudge
from dreamrunner.engine.miniature.looking import sheet
from dreamrunner.engine.miniature.world import (
    FPS,
    FRAMES,
    HEIGHT,
    HELD_OUT_CHARACTERS,
    MOTIONS,
    PLACES,
    SPOTS,
    WIDTH,
    Figure,
    WorldScene,
    draw,
)
from dreamrunner.engine.numbers import multiplies_bf16
from dreamrunner.engine.protocol import TrainingWatch
from dreamrunner.film import Adapter
from dreamrunner.plan import ShotPlan
from dreamrunner.tools.training.published import PublishedTrainer
from dreamrunner.tools.training.tracks import ClipTracks, FigureTrack, write_tracks

FOLDER = Path(__file__).parent
SEED = 7813
TUNING_SEED = 7814
PRECISION = torch.bfloat16 if multiplies_bf16() else torch.float32
COATS = {"penguin": "red", "hedgehog": "blue"}
STEPS = 5  # of the sampler; docs/miniature.md
SEEN_DOING = MOTIONS[:6]  # what the base was taught


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("folder", type=Path, nargs="?")
    top.add_argument("--characters", nargs="*", default=list(HELD_OUT_CHARACTERS))
    top.add_argument("--pictures", type=int, default=5)
    top.add_argument("--shots", type=int, default=40)
    top.add_argument("--tuning", action="store_true", help="ten other scenes")
    top.add_argument("--settings", type=json.loads, default={}, help="JSON, over the defaults")
    top.add_argument("--work", type=Path, default=FOLDER.parent / "out" / "characters")
    top.add_argument("--out", type=Path, default=FOLDER / "results" / "characters.json")
    return top


def pictured(character: str, count: int) -> list[tuple[WorldScene, int]]:
    """Return the scenes and frames of a character's pictures, no two of one place and pose."""
    chance = random.Random(f"{SEED} {character}")
    motions = chance.sample(SEEN_DOING, count)
    return [
        (
            WorldScene(
                PLACES[number % len(PLACES)],
                (Figure(character, COATS[character], motion, x=SPOTS[number % len(SPOTS)]),),
            ),
            chance.randrange(FRAMES),
        )
        for number, motion in enumerate(motions)
    ]


def write_pictures(character: str, count: int, folder: Path) -> list[Path]:
    """Draw a character's pictures into a folder, with who is where beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number, (scene, at) in enumerate(pictured(character, count)):
        clip, path = draw(scene), folder / f"{character}-{number}.png"
        Image.fromarray(clip.frames[at]).save(path)
        box = tuple(float(side) for side in clip.boxes[0, at])
        figure = FigureTrack(text="", boxes=((box[0], box[1], box[2], box[3]),))
        write_tracks(path, ClipTracks(background=PLACE_NOUNS[scene.place], figures=(figure,)))
        found.append(path)
    return found


def asked_for(character: str, count: int, seed: int = SEED) -> list[Asked]:
    """Return scenes with a character in them, the first figure; in every second somebody else."""
    chance, found = random.Random(seed), []
    for number in range(count):
        scene = random_scene(chance, 1 + number % 2)
        own = replace(scene.figures[0], character=character, colour=COATS[character])
        figures = (own, *scene.figures[1:])
        found.append(Asked.of(f"{character} {seed} {number}", replace(scene, figures=figures)))
    return found


def planned(asked: Asked, seed: int = 1) -> ShotPlan:
    """Return the shot that asks for a scene by regions."""
    said = [region_text(figure) for figure in asked.scene.figures]
    return arms.shot(asked, seed, said, asked.boxes, steps=STEPS)


class Studio:
    """Teaches and draws with one checkpoint, each thing once."""

    def __init__(self, folder: Path, work: Path) -> None:
        self._checkpoint, self._work = folder_checkpoint(folder), work
        pipe = CogVideoXPipeline.from_pretrained(folder, torch_dtype=PRECISION)
        size = ClipSize(WIDTH, HEIGHT, FRAMES, FPS)
        self._family = DiffusionFamily(
            self._checkpoint, pipe, "f", size=size, announce=lambda _: None
        )

    def taught(
        self, character: str, pictures: int, settings: TeachSettings
    ) -> tuple[Adapter, dict[str, object]]:
        """Return a character's adapter, learnt where it is not kept, and how that went."""
        name = sha256(f"{character} {pictures} {settings}".encode()).hexdigest()[:16]
        folder = self._work / f"{character}-{name}"
        about = folder / "about.json"
        if not about.is_file():
            paths = write_pictures(character, pictures, folder / "pictures")
            trainer = PublishedTrainer(self._checkpoint, LoadOptions(), print, settings)
            look = article(f"{COATS[character]} {character}")
            began = time.process_time()
            learnt = trainer.character(paths, look, folder, TrainingWatch())
            said = {
                "processor_s": round(time.process_time() - began, 1), "file": learnt.file,
                "step": learnt.step, "trigger": learnt.trigger, "checks": dict(learnt.checks),
            }  # fmt: skip
            about.write_text(json.dumps(said), encoding="utf-8")
        said = json.loads(about.read_text(encoding="utf-8"))
        adapter = Adapter(
            name="FIGURE0", kind="character", path=str(folder / said["file"]), key=name, base="",
            steps=said["step"], loss=0.0, trigger=said["trigger"],
        )  # fmt: skip
        return adapter, said

    def frames(self, shot: ShotPlan, adapters: Sequence[Adapter]) -> NDArray[np.uint8]:
        """Return the frames [T, h, w, 3] of a shot."""
        return kept_frames(self._family, shot, adapters, self._work / "frames")


@dataclass(frozen=True, slots=True)
class Seen:
    """Whom the judge names in the regions of one arm's shots.

    `others` is whether each figure beside the character is who was asked for.
    """

    told: list[bool]
    who: list[str | None]
    coats: list[bool]
    motions: list[bool]
    others: list[bool]
    others_taken: list[bool]

    def plain(self, character: str) -> dict[str, object]:
        """Return the rates, with their 95 % intervals."""
        return {
            "told": wilson(self.told).plain(),
            "likest the character": wilson([one == character for one in self.who]).plain(),
            "in its colour": wilson(self.coats).plain(),
            "its motion": wilson(self.motions).plain(),
            "others are themselves": wilson(self.others).plain(),
            "others are the character": wilson(self.others_taken).plain(),
            "named": dict(Counter(map(str, self.who))),
        }


def told(
    judge: MiniatureJudge, frames: NDArray[np.uint8], boxes: NDArray[np.float32], character: str
) -> bool:
    """Say whether the judge is sure of a character in its box [T, 4] in nearly every frame.

    Without an adapter the base draws mixtures of the animals that it knows, which are read as
    somebody else in every other frame; their mean over the frames may fall on anybody.
    """
    held = []
    for place, (left, top, right, bottom) in zip(
        judge.track(frames, character), boxes[LOOKED_AT], strict=True
    ):
        inside = place is not None and left <= place[0] <= right and top <= place[1] <= bottom
        held.append(bool(inside))
    return sum(held) >= len(held) - 1


def judged(
    judge: MiniatureJudge, asked: Sequence[Asked], shots: Sequence[NDArray[np.uint8]]
) -> Seen:
    """Name who is in the regions of some shots."""
    seen = Seen([], [], [], [], [], [])
    for one, frames in zip(asked, shots, strict=True):
        found = judge.found(frames, list(one.boxes))
        own, *rest = one.wanted
        seen.told.append(told(judge, frames, one.boxes[0], own.character))
        seen.who.append(found[0].character)
        seen.coats.append(found[0].colour == own.colour)
        seen.motions.append(judge.motion_in_place(frames, one.boxes[0]) == own.motion)
        seen.others.extend(
            sighted.character == figure.character
            for sighted, figure in zip(found[1:], rest, strict=True)
        )
        seen.others_taken.extend(sighted.character == own.character for sighted in found[1:])
    return seen


def measured(
    studio: Studio, judge: MiniatureJudge, character: str, args: argparse.Namespace
) -> dict[str, object]:
    """Learn one character, draw it with and without, and return what the judge sees."""
    settings = replace(MINIATURE_LOOKS, **args.settings)
    adapter, about = studio.taught(character, args.pictures, settings)
    asked = asked_for(character, 10 if args.tuning else args.shots,
                      TUNING_SEED if args.tuning else SEED)  # fmt: skip
    plans = [planned(one, seed) for seed, one in enumerate(asked, start=1)]
    pairs = [(studio.frames(plan, ()), studio.frames(plan, [adapter])) for plan in plans]
    arms_drawn = {
        "drawn": [draw(one.scene).frames for one in asked],
        "no adapter": [without for without, _ in pairs],
        "adapter": [frames for _, frames in pairs],
    }
    shown = [frames for pair in pairs for frames in pair]
    Image.fromarray(sheet(shown[:20], every=6)).save(args.work / f"{character}-{adapter.key}.png")
    print(character, adapter.key, about, flush=True)
    found = {}
    for name, shots in arms_drawn.items():
        found[name] = judged(judge, asked, shots).plain(character)
        print(f"  {name}: {found[name]}", flush=True)
    return {"training": about, "arms": found}


def main() -> None:
    """Measure every character, and write what was found."""
    args = parser().parse_args()
    torch.set_num_threads(1)
    args.work.mkdir(parents=True, exist_ok=True)
    studio = Studio(args.folder or unpacked("regions"), args.work)
    judge = MiniatureJudge.load()
    found = {one: measured(studio, judge, one, args) for one in args.characters}
    if args.tuning:
        return
    about = {
        "machine": f"{platform.machine()}, bf16 {multiplies_bf16()}, torch {torch.__version__}",
        "pictures": args.pictures, "shots": args.shots, "characters": found,
    }  # fmt: skip
    args.out.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
