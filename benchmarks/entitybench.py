"""EntityBench's episodes -> how many of their shots are planned as scheduled, and their clips.

    python benchmarks/entitybench.py FOLDER                      plan every episode, count
    python benchmarks/entitybench.py FOLDER --clips FILMS OUT    rendered films -> OUT/<episode>/...

FOLDER holds the episodes (`data/scripts` of the benchmark, which is not ours to give); without it
the variable ENTITYBENCH names it. A shot counts as scheduled where it is one shot of the plan and
whoever the schedule has in it is in the picture, or as many as the engine draws at once.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.dsl.formats import entitybench_clips, import_entitybench
from dreamrunner.engine.family import capabilities

from sentences import wilson  # isort: skip


def planned(file: Path, engine: str) -> Counter[str]:
    """Return the counts of one episode."""
    world = capabilities(engine)
    text = file.read_text(encoding="utf-8")
    (story,) = import_entitybench(text, file.name)
    names = entitybench_clips(text)
    counts = Counter(episodes=1, shots=len(names))
    if story.text is None:
        return counts
    parsed = parse_story(story.text, path=f"{file.stem}.story", capabilities=world)
    counts["checked"] += not parsed.errors
    if parsed.story is None:
        return counts
    plan = direct(parsed.story, world)
    counts["matching episodes"] += len(plan.shots) == len(names)
    wanted = [shot.on for scene in parsed.story.scenes for shot in scene.shots]
    for shot, on in zip(plan.shots, wanted, strict=False):
        shown = {entity.id for entity in shot.entities}
        counts["scheduled"] += len(shown & set(on)) >= min(len(on), world.max_entities)
        counts["without a note"] += not shot.notes
        counts["scheduled without a note"] += (
            len(shown & set(on)) == len(on) and not shot.notes
        )  # fmt: skip
    return counts


def clips(folder: Path, films: Path, out: Path) -> int:
    """Copy the clips of rendered episodes to where the scorer reads them; return how many."""
    made = 0
    for file in sorted(folder.glob("*.json")):
        names = entitybench_clips(file.read_text(encoding="utf-8"))
        plan = films / file.stem / "plan.json"
        if not plan.is_file():
            continue
        shots = [
            s["id"] for scene in json.loads(plan.read_text())["scenes"] for s in scene["shots"]
        ]
        for name, shot in zip(names, shots, strict=True):
            target = out / file.stem / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(films / file.stem / "shots" / f"shot-{shot}.mp4", target)
            made += 1
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=os.environ.get("ENTITYBENCH"))
    parser.add_argument("--engine", default="cogvideox-2b")
    parser.add_argument("--clips", type=Path, nargs=2, metavar=("FILMS", "OUT"))
    parser.add_argument("--json", type=Path, help="keep the figures here")
    asked = parser.parse_args()
    if asked.folder is None:
        print("skipped: no folder of episodes, and ENTITYBENCH is not set")
        return
    folder = Path(asked.folder)
    if asked.clips:
        print(f"{clips(folder, *asked.clips)} clips")
        return
    logging.disable(logging.WARNING)
    counts: Counter[str] = Counter()
    for file in sorted(folder.glob("*.json")):
        counts += planned(file, asked.engine)
    figures: dict[str, Any] = {"engine": asked.engine, **counts}
    for what in ("scheduled", "without a note", "scheduled without a note"):
        low, high = wilson(counts[what], counts["shots"])
        figures[f"{what} interval"] = [low, high]
        print(f"{what}: {counts[what]} of {counts['shots']} shots ({low:.1%} to {high:.1%})")
    print(
        f"{counts['checked']} of {counts['episodes']} episodes check without an error; "
        f"{counts['matching episodes']} have as many shots as planned"
    )
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
