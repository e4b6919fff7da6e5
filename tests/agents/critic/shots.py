"""A shot of a fox and an owl, and what failed in it -> the plan of its next take."""

from __future__ import annotations

from hypothesis import strategies as st

from dreamrunner.agents.critic.remedies import ReplanContext
from dreamrunner.agents.critic.replan import Replanned, replan
from dreamrunner.agents.critic.verdict import judge
from dreamrunner.errors import Span
from dreamrunner.film import Clip, Measurement, Remedy, Take, Verdict
from dreamrunner.plan import (
    Assertion,
    Entity,
    Keyframe,
    Pin,
    Placement,
    RenderSettings,
    ShotPlan,
)
from dreamrunner.story import Box

LINE_12 = Span("fox.story", 100, 120, 12, 1, 12, 21)
METRICS = (
    "motion", "layout", "present", "absent", "identity", "place", "join", "text", "clip",
    "left-of", "right-of", "above", "below", "overlaps", "inside",
)  # fmt: skip
PINS = ("motion", "layout", "place", "identity", "seed", "join", "duration", "camera", "style")
CLIP = Clip(shot="s0", path="a.mp4", key="k", frames=9, fps=8, width=9, height=9)


def shot(
    fox: tuple[Box, ...] = (Box(0.1, 0.4, 0.3, 0.7), Box(0.3, 0.4, 0.5, 0.7)),
    owl: tuple[Box, ...] = (),
    *,
    pins: tuple[Pin, ...] = (),
    assertions: tuple[Assertion, ...] = (),
    render: RenderSettings | None = None,
) -> ShotPlan:
    """Return a shot of two seconds; the boxes of each are its keyframes, spread evenly."""
    count = max(len(fox), len(owl), 1)
    keyframes = [
        Keyframe(
            time_s=2.0 * i / max(1, count - 1),
            placements=tuple(
                Placement(entity=name, box=boxes[i])
                for name, boxes in (("FOX", fox), ("OWL", owl))
                if i < len(boxes)
            ),
        )
        for i in range(count)
    ]
    return ShotPlan(
        id="s1",
        scene="1",
        duration_s=2.0,
        seed=7,
        place="river",
        background="a frozen river",
        entities=(
            Entity(id="FOX", look="a red fox", prompt="a red fox walking"),
            Entity(id="OWL", look="an owl", prompt="an owl standing still"),
        ),
        keyframes=tuple(keyframes),
        assertions=assertions,
        settings=render or RenderSettings(),
        pins=pins,
    )


def failed(metric: str, subject: str | None = "FOX", value: float = 0.3) -> Measurement:
    return Measurement(
        assertion=f"{metric}.{subject}",
        metric=metric,
        subject=subject,
        value=value,
        threshold=0.5,
        passed=False,
        explanation="as the test says",
    )


def verdict(*failures: Measurement) -> Verdict:
    return Verdict(shot="s1", measurements=failures, score=0.3)


def after(plan: ShotPlan, *failures: Measurement, **setting: object) -> Replanned:
    return replan(plan, verdict(*failures), ReplanContext(**{"take": 1, **setting}))  # type: ignore[arg-type]


def kinds(replanned: Replanned) -> list[str]:
    return [remedy.kind for remedy in replanned.remedies]


def take_of(number: int, score: float, *kinds_: str) -> Take:
    """Return a take with one failure of this value, which these remedies led to."""
    plan = shot(assertions=(Assertion(id="layout.FOX", metric="layout", subject="FOX"),))
    return Take(
        shot="s1", number=number, seed=number, clip=CLIP, plan=plan,
        verdict=judge(plan, [failed("layout", value=score)]),
        remedies=tuple(Remedy(kind=kind, reason="it failed", change="c") for kind in kinds_),
    )  # fmt: skip


def placements(plan: ShotPlan, entity: str) -> list[Placement | None]:
    return [keyframe.placement(entity) for keyframe in plan.keyframes]


_BOXES = st.tuples(*(st.floats(0, 1) for _ in range(4))).map(
    lambda e: Box(min(e[0], e[2]), min(e[1], e[3]), max(e[0], e[2]), max(e[1], e[3]))
)
_PINS = st.builds(
    Pin,
    what=st.sampled_from(PINS),
    entity=st.sampled_from(["FOX", "OWL", None]),
    span=st.just(LINE_12),
)
FAILURES = st.lists(
    st.builds(
        failed,
        st.sampled_from(METRICS),
        st.sampled_from(["FOX", "OWL", "GHOST", None]),
        st.floats(0, 0.49),
    ),
    min_size=1,
    max_size=5,
)


def shots_of(boxes_: st.SearchStrategy[Box]) -> st.SearchStrategy[ShotPlan]:
    """Return shots of up to two people with a style, with any pins."""
    few = st.lists(boxes_, max_size=3).map(tuple)
    built = st.builds(shot, few, few, pins=st.lists(_PINS, max_size=4).map(tuple))
    return built.map(lambda made: made.model_copy(update={"style": "watercolour"}))


SHOTS = shots_of(_BOXES)
# Boxes that a writer may write: the language refuses those without area.
SOLID = st.builds(
    lambda x, y, w, h: Box(x, y, min(1.0, x + w), min(1.0, y + h)),
    st.floats(0, 0.8),
    st.floats(0, 0.8),
    st.floats(0.1, 1.0),
    st.floats(0.1, 1.0),
)
