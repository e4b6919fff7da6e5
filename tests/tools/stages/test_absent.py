"""Given an engine without a critic, expect each assertion unmeasured and the true reason."""

from __future__ import annotations

import pytest

from dreamrunner.engine.family import capabilities
from dreamrunner.film import Clip
from dreamrunner.plan import Assertion, ShotPlan
from dreamrunner.production.crew import why_unmeasured
from dreamrunner.tools.stages.absent import NoMeasurer

SHOT = ShotPlan(
    id="1", scene="1", duration_s=1, seed=1, place="", background="",
    assertions=(Assertion(id="1/present.FOX", metric="present", subject="FOX"),),
)  # fmt: skip
CLIP = Clip(shot="1", path="", key="k", frames=1, fps=8, width=8, height=8)


@pytest.mark.parametrize(
    ("engine", "reason"),
    [
        ("animatic", "the animatic engine draws the plan itself, with no model"),
        (
            "cogvideox-2b",
            "no critic was chosen for the pictures of cogvideox-2b; --critic published",
        ),
    ],
)
def test_why_nothing_is_measured(engine: str, reason: str) -> None:
    (found,) = NoMeasurer(why_unmeasured(capabilities(engine))).measure(SHOT, CLIP)
    assert found.passed is None
    assert found.explanation == f"not measured: {reason}"
