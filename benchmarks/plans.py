"""Scenes with a known plan -> how many a director gets right: the rules, or any endpoint named.

120 scenes of one motion (who, doing what, on which side at the start and at the end), 40 of
relations, 20 of negation and of those who are not in the picture; nothing may cover anything that
no relation brings together, or leave the frame.

    python benchmarks/plans.py                          the rules
    python benchmarks/plans.py --fresh                  30 scenes that the rules were not made for
    python benchmarks/plans.py --llm MODEL              MODEL at OPENAI_BASE_URL
    python benchmarks/plans.py --llm MODEL --scenes 10  of it ten scenes, spread evenly
    python benchmarks/plans.py --long                   60 scenes by the rules, against the clock
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Plan, ShotPlan
from dreamrunner.story import SIDE_RELATIONS, Box

HERE = Path(__file__).parent
MOST_COVERED, LEAST_WAY = 0.25, 0.06
# What a note says where no answer of the model's held.
BY_RULES = ("read by the rules, not by the model", "boxes by the rules, not by the model")
WORLD = capabilities("storybook")


@dataclass(frozen=True, slots=True)
class Case:
    """A scene and what its plan must be, in the words of plans.tsv."""

    group: str
    text: str
    expected: tuple[str, ...]

    @property
    def screenplay(self) -> str:
        body = self.text.replace("|", "\n")
        return f"Title: T\n\nEXT. MEADOW - DAY\n\n{body}\n"


def cases(path: Path = HERE / "plans.tsv") -> list[Case]:
    """Return the committed scenes."""
    rows = path.read_text(encoding="utf-8").splitlines()[1:]
    return [Case(g, t, tuple(e.split())) for g, t, e in (row.split("\t") for row in rows)]


def faults(case: Case, plan: Plan) -> list[str]:
    """Return what is wrong with the plan of a scene; nothing where it is right."""
    shot = plan.shots[0]
    judge = {"single": _single, "relation": _relation, "absent": _absent}[case.group]
    return [*judge(shot, case.expected), *_outside(shot)]


def _single(shot: ShotPlan, expected: Sequence[str]) -> Iterator[str]:
    who, motion, start, end = expected
    if [entity.id for entity in shot.entities] != [who]:
        yield f"in the frame: {', '.join(e.id for e in shot.entities) or 'nobody'}"
        return
    yield from _doing(shot, who, motion)
    for time_s, wanted in ((0.0, start), (shot.duration_s, end)):
        found = _side(_box(shot, who, time_s))
        if wanted not in ("any", found):
            yield f"at {time_s:g} s on the {found}, not {wanted}"


def _doing(shot: ShotPlan, who: str, motion: str) -> Iterator[str]:
    beat = shot.beat(who)
    if beat is None or beat.motion != motion:
        yield f"{who}: {beat.motion if beat else 'nothing'}, not {motion}"


def _side(box: Box) -> str:
    x = box.center[0]
    return "left" if x < 0.45 else "right" if x > 0.55 else "middle"


def _box(shot: ShotPlan, who: str, time_s: float) -> Box:
    box = shot.box_at(who, time_s)
    assert box is not None, f"{who} is in the shot and nowhere"
    return box


def _relation(shot: ShotPlan, expected: Sequence[str]) -> Iterator[str]:
    who, relation, *others = expected
    missing = [e for e in (who, *others) if e not in {x.id for x in shot.entities}]
    if missing:
        yield f"not in the frame: {', '.join(missing)}"
        return
    for time_s in (0.0, shot.duration_s / 2, shot.duration_s):
        one, *rest = (_box(shot, e, time_s) for e in (who, *others))
        if not _holds(relation, one, rest, shot, who, others):
            yield f"at {time_s:g} s {who} is not {relation} {' '.join(others)}"
    if relation not in ("above", "below", "behind"):
        yield from _covering(shot)


def _holds(
    relation: str, one: Box, rest: Sequence[Box], shot: ShotPlan, who: str, others: Sequence[str]
) -> bool:
    if relation in SIDE_RELATIONS:
        return one.stands(SIDE_RELATIONS[relation], rest[0])
    match relation:
        case "between":
            return one.is_between(*rest)
        case "behind":
            depths = {p.entity: p.depth for p in shot.keyframes[0].placements}
            return depths[who] > depths[others[0]]
        case "chases":
            ways = [_way(shot, e) for e in (who, others[0])]
            same = ways[0] * ways[1] > 0 and min(map(abs, ways)) >= LEAST_WAY
            return same and one.stands("left-of" if ways[0] > 0 else "right-of", rest[0])
    raise ValueError(f"{relation} is no relation of plans.tsv")


def _way(shot: ShotPlan, who: str) -> float:
    return _box(shot, who, shot.duration_s).center[0] - _box(shot, who, 0.0).center[0]


def _covering(shot: ShotPlan) -> Iterator[str]:
    for one, other in combinations([e.id for e in shot.entities], 2):
        times = [k.time_s for k in shot.keyframes]
        if any(_box(shot, one, t).shared(_box(shot, other, t)) > MOST_COVERED for t in times):
            yield f"{one} and {other} cover one another"


def _absent(shot: ShotPlan, expected: Sequence[str]) -> Iterator[str]:
    who, motion, *away = expected
    here = {entity.id for entity in shot.entities}
    if who not in here:
        yield f"{who} is not in the frame"
    else:
        yield from _doing(shot, who, motion)
    yield from (f"{e[1:]} is in the frame" for e in away if e[1:] in here)


def _outside(shot: ShotPlan) -> Iterator[str]:
    for frame in shot.keyframes:
        for p in frame.placements:
            if min(p.box.left, p.box.top) < 0 or max(p.box.right, p.box.bottom) > 1:
                yield f"{p.entity} leaves the frame at {frame.time_s:g} s"


def measure(plan_of: Callable[[Case], Plan], some: Sequence[Case]) -> dict[str, Any]:
    """Return the share of each group that a director gets right, with every failure."""
    wrong: dict[str, list[str]] = {}
    counts: dict[str, list[int]] = {}
    fallen_back: dict[str, int] = {}
    for case in some:
        plan = plan_of(case)
        found = faults(case, plan)
        for kind in (said for note in plan.notes for said in BY_RULES if said in note):
            fallen_back[kind] = fallen_back.get(kind, 0) + 1
        right, total = counts.setdefault(case.group, [0, 0])
        counts[case.group] = [right + (not found), total + 1]
        if found:
            wrong[case.text] = found
    groups = {g: {"right": r, "scenes": n, "share": r / n} for g, (r, n) in counts.items()}
    return {"groups": groups, "wrong": wrong, "fallen back": fallen_back}


def plan_by_rules(case: Case) -> Plan:
    story = parse_story(case.screenplay, path="t.story").story
    assert story is not None, case.text
    return direct(story, WORLD)


def _long(scenes: int = 60) -> None:
    rows = [case.text.replace("|", "\n") for case in cases()]
    bodies = [
        f"EXT. MEADOW - DAY #{n}#\n\n"
        + "\n\n".join(rows[(3 * n + i) % len(rows)] for i in range(3))
        for n in range(1, scenes + 1)
    ]
    story = parse_story("Title: Long\n\n" + "\n\n".join(bodies) + "\n", path="long.story").story
    assert story is not None
    wall, cpu = time.perf_counter(), time.process_time()
    shots = len(direct(story, WORLD).shots)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{scenes} scenes, {shots} shots: {wall:.2f} s, of which {cpu:.2f} s of computing")


def _by_model(name: str) -> Callable[[Case], Plan]:
    from dreamrunner.tools.llm.cassette import Cassette
    from dreamrunner.tools.llm.endpoint import Access, ChatEndpoint

    url, key = os.environ.get("OPENAI_BASE_URL"), os.environ.get("OPENAI_API_KEY")
    endpoint = ChatEndpoint(Access(model=name, url=url, key=key))
    kept = HERE.parent / "out" / f"plans-{_file_name(Path(name).name)}.jsonl"
    cassette = Cassette(kept, name, endpoint)

    def plan_of(case: Case) -> Plan:
        story = parse_story(case.screenplay, path="t.story").story
        assert story is not None, case.text
        return direct_with(cassette, story, WORLD)

    return plan_of


def _file_name(model: str) -> str:
    return "".join(c if c.isalnum() or c in ".-" else "-" for c in model)


def main() -> None:
    """Measure, print, and write the figures beside the scenes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--llm", metavar="MODEL")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--scenes", type=int, help="so many of them, spread evenly")
    parser.add_argument("--long", action="store_true")
    chosen = parser.parse_args()
    if chosen.long:
        _long()
        return
    name = Path(chosen.llm or "rules").name
    scenes = cases(HERE / "plans-fresh.tsv") if chosen.fresh else cases()
    scenes = scenes[:: max(1, len(scenes) // (chosen.scenes or len(scenes)))][: chosen.scenes]
    found = measure(_by_model(chosen.llm) if chosen.llm else plan_by_rules, scenes)
    fresh = "-fresh" if chosen.fresh else ""
    out = HERE / "results" / f"plans-{_file_name(name)}{fresh}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"director": name, **found}, indent=2) + "\n", encoding="utf-8")
    for group, row in found["groups"].items():
        print(f"{group:<10}{row['right']:>4} of {row['scenes']:<4}{row['share']:.1%}")
    for said, count in found["fallen back"].items():
        print(f"{said}: {count} of {len(scenes)}")
    for text, reasons in found["wrong"].items():
        print(f"  {text}\n      {'; '.join(reasons)}")


if __name__ == "__main__":
    main()
