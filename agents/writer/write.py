"""A topic -> a story that checks: ask, write down, check, ask again with what is wrong.

What a checker calls an error, and what no picture would show, goes back to the model, three
questions at most. A story with errors is never returned; of those without, the one of which most
is drawn is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from ...chat import Question, Turn
from ...dsl import parse_story
from ...errors import Diagnostic, LanguageModelError, Severity
from ...plan import Capabilities
from ..director.llm.ask import MOST_ASKED, read_answer
from ..director.llm.prompts import Data, fenced, one_line, repeated_question
from ..director.llm.windows import known_motions
from ..director.remarks import remarks
from ..ports import LanguageModel
from .forms import StoryForm
from .page import story_text

# Remarks that a writer can do something about: who, where, what is done, how many at once.
_MENDABLE = frozenset({"135", "136", "137", "140", "148", "150"})
_MOST_FAULTS = 12
MOST_SCENES = 60
MOST_TOPIC = 2000


@dataclass(frozen=True, slots=True)
class WrittenStory:
    """A story that checks; `remarks` is what no picture of it will show."""

    text: str
    remarks: tuple[Diagnostic, ...]
    asked: int


def write(model: LanguageModel, topic: str, world: Capabilities, *, scenes: int) -> WrittenStory:
    """Return the story that a model writes of a topic.

    Args:
        model: who is asked.
        topic: what it is about.
        world: what the engine draws, of which the story is to be made.
        scenes: how many there shall be.

    Raises:
        LanguageModelError: the model cannot be used, or gave no story that checks.
    """
    asked = _question(topic, world, scenes)
    question, faults = asked, ["nothing was asked"]
    best: WrittenStory | None = None
    fewest = 0
    for number in range(1, MOST_ASKED + 1):
        answer = model.ask(question)
        form = read_answer(answer, StoryForm)
        if isinstance(form, str):
            faults = [form]
        else:
            story = _written(form, world, number)
            faults = list(_faults(form, story, scenes))
            if form.scenes and not _errors(story) and (best is None or len(faults) < fewest):
                best, fewest = story, len(faults)
        if not faults:
            break
        question = repeated_question(asked, answer.text, faults[:_MOST_FAULTS])
    if best is None:
        raise LanguageModelError(
            f"{model.name} wrote no story that checks in {MOST_ASKED} tries: "
            f"{one_line('; '.join(faults), 300)}; another model, or a plainer topic, may do"
        )
    return best


def _question(topic: str, world: Capabilities, scenes: int) -> Question:
    data: Data = {
        "topic": one_line(topic, MOST_TOPIC),
        "scenes": scenes,
        "characters": {kind: list(colours) for kind, colours in world.characters.items()} or "any",
        "places": list(world.places.values()) or "any",
        "motions": known_motions(world) or "any verb",
        "most_in_one_shot": world.max_entities,
    }
    prompt = files(__package__).joinpath("prompts/story.md").read_text(encoding="utf-8")
    return Question(
        about=f"a story of {scenes} scenes",
        turns=(Turn(role="system", text=prompt), Turn(role="user", text=fenced(data))),
        form_name="story",
        form=StoryForm.model_json_schema(),
    )


def _written(form: StoryForm, world: Capabilities, asked: int) -> WrittenStory:
    text = story_text(form)
    parsed = parse_story(text, path="written.story", capabilities=world)
    found = list(parsed.diagnostics)
    if parsed.story is not None and not parsed.errors:
        found += remarks(parsed.story, world)
    return WrittenStory(text, tuple(found), asked)


def _errors(story: WrittenStory) -> list[Diagnostic]:
    return [d for d in story.remarks if d.severity is Severity.ERROR]


def _faults(form: StoryForm, story: WrittenStory, scenes: int) -> Iterator[str]:
    """Yield what is to be mended, errors first."""
    if len(form.scenes) != scenes:
        yield f"there are {len(form.scenes)} scenes; {scenes} are wanted"
    lines = story.text.splitlines()
    told = sorted(story.remarks, key=lambda d: d.severity is not Severity.ERROR)
    for found in told:
        if found.severity is Severity.ERROR or found.code[1:] in _MENDABLE | {"101"}:
            line = lines[found.span.line - 1] if found.span.line <= len(lines) else ""
            help = f" ({found.help})" if found.help else ""
            yield one_line(f'at "{one_line(line, 80)}": {found.message}{help}', 260)
