"""Adapters on the miniature, by its judge: do they teach a motion it never saw, and nothing else?

    python benchmarks/adapters.py FOLDER --judge judge.safetensors [--shots N] [--seeds N]
        [--asked ANIMAL] [--seed N] [--steps N] [--drawn-in N] [--motions NAME...]
        [--arms NAME...] [--out FILE]

FOLDER is an unpacked checkpoint. An adapter of a held-out motion (`sway`, rigid; `wave`,
articulated) is trained as `dreamrunner adapters train` does it, by the recipe that its clips call
for, on 0, 3, 10 and 20 clips that show it, on 20 of which half do, and on 10 by another loss; what
is asked for, the clips and the seeds were fixed before anything was trained. Five animals are in
the clips, and one that is in none is asked for. Beside each rate stand the base without an adapter
and the motions that the base was taught. A plan's box stands still about all that a figure does, so
that no box does the motion for the model. Adapters and frames are kept, so that a stopped run goes
on.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
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

from dreamrunner.bench.intervals import paired_bootstrap, wilson
from dreamrunner.engine.diffusion.family import DiffusionFamily
from dreamrunner.engine.diffusion.published import folder_checkpoint
from dreamrunner.engine.diffusion.teaching.changing import share_that_changes
from dreamrunner.engine.diffusion.teaching.recipes import FEWEST_CLIPS, MINIATURE, motion_recipe
from dreamrunner.engine.diffusion.teaching.teacher import (
    AdapterTeacher,
    ClipRegion,
    PixelClip,
    save_taught,
)
from dreamrunner.engine.diffusion.weights import LoadOptions
from dreamrunner.engine.miniature.captions import (
    PLACE_NOUNS,
    caption,
    random_scene,
    region_texts,
)
from dreamrunner.engine.miniature.judge import MiniatureJudge
from dreamrunner.engine.miniature.looking import sheet
from dreamrunner.engine.miniature.world import (
    CHARACTERS,
    COLOURS,
    FPS,
    HELD_OUT_CHARACTERS,
    HELD_OUT_MOTIONS,
    PLACES,
    SPOTS,
    Figure,
    WorldScene,
    draw,
)
from dreamrunner.engine.numbers import multiplies_bf16
from dreamrunner.engine.protocol import TrainingWatch
from dreamrunner.film import Adapter
from dreamrunner.plan import Beat, ShotPlan
from dreamrunner.story import Box

FOLDER = Path(__file__).parent
PRECISION = torch.bfloat16 if multiplies_bf16() else torch.float32
SEED = 2411
TEACHERS = ("fox", "owl", "rabbit", "elephant", "turtle")  # who is in the clips
RIGHT = [one for one in CHARACTERS if one not in (*TEACHERS, *HELD_OUT_CHARACTERS)]  # who is asked
KNOWN = ("walk right", "jump", "rise", "bow")  # what the base was taught


@dataclass(frozen=True, slots=True)
class ClipArm:
    """How an adapter is trained: on how many clips, how many of which show it, by which loss, by
    regions or under one caption, and with or without throw-away adapters of the clips' looks."""

    name: str
    clips: int
    shown: float = 1.0
    debiased: bool = True
    regions: bool = True
    looks: bool = False


ARMS = (
    ClipArm("no adapter", 0),
    ClipArm("10 filtered", 10),
    ClipArm("20 filtered", 20),
    ClipArm("20 unfiltered", 20, shown=0.5),
    ClipArm("3 filtered", 3),
    ClipArm("10 filtered, plain loss", 10, debiased=False),
    ClipArm("10 filtered, by captions", 10, regions=False),
    ClipArm("10 filtered, looks apart", 10, looks=True),
)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("folder", type=Path, help="an unpacked checkpoint of the miniature")
    top.add_argument("--judge", type=Path, required=True)
    top.add_argument("--shots", type=int, default=40)
    top.add_argument("--seeds", type=int, default=1)
    top.add_argument("--steps", type=int, help="of training; the recipe's by default")
    top.add_argument("--seed", type=int, default=MINIATURE.seed, help="of training")
    top.add_argument("--asked", default=RIGHT[0], help="the animal that is in no clip")
    top.add_argument("--drawn-in", type=int, default=5, help="steps of the sampler")
    top.add_argument("--motions", nargs="*", default=list(HELD_OUT_MOTIONS))
    top.add_argument("--arms", nargs="*", default=[arm.name for arm in ARMS])
    top.add_argument("--out", type=Path, default=FOLDER / "results" / "adapters.json")
    top.add_argument("--cache", type=Path, default=FOLDER.parent / "out" / "adapters")
    top.add_argument("--threads", type=int, default=torch.get_num_threads())
    return top


