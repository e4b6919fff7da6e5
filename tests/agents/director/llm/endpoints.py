"""A scripted server -> an endpoint that directs by it, and the plan that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dreamrunner.agents.director.llm.director import direct_with
from dreamrunner.chat import Question, Turn
from dreamrunner.dsl import parse_story
from dreamrunner.engine.family import capabilities
from dreamrunner.plan import Plan
from dreamrunner.tools.llm.endpoint import Access, ChatEndpoint, Clock

from .speaker import KEY, Act, Server, serving

WORLD = capabilities("storybook")


TEXT = """Title: T

@character FOX: a small red fox
@character OWL: an old purple owl

EXT. MEADOW - DAY

The FOX walks to the right. The OWL stands.
"""


STORY = parse_story(TEXT, path="t.story").story


QUESTION = Question(
    about="a test",
    turns=(Turn(role="system", text="s"), Turn(role="user", text="<data>\n{}\n</data>")),
    form_name="coarse",
    form={"type": "object"},
)


@dataclass
class Waits:
    """A clock that stands still and remembers for how long it was asked to sleep."""

    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: sum(self.slept), sleep=self.slept.append)


def endpoint(server: Server, waits: Waits | None = None, **access: object) -> ChatEndpoint:
    told = {"model": "m", "url": server.url, "key": KEY, "timeout_s": 20.0, **access}
    return ChatEndpoint(Access(**told), (waits or Waits()).clock)  # type: ignore[arg-type]


def directed(*script: Act, waits: Waits | None = None, **access: object) -> tuple[Plan, Server]:
    with serving(*script) as server:
        plan = direct_with(endpoint(server, waits, **access), STORY, WORLD, width=1)
    return plan, server


def by_rules(plan: Plan) -> list[str]:
    return [note for note in plan.notes if "by the rules" in note]
