"""A parsed story + settings -> its plan: by the rules, or by the language model that was named.

Which model answers, from which address or cassette and within which budget, is decided here.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import StoryError
from .exchange import Answer, Question, Usage

if TYPE_CHECKING:
    from .dsl import ParsedStory
    from .plan import Plan
    from .settings import Llm, Settings
    from .tools.cassette import Cassette
    from .tools.endpoint import ChatEndpoint


@dataclass(frozen=True, slots=True)
class Directed:
    """A plan, and what it took of a language model; None where the rules made it."""

    plan: Plan
    usage: Usage | None = None


def direct_story(parsed: ParsedStory, settings: Settings, path: Path) -> Directed:
    """Return what the director makes of a story that has been parsed.

    Raises:
        StoryError: there is nothing in it to film.
        LanguageModelError, BudgetError: the model cannot be used, or no more of it.
    """
    from .agents.director import DEFAULT_SEED, direct
    from .engine.family import capabilities

    if parsed.story is None:
        raise StoryError(parsed.diagnostics, parsed.source)
    seed = DEFAULT_SEED if settings.seed is None else settings.seed
    world = capabilities(settings.engine)
    if settings.llm is None:
        return Directed(direct(parsed.story, world, default_seed=seed))
    from .agents.llm.director import direct_with

    model = open_model(settings.llm, settings, path)
    width = settings.llm.width
    plan = direct_with(model, parsed.story, world, default_seed=seed, width=width)
    return Directed(plan, model.usage)


def open_model(llm: Llm, settings: Settings, path: Path) -> Cassette:
    """Return the model behind its cassette; a replay has no model and needs no network."""
    from .tools.allowance import Allowance
    from .tools.cassette import Cassette

    record = settings.cassette(path)
    if llm.replay:
        return Cassette(record, llm.model, None)
    budget = settings.budget
    allowed = Allowance(_Endpoint(llm), calls=budget.calls, tokens=budget.tokens)
    return Cassette(record, llm.model, allowed)


class _Endpoint:
    """An endpoint whose client is imported by the first question that no cassette answers."""

    def __init__(self, llm: Llm) -> None:
        self._llm = llm
        self._lock = threading.Lock()
        self._opened: ChatEndpoint | None = None

    @property
    def name(self) -> str:
        return self._llm.model

    def ask(self, question: Question) -> Answer:
        with self._lock:  # one for all threads: it counts what goes unanswered
            if self._opened is None:
                self._opened = _opened(self._llm)
        return self._opened.ask(question)


def _opened(llm: Llm) -> ChatEndpoint:
    from .tools.endpoint import Access, ChatEndpoint

    return ChatEndpoint(
        Access(
            model=llm.model,
            url=llm.url,
            key=llm.key,
            timeout_s=llm.timeout_s,
            requests_per_minute=llm.requests_per_minute,
            input_price=llm.input_price,
            output_price=llm.output_price,
        )
    )
