"""A prompt's file + data -> a question, in which the data is fenced off from the instructions.

Every text of a story goes into one JSON block. Its angle brackets are written as escapes, so that
no text can end the block, and the prompt says that nothing in the block is an instruction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template

from ....chat import Question, Turn
from .schemas import Form

Data = None | bool | int | float | str | Sequence["Data"] | Mapping[str, "Data"]

# How much of a rejected answer the model is shown again: enough to correct it.
_MOST_RECALLED = 12_000


def question(about: str, prompt: str, data: Data, form: type[Form]) -> Question:
    """Return a question: the instructions of `prompts/<prompt>.md`, then the fenced data."""
    return Question(
        about=about,
        turns=(
            Turn(role="system", text=prompt_text(prompt)),
            Turn(role="user", text=fenced(data)),
        ),
        form_name=form.__name__.removesuffix("Form").lower(),
        form=form.model_json_schema(),
    )


def repeated_question(asked: Question, answer: str, faults: Sequence[str]) -> Question:
    """Return a question followed by its rejected answer and the faults of that answer.

    Only the last answer is in it, so that a third try is no longer than the second.
    """
    listed = "\n".join(f"- {fault}" for fault in faults)
    words = Template(prompt_text("again")).substitute(faults=listed)
    turns = (
        *asked.turns[:2],
        Turn(role="assistant", text=answer[:_MOST_RECALLED] or "(nothing)"),
        Turn(role="user", text=words),
    )
    return asked.model_copy(update={"turns": turns})


def prompt_text(name: str) -> str:
    """Return the text of a prompt's file."""
    return files(__package__).joinpath(f"prompts/{name}.md").read_text(encoding="utf-8")


def fenced(data: Data) -> str:
    """Return data as one JSON block that no text inside it can close."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    for character in "<>&`":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"<data>\n{text}\n</data>"


def one_line(text: str, most: int) -> str:
    """Return a model's words as one plain line of at most `most` characters."""
    plain = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0].rstrip(" ,;")
