"""Given a model's proposal for a failed take, expect it made, or refused with words that teach."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dreamrunner.agents.critic.advice import advise
from dreamrunner.agents.critic.attempts import Attempt, advised
from dreamrunner.agents.critic.box_remedies import boxes_of
from dreamrunner.agents.critic.remedies import ReplanContext
from dreamrunner.agents.critic.replan import Replanned
from dreamrunner.chat import Answer, Question
from dreamrunner.errors import BudgetError, CassetteError, LanguageModelError, NoAnswer
from dreamrunner.plan import Assertion, Pin, ShotPlan
from dreamrunner.story import Box
from dreamrunner.tools.llm.cassette import Cassette

from .shots import LINE_12, failed, shot, take_of, verdict

KEYS = [
    {"time_s": 0, "left": 0.1, "top": 0.3, "right": 0.4, "bottom": 0.8},
    {"time_s": 2, "left": 0.5, "top": 0.3, "right": 0.8, "bottom": 0.8},
]


@dataclass
class Scripted:
    """A model with these answers, the last of which it repeats."""

    answers: Sequence[Any]
    asked: list[Question] = field(default_factory=list)
    name: str = "scripted"

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        said = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(said, Exception):
            raise said
        return Answer(text=said if isinstance(said, str) else json.dumps(said))


def answer(*remedies: str, **boxes: list[dict[str, float]]) -> dict[str, Any]:
    drawn = [{"entity": name, "keys": keys} for name, keys in boxes.items()]
    return {"reasoning": "so", "remedies": list(remedies), "boxes": drawn}


def proposed(model: Scripted, plan: ShotPlan | None = None, **setting: Any) -> Replanned | str:
    context = ReplanContext(**{"take": 1, **setting})
    return advise(model, plan or shot(), verdict(failed("layout")), context)


class TestProposals:
    def test_a_remedy_that_the_policy_offers_is_made(self) -> None:
        model = Scripted([answer("soft-edge")])
        found = proposed(model)
        assert isinstance(found, Replanned)
        assert found.shot.settings.soft_edge_tokens == 1
        assert found.shot.keyframes == shot().keyframes  # and nothing else is
        (remedy,) = found.remedies
        assert remedy.kind == "soft-edge" and remedy.reason.endswith("; proposed by scripted")

    def test_other_boxes_are_drawn_and_everybody_else_stays(self) -> None:
        plan = shot(owl=(Box(0.7, 0.1, 0.9, 0.3), Box(0.7, 0.1, 0.9, 0.3)))
        found = proposed(Scripted([answer(FOX=KEYS)]), plan)
        assert isinstance(found, Replanned)
        assert boxes_of(found.shot, "FOX")[-1] == Box(0.5, 0.3, 0.8, 0.8)
        assert boxes_of(found.shot, "OWL") == boxes_of(plan, "OWL")
        assert found.remedies[0].change == "other boxes of FOX"

    def test_the_question_says_what_failed_what_may_be_done_and_what_is_fixed(self) -> None:
        model = Scripted([answer("soft-edge")])
        pinned = shot(pins=(Pin(what="place", span=LINE_12),))
        proposed(model, pinned, tried=frozenset({"larger-box"}))
        data = json.loads(
            model.asked[0].turns[1].text.removeprefix("<data>").removesuffix("</data>")
        )
        assert data["failed"][0]["check"] == "layout" and data["fixed"] == ["place"]
        assert data["tried"] == ["larger-box"]
        assert {one["name"] for one in data["remedies"]} == {"more-guidance", "soft-edge"}
        assert all(one["does"] for one in data["remedies"])


class TestRefusals:
    """The policy disposes: a proposal is held to the checks that its own changes pass."""

    BIG = [{"time_s": 0, "left": 0.0, "top": 0.0, "right": 0.9, "bottom": 0.9}]

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            (answer("dance"), "'dance' is none of the remedies for this take"),
            (answer("larger-box"), "larger-box was tried and did not help"),
            (answer(), "nothing is changed; choose a remedy"),
            (answer(GHOST=KEYS), "GHOST is not in the frame"),
            (answer(FOX=BIG), "a box of FOX has a side longer than 0.65"),
            (answer(FOX=[]), "the boxes of FOX: no keys"),
            ("I would rather not", "the answer holds no JSON object"),
            ('{"remedies": 3}', "remedies"),
        ],
    )
    def test_what_does_not_hold_is_told_and_asked_again(self, said: Any, told: str) -> None:
        model = Scripted([said, answer("soft-edge")])
        found = proposed(model, tried=frozenset({"larger-box"}))
        assert isinstance(found, Replanned) and len(model.asked) == 2
        assert told in model.asked[1].turns[-1].text

    @pytest.mark.parametrize("said", [answer("larger-box"), answer(FOX=KEYS)])
    def test_a_pin_is_never_touched(self, said: Any) -> None:
        pinned = shot(pins=(Pin(what="layout", entity="FOX", span=LINE_12),))
        model = Scripted([said])
        found = proposed(model, pinned)
        assert isinstance(found, str) and "line 12" in found and len(model.asked) == 3

    def test_what_the_page_says_of_two_stays_true(self) -> None:
        beside = Assertion(id="l", metric="left-of", subject="FOX", other="OWL")
        owl = Box(0.42, 0.4, 0.5, 0.7)
        plan = shot((Box(0.1, 0.4, 0.3, 0.7),), (owl,), assertions=(beside,))
        found = proposed(Scripted([answer(FOX=KEYS)]), plan)
        assert isinstance(found, str) and "must_hold" in found


class TestFaults:
    """Whatever a model does, there is a next take, and why it is by the rules is said."""

    ATTEMPT = Attempt(2, shot(), ())

    def asked(self, model: Any) -> tuple[Attempt, str]:
        return advised(
            self.ATTEMPT, shot(), [take_of(1, 0.2)], model, taught=frozenset(), neighbour=None
        )

    @pytest.mark.parametrize(
        "error",
        [NoAnswer("too slow"), LanguageModelError("no such key"), BudgetError("--max-calls 1")],
    )
    def test_a_model_that_cannot_answer_leaves_it_to_the_rules(self, error: Exception) -> None:
        attempt, note = self.asked(Scripted([error]))
        assert attempt == self.ATTEMPT
        assert note.startswith("shot s1, take 2: by the rules, for scripted has no proposal")
        assert str(error) in note

    def test_a_model_that_never_holds_leaves_it_to_the_rules(self) -> None:
        model = Scripted(["nonsense"])
        attempt, note = self.asked(model)
        assert attempt == self.ATTEMPT and len(model.asked) == 3 and "no JSON object" in note

    def test_a_proposal_is_recorded_and_replayed_without_a_question(self, tmp_path: Path) -> None:
        path, model = tmp_path / "cassette.jsonl", Scripted([answer("soft-edge")])
        first = self.asked(Cassette(path, "scripted", model))
        again = self.asked(Cassette(path, "scripted", None))
        assert again == first and first[1] == "" and len(model.asked) == 1
        other = Cassette(path, "scripted", None)
        with pytest.raises(CassetteError, match="has no answer about shot s1 after take 2"):
            advised(
                self.ATTEMPT, shot(), [take_of(1, 0.2), take_of(2, 0.1, "soft-edge")], other,
                taught=frozenset(), neighbour=None,
            )  # fmt: skip
