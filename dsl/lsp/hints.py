"""A page + the last render of its film -> seconds and scores beside the headings of its scenes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lsprotocol.types import CodeLens, Command, InlayHint, InlayHintKind, Range

from ...errors import StoryError
from ...film import Measurement, Take, film_name, read_account
from ...story import Scene, Story
from .checking import Checker, scene_alone
from .document_symbols import SceneLines, scenes
from .page import Page

REPORT_COMMAND = "dreamrunner.report"


def seconds(
    page: Page, where: Range, checker: Checker, planned: Callable[[Story], float] | None
) -> list[InlayHint]:
    """Return how long the scenes of a range last: as the writer fixed it, else as planned."""
    hints = []
    for scene in scenes(page):
        position = page.position(scene.heading_end)
        if not where.start.line <= position.line <= where.end.line:
            continue
        length_s = _scene_seconds(page, scene, checker, planned)
        if length_s is not None:
            hint = InlayHint(position, f"{length_s:.1f} s", kind=InlayHintKind.Parameter)
            hint.padding_left = True
            hints.append(hint)
    return hints


def _scene_seconds(
    page: Page, lines: SceneLines, checker: Checker, planned: Callable[[Story], float] | None
) -> float | None:
    parsed = checker.parse(scene_alone(page, [page.piece_at(lines.start)]))
    line = page.position(lines.start).line + 1
    scene = _scene_at(parsed.story, line)
    if parsed.story is None or scene is None:
        return None
    if scene.duration_s is not None:
        return scene.duration_s.value
    if planned is None or parsed.errors:
        return None
    try:
        return planned(replace(parsed.story, scenes=(scene,)))
    except StoryError:  # longer than a film may be, as the check of the whole story says
        return None


def _scene_at(story: Story | None, line: int) -> Scene | None:
    found = story.scenes if story else ()
    return next((scene for scene in found if scene.heading.span.line == line), None)


@dataclass(frozen=True, slots=True)
class Render:
    """The last render of a story: its kept takes and the report that shows them."""

    takes: tuple[Take, ...]
    report: Path


def last_render(story: Path, out: Path) -> Render | None:
    """Return the last render of a story, beside it or in the working folder; None without one."""
    for root in dict.fromkeys((story.parent, Path.cwd())):
        folder = root / out / film_name(story)
        try:
            run = read_account(folder / "run.json")
            takes = tuple(Take.model_validate(take) for take in run["takes"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # None was made there, or by a version that writes another account.
        return Render(tuple(take for take in takes if take.kept), folder / "report.html")
    return None


def scores(page: Page, render: Render | None) -> list[CodeLens]:
    """Return what the last render measured, above the scenes that it was made of."""
    lenses = []
    for position, scene in enumerate(scenes(page) if render else (), start=1):
        name = scene.number or str(position)
        takes = [take for take in render.takes if _scene_of(take) == name] if render else []
        if render and takes:
            where = page.range(scene.start, scene.heading_end)
            command = Command(
                _score(takes), REPORT_COMMAND, arguments=[render.report.resolve().as_uri()]
            )
            lenses.append(CodeLens(where, command))
    return lenses


def _scene_of(take: Take) -> str:
    return take.plan.scene if take.plan else take.shot.rpartition(".")[0]


def _score(takes: Sequence[Take]) -> str:
    """Return the words for some shots: `last render 0.82 · not met: motion of FOX 0.31 < 0.60`."""
    measured = [found for take in takes for found in take.verdict.measurements]
    if all(found.passed is None for found in measured):
        return "last render: not measured"
    score = sum(take.verdict.score for take in takes) / len(takes)
    words = [f"last render {score:.2f}"]
    failed = [_shortfall(found) for found in measured if found.passed is False]
    words += [f"not met: {', '.join(failed)}"] if failed else ["all met"]
    unjudged = sum(found.passed is None for found in measured)
    words += [f"{unjudged} not judged"] if unjudged else []
    return " · ".join(words)


def _shortfall(found: Measurement) -> str:
    what = f"{found.metric} of {found.subject}" if found.subject else found.metric
    if found.value is None or found.threshold is None:
        return what
    return f"{what} {found.value:.2f}, wanted {found.threshold:.2f}"
