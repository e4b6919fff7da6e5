"""The graph names its nodes by what they do, and agents import neither tensors nor a database."""

from __future__ import annotations

import subprocess
import sys

from langgraph.checkpoint.memory import InMemorySaver

from dreamrunner.agents.graph.graph import build_graph
from dreamrunner.agents.graph.recall import Recall
from dreamrunner.agents.graph.slots import Slots

from .scripted import CAPABILITIES, ScriptedCrew, Store, film_plan, shot_plan


class TestNodes:
    def test_a_stranger_who_knows_langgraph_finds_the_work_by_the_names_of_nodes(
        self, store: Store
    ) -> None:
        crew, slots = ScriptedCrew(store).crew(), Slots(1)
        recall = Recall(crew, film_plan(shot_plan("s1")), CAPABILITIES)
        graph = build_graph(crew, recall, slots, InMemorySaver())
        assert set(graph.nodes) - {"__start__"} == {
            "announce", "approve_plan", "teach", "schedule", "shoot", "review_joins",
            "approve_shots", "cut",
        }  # fmt: skip


def test_agents_import_no_tensors_and_the_package_no_langgraph() -> None:
    code = (
        "import sys, dreamrunner.agents\n"
        "assert 'langgraph' not in sys.modules\n"
        "import dreamrunner.agents.graph.run, dreamrunner.agents.critic.patch\n"
        "print([m for m in ('torch', 'diffusers', 'peft', 'qdrant_client') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
