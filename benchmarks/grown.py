"""The grown world's 300 prompts of people, places and talk by the embedded engine, judged.

    python benchmarks/grown.py [--json FILE] [--prompts N] [--sheet FILE]
    python benchmarks/grown.py --others SEED        as many prompts drawn alike, by another seed

The prompts of `people-prompts.jsonl` were fixed before there was a judge that knows people. Each is
rendered with the engine's own settings; rendered clips are kept, so that a stopped run goes on.
Beside the engine stands the drawn world, which is right by construction: what it misses is the
judge's error. The floor is the engine's clips asked for what another prompt asks for.

A character is right where one of its kind is in its region and all that its words name is read
from it; its whole look, where what they leave unsaid is read as it is decided, too. Intervals are
Wilson's, at 95 %; aims are compared with their lower ends.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import make_prompts
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from storybench.clips import FamilyPainter, kept_frames
from storybench.grown_scores import (
    GrownRoleScore,
    GrownScore,
    exchanged,
    failed_grown,
    score_grown,
)
from storybench.prompts import Prompt, drawn, read_prompts, to_shot

from dreamrunner.bench.intervals import Rate, wilson
from dreamrunner.engine.storybook.family import StorybookFamily
from dreamrunner.engine.storybook.judge.grown import GrownJudge, GrownJudgement
from dreamrunner.engine.storybook.judge.grown.judge import CARD
from dreamrunner.engine.storybook.world.people import PERSON
from dreamrunner.errors import DreamRunnerError

FOLDER = Path(__file__).parent
AIMS = {
    "character in its region": 0.90, "place": 0.95, "motion": 0.75,
    "talk told from listening": 0.90, "each in its own half": 0.85,
}  # fmt: skip
ROLES: dict[str, Callable[[GrownRoleScore], bool | None]] = {
    "character in its region": lambda r: r.right,
    "its whole look in its region": lambda r: r.whole,
    "its kind in its region": lambda r: r.in_region,
    "its kind anywhere": lambda r: r.seen,
    "motion": lambda r: r.motion,
    "talk told from listening": lambda r: r.talks,
}
SHOWN = 24  # clips on the sheet


def rates(scores: Sequence[GrownScore]) -> dict[str, Rate]:
    """Return all rates of a condition: roles are counted one by one, places and pairs a clip."""
    roles = [role for score in scores for role in score.roles]
    found = {}
    for name, holds in ROLES.items():
        asked = [held for held in map(holds, roles) if held is not None]
        found[name] = wilson(asked)
    pairs = [score.roles for score in scores if len(score.roles) == 2]
    found["place"] = wilson([score.place for score in scores])
    found["each in its own half"] = wilson([all(r.own_half for r in pair) for pair in pairs])
    found["failed renders"] = wilson([bool(score.error) for score in scores])
    return found


def attributes(scores: Sequence[GrownScore]) -> dict[str, Rate]:
    """Return how often each attribute is read as asked, of people in their regions."""
    held: dict[str, list[bool]] = {}
    for role in (r for score in scores for r in score.roles if r.character == PERSON):
        for name, right in role.read.items():
            held.setdefault(name, []).append(right)
    return {name: wilson(values) for name, values in held.items()}


def by(
    scores: Sequence[GrownScore], key: Callable[[GrownRoleScore], str],
    holds: Callable[[GrownRoleScore], bool],
) -> dict[str, Rate]:  # fmt: skip
    """Return a rate of roles for each of what `key` says of them."""
    held: dict[str, list[bool]] = {}
    for role in (r for score in scores for r in score.roles):
        held.setdefault(key(role), []).append(holds(role))
    return {name: wilson(values) for name, values in sorted(held.items())}


def table(title: str, columns: dict[str, dict[str, Rate]]) -> str:
    """Return a markdown table: a measure a row, a condition a column."""
    lines = [f"| {title} | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for measure, rate in next(iter(columns.values())).items():
        cells = " | ".join(str(column.get(measure, "")) for column in columns.values())
        lines.append(f"| {measure} (n = {rate.count}) | {cells} |")
    return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class JudgedPrompt:
    """What came of one prompt: the drawn clip's score, the engine's clip as judged, a frame."""

    drawn: GrownScore
    seen: GrownJudgement | None
    error: str
    frame: NDArray[np.uint8] | None

    def score(self, prompt: Prompt) -> GrownScore:
        """Return the score of the engine's clip."""
        if self.seen is None:
            return failed_grown(prompt, self.error)
        return score_grown(prompt, self.seen)


