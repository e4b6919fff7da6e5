"""What lossy levers did to a shot is said in decibels, where the exact clip is there to compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dreamrunner.engine.lossy import parse_lossy
from dreamrunner.film import Clip, Take, Verdict, read_account
from dreamrunner.plan import (
    Capabilities,
    Entity,
    Keyframe,
    Placement,
    Plan,
    RenderSettings,
    ScenePlan,
    ShotPlan,
)
from dreamrunner.story import Box
from dreamrunner.tools.stages.fidelity import decibels
from dreamrunner.tools.stages.ledger import Ledger
from dreamrunner.tools.stages.render import StageRenderer
from dreamrunner.tools.stages.runner import StoreRunner, silent
from dreamrunner.tools.store.store import Store


class Grey:
    """A family whose left half is the brighter the more steps it takes."""

    def __init__(self, fingerprint: str = "grey") -> None:
        self.fingerprint = fingerprint
        self.capabilities = Capabilities(
            name="grey", clip_frames=4, fps=8, width=64, height=64, max_entities=4
        )

    def render(self, shot: ShotPlan, adapters: object, before: object, on_step: object):
        frames = np.full((4, 64, 64, 3), 90, np.uint8)
        frames[:, :, :32] += 4 * shot.settings.steps
        return frames


def plan() -> Plan:
    shot = ShotPlan(
        id="1.1", scene="1", duration_s=0.5, seed=1, place="", background="",
        entities=(Entity(id="FOX", look="", prompt=""),),
        keyframes=(Keyframe(time_s=0.0, placements=(
            Placement(entity="FOX", box=Box(0.0, 0.0, 0.5, 1.0)),
        )),),
        settings=RenderSettings(steps=20),
    )  # fmt: skip
    scene = ScenePlan(id="1", heading="", place="", shots=(shot,))
    return Plan(title="", director="", fps=8, width=64, height=64, scenes=(scene,))


def take(shot: ShotPlan, clip: Clip) -> Take:
    verdict = Verdict.model_construct()
    return Take.model_construct(
        shot=shot.id,
        number=1,
        seed=1,
        clip=clip,
        verdict=verdict,
        kept=True,
        plan=shot,
        adapters=(),
    )


class Underpainted(Grey):
    """A family that paints every figure beneath its pictures."""

    def underpainted(self, shot: ShotPlan) -> tuple[str, ...]:
        return tuple(entity.id for entity in shot.entities)

    def drawn(self, shot: ShotPlan) -> tuple[str, ...]:
        return ("rain",)


def test_a_run_says_which_figures_were_underpainted(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "run.json", {})
    bench = StoreRunner(Store(tmp_path / "store"), ledger, silent)
    (shot,) = plan().shots
    plain = StageRenderer(bench, Grey("plain"), "fox").render(shot, (), None)
    painted = StageRenderer(bench, Underpainted("painted"), "fox").render(shot, (), None)
    kept = StageRenderer(bench, Underpainted("painted"), "fox").render(shot, (), None)
    assert (plain.underpainted, painted.underpainted) == ((), ("FOX",))
    assert (kept.key, kept.underpainted) == (painted.key, ("FOX",))
    ledger.add_take(take(shot, painted))
    (written,) = read_account(tmp_path / "run.json")["takes"]
    assert written["clip"]["underpainted"] == ["FOX"]
    assert (plain.drawn, kept.drawn, written["clip"]["drawn"]) == ((), ("rain",), ["rain"])


def test_a_lossy_shot_is_held_against_the_exact_one_in_the_store(tmp_path: Path) -> None:
    bench = StoreRunner(Store(tmp_path / "store"), Ledger(tmp_path / "run.json", {}), silent)
    exact = plan()
    (lossy,) = parse_lossy("steps=5,fp8").applied(exact).shots
    renderer = StageRenderer(bench, Grey("grey fp8"), "fox")
    taken = [take(lossy, renderer.render(lossy, (), None))]
    (said,) = decibels(bench, renderer, exact, taken, ())
    assert said == "shot 1.1: no exact clip to compare with"
    StageRenderer(bench, Grey(), "fox").render(exact.shots[0], (), None)
    (said,) = decibels(bench, renderer, exact, taken, ())
    assert said.startswith("shot 1.1 against the exact clip: FOX ")
    assert said.split(": ")[1].startswith("FOX ")
    fox, background, frame = said.split(": ")[1].split(", ")
    assert 10 < float(fox.split()[1]) < float(frame.split()[1]) < 20
    assert background == "background equal" or float(background.split()[1]) > 20
