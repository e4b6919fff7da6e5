"""A topic + settings -> a story in a file, by the language model that was named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..chat import Usage
from ..errors import Diagnostic, InputError, OutputError
from .settings import Settings

_NEEDS_A_MODEL = (
    "writing a story takes a language model: name one with --llm MODEL, and its endpoint with "
    "OPENAI_BASE_URL (a local server, or none for OpenAI's) and OPENAI_API_KEY; or write them "
    "into dreamrunner.toml under [llm]"
)


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A written story, where it is, and what it took."""

    path: Path
    text: str
    remarks: tuple[Diagnostic, ...]
    usage: Usage


def write_story(topic: str, scenes: int, output: Path | None, settings: Settings) -> StoryFile:
    """Write a story of a topic; without an `output` it has the topic's name, in this folder.

    Raises:
        InputError: there is no topic, or no model is named.
        LanguageModelError, BudgetError: the model cannot be used, wrote no story that checks, or
            would take more than is allowed.
        OutputError: the file is there already, or cannot be written.
    """
    from ..agents.writer.write import write
    from ..engine.family import capabilities
    from ..tools.screenplays import write_script
    from .direct import keep_parses, open_model

    if not topic.strip():
        raise InputError("there is no topic to write of")
    if settings.llm is None:
        raise InputError(_NEEDS_A_MODEL)
    path = output or Path(f"{_file_name(topic)}.story")
    if output is None and path.exists():
        raise OutputError(f"{path} is already there; say where to write with -o")
    keep_parses(settings)
    model = open_model(settings.llm, settings, path)
    story = write(model, topic, capabilities(settings.engine), scenes=scenes)
    write_script(path, story.text)
    return StoryFile(path, story.text, story.remarks, model.usage)


def _file_name(topic: str) -> str:
    words = re.findall(r"[^\W_]+", topic.lower())[:6]
    return "-".join(words)[:60] or "story"
