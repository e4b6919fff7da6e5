"""A film that was made + its page -> what there is of it, and what is not as the page has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Diagnostic

if TYPE_CHECKING:
    from ...agents.graph.run import FilmResult
    from ...dsl import ParsedStory
    from ...film import Film, Measurement
    from ...plan import Assertion


@dataclass(frozen=True, slots=True)
class UnmetAssertion:
    """Something that should hold of a shot and, by measurement, does not or is not known to."""

    shot: str
    wanted: Assertion
    found: Measurement


@dataclass(frozen=True, slots=True)
class RenderResult:
    """A finished render: the film, where everything is, and what is not as the page has it.

    `unmet` holds every assertion of a kept take that failed and, where the writer asked for it by
    `@expect`, every one that could not be judged; `shortfalls` say each at its line. `diagnostics`
    are these and the story's warnings, in the order of the text that is `source`.
    """

    film: Film
    engine: str
    folder: Path
    unmet: tuple[UnmetAssertion, ...]
    strict: bool
    shortfalls: tuple[Diagnostic, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    source: str = ""
    changed: tuple[str, ...] = ()
    story: str = ""

    @property
    def run(self) -> Path:
        return self.folder / "run.json"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"


def outcome_of(
    result: FilmResult, parsed: ParsedStory, engine: str, folder: Path, *, strict: bool
) -> RenderResult:
    """Return a finished render; what is asked for is strict where its page says so, too."""
    from ...tools.shortfalls import shortfall

    assert parsed.story is not None  # `parse_story` has refused one that is
    strict = strict or parsed.story.strict
    unmet = tuple(_unmet(result))
    shots = {shot.id: shot for shot in result.plan.shots}
    shortfalls = tuple(
        shortfall(shots[u.shot], u.wanted, u.found, parsed.story.span, strict=strict) for u in unmet
    )
    return RenderResult(
        film=result.film,
        engine=engine,
        folder=folder,
        unmet=unmet,
        strict=strict,
        shortfalls=shortfalls,
        diagnostics=parsed.with_more(shortfalls).diagnostics,
        source=parsed.source,
    )


def _unmet(result: FilmResult) -> Iterator[UnmetAssertion]:
    """Yield what kept takes fail, and what the writer asked for that could not be judged."""
    from ...plan import Assertion

    wanted = {(shot.id, a.id): a for shot in result.plan.shots for a in shot.assertions}
    for take in result.film.takes:
        for found in take.verdict.measurements if take.kept else ():
            # What no assertion asks for is found all the same: a black or a frozen picture.
            unasked = Assertion(id=found.assertion, metric=found.metric, span=found.span)
            assertion = wanted.get((take.shot, found.assertion), unasked)
            unjudged = found.passed is None and assertion.origin == "expect"
            if found.passed is False or unjudged:
                yield UnmetAssertion(take.shot, assertion, found)
