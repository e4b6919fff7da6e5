"""The plans of the paper's authors -> how many import, hold, and can be seen as animatics.

The files are not ours to give: put them into a folder and name it. Without it nothing is run, and
the script says so. A plan with a box that is none is counted, and taken again with it mended.

    T2V_COMPBENCH_PLANS=FOLDER python benchmarks/authors_plans.py
    T2V_COMPBENCH_PLANS=FOLDER python benchmarks/authors_plans.py --first 20
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.dsl.formats import import_plans
from dreamrunner.engine.family import capabilities
from dreamrunner.engine.video import read_video
from dreamrunner.plan import Plan
from dreamrunner.story import Story
from dreamrunner.tools.stages.animatic import sketch_film
from dreamrunner.tools.stages.runner import silent

HERE = Path(__file__).parent
WORLD = capabilities("animatic")
# An eased way is planned in straight pieces; a linear one is kept to the last digit.
MOST_OFF = 1e-6


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """What became of one plan: mended first or not, and what is wrong with it, if anything."""

    name: str
    mended: bool
    wrong: tuple[str, ...]


def released(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every plan with its name: a line of a file."""
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                yield f"{file.stem} {number}", line


def tried(name: str, line: str, folder: Path) -> PlanOutcome:
    """Import a plan, direct it, compare it with what it says, and draw it."""
    (strict,) = import_plans(line, name)
    (made,) = import_plans(line, name, repair=True)
    if made.text is None:
        return PlanOutcome(name, True, ("it is no plan",))
    parsed = parse_story(made.text, path=f"{name}.story")
    if parsed.story is None or parsed.errors:
        return PlanOutcome(name, strict.text is None, tuple(d.message for d in parsed.errors))
    plan = direct(parsed.story, WORLD)
    wrong = [*_unkept(parsed.story, plan), *_undrawn(plan, folder / "plan.mp4")]
    return PlanOutcome(name, strict.text is None, tuple(wrong))


def _unkept(story: Story, plan: Plan) -> Iterator[str]:
    """Yield every box that is not where the plan of the authors has it."""
    for scene, planned in zip(story.scenes, plan.scenes, strict=True):
        start_s = 0.0
        for shot in planned.shots:
            for layout in scene.layouts:
                for key in layout.keys:
                    at = key.time_s - start_s
                    if not 0 <= at <= shot.duration_s:
                        continue
                    box, wanted = shot.box_at(layout.entity, at), layout.box_at(key.time_s)
                    sides = ("left", "top", "right", "bottom")
                    if box is None or any(
                        abs(getattr(box, s) - getattr(wanted, s)) > MOST_OFF for s in sides
                    ):
                        yield f"{layout.entity} at {key.time_s:g} s is in {box}, not in {wanted}"
            start_s += shot.duration_s


def _undrawn(plan: Plan, target: Path) -> Iterator[str]:
    sketch_film(plan, target, silent)
    frames = len(read_video(target)[0])
    wanted = plan.duration_s * WORLD.fps
    if abs(frames - wanted) > len(plan.shots):
        yield f"{frames} frames, not {wanted:.0f}"


def main() -> None:
    """Try every plan, print what failed, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--first", type=int, metavar="N", help="only so many of each file")
    chosen = parser.parse_args()
    named = os.environ.get("T2V_COMPBENCH_PLANS")
    if named is None:
        print("skipped: T2V_COMPBENCH_PLANS names no folder of plans")
        return
    began, found, of_file = time.perf_counter(), list[PlanOutcome](), Counter[str]()
    with TemporaryDirectory(prefix="dreamrunner-plans-") as spare:
        for name, line in released(Path(named)):
            of_file[name.split()[0]] += 1
            if chosen.first is None or of_file[name.split()[0]] <= chosen.first:
                found.append(tried(name, line, Path(spare)))
                print(f"\r{len(found)} tried", end="", file=sys.stderr)
    wrong = [one for one in found if one.wrong]
    mended = [one.name for one in found if one.mended]
    account = {
        "plans": len(found),
        "right": len(found) - len(wrong),
        "with a box that is none": mended,
        "wrong": {one.name: one.wrong for one in wrong},
        "seconds": round(time.perf_counter() - began, 1),
    }
    print(json.dumps(account, indent=2))
    if chosen.first is None:
        out = HERE / "results" / "authors-plans.json"
        out.write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
