"""Given these takes of a shot, expect a next attempt or none, and what is told of remedies."""

from __future__ import annotations

from dreamrunner.agents.critic.attempts import (
    next_attempt,
    remedy_notes,
    stalled_note,
    unhelpful,
)
from dreamrunner.agents.critic.replan import why

from .shots import (
    take_of,
)


class TestLearning:
    def test_a_remedy_that_did_not_help_is_not_repeated(self) -> None:
        takes = [
            take_of(1, 0.2),
            take_of(2, 0.2, "larger-box"),
            take_of(3, 0.3, "soft-edge", "new-seed"),
            take_of(4, 0.1, "depth-order"),
        ]
        assert unhelpful(takes) == {"larger-box", "depth-order"}
        plan = takes[0].plan.model_copy(update={"tries": 9})
        following = next_attempt(plan, takes, taught=frozenset(), neighbour=None)
        assert not {"larger-box", "depth-order"} & {r.kind for r in following.remedies}

    def test_takes_that_are_no_better_end_the_work(self) -> None:
        takes = [take_of(1, 0.3), *(take_of(n, 0.2, "new-seed") for n in range(2, 6))]
        plan = takes[0].plan.model_copy(update={"tries": 9})
        free = {"taught": frozenset[str](), "neighbour": None}
        assert next_attempt(plan, takes, **free) is None
        assert stalled_note(plan, takes, **free) == (
            "shot s1: the last 4 takes were no better; 9 were allowed"
        )
        assert next_attempt(plan, takes[:4], **free) is not None

    def test_the_film_tells_for_which_failure(self) -> None:
        first = take_of(1, 0.2)
        said = why(first.verdict.failed[0])
        second = take_of(2, 0.3, "larger-box")
        asked = second.remedies[0].model_copy(update={"reason": said})
        assert remedy_notes([first, second.model_copy(update={"remedies": (asked,)})]) == [
            "larger-box for layout: helped in 1 of 1 takes"
        ]

    def test_the_film_tells_what_helped(self) -> None:
        takes = [
            take_of(1, 0.2), take_of(2, 0.3, "larger-box"), take_of(3, 0.1, "larger-box"),
            take_of(4, 0.2, "new-seed"),
        ]  # fmt: skip
        assert remedy_notes(takes) == [
            "larger-box: helped in 1 of 2 takes",
            "new-seed: helped in 0 of 1 takes",
        ]