def lessons(motion: str, arm: ClipArm) -> list[PixelClip]:
    """Return the clips of an arm, captioned with the motion whether they show it or not."""
    chance = random.Random(SEED)
    found = []
    for number in range(arm.clips):
        shows = number < arm.clips * arm.shown
        figure = Figure(
            chance.choice(TEACHERS), chance.choice(COLOURS),
            motion if shows else chance.choice(KNOWN), x=chance.choice(SPOTS),
        )  # fmt: skip
        scene = WorldScene(chance.choice(PLACES), (figure,))
        told = WorldScene(scene.place, (replace(figure, motion=motion),))
        drawn = Asked.of("", scene)
        box = Box(*(float(side) for side in standing(drawn.boxes)[0, 0]))
        found.append(
            PixelClip(
                f"{motion} {number}", draw(scene).frames, FPS, caption(told),
                (ClipRegion(region_texts(told)[0], box),) if arm.regions else (),
                PLACE_NOUNS[scene.place],
            )
        )  # fmt: skip
    return found


def standing(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return boxes [A, T, 4] that stand still about all of each track."""
    still = boxes.copy()
    still[..., :2] = boxes[..., :2].min(1, keepdims=True)
    still[..., 2:] = boxes[..., 2:].max(1, keepdims=True)
    return still


def asked_for(motion: str, count: int) -> list[Asked]:
    """Return scenes of one figure that does a motion; nobody who is in the clips."""
    chance = random.Random(SEED + 1)
    found = []
    for number in range(count):
        scene = random_scene(chance, 1)
        figure = replace(
            scene.figures[0], motion=motion, character=chance.choice(RIGHT),
            colour=chance.choice(COLOURS),
        )  # fmt: skip
        found.append(Asked.of(f"{motion} {number}", replace(scene, figures=(figure,))))
    return found


def planned(asked: Asked, seed: int, steps: int = arms.STEPS) -> ShotPlan:
    """Return the shot that asks for a scene by regions, in boxes that stand still."""
    shot = arms.by_regions(replace(asked, boxes=standing(asked.boxes)), seed)
    return shot.model_copy(update={"settings": shot.settings.model_copy(update={"steps": steps})})


def with_beats(shot: ShotPlan, asked: Asked) -> ShotPlan:
    """Return a shot that says what each of its figures does, so that adapters find regions."""
    beats = tuple(
        Beat(entity=entity.id, motion=figure.motion, start_s=0, end_s=shot.duration_s)
        for entity, figure in zip(shot.entities, asked.wanted, strict=True)
    )
    return shot.model_copy(update={"beats": beats})


class Studio:
    """Trains and draws with one checkpoint, each thing once."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._folder, self._args = args.folder, args
        self._own = folder_checkpoint(args.folder)
        pipe = CogVideoXPipeline.from_pretrained(args.folder, torch_dtype=PRECISION)
        self._family = DiffusionFamily(self._own, pipe, "f", announce=lambda _: None)
        self._cache = args.cache / args.folder.resolve().name

    def adapter(self, motion: str, arm: ClipArm) -> Adapter | None:
        """Return the adapter of an arm, trained where it is not kept."""
        if not arm.clips:
            return None
        clips = lessons(motion, arm)
        recipe = motion_recipe(self._own, share_that_changes(
            [(clip.frames, clip.regions[0].box) for clip in clips if clip.regions]
        ))  # fmt: skip
        settings = replace(
            recipe, steps=self._args.steps or recipe.steps, seed=self._args.seed,
            debiased=arm.debiased, fewest=min(FEWEST_CLIPS, arm.clips),
            look_skipped=0.2 if arm.looks else 1.0,
        )  # fmt: skip
        name = sha256(f"{motion} {arm} {settings} {TEACHERS}".encode()).hexdigest()[:16]
        folder = self._cache / name
        about = folder / "about.json"
        if not about.is_file():
            teacher = AdapterTeacher(
                self._own, LoadOptions(), lambda text: print(f"  {text}", flush=True)
            )
            began = time.process_time()
            taught = teacher.motion(clips, settings, TrainingWatch(folder=folder / "work"))
            save_taught(taught, folder)
            progress = taught.progress
            said = {
                "step": taught.step, "processor_s": round(time.process_time() - began, 1),
                "passed_s": round(progress.passed_s, 1), "checks": progress.checks,
            }  # fmt: skip
            about.write_text(json.dumps(said))
            print(f"  {motion}, {arm.name}: {said}", flush=True)
        path = str(folder / "pytorch_lora_weights.safetensors")
        return Adapter(name=motion, kind="motion", path=path, key=name, base="", steps=0, loss=0.0)

    def told(self, motion: str, arm: ClipArm) -> dict[str, object]:
        """Return how an adapter's training went; nothing without one."""
        adapter = self.adapter(motion, arm)
        if adapter is None:
            return {}
        about: dict[str, object] = json.loads(
            (Path(adapter.path).parent / "about.json").read_text()
        )
        return about

    def frames(self, shot: ShotPlan, adapters: Sequence[Adapter]) -> NDArray[np.uint8]:
        """Return the frames [T, h, w, 3] of a shot."""
        return kept_frames(self._family, shot, adapters, self._cache / "frames")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the judge saw of one shot."""

    motion: bool
    figure: bool
    teacher: bool  # somebody of the training clips is seen where somebody else was asked for


def answer(judge: MiniatureJudge, asked: Asked, frames: NDArray[np.uint8]) -> Answer:
    """Judge one shot of one figure."""
    found = judge.found(frames, list(asked.boxes))[0]
    wanted = asked.wanted[0]
    return Answer(
        judge.motion_in_place(frames, asked.boxes[0]) == wanted.motion,
        found.character == wanted.character,
        found.character in TEACHERS,
    )


def noise(seed: int, at: int) -> int:
    """Return the seed of the `at`th shot: every arm draws it from the same noise."""
    return seed * 1000 + at


def ask_for(animal: str) -> None:
    """Let one animal be asked for, and all others that the base knows be in the clips."""
    global RIGHT, TEACHERS
    if animal not in RIGHT:
        TEACHERS = tuple(RIGHT[0] if one == animal else one for one in TEACHERS)
        RIGHT = [animal]


def run(args: argparse.Namespace) -> tuple[dict[str, list[Answer]], dict[str, object]]:
    """Train, draw and judge; return the answers of each arm, and how its training went."""
    studio, judge = Studio(args), MiniatureJudge.load(args.judge)
    found: dict[str, list[Answer]] = {}
    strips: list[NDArray[np.uint8]] = []
    for motion in KNOWN:
        found[f"{motion}: learnt by the base"] = [
            answer(judge, one, studio.frames(planned(one, noise(seed, at), args.drawn_in), ()))
            for at, one in enumerate(asked_for(motion, max(1, args.shots // len(KNOWN))))
            for seed in range(1, args.seeds + 1)
        ]
    trained = {}
    for motion in args.motions:
        for arm in ARMS:
            if arm.name not in args.arms:
                continue
            adapter = studio.adapter(motion, arm)
            used = () if adapter is None else (adapter,)
            trained[f"{motion}: {arm.name}"] = studio.told(motion, arm)
            answers = []
            for at, one in enumerate(asked_for(motion, args.shots)):
                for seed in range(1, args.seeds + 1):
                    shot = with_beats(planned(one, noise(seed, at), args.drawn_in), one)
                    frames = studio.frames(shot, used)
                    answers.append(answer(judge, one, frames))
                    if one.id.endswith(" 0"):
                        strips.append(frames)
            found[f"{motion}: {arm.name}"] = answers
            print(f"{motion}: {arm.name}: {wilson([a.motion for a in answers])}", flush=True)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    if strips:
        Image.fromarray(sheet(strips)).save(args.out.with_suffix(".png"))
    return found, {"trained": trained}


def page(found: dict[str, list[Answer]], more: dict[str, object]) -> str:
    """Return the run as markdown."""
    lines = [
        f"# Adapters on the miniature, {datetime.now(UTC):%Y-%m-%d}", "",
        "Rates with 95 % Wilson intervals, by the miniature's judge.", "",
        "| arm | the motion | the figure asked for | somebody of the clips instead |",
        "|---|---|---|---|",
    ]  # fmt: skip
    for name, answers in found.items():
        columns = [[getattr(a, what) for a in answers] for what in ("motion", "figure", "teacher")]
        lines.append(f"| {name} | {' | '.join(str(wilson(held)) for held in columns)} |")
    learnt = [a.motion for name, answers in found.items() if "learnt" in name for a in answers]
    ceiling = wilson(learnt)
    lines += ["", f"The base's own motions: {ceiling}."]
    for motion, count in itertools.product(HELD_OUT_MOTIONS, (10, 20)):
        base, best = found.get(f"{motion}: no adapter"), found.get(f"{motion}: {count} filtered")
        if not base or not best:
            continue
        floor = wilson([a.motion for a in base]).value
        gain = paired_bootstrap([float(a.motion) for a in best], [float(a.motion) for a in base])
        distance = ceiling.value - floor
        if ceiling.value < 0.4:
            lines.append(f"{motion}: void, for the base shows its own motions in {ceiling} alone.")
        elif distance > 0:
            share, low = gain.mean / distance, gain.low / distance
            lines.append(
                f"{motion}: {count} clips close {share:.2f} (at least {low:.2f}) of the distance "
                f"{distance:.2f}."
            )
    return "\n".join([*lines, "", f"Training: {more['trained']}.", ""])


def main() -> None:
    """Train, draw, judge, and write figures, page and strip."""
    args = parser().parse_args()
    torch.set_num_threads(args.threads)
    ask_for(args.asked)
    found, more = run(args)
    text = page(found, more)
    figures = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {args.threads} threads, torch {torch.__version__}",
        "settings": {
            name: value for name, value in vars(args).items() if isinstance(value, int | float)
        },
        "answers": {name: [asdict(one) for one in answers] for name, answers in found.items()},
        **more,
    }
    args.out.write_text(json.dumps(figures) + "\n", encoding="utf-8")
    args.out.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
