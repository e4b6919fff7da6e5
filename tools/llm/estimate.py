"""A cassette -> what directing would still ask of a model, and about how much: nothing is sent.

A question that is on record is answered from there, so that what follows from its answer is
counted as it will be asked. Any other gets no answer, and the rules stand in.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from ...chat import CHARACTERS_PER_TOKEN, Answer, Question
from ...errors import NoAnswer
from .cassette import Cassette

# Of the length of the data that it answers. A scripted model needs 0.5 of it, thinks nothing
# and says so in two words; what a real one needs is its own affair.
_ANSWER_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class QuestionEstimate:
    """Questions that would be sent, if each is answered well the first time, and their tokens.

    `remembered` are answered by the cassette; `cost` is None where no prices are known.
    """

    calls: int
    remembered: int
    tokens_in: int
    tokens_out: int
    cost: float | None

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


class DryRunModel:
    """Answers from a cassette alone, and counts what it does not hold."""

    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette
        self._lock = threading.Lock()
        self._calls = self._remembered = self._in = self._out = 0

    @property
    def name(self) -> str:
        return self._cassette.name

    def ask(self, question: Question) -> Answer:
        """Return the recorded answer.

        Raises:
            NoAnswer: there is none, and nobody is asked.
        """
        if self._cassette.holds(question):
            with self._lock:
                self._remembered += 1
            return self._cassette.ask(question)
        answer = _ANSWER_SHARE * len(question.turns[1].text) / CHARACTERS_PER_TOKEN
        with self._lock:
            self._calls += 1
            self._in += question.tokens
            self._out += round(answer)
        raise NoAnswer("nobody is asked in a dry run")

    def asking(self, input_price: float | None, output_price: float | None) -> QuestionEstimate:
        """Return what was counted, with its cost at prices for a million tokens."""
        cost = None
        if input_price is not None and output_price is not None:
            cost = (self._in * input_price + self._out * output_price) / 1e6
        return QuestionEstimate(self._calls, self._remembered, self._in, self._out, cost)
