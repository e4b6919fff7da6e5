"""Question -> the parts of its answer that hold: asked, checked, asked again, given up.

An answer is kept part by part (a scene, a shot): what is right the first time stays, and only
what is missing decides whether to ask again. Never more often than `MOST_ASKED`.
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
from .prompts import asked_again, tidy
from .schemas import FormT

MOST_ASKED = 3
# No plan of a window or a scene is longer; what is, is not worth parsing.
MOST_CHARACTERS = 200_000
_MOST_FAULTS = 12
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CheckedAnswer(Generic[T]):
    """An answer against the story: parts that hold, and for each other one what is wrong with it.

    Faults under "" are of no part in particular.
    """

    parts: Mapping[str, T] = field(default_factory=dict)
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskResult(Generic[T]):
    """What came of a question: the parts that hold, and why there are no others."""

    parts: Mapping[str, T]
    lost: Mapping[str, str]
    asked: int


def settle(
    model: LanguageModel,
    question: Question,
    form: type[FormT],
    wanted: Iterable[str],
    check: Callable[[FormT], CheckedAnswer[T]],
) -> AskResult[T]:
    """Ask until every wanted part holds, or it has been asked often enough.

    Raises:
        LanguageModelError: the model cannot be used at all. One question without an answer is no
            error: its parts are lost, with the reason.
    """
    parts: dict[str, T] = {}
    reasons: dict[str, str] = {}
    wanted, now, asked = list(wanted), question, 0
    while asked < MOST_ASKED and len(parts) < len(wanted):
        try:
            answer = model.ask(now)
        except NoAnswer as error:
            reasons = {part: str(error) for part in wanted}
            break
        asked += 1
        checked = _checked(answer, form, check)
        parts.update({p: checked.parts[p] for p in wanted if p in checked.parts and p not in parts})
        missing = [part for part in wanted if part not in parts]
        faults = [f for p in ("", *missing) for f in checked.faults.get(p, ())]
        silent = [f"{part} is missing" for part in missing if not checked.faults.get(part)]
        faults = faults or silent
        general = checked.faults.get("", ("it is missing from the answer",))
        reasons = {p: "; ".join(checked.faults.get(p, general)[:2]) for p in missing}
        now = asked_again(question, answer.text, faults[:_MOST_FAULTS])
    return AskResult(parts, {p: reasons.get(p, "") for p in wanted if p not in parts}, asked)


def _checked(
    answer: Answer, form: type[FormT], check: Callable[[FormT], CheckedAnswer[T]]
) -> CheckedAnswer[T]:
    filled = read_answer(answer, form)
    return CheckedAnswer(faults={"": (filled,)}) if isinstance(filled, str) else check(filled)


def read_answer(answer: Answer, form: type[FormT]) -> FormT | str:
    """Return the filled form, or in words why the answer is none."""
    if answer.refusal:
        return f'the model refused: "{tidy(answer.refusal, 120)}"'
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
        return _in_words(error)


def _json_of(text: str) -> str:
    """Return the outermost JSON object of a text, without thoughts and fences around it."""
    text = _THOUGHTS.sub("", text)
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else ""


def _in_words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)
    said = [
        f"{'.'.join(str(step) for step in e['loc']) or 'the answer'}: {tidy(e['msg'], 120)}"
        for e in first[:4]
    ]
    more = len(first) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")
