"""A reply's count of tokens -> a count that can be believed, or an estimate from the texts.

A budget that the endpoint itself keeps is none: a count below zero would let it send for ever, and
one of 1e300 would end the work at once. A count is believed where it fits the texts.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...chat import CHARACTERS_PER_TOKEN, Question

# No model reads or writes more at once.
MOST_TOKENS = 10_000_000
# No tokenizer packs prose or JSON as tightly as this; what counts fewer tokens has miscounted.
_MOST_CHARACTERS_PER_TOKEN = 16


@dataclass(frozen=True, slots=True)
class TokenCount:
    """The tokens of a question and of its answer; `estimated` where nobody has counted them."""

    tokens_in: int
    tokens_out: int
    estimated: bool = False


class _CountForm(BaseModel):
    """The part of a completion's `usage` that is read."""

    model_config = ConfigDict(frozen=True, strict=True)

    prompt_tokens: int = Field(ge=0, le=MOST_TOKENS)
    completion_tokens: int = Field(ge=0, le=MOST_TOKENS)


def with_checked_usage(body: bytes) -> bytes:
    """Return the body of a reply without a `usage` that is no count of tokens.

    The client that reads the body next takes the numbers as they are, and fails on some.
    """
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        return body  # no JSON: whoever reads it next says so
    if not isinstance(reply, dict) or reply.get("usage") is None:
        return body
    try:
        counts = _CountForm.model_validate(reply["usage"])
    except ValidationError:
        del reply["usage"]
    else:
        total = counts.prompt_tokens + counts.completion_tokens
        reply["usage"] = {**counts.model_dump(), "total_tokens": total}
    return json.dumps(reply).encode()


def token_count(question: Question, answer: str, tokens_in: int, tokens_out: int) -> TokenCount:
    """Return an endpoint's count where it fits the texts, else an estimate from them."""
    asked = sum(len(turn.text) for turn in question.turns)
    believed = all(
        0 <= count <= MOST_TOKENS and count * _MOST_CHARACTERS_PER_TOKEN >= length
        for count, length in ((tokens_in, asked), (tokens_out, len(answer)))
    )
    if believed:
        return TokenCount(tokens_in, tokens_out)
    answered = math.ceil(len(answer) / CHARACTERS_PER_TOKEN)
    return TokenCount(question.tokens, answered, estimated=True)
