"""A screenplay in a test -> its plan."""

from __future__ import annotations

import re

from dreamrunner.agents.director.rules import direct
from dreamrunner.dsl import parse_story
from dreamrunner.plan import Capabilities, Plan, ShotPlan
from dreamrunner.story import Box

from ..conftest import STORYBOOK


def planned(text: str, capabilities: Capabilities = STORYBOOK) -> Plan:
    """Direct a story of which the text stands in the test."""
    if not text.lstrip().startswith("Title:"):
        text = f"Title: T\n\n{text}"
    return direct(parse_story(text, path="t.story").story, capabilities)


def only_shot(text: str, capabilities: Capabilities = STORYBOOK) -> ShotPlan:
    (shot,) = planned(text, capabilities).shots
    return shot


def prompts(shot: ShotPlan) -> list[str]:
    """Return what each is and does; which way somebody faces who goes nowhere is left out."""
    return [re.sub(r", facing (left|right)", "", entity.prompt) for entity in shot.entities]


def box_of(shot: ShotPlan, entity: str, time_s: float) -> Box:
    box = shot.box_at(entity, time_s)
    assert box is not None
    return box


FOX_AND_OWL = """
@character FOX: a small grey fox
@character OWL: an old owl
"""
