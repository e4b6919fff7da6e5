"""The commands that run until they are stopped: watch, lsp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import EngineName, EngineOption, SeedOption, StoreOption, StoryFile, settings_of
from .output import say

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example:  `dreamrunner watch stories/fox.story`")
def watch(
    story: StoryFile,
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help="The port of the page; 0 takes any free one."
        ),
    ] = 8420,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = True,
    engine: EngineOption = EngineName.STORYBOOK,
    seed: SeedOption = None,
    store: StoreOption = None,
) -> None:
    """Redraw a story's storyboard and animatic at every save, on a page that updates itself.

    The story is checked and planned for ENGINE; the animatic is drawn without a model. Only this
    machine can open the page. Stop with Ctrl-C.
    """
    from ..production.watch import WatchRound, watch_story

    def on_open(address: str) -> None:
        say(f"{story} is at {address}")
        if open_it:
            typer.launch(address)

    def on_round(round: WatchRound) -> None:
        mark = "not drawn" if round.errors else "drawn"
        say(f"{mark}: {round.summary} ({round.seconds:.1f} s)")

    settings = settings_of(engine, store=store, seed=seed)
    watch_story(story, settings, port=port, on_open=on_open, on_round=on_round)


@app.command(epilog="Your editor starts it; see `editors/`.")
def lsp(
    engine: EngineOption = EngineName.STORYBOOK,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", envvar="DREAMRUNNER_OUT", help="The folder of films."),
    ] = Path("out"),
    stdio: Annotated[
        bool,
        typer.Option(
            "--stdio", hidden=True, help="Use standard input and output, which is the only way."
        ),
    ] = True,
) -> None:
    """Serve an editor: mistakes as you type, completion, outline, renaming.

    This is a language server on standard input and output. It needs `pip install dreamrunner[lsp]`.
    """
    from ..production.facade import serve_editor

    serve_editor(settings_of(engine, out=output))
