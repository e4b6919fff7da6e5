"""A parsed story + settings -> its plan: by the rules, or by the language model that was named.

Which model answers, from which address or cassette and within which budget, is decided here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..chat import Answer, Question, Usage
from ..errors import StoryError

if TYPE_CHECKING:
    from ..dsl import ParsedStory
    from ..plan import Capabilities, Plan
    from ..story import Story
    from ..tools.llm.cassette import Cassette, Model
    from ..tools.llm.endpoint import ChatEndpoint
    from ..tools.llm.estimate import QuestionEstimate
    from .settings import Llm, Settings


@dataclass(frozen=True, slots=True)
class Directed:
    """A plan, and what it took of a language model; None where the rules made it."""

    plan: Plan
    usage: Usage | None = None


def direct_story(parsed: ParsedStory, settings: Settings, path: Path) -> Directed:
    """Return what the director makes of a story that has been parsed.

    Raises:
        StoryError: there is nothing in it to film, or more than a film may hold.
        LanguageModelError, BudgetError: the model cannot be used, or no more of it.
    """
    keep_parses(settings)
    if settings.llm is None:
        return Directed(_with_notes(_by_rules(parsed, settings), parsed))
    model = open_model(settings.llm, settings, path)
    plan = _by_model(parsed, settings, settings.llm, model)
    return Directed(_with_notes(plan, parsed), model.usage)


def _with_notes(plan: Plan, parsed: ParsedStory) -> Plan:
    """Return a plan that says what was read for it beside the words of the page."""
    return plan.model_copy(update={"notes": (*plan.notes, *parsed.notes)}) if parsed.notes else plan


def rehearse_directing(
    parsed: ParsedStory, settings: Settings, path: Path
) -> tuple[Plan, QuestionEstimate | None]:
    """Return the plan as far as it is known without a question, and what is still to be asked.

    Where a model has not answered yet, the rules stand in for it.

    Raises:
        StoryError, CassetteError: as `direct_story`.
    """
    keep_parses(settings, write=False)
    llm = settings.llm
    if llm is None:
        return _by_rules(parsed, settings), None
    from ..tools.llm.cassette import Cassette
    from ..tools.llm.estimate import DryRunModel

    record = settings.cassette(path)
    if llm.replay:
        model = Cassette(record, llm.model, None)
        plan = _by_model(parsed, settings, llm, model)
        return plan, QuestionEstimate(0, model.usage.remembered, 0, 0, None)
    dry_model = DryRunModel(Cassette(record, llm.model, _Endpoint(llm)))
    plan = _by_model(parsed, settings, llm, dry_model)
    return plan, dry_model.estimate(llm.input_price, llm.output_price)


def keep_parses(settings: Settings, *, write: bool = True) -> None:
    """Let the sentences that a director parses be found in the store, and be kept there."""
    from ..agents.director.reading.parse import keep_parses_in

    keep_parses_in(settings.store / "parses", write=write)


def _by_rules(parsed: ParsedStory, settings: Settings) -> Plan:
    from ..agents.director.rules import direct

    story, world, seed = _director_inputs(parsed, settings)
    with _showing_lines_of(parsed):
        plan = direct(story, world, default_seed=seed)
    return plan.model_copy(update={"notes": page_notes(parsed)})


def page_notes(parsed: ParsedStory) -> tuple[str, ...]:
    """Return what was said of a page as notes of its plan, in the same words at the same place."""
    from ..agents.director.remarks import REMARKS
    from ..agents.director.rules import note_at

    said = (note_at(d.span, d.message) for d in parsed.diagnostics if d.code[1:] in REMARKS)
    return tuple(dict.fromkeys(said))


def _by_model(parsed: ParsedStory, settings: Settings, llm: Llm, model: Model) -> Plan:
    from ..agents.director.llm.director import direct_with

    story, world, seed = _director_inputs(parsed, settings)
    with _showing_lines_of(parsed):
        plan = direct_with(model, story, world, default_seed=seed, width=llm.width)
    return plan.model_copy(
        update={"notes": tuple(dict.fromkeys((*page_notes(parsed), *plan.notes)))}
    )


@contextmanager
def _showing_lines_of(parsed: ParsedStory) -> Iterator[None]:
    """Add the story's text to an error of which a director knows the place alone."""
    try:
        yield
    except StoryError as error:
        raise StoryError(error.diagnostics, parsed.source) from error


def _director_inputs(parsed: ParsedStory, settings: Settings) -> tuple[Story, Capabilities, int]:
    """Return a story, its engine's capabilities, and the seed where the story has none."""
    from ..agents.director.rules import DEFAULT_SEED
    from ..engine.family import capabilities

    if parsed.story is None:
        raise StoryError(parsed.diagnostics, parsed.source)
    seed = DEFAULT_SEED if settings.seed is None else settings.seed
    return parsed.story, capabilities(settings.engine), seed


def open_model(llm: Llm, settings: Settings, path: Path) -> Cassette:
    """Return the model behind its cassette; a replay has no model and needs no network."""
    from ..tools.llm.budget import BudgetedModel
    from ..tools.llm.cassette import Cassette

    record = settings.cassette(path)
    if llm.replay:
        return Cassette(record, llm.model, None)
    budget = settings.budget
    allowed = BudgetedModel(_Endpoint(llm), calls=budget.calls, tokens=budget.tokens)
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
    from ..tools.llm.endpoint import Access, ChatEndpoint

    return ChatEndpoint(
        Access(
            model=llm.model,
            url=llm.url,
            key=llm.key,
            timeout_s=llm.timeout_s,
            deadline_s=llm.deadline_s,
            requests_per_minute=llm.requests_per_minute,
            input_price=llm.input_price,
            output_price=llm.output_price,
        )
    )
