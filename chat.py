"""The nouns of asking a language model: a question, its answer, and what they cost.

The director writes questions, and an endpoint or a cassette answers them. An answer is text that
nobody has checked yet.
"""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import Field

from .plan import Record

# For estimates where no endpoint has counted; rather too many tokens than too few.
CHARACTERS_PER_TOKEN = 3.5


class Turn(Record):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    text: str


class Question(Record):
    """A question to a model. `about` is for notes and logs and is not sent.

    `form` is the JSON schema that the answer has to fit, `form_name` its name.
    """

    about: str
    turns: tuple[Turn, ...]
    form_name: str
    form: dict[str, object]

    def key(self, model: str) -> str:
        """Return the hash under which the answer of a model to this question is remembered."""
        sent = self.model_dump(mode="json", exclude={"about"})
        text = json.dumps({"model": model, **sent}, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(b"dreamrunner question\n" + text.encode("ascii")).hexdigest()

    @property
    def tokens(self) -> int:
        """An estimate of the tokens that the question takes."""
        length = sum(len(turn.text) for turn in self.turns) + len(json.dumps(self.form))
        return round(length / CHARACTERS_PER_TOKEN)


class Answer(Record):
    """A model's answer: its text, or its refusal in the model's words, never both.

    `finish` is "length" where the model was cut off. Tokens are the endpoint's own count, or an
    estimate from the texts where `estimated` says so; `cost` is in the currency of the prices that
    were given, None without prices. `recorded` says that the answer came from a cassette and cost
    nothing this time.
    """

    text: str
    refusal: str = ""
    finish: Literal["stop", "length", "refusal", "other"] = "stop"
    model: str = ""
    tokens_in: int = Field(default=0, ge=0)
    tokens_out: int = Field(default=0, ge=0)
    estimated: bool = False
    seconds: float = 0.0
    cost: float | None = None
    recorded: bool = False


class Usage(Record):
    """What a plan took of an endpoint: questions sent, answers remembered, tokens, money, time.

    `estimated` counts the answers whose tokens the endpoint did not count, or not believably.
    """

    sent: int = 0
    remembered: int = 0
    estimated: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float | None = None

    def plus(self, answer: Answer) -> Usage:
        """Return the usage with one more answer in it; what was remembered cost nothing."""
        if answer.recorded:
            return self.model_copy(update={"remembered": self.remembered + 1})
        cost = self.cost if answer.cost is None else (self.cost or 0.0) + answer.cost
        return self.model_copy(
            update={
                "sent": self.sent + 1,
                "estimated": self.estimated + answer.estimated,
                "tokens_in": self.tokens_in + answer.tokens_in,
                "tokens_out": self.tokens_out + answer.tokens_out,
                "seconds": round(self.seconds + answer.seconds, 3),
                "cost": cost,
            }
        )

    @property
    def words(self) -> str:
        """The usage in one line."""
        said = [f"{self.sent} question{'s' * (self.sent != 1)} sent"]
        said += [f"{self.remembered} answered from the cassette"] if self.remembered else []
        if self.sent:
            said.append(f"{self.tokens_in:,} tokens in, {self.tokens_out:,} out")
            if self.estimated:
                said[-1] += f" (estimated for {self.estimated}, which the endpoint miscounts)"
            said.append(f"{self.seconds:.1f} s of waiting")
        said += [f"cost {self.cost:.4f}"] if self.cost is not None else []
        return ", ".join(said)
