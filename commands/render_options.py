"""Options of `render` alone -> whose word it waits for, who works for it, and how much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import LLM_PANEL
from .engine_options import MODEL_PANEL

if TYPE_CHECKING:
    from ..production.settings import Settings


_CLUSTER_PANEL = "Beyond one machine"


def take_limits(text: str | None) -> str | None:
    """Return a text such as takes=12,minutes=20 if it is a budget; else typer says why."""
    from ..errors import InputError
    from ..production.retakes import parse_budget

    try:
        parse_budget(text or "")
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return text


def take_teaching(text: str) -> str:
    """Return what `--teach` said if it can be read; a mistake is the writer's to hear of."""
    from ..errors import InputError
    from ..production.settings import parse_teaching

    try:
        parse_teaching(text)
    except InputError as error:
        raise typer.BadParameter(str(error)) from error
    return text


LibrariesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--library",
        "-l",
        metavar="FOLDER",
        file_okay=False,
        exists=True,
        help="Also learn motions from the clips in this folder; may be given more than once.",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Make nothing; show what would be made, why, and how long it would take.",
    ),
]
MaxMinutesOption = Annotated[
    float | None,
    typer.Option(
        "--max-minutes",
        min=0,
        help="Do not start a render that would take longer; stop making more after this time.",
    ),
]
TeachOption = Annotated[
    str,
    typer.Option(
        "--teach",
        metavar="WHAT",
        callback=take_teaching,
        help="What a published model is taught by adapters: `needed`, motions that are pinned, and "
        "characters with reference pictures; `all` motions; `none`; or what is needed and the "
        "motions that you name because the model does not know them, as in `somersault,limp`.",
        rich_help_panel=MODEL_PANEL,
    ),
]
BudgetOption = Annotated[
    str | None,
    typer.Option(
        "--budget",
        metavar="LIMITS",
        callback=take_limits,
        help="What further takes of shots that fail may use: takes=N in the whole film, minutes=X "
        "of making, money=X with hour=X for the price of an hour, separated by commas. Every shot "
        "is made once, and the best takes are the film.",
    ),
]


class Approve(StrEnum):
    """What waits for somebody's word."""

    PLAN = "plan"
    SHOTS = "shots"


ApproveOption = Annotated[
    list[Approve] | None,
    typer.Option(
        "--approve",
        metavar="plan|shots",
        help="Wait for your word on the plan before anything is drawn, or on every shot before the "
        "film is cut; may be given twice. Accept it, edit the page, have a shot made again or keep "
        "another take of it. Words once said are kept, and the work goes on the next day.",
    ),
]
FrozenOption = Annotated[
    bool,
    typer.Option(
        "--frozen",
        help="Refuse what differs from the lock: STORY.lock beside the page, else "
        "OUTPUT/STORY/story.lock. Ends with exit code 1 where equal inputs made another film.",
    ),
]


def cluster_address(text: str | None) -> str | None:
    """Return the address of a cluster; typer shows what is wrong with another text."""
    if text is None or text == "ray" or (text.startswith("ray://") and len(text) > len("ray://")):
        return text
    raise typer.BadParameter(f"{text!r} is neither ray nor ray://HOST[:PORT]")


OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ray[://HOST]",
        callback=cluster_address,
        envvar="DREAMRUNNER_ON",
        help="Have shots drawn, measured and taught by the workers of a Ray cluster: the one of "
        "`RAY_ADDRESS` or else this machine's cores, or the one whose client server is at HOST.",
        rich_help_panel=_CLUSTER_PANEL,
    ),
]
WorkerCoresOption = Annotated[
    int,
    typer.Option(
        "--worker-cores",
        min=1,
        help="The cores of each worker where the cluster has no GPU.",
        rich_help_panel=_CLUSTER_PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """The options of who makes the stages."""

    on: OnOption = None
    worker_cores: WorkerCoresOption = 1

    def applied(self, settings: Settings) -> Settings:
        """Return settings with these options."""
        return replace(settings, on=self.on, worker_cores=self.worker_cores)


AdviceOption = Annotated[
    bool,
    typer.Option(
        "--advice",
        help="Let the model of --llm propose what is changed for a take that failed.",
        rich_help_panel=LLM_PANEL,
    ),
]
SingleOption = Annotated[
    bool,
    typer.Option(
        "--single",
        help="Pack the report and all that it shows into one file, to mail around.",
    ),
]
