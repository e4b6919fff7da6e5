"""The commands that measure whole stories: bench story."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from .arguments import EngineName, StoreOption, settings_of
from .output import say

benches = typer.Typer(
    rich_markup_mode="markdown", no_args_is_help=True, help="Measure whole stories."
)


@benches.callback()
def _benches() -> None:
    """Measure whole stories."""


@benches.command(
    epilog="Examples:\n\n- `dreamrunner bench story --quick`\n"
    "- `dreamrunner bench story --minutes 30 --out out/storybench`"
)
def story(
    quick: Annotated[
        bool, typer.Option("--quick", help="Four short stories, no adapters: some minutes.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="The folder of figures and page.")
    ] = Path("out/storybench"),
    engine: Annotated[
        str, typer.Option("--engine", help="`plain` or `regions`, or a folder of the miniature.")
    ] = "regions",
    minutes: Annotated[
        float | None,
        typer.Option(
            "--minutes", min=0, help="Begin nothing more after so many minutes of the processor."
        ),
    ] = None,
    stories: Annotated[
        int | None, typer.Option("--stories", min=1, max=12, help="The first so many stories.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", min=1, help="Denoising steps, 5 by default.")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            "--results",
            exists=True,
            dir_okay=False,
            help="Draw nothing: write the page of figures that an earlier run left.",
        ),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Repeat the paper's claims on twelve small stories, with controls, and write a page.

    The stories are drawn with the CogVideoX in miniature as one caption, by regions, with adapters
    from retrieved clips, and re-planned; a judge that no film asks scores them. A run that was
    stopped goes on from the store.
    """
    from ..bench.story import bench_story, page_of
    from ..bench.story_run import QUICK, Amount
    from ..tools.stages.runner import silent

    if results is not None:
        say(page_of(results, out))
        return
    amount = QUICK if quick else Amount()
    if stories is not None:
        amount = replace(amount, stories=stories)
    if steps is not None:
        amount = replace(amount, steps=steps)
    settings = replace(settings_of(EngineName.STORYBOOK, store=store), engine=engine)
    page = bench_story(
        settings,
        out,
        amount,
        silent,
        checkpoint="plain" if engine == "plain" else "regions",
        minutes=minutes,
        say=say,
    )
    say(page)
