"""Killed in any node and gone on with, a work loses and repeats nothing that is finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamrunner.agents.graph.graph import build_graph
from dreamrunner.agents.graph.recall import Recall
from dreamrunner.agents.graph.slots import Slots

from .kills import NODES, outcome_of, plan
from .scripted import CAPABILITIES, ScriptedCrew, Store

SEEDS = (0, 1, 2, 3, 5)  # benchmarks/kills.py takes thirty


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_what_is_finished_is_neither_lost_nor_made_again(tmp_path: Path) -> None:
    whole = outcome_of(None, tmp_path / "whole")
    assert len(whole.made) == len(set(whole.made)) == 2 + 8
    killed = [outcome_of(seed, tmp_path / "killed") for seed in SEEDS]
    assert {one.node for one in killed} <= set(NODES) and all(one.killed for one in killed)
    for one in killed:
        assert one.repeated == () and one.lost == ()
        assert sorted(one.made) == sorted(whole.made)
        assert one.takes == whole.takes


def test_the_page_shows_the_graph_as_it_is(repository: Path) -> None:
    from langgraph.checkpoint.memory import InMemorySaver

    crew = ScriptedCrew(Store(repository)).crew()
    graph = build_graph(crew, Recall(crew, plan(), CAPABILITIES), Slots(1), InMemorySaver())
    page = (repository / "docs" / "agent.md").read_text(encoding="utf-8")
    drawn = graph.get_graph().draw_mermaid(with_styles=False)
    assert drawn.strip() in page, drawn
