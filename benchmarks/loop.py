"""Pages that are hard to get right -> whether re-planning does more for them than other seeds.

Every shot is drawn four ways with the same number of takes: the first take alone; re-planned by the
production's own loop; other seeds of the same plan, of which the critic keeps one; and the same
seeds, where one counts that the judge likes: what no choice among seeds can beat. Whether a shot is
right says the judge, which the loop never asks. The pages are in `loopbench/pages.py`, ten
of each world. Held-out motions are learnt as a film learns them, once, and kept in the user's
store. A run goes on from what its file has.

python benchmarks/loop.py --world storybook --seeds 2 --json benchmarks/results/loop-storybook.json
python benchmarks/loop.py --world miniature --seeds 2 --steps 5 \\
    --json benchmarks/results/loop-miniature.json
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import get_args

import torch
from loopbench.pages import PAGES, Kind, World, needs_more_than_seeds, page
from loopbench.studios import Studio

from dreamrunner.agents.critic.attempts import next_attempt
from dreamrunner.agents.critic.remedies import new_seed
from dreamrunner.agents.critic.verdict import best
from dreamrunner.agents.director.rules import direct
from dreamrunner.bench.intervals import paired_bootstrap, wilson
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities, ShotPlan

ARMS = ("first", "loop", "seeds_by_critic", "seeds_by_judge")


@dataclass(frozen=True, slots=True)
class LoopShot:
    """What came of one shot: whether each way of making it ended right, and what it took."""

    story: str
    kind: Kind
    shot: str
    seed: int
    first: bool
    loop: bool
    seeds_by_critic: bool
    seeds_by_judge: bool
    takes: int
    needs_more_than_seeds: bool
    remedies: tuple[str, ...]
    alarms: tuple[tuple[str, bool | None, bool], ...]  # metric, passed, whether it is right


def compare(
    studio: Studio, world: World, story: str, shot: ShotPlan, least_height: float | None = None
) -> LoopShot:
    """Make one shot in all ways, with as many takes of other seeds as re-planning took.

    `least_height` is where `larger-box` grows to at once, in place of the engine's own.
    """
    meant = PAGES[world][story].meant
    first, truth = studio.take(shot, 1, meant)
    right = all(truth.values())
    takes, rights = [first], [right]
    means = studio.means(shot)
    if least_height is not None:
        means = replace(means, least_height=least_height)
    while attempt := next_attempt(
        shot, takes, taught=studio.taught(shot), neighbour=None, means=means
    ):
        made, found = studio.take(attempt.shot, attempt.number, meant)
        takes.append(made.model_copy(update={"remedies": attempt.remedies}))
        rights.append(all(found.values()))
    others, seeded = [first], [right]
    for number in range(2, len(takes) + 1):
        change = new_seed(shot, number - 1)
        plan = shot.model_copy(update={"seed": getattr(change, "shot", shot).seed})
        made, found = studio.take(plan, number, meant)
        others.append(made)
        seeded.append(all(found.values()))
    alarms = tuple(
        (m.metric, m.passed, truth[name])
        for m in first.verdict.measurements
        if (name := m.assertion.split("/", 1)[1]) in truth
    )
    kept = best(takes)
    kinds = dict.fromkeys(r.kind for take in takes[: kept.number] for r in take.remedies)
    return LoopShot(
        story, PAGES[world][story].kind, shot.id, shot.seed, right, rights[kept.number - 1],
        seeded[best(others).number - 1], any(seeded), len(takes),
        needs_more_than_seeds(world, story, shot.id), tuple(kinds), alarms,
    )  # fmt: skip


def shots_of(world: World, name: str, seed: int, known: Capabilities) -> Sequence[ShotPlan]:
    """Return the shots of a page, as the rules direct them."""
    parsed = parse_story(page(world, name, seed), path=f"{name}.story", capabilities=known)
    assert parsed.story is not None and not parsed.errors, parsed.errors
    shots = direct(parsed.story, known).shots
    assert not any(shot.settings.needs_clip for shot in shots), "a shot would need another's clip"
    return shots


def summary(made: Sequence[LoopShot]) -> dict[str, object]:
    """Return rates with intervals, and differences between re-planning and the rest."""
    rates = {arm: wilson([getattr(one, arm) for one in made]) for arm in ARMS}
    hard = [one for one in made if one.needs_more_than_seeds]
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
        "re-planned minus": _gains(made),
        "where a seed cannot help": {
            arm: wilson([getattr(one, arm) for one in hard]).plain() for arm in ARMS
        },
        "re-planned minus, where a seed cannot help": _gains(hard),
        "by kind": _by_kind(made),
        "critic against judge": checks,
        "each": [asdict(one) for one in made],
    }


def _by_kind(made: Sequence[LoopShot]) -> dict[str, dict[str, str]]:
    kinds: dict[str, list[LoopShot]] = {}
    for one in made:
        kinds.setdefault(one.kind, []).append(one)
    return {kind: {arm: _count(own, arm) for arm in ARMS} for kind, own in kinds.items()}


def _count(made: Sequence[LoopShot], arm: str) -> str:
    return f"{sum(getattr(one, arm) for one in made)} of {len(made)}"


def _gains(made: Sequence[LoopShot]) -> dict[str, str]:
    loop = [float(one.loop) for one in made]
    return {
        arm: str(paired_bootstrap(loop, [float(getattr(one, arm)) for one in made]))
        for arm in ARMS
        if arm != "loop" and made
    }


def main() -> None:
    """Make every shot in every way, print, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--world", choices=tuple(PAGES), default="storybook")
    parser.add_argument("--kinds", nargs="+", choices=get_args(Kind), default=get_args(Kind))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--least-height", type=float, help="0: boxes grow by quarters alone")
    parser.add_argument("--steps", type=int, help="of the sampler; else the engine's own")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    studio, began, made = Studio(args.world, args.steps), time.process_time(), _kept(args.json)
    known = studio.family.capabilities
    for seed in range(1, args.seeds + 1):
        for name in (n for n, one in PAGES[args.world].items() if one.kind in args.kinds):
            for shot in shots_of(args.world, name, seed, known):
                if any(
                    (one.story, one.shot, one.seed) == (name, shot.id, shot.seed) for one in made
                ):
                    continue
                one = compare(studio, args.world, name, shot, args.least_height)
                made.append(one)
                print(
                    f"{time.process_time() - began:5.0f} s  {name} {shot.id} seed {seed}: "
                    f"{one.takes} takes, first {one.first}, re-planned {one.loop}, seeds by the "
                    f"critic {one.seeds_by_critic}, by the judge {one.seeds_by_judge}"
                    f"; {', '.join(one.remedies)}",
                    flush=True,
                )
                if args.json:
                    args.json.write_text(json.dumps(summary(made), indent=1) + "\n")
    print(json.dumps({k: v for k, v in summary(made).items() if k != "each"}, indent=1))


def _kept(path: Path | None) -> list[LoopShot]:
    """Return the shots that a file has of a run."""
    if path is None or not path.is_file():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))["each"]
    return [
        LoopShot(
            **row | {"remedies": tuple(row["remedies"]), "alarms": tuple(map(tuple, row["alarms"]))}
        )
        for row in rows
    ]


if __name__ == "__main__":
    main()
