"""A model -> the same model within the writer's budget of calls and tokens."""

from __future__ import annotations

import threading

from ...chat import CHARACTERS_PER_TOKEN, Answer, Question
from ...errors import BudgetError
from .cassette import Model


class BudgetedModel:
    """Asks a model as long as the budget lasts; a question that might exceed it is not sent.

    What is used never falls. The estimate of a question that is on its way is held back beside it,
    and given back when the answer's own count is there.
    """

    def __init__(self, model: Model, *, calls: int | None, tokens: int | None) -> None:
        self._model = model
        self._most_calls, self._most_tokens = calls, tokens
        self._lock = threading.Lock()
        self._calls = self._used = self._on_their_way = 0

    @property
    def name(self) -> str:
        return self._model.name

    def ask(self, question: Question) -> Answer:
        """Return the model's answer.

        Raises:
            BudgetError: this call would be one too many, or its question has too many tokens.
        """
        expected = question.tokens
        with self._lock:
            self._check(expected)
            self._calls += 1
            self._on_their_way += expected
        taken = expected  # where no answer comes: the question was sent all the same
        try:
            answer = self._model.ask(question)
            counted = answer.tokens_in + answer.tokens_out
            taken = counted or expected + round(len(answer.text) / CHARACTERS_PER_TOKEN)
        finally:
            with self._lock:
                self._on_their_way -= expected
                self._used += taken
        return answer

    def _check(self, expected: int) -> None:
        if self._most_calls is not None and self._calls >= self._most_calls:
            raise BudgetError(
                f"--max-calls {self._most_calls} is used up; every answer so far is on record, "
                "and the same command with a larger budget goes on from there"
            )
        claimed = self._used + self._on_their_way
        if self._most_tokens is not None and claimed + expected > self._most_tokens:
            raise BudgetError(
                f"--max-tokens {self._most_tokens:,} would be exceeded: {claimed:,} are used "
                f"and the next question has about {expected:,}; every answer so far is on record"
            )
