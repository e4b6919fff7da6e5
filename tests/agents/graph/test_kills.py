"""Killed in any node and gone on with, a work loses and repeats nothing that is finished."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from dreamrunner.agents.graph.graph import build_graph
from dreamrunner.agents.graph.recall import Recall
from dreamrunner.agents.graph.slots import Slots

from .kills import plan
from .scripted import CAPABILITIES, ScriptedCrew, Store

KILLS = 5  # the script takes thirty where nobody says how many


def test_what_is_finished_is_neither_lost_nor_made_again(repository: Path) -> None:
    """The works are forked, and so in a process of their own that has no threads yet."""
    script = repository / "benchmarks" / "kills.py"
    command = [sys.executable, script, "--kills", str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()[-4:]
    assert said == [
        f"{KILLS} of {KILLS} processes were killed",
        "0 finished things were lost",
        "0 were made twice",
        "0 films differ from the one that nobody killed",
    ]


def test_the_page_shows_the_graph_as_it_is(repository: Path) -> None:
    from langgraph.checkpoint.memory import InMemorySaver

    crew = ScriptedCrew(Store(repository)).crew()
    graph = build_graph(crew, Recall(crew, plan(), CAPABILITIES), Slots(1), InMemorySaver())
    page = (repository / "docs" / "agent.md").read_text(encoding="utf-8")
    drawn = graph.get_graph().draw_mermaid(with_styles=False)
    assert drawn.strip() in page, drawn
