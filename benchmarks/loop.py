"""Pages that are hard to get right -> whether re-planning does more for them than other seeds.

Every shot is drawn four ways with the same number of takes: the first take alone; re-planned by the
production's own loop; other seeds of the same plan, of which the critic keeps one; and the same
seeds, where one counts that the judge likes: what no choice among seeds can beat. Whether a shot is
right says the judge, which the loop never asks. Motions that only an adapter can give are left out:
training one takes longer than all the rest.

python benchmarks/loop.py --stories 10 --seeds 2 --json benchmarks/results/loop.json
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from storybench.scores import score

from dreamrunner.agents.critic.attempts import next_attempt
from dreamrunner.agents.critic.remedies import new_seed
from dreamrunner.agents.critic.verdict import best
from dreamrunner.agents.critic.verdict import judge as verdict_of
from dreamrunner.agents.director.rules import direct
from dreamrunner.bench.intervals import paired_bootstrap, wilson
from dreamrunner.dsl import parse_story
from dreamrunner.engine.storybook.capabilities import storybook_capabilities
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge import Judge
from dreamrunner.engine.storybook.models import FPS
from dreamrunner.film import Clip, Take
from dreamrunner.plan import ShotPlan
from dreamrunner.tools.critic.embedded import load_embedded
from dreamrunner.tools.critic.measure import CriticMeasurer

CAST = """\
@character FOX: a red fox
@character OWL: a purple owl
@character BEAR: a brown bear
@character RABBIT: a white rabbit
@character PIG: a pink pig
@character PENGUIN: a navy penguin
"""


def _small(who: str, box: str, place: str) -> str:
    return (
        f"EXT. {place} - DAY\n@layout {who} {{\n  0s: box {box}\n  end: box {box}\n}}\n"
        f"@replan layout, seed\n\nThe {who} jumps up and down.\n"
    )


# Each has one or two shots. Boxes far too small may be changed; nothing else is pinned.
STORIES: dict[str, str] = {
    "small box, snow": _small("PENGUIN", "(0.62, 0.74, 0.70, 0.88)", "SNOWY HILL"),
    "small box, beach": _small("FOX", "(0.2, 0.70, 0.29, 0.85)", "BEACH"),
    "small box, forest": _small("OWL", "(0.45, 0.72, 0.53, 0.88)", "FOREST"),
    "small box, two": _small("RABBIT", "(0.1, 0.72, 0.18, 0.88)", "MEADOW")
    + "\nEXT. FOREST - DAY\n\nThe BEAR walks to the right. The PIG stands still.\n",
    "three in a row": "EXT. BEACH - DAY\n\nThe PENGUIN bows between the RABBIT and the PIG. "
    "The RABBIT jumps up and down. The PIG stands still.\n",
    "three, moving": "EXT. MEADOW - DAY\n\nThe FOX hops to the right. The OWL stands still. "
    "The BEAR waves.\n",
    "crossing": "EXT. FOREST - DAY\n\nThe FOX walks to the right. The PIG walks to the left.\n",
    "crossing, run": "EXT. BEACH - DAY\n\nThe RABBIT runs to the left. The BEAR runs to the "
    "right.\n",
    "crowded boxes": "EXT. MEADOW - DAY\n@layout FOX {\n  0s: box (0.3, 0.4, 0.6, 0.9)\n}\n"
    "@layout OWL {\n  0s: box (0.4, 0.4, 0.7, 0.9)\n}\n@replan layout, seed\n\n"
    "The FOX stands still. The OWL dances.\n",
    "two places": "EXT. DESERT - NIGHT\n\nThe BEAR sleeps.\n\nINT. ROOM - DAY\n\n"
    "The PENGUIN dances.\n",
}


@dataclass(frozen=True, slots=True)
class LoopShot:
    """What came of one shot: whether each way of making it ended right, and what it took."""

    story: str
    shot: str
    seed: int
    first: bool
    loop: bool
    seeds_by_critic: bool
    seeds_by_judge: bool
    takes: int
    needs_more_than_seeds: bool
    alarms: tuple[tuple[str, bool | None, bool], ...]  # metric, passed, whether it is right


class Studio:
    """Draws, measures and judges; the judge's word reaches no plan."""

    def __init__(self) -> None:
        self._family = StorybookFamily()
        self._critic = CriticMeasurer(load_embedded)
        self._judge = Judge.load()

    def take(self, shot: ShotPlan, number: int) -> tuple[Take, bool, dict[str, bool]]:
        """Return a take with the critic's verdict, and whether the judge calls what of it right."""
        frames = self._family.render(shot, (), None, lambda done, total: None)
        measured = self._critic.measure_frames(shot, frames, FPS)
        count, height, width, _ = frames.shape
        clip = Clip(
            shot=shot.id, path="", key=f"{shot.id}-{number}", frames=count, fps=FPS, width=width,
            height=height, underpainted=self._family.underpainted(shot),
        )  # fmt: skip
        made = Take(
            shot=shot.id, number=number, seed=shot.seed, clip=clip, plan=shot,
            verdict=verdict_of(shot, measured),
        )  # fmt: skip
        found = score(shot, self._judge.judge(frames), FPS)
        truth = {"place": found.place}
        for role in found.roles:
            truth |= {
                f"present.{role.entity}": role.seen,
                f"layout.{role.entity}": role.in_region,
                f"motion.{role.entity}": role.motion,
            }
        return made, all(truth.values()), truth

    def compare(self, story: str, shot: ShotPlan) -> LoopShot:
        """Make one shot in all ways, with as many takes of other seeds as re-planning took."""
        first, right, truth = self.take(shot, 1)
        takes, rights = [first], [right]
        while attempt := next_attempt(shot, takes, taught=frozenset(), neighbour=None):
            made, good, _ = self.take(attempt.shot, attempt.number)
            takes.append(made.model_copy(update={"remedies": attempt.remedies}))
            rights.append(good)
        others, seeded = [first], [right]
        for number in range(2, len(takes) + 1):
            change = new_seed(shot, number - 1)
            plan = shot.model_copy(update={"seed": getattr(change, "shot", shot).seed})
            made, good, _ = self.take(plan, number)
            others.append(made)
            seeded.append(good)
        alarms = tuple(
            (m.metric, m.passed, truth[name])
            for m in first.verdict.measurements
            if (name := m.assertion.split("/", 1)[1]) in truth
        )
        return LoopShot(
            story, shot.id, shot.seed, right, rights[best(takes).number - 1],
            seeded[best(others).number - 1], any(seeded), len(takes),
            story.startswith(("small", "crowded")) and shot.id.startswith("1."), alarms,
        )  # fmt: skip


