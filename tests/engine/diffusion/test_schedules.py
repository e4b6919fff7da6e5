"""How a shot is sampled is the user's choice, and draws what diffusers draws by it."""

from __future__ import annotations

from typing import Any

import diffusers
import pytest
import torch

from dreamrunner.engine.diffusion.checkpoints import (
    CHECKPOINTS,
    SCHEDULERS,
    checkpoint_capabilities,
)
from dreamrunner.engine.sampling import Sampling, parse_sampling
from dreamrunner.errors import InputError
from dreamrunner.plan import Plan, ScenePlan, ShotPlan

from .pipelines import tiny_pipeline
from .test_family import LEFT, family, latents, shot, stock

STOCK = {
    ("cogvideox-5b", "ddim"): ("CogVideoXDDIMScheduler", {}),
    ("cogvideox-5b", "dpm"): ("CogVideoXDPMScheduler", {}),
    ("wan2.1-1.3b", "unipc"): ("UniPCMultistepScheduler", {}),
    ("wan2.1-1.3b", "euler"): ("FlowMatchEulerDiscreteScheduler", {"shift": 3.0}),
    (
        "wan2.1-1.3b", "dpm"
    ): ("DPMSolverMultistepScheduler", {"use_flow_sigmas": True, "flow_shift": 3.0,
                                         "prediction_type": "flow_prediction"}),
}  # fmt: skip


def plan_of(*shots: ShotPlan) -> Plan:
    scene = ScenePlan(id="1", heading="EXT. MEADOW - DAY", place="meadow", shots=shots)
    return Plan(title="", director="rules", fps=8, width=64, height=64, scenes=(scene,))


@pytest.fixture(scope="module")
def pipes() -> dict[str, Any]:
    return {name: tiny_pipeline(name) for name in ("cogvideox-5b", "wan2.1-1.3b")}


@pytest.mark.parametrize(("name", "scheduler"), STOCK)
def test_a_named_schedule_is_the_stock_pipelines(
    name: str, scheduler: str, pipes: dict[str, Any]
) -> None:
    pipe, (kind, extras) = pipes[name], STOCK[name, scheduler]
    own = pipe.scheduler
    assert scheduler in SCHEDULERS[type(pipe).__name__]  # type: ignore[index]
    found = latents(family(name, pipe), shot({}, scheduler=scheduler))
    pipe.scheduler = getattr(diffusers, kind).from_config(own.config, **extras)
    try:
        expected = stock(pipe, "a sunny meadow")
    finally:
        pipe.scheduler = own
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)


def test_guidance_that_changes_is_the_stock_pipelines(pipes: dict[str, Any]) -> None:
    pipe = pipes["cogvideox-5b"]
    found = latents(family("cogvideox-5b", pipe), shot({}, dynamic_guidance=True))
    expected = stock(pipe, "a sunny meadow", use_dynamic_cfg=True)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)
    assert not torch.allclose(found, stock(pipe, "a sunny meadow"), atol=1e-3)


def test_guidance_that_changes_may_differ_from_place_to_place(pipes: dict[str, Any]) -> None:
    made, boxes = family("cogvideox-5b", pipes["cogvideox-5b"]), {"FOX": LEFT}
    same = latents(made, shot(boxes, dynamic_guidance=True, region_guidance={"FOX": 6.0}))
    plain = latents(made, shot(boxes, dynamic_guidance=True))
    torch.testing.assert_close(same, plain, rtol=1e-4, atol=1e-4)


def test_what_is_said_of_sampling_is_read_and_applied() -> None:
    said = parse_sampling("scheduler = dpm, guidance=9,steps=30, dynamic")
    assert said == Sampling("dpm", 9.0, 30, True) and parse_sampling(str(said)) == said
    assert parse_sampling("") == Sampling() and str(Sampling()) == ""
    plan = plan_of(shot({"FOX": LEFT}))
    engine = checkpoint_capabilities(CHECKPOINTS["cogvideox-5b"])
    (settings,) = (one.settings for one in said.applied(plan, engine).shots)
    found = (settings.scheduler, settings.guidance, settings.steps, settings.dynamic_guidance)
    assert found == ("dpm", 9.0, 30, True)
    assert Sampling().applied(plan, engine) is plan


@pytest.mark.parametrize(
    "text", ["fast", "scheduler=", "guidance=0", "guidance=nan", "steps=0", "steps=9999", "steps=x"]
)
def test_what_says_nothing_of_sampling_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_sampling(text)


def test_an_engine_without_the_schedule_says_which_it_has() -> None:
    plan = plan_of()
    engine = checkpoint_capabilities(CHECKPOINTS["wan2.1-1.3b"])
    with pytest.raises(InputError, match="no scheduler 'ddim'; it has unipc, euler, dpm"):
        Sampling("ddim").applied(plan, engine)
    bare = engine.model_copy(update={"schedulers": (), "name": "storybook"})
    with pytest.raises(InputError, match="no scheduler .ddim.; it has one of its own"):
        Sampling("ddim").applied(plan, bare)
    with pytest.raises(InputError, match="no guidance that changes"):
        Sampling(dynamic=True).applied(plan, bare)
