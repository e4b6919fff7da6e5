"""A question -> the parts of its answer that pass their checks, after three tries at most.

An answer is kept part by part (a paragraph, a shot): a part that is right the first time stays,
and only the missing ones decide whether to ask again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import ValidationError

from ....chat import Answer, Question
from ....errors import NoAnswer
from ...ports import LanguageModel
from .prompts import one_line, repeated_question
from .schemas import FormT

MOST_ASKED = 3
# No plan of a window or a scene is longer, and a longer answer is not parsed.
MOST_CHARACTERS = 200_000
_MOST_FAULTS = 12
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CheckedAnswer(Generic[T]):
    """An answer checked against the story: the good parts, and the faults of each other one.

    Faults under "" belong to no part in particular.
    """

    parts: Mapping[str, T] = field(default_factory=dict)
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskResult(Generic[T]):
    """What came of a question: the good parts, and for each lost one the reason."""

    parts: Mapping[str, T]
    lost: Mapping[str, str]
    asked: int


def ask_for_parts(
    model: LanguageModel,
    question: Question,
    form: type[FormT],
    part_ids: Iterable[str],
    check: Callable[[FormT], CheckedAnswer[T]],
) -> AskResult[T]:
    """Ask until every part is good, `MOST_ASKED` times at most.

    Raises:
        LanguageModelError: the model cannot be used at all. A single question without an answer
            is no error: its parts are lost, with the reason.
    """
    parts: dict[str, T] = {}
    reasons: dict[str, str] = {}
    part_ids, current, asked = list(part_ids), question, 0
    while asked < MOST_ASKED and len(parts) < len(part_ids):
        try:
            answer = model.ask(current)
        except NoAnswer as error:
            reasons = {part: str(error) for part in part_ids}
            break
        asked += 1
        checked = _checked(answer, form, check)
        parts.update(
            {p: checked.parts[p] for p in part_ids if p in checked.parts and p not in parts}
        )
        missing = [part for part in part_ids if part not in parts]
        faults = [f for p in ("", *missing) for f in checked.faults.get(p, ())]
        unexplained = [f"{part} is missing" for part in missing if not checked.faults.get(part)]
        faults = faults or unexplained
        general = checked.faults.get("", ("it is missing from the answer",))
        reasons = {p: "; ".join(checked.faults.get(p, general)[:2]) for p in missing}
        current = repeated_question(question, answer.text, faults[:_MOST_FAULTS])
    return AskResult(parts, {p: reasons.get(p, "") for p in part_ids if p not in parts}, asked)


def _checked(
    answer: Answer, form: type[FormT], check: Callable[[FormT], CheckedAnswer[T]]
) -> CheckedAnswer[T]:
    filled = read_answer(answer, form)
    return CheckedAnswer(faults={"": (filled,)}) if isinstance(filled, str) else check(filled)


def read_answer(answer: Answer, form: type[FormT]) -> FormT | str:
    """Return the form that an answer fills in, or why it fills in none."""
    if answer.refusal:
        return f'the model refused: "{one_line(answer.refusal, 120)}"'
    if len(answer.text) > MOST_CHARACTERS:
        return f"the answer has {len(answer.text):,} characters; {MOST_CHARACTERS:,} are enough"
    text = _json_of(answer.text)
    if answer.finish == "length":
        return "the answer was cut off before its end; a shorter one is enough"
    if not text:
        return "the answer holds no JSON object"
    try:
        return form.model_validate_json(text)
    except ValidationError as error:
        return _validation_faults(error)


def _json_of(text: str) -> str:
    """Return the outermost JSON object of a text, without thoughts and fences around it."""
    text = _THOUGHTS.sub("", text)
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else ""


def _validation_faults(error: ValidationError) -> str:
    errors = error.errors(include_url=False, include_input=False)
    lines = [
        f"{'.'.join(str(step) for step in e['loc']) or 'the answer'}: {one_line(e['msg'], 120)}"
        for e in errors[:4]
    ]
    more = len(errors) - len(lines)
    return "; ".join(lines) + (f"; and {more} more" if more > 0 else "")
