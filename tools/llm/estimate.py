"""A cassette -> an estimate of the questions that directing would still send, and their tokens.

A recorded question is answered from the cassette, so that the questions that follow from its answer
are counted too. Any other question gets no answer, and the rules plan in place of the model.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from ...chat import CHARACTERS_PER_TOKEN, Answer, Question
from ...errors import NoAnswer
from .cassette import Cassette

# The length of an answer for each character of the data that is asked about. A scripted model,
# which gives no reasoning, needs 0.5; a real one needs more.
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
    """Answers from a cassette alone, and counts the questions that it does not hold."""

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
            NoAnswer: it is not recorded.
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

    def estimate(self, input_price: float | None, output_price: float | None) -> QuestionEstimate:
        """Return the questions counted so far, with their cost at prices for a million tokens."""
        cost = None
        if input_price is not None and output_price is not None:
            cost = (self._in * input_price + self._out * output_price) / 1e6
        return QuestionEstimate(self._calls, self._remembered, self._in, self._out, cost)