def shots_of(name: str, page: str, seed: int) -> Sequence[ShotPlan]:
    """Return the shots of a page, as the rules direct them."""
    text = f"Title: {name}\nSeed: {seed}\n\n{CAST}\n{page}"
    known = storybook_capabilities()
    parsed = parse_story(text, path=f"{name}.story", capabilities=known)
    assert parsed.story is not None and not parsed.errors, parsed.errors
    return direct(parsed.story, known).shots


def summary(made: Sequence[LoopShot]) -> dict[str, object]:
    """Return rates with intervals, and differences between re-planning and the rest."""
    arms = ("first", "loop", "seeds_by_critic", "seeds_by_judge")
    rates = {arm: wilson([getattr(one, arm) for one in made]) for arm in arms}
    hard = [one for one in made if one.needs_more_than_seeds]
    loop = [float(one.loop) for one in made]
    alarms = [alarm for one in made for alarm in one.alarms]
    checks = {}
    for metric in dict.fromkeys(metric for metric, _, _ in alarms):
        own = [(passed, right) for name, passed, right in alarms if name == metric]
        failed = [not right for passed, right in own if passed is False]
        wrong = [passed is False for passed, right in own if not right]
        checks[metric] = {
            "alarms that are right": wilson(failed).plain(),
            "wrong ones that are found": wilson(wrong).plain(),
        }
    return {
        "shots": len(made),
        "takes": sum(one.takes for one in made),
        "right": {arm: rate.plain() for arm, rate in rates.items()},
        "re-planned minus": {
            arm: str(paired_bootstrap(loop, [float(getattr(one, arm)) for one in made]))
            for arm in arms
            if arm != "loop"
        },
        "where a seed cannot help": {
            arm: wilson([getattr(one, arm) for one in hard]).plain() for arm in arms
        },
        "critic against judge": checks,
    }


def main() -> None:
    """Make every shot in every way, print, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, default=len(STORIES))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    studio, began, made = Studio(), time.process_time(), []
    for seed in range(1, args.seeds + 1):
        for name, page in list(STORIES.items())[: args.stories]:
            for shot in shots_of(name, page, seed):
                one = studio.compare(name, shot)
                made.append(one)
                print(
                    f"{time.process_time() - began:5.0f} s  {name} {shot.id} seed {seed}: "
                    f"{one.takes} takes, first {one.first}, re-planned {one.loop}, seeds by the "
                    f"critic {one.seeds_by_critic}, by the judge {one.seeds_by_judge}",
                    flush=True,
                )
                if args.json:
                    args.json.write_text(json.dumps(summary(made), indent=2) + "\n")
    print(json.dumps(summary(made), indent=2))


if __name__ == "__main__":
    main()
