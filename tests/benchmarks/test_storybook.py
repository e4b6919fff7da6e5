"""The benchmark's formulas are the known ones, and its harness is right about drawn clips."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamrunner.engine.storybook.judge import Judge, Judgement, Sighting
from dreamrunner.engine.storybook.world.additions import ALL_PLACES, framing_in
from dreamrunner.engine.storybook.world.held_out import is_held_out
from dreamrunner.engine.storybook.world.people import PERSON, look_in
from dreamrunner.engine.storybook.world.vocabulary import HELD_OUT_CHARACTERS, HELD_OUT_MOTIONS
from dreamrunner.errors import EngineError
from dreamrunner.plan import ShotPlan
from dreamrunner.story import Box

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))  # as Python does for a script

from storybench import held_out, pages  # noqa: E402
from storybench.arrangements import cells  # noqa: E402
from storybench.clips import JudgedClip, WorldPainter, judge_prompts  # noqa: E402
from storybench.prompts import Prompt, drawn, read_prompts, to_shot  # noqa: E402
from storybench.scores import failed, score  # noqa: E402

from dreamrunner.bench.intervals import paired_bootstrap, wilson  # noqa: E402


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PROMPTS, PAIRS = read_prompts(FOLDER / "prompts.jsonl"), read_prompts(FOLDER / "pairs.jsonl")


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.load()


# Newcombe 1998, table I: the score method without continuity correction.
@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_gives_the_published_values(right: int, count: int, low: float, high: float) -> None:
    rate = wilson([True] * right + [False] * (count - right))
    assert (rate.low, rate.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.lists(st.booleans(), max_size=60))
def test_wilson_holds_its_rate(held: list[bool]) -> None:
    rate = wilson(held)
    assert 0.0 <= rate.low <= rate.high <= 1.0
    if held:
        assert rate.low <= rate.value + 1e-12 and rate.value <= rate.high + 1e-12


def test_bootstrap_agrees_with_the_normal_interval_and_uses_the_pairing() -> None:
    rng = np.random.default_rng(3)
    theirs = rng.normal(size=400)
    ours = theirs + 0.1 + 0.2 * rng.normal(size=400)
    found = paired_bootstrap(ours.tolist(), theirs.tolist())
    gaps = ours - theirs
    error = gaps.std(ddof=1) / np.sqrt(len(gaps))
    assert found.mean == pytest.approx(gaps.mean())
    assert found.low == pytest.approx(gaps.mean() - 1.96 * error, abs=0.003)
    assert found.high == pytest.approx(gaps.mean() + 1.96 * error, abs=0.003)
    assert found.excludes_zero
    assert found == paired_bootstrap(ours.tolist(), theirs.tolist())
    assert not paired_bootstrap([1.0, 0.0], [0.0, 1.0]).excludes_zero


def test_the_prompts_are_fixed_and_hold_nothing_held_out() -> None:
    maker = script("make_prompts")
    assert (len(PROMPTS), len(PAIRS)) == (200, 100)
    for stem, make, seed in (
        ("prompts", maker.prompts, maker.SEED), ("pairs", maker.pairs, maker.SEED + 1),
        ("people-prompts", maker.people, maker.SEED + 2),
    ):  # fmt: skip
        lines = (FOLDER / f"{stem}.jsonl").read_text().splitlines()
        assert [json.loads(line) for line in lines] == make(np.random.default_rng(seed))
    for role in (role for prompt in (*PROMPTS, *PAIRS) for role in prompt.roles):
        assert role.character not in HELD_OUT_CHARACTERS
        assert role.motion not in HELD_OUT_MOTIONS
    for pair in PAIRS:
        left, right = pair.roles
        assert left.boxes[:, 2].max() <= 0.5 <= right.boxes[:, 0].min()
        assert " on the left and " in pair.joint and " on the right " in pair.joint


def test_the_prompts_of_people_are_in_every_place_and_hold_nobody_held_out() -> None:
    asked = read_prompts(FOLDER / "people-prompts.jsonl")
    assert len(asked) == 300
    assert {prompt.place for prompt in asked} == set(ALL_PLACES)
    assert {prompt.weather for prompt in asked} == {"clear", "rain", "snow"}
    people = [r for prompt in asked for r in prompt.roles if r.character == PERSON]
    assert len(people) >= 300
    for role in people:
        look = look_in(role.prompt)
        assert look is not None and str(look) == role.color
        assert not is_held_out(look, role.motion)
    deeds = Counter(role.motion for role in people)
    assert min(deeds["talk"], deeds["listen"]) >= 30
    assert {framing_in(role.prompt) for role in people} == {"wide", "medium", "close"}
    for prompt in asked:
        shot = to_shot(prompt, regions=True)
        assert len({entity.id for entity in shot.entities}) == len(prompt.roles)


def test_a_shot_says_regions_or_one_caption() -> None:
    prompt = next(p for p in PROMPTS if len(p.roles) == 2)
    ours, control = to_shot(prompt, regions=True), to_shot(prompt, regions=False)
    assert (ours.background, control.background) == (prompt.background, prompt.joint)
    assert (ours.settings.regions, control.settings.regions) == (True, False)
    assert ours.entities == control.entities and ours.seed == control.seed
    for frame, box in enumerate(prompt.roles[0].boxes):
        assert ours.box_at(prompt.roles[0].id, frame / 8) == Box(*box.tolist())


def _judged(shot: ShotPlan, **changes: object) -> Judgement:
    """Return the judgement of a perfect clip with some sightings changed."""
    sightings = []
    for entity in shot.entities:
        beat = shot.beat(entity.id)
        assert beat is not None and entity.character is not None
        travels = beat.motion in ("walk", "hop")
        values: dict[str, object] = {
            "character": entity.character,
            "boxes": tuple(shot.box_at(entity.id, k / 8) for k in range(25)),
            "confidence": 0.9, "motion": beat.motion, "motion_chances": {},
            "direction": beat.facing if travels else None,
        }  # fmt: skip
        sightings.append(Sighting(**{**values, **changes}))  # type: ignore[arg-type]
    return Judgement(tuple(sightings), shot.place_id, {}, 0.0)


def test_scores_follow_what_was_seen() -> None:
    prompt = next(p for p in PROMPTS if [r.motion for r in p.roles] == ["walk"])
    shot = to_shot(prompt, regions=True)
    right = score(shot, _judged(shot), 8).roles[0]
    assert (right.in_region, right.motion, right.own_half) == (True, True, True)
    assert right.layout_iou == pytest.approx(1.0)
    away = "left" if prompt.roles[0].facing == "right" else "right"
    assert not score(shot, _judged(shot, direction=away), 8).roles[0].motion
    assert not score(shot, _judged(shot, motion="hop"), 8).roles[0].motion
    other = score(shot, _judged(shot, character="lion"), 8).roles[0]
    assert (other.seen, other.in_region, other.motion, other.own_half) == (False,) * 4
    corner = score(shot, _judged(shot, boxes=(Box(0, 0, 0.05, 0.05),) * 25), 8).roles[0]
    assert (corner.seen, corner.in_region, corner.layout_iou) == (True, False, pytest.approx(0))
    lost = score(shot, _judged(shot, boxes=(*[shot.box_at(prompt.roles[0].id, 0)] * 10,
                                            *[None] * 15)), 8).roles[0]  # fmt: skip
    assert not lost.in_region


def test_a_failed_render_counts_as_wrong(judge: Judge) -> None:
    class Broken:
        fingerprint = "broken"
        capabilities = None

        def paint(self, prompt: Prompt, shot: ShotPlan) -> np.ndarray:
            raise EngineError("no paint left")

    results = judge_prompts(Broken(), judge, PAIRS[:2], regions=True, cache=None)
    assert [r.score.error for r in results] == ["no paint left"] * 2
    assert pages.rates(results)["failed renders"].value == 1.0
    assert pages.pair_rates(results)["each in its own half"].right == 0
    assert failed(to_shot(PAIRS[0], regions=True), "x").roles[0].layout_iou == 0.0


def test_drawn_clips_score_high_and_swapped_ones_low(judge: Judge, tmp_path: Path) -> None:
    asked = [*PROMPTS[:10], *PAIRS[:6]]
    results = judge_prompts(WorldPainter(), judge, asked, regions=True, cache=tmp_path)
    found = pages.rates(results)
    assert found["character in its region"].value >= 0.85
    assert found["place"].value >= 0.85
    assert found["motion"].value >= 0.7
    assert pages.layout_iou(results) >= 0.6

    class Stranger:
        """Draws another prompt than the one it was asked for."""

        fingerprint = "stranger"
        capabilities = None

        def paint(self, prompt: Prompt, shot: ShotPlan) -> np.ndarray:
            return drawn(PAIRS[int(prompt.id.split("-")[1]) + 31])

    wrong = judge_prompts(Stranger(), judge, PAIRS[:8], regions=True, cache=tmp_path)
    assert pages.pair_rates(wrong)["each in its own half"].value <= 0.25
    assert pages.rates(wrong)["motion"].value <= 0.25


def test_rendered_clips_are_not_made_again(judge: Judge, tmp_path: Path) -> None:
    class Counting(WorldPainter):
        made = 0

        def paint(self, prompt: Prompt, shot: ShotPlan) -> np.ndarray:
            self.made += 1
            return super().paint(prompt, shot)

    painter = Counting()
    for _ in range(2):
        judge_prompts(painter, judge, PAIRS[:2], regions=True, cache=tmp_path)
    assert painter.made == 2
    judge_prompts(painter, judge, PAIRS[:2], regions=False, cache=tmp_path)
    assert painter.made == 4


def test_a_run_fills_its_page(judge: Judge) -> None:
    bench = script("storybook")
    results = bench.run(WorldPainter(), judge, PROMPTS[:2], PAIRS[1:3], control=False, cache=None)
    card = {k: {"character": 1.0, "place": 1.0, "motion": 1.0} for k in ("clean", "damaged")}
    text = bench.page("world", results, card)
    assert "| each in its own half (n = 2) | 1.00 [0.34, 1.00]" in text
    assert "+0.00 [+0.00, +0.00], paired bootstrap over 2 prompts; the interval holds 0." in text
    shown = [r for r in results["pairs drawn"] if isinstance(r, JudgedClip)]
    assert pages.strip(shown).size == (5 * 192, 2 * (128 + 26))


def test_arrangements_are_what_they_are_called() -> None:
    """Apart, no two boxes meet; overlapping, they do throughout; crossing, they swap sides."""
    for cell in cells(4):
        assert len(cell.prompts) == 4
        for prompt in cell.prompts:
            assert len(prompt.roles) == cell.figures
            boxes = np.stack([role.boxes for role in prompt.roles])
            first, *others = boxes
            meets = [np.minimum(first[:, 2], o[:, 2]) > np.maximum(first[:, 0], o[:, 0])
                     for o in others]  # fmt: skip
            if cell.how == "apart":
                assert not any(m.any() for m in meets)
            if cell.how == "overlapping":
                assert meets[0].all()
            if cell.how == "crossing":
                middles = (boxes[:2, :, 0] + boxes[:2, :, 2]) / 2
                assert middles[0, 0] < middles[1, 0] and middles[0, -1] > middles[1, -1]


def test_arrangements_fill_a_table_with_a_row_a_cell(judge: Judge) -> None:
    bench = script("storybook")
    found = bench.run_cells(WorldPainter(), judge, list(cells(1))[:3], None)
    layout, identity = pages.arranged(found)
    assert (
        layout.splitlines()[0]
        == "| layout IoU of figures | by depth | one caption | drawn | by union |"
    )
    assert [line.split(" | ")[0] for line in identity.splitlines()[2:]] == [
        f"| {name}" for name in found
    ]
    assert all(
        0 <= pages.cell_figures(r)["identity"]["value"] <= 1 for r in found["1 apart"].values()
    )


def test_a_held_out_motion_shows_in_what_is_drawn_and_not_in_standing_on_its_path() -> None:
    for prompt in held_out.prompts("somersault", 3):
        assert held_out.shown(prompt, drawn(prompt))
        standing = replace(prompt, roles=(replace(prompt.roles[0], motion="stand"),))
        assert not held_out.shown(prompt, drawn(standing))


def test_the_page_says_which_aims_are_missed() -> None:
    shots = [to_shot(p, regions=True) for p in (PROMPTS[0], PAIRS[0])]
    lost = [
        [JudgedClip(p, s, failed(s, "no"), None, None)]
        for p, s in zip((PROMPTS[0], PAIRS[0]), shots, strict=True)
    ]
    lines = list(pages.missed(*lost))
    assert len(lines) == len(pages.AIMS)
    assert all(line.endswith("MISSED") for line in lines)