class Projector:
    """Renders and judges prompts, one by one."""

    def __init__(self, cache: Path) -> None:
        torch.set_num_threads(1)
        self._judge, self._cache = GrownJudge.load(), cache
        self._painter = FamilyPainter(StorybookFamily())

    def __call__(self, prompt: Prompt) -> JudgedPrompt:
        drawn_score = score_grown(prompt, self._judge.judge(drawn(prompt)))
        shot = to_shot(prompt, regions=True, capabilities=self._painter.capabilities)
        try:
            frames = kept_frames(self._painter, prompt, shot, self._cache)
        except DreamRunnerError as error:
            return JudgedPrompt(drawn_score, None, str(error), None)
        return JudgedPrompt(drawn_score, self._judge.judge(frames), "", frames[12])


@lru_cache(maxsize=1)
def projector(cache: Path) -> Projector:
    """Return the projector of this process."""
    return Projector(cache)


def judge_one(prompt: Prompt, cache: Path) -> JudgedPrompt:
    """Render and judge a prompt, in whichever process."""
    return projector(cache)(prompt)


def judged(
    prompts: Sequence[Prompt], cache: Path, workers: int
) -> tuple[dict[str, list[GrownScore]], list[NDArray[np.uint8]]]:
    """Render and judge every prompt, and return the scores of all conditions and some frames."""
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        found = list(pool.map(judge_one, prompts, repeat(cache), chunksize=5))
    scores = {
        "engine": [one.score(prompt) for one, prompt in zip(found, prompts, strict=True)],
        "drawn": [one.drawn for one in found],
        "floor": floor(prompts, [one.seen for one in found]),
    }
    step = max(1, len(found) // SHOWN)
    return scores, [one.frame for one in found[::step] if one.frame is not None][:SHOWN]


def floor(
    prompts: Sequence[Prompt], seen: Sequence[GrownJudgement | None]
) -> list[GrownScore]:  # fmt: skip
    """Score what was seen of each prompt as if the next with as many figures had been asked for."""
    found = []
    for number, (prompt, judgement) in enumerate(zip(prompts, seen, strict=True)):
        turned = (*prompts[number + 1 :], *prompts[:number])
        other = next((p for p in turned if len(p.roles) == len(prompt.roles)), None)
        if judgement is not None and other is not None:
            found.append(score_grown(exchanged(prompt, other), judgement))
    return found


def page(scores: dict[str, list[GrownScore]]) -> str:
    """Return the run as markdown."""
    columns = {name: rates(clips) for name, clips in scores.items()}
    parts = [
        table("prompts of people", columns),
        table("read of people in their regions", {n: attributes(c) for n, c in scores.items()}),
        table("character, by framing", {
            n: by(c, lambda r: r.framing, lambda r: r.right) for n, c in scores.items()
        }),
        table("motion", {
            n: by(c, lambda r: r.motion_asked, lambda r: r.motion) for n, c in scores.items()
        }),
        "\n".join(
            f"- {what}: at least {columns['engine'][what].low:.3f}, aim {aim:.2f}: "
            f"{'reached' if columns['engine'][what].low >= aim else 'missed'}"
            for what, aim in AIMS.items()
        ),
    ]  # fmt: skip
    return "\n\n".join(parts)


def other_prompts(seed: int, folder: Path) -> list[Prompt]:
    """Draw prompts as the fixed ones were drawn, by another seed, and keep them in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = make_prompts.people(np.random.default_rng(seed))
    file = folder / "people-prompts.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_prompts(file)


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--prompts", type=int, default=300)
    read.add_argument("--workers", type=int, default=1, help="processes that render and judge")
    read.add_argument("--json", type=Path)
    read.add_argument("--sheet", type=Path, help="a picture of some clips")
    read.add_argument("--others", type=int, metavar="SEED", help="draw other prompts by this seed")
    read.add_argument("--cache", type=Path, default=FOLDER.parent / "out" / "storybench")
    args = read.parse_args()
    prompts, cache = read_prompts(FOLDER / "people-prompts.jsonl"), args.cache
    if args.others is not None:
        cache = args.cache / f"others-{args.others}"
        prompts = other_prompts(args.others, cache)
    prompts = prompts[: args.prompts]
    scores, sheet = judged(prompts, cache, args.workers)
    print(page(scores))
    if args.sheet:
        rows = [np.concatenate(sheet[k : k + 6], 1) for k in range(0, len(sheet) // 6 * 6, 6)]
        Image.fromarray(np.concatenate(rows)).save(args.sheet)
    if args.json:
        kept = {
            "aims": AIMS,
            "judge": json.loads(CARD.read_text()),
            "rates": {
                name: {what: rate.plain() for what, rate in rates(clips).items()}
                for name, clips in scores.items()
            },
            "attributes": {
                name: {what: rate.plain() for what, rate in attributes(clips).items()}
                for name, clips in scores.items()
            },
            "clips": {name: [asdict(clip) for clip in clips] for name, clips in scores.items()},
        }
        args.json.write_text(json.dumps(kept, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
